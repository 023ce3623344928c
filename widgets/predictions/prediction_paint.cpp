// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/predictions/prediction_paint.h"

#include "widgets/fonts.h"
#include "widgets/head_map.h"
#include "widgets/number_format.h"
#include "widgets/text_paint.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

namespace {

constexpr int kOptions = 5;
constexpr double kNarrowest = 5.4;  // an option, in font sizes
constexpr double kWidest = 6.2;

void paintOption(QPainter& painter, const PredictionRow& row, std::size_t option, const QRectF& box,
                 const PredictionPaintOptions& options, const Theme& theme) {
  const double f = options.font_px;
  const double unit = options.unit;
  const std::int32_t token = row.prediction.tokens[option];
  const auto p = static_cast<double>(row.prediction.p[option]);
  const auto answer = std::find_if(row.answers.begin(), row.answers.end(),
                                   [token](const core::Answer& a) { return a.token == token; });
  const bool is_answer = answer != row.answers.end();
  const QColor colour = is_answer ? theme.token(TokenRole::Answer).text : theme.text;
  const QRectF text(box.left(), box.top() + f * 0.25, box.width(), f * 1.5);
  const QFont font = monoFont(f - unit, is_answer ? Weight::SemiBold : Weight::Regular);
  paintText(painter, text, Qt::AlignLeft | Qt::AlignVCenter, QString::number(token), font, colour,
            options.text_as_paths);
  paintText(painter, text, Qt::AlignRight | Qt::AlignVCenter, formatScore(p), monoFont(f - unit),
            theme.text_second, options.text_as_paths);
  QRectF bar(box.left(), text.bottom() + f * 0.1, box.width(), f * 0.42);
  painter.setPen(Qt::NoPen);
  painter.setBrush(theme.rule);
  painter.drawRoundedRect(bar, 2 * unit, 2 * unit);
  if (is_answer && answer->p < 1) {  // where the true probability lies
    painter.setBrush(theme.text);
    painter.drawRect(QRectF(bar.left() + bar.width() * answer->p - unit, bar.top() - 2 * unit,
                            2 * unit, bar.height() + 4 * unit));
  }
  bar.setWidth(bar.width() * std::clamp(p, 0.0, 1.0));
  painter.setBrush(is_answer ? theme.token(TokenRole::Answer).text : theme.text_muted);
  painter.drawRoundedRect(bar, 2 * unit, 2 * unit);
}

}  // namespace

PredictionColumns predictionColumns(const std::vector<PredictionRow>& rows, double font_px,
                                    double width) {
  const double f = font_px;
  std::size_t length = 0;
  for (const PredictionRow& row : rows)
    length = std::max(length, row.tokens.size());
  PredictionColumns at;
  at.number = f * 2;
  at.tokens = at.number + f * 0.6;
  at.token = f * 2.45;
  at.answer = at.tokens + at.token * static_cast<double>(length) + f * 0.4;
  const double end = at.answer + f * 6.2;
  const double margin = f * 0.5;
  const bool is_one_line = width - margin - end >= kOptions * kNarrowest * f;
  at.first = is_one_line ? end : at.tokens;
  at.under = is_one_line ? 0 : std::round(f * 2.1);
  at.height = at.under + std::round(f * 2.8);
  at.option =
      std::clamp(std::floor((width - margin - at.first) / kOptions), kNarrowest * f, kWidest * f);
  at.width = std::max(end, at.first + at.option * kOptions) + margin;
  return at;
}

void paintPrediction(QPainter& painter, const PredictionRow& row, const QRectF& box,
                     const PredictionColumns& at, const PredictionPaintOptions& options,
                     const Theme& theme) {
  const double f = options.font_px;
  const double small = f - options.unit;
  const auto cell = [&](double x, double width) {
    return QRectF(box.left() + x, box.top(), width, at.height - at.under);
  };
  paintText(painter, cell(0, at.number), Qt::AlignRight | Qt::AlignVCenter,
            QString::number(row.sequence + 1), monoFont(small), theme.text_muted,
            options.text_as_paths);
  for (std::size_t i = 0; i < row.tokens.size(); ++i) {
    paintToken(painter, cell(at.tokens + at.token * static_cast<double>(i), at.token),
               row.tokens[i], small, theme, options.unit, options.text_as_paths);
  }
  paintText(painter, cell(at.answer, f * 1.2), Qt::AlignHCenter | Qt::AlignVCenter,
            QStringLiteral("→"), textFont(f), theme.text_second, options.text_as_paths);
  paintToken(painter, cell(at.answer + f * 1.2, f * 2.9),
             {QString::number(row.answers.front().token), TokenRole::Answer}, small, theme,
             options.unit, options.text_as_paths);
  // The mark says by its form what its colour repeats.
  paintText(painter, cell(at.answer + f * 4.3, f * 1.4), Qt::AlignHCenter | Qt::AlignVCenter,
            row.is_right ? QStringLiteral("✓") : QStringLiteral("✗"), textFont(f, Weight::SemiBold),
            row.is_right ? theme.good : theme.error, options.text_as_paths);
  for (int k = 0; k < kOptions; ++k) {
    paintOption(painter, row, static_cast<std::size_t>(k),
                cell(at.first + at.option * k, at.option - f * 0.8).translated(0, at.under),
                options, theme);
  }
}

}  // namespace anchorlens::widgets
