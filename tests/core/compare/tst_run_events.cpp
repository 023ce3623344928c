// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/compare/run_events.h"

#include <QTest>

using namespace anchorlens::core;

namespace {

HeadScores scores(double shift, double broadcast) {
  HeadScores made;
  made.shift_lags[0].lift = shift;
  made.broadcasts.resize(1);
  made.broadcasts[0].output.lift = broadcast;
  made.best_broadcast = 0;
  return made;
}

Metrics evaluation(std::int64_t step, double test_accuracy) {
  Metrics metrics;
  metrics.step = step;
  metrics.test_accuracy = test_accuracy;
  return metrics;
}

}  // namespace

class TestRunEvents : public QObject {
  Q_OBJECT

 private slots:
  void firstOfAnyHead() {
    std::vector<RunReader::FrameScores> frames;
    for (int i = 0; i < 10; ++i) {
      // Head 0 shifts from step 30, head 1 from 20 and broadcasts from 50.
      frames.push_back(
          {i * 10,
           {scores(i >= 3 ? 0.9 : 0.0, 0.0), scores(i >= 2 ? 0.6 : 0.1, i >= 5 ? 0.7 : 0.0)}});
    }
    const RunEvents events =
        runEvents(frames, {evaluation(0, 0.0), evaluation(40, 0.95), evaluation(60, 1.0)});
    QCOMPARE(events.heads.size(), 2U);
    QCOMPARE(events.heads[0].shift, 30);
    QVERIFY(!events.heads[0].broadcast);
    QCOMPARE(events.heads[1].shift, 20);
    QCOMPARE(events.shift, 20);
    QCOMPARE(events.broadcast, 50);
    QCOMPARE(events.accuracy, 40);
  }

  /// A fork's record: head 0 broadcasts from its first frame on, head 1 later.
  void whatWasBeforeTheRecordIsUnknown() {
    std::vector<RunReader::FrameScores> frames;
    for (int i = 80; i < 90; ++i)
      frames.push_back(
          {i * 10, {scores(0.0, 0.9), scores(i >= 85 ? 0.9 : 0.0, i >= 84 ? 0.8 : 0)}});
    const std::vector<Metrics> metrics{evaluation(800, 0.95), evaluation(850, 1.0)};
    const RunEvents events = runEvents(frames, metrics);
    QVERIFY(!events.heads[0].broadcast);
    QCOMPARE(events.heads[1].broadcast, 840);
    QCOMPARE(events.shift, 850);
    QVERIFY(!events.broadcast && events.is_broadcast_before);
    QVERIFY(!events.accuracy && events.is_accuracy_before);
    // A record from step 0 on has them all, and so has one that begins below the thresholds.
    frames.front().step = 0;
    QCOMPARE(runEvents(frames, {evaluation(0, 0.95)}).broadcast, 0);
    QCOMPARE(runEvents(frames, {evaluation(0, 0.95)}).accuracy, 0);
    frames.front() = {800, {scores(0.0, 0.1), scores(0.0, 0.0)}};
    const RunEvents late = runEvents(frames, {evaluation(800, 0.5), evaluation(850, 1.0)});
    QCOMPARE(late.broadcast, 810);
    QCOMPARE(late.accuracy, 850);
    QVERIFY(!late.is_broadcast_before && !late.is_accuracy_before);
  }

  void nothingHappened() {
    const RunEvents events = runEvents({}, {});
    QVERIFY(events.heads.empty());
    QVERIFY(!events.shift && !events.broadcast && !events.accuracy);
  }

  void theFrameAtOrBefore() {
    QCOMPARE(stepShownAt({10, 20, 30}, 25), 20);
    QCOMPARE(stepShownAt({10, 20, 30}, 30), 30);
    QCOMPARE(stepShownAt({10, 20, 30}, 5), 10);
    QCOMPARE(stepShownAt({10, 20, 30}, 99), 30);
    QVERIFY(!stepShownAt({}, 1));
  }
};

QTEST_GUILESS_MAIN(TestRunEvents)
#include "tst_run_events.moc"
