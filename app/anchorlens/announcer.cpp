// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/announcer.h"

#include <QAccessible>
#include <QWidget>

#include <utility>

namespace anchorlens::app {

Announcer::Announcer(QWidget* voice) : QObject(voice), m_voice(voice) {
  m_pause.setSingleShot(true);
  m_pause.setTimerType(Qt::PreciseTimer);  // a coarse one may be a twentieth early
  m_pause.setInterval(kPauseMs);
  connect(&m_pause, &QTimer::timeout, this, &Announcer::tell);
}

void Announcer::say(const QString& text) {
  m_next = text;
  if (!m_pause.isActive())
    tell();
}

void Announcer::tell() {
  if (m_next.isEmpty())
    return;
  const QString text = std::exchange(m_next, {});
  m_voice->setAccessibleName(text);
  QAccessibleEvent alert(m_voice, QAccessible::Alert);
  QAccessible::updateAccessibility(&alert);
  m_pause.start();
  emit said(text);
}

}  // namespace anchorlens::app
