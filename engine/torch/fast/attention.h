// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment/choices.h"

#include <cstdint>

/// Attention of a few positions by plain loops, forward and backward. No LibTorch here.
namespace anchorlens::engine::fast {

/// The longest sequences that the loops take.
constexpr std::int64_t kMostPositions = core::kFastKernelLength;

struct AttentionShape {
  std::int64_t batch = 0;
  std::int64_t seq_len = 0;
  std::int64_t n_heads = 0;
  std::int64_t d_head = 0;
  bool causal = true;
  /// The value of position i comes from i - shift: none before the first or behind the reader.
  std::int64_t shift = 0;
  const std::int32_t* readers = nullptr;  ///< [batch]: keys behind the reader are not seen

  std::int64_t dHeads() const { return n_heads * d_head; }
};

/// softmax(q k^T / sqrt(d_head)). Shapes: qkv [batch * pos, 3 * n_heads * d_head] (values are not
/// looked at), pattern [batch, head, pos, pos]; cells that are not seen are left as they are.
void attentionPattern(const AttentionShape& shape, const float* qkv, float* pattern);
/// z = pattern v. Shape: z [batch * pos, n_heads * d_head]
void mixValues(const AttentionShape& shape, const float* qkv, const float* pattern, float* z);
/// Writes 0 to the cells that are not seen.
void clearUnseen(const AttentionShape& shape, float* pattern);
/// d_qkv is written whole.
void attentionBackward(const AttentionShape& shape, const float* qkv, const float* pattern,
                       const float* dz, float* d_qkv);

/// Attention of the reader alone, over the rows that keys and values are made of: with
/// u = W_K^T q and s = sum of pattern x, scores are x u and z is W_V s, so no key and no value is
/// computed. A key bias moves all scores of a reader alike and cancels; a value bias counts
/// `mass` = sum of the pattern where there is a value.
/// Shapes: x [batch * pos, d], u, s [batch, head, d], pattern [batch, head, pos], mass [batch,
/// head]
void readerAttention(const AttentionShape& shape, std::int64_t d, const float* x, const float* u,
                     float* pattern, float* s, float* mass);
/// du is written, dx is added to. `d_mass` [batch, head] may be null.
void readerAttentionBackward(const AttentionShape& shape, std::int64_t d, const float* x,
                             const float* u, const float* pattern, const float* ds,
                             const float* d_mass, float* du, float* dx);

}  // namespace anchorlens::engine::fast
