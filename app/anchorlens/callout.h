// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/theme.h"

#include <QPoint>
#include <QWidget>

class QLabel;

namespace anchorlens::app {

/// A note with a tip that points at something in the window. Closes itself on the next click
/// anywhere in the window or on any key.
class Callout : public QWidget {
  Q_OBJECT

 public:
  Callout(const QString& text, const widgets::Theme& theme, QWidget* window);
  /// The tip is put at `target` (in the window's coordinates), the note above it.
  void pointAt(const QPoint& target);

 signals:
  void closed();

 protected:
  void paintEvent(QPaintEvent* event) override;
  bool eventFilter(QObject* object, QEvent* event) override;

 private:
  widgets::Theme m_theme;
  QLabel* m_label = nullptr;
  int m_tip_x = 0;
};

}  // namespace anchorlens::app
