// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment.h"
#include "widgets/theme.h"
#include "widgets/time_scale.h"

#include <QWidget>

#include <array>
#include <cstdint>
#include <vector>

namespace anchorlens::widgets {

/// When a run evaluates, keeps frames and writes checkpoints: a tick each over the steps of the
/// run, one row a kind. The axis is logarithmic when frames or evaluations are log-spaced.
class RecordTicks : public QWidget {
  Q_OBJECT

 public:
  struct Row {
    QString name;
    std::int64_t count = 0;           ///< in words: all of them
    std::vector<std::int64_t> steps;  ///< those that are drawn
  };

  explicit RecordTicks(QWidget* parent = nullptr);

  void setExperiment(const core::ExperimentSpec& experiment);
  void setTheme(const Theme& theme);
  const std::array<Row, 3>& rows() const { return m_rows; }
  bool isLogarithmic() const { return m_scale.is_logarithmic; }
  /// Where a step stands, from the left edge of the widget.
  double xOf(double step) const;

  QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;
  bool event(QEvent* event) override;

 private:
  double axisFont() const;
  double rowHeight() const;
  void measure();
  void paintAxis(QPainter& painter) const;
  void paintRow(QPainter& painter, int row) const;
  QString nearest(const QPointF& at) const;

  std::array<Row, 3> m_rows;
  std::int64_t m_total = 0;
  double m_left = 0;  ///< where the axis begins, right of names and counts
  TimeScale m_scale;
  Theme m_theme = Theme::dark();
};

}  // namespace anchorlens::widgets
