// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/fast/layers.h"

#include "engine/torch/fast/loops.h"

#include <algorithm>

namespace anchorlens::engine::fast {
namespace {

std::string layerName(int index) {
  return "layers." + std::to_string(index);
}

std::int64_t readerRow(const AttentionShape& shape, std::int64_t b) {
  return b * shape.seq_len + shape.readers[b];
}

std::unique_ptr<NormBlock> normOf(const Joint& joint, Parameters& parameters,
                                  const std::string& name, std::int64_t rows, std::int64_t d) {
  return joint.hasNorm() ? std::make_unique<NormBlock>(parameters, name, rows, d) : nullptr;
}

}  // namespace

void Joint::join(NormBlock* norm, std::int64_t rows, std::int64_t d, const float* x,
                 const float* out, float* y) const {
  if (isPost()) {
    norm->forward(rows, out, m_residual ? x : nullptr, y);
  } else if (m_residual) {
    sum(rows * d, x, out, y);
  } else {
    std::copy_n(out, rows * d, y);
  }
}

MlpSublayer::MlpSublayer(const core::ModelSpec& spec, Parameters& parameters,
                         const std::string& layer, const Sizes& sizes, std::int64_t rows)
    : m_joint(spec),
      m_d(sizes.d_model),
      m_norm(normOf(m_joint, parameters, layer + ".ln2", rows, m_d)),
      m_mlp(spec, parameters, layer, sizes, rows),
      m_normed(m_joint.isPre() ? rows * m_d : 0),
      m_out(rows * m_d),
      m_y(rows * m_d) {}

const float* MlpSublayer::forward(std::int64_t rows, const float* x) {
  if (m_joint.isPre()) {
    m_norm->forward(rows, x, nullptr, m_normed.data());
  }
  m_mlp.forward(rows, m_joint.isPre() ? m_normed.data() : x, m_out.data());
  m_joint.join(m_norm.get(), rows, m_d, x, m_out.data(), m_y.data());
  return m_y.data();
}

void MlpSublayer::backward(std::int64_t rows, const float* x, float* g, Into gradients) {
  if (m_joint.isPre()) {
    m_mlp.backward(rows, m_normed.data(), g, m_out.data(), Into::Replace, gradients);
    m_norm->backward(rows, m_out.data(), g, m_joint.gradientInto());
    return;
  }
  if (m_joint.isPost()) {
    m_norm->backward(rows, g, g, Into::Replace);
  }
  m_mlp.backward(rows, x, g, g, m_joint.gradientInto(), gradients);
}

Layer::Layer(const core::ModelSpec& spec, Parameters& parameters, int index, const Sizes& sizes)
    : m_joint(spec),
      m_d(sizes.d_model),
      m_norm(normOf(m_joint, parameters, layerName(index) + ".ln1", sizes.rows(), m_d)),
      m_attention(parameters, layerName(index), sizes),
      m_normed(m_joint.isPre() ? sizes.rows() * m_d : 0),
      m_out(sizes.rows() * m_d),
      m_mid(sizes.rows() * m_d) {
  if (spec.mlp) {
    m_mlp = std::make_unique<MlpSublayer>(spec, parameters, layerName(index), sizes, sizes.rows());
  }
}

const float* Layer::forward(const AttentionShape& shape, const float* x,
                            const EmbeddedRows* embedded) {
  const std::int64_t rows = shape.batch * shape.seq_len;
  m_x = x;
  if (m_joint.isPre()) {
    m_norm->forward(rows, x, nullptr, m_normed.data());
  }
  m_attention.forward(shape, m_joint.isPre() ? m_normed.data() : x, m_out.data(), embedded);
  m_joint.join(m_norm.get(), rows, m_d, x, m_out.data(), m_mid.data());
  return m_mlp == nullptr ? m_mid.data() : m_mlp->forward(rows, m_mid.data());
}

void Layer::backward(const AttentionShape& shape, float* g, Into gradients,
                     const EmbeddedRows* embedded) {
  const std::int64_t rows = shape.batch * shape.seq_len;
  if (m_mlp != nullptr) {
    m_mlp->backward(rows, m_mid.data(), g, gradients);
  }
  if (m_joint.isPre()) {
    m_attention.backward(shape, m_normed.data(), g, m_out.data(), Into::Replace, gradients,
                         nullptr);
    m_norm->backward(rows, m_out.data(), g, m_joint.gradientInto());
    return;
  }
  if (m_joint.isPost()) {
    m_norm->backward(rows, g, g, Into::Replace);
  }
  m_attention.backward(shape, m_x, g, g, m_joint.gradientInto(), gradients, embedded);
}

LastLayer::LastLayer(const core::ModelSpec& spec, Parameters& parameters, int index,
                     const Sizes& sizes)
    : m_joint(spec),
      m_d(sizes.d_model),
      m_norm(normOf(m_joint, parameters, layerName(index) + ".ln1",
                    m_joint.isPre() ? sizes.rows() : sizes.batch, m_d)),
      m_attention(parameters, layerName(index), sizes),
      m_pattern(parameters, layerName(index), sizes),
      m_normed(m_joint.isPre() ? sizes.rows() * m_d : 0),
      m_x_reader(sizes.batch * m_d),
      m_out(sizes.batch * m_d),
      m_mid(sizes.batch * m_d) {
  if (spec.mlp) {
    m_mlp = std::make_unique<MlpSublayer>(spec, parameters, layerName(index), sizes, sizes.batch);
  }
}

const float* LastLayer::forward(const AttentionShape& shape, const float* x) {
  m_x = x;
  if (m_joint.isPre()) {
    m_norm->forward(shape.batch * shape.seq_len, x, nullptr, m_normed.data());
  }
  m_attention.forward(shape, attentionInput(), m_out.data());
  for (std::int64_t b = 0; b < shape.batch; ++b) {
    std::copy_n(x + readerRow(shape, b) * m_d, m_d, m_x_reader.data() + b * m_d);
  }
  m_joint.join(m_norm.get(), shape.batch, m_d, m_x_reader.data(), m_out.data(), m_mid.data());
  return m_mlp == nullptr ? m_mid.data() : m_mlp->forward(shape.batch, m_mid.data());
}

void LastLayer::backward(const AttentionShape& shape, float* g, float* dx, Into gradients) {
  if (m_mlp != nullptr) {
    m_mlp->backward(shape.batch, m_mid.data(), g, gradients);
  }
  if (m_joint.isPost()) {
    m_norm->backward(shape.batch, g, g, Into::Replace);
  }
  m_attention.backward(shape, attentionInput(), g, dx, gradients);
  if (m_joint.isPre()) {
    m_norm->backward(shape.batch * shape.seq_len, dx, dx, Into::Replace);
  }
  for (std::int64_t b = 0; m_joint.hasResidual() && b < shape.batch; ++b) {
    float* row = dx + readerRow(shape, b) * m_d;
    sum(m_d, row, g + b * m_d, row);
  }
}

const float* LastLayer::pattern(const AttentionShape& shape) {
  return m_pattern.pattern(shape, attentionInput());
}

}  // namespace anchorlens::engine::fast
