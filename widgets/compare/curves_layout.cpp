// SPDX-License-Identifier: GPL-3.0-or-later
// Where the curves lie, and the column of names and values beside them.
#include "widgets/badge.h"
#include "widgets/compare/comparison.h"
#include "widgets/compare/curves_paint.h"
#include "widgets/fonts.h"
#include "widgets/number_format.h"
#include "widgets/text_paint.h"

#include <QCoreApplication>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

namespace {

constexpr std::size_t kMostLanes = 8;

QString tr(const char* text) {
  return QCoreApplication::translate("CompareCurves", text);
}

bool hasPattern(const CurveSide& side, int layer, int head) {
  return side.history != nullptr && head >= 0 && layer < side.history->layers() &&
         head < side.history->heads() && side.history->hasPattern(layer, head);
}

const GroupSeries* testGroup(const RunHistory* history) {
  if (history == nullptr) {
    return nullptr;
  }
  for (const GroupSeries& group : history->groups()) {
    if (group.line == GroupLine::Test) {
      return &group;
    }
  }
  return nullptr;
}

/// Of a curve's lane: its name, then each run; up to where the axis' numbers begin.
QRectF headerLine(const QRectF& lane, std::size_t i, const CurvesPaint& how) {
  const double f = how.font_px;
  const double line = std::min(f * 1.4, lane.height() / 3);
  return {f * 0.9, lane.top() + static_cast<double>(i) * line, how.header - f * 4.3, line};
}

/// Of a pair's lane: up to where the scores begin.
QRectF pairLine(const QRectF& lane, const CurvesPaint& how) {
  const double f = how.font_px;
  return {f * 0.9, lane.top(), how.header - f * 7.3, lane.height()};
}

QString pairName(const core::HeadPair& pair) {
  const QString name = comparedHeadName(pair, 0);
  return pair.isWhole() && pair.first != pair.second ? name + QStringLiteral("/%1").arg(pair.second)
                                                     : name;
}

QRectF hiddenLine(const CurvesLayout& layout, const CurvesPaint& how) {
  return {how.font_px * 0.9, layout.hidden.top(), how.header * 1.5, layout.hidden.height()};
}

QString hiddenText(const CurvesLayout& layout, const ComparedCurves& curves) {
  const auto n = static_cast<std::int64_t>(curves.pairs.size() - layout.strips.size());
  return tr("%1 without pattern").arg(formatInteger(n));
}

struct Header {
  QPainter& painter;
  const ComparedCurves& curves;
  std::int64_t step;
  const CurvesPaint& how;
  const Theme& theme;

  void text(const QRectF& box, const QString& what, const QFont& font, const QColor& colour,
            Qt::Alignment align = Qt::AlignLeft) const {
    paintText(painter, box, align | Qt::AlignVCenter, elided(what, font, box.width()), font, colour,
              how.text_as_paths);
  }

  /// A line for each run: its value on the test sequences.
  void curve(const QRectF& lane, const QString& name, bool is_loss) const {
    const double f = how.font_px;
    text(headerLine(lane, 0, how), name, textFont(f * 0.92, Weight::SemiBold), theme.text);
    for (std::size_t side = 0; side < 2; ++side) {
      const QRectF line = headerLine(lane, side + 1, how);
      const GroupSeries* test = testGroup(curves.sides[side].history);
      const double at = curves.fromFirst(side, static_cast<double>(step));
      const double nothing = std::numeric_limits<double>::quiet_NaN();
      const double value = test == nullptr ? nothing
                           : is_loss       ? test->loss.at(at)
                                           : test->accuracy.at(at);
      const QString number = is_loss ? formatLoss(value) : formatAccuracy(value);
      painter.fillRect(QRectF(line.left(), line.center().y() - how.unit, f * 0.8, 2 * how.unit),
                       theme.run(curves.sides[side].colour));
      const QFont mono = monoFont(f * 0.9);
      const double width = textWidth(number, mono);
      text(QRectF(line.right() - width, line.top(), width + f, line.height()), number, mono,
           theme.text);
      text(line.adjusted(f * 1.2, 0, -width - f * 0.4, 0), curves.sides[side].name,
           textFont(f * 0.9), theme.text_second);
    }
  }

  /// The name of a pair and both scores.
  void strip(const QRectF& lane, const core::HeadPair& pair) const {
    const double f = how.font_px;
    const bool is_dim = !hasPattern(curves.sides[0], pair.layer, pair.first) &&
                        !hasPattern(curves.sides[1], pair.layer, pair.second);
    const QColor colour = is_dim ? theme.text_second : theme.text;
    const QFont bold = textFont(f * 0.92, Weight::SemiBold);
    const QString name = pairName(pair);
    const double size = f * 0.75;
    QRectF box = pairLine(lane, how);
    // The icon stands in one column, but for a name that needs more.
    const double room = box.width() - (is_dim ? 0 : size) - f * 0.2;
    box.setWidth(std::min(std::max(f * 4, textWidth(name, bold) + f * 0.3), room));
    text(box, name, bold, colour);
    if (!is_dim) {
      const std::size_t side = hasPattern(curves.sides[0], pair.layer, pair.first) ? 0 : 1;
      const int head = side == 0 ? pair.first : pair.second;
      const auto mechanism = mechanismOf(curves.sides[side].history->stripLabel(pair.layer, head));
      paintMechanismIcon(painter, QRectF(box.right(), lane.center().y() - size / 2, size, size),
                         mechanism, theme.mechanism(mechanism));
    }
    const QFont mono = monoFont(f * 0.9);
    for (std::size_t side = 0; side < 2; ++side) {
      const int head = side == 0 ? pair.first : pair.second;
      const Series series = stripSeries(curves.sides[side].history, pair.layer, head);
      const QString value =
          formatScore(series.at(curves.fromFirst(side, static_cast<double>(step))));
      const double right = how.header - f * (side == 0 ? 3.8 : 0.9);
      text(QRectF(right - f * 2.6, lane.top(), f * 2.6, lane.height()), value, mono, colour,
           Qt::AlignRight);
    }
  }
};

}  // namespace

double ComparedCurves::toFirst(std::size_t side, double step) const {
  return side == 0 ? step : alignment.firstAt(step);
}

double ComparedCurves::fromFirst(std::size_t side, double first_step) const {
  return side == 0 ? first_step : static_cast<double>(alignment.secondAt(std::llround(first_step)));
}

double ComparedCurves::lastStep() const {
  double last = 1;
  for (std::size_t side = 0; side < 2; ++side) {
    if (const RunHistory* history = sides[side].history) {
      const double newest =
          allTimeEnd(history->newestStep(), std::max(history->totalSteps(), history->newestStep()));
      last = std::max(last, toFirst(side, newest));
    }
  }
  return last;
}

std::vector<core::HeadPair> ComparedCurves::lanes() const {
  if (pairs.size() <= kMostLanes) {
    return pairs;
  }
  std::vector<core::HeadPair> labelled;
  for (const core::HeadPair& pair : pairs) {
    if (hasPattern(sides[0], pair.layer, pair.first) ||
        hasPattern(sides[1], pair.layer, pair.second)) {
      labelled.push_back(pair);
    }
  }
  return labelled;
}

Series stripSeries(const RunHistory* history, int layer, int head) {
  if (history == nullptr || head < 0 || layer >= history->layers() || head >= history->heads()) {
    return {};
  }
  const HeadSeries& series =
      history->headSeries()[static_cast<std::size_t>(layer * history->heads() + head)];
  const auto label = static_cast<std::size_t>(history->stripLabel(layer, head));
  return {series.steps, series.lifts[label]};
}

double CurvesLayout::xOf(double step, const CurvesPaint& how) const {
  const TimeScale scale{how.is_logarithmic};
  const double a = scale.toAxis(how.first);
  return ruler.left() + (scale.toAxis(step) - a) / (scale.toAxis(how.last) - a) * ruler.width();
}

double CurvesLayout::stepAt(double x, const CurvesPaint& how) const {
  const TimeScale scale{how.is_logarithmic};
  const double a = scale.toAxis(how.first);
  return scale.toStep(a + (x - ruler.left()) / ruler.width() * (scale.toAxis(how.last) - a));
}

CurvesLayout layoutCurves(const QRectF& area, const ComparedCurves& curves,
                          const CurvesPaint& how) {
  CurvesLayout layout;
  const double f = how.font_px;
  const double gap = f * 0.5;
  const std::vector<core::HeadPair> lanes = curves.lanes();
  const double left = area.left() + how.header;
  const double width = std::max(20.0, area.width() - how.header - f);
  const double strip = f * (area.height() < f * 24 ? 1.45 : 1.85);
  const bool has_hidden = lanes.size() < curves.pairs.size();
  const double below = strip * static_cast<double>(lanes.size()) + (has_hidden ? f * 1.5 : 0);
  const double rest = area.height() - f * 1.6 - below - 3 * gap - 1;
  const double curve = std::clamp(rest / 2, f * 3.7, f * 12);
  double y = area.top();
  const auto place = [&](double height) {
    const QRectF box(left, y, width, height);
    y += height;
    return box;
  };
  layout.ruler = place(f * 1.6);
  layout.loss = place(curve);
  y += gap;
  layout.accuracy = place(curve);
  y += gap;
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    layout.strips.push_back(place(strip));
  }
  if (has_hidden) {
    layout.hidden = place(f * 1.5);
  }
  layout.height = y + gap - area.top();
  return layout;
}

void paintCurveHeader(QPainter& painter, const CurvesLayout& layout, const ComparedCurves& curves,
                      std::int64_t step, const CurvesPaint& how, const Theme& theme) {
  const Header header{painter, curves, step, how, theme};
  const double f = how.font_px;
  header.text(QRectF(f * 0.9, layout.ruler.top(), how.header, layout.ruler.height()), tr("Step"),
              textFont(f * 0.92), theme.text_second);
  header.curve(layout.loss, tr("Loss"), true);
  header.curve(layout.accuracy, tr("Accuracy"), false);
  const auto lanes = curves.lanes();
  for (std::size_t i = 0; i < layout.strips.size(); ++i) {
    header.strip(layout.strips[i], lanes[i]);
  }
  if (!layout.hidden.isEmpty()) {
    header.text(hiddenLine(layout, how), hiddenText(layout, curves), textFont(f * 0.9),
                theme.text_second);
  }
}

std::vector<PlacedText> curveHeaderTexts(const CurvesLayout& layout, const ComparedCurves& curves,
                                         const CurvesPaint& how) {
  std::vector<PlacedText> texts;
  for (const QRectF& lane : {layout.loss, layout.accuracy}) {
    for (std::size_t side = 0; side < 2; ++side) {
      texts.push_back({headerLine(lane, side + 1, how), curves.sides[side].name});
    }
  }
  const auto lanes = curves.lanes();
  for (std::size_t i = 0; i < layout.strips.size(); ++i) {
    texts.push_back({pairLine(layout.strips[i], how), pairName(lanes[i])});
  }
  if (!layout.hidden.isEmpty()) {
    texts.push_back({hiddenLine(layout, how), hiddenText(layout, curves)});
  }
  return texts;
}

NumberTable comparedCurveNumbers(const ComparedCurves& curves, const TimeView& view) {
  NumberTable table;
  table.title = tr("Curves of %1 and %2").arg(curves.sides[0].name, curves.sides[1].name);
  table.columns = {tr("run"), tr("step"), tr("group"), tr("loss"), tr("accuracy")};
  if (view.smoothing > 0)
    table.columns << tr("loss smoothed") << tr("accuracy smoothed");
  for (std::size_t at = 0; at < curves.sides.size(); ++at) {
    const CurveSide& side = curves.sides[at];
    if (side.history == nullptr) {
      continue;
    }
    for (const GroupSeries& group : side.history->groups()) {
      const Series loss = smoothed(group.loss, view.smoothing);
      const Series accuracy = smoothed(group.accuracy, view.smoothing);
      for (std::size_t i = 0; i < group.loss.size(); ++i) {
        const double step = group.loss.steps[i];
        if (view.range && !view.range->has(curves.toFirst(at, step))) {
          continue;
        }
        table.rows.push_back({side.name, static_cast<qint64>(step), group.name,
                              group.loss.values[i], group.accuracy.at(step)});
        if (view.smoothing > 0) {
          table.rows.back().emplace_back(loss.values[i]);
          table.rows.back().emplace_back(accuracy.at(step));
        }
      }
    }
  }
  return table;
}

}  // namespace anchorlens::widgets
