// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/widgets/made_run.h"
#include "widgets/timeline.h"
#include "widgets/timeline_plot.h"

#include <QApplication>
#include <QLineEdit>
#include <QMouseEvent>
#include <QTest>
#include <QWheelEvent>

/// A Timeline, worked by real events at steps and heights.
namespace anchorlens::tests::timeline {

using widgets::Timeline;
using widgets::TimelinePlot;

inline void settle(Timeline& timeline) {
  QVERIFY(QTest::qWaitForWindowExposed(&timeline));
  timeline.refresh();
  QCoreApplication::processEvents();
  timeline.plot()->replot();  // queued in the program
}

inline void show(Timeline& timeline, const MadeRun& run) {
  timeline.resize(900, 400);
  timeline.setHistory(&run.history());
  timeline.show();
  settle(timeline);
}

inline TimelinePlot* plot(Timeline& timeline) {
  return timeline.plot();
}

inline int rulerY(Timeline& timeline) {
  return timeline.rulerRect().center().y();
}

inline void pressAt(Timeline& t, QPoint at) {
  QTest::mousePress(plot(t), Qt::LeftButton, {}, plot(t)->mapFrom(&t, at));
}

inline void moveTo(Timeline& t, QPoint at) {
  const QPoint local = plot(t)->mapFrom(&t, at);
  QMouseEvent event(QEvent::MouseMove, local, plot(t)->mapToGlobal(local), Qt::NoButton,
                    Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(plot(t), &event);
}

inline void releaseAt(Timeline& t, QPoint at) {
  QTest::mouseRelease(plot(t), Qt::LeftButton, {}, plot(t)->mapFrom(&t, at));
}

inline QPoint at(Timeline& t, std::int64_t step, int y) {
  return {qRound(t.xOfStep(step)), y};
}

inline void press(Timeline& t, std::int64_t step, int y) {
  pressAt(t, at(t, step, y));
}

inline void move(Timeline& t, std::int64_t step, int y) {
  moveTo(t, at(t, step, y));
}

inline void release(Timeline& t, std::int64_t step, int y) {
  releaseAt(t, at(t, step, y));
}

inline void wheel(Timeline& t, double x, int delta) {
  const QPointF local = plot(t)->mapFrom(&t, QPoint(qRound(x), t.lanesRect().center().y()));
  QWheelEvent event(local, plot(t)->mapToGlobal(local), {}, QPoint(0, delta), Qt::NoButton,
                    Qt::NoModifier, Qt::NoScrollPhase, false);
  QApplication::sendEvent(plot(t), &event);
}

inline void type(QLineEdit* field, const QString& text) {
  field->setFocus();
  field->selectAll();
  QTest::keyClicks(field, text);
  QTest::keyClick(field, Qt::Key_Return);
}

}  // namespace anchorlens::tests::timeline
