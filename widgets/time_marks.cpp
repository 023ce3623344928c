// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/time_marks.h"

#include "widgets/number_format.h"

#include <QCoreApplication>
#include <QPainter>

#include <algorithm>
#include <string_view>

namespace anchorlens::widgets {

namespace {

QString tr(const char* text) {
  return QCoreApplication::translate("TimeMarks", text);
}

/// What every run does by itself is worth no flag.
bool isOrdinary(const core::Event& event) {
  constexpr std::string_view kOrdinary[] = {"started",  "resumed", "checkpoint",
                                            "finished", "paused",  "stopped",
                                            "created",  "frame",   "saved"};
  return std::find(std::begin(kOrdinary), std::end(kOrdinary), event.kind) != std::end(kOrdinary);
}

QString sentence(const core::Event& event) {
  QString text = QString::fromStdString(event.text.empty() ? event.kind : event.text);
  if (text.endsWith('.')) {
    text.chop(1);
  }
  return text;
}

}  // namespace

QString markKindName(TimeMark::Kind kind) {
  switch (kind) {
    case TimeMark::Kind::Checkpoint:
      return tr("Checkpoint");
    case TimeMark::Kind::Intervention:
      return tr("Intervention");
    case TimeMark::Kind::Spike:
      return tr("Loss spike");
    case TimeMark::Kind::Bookmark:
      return tr("Bookmark");
    case TimeMark::Kind::Note:
      return tr("Event");
    case TimeMark::Kind::Emergence:
      return tr("Emergence");
    case TimeMark::Kind::Frame:
      break;
  }
  return tr("Frame");
}

QString markText(const TimeMark& mark) {
  const QString what = mark.text.isEmpty() ? markKindName(mark.kind) : mark.text;
  return mark.kind == TimeMark::Kind::Emergence
             ? tr("%1 at step %2").arg(what, formatInteger(mark.step))
             : tr("%1, step %2").arg(what, formatInteger(mark.step));
}

std::vector<TimeMark> laneMarks(const RunHistory& history,
                                const std::vector<core::Bookmark>& bookmarks) {
  std::vector<TimeMark> marks;
  const auto add = [&](TimeMark::Kind kind, std::int64_t step, const QString& text) {
    marks.push_back({kind, step, -1, core::Label::Broadcast, text});
  };
  for (const std::int64_t step : history.checkpoints()) {
    add(TimeMark::Kind::Checkpoint, step, QString());
  }
  for (const core::Event& event : history.events()) {
    if (event.kind == "intervention") {
      add(TimeMark::Kind::Intervention, event.step, sentence(event));
    } else if (!isOrdinary(event)) {
      add(TimeMark::Kind::Note, event.step, sentence(event));
    }
  }
  for (const core::Bookmark& bookmark : bookmarks) {
    const QString note = QString::fromStdString(bookmark.note);
    add(TimeMark::Kind::Bookmark, bookmark.step,
        note.isEmpty() ? QString() : tr("Bookmark “%1”").arg(note));
  }
  return marks;
}

std::vector<TimeMark> spikeMarks(const RunHistory& history) {
  std::vector<TimeMark> marks;
  for (const core::LossSpike& spike : history.spikes()) {
    marks.push_back({TimeMark::Kind::Spike, spike.step, -1, core::Label::Broadcast,
                     tr("Loss spike of %1, usual before it %2")
                         .arg(formatLoss(spike.loss), formatLoss(spike.usual))});
  }
  return marks;
}

void paintTimeMark(QPainter& painter, TimeMark::Kind kind, const QRectF& band, double x,
                   const Theme& theme, double unit) {
  const double u = unit;
  const double middle = band.center().y();
  painter.setPen(QPen(theme.panel, u));
  switch (kind) {
    case TimeMark::Kind::Frame:
      painter.setPen(QPen(theme.text_muted, u));
      painter.drawLine(QPointF(x, middle - 3 * u), QPointF(x, middle + 3 * u));
      break;
    case TimeMark::Kind::Checkpoint: {
      painter.setBrush(theme.text_second);
      const double r = 5 * u;
      painter.drawPolygon(
          QPolygonF({{x, middle - r}, {x + r, middle}, {x, middle + r}, {x - r, middle}}));
      break;
    }
    case TimeMark::Kind::Note:
    case TimeMark::Kind::Intervention: {
      const bool is_filled = kind == TimeMark::Kind::Intervention;
      const QColor hue = is_filled ? theme.warning : theme.text_second;
      painter.setPen(QPen(hue, 1.5 * u));
      painter.setBrush(is_filled ? QBrush(hue) : QBrush(Qt::NoBrush));
      painter.drawLine(QPointF(x, middle - 8 * u), QPointF(x, middle + 8 * u));
      painter.drawPolygon(
          QPolygonF({{x, middle - 8 * u}, {x + 9 * u, middle - 4.5 * u}, {x, middle - u}}));
      break;
    }
    case TimeMark::Kind::Emergence: {
      const double base = band.bottom();
      painter.setBrush(theme.time_cursor);
      painter.drawPolygon(QPolygonF({{x - 4.5 * u, base}, {x + 4.5 * u, base}, {x, base - 8 * u}}));
      break;
    }
    case TimeMark::Kind::Spike: {
      const double top = band.top() + u;
      painter.setBrush(theme.text_second);
      painter.drawPolygon(QPolygonF({{x - 4 * u, top}, {x + 4 * u, top}, {x, top + 6 * u}}));
      break;
    }
    case TimeMark::Kind::Bookmark: {
      const double top = band.top() + u;
      const double height = std::min(13 * u, band.height() - 3 * u);
      painter.setBrush(theme.accent);
      painter.drawPolygon(QPolygonF({{x - 4.5 * u, top},
                                     {x + 4.5 * u, top},
                                     {x + 4.5 * u, top + height},
                                     {x, top + height - 4 * u},
                                     {x - 4.5 * u, top + height}}));
      break;
    }
  }
}

}  // namespace anchorlens::widgets
