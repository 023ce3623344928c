// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/predictions/summary_view.h"

#include "widgets/fonts.h"
#include "widgets/number_format.h"
#include "widgets/text_paint.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

namespace {

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

/// A field with 0, 0.5 and 1 at its left; returns the field.
QRectF paintShareAxis(QPainter& painter, const QRectF& area, const SummaryPaintOptions& options,
                      const Theme& theme) {
  const double f = options.font_px;
  const QRectF field = area.adjusted(f * 3, f * 2.4, -f * 0.5, -f * 3.4);
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

}  // namespace

void paintDeviations(QPainter& painter, const QRectF& area, const ProbeSummary& summary,
                     const SummaryPaintOptions& options, const Theme& theme) {
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  paintTitle(painter, area, SummaryView::tr("Deviation"),
             SummaryView::tr("%1 of %2 right")
                 .arg(formatInteger(summary.n_right), formatInteger(summary.n)),
             options, theme);
  const QRectF field = paintShareAxis(painter, area, options, theme);
  std::int32_t reach = 5;
  for (const auto& [deviation, n] : summary.deviations)
    reach = std::max(reach, std::abs(deviation));
  const auto xOf = [&](double deviation) {
    return field.center().x() + deviation / (reach + 1.0) * field.width() / 2;
  };
  const double width = std::max(field.width() / (2.0 * reach + 3) * 0.8, 1.5 * options.unit);
  for (const auto& [deviation, n] : summary.deviations) {
    const double height = std::max(field.height() * share(n, summary.n), options.unit);
    painter.setPen(Qt::NoPen);
    painter.setBrush(deviation == 0 ? theme.good : theme.error);
    painter.drawRect(QRectF(xOf(deviation) - width / 2, field.bottom() - height, width, height));
  }
  for (const std::int32_t tick : {-reach, 0, reach})
    paintTick(painter, xOf(tick), field, formatInteger(tick), options, theme);
  paintAxisName(painter, field, SummaryView::tr("predicted − right answer; share of the probe"),
                options, theme);
  painter.restore();
}

/// A square of right answers (right) by what was answered (up): wrong ones by how often, the
/// diagonal where right ones are.
static void paintConfusionMatrix(QPainter& painter, const QRectF& square,
                                 const ProbeSummary& summary, const SummaryPaintOptions& options,
                                 const Theme& theme) {
  std::int32_t low = summary.confusions.front().answer;
  std::int32_t high = low;
  std::int64_t most = 1;
  for (const Confusion& wrong : summary.confusions) {
    low = std::min({low, wrong.answer, wrong.predicted});
    high = std::max({high, wrong.answer, wrong.predicted});
    most = std::max(most, wrong.n);
  }
  const double f = options.font_px;
  const QRectF field = square.adjusted(f * 2.4, f * 0.6, -f * 1.4, -f * 3.2);
  const double cell = field.width() / (high - low + 1);
  const double up = field.height() / (high - low + 1);
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
    const double least = 2 * options.unit;  // one token of two hundred must still be seen
    painter.drawRect(QRectF(field.left() + (wrong.answer - low) * cell,
                            field.bottom() - (wrong.predicted - low + 1) * up,
                            std::max(cell, least), std::max(up, least)));
  }
  const QFont mono = monoFont(f * 0.8);
  for (const std::int32_t token : {low, high}) {
    const double x = token == low ? field.left() : field.right();
    const double y = token == low ? field.bottom() : field.top();
    paintText(painter, QRectF(x - f * 2, field.bottom() + f * 0.2, f * 4, f * 1.2),
              Qt::AlignHCenter | Qt::AlignVCenter, QString::number(token), mono, theme.text_second,
              options.text_as_paths);
    paintText(painter, QRectF(square.left(), y - f * 0.6, f * 2, f * 1.2),
              Qt::AlignRight | Qt::AlignVCenter, QString::number(token), mono, theme.text_second,
              options.text_as_paths);
  }
  paintText(painter, QRectF(field.left(), field.bottom() + f * 1.5, field.width(), f * 1.3),
            Qt::AlignHCenter | Qt::AlignVCenter, SummaryView::tr("right \u2192, answered \u2191"),
            textFont(f * 0.8), theme.text_second, options.text_as_paths);
}

void paintConfusions(QPainter& painter, const QRectF& area, const ProbeSummary& summary,
                     const SummaryPaintOptions& options, const Theme& theme) {
  const double f = options.font_px;
  paintTitle(painter, area, SummaryView::tr("Wrong answers"),
             summary.confusions.empty() ? SummaryView::tr("none") : QString(), options, theme);
  if (summary.confusions.empty())
    return;
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  const QRectF square(area.left(), area.top() + f * 2.2, area.width(),
                      std::min(area.width(), area.height() - f * 2.2));
  paintConfusionMatrix(painter, square, summary, options, theme);
  painter.restore();
  const double line = f * 1.6;
  const double top = square.bottom() + f * 0.6;
  const auto fits = static_cast<std::size_t>(std::max(0.0, (area.bottom() - top) / line));
  for (std::size_t i = 0; i < std::min(fits, summary.confusions.size()); ++i) {
    const Confusion& wrong = summary.confusions[i];
    const QRectF row(area.left(), top + line * static_cast<double>(i), f * 11, line);
    paintText(painter, row, Qt::AlignLeft | Qt::AlignVCenter,
              SummaryView::tr("%1 \u2192 %2").arg(wrong.answer).arg(wrong.predicted),
              monoFont(f - options.unit), theme.text, options.text_as_paths);
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
  paintTitle(painter, area, SummaryView::tr("Calibration"),
             SummaryView::tr("most probable answer: %1 by the model, %2 in truth")
                 .arg(formatScore(model), formatScore(truth)),
             options, theme);
  const QRectF field = paintShareAxis(painter, area, options, theme);
  std::int32_t low = summary.calibration.front().key;
  std::int32_t high = low;
  for (const CalibrationPoint& point : summary.calibration) {
    low = std::min(low, point.key);
    high = std::max(high, point.key);
  }
  const auto xOf = [&](std::int32_t key) {
    return field.left() +
           field.width() * (high > low ? static_cast<double>(key - low) / (high - low) : 0.5);
  };
  for (const CalibrationPoint& point : summary.calibration) {
    const QColor colour = theme.run(point.rank);
    const double truth_y = field.bottom() - field.height() * point.p_true;
    painter.setPen(QPen(colour, options.unit, Qt::DashLine));
    painter.drawLine(QPointF(xOf(point.key) - 4 * options.unit, truth_y),
                     QPointF(xOf(point.key) + 4 * options.unit, truth_y));
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawEllipse(QPointF(xOf(point.key), field.bottom() - field.height() * point.p_model),
                        2 * options.unit, 2 * options.unit);
  }
  for (const std::int32_t tick : {low, high})
    paintTick(painter, xOf(tick), field, QString::number(tick), options, theme);
  paintAxisName(
      painter, field,
      SummaryView::tr("most probable answer of the sequence; dots: the model, dashes: true"),
      options, theme);
  painter.restore();
}

void paintSummary(QPainter& painter, const QRectF& area, const ProbeSummary& summary,
                  const SummaryPaintOptions& options, const Theme& theme) {
  const double f = options.font_px;
  const double list = f * 14;
  const QRectF rest = area.adjusted(0, 0, -list - f, 0);
  paintConfusions(painter, QRectF(area.right() - list, area.top(), list, area.height()), summary,
                  options, theme);
  if (summary.calibration.empty()) {
    paintDeviations(painter, rest, summary, options, theme);
    return;
  }
  const double half = rest.height() / 2 - f * 0.5;
  paintDeviations(painter, QRectF(rest.left(), rest.top(), rest.width(), half), summary, options,
                  theme);
  paintCalibration(painter, QRectF(rest.left(), rest.bottom() - half, rest.width(), half), summary,
                   options, theme);
}

SummaryView::SummaryView(QWidget* parent) : QWidget(parent) {
  setFocusPolicy(Qt::StrongFocus);
  setAccessibleName(tr("Answers on the whole probe"));
}

void SummaryView::setSummary(std::shared_ptr<const ProbeSummary> summary) {
  m_summary = std::move(summary);
  setAccessibleDescription(
      m_summary ? tr("%1 of %2 right").arg(m_summary->n_right).arg(m_summary->n) : QString());
  update();
}

void SummaryView::setEmptyText(const QString& text) {
  m_empty_text = text;
  update();
}

void SummaryView::setTheme(const Theme& theme) {
  m_theme = theme;
  update();
}

void SummaryView::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  SummaryPaintOptions options;
  options.font_px = basePixelSize(*this);
  if (!m_summary || m_summary->n == 0) {
    painter.setFont(textFont(options.font_px));
    painter.setPen(m_theme.text_second);
    painter.drawText(rect().adjusted(24, 24, -24, -24),
                     Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap, m_empty_text);
    return;
  }
  paintSummary(painter, QRectF(rect()).adjusted(4, 4, -4, -4), *m_summary, options, m_theme);
}

}  // namespace anchorlens::widgets
