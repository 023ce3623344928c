// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/time_marks.h"
#include "widgets/timeline_plot.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string_view>

namespace anchorlens::widgets {

namespace {

QString emergenceText(const Lane& lane) {
  const std::string_view name = core::labelName(lane.label);
  return TimelinePlot::tr("Layer %1 head %2 became %3")
      .arg(lane.layer)
      .arg(lane.head)
      .arg(QString::fromUtf8(name));
}

}  // namespace

std::vector<TimeMark> TimelinePlot::findMarks(const std::vector<Lane>& lanes) const {
  if (m_history == nullptr || lanes.empty()) {
    return {};
  }
  std::vector<TimeMark> marks = laneMarks(*m_history, m_bookmarks);
  for (TimeMark& mark : marks) {
    mark.lane = static_cast<int>(lanes.size()) - 1;
  }
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    const Lane& lane = lanes[i];
    const int index = static_cast<int>(i);
    if (lane.kind == Lane::Kind::Loss) {
      for (TimeMark& spike : spikeMarks(*m_history)) {
        spike.lane = index;
        marks.push_back(std::move(spike));
      }
    } else if (lane.kind == Lane::Kind::Strip && !lane.is_dim) {
      if (const auto step = m_history->emergence(lane.layer, lane.head, lane.label)) {
        marks.push_back({TimeMark::Kind::Emergence, *step, index, lane.label, emergenceText(lane)});
      }
    }
  }
  return marks;
}

NumberTable TimelinePlot::numbers() const {
  if (m_history == nullptr) {
    return {};
  }
  NumberTable table = m_history->curveNumbers();
  std::map<qint64, QStringList> texts;
  for (const TimeMark& mark : m_marks) {
    texts[mark.step] << (mark.text.isEmpty() ? markKindName(mark.kind) : mark.text);
  }
  const auto columns = static_cast<std::size_t>(table.columns.size());
  table.columns << QStringLiteral("marks");
  std::vector<std::vector<NumberTable::Value>> rows;
  const auto add = [&](std::vector<NumberTable::Value> row, const QStringList& marks) {
    row.emplace_back(marks.join(QStringLiteral("; ")));
    rows.push_back(std::move(row));
  };
  auto mark = texts.cbegin();
  const auto addMarksBefore = [&](qint64 step) {
    for (; mark != texts.cend() && mark->first < step; ++mark) {
      std::vector<NumberTable::Value> row(columns, std::numeric_limits<double>::quiet_NaN());
      row.front() = mark->first;
      add(std::move(row), mark->second);
    }
  };
  for (auto& row : table.rows) {
    const qint64 step = std::get<qint64>(row.front());
    addMarksBefore(step);
    const bool is_marked = mark != texts.cend() && mark->first == step;
    add(std::move(row), is_marked ? (mark++)->second : QStringList());
  }
  addMarksBefore(std::numeric_limits<qint64>::max());
  table.rows = std::move(rows);
  return table;
}

/// The frame nearest to a point of the markers' lane.
std::optional<TimeMark> TimelinePlot::frameAt(QPointF point) const {
  const std::size_t lane = m_lanes.size() - 1;
  if (m_history->frames().empty() || !laneBand(lane).contains(point.toPoint())) {
    return std::nullopt;
  }
  const auto step = static_cast<std::int64_t>(std::llround(stepAtX(point.x())));
  const std::int64_t frame =
      m_history->frames()[static_cast<std::size_t>(m_history->nearestFrame(step))];
  if (std::abs(xOfStep(static_cast<double>(frame)) - point.x()) > 3) {
    return std::nullopt;
  }
  return TimeMark{TimeMark::Kind::Frame, frame, static_cast<int>(lane), {}, {}};
}

std::optional<TimeMark> TimelinePlot::markAt(QPointF point) const {
  if (m_history == nullptr || m_lanes.empty()) {
    return std::nullopt;
  }
  std::optional<TimeMark> best;
  double nearest = 7;
  for (const TimeMark& mark : m_marks) {
    if (!laneBand(static_cast<std::size_t>(mark.lane)).contains(point.toPoint())) {
      continue;
    }
    const double distance = std::abs(xOfStep(static_cast<double>(mark.step)) - point.x());
    if (distance <= nearest) {  // of two at one place the one that is drawn above
      nearest = distance;
      best = mark;
    }
  }
  return best ? best : frameAt(point);
}

}  // namespace anchorlens::widgets
