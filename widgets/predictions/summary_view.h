// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/predictions/probe_summary.h"
#include "widgets/theme.h"

#include <QRectF>
#include <QWidget>

#include <memory>

class QPainter;

namespace anchorlens::widgets {

struct SummaryPaintOptions {
  double font_px = 13;
  double unit = 1;
  bool text_as_paths = false;
};

/// Bars of predicted minus right answer; 0 is right. Heights by the share of the probe.
void paintDeviations(QPainter& painter, const QRectF& area, const ProbeSummary& summary,
                     const SummaryPaintOptions& options, const Theme& theme);
/// Wrong answers as a matrix, and the most frequent ones, as many as fit: "46 → 47  3".
void paintConfusions(QPainter& painter, const QRectF& area, const ProbeSummary& summary,
                     const SummaryPaintOptions& options, const Theme& theme);
/// Probability of each answer by the model over the sequence's key; lines at the true ones.
void paintCalibration(QPainter& painter, const QRectF& area, const ProbeSummary& summary,
                      const SummaryPaintOptions& options, const Theme& theme);

/// All of them in one area.
void paintSummary(QPainter& painter, const QRectF& area, const ProbeSummary& summary,
                  const SummaryPaintOptions& options, const Theme& theme);

/// The whole probe at once: how far off, which tokens are confused, and for stochastic tasks
/// whether the probabilities are right.
class SummaryView : public QWidget {
  Q_OBJECT

 public:
  explicit SummaryView(QWidget* parent = nullptr);
  void setSummary(std::shared_ptr<const ProbeSummary> summary);
  void setEmptyText(const QString& text);
  void setTheme(const Theme& theme);
  const std::shared_ptr<const ProbeSummary>& summary() const { return m_summary; }
  QSize sizeHint() const override { return {640, 360}; }
  QSize minimumSizeHint() const override { return {360, 220}; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  std::shared_ptr<const ProbeSummary> m_summary;
  Theme m_theme = Theme::dark();
  QString m_empty_text;
};

}  // namespace anchorlens::widgets
