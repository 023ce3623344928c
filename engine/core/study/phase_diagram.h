// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/study/spread.h"
#include "engine/core/study/study_numbers.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace anchorlens::core {

/// What a phase diagram is asked for. Axes are indices into StudyPlan::labels.
struct PhaseChoice {
  std::optional<std::size_t> x;  ///< none: one column
  std::optional<std::size_t> y;  ///< none: one row
  /// The values of the axes that are neither, by index; one that is not here takes all values.
  std::vector<std::pair<std::size_t, std::size_t>> fixed;
  StudyNumber number;
  std::optional<std::int64_t> step;  ///< none: the final number of finished runs
  std::optional<double> grey_below;  ///< of the accuracy on what was trained
  bool operator==(const PhaseChoice&) const = default;
};

/// The runs with one value of each axis.
struct PhaseCell {
  std::vector<std::size_t> members;
  std::size_t there = 0;        ///< runs that finished, or went as far as the step
  std::optional<Spread> value;  ///< of those that have the number; count is how many
  std::optional<double> seen;   ///< median accuracy on what was trained
  bool is_grey = false;
  /// The member whose number is nearest to the median, else one that is there, else the first.
  std::size_t typical = 0;

  bool isMissing() const { return there == 0; }
};

/// Colours run from low to high, over the cells that are not grey.
struct PhaseScale {
  double low = 0;
  double high = 1;
  bool is_log = false;
  bool is_diverging = false;         ///< around 0
  double share(double value) const;  ///< 0 to 1
};

struct PhaseDiagram {
  PhaseChoice choice;
  std::string x_label, y_label;                 ///< empty: no such axis
  std::vector<std::string> x_values, y_values;  ///< texts for people; one empty one without axis
  std::vector<PhaseCell> cells;                 ///< [y * columns + x]
  PhaseScale scale;

  std::size_t columns() const { return x_values.size(); }
  std::size_t rows() const { return y_values.size(); }
  const PhaseCell& at(std::size_t column, std::size_t row) const {
    return cells[row * columns() + column];
  }
};

PhaseDiagram makePhaseDiagram(const StudyData& data, const PhaseChoice& choice);

}  // namespace anchorlens::core
