// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/composer/chips.h"

#include <QLineEdit>
#include <QMenu>
#include <QPointer>
#include <QWidget>

#include <optional>

namespace anchorlens::widgets {

/// A pattern as chips: drag reorders, double click and F2 edit in place, Delete removes, + and
/// Insert offer what can be added; Left and Right select, Alt+Left and Alt+Right move. Shows the
/// tree that it is given and tells the tree that is wanted.
class ChipRow : public QWidget {
  Q_OBJECT

 public:
  explicit ChipRow(QWidget* parent = nullptr);

  void setPattern(const core::Pattern& pattern);
  const core::Pattern& pattern() const { return m_pattern; }
  /// Tokens of the task's anchors: a new fixed token is another one.
  void setAnchorTokens(const std::vector<int>& tokens) { m_anchor_tokens = tokens; }
  void setReadOnly(bool read_only);
  /// The text does not parse: these chips are the last ones that did.
  void setStale(bool stale);
  void setTheme(const Theme& theme);

  const std::vector<Chip>& chips() const { return m_line.chips; }
  int selected() const { return m_selected; }
  void select(int chip);
  /// Opens the editor on a chip; its text is applied by Return and when the focus leaves.
  void startEditing(int chip);
  QLineEdit* editor() const { return m_editor; }
  QMenu* addMenu();

  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;
  bool hasHeightForWidth() const override { return true; }
  int heightForWidth(int width) const override;

 signals:
  void edited(const anchorlens::core::Pattern& next, const QString& text);
  /// What was typed into a chip is not in the language; empty: resolved.
  void problem(const QString& message);

 protected:
  bool event(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void changeEvent(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;
  bool eventFilter(QObject* object, QEvent* event) override;

 private:
  // chip_row.cpp
  void rebuild(const core::ItemPath& selected);
  void layOut();
  void announce();
  int chipAt(QPointF position) const;
  int neighbour(int chip, int by) const;
  core::ItemPath selectedPath() const;
  void apply(const core::EditedItems& edited, const QString& text);
  void apply(core::Pattern next, const core::ItemPath& selected, const QString& text);

  // chip_row_edit.cpp
  void removeSelected();
  void moveSelected(int by);
  void showAddMenu();
  void add(core::Item::Kind kind);
  void addBlockHere();
  core::ItemPath placeToAdd() const;
  bool finishEditing(bool keep);
  void replaceEdited(const core::Sequence& with);
  std::optional<std::size_t> gapAt(QPointF position) const;
  void drop();

  core::Pattern m_pattern;
  ChipLine m_line;
  std::vector<int> m_anchor_tokens;
  Theme m_theme = Theme::dark();
  int m_selected = 0;
  bool m_is_read_only = false;
  bool m_is_stale = false;
  QPointer<QLineEdit> m_editor;
  QPointer<QMenu> m_menu;
  int m_edited_chip = -1;
  QPointF m_press;
  int m_pressed_chip = -1;
  std::optional<std::size_t> m_drop_gap;  ///< while a chip is dragged
  bool m_is_dragging = false;
};

}  // namespace anchorlens::widgets
