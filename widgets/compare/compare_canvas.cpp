// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/compare/compare_canvas.h"

#include "widgets/accessible_views.h"
#include "widgets/arrow_keys.h"
#include "widgets/fonts.h"
#include "widgets/scroll_to.h"
#include "widgets/tip_box.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

namespace {

/// White over a dark line: seen on every colour of a map.
void paintBox(QPainter& painter, const QRectF& cell) {
  painter.setPen(QPen(Qt::black, 3, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
  painter.drawRect(cell.adjusted(0.5, 0.5, -0.5, -0.5));
  painter.setPen(QPen(Qt::white, 1, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
  painter.drawRect(cell.adjusted(0.5, 0.5, -0.5, -0.5));
}

void paintGuides(QPainter& painter, const QRectF& map, const QRectF& cell) {
  const QLineF across(QPointF(map.left(), cell.center().y()),
                      QPointF(cell.left(), cell.center().y()));
  const QLineF down(QPointF(cell.center().x(), cell.bottom()),
                    QPointF(cell.center().x(), map.bottom()));
  for (const QLineF& line : {across, down}) {
    painter.setPen(QPen(QColor(0, 0, 0, 150), 1));
    painter.drawLine(line);
    painter.setPen(QPen(Qt::white, 1, Qt::DotLine));
    painter.drawLine(line);
  }
}

}  // namespace

CompareCanvas::CompareCanvas(QWidget* parent) : QAbstractScrollArea(parent) {
  setFocusPolicy(Qt::StrongFocus);
  setFrameShape(QFrame::NoFrame);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  viewport()->setMouseTracking(true);
  viewport()->setAutoFillBackground(false);
  setAccessibleName(tr("Attention of two runs and their difference"));
  describeAsTable(*this, {[this] { return length(); }, [this] { return length(); },
                          [this](int row, int column) {
                            return comparedCellDescription(m_comparison, m_how.pair, {row, column});
                          },
                          [this](int row, int column) {
                            return m_layout.maps[static_cast<std::size_t>(m_column)]
                                .cellRect({row, column})
                                .translated(-scrolled())
                                .toRect();
                          },
                          [this] {
                            return m_cell.isValid()
                                       ? std::optional(std::pair(m_cell.reader, m_cell.source))
                                       : std::nullopt;
                          }});
}

void CompareCanvas::setComparison(Comparison comparison) {
  m_comparison = std::move(comparison);
  if (m_how.pair >= m_comparison.pairs.size()) {
    m_how.pair = 0;
  }
  layOut();
  if (m_cell.reader >= length() || m_cell.source >= length()) {
    hover({}, 0);
  }
  describe();
}

void CompareCanvas::setEmptyText(const QString& text) {
  if (text != m_empty_text) {
    m_empty_text = text;
    describe();
    viewport()->update();
  }
}

void CompareCanvas::setOptions(const HeadMapOptions& options) {
  m_how.map = options;
  layOut();
}

void CompareCanvas::setTheme(const Theme& theme) {
  m_theme = theme;
  viewport()->update();
}

void CompareCanvas::selectPair(std::size_t pair) {
  if (pair != m_how.pair && pair < m_comparison.pairs.size()) {
    m_how.pair = pair;
    layOut();
    describe();
  }
}

void CompareCanvas::setLinkedCell(Cell cell) {
  if (cell != m_linked) {
    m_linked = cell;
    viewport()->update();
  }
}

int CompareCanvas::length() const {
  return std::max(m_layout.maps[0].length, m_layout.maps[1].length);
}

void CompareCanvas::hover(Cell cell, int column) {
  const bool is_same = cell == m_cell;
  if (is_same && column == m_column) {
    return;
  }
  m_cell = cell;
  m_column = column;
  viewport()->update();
  if (!is_same) {
    describe();
    tellCurrentCell(*this);
    emit cellHovered(cell);
  }
}

/// To assistive technology: the cell, else the pair.
void CompareCanvas::describe() {
  QString text = m_empty_text;
  if (text.isEmpty() && m_how.pair < m_comparison.pairs.size()) {
    const core::HeadPair& pair = m_comparison.pairs[m_how.pair];
    text = m_cell.isValid() ? comparedCellDescription(m_comparison, m_how.pair, m_cell)
                            : tr("%1 %2 and %3 %4")
                                  .arg(m_comparison.first.name, comparedHeadName(pair, 0),
                                       m_comparison.second.name, comparedHeadName(pair, 1));
  }
  setAccessibleDescription(text);
}

QPointF CompareCanvas::scrolled() const {
  return {0, static_cast<double>(verticalScrollBar()->value())};
}

void CompareCanvas::layOut() {
  const QSizeF view = maximumViewportSize();
  m_how.map.font_px = basePixelSize(*this);
  const bool is_low = view.height() < 31 * m_how.map.font_px;
  m_how.map.axis_titles = !is_low;
  const auto place = [&](double width) {
    m_layout = layoutComparison(QRectF(2, 0, width - 4, view.height() - 2), m_comparison, m_how,
                                devicePixelRatioF());
  };
  place(view.width());
  const int hidden = static_cast<int>(std::ceil(m_layout.needed.height() - view.height()));
  if (hidden > 0) {
    place(view.width() - verticalScrollBar()->sizeHint().width());
  }
  verticalScrollBar()->setRange(
      0, std::max(0, static_cast<int>(std::ceil(m_layout.needed.height() - view.height()))));
  verticalScrollBar()->setPageStep(static_cast<int>(view.height()));
  verticalScrollBar()->setSingleStep(40);
  viewport()->update();
}

void CompareCanvas::paintEvent(QPaintEvent*) {
  QPainter painter(viewport());
  if (!m_empty_text.isEmpty() || m_comparison.pairs.empty()) {
    painter.setFont(textFont(basePixelSize(*this)));
    painter.setPen(m_theme.text_second);
    painter.drawText(viewport()->rect().adjusted(24, 24, -24, -24),
                     Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap, m_empty_text);
    return;
  }
  painter.translate(-scrolled());
  paintComparison(painter, m_layout, m_comparison, m_how, m_theme);
  paintBoxes(painter);
  if (hasFocus() && length() > 0) {
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(m_theme.accent, m_theme.borderWidth()));
    painter.setBrush(Qt::NoBrush);
    const auto& map = m_layout.maps[static_cast<std::size_t>(m_column)].map;
    painter.drawRoundedRect(map.adjusted(-2.5, -2.5, 2.5, 2.5), 3, 3);
  }
  if (m_cell.isValid()) {
    const QRectF visible(scrolled(), QSizeF(viewport()->size()));
    paintTipBox(painter, visible,
                m_layout.maps[static_cast<std::size_t>(m_column)].cellRect(m_cell),
                comparedCellTip(m_comparison, m_how.pair, m_cell), basePixelSize(*this), m_theme);
  }
}

void CompareCanvas::paintBoxes(QPainter& painter) const {
  const Cell cell = m_cell.isValid() ? m_cell : m_linked;
  if (!cell.isValid() || cell.reader >= length() || cell.source >= length()) {
    return;
  }
  const Comparison::Maps maps = m_comparison.mapsOf(m_how.pair);
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing, false);
  painter.setBrush(Qt::NoBrush);
  for (std::size_t column = 0; column < 3; ++column) {
    if (maps.maps[column].isEmpty()) {
      continue;
    }
    const HeadMapLayout& layout = m_layout.maps[column];
    if (m_cell.isValid()) {
      paintGuides(painter, layout.map, layout.cellRect(cell));
    }
    paintBox(painter, layout.cellRect(cell));
  }
  painter.restore();
}

void CompareCanvas::resizeEvent(QResizeEvent*) {
  layOut();
}

void CompareCanvas::changeEvent(QEvent* event) {
  if (event->type() == QEvent::FontChange) {
    layOut();
  }
  QAbstractScrollArea::changeEvent(event);
}

void CompareCanvas::mouseMoveEvent(QMouseEvent* event) {
  int column = m_column;
  const Cell cell = m_layout.cellAt(event->position() + scrolled(), &column);
  hover(cell, column);
}

void CompareCanvas::mousePressEvent(QMouseEvent* event) {
  const int pair = m_layout.pairAt(event->position() + scrolled());
  if (pair < 0 || event->button() != Qt::LeftButton) {
    mouseMoveEvent(event);
    return;
  }
  selectPair(static_cast<std::size_t>(pair));
  emit pairSelected(pair);
}

bool CompareCanvas::event(QEvent* event) {
  if (event->type() == QEvent::ShortcutOverride) {
    const auto* key = static_cast<QKeyEvent*>(event);
    if (key->modifiers() == Qt::NoModifier &&
        (isArrow(key->key()) || (key->key() == Qt::Key_Escape && m_cell.isValid()))) {
      event->accept();
      return true;
    }
  }
  return QAbstractScrollArea::event(event);
}

void CompareCanvas::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Escape && m_cell.isValid()) {
    hover({}, m_column);
    return;
  }
  if (!isArrow(event->key()) || length() == 0) {
    event->ignore();
    return;
  }
  Cell cell = m_cell.isValid() ? m_cell : m_linked;
  if (!cell.isValid()) {  // start at the output row
    cell = {length() - 1, 0};
  } else if (event->key() == Qt::Key_Left || event->key() == Qt::Key_Right) {
    cell.source += event->key() == Qt::Key_Left ? -1 : 1;
  } else {
    cell.reader += event->key() == Qt::Key_Up ? -1 : 1;
  }
  cell.reader = std::clamp(cell.reader, 0, length() - 1);
  cell.source = std::clamp(cell.source, 0, length() - 1);
  scrollTo(*this, m_layout.maps[static_cast<std::size_t>(m_column)].cellRect(cell));
  hover(cell, m_column);
}

void CompareCanvas::focusOutEvent(QFocusEvent* event) {
  hover({}, m_column);
  QAbstractScrollArea::focusOutEvent(event);
}

bool CompareCanvas::viewportEvent(QEvent* event) {
  if (event->type() == QEvent::Leave) {
    hover({}, m_column);
  }
  if (event->type() == QEvent::ToolTip) {
    const auto texts = m_empty_text.isEmpty() ? comparisonTexts(m_layout, m_comparison, m_how.pair)
                                              : std::vector<PlacedText>();
    tellTextUnder(*static_cast<QHelpEvent*>(event), texts, *viewport(), scrolled());
    return true;
  }
  return QAbstractScrollArea::viewportEvent(event);
}

}  // namespace anchorlens::widgets
