// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/store/bookmarks.h"
#include "widgets/run_history.h"
#include "widgets/theme.h"
#include "widgets/time_scale.h"
#include "widgets/timeline.h"
#include "widgets/timeline_lanes.h"

#include <QPointF>
#include <qcustomplot.h>

#include <optional>
#include <span>
#include <vector>

namespace anchorlens::widgets {

class TimelineOverlay;

/// The lanes: one QCPAxisRect each, all with the same horizontal axis. The one cursor line, ruler,
/// markers and the part that is still to come are drawn by an overlay above, so that moving the
/// cursor draws no curve again.
class TimelinePlot : public QCustomPlot {
  Q_OBJECT

 public:
  explicit TimelinePlot(QWidget* parent);

  void setHistory(const RunHistory* history);
  void setTheme(const Theme& theme);
  void setCompact(bool compact);
  void setLogarithmic(bool on);
  void setSmoothing(int level);
  void setRange(Timeline::Range range, bool is_all_time);
  void setTimeCursor(std::int64_t step);
  void setLive(std::optional<std::int64_t> step);
  void setBookmarks(std::vector<core::Bookmark> bookmarks);
  /// The part of time that a replay repeats.
  void setLoop(std::optional<Timeline::Range> loop);
  void setKeyFocus(bool on);  ///< the arrow keys move the cursor
  void setUnfolded(bool on);
  /// Moves a zoomed range, as it is, until it holds the step.
  void bringIntoView(double step);
  void zoomAt(double x, double factor);  ///< 2 = twice as near, about a pixel

  /// Lanes, curves and range anew from the history; queued repaint.
  void rebuild();

  const RunHistory* history() const { return m_history; }
  const Theme& theme() const { return m_theme; }
  const std::vector<Lane>& lanes() const { return m_lanes; }
  const TimeScale& scale() const { return m_scale; }
  Timeline::Range range() const { return m_range; }
  bool showsAllTime() const { return m_shows_all_time; }
  bool isCompact() const { return m_is_compact; }
  bool isUnfolded() const { return m_is_unfolded; }
  int smoothing() const { return m_smoothing; }
  std::int64_t timeCursor() const { return m_cursor; }
  std::optional<std::int64_t> live() const { return m_live; }
  const std::vector<core::Bookmark>& bookmarks() const { return m_bookmarks; }
  const std::optional<Timeline::Range>& loop() const { return m_loop; }
  bool hasKeyFocus() const { return m_has_key_focus; }

  /// The field of a lane's data, and the lane with its margins.
  QRect laneRect(std::size_t lane) const;
  QRect laneBand(std::size_t lane) const;
  double xOfStep(double step) const;
  double stepAtX(double x) const;
  /// Positions of the ruler's ticks.
  const std::vector<double>& ticks() const { return m_ticks; }
  /// All but the frames, as they are drawn.
  const std::vector<TimeMark>& marks() const { return m_marks; }
  /// The same of what the history has by now; folded or hidden, nothing is drawn.
  std::vector<TimeMark> newestMarks() const { return findMarks(wantedLanes()); }
  /// Some heads have a strip only when unfolded, by what the history has by now.
  bool canFold() const;
  /// Losses and accuracies of every step that has them, and what the marks say.
  NumberTable numbers() const;
  /// What is pointed at; empty when there is nothing.
  std::optional<TimeMark> markAt(QPointF point) const;
  int laneHeight() const { return m_lane_height; }
  /// What all lanes need.
  int neededHeight() const;
  /// How often curves were drawn since the start: for tests.
  int rebuilds() const { return m_rebuilds; }

  QSize sizeHint() const override { return {600, neededHeight()}; }
  QSize minimumSizeHint() const override { return {200, neededHeight()}; }

 signals:
  void cursorDragged(std::int64_t step);  ///< pointer's step, between frames too
  void rangeChanged();
  /// The user marked another loop with the mouse; empty: removed it.
  void loopMarked(std::optional<anchorlens::widgets::Timeline::Range> loop);
  void lanesChanged();
  void geometryChanged();

 protected:
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  bool event(QEvent* event) override;

 private:
  enum class Drag { None, Cursor, Pan, Loop };

  std::vector<Lane> wantedLanes() const;
  std::vector<TimeMark> findMarks(const std::vector<Lane>& lanes) const;
  std::optional<TimeMark> frameAt(QPointF point) const;
  void makeLanes();
  QCPAxisRect* makeAxisRect(const Lane& lane);
  void styleAxes();
  void fillCurves();
  void fillGroups(std::size_t lane);
  int curveHeight() const;
  void fillStrip(std::size_t lane);
  QCPGraph* addCurve(QCPAxisRect* rect, Series thin, const QPen& pen);
  Series thinned(std::span<const double> steps, std::span<const double> values) const;
  void addSmoothedCurve(QCPAxisRect* rect, const Series& series, const QPen& pen);
  void applyRange();
  void drawSoon();
  void panTo(double x);
  void dragCursor(double x);
  bool startLoopDrag(const QPointF& point, Qt::KeyboardModifiers modifiers);
  void dragLoop(double x);
  double loopEndNear(const QPointF& point) const;
  void setCursorShape(Qt::CursorShape shape);

  const RunHistory* m_history = nullptr;
  Theme m_theme = Theme::dark();
  TimeScale m_scale;
  Timeline::Range m_range;
  bool m_shows_all_time = true;
  bool m_is_compact = false;
  bool m_is_unfolded = false;
  int m_smoothing = 0;
  int m_lane_height = 24;
  int m_rebuilds = 0;
  std::int64_t m_cursor = 0;
  std::optional<std::int64_t> m_live;
  std::vector<Lane> m_lanes;
  std::vector<QCPAxisRect*> m_rects;  ///< of each lane
  std::vector<double> m_ticks;
  std::vector<TimeMark> m_marks;
  std::vector<core::Bookmark> m_bookmarks;
  std::optional<Timeline::Range> m_loop;
  bool m_has_key_focus = false;
  double m_loop_anchor = 0;  ///< while its other end is dragged
  TimelineOverlay* m_overlay = nullptr;
  Drag m_drag = Drag::None;
  bool m_has_moved = false;
  double m_press_x = 0;
  Timeline::Range m_press_range;
  std::optional<Timeline::Range> m_press_loop;
};

}  // namespace anchorlens::widgets
