// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment/edit_held_out.h"
#include "widgets/theme.h"

#include <QString>
#include <QWidget>

#include <optional>
#include <set>
#include <utility>
#include <vector>

class QFont;

namespace anchorlens::widgets {

class PatternEdit;

/// What the matrix shows of one combination of anchors.
struct PairCell {
  bool exists = true;  ///< false: the pattern never draws it
  core::CombinationState state = core::CombinationState::Trained;
  QString operation;  ///< what it composes to: "x-10"; empty when that cannot be said
  QString taught;     ///< relabelled: the operation in training, as it stands in the file
  bool is_by_wider_rule = false;  ///< held out by a rule of one anchor alone
  bool operator==(const PairCell&) const = default;
};

/// "x-10" as one says it: "x minus 10".
QString spokenOperation(const QString& operation);
/// As people write it: 3x for 3*x.
QString shownOperation(const QString& operation);

/// Combinations of two anchors as a matrix, the first down and the second across, painted by click
/// and drag; or of one anchor as a list. Arrow keys move, Space cycles the state, Enter edits the
/// operation of training. Edits nothing itself.
class PairMatrix : public QWidget {
  Q_OBJECT

 public:
  explicit PairMatrix(QWidget* parent = nullptr);

  struct Axis {
    QString name;  ///< of the variable; empty: there is no such axis
    std::vector<int> tokens;
    bool operator==(const Axis&) const = default;
  };
  /// `cells` row by row. Without a second axis there is one column.
  void setCells(const Axis& first, const Axis& second, std::vector<PairCell> cells);
  /// Anchors that have a problem: their cells are dim and keep their state.
  void setBroken(const std::set<int>& tokens);
  void setBrush(core::CombinationState state) { m_brush = state; }
  core::CombinationState brush() const { return m_brush; }
  void setReadOnly(bool read_only);
  void setTheme(const Theme& theme);
  void setCompact(bool compact);

  int rows() const { return static_cast<int>(m_first.tokens.size()); }
  int columns() const;
  const PairCell& cell(int row, int column) const;
  bool isBroken(int row, int column) const;
  QRect cellRect(int row, int column) const;
  std::pair<int, int> currentCell() const { return {m_row, m_column}; }
  void setCurrentCell(int row, int column);
  /// "First 3, second 4, x minus 10, held out"
  QString cellText(int row, int column) const;
  bool isEditing() const { return m_editor != nullptr; }

  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 signals:
  /// Cells of one stroke, or of one press of Space, have one number.
  void paintRequested(int row, int column, anchorlens::core::CombinationState state, int stroke);
  void relabelRequested(int row, int column, const QString& operation);
  void currentCellChanged();

 protected:
  bool event(QEvent* event) override;
  bool eventFilter(QObject* object, QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  bool isList() const { return m_second.name.isEmpty(); }
  int headerWidth() const;
  int headerHeight() const;
  int cellHeight() const;
  std::optional<std::pair<int, int>> cellAt(const QPoint& position) const;
  void paintCellTo(int row, int column);
  void beginEdit();
  void endEdit(bool take);
  void announce();

  void paintHeaders(QPainter& painter) const;
  void paintCell(QPainter& painter, int row, int column) const;
  void paintFrame(QPainter& painter, const QRectF& box, const PairCell& cell, bool dim) const;
  void paintTexts(QPainter& painter, const QRectF& box, const PairCell& cell, bool dim) const;
  QString note(const PairCell& cell) const;

  Axis m_first;
  Axis m_second;
  std::vector<PairCell> m_cells;
  std::set<int> m_broken;
  core::CombinationState m_brush = core::CombinationState::HeldOut;
  Theme m_theme = Theme::dark();
  bool m_is_read_only = false;
  bool m_is_compact = false;
  int m_row = 0;
  int m_column = 0;
  int m_stroke = 0;
  std::optional<std::pair<int, int>> m_last_painted;
  PatternEdit* m_editor = nullptr;
};

}  // namespace anchorlens::widgets
