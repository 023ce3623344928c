// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/fast/fast_kernel.h"

#include "engine/torch/fast/loops.h"
#include "engine/torch/transformer.h"

#include <algorithm>

namespace anchorlens::engine {

using core::ModelSpec;
using fast::Floats;
using fast::Into;

namespace {

/// Where norms stand around a sublayer, and whether its input is added to its output.
struct Joint {
  ModelSpec::Norm norm;
  bool residual;
  bool isPre() const { return norm == ModelSpec::Norm::Pre; }
  bool isPost() const { return norm == ModelSpec::Norm::Post; }
};

/// x + out, normed behind it or not, into y.
void join(const Joint& joint, fast::NormBlock* norm, std::int64_t rows, std::int64_t d,
          const float* x, const float* out, float* y) {
  if (joint.isPost()) {
    norm->forward(rows, out, joint.residual ? x : nullptr, y);
  } else if (joint.residual) {
    fast::sum(rows * d, x, out, y);
  } else {
    std::copy_n(out, rows * d, y);
  }
}

/// The MLP sublayer with its norm and residual.
class MlpStage {
 public:
  MlpStage(const ModelSpec& spec, Parameters& parameters, const std::string& layer,
           const fast::Sizes& sizes, std::int64_t rows)
      : m_joint{spec.norm, spec.residual},
        m_d(sizes.d_model),
        m_mlp(spec, parameters, layer, sizes, rows),
        m_out(rows * sizes.d_model),
        m_y(rows * sizes.d_model) {
    if (spec.norm != ModelSpec::Norm::None) {
      m_norm = std::make_unique<fast::NormBlock>(parameters, layer + ".ln2", rows, sizes.d_model);
    }
    if (m_joint.isPre()) {
      m_normed = Floats(rows * sizes.d_model);
    }
  }

  const float* forward(std::int64_t rows, const float* x) {
    if (m_joint.isPre()) {
      m_norm->forward(rows, x, nullptr, m_normed.data());
    }
    m_mlp.forward(rows, m_joint.isPre() ? m_normed.data() : x, m_out.data());
    join(m_joint, m_norm.get(), rows, m_d, x, m_out.data(), m_y.data());
    return m_y.data();
  }

  /// g: the gradient of the output becomes that of the input.
  void backward(std::int64_t rows, const float* x, float* g, Into gradients) {
    const Into into = m_joint.residual ? Into::Add : Into::Replace;
    if (m_joint.isPre()) {
      m_mlp.backward(rows, m_normed.data(), g, m_out.data(), Into::Replace, gradients);
      m_norm->backward(rows, m_out.data(), g, into);
      return;
    }
    if (m_joint.isPost()) {
      m_norm->backward(rows, g, g, Into::Replace);
    }
    m_mlp.backward(rows, x, g, g, into, gradients);
  }

 private:
  Joint m_joint;
  std::int64_t m_d;
  std::unique_ptr<fast::NormBlock> m_norm;
  fast::MlpBlock m_mlp;
  Floats m_normed, m_out, m_y;
};

std::string layerName(int index) {
  return "layers." + std::to_string(index);
}

}  // namespace

/// A layer at every position.
class FastKernel::Layer {
 public:
  Layer(const ModelSpec& spec, Parameters& parameters, int index, const fast::Sizes& sizes)
      : m_joint{spec.norm, spec.residual},
        m_d(sizes.d_model),
        m_attention(parameters, layerName(index), sizes),
        m_out(sizes.rows() * sizes.d_model),
        m_mid(sizes.rows() * sizes.d_model) {
    const std::int64_t rows = sizes.rows();
    if (spec.norm != ModelSpec::Norm::None) {
      m_norm = std::make_unique<fast::NormBlock>(parameters, layerName(index) + ".ln1", rows, m_d);
    }
    if (m_joint.isPre()) {
      m_normed = Floats(rows * m_d);
    }
    if (spec.mlp) {
      m_mlp = std::make_unique<MlpStage>(spec, parameters, layerName(index), sizes, rows);
    }
  }

  const float* forward(const fast::AttentionShape& shape, const float* x,
                       const fast::EmbeddedRows* embedded) {
    const std::int64_t rows = shape.batch * shape.seq_len;
    m_x = x;
    if (m_joint.isPre()) {
      m_norm->forward(rows, x, nullptr, m_normed.data());
    }
    m_attention.forward(shape, m_joint.isPre() ? m_normed.data() : x, m_out.data(), embedded);
    join(m_joint, m_norm.get(), rows, m_d, x, m_out.data(), m_mid.data());
    return m_mlp == nullptr ? m_mid.data() : m_mlp->forward(rows, m_mid.data());
  }

  const float* pattern(const fast::AttentionShape& shape) { return m_attention.pattern(shape); }

  void backward(const fast::AttentionShape& shape, float* g, Into gradients,
                const fast::EmbeddedRows* embedded) {
    const std::int64_t rows = shape.batch * shape.seq_len;
    if (m_mlp != nullptr) {
      m_mlp->backward(rows, m_mid.data(), g, gradients);
    }
    const Into into = m_joint.residual ? Into::Add : Into::Replace;
    if (m_joint.isPre()) {
      m_attention.backward(shape, m_normed.data(), g, m_out.data(), Into::Replace, gradients,
                           nullptr);
      m_norm->backward(rows, m_out.data(), g, into);
      return;
    }
    if (m_joint.isPost()) {
      m_norm->backward(rows, g, g, Into::Replace);
    }
    m_attention.backward(shape, m_x, g, g, into, gradients, embedded);
  }

 private:
  Joint m_joint;
  std::int64_t m_d;
  const float* m_x = nullptr;
  std::unique_ptr<fast::NormBlock> m_norm;
  fast::AttentionBlock m_attention;
  std::unique_ptr<MlpStage> m_mlp;
  Floats m_normed, m_out, m_mid;
};

/// The last layer, at the readers.
class FastKernel::LastLayer {
 public:
  LastLayer(const ModelSpec& spec, Parameters& parameters, int index, const fast::Sizes& sizes)
      : m_joint{spec.norm, spec.residual},
        m_d(sizes.d_model),
        m_attention(parameters, layerName(index), sizes),
        m_pattern(parameters, layerName(index), sizes),
        m_x_reader(sizes.batch * sizes.d_model),
        m_out(sizes.batch * sizes.d_model),
        m_mid(sizes.batch * sizes.d_model) {
    if (spec.norm != ModelSpec::Norm::None) {
      const std::int64_t rows = m_joint.isPre() ? sizes.rows() : sizes.batch;
      m_norm = std::make_unique<fast::NormBlock>(parameters, layerName(index) + ".ln1", rows, m_d);
    }
    if (m_joint.isPre()) {
      m_normed = Floats(sizes.rows() * m_d);
    }
    if (spec.mlp) {
      m_mlp = std::make_unique<MlpStage>(spec, parameters, layerName(index), sizes, sizes.batch);
    }
  }

  /// x: [rows, d_model]; returns [batch, d_model].
  const float* forward(const fast::AttentionShape& shape, const float* x) {
    m_x = x;
    if (m_joint.isPre()) {
      m_norm->forward(shape.batch * shape.seq_len, x, nullptr, m_normed.data());
    }
    m_attention.forward(shape, m_joint.isPre() ? m_normed.data() : x, m_out.data());
    for (std::int64_t b = 0; b < shape.batch; ++b) {
      std::copy_n(x + readerRow(shape, b) * m_d, m_d, m_x_reader.data() + b * m_d);
    }
    join(m_joint, m_norm.get(), shape.batch, m_d, m_x_reader.data(), m_out.data(), m_mid.data());
    return m_mlp == nullptr ? m_mid.data() : m_mlp->forward(shape.batch, m_mid.data());
  }

  /// At every position, which forward() does not compute.
  const float* pattern(const fast::AttentionShape& shape) {
    return m_pattern.pattern(shape, m_joint.isPre() ? m_normed.data() : m_x);
  }

  /// g: [batch, d_model], changed; dx: [rows, d_model].
  void backward(const fast::AttentionShape& shape, float* g, float* dx, Into gradients) {
    if (m_mlp != nullptr) {
      m_mlp->backward(shape.batch, m_mid.data(), g, gradients);
    }
    if (m_joint.isPost()) {
      m_norm->backward(shape.batch, g, g, Into::Replace);
    }
    m_attention.backward(shape, m_joint.isPre() ? m_normed.data() : m_x, g, dx, gradients);
    if (m_joint.isPre()) {
      m_norm->backward(shape.batch * shape.seq_len, dx, dx, Into::Replace);
    }
    for (std::int64_t b = 0; m_joint.residual && b < shape.batch; ++b) {
      float* row = dx + readerRow(shape, b) * m_d;
      fast::sum(m_d, row, g + b * m_d, row);
    }
  }

 private:
  static std::int64_t readerRow(const fast::AttentionShape& shape, std::int64_t b) {
    return b * shape.seq_len + shape.readers[b];
  }

  Joint m_joint;
  std::int64_t m_d;
  const float* m_x = nullptr;
  std::unique_ptr<fast::NormBlock> m_norm;
  fast::ReaderAttentionBlock m_attention;
  fast::PatternBlock m_pattern;
  std::unique_ptr<MlpStage> m_mlp;
  Floats m_normed;                  ///< [rows, d_model]
  Floats m_x_reader, m_out, m_mid;  ///< [batch, d_model]
};

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

FastKernel::FastKernel(const ModelSpec& spec, const Model& reference, Parameters& parameters,
                       int batch_size, int seq_len, int d_vocab)
    : m_spec(spec),
      m_parameters(parameters),
      m_sizes{batch_size, seq_len, spec.d_model, spec.n_heads, spec.d_head, spec.d_mlp, d_vocab},
      m_model(std::make_unique<ForwardModel>(*this, reference)),
      m_embedding(fast::weightOf(parameters, "embed.weight")),
      m_W_U(fast::weightOf(parameters, "unembed.weight")),
      m_b_U(fast::weightOf(parameters, "unembed.bias")),
      m_embedded(m_sizes.rows() * spec.d_model),
      m_gradient(m_sizes.rows() * spec.d_model),
      m_final(m_sizes.batch * spec.d_model),
      m_d_final(m_sizes.batch * spec.d_model),
      m_logits(m_sizes.batch * d_vocab) {
  if (spec.positions == ModelSpec::Positions::Learned) {
    const fast::Weight positions = fast::weightOf(parameters, "positions.weight");
    m_positions = positions.value;
    m_d_positions = positions.gradient;
  } else if (spec.positions == ModelSpec::Positions::Sinusoidal) {
    m_sinusoids = sinusoids(spec.n_ctx, spec.d_model);
    m_positions = m_sinusoids.data_ptr<float>();
  }
  for (int i = 0; i + 1 < spec.n_layers; ++i) {
    m_layers.push_back(std::make_unique<Layer>(spec, parameters, i, m_sizes));
  }
  m_last = std::make_unique<LastLayer>(spec, parameters, spec.n_layers - 1, m_sizes);
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
