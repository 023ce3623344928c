// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/torch/fast/floats.h"

#include <cstdint>

/// Products of row-major float matrices by the matrix library inside LibTorch, without a tensor's
/// costs. Same operands and threads: same bits. Within a BFloat16Scope the inputs are rounded to
/// bfloat16; sums and results are float32 there too.
namespace anchorlens::engine::fast {

struct ConstMatrix {
  const float* data = nullptr;
  std::int64_t rows = 0;
  std::int64_t columns = 0;
  std::int64_t stride = 0;  ///< floats from one row to the next
};
struct Matrix {
  float* data = nullptr;
  std::int64_t rows = 0;
  std::int64_t columns = 0;
  std::int64_t stride = 0;
  operator ConstMatrix() const { return {data, rows, columns, stride}; }
};

/// Whether the result replaces what is there or is added to it.
enum class Into : std::uint8_t { Replace, Add };

/// c = a b. Shapes: a [m, k], b [k, n], c [m, n]
void product(Matrix c, ConstMatrix a, ConstMatrix b, Into into = Into::Replace);
/// c = a b^T. Shapes: a [m, k], b [n, k], c [m, n]
void productWithTransposed(Matrix c, ConstMatrix a, ConstMatrix b, Into into = Into::Replace);
/// c = a^T b. Shapes: a [k, m], b [k, n], c [m, n]
void productOfTransposed(Matrix c, ConstMatrix a, ConstMatrix b, Into into = Into::Replace);

/// Whether the matrix library has products of bfloat16 with float32 sums. On a processor without
/// the instructions it computes the same, no faster than float32.
bool hasBFloat16Products();

/// A bfloat16 copy of a buffer of weights, so that they are rounded once a step and not at each of
/// their products.
class RoundedWeights {
 public:
  /// `values` [count] must outlive this.
  RoundedWeights(const float* values, std::int64_t count);
  /// Takes over what the weights are now.
  void refresh();
  /// The copy of what `value` points at; null when that is not among the weights.
  const std::uint16_t* find(const float* value) const;

 private:
  const float* m_values;
  std::int64_t m_count;
  Buffer<std::uint16_t> m_rounded;
};

/// While it lives, the products of its thread are of bfloat16 inputs. Needs hasBFloat16Products().
class BFloat16Scope {
 public:
  /// `weights` may be null.
  explicit BFloat16Scope(const RoundedWeights* weights);
  ~BFloat16Scope();
  BFloat16Scope(const BFloat16Scope&) = delete;
  BFloat16Scope& operator=(const BFloat16Scope&) = delete;

 private:
  bool m_was_on;
  const RoundedWeights* m_weights_before;
};

}  // namespace anchorlens::engine::fast
