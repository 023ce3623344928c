// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/timeline_plot.h"

#include "widgets/badge.h"
#include "widgets/dense_graph.h"
#include "widgets/fonts.h"
#include "widgets/line_path.h"
#include "widgets/plain_number.h"
#include "widgets/text_paint.h"
#include "widgets/timeline_overlay.h"

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

namespace {

constexpr int kLeftMargin = 42;  ///< for the labels of the vertical axes
constexpr int kRightMargin = 14;
constexpr int kMostStrips = 8;  ///< heads; with more, only the labelled ones have strips

/// Ticks given as a list; the same for every lane.
class FixedTicker : public QCPAxisTicker {
 public:
  explicit FixedTicker(std::vector<double> ticks) : m_ticks(std::move(ticks)) {}
  void generate(const QCPRange& range, const QLocale&, QChar, int, QVector<double>& ticks,
                QVector<double>* sub_ticks, QVector<QString>* labels) override {
    ticks.clear();
    for (const double tick : m_ticks) {
      if (range.contains(tick)) {
        ticks.push_back(tick);
      }
    }
    if (sub_ticks != nullptr) {
      sub_ticks->clear();
    }
    if (labels != nullptr) {
      labels->clear();
      for (const double tick : std::as_const(ticks)) {
        labels->push_back(formatShort(tick, 4));
      }
    }
  }

 private:
  std::vector<double> m_ticks;
};

}  // namespace

TimelinePlot::TimelinePlot(QWidget* parent) : QCustomPlot(parent) {
  setInteractions(QCP::Interactions());
  setMouseTracking(true);
  setNoAntialiasingOnDrag(false);
  setPlottingHint(QCP::phFastPolylines, false);
  setPlottingHint(QCP::phImmediateRefresh, false);  // painting is an event of its own
  plotLayout()->clear();
  plotLayout()->setRowSpacing(0);
  plotLayout()->setMargins(QMargins(0, 0, 0, 0));
  setBackground(QBrush(m_theme.plot));
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
  m_overlay = new TimelineOverlay(this);
  connect(this, &QCustomPlot::afterLayout, this, [this] {
    m_overlay->update();
    emit geometryChanged();
  });
}

void TimelinePlot::setHistory(const RunHistory* history) {
  m_history = history;
  m_is_unfolded = false;
  m_shows_all_time = true;
}

void TimelinePlot::setTheme(const Theme& theme) {
  m_theme = theme;
  setBackground(QBrush(theme.plot));
  styleAxes();
  m_overlay->update();
}

void TimelinePlot::setCompact(bool compact) {
  m_is_compact = compact;
}

void TimelinePlot::setLogarithmic(bool on) {
  m_scale.is_logarithmic = on;
}

void TimelinePlot::setSmoothing(int level) {
  m_smoothing = level;
}

void TimelinePlot::setRange(Timeline::Range range, bool is_all_time) {
  m_shows_all_time = is_all_time;
  m_range = range;
}

void TimelinePlot::setTimeCursor(std::int64_t step) {
  m_cursor = step;
  m_overlay->update();
}

void TimelinePlot::setLive(std::optional<std::int64_t> step) {
  m_live = step;
  m_overlay->update();
}

void TimelinePlot::setBookmarks(std::vector<core::Bookmark> bookmarks) {
  m_bookmarks = std::move(bookmarks);
  m_marks = findMarks(m_lanes);
  m_overlay->update();
}

void TimelinePlot::setLoop(std::optional<Timeline::Range> loop) {
  m_loop = loop;
  m_overlay->update();
}

void TimelinePlot::setKeyFocus(bool on) {
  m_has_key_focus = on;
  m_overlay->update();
}

void TimelinePlot::setUnfolded(bool on) {
  m_is_unfolded = on;
  rebuild();
}

std::vector<Lane> TimelinePlot::wantedLanes() const {
  using Kind = Lane::Kind;
  std::vector<Lane> lanes{{Kind::Ruler}, {Kind::Loss}, {Kind::Accuracy}};
  if (m_history != nullptr) {
    const int n = static_cast<int>(m_history->headSeries().size());
    int folded = 0;
    for (const HeadSeries& head : m_history->headSeries()) {
      const bool has_pattern = m_history->hasPattern(head.layer, head.head);
      if (n > kMostStrips && !has_pattern) {
        ++folded;
        if (!m_is_unfolded) {
          continue;
        }
      }
      lanes.push_back({Kind::Strip, head.layer, head.head,
                       m_history->stripLabel(head.layer, head.head), !has_pattern});
    }
    if (folded > 0) {
      lanes.push_back({Kind::Folded, 0, 0, core::Label::Broadcast, true, folded});
    }
  }
  lanes.push_back({Kind::Markers});
  return lanes;
}

bool TimelinePlot::canFold() const {
  const std::vector<Lane> lanes = wantedLanes();
  return std::any_of(lanes.begin(), lanes.end(),
                     [](const Lane& lane) { return lane.kind == Lane::Kind::Folded; });
}

int TimelinePlot::neededHeight() const {
  int height = 0;
  for (const Lane& lane : m_lanes) {
    const bool is_curve = lane.kind == Lane::Kind::Loss || lane.kind == Lane::Kind::Accuracy;
    height += is_curve ? m_lane_height * 2 : m_lane_height;
  }
  return height;
}

QCPAxisRect* TimelinePlot::makeAxisRect(const Lane& lane) {
  auto* rect = new QCPAxisRect(this, false);
  rect->addAxes(QCPAxis::atLeft | QCPAxis::atBottom);
  rect->setAutoMargins(QCP::msNone);
  const bool is_curve = lane.kind == Lane::Kind::Loss || lane.kind == Lane::Kind::Accuracy;
  const bool is_strip = lane.kind == Lane::Kind::Strip;
  rect->setMargins(QMargins(kLeftMargin,
                            is_curve   ? 5
                            : is_strip ? 3
                                       : 0,
                            kRightMargin,
                            is_curve   ? 4
                            : is_strip ? 1
                                       : 0));
  rect->setSizeConstraintRect(QCPLayoutElement::scrOuterRect);
  rect->setMinimumSize(50, is_curve ? m_lane_height * 2 : m_lane_height);
  rect->setMaximumSize(QWIDGETSIZE_MAX, is_curve ? QWIDGETSIZE_MAX : m_lane_height);
  QCPAxis* y = rect->axis(QCPAxis::atLeft);
  if (lane.kind == Lane::Kind::Loss) {
    y->setScaleType(QCPAxis::stLogarithmic);
  } else if (lane.kind == Lane::Kind::Accuracy) {
    y->setRange(-0.03, 1.05);
  } else {
    y->setRange(0, 1);
    y->setTicks(false);
    y->setTicker(QSharedPointer<QCPAxisTicker>(new FixedTicker({0})));
  }
  y->setTickLabels(is_curve);
  y->grid()->setVisible(is_curve);
  return rect;
}

void TimelinePlot::makeLanes() {
  clearPlottables();
  plotLayout()->clear();
  m_rects.clear();
  const int base = static_cast<int>(std::lround(basePixelSize(*this)));
  m_lane_height = m_is_compact ? std::max(17, base + 5) : std::max(24, base + 8);
  for (std::size_t i = 0; i < m_lanes.size(); ++i) {
    QCPAxisRect* rect = makeAxisRect(m_lanes[i]);
    plotLayout()->addElement(static_cast<int>(i), 0, rect);
    m_rects.push_back(rect);
  }
  styleAxes();
  setMinimumHeight(neededHeight());
  updateGeometry();
  emit lanesChanged();
}

void TimelinePlot::styleAxes() {
  const QFont font = monoFont(std::max(10.0, basePixelSize(*this) - 2));
  for (QCPAxisRect* rect : m_rects) {
    for (QCPAxis* axis : rect->axes()) {
      axis->setBasePen(Qt::NoPen);
      axis->setTickPen(Qt::NoPen);
      axis->setSubTickPen(Qt::NoPen);
      axis->setTickLabelFont(font);
      axis->setTickLabelColor(m_theme.text_muted);
      axis->setTickLabelPadding(6);
      axis->grid()->setPen(QPen(m_theme.rule, 1));
      axis->grid()->setZeroLinePen(Qt::NoPen);
      axis->grid()->setSubGridVisible(false);
      axis->grid()->setAntialiased(false);
    }
    rect->axis(QCPAxis::atBottom)->setTickLabels(false);
  }
}

void TimelinePlot::rebuild() {
  const std::vector<Lane> lanes = wantedLanes();
  const int base = static_cast<int>(std::lround(basePixelSize(*this)));
  const int height = m_is_compact ? std::max(17, base + 5) : std::max(24, base + 8);
  if (lanes != m_lanes || m_rects.empty() || height != m_lane_height) {
    m_lanes = lanes;
    makeLanes();
  }
  m_marks = findMarks(m_lanes);
  applyRange();
  fillCurves();
  ++m_rebuilds;
  drawSoon();
}

void TimelinePlot::drawSoon() {
  m_overlay->update();
  replot(QCustomPlot::rpQueuedReplot);
}

void TimelinePlot::applyRange() {
  if (m_shows_all_time) {
    const std::int64_t newest = m_history != nullptr ? m_history->newestStep() : 0;
    m_range = {0, allTimeEnd(newest, m_history != nullptr ? m_history->totalSteps() : 0)};
  }
  const int room = std::max(1, width() - kLeftMargin - kRightMargin);
  m_ticks = timeTicks(m_scale, m_range.first, m_range.last, std::max(2, room / 90));
  std::vector<double> places;
  for (const double tick : m_ticks) {
    places.push_back(m_scale.toAxis(tick));
  }
  const QSharedPointer<QCPAxisTicker> ticker(new FixedTicker(places));
  for (QCPAxisRect* rect : m_rects) {
    QCPAxis* x = rect->axis(QCPAxis::atBottom);
    x->setRange(m_scale.toAxis(m_range.first), m_scale.toAxis(m_range.last));
    x->setTicker(ticker);
  }
}

Series TimelinePlot::thinned(std::span<const double> steps, std::span<const double> values) const {
  const int columns = std::max(10, width() - kLeftMargin - kRightMargin);
  return decimated(steps, values, m_scale, m_scale.toAxis(m_range.first),
                   m_scale.toAxis(m_range.last), columns);
}

QCPGraph* TimelinePlot::addCurve(QCPAxisRect* rect, Series thin, const QPen& pen) {
  // Owned by the plot from here on.
  auto* graph = new DenseGraph(rect->axis(QCPAxis::atBottom), rect->axis(QCPAxis::atLeft));
  graph->setAdaptiveSampling(false);
  // The border of what goes up and down with every pixel is not seen to be smooth.
  graph->setAntialiasedFill(thin.size() < DenseGraph::kDense);
  graph->setPen(pen);
  graph->setData(QVector<double>(thin.steps.begin(), thin.steps.end()),
                 QVector<double>(thin.values.begin(), thin.values.end()), true);
  return graph;
}

/// With smoothing, the raw line lies faint behind it.
void TimelinePlot::addSmoothedCurve(QCPAxisRect* rect, const Series& series, const QPen& pen) {
  if (m_smoothing == 0) {
    addCurve(rect, thinned(series.steps, series.values), pen);
    return;
  }
  addCurve(rect, thinned(series.steps, series.values), rawPen(pen, 1));
  const Series smooth = smoothed(series, m_smoothing);
  addCurve(rect, thinned(smooth.steps, smooth.values), pen);
}

/// Of the loss and accuracy lanes; known before the plot is laid out.
int TimelinePlot::curveHeight() const {
  const int others = neededHeight() - 4 * m_lane_height;
  return std::max(2 * m_lane_height, (height() - others) / 2) - 9;
}

void TimelinePlot::fillGroups(std::size_t lane) {
  const bool is_loss = m_lanes[lane].kind == Lane::Kind::Loss;
  QCPAxisRect* rect = m_rects[lane];
  if (is_loss) {
    const LossRange loss = lossRange(*m_history);
    QCPAxis* y = rect->axis(QCPAxis::atLeft);
    y->setRange(loss.low, loss.high);
    y->setTicker(QSharedPointer<QCPAxisTicker>(
        new FixedTicker(lossTicks(loss.low, loss.high, curveHeight() / 14))));
    QColor faint = m_theme.text_muted;
    faint.setAlphaF(0.35F);
    addSmoothedCurve(rect, m_history->stepLoss(), QPen(faint, 1));
  }
  if (!is_loss) {
    const bool is_low = curveHeight() < 44;
    rect->axis(QCPAxis::atLeft)
        ->setTicker(QSharedPointer<QCPAxisTicker>(new FixedTicker(
            is_low ? std::vector<double>{0.5, 1} : std::vector<double>{0, 0.5, 1})));
  }
  // Train first, so that test lies above it.
  for (const GroupSeries& group : m_history->groups()) {
    addSmoothedCurve(rect, is_loss ? group.loss : group.accuracy,
                     m_theme.group(group.line, m_is_compact ? 1.3 : 1.5));
  }
}

void TimelinePlot::fillStrip(std::size_t lane) {
  const Lane& strip = m_lanes[lane];
  const HeadSeries& head =
      m_history
          ->headSeries()[static_cast<std::size_t>(strip.layer * m_history->heads() + strip.head)];
  Series thin = thinned(head.steps, head.lifts[static_cast<std::size_t>(strip.label)]);
  // Below a line at 0 lies what is negative.
  const double floor = liftFloor(thin.values);
  QCPAxis* y = m_rects[lane]->axis(QCPAxis::atLeft);
  y->setRange(floor, 1);
  y->grid()->setVisible(floor < 0);
  y->grid()->setPen(QPen(m_theme.text_muted, 1));
  const QColor hue = m_theme.mechanism(mechanismOf(strip.label));
  QColor fill = strip.is_dim ? m_theme.text_muted : hue;
  fill.setAlphaF(strip.is_dim ? 0.35F : m_theme.is_dark ? 0.72F : 0.85F);
  QCPGraph* graph =
      addCurve(m_rects[lane], std::move(thin), strip.is_dim ? QPen(Qt::NoPen) : QPen(hue, 1));
  graph->setBrush(fill);
}

void TimelinePlot::fillCurves() {
  clearPlottables();
  if (m_history == nullptr) {
    return;
  }
  for (std::size_t i = 0; i < m_lanes.size(); ++i) {
    if (m_lanes[i].kind == Lane::Kind::Loss || m_lanes[i].kind == Lane::Kind::Accuracy) {
      fillGroups(i);
    } else if (m_lanes[i].kind == Lane::Kind::Strip) {
      fillStrip(i);
    }
  }
}

QRect TimelinePlot::laneRect(std::size_t lane) const {
  return lane < m_rects.size() ? m_rects[lane]->rect() : QRect();
}

QRect TimelinePlot::laneBand(std::size_t lane) const {
  return lane < m_rects.size() ? m_rects[lane]->outerRect() : QRect();
}

double TimelinePlot::xOfStep(double step) const {
  if (m_rects.empty()) {
    return 0;
  }
  const QRectF rect = m_rects.front()->rect();
  const double first = m_scale.toAxis(m_range.first);
  const double last = m_scale.toAxis(m_range.last);
  return rect.left() + (m_scale.toAxis(step) - first) / (last - first) * rect.width();
}

double TimelinePlot::stepAtX(double x) const {
  if (m_rects.empty()) {
    return 0;
  }
  const QRectF rect = m_rects.front()->rect();
  const double first = m_scale.toAxis(m_range.first);
  const double last = m_scale.toAxis(m_range.last);
  const double axis = first + (x - rect.left()) / std::max(1.0, rect.width()) * (last - first);
  return std::max(0.0, m_scale.toStep(axis));
}

}  // namespace anchorlens::widgets
