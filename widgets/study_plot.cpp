// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/study_plot.h"

#include "widgets/fonts.h"
#include "widgets/number_format.h"
#include "widgets/placed_text.h"
#include "widgets/plain_number.h"
#include "widgets/text_paint.h"
#include "widgets/time_scale.h"

#include <QHelpEvent>

#include <algorithm>
#include <cmath>
#include <limits>

namespace anchorlens::widgets {

namespace {

QVector<double> toVector(const std::vector<std::int64_t>& steps) {
  return {steps.begin(), steps.end()};
}

const core::NumberBand& bandOf(const StudyCurve& curve, bool is_loss) {
  return is_loss ? curve.loss : curve.accuracy;
}

/// Steps as "18 400".
class StepTicker : public QCPAxisTicker {
 protected:
  QString getTickLabel(double tick, const QLocale&, QChar, int) override {
    return formatInteger(std::llround(tick));
  }
};

class LossTicker : public QCPAxisTickerLog {
 protected:
  QVector<double> createTickVector(double, const QCPRange& range) override {
    constexpr int kTicks = 8;
    const std::vector<double> ticks = lossTicks(range.lower, range.upper, kTicks);
    return {ticks.begin(), ticks.end()};
  }
  QString getTickLabel(double tick, const QLocale&, QChar, int) override {
    return formatShort(tick, 3);
  }
};

}  // namespace

StudyPlot::StudyPlot(QWidget* parent) : QCustomPlot(parent) {
  setInteractions(QCP::Interactions());
  setPlottingHint(QCP::phFastPolylines, true);
  setPlottingHint(QCP::phImmediateRefresh, false);  // painting is an event of its own
  plotLayout()->clear();
  plotLayout()->setRowSpacing(4);
  setAccessibleName(tr("Curves of the study"));
  addLayer(QStringLiteral("time"));
  layer(QStringLiteral("time"))->setMode(QCPLayer::lmBuffered);
  makePane(true);
  makePane(false);
  style();
}

void StudyPlot::makePane(bool is_loss) {
  auto* rect = new QCPAxisRect(this, false);
  rect->addAxes(QCPAxis::atLeft | QCPAxis::atBottom);
  plotLayout()->addElement(static_cast<int>(m_panes.size()), 0, rect);
  QCPAxis* y = rect->axis(QCPAxis::atLeft);
  if (is_loss) {
    y->setScaleType(QCPAxis::stLogarithmic);
    y->setTicker(QSharedPointer<LossTicker>::create());
  } else {
    y->setRange(-0.03, 1.05);
  }
  y->setLabel(is_loss ? tr("Loss") : tr("Accuracy"));
  QCPAxis* x = rect->axis(QCPAxis::atBottom);
  x->setTicker(QSharedPointer<StepTicker>::create());
  x->setTickLabels(!is_loss);
  x->setLabel(is_loss ? QString() : tr("Step"));
  auto* cursor = new QCPItemStraightLine(this);
  cursor->setLayer(QStringLiteral("time"));
  cursor->setClipAxisRect(rect);
  for (QCPItemPosition* point : {cursor->point1, cursor->point2}) {
    point->setAxisRect(rect);
    point->setAxes(x, y);
    point->setTypeX(QCPItemPosition::ptPlotCoords);
    point->setTypeY(QCPItemPosition::ptAxisRectRatio);
  }
  m_panes.push_back({rect, cursor, is_loss});
  auto* group =
      m_panes.size() == 1 ? new QCPMarginGroup(this) : m_panes[0].rect->marginGroup(QCP::msLeft);
  rect->setMarginGroup(QCP::msLeft | QCP::msRight, group);
}

void StudyPlot::style() {
  setBackground(QBrush(m_theme.plot));
  const double base = basePixelSize(*this);
  const QFont numbers = monoFont(std::max(10.0, base - 2));
  const QFont names = textFont(std::max(10.0, base - 1));
  for (const Pane& pane : m_panes) {
    for (QCPAxis* axis : pane.rect->axes()) {
      axis->setBasePen(QPen(m_theme.border, 1));
      axis->setTickPen(Qt::NoPen);
      axis->setSubTickPen(Qt::NoPen);
      axis->setTickLabelFont(numbers);
      axis->setTickLabelColor(m_theme.text_muted);
      axis->setLabelFont(names);
      axis->setLabelColor(m_theme.text_second);
      axis->grid()->setPen(QPen(m_theme.rule, 1));
      axis->grid()->setZeroLinePen(Qt::NoPen);
      axis->grid()->setAntialiased(false);
    }
    pane.cursor->setPen(QPen(m_theme.time_cursor, 1));
  }
}

void StudyPlot::setTheme(const Theme& theme) {
  m_theme = theme;
  style();
  fill();
}

void StudyPlot::changeEvent(QEvent* event) {
  if (event->type() == QEvent::FontChange) {
    style();
    replot(QCustomPlot::rpQueuedReplot);
  }
  QCustomPlot::changeEvent(event);
}

void StudyPlot::setData(std::shared_ptr<const core::StudyData> study, const CurveChoice& choice) {
  m_data = std::move(study);
  m_curves = m_data ? studyCurves(*m_data, choice) : std::vector<StudyCurve>();
  fill();
}

void StudyPlot::setShownMember(int member) {
  if (member != m_shown) {
    m_shown = member;
    fill();
  }
}

void StudyPlot::setTimeCursor(std::optional<std::int64_t> step) {
  if (step != m_cursor) {
    m_cursor = step;
    placeCursor();
    layer(QStringLiteral("time"))->replot();
  }
}

void StudyPlot::placeCursor() {
  for (const Pane& pane : m_panes) {
    pane.cursor->setVisible(m_cursor.has_value());
    const auto step = static_cast<double>(m_cursor.value_or(0));
    pane.cursor->point1->setCoords(step, 0);
    pane.cursor->point2->setCoords(step, 1);
  }
}

void StudyPlot::fill() {
  if (!isVisible()) {
    return;  // whoever shows it sets its data
  }
  clearPlottables();
  setRanges();
  for (const Pane& pane : m_panes) {
    fillPane(pane);
  }
  placeCursor();
  replot(QCustomPlot::rpQueuedReplot);
}

void StudyPlot::setRanges() {
  double last = 1;
  double low = std::numeric_limits<double>::infinity();
  double high = 0;
  for (const StudyCurve& curve : m_curves) {
    for (std::size_t i = 0; i < curve.loss.steps.size(); ++i) {
      last = std::max(last, static_cast<double>(curve.loss.steps[i]));
      high = std::max(high, curve.loss.high[i]);
      low = curve.loss.low[i] > 0 ? std::min(low, curve.loss.low[i]) : low;
    }
    if (!curve.accuracy.steps.empty()) {
      last = std::max(last, static_cast<double>(curve.accuracy.steps.back()));
    }
  }
  for (const Pane& pane : m_panes) {
    pane.rect->axis(QCPAxis::atBottom)->setRange(0, last);
    if (pane.is_loss && low <= high) {
      pane.rect->axis(QCPAxis::atLeft)->setRange(low / 1.3, high * 1.3);
    }
  }
}

QCPGraph* StudyPlot::addLine(const Pane& pane, const QVector<double>& steps,
                             const QVector<double>& values, const QPen& pen) {
  QCPGraph* graph = addGraph(pane.rect->axis(QCPAxis::atBottom), pane.rect->axis(QCPAxis::atLeft));
  graph->setPen(pen);
  graph->setData(steps, values, true);
  return graph;
}

const core::NumberSeries* StudyPlot::seriesOf(const StudyCurve& curve, std::size_t member,
                                              bool is_loss) const {
  const core::GroupNumbers* group = m_data->runs[member]->group(curve.group);
  return is_loss ? &group->loss : &group->accuracy;
}

void StudyPlot::fillCurve(const Pane& pane, const StudyCurve& curve) {
  const core::NumberBand& band = bandOf(curve, pane.is_loss);
  const QColor hue = m_theme.run(curve.colour);
  const QVector<double> steps = toVector(band.steps);
  const auto line = [&](const std::vector<double>& values, const QPen& pen) {
    return addLine(pane, steps, {values.begin(), values.end()}, pen);
  };
  QCPGraph* high = line(band.high, Qt::NoPen);
  QCPGraph* low = line(band.low, Qt::NoPen);
  QColor area = hue;
  area.setAlphaF(0.14F);
  high->setBrush(area);
  high->setChannelFillGraph(low);
  high->setAntialiasedFill(false);
  // The seeds are thin and plain: dashes of so many lines would cost more than all the rest.
  for (const std::size_t member : curve.members) {
    const core::NumberSeries& series = *seriesOf(curve, member, pane.is_loss);
    addLine(pane, toVector(series.steps), {series.values.begin(), series.values.end()},
            QPen(mixed(m_theme.plot, hue, 0.5), 1))
        ->setAntialiased(false);
  }
  QPen thick = m_theme.group(groupLineOf(curve.kind), 2);
  thick.setColor(hue);
  line(band.median, thick);
}

void StudyPlot::fillShown(const Pane& pane) {
  for (const StudyCurve& curve : m_curves) {
    const auto member = static_cast<std::size_t>(m_shown);
    if (m_shown < 0 ||
        std::find(curve.members.begin(), curve.members.end(), member) == curve.members.end()) {
      continue;
    }
    const core::NumberSeries& series = *seriesOf(curve, member, pane.is_loss);
    QPen pen = m_theme.group(groupLineOf(curve.kind), 1.4);
    pen.setColor(m_theme.text);
    addLine(pane, toVector(series.steps), {series.values.begin(), series.values.end()}, pen);
  }
}

void StudyPlot::fillPane(const Pane& pane) {
  for (const StudyCurve& curve : m_curves) {
    fillCurve(pane, curve);
  }
  fillShown(pane);
}

QPointF StudyPlot::pointOf(bool is_loss, double step, double value) const {
  const QCPAxisRect* rect = m_panes[is_loss ? 0 : 1].rect;
  return {rect->axis(QCPAxis::atBottom)->coordToPixel(step),
          rect->axis(QCPAxis::atLeft)->coordToPixel(value)};
}

LinePick StudyPlot::pick(QPointF point) const {
  using Kind = core::StudyNumber::Kind;
  LinePick found(point);
  for (const Pane& pane : m_panes) {
    if (!found.isAt(pane.rect->rect())) {
      continue;
    }
    StudyLine line;
    line.kind = pane.is_loss ? Kind::Loss : Kind::Accuracy;
    line.step = pane.rect->axis(QCPAxis::atBottom)->pixelToCoord(point.x());
    const auto place = [&](double s, double v) { return pointOf(pane.is_loss, s, v); };
    for (line.place = 0; line.place < m_curves.size(); ++line.place) {
      const StudyCurve& curve = m_curves[line.place];
      for (const std::size_t member : curve.members) {
        const core::NumberSeries& series = *seriesOf(curve, member, pane.is_loss);
        line.member = member;
        found.look(line, series.steps, series.values, place);
      }
      const core::NumberBand& band = bandOf(curve, pane.is_loss);
      line.member.reset();
      found.look(line, band.steps, band.median, place);
    }
  }
  return found;
}

QString StudyPlot::textOf(const StudyLine& line) const {
  const StudyCurve& curve = m_curves[line.place];
  const bool is_loss = line.kind == core::StudyNumber::Kind::Loss;
  const QString number = numberTitle({line.kind, curve.group});
  const core::NumberBand& band = bandOf(curve, is_loss);
  return line.member ? lineText(memberName(*m_data, *line.member), number, line,
                                seriesOf(curve, *line.member, is_loss), band)
                     : lineText(settingName(*m_data, curve.setting), number, line, nullptr, band);
}

void StudyPlot::mousePressEvent(QMouseEvent* event) {
  const auto line = event->button() == Qt::LeftButton ? lineAt(event->position()) : std::nullopt;
  if (line && line->member) {
    emit memberTaken(*line->member);
  }
}

bool StudyPlot::event(QEvent* event) {
  if (event->type() == QEvent::ToolTip) {
    const auto* help = static_cast<QHelpEvent*>(event);
    const LinePick found = pick(help->pos());
    std::vector<PlacedText> texts;
    if (found.line()) {
      texts.push_back({found.box(), textOf(*found.line())});
    }
    tellTextUnder(*help, texts, *this);
    return true;
  }
  return QCustomPlot::event(event);
}

}  // namespace anchorlens::widgets
