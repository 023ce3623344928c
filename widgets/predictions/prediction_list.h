// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/predictions/prediction_paint.h"
#include "widgets/theme.h"

#include <QAbstractScrollArea>

#include <vector>

namespace anchorlens::widgets {

/// The shown sequences with what the model answers: tokens by role, the right answer, and the five
/// most probable tokens with a bar each. Arrow keys or a click choose a sequence.
class PredictionList : public QAbstractScrollArea {
  Q_OBJECT

 public:
  explicit PredictionList(QWidget* parent = nullptr);

  void setRows(std::vector<PredictionRow> rows);
  /// In place of rows when there are none: one sentence.
  void setEmptyText(const QString& text);
  const QString& emptyText() const { return m_empty_text; }
  void setTheme(const Theme& theme);
  /// The sequence that all views look at; marked when it is among the rows.
  void setSequence(int sequence);

  const std::vector<PredictionRow>& rows() const { return m_rows; }
  QRect rowRect(int row) const;  ///< in the viewport
  /// "Sequence 3, answer 46: 46 with 0.98, right; 45 with 0.01; ..."
  QString description(int row) const;
  QSize minimumSizeHint() const override { return {260, 160}; }

 signals:
  void sequenceSelected(int sequence);

 protected:
  bool event(QEvent* event) override;
  bool viewportEvent(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  PredictionColumns columns() const;
  int current() const;
  void choose(int row);
  void layOut();

  std::vector<PredictionRow> m_rows;
  Theme m_theme = Theme::dark();
  QString m_empty_text;
  int m_sequence = -1;
};

}  // namespace anchorlens::widgets
