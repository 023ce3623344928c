// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/fast/fast_kernel.h"

#include "engine/torch/fast/layers.h"
#include "engine/torch/fast/loops.h"
#include "engine/torch/transformer.h"

#include <algorithm>

namespace anchorlens::engine {

using core::ModelSpec;
using fast::Into;

/// Evaluation by the kernel's forward pass.
class FastKernel::ForwardModel final : public Model {
 public:
  ForwardModel(FastKernel& kernel, const Model& reference)
      : m_kernel(kernel), m_reference(reference) {}

  ForwardPass forward(const Batch& batch, Capture capture) const override {
    const fast::Sizes& sizes = m_kernel.sizes();
    if (capture == Capture::Everything || batch.tokens.size(1) != sizes.seq_len) {
      return m_reference.forward(batch, capture);
    }
    const std::int64_t n = batch.tokens.size(0);
    const at::Tensor tokens = batch.tokens.to(at::kInt).contiguous();
    const at::Tensor readers = batch.readers.to(at::kInt).contiguous();
    ForwardPass pass;
    pass.logits = at::empty({n, sizes.d_vocab}, at::kFloat);
    if (capture == Capture::Patterns) {
      pass.layers.resize(m_kernel.m_layers.size() + 1);
      for (LayerCapture& layer : pass.layers) {
        layer.pattern = at::empty({n, sizes.n_heads, sizes.seq_len, sizes.seq_len}, at::kFloat);
      }
    }
    m_kernel.beginForward(tokens.data_ptr<std::int32_t>(), tokens.numel());
    for (std::int64_t first = 0; first < n; first += sizes.batch) {
      const std::int64_t count = std::min(sizes.batch, n - first);
      const float* logits = m_kernel.forward(tokens.data_ptr<std::int32_t>(),
                                             readers.data_ptr<std::int32_t>(), first, count);
      std::copy_n(logits, count * sizes.d_vocab,
                  pass.logits.data_ptr<float>() + first * sizes.d_vocab);
      for (std::size_t i = 0; i < pass.layers.size(); ++i) {
        const std::int64_t cells = sizes.n_heads * sizes.seq_len * sizes.seq_len;
        std::copy_n(m_kernel.pattern(i), count * cells,
                    pass.layers[i].pattern.data_ptr<float>() + first * cells);
      }
    }
    return pass;
  }

 private:
  FastKernel& m_kernel;
  const Model& m_reference;
};

FastKernel::FastKernel(const core::ExperimentSpec& experiment, const Model& reference,
                       Parameters& parameters, int batch_size, int seq_len)
    : m_spec(experiment.model),
      m_parameters(parameters),
      m_sizes{batch_size,    seq_len,      m_spec.d_model,         m_spec.n_heads,
              m_spec.d_head, m_spec.d_mlp, experiment.task.d_vocab},
      m_model(std::make_unique<ForwardModel>(*this, reference)),
      m_embedding(fast::weightOf(parameters, "embed.weight")),
      m_W_U(fast::weightOf(parameters, "unembed.weight")),
      m_b_U(fast::weightOf(parameters, "unembed.bias")),
      m_embedded(m_sizes.rows() * m_spec.d_model),
      m_gradient(m_sizes.rows() * m_spec.d_model),
      m_final(m_sizes.batch * m_spec.d_model),
      m_d_final(m_sizes.batch * m_spec.d_model),
      m_logits(m_sizes.batch * m_sizes.d_vocab) {
  const ModelSpec& spec = m_spec;
  if (experiment.training.precision == core::TrainingSpec::Precision::BFloat16) {
    m_rounded = std::make_unique<fast::RoundedWeights>(parameters.values().data_ptr<float>(),
                                                       parameters.count());
  }
  if (spec.positions == ModelSpec::Positions::Learned) {
    const fast::Weight positions = fast::weightOf(parameters, "positions.weight");
    m_positions = positions.value;
    m_d_positions = positions.gradient;
  } else if (spec.positions == ModelSpec::Positions::Sinusoidal) {
    m_sinusoids = sinusoids(spec.n_ctx, spec.d_model);
    m_positions = m_sinusoids.data_ptr<float>();
  }
  for (int i = 0; i + 1 < spec.n_layers; ++i) {
    m_layers.push_back(std::make_unique<fast::Layer>(spec, parameters, i, m_sizes));
  }
  m_last = std::make_unique<fast::LastLayer>(spec, parameters, spec.n_layers - 1, m_sizes);
  if (spec.norm == ModelSpec::Norm::Pre) {
    m_final_norm =
        std::make_unique<fast::NormBlock>(parameters, "ln_final", m_sizes.batch, m_sizes.d_model);
  } else if (!m_layers.empty()) {
    m_projection = std::make_unique<fast::EmbeddingProjection>(parameters, m_sizes, m_positions,
                                                               m_d_positions);
  }
}

FastKernel::~FastKernel() = default;

const std::string& FastKernel::name() const {
  static const std::string kName = "fast";
  return kName;
}

/// What the passes add to; matrices are written by the first pass.
void FastKernel::zeroSmallGradients() {
  float* gradients = m_parameters.gradients().data_ptr<float>();
  for (const ParameterInfo& info : m_parameters.infos()) {
    const bool is_table = info.name == "embed.weight" || info.name == "positions.weight";
    if (is_table || info.shape.size() == 1) {
      std::fill_n(gradients + info.offset, info.count, 0.0F);
    }
  }
}

double FastKernel::lossAndGradient(const TrainingBatch& batch) {
  if (m_rounded == nullptr) {
    return lossAndGradientOf(batch);
  }
  m_rounded->refresh();
  const fast::BFloat16Scope scope(m_rounded.get());
  return lossAndGradientOf(batch);
}

double FastKernel::lossAndGradientOf(const TrainingBatch& batch) {
  TORCH_CHECK(batch.seq_len == m_sizes.seq_len, "sequences of ", batch.seq_len,
              " positions: expected ", m_sizes.seq_len);
  const std::int64_t V = m_sizes.d_vocab;
  const float scale = 1.0F / static_cast<float>(batch.size());
  zeroSmallGradients();
  beginForward(batch.tokens.data(), batch.size() * batch.seq_len);
  double loss = 0;
  for (std::int64_t first = 0; first < batch.size(); first += m_sizes.batch) {
    const std::int64_t count = std::min(m_sizes.batch, batch.size() - first);
    forward(batch.tokens.data(), batch.readers.data(), first, count);
    loss += fast::crossEntropy(count, V, batch.targets.data() + first, scale, m_logits.data());
    backward(first == 0 ? Into::Replace : Into::Add);
  }
  if (m_is_projecting) {
    m_projection->finish();
  }
  return loss / static_cast<double>(batch.size());
}

void FastKernel::beginForward(const std::int32_t* tokens, std::int64_t rows) {
  m_is_projecting = m_projection != nullptr && m_projection->begin(rows, tokens);
}

const fast::EmbeddedRows* FastKernel::embeddedOf(std::size_t layer) const {
  return layer == 0 && m_embedded_rows ? &*m_embedded_rows : nullptr;
}

const float* FastKernel::forward(const std::int32_t* tokens, const std::int32_t* readers,
                                 std::int64_t first, std::int64_t count) {
  const std::int64_t T = m_sizes.seq_len;
  const std::int64_t D = m_sizes.d_model;
  const std::int64_t V = m_sizes.d_vocab;
  m_tokens = tokens + first * T;
  m_shape = {count,
             T,
             m_sizes.n_heads,
             m_sizes.d_head,
             m_spec.mask == ModelSpec::Mask::Causal,
             m_spec.shift_values_by,
             readers + first};
  m_embedded_rows.reset();
  if (m_is_projecting) {
    m_embedded_rows.emplace(fast::EmbeddedRows{*m_projection, first * T});
  }
  fast::embed(count * T, T, D, m_tokens, m_embedding.value, m_positions, m_embedded.data());
  const float* x = m_embedded.data();
  for (std::size_t i = 0; i < m_layers.size(); ++i) {
    x = m_layers[i]->forward(m_shape, x, embeddedOf(i));
  }
  m_last_out = m_last->forward(m_shape, x);
  if (m_final_norm != nullptr) {
    m_final_norm->forward(count, m_last_out, nullptr, m_final.data());
    m_last_out = m_final.data();
  }
  fast::productWithTransposed({m_logits.data(), count, V, V}, {m_last_out, count, D, D},
                              {m_W_U.value, V, D, D});
  if (m_b_U) {
    fast::addBias(count, V, m_b_U.value, m_logits.data());
  }
  return m_logits.data();
}

/// Of the last forward(), whose logits have become the gradient of the loss.
void FastKernel::backward(Into gradients) {
  const std::int64_t count = m_shape.batch;
  const std::int64_t D = m_sizes.d_model;
  const std::int64_t V = m_sizes.d_vocab;
  const fast::ConstMatrix d_logits{m_logits.data(), count, V, V};
  float* g = m_d_final.data();
  fast::productOfTransposed({m_W_U.gradient, V, D, D}, d_logits, {m_last_out, count, D, D},
                            gradients);
  if (m_b_U) {
    fast::addColumnSums(count, V, m_logits.data(), m_b_U.gradient);
  }
  fast::product({g, count, D, D}, d_logits, {m_W_U.value, V, D, D});
  if (m_final_norm != nullptr) {
    m_final_norm->backward(count, g, g, Into::Replace);
  }
  m_last->backward(m_shape, g, m_gradient.data(), gradients);
  for (std::size_t i = m_layers.size(); i-- > 0;) {
    m_layers[i]->backward(m_shape, m_gradient.data(), gradients, embeddedOf(i));
  }
  fast::embedBackward(count * m_sizes.seq_len, m_sizes.seq_len, D, m_tokens, m_gradient.data(),
                      m_embedding.gradient, m_d_positions);
}

const float* FastKernel::pattern(std::size_t layer) {
  return layer < m_layers.size() ? m_layers[layer]->pattern(m_shape) : m_last->pattern(m_shape);
}

}  // namespace anchorlens::engine
