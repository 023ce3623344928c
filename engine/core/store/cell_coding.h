// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/store/byte_stream.h"

#include <cstdint>
#include <span>
#include <vector>

/// Patterns without the cells that can hold nothing: what a causal mask and padding leave at 0 in
/// every head is not stored. It takes off 44 % at 9 positions; a compressor behind it takes off
/// little more, as the mantissas of float32 probabilities are noise (docs/format_run.md).
namespace anchorlens::core {

/// Shape of a pattern array: [n, outer, cells], with outer = layers x heads, cells = T x T.
struct CellShape {
  std::size_t n = 0;
  std::size_t outer = 0;
  std::size_t cells = 0;
};

/// Appends: u32 number of masks M (1: one for all sequences; or n), M masks of ceil(cells / 8)
/// bytes (lowest bit first; 1: stored), then of each sequence and outer index the stored cells.
void encodeCells(std::span<const float> values, const CellShape& shape, ByteWriter& out);

/// False when the bytes are not exactly such an array; memory is taken only when they are.
bool decodeCells(ByteReader in, const CellShape& shape, std::vector<float>& values);

}  // namespace anchorlens::core
