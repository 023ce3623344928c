// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/head_grid.h"

#include "widgets/accessible_views.h"
#include "widgets/arrow_keys.h"
#include "widgets/fonts.h"
#include "widgets/scroll_to.h"

#include <QEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QScrollBar>
#include <QToolTip>

#include <algorithm>
#include <array>
#include <cmath>

namespace anchorlens::widgets {

namespace {
constexpr std::array kTileSizes{168, 112, 72, 40};

}  // namespace

HeadGrid::HeadGrid(QWidget* parent) : QAbstractScrollArea(parent) {
  setFocusPolicy(Qt::StrongFocus);
  setFrameShape(QFrame::NoFrame);
  viewport()->setMouseTracking(true);
  viewport()->setAutoFillBackground(false);
  setAccessibleName(QStringLiteral("All heads"));
  describeAsTable(
      *this,
      {[this] { return m_n_layers; }, [this] { return m_n_heads; },
       [this](int row, int column) { return tileDescription(row, column); },
       [this](int row, int column) { return tileRect(row, column); },
       [this] { return m_layer >= 0 ? std::optional(std::pair(m_layer, m_head)) : std::nullopt; }});
  m_options.tokens = m_options.values = m_options.colour_bar = m_options.axis_titles = false;
  m_options.outlines = m_options.gaps = false;
  m_measures = measures(kTileSizes.front());
}

void HeadGrid::setTiles(std::vector<HeadTile> tiles, int n_layers, int n_heads) {
  m_tiles = std::move(tiles);
  const bool is_other_shape = n_layers != m_n_layers || n_heads != m_n_heads;
  m_n_layers = n_layers;
  m_n_heads = n_heads;
  if (m_tiles.size() != static_cast<std::size_t>(n_layers * n_heads)) {
    m_tiles.resize(static_cast<std::size_t>(std::max(0, n_layers * n_heads)));
  }
  if (is_other_shape) {
    if (m_layer >= n_layers || m_head >= n_heads) {
      m_layer = m_head = -1;
    }
    layOut();
    updateGeometry();
  }
  viewport()->update();
}

void HeadGrid::setOptions(const HeadMapOptions& options) {
  m_options.map = options.map;
  m_options.per_head = options.per_head;
  viewport()->update();
}

void HeadGrid::setTheme(const Theme& theme) {
  m_theme = theme;
  viewport()->update();
}

void HeadGrid::setCompact(bool compact) {
  m_is_compact = compact;
  layOut();
  updateGeometry();
}

void HeadGrid::select(int layer, int head) {
  const bool exists = layer >= 0 && layer < m_n_layers && head >= 0 && head < m_n_heads;
  const int new_layer = exists ? layer : -1;
  const int new_head = exists ? head : -1;
  if (new_layer == m_layer && new_head == m_head) {
    return;
  }
  m_layer = new_layer;
  m_head = new_head;
  if (exists) {
    setAccessibleDescription(tileDescription(layer, head));
    tellCurrentCell(*this);
    const QPoint scrolled(horizontalScrollBar()->value(), verticalScrollBar()->value());
    scrollTo(*this, tileRect(layer, head).translated(scrolled));
  }
  viewport()->update();
}

void HeadGrid::setLinkedCell(Cell cell) {
  if (cell != m_linked) {
    m_linked = cell;
    viewport()->update();
  }
}

void HeadGrid::choose(int layer, int head) {
  if (layer == m_layer && head == m_head) {
    return;
  }
  select(layer, head);
  if (m_layer >= 0) {
    emit headSelected(m_layer, m_head);
  }
}

HeadGrid::Measures HeadGrid::measures(int tile) const {
  Measures m;
  const double base = basePixelSize(*this);
  m.tile = tile;
  m.font_px = tile >= 112 ? base : tile >= 72 ? std::max(10.0, base - 1) : 10.0;
  m.padding = tile >= 168 ? 8 : tile >= 112 ? 11 : tile >= 72 ? 5 : 4;
  m.padding_y = tile >= 112 ? 6 : 3;
  m.gap = tile >= 168 ? 6 : 2;
  m.title = static_cast<int>(std::ceil(m.font_px * 1.7));
  m.badge = static_cast<int>(std::ceil((m.font_px - 1) * 1.65)) + (tile >= 168 ? 6 : 4);
  return m;
}

QSize HeadGrid::gridSize(const Measures& m) const {
  return {std::max(0, m_n_heads * (m.width() + m.gap) - m.gap),
          std::max(0, m_n_layers * (m.height() + m.gap) - m.gap)};
}

int HeadGrid::tileFor(QSize room) const {
  for (const int tile : kTileSizes) {
    if (m_is_compact && tile > 112) {
      continue;
    }
    const QSize size = gridSize(measures(tile));
    if (size.width() <= room.width() && size.height() <= room.height()) {
      return tile;
    }
  }
  return kTileSizes.back();
}

int HeadGrid::widthFor(QSize room) const {
  const QSize size = gridSize(measures(tileFor(room)));
  const int bar = size.height() > room.height() ? verticalScrollBar()->sizeHint().width() : 0;
  return std::min(size.width() + bar, std::max(room.width(), 0));
}

void HeadGrid::layOut() {
  m_measures = measures(tileFor(maximumViewportSize()));
  const QSize size = gridSize(m_measures);
  // Bars that are there now must not be the reason for them to stay.
  QSize view = maximumViewportSize();
  if (size.height() > view.height()) {
    view.rwidth() -= verticalScrollBar()->sizeHint().width();
  }
  if (size.width() > view.width()) {
    view.rheight() -= horizontalScrollBar()->sizeHint().height();
  }
  verticalScrollBar()->setRange(0, std::max(0, size.height() - view.height()));
  verticalScrollBar()->setPageStep(view.height());
  verticalScrollBar()->setSingleStep(m_measures.height());
  horizontalScrollBar()->setRange(0, std::max(0, size.width() - view.width()));
  horizontalScrollBar()->setPageStep(view.width());
  viewport()->update();
}

QRect HeadGrid::tileRect(int layer, int head) const {
  return {head * (m_measures.width() + m_measures.gap) - horizontalScrollBar()->value(),
          layer * (m_measures.height() + m_measures.gap) - verticalScrollBar()->value(),
          m_measures.width(), m_measures.height()};
}

QRect HeadGrid::mapRect(int layer, int head) const {
  const QRect tile = tileRect(layer, head);
  return {tile.left() + m_measures.padding, tile.top() + m_measures.padding_y + m_measures.title,
          m_measures.tile, m_measures.tile};
}

QRectF HeadGrid::cellsRect(int layer, int head) const {
  const QRectF map = mapRect(layer, head);
  const int n = m_tiles.at(static_cast<std::size_t>(layer * m_n_heads + head)).map.length;
  const double ratio = devicePixelRatioF();
  const double cell = n > 0 ? std::floor(map.width() * ratio / n) / ratio : 0;
  return cell > 0 ? QRectF(map.topLeft(), QSizeF(cell * n, cell * n)) : map;
}

bool HeadGrid::headAt(QPoint point, int& layer, int& head) const {
  for (layer = 0; layer < m_n_layers; ++layer) {
    for (head = 0; head < m_n_heads; ++head) {
      if (tileRect(layer, head).contains(point)) {
        return true;
      }
    }
  }
  return false;
}

Cell HeadGrid::cellAt(QPoint point, int layer, int head) const {
  const HeadMapData& tile_map = m_tiles.at(static_cast<std::size_t>(layer * m_n_heads + head)).map;
  HeadMapLayout layout;
  layout.map = cellsRect(layer, head);
  layout.length = tile_map.length;
  layout.cell = tile_map.length > 0 ? layout.map.width() / tile_map.length : 0;
  return layout.cellAt(point);
}

QString HeadGrid::tileDescription(int layer, int head) const {
  const auto index = static_cast<std::size_t>(layer * m_n_heads + head);
  QString text = QStringLiteral("Layer %1 head %2").arg(layer).arg(head);
  if (index < m_tiles.size() && !m_tiles[index].badge.text.isEmpty()) {
    const BadgeInfo& badge = m_tiles[index].badge;
    text +=
        QStringLiteral(", %1, %2").arg(badge.text.at(0).toLower() + badge.text.mid(1), badge.value);
  }
  return layer == m_layer && head == m_head ? text + QStringLiteral(", selected") : text;
}

QSize HeadGrid::sizeHint() const {
  return gridSize(measures(m_is_compact ? 112 : 168));
}

QSize HeadGrid::minimumSizeHint() const {
  const Measures m = measures(kTileSizes.back());
  return {m.width() + verticalScrollBar()->sizeHint().width(), m.height()};
}

void HeadGrid::resizeEvent(QResizeEvent*) {
  layOut();
}

void HeadGrid::changeEvent(QEvent* event) {
  if (event->type() == QEvent::FontChange) {
    layOut();
    updateGeometry();
  }
  QAbstractScrollArea::changeEvent(event);
}

void HeadGrid::mousePressEvent(QMouseEvent* event) {
  int layer = 0;
  int head = 0;
  if (event->button() == Qt::LeftButton && headAt(event->pos(), layer, head)) {
    choose(layer, head);
  }
}

void HeadGrid::mouseDoubleClickEvent(QMouseEvent* event) {
  int layer = 0;
  int head = 0;
  if (headAt(event->pos(), layer, head)) {
    choose(layer, head);
    emit headActivated(layer, head);
  }
}

void HeadGrid::mouseMoveEvent(QMouseEvent* event) {
  int layer = 0;
  int head = 0;
  const Cell cell = headAt(event->pos(), layer, head) ? cellAt(event->pos(), layer, head) : Cell{};
  if (cell != m_linked) {
    m_linked = cell;
    viewport()->update();
    emit cellHovered(cell);
  }
}

bool HeadGrid::event(QEvent* event) {
  // Arrow keys belong to the grid while it has the focus, not to the window's time shortcuts.
  if (event->type() == QEvent::ShortcutOverride) {
    const auto* key = dynamic_cast<QKeyEvent*>(event);
    if (key != nullptr && key->modifiers() == Qt::NoModifier && isArrow(key->key())) {
      event->accept();
      return true;
    }
  }
  return QAbstractScrollArea::event(event);
}

void HeadGrid::keyPressEvent(QKeyEvent* event) {
  if (m_tiles.empty()) {
    event->ignore();
    return;
  }
  const int layer = std::max(m_layer, 0);
  const int head = std::max(m_head, 0);
  switch (event->key()) {
    case Qt::Key_Left:
      choose(layer, std::max(head - 1, 0));
      break;
    case Qt::Key_Right:
      choose(layer, std::min(head + 1, m_n_heads - 1));
      break;
    case Qt::Key_Up:
      choose(std::max(layer - 1, 0), head);
      break;
    case Qt::Key_Down:
      choose(std::min(layer + 1, m_n_layers - 1), head);
      break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
      emit headActivated(layer, head);
      break;
    default:
      event->ignore();
  }
}

void HeadGrid::contextMenuEvent(QContextMenuEvent* event) {
  if (m_tiles.empty()) {
    event->ignore();
    return;
  }
  int layer = std::max(m_layer, 0);
  int head = std::max(m_head, 0);
  if (event->reason() == QContextMenuEvent::Keyboard) {
    choose(layer, head);
    emit menuRequested(viewport()->mapToGlobal(mapRect(layer, head).center()));
  } else if (headAt(event->pos(), layer, head)) {
    choose(layer, head);
    emit menuRequested(event->globalPos());
  }
}

bool HeadGrid::viewportEvent(QEvent* event) {
  if (event->type() == QEvent::Leave && m_linked.isValid()) {
    m_linked = {};
    viewport()->update();
    emit cellHovered({});
  }
  if (event->type() == QEvent::ToolTip) {
    const auto* help = dynamic_cast<QHelpEvent*>(event);
    int layer = 0;
    int head = 0;
    if (help != nullptr && headAt(help->pos(), layer, head)) {
      const HeadTile& tile = m_tiles.at(static_cast<std::size_t>(layer * m_n_heads + head));
      const CellTip tip = cellTip(tile.map, tile.reading, cellAt(help->pos(), layer, head));
      const QString text =
          tip.title.isEmpty() ? tile.badge.text + ' ' + tile.badge.value + '\n' + tile.badge.tooltip
                              : tip.title + '\n' + tip.lines.join('\n');
      QToolTip::showText(help->globalPos(), text, viewport());
      return true;
    }
  }
  return QAbstractScrollArea::viewportEvent(event);
}

}  // namespace anchorlens::widgets
