// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figure/time_marks_lane.h"

#include "widgets/fonts.h"
#include "widgets/text_paint.h"

#include <QPainter>

#include <algorithm>
#include <set>

namespace anchorlens::widgets {

namespace {

bool isInside(const FigureField& field, std::int64_t step) {
  const auto at = static_cast<double>(step);
  return at >= field.first && at <= field.last;
}

}  // namespace

double marksLaneHeight(const FigureCanvas& canvas) {
  return canvas.font * 1.7;
}

void paintMarksLane(const FigureCanvas& canvas, const FigureField& field, const RunHistory& history,
                    const std::vector<TimeMark>& marks) {
  QPainter& painter = *canvas.painter;
  const double u = canvas.unit();
  painter.setRenderHint(QPainter::Antialiasing);
  double free_from = field.box.left();
  for (const std::int64_t frame : history.frames()) {
    const double x = field.x(static_cast<double>(frame));
    if (isInside(field, frame) && x >= free_from) {
      paintTimeMark(painter, TimeMark::Kind::Frame, field.box, x, canvas.theme, u);
      free_from = x + kFramesApart * u;
    }
  }
  for (const TimeMark& mark : marks) {
    if (isInside(field, mark.step)) {
      paintTimeMark(painter, mark.kind, field.box, field.x(static_cast<double>(mark.step)),
                    canvas.theme, u);
    }
  }
  painter.setBrush(Qt::NoBrush);
  painter.setPen(QPen(canvas.theme.text_muted, u));
  painter.drawLine(field.box.bottomLeft(), field.box.bottomRight());
  canvas.text(QRectF(0, field.box.top(), field.box.left(), field.box.height()),
              Qt::AlignLeft | Qt::AlignVCenter, QStringLiteral("Markers"),
              textFont(canvas.font * 0.9), canvas.theme.text_second);
}

void paintSpikes(const FigureCanvas& canvas, const FigureField& field,
                 const std::vector<TimeMark>& spikes) {
  double free_from = field.box.left();
  for (const TimeMark& spike : spikes) {
    const double x = field.x(static_cast<double>(spike.step));
    if (isInside(field, spike.step) && x >= free_from) {
      paintTimeMark(*canvas.painter, spike.kind, field.box, x, canvas.theme, canvas.unit());
      free_from = x + kSpikesApart * canvas.unit();
    }
  }
  canvas.painter->setBrush(Qt::NoBrush);
}

double paintMarksKey(const FigureCanvas& canvas, const FigureField& field,
                     const std::vector<TimeMark>& marks, double left, double top) {
  std::set<TimeMark::Kind> kinds{TimeMark::Kind::Frame};
  for (const TimeMark& mark : marks) {
    if (isInside(field, mark.step)) {
      kinds.insert(mark.kind);
    }
  }
  const double f = canvas.font;
  const QFont font = textFont(f * 0.85);
  const double height = marksLaneHeight(canvas);
  double x = left;
  double y = top;
  for (const TimeMark::Kind kind : kinds) {
    const QString name = markKindName(kind);
    const double width = textWidth(name, font) + f * 1.5;
    if (x + width > canvas.width && x > left) {
      x = left;
      y += height;
    }
    if (canvas.painter != nullptr) {
      const bool is_flag = kind == TimeMark::Kind::Intervention || kind == TimeMark::Kind::Note;
      canvas.painter->setRenderHint(QPainter::Antialiasing);
      paintTimeMark(*canvas.painter, kind, QRectF(x, y, f, height), x + f * (is_flag ? 0.2 : 0.5),
                    canvas.theme, canvas.unit());
      canvas.painter->setBrush(Qt::NoBrush);
    }
    canvas.text(QRectF(x + f * 1.4, y, width, height), Qt::AlignLeft | Qt::AlignVCenter, name, font,
                canvas.theme.text_second);
    x += width + f * 1.3;
  }
  return y - top + height + f * 0.3;
}

void addMarks(NpzWriter& npz, const std::vector<TimeMark>& marks, double first, double last) {
  std::vector<std::int64_t> steps;
  QStringList kinds;
  QStringList texts;
  for (const TimeMark& mark : marks) {
    const auto step = static_cast<double>(mark.step);
    if (step >= first && step <= last) {
      steps.push_back(mark.step);
      kinds << markKindName(mark.kind);
      texts << mark.text;
    }
  }
  if (steps.empty()) {
    return;
  }
  const auto n = static_cast<std::int64_t>(steps.size());
  npz.add(QStringLiteral("marker_step"), {n}, steps);
  npz.add(QStringLiteral("marker"), {n}, kinds);
  npz.add(QStringLiteral("marker_text"), {n}, texts);
}

}  // namespace anchorlens::widgets
