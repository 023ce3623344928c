// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/head_view.h"

#include "widgets/accessible_views.h"
#include "widgets/arrow_keys.h"
#include "widgets/fonts.h"
#include "widgets/head_lines.h"
#include "widgets/placed_text.h"
#include "widgets/scroll_to.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QScrollBar>

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

namespace {

constexpr int kFixedCellsFrom =
    65;  ///< tokens: from here on cells keep a size and the view scrolls
constexpr double kFixedCell = 12;

/// To all of the line where there is room for it, else to the end that moves.
void scrollToLine(const QAbstractScrollArea& area, const HeadMapLayout& layout, Cell cell,
                  bool moves_source) {
  const QRectF source = lineRow(layout, cell.source);
  const QRectF reader = lineRow(layout, cell.reader);
  scrollTo(area, source.united(reader));
  scrollTo(area, moves_source ? source : reader);
}

}  // namespace

HeadView::HeadView(QWidget* parent) : QAbstractScrollArea(parent) {
  setFocusPolicy(Qt::StrongFocus);
  setFrameShape(QFrame::NoFrame);
  viewport()->setMouseTracking(true);
  viewport()->setAutoFillBackground(false);
  setAccessibleName(QStringLiteral("Selected head"));
  describeAsTable(
      *this, {[this] { return m_data.length; }, [this] { return m_data.length; },
              [this](int row, int column) {
                return cellDescription(m_data, m_reading, {row, column});
              },
              [this](int row, int column) {
                return m_layout.cellRect({row, column}).translated(-scrolled()).toRect();
              },
              [this] {
                return m_cell.isValid() ? std::optional(std::pair(m_cell.reader, m_cell.source))
                                        : std::nullopt;
              }});
}

void HeadView::setData(HeadMapData data, HeadReading reading) {
  const Mode old_mode = mode();
  const bool is_other_shape = data.length != m_data.length || data.tokens != m_data.tokens ||
                              data.is_mean != m_data.is_mean;
  m_data = std::move(data);
  m_reading = std::move(reading);
  if (!m_data.contains(m_cell)) {
    m_cell = {};
  }
  if (is_other_shape || mode() != old_mode) {
    layOut();
  }
  viewport()->update();
}

void HeadView::setLayerMaps(std::vector<HeadMapData> maps) {
  m_layer_maps = std::move(maps);
  if (mode() == Mode::Lines) {
    viewport()->update();
  }
}

void HeadView::setEmptyText(const QString& text) {
  m_empty_text = text;
  viewport()->update();
}

void HeadView::setNote(const QString& note) {
  if (note != m_note) {
    m_note = note;
    viewport()->update();
  }
}

void HeadView::setOptions(const HeadMapOptions& options) {
  m_options = options;
  layOut();
}

void HeadView::setMode(Mode mode) {
  m_mode = mode;
  layOut();
}

void HeadView::setTheme(const Theme& theme) {
  m_theme = theme;
  viewport()->update();
}

void HeadView::setLinkedCell(Cell cell) {
  if (cell != m_linked) {
    m_linked = cell;
    viewport()->update();
  }
}

void HeadView::setCell(Cell cell) {
  hover(m_data.contains(cell) ? cell : Cell{});
}

void HeadView::hover(Cell cell) {
  if (cell == m_cell) {
    return;
  }
  m_cell = cell;
  setAccessibleDescription(cellDescription(m_data, m_reading, cell));
  tellCurrentCell(*this);
  viewport()->update();
  emit cellHovered(cell);
}

double HeadView::titleHeight() const {
  return std::round(basePixelSize(*this) * 2.1);
}

QPointF HeadView::scrolled() const {
  return {static_cast<double>(horizontalScrollBar()->value()),
          static_cast<double>(verticalScrollBar()->value())};
}

HeadMapOptions HeadView::effectiveOptions() const {
  HeadMapOptions options = m_options;
  options.font_px = basePixelSize(*this);
  if (m_data.length >= kFixedCellsFrom) {
    options.min_cell = kFixedCell;
    options.values = false;
  }
  return options;
}

void HeadView::layOut() {
  const QSizeF view = maximumViewportSize();
  const QRectF area(0, titleHeight(), view.width(), view.height() - titleHeight());
  const HeadMapOptions options = effectiveOptions();
  if (mode() == Mode::Lines) {
    m_layout = layoutHeadLines(area, m_data, options);
  } else {
    m_layout = layoutHeadMap(area, m_data, options, devicePixelRatioF());
    const double spare = std::floor((view.width() - m_layout.needed.width()) / 2);
    if (spare > 0) {
      m_layout.map.translate(spare, 0);
      m_layout.bar.translate(spare, 0);
    }
  }
  const auto range = [](double needed, double have) {
    return std::max(0, static_cast<int>(std::ceil(needed - have)));
  };
  verticalScrollBar()->setRange(0, range(m_layout.needed.height() + titleHeight(), view.height()));
  verticalScrollBar()->setPageStep(static_cast<int>(view.height()));
  horizontalScrollBar()->setRange(0, range(m_layout.needed.width(), view.width()));
  horizontalScrollBar()->setPageStep(static_cast<int>(view.width()));
  viewport()->update();
}

QSize HeadView::sizeHint() const {
  return {480, 480};
}

QSize HeadView::minimumSizeHint() const {
  return {220, 180};
}

void HeadView::resizeEvent(QResizeEvent*) {
  layOut();
}

void HeadView::changeEvent(QEvent* event) {
  if (event->type() == QEvent::FontChange) {
    layOut();
  }
  QAbstractScrollArea::changeEvent(event);
}

void HeadView::mouseMoveEvent(QMouseEvent* event) {
  const QPointF point = event->position() + scrolled();
  hover(mode() == Mode::Map ? m_layout.cellAt(point) : lineAt(m_layout, m_data, point));
}

void HeadView::mousePressEvent(QMouseEvent* event) {
  mouseMoveEvent(event);
}

bool HeadView::event(QEvent* event) {
  if (event->type() == QEvent::ShortcutOverride) {
    const auto* key = dynamic_cast<QKeyEvent*>(event);
    if (key != nullptr && key->modifiers() == Qt::NoModifier &&
        (isArrow(key->key()) || (key->key() == Qt::Key_Escape && m_cell.isValid()))) {
      event->accept();
      return true;
    }
  }
  return QAbstractScrollArea::event(event);
}

void HeadView::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Escape && m_cell.isValid()) {
    hover({});
    return;
  }
  if (m_data.isEmpty() || !isArrow(event->key())) {
    event->ignore();
    return;
  }
  const bool is_sideways = event->key() == Qt::Key_Left || event->key() == Qt::Key_Right;
  Cell cell = m_cell.isValid() ? m_cell : m_linked;
  if (!cell.isValid()) {  // start at the output row, on what it reads most
    cell.reader = m_data.length - 1;
    const auto row = m_data.pattern.end() - m_data.length;
    cell.source = static_cast<int>(std::max_element(row, m_data.pattern.end()) - row);
  } else if (is_sideways) {
    cell.source += event->key() == Qt::Key_Left ? -1 : 1;
  } else {
    cell.reader += event->key() == Qt::Key_Up ? -1 : 1;
  }
  cell.reader = std::clamp(cell.reader, 0, m_data.length - 1);
  cell.source = std::clamp(cell.source, 0, m_data.length - 1);
  if (mode() == Mode::Map) {
    scrollTo(*this, m_layout.cellRect(cell));
  } else {
    scrollToLine(*this, m_layout, cell, is_sideways);
  }
  hover(cell);
}

void HeadView::focusOutEvent(QFocusEvent* event) {
  hover({});
  QAbstractScrollArea::focusOutEvent(event);
}

bool HeadView::viewportEvent(QEvent* event) {
  if (event->type() == QEvent::Leave) {
    hover({});
  }
  if (event->type() == QEvent::ToolTip && !m_data.isEmpty()) {
    const QRectF title(0, 0, viewport()->width(), titleHeight());
    tellTextUnder(*static_cast<QHelpEvent*>(event),
                  {{title, titleText(readingTitle(m_data, m_reading), titleRest())}}, *viewport(),
                  scrolled());
    return true;
  }
  return QAbstractScrollArea::viewportEvent(event);
}

}  // namespace anchorlens::widgets
