// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/timeline.h"
#include "widgets/timeline_bar.h"
#include "widgets/timeline_plot.h"

#include <QKeyEvent>
#include <QTimer>

#include <algorithm>
#include <cmath>

/// How the user moves through time: frames, checkpoints, markers, replay, zoom.
namespace anchorlens::widgets {

void Timeline::moveCursor(std::int64_t step) {
  if (m_history != nullptr) {
    moveToFrame(m_history->frameIndexAt(step));
  }
}

void Timeline::moveToFrame(int index) {
  if (m_history == nullptr || index < 0 || index >= static_cast<int>(m_history->frames().size())) {
    return;
  }
  const std::int64_t step = m_history->frames()[static_cast<std::size_t>(index)];
  setCursor(step);
  emit cursorMoved(step);
}

void Timeline::showFrame(int index) {
  moveToFrame(index);
  m_plot->bringIntoView(static_cast<double>(m_cursor));
}

void Timeline::stepFrames(int by) {
  if (m_history == nullptr || m_history->frames().empty()) {
    return;
  }
  stop();
  const auto& frames = m_history->frames();
  const int now = m_history->frameIndexAt(m_cursor);
  // A live picture lies after its frame: one back is that frame, and none is newer.
  const bool is_live = frames[static_cast<std::size_t>(now)] < m_cursor;
  const int last = static_cast<int>(frames.size()) - 1;
  const int index = std::clamp(now + by + (is_live && by < 0 ? 1 : 0), 0, last);
  const std::int64_t step = frames[static_cast<std::size_t>(index)];
  if (by < 0 ? step < m_cursor : step > m_cursor) {
    showFrame(index);
  }
}

namespace {

/// The `by`-th of `steps` after (before) `from`; the last (first) when there are fewer, `from` when
/// there is none that way.
std::int64_t neighbour(const std::vector<std::int64_t>& steps, std::int64_t from, int by) {
  if (by > 0) {
    const auto after = std::upper_bound(steps.begin(), steps.end(), from);
    const auto left = steps.end() - after;
    return left == 0 ? from : *(after + std::min<std::ptrdiff_t>(by, left) - 1);
  }
  const auto before = std::lower_bound(steps.begin(), steps.end(), from);
  const auto left = before - steps.begin();
  return left == 0 || by == 0 ? from : *(before - std::min<std::ptrdiff_t>(-by, left));
}

}  // namespace

bool Timeline::stepTo(std::vector<std::int64_t> steps, int by) {
  if (m_history == nullptr || m_history->frames().empty()) {
    return false;
  }
  stop();
  // Marks may lie between frames: what counts is the frame that is shown there.
  for (std::int64_t& step : steps) {
    step = m_history->frames()[static_cast<std::size_t>(m_history->nearestFrame(step))];
  }
  std::sort(steps.begin(), steps.end());
  steps.erase(std::unique(steps.begin(), steps.end()), steps.end());
  const std::int64_t target = neighbour(steps, m_cursor, by);
  if (target == m_cursor) {
    return false;
  }
  showFrame(m_history->frameIndexAt(target));
  return true;
}

void Timeline::stepCheckpoints(int by) {
  if (m_history != nullptr) {
    stepTo(m_history->checkpoints(), by);
  }
}

void Timeline::stepMarkers(int by) {
  std::vector<std::int64_t> steps;
  for (const TimeMark& mark : m_plot->newestMarks()) {
    steps.push_back(mark.step);
  }
  if (stepTo(std::move(steps), by)) {
    tellMarks();
  }
}

/// What the marks at the cursor say, as hovering over them does.
void Timeline::tellMarks() {
  QStringList texts;
  for (const TimeMark& mark : m_plot->newestMarks()) {
    const int frame = m_history->nearestFrame(mark.step);
    if (m_history->frames()[static_cast<std::size_t>(frame)] == m_cursor) {
      texts << markText(mark);
    }
  }
  emit told(texts.join(QStringLiteral(" · ")));
}

bool Timeline::isUnfolded() const {
  return m_plot->isUnfolded();
}

void Timeline::setUnfolded(bool on) {
  if (on == isUnfolded()) {
    return;
  }
  m_plot->setUnfolded(on);
  emit optionsChanged();
}

void Timeline::toggleFolded() {
  if (m_plot->canFold()) {
    setUnfolded(!isUnfolded());
  } else {
    emit told(tr("All heads of this run have their strip."));
  }
}

namespace {

QString wordFor(TimeMark::Kind kind) {
  switch (kind) {
    case TimeMark::Kind::Emergence:
      return Timeline::tr("emergence of a label");
    case TimeMark::Kind::Spike:
      return Timeline::tr("loss spike");
    case TimeMark::Kind::Intervention:
      return Timeline::tr("intervention");
    case TimeMark::Kind::Bookmark:
      return Timeline::tr("bookmark");
    default:
      return Timeline::tr("marker");
  }
}

}  // namespace

void Timeline::stepAmong(TimeMark::Kind kind, int by) {
  std::vector<std::int64_t> steps;
  for (const TimeMark& mark : m_plot->newestMarks()) {
    if (mark.kind == kind) {
      steps.push_back(mark.step);
    }
  }
  const bool is_there = !steps.empty();
  if (stepTo(std::move(steps), by)) {
    tellMarks();
    return;
  }
  emit told(!is_there ? tr("This run has no %1.").arg(wordFor(kind))
            : by > 0  ? tr("There is no %1 after this step.").arg(wordFor(kind))
                      : tr("There is no %1 before this step.").arg(wordFor(kind)));
}

void Timeline::goFirst() {
  stop();
  showFrame(0);
}

void Timeline::goNewest() {
  if (m_history == nullptr || m_history->frames().empty()) {
    return;
  }
  const bool was_newest = m_cursor >= m_history->frames().back();
  stop();
  if (was_newest) {
    emit goLive();
  } else {
    showFrame(static_cast<int>(m_history->frames().size()) - 1);
  }
}

void Timeline::setLogarithmic(bool on) {
  m_bar->setLogarithmic(on);
  if (on != m_plot->scale().is_logarithmic) {
    m_plot->setLogarithmic(on);
    m_is_dirty = true;
    refresh();
    emit optionsChanged();
  }
}

void Timeline::setSmoothing(int level) {
  const int allowed = std::clamp(level, 0, 2);
  m_bar->setSmoothing(allowed);
  if (allowed != m_plot->smoothing()) {
    m_plot->setSmoothing(allowed);
    m_is_dirty = true;
    refresh();
    emit optionsChanged();
  }
}

void Timeline::setRange(Range range) {
  if (!(range.last > range.first)) {
    return;
  }
  m_plot->setRange({std::max(0.0, range.first), range.last}, false);
  m_is_dirty = true;
  refresh();
  emit optionsChanged();
}

void Timeline::fitAll() {
  m_plot->setRange(m_plot->range(), true);
  m_is_dirty = true;
  refresh();
  emit optionsChanged();
}

void Timeline::zoom(double factor) {
  if (m_history != nullptr) {
    m_plot->zoomAt(m_plot->xOfStep(static_cast<double>(m_cursor)), factor);
  }
}

void Timeline::keyPressEvent(QKeyEvent* event) {
  const Qt::KeyboardModifiers modifiers = event->modifiers();
  const int way = event->key() == Qt::Key_Left || event->key() == Qt::Key_Comma ? -1 : 1;
  switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right:
      if (modifiers == Qt::ControlModifier) {
        stepCheckpoints(way);
      } else if (modifiers == Qt::AltModifier) {
        stepMarkers(way);
      } else {
        stepFrames(modifiers == Qt::ShiftModifier ? way * 10 : way);
      }
      break;
    case Qt::Key_Comma:
    case Qt::Key_Period:
      stepFrames(way);
      break;
    case Qt::Key_Home:
      goFirst();
      break;
    case Qt::Key_End:
      goNewest();
      break;
    default:
      event->ignore();
  }
}

}  // namespace anchorlens::widgets
