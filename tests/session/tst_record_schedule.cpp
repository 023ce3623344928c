// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/step_schedule.h"
#include "engine/session/record_schedule.h"

#include <QTest>

#include <limits>

using namespace anchorlens;
using core::isDue;
using engine::FrameSchedule;

namespace {

std::vector<std::int64_t> dueSteps(const core::StepSchedule& schedule, std::int64_t last) {
  std::vector<std::int64_t> steps;
  for (std::int64_t step = 0; step <= last; ++step) {
    if (isDue(schedule, step, 0, last)) {
      steps.push_back(step);
    }
  }
  return steps;
}

using Steps = std::vector<std::int64_t>;

/// One head whose task-row lift is `shift`.
std::vector<core::HeadScores> headsWith(double shift) {
  core::HeadScores head;
  head.shift_row = core::RowScore{1, 2, {shift, 0.0, shift}};
  return {head};
}

/// Runs a schedule over `last` steps with scores by `shift`; the steps that got frames.
template <typename Shift>
Steps recordedSteps(FrameSchedule& schedule, std::int64_t from, std::int64_t last, Shift shift) {
  Steps steps;
  for (std::int64_t step = from; step <= last; ++step) {
    if (schedule.isDue(step, 0, last)) {
      steps.push_back(step);
      schedule.recorded(step, headsWith(shift(step)));
    }
  }
  return steps;
}

core::RecordSpec sparseRecord() {
  core::RecordSpec record;
  record.frames = {100, 0};
  record.jump = 0.1;
  record.jump_every = 10;
  record.jump_frames = 3;
  return record;
}

}  // namespace

class TestRecordSchedule : public QObject {
  Q_OBJECT

 private slots:
  void firstAndLastAlways() { QCOMPARE(dueSteps({std::nullopt, 0}, 7), (Steps{0, 7})); }

  void everyN() { QCOMPARE(dueSteps({50, 0}, 170), (Steps{0, 50, 100, 150, 170})); }

  void logSpaced() {
    QCOMPARE(dueSteps({std::nullopt, 3}, 300), (Steps{0, 1, 2, 5, 10, 22, 46, 100, 215, 300}));
  }

  void denserThanIntegers() {
    // Ten a decade: the first steps all, none twice, none lost.
    QCOMPARE(dueSteps({std::nullopt, 10}, 12), (Steps{0, 1, 2, 3, 4, 5, 6, 8, 10, 12}));
  }

  void logSpacedFarOut() {
    QVERIFY(isDue({std::nullopt, 1}, 1'000'000'000, 0, 2'000'000'000));
    QVERIFY(!isDue({std::nullopt, 1}, 999'999'999, 0, 2'000'000'000));
  }

  void forkBeginsLater() {
    QVERIFY(isDue({std::nullopt, 0}, 730, 730, 1000));
    QVERIFY(!isDue({std::nullopt, 0}, 731, 730, 1000));
  }

  void framesAroundAJump() {
    FrameSchedule schedule(sparseRecord());
    const auto shift = [](std::int64_t step) { return step >= 250 ? 0.9 : 0.0; };
    QCOMPARE(recordedSteps(schedule, 0, 600, shift),
             (Steps{0, 100, 200, 300, 310, 320, 330, 400, 500, 600}));
  }

  void jumpDuringDenseFramesStartsAnew() {
    FrameSchedule schedule(sparseRecord());
    const auto shift = [](std::int64_t step) {
      return step >= 315 ? 0.9 : step >= 250 ? 0.4 : 0.0;
    };
    QCOMPARE(recordedSteps(schedule, 0, 500, shift),
             (Steps{0, 100, 200, 300, 310, 320, 330, 340, 350, 400, 500}));
  }

  void slowDriftIsNoJump() {
    FrameSchedule schedule(sparseRecord());
    const auto shift = [](std::int64_t step) { return 0.0009 * static_cast<double>(step); };
    QCOMPARE(recordedSteps(schedule, 0, 400, shift), (Steps{0, 100, 200, 300, 400}));
  }

  void jumpZeroIsOff() {
    core::RecordSpec record = sparseRecord();
    record.jump = 0;
    FrameSchedule schedule(record);
    const auto shift = [](std::int64_t step) { return step >= 150 ? 1.0 : 0.0; };
    QCOMPARE(recordedSteps(schedule, 0, 300, shift), (Steps{0, 100, 200, 300}));
  }

  void stateSurvivesTheCheckpoint() {
    const auto shift = [](std::int64_t step) {
      return step >= 250 ? 0.1 + 0.0007 * static_cast<double>(step) : 1.0 / 3;
    };
    FrameSchedule unbroken(sparseRecord());
    Steps expected = recordedSteps(unbroken, 0, 600, shift);
    for (std::int64_t cut = 0; cut < 600; cut += 7) {
      FrameSchedule first(sparseRecord());
      Steps steps;
      for (std::int64_t step = 0; step <= cut; ++step) {
        if (first.isDue(step, 0, 600)) {
          steps.push_back(step);
          first.recorded(step, headsWith(shift(step)));
        }
      }
      const auto text = engine::recordStateText({first.state(), 2});
      const auto state = engine::parseRecordState(text);
      QVERIFY(state);
      QCOMPARE(state->stop_streak, 2);
      QVERIFY(state->frames == first.state());
      FrameSchedule second(sparseRecord());
      second.setState(state->frames);
      const Steps rest = recordedSteps(second, cut + 1, 600, shift);
      steps.insert(steps.end(), rest.begin(), rest.end());
      QCOMPARE(steps, expected);
    }
  }

  void stateOfSomethingElse_data() {
    QTest::addColumn<QString>("text");
    QTest::newRow("nothing") << "";
    QTest::newRow("no object") << "[1]";
    QTest::newRow("missing") << R"({"scores":[]})";
    QTest::newRow("words") << R"({"jump_step":null,"scores":["a"],"stop_streak":0})";
    QTest::newRow("fraction") << R"({"jump_step":1.5,"scores":[],"stop_streak":0})";
    QTest::newRow("cut off") << R"({"jump_step":null,"scores":[0.1)";
  }
  void stateOfSomethingElse() {
    QFETCH(QString, text);
    QVERIFY(!engine::parseRecordState(text.toStdString()));
  }

  void stopRuleCountsEvaluationsRunning() {
    engine::StopCounter stop(core::StopRule{"test_accuracy", 0.9, 3});
    for (const double accuracy : {0.95, 0.95, 0.2, 0.95, 0.95}) {
      stop.evaluated(0.0, accuracy);
      QVERIFY(!stop.isMet());
    }
    stop.evaluated(0.0, std::numeric_limits<double>::quiet_NaN());
    QCOMPARE(stop.streak(), 0);
    for (int i = 0; i < 3; ++i) {
      QVERIFY(!stop.isMet());
      stop.evaluated(0.0, 0.9);
    }
    QVERIFY(stop.isMet());
  }

  void stopRuleOnTraining() {
    engine::StopCounter stop(core::StopRule{"train_accuracy", 0.5, 1});
    stop.evaluated(0.4, 1.0);
    QVERIFY(!stop.isMet());
    stop.evaluated(0.5, 0.0);
    QVERIFY(stop.isMet());
  }

  void noRuleNeverStops() {
    engine::StopCounter stop(std::nullopt);
    stop.evaluated(1.0, 1.0);
    QVERIFY(!stop.isMet());
  }
};

QTEST_GUILESS_MAIN(TestRecordSchedule)
#include "tst_record_schedule.moc"
