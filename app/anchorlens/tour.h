// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/callout.h"
#include "widgets/theme.h"

#include <QObject>
#include <QPointer>
#include <QString>

#include <functional>
#include <vector>

class QPushButton;
class QShortcut;
class QWidget;

namespace anchorlens::app {

/// A first way through the window: a few notes, one after the other, each pointing at what it is
/// about. Nothing waits for it and no key but Escape is taken: whoever follows it works meanwhile.
/// Left by Leave, Escape or after the last note; it deletes itself then.
class Tour : public QObject {
  Q_OBJECT

 public:
  struct Stop {
    QString text;
    /// What is pointed at, and which part of it; asked for whenever the window changes. May bring
    /// it to the front.
    std::function<QWidget*()> widget;
    std::function<QRect(const QWidget&)> part;  ///< empty: all of it
  };

  Tour(std::vector<Stop> stops, const widgets::Theme& theme, QWidget* window);
  ~Tour() override;

  void start() { go(0); }
  int stop() const { return m_stop; }
  Callout* note() const { return m_note; }

 public slots:
  void next();
  void back();
  void leave();

 protected:
  bool eventFilter(QObject* object, QEvent* event) override;

 private:
  void go(int stop);
  void point();

  std::vector<Stop> m_stops;
  QWidget* m_window;
  QPointer<Callout> m_note;
  QPointer<QWidget> m_target;
  QPushButton* m_back = nullptr;
  QPushButton* m_next = nullptr;
  int m_stop = -1;
};

}  // namespace anchorlens::app
