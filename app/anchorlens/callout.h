// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/theme.h"

#include <QPoint>
#include <QRect>
#include <QWidget>

class QHBoxLayout;
class QLabel;

namespace anchorlens::app {

/// A note with a tip that points at something in the window. It takes no input that is not meant
/// for itself.
class Callout : public QWidget {
  Q_OBJECT

 public:
  /// UntilInput: closes itself on the next click anywhere in the window or on any key.
  enum class Stay { UntilInput, UntilClosed };

  Callout(const QString& text, const widgets::Theme& theme, QWidget* window,
          Stay stay = Stay::UntilInput);
  void setText(const QString& text);
  /// Under the text, for buttons.
  QHBoxLayout* row() const { return m_row; }
  /// The tip is put at `target` (in the window's coordinates), the note above it.
  void pointAt(const QPoint& target);
  /// The same at the upper border of a part of the window, or at its lower one where there is no
  /// room above.
  void pointAt(const QRect& target);

 signals:
  void closed();

 protected:
  void paintEvent(QPaintEvent* event) override;
  bool eventFilter(QObject* object, QEvent* event) override;

 private:
  int neededHeight() const;
  void place(const QPoint& tip, bool is_below);

  widgets::Theme m_theme;
  QLabel* m_label = nullptr;
  QHBoxLayout* m_row = nullptr;
  int m_tip_x = 0;
  bool m_is_below = false;  ///< the note is below what it points at
};

}  // namespace anchorlens::app
