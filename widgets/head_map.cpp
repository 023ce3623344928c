// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/head_map.h"

#include "widgets/fonts.h"
#include "widgets/head_values.h"
#include "widgets/number_format.h"
#include "widgets/text_paint.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

namespace {

struct Margins {
  double left = 0;
  double bottom = 0;
  double right = 0;
  double token_width = 0;
};

double tokenWidth(const HeadMapData& data, double font_px) {
  const QFont font = monoFont(font_px, Weight::SemiBold);
  double widest = font_px * 1.3;
  for (const TokenText& token : data.tokens) {
    widest = std::max(widest, textWidth(token.text, font));
  }
  return widest + font_px * 1.1;
}

Margins margins(const HeadMapData& data, const HeadMapOptions& options) {
  Margins m;
  const double f = options.font_px;
  if (options.tokens) {
    m.token_width = tokenWidth(data, f);
    m.left += m.token_width + f * 0.45;
    m.bottom += f * 2.1;
  }
  if (options.axis_titles) {
    m.left += f * 1.5;
    m.bottom += f * 1.6;
  }
  if (options.colour_bar) {
    m.right += f * 3.6;
  }
  return m;
}

void paintAxisTitles(QPainter& painter, const HeadMapLayout& layout, const HeadMapOptions& options,
                     const Theme& theme, const Margins& m) {
  const double f = options.font_px;
  const QFont font = textFont(f * 0.9);
  const QRectF bottom(layout.map.left() - m.left, layout.map.bottom() + m.bottom - f * 1.5,
                      layout.map.width() + 2 * m.left, f * 1.4);
  paintText(painter, bottom, Qt::AlignHCenter | Qt::AlignVCenter,
            QStringLiteral("Source position (attended to)"), font, theme.text_second,
            options.text_as_paths);
  const QRectF left(layout.map.left() - m.left, layout.map.top(), f * 1.4, layout.map.height());
  paintTextUpwards(painter, left, Qt::AlignHCenter | Qt::AlignVCenter,
                   QStringLiteral("Reader position"), font, theme.text_second,
                   options.text_as_paths);
}

/// Every how many tokens one is written, and how large, so that neighbours stay apart.
struct Thinning {
  double font_px = 0;
  int every = 1;
};

Thinning thinning(double room, double wanted, const HeadMapOptions& options) {
  const double f = options.font_px;
  const double smallest = std::min(f, 10 * options.unit);
  const double fitting = f * room / wanted;
  Thinning t;
  t.font_px = std::clamp(fitting, smallest, f);
  if (fitting < smallest) {
    t.every = static_cast<int>(std::ceil(smallest / fitting));
  }
  return t;
}

void paintTokens(QPainter& painter, const HeadMapLayout& layout, const HeadMapData& data,
                 const HeadMapOptions& options, const Theme& theme) {
  const double f = options.font_px;
  // Boxes may be tight around the text: 0.6 of a font size a character and a little air.
  const double tight = layout.token_width - f * 0.7;
  const Thinning across = thinning(layout.cell, tight, options);
  const Thinning down = thinning(layout.cell, f * 1.35, options);
  for (int i = 0; i < data.length; ++i) {
    const TokenText& token = data.tokens.at(static_cast<std::size_t>(i));
    const bool is_marked = token.role != TokenRole::Noise;
    if (is_marked || i % down.every == 0) {
      const double height = std::min(f * 1.7, std::max(layout.cell, down.font_px * 1.35));
      QRectF box(layout.map.left() - f * 0.45 - layout.token_width, 0, layout.token_width, height);
      box.moveCenter(QPointF(box.center().x(), layout.map.top() + (i + 0.5) * layout.cell));
      paintToken(painter, box, token, down.font_px, theme, options.unit, options.text_as_paths);
    }
    if (is_marked || i % across.every == 0) {
      const double width = std::max(layout.cell - options.unit, across.font_px * 1.5);
      QRectF box(0, layout.map.bottom() + f * 0.4, width, f * 1.7);
      box.moveCenter(QPointF(layout.map.left() + (i + 0.5) * layout.cell, box.center().y()));
      paintToken(painter, box, token, across.font_px, theme, options.unit, options.text_as_paths);
    }
  }
}

void paintValues(QPainter& painter, const HeadMapLayout& layout, const HeadMapData& data,
                 const HeadMapOptions& options, const MapScale& scale, bool is_dark) {
  const QFont font = monoFont(std::min(options.font_px * 0.95, layout.cell * 0.38));
  for (int reader = 0; reader < data.length; ++reader) {
    for (int source = 0; source < data.length; ++source) {
      const Cell cell{reader, source};
      const double value = data.allows(cell) ? static_cast<double>(data.at(cell)) : 0.0;
      if (std::abs(value) >= scale.printed_from) {
        paintText(painter, layout.cellRect(cell), Qt::AlignHCenter | Qt::AlignVCenter,
                  formatMapValue(value / scale.unit), font,
                  textOn(colourOn(scale, value, options.map, is_dark)), options.text_as_paths);
      }
    }
  }
}

/// Colour bar of a scale: its start, middle and end at the right.
void paintScale(QPainter& painter, const QRectF& bar, const MapScale& scale,
                const HeadMapOptions& options, const Theme& theme) {
  painter.save();
  painter.setPen(Qt::NoPen);
  painter.setRenderHint(QPainter::Antialiasing, options.vector);
  constexpr int kBands = 64;
  const double height = bar.height() / kBands;
  for (int i = 0; i < kBands; ++i) {
    // Each band reaches to the bottom, under the next ones: no hairlines between them.
    const QRectF band(bar.left(), bar.top() + i * height, bar.width(), bar.height() - i * height);
    const double share = 1.0 - (i + 0.5) / kBands;
    const double value = (scale.is_signed ? 2 * share - 1 : share) * scale.end;
    painter.fillRect(band, QColor::fromRgb(colourOn(scale, value, options.map, theme.is_dark)));
  }
  painter.restore();
  const double f = options.font_px;
  const QFont font = monoFont(f * 0.85);
  for (const double share : {0.0, 0.5, 1.0}) {
    const double y = bar.bottom() - share * bar.height();
    const double shift = share == 0.0 ? -f * 0.35 : share == 1.0 ? f * 0.35 : 0.0;
    const QRectF box(bar.right() + f * 0.35, y - f + shift, f * 2.2, 2 * f);
    const double value = (scale.is_signed ? 2 * share - 1 : share) * scale.end;
    const QString text = !scale.is_signed && scale.end == 1.0 ? QString::number(value)
                                                              : formatMapValue(value / scale.unit);
    paintText(painter, box, Qt::AlignLeft | Qt::AlignVCenter, text, font, theme.text_second,
              options.text_as_paths);
  }
  if (const QString note = scaleNote(scale, options); !note.isEmpty()) {
    const QRectF box(bar.right() + f * 0.35, bar.top() + bar.height() * 0.75 - f * 5, f * 1.4,
                     f * 10);
    paintTextUpwards(painter, box, Qt::AlignHCenter | Qt::AlignVCenter, note, textFont(f * 0.85),
                     theme.text_second, options.text_as_paths);
  }
}

}  // namespace

QRectF HeadMapLayout::cellRect(Cell c) const {
  return {map.left() + c.source * cell, map.top() + c.reader * cell, cell, cell};
}

Cell HeadMapLayout::cellAt(QPointF point) const {
  if (cell <= 0 || !map.contains(point)) {
    return {};
  }
  const int reader = static_cast<int>((point.y() - map.top()) / cell);
  const int source = static_cast<int>((point.x() - map.left()) / cell);
  return reader < length && source < length ? Cell{reader, source} : Cell{};
}

HeadMapLayout layoutHeadMap(const QRectF& area, const HeadMapData& data,
                            const HeadMapOptions& options, double device_pixel_ratio) {
  HeadMapLayout layout;
  layout.length = data.length;
  if (data.isEmpty()) {
    return layout;
  }
  const Margins m = margins(data, options);
  const double room =
      std::min(area.width() - m.left - m.right, area.height() - m.bottom - options.unit * 2);
  double cell = std::max(room / data.length, options.min_cell);
  if (!options.vector) {
    cell = std::max(1.0, std::floor(cell * device_pixel_ratio)) / device_pixel_ratio;
  }
  layout.cell = std::max(cell, 0.0);
  layout.token_width = m.token_width;
  const double size = layout.cell * data.length;
  const auto whole = [&](double x) {
    return options.vector ? x : std::round(x * device_pixel_ratio) / device_pixel_ratio;
  };
  layout.map = QRectF(whole(area.left() + m.left), whole(area.top() + options.unit), size, size);
  if (options.colour_bar) {
    layout.bar = QRectF(whole(layout.map.right() + options.font_px), layout.map.top(),
                        options.font_px * 0.7, size);
  }
  layout.needed = QSizeF(m.left + size + m.right, size + m.bottom + options.unit * 2);
  return layout;
}

void paintColourBar(QPainter& painter, const QRectF& bar, double scale_end,
                    const HeadMapOptions& options, const Theme& theme) {
  paintScale(painter, bar, MapScale{false, scale_end}, options, theme);
}

void paintColourBar(QPainter& painter, const QRectF& bar, const MapScale& scale,
                    const HeadMapOptions& options, const Theme& theme) {
  paintScale(painter, bar, scale, options, theme);
}

void paintHeadMap(QPainter& painter, const HeadMapLayout& layout, const HeadMapData& data,
                  const HeadMapOptions& options, const Theme& theme) {
  paintHeadMap(painter, layout, data, options, theme, MapScale{false, scaleEnd(data, options)});
}

void paintHeadMap(QPainter& painter, const HeadMapLayout& layout, const HeadMapData& data,
                  const HeadMapOptions& options, const Theme& theme, const MapScale& scale) {
  if (data.isEmpty() || layout.cell <= 0) {
    return;
  }
  const Margins m = margins(data, options);
  paintHeadCells(painter, layout.map, data, options, theme, scale);
  if (options.values && layout.cell >= options.min_value_cell) {
    paintValues(painter, layout, data, options, scale, theme.is_dark);
  }
  if (options.tokens) {
    paintTokens(painter, layout, data, options, theme);
  }
  if (options.axis_titles) {
    paintAxisTitles(painter, layout, options, theme, m);
  }
  if (options.colour_bar && layout.bar.isValid()) {
    paintScale(painter, layout.bar, scale, options, theme);
  }
}

}  // namespace anchorlens::widgets
