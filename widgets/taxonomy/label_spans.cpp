// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/taxonomy/label_spans.h"

#include <algorithm>
#include <string_view>

namespace anchorlens::widgets {

namespace {

constexpr std::size_t kLabels = 6;

bool isSame(const core::HeadLabel& a, const core::HeadLabel& b) {
  return a.label == b.label && a.state == b.state;
}

/// Index of the last frame at or before a step; empty when there is none.
std::optional<std::size_t> frameAt(const HeadSeries& series, std::int64_t step) {
  const auto after =
      std::upper_bound(series.steps.begin(), series.steps.end(), static_cast<double>(step));
  if (after == series.steps.begin()) {
    return std::nullopt;
  }
  return static_cast<std::size_t>(after - series.steps.begin()) - 1;
}

}  // namespace

QString stateName(core::LabelState state) {
  const std::string_view name = core::labelStateName(state);
  return QString::fromUtf8(name);
}

QString labelTitle(core::Label label) {
  const std::string_view name = core::labelName(label);
  QString title = QString::fromUtf8(name);
  title[0] = title[0].toUpper();
  return title;
}

std::vector<LabelSpan> labelSpans(const std::vector<double>& steps,
                                  const std::vector<core::HeadLabel>& labels) {
  std::vector<LabelSpan> spans;
  for (std::size_t i = 0; i < std::min(steps.size(), labels.size()); ++i) {
    const auto& [label, state] = std::pair(labels[i].label, labels[i].state);
    if (!spans.empty()) {
      spans.back().last = steps[i];
    }
    if (spans.empty() || spans.back().label != label || spans.back().state != state) {
      spans.push_back({steps[i], steps[i], label, state});
    }
  }
  return spans;
}

std::vector<HeadRibbon> ribbonsOf(const RunHistory& history, const HeadLabels* others) {
  std::vector<HeadRibbon> ribbons;
  for (const HeadSeries& series : history.headSeries()) {
    const auto& labels = others != nullptr ? (*others)[ribbons.size()] : series.labels;
    ribbons.push_back({series.layer, series.head, labelSpans(series.steps, labels), true});
  }
  return ribbons;
}

std::vector<HeadRow> headRows(const RunHistory& history, std::int64_t step) {
  std::vector<HeadRow> rows;
  for (const HeadSeries& series : history.headSeries()) {
    const auto frame = frameAt(series, step);
    if (!frame) {
      return {};
    }
    HeadRow row;
    row.layer = series.layer;
    row.head = series.head;
    row.label = series.labels[*frame];
    for (std::size_t i = 0; i < kLabels; ++i) {
      row.lifts[i] = series.lifts[i][*frame];
    }
    const core::HeadLabel& last = series.labels.back();
    if (last.state == core::LabelState::Entered) {
      row.last_label = last.label;
    }
    if (row.label.label) {
      row.emergence = history.emergence(series.layer, series.head, *row.label.label);
    }
    rows.push_back(row);
  }
  return rows;
}

NumberTable taxonomyNumbers(const std::vector<HeadRow>& rows, std::int64_t step) {
  NumberTable table;
  table.title = QStringLiteral("Heads, step %1").arg(step);
  table.columns = {QStringLiteral("layer"),     QStringLiteral("head"), QStringLiteral("label"),
                   QStringLiteral("state"),     QStringLiteral("lift"), QStringLiteral("emerged"),
                   QStringLiteral("last_label")};
  for (std::size_t i = 0; i < kLabels; ++i) {
    table.columns << labelTitle(static_cast<core::Label>(i)).toLower();
  }
  for (const HeadRow& row : rows) {
    std::vector<NumberTable::Value> values{
        static_cast<qint64>(row.layer), static_cast<qint64>(row.head),
        row.label.label ? labelTitle(*row.label.label).toLower() : QString(),
        stateName(row.label.state), row.label.value};
    if (row.emergence) {
      values.emplace_back(static_cast<qint64>(*row.emergence));
    } else {
      values.emplace_back(QString());
    }
    values.emplace_back(row.last_label ? labelTitle(*row.last_label).toLower() : QString());
    for (const double lift : row.lifts) {
      values.emplace_back(lift);
    }
    table.rows.push_back(std::move(values));
  }
  return table;
}

void TriedLabels::start(const RunHistory& history) {
  m_compared = history.thresholds();
  m_labels.assign(history.headSeries().size(), {});
  m_last_steps.assign(history.headSeries().size(), 0);
  m_changed = 0;
}

void TriedLabels::follow(const RunHistory& history) {
  const auto& all = history.headSeries();
  const auto goes_on = [&](std::size_t head) {
    const std::size_t n = m_labels[head].size();
    return n <= all[head].steps.size() && (n == 0 || all[head].steps[n - 1] == m_last_steps[head]);
  };
  bool is_same = m_labels.size() == all.size() && core::isSame(m_compared, history.thresholds());
  for (std::size_t head = 0; is_same && head < all.size(); ++head) {
    is_same = goes_on(head);
  }
  if (!is_same) {
    start(history);
  }
  for (std::size_t head = 0; head < all.size(); ++head) {
    const HeadSeries& series = all[head];
    auto& labels = m_labels[head];
    for (std::size_t i = labels.size(); i < series.values.size(); ++i) {
      labels.push_back(core::labelAfter(labels.empty() ? nullptr : &labels.back(), series.values[i],
                                        m_thresholds));
      m_changed += isSame(labels[i], series.labels[i]) ? 0 : 1;
      m_last_steps[head] = series.steps[i];
    }
  }
}

LabelChange TriedLabels::change(const RunHistory& history, std::int64_t step) const {
  LabelChange change;
  change.frames = m_changed;
  for (std::size_t head = 0; head < m_labels.size(); ++head) {
    const HeadSeries& series = history.headSeries()[head];
    const auto shown = frameAt(series, step);
    change.at_step += shown && !isSame(m_labels[head][*shown], series.labels[*shown]) ? 1 : 0;
    change.of += m_labels[head].size();
  }
  return change;
}

}  // namespace anchorlens::widgets
