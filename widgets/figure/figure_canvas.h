// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/figure/figure.h"
#include "widgets/head_map.h"
#include "widgets/theme.h"

#include <QFont>
#include <QRectF>

/// What a figure's content paints on, in units of a tenth of a point, so that fonts, which have
/// whole sizes, come out as asked for.
namespace anchorlens::widgets {

inline constexpr double kUnitsPerPoint = 10;
inline constexpr double kUnitsPerInch = 72 * kUnitsPerPoint;

/// Where text and cells go. Without a painter nothing is drawn: for measuring.
struct FigureCanvas {
  QPainter* painter = nullptr;
  const FigureStyle& style;
  Theme theme;
  double font = 80;       ///< units
  double width = 0;       ///< units
  bool is_vector = true;  ///< cells as rectangles, not as an image
  bool text_as_paths = false;

  double unit() const { return font / 13; }  ///< a hairline
  HeadMapOptions mapOptions() const;
  void text(const QRectF& box, Qt::Alignment alignment, const QString& text, const QFont& font,
            const QColor& colour) const;
};

FigureCanvas makeCanvas(QPainter* painter, const FigureStyle& style);

/// The figure with margins and provenance; returns the height.
double paintWhole(const FigureCanvas& canvas, const Figure& figure);

QByteArray figureSvg(const Figure& figure);
QByteArray figurePdf(const Figure& figure);
/// Replaces the time of writing by the run's, byte for byte, so that no offset in the file moves.
QByteArray withDates(QByteArray pdf, const QDateTime& date);
QByteArray figurePng(const Figure& figure, double dpi);
QByteArray figureNpz(const Figure& figure);
QByteArray figureLatex(const Figure& figure);  ///< empty: no table

}  // namespace anchorlens::widgets
