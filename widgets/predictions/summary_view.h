// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/predictions/summary_paint.h"

#include <QWidget>

#include <memory>
#include <vector>

namespace anchorlens::widgets {

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
  /// What is pointed at, as a sentence; empty: nothing is.
  QString description() const;

 protected:
  bool event(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  QRectF area() const;
  SummaryPaintOptions options() const;
  std::vector<SummaryItem> items() const;
  void point(int item);

  std::shared_ptr<const ProbeSummary> m_summary;
  Theme m_theme = Theme::dark();
  QString m_empty_text;
  int m_item = -1;  ///< that is pointed at
};

}  // namespace anchorlens::widgets
