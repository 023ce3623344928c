// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/figure/figure.h"
#include "widgets/weights/weights_picture.h"

namespace anchorlens::widgets {

/// A page of the Weights tab, or one plot of it.
class WeightsFigure : public FigureContent {
 public:
  /// `plot`: id of the only one; empty: the whole page.
  WeightsFigure(PicturePtr picture, WeightsPage page, QString plot);
  QString view() const override;
  QString problem() const override;
  std::vector<std::int64_t> steps() const override;
  double paint(const FigureCanvas& canvas, double top) const override;
  NumberTable numbers() const override;
  void addArrays(NpzWriter& npz) const override;

 private:
  PicturePtr m_picture;
  WeightsPage m_page;
  QString m_plot;
  std::vector<PlotPtr> m_plots;
};

}  // namespace anchorlens::widgets
