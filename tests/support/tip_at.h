// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QHelpEvent>
#include <QToolTip>
#include <QWidget>

namespace anchorlens::tests {

/// What the tooltip says when it is asked for at a point of a widget.
inline QString tipAt(QWidget& over, QPointF at) {
  const QPoint point = at.toPoint();
  QHelpEvent help(QEvent::ToolTip, point, over.mapToGlobal(point));
  QCoreApplication::sendEvent(&over, &help);
  return QToolTip::text();
}

}  // namespace anchorlens::tests
