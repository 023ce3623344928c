// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/expected.h"
#include "engine/core/store/checkpoint.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The JSON header of a safetensors file.
namespace anchorlens::core {

/// Where a tensor lies; offsets count from the first byte after the header.
struct TensorEntry {
  TensorShape shape;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

struct SafetensorsHeader {
  std::map<std::string, std::string> metadata;  ///< with the checksum, if there is one
  std::vector<TensorEntry> tensors;             ///< by offset
};

/// Header text to header, checked in full: syntax, UTF-8, unknown fields, names given twice, types,
/// shapes against byte counts, and that the tensors cover `data_bytes` without gap or overlap.
/// The error is a sentence.
Expected<SafetensorsHeader, std::string> parseSafetensorsHeader(std::string_view text,
                                                                std::uint64_t data_bytes);

/// Header text, padded with spaces to a multiple of 8 bytes. Offsets must be set.
std::string writeSafetensorsHeader(const SafetensorsHeader& header);

/// "128 x 400" with a multiplication sign; "one number" for an empty shape.
std::string shapeText(const std::vector<std::int64_t>& shape);

/// Bytes of a tensor; empty when an axis is negative or the product does not fit.
std::optional<std::uint64_t> tensorBytes(DType dtype, const std::vector<std::int64_t>& shape);

}  // namespace anchorlens::core
