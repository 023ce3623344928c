// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment.h"
#include "widgets/theme.h"

#include <QRectF>
#include <QWidget>

#include <array>
#include <cstdint>
#include <optional>

namespace anchorlens::widgets {

/// The learning rate over the steps of a run, by the function that the trainer takes it from. The
/// pointer or Left and Right tell the rate at a step.
class ScheduleCurve : public QWidget {
  Q_OBJECT

 public:
  explicit ScheduleCurve(QWidget* parent = nullptr);

  void setExperiment(const core::ExperimentSpec& experiment);
  void setTheme(const Theme& theme);

  std::int64_t totalSteps() const { return m_total; }
  double rateAt(std::int64_t step) const;
  /// "Step 1 200 of 1 500, epoch 38: 0.000187"; of the step that is pointed at, else the whole in
  /// words: "Warm-up from 0 until step 100, then constant at 0.0003".
  QString readout() const;
  std::optional<std::int64_t> pointedStep() const { return m_pointed; }
  /// Where the curve stands in the widget, and where a step stands on it.
  QRectF plotArea() const;
  double xOf(double step) const;

  QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;

 private:
  double highest() const;
  std::array<double, 3> rateTicks() const;
  double axisFont() const;
  QString summary() const;
  void point(std::optional<std::int64_t> step);
  void paintAxes(QPainter& painter, const QRectF& plot) const;
  void paintMarks(QPainter& painter, const QRectF& plot) const;
  void paintCurve(QPainter& painter, const QRectF& plot) const;

  core::TrainingSpec m_training;
  std::int64_t m_per_epoch = 1;
  std::int64_t m_total = 0;
  Theme m_theme = Theme::dark();
  std::optional<std::int64_t> m_pointed;
};

}  // namespace anchorlens::widgets
