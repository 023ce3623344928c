// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/taxonomy/label_spans.h"
#include "widgets/theme.h"
#include "widgets/time_scale.h"

#include <QAbstractScrollArea>

#include <vector>

namespace anchorlens::widgets {

struct RibbonPaintOptions {
  double font_px = 13;
  double unit = 1;
  bool text_as_paths = false;
};

/// Where ribbons lie: names at the left, steps to the right, an axis below.
struct RibbonLayout {
  QRectF field;
  double row = 0;  ///< height
  TimeScale scale;
  double last = 1;  ///< step at the right edge

  double x(double step) const;
  double stepAt(double x) const;
  QRectF rowRect(int index) const;
};
RibbonLayout layoutRibbons(const QRectF& area, std::size_t n_heads, double last_step,
                           const TimeScale& scale, const RibbonPaintOptions& options);
void paintRibbons(QPainter& painter, const RibbonLayout& layout,
                  const std::vector<HeadRibbon>& heads, const RibbonPaintOptions& options,
                  const Theme& theme);

/// Which head is what over time: hue by mechanism, other labels in text; forming ones are pale.
/// A click moves the time cursor there and selects the head; Up and Down go through the heads.
class RibbonChart : public QAbstractScrollArea {
  Q_OBJECT

 public:
  explicit RibbonChart(QWidget* parent = nullptr);

  void setRibbons(std::vector<HeadRibbon> heads, double last_step, const TimeScale& scale);
  void setCursorStep(std::int64_t step);
  void select(int layer, int head);
  void setTheme(const Theme& theme);

  const std::vector<HeadRibbon>& heads() const { return m_heads; }
  const RibbonLayout& ribbonLayout() const { return m_layout; }
  /// "Layer 1 head 0: broadcast from step 200 to 1 500"
  QString description(int index, double step) const;
  QSize minimumSizeHint() const override { return {280, 100}; }

 signals:
  void headSelected(int layer, int head);
  void stepChosen(std::int64_t step);

 protected:
  bool event(QEvent* event) override;
  bool viewportEvent(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  RibbonPaintOptions options() const;
  void layOut();
  int rowAt(double y) const;
  int current() const;
  void choose(int index);

  std::vector<HeadRibbon> m_heads;
  RibbonLayout m_layout;
  TimeScale m_scale;
  double m_last = 1;
  std::int64_t m_step = 0;
  int m_layer = -1;
  int m_head = -1;
  Theme m_theme = Theme::dark();
};

}  // namespace anchorlens::widgets
