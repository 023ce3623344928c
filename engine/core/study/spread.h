// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <vector>

namespace anchorlens::core {

/// Median and range of the same number of several runs.
struct Spread {
  double median = 0;  ///< of an even count the mean of the two in the middle
  double min = 0;
  double max = 0;
  std::size_t count = 0;
  bool operator==(const Spread&) const = default;
};

/// Of the finite ones; empty when there are none.
inline std::optional<Spread> spreadOf(std::vector<double> values) {
  std::erase_if(values, [](double value) { return !std::isfinite(value); });
  if (values.empty())
    return std::nullopt;
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  const double median =
      values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
  return Spread{median, values.front(), values.back(), values.size()};
}

}  // namespace anchorlens::core
