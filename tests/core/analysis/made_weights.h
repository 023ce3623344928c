// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/analysis/matrix.h"
#include "engine/core/random.h"
#include "engine/core/store/checkpoint.h"

#include <cstring>
#include <string>
#include <vector>

/// Checkpoints written down by hand.
namespace anchorlens::tests {

inline core::Tensor tensor(const std::string& name, std::vector<std::int64_t> shape,
                           const std::vector<float>& values) {
  core::Tensor made{name, core::DType::F32, std::move(shape), {}};
  made.data.resize(values.size() * sizeof(float));
  std::memcpy(made.data.data(), values.data(), made.data.size());
  return made;
}

/// Uniform in -1..1.
inline std::vector<float> randomValues(core::Random& random, std::size_t n) {
  std::vector<float> values(n);
  for (float& value : values)
    value = static_cast<float>(random.below(2'000'001)) / 1e6F - 1.0F;
  return values;
}

inline core::analysis::Matrix randomMatrix(core::Random& random, std::int64_t rows,
                                           std::int64_t cols) {
  core::analysis::Matrix matrix(rows, cols);
  const auto values = randomValues(random, matrix.values.size());
  matrix.values.assign(values.begin(), values.end());
  return matrix;
}

}  // namespace anchorlens::tests
