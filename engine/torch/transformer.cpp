// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/transformer.h"

#include "engine/torch/run_axis.h"

#include <cmath>
#include <cstdlib>
#include <limits>

namespace anchorlens::engine {
namespace {

using core::ModelSpec;

/// The value of position i comes from position i - shift; positions without one, before the first
/// token or behind the reader, get 0. Shape of v and the result: [batch, head, pos, d_head]
at::Tensor shifted(const at::Tensor& v, std::int64_t shift, const Batch& batch) {
  const std::int64_t T = v.size(2);
  const std::int64_t kept = T - std::abs(shift);
  if (shift == 0) {
    return v;
  }
  if (kept <= 0) {
    return at::zeros_like(v);
  }
  if (shift > 0) {
    return at::constant_pad_nd(v.narrow(2, 0, kept), {0, 0, shift, 0});
  }
  const at::Tensor real =
      batch.is_padded ? v.masked_fill(realTokens(batch).logical_not().unsqueeze(1).unsqueeze(3), 0)
                      : v;
  return at::constant_pad_nd(real.narrow(2, -shift, kept), {0, 0, 0, -shift});
}

}  // namespace

at::Tensor sinusoids(int n_ctx, int d_model) {
  at::Tensor table = at::empty({n_ctx, d_model}, at::kFloat);
  float* values = table.data_ptr<float>();
  for (int position = 0; position < n_ctx; ++position) {
    for (int i = 0; i < d_model; ++i) {
      const double angle = position / std::pow(10000.0, (i - i % 2) / static_cast<double>(d_model));
      *values++ = static_cast<float>(i % 2 == 0 ? std::sin(angle) : std::cos(angle));
    }
  }
  return table;
}

Transformer::Transformer(const ModelSpec& spec, const Parameters& parameters)
    : m_spec(spec),
      m_embedding(parameters["embed.weight"]),
      m_changes(static_cast<std::size_t>(spec.n_layers)) {
  if (spec.positions == ModelSpec::Positions::Learned) {
    m_positions = parameters["positions.weight"];
  } else if (spec.positions == ModelSpec::Positions::Sinusoidal) {
    m_positions = sinusoids(spec.n_ctx, spec.d_model).to(m_embedding.device());
  }
  for (int i = 0; i < spec.n_layers; ++i) {
    m_layers.push_back(readLayer(parameters, i));
  }
  if (spec.norm == ModelSpec::Norm::Pre) {
    m_final_w = parameters["ln_final.weight"];
    m_final_b = parameters["ln_final.bias"];
  }
  m_W_U = parameters["unembed.weight"];
  if (spec.unembedding_bias) {
    m_b_U = parameters["unembed.bias"];
  }
}

Transformer::Layer Transformer::readLayer(const Parameters& parameters, int index) const {
  const std::string name = "layers." + std::to_string(index);
  const auto optional = [&](const std::string& part) {
    return parameters.has(name + part) ? parameters[name + part] : at::Tensor();
  };
  Layer layer;
  layer.W_QKV = parameters.joined(name + ".attn.q.weight");
  layer.W_Q = parameters[name + ".attn.q.weight"];
  layer.W_KV = parameters.joined(name + ".attn.k.weight");
  if (m_spec.attention_biases) {
    layer.b_QKV = parameters.joined(name + ".attn.q.bias");
    layer.b_Q = parameters[name + ".attn.q.bias"];
    layer.b_KV = parameters.joined(name + ".attn.k.bias");
  }
  layer.W_O = optional(".attn.o.weight");
  layer.b_O = optional(".attn.o.bias");
  layer.W_in = optional(".mlp.in.weight");
  layer.b_in = optional(".mlp.in.bias");
  layer.W_out = optional(".mlp.out.weight");
  layer.b_out = optional(".mlp.out.bias");
  layer.ln1_w = optional(".ln1.weight");
  layer.ln1_b = optional(".ln1.bias");
  layer.ln2_w = optional(".ln2.weight");
  layer.ln2_b = optional(".ln2.bias");
  return layer;
}

at::Tensor Transformer::embed(const Batch& batch) const {
  const at::Tensor x = embedTokens(m_embedding, batch.tokens);  // [batch, pos, d_model]
  return m_positions.defined() ? addPositions(x, m_positions) : x;
}

/// True where a row may not look. Shape: [1 or batch, 1, pos, pos]; undefined when it may anywhere.
at::Tensor Transformer::blockedKeys(const Batch& batch) const {
  const std::int64_t T = batch.tokens.size(1);
  at::Tensor blocked;
  if (m_spec.mask == ModelSpec::Mask::Causal) {
    blocked = at::ones({T, T}, batch.tokens.options().dtype(at::kBool)).triu(1).view({1, 1, T, T});
  }
  if (batch.is_padded) {
    const at::Tensor padding = realTokens(batch).logical_not().view({-1, 1, 1, T});
    blocked = blocked.defined() ? blocked.logical_or(padding) : padding.expand({-1, 1, T, T});
  }
  return blocked;
}

Transformer::Projected Transformer::project(const Layer& layer, const at::Tensor& x,
                                            const Batch& batch, bool reader_only) const {
  const std::int64_t B = x.size(0);
  const std::int64_t T = x.size(1);
  const std::int64_t H = m_spec.n_heads;
  const std::int64_t d_head = m_spec.d_head;
  if (!reader_only) {
    const at::Tensor qkv = applyLinear(x, layer.W_QKV, layer.b_QKV)
                               .view({B, T, 3, H, d_head})
                               .permute({2, 0, 3, 1, 4});  // [3, batch, head, pos, d_head]
    return {qkv.select(0, 0), qkv.select(0, 1), qkv.select(0, 2)};
  }
  const at::Tensor q =
      applyLinear(rowsAt(x, batch.readers), layer.W_Q, layer.b_Q);  // [batch, head * d_head]
  const at::Tensor kv = applyLinear(x, layer.W_KV, layer.b_KV)
                            .view({B, T, 2, H, d_head})
                            .permute({2, 0, 3, 1, 4});  // [2, batch, head, pos, d_head]
  return {q.view({B, H, 1, d_head}), kv.select(0, 0), kv.select(0, 1)};
}

Transformer::Attention Transformer::attend(int index, const at::Tensor& x, const Batch& batch,
                                           const at::Tensor& blocked, bool reader_only,
                                           ForwardHooks* hooks) const {
  const Layer& layer = m_layers[static_cast<std::size_t>(index)];
  const auto [q, k, v] = project(layer, x, batch, reader_only);
  at::Tensor hidden = blocked;
  if (reader_only) {
    // The reader is the last real token: of the real keys a causal mask hides none from it.
    hidden = batch.is_padded ? realTokens(batch).logical_not().unsqueeze(1).unsqueeze(1)
                             : at::Tensor();  // [batch, 1, 1, pos]
  }
  at::Tensor scores =
      at::matmul(q, k.transpose(2, 3)) * (1.0 / std::sqrt(static_cast<double>(m_spec.d_head)));
  if (hidden.defined()) {
    scores = scores.masked_fill(hidden, -std::numeric_limits<double>::infinity());
  }
  Attention attention;
  const at::Tensor values = shifted(v, m_spec.shift_values_by, batch);
  const LayerChanges& changes = m_changes[static_cast<std::size_t>(index)];
  attention.pattern = clamped(changes, at::softmax(scores, -1), batch, reader_only);
  if (hooks != nullptr) {
    attention.pattern = hooks->pattern(index, {scores, attention.pattern, values});
  }
  attention.z = at::matmul(attention.pattern, values);
  if (changes.ablated.defined()) {
    attention.z = attention.z.masked_fill(changes.ablated, 0);
  }
  if (hooks != nullptr) {
    attention.z = hooks->headOutputs(index, attention.z);
  }
  attention.out = attention.z.transpose(1, 2).flatten(2);  // [batch, rows, head * d_head]
  if (layer.W_O.defined()) {
    attention.out = applyLinear(attention.out, layer.W_O, layer.b_O);
  }
  if (changes.is_attention_off) {
    attention.out = at::zeros_like(attention.out);
  }
  return attention;
}

void Transformer::setInEffect(const core::InEffect& now) {
  const auto layers = static_cast<std::size_t>(m_spec.n_layers);
  std::vector<LayerChanges> changes(layers);
  const at::Device device = m_embedding.device();
  for (const core::HeadRef& head : now.ablated) {
    at::Tensor& ablated = changes.at(static_cast<std::size_t>(head.layer)).ablated;
    if (!ablated.defined()) {
      ablated = at::zeros({1, m_spec.n_heads, 1, 1}, at::TensorOptions(device).dtype(at::kBool));
    }
    ablated.select(1, head.head).fill_(true);
  }
  for (const core::InEffect::Clamped& it : now.clamped) {
    const auto n = core::patternSide(*it.pattern);
    TORCH_CHECK(n > 0 && n * n == static_cast<std::int64_t>(it.pattern->size()),
                "a clamped pattern has ", it.pattern->size(), " cells: expected a square");
    at::Tensor pattern = at::empty({n, n}, at::kFloat);
    std::copy(it.pattern->begin(), it.pattern->end(), pattern.data_ptr<float>());
    changes.at(static_cast<std::size_t>(it.head.layer))
        .clamped.emplace_back(it.head.head, pattern.to(device));
  }
  for (const core::InEffect::Off& part : now.off) {
    LayerChanges& layer = changes.at(static_cast<std::size_t>(part.layer));
    (part.part == core::Intervention::Part::Mlp ? layer.is_mlp_off : layer.is_attention_off) = true;
  }
  m_changes = std::move(changes);
}

/// Clamped heads get their fixed pattern, cut to the positions that are there; no gradient passes.
/// pattern and result: [batch, head, rows, key_pos]
at::Tensor Transformer::clamped(const LayerChanges& changes, const at::Tensor& pattern,
                                const Batch& batch, bool reader_only) const {
  if (changes.clamped.empty()) {
    return pattern;
  }
  const std::int64_t T = pattern.size(3);
  at::Tensor result = pattern.clone();
  for (const auto& [head, whole] : changes.clamped) {
    TORCH_CHECK(T <= whole.size(0), "sequences of ", T, " positions: the clamped pattern of head ",
                head, " has ", whole.size(0));
    at::Tensor rows = whole.narrow(0, 0, T).narrow(1, 0, T);  // [pos, key_pos]
    if (m_spec.mask != ModelSpec::Mask::Causal && T < whole.size(0)) {
      rows = rows / rows.sum(-1, true);
    }
    result.select(1, head).copy_(reader_only ? rows.index_select(0, batch.readers).unsqueeze(1)
                                             : rows.unsqueeze(0));
  }
  return result;
}

at::Tensor Transformer::mlp(const Layer& layer, const at::Tensor& x) const {
  const at::Tensor hidden = activate(applyLinear(x, layer.W_in, layer.b_in), m_spec.activation);
  return applyLinear(hidden, layer.W_out, layer.b_out);
}

at::Tensor Transformer::norm(const at::Tensor& x, const at::Tensor& w, const at::Tensor& b) const {
  return applyNorm(x, w, b, kNormEps);
}

at::Tensor Transformer::join(const at::Tensor& x, const at::Tensor& out, const at::Tensor& w,
                             const at::Tensor& b) const {
  const at::Tensor sum = m_spec.residual ? x + out : out;
  return m_spec.norm == ModelSpec::Norm::Post ? norm(sum, w, b) : sum;
}

at::Tensor Transformer::unembed(const at::Tensor& x) const {
  const bool is_pre = m_spec.norm == ModelSpec::Norm::Pre;
  return applyLinear(is_pre ? norm(x, m_final_w, m_final_b) : x, m_W_U, m_b_U);
}

at::Tensor Transformer::movedSizes(int layer, const at::Tensor& values) const {
  const at::Tensor& W_O = m_layers[static_cast<std::size_t>(layer)].W_O;
  if (!W_O.defined()) {
    return values.norm(2, {-1});
  }
  const at::Tensor of_heads =
      W_O.view({m_spec.d_model, m_spec.n_heads, m_spec.d_head}).permute({1, 2, 0});
  return at::matmul(values, of_heads).norm(2, {-1});
}

ForwardPass Transformer::run(const Batch& batch, Capture capture, ForwardHooks* hooks) const {
  const bool is_pre = m_spec.norm == ModelSpec::Norm::Pre;
  ForwardPass pass;
  at::Tensor x = embed(batch);
  if (hooks != nullptr) {
    x = hooks->residual(0, x);
  }
  const at::Tensor blocked = blockedKeys(batch);
  bool at_reader = false;  // x: [batch, 1, d_model]
  for (int i = 0; i < m_spec.n_layers; ++i) {
    const Layer& layer = m_layers[static_cast<std::size_t>(i)];
    LayerCapture kept{x, {}, {}, {}, {}};
    const bool reader_only = capture == Capture::Nothing && i + 1 == m_spec.n_layers;
    const Attention attention = attend(i, is_pre ? norm(x, layer.ln1_w, layer.ln1_b) : x, batch,
                                       blocked, reader_only, hooks);
    if (reader_only) {
      x = rowsAt(x, batch.readers).unsqueeze(1);
      at_reader = true;
    }
    x = join(x, attention.out, layer.ln1_w, layer.ln1_b);
    kept.resid_mid = x;
    if (m_spec.mlp) {
      const bool is_off = m_changes[static_cast<std::size_t>(i)].is_mlp_off;
      const at::Tensor out =
          is_off ? at::zeros_like(x) : mlp(layer, is_pre ? norm(x, layer.ln2_w, layer.ln2_b) : x);
      x = join(x, out, layer.ln2_w, layer.ln2_b);
    }
    if (hooks != nullptr) {
      x = hooks->residual(i + 1, x);
    }
    if (capture != Capture::Nothing) {
      kept.pattern = attention.pattern;
      kept.z = attention.z;
      kept.resid_post = x;
      pass.layers.push_back(std::move(kept));
    }
  }
  x = at_reader ? x.squeeze(1) : rowsAt(x, batch.readers);  // [batch, d_model]
  pass.logits = unembed(x);
  return pass;
}

}  // namespace anchorlens::engine
