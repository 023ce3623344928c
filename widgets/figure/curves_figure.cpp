// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figure/curves_figure.h"

#include "widgets/badge.h"
#include "widgets/figure/time_marks_lane.h"
#include "widgets/fonts.h"
#include "widgets/head_map_data.h"
#include "widgets/line_path.h"
#include "widgets/npz.h"
#include "widgets/number_format.h"
#include "widgets/text_paint.h"

#include <QPainter>

#include <algorithm>
#include <cmath>
#include <limits>

namespace anchorlens::widgets {

namespace {

QPainterPath pathOf(const FigureField& field, const Series& series) {
  const Series thin = decimated(series, field.scale, field.scale.toAxis(field.first),
                                field.scale.toAxis(field.last), field.columns());
  std::vector<QPointF> points;
  for (std::size_t i = 0; i < thin.size(); ++i) {
    const double y = std::isfinite(thin.values[i]) ? field.y(thin.values[i])
                                                   : std::numeric_limits<double>::quiet_NaN();
    points.emplace_back(field.axisX(thin.steps[i]), y);
  }
  return linePath(points, field.box.left(), field.box.right());
}

/// Line samples with names, in a row; returns its height.
double paintLegend(const FigureCanvas& canvas, const RunHistory& history, double top, double left) {
  const double f = canvas.font;
  const QFont font = textFont(f * 0.9);
  double x = left;
  double y = top;
  for (const GroupSeries& group : history.groups()) {
    const double width = f * 2.6 + textWidth(group.name, font) + f * 1.4;
    if (x + width > canvas.width && x > left) {
      x = left;
      y += f * 1.4;
    }
    if (canvas.painter != nullptr) {
      canvas.painter->setRenderHint(QPainter::Antialiasing);
      canvas.painter->setPen(canvas.theme.group(group.line, 1.5 * canvas.unit()));
      canvas.painter->drawLine(QPointF(x, y + f * 0.8), QPointF(x + f * 2.2, y + f * 0.8));
    }
    canvas.text(QRectF(x + f * 2.6, y, width, f * 1.6), Qt::AlignLeft | Qt::AlignVCenter,
                group.name, font, canvas.theme.text);
    x += width;
  }
  return y - top + f * 2;
}

/// With smoothing, the raw line lies faint behind it, as on the Timeline.
void paintGroups(const FigureCanvas& canvas, const FigureField& field, const RunHistory& history,
                 bool is_loss, int smoothing) {
  QPainter& painter = *canvas.painter;
  painter.setBrush(Qt::NoBrush);
  for (const GroupSeries& group : history.groups()) {
    QPen pen = canvas.theme.group(group.line, 1.4 * canvas.unit());
    pen.setJoinStyle(Qt::RoundJoin);
    const Series& series = is_loss ? group.loss : group.accuracy;
    if (smoothing > 0) {
      painter.setPen(rawPen(pen, canvas.unit()));
      painter.drawPath(pathOf(field, series));
    }
    painter.setPen(pen);
    painter.drawPath(pathOf(field, smoothed(series, smoothing)));
  }
}

void paintStrip(const FigureCanvas& canvas, FigureField field, const RunHistory& history,
                const HeadSeries& head) {
  const core::Label label = history.stripLabel(head.layer, head.head);
  const bool has_pattern = history.hasPattern(head.layer, head.head);
  const Series series{head.steps, head.lifts[static_cast<std::size_t>(label)]};
  field.low = liftFloor(series.values);
  const double zero = field.y(0);
  const QPainterPath area = areaPath(pathOf(field, series), zero);
  QPainter& painter = *canvas.painter;
  painter.setRenderHint(QPainter::Antialiasing);
  const QColor hue = canvas.theme.mechanism(mechanismOf(label));
  painter.setPen(Qt::NoPen);
  painter.setBrush(has_pattern ? hue : mixed(canvas.theme.panel, canvas.theme.text_muted, 0.5));
  painter.drawPath(area);
  painter.setBrush(Qt::NoBrush);
  painter.setPen(QPen(canvas.theme.border, canvas.unit()));
  painter.drawLine(field.box.bottomLeft(), field.box.bottomRight());
  if (field.low < 0) {
    painter.drawLine(QPointF(field.box.left(), zero), QPointF(field.box.right(), zero));
  }
  const auto emergence = history.emergence(head.layer, head.head, label);
  const double x = emergence ? field.x(static_cast<double>(*emergence)) : -1;
  if (has_pattern && x >= field.box.left() && x <= field.box.right()) {
    const double w = canvas.font * 0.4;
    painter.setPen(QPen(canvas.theme.panel, canvas.unit() * 0.7));
    painter.setBrush(canvas.theme.text);
    painter.drawPolygon(QPolygonF({{x - w, field.box.bottom()},
                                   {x + w, field.box.bottom()},
                                   {x, field.box.bottom() - 1.6 * w}}));
    painter.setBrush(Qt::NoBrush);
  }
}

void paintStripName(const FigureCanvas& canvas, const FigureField& field, const RunHistory& history,
                    const HeadSeries& head) {
  const double f = canvas.font;
  const core::Label label = history.stripLabel(head.layer, head.head);
  const bool has_pattern = history.hasPattern(head.layer, head.head);
  const QRectF row(0, field.box.top(), field.box.left(), field.box.height());
  canvas.text(row, Qt::AlignLeft | Qt::AlignVCenter, headName(head.layer, head.head),
              textFont(f * 0.9, Weight::SemiBold), canvas.theme.text);
  if (has_pattern) {
    const std::string_view name = core::labelName(label);
    canvas.text(row.adjusted(f * 3.4, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter,
                QString::fromUtf8(name), textFont(f * 0.85),
                canvas.theme.mechanism(mechanismOf(label)));
  }
  const double value =
      Series{head.steps, head.lifts[static_cast<std::size_t>(label)]}.at(field.last);
  canvas.text(QRectF(field.box.right() + f * 0.5, row.top(), f * 3, row.height()),
              Qt::AlignLeft | Qt::AlignVCenter, formatScore(value), monoFont(f * 0.85),
              canvas.theme.text);
}

}  // namespace

HistoryFigure::HistoryFigure(std::shared_ptr<const RunHistory> history, TimeView view,
                             const std::optional<std::vector<core::Bookmark>>& bookmarks)
    : m_history(std::move(history)), m_view(view), m_has_marks(bookmarks.has_value()) {
  if (m_history && bookmarks) {
    m_marks = laneMarks(*m_history, *bookmarks);
    m_spikes = spikeMarks(*m_history);
  }
}

QString HistoryFigure::problem() const {
  if (!m_history || m_history->isEmpty()) {
    return QStringLiteral("The run has no steps yet.");
  }
  return m_view.range && m_view.range->first >= m_history->newestStep()
             ? QStringLiteral("Steps %1 to %2 are beyond the run's newest, %3.")
                   .arg(formatInteger(m_view.range->first), formatInteger(m_view.range->last),
                        formatInteger(m_history->newestStep()))
             : QString();
}

std::vector<std::int64_t> HistoryFigure::steps() const {
  return {m_history->newestStep()};
}

QStringList HistoryFigure::provenance(const FigureSource& source) const {
  return FigureContent::provenance(source) + timeViewText(m_view);
}

FigureField HistoryFigure::fieldOf(const FigureCanvas& canvas, const QRectF& box) const {
  FigureField field = makeField(canvas, box, m_history->newestStep());
  if (m_view.range) {
    field.first = static_cast<double>(m_view.range->first);
    field.last = static_cast<double>(m_view.range->last);
  }
  return field;
}

NumberTable HistoryFigure::shownRows(NumberTable table) const {
  const auto is_hidden = [this](const std::vector<NumberTable::Value>& row) {
    return !isShown(static_cast<double>(std::get<qint64>(row.front())));
  };
  table.rows.erase(std::remove_if(table.rows.begin(), table.rows.end(), is_hidden),
                   table.rows.end());
  return table;
}

std::vector<TimeMark> HistoryFigure::keyMarks(bool has_spikes) const {
  std::vector<TimeMark> marks = m_marks;
  if (has_spikes) {
    marks.insert(marks.end(), m_spikes.begin(), m_spikes.end());
  }
  return marks;
}

double HistoryFigure::paintFoot(const FigureCanvas& canvas, FigureField field, double top,
                                double left, double width, bool has_spikes) const {
  const double lane = m_has_marks ? marksLaneHeight(canvas) : 0;
  const double above = lane + canvas.font * 3.2;
  field.box = QRectF(left, top, width, lane);
  if (canvas.painter != nullptr) {
    if (m_has_marks) {
      paintMarksLane(canvas, field, *m_history, m_marks);
    }
    paintStepAxis(canvas, field);
  }
  return m_has_marks ? above + paintMarksKey(canvas, field, keyMarks(has_spikes), left, top + above)
                     : above;
}

void HistoryFigure::addShownMarks(NpzWriter& npz, bool has_spikes) const {
  const double last =
      static_cast<double>(m_view.range ? m_view.range->last : m_history->newestStep());
  addMarks(npz, keyMarks(has_spikes), m_view.range ? static_cast<double>(m_view.range->first) : 0,
           last);
}

double CurvesFigure::paint(const FigureCanvas& canvas, double top) const {
  const double f = canvas.font;
  const double left = f * 6;
  const double legend = paintLegend(canvas, history(), top, left);
  const double field_height = std::max(f * 9, canvas.width * 0.22);
  const double gap = f * 1.3;
  const QRectF box(left, top + legend, canvas.width - left - f * 0.5, field_height);
  if (canvas.painter != nullptr) {
    FigureField loss = fieldOf(canvas, box);
    const LossRange range = lossRange(history());
    loss.low = range.low;
    loss.high = range.high;
    loss.is_log = true;
    const int count = static_cast<int>(field_height / (f * 2));
    paintFrame(canvas, loss, lossTicks(range.low, range.high, count));
    paintGroups(canvas, loss, history(), true, timeView().smoothing);
    paintSpikes(canvas, loss, spikes());
    paintValueName(canvas, loss, QStringLiteral("Loss"));
    FigureField accuracy = fieldOf(canvas, box.translated(0, field_height + gap));
    accuracy.high = 1.03;
    paintFrame(canvas, accuracy, {0, 0.25, 0.5, 0.75, 1});
    paintGroups(canvas, accuracy, history(), false, timeView().smoothing);
    paintValueName(canvas, accuracy, QStringLiteral("Accuracy"));
  }
  const double above = legend + 2 * field_height + gap;
  return above +
         paintFoot(canvas, fieldOf(canvas, box), top + above, box.left(), box.width(), true);
}

NumberTable CurvesFigure::numbers() const {
  return shownRows(history().curveNumbers(timeView().smoothing));
}

void CurvesFigure::addArrays(NpzWriter& npz) const {
  npz.add(numbers());
  addShownMarks(npz, true);
}

QString ScoresFigure::problem() const {
  if (const QString text = HistoryFigure::problem(); !text.isEmpty()) {
    return text;
  }
  const auto& heads = history().headSeries();
  return heads.empty() || heads.front().steps.empty()
             ? QStringLiteral("The run has no head scores.")
             : QString();
}

double ScoresFigure::paint(const FigureCanvas& canvas, double top) const {
  const double f = canvas.font;
  const auto& heads = history().headSeries();
  const double lane = f * 2.3;
  const double left = f * 8.6;
  const double width = canvas.width - left - f * 3.4;
  FigureField field = fieldOf(canvas, {});
  for (std::size_t i = 0; canvas.painter != nullptr && i < heads.size(); ++i) {
    field.box =
        QRectF(left, top + static_cast<double>(i) * lane + f * 0.35, width, lane - f * 0.35);
    paintStrip(canvas, field, history(), heads[i]);
    paintStripName(canvas, field, history(), heads[i]);
  }
  const double above = static_cast<double>(heads.size()) * lane;
  return above + paintFoot(canvas, field, top + above, left, width, false) + f * 0.2;
}

void ScoresFigure::addArrays(NpzWriter& npz) const {
  const auto& heads = history().headSeries();
  const std::size_t frames = heads.front().steps.size();
  std::vector<std::int64_t> steps;
  std::vector<double> lifts;
  QStringList labels;
  for (std::size_t frame = 0; frame < frames; ++frame) {
    if (!isShown(heads.front().steps[frame])) {
      continue;
    }
    steps.push_back(static_cast<std::int64_t>(heads.front().steps[frame]));
    for (const HeadSeries& head : heads) {
      for (const auto& values : head.lifts) {
        lifts.push_back(values[frame]);
      }
    }
  }
  for (int i = 0; i < 6; ++i) {
    const std::string_view name = core::labelName(static_cast<core::Label>(i));
    labels << QString::fromUtf8(name);
  }
  const auto n = static_cast<std::int64_t>(steps.size());
  npz.add(QStringLiteral("step"), {n}, steps);
  npz.add(QStringLiteral("lift"), {n, history().layers(), history().heads(), 6}, lifts);
  npz.add(QStringLiteral("score"), {6}, labels);
  addShownMarks(npz, false);
}

}  // namespace anchorlens::widgets
