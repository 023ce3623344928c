// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/scores.h"

#include <QObject>
#include <QTest>

#include <limits>
#include <vector>

using namespace anchorlens::core;

namespace {

HeadScores withShift(double all_rows, double row) {
  HeadScores scores;
  scores.shift_lag = 2;
  scores.shift_lags[1].lift = all_rows;
  scores.shift_row = RowScore{3, 1, {0, 0, row}};
  return scores;
}

HeadScores withBroadcast(double output, double coverage, double tracking, double later = 0) {
  HeadScores scores;
  BroadcastScore other;
  other.output.lift = -0.1;
  BroadcastScore best;
  best.output.lift = output;
  best.output_coverage = coverage;
  best.output_tracking = tracking;
  best.later = Score{0, 0, later};
  scores.broadcasts = {other, best};
  scores.best_broadcast = 1;
  return scores;
}

LabelState stateOf(const HeadLabel& label, Label of) {
  return label.states[static_cast<std::size_t>(of)];
}

}  // namespace

class TestLabels : public QObject {
  Q_OBJECT

 private slots:
  void names();
  void liftOfMass();
  void shiftByEitherLift();
  void thresholds();
  void broadcastNeedsCoverageAndTracking();
  void allLaterRows();
  void largestLiftWins();
  void enteredBeatsForming();
  void literatureLabels();
  void hysteresisOfShift();
  void hysteresisOfBroadcast();
  void hysteresisOfAllLaterRows();
  void ownThresholds();
  void emergence_data();
  void emergence();
};

void TestLabels::names() {
  QCOMPARE(labelName(Label::Shift), std::string_view("shift"));
  QCOMPARE(labelName(Label::Broadcast), std::string_view("broadcast"));
  QCOMPARE(labelName(Label::Self), std::string_view("self"));
  QCOMPARE(labelName(Label::Sink), std::string_view("sink"));
  QCOMPARE(labelName(Label::Induction), std::string_view("induction"));
  QCOMPARE(labelName(Label::Duplicate), std::string_view("duplicate"));
}

void TestLabels::liftOfMass() {
  QCOMPARE(lift(0.5, 0.5), 0.0);
  QCOMPARE(lift(1.0, 0.25), 1.0);
  QCOMPARE(lift(0.0, 0.5), -1.0);
  QCOMPARE(lift(0.75, 0.5), 0.5);
  QCOMPARE(lift(1.0, 1.0), 0.0);  // a cell that every head fills
}

void TestLabels::shiftByEitherLift() {
  QCOMPARE(withShift(0.2, 0.9).shift(), 0.9);
  QCOMPARE(withShift(0.6, 0.1).shift(), 0.6);
  HeadScores no_anchor = withShift(0.6, 0.9);
  no_anchor.shift_row.reset();
  QCOMPARE(no_anchor.shift(), 0.6);
  QCOMPARE(HeadScores().broadcast(), 0.0);
}

void TestLabels::thresholds() {
  const HeadLabel entered = labelOf(withShift(0.1, 0.5));
  QVERIFY(entered.label == Label::Shift);
  QVERIFY(entered.state == LabelState::Entered);
  QCOMPARE(entered.value, 0.5);
  QVERIFY(entered.labels == std::vector<Label>{Label::Shift});

  const HeadLabel forming = labelOf(withShift(0.1, 0.25));
  QVERIFY(forming.label == Label::Shift);
  QVERIFY(forming.state == LabelState::Forming);
  QVERIFY(forming.labels.empty());

  const HeadLabel none = labelOf(withShift(0.1, 0.24));
  QVERIFY(!none.label.has_value());
  QVERIFY(none.state == LabelState::None);
  QCOMPARE(none.value, 0.24);
}

void TestLabels::broadcastNeedsCoverageAndTracking() {
  QVERIFY(labelOf(withBroadcast(0.9, 1.0, 0.8)).label == Label::Broadcast);
  QVERIFY(labelOf(withBroadcast(0.9, 1.0, 0.8)).state == LabelState::Entered);
  QVERIFY(labelOf(withBroadcast(0.5, 0.5, 0.11)).state == LabelState::Entered);
  // Attention spread thin is still forming.
  QVERIFY(labelOf(withBroadcast(0.6, 0.49, 0.5)).state == LabelState::Forming);
  // A fixed column that the key happens to stand in is nothing.
  QVERIFY(labelOf(withBroadcast(0.9, 1.0, 0.1)).state == LabelState::None);
  QCOMPARE(labelOf(withBroadcast(0.9, 1.0, 0.1)).value, 0.9);
  QVERIFY(labelOf(withBroadcast(0.3, 0.0, 0.2)).state == LabelState::Forming);
  QVERIFY(labelOf(withBroadcast(0.24, 0.0, 0.2)).state == LabelState::None);
}

void TestLabels::allLaterRows() {
  QVERIFY(labelOf(withBroadcast(0.9, 1.0, 0.8, 0.5)).to_all_later);
  QVERIFY(!labelOf(withBroadcast(0.9, 1.0, 0.8, 0.49)).to_all_later);
  QVERIFY(!labelOf(withBroadcast(0.3, 0.2, 0.8, 0.9)).to_all_later);  // forming only
  HeadScores last = withBroadcast(0.9, 1.0, 0.8);
  last.broadcasts[1].later.reset();
  QVERIFY(!labelOf(last).to_all_later);
}

void TestLabels::largestLiftWins() {
  HeadScores scores = withBroadcast(0.7, 1.0, 0.8);
  scores.shift_lags[0].lift = 0.6;
  const HeadLabel label = labelOf(scores);
  QVERIFY(label.label == Label::Broadcast);
  QVERIFY((label.labels == std::vector<Label>{Label::Shift, Label::Broadcast}));
  QCOMPARE(label.value, 0.7);
}

void TestLabels::enteredBeatsForming() {
  HeadScores scores = withBroadcast(0.9, 0.2, 0.8);  // forming, for want of coverage
  scores.shift_lags[0].lift = 0.55;
  const HeadLabel label = labelOf(scores);
  QVERIFY(label.label == Label::Shift);
  QVERIFY(label.state == LabelState::Entered);
  QVERIFY(stateOf(label, Label::Broadcast) == LabelState::Forming);
}

void TestLabels::literatureLabels() {
  HeadScores scores;
  scores.self.lift = 0.6;
  QVERIFY(labelOf(scores).label == Label::Self);
  scores.sink.lift = 0.7;
  QVERIFY(labelOf(scores).label == Label::Sink);
  scores.induction = Score{0, 0, 0.8};
  QVERIFY(labelOf(scores).label == Label::Induction);
  scores.duplicate = Score{0, 0, 0.9};
  QVERIFY(labelOf(scores).label == Label::Duplicate);
  QCOMPARE(labelOf(scores).labels.size(), std::size_t{4});
  QVERIFY(!labelOf(HeadScores()).label.has_value());
}

void TestLabels::hysteresisOfShift() {
  Labeller labeller;
  const auto next = [&](double value) { return labeller.next(withShift(value, 0)).state; };
  QVERIFY(next(0.49) == LabelState::Forming);
  QVERIFY(next(0.50) == LabelState::Entered);
  QVERIFY(next(0.45) == LabelState::Entered);
  QVERIFY(next(0.40) == LabelState::Entered);
  QVERIFY(next(0.39) == LabelState::Forming);
  QVERIFY(next(0.45) == LabelState::Forming);
  QVERIFY(next(0.15) == LabelState::Forming);
  QVERIFY(next(0.14) == LabelState::None);
  QVERIFY(next(0.20) == LabelState::None);
  QVERIFY(next(0.25) == LabelState::Forming);
  QVERIFY(next(0.50) == LabelState::Entered);
  labeller.reset();
  QVERIFY(next(0.45) == LabelState::Forming);
}

void TestLabels::hysteresisOfBroadcast() {
  Labeller labeller;
  const auto next = [&](double output, double coverage, double tracking) {
    return labeller.next(withBroadcast(output, coverage, tracking)).state;
  };
  QVERIFY(next(0.6, 0.45, 0.5) == LabelState::Forming);
  QVERIFY(next(0.6, 0.50, 0.5) == LabelState::Entered);
  QVERIFY(next(0.6, 0.41, 0.5) == LabelState::Entered);
  QVERIFY(next(0.6, 0.50, 0.05) == LabelState::Entered);
  QVERIFY(next(0.6, 0.39, 0.5) == LabelState::Forming);
  QVERIFY(next(0.6, 0.50, 0.5) == LabelState::Entered);
  QVERIFY(next(0.6, 0.50, -0.01) == LabelState::None);
  QVERIFY(next(0.6, 0.50, 0.05) == LabelState::None);
}

void TestLabels::hysteresisOfAllLaterRows() {
  Labeller labeller;
  const auto next = [&](double later) {
    return labeller.next(withBroadcast(0.9, 1, 0.8, later)).to_all_later;
  };
  QVERIFY(!next(0.45));
  QVERIFY(next(0.50));
  QVERIFY(next(0.41));
  QVERIFY(!next(0.39));
  QVERIFY(!next(0.45));
  QVERIFY(next(0.50));
  labeller.reset();
  QVERIFY(!next(0.45));
}

void TestLabels::ownThresholds() {
  LabelThresholds strict;
  strict.enter = 0.8;
  strict.forming = 0.6;
  QVERIFY(labelOf(withShift(0.7, 0), strict).state == LabelState::Forming);
  QVERIFY(labelOf(withShift(0.5, 0), strict).state == LabelState::None);
  QVERIFY(labelOf(withShift(0.8, 0), strict).state == LabelState::Entered);
}

void TestLabels::emergence_data() {
  QTest::addColumn<std::vector<double>>("lifts");
  QTest::addColumn<int>("expected");  // evaluation, -1: none
  using Lifts = std::vector<double>;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  QTest::newRow("nothing") << Lifts{} << -1;
  QTest::newRow("never") << Lifts{0.1, 0.2, 0.3, 0.4, 0.49, 0.49} << -1;
  QTest::newRow("clean") << Lifts{0.1, 0.3, 0.5, 0.9, 0.9, 0.9} << 2;
  QTest::newRow("from the first") << Lifts{0.6, 0.6, 0.6, 0.6} << 0;
  QTest::newRow("small dips") << Lifts{0.1, 0.5, 0.4, 0.4, 0.4, 0.1} << 1;
  QTest::newRow("falls back") << Lifts{0.1, 0.6, 0.6, 0.39, 0.6, 0.6, 0.6, 0.6} << 4;
  QTest::newRow("falls back later") << Lifts{0.6, 0.6, 0.6, 0.6, 0.0, 0.0} << 0;
  QTest::newRow("not known yet") << Lifts{0.1, 0.2, 0.9, 0.9, 0.9} << -1;
  QTest::newRow("no number") << Lifts{0.1, 0.9, nan, 0.9, 0.9, 0.9, 0.9} << 3;
}

void TestLabels::emergence() {
  QFETCH(std::vector<double>, lifts);
  QFETCH(int, expected);
  std::vector<std::int64_t> steps;
  for (std::size_t i = 0; i < lifts.size(); ++i) {
    steps.push_back(static_cast<std::int64_t>(i) * 50);
  }
  const auto step = emergenceStep(steps, lifts);
  QCOMPARE(step ? static_cast<int>(*step / 50) : -1, expected);
}

QTEST_GUILESS_MAIN(TestLabels)
#include "tst_labels.moc"
