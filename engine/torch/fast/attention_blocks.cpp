// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/fast/blocks.h"
#include "engine/torch/fast/loops.h"

#include <algorithm>

namespace anchorlens::engine::fast {

AttentionBlock::AttentionBlock(Parameters& parameters, const std::string& layer, const Sizes& sizes)
    : m_d_model(sizes.d_model),
      m_d_heads(sizes.dHeads()),
      m_W(weightOf(parameters, layer + ".attn.q.weight")),
      m_b(weightOf(parameters, layer + ".attn.q.bias")),
      m_output(parameters, layer, sizes),
      m_qkv(sizes.rows() * 3 * sizes.dHeads()),
      m_pattern(sizes.rows() * sizes.n_heads * sizes.seq_len),
      m_z(sizes.rows() * sizes.dHeads()),
      m_dz(sizes.rows() * sizes.dHeads()),
      m_d_qkv(sizes.rows() * 3 * sizes.dHeads()) {}

void AttentionBlock::forward(const AttentionShape& shape, const float* x, float* out,
                             const EmbeddedRows* embedded) {
  const std::int64_t rows = shape.batch * shape.seq_len;
  const std::int64_t width = 3 * m_d_heads;
  if (embedded != nullptr) {
    embedded->projection.forward(embedded->first, rows, m_qkv.data());
  } else {
    productWithTransposed({m_qkv.data(), rows, width, width}, {x, rows, m_d_model, m_d_model},
                          {m_W.value, width, m_d_model, m_d_model});
    if (m_b) {
      addBias(rows, width, m_b.value, m_qkv.data());
    }
  }
  attentionPattern(shape, m_qkv.data(), m_pattern.data());
  mixValues(shape, m_qkv.data(), m_pattern.data(), m_z.data());
  m_output.forward(rows, m_z.data(), out);
}

const float* AttentionBlock::pattern(const AttentionShape& shape) {
  clearUnseen(shape, m_pattern.data());
  return m_pattern.data();
}

PatternBlock::PatternBlock(Parameters& parameters, const std::string& layer, const Sizes& sizes)
    : m_d_model(sizes.d_model),
      m_d_heads(sizes.dHeads()),
      m_W(weightOf(parameters, layer + ".attn.q.weight")),
      m_b(weightOf(parameters, layer + ".attn.q.bias")),
      m_qkv(sizes.rows() * 3 * sizes.dHeads()),
      m_pattern(sizes.rows() * sizes.n_heads * sizes.seq_len) {}

const float* PatternBlock::pattern(const AttentionShape& shape, const float* x) {
  const std::int64_t rows = shape.batch * shape.seq_len;
  const std::int64_t width = 3 * m_d_heads;
  const std::int64_t d = 2 * m_d_heads;  // queries and keys
  productWithTransposed({m_qkv.data(), rows, d, width}, {x, rows, m_d_model, m_d_model},
                        {m_W.value, d, m_d_model, m_d_model});
  for (std::int64_t r = 0; m_b && r < rows; ++r) {
    addBias(1, d, m_b.value, m_qkv.data() + r * width);
  }
  attentionPattern(shape, m_qkv.data(), m_pattern.data());
  clearUnseen(shape, m_pattern.data());
  return m_pattern.data();
}

void AttentionBlock::backward(const AttentionShape& shape, const float* x, const float* d_out,
                              float* dx, Into dx_into, Into gradients,
                              const EmbeddedRows* embedded) {
  const std::int64_t rows = shape.batch * shape.seq_len;
  const std::int64_t width = 3 * m_d_heads;
  m_output.backward(rows, m_z.data(), d_out, m_dz.data(), gradients);
  attentionBackward(shape, m_qkv.data(), m_pattern.data(), m_dz.data(), m_d_qkv.data());
  if (embedded != nullptr) {
    embedded->projection.backward(embedded->first, rows, m_d_qkv.data());
    if (dx_into == Into::Replace) {
      std::fill_n(dx, rows * m_d_model, 0.0F);
    }
    return;
  }
  const ConstMatrix d{m_d_qkv.data(), rows, width, width};
  productOfTransposed({m_W.gradient, width, m_d_model, m_d_model}, d,
                      {x, rows, m_d_model, m_d_model}, gradients);
  if (m_b) {
    addColumnSums(rows, width, m_d_qkv.data(), m_b.gradient);
  }
  product({dx, rows, m_d_model, m_d_model}, d, {m_W.value, width, m_d_model, m_d_model}, dx_into);
}

EmbeddingProjection::EmbeddingProjection(Parameters& parameters, const Sizes& sizes,
                                         const float* positions, float* d_positions)
    : m_sizes(sizes),
      m_width(3 * sizes.dHeads()),
      m_W(weightOf(parameters, "layers.0.attn.q.weight")),
      m_b(weightOf(parameters, "layers.0.attn.q.bias")),
      m_embedding(weightOf(parameters, "embed.weight")),
      m_positions(positions),
      m_d_positions(d_positions),
      m_most(std::min(sizes.d_vocab, sizes.rows())),
      m_slots(static_cast<std::size_t>(sizes.d_vocab), -1),
      m_sources((m_most + sizes.seq_len) * sizes.d_model),
      m_projected((m_most + sizes.seq_len) * m_width),
      m_d_projected((m_most + sizes.seq_len) * m_width),
      m_d_sources((m_most + sizes.seq_len) * sizes.d_model) {
  m_tokens.reserve(static_cast<std::size_t>(m_most));
}

bool EmbeddingProjection::begin(std::int64_t count, const std::int32_t* tokens) {
  const std::int64_t D = m_sizes.d_model;
  for (const std::int32_t token : m_tokens) {
    m_slots[static_cast<std::size_t>(token)] = -1;
  }
  m_tokens.clear();
  m_index.resize(static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < count; ++i) {
    std::int32_t& slot = m_slots[static_cast<std::size_t>(tokens[i])];
    if (slot < 0 && static_cast<std::int64_t>(m_tokens.size()) == m_most) {
      return false;
    }
    if (slot < 0) {
      slot = static_cast<std::int32_t>(m_tokens.size());
      m_tokens.push_back(tokens[i]);
    }
    m_index[static_cast<std::size_t>(i)] = slot;
  }
  m_distinct = static_cast<std::int64_t>(m_tokens.size());
  const std::int64_t sources = m_distinct + (m_positions == nullptr ? 0 : m_sizes.seq_len);
  if (sources * 4 > count * 3) {
    return false;
  }
  for (std::int64_t i = 0; i < m_distinct; ++i) {
    std::copy_n(m_embedding.value + m_tokens[static_cast<std::size_t>(i)] * D, D,
                m_sources.data() + i * D);
  }
  if (m_positions != nullptr) {
    std::copy_n(m_positions, m_sizes.seq_len * D, m_sources.data() + m_distinct * D);
  }
  productWithTransposed({m_projected.data(), sources, m_width, m_width},
                        {m_sources.data(), sources, D, D}, {m_W.value, m_width, D, D});
  if (m_b) {
    addBias(m_distinct, m_width, m_b.value, m_projected.data());
  }
  std::fill_n(m_d_projected.data(), sources * m_width, 0.0F);
  return true;
}

void EmbeddingProjection::forward(std::int64_t first, std::int64_t rows, float* qkv) const {
  const float* positions =
      m_positions == nullptr ? nullptr : m_projected.data() + m_distinct * m_width;
  embed(rows, m_sizes.seq_len, m_width, m_index.data() + first, m_projected.data(), positions, qkv);
}

void EmbeddingProjection::backward(std::int64_t first, std::int64_t rows, const float* d_qkv) {
  float* positions = m_positions == nullptr ? nullptr : m_d_projected.data() + m_distinct * m_width;
  embedBackward(rows, m_sizes.seq_len, m_width, m_index.data() + first, d_qkv, m_d_projected.data(),
                positions);
}

void EmbeddingProjection::finish() {
  const std::int64_t D = m_sizes.d_model;
  const std::int64_t sources = m_distinct + (m_positions == nullptr ? 0 : m_sizes.seq_len);
  const ConstMatrix d{m_d_projected.data(), sources, m_width, m_width};
  productOfTransposed({m_W.gradient, m_width, D, D}, d, {m_sources.data(), sources, D, D});
  if (m_b) {
    addColumnSums(m_distinct, m_width, m_d_projected.data(), m_b.gradient);
  }
  product({m_d_sources.data(), sources, D, D}, d, {m_W.value, m_width, D, D});
  for (std::int64_t i = 0; i < m_distinct; ++i) {
    float* gradient = m_embedding.gradient + m_tokens[static_cast<std::size_t>(i)] * D;
    sum(D, gradient, m_d_sources.data() + i * D, gradient);
  }
  if (m_d_positions != nullptr) {
    sum(m_sizes.seq_len * D, m_d_positions, m_d_sources.data() + m_distinct * D, m_d_positions);
  }
}

ReaderAttentionBlock::ReaderAttentionBlock(Parameters& parameters, const std::string& layer,
                                           const Sizes& sizes)
    : m_sizes(sizes),
      m_W_Q(weightOf(parameters, layer + ".attn.q.weight")),
      m_W_K(weightOf(parameters, layer + ".attn.k.weight")),
      m_W_V(weightOf(parameters, layer + ".attn.v.weight")),
      m_b_Q(weightOf(parameters, layer + ".attn.q.bias")),
      m_b_V(weightOf(parameters, layer + ".attn.v.bias")),
      m_output(parameters, layer, sizes),
      m_x_reader(sizes.batch * sizes.d_model),
      m_q(sizes.batch * sizes.dHeads()),
      m_z(sizes.batch * sizes.dHeads()),
      m_dz(sizes.batch * sizes.dHeads()),
      m_dq(sizes.batch * sizes.dHeads()),
      m_u(sizes.batch * sizes.n_heads * sizes.d_model),
      m_s(sizes.batch * sizes.n_heads * sizes.d_model),
      m_du(sizes.batch * sizes.n_heads * sizes.d_model),
      m_ds(sizes.batch * sizes.n_heads * sizes.d_model),
      m_pattern(sizes.batch * sizes.n_heads * sizes.seq_len),
      m_mass(sizes.batch * sizes.n_heads),
      m_d_mass(sizes.batch * sizes.n_heads) {}

Matrix ReaderAttentionBlock::head(Floats& all, std::int64_t batch, std::int64_t h,
                                  std::int64_t width) const {
  return {all.data() + h * width, batch, width, m_sizes.n_heads * width};
}

void ReaderAttentionBlock::forward(const AttentionShape& shape, const float* x, float* out) {
  const std::int64_t B = shape.batch;
  const std::int64_t D = m_sizes.d_model;
  const std::int64_t d = m_sizes.d_head;
  const std::int64_t d_heads = m_sizes.dHeads();
  for (std::int64_t b = 0; b < B; ++b) {
    std::copy_n(x + (b * shape.seq_len + shape.readers[b]) * D, D, m_x_reader.data() + b * D);
  }
  productWithTransposed({m_q.data(), B, d_heads, d_heads}, {m_x_reader.data(), B, D, D},
                        {m_W_Q.value, d_heads, D, D});
  if (m_b_Q) {
    addBias(B, d_heads, m_b_Q.value, m_q.data());
  }
  for (std::int64_t h = 0; h < m_sizes.n_heads; ++h) {
    product(head(m_u, B, h, D), head(m_q, B, h, d), {m_W_K.value + h * d * D, d, D, D});
  }
  readerAttention(shape, D, x, m_u.data(), m_pattern.data(), m_s.data(), m_mass.data());
  for (std::int64_t h = 0; h < m_sizes.n_heads; ++h) {
    productWithTransposed(head(m_z, B, h, d), head(m_s, B, h, D),
                          {m_W_V.value + h * d * D, d, D, D});
  }
  if (m_b_V) {
    addValueBias(B);
  }
  m_output.forward(B, m_z.data(), out);
}

void ReaderAttentionBlock::addValueBias(std::int64_t batch) {
  const std::int64_t d = m_sizes.d_head;
  for (std::int64_t head = 0; head < batch * m_sizes.n_heads; ++head) {
    const float* bias = m_b_V.value + head % m_sizes.n_heads * d;
    for (std::int64_t i = 0; i < d; ++i) {
      m_z.data()[head * d + i] += m_mass.data()[head] * bias[i];
    }
  }
}

const float* ReaderAttentionBlock::valueBiasBackward(std::int64_t batch) {
  if (!m_b_V) {
    return nullptr;
  }
  const std::int64_t d = m_sizes.d_head;
  for (std::int64_t head = 0; head < batch * m_sizes.n_heads; ++head) {
    const std::int64_t first = head % m_sizes.n_heads * d;
    const float* dz = m_dz.data() + head * d;
    float along = 0;
    for (std::int64_t i = 0; i < d; ++i) {
      along += dz[i] * m_b_V.value[first + i];
      m_b_V.gradient[first + i] += dz[i] * m_mass.data()[head];
    }
    m_d_mass.data()[head] = along;
  }
  return m_d_mass.data();
}

void ReaderAttentionBlock::backward(const AttentionShape& shape, const float* x, const float* d_out,
                                    float* dx, Into gradients) {
  const std::int64_t B = shape.batch;
  const std::int64_t D = m_sizes.d_model;
  const std::int64_t d = m_sizes.d_head;
  const std::int64_t d_heads = m_sizes.dHeads();
  m_output.backward(B, m_z.data(), d_out, m_dz.data(), gradients);
  for (std::int64_t h = 0; h < m_sizes.n_heads; ++h) {
    const Matrix dz = head(m_dz, B, h, d);
    product(head(m_ds, B, h, D), dz, {m_W_V.value + h * d * D, d, D, D});
    productOfTransposed({m_W_V.gradient + h * d * D, d, D, D}, dz, head(m_s, B, h, D), gradients);
  }
  const float* d_mass = valueBiasBackward(B);
  std::fill_n(dx, B * shape.seq_len * D, 0.0F);
  readerAttentionBackward(shape, D, x, m_u.data(), m_pattern.data(), m_ds.data(), d_mass,
                          m_du.data(), dx);
  for (std::int64_t h = 0; h < m_sizes.n_heads; ++h) {
    const Matrix du = head(m_du, B, h, D);
    productWithTransposed(head(m_dq, B, h, d), du, {m_W_K.value + h * d * D, d, D, D});
    productOfTransposed({m_W_K.gradient + h * d * D, d, D, D}, head(m_q, B, h, d), du, gradients);
  }
  const ConstMatrix dq{m_dq.data(), B, d_heads, d_heads};
  productOfTransposed({m_W_Q.gradient, d_heads, D, D}, dq, {m_x_reader.data(), B, D, D}, gradients);
  if (m_b_Q) {
    addColumnSums(B, d_heads, m_dq.data(), m_b_Q.gradient);
  }
  // What the reader's row gets through its query; m_x_reader is free now.
  product({m_x_reader.data(), B, D, D}, dq, {m_W_Q.value, d_heads, D, D});
  for (std::int64_t b = 0; b < B; ++b) {
    float* row = dx + (b * shape.seq_len + shape.readers[b]) * D;
    sum(D, row, m_x_reader.data() + b * D, row);
  }
}

}  // namespace anchorlens::engine::fast
