// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/language/language.h"
#include "widgets/theme.h"

#include <QPlainTextEdit>
#include <QString>

namespace anchorlens::widgets {

class PatternHighlighter;

/// The pattern line: monospace, coloured as one types (keys, anchors and numbers as in the views),
/// with a mark under the place of an error. Wraps and grows instead of scrolling; takes no line
/// breaks. Works on any text.
class PatternEdit : public QPlainTextEdit {
  Q_OBJECT

 public:
  explicit PatternEdit(QWidget* parent = nullptr);

  QString text() const { return toPlainText(); }
  void setText(const QString& text);
  /// Byte range of an error in the text; length 0: none.
  void setErrorRange(int column, int length);
  void setTheme(const Theme& theme);
  /// Operation: for operations and predicates, in which * multiplies from the start; as high as
  /// the fields beside it.
  void setKind(core::TextKind kind);

  QSize sizeHint() const override;
  QSize minimumSizeHint() const override { return sizeHint(); }

 protected:
  void keyPressEvent(QKeyEvent* event) override;
  void insertFromMimeData(const QMimeData* source) override;
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  void fitHeight();

  PatternHighlighter* m_highlighter = nullptr;
  Theme m_theme = Theme::dark();
  bool m_is_cell = false;
  int m_error_column = 0;
  int m_error_length = 0;
  int m_height = 32;
};

}  // namespace anchorlens::widgets
