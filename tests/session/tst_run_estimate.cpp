// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment_json.h"
#include "engine/core/step_schedule.h"
#include "engine/core/store/run_store.h"
#include "engine/session/record_schedule.h"
#include "engine/session/run_estimate.h"

#include <QTest>

using namespace anchorlens;

namespace {

std::int64_t countedDue(const core::StepSchedule& schedule, std::int64_t last) {
  std::int64_t count = 0;
  for (std::int64_t step = 0; step <= last; ++step) {
    count += core::isDue(schedule, step, 0, last) ? 1 : 0;
  }
  return count;
}

}  // namespace

class TestRunEstimate : public QObject {
  Q_OBJECT

 private slots:
  void countIsCloseToTheSchedule_data() {
    QTest::addColumn<int>("every");
    QTest::addColumn<int>("per_decade");
    QTest::addColumn<int>("last");
    QTest::addColumn<int>("slack");  // steps that are both, or fall together
    QTest::newRow("every 10") << 10 << 0 << 1500 << 0;
    QTest::newRow("every 7") << 7 << 0 << 100 << 0;
    QTest::newRow("one step") << 1 << 0 << 1 << 0;
    QTest::newRow("no step") << 10 << 10 << 0 << 0;
    QTest::newRow("log") << 0 << 3 << 5000 << 1;
    QTest::newRow("both") << 50 << 10 << 1500 << 20;
  }
  void countIsCloseToTheSchedule() {
    QFETCH(int, every);
    QFETCH(int, per_decade);
    QFETCH(int, last);
    QFETCH(int, slack);
    core::StepSchedule schedule;
    schedule.every = every > 0 ? std::optional<std::int64_t>(every) : std::nullopt;
    schedule.per_decade = per_decade;
    const auto estimate = core::countDue(schedule, last);
    const auto exact = countedDue(schedule, last);
    QVERIFY2(estimate >= exact && estimate <= exact + slack,
             qPrintable(QString("%1 for %2").arg(estimate).arg(exact)));
  }

  void epochsAreWholeBatchesAndARest() {
    core::ExperimentSpec spec = core::preset("demo");
    spec.data.n_train = 101;
    spec.training.batch_size = 50;
    spec.training.steps.reset();
    spec.training.epochs = 4;
    QCOMPARE(core::totalSteps(spec), 12);
    spec.training.epochs.reset();
    spec.training.steps = 7;
    QCOMPARE(core::totalSteps(spec), 7);
  }

  void paperModel() {
    const auto estimate = engine::estimateRun(core::preset("identity"));
    QCOMPARE(estimate.parameters, 5'653'801);
    QCOMPARE(estimate.steps, core::totalSteps(core::preset("identity")));
    // Two full checkpoints alone have 68 MB each.
    QVERIFY(estimate.bytes > 2 * 67e6);
  }

  void hugeRunIsEstimatedAtOnce() {
    core::ExperimentSpec spec = core::preset("demo");
    spec.training.steps = 1'000'000'000;
    QVERIFY(engine::estimateRun(spec).frames >= 1'000'000'000 / 10);
  }

  void bytesInWords() {
    QCOMPARE(engine::bytesText(0), std::string("0 bytes"));
    QCOMPARE(engine::bytesText(1200), std::string("1.2 kB"));
    QCOMPARE(engine::bytesText(68e6), std::string("68 MB"));
    QCOMPARE(engine::bytesText(4325835556), std::string("4.3 GB"));
    QCOMPARE(engine::bytesText(4.5e15), std::string("4500 TB"));
  }
};

QTEST_GUILESS_MAIN(TestRunEstimate)
#include "tst_run_estimate.moc"
