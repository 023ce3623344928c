// SPDX-License-Identifier: GPL-3.0-or-later
// What is due at which step: the learning rate, and what is recorded.
#include "engine/core/learning_rate.h"
#include "engine/core/step_schedule.h"

#include <QTest>

#include <cmath>

using namespace anchorlens;

class TestStepSchedule : public QObject {
  Q_OBJECT

 private slots:
  void learningRate() {
    core::TrainingSpec training;
    training.learning_rate = 1.0;
    training.schedule = {
        core::ScheduleSpec::Kind::WarmupCosine, core::ScheduleSpec::Unit::Epochs, 4, 8, 0.2, 0.1};
    const auto rate = [&](std::int64_t step) { return core::learningRate(training, step, 10); };
    QCOMPARE(rate(0), 0.2);
    QCOMPARE(rate(9), 0.2);
    QCOMPARE(rate(20), 0.6);
    QCOMPARE(rate(40), 1.0);
    QVERIFY(std::abs(rate(80) - 0.55) < 1e-12);
    QVERIFY(std::abs(rate(120) - 0.1) < 1e-12);
    QVERIFY(std::abs(rate(5000) - 0.1) < 1e-12);
    training.schedule.kind = core::ScheduleSpec::Kind::Constant;
    QCOMPARE(rate(5000), 1.0);
  }

  void dueStepsAreThoseThatAreDue_data() {
    QTest::addColumn<int>("every");
    QTest::addColumn<int>("per_decade");
    QTest::addColumn<int>("last");
    QTest::newRow("nothing but the ends") << 0 << 0 << 100;
    QTest::newRow("every 7") << 7 << 0 << 100;
    QTest::newRow("log") << 0 << 20 << 5000;
    QTest::newRow("both") << 50 << 10 << 1500;
    QTest::newRow("every beyond the end") << 500 << 3 << 20;
    QTest::newRow("no step") << 5 << 5 << 0;
  }
  void dueStepsAreThoseThatAreDue() {
    QFETCH(int, every);
    QFETCH(int, per_decade);
    QFETCH(int, last);
    core::StepSchedule schedule{std::nullopt, per_decade};
    if (every > 0)
      schedule.every = every;
    std::vector<std::int64_t> expected;
    for (std::int64_t step = 0; step <= last; ++step) {
      if (core::isDue(schedule, step, 0, last))
        expected.push_back(step);
    }
    QCOMPARE(core::dueSteps(schedule, last, 10'000), expected);
  }

  void aPictureGetsNoMoreStepsThanItCanShow() {
    const auto steps = core::dueSteps({1, 0}, 1'000'000'000, 1000);
    QCOMPARE(steps.size(), std::size_t{1001});  // the last, nearly; 0 and the last beside them
    QCOMPARE(steps[1], std::int64_t{1'000'000});
    QCOMPARE(steps.back(), std::int64_t{1'000'000'000});
  }

  void epochsCountTheLastBatch() {
    core::ExperimentSpec spec;
    spec.data.n_train = 101;
    spec.training.batch_size = 50;
    QCOMPARE(core::stepsPerEpoch(spec), std::int64_t{3});
    spec.training.batch_size = 0;  // a draft with a mistake in it is drawn too
    QCOMPARE(core::stepsPerEpoch(spec), std::int64_t{101});
  }
};

QTEST_GUILESS_MAIN(TestStepSchedule)
#include "tst_step_schedule.moc"
