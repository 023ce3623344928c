// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/number_format.h"
#include "widgets/timeline_plot.h"

#include <algorithm>
#include <cmath>
#include <string_view>

namespace anchorlens::widgets {

namespace {

/// What every run does by itself is no intervention and gets no flag.
bool isIntervention(const core::Event& event) {
  constexpr std::string_view kOrdinary[] = {"started",  "resumed", "checkpoint",
                                            "finished", "paused",  "stopped",
                                            "created",  "frame",   "saved"};
  return std::find(std::begin(kOrdinary), std::end(kOrdinary), event.kind) == std::end(kOrdinary);
}

QString atStep(const QString& what, std::int64_t step) {
  return QStringLiteral("%1, step %2").arg(what, formatInteger(step));
}

}  // namespace

std::vector<TimeMark> TimelinePlot::findMarks() const {
  std::vector<TimeMark> marks;
  if (m_history == nullptr || m_lanes.empty()) {
    return marks;
  }
  const int marker_lane = static_cast<int>(m_lanes.size()) - 1;
  const auto add = [&](TimeMark::Kind kind, std::int64_t step, const QString& text) {
    marks.push_back({kind, step, marker_lane, core::Label::Broadcast, text});
  };
  for (const std::int64_t step : m_history->frames()) {
    add(TimeMark::Kind::Frame, step, QString());  // thousands of them: no text each
  }
  for (const std::int64_t step : m_history->checkpoints()) {
    add(TimeMark::Kind::Checkpoint, step, atStep(QStringLiteral("Checkpoint"), step));
  }
  for (const core::Event& event : m_history->events()) {
    if (isIntervention(event)) {
      QString text = QString::fromStdString(event.text.empty() ? event.kind : event.text);
      if (text.endsWith('.')) {
        text.chop(1);
      }
      add(TimeMark::Kind::Event, event.step, atStep(text, event.step));
    }
  }
  for (std::size_t i = 0; i < m_lanes.size(); ++i) {
    const Lane& lane = m_lanes[i];
    if (lane.kind != Lane::Kind::Strip || lane.is_dim) {
      continue;
    }
    if (const auto step = m_history->emergence(lane.layer, lane.head, lane.label)) {
      const std::string_view name = core::labelName(lane.label);
      const QString text =
          QStringLiteral("Layer %1 head %2 became %3 at step %4")
              .arg(lane.layer)
              .arg(lane.head)
              .arg(QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size())),
                   formatInteger(*step));
      marks.push_back({TimeMark::Kind::Emergence, *step, static_cast<int>(i), lane.label, text});
    }
  }
  return marks;
}

std::optional<TimeMark> TimelinePlot::markAt(QPointF point) const {
  std::optional<TimeMark> best;
  double nearest = 7;
  for (const TimeMark& mark : m_marks) {
    if (!laneBand(static_cast<std::size_t>(mark.lane)).contains(point.toPoint())) {
      continue;
    }
    double distance = std::abs(xOfStep(static_cast<double>(mark.step)) - point.x());
    if (mark.kind == TimeMark::Kind::Frame) {
      distance += 4;  // what lies above a tick goes first
    }
    if (distance < nearest) {
      nearest = distance;
      best = mark;
    }
  }
  if (best && best->kind == TimeMark::Kind::Frame) {
    best->text = atStep(QStringLiteral("Frame"), best->step);
  }
  return best;
}

}  // namespace anchorlens::widgets
