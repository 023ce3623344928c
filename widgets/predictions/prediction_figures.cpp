// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/predictions/prediction_figures.h"

#include "widgets/figure/figure_canvas.h"
#include "widgets/fonts.h"
#include "widgets/npz.h"
#include "widgets/number_format.h"
#include "widgets/predictions/prediction_paint.h"
#include "widgets/predictions/summary_paint.h"

#include <QPainter>

#include <algorithm>

namespace anchorlens::widgets {

namespace {

/// "Accuracy by group  step 600"; returns the height.
double paintTitle(const FigureCanvas& canvas, double top, const QString& title, std::int64_t step) {
  const double f = canvas.font;
  canvas.text(QRectF(0, top, canvas.width, f * 1.6), Qt::AlignLeft | Qt::AlignVCenter,
              QStringLiteral("%1, step %2").arg(title, formatInteger(step)),
              textFont(f, Weight::SemiBold), canvas.theme.text);
  return f * 2;
}

/// The table with its columns named "prefix.column".
void addPrefixed(NpzWriter& npz, const QString& prefix, NumberTable table) {
  for (QString& column : table.columns)
    column = prefix + QLatin1Char('.') + column;
  npz.add(table);
}

}  // namespace

QString PredictionsFigure::problem() const {
  return m_rows.empty() ? QStringLiteral("The frame has no predictions.") : QString();
}

double PredictionsFigure::paint(const FigureCanvas& canvas, double top) const {
  const double title = paintTitle(canvas, top, QStringLiteral("Predictions"), m_step);
  PredictionPaintOptions options;
  options.font_px = canvas.font;
  options.unit = canvas.unit();
  options.text_as_paths = canvas.text_as_paths;
  PredictionColumns at = predictionColumns(m_rows, options.font_px, canvas.width);
  if (at.width > canvas.width) {
    // Long sequences: everything smaller, so that nothing is cut.
    const double share = canvas.width / at.width;
    options.font_px *= share;
    options.unit *= share;
    at = predictionColumns(m_rows, options.font_px, canvas.width);
  }
  for (std::size_t i = 0; canvas.painter != nullptr && i < m_rows.size(); ++i) {
    const QRectF box(0, top + title + at.height * static_cast<double>(i), canvas.width, at.height);
    canvas.painter->setRenderHint(QPainter::Antialiasing);
    canvas.painter->setPen(QPen(canvas.theme.rule, options.unit));
    canvas.painter->drawLine(box.bottomLeft(), box.bottomRight());
    paintPrediction(*canvas.painter, m_rows[i], box, at, options, canvas.theme);
  }
  return title + at.height * static_cast<double>(m_rows.size());
}

QString GroupsFigure::problem() const {
  return m_matrix.isEmpty() ? QStringLiteral("There is no evaluation at this step.") : QString();
}

double GroupsFigure::paint(const FigureCanvas& canvas, double top) const {
  QString name = groupValueTitle(m_value);
  if (const QString scale = lossScaleText(m_curves);
      m_value == GroupValue::Loss && !scale.isEmpty())
    name += QStringLiteral(" (%1)").arg(scale);
  const double title = paintTitle(canvas, top, name, m_step);
  GroupPaintOptions options;
  options.value = m_value;
  options.font_px = canvas.font;
  options.unit = canvas.unit();
  options.text_as_paths = canvas.text_as_paths;
  QSizeF size = groupsSize(m_matrix, options.font_px);
  if (size.width() > canvas.width) {
    options.font_px *= canvas.width / size.width();
    options.unit *= canvas.width / size.width();
    size = groupsSize(m_matrix, options.font_px);
  }
  if (canvas.painter != nullptr) {
    paintGroups(*canvas.painter, {0, top + title}, m_matrix, m_curves, m_step, options,
                canvas.theme);
  }
  return title + size.height();
}

QString ProbeFigure::problem() const {
  return !m_summary || m_summary->n == 0 ? QStringLiteral("The probe has no answers yet.")
                                         : QString();
}

double ProbeFigure::paint(const FigureCanvas& canvas, double top) const {
  const bool has_calibration = !m_summary->calibration.empty();
  const double height = canvas.font * 16 * (has_calibration ? 2 : 1.2);
  if (canvas.painter != nullptr) {
    SummaryPaintOptions options;
    options.font_px = canvas.font;
    options.unit = canvas.unit();
    options.text_as_paths = canvas.text_as_paths;
    paintSummary(*canvas.painter, QRectF(0, top, canvas.width, height), *m_summary, options,
                 canvas.theme);
  }
  return height;
}

void ProbeFigure::addArrays(NpzWriter& npz) const {
  addPrefixed(npz, QStringLiteral("deviation"), deviationNumbers(*m_summary));
  addPrefixed(npz, QStringLiteral("confusion"), confusionNumbers(*m_summary));
  addPrefixed(npz, QStringLiteral("calibration"), calibrationNumbers(*m_summary));
}

QString LensFigure::problem() const {
  return m_lens.isEmpty() ? QStringLiteral("The lens reads one sequence: choose one.") : QString();
}

double LensFigure::paint(const FigureCanvas& canvas, double top) const {
  const double f = canvas.font;
  const double title = paintTitle(canvas, top, QStringLiteral("Logit lens"), m_lens.step);
  const double height = (m_lens.n_layers + 1) * f * 2.4 + f * 4.2;
  if (canvas.painter != nullptr) {
    LensPaintOptions options;
    options.map = canvas.style.map;
    options.font_px = f;
    options.unit = canvas.unit();
    options.text_as_paths = canvas.text_as_paths;
    paintLens(*canvas.painter, QRectF(0, top + title, canvas.width, height), m_lens, options,
              canvas.theme);
  }
  return title + height;
}

}  // namespace anchorlens::widgets
