// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/patches.h"

#include <numeric>

namespace anchorlens::engine {
namespace {

/// Part `index` of `parts` of each named sequence of all: [n, parts, size].
std::shared_ptr<const std::vector<float>> gather(const std::vector<float>& all, std::size_t parts,
                                                 std::size_t index, std::size_t size,
                                                 const std::vector<std::size_t>& rows) {
  auto values = std::make_shared<std::vector<float>>();
  values->reserve(rows.size() * size);
  for (const std::size_t row : rows) {
    const auto begin = all.begin() + static_cast<std::ptrdiff_t>((row * parts + index) * size);
    values->insert(values->end(), begin, begin + static_cast<std::ptrdiff_t>(size));
  }
  return values;
}

}  // namespace

Patch headPatch(const InspectOutput& source, const HeadRef& head,
                const std::vector<std::size_t>& rows) {
  const auto index = static_cast<std::size_t>(head.layer * source.n_heads + head.head);
  const auto size =
      static_cast<std::size_t>(source.seq_len) * static_cast<std::size_t>(source.d_head);
  return {head.layer, head.head, std::nullopt,
          gather(source.head_outputs, source.heads(), index, size, rows)};
}

Patch residualPatch(const InspectOutput& source, int boundary,
                    const std::vector<std::size_t>& rows) {
  const auto size =
      static_cast<std::size_t>(source.seq_len) * static_cast<std::size_t>(source.d_model);
  return {boundary, std::nullopt, std::nullopt,
          gather(source.residual, static_cast<std::size_t>(source.n_layers) + 1,
                 static_cast<std::size_t>(boundary), size, rows)};
}

std::vector<std::size_t> sameRows(std::size_t n) {
  std::vector<std::size_t> rows(n);
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  return rows;
}

}  // namespace anchorlens::engine
