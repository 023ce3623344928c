// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/badge.h"
#include "widgets/figure/figure.h"
#include "widgets/head_map_data.h"
#include "widgets/head_values.h"

/// Figures of attention: one head, all heads, all heads at several steps.
namespace anchorlens::widgets {

/// All heads at one step.
struct FigureHeads {
  std::int64_t step = 0;
  int n_layers = 0;
  int n_heads = 0;
  std::vector<HeadMapData> maps;  ///< [layer * n_heads + head]
  std::vector<BadgeInfo> badges;  ///< the same, or empty
  /// The same: how cells that are not attention are read; empty: they are attention.
  std::vector<HeadReading> readings;

  HeadReading reading(std::size_t head) const {
    return head < readings.size() ? readings[head] : HeadReading{};
  }
};

/// Maps and badges of one frame.
FigureHeads figureHeads(const core::Frame& frame, const std::vector<core::HeadLabel>& labels,
                        const ProbeContext& probe, ProbeChoice choice);

class HeadsFigure : public FigureContent {
 public:
  explicit HeadsFigure(std::vector<FigureHeads> steps) : m_steps(std::move(steps)) {}
  QString view() const override { return QStringLiteral("heads"); }
  QString problem() const override;
  std::vector<std::int64_t> steps() const override;
  double paint(const FigureCanvas& canvas, double top) const override;
  NumberTable numbers() const override;
  void addArrays(NpzWriter& npz) const override;

 private:
  std::vector<FigureHeads> m_steps;
};

class OneHeadFigure : public FigureContent {
 public:
  OneHeadFigure(FigureHeads heads, int layer, int head)
      : m_heads(std::move(heads)), m_layer(layer), m_head(head) {}
  QString view() const override { return QStringLiteral("head"); }
  QString problem() const override;
  std::vector<std::int64_t> steps() const override { return {m_heads.step}; }
  double paint(const FigureCanvas& canvas, double top) const override;
  NumberTable numbers() const override;
  void addArrays(NpzWriter& npz) const override;

 private:
  std::size_t index() const { return static_cast<std::size_t>(m_layer * m_heads.n_heads + m_head); }

  FigureHeads m_heads;
  int m_layer = 0;
  int m_head = 0;
};

}  // namespace anchorlens::widgets
