// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/compare/curves_paint.h"
#include "widgets/number_table.h"
#include "widgets/timeline.h"
#include "widgets/update_rate.h"

#include <QAbstractScrollArea>
#include <QElapsedTimer>
#include <QPixmap>
#include <QTimer>

namespace anchorlens::widgets {

/// The time axis of a comparison: curves and head scores of two runs, and the one cursor, which is
/// moved by a press or a drag. The wheel zooms, turned sideways or with Shift it pans. Curves are
/// drawn once, and again only when something came.
class CompareCurves : public QAbstractScrollArea {
  Q_OBJECT

 public:
  explicit CompareCurves(QWidget* parent = nullptr);

  /// The histories must live until others (or none) are set.
  void setCurves(const ComparedCurves& curves);
  /// The same curves, which have grown: drawn ten times a second at most (UpdateRate), by
  /// themselves.
  void setGrownCurves(const ComparedCurves& curves);
  /// A step of the first run.
  void setTimeCursor(std::int64_t step);
  void setLogarithmic(bool on);
  void setSmoothing(int level);  ///< as of the Timeline
  /// What of the first run's steps is shown; empty: all of both runs. Emits nothing.
  void setRange(std::optional<Timeline::Range> range);
  void setTheme(const Theme& theme);
  void setCompact(bool compact);

  const ComparedCurves& curves() const { return m_curves; }
  std::int64_t timeCursor() const { return m_cursor; }
  const CurvesLayout& curvesLayout() const { return m_layout; }
  /// What is shown, and whether that is all.
  Timeline::Range range() const { return {m_how.first, m_how.last}; }
  bool showsAllTime() const { return !m_range; }
  int smoothing() const { return m_how.smoothing; }
  double xOfStep(std::int64_t step) const { return m_layout.xOf(static_cast<double>(step), m_how); }
  NumberTable numbers() const { return comparedCurveNumbers(m_curves); }
  QSize sizeHint() const override { return {600, 240}; }
  QSize minimumSizeHint() const override { return {200, 80}; }

 signals:
  /// A step of the first run, by the user.
  void cursorMoved(std::int64_t step);
  /// The wheel zooms or pans, a double click shows all: range() and showsAllTime() have it.
  void rangeChanged();

 protected:
  void paintEvent(QPaintEvent* event) override;
  void showEvent(QShowEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void changeEvent(QEvent* event) override;
  bool viewportEvent(QEvent* event) override;

 private:
  void layOut();
  void drawPicture();
  void paintCursor(QPainter& painter) const;
  void moveTo(double x);
  void showAxisRange(double first, double last);

  ComparedCurves m_curves;
  CurvesPaint m_how;
  std::optional<Timeline::Range> m_range;  ///< empty: all
  CurvesLayout m_layout;
  QPixmap m_picture;  ///< of all that does not move with the cursor
  Theme m_theme = Theme::dark();
  UpdateRate m_rate{UpdateRate::kGrowthMs};
  QElapsedTimer m_clock;
  QTimer m_late;  ///< draws what was put off
  std::int64_t m_cursor = 0;
  bool m_is_compact = false;
  bool m_is_dirty = true;
};

}  // namespace anchorlens::widgets
