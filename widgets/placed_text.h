// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointF>
#include <QRectF>
#include <QString>

#include <vector>

class QHelpEvent;
class QWidget;

namespace anchorlens::widgets {

/// A text at its place in a view, where it may be cut.
struct PlacedText {
  QRectF box;
  QString text;  ///< in full
};

/// Answers a ToolTip event of `over`: shows the text under the pointer (the first one, where they
/// lie over each other), else hides the tip. `scrolled`: how far the boxes are.
void tellTextUnder(const QHelpEvent& event, const std::vector<PlacedText>& texts, QWidget& over,
                   QPointF scrolled = {});

/// "Run 7, step 400": a title and what stands beside it, which may be nothing.
QString titleText(const QString& name, const QString& rest);

}  // namespace anchorlens::widgets
