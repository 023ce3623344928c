// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/weights/plot_paint.h"

#include <QPixmap>
#include <QWidget>

namespace anchorlens::widgets {

/// One plot with its title: hover and arrow keys walk over cells, points and lines. Small ones show
/// no axes; a click or Enter asks for the large place.
class PlotView : public QWidget {
  Q_OBJECT

 public:
  explicit PlotView(QWidget* parent = nullptr);

  void setPlot(PlotPtr plot);
  const PlotPtr& plot() const { return m_plot; }
  void setTheme(const Theme& theme);
  /// The one that stands in the large place: it has a frame of its own and is not asked for again.
  void setLarge(bool large);
  bool isLarge() const { return m_is_large; }

  PlotItem item() const { return m_item; }
  void setItem(PlotItem item);
  /// One that is pointed at elsewhere: marked while none is here.
  void setLinked(PlotItem item);
  /// Where it is drawn; empty: nothing is pointed at.
  QRectF itemBox() const;
  const PlotLayout& plotLayout() const { return m_layout; }
  QSize sizeHint() const override { return {260, 200}; }
  QSize minimumSizeHint() const override { return {90, 70}; }

 signals:
  void enlarged();
  /// What is pointed at changed, or what is there.
  void itemChanged();

 protected:
  bool event(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void changeEvent(QEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;
  void leaveEvent(QEvent* event) override;

 private:
  PlotStyle style() const;
  void layOut();
  /// The picture is another one: it is drawn once, in an event of its own, so that the plots of a
  /// page do not hold up the window together.
  void redraw();
  void draw();
  void describe();
  void paintTitle(QPainter& painter) const;
  QRectF titleBox() const;
  double titleHeight() const;

  PlotPtr m_plot;
  PlotLayout m_layout;
  Theme m_theme = Theme::dark();
  PlotItem m_item;
  PlotItem m_linked;
  QPixmap m_picture;  ///< all but what is pointed at and the focus
  bool m_is_stale = true;
  bool m_is_large = false;
};

}  // namespace anchorlens::widgets
