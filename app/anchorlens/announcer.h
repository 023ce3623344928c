// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <QTimer>

class QWidget;

namespace anchorlens::app {

/// Tells assistive technology what happened: politely, and at most once in five seconds. Of what
/// comes faster the newest is told when the time is up. Qt 6.4 has no announcements of its own: an
/// alert of a widget whose name is the text is what screen readers speak.
class Announcer : public QObject {
  Q_OBJECT

 public:
  static constexpr int kPauseMs = 5000;

  /// `voice` is renamed for every announcement: nobody else may use it.
  explicit Announcer(QWidget* voice);

  void say(const QString& text);

 signals:
  void said(const QString& text);

 private:
  void tell();

  QWidget* m_voice;
  QString m_next;
  QTimer m_pause;
};

}  // namespace anchorlens::app
