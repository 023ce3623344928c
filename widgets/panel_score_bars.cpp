// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panel_score_bars.h"

#include "widgets/fonts.h"
#include "widgets/number_format.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

namespace {
constexpr double kBarHeight = 5;
constexpr double kTickHeight = 15;
/// Scores under this are written muted.
constexpr double kTelling = 0.25;
}  // namespace

ScoreBars::ScoreBars(QWidget* parent) : QWidget(parent) {
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
  setAccessibleName(tr("Head scores"));
}

void ScoreBars::setBars(const std::vector<ScoreBar>& bars) {
  if (bars == m_bars)
    return;
  const bool is_resized = bars.size() != m_bars.size();
  m_bars = bars;
  QStringList texts;
  for (const ScoreBar& bar : bars)
    texts.append(bar.name + QLatin1Char(' ') + formatScore(bar.value, bar.with_sign) +
                 (bar.isNegative() ? tr(" (below 0)") : QString()));
  setAccessibleDescription(texts.join(QStringLiteral(", ")));
  if (is_resized)
    updateGeometry();
  update();
}

void ScoreBars::setTheme(const Theme& theme) {
  m_theme = theme;
  update();
}

double ScoreBars::rowHeight() const {
  return std::ceil(basePixelSize(*this)) + 13;
}

QSize ScoreBars::sizeHint() const {
  return {240, static_cast<int>(rowHeight() * static_cast<double>(m_bars.size()))};
}

QFont ScoreBars::valueFont() const {
  return monoFont(basePixelSize(*this) * 12 / 13);
}

double ScoreBars::Columns::xOf(double value) const {
  return std::clamp(zero + value * value_px, bars.left(), bars.right());
}

ScoreBars::Columns ScoreBars::columns() const {
  const QFontMetricsF name_metrics(textFont(basePixelSize(*this)));
  Columns columns;
  double lowest = 0;
  for (const ScoreBar& bar : m_bars) {
    columns.name = std::max(columns.name, name_metrics.horizontalAdvance(bar.name));
    lowest = std::min(lowest, bar.value);
  }
  columns.name = std::min(columns.name + 10, width() * 0.5);
  const double values = QFontMetricsF(valueFont()).horizontalAdvance(QStringLiteral("+0.00")) + 6;
  columns.bars = QRectF(columns.name, 0, std::max(20.0, width() - columns.name - values),
                        rowHeight() * static_cast<double>(m_bars.size()));
  columns.value_px = columns.bars.width() / (1 - lowest);
  columns.zero = columns.bars.left() - lowest * columns.value_px;
  return columns;
}

QRectF ScoreBars::filled(std::size_t row) const {
  return filled(row, columns());
}

QRectF ScoreBars::filled(std::size_t row, const Columns& columns) const {
  const double y = static_cast<double>(row) * rowHeight() + (rowHeight() - kBarHeight) / 2;
  const double end = columns.xOf(m_bars[row].value);
  return {std::min(end, columns.zero), y, std::abs(end - columns.zero), kBarHeight};
}

void ScoreBars::paintBar(QPainter& painter, std::size_t row, const Columns& columns) const {
  const ScoreBar& bar = m_bars[row];
  const QRectF fill = filled(row, columns);
  painter.setPen(Qt::NoPen);
  painter.setBrush(m_theme.border);
  painter.drawRoundedRect(
      QRectF(columns.zero, fill.top(), columns.bars.right() - columns.zero, kBarHeight), 2, 2);
  painter.setBrush(bar.mechanism == Mechanism::None ? m_theme.text_muted
                                                    : m_theme.mechanism(bar.mechanism));
  if (fill.width() > 0)
    painter.drawRoundedRect(fill, 2, 2);
  painter.setPen(QPen(m_theme.text, 2, Qt::SolidLine, Qt::FlatCap));
  const double x =
      std::clamp(columns.xOf(bar.chance), columns.bars.left() + 1, columns.bars.right() - 1);
  painter.drawLine(QPointF(x, fill.center().y() - kTickHeight / 2),
                   QPointF(x, fill.center().y() + kTickHeight / 2));
}

void ScoreBars::paintEvent(QPaintEvent*) {
  const double row = rowHeight();
  const QFont name_font = textFont(basePixelSize(*this));
  const QFontMetricsF name_metrics(name_font);
  const Columns columns = this->columns();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  if (columns.zero > columns.bars.left()) {
    painter.setPen(QPen(m_theme.text_muted, 1));
    painter.drawLine(QPointF(columns.zero, columns.bars.top()),
                     QPointF(columns.zero, columns.bars.bottom()));
  }
  for (std::size_t i = 0; i < m_bars.size(); ++i) {
    const ScoreBar& bar = m_bars[i];
    const double y = static_cast<double>(i) * row;
    const bool is_telling = std::abs(bar.value) >= kTelling;
    painter.setFont(name_font);
    painter.setPen(is_telling ? m_theme.text : m_theme.text_second);
    painter.drawText(QRectF(0, y, columns.name - 6, row), Qt::AlignLeft | Qt::AlignVCenter,
                     name_metrics.elidedText(bar.name, Qt::ElideRight, columns.name - 6));
    painter.setFont(valueFont());
    painter.drawText(QRectF(columns.bars.right(), y, width() - columns.bars.right(), row),
                     Qt::AlignRight | Qt::AlignVCenter, formatScore(bar.value, bar.with_sign));
    paintBar(painter, i, columns);
  }
}

bool ScoreBars::event(QEvent* event) {
  if (event->type() != QEvent::ToolTip)
    return QWidget::event(event);
  const auto* help = static_cast<QHelpEvent*>(event);
  const auto i = static_cast<std::size_t>(std::max(0.0, help->pos().y() / rowHeight()));
  if (i < m_bars.size()) {
    const ScoreBar& bar = m_bars[i];
    QString values = tr("%1, untrained head %2")
                         .arg(formatScore(bar.value, bar.with_sign), formatScore(bar.chance));
    if (bar.isNegative())
      values += tr("\nBelow 0, left of the line: less than an untrained head has.");
    QToolTip::showText(help->globalPos(), bar.tip + QLatin1Char('\n') + values, this);
  } else {
    QToolTip::hideText();
  }
  return true;
}

}  // namespace anchorlens::widgets
