// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/compare/compare_paint.h"

#include "widgets/fonts.h"
#include "widgets/number_format.h"
#include "widgets/text_paint.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

namespace {

const HeadReading& readingOf(std::size_t column) {
  static const HeadReading attention;
  static const HeadReading difference = differenceReading();
  return column == 2 ? difference : attention;
}

/// The difference runs over -1 to +1, whatever the scale of the others.
MapScale scaleOf(std::size_t column, const HeadMapData& map, HeadMapOptions options) {
  options.per_head = options.per_head && column != 2;
  return scaleFor(readingOf(column), map, options);
}

void paintSwatch(QPainter& painter, const QRectF& box, const QColor& colour, double unit) {
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(Qt::NoPen);
  painter.setBrush(colour);
  painter.drawRoundedRect(box, 2.5 * unit, 2.5 * unit);
  painter.setBrush(Qt::NoBrush);
}

struct Title {
  QString name;
  QString rest;
};

Title titleOf(const Comparison& comparison, const Comparison::Maps& maps,
              const core::HeadPair& pair, std::size_t column) {
  if (column == 2) {
    const QString mean = std::isnan(maps.mean_difference)
                             ? QString()
                             : QStringLiteral("mean |\u0394| ") + formatScore(maps.mean_difference);
    return {QStringLiteral("%1 %2 %3").arg(comparison.second.name, kMinus, comparison.first.name),
            mean};
  }
  const ComparedSide& side = column == 1 ? comparison.second : comparison.first;
  QStringList parts{comparedHeadName(pair, static_cast<int>(column)),
                    QStringLiteral("step ") + formatInteger(side.step)};
  if (!side.note.isEmpty()) {
    parts << side.note;
  }
  return {side.name, parts.join(QStringLiteral(", "))};
}

void paintTitle(QPainter& painter, const QRectF& row, const Title& title, const QColor& swatch,
                const ComparePaint& how, const Theme& theme) {
  const double f = how.map.font_px;
  const bool as_paths = how.map.text_as_paths;
  QRectF box = row.adjusted(0, 0, 0, -f * 0.35);
  if (swatch.isValid()) {
    const double size = f * 0.8;
    paintSwatch(painter, QRectF(box.left(), box.center().y() - size / 2, size, size), swatch,
                how.map.unit);
    box.setLeft(box.left() + size + f * 0.5);
  }
  const QFont bold = textFont(f, Weight::SemiBold);
  const QFont plain = textFont(f * 0.92);
  const QString name = elided(title.name, bold, box.width());
  paintText(painter, box, Qt::AlignLeft | Qt::AlignVCenter, name, bold, theme.text, as_paths);
  box.setLeft(box.left() + textWidth(name, bold) + f * 0.7);
  if (box.width() > f * 3) {
    paintText(painter, box, Qt::AlignLeft | Qt::AlignVCenter,
              elided(title.rest, plain, box.width()), plain, theme.text_second, as_paths);
  }
}

/// Which run either end of the difference's colour bar belongs to.
void paintEnds(QPainter& painter, const HeadMapLayout& map, const Comparison& comparison,
               const ComparePaint& how, const Theme& theme) {
  const double f = how.map.font_px;
  const double size = f * 0.75;
  const double x = map.bar.right() + f * 2.1;
  paintSwatch(painter, QRectF(x, map.bar.top(), size, size), theme.run(comparison.second.colour),
              how.map.unit);
  paintSwatch(painter, QRectF(x, map.bar.bottom() - size, size, size),
              theme.run(comparison.first.colour), how.map.unit);
}

void paintGap(QPainter& painter, const QRectF& field, const QString& text, const ComparePaint& how,
              const Theme& theme) {
  painter.setFont(textFont(how.map.font_px));
  painter.setPen(theme.text_second);
  const double inset = how.map.font_px;
  painter.drawText(field.adjusted(inset, inset * 2, -inset, 0),
                   Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap, text);
}

void paintTile(QPainter& painter, const QRectF& tile, const HeadMapData& map, std::size_t column,
               const PlacedText& name, bool is_selected, const ComparePaint& how,
               const Theme& theme) {
  const double f = how.map.font_px;
  const double unit = how.map.unit;
  const QFont font = tileFont(how.map, is_selected);
  const QString shown = elided(name.text, font, name.box.width());
  if (is_selected) {
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme.accent, 1.2 * unit * theme.borderWidth()));
    painter.setBrush(theme.accent_tint);
    const double out = f * 0.35;
    QRectF frame = tile.adjusted(-out, 0, out, out);
    frame.setRight(std::max(frame.right(), name.box.left() + textWidth(shown, font) + f * 0.1));
    painter.drawRoundedRect(frame, 4 * unit, 4 * unit);
    painter.setBrush(Qt::NoBrush);
  }
  paintText(painter, name.box, Qt::AlignLeft | Qt::AlignVCenter, shown, font,
            is_selected ? theme.text : theme.text_second, how.map.text_as_paths);
  const QRectF cells(tile.left(), name.box.bottom(), tile.width(), tile.width());
  if (map.isEmpty()) {
    painter.setPen(QPen(theme.border, unit, Qt::DashLine));
    painter.drawRect(cells.adjusted(0.5, 0.5, -0.5, -0.5));
    return;
  }
  HeadMapOptions options = how.map;
  options.outlines = options.outlines && column != 2;
  paintHeadCells(painter, cells, map, options, theme, scaleOf(column, map, options));
}

}  // namespace

QFont tileFont(const HeadMapOptions& options, bool is_selected) {
  return textFont(std::max(options.font_px * 0.8, 10 * options.unit),
                  is_selected ? Weight::SemiBold : Weight::Regular);
}

std::vector<PlacedText> comparisonTexts(const CompareLayout& layout, const Comparison& comparison,
                                        std::size_t pair) {
  std::vector<PlacedText> texts;
  if (pair >= comparison.pairs.size()) {
    return texts;
  }
  const Comparison::Maps maps = comparison.mapsOf(pair);
  for (std::size_t column = 0; column < 3; ++column) {
    const Title title = titleOf(comparison, maps, comparison.pairs[pair], column);
    texts.push_back({layout.titles[column], titleText(title.name, title.rest)});
  }
  for (std::size_t i = 0; i < layout.tiles.size(); ++i) {
    for (std::size_t column = 0; column < 3; ++column) {
      texts.push_back({layout.nameBox(i, column),
                       comparedHeadName(comparison.pairs[i], static_cast<int>(column))});
    }
  }
  return texts;
}

void paintComparison(QPainter& painter, const CompareLayout& layout, const Comparison& comparison,
                     const ComparePaint& how, const Theme& theme) {
  if (how.pair >= comparison.pairs.size()) {
    return;
  }
  const Comparison::Maps maps = comparison.mapsOf(how.pair);
  const std::array<QColor, 3> swatches{theme.run(comparison.first.colour),
                                       theme.run(comparison.second.colour), QColor()};
  for (std::size_t column = 0; column < 3; ++column) {
    paintTitle(painter, layout.titles[column],
               titleOf(comparison, maps, comparison.pairs[how.pair], column), swatches[column], how,
               theme);
    const HeadMapData& map = maps.maps[column];
    if (map.isEmpty()) {
      paintGap(painter, layout.fields[column], maps.gaps[column], how, theme);
      continue;
    }
    HeadMapOptions options = how.map;
    options.per_head = options.per_head && column != 2;
    paintHeadMap(painter, layout.maps[column], map, options, theme, scaleOf(column, map, options));
  }
  if (!maps.maps[2].isEmpty() && layout.maps[2].bar.isValid()) {
    paintEnds(painter, layout.maps[2], comparison, how, theme);
  }
  for (std::size_t pair = 0; pair < layout.tiles.size(); ++pair) {
    const Comparison::Maps small = pair == how.pair ? maps : comparison.mapsOf(pair);
    for (std::size_t column = 0; column < 3; ++column) {
      paintTile(painter, layout.tiles[pair][column], small.maps[column], column,
                {layout.nameBox(pair, column),
                 comparedHeadName(comparison.pairs[pair], static_cast<int>(column))},
                pair == how.pair, how, theme);
    }
  }
}

}  // namespace anchorlens::widgets
