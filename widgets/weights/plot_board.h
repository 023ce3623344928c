// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/head_map_data.h"
#include "widgets/weights/plot_view.h"

#include <QWidget>

#include <vector>

namespace anchorlens::widgets {

class PlotTip;

/// Plots side by side: one large, the others small beside it, in their order. The views stay where
/// they are while plots come and go, so that hover and focus survive a scrub.
class PlotBoard : public QWidget {
  Q_OBJECT

 public:
  explicit PlotBoard(QWidget* parent = nullptr);

  void setPlots(const std::vector<PlotPtr>& plots);
  void setTheme(const Theme& theme);
  /// By the plot's id; the first one when there is none of that id.
  void setLarge(const QString& id);
  QString largeId() const;
  const PlotPtr& largePlot() const;
  PlotView* largeView() const;
  const std::vector<PlotView*>& views() const { return m_views; }
  /// The attention of a reader to a source, which the QK of positions has too.
  void setLinkedCell(Cell cell);

 signals:
  void largeChanged(const QString& id);
  /// One of the QK of positions is pointed at.
  void cellHovered(anchorlens::widgets::Cell cell);

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void place();
  void showLinked();

  Theme m_theme = Theme::dark();
  std::vector<PlotView*> m_views;
  PlotTip* m_tip = nullptr;
  Cell m_linked;
  std::size_t m_large = 0;
  QString m_wanted;
};

}  // namespace anchorlens::widgets
