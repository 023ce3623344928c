// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figure/heads_figure.h"

#include "widgets/figure/figure_canvas.h"
#include "widgets/fonts.h"
#include "widgets/npz.h"
#include "widgets/number_format.h"
#include "widgets/text_paint.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

namespace {

/// Measures of a sheet of small maps, in units.
struct Sheet {
  int n_layers = 0;
  int n_heads = 0;
  int n_steps = 0;
  int columns = 1;   ///< steps side by side
  double left = 0;   ///< for "Reader position"
  double right = 0;  ///< for the colour bar
  double bottom = 0;
  double title = 0;
  double label = 0;
  double badge = 0;
  double tile = 0;
  double gap = 0;
  double step_gap = 0;

  double stepWidth() const { return n_heads * tile + (n_heads - 1) * gap; }
  double rowHeight() const { return label + tile + badge + gap; }
  double stepHeight() const { return title + n_layers * rowHeight() - gap; }
  int rows() const { return (n_steps + columns - 1) / columns; }
};

/// As many steps side by side as leave tiles of half an inch; never larger than two inches.
Sheet makeSheet(const FigureCanvas& canvas, const std::vector<FigureHeads>& steps) {
  const FigureStyle& style = canvas.style;
  const FigureHeads& first = steps.front();
  const double f = canvas.font;
  Sheet s;
  s.n_layers = first.n_layers;
  s.n_heads = first.n_heads;
  s.n_steps = static_cast<int>(steps.size());
  s.left = f * 1.8;
  s.right = style.colour_bar ? f * 4 : f * 0.2;
  s.bottom = f * 2;
  s.title = f * 1.9;
  s.label = style.head_labels ? f * 1.45 : f * 0.3;
  s.badge = style.head_scores ? f * 1.75 : 0;
  s.gap = f * 0.7;
  s.step_gap = f * 1.8;
  const double room = canvas.width - s.left - s.right;
  const double smallest = std::max(0.5 * kUnitsPerInch, f * 3.5);
  for (s.columns = s.n_steps; s.columns >= 1; --s.columns) {
    const double step_room = (room - (s.columns - 1) * s.step_gap) / s.columns;
    s.tile = (step_room - (s.n_heads - 1) * s.gap) / s.n_heads;
    if (s.tile >= smallest) {
      break;
    }
  }
  s.columns = std::max(s.columns, 1);
  s.tile = std::clamp(s.tile, f, 2 * kUnitsPerInch);
  return s;
}

void paintTile(const FigureCanvas& canvas, const Sheet& sheet, const FigureHeads& heads,
               std::size_t i, QPointF at) {
  const FigureStyle& style = canvas.style;
  const HeadMapData& map = heads.maps[i];
  const double f = canvas.font;
  if (style.head_labels) {
    canvas.text(QRectF(at.x(), at.y(), sheet.tile, sheet.label * 0.92),
                Qt::AlignHCenter | Qt::AlignVCenter, headName(map.layer, map.head),
                textFont(f * 0.9), canvas.theme.text);
  }
  HeadMapOptions options = canvas.mapOptions();
  options.gaps = false;
  const QRectF area(at.x(), at.y() + sheet.label, sheet.tile, sheet.tile);
  paintHeadCells(*canvas.painter, area, map, options, canvas.theme,
                 scaleFor(heads.reading(i), map, options));
  if (style.head_scores && i < heads.badges.size()) {
    const double size = f * 0.78;
    const FittedBadge fitted = fitBadge(heads.badges[i], size, sheet.tile + sheet.gap * 0.8);
    const double width = badgeSize(fitted.badge, size, fitted.form).width();
    paintBadge(*canvas.painter, QPointF(area.center().x() - width / 2, area.bottom() + f * 0.25),
               fitted.badge, size, canvas.theme, fitted.form, canvas.text_as_paths);
  }
}

void paintStep(const FigureCanvas& canvas, const Sheet& sheet, const FigureHeads& heads, int step,
               QPointF at) {
  QString title = QStringLiteral("Step ") + formatInteger(heads.step);
  if (const HeadValues values = heads.reading(0).values; values != HeadValues::Attention) {
    title = headValuesName(values) + QStringLiteral(", step ") + formatInteger(heads.step);
  }
  if (sheet.n_steps > 1 && canvas.style.panel_letters && step < 26) {
    title = QStringLiteral("(%1)  ").arg(QChar(static_cast<char16_t>(u'a' + step))) + title;
  }
  canvas.text(QRectF(at.x(), at.y(), sheet.stepWidth(), sheet.title * 0.85),
              Qt::AlignHCenter | Qt::AlignVCenter, title, textFont(canvas.font, Weight::SemiBold),
              canvas.theme.text);
  for (std::size_t i = 0; i < heads.maps.size(); ++i) {
    const int layer = static_cast<int>(i) / sheet.n_heads;
    const int head = static_cast<int>(i) % sheet.n_heads;
    paintTile(canvas, sheet, heads, i,
              {at.x() + head * (sheet.tile + sheet.gap),
               at.y() + sheet.title + layer * sheet.rowHeight()});
  }
}

void paintSheetAxes(const FigureCanvas& canvas, const Sheet& sheet, const QRectF& field,
                    const FigureHeads& heads) {
  const double f = canvas.font;
  const QFont font = textFont(f * 0.95);
  paintTextUpwards(*canvas.painter, QRectF(0, field.top(), f * 1.5, field.height()),
                   Qt::AlignHCenter | Qt::AlignVCenter, QStringLiteral("Reader position"), font,
                   canvas.theme.text_second, canvas.text_as_paths);
  canvas.text(QRectF(field.left(), field.bottom() + f * 0.3, field.width(), f * 1.5),
              Qt::AlignHCenter | Qt::AlignVCenter, QStringLiteral("Source position (attended to)"),
              font, canvas.theme.text_second);
  if (canvas.style.colour_bar) {
    const double top = field.top() + sheet.title + sheet.label;
    const double height = std::min(field.bottom() - sheet.badge - top, 2 * sheet.rowHeight());
    HeadMapOptions options = canvas.mapOptions();
    const QRectF bar(field.right() + f, top, f * 0.7, std::max(height, sheet.tile));
    MapScale scale;
    if (const HeadReading reading = heads.reading(0); !isAttention(reading.values)) {
      options.per_head = false;
      scale = scaleFor(reading, heads.maps.front(), options);
    }
    paintColourBar(*canvas.painter, bar, scale, options, canvas.theme);
  }
}

QString patternProblem(const FigureHeads& heads) {
  return heads.maps.empty() || heads.maps.front().isEmpty()
             ? QStringLiteral("The frame of step %1 has no attention patterns.")
                   .arg(formatInteger(heads.step))
             : QString();
}

NumberTable numbersOf(const FigureHeads& heads, std::size_t head) {
  return heads.readings.empty() ? headMapNumbers(heads.maps[head])
                                : readingNumbers(heads.maps[head], heads.readings[head]);
}

/// Tokens and roles of a map's positions.
void addTokens(NpzWriter& npz, const HeadMapData& map) {
  QStringList tokens;
  QStringList roles;
  for (const TokenText& token : map.tokens) {
    tokens << token.text;
    roles << (token.role == TokenRole::Anchor ? QStringLiteral("anchor")
              : token.role == TokenRole::Key  ? QStringLiteral("key")
                                              : QStringLiteral("noise"));
  }
  npz.add(QStringLiteral("token"), {map.length}, tokens);
  npz.add(QStringLiteral("role"), {map.length}, roles);
}

}  // namespace

FigureHeads figureHeads(const core::Frame& frame, const std::vector<core::HeadLabel>& labels,
                        const ProbeContext& probe, ProbeChoice choice) {
  FigureHeads heads;
  heads.step = frame.step;
  const core::PatternBatch& batch = choice.mean ? frame.mean : frame.shown;
  heads.n_layers = batch.n_layers;
  heads.n_heads = batch.n_heads;
  heads.maps = makeHeadMaps(frame, probe, choice);
  if (labels.size() == heads.maps.size() && frame.scores.size() == heads.maps.size()) {
    for (std::size_t i = 0; i < labels.size(); ++i) {
      heads.badges.push_back(badgeOf(labels[i], frame.scores[i], probe.roles));
    }
  }
  return heads;
}

QString HeadsFigure::problem() const {
  if (m_steps.empty()) {
    return QStringLiteral("No step was chosen.");
  }
  for (const FigureHeads& heads : m_steps) {
    if (const QString text = patternProblem(heads); !text.isEmpty()) {
      return text;
    }
  }
  return {};
}

std::vector<std::int64_t> HeadsFigure::steps() const {
  std::vector<std::int64_t> steps;
  for (const FigureHeads& heads : m_steps) {
    steps.push_back(heads.step);
  }
  return steps;
}

NumberTable HeadsFigure::numbers() const {
  NumberTable all;
  for (const FigureHeads& heads : m_steps) {
    for (std::size_t i = 0; i < heads.maps.size(); ++i) {
      NumberTable one = numbersOf(heads, i);
      if (all.columns.isEmpty()) {
        all = std::move(one);
      } else {
        all.rows.insert(all.rows.end(), one.rows.begin(), one.rows.end());
      }
    }
  }
  return all;
}

void HeadsFigure::addArrays(NpzWriter& npz) const {
  const FigureHeads& first = m_steps.front();
  const HeadMapData& map = first.maps.front();
  std::vector<float> pattern;
  for (const FigureHeads& heads : m_steps) {
    for (const HeadMapData& one : heads.maps) {
      pattern.insert(pattern.end(), one.pattern.begin(), one.pattern.end());
    }
  }
  const auto n = static_cast<std::int64_t>(m_steps.size());
  npz.add(QStringLiteral("step"), {n}, steps());
  npz.add(QStringLiteral("pattern"), {n, first.n_layers, first.n_heads, map.length, map.length},
          pattern);
  addTokens(npz, map);
}

double HeadsFigure::paint(const FigureCanvas& canvas, double top) const {
  const Sheet sheet = makeSheet(canvas, m_steps);
  const double row_gap = canvas.font * 1.2;
  const double height = sheet.rows() * sheet.stepHeight() + (sheet.rows() - 1) * row_gap;
  const double width = sheet.columns * sheet.stepWidth() + (sheet.columns - 1) * sheet.step_gap;
  // Small sheets stand in the middle.
  const double left =
      sheet.left + std::max(0.0, (canvas.width - sheet.left - sheet.right - width) / 2);
  if (canvas.painter != nullptr) {
    for (int i = 0; i < sheet.n_steps; ++i) {
      const QPointF at(left + i % sheet.columns * (sheet.stepWidth() + sheet.step_gap),
                       top + i / sheet.columns * (sheet.stepHeight() + row_gap));
      paintStep(canvas, sheet, m_steps[static_cast<std::size_t>(i)], i, at);
    }
    canvas.painter->save();
    canvas.painter->translate(left - sheet.left, 0);
    paintSheetAxes(canvas, sheet, QRectF(sheet.left, top, width, height), m_steps.front());
    canvas.painter->restore();
  }
  return height + sheet.bottom;
}

QString OneHeadFigure::problem() const {
  if (const QString text = patternProblem(m_heads); !text.isEmpty()) {
    return text;
  }
  const bool is_there = m_layer >= 0 && m_layer < m_heads.n_layers && m_head >= 0 &&
                        m_head < m_heads.n_heads && index() < m_heads.maps.size();
  return is_there
             ? QString()
             : QStringLiteral("There is no layer %1 head %2: the model has %3 layers of %4 heads.")
                   .arg(m_layer)
                   .arg(m_head)
                   .arg(m_heads.n_layers)
                   .arg(m_heads.n_heads);
}

NumberTable OneHeadFigure::numbers() const {
  return numbersOf(m_heads, index());
}

void OneHeadFigure::addArrays(NpzWriter& npz) const {
  const HeadMapData& map = m_heads.maps[index()];
  npz.add(QStringLiteral("step"), {1}, steps());
  npz.add(QStringLiteral("pattern"), {1, 1, 1, map.length, map.length}, map.pattern);
  npz.add(QStringLiteral("layer"), {}, std::vector<std::int64_t>{m_layer});
  npz.add(QStringLiteral("head"), {}, std::vector<std::int64_t>{m_head});
  addTokens(npz, map);
}

double OneHeadFigure::paint(const FigureCanvas& canvas, double top) const {
  const HeadMapData& map = m_heads.maps[index()];
  const HeadReading reading = m_heads.reading(index());
  const double f = canvas.font;
  const double title = canvas.style.head_labels ? f * 2.1 : f * 0.2;
  // A square as wide as the figure allows, but no cell larger than half an inch.
  HeadMapOptions options = canvas.mapOptions();
  const double side = canvas.width;
  const double widest = map.length * 0.5 * kUnitsPerInch + f * 9;
  const HeadMapLayout layout = layoutHeadMap(
      QRectF(std::max(0.0, (side - widest) / 2), top + title, std::min(side, widest), 2 * side),
      map, options);
  if (canvas.painter != nullptr) {
    paintHeadMap(*canvas.painter, layout, map, options, canvas.theme,
                 scaleFor(reading, map, options));
    if (canvas.style.head_labels) {
      const QFont bold = textFont(f, Weight::SemiBold);
      const QString name = readingTitle(map, reading);
      const bool is_named = reading.values == HeadValues::Attention || reading.n_averaged > 0;
      const QString step =
          (is_named ? QString() : headValuesName(reading.values) + QStringLiteral(", ")) +
          QStringLiteral("step ") + formatInteger(map.step);
      QRectF box(layout.map.left(), top, canvas.width - layout.map.left(), title * 0.9);
      canvas.text(box, Qt::AlignLeft | Qt::AlignVCenter, name, bold, canvas.theme.text);
      box.setLeft(box.left() + textWidth(name, bold) + f);
      canvas.text(box, Qt::AlignLeft | Qt::AlignVCenter, step, textFont(f * 0.95),
                  canvas.theme.text_second);
      if (canvas.style.head_scores && index() < m_heads.badges.size()) {
        const double size = f * 0.85;
        box.setLeft(box.left() + textWidth(step, textFont(f * 0.95)) + f);
        const FittedBadge fitted = fitBadge(m_heads.badges[index()], size, box.width());
        const double height = badgeSize(fitted.badge, size).height();
        paintBadge(*canvas.painter, QPointF(box.left(), box.center().y() - height / 2),
                   fitted.badge, size, canvas.theme, fitted.form, canvas.text_as_paths);
      }
    }
  }
  return title + layout.needed.height();
}

}  // namespace anchorlens::widgets
