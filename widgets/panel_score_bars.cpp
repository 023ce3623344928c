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
    texts.append(bar.name + QLatin1Char(' ') + formatScore(bar.value, bar.with_sign));
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

void ScoreBars::paintEvent(QPaintEvent*) {
  const double px = basePixelSize(*this);
  const double row = rowHeight();
  const QFont name_font = textFont(px);
  const QFont value_font = monoFont(px * 12 / 13);
  const QFontMetricsF name_metrics(name_font);
  double name_width = 0;
  for (const ScoreBar& bar : m_bars)
    name_width = std::max(name_width, name_metrics.horizontalAdvance(bar.name));
  name_width = std::min(name_width + 10, width() * 0.5);
  const double value_width =
      QFontMetricsF(value_font).horizontalAdvance(QStringLiteral("+0.00")) + 6;
  const double bar_width = std::max(20.0, width() - name_width - value_width);

  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  for (std::size_t i = 0; i < m_bars.size(); ++i) {
    const ScoreBar& bar = m_bars[i];
    const double y = static_cast<double>(i) * row;
    const bool is_telling = std::abs(bar.value) >= kTelling;
    painter.setFont(name_font);
    painter.setPen(is_telling ? m_theme.text : m_theme.text_second);
    painter.drawText(QRectF(0, y, name_width - 6, row), Qt::AlignLeft | Qt::AlignVCenter,
                     name_metrics.elidedText(bar.name, Qt::ElideRight, name_width - 6));
    painter.setFont(value_font);
    painter.drawText(QRectF(name_width + bar_width, y, value_width, row),
                     Qt::AlignRight | Qt::AlignVCenter, formatScore(bar.value, bar.with_sign));

    const QRectF track(name_width, y + (row - kBarHeight) / 2, bar_width, kBarHeight);
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_theme.border);
    painter.drawRoundedRect(track, 2, 2);
    QRectF filled = track;
    filled.setWidth(std::clamp(bar.value, 0.0, 1.0) * bar_width);
    painter.setBrush(bar.mechanism == Mechanism::None ? m_theme.text_muted
                                                      : m_theme.mechanism(bar.mechanism));
    if (filled.width() > 0)
      painter.drawRoundedRect(filled, 2, 2);
    painter.setPen(QPen(m_theme.text, 2, Qt::SolidLine, Qt::FlatCap));
    const double x = track.left() + std::clamp(bar.chance, 0.0, 1.0) * (bar_width - 2) + 1;
    painter.drawLine(QPointF(x, track.center().y() - kTickHeight / 2),
                     QPointF(x, track.center().y() + kTickHeight / 2));
  }
}

bool ScoreBars::event(QEvent* event) {
  if (event->type() != QEvent::ToolTip)
    return QWidget::event(event);
  const auto* help = static_cast<QHelpEvent*>(event);
  const auto i = static_cast<std::size_t>(std::max(0.0, help->pos().y() / rowHeight()));
  if (i < m_bars.size()) {
    const ScoreBar& bar = m_bars[i];
    const QString values = tr("%1, untrained head %2")
                               .arg(formatScore(bar.value, bar.with_sign), formatScore(bar.chance));
    QToolTip::showText(help->globalPos(), bar.tip + QLatin1Char('\n') + values, this);
  } else {
    QToolTip::hideText();
  }
  return true;
}

}  // namespace anchorlens::widgets
