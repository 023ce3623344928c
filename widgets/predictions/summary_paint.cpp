// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/predictions/summary_paint.h"

#include "widgets/fonts.h"
#include "widgets/number_format.h"
#include "widgets/text_paint.h"

#include <QCoreApplication>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

namespace {

QString tr(const char* text) {
  return QCoreApplication::translate("Summary", text);
}

double share(std::int64_t n, std::int64_t of) {
  return of > 0 ? static_cast<double>(n) / static_cast<double>(of) : 0;
}

void paintTitle(QPainter& painter, const QRectF& area, const QString& title, const QString& rest,
                const SummaryPaintOptions& options, const Theme& theme) {
  const double f = options.font_px;
  const QFont bold = textFont(f, Weight::SemiBold);
  const QRectF row(area.left(), area.top(), area.width(), f * 1.8);
  paintText(painter, row, Qt::AlignLeft | Qt::AlignVCenter, title, bold, theme.text,
            options.text_as_paths);
  const double used = textWidth(title, bold) + f;
  const QFont plain = textFont(f - options.unit);
  paintText(painter, row.adjusted(used, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter,
            elided(rest, plain, row.width() - used), plain, theme.text_second,
            options.text_as_paths);
}

/// Between the axes.
QRectF shareField(const QRectF& area, const SummaryPaintOptions& options) {
  const double f = options.font_px;
  return area.adjusted(f * 3, f * 2.4, -f * 0.5, -f * 3.4);
}

/// 0, 0.5 and 1 at the left of the field, which it returns.
QRectF paintShareAxis(QPainter& painter, const QRectF& area, const SummaryPaintOptions& options,
                      const Theme& theme) {
  const double f = options.font_px;
  const QRectF field = shareField(area, options);
  painter.setPen(Qt::NoPen);
  painter.setBrush(theme.plot);
  painter.drawRect(field);
  for (const double value : {0.0, 0.5, 1.0}) {
    const double y = field.bottom() - field.height() * value;
    painter.setPen(QPen(theme.rule, options.unit));
    painter.drawLine(QPointF(field.left(), y), QPointF(field.right(), y));
    paintText(painter, QRectF(area.left(), y - f, f * 2.6, 2 * f),
              Qt::AlignRight | Qt::AlignVCenter, QString::number(value), monoFont(f * 0.85),
              theme.text_second, options.text_as_paths);
  }
  return field;
}

void paintAxisName(QPainter& painter, const QRectF& field, const QString& name,
                   const SummaryPaintOptions& options, const Theme& theme) {
  const double f = options.font_px;
  paintText(painter, QRectF(field.left(), field.bottom() + f * 1.7, field.width(), f * 1.4),
            Qt::AlignHCenter | Qt::AlignVCenter, name, textFont(f * 0.85), theme.text_second,
            options.text_as_paths);
}

void paintTick(QPainter& painter, double x, const QRectF& field, const QString& text,
               const SummaryPaintOptions& options, const Theme& theme) {
  const double f = options.font_px;
  paintText(painter, QRectF(x - f * 3, field.bottom() + f * 0.3, f * 6, f * 1.3),
            Qt::AlignHCenter | Qt::AlignVCenter, text, monoFont(f * 0.85), theme.text_second,
            options.text_as_paths);
}

/// Bars by how far off an answer is.
class DeviationBars {
 public:
  DeviationBars(const QRectF& field, const ProbeSummary& summary,
                const SummaryPaintOptions& options)
      : m_field(field), m_n(summary.n), m_unit(options.unit) {
    for (const auto& [deviation, n] : summary.deviations)
      reach = std::max(reach, std::abs(deviation));
    m_width = std::max(field.width() / (2.0 * reach + 3) * 0.8, 1.5 * m_unit);
  }
  double xOf(double deviation) const {
    return m_field.center().x() + deviation / (reach + 1.0) * m_field.width() / 2;
  }
  QRectF bar(std::int32_t deviation, std::int64_t n) const {
    const double height = std::max(m_field.height() * share(n, m_n), m_unit);
    return {xOf(deviation) - m_width / 2, m_field.bottom() - height, m_width, height};
  }

  std::int32_t reach = 5;

 private:
  QRectF m_field;
  std::int64_t m_n;
  double m_unit;
  double m_width = 0;
};

/// Right answers to the right, answers upwards; tokens from `low` to `high`.
class ConfusionCells {
 public:
  ConfusionCells(const QRectF& square, const ProbeSummary& summary,
                 const SummaryPaintOptions& options)
      : m_unit(options.unit) {
    const double f = options.font_px;
    field = square.adjusted(f * 2.4, f * 0.6, -f * 1.4, -f * 3.2);
    low = high = summary.confusions.front().answer;
    for (const Confusion& wrong : summary.confusions) {
      low = std::min({low, wrong.answer, wrong.predicted});
      high = std::max({high, wrong.answer, wrong.predicted});
    }
  }
  QRectF cell(const Confusion& wrong) const {
    const double width = field.width() / (high - low + 1);
    const double height = field.height() / (high - low + 1);
    const double least = 2 * m_unit;  // one token of two hundred must still be seen
    return {field.left() + (wrong.answer - low) * width,
            field.bottom() - (wrong.predicted - low + 1) * height, std::max(width, least),
            std::max(height, least)};
  }

  QRectF field;
  std::int32_t low = 0;
  std::int32_t high = 0;

 private:
  double m_unit;
};

/// Dots by the most probable answer and a probability.
class CalibrationDots {
 public:
  CalibrationDots(const QRectF& field, const ProbeSummary& summary) : m_field(field) {
    low = high = summary.calibration.front().likeliest;
    for (const CalibrationPoint& point : summary.calibration) {
      low = std::min(low, point.likeliest);
      high = std::max(high, point.likeliest);
    }
  }
  QPointF place(std::int32_t key, double p) const {
    const double x = high > low ? static_cast<double>(key - low) / (high - low) : 0.5;
    return {m_field.left() + m_field.width() * x, m_field.bottom() - m_field.height() * p};
  }

  std::int32_t low = 0;
  std::int32_t high = 0;

 private:
  QRectF m_field;
};

/// Where the three lie in one area.
struct SummaryLayout {
  QRectF deviations;
  QRectF calibration;  ///< empty: every answer is certain
  QRectF confusions;
};

SummaryLayout layoutOf(const QRectF& area, const ProbeSummary& summary,
                       const SummaryPaintOptions& options) {
  const double f = options.font_px;
  const double list = f * 14;
  const QRectF rest = area.adjusted(0, 0, -list - f, 0);
  SummaryLayout layout;
  layout.confusions = QRectF(area.right() - list, area.top(), list, area.height());
  layout.deviations = rest;
  if (!summary.calibration.empty()) {
    const double half = rest.height() / 2 - f * 0.5;
    layout.deviations.setHeight(half);
    layout.calibration = QRectF(rest.left(), rest.bottom() - half, rest.width(), half);
  }
  return layout;
}

QRectF confusionSquare(const QRectF& area, const SummaryPaintOptions& options) {
  const double f = options.font_px;
  return {area.left(), area.top() + f * 2.2, area.width(),
          std::min(area.width(), area.height() - f * 2.2)};
}

}  // namespace

void paintDeviations(QPainter& painter, const QRectF& area, const ProbeSummary& summary,
                     const SummaryPaintOptions& options, const Theme& theme) {
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  paintTitle(painter, area, tr("Deviation"),
             tr("%1 of %2 right").arg(formatInteger(summary.n_right), formatInteger(summary.n)),
             options, theme);
  const QRectF field = paintShareAxis(painter, area, options, theme);
  const DeviationBars bars(field, summary, options);
  for (const auto& [deviation, n] : summary.deviations) {
    painter.setPen(Qt::NoPen);
    painter.setBrush(deviation == 0 ? theme.good : theme.error);
    painter.drawRect(bars.bar(deviation, n));
  }
  for (const std::int32_t tick : {-bars.reach, 0, bars.reach})
    paintTick(painter, bars.xOf(tick), field, formatInteger(tick), options, theme);
  paintAxisName(painter, field, tr("predicted − right answer; share of the probe"), options, theme);
  painter.restore();
}

/// A square of right answers (right) by what was answered (up): wrong ones by how often, the
/// diagonal where right ones are.
static void paintConfusionMatrix(QPainter& painter, const QRectF& square,
                                 const ProbeSummary& summary, const SummaryPaintOptions& options,
                                 const Theme& theme) {
  const ConfusionCells cells(square, summary, options);
  const QRectF& field = cells.field;
  const std::int64_t most = summary.confusions.front().n;
  const double f = options.font_px;
  painter.setPen(Qt::NoPen);
  painter.setBrush(theme.plot);
  painter.drawRect(field);
  painter.setPen(QPen(theme.rule, options.unit));
  painter.drawLine(field.bottomLeft(), field.topRight());
  painter.setPen(Qt::NoPen);
  for (const Confusion& wrong : summary.confusions) {
    QColor colour = theme.error;
    colour.setAlphaF(static_cast<float>(0.35 + 0.65 * share(wrong.n, most)));
    painter.setBrush(colour);
    painter.drawRect(cells.cell(wrong));
  }
  const QFont mono = monoFont(f * 0.8);
  for (const std::int32_t token : {cells.low, cells.high}) {
    const double x = token == cells.low ? field.left() : field.right();
    const double y = token == cells.low ? field.bottom() : field.top();
    paintText(painter, QRectF(x - f * 2, field.bottom() + f * 0.2, f * 4, f * 1.2),
              Qt::AlignHCenter | Qt::AlignVCenter, QString::number(token), mono, theme.text_second,
              options.text_as_paths);
    paintText(painter, QRectF(square.left(), y - f * 0.6, f * 2, f * 1.2),
              Qt::AlignRight | Qt::AlignVCenter, QString::number(token), mono, theme.text_second,
              options.text_as_paths);
  }
  paintText(painter, QRectF(field.left(), field.bottom() + f * 1.5, field.width(), f * 1.3),
            Qt::AlignHCenter | Qt::AlignVCenter, tr("right \u2192, answered \u2191"),
            textFont(f * 0.8), theme.text_second, options.text_as_paths);
}

void paintConfusions(QPainter& painter, const QRectF& area, const ProbeSummary& summary,
                     const SummaryPaintOptions& options, const Theme& theme) {
  const double f = options.font_px;
  paintTitle(painter, area, tr("Wrong answers"),
             summary.confusions.empty() ? tr("none") : QString(), options, theme);
  if (summary.confusions.empty())
    return;
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  const QRectF square = confusionSquare(area, options);
  paintConfusionMatrix(painter, square, summary, options, theme);
  painter.restore();
  const double line = f * 1.6;
  const double top = square.bottom() + f * 0.6;
  const auto fits = static_cast<std::size_t>(std::max(0.0, (area.bottom() - top) / line));
  for (std::size_t i = 0; i < std::min(fits, summary.confusions.size()); ++i) {
    const Confusion& wrong = summary.confusions[i];
    const QRectF row(area.left(), top + line * static_cast<double>(i), f * 11, line);
    paintText(painter, row, Qt::AlignLeft | Qt::AlignVCenter,
              tr("%1 \u2192 %2").arg(wrong.answer).arg(wrong.predicted), monoFont(f - options.unit),
              theme.text, options.text_as_paths);
    paintText(painter, row, Qt::AlignRight | Qt::AlignVCenter,
              QStringLiteral("\u00d7 ") + formatInteger(wrong.n), monoFont(f - options.unit),
              theme.text_second, options.text_as_paths);
  }
}

void paintCalibration(QPainter& painter, const QRectF& area, const ProbeSummary& summary,
                      const SummaryPaintOptions& options, const Theme& theme) {
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  const auto [model, truth] = summary.meanOfRank(0);
  paintTitle(painter, area, tr("Calibration"),
             tr("most probable answer: %1 by the model, %2 in truth")
                 .arg(formatScore(model), formatScore(truth)),
             options, theme);
  const QRectF field = paintShareAxis(painter, area, options, theme);
  const CalibrationDots dots(field, summary);
  for (const CalibrationPoint& point : summary.calibration) {
    const QColor colour = theme.run(point.rank);
    const QPointF at_truth = dots.place(point.likeliest, point.p_true);
    painter.setPen(QPen(colour, options.unit, Qt::DashLine));
    painter.drawLine(at_truth - QPointF(4 * options.unit, 0),
                     at_truth + QPointF(4 * options.unit, 0));
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawEllipse(dots.place(point.likeliest, point.p_model), 2 * options.unit,
                        2 * options.unit);
  }
  for (const std::int32_t tick : {dots.low, dots.high})
    paintTick(painter, dots.place(tick, 0).x(), field, QString::number(tick), options, theme);
  paintAxisName(painter, field,
                tr("most probable answer of the sequence; dots: the model, dashes: true"), options,
                theme);
  painter.restore();
}

void paintSummary(QPainter& painter, const QRectF& area, const ProbeSummary& summary,
                  const SummaryPaintOptions& options, const Theme& theme) {
  const SummaryLayout layout = layoutOf(area, summary, options);
  paintConfusions(painter, layout.confusions, summary, options, theme);
  paintDeviations(painter, layout.deviations, summary, options, theme);
  if (!layout.calibration.isEmpty())
    paintCalibration(painter, layout.calibration, summary, options, theme);
}

std::vector<SummaryItem> summaryItems(const QRectF& area, const ProbeSummary& summary,
                                      const SummaryPaintOptions& options) {
  const SummaryLayout layout = layoutOf(area, summary, options);
  std::vector<SummaryItem> items;
  const DeviationBars bars(shareField(layout.deviations, options), summary, options);
  for (const auto& [deviation, n] : summary.deviations) {
    const QString title = deviation == 0
                              ? tr("Right")
                              : tr("%1 from the right answer")
                                    .arg((deviation > 0 ? QStringLiteral("+") : QString()) +
                                         formatInteger(deviation));
    items.push_back({bars.bar(deviation, n),
                     {title,
                      {tr("%1 of %2 sequences, %3")
                           .arg(formatInteger(n), formatInteger(summary.n),
                                formatAccuracy(share(n, summary.n)))}}});
  }
  if (!summary.confusions.empty()) {
    const ConfusionCells cells(confusionSquare(layout.confusions, options), summary, options);
    for (const Confusion& wrong : summary.confusions) {
      items.push_back(
          {cells.cell(wrong),
           {tr("%1 answered for %2").arg(wrong.predicted).arg(wrong.answer),
            {tr("%1 of %2 sequences").arg(formatInteger(wrong.n), formatInteger(summary.n))}}});
    }
  }
  if (!layout.calibration.isEmpty()) {
    const CalibrationDots dots(shareField(layout.calibration, options), summary);
    const std::size_t first = items.size();
    const QPointF half(3 * options.unit, 3 * options.unit);
    for (const CalibrationPoint& point : summary.calibration) {
      const QPointF dot = dots.place(point.likeliest, point.p_model);
      items.push_back({QRectF(dot - half, dot + half),
                       {tr("%1 by the model, %2 in truth")
                            .arg(formatScore(point.p_model), formatScore(point.p_true)),
                        {point.rank == 0 ? tr("Most probable answer %1").arg(point.likeliest)
                                         : tr("Answer %1 of a sequence with most probable %2")
                                               .arg(point.rank + 1)
                                               .arg(point.likeliest)}}});
    }
    std::stable_sort(
        items.begin() + static_cast<std::ptrdiff_t>(first), items.end(),
        [](const SummaryItem& a, const SummaryItem& b) { return a.box.left() < b.box.left(); });
  }
  return items;
}

}  // namespace anchorlens::widgets
