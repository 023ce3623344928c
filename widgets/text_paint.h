// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>
#include <QRectF>
#include <QString>

class QColor;
class QPainter;

namespace anchorlens::widgets {

/// One line of text in `box`, aligned as asked; vertically the capital letters are centred, not the
/// line box, so that text sits right in small boxes. `as_paths`: outlines instead of glyphs, the
/// same on every machine.
void paintText(QPainter& painter, const QRectF& box, Qt::Alignment alignment, const QString& text,
               const QFont& font, const QColor& colour, bool as_paths = false);

/// The same, reading upwards.
void paintTextUpwards(QPainter& painter, const QRectF& box, Qt::Alignment alignment,
                      const QString& text, const QFont& font, const QColor& colour,
                      bool as_paths = false);

double textWidth(const QString& text, const QFont& font);

/// Shortened with an ellipsis to fit.
QString elided(const QString& text, const QFont& font, double width);

/// `a` with a share of `b` in it.
QColor mixed(const QColor& a, const QColor& b, double share);

}  // namespace anchorlens::widgets
