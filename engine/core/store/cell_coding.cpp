// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/cell_coding.h"

#include <algorithm>
#include <bit>

namespace anchorlens::core {
namespace {

std::size_t maskBytes(const CellShape& shape) {
  return (shape.cells + 7) / 8;
}

bool isSet(std::span<const std::uint8_t> mask, std::size_t cell) {
  return ((mask[cell / 8] >> (cell % 8)) & 1U) != 0;
}

/// Which cells any head of a sequence uses. Bits are compared, so that -0 and NaN come back too.
std::vector<std::uint8_t> maskOf(std::span<const float> sequence, const CellShape& shape) {
  std::vector<std::uint32_t> used(shape.cells);
  for (std::size_t begin = 0; begin < sequence.size(); begin += shape.cells) {
    for (std::size_t cell = 0; cell < shape.cells; ++cell) {
      used[cell] |= std::bit_cast<std::uint32_t>(sequence[begin + cell]);
    }
  }
  std::vector<std::uint8_t> mask(maskBytes(shape));
  for (std::size_t cell = 0; cell < shape.cells; ++cell) {
    if (used[cell] != 0) {
      mask[cell / 8] = static_cast<std::uint8_t>(mask[cell / 8] | (1U << (cell % 8)));
    }
  }
  return mask;
}

std::vector<std::size_t> cellsOf(std::span<const std::uint8_t> mask, std::size_t cells) {
  std::vector<std::size_t> indices;
  for (std::size_t cell = 0; cell < cells; ++cell) {
    if (isSet(mask, cell)) {
      indices.push_back(cell);
    }
  }
  return indices;
}

}  // namespace

void encodeCells(std::span<const float> values, const CellShape& shape, ByteWriter& out) {
  const std::size_t stride = shape.outer * shape.cells;
  std::vector<std::vector<std::uint8_t>> masks;
  for (std::size_t s = 0; s < shape.n; ++s) {
    masks.push_back(maskOf(values.subspan(s * stride, stride), shape));
  }
  const bool one_for_all =
      std::all_of(masks.begin(), masks.end(), [&](const auto& mask) { return mask == masks[0]; });
  if (one_for_all) {
    masks.resize(std::min<std::size_t>(masks.size(), 1));
  }
  out.put(static_cast<std::uint32_t>(masks.size()));
  for (const auto& mask : masks) {
    out.putAll(std::span<const std::uint8_t>(mask));
  }
  std::vector<float> row;
  for (std::size_t s = 0; s < shape.n; ++s) {
    const std::vector<std::size_t> stored = cellsOf(masks[one_for_all ? 0 : s], shape.cells);
    row.resize(stored.size());
    for (std::size_t o = 0; o < shape.outer; ++o) {
      const float* from = values.data() + s * stride + o * shape.cells;
      std::transform(stored.begin(), stored.end(), row.begin(),
                     [from](std::size_t cell) { return from[cell]; });
      out.putAll(std::span<const float>(row));
    }
  }
}

bool decodeCells(ByteReader in, const CellShape& shape, std::vector<float>& values) {
  const auto n_masks = in.take<std::uint32_t>();
  if (!n_masks || (*n_masks != shape.n && *n_masks != 1) ||
      in.left() / maskBytes(shape) < *n_masks) {
    return false;
  }
  std::vector<std::vector<std::size_t>> stored;
  std::size_t numbers = 0;
  for (std::uint32_t i = 0; i < *n_masks; ++i) {
    const auto mask = *in.take(maskBytes(shape));
    stored.push_back(
        cellsOf({reinterpret_cast<const std::uint8_t*>(mask.data()), mask.size()}, shape.cells));
    numbers += stored.back().size() * (*n_masks == 1 ? shape.n : 1) * shape.outer;
  }
  if (in.left() != numbers * sizeof(float)) {
    return false;
  }
  values.assign(shape.n * shape.outer * shape.cells, 0.0F);
  float* into = values.data();
  for (std::size_t s = 0; s < shape.n; ++s) {
    for (std::size_t o = 0; o < shape.outer; ++o, into += shape.cells) {
      for (const std::size_t cell : stored[*n_masks == 1 ? 0 : s]) {
        into[cell] = *in.take<float>();
      }
    }
  }
  return true;
}

}  // namespace anchorlens::core
