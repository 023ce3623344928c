// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/fast/blocks.h"

#include "engine/torch/fast/loops.h"

#include <algorithm>

namespace anchorlens::engine::fast {

Weight weightOf(Parameters& parameters, const std::string& name) {
  for (const ParameterInfo& info : parameters.infos()) {
    if (info.name == name) {
      return {parameters.values().data_ptr<float>() + info.offset,
              parameters.gradients().data_ptr<float>() + info.offset};
    }
  }
  return {};
}

NormBlock::NormBlock(Parameters& parameters, const std::string& name, std::int64_t rows,
                     std::int64_t d)
    : m_d(d),
      m_weight(weightOf(parameters, name + ".weight")),
      m_bias(weightOf(parameters, name + ".bias")),
      m_normed(rows * d),
      m_inverse_std(rows) {}

void NormBlock::forward(std::int64_t rows, const float* x, const float* residual, float* y) {
  norm(rows, m_d, x, residual, m_weight.value, m_bias.value, m_normed.data(), m_inverse_std.data(),
       y);
}

void NormBlock::backward(std::int64_t rows, const float* dy, float* dx, Into into) {
  normBackward(rows, m_d, dy, m_weight.value, m_normed.data(), m_inverse_std.data(),
               m_weight.gradient, m_bias.gradient, dx, into == Into::Add);
}

MlpBlock::MlpBlock(const core::ModelSpec& spec, Parameters& parameters, const std::string& layer,
                   const Sizes& sizes, std::int64_t rows)
    : m_d_model(sizes.d_model),
      m_d_mlp(sizes.d_mlp),
      m_is_gelu(spec.activation == core::ModelSpec::Activation::Gelu),
      m_W_in(weightOf(parameters, layer + ".mlp.in.weight")),
      m_b_in(weightOf(parameters, layer + ".mlp.in.bias")),
      m_W_out(weightOf(parameters, layer + ".mlp.out.weight")),
      m_b_out(weightOf(parameters, layer + ".mlp.out.bias")),
      m_before(m_is_gelu ? rows * sizes.d_mlp : 0),
      m_hidden(rows * sizes.d_mlp),
      m_d_hidden(rows * sizes.d_mlp) {}

void MlpBlock::forward(std::int64_t rows, const float* x, float* out) {
  const std::int64_t M = m_d_mlp;
  const std::int64_t D = m_d_model;
  float* before = m_is_gelu ? m_before.data() : m_hidden.data();
  productWithTransposed({before, rows, M, M}, {x, rows, D, D}, {m_W_in.value, M, D, D});
  if (m_is_gelu) {
    gelu(rows, M, m_b_in.value, before, m_hidden.data());
  } else {
    relu(rows, M, m_b_in.value, before);
  }
  productWithTransposed({out, rows, D, D}, {m_hidden.data(), rows, M, M}, {m_W_out.value, D, M, M});
  if (m_b_out) {
    addBias(rows, D, m_b_out.value, out);
  }
}

void MlpBlock::backward(std::int64_t rows, const float* x, const float* d_out, float* dx,
                        Into dx_into, Into gradients) {
  const std::int64_t M = m_d_mlp;
  const std::int64_t D = m_d_model;
  const Matrix d_hidden{m_d_hidden.data(), rows, M, M};
  productOfTransposed({m_W_out.gradient, D, M, M}, {d_out, rows, D, D},
                      {m_hidden.data(), rows, M, M}, gradients);
  if (m_b_out) {
    addColumnSums(rows, D, d_out, m_b_out.gradient);
  }
  product(d_hidden, {d_out, rows, D, D}, {m_W_out.value, D, M, M});
  if (m_is_gelu) {
    geluBackward(rows * M, m_before.data(), d_hidden.data);
  } else {
    reluBackward(rows * M, m_hidden.data(), d_hidden.data);
  }
  productOfTransposed({m_W_in.gradient, M, D, D}, d_hidden, {x, rows, D, D}, gradients);
  if (m_b_in) {
    addColumnSums(rows, M, d_hidden.data, m_b_in.gradient);
  }
  product({dx, rows, D, D}, d_hidden, {m_W_in.value, M, D, D}, dx_into);
}

OutputProjection::OutputProjection(Parameters& parameters, const std::string& layer,
                                   const Sizes& sizes)
    : m_d_model(sizes.d_model),
      m_d_heads(sizes.dHeads()),
      m_W_O(weightOf(parameters, layer + ".attn.o.weight")),
      m_b_O(weightOf(parameters, layer + ".attn.o.bias")) {}

void OutputProjection::forward(std::int64_t rows, const float* z, float* out) {
  if (!m_W_O) {
    std::copy_n(z, rows * m_d_heads, out);
    return;
  }
  productWithTransposed({out, rows, m_d_model, m_d_model}, {z, rows, m_d_heads, m_d_heads},
                        {m_W_O.value, m_d_model, m_d_heads, m_d_heads});
  if (m_b_O) {
    addBias(rows, m_d_model, m_b_O.value, out);
  }
}

void OutputProjection::backward(std::int64_t rows, const float* z, const float* d_out, float* dz,
                                Into gradients) {
  if (!m_W_O) {
    std::copy_n(d_out, rows * m_d_heads, dz);
    return;
  }
  const ConstMatrix d{d_out, rows, m_d_model, m_d_model};
  productOfTransposed({m_W_O.gradient, m_d_model, m_d_heads, m_d_heads}, d,
                      {z, rows, m_d_heads, m_d_heads}, gradients);
  if (m_b_O) {
    addColumnSums(rows, m_d_model, d_out, m_b_O.gradient);
  }
  product({dz, rows, m_d_heads, m_d_heads}, d, {m_W_O.value, m_d_model, m_d_heads, m_d_heads});
}

}  // namespace anchorlens::engine::fast
