// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QEvent>
#include <QObject>

namespace anchorlens::tests {

/// Counts the paint events of one widget.
class PaintCounter : public QObject {
 public:
  explicit PaintCounter(QObject* widget) { widget->installEventFilter(this); }
  int count() const { return m_count; }

 protected:
  bool eventFilter(QObject*, QEvent* event) override {
    m_count += event->type() == QEvent::Paint ? 1 : 0;
    return false;
  }

 private:
  int m_count = 0;
};

}  // namespace anchorlens::tests
