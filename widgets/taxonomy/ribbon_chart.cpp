// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/taxonomy/ribbon_chart.h"

#include "widgets/badge.h"
#include "widgets/fonts.h"
#include "widgets/head_map_data.h"
#include "widgets/number_format.h"
#include "widgets/scroll_to.h"
#include "widgets/text_paint.h"

#include <QEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

namespace {

QColor colourOf(const LabelSpan& span, const Theme& theme) {
  const Mechanism mechanism = mechanismOf(span.label);
  QColor colour = mechanism == Mechanism::Shift || mechanism == Mechanism::Broadcast
                      ? theme.mechanism(mechanism)
                      : theme.text_muted;
  const bool is_entered = span.state == core::LabelState::Entered;
  colour.setAlphaF(is_entered ? 0.85F : 0.3F);
  return colour;
}

QString wordOf(const LabelSpan& span, bool is_tested = true) {
  if (!span.label) {
    return RibbonChart::tr("no pattern");
  }
  QString name = labelTitle(*span.label).toLower();
  if (!is_tested && mechanismOf(span.label) != Mechanism::None) {
    name = RibbonChart::tr("%1 pattern").arg(name);
  }
  return span.state == core::LabelState::Entered ? name : RibbonChart::tr("forming %1").arg(name);
}

}  // namespace

double RibbonLayout::x(double step) const {
  const double end = scale.toAxis(last);
  return field.left() + field.width() * (end > 0 ? scale.toAxis(step) / end : 0);
}

double RibbonLayout::stepAt(double at) const {
  const double share = field.width() > 0 ? (at - field.left()) / field.width() : 0;
  return scale.toStep(std::clamp(share, 0.0, 1.0) * scale.toAxis(last));
}

QRectF RibbonLayout::rowRect(int index) const {
  return {field.left(), field.top() + row * index, field.width(), row};
}

RibbonLayout layoutRibbons(const QRectF& area, std::size_t n_heads, double last_step,
                           const TimeScale& scale, const RibbonPaintOptions& options) {
  RibbonLayout layout;
  const double f = options.font_px;
  layout.row = std::round(f * 1.7);
  layout.scale = scale;
  layout.last = std::max(1.0, last_step);
  layout.field = QRectF(area.left() + f * 5, area.top() + f * 0.3, area.width() - f * 6.5,
                        layout.row * static_cast<double>(n_heads));
  return layout;
}

namespace {

QRectF bandOf(const QRectF& row, const RibbonPaintOptions& options) {
  return row.adjusted(0, 1.5 * options.unit, 0, -1.5 * options.unit);
}

/// Empty bands, and the time axis with its lines behind what comes upon them.
void paintGround(QPainter& painter, const RibbonLayout& layout, std::size_t n_heads,
                 const RibbonPaintOptions& options, const Theme& theme) {
  const double f = options.font_px;
  for (std::size_t i = 0; i < n_heads; ++i) {
    painter.fillRect(bandOf(layout.rowRect(static_cast<int>(i)), options), theme.plot);
  }
  const int most = std::max(2, static_cast<int>(layout.field.width() / (f * 8)));
  for (const double step : timeTicks(layout.scale, 0, layout.last, most)) {
    const double x = layout.x(step);
    painter.setPen(QPen(theme.rule, options.unit));
    painter.drawLine(QPointF(x, layout.field.top()), QPointF(x, layout.field.bottom()));
    paintText(painter, QRectF(x - f * 4, layout.field.bottom() + f * 0.3, f * 8, f * 1.3),
              Qt::AlignHCenter | Qt::AlignVCenter, formatInteger(static_cast<std::int64_t>(step)),
              monoFont(f - options.unit), theme.text_second, options.text_as_paths);
  }
}

}  // namespace

void paintRibbons(QPainter& painter, const RibbonLayout& layout,
                  const std::vector<HeadRibbon>& heads, const RibbonPaintOptions& options,
                  const Theme& theme) {
  paintGround(painter, layout, heads.size(), options, theme);
  const double f = options.font_px;
  const QFont small = textFont(f * 0.85);
  for (std::size_t i = 0; i < heads.size(); ++i) {
    const QRectF row = layout.rowRect(static_cast<int>(i));
    paintText(painter, QRectF(row.left() - f * 5, row.top(), f * 4.5, row.height()),
              Qt::AlignRight | Qt::AlignVCenter, headName(heads[i].layer, heads[i].head),
              monoFont(f - options.unit), theme.text, options.text_as_paths);
    for (const LabelSpan& span : heads[i].spans) {
      if (!span.label) {
        continue;
      }
      QRectF box = bandOf(row, options);
      box.setLeft(layout.x(span.first));
      box.setRight(std::max(layout.x(span.last), box.left() + options.unit));
      painter.fillRect(box, colourOf(span, theme));
      const QString word = wordOf(span, heads[i].is_tested);
      if (box.width() > textWidth(word, small) + f) {
        const bool is_dark_ground =
            span.state != core::LabelState::Entered || mechanismOf(span.label) == Mechanism::None;
        paintText(painter, box.adjusted(f * 0.4, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, word,
                  small, is_dark_ground ? theme.text : theme.on_accent, options.text_as_paths);
      }
    }
  }
}

RibbonChart::RibbonChart(QWidget* parent) : QAbstractScrollArea(parent) {
  setFocusPolicy(Qt::StrongFocus);
  setFrameShape(QFrame::NoFrame);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  viewport()->setAutoFillBackground(false);
  setAccessibleName(tr("Labels of all heads over time"));
}

RibbonPaintOptions RibbonChart::options() const {
  RibbonPaintOptions options;
  options.font_px = basePixelSize(*this);
  return options;
}

void RibbonChart::layOut() {
  m_layout = layoutRibbons(QRectF(QPointF(0, 0), QSizeF(maximumViewportSize())), m_heads.size(),
                           m_last, m_scale, options());
  const double needed = m_layout.field.bottom() + basePixelSize(*this) * 2;
  setMaximumHeight(static_cast<int>(std::ceil(needed)) + 2);  // the table gets the rest
  verticalScrollBar()->setRange(
      0, std::max(0, static_cast<int>(std::ceil(needed)) - maximumViewportSize().height()));
  verticalScrollBar()->setPageStep(maximumViewportSize().height());
  verticalScrollBar()->setSingleStep(static_cast<int>(m_layout.row));
  viewport()->update();
}

void RibbonChart::setRibbons(std::vector<HeadRibbon> heads, double last_step,
                             const TimeScale& scale) {
  m_heads = std::move(heads);
  m_last = last_step;
  m_scale = scale;
  layOut();
}

void RibbonChart::setCursorStep(std::int64_t step) {
  if (step != m_step) {
    m_step = step;
    viewport()->update();
  }
}

void RibbonChart::select(int layer, int head) {
  m_layer = layer;
  m_head = head;
  if (current() >= 0)
    setAccessibleDescription(description(current(), static_cast<double>(m_step)));
  viewport()->update();
}

void RibbonChart::setTheme(const Theme& theme) {
  m_theme = theme;
  viewport()->update();
}

int RibbonChart::current() const {
  for (std::size_t i = 0; i < m_heads.size(); ++i) {
    if (m_heads[i].layer == m_layer && m_heads[i].head == m_head)
      return static_cast<int>(i);
  }
  return -1;
}

QString RibbonChart::description(int index, double step) const {
  const HeadRibbon& ribbon = m_heads[static_cast<std::size_t>(index)];
  QString text = tr("Layer %1 head %2").arg(ribbon.layer).arg(ribbon.head);
  for (auto span = ribbon.spans.rbegin(); span != ribbon.spans.rend(); ++span) {
    if (span->first <= step) {
      return tr("%1: %2 from step %3 to %4")
          .arg(text, wordOf(*span), formatInteger(static_cast<std::int64_t>(span->first)),
               formatInteger(static_cast<std::int64_t>(span->last)));
    }
  }
  return text;
}

int RibbonChart::rowAt(double y) const {
  const double at = y + verticalScrollBar()->value() - m_layout.field.top();
  const int row = static_cast<int>(std::floor(at / std::max(1.0, m_layout.row)));
  return at >= 0 && row < static_cast<int>(m_heads.size()) ? row : -1;
}

void RibbonChart::choose(int index) {
  const HeadRibbon& ribbon = m_heads[static_cast<std::size_t>(index)];
  select(ribbon.layer, ribbon.head);
  emit headSelected(ribbon.layer, ribbon.head);
}

bool RibbonChart::event(QEvent* event) {
  if (event->type() == QEvent::ShortcutOverride) {
    const auto* key = dynamic_cast<QKeyEvent*>(event);
    if (key != nullptr && key->modifiers() == Qt::NoModifier &&
        (key->key() == Qt::Key_Up || key->key() == Qt::Key_Down)) {
      event->accept();
      return true;
    }
  }
  return QAbstractScrollArea::event(event);
}

bool RibbonChart::viewportEvent(QEvent* event) {
  if (event->type() == QEvent::ToolTip) {
    const auto* help = dynamic_cast<QHelpEvent*>(event);
    const int row = help != nullptr ? rowAt(help->pos().y()) : -1;
    if (row >= 0)
      QToolTip::showText(help->globalPos(), description(row, m_layout.stepAt(help->pos().x())),
                         viewport());
    else
      QToolTip::hideText();
    return true;
  }
  return QAbstractScrollArea::viewportEvent(event);
}

void RibbonChart::mousePressEvent(QMouseEvent* event) {
  const int row = rowAt(event->position().y());
  if (row < 0)
    return;
  choose(row);
  emit stepChosen(static_cast<std::int64_t>(std::llround(m_layout.stepAt(event->position().x()))));
}

void RibbonChart::mouseMoveEvent(QMouseEvent* event) {
  if (event->buttons() & Qt::LeftButton)
    emit stepChosen(
        static_cast<std::int64_t>(std::llround(m_layout.stepAt(event->position().x()))));
}

void RibbonChart::keyPressEvent(QKeyEvent* event) {
  const bool is_ours = event->key() == Qt::Key_Up || event->key() == Qt::Key_Down;
  if (m_heads.empty() || !is_ours || event->modifiers() != Qt::NoModifier) {
    event->ignore();
    return;
  }
  const int next = current() + (event->key() == Qt::Key_Down ? 1 : -1);
  choose(std::clamp(next, 0, static_cast<int>(m_heads.size()) - 1));
  scrollTo(*this, m_layout.rowRect(current()));
}

void RibbonChart::resizeEvent(QResizeEvent*) {
  layOut();
}

void RibbonChart::changeEvent(QEvent* event) {
  if (event->type() == QEvent::FontChange)
    layOut();
  QAbstractScrollArea::changeEvent(event);
}

void RibbonChart::paintEvent(QPaintEvent*) {
  QPainter painter(viewport());
  painter.translate(0, -verticalScrollBar()->value());
  paintRibbons(painter, m_layout, m_heads, options(), m_theme);
  const double x = m_layout.x(static_cast<double>(m_step));
  painter.setPen(QPen(m_theme.time_cursor, 1.5));
  painter.drawLine(QPointF(x, m_layout.field.top()), QPointF(x, m_layout.field.bottom()));
  if (const int index = current(); index >= 0) {
    painter.setPen(QPen(hasFocus() ? m_theme.accent : m_theme.border, m_theme.borderWidth()));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(m_layout.rowRect(index).adjusted(-1, 0, 1, 0));
  }
}

}  // namespace anchorlens::widgets
