// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/cores.h"
#include "app/anchorctl/sweep_settings.h"
#include "app/anchorctl/sweep_way.h"
#include "engine/core/experiment_json.h"
#include "engine/session/run_estimate.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>

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

  void siblingsComeLast() {
    const QTemporaryDir folder;
    const std::filesystem::path root = folder.path().toStdString();
    const char* const siblings[] = {"0,4", "1,5", "2", "3", "0,4", "1,5"};
    for (int core = 0; core < 6; ++core) {
      const auto place = root / ("cpu" + std::to_string(core)) / "topology";
      std::filesystem::create_directories(place);
      std::ofstream(place / "thread_siblings_list") << siblings[core] << "\n";
    }
    const auto all = ctl::siblingsLast({0, 1, 2, 3, 4, 5}, root);
    QCOMPARE(all.cores, (std::vector<int>{0, 1, 2, 3, 4, 5}));
    QCOMPARE(all.physical, std::size_t{4});
    // A process that may not use all of them: 1 and 5 are one core.
    const auto some = ctl::siblingsLast({1, 5, 3, 4}, root);
    QCOMPARE(some.cores, (std::vector<int>{1, 3, 4, 5}));
    QCOMPARE(some.physical, std::size_t{3});
    // Where nothing is known each is its own.
    QCOMPARE(ctl::siblingsLast({0, 1}, root / "none").physical, std::size_t{2});
  }

  void theFasterNumberIsTaken() {
    std::vector<std::size_t> asked;
    const auto speeds = [&asked](double fewer, double more) {
      return [&asked, fewer, more](std::size_t at_once) -> std::optional<double> {
        asked.push_back(at_once);
        return at_once == 4 ? fewer : more;
      };
    };
    QCOMPARE(ctl::fasterJobs(4, 8, speeds(100, 120)), std::size_t{8});
    QCOMPARE(asked, (std::vector<std::size_t>{4, 8, 4, 8, 4, 8}));  // in turns
    QCOMPARE(ctl::fasterJobs(4, 8, speeds(100, 90)), std::size_t{4});
    // One disturbed round does not decide.
    int round = 0;
    const auto disturbed = [&round](std::size_t at_once) -> std::optional<double> {
      return at_once == 4 ? 100.0 : (++round == 2 ? 50.0 : 120.0);
    };
    QCOMPARE(ctl::fasterJobs(4, 8, disturbed), std::size_t{8});
    QCOMPARE(ctl::fasterJobs(4, 8, [](std::size_t) { return std::optional<double>(); }),
             std::size_t{4});
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
    QCOMPARE(ctl::wayOf(options, *plan, plan->members.size()).jobs,
             plan->members.size());  // no more than there are
  }

  /// Two sweeps beside each other must not take the same core while another one is idle.
  void onlyAFullMachineIsPinned() {
    core::StudySpec study;
    study.base = core::preset("demo");
    std::vector<std::string> rates;
    for (int i = 1; i <= 200; ++i)
      rates.push_back(std::to_string(i * 1e-4));
    study.axes = {{"/training/learning_rate", rates, {}}};
    const auto plan = core::planStudy(study);
    QVERIFY(plan);
    const auto [cores, physical] = ctl::siblingsLast(ctl::allowedCores());
    ctl::SweepOptions options;
    for (std::size_t jobs = 1; jobs <= cores.size() + 1; ++jobs) {
      options.jobs = static_cast<int>(jobs);
      const auto pinned = ctl::wayOf(options, *plan, plan->members.size()).cores;
      const bool fills = jobs == cores.size() || jobs == physical;
      QCOMPARE(pinned, fills ? cores : std::vector<int>());
    }
  }

  void theMostThreadsCount() {
    core::StudySpec study;
    study.base = core::preset("demo");
    study.base.training.threads = 3;
    study.axes = {{"/model/d_mlp", std::vector<std::string>{"64", "128"}, {}}};
    QCOMPARE(ctl::mostThreads(core::planStudy(study).value()), 3);
    study.base.training.threads = 1;
    study.axes.push_back({"/training/threads", std::vector<std::string>{"1", "4", "2"}, {}});
    core::StudyPlan plan = core::planStudy(study).value();
    QCOMPARE(ctl::mostThreads(plan), 4);
    QCOMPARE(ctl::firstMembers(plan), (std::vector<std::size_t>{0, 1, 2, 3, 4, 5}));
    QVERIFY(ctl::wayOf({}, plan, plan.members.size()).cores.empty());  // no core of its own
    // A task that has none of the runs with four.
    plan.members = {plan.members[2], plan.members[5]};
    QCOMPARE(ctl::mostThreads(plan), 2);
    QCOMPARE(ctl::firstMembers(plan), (std::vector<std::size_t>{0, 1}));
  }

  void theCommandThatGoesOnIsComplete() {
    ctl::SweepOptions options;
    options.out = "my runs";
    QCOMPARE(ctl::goOnCommand(options),
             std::string("anchorctl sweep 'my runs/study.json' --out 'my runs'"));
    options.jobs = 3;
    options.fleet = 8;
    options.shared = true;
    QCOMPARE(ctl::goOnCommand(options),
             std::string("anchorctl sweep 'my runs/study.json' --out 'my runs' --jobs 3 --fleet 8 "
                         "--shared"));
    // Of a task, whose --jobs is about its own cores.
    options.member = "1-8";
    QCOMPARE(ctl::goOnCommand(options),
             std::string("anchorctl sweep 'my runs/study.json' --out 'my runs' --slurm --fleet 8 "
                         "--shared"));
  }

  void aTaskHasTheRunsOfAFleet() {
    ctl::SweepOptions options;
    QCOMPARE(ctl::runsPerTask(options), 1);
    options.fleet = 8;
    QCOMPARE(ctl::runsPerTask(options), 8);
    options.request.per_task = 3;
    QCOMPARE(ctl::runsPerTask(options), 3);
  }
};

QTEST_GUILESS_MAIN(TestSweepWay)
#include "tst_sweep_way.moc"
