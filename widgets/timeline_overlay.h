// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace anchorlens::widgets {

class TimelinePlot;

/// Above the lanes: ruler, markers, emergence, the time still to come, live line and cursor. Takes
/// no mouse events.
class TimelineOverlay : public QWidget {
 public:
  explicit TimelineOverlay(TimelinePlot* plot);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  void paintRuler(QPainter& painter) const;
  void paintRules(QPainter& painter) const;
  void paintFuture(QPainter& painter) const;
  void paintLoop(QPainter& painter) const;
  void paintFrames(QPainter& painter) const;
  void paintMarks(QPainter& painter) const;
  void paintCursor(QPainter& painter) const;
  QRectF tagRect() const;
  bool isInside(double x) const;

  TimelinePlot& m_plot;
};

}  // namespace anchorlens::widgets
