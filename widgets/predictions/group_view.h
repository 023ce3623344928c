// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/placed_text.h"
#include "widgets/predictions/group_paint.h"
#include "widgets/theme.h"

#include <QWidget>

#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace anchorlens::widgets {

/// The matrix of groups: accuracy or loss at the cursor on the colour scale, and beside it over
/// time.
class GroupView : public QWidget {
  Q_OBJECT

 public:
  explicit GroupView(QWidget* parent = nullptr);

  void setMatrix(GroupMatrix matrix, std::int64_t step);
  void setCurves(std::vector<GroupCurve> curves);
  void setValue(GroupValue value);
  GroupValue value() const { return m_value; }
  /// lossScaleText(); empty for accuracies, which go from 0 to 1.
  QString scaleText() const;
  void setTheme(const Theme& theme);

  const GroupMatrix& matrix() const { return m_matrix; }
  NumberTable numbers() const { return groupNumbers(m_matrix, m_step); }
  QRectF cellRect(int row, int column) const;
  /// "A=3 B=4, held-out keys: accuracy 0.98, loss 0.051, 512 sequences"
  QString description(int row, int column) const;
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override { return sizeHint(); }

 protected:
  bool event(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  void point(int row, int column);
  std::optional<std::pair<int, int>> cellAt(QPointF at) const;  ///< row and column
  /// What the cell there says, and the names over the columns, which may be cut.
  std::vector<PlacedText> textsAt(QPointF at) const;

  GroupMatrix m_matrix;
  std::vector<GroupCurve> m_curves;
  GroupValue m_value = GroupValue::Accuracy;
  std::int64_t m_step = 0;
  Theme m_theme = Theme::dark();
  int m_row = -1;
  int m_column = -1;
};

}  // namespace anchorlens::widgets
