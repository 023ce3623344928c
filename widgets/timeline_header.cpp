// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/timeline_header.h"

#include "widgets/badge.h"
#include "widgets/fonts.h"
#include "widgets/head_map_data.h"
#include "widgets/number_format.h"
#include "widgets/score_help.h"
#include "widgets/text_paint.h"
#include "widgets/timeline_plot.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

namespace {
constexpr double kIndent = 12;

QString foldedText(const Lane& lane) {
  return TimelineHeader::tr("%1 without pattern").arg(lane.folded);
}
}  // namespace

TimelineHeader::TimelineHeader(TimelinePlot* plot, QWidget* parent)
    : QWidget(parent), m_plot(*plot) {
  setMouseTracking(true);
}

double TimelineHeader::valueLeft() const {
  return std::round(basePixelSize(*this) * 5.6);
}

void TimelineHeader::paintEvent(QPaintEvent*) {
  if (m_plot.history() == nullptr) {
    return;
  }
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  for (std::size_t i = 0; i < m_plot.lanes().size(); ++i) {
    const QRectF band = m_plot.laneBand(i);
    paintLane(painter, m_plot.lanes()[i], QRectF(0, band.top(), width(), band.height()));
    painter.setPen(QPen(m_plot.theme().rule, 1));
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.drawLine(QPointF(0, band.bottom() - 1), QPointF(width(), band.bottom() - 1));
    painter.setRenderHint(QPainter::Antialiasing);
  }
}

void TimelineHeader::paintLane(QPainter& painter, const Lane& lane, const QRectF& band) const {
  const double f = basePixelSize(*this);
  const Theme& theme = m_plot.theme();
  const QRectF text = band.adjusted(kIndent, 0, -4, 0);
  const auto label = [&](const QString& name) {
    paintText(painter, text, Qt::AlignLeft | Qt::AlignVCenter,
              elided(name, textFont(f - 1), text.width()), textFont(f - 1), theme.text_second);
  };
  switch (lane.kind) {
    case Lane::Kind::Ruler:
      label(tr("Step"));
      break;
    case Lane::Kind::Markers:
      label(tr("Markers"));
      break;
    case Lane::Kind::Loss:
      paintCurves(painter, true, band);
      break;
    case Lane::Kind::Accuracy:
      paintCurves(painter, false, band);
      break;
    case Lane::Kind::Strip:
      paintStrip(painter, lane, band);
      break;
    case Lane::Kind::Folded:
      label(foldedText(lane) + ' ' + (m_plot.isUnfolded() ? QChar(0x25BE) : QChar(0x25B8)));
      break;
  }
}

QString TimelineHeader::groupValue(const GroupSeries& group, bool is_loss) const {
  const auto step = static_cast<double>(m_plot.timeCursor());
  return is_loss ? formatLoss(group.loss.at(step)) : formatAccuracy(group.accuracy.at(step));
}

void TimelineHeader::paintGroup(QPainter& painter, const GroupSeries& group, bool is_loss,
                                const QRectF& row) const {
  const double f = basePixelSize(*this);
  const Theme& theme = m_plot.theme();
  const double line = f * 0.95;
  painter.setPen(theme.group(group.line, 1.6));
  painter.drawLine(QPointF(row.left(), row.center().y()),
                   QPointF(row.left() + line, row.center().y()));
  const QString value = groupValue(group, is_loss);
  const QFont mono = monoFont(f - 1);
  const QFont text = textFont(f - 1);
  const double value_left = std::max(valueLeft(), 0.0);
  const double name_room = value_left - row.left() - line - f * 0.4;
  paintText(painter, QRectF(row.left() + line + f * 0.35, row.top(), name_room, row.height()),
            Qt::AlignLeft | Qt::AlignVCenter, elided(group.name, text, name_room), text,
            theme.text_second);
  paintText(painter, QRectF(value_left, row.top(), width() - value_left, row.height()),
            Qt::AlignLeft | Qt::AlignVCenter, value, mono, theme.text);
}

/// The name, then as many groups as there is room for; the test group first.
void TimelineHeader::paintCurves(QPainter& painter, bool is_loss, const QRectF& band) const {
  const double f = basePixelSize(*this);
  const double row_height = std::round(f * 1.32);
  const QString name = is_loss ? tr("Loss") : tr("Accuracy");
  std::vector<const GroupSeries*> groups;
  for (const GroupSeries& group : m_plot.history()->groups()) {
    groups.push_back(&group);
  }
  const int room = std::max(1, static_cast<int>((band.height() - f * 1.6) / row_height));
  if (room < static_cast<int>(groups.size())) {  // test says most
    std::stable_partition(groups.begin(), groups.end(),
                          [](const GroupSeries* g) { return g->line == GroupLine::Test; });
    groups.resize(static_cast<std::size_t>(room));
  }
  const double used = f * 1.45 + row_height * static_cast<double>(groups.size());
  double y = band.top() + std::max(0.0, std::min((band.height() - used) / 2, f * 0.45));
  paintText(painter, QRectF(kIndent, y, width() - kIndent, f * 1.45),
            Qt::AlignLeft | Qt::AlignVCenter, name, textFont(f - 1, Weight::SemiBold),
            m_plot.theme().text);
  y += f * 1.45;
  for (const GroupSeries* group : groups) {
    paintGroup(painter, *group, is_loss, QRectF(kIndent, y, width() - kIndent, row_height));
    y += row_height;
  }
}

void TimelineHeader::paintStrip(QPainter& painter, const Lane& lane, const QRectF& band) const {
  const double f = basePixelSize(*this);
  const Theme& theme = m_plot.theme();
  const HeadSeries& head = m_plot.history()->headSeries()[static_cast<std::size_t>(
      lane.layer * m_plot.history()->heads() + lane.head)];
  paintText(painter, band.adjusted(kIndent, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter,
            headName(lane.layer, lane.head), textFont(f - 1, Weight::SemiBold),
            lane.is_dim ? theme.text_second : theme.text);
  const Mechanism mechanism = mechanismOf(lane.label);
  const double left = valueLeft();
  if (!lane.is_dim) {
    const double size = f * 0.8;
    paintMechanismIcon(painter, QRectF(left - size * 1.5, band.center().y() - size / 2, size, size),
                       mechanism, theme.mechanism(mechanism));
  }
  const Series lifts{head.steps, head.lifts[static_cast<std::size_t>(lane.label)]};
  const double value = lifts.at(static_cast<double>(m_plot.timeCursor()));
  paintText(painter, QRectF(left, band.top(), width() - left, band.height()),
            Qt::AlignLeft | Qt::AlignVCenter, formatScore(value), monoFont(f - 1),
            lane.is_dim ? theme.text_second : theme.text);
}

int TimelineHeader::laneAt(QPoint point) const {
  for (std::size_t i = 0; i < m_plot.lanes().size(); ++i) {
    const QRect band = m_plot.laneBand(i);
    if (point.y() >= band.top() && point.y() <= band.bottom()) {
      return static_cast<int>(i);
    }
  }
  return -1;
}

void TimelineHeader::mousePressEvent(QMouseEvent* event) {
  const int index = laneAt(event->pos());
  if (index < 0 || event->button() != Qt::LeftButton) {
    return;
  }
  const Lane lane = m_plot.lanes()[static_cast<std::size_t>(index)];
  if (lane.kind == Lane::Kind::Strip) {
    emit headClicked(lane.layer, lane.head);
  } else if (lane.kind == Lane::Kind::Folded) {
    emit foldClicked();
  }
}

void TimelineHeader::mouseMoveEvent(QMouseEvent* event) {
  const int index = laneAt(event->pos());
  const bool is_link =
      index >= 0 && (m_plot.lanes()[static_cast<std::size_t>(index)].kind == Lane::Kind::Strip ||
                     m_plot.lanes()[static_cast<std::size_t>(index)].kind == Lane::Kind::Folded);
  setCursor(is_link ? Qt::PointingHandCursor : Qt::ArrowCursor);
}

bool TimelineHeader::event(QEvent* event) {
  if (event->type() != QEvent::ToolTip) {
    return QWidget::event(event);
  }
  const auto* help = dynamic_cast<QHelpEvent*>(event);
  const int index = help != nullptr && m_plot.history() != nullptr ? laneAt(help->pos()) : -1;
  if (index < 0) {
    return true;
  }
  const Lane lane = m_plot.lanes()[static_cast<std::size_t>(index)];
  if (lane.kind == Lane::Kind::Loss || lane.kind == Lane::Kind::Accuracy) {
    QStringList lines;  // every group, also those without room
    for (const GroupSeries& group : m_plot.history()->groups()) {
      lines << group.name + ' ' + groupValue(group, lane.kind == Lane::Kind::Loss);
    }
    QToolTip::showText(help->globalPos(), lines.join('\n'), this);
  } else if (lane.kind == Lane::Kind::Strip) {
    const std::string_view name = core::labelName(lane.label);
    QToolTip::showText(help->globalPos(),
                       tr("%1, %2: 0 is an untrained head, 1 is perfect\n%3")
                           .arg(headName(lane.layer, lane.head), QString::fromUtf8(name),
                                scoreFormula(lane.label)),
                       this);
  } else if (lane.kind == Lane::Kind::Folded) {
    QToolTip::showText(help->globalPos(), foldedText(lane), this);
  }
  return true;
}

}  // namespace anchorlens::widgets
