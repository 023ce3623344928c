// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/baselines.h"

#include "engine/torch/linear.h"

namespace anchorlens::engine {

Lstm::Lstm(const core::ModelSpec& spec, const Parameters& parameters)
    : m_n_layers(spec.n_layers),
      m_d_model(spec.d_model),
      m_embedding(parameters["embed.weight"]),
      m_W_U(parameters["unembed.weight"]) {
  for (int i = 0; i < spec.n_layers; ++i) {
    const std::string layer = "layers." + std::to_string(i) + ".lstm.";
    for (const char* part : {"ih.weight", "hh.weight", "ih.bias", "hh.bias"}) {
      m_weights.push_back(parameters[layer + part]);
    }
  }
  if (spec.unembedding_bias) {
    m_b_U = parameters["unembed.bias"];
  }
}

ForwardPass Lstm::forward(const Batch& batch, Capture /*capture*/) const {
  const at::Tensor x = at::embedding(m_embedding, batch.tokens);  // [batch, pos, d_model]
  const at::Tensor zeros = at::zeros({m_n_layers, x.size(0), m_d_model}, x.options());
  const auto out = at::lstm(x, {zeros, zeros}, m_weights, /*has_biases=*/true, m_n_layers,
                            /*dropout=*/0.0, /*train=*/true, /*bidirectional=*/false,
                            /*batch_first=*/true);
  return {linear(rowsAt(std::get<0>(out), batch.readers), m_W_U, m_b_U), {}};
}

Mlp::Mlp(const core::ModelSpec& spec, const Parameters& parameters)
    : m_spec(spec),
      m_embedding(parameters["embed.weight"]),
      m_W_input(parameters["input.weight"]),
      m_b_input(parameters["input.bias"]),
      m_W_U(parameters["unembed.weight"]) {
  for (int i = 0; i < spec.n_layers; ++i) {
    const std::string name = "layers." + std::to_string(i);
    Layer layer{parameters[name + ".mlp.in.weight"],
                parameters[name + ".mlp.in.bias"],
                parameters[name + ".mlp.out.weight"],
                parameters[name + ".mlp.out.bias"],
                {},
                {}};
    if (spec.norm != core::ModelSpec::Norm::None) {
      layer.ln_w = parameters[name + ".ln1.weight"];
      layer.ln_b = parameters[name + ".ln1.bias"];
    }
    m_layers.push_back(std::move(layer));
  }
  if (spec.norm == core::ModelSpec::Norm::Pre) {
    m_final_w = parameters["ln_final.weight"];
    m_final_b = parameters["ln_final.bias"];
  }
  if (spec.unembedding_bias) {
    m_b_U = parameters["unembed.bias"];
  }
}

at::Tensor Mlp::norm(const at::Tensor& x, const at::Tensor& w, const at::Tensor& b) const {
  return at::layer_norm(x, {m_spec.d_model}, w, b, kNormEps);
}

ForwardPass Mlp::forward(const Batch& batch, Capture /*capture*/) const {
  at::Tensor x = at::embedding(m_embedding, batch.tokens);  // [batch, pos, d_model]
  if (batch.is_padded) {
    x = x * realTokens(batch).unsqueeze(2);
  }
  x = linear(x.flatten(1), m_W_input, m_b_input);  // [batch, d_model]
  for (const Layer& layer : m_layers) {
    const bool is_pre = m_spec.norm == core::ModelSpec::Norm::Pre;
    const at::Tensor in = is_pre ? norm(x, layer.ln_w, layer.ln_b) : x;
    const at::Tensor hidden = activate(linear(in, layer.W_in, layer.b_in), m_spec.activation);
    x = x + linear(hidden, layer.W_out, layer.b_out);
    if (m_spec.norm == core::ModelSpec::Norm::Post) {
      x = norm(x, layer.ln_w, layer.ln_b);
    }
  }
  if (m_final_w.defined()) {
    x = norm(x, m_final_w, m_final_b);
  }
  return {linear(x, m_W_U, m_b_U), {}};
}

}  // namespace anchorlens::engine
