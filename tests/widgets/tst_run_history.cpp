// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/made_run.h"
#include "widgets/run_history.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace anchorlens;
using namespace anchorlens::widgets;
using core::Label;

class TestRunHistory : public QObject {
  Q_OBJECT

 private slots:
  void seriesKeepsItsOrder() {
    Series series;
    series.add(10, 1);
    series.add(30, 3);
    series.add(20, 2);
    series.add(30, 4);
    QCOMPARE(series.steps, (std::vector<double>{10, 20, 30}));
    QCOMPARE(series.values, (std::vector<double>{1, 2, 4}));
    QVERIFY(std::isnan(series.at(9)));
    QCOMPARE(series.at(10), 1.0);
    QCOMPARE(series.at(29), 2.0);
    QCOMPARE(series.at(1e9), 4.0);
  }

  void thinningKeepsPeaks() {
    Series series;
    for (int i = 0; i < 1000; ++i) {
      series.add(i, i % 10);
    }
    series.values[777] = 99;
    series.values[332] = -99;
    series.thin(1000);
    QCOMPARE(series.size(), std::size_t(1000));
    series.thin(999);
    QCOMPARE(series.size(), std::size_t(500));
    QVERIFY(std::is_sorted(series.steps.begin(), series.steps.end()));
    QCOMPARE(series.at(777), 99.0);
    QCOMPARE(series.at(332), -99.0);
  }

  void groupsOfHeldOutPairsHaveTheirOwnCurves() {
    using Kind = core::GroupInfo::Kind;
    std::vector<core::GroupInfo> groups(3);
    groups[0] = {"A=1 seen", core::Split::Train, Kind::Seen, 0, {1}};
    groups[1] = {"A=1 held_out", core::Split::Test, Kind::HeldOutKeys, 0, {1}};
    groups[2] = {"A=3 B=4", core::Split::Test, Kind::HeldOutCombination, 0, {3, 4}};
    RunHistory history(1, 1, 100, groups);
    core::Metrics metrics;
    metrics.step = 50;
    metrics.train_accuracy = 0.5;
    metrics.train_loss = 2;
    metrics.test_accuracy = metrics.test_loss = std::numeric_limits<double>::quiet_NaN();
    metrics.groups = {{2, 10, 0.25, 3.0}, {0, 10, 0.5, 2.0}, {99, 1, 0, 0}};
    history.addMetrics(metrics);
    QCOMPARE(history.groups().size(), std::size_t(2));  // no test group: NaN
    QCOMPARE(history.groups()[0].name, QStringLiteral("Train"));
    QCOMPARE(history.groups()[1].name, QStringLiteral("A=3 B=4"));
    QCOMPARE(history.groups()[1].line, GroupLine::HeldOut);
    QCOMPARE(history.groups()[1].accuracy.at(50), 0.25);
    metrics.step = 60;
    metrics.test_accuracy = metrics.test_loss = 0.1;
    history.addMetrics(metrics);
    QCOMPARE(history.groups()[1].name, QStringLiteral("Test"));  // between the two
  }

  void labelsComeWithTheirFrames() {
    const tests::MadeRun run;
    const RunHistory& history = run.history();
    QCOMPARE(history.newestStep(), 18400);
    const auto labels = history.labelsAt(18400);
    QCOMPARE(labels.size(), std::size_t(4));
    QCOMPARE(*labels[0].label, Label::Shift);
    QCOMPARE(*labels[2].label, Label::Broadcast);
    QCOMPARE(labels[3].state, core::LabelState::Forming);
    QVERIFY(!history.labelsAt(1000)[2].label);
    QVERIFY(history.labelsAt(-1).empty());
    QCOMPARE(history.stripLabel(0, 0), Label::Shift);
    QCOMPARE(history.stripLabel(1, 0), Label::Broadcast);
    QVERIFY(history.hasPattern(1, 1));
    QVERIFY(!history.hasPattern(0, 1));
  }

  void emergenceIsTheFirstFrameThatStays() {
    const tests::MadeRun run;
    const auto step = run.history().emergence(0, 0, Label::Shift);
    QVERIFY(step.has_value());
    const auto& head = run.history().headSeries().front();
    const auto& lifts = head.lifts[static_cast<std::size_t>(Label::Shift)];
    const auto i = static_cast<std::size_t>(*step / run.options().frame_every);
    QVERIFY(lifts[i] >= 0.5);
    QVERIFY(lifts[i - 1] < 0.5);
    QCOMPARE(run.history().firstEmergence(Label::Shift), step);
    QVERIFY(!run.history().emergence(0, 1, Label::Broadcast));
    QVERIFY(!run.history().emergence(7, 7, Label::Broadcast));
    QVERIFY(*run.history().firstEmergence(Label::Broadcast) > *step);
  }

  void whatAForkBeginsWithEmergedBefore() {
    const tests::MadeRun run;
    const std::int64_t step = *run.history().emergence(0, 0, Label::Shift);
    const auto from = [&run](std::int64_t first) {
      RunHistory history(run.history().layers(), run.history().heads(), 20'000, {});
      for (const std::int64_t frame : run.history().frames()) {
        if (frame >= first)
          history.addScores(frame, run.scores(frame));
      }
      return history;
    };
    RunHistory forked = from(step + 400);
    QVERIFY(forked.hasEmergedBefore(Label::Shift));
    QVERIFY(!forked.emergence(0, 0, Label::Shift));
    QVERIFY(!forked.firstEmergence(Label::Shift));
    forked.setThresholds(forked.thresholds());  // the same of all frames anew
    QVERIFY(!forked.emergence(0, 0, Label::Shift));
    // What emerges later is known.
    QVERIFY(!forked.hasEmergedBefore(Label::Broadcast));
    QCOMPARE(forked.firstEmergence(Label::Broadcast),
             run.history().firstEmergence(Label::Broadcast));
    const RunHistory earlier = from(run.options().frame_every);
    QVERIFY(!earlier.hasEmergedBefore(Label::Shift));
    QCOMPARE(earlier.firstEmergence(Label::Shift), step);
  }

  void framesAreFound() {
    RunHistory history(1, 1, 1000, {});
    QCOMPARE(history.frameIndexAt(5), -1);
    for (const std::int64_t step : {0, 10, 100}) {
      history.addScores(step, std::vector<core::HeadScores>(1));
    }
    history.addScores(100, std::vector<core::HeadScores>(1));  // again: ignored
    QCOMPARE(history.frames(), (std::vector<std::int64_t>{0, 10, 100}));
    QCOMPARE(history.frameIndexAt(-5), 0);
    QCOMPARE(history.frameIndexAt(9), 0);
    QCOMPARE(history.frameIndexAt(10), 1);
    QCOMPARE(history.frameIndexAt(99), 1);
    QCOMPARE(history.frameIndexAt(1000), 2);
    QCOMPARE(history.nearestFrame(6), 1);
    QCOMPARE(history.nearestFrame(5), 0);
    QCOMPARE(history.nearestFrame(56), 2);
  }

  void framesWithoutScoresStillCount() {
    RunHistory history(2, 1, 100, {});
    history.addScores(0, {});
    history.addScores(10, std::vector<core::HeadScores>(2));
    QCOMPARE(history.frames().size(), std::size_t(2));
    QCOMPARE(history.headSeries().front().steps, (std::vector<double>{10}));
    QVERIFY(history.labelsAt(5).empty());
  }

  void resumeDropsWhatCameAfter() {
    const tests::MadeRun run;
    const auto history = run.historyUntil(18400);
    history->truncateAfter(6000);
    QCOMPARE(history->newestStep(), 6000);
    QCOMPARE(history->checkpoints().back(), 6000);
    QVERIFY(history->events().empty());
    QCOMPARE(history->headSeries().front().labels.size(), history->frames().size());
    // Going on gives what an unbroken run gives, hysteresis included.
    for (std::int64_t step = 6040; step <= 18400; step += 40) {
      history->addScores(step, run.scores(step));
    }
    QCOMPARE(history->labelsAt(18400)[0].label, run.history().labelsAt(18400)[0].label);
    QCOMPARE(history->headSeries()[2].lifts[1], run.history().headSeries()[2].lifts[1]);
  }

  void tables() {
    const tests::MadeRun run;
    const NumberTable curves = run.history().curveNumbers();
    QCOMPARE(curves.columns,
             (QStringList{QStringLiteral("step"), QStringLiteral("train_loss"),
                          QStringLiteral("train_accuracy"), QStringLiteral("test_loss"),
                          QStringLiteral("test_accuracy")}));
    QCOMPARE(curves.rows.size(), run.history().frames().size());
    const NumberTable scores = run.history().scoreNumbers();
    QCOMPARE(scores.rows.size(), run.history().frames().size() * 4);
    QCOMPARE(scores.columns.size(), 11);
    QCOMPARE(std::get<QString>(scores.rows.back()[4]), QStringLiteral("forming"));
  }
};

QTEST_APPLESS_MAIN(TestRunHistory)
#include "tst_run_history.moc"
