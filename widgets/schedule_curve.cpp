// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/schedule_curve.h"

#include "engine/core/learning_rate.h"
#include "engine/core/step_schedule.h"
#include "widgets/fonts.h"
#include "widgets/number_format.h"
#include "widgets/plain_number.h"
#include "widgets/text_paint.h"
#include "widgets/time_scale.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

namespace {

constexpr double kAxisScale = 11.0 / 13.0;
constexpr double kLeastFont = 10;
constexpr int kLines = 10;  ///< height in lines of the axis font
constexpr double kHeadLines = 2.6;
constexpr int kKeySteps = 50;
constexpr double kHeadroom = 1.12;

QString rateText(double rate) {
  return formatShort(rate, 3);
}

}  // namespace

ScheduleCurve::ScheduleCurve(QWidget* parent) : QWidget(parent) {
  setAccessibleName(tr("Learning rate over the run"));
  setFocusPolicy(Qt::TabFocus);
  setMouseTracking(true);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void ScheduleCurve::setExperiment(const core::ExperimentSpec& experiment) {
  m_training = experiment.training;
  m_per_epoch = core::stepsPerEpoch(experiment);
  m_total = std::max<std::int64_t>(0, core::totalSteps(experiment));
  if (m_pointed)
    m_pointed = std::min(*m_pointed, m_total);
  setAccessibleDescription(readout());
  updateGeometry();
  update();
}

void ScheduleCurve::setTheme(const Theme& theme) {
  m_theme = theme;
  update();
}

double ScheduleCurve::rateAt(std::int64_t step) const {
  return core::learningRate(m_training, step, m_per_epoch);
}

double ScheduleCurve::highest() const {
  const double highest =
      std::max({m_training.learning_rate, m_training.schedule.start, m_training.schedule.end});
  return std::isfinite(highest) && highest > 0 ? highest : 1;
}

/// Nothing, half and all of the highest rate.
std::array<double, 3> ScheduleCurve::rateTicks() const {
  return {0, highest() / 2, highest()};
}

double ScheduleCurve::axisFont() const {
  return std::max(kLeastFont, basePixelSize(*this) * kAxisScale);
}

QSize ScheduleCurve::sizeHint() const {
  const QFontMetricsF metrics(textFont(axisFont()));
  return {200, static_cast<int>(std::ceil(metrics.lineSpacing() * kLines))};
}

QRectF ScheduleCurve::plotArea() const {
  const QFont font = monoFont(axisFont());
  double label = 0;
  for (const double tick : rateTicks())
    label = std::max(label, textWidth(rateText(tick), font));
  const double line = QFontMetricsF(textFont(axisFont())).lineSpacing();
  return QRectF(rect()).adjusted(label + 6, kHeadLines * line, -8, -1.4 * line);
}

double ScheduleCurve::xOf(double step) const {
  const QRectF plot = plotArea();
  return plot.left() +
         plot.width() * step / static_cast<double>(std::max<std::int64_t>(1, m_total));
}

QString ScheduleCurve::summary() const {
  const auto& schedule = m_training.schedule;
  const bool is_epochs = schedule.unit == core::ScheduleSpec::Unit::Epochs;
  const QString unit = is_epochs ? tr("epoch") : tr("step");
  QString text;
  if (schedule.warmup > 0) {
    text = tr("Warm-up from %1 until %2 %3, then ")
               .arg(rateText(schedule.start), unit, formatInteger(schedule.warmup));
  }
  if (schedule.kind == core::ScheduleSpec::Kind::Constant || schedule.decay == 0)
    return text + tr("constant at %1").arg(rateText(m_training.learning_rate));
  const std::int64_t end = schedule.warmup + schedule.decay;
  const std::int64_t end_step = is_epochs ? end * m_per_epoch : end;
  text += tr("%1 down to %2 at %3 %4")
              .arg(rateText(m_training.learning_rate), rateText(schedule.end), unit,
                   formatInteger(end));
  return end_step > m_total ? text + tr(", after the run's end") : text;
}

QString ScheduleCurve::readout() const {
  if (!m_pointed)
    return summary();
  const QString rate = rateText(rateAt(*m_pointed));
  const QString step = tr("Step %1").arg(formatInteger(*m_pointed));
  if (m_training.schedule.unit == core::ScheduleSpec::Unit::Steps)
    return tr("%1: %2").arg(step, rate);
  return tr("%1, epoch %2: %3").arg(step, formatInteger(*m_pointed / m_per_epoch), rate);
}

void ScheduleCurve::paintAxes(QPainter& painter, const QRectF& plot) const {
  const QFont mono = monoFont(axisFont());
  const double top = highest() * kHeadroom;
  const double line = QFontMetricsF(mono).lineSpacing();
  painter.fillRect(plot, m_theme.plot);
  for (const double tick : rateTicks()) {
    const double y = plot.bottom() - plot.height() * tick / top;
    painter.setPen(QPen(m_theme.rule, 1));
    painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y));
    paintText(painter, {0, y - line / 2, plot.left() - 5, line}, Qt::AlignRight | Qt::AlignVCenter,
              rateText(tick), mono, m_theme.text_muted);
  }
  // Ticks in what the schedule is counted in.
  const bool is_epochs = m_training.schedule.unit == core::ScheduleSpec::Unit::Epochs;
  const double unit = is_epochs ? static_cast<double>(m_per_epoch) : 1;
  const int count = std::max(2, static_cast<int>(plot.width() / (7 * axisFont())));
  const QString name = is_epochs ? tr("epoch") : tr("step");
  const double name_width = textWidth(name, textFont(axisFont()));
  for (const double tick : timeTicks({}, 0, static_cast<double>(m_total) / unit, count)) {
    const double x = xOf(tick * unit);
    painter.setPen(QPen(m_theme.rule, 1));
    painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));
    const QString text = formatInteger(static_cast<std::int64_t>(tick));
    const double half = textWidth(text, mono) / 2;
    const double left = std::min(x - half, width() - 2 * half - 1);
    if (left < name_width + 6 && tick > 0)
      continue;
    if (tick > 0)
      paintText(painter, {left, plot.bottom() + 2, 2 * half + 1, line},
                Qt::AlignLeft | Qt::AlignVCenter, text, mono, m_theme.text_muted);
  }
  paintText(painter, {0, plot.bottom() + 2, plot.width(), line}, Qt::AlignLeft | Qt::AlignVCenter,
            name, textFont(axisFont()), m_theme.text_muted);
}

/// Where warm-up and decay end.
void ScheduleCurve::paintMarks(QPainter& painter, const QRectF& plot) const {
  const auto& schedule = m_training.schedule;
  const double unit =
      schedule.unit == core::ScheduleSpec::Unit::Epochs ? static_cast<double>(m_per_epoch) : 1;
  const double warmup = static_cast<double>(schedule.warmup) * unit;
  const double end = warmup + static_cast<double>(schedule.decay) * unit;
  const bool has_decay =
      schedule.kind == core::ScheduleSpec::Kind::WarmupCosine && schedule.decay > 0;
  painter.setPen(QPen(m_theme.text_muted, m_theme.borderWidth(), Qt::DotLine));
  for (const double step : {warmup, has_decay ? end : 0.0}) {
    if (step > 0 && step <= static_cast<double>(m_total))
      painter.drawLine(QPointF(xOf(step), plot.top()), QPointF(xOf(step), plot.bottom()));
  }
}

void ScheduleCurve::paintCurve(QPainter& painter, const QRectF& plot) const {
  const double top = highest() * kHeadroom;
  const auto yOf = [&](double rate) {
    return plot.bottom() - plot.height() * std::clamp(rate / top, 0.0, 1.0);
  };
  QPolygonF curve;
  const int columns = std::max(1, static_cast<int>(plot.width() * 2));
  for (int i = 0; i <= columns; ++i) {
    const auto step = static_cast<std::int64_t>(static_cast<double>(m_total) * i / columns);
    curve << QPointF(plot.left() + plot.width() * i / columns, yOf(rateAt(step)));
  }
  QPolygonF area = curve;
  area << plot.bottomRight() << plot.bottomLeft();
  painter.setPen(Qt::NoPen);
  painter.setBrush(m_theme.accent_tint);
  painter.drawPolygon(area);
  painter.setPen(QPen(m_theme.accent, 1.6));
  painter.setBrush(Qt::NoBrush);
  painter.drawPolyline(curve);
  if (!m_pointed)
    return;
  const QPointF at(xOf(static_cast<double>(*m_pointed)), yOf(rateAt(*m_pointed)));
  painter.setPen(QPen(m_theme.time_cursor, 1));
  painter.drawLine(QPointF(at.x(), plot.top()), QPointF(at.x(), plot.bottom()));
  painter.setBrush(m_theme.time_cursor);
  painter.drawEllipse(at, 3, 3);
}

void ScheduleCurve::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const QRectF plot = plotArea();
  const double line = QFontMetricsF(textFont(axisFont())).lineSpacing();
  const QFont font = textFont(axisFont());
  painter.setFont(font);
  painter.setPen(m_pointed ? m_theme.text : m_theme.text_second);
  painter.drawText(QRectF(0, 0, width(), (kHeadLines - 0.4) * line),
                   Qt::AlignLeft | Qt::AlignBottom | Qt::TextWordWrap, readout());
  if (m_total > 0) {
    paintAxes(painter, plot);
    paintMarks(painter, plot);
    paintCurve(painter, plot);
  }
  if (hasFocus()) {
    painter.setPen(QPen(m_theme.accent, 1));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(plot.adjusted(-1.5, -1.5, 1.5, 1.5), 3, 3);
  }
}

void ScheduleCurve::point(std::optional<std::int64_t> step) {
  if (step)
    step = std::clamp<std::int64_t>(*step, 0, std::max<std::int64_t>(0, m_total));
  if (step == m_pointed)
    return;
  m_pointed = step;
  setAccessibleDescription(readout());
  setToolTip(step ? QString() : summary());
  update();
}

void ScheduleCurve::mouseMoveEvent(QMouseEvent* event) {
  const QRectF plot = plotArea();
  const double share = (event->position().x() - plot.left()) / std::max(1.0, plot.width());
  point(std::llround(share * static_cast<double>(m_total)));
}

void ScheduleCurve::leaveEvent(QEvent*) {
  point(std::nullopt);
}

void ScheduleCurve::keyPressEvent(QKeyEvent* event) {
  const std::int64_t by = std::max<std::int64_t>(1, m_total / kKeySteps);
  const std::int64_t now = m_pointed.value_or(0);
  switch (event->key()) {
    case Qt::Key_Left:
      point(now - by);
      break;
    case Qt::Key_Right:
      point(m_pointed ? now + by : 0);
      break;
    case Qt::Key_Home:
      point(0);
      break;
    case Qt::Key_End:
      point(m_total);
      break;
    default:
      QWidget::keyPressEvent(event);
  }
}

void ScheduleCurve::focusOutEvent(QFocusEvent* event) {
  point(std::nullopt);
  QWidget::focusOutEvent(event);
}

}  // namespace anchorlens::widgets
