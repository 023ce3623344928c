// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace anchorlens::widgets {

class TimelinePlot;
struct Lane;
struct GroupSeries;

/// The column left of the lanes: names, and values at the cursor. A click on a strip's name selects
/// the head, on "12 without pattern" unfolds them.
class TimelineHeader : public QWidget {
  Q_OBJECT

 public:
  TimelineHeader(TimelinePlot* plot, QWidget* parent);

 signals:
  void headClicked(int layer, int head);
  void foldClicked();

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  bool event(QEvent* event) override;

 private:
  int laneAt(QPoint point) const;
  void paintLane(QPainter& painter, const Lane& lane, const QRectF& band) const;
  void paintCurves(QPainter& painter, bool is_loss, const QRectF& band) const;
  void paintGroup(QPainter& painter, const GroupSeries& group, bool is_loss,
                  const QRectF& row) const;
  void paintStrip(QPainter& painter, const Lane& lane, const QRectF& band) const;
  QString groupValue(const GroupSeries& group, bool is_loss) const;
  double valueLeft() const;

  TimelinePlot& m_plot;
};

}  // namespace anchorlens::widgets
