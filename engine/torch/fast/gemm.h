// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

/// Products of row-major float matrices by the matrix library inside LibTorch, without a tensor's
/// costs. Same operands and threads: same bits.
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

}  // namespace anchorlens::engine::fast
