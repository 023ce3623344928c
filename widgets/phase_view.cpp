// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/phase_view.h"

#include "widgets/accessible_views.h"
#include "widgets/fonts.h"
#include "widgets/study_text.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>

namespace anchorlens::widgets {

namespace {

bool isOwnKey(int key) {
  return key == Qt::Key_Left || key == Qt::Key_Right || key == Qt::Key_Up || key == Qt::Key_Down ||
         key == Qt::Key_Return || key == Qt::Key_Enter;
}

}  // namespace

PhaseView::PhaseView(QWidget* parent) : QWidget(parent) {
  setFocusPolicy(Qt::StrongFocus);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
  setAccessibleName(tr("Phase diagram"));
  describeAsTable(*this, {[this] { return static_cast<int>(m_diagram.rows()); },
                          [this] { return static_cast<int>(m_diagram.columns()); },
                          [this](int row, int column) {
                            return cellDescription(m_diagram, static_cast<std::size_t>(column),
                                                   static_cast<std::size_t>(row));
                          },
                          [this](int row, int column) {
                            return cellRect({column, row}).toRect();
                          },
                          [this] {
                            return isThere(m_place)
                                       ? std::optional(std::pair(m_place.row, m_place.column))
                                       : std::nullopt;
                          }});
}

void PhaseView::setDiagram(core::PhaseDiagram diagram) {
  m_diagram = std::move(diagram);
  if (!isThere(m_place)) {
    m_place = m_diagram.cells.empty() ? PhasePlace{} : PhasePlace{0, 0};
  }
  describePlace();
  layOut();
}

void PhaseView::setMap(ColourMap map) {
  m_options.map = map;
  update();
}

void PhaseView::setTheme(const Theme& theme) {
  m_theme = theme;
  update();
}

void PhaseView::setShownMember(int member) {
  if (member != m_shown) {
    m_shown = member;
    update();
  }
}

bool PhaseView::isThere(PhasePlace place) const {
  return place.isValid() && place.column < static_cast<int>(m_diagram.columns()) &&
         place.row < static_cast<int>(m_diagram.rows());
}

const core::PhaseCell* PhaseView::cell() const {
  return isThere(m_place) ? &m_diagram.at(static_cast<std::size_t>(m_place.column),
                                          static_cast<std::size_t>(m_place.row))
                          : nullptr;
}

void PhaseView::setPlace(PhasePlace place) {
  if (!isThere(place) || place == m_place) {
    return;
  }
  m_place = place;
  describePlace();
  tellCurrentCell(*this);
  update();
  emit placeMoved();
}

void PhaseView::describePlace() {
  setAccessibleDescription(
      isThere(m_place) ? cellDescription(m_diagram, static_cast<std::size_t>(m_place.column),
                                         static_cast<std::size_t>(m_place.row))
                       : QString());
}

void PhaseView::layOut() {
  m_options.font_px = basePixelSize(*this);
  m_layout =
      layoutPhase(QRectF(rect()).adjusted(4, 4, -4, -2), m_diagram, m_options, devicePixelRatioF());
  update();
}

PhasePlace PhaseView::placeOfShown() const {
  for (int row = 0; row < m_layout.rows; ++row) {
    for (int column = 0; m_shown >= 0 && column < m_layout.columns; ++column) {
      const auto& members =
          m_diagram.at(static_cast<std::size_t>(column), static_cast<std::size_t>(row)).members;
      if (std::binary_search(members.begin(), members.end(), static_cast<std::size_t>(m_shown))) {
        return {column, row};
      }
    }
  }
  return {};
}

void PhaseView::outline(QPainter& painter, PhasePlace place, const QColor& colour) const {
  if (!isThere(place)) {
    return;
  }
  // A dark, a light: seen on both ends of every colour map.
  const QRectF box = m_layout.cellRect(place);
  painter.setBrush(Qt::NoBrush);
  painter.setPen(QPen(Qt::black, 4, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
  painter.drawRect(box.adjusted(1, 1, -1, -1));
  painter.setPen(QPen(colour, 2, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
  painter.drawRect(box.adjusted(1, 1, -1, -1));
}

void PhaseView::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  paintPhase(painter, m_layout, m_diagram, m_options, m_theme);
  const PhasePlace shown = placeOfShown();
  if (shown.isValid()) {
    // The cell of the run that is shown has a corner, so that cursor and run can be told apart.
    const QRectF box = m_layout.cellRect(shown);
    const double size = std::min({box.width() * 0.3, box.height() * 0.4, 12.0});
    const QPointF tip = box.topRight() + QPointF(-2, 2);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(Qt::black, 1));
    painter.setBrush(Qt::white);
    painter.drawPolygon(QPolygonF({tip, tip - QPointF(size, 0), tip + QPointF(0, size)}));
    painter.setRenderHint(QPainter::Antialiasing, false);
  }
  outline(painter, m_place, hasFocus() ? m_theme.accent : QColor(Qt::white));
}

void PhaseView::resizeEvent(QResizeEvent*) {
  layOut();
}

void PhaseView::changeEvent(QEvent* event) {
  if (event->type() == QEvent::FontChange) {
    layOut();
  }
  QWidget::changeEvent(event);
}

void PhaseView::focusInEvent(QFocusEvent* event) {
  QWidget::focusInEvent(event);
  update();
}

void PhaseView::focusOutEvent(QFocusEvent* event) {
  QWidget::focusOutEvent(event);
  update();
}

void PhaseView::mousePressEvent(QMouseEvent* event) {
  const PhasePlace place = m_layout.placeAt(event->position());
  if (event->button() == Qt::LeftButton && place.isValid()) {
    setPlace(place);
    emit cellTaken();
  }
}

std::vector<PlacedText> PhaseView::textsAt(QPointF point) const {
  std::vector<PlacedText> texts{{m_layout.x_label, QString::fromStdString(m_diagram.x_label)},
                                {m_layout.y_label, QString::fromStdString(m_diagram.y_label)}};
  if (const PhasePlace place = m_layout.placeAt(point); place.isValid()) {
    texts.push_back(
        {cellRect(place), cellDescription(m_diagram, static_cast<std::size_t>(place.column),
                                          static_cast<std::size_t>(place.row))});
  }
  return texts;
}

bool PhaseView::event(QEvent* event) {
  if (event->type() == QEvent::ShortcutOverride) {
    const auto* key = static_cast<QKeyEvent*>(event);
    if ((key->modifiers() & ~Qt::KeypadModifier) == 0 && isOwnKey(key->key())) {
      event->accept();
      return true;
    }
  }
  if (event->type() == QEvent::ToolTip) {
    const auto* help = static_cast<QHelpEvent*>(event);
    tellTextUnder(*help, textsAt(help->pos()), *this);
    return true;
  }
  return QWidget::event(event);
}

void PhaseView::keyPressEvent(QKeyEvent* event) {
  switch (event->key()) {
    case Qt::Key_Left:
      setPlace({m_place.column - 1, m_place.row});
      break;
    case Qt::Key_Right:
      setPlace({m_place.column + 1, m_place.row});
      break;
    case Qt::Key_Up:  // as it is drawn: the second axis goes up
      setPlace({m_place.column, m_place.row + 1});
      break;
    case Qt::Key_Down:
      setPlace({m_place.column, m_place.row - 1});
      break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
      if (cell() != nullptr) {
        emit cellTaken();
      }
      break;
    default:
      event->ignore();
  }
}

}  // namespace anchorlens::widgets
