// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/bookmark_editor.h"
#include "widgets/timeline.h"
#include "widgets/timeline_bar.h"
#include "widgets/timeline_plot.h"

#include <QContextMenuEvent>
#include <QResizeEvent>
#include <QTimer>

#include <algorithm>
#include <cmath>

/// Replay, the loop that it repeats, and bookmarks.
namespace anchorlens::widgets {

/// First and last frame of a replay.
std::pair<int, int> Timeline::playedFrames() const {
  const int newest = m_history != nullptr ? static_cast<int>(m_history->frames().size()) - 1 : -1;
  const auto loop = m_plot->loop();
  if (!loop || newest < 0) {
    return {0, newest};
  }
  const auto& frames = m_history->frames();
  const auto first = std::lower_bound(frames.begin(), frames.end(), std::ceil(loop->first));
  const auto last = std::upper_bound(first, frames.end(), std::floor(loop->last));
  return {static_cast<int>(first - frames.begin()), static_cast<int>(last - frames.begin()) - 1};
}

void Timeline::play() {
  if (m_replay->isActive()) {
    stop();
    return;
  }
  const auto [first, last] = playedFrames();
  if (last <= first) {
    return;
  }
  const int now = m_history->frameIndexAt(m_cursor);
  if (now < first || now >= last) {
    showFrame(first);
  }
  m_pace.start();
  m_replay_clock.start();
  m_replay->start();
  updateBar();
  emit playingChanged(true);
}

void Timeline::stop() {
  if (m_replay->isActive()) {
    m_replay->stop();
    updateBar();
    emit playingChanged(false);
  }
}

void Timeline::playOn() {
  const auto [first, last] = playedFrames();
  const int now = m_history != nullptr ? m_history->frameIndexAt(m_cursor) : -1;
  if (now < 0 || last <= first) {
    stop();
    return;
  }
  const int frames =
      m_pace.advance(static_cast<double>(m_replay_clock.restart()), std::max(1, last - now));
  if (frames == 0) {
    return;
  }
  if (now < last) {
    showFrame(std::min(now + frames, last));
    if (now + frames >= last && !m_plot->loop()) {
      stop();
    }
  } else if (m_plot->loop()) {
    m_pace.start();
    showFrame(first);
  } else {
    stop();
  }
}

void Timeline::setReplayRate(double frames_per_second) {
  m_pace.setRate(frames_per_second);
  // Often enough that no frame is late by more than a quarter of its time.
  m_replay->setInterval(std::clamp(static_cast<int>(250 / m_pace.rate()), 16, 100));
  m_bar->setReplayRate(m_pace.rate());
  emit optionsChanged();
}

void Timeline::changeReplayRate(int by) {
  setReplayRate(m_pace.rateAfter(by));
}

void Timeline::setReplayEased(bool on) {
  m_pace.setEased(on);
}

std::optional<Timeline::Range> Timeline::loop() const {
  return m_plot->loop();
}

void Timeline::setLoop(std::optional<Range> loop) {
  const auto before = m_plot->loop();
  if (loop && loop->first > loop->last) {
    std::swap(loop->first, loop->last);
  }
  m_plot->setLoop(loop);
  if (loop) {
    const auto [first, last] = playedFrames();
    if (last <= first) {
      m_plot->setLoop(std::nullopt);
      emit told(tr("A loop needs two frames."));
    }
  }
  if (m_plot->loop() != before) {
    emit optionsChanged();
  }
}

void Timeline::loopFromCursor() {
  if (m_history == nullptr || m_history->frames().empty()) {
    return;
  }
  const auto from = static_cast<double>(m_cursor);
  const auto newest = static_cast<double>(m_history->frames().back());
  const bool keeps_end = m_plot->loop() && m_plot->loop()->last > from;
  setLoop(Range{from, keeps_end ? m_plot->loop()->last : newest});
}

void Timeline::loopToCursor() {
  if (m_history == nullptr || m_history->frames().empty()) {
    return;
  }
  const auto to = static_cast<double>(m_cursor);
  const auto oldest = static_cast<double>(m_history->frames().front());
  const bool keeps_start = m_plot->loop() && m_plot->loop()->first < to;
  setLoop(Range{keeps_start ? m_plot->loop()->first : oldest, to});
}

void Timeline::clearLoop() {
  setLoop(std::nullopt);
}

void Timeline::setBookmarks(std::vector<core::Bookmark> bookmarks) {
  m_plot->setBookmarks(std::move(bookmarks));
}

/// The cursor may be at a live picture that is no frame: bookmarks are of frames.
std::int64_t Timeline::frameAtCursor() const {
  const int index = m_history != nullptr ? m_history->frameIndexAt(m_cursor) : -1;
  return index < 0 ? m_cursor : m_history->frames()[static_cast<std::size_t>(index)];
}

const core::Bookmark* Timeline::bookmarkAtCursor() const {
  const auto& all = m_plot->bookmarks();
  const std::int64_t step = frameAtCursor();
  const auto found = std::find_if(all.begin(), all.end(), [step](const core::Bookmark& bookmark) {
    return bookmark.step == step;
  });
  return found == all.end() ? nullptr : &*found;
}

void Timeline::editBookmark() {
  if (m_history == nullptr || m_history->isEmpty()) {
    emit told(tr("Bookmarks are set in a run: there is none yet."));
    return;
  }
  stop();
  const core::Bookmark* there = bookmarkAtCursor();
  m_editor->setParent(m_is_folded ? window() : this);  // folded, there is no room for it
  m_editor->edit(frameAtCursor(),
                 there != nullptr ? QString::fromStdString(there->note) : QString(),
                 there != nullptr);
  placeEditor();
}

void Timeline::removeBookmark() {
  if (bookmarkAtCursor() != nullptr) {
    emit bookmarkRemoved(frameAtCursor());
  } else {
    emit told(tr("There is no bookmark at this step."));
  }
}

/// Under the row of controls, about the cursor; above it where the window ends.
void Timeline::placeEditor() {
  if (!m_editor->isVisible()) {
    return;
  }
  const int wanted = std::max(m_editor->sizeHint().width(), width() / 2);
  const int room = std::max(0, width() - 16);
  m_editor->resize(std::min(wanted, room), m_editor->sizeHint().height());
  const int wanted_left = static_cast<int>(xOfStep(m_editor->step())) - m_editor->width() / 2;
  const int left = std::clamp(wanted_left, 8, std::max(8, width() - m_editor->width() - 8));
  const QWidget* over = m_editor->parentWidget();
  const auto at = [&](int top) { return over->mapFromGlobal(mapToGlobal(QPoint(left, top))); };
  const QPoint below = at(m_bar->geometry().bottom() + 4);
  const bool fits = over == this || below.y() + m_editor->height() <= over->height();
  const QPoint above = at(m_bar->y() - m_editor->height() - 4);
  m_editor->move(fits ? below : QPoint(above.x(), std::max(0, above.y())));
}

void Timeline::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  placeEditor();
}

/// The menu is about the frame that was clicked; from the keyboard, about the one at the cursor.
void Timeline::contextMenuEvent(QContextMenuEvent* event) {
  if (m_history == nullptr || m_history->frames().empty()) {
    return;
  }
  const QPoint in_plot = m_plot->mapFrom(this, event->pos());
  if (event->reason() == QContextMenuEvent::Mouse && m_plot->rect().contains(in_plot)) {
    stop();
    moveCursor(stepAtX(event->pos().x()));
  }
  emit menuRequested(event->globalPos());
}

}  // namespace anchorlens::widgets
