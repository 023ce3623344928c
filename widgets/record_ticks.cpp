// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/record_ticks.h"

#include "engine/core/step_schedule.h"
#include "widgets/fonts.h"
#include "widgets/number_format.h"
#include "widgets/text_paint.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

namespace {

constexpr double kAxisScale = 11.0 / 13.0;
constexpr double kLeastFont = 10;
constexpr double kRight = 8;
constexpr std::size_t kMostTicks = 2000;  ///< more than a dock has pixels
constexpr int kCheckpoints = 2;
constexpr double kLeastGap = 0.5;  ///< pixels between ticks that can be told apart

}  // namespace

RecordTicks::RecordTicks(QWidget* parent) : QWidget(parent) {
  setAccessibleName(tr("What is recorded when"));
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  m_rows[0].name = tr("Evaluate");
  m_rows[1].name = tr("Frames");
  m_rows[2].name = tr("Checkpoints");
}

void RecordTicks::setExperiment(const core::ExperimentSpec& experiment) {
  const core::RecordSpec& record = experiment.record;
  m_total = std::max<std::int64_t>(0, core::totalSteps(experiment));
  m_scale.is_logarithmic = record.evaluate.per_decade > 0 || record.frames.per_decade > 0;
  QStringList words;
  const std::array<const core::StepSchedule*, 3> schedules{&record.evaluate, &record.frames,
                                                           &record.checkpoints};
  for (std::size_t i = 0; i < m_rows.size(); ++i) {
    const std::int64_t estimate = core::countDue(*schedules[i], m_total);
    m_rows[i].steps = core::dueSteps(*schedules[i], m_total, kMostTicks);
    const bool is_whole = estimate <= static_cast<std::int64_t>(kMostTicks);
    m_rows[i].count = is_whole ? static_cast<std::int64_t>(m_rows[i].steps.size()) : estimate;
    words.append(tr("%1: %2").arg(m_rows[i].name, formatInteger(m_rows[i].count)));
  }
  setAccessibleDescription(words.join(QStringLiteral(", ")));
  measure();
  updateGeometry();
  update();
}

void RecordTicks::setTheme(const Theme& theme) {
  m_theme = theme;
  update();
}

double RecordTicks::axisFont() const {
  return std::max(kLeastFont, basePixelSize(*this) * kAxisScale);
}

double RecordTicks::rowHeight() const {
  return std::ceil(axisFont() * 1.8);
}

/// Shaping text for each of thousands of ticks would stop the window for a second.
void RecordTicks::measure() {
  const QFont text = textFont(axisFont());
  const QFont mono = monoFont(axisFont());
  double names = 0;
  double counts = 0;
  for (const Row& row : m_rows) {
    names = std::max(names, textWidth(row.name, text));
    counts = std::max(counts, textWidth(formatInteger(row.count), mono));
  }
  m_left = names + counts + 18;
}

double RecordTicks::xOf(double step) const {
  const double all = m_scale.toAxis(static_cast<double>(std::max<std::int64_t>(1, m_total)));
  return m_left + (width() - m_left - kRight) * m_scale.toAxis(step) / all;
}

QSize RecordTicks::sizeHint() const {
  return {200, static_cast<int>(rowHeight() * (static_cast<double>(m_rows.size()) + 1))};
}

void RecordTicks::paintAxis(QPainter& painter) const {
  const QFont font = monoFont(axisFont());
  const double y = rowHeight() * static_cast<double>(m_rows.size());
  const int count = std::max(2, static_cast<int>((width() - m_left) / (5 * axisFont())));
  double free_from = 0;
  for (const double tick : timeTicks(m_scale, 0, static_cast<double>(m_total), count)) {
    const QString text = formatInteger(static_cast<std::int64_t>(tick));
    const double half = textWidth(text, font) / 2;
    const double x = std::min(xOf(tick) - half, width() - 2 * half - 1);
    painter.setPen(QPen(m_theme.rule, 1));
    painter.drawLine(QPointF(xOf(tick), 0), QPointF(xOf(tick), y));
    if (x < free_from)
      continue;
    paintText(painter, {x, y, 2 * half + 1, rowHeight()}, Qt::AlignLeft | Qt::AlignVCenter, text,
              font, m_theme.text_muted);
    free_from = x + 2 * half + 6;
  }
  paintText(painter, {0, y, m_left, rowHeight()}, Qt::AlignLeft | Qt::AlignVCenter,
            m_scale.is_logarithmic ? tr("step, log") : tr("step"), textFont(axisFont()),
            m_theme.text_muted);
}

void RecordTicks::paintRow(QPainter& painter, int row) const {
  const Row& it = m_rows[static_cast<std::size_t>(row)];
  const double height = rowHeight();
  const double top = row * height;
  const QRectF name(0, top, m_left - 10, height);
  paintText(painter, name, Qt::AlignLeft | Qt::AlignVCenter, it.name, textFont(axisFont()),
            m_theme.text_second);
  paintText(painter, name, Qt::AlignRight | Qt::AlignVCenter, formatInteger(it.count),
            monoFont(axisFont()), m_theme.text);
  const double middle = top + height / 2;
  const double half = height * 0.27;
  double last = -1;
  for (const std::int64_t step : it.steps) {
    const double x = xOf(static_cast<double>(step));
    if (x - last < kLeastGap)
      continue;
    last = x;
    if (row == kCheckpoints) {
      painter.setPen(Qt::NoPen);
      painter.setBrush(m_theme.text_second);
      painter.drawPolygon(QPolygonF{
          {x, middle - half}, {x + half, middle}, {x, middle + half}, {x - half, middle}});
    } else {
      painter.setPen(QPen(m_theme.text_second, 1));
      painter.drawLine(QPointF(x, middle - half), QPointF(x, middle + half));
    }
  }
}

void RecordTicks::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const double bottom = rowHeight() * static_cast<double>(m_rows.size());
  painter.fillRect(QRectF(m_left - 6, 0, width() - m_left + 6, bottom), m_theme.plot);
  paintAxis(painter);
  for (int row = 0; row < static_cast<int>(m_rows.size()); ++row)
    paintRow(painter, row);
}

/// "Frames, step 500" of the tick nearest to the pointer.
QString RecordTicks::nearest(const QPointF& at) const {
  const auto row = static_cast<std::size_t>(std::max(0.0, at.y() / rowHeight()));
  if (row >= m_rows.size())
    return {};
  const auto& steps = m_rows[row].steps;
  const auto found = std::min_element(steps.begin(), steps.end(), [&](auto a, auto b) {
    return std::abs(xOf(static_cast<double>(a)) - at.x()) <
           std::abs(xOf(static_cast<double>(b)) - at.x());
  });
  if (found == steps.end() || at.x() < m_left - 6)
    return {};
  return tr("%1, step %2").arg(m_rows[row].name, formatInteger(*found));
}

bool RecordTicks::event(QEvent* event) {
  if (event->type() == QEvent::ToolTip) {
    const auto* help = static_cast<QHelpEvent*>(event);  // the type says so
    QToolTip::showText(help->globalPos(), nearest(help->pos()), this);
    return true;
  }
  if (event->type() == QEvent::FontChange)
    measure();
  return QWidget::event(event);
}

}  // namespace anchorlens::widgets
