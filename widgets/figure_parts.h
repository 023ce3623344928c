// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/figure.h"
#include "widgets/time_scale.h"

#include <QFont>
#include <QRectF>

/// Inside of figure.h: painting in units of a tenth of a point, so that fonts, which have whole
/// sizes, come out as asked for.
namespace anchorlens::widgets {

inline constexpr double kUnitsPerPoint = 10;
inline constexpr double kUnitsPerInch = 72 * kUnitsPerPoint;

/// Where text and cells go. Without a painter nothing is drawn: for measuring.
struct FigureCanvas {
  QPainter* painter = nullptr;
  const FigureRequest& request;
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

FigureCanvas makeCanvas(QPainter* painter, const FigureRequest& request);

bool needsHeads(FigureItem item);
bool needsWeights(FigureItem item);

/// Each draws from (0, top) over the canvas' width and returns the height it takes.
double paintSelectedHead(const FigureCanvas& canvas, double top);
double paintAllHeads(const FigureCanvas& canvas, double top);
double paintCurves(const FigureCanvas& canvas, double top);
double paintScores(const FigureCanvas& canvas, double top);
double paintFlowFigure(const FigureCanvas& canvas, double top);
double paintPhaseFigure(const FigureCanvas& canvas, double top);
double paintStudyCurves(const FigureCanvas& canvas, double top);
double paintStudyScores(const FigureCanvas& canvas, double top);

/// Everything with margins and provenance; returns the height.
double paintWhole(const FigureCanvas& canvas);

QByteArray figureSvg(const FigureRequest& request);
QByteArray figurePdf(const FigureRequest& request);
QByteArray figurePng(const FigureRequest& request, double dpi);
QByteArray figureNpz(const FigureRequest& request);
/// Why a study's figure cannot be drawn; empty when it can.
QString studyFigureProblem(const FigureRequest& request);
/// What is shown and of how many runs.
QStringList studyProvenance(const FigureRequest& request);
NumberTable figureNumbers(const FigureRequest& request);

}  // namespace anchorlens::widgets
