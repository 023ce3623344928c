// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointF>
#include <QString>

class QFont;
class QPainterPath;

namespace anchorlens::widgets {

/// Adds one line of text with its baseline at `origin`. Unlike QPainterPath::addText, whose
/// outlines are rounded otherwise once the same font was drawn on a screen, equal texts have equal
/// outlines in every thread and process. Fonts that are not the program's own come from the system
/// as they are.
void addOutlines(QPainterPath& path, const QPointF& origin, const QFont& font, const QString& text);

}  // namespace anchorlens::widgets
