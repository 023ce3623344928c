// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/study/phase_diagram.h"

#include "engine/core/study/member_text.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace anchorlens::core {
namespace {

using Kind = StudyNumber::Kind;

const StudyNumber kSeen{Kind::Accuracy, "Train"};

std::vector<std::string> valuesOf(const StudyPlan& plan, std::optional<std::size_t> axis) {
  if (!axis) {
    return {""};
  }
  std::vector<std::string> texts;
  for (const std::string& value : plan.values[*axis]) {
    texts.push_back(valueText(value));
  }
  return texts;
}

/// The cell of a setting; empty when a fixed axis has another value there.
std::optional<std::size_t> cellOf(const std::vector<std::size_t>& setting,
                                  const PhaseChoice& choice, std::size_t columns) {
  for (const auto& [axis, value] : choice.fixed) {
    if (setting[axis] != value) {
      return std::nullopt;
    }
  }
  return (choice.y ? setting[*choice.y] : 0) * columns + (choice.x ? setting[*choice.x] : 0);
}

void fill(PhaseCell& cell, const StudyData& data, const PhaseChoice& choice) {
  std::vector<double> values;
  std::vector<double> seen;
  std::optional<std::size_t> some;
  for (const std::size_t member : cell.members) {
    const RunNumbers* run = data.runs[member].get();
    if (run == nullptr || !run->isThere(choice.step)) {
      continue;
    }
    ++cell.there;
    some = some.value_or(member);
    values.push_back(valueOf(*run, choice.number, choice.step));
    seen.push_back(valueOf(*run, kSeen, choice.step));
  }
  cell.value = spreadOf(values);
  if (const auto spread = spreadOf(seen)) {
    cell.seen = spread->median;
  }
  cell.is_grey = choice.grey_below && cell.seen && *cell.seen < *choice.grey_below;
  cell.typical = some.value_or(cell.members.empty() ? 0 : cell.members.front());
  double nearest = std::numeric_limits<double>::infinity();
  for (const std::size_t member : cell.members) {
    const RunNumbers* run = data.runs[member].get();
    if (!cell.value || run == nullptr || !run->isThere(choice.step)) {
      continue;
    }
    const double away = std::abs(valueOf(*run, choice.number, choice.step) - cell.value->median);
    if (away < nearest) {
      nearest = away;
      cell.typical = member;
    }
  }
}

PhaseScale scaleOf(const std::vector<PhaseCell>& cells, Kind kind) {
  if (kind == Kind::Balance) {
    return {-1, 1, false, true};
  }
  if (kind != Kind::Loss && !isStep(kind)) {
    return {};
  }
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  for (const PhaseCell& cell : cells) {
    if (cell.value && !cell.is_grey) {
      low = std::min(low, cell.value->median);
      high = std::max(high, cell.value->median);
    }
  }
  if (low > high) {
    return {};
  }
  if (isStep(kind)) {
    return {0, std::max(high, 1.0), false, false};
  }
  const bool is_log = low > 0;
  const bool is_one = low == high;
  return {is_one ? low / 2 : low, is_one ? high * 2 : high, is_log, false};
}

}  // namespace

double PhaseScale::share(double value) const {
  const auto axis = [this](double v) { return is_log ? std::log(v) : v; };
  if (!(high > low)) {
    return 0;
  }
  return std::clamp(
      (axis(std::max(value, is_log ? low : value)) - axis(low)) / (axis(high) - axis(low)), 0.0,
      1.0);
}

PhaseDiagram makePhaseDiagram(const StudyData& data, const PhaseChoice& choice) {
  const StudyPlan& plan = *data.plan;
  PhaseDiagram diagram;
  diagram.choice = choice;
  diagram.x_label = choice.x ? plan.labels[*choice.x] : "";
  diagram.y_label = choice.y ? plan.labels[*choice.y] : "";
  diagram.x_values = valuesOf(plan, choice.x);
  diagram.y_values = valuesOf(plan, choice.y);
  diagram.cells.resize(diagram.columns() * diagram.rows());
  for (std::size_t i = 0; i < plan.members.size(); ++i) {
    const auto cell = cellOf(plan.settings[plan.members[i].setting], choice, diagram.columns());
    if (cell) {
      diagram.cells[*cell].members.push_back(i);
    }
  }
  for (PhaseCell& cell : diagram.cells) {
    fill(cell, data, choice);
  }
  diagram.scale = scaleOf(diagram.cells, choice.number.kind);
  return diagram;
}

}  // namespace anchorlens::core
