// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/expected.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace anchorlens::core {

/// Numbers of a log. Shape: `values` is row-major of `shape`.
struct NumberArray {
  std::vector<std::int64_t> shape;
  std::vector<double> values;

  /// Row i of the first axis as its mean: some logs keep a number for each kind of data.
  double rowMean(std::size_t i) const;
  std::size_t rows() const { return shape.empty() ? 0 : static_cast<std::size_t>(shape[0]); }
};

/// The array of a .npy file (versions 1 and 2; <f4, <f8, <i4, <i8; row-major; no objects), or of a
/// text with one number a line. Lengths are checked before memory is taken.
Expected<NumberArray, IoError> readNumbers(const std::filesystem::path& file);

/// The same of the bytes of a .npy file; the error is one sentence.
Expected<NumberArray, std::string> parseNpy(std::span<const std::byte> bytes);

}  // namespace anchorlens::core
