// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/run_history.h"

#include "widgets/badge.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace anchorlens::widgets {

using core::Label;
using core::LabelState;

namespace {

constexpr std::array kLabels{Label::Shift, Label::Broadcast, Label::Self,
                             Label::Sink,  Label::Induction, Label::Duplicate};
constexpr std::size_t kMostSteps = 100000;  ///< points of the loss of every step
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::size_t slot(Label label) {
  return static_cast<std::size_t>(label);
}

void dropAfter(Series& series, double step) {
  const auto end = std::upper_bound(series.steps.begin(), series.steps.end(), step);
  const auto n = static_cast<std::size_t>(end - series.steps.begin());
  series.steps.resize(n);
  series.values.resize(n);
}

void noteLabel(HeadSeries& series, const core::HeadLabel& label) {
  series.has_pattern = series.has_pattern || label.state != LabelState::None;
  if (label.label && label.state == LabelState::Entered) {
    series.newest_entered = label.label;
  }
}

/// As core::hasEmergedBefore().
bool emergedBefore(const HeadSeries& series, Label label, const core::LabelThresholds& thresholds) {
  return !series.steps.empty() && series.steps.front() > 0 &&
         series.lifts[slot(label)].front() >= thresholds.enter;
}

/// What is known of a series beside its frames, after one more of them.
void noteFrame(HeadSeries& series, const core::LabelThresholds& thresholds) {
  noteLabel(series, series.labels.back());
  const std::size_t n = series.steps.size();
  for (const Label label : kLabels) {
    const auto& lifts = series.lifts[slot(label)];
    series.best[slot(label)] =
        n == 1 ? lifts.back() : std::max(series.best[slot(label)], lifts.back());
    // Only the frame that has just got the last of those that confirm it can have emerged now.
    const std::size_t needed = core::kConfirmingFrames + 1;
    if (series.emerged[slot(label)] || n < needed || lifts[n - needed] < thresholds.enter ||
        emergedBefore(series, label, thresholds)) {
      continue;
    }
    const auto from = static_cast<std::ptrdiff_t>(n - needed);
    const std::vector<std::int64_t> steps(series.steps.begin() + from, series.steps.end());
    series.emerged[slot(label)] =
        core::emergenceWithin(steps, {lifts.begin() + from, lifts.end()}, thresholds);
  }
}

/// The same of all frames anew.
void noteFrames(HeadSeries& series, const core::LabelThresholds& thresholds) {
  series.has_pattern = false;
  series.newest_entered = {};
  for (const core::HeadLabel& label : series.labels) {
    noteLabel(series, label);
  }
  const std::vector<std::int64_t> steps(series.steps.begin(), series.steps.end());
  for (const Label label : kLabels) {
    const auto& lifts = series.lifts[slot(label)];
    series.best[slot(label)] = lifts.empty() ? 0 : *std::max_element(lifts.begin(), lifts.end());
    series.emerged[slot(label)] = core::emergenceStep(steps, lifts, thresholds);
  }
}

void dropAfter(std::vector<std::int64_t>& steps, std::int64_t step) {
  steps.erase(std::upper_bound(steps.begin(), steps.end(), step), steps.end());
}

}  // namespace

void Series::add(double step, double value) {
  if (steps.empty() || step > steps.back()) {
    steps.push_back(step);
    values.push_back(value);
    return;
  }
  const auto place = std::lower_bound(steps.begin(), steps.end(), step);
  const auto i = place - steps.begin();
  if (*place == step) {
    values[static_cast<std::size_t>(i)] = value;
  } else {
    steps.insert(place, step);
    values.insert(values.begin() + i, value);
  }
}

void Series::thin(std::size_t most) {
  if (size() <= most) {
    return;
  }
  std::size_t kept = 0;
  const auto keep = [&](std::size_t i) {
    steps[kept] = steps[i];
    values[kept] = values[i];
    ++kept;
  };
  for (std::size_t i = 0; i < size(); i += 4) {
    const std::size_t end = std::min(i + 4, size());
    std::size_t low = i;
    std::size_t high = i;
    for (std::size_t k = i + 1; k < end; ++k) {
      low = values[k] < values[low] ? k : low;
      high = values[k] > values[high] ? k : high;
    }
    const auto [first, second] = std::pair(std::min(low, high), std::max(low, high));
    keep(first);
    if (second != first) {
      keep(second);
    }
  }
  steps.resize(kept);
  values.resize(kept);
}

double Series::at(double step) const {
  const auto after = std::upper_bound(steps.begin(), steps.end(), step);
  return after == steps.begin() ? kNaN
                                : values[static_cast<std::size_t>(after - steps.begin()) - 1];
}

RunHistory::RunHistory(int n_layers, int n_heads, std::int64_t total_steps,
                       std::vector<core::GroupInfo> groups, core::LabelThresholds thresholds)
    : m_n_layers(n_layers),
      m_n_heads(n_heads),
      m_total_steps(total_steps),
      m_group_infos(std::move(groups)),
      m_thresholds(thresholds) {
  for (int layer = 0; layer < n_layers; ++layer) {
    for (int head = 0; head < n_heads; ++head) {
      HeadSeries series;
      series.layer = layer;
      series.head = head;
      m_heads.push_back(std::move(series));
    }
  }
}

void RunHistory::addStep(const core::StepMetrics& step) {
  m_step_loss.add(static_cast<double>(step.step), step.loss);
  m_step_loss.thin(kMostSteps);
  m_spikes.add(step.step, step.loss);
}

GroupSeries& RunHistory::group(const QString& name, GroupLine line) {
  const auto found = std::find_if(m_groups.begin(), m_groups.end(),
                                  [&](const GroupSeries& g) { return g.name == name; });
  if (found != m_groups.end()) {
    return *found;
  }
  m_groups.push_back({name, line, {}, {}});
  // Train, test, then the others as they came.
  std::stable_sort(m_groups.begin(), m_groups.end(),
                   [](const GroupSeries& a, const GroupSeries& b) { return a.line < b.line; });
  return group(name, line);
}

void RunHistory::addMetrics(const core::Metrics& metrics) {
  const auto step = static_cast<double>(metrics.step);
  const auto add = [&](const QString& name, GroupLine line, double loss, double accuracy) {
    if (std::isnan(loss) && std::isnan(accuracy)) {
      return;
    }
    GroupSeries& series = group(name, line);
    series.loss.add(step, loss);
    series.accuracy.add(step, accuracy);
  };
  add(QStringLiteral("Train"), GroupLine::Train, metrics.train_loss, metrics.train_accuracy);
  add(QStringLiteral("Test"), GroupLine::Test, metrics.test_loss, metrics.test_accuracy);
  for (const core::GroupMetrics& g : metrics.groups) {
    const auto index = static_cast<std::size_t>(std::max(g.group, 0));
    if (g.group >= 0 && index < m_group_infos.size() && g.n > 0 &&
        m_group_infos[index].kind == core::GroupInfo::Kind::HeldOutCombination) {
      add(QString::fromStdString(m_group_infos[index].name), GroupLine::HeldOut, g.loss,
          g.accuracy);
    }
  }
}

void RunHistory::addScores(std::int64_t step, const std::vector<core::HeadScores>& scores) {
  if (!m_frames.empty() && step <= m_frames.back()) {
    return;
  }
  m_frames.push_back(step);
  if (scores.size() != m_heads.size()) {
    return;
  }
  for (std::size_t i = 0; i < m_heads.size(); ++i) {
    HeadSeries& series = m_heads[i];
    series.steps.push_back(static_cast<double>(step));
    for (const Label label : kLabels) {
      series.lifts[slot(label)].push_back(labelLift(scores[i], label));
    }
    series.values.push_back(core::labelValues(scores[i]));
    const core::HeadLabel* before = series.labels.empty() ? nullptr : &series.labels.back();
    series.labels.push_back(core::labelAfter(before, series.values.back(), m_thresholds));
    noteFrame(series, m_thresholds);
  }
}

void RunHistory::setCheckpoints(std::vector<std::int64_t> steps) {
  m_checkpoints = std::move(steps);
}

void RunHistory::addEvent(const core::Event& event) {
  const auto place =
      std::upper_bound(m_events.begin(), m_events.end(), event,
                       [](const core::Event& a, const core::Event& b) { return a.step < b.step; });
  m_events.insert(place, event);
}

void RunHistory::truncateAfter(std::int64_t step) {
  const auto limit = static_cast<double>(step);
  dropAfter(m_step_loss, limit);
  m_spikes = {};
  for (std::size_t i = 0; i < m_step_loss.size(); ++i) {
    m_spikes.add(static_cast<std::int64_t>(m_step_loss.steps[i]), m_step_loss.values[i]);
  }
  for (GroupSeries& series : m_groups) {
    dropAfter(series.loss, limit);
    dropAfter(series.accuracy, limit);
  }
  dropAfter(m_frames, step);
  dropAfter(m_checkpoints, step);
  std::erase_if(m_events, [&](const core::Event& event) { return event.step > step; });
  for (std::size_t i = 0; i < m_heads.size(); ++i) {
    HeadSeries& series = m_heads[i];
    const auto n = static_cast<std::size_t>(
        std::upper_bound(series.steps.begin(), series.steps.end(), limit) - series.steps.begin());
    series.steps.resize(n);
    for (auto& lifts : series.lifts) {
      lifts.resize(n);
    }
    series.values.resize(n);
    series.labels.resize(n);
    noteFrames(series, m_thresholds);
  }
}

void RunHistory::setThresholds(const core::LabelThresholds& thresholds) {
  if (core::isSame(m_thresholds, thresholds)) {
    return;
  }
  m_thresholds = thresholds;
  for (HeadSeries& series : m_heads) {
    series.labels = core::labelsOver(series.values, thresholds);
    noteFrames(series, m_thresholds);
  }
}

std::int64_t RunHistory::newestStep() const {
  double newest = m_step_loss.isEmpty() ? 0 : m_step_loss.steps.back();
  for (const GroupSeries& series : m_groups) {
    newest = std::max(newest, series.loss.isEmpty() ? 0 : series.loss.steps.back());
  }
  auto step = static_cast<std::int64_t>(newest);
  for (const auto* steps : {&m_frames, &m_checkpoints}) {
    step = std::max(step, steps->empty() ? 0 : steps->back());
  }
  return step;
}

bool RunHistory::isEmpty() const {
  return m_step_loss.isEmpty() && m_groups.empty() && m_frames.empty();
}

int RunHistory::frameIndexAt(std::int64_t step) const {
  if (m_frames.empty()) {
    return -1;
  }
  const auto after = std::upper_bound(m_frames.begin(), m_frames.end(), step);
  return std::max(0, static_cast<int>(after - m_frames.begin()) - 1);
}

int RunHistory::nearestFrame(std::int64_t step) const {
  const int index = frameIndexAt(step);
  if (index < 0 || index + 1 >= static_cast<int>(m_frames.size())) {
    return index;
  }
  const auto i = static_cast<std::size_t>(index);
  return m_frames[i + 1] - step < step - m_frames[i] ? index + 1 : index;
}

std::vector<core::HeadLabel> RunHistory::labelsAt(std::int64_t step) const {
  std::vector<core::HeadLabel> labels;
  for (const HeadSeries& series : m_heads) {
    const auto after =
        std::upper_bound(series.steps.begin(), series.steps.end(), static_cast<double>(step));
    if (after == series.steps.begin()) {
      return {};
    }
    labels.push_back(series.labels[static_cast<std::size_t>(after - series.steps.begin()) - 1]);
  }
  return labels;
}

Label RunHistory::stripLabel(int layer, int head) const {
  const HeadSeries& series = m_heads.at(static_cast<std::size_t>(layer * m_n_heads + head));
  if (series.newest_entered) {
    return *series.newest_entered;
  }
  Label best = Label::Broadcast;
  double largest = -1;
  for (const Label label : kLabels) {
    if (!series.steps.empty() && series.best[slot(label)] > largest) {
      largest = series.best[slot(label)];
      best = label;
    }
  }
  return best;
}

bool RunHistory::hasPattern(int layer, int head) const {
  return m_heads.at(static_cast<std::size_t>(layer * m_n_heads + head)).has_pattern;
}

std::optional<std::int64_t> RunHistory::emergence(int layer, int head, Label label) const {
  const auto index = static_cast<std::size_t>(layer * m_n_heads + head);
  return index < m_heads.size() ? m_heads[index].emerged[slot(label)] : std::nullopt;
}

bool RunHistory::hasEmergedBefore(Label label) const {
  return std::any_of(m_heads.begin(), m_heads.end(), [&](const HeadSeries& series) {
    return emergedBefore(series, label, m_thresholds);
  });
}

std::optional<std::int64_t> RunHistory::firstEmergence(Label label) const {
  if (hasEmergedBefore(label)) {
    return std::nullopt;
  }
  std::optional<std::int64_t> first;
  for (const HeadSeries& series : m_heads) {
    const auto step = emergence(series.layer, series.head, label);
    if (step && (!first || *step < *first)) {
      first = step;
    }
  }
  return first;
}

}  // namespace anchorlens::widgets
