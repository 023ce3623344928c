// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/tour.h"

#include <QAccessible>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QShortcut>
#include <QTimer>

#include <utility>

namespace anchorlens::app {

Tour::Tour(std::vector<Stop> stops, const widgets::Theme& theme, QWidget* window)
    : QObject(window), m_stops(std::move(stops)), m_window(window) {
  setObjectName(QStringLiteral("tour"));
  m_note = new Callout({}, theme, window, Callout::Stay::UntilClosed);
  m_back = new QPushButton(tr("&Back"), m_note);
  m_next = new QPushButton(m_note);
  m_next->setProperty("role", "primary");
  auto* leave = new QPushButton(tr("&Leave"), m_note);
  leave->setToolTip(tr("Ends the tour (Escape); Help > Tour begins it again"));
  m_note->row()->addWidget(leave);
  m_note->row()->addStretch(1);
  m_note->row()->addWidget(m_back);
  m_note->row()->addWidget(m_next);
  for (QPushButton* button : {leave, m_back, m_next})
    button->setFocusPolicy(Qt::TabFocus);  // Space after a click still trains
  connect(leave, &QPushButton::clicked, this, &Tour::leave);
  connect(m_back, &QPushButton::clicked, this, &Tour::back);
  connect(m_next, &QPushButton::clicked, this, &Tour::next);
  auto* escape = new QShortcut(QKeySequence(Qt::Key_Escape), window);
  escape->setParent(m_note);
  connect(escape, &QShortcut::activated, this, &Tour::leave);
  window->installEventFilter(this);
}

Tour::~Tour() {
  if (m_note)
    m_note->close();
}

void Tour::next() {
  if (m_stop + 1 < static_cast<int>(m_stops.size()))
    go(m_stop + 1);
  else
    leave();
}

void Tour::back() {
  if (m_stop > 0)
    go(m_stop - 1);
}

void Tour::leave() {
  if (m_note)
    m_note->close();
  deleteLater();
}

void Tour::go(int stop) {
  m_stop = stop;
  const int n = static_cast<int>(m_stops.size());
  m_note->setText(tr("<b>%1 of %2.</b> %3").arg(stop + 1).arg(n).arg(m_stops[stop].text));
  m_note->setAccessibleName(tr("Tour, %1 of %2. %3").arg(stop + 1).arg(n).arg(m_stops[stop].text));
  m_back->setEnabled(stop > 0);
  m_next->setText(stop + 1 < n ? tr("&Next") : tr("&Done"));
  if (m_target)
    m_target->removeEventFilter(this);
  m_target = m_stops[stop].widget();
  if (m_target)
    m_target->installEventFilter(this);
  point();
  QAccessibleEvent alert(m_note, QAccessible::Alert);
  QAccessible::updateAccessibility(&alert);
}

/// What is not to be seen is pointed at where it would be: in the middle of the window.
void Tour::point() {
  if (!m_note || m_stop < 0)
    return;
  QRect part(m_window->rect().center(), QSize(1, 1));
  if (m_target && m_target->isVisible()) {
    const Stop& stop = m_stops[static_cast<std::size_t>(m_stop)];
    QRect inside = stop.part ? stop.part(*m_target) : m_target->rect();
    if (inside.isEmpty())
      inside = m_target->rect();
    part = QRect(m_target->mapTo(m_window, inside.topLeft()), inside.size());
  }
  m_note->pointAt(part);
}

bool Tour::eventFilter(QObject* object, QEvent* event) {
  switch (event->type()) {
    case QEvent::Resize:
    case QEvent::Move:
    case QEvent::Show:
    case QEvent::Hide:
      QTimer::singleShot(0, this, &Tour::point);  // once the window is laid out
      break;
    default:
      break;
  }
  return QObject::eventFilter(object, event);
}

}  // namespace anchorlens::app
