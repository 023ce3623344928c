// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/phase_map.h"

#include "widgets/fonts.h"
#include "widgets/study_text.h"
#include "widgets/text_paint.h"

#include <QLineF>
#include <QPainter>
#include <QPixmap>
#include <QVector>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace anchorlens::widgets {

namespace {

using Kind = core::StudyNumber::Kind;

constexpr std::array<QRgb, 7> kDarkDifference{0xFF9CCBFF, 0xFF4F8FD6, 0xFF2D4F78, 0xFF262A33,
                                              0xFF7A4630, 0xFFDE7F55, 0xFFFFC2A3};
constexpr std::array<QRgb, 7> kLightDifference{0xFF0E3F7C, 0xFF2F78C8, 0xFFA6C8EC, 0xFFF1F2F4,
                                               0xFFF0BFA6, 0xFFCC5E2E, 0xFF7E2B08};

double widest(const std::vector<std::string>& texts, const QFont& font) {
  double width = 0;
  for (const std::string& text : texts) {
    width = std::max(width, textWidth(QString::fromStdString(text), font));
  }
  return width;
}

QFont labelFont(const PhaseOptions& options) {
  return monoFont(options.font_px * 0.9);
}

QFont titleFont(const PhaseOptions& options) {
  return textFont(options.font_px * 0.95);
}

/// Start and length of what stands around `middle`: moved, then shortened, to lie in the room.
std::pair<double, double> placed(double middle, double length, double from, double to) {
  const double fits = std::clamp(length, 0.0, std::max(0.0, to - from));
  return {std::clamp(middle - fits / 2, from, std::max(from, to - fits)), fits};
}

/// The names of the axes: over the middle of their side where they fit there. That of the second
/// one has the left edge for itself.
void placeNames(PhaseLayout& layout, const QRectF& area, const core::PhaseDiagram& diagram,
                const PhaseOptions& options) {
  const double f = options.font_px;
  const auto length = [&options](const std::string& name) {
    return textWidth(QString::fromStdString(name), titleFont(options)) + options.unit;
  };
  if (!diagram.x_label.empty()) {
    const double top = layout.map.bottom() + f * 1.8;
    const double from = area.left() + (diagram.y_label.empty() ? 0 : f * 1.8);
    const double to = layout.bar.bottom() + f < top ? area.right() : layout.bar.left() - f * 0.3;
    const auto [left, width] = placed(layout.map.center().x(), length(diagram.x_label), from, to);
    layout.x_label = QRectF(left, top, width, f * 1.5);
  }
  if (!diagram.y_label.empty()) {
    const auto [top, height] =
        placed(layout.map.center().y(), length(diagram.y_label), area.top(), area.bottom());
    layout.y_label = QRectF(area.left(), top, f * 1.5, height);
  }
}

QColor greyFill(const Theme& theme) {
  return mixed(theme.panel, theme.text_muted, theme.is_dark ? 0.30 : 0.28);
}

/// Lines from lower left to upper right over a cell, cut by computing: SVG files lose clipping.
void paintHatch(QPainter& painter, const QRectF& box, double distance) {
  QVector<QLineF> lines;
  for (double sum = distance; sum < box.width() + box.height(); sum += distance) {
    const double from = std::max(0.0, sum - box.height());
    const double to = std::min(box.width(), sum);
    lines.emplace_back(box.left() + from, box.top() + sum - from, box.left() + to,
                       box.top() + sum - to);
  }
  painter.drawLines(lines);
}

/// The same as a tile, for the screen: painting a study that has not begun line by line takes most
/// of a frame's time.
QPixmap hatchTile(double distance, const QPen& pen, double pixel_ratio) {
  const int size = std::max(1, static_cast<int>(std::lround(distance * pixel_ratio)));
  QPixmap tile(size, size);
  tile.fill(Qt::transparent);
  QPainter painter(&tile);
  QPen wide = pen;
  wide.setWidthF(pen.widthF() * pixel_ratio);
  painter.setPen(wide);
  for (const int sum : {0, size, 2 * size}) {  // the neighbours' corners, too
    painter.drawLine(QPointF(sum, -0.5), QPointF(-0.5, sum));
  }
  painter.end();
  tile.setDevicePixelRatio(pixel_ratio);
  return tile;
}

class PhasePainter {
 public:
  PhasePainter(QPainter& painter, const PhaseLayout& layout, const core::PhaseDiagram& diagram,
               const PhaseOptions& options, const Theme& theme)
      : m_painter(painter),
        m_layout(layout),
        m_diagram(diagram),
        m_options(options),
        m_theme(theme),
        m_number(monoFont(options.font_px * 0.95)),
        m_small(textFont(options.font_px * 0.8)) {}

  void paint() {
    m_painter.save();
    for (int row = 0; row < m_layout.rows; ++row) {
      for (int column = 0; column < m_layout.columns; ++column) {
        paintCell({column, row});
      }
    }
    paintLabels();
    if (m_options.colour_bar) {
      paintBar();
    }
    m_painter.restore();
  }

 private:
  double f() const { return m_options.font_px; }
  Kind kind() const { return m_diagram.choice.number.kind; }

  void text(const QRectF& box, Qt::Alignment alignment, const QString& what, const QFont& font,
            const QColor& colour) {
    paintText(m_painter, box, alignment, what, font, colour, m_options.text_as_paths);
  }

  void hatch(const QRectF& box) {
    const double distance = 7 * m_options.unit;
    const QPen pen(m_theme.mask_hatch, m_options.unit);
    if (m_options.vector) {
      m_painter.setPen(pen);
      paintHatch(m_painter, box, distance);
      return;
    }
    if (m_hatch.isNull())
      m_hatch = hatchTile(distance, pen, m_painter.device()->devicePixelRatioF());
    m_painter.drawTiledPixmap(box, m_hatch);
  }

  void paintCell(PhasePlace place) {
    const core::PhaseCell& cell =
        m_diagram.at(static_cast<std::size_t>(place.column), static_cast<std::size_t>(place.row));
    const double u = m_options.unit;
    const QRectF box = m_layout.cellRect(place).adjusted(u / 2, u / 2, -u / 2, -u / 2);
    QColor ink = m_theme.text;
    m_painter.setPen(Qt::NoPen);
    m_painter.setRenderHint(QPainter::Antialiasing, m_options.vector);
    if (cell.value && !cell.is_grey) {
      const QRgb colour = phaseColour(m_diagram.scale, m_diagram.scale.share(cell.value->median),
                                      m_options.map, m_theme);
      m_painter.fillRect(box, QColor::fromRgb(colour));
      ink = textOn(colour);
    } else {
      m_painter.fillRect(box, cell.is_grey ? greyFill(m_theme) : m_theme.plot);
      m_painter.setBrush(Qt::NoBrush);
      if (cell.isMissing()) {
        hatch(box);
        ink = m_theme.text_second;
      } else if (cell.is_grey) {
        // Told by shape too: a grey colour map has greys of its own.
        m_painter.setPen(QPen(m_theme.text_muted, u));
        m_painter.drawLine(box.bottomLeft(), box.bottomLeft() + QPointF(f() * 0.8, -f() * 0.8));
      }
      m_painter.setPen(QPen(m_theme.border, u));
      m_painter.drawRect(box.adjusted(u / 2, u / 2, -u / 2, -u / 2));
    }
    if (m_options.values) {
      paintCellText(box, cell, ink);
    }
  }

  void paintCellText(const QRectF& box, const core::PhaseCell& cell, const QColor& ink) {
    const bool is_partial = cell.value && cell.value->count < cell.members.size();
    const QString gap = cellGap(m_diagram, cell);
    const auto center = Qt::AlignHCenter | Qt::AlignVCenter;
    if (!gap.isEmpty()) {
      // On two lines where one has no room: "0 of 3" / "done".
      const qsizetype space = gap.lastIndexOf(' ');
      const bool one_line = textWidth(gap, m_small) < box.width() - 4 * m_options.unit;
      const double line = f() * 1.2;
      if (one_line) {
        text(box, center, gap, m_small, ink);
      } else if (box.height() > 2 * line && textWidth(gap.left(space), m_small) < box.width()) {
        text(box.adjusted(0, 0, 0, -line), center, gap.left(space), m_small, ink);
        text(box.adjusted(0, line, 0, 0), center, gap.mid(space + 1), m_small, ink);
      }
      return;
    }
    const QString value = numberText(kind(), cell.value->median);
    if (textWidth(value, m_number) > box.width() - 4 * m_options.unit || box.height() < f() * 1.2) {
      return;
    }
    const QString part = QStringLiteral("%1 of %2").arg(cell.value->count).arg(cell.members.size());
    const bool has_part = is_partial && box.height() > f() * 2.6 &&
                          textWidth(part, m_small) < box.width() - 4 * m_options.unit;
    text(box.adjusted(0, 0, 0, has_part ? -f() * 1.2 : 0), center, value, m_number, ink);
    if (has_part) {
      text(box.adjusted(0, f() * 1.2, 0, 0), center, part, m_small, ink);
    }
  }

  void paintLabels() {
    const QFont font = labelFont(m_options);
    const double wide = widest(m_diagram.x_values, font) + f() * 0.6;
    const int every = std::max(1, static_cast<int>(std::ceil(wide / m_layout.cell.width())));
    for (int column = 0; column < m_layout.columns; column += every) {
      QRectF box(0, m_layout.map.bottom() + f() * 0.3, wide, f() * 1.4);
      box.moveCenter(QPointF(m_layout.cellRect({column, 0}).center().x(), box.center().y()));
      text(box, Qt::AlignHCenter | Qt::AlignVCenter,
           QString::fromStdString(m_diagram.x_values[static_cast<std::size_t>(column)]), font,
           m_theme.text_second);
    }
    const int down = std::max(1, static_cast<int>(std::ceil(f() * 1.3 / m_layout.cell.height())));
    for (int row = 0; row < m_layout.rows; row += down) {
      QRectF box(m_layout.map.left() - m_layout.left, 0, m_layout.left - f() * 0.5, f() * 1.4);
      box.moveCenter(QPointF(box.center().x(), m_layout.cellRect({0, row}).center().y()));
      text(box, Qt::AlignRight | Qt::AlignVCenter,
           QString::fromStdString(m_diagram.y_values[static_cast<std::size_t>(row)]), font,
           m_theme.text_second);
    }
    const QFont title = titleFont(m_options);
    const auto middle = Qt::AlignHCenter | Qt::AlignVCenter;
    text(m_layout.x_label, middle,
         elided(QString::fromStdString(m_diagram.x_label), title, m_layout.x_label.width()), title,
         m_theme.text);
    paintTextUpwards(
        m_painter, m_layout.y_label, middle,
        elided(QString::fromStdString(m_diagram.y_label), title, m_layout.y_label.height()), title,
        m_theme.text, m_options.text_as_paths);
  }

  double valueAt(double share) const {
    const core::PhaseScale& scale = m_diagram.scale;
    return scale.is_log ? scale.low * std::pow(scale.high / scale.low, share)
                        : scale.low + share * (scale.high - scale.low);
  }

  void paintBar() {
    constexpr int kBands = 64;
    const QRectF& bar = m_layout.bar;
    const double height = bar.height() / kBands;
    m_painter.setPen(Qt::NoPen);
    for (int i = 0; i < kBands; ++i) {
      // Each band reaches to the bottom, under the next ones: no hairlines between them.
      const QRectF band(bar.left(), bar.top() + i * height, bar.width(), bar.height() - i * height);
      m_painter.fillRect(band,
                         QColor::fromRgb(phaseColour(m_diagram.scale, 1.0 - (i + 0.5) / kBands,
                                                     m_options.map, m_theme)));
    }
    const QFont font = monoFont(f() * 0.85);
    for (const double share : {0.0, 0.5, 1.0}) {
      const double y = bar.bottom() - share * bar.height();
      const double shift = share == 0.0 ? -f() * 0.35 : share == 1.0 ? f() * 0.35 : 0.0;
      text(QRectF(bar.right() + f() * 0.35, y - f() + shift, f() * 4.4, 2 * f()),
           Qt::AlignLeft | Qt::AlignVCenter, numberTextWithUnit(kind(), valueAt(share)), font,
           m_theme.text_second);
    }
  }

  QPainter& m_painter;
  const PhaseLayout& m_layout;
  const core::PhaseDiagram& m_diagram;
  const PhaseOptions& m_options;
  const Theme& m_theme;
  QFont m_number;
  QFont m_small;
  QPixmap m_hatch;
};

}  // namespace

QRgb phaseColour(const core::PhaseScale& scale, double share, ColourMap map, const Theme& theme) {
  if (!scale.is_diverging) {
    return colourAt(map, share);
  }
  const auto& stops = theme.is_dark ? kDarkDifference : kLightDifference;
  // The first colours are those of the second one of two things: symmetric is below 0.
  const double at = std::clamp(share, 0.0, 1.0) * static_cast<double>(stops.size() - 1);
  const auto i = std::min(static_cast<std::size_t>(at), stops.size() - 2);
  return mixed(QColor::fromRgb(stops[i]), QColor::fromRgb(stops[i + 1]),
               at - static_cast<double>(i))
      .rgb();
}

QRectF PhaseLayout::cellRect(PhasePlace place) const {
  return {map.left() + place.column * cell.width(),
          map.top() + (rows - 1 - place.row) * cell.height(), cell.width(), cell.height()};
}

PhasePlace PhaseLayout::placeAt(QPointF point) const {
  if (!map.contains(point) || cell.isEmpty()) {
    return {};
  }
  const int column = static_cast<int>((point.x() - map.left()) / cell.width());
  const int row = rows - 1 - static_cast<int>((point.y() - map.top()) / cell.height());
  return column < columns && row >= 0 ? PhasePlace{column, row} : PhasePlace{};
}

PhaseLayout layoutPhase(const QRectF& area, const core::PhaseDiagram& diagram,
                        const PhaseOptions& options, double device_pixel_ratio) {
  PhaseLayout layout;
  layout.columns = static_cast<int>(diagram.columns());
  layout.rows = static_cast<int>(diagram.rows());
  const double f = options.font_px;
  layout.left = widest(diagram.y_values, labelFont(options)) + f * (diagram.choice.y ? 2.2 : 0.6);
  layout.bottom = f * 3.5;
  const double right = options.colour_bar ? f * 7.2 : f * 0.5;
  const double room_x = std::max(0.0, area.width() - layout.left - right);
  const double room_y = std::max(0.0, area.height() - layout.bottom - options.unit * 2);
  double width = std::min(room_x / layout.columns, f * 9);
  double height = std::min(room_y / layout.rows, f * 6);
  height = std::min(height, width * 1.4);
  width = std::min(width, height * 2.5);
  const auto whole = [&](double x) {
    return options.vector ? x : std::floor(x * device_pixel_ratio) / device_pixel_ratio;
  };
  layout.cell = QSizeF(whole(width), whole(height));
  layout.map = QRectF(whole(area.left() + layout.left), whole(area.top() + options.unit),
                      layout.cell.width() * layout.columns, layout.cell.height() * layout.rows);
  if (options.colour_bar) {
    layout.bar = QRectF(whole(layout.map.right() + f), layout.map.top(), f * 0.8,
                        std::max(layout.map.height(), f * 5));
  }
  placeNames(layout, area, diagram, options);
  const double below =
      std::max(layout.map.height(), layout.bar.height()) + layout.bottom + options.unit * 2;
  layout.needed = QSizeF(
      std::max(layout.left + layout.map.width() + right, layout.x_label.right() - area.left()),
      std::max(below, layout.y_label.bottom() - area.top()));
  return layout;
}

void paintPhase(QPainter& painter, const PhaseLayout& layout, const core::PhaseDiagram& diagram,
                const PhaseOptions& options, const Theme& theme) {
  if (!layout.cell.isEmpty()) {
    PhasePainter(painter, layout, diagram, options, theme).paint();
  }
}

}  // namespace anchorlens::widgets
