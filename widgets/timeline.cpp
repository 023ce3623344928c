// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/timeline.h"

#include "widgets/accessible_views.h"
#include "widgets/bookmark_editor.h"
#include "widgets/fonts.h"
#include "widgets/head_map_data.h"
#include "widgets/number_format.h"
#include "widgets/timeline_bar.h"
#include "widgets/timeline_header.h"
#include "widgets/timeline_plot.h"

#include <QAccessible>
#include <QHBoxLayout>
#include <QHideEvent>
#include <QScrollArea>
#include <QScrollBar>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

Timeline::Timeline(QWidget* parent) : QWidget(parent) {
  setAccessibleName(tr("Timeline"));
  describeAsValue(*this, {[this] { return static_cast<double>(m_cursor); },
                          [this] {
                            const bool is_empty = m_history == nullptr || m_history->isEmpty();
                            return is_empty
                                       ? std::pair(0.0, 0.0)
                                       : std::pair(static_cast<double>(m_history->frames().front()),
                                                   static_cast<double>(m_history->frames().back()));
                          },
                          [this] { return description(); },
                          [this](double step) { moveCursor(std::llround(step)); }});
  m_bar = new TimelineBar(this);
  m_bar->setEmptyText(tr("No steps yet. Curves and head scores appear here after Run."));
  m_scroll = new QScrollArea(this);
  m_scroll->setWidgetResizable(true);
  m_scroll->setFrameShape(QFrame::NoFrame);
  m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  m_scroll->setFocusPolicy(Qt::NoFocus);
  auto* content = new QWidget;
  m_plot = new TimelinePlot(content);
  m_header = new TimelineHeader(m_plot, content);
  auto* row = new QHBoxLayout(content);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(0);
  row->addWidget(m_header);
  row->addWidget(m_plot, 1);
  m_scroll->setWidget(content);
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(0, 0, 0, 0);
  outer->setSpacing(0);
  outer->addWidget(m_bar);
  outer->addWidget(m_scroll, 1);
  m_editor = new BookmarkEditor(this);
  m_replay = new QTimer(this);
  m_late = new QTimer(this);
  m_late->setSingleShot(true);
  connect(m_late, &QTimer::timeout, this, [this] {
    m_is_waiting = false;
    refresh();
  });
  m_clock.start();
  connectParts();
  applySizes();
  setReplayRate(m_pace.rate());
  updateBar();
}

Timeline::~Timeline() = default;

void Timeline::connectParts() {
  connect(m_bar, &TimelineBar::firstClicked, this, &Timeline::goFirst);
  connect(m_bar, &TimelineBar::previousClicked, this, [this] { stepFrames(-1); });
  connect(m_bar, &TimelineBar::playClicked, this, &Timeline::play);
  connect(m_bar, &TimelineBar::nextClicked, this, [this] { stepFrames(1); });
  connect(m_bar, &TimelineBar::newestClicked, this, &Timeline::goNewest);
  connect(m_bar, &TimelineBar::goLiveClicked, this, [this] {
    stop();
    emit goLive();
  });
  connect(m_bar, &TimelineBar::stepEntered, this, [this](std::int64_t step) {
    if (m_history != nullptr) {
      stop();
      showFrame(m_history->nearestFrame(step));
    }
  });
  connect(m_bar, &TimelineBar::told, this, &Timeline::told);
  connect(m_bar, &TimelineBar::smoothingChosen, this, &Timeline::setSmoothing);
  connect(m_bar, &TimelineBar::logarithmicChosen, this, &Timeline::setLogarithmic);
  connect(m_plot, &TimelinePlot::cursorDragged, this, [this](std::int64_t step) {
    stop();
    setFocus(Qt::MouseFocusReason);
    moveCursor(step);
  });
  connect(m_plot, &TimelinePlot::rangeChanged, this, &Timeline::optionsChanged);
  connect(m_plot, &TimelinePlot::geometryChanged, m_header, qOverload<>(&QWidget::update));
  connect(m_plot, &TimelinePlot::loopMarked, this, &Timeline::setLoop);
  connect(m_bar, &TimelineBar::rateChosen, this, &Timeline::setReplayRate);
  connect(m_editor, &BookmarkEditor::saved, this, &Timeline::bookmarkEdited);
  connect(m_editor, &BookmarkEditor::removed, this, &Timeline::bookmarkRemoved);
  connect(m_editor, &BookmarkEditor::closed, this, [this] { setFocus(Qt::OtherFocusReason); });
  connect(m_header, &TimelineHeader::headClicked, this, &Timeline::headSelected);
  connect(m_header, &TimelineHeader::foldClicked, this, &Timeline::toggleFolded);
  connect(m_replay, &QTimer::timeout, this, &Timeline::playOn);
}

void Timeline::setHistory(const RunHistory* history) {
  stop();
  m_history = history;
  m_editor->hide();
  m_plot->setHistory(history);
  m_plot->setBookmarks({});
  m_plot->setLoop(std::nullopt);
  m_is_dirty = true;
  // All other views are given another run in the same event: this one draws in the next.
  m_is_waiting = true;
  m_late->start(0);
}

void Timeline::historyChanged() {
  m_has_grown = true;
}

bool Timeline::refresh() {
  if (m_is_waiting || !(m_is_dirty || m_has_grown) || !isVisible() || visibleRegion().isEmpty()) {
    return false;
  }
  if (!m_is_dirty && !m_rate.isDue(m_clock.elapsed())) {
    if (!m_late->isActive()) {
      m_late->start(static_cast<int>(m_rate.waitMs(m_clock.elapsed())));
    }
    return false;
  }
  m_is_dirty = false;
  m_has_grown = false;
  updateBar();
  if (m_history != nullptr && !m_is_folded) {
    QElapsedTimer cost;
    cost.start();
    m_plot->rebuild();
    m_header->update();
    // The curves are drawn later, in the same turn of the event loop; the last time tells how long.
    const double rebuild_ms = static_cast<double>(cost.nsecsElapsed()) / 1e6;
    m_rate.updated(m_clock.elapsed(), rebuild_ms + m_plot->replotTime());
  }
  return true;
}

void Timeline::setCursor(std::int64_t step) {
  if (step == m_cursor) {
    return;
  }
  m_cursor = step;
  m_plot->setTimeCursor(step);
  m_header->update();
  updateBar();
}

void Timeline::setLive(std::optional<std::int64_t> step) {
  if (step != m_live) {
    m_live = step;
    m_plot->setLive(step);
    updateBar();
  }
}

void Timeline::setFollowLive(bool on) {
  m_follows_live = on;
  updateBar();
}

void Timeline::setTheme(const Theme& theme) {
  m_bar->setTheme(theme);
  m_plot->setTheme(theme);
  m_is_dirty = true;
  refresh();
}

void Timeline::setCompact(bool compact) {
  m_is_compact = compact;
  m_bar->setCompact(compact);
  m_plot->setCompact(compact);
  applySizes();
  m_is_dirty = true;
  refresh();
}

void Timeline::setFolded(bool folded) {
  if (folded != m_is_folded) {
    m_editor->hide();
  }
  m_is_folded = folded;
  updateBar();
  m_is_dirty = true;
  refresh();
}

void Timeline::applySizes() {
  const double scale = basePixelSize(*this) / (m_is_compact ? 12.0 : 13.0);
  m_header->setFixedWidth(static_cast<int>(std::lround((m_is_compact ? 126 : 150) * scale)));
}

void Timeline::updateBar() {
  const bool has_run = m_history != nullptr && !m_history->isEmpty();
  TimelineBar::State state;
  state.has_run = has_run;
  state.step = m_cursor;
  if (has_run) {
    state.frames = static_cast<int>(m_history->frames().size());
    state.frame = m_history->frameIndexAt(m_cursor);
    state.is_playing = m_replay->isActive();
    if (m_live && !m_follows_live) {
      state.behind = std::max<std::int64_t>(0, *m_live - m_cursor);
    }
  }
  m_bar->setState(state);
  m_scroll->setVisible(has_run && !m_is_folded);
  setFocusPolicy(has_run && !m_is_folded ? Qt::StrongFocus : Qt::ClickFocus);
  if (QAccessible::isActive())
    setAccessibleDescription(description());
}

std::int64_t Timeline::cursor() const {
  return m_cursor;
}

bool Timeline::isPlaying() const {
  return m_replay->isActive();
}

bool Timeline::isLogarithmic() const {
  return m_plot->scale().is_logarithmic;
}

int Timeline::smoothing() const {
  return m_plot->smoothing();
}

Timeline::Range Timeline::range() const {
  return m_plot->range();
}

bool Timeline::showsAllTime() const {
  return m_plot->showsAllTime();
}

double Timeline::xOfStep(std::int64_t step) const {
  const QPoint origin = m_plot->mapTo(this, QPoint(0, 0));
  return m_plot->xOfStep(static_cast<double>(step)) + origin.x();
}

std::int64_t Timeline::stepAtX(double x) const {
  const QPoint origin = m_plot->mapTo(this, QPoint(0, 0));
  return static_cast<std::int64_t>(m_plot->stepAtX(x - origin.x() + 0.5));
}

QRect Timeline::stripRect(int layer, int head) const {
  for (std::size_t i = 0; i < m_plot->lanes().size(); ++i) {
    const Lane& lane = m_plot->lanes()[i];
    if (lane.kind == Lane::Kind::Strip && lane.layer == layer && lane.head == head) {
      return m_plot->laneBand(i).translated(m_plot->mapTo(this, QPoint(0, 0)));
    }
  }
  return {};
}

QRect Timeline::lanesRect() const {
  const std::size_t n = m_plot->lanes().size();
  if (n < 3) {
    return {};
  }
  return m_plot->laneRect(1)
      .united(m_plot->laneRect(n - 1))
      .translated(m_plot->mapTo(this, QPoint(0, 0)));
}

QRect Timeline::rulerRect() const {
  return m_plot->laneRect(0).translated(m_plot->mapTo(this, QPoint(0, 0)));
}

QString Timeline::description() const {
  if (m_history == nullptr || m_history->isEmpty()) {
    return tr("No steps yet");
  }
  QStringList parts{QStringLiteral("Step ") + formatInteger(m_cursor)};
  const auto step = static_cast<double>(m_cursor);
  for (const GroupSeries& group : m_history->groups()) {
    if (group.line == GroupLine::Test) {
      const double loss = group.loss.at(step);
      const double accuracy = group.accuracy.at(step);
      const QString unknown = QStringLiteral("unknown");
      parts << QStringLiteral("loss test ") + (std::isnan(loss) ? unknown : formatLoss(loss));
      parts << QStringLiteral("accuracy ") +
                   (std::isnan(accuracy)
                        ? unknown
                        : QString::number(accuracy * 100, 'f', 1) + QStringLiteral(" percent"));
    }
  }
  const auto labels = m_history->labelsAt(m_cursor);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i].label && labels[i].state == core::LabelState::Entered) {
      const HeadSeries& head = m_history->headSeries()[i];
      const std::string_view name = core::labelName(*labels[i].label);
      parts << QStringLiteral("%1 %2 %3")
                   .arg(headName(head.layer, head.head), QString::fromUtf8(name),
                        formatScore(labels[i].value));
    }
  }
  return parts.join(QStringLiteral(", "));
}

void Timeline::focusInEvent(QFocusEvent* event) {
  QWidget::focusInEvent(event);
  m_plot->setKeyFocus(true);
}

void Timeline::focusOutEvent(QFocusEvent* event) {
  QWidget::focusOutEvent(event);
  m_plot->setKeyFocus(false);
}

void Timeline::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  if (m_is_folded && !m_editor->isHidden()) {
    m_editor->setParent(window());
    m_editor->show();
    m_editor->raise();
    placeEditor();
  }
  // The region is known only once the window is laid out.
  QTimer::singleShot(0, this, [this] {
    refresh();
    placeEditor();
  });
}

/// An open note over the window goes with it, and comes back with it as it was typed.
void Timeline::hideEvent(QHideEvent* event) {
  QWidget::hideEvent(event);
  if (!event->spontaneous() && !m_editor->isHidden()) {
    m_editor->setParent(this);
    m_editor->show();
  }
}

void Timeline::changeEvent(QEvent* event) {
  if (event->type() == QEvent::FontChange && m_header != nullptr) {
    applySizes();
    m_is_dirty = true;
    refresh();
  }
  QWidget::changeEvent(event);
}

}  // namespace anchorlens::widgets
