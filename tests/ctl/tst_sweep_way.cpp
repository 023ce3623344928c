// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/sweep_way.h"
#include "engine/core/experiment_json.h"
#include "engine/session/run_estimate.h"

#include <QTest>

using namespace anchorlens;

class TestSweepWay : public QObject {
  Q_OBJECT

 private slots:
  void coresAndMemoryBoundTheJobs_data() {
    QTest::addColumn<int>("cores");
    QTest::addColumn<int>("threads");
    QTest::addColumn<double>("available");
    QTest::addColumn<double>("run");
    QTest::addColumn<int>("jobs");
    QTest::newRow("a core each") << 16 << 1 << 64e9 << 0.2e9 << 16;
    QTest::newRow("four threads a run") << 16 << 4 << 64e9 << 0.2e9 << 4;
    QTest::newRow("more threads than cores") << 2 << 4 << 64e9 << 0.2e9 << 1;
    QTest::newRow("eight tenths of 10 GB hold four of 2 GB") << 16 << 1 << 10e9 << 2e9 << 4;
    QTest::newRow("no room for one") << 16 << 1 << 1e9 << 2e9 << 1;
    QTest::newRow("memory not known") << 16 << 1 << 0.0 << 2e9 << 16;
  }
  void coresAndMemoryBoundTheJobs() {
    QFETCH(int, cores);
    QFETCH(int, threads);
    QFETCH(double, available);
    QFETCH(double, run);
    QFETCH(int, jobs);
    QCOMPARE(ctl::jobsThatFit(static_cast<std::size_t>(cores), static_cast<std::size_t>(threads),
                              available, run),
             static_cast<std::size_t>(jobs));
  }

  void theLargestMemberCounts() {
    core::StudySpec study;
    study.base = core::preset("demo");
    study.axes = {{"/model/d_mlp", std::vector<std::string>{"256", "16384"}, {}}};
    const auto plan = core::planStudy(study);
    QVERIFY(plan);
    // 64 x 16384 weights in, as many out, in two layers; with gradient and two moments.
    QVERIFY(engine::trainingBytes(plan->experiment(1)) > 16LL * 4 * 64 * 16384);
    QVERIFY(engine::trainingBytes(plan->experiment(0)) < 16LL * 4 * 64 * 16384);
    ctl::SweepOptions options;
    options.jobs = 7;
    QCOMPARE(ctl::wayOf(options, *plan).jobs, plan->members.size());  // no more than there are
  }
};

QTEST_GUILESS_MAIN(TestSweepWay)
#include "tst_sweep_way.moc"
