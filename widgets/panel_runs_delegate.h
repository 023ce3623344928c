// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/theme.h"

#include <QStyledItemDelegate>

namespace anchorlens::widgets {

struct RunRow;

/// Paints a run: colour, name and accuracy above, status icon with text and difference below.
class RunDelegate : public QStyledItemDelegate {
  Q_OBJECT

 public:
  /// The tick for Compare stands in so much of the right end.
  static constexpr int kTickWidth = 34;
  /// A press left of this folds the row.
  static int arrowEnd(const RunRow& row);

  using QStyledItemDelegate::QStyledItemDelegate;
  void setTheme(const Theme& theme) { m_theme = theme; }
  void setCompact(bool compact) { m_is_compact = compact; }

  void paint(QPainter* painter, const QStyleOptionViewItem& option,
             const QModelIndex& index) const override;
  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
  /// Ticks are the panel's: Qt's own would be toggled by a press on the colour.
  bool editorEvent(QEvent*, QAbstractItemModel*, const QStyleOptionViewItem&,
                   const QModelIndex&) override {
    return false;
  }
  void updateEditorGeometry(QWidget* editor, const QStyleOptionViewItem& option,
                            const QModelIndex& index) const override;

 private:
  Theme m_theme = Theme::dark();
  bool m_is_compact = false;
};

}  // namespace anchorlens::widgets
