// SPDX-License-Identifier: GPL-3.0-or-later
// Runs of one set-up that were begun one by one, as one row of the Runs dock.
#include "app/anchorlens/places.h"
#include "app/anchorlens/study_list.h"
#include "engine/core/store/checkpoint.h"
#include "engine/core/study.h"
#include "tests/app/rows_text.h"
#include "tests/session/tiny_experiment.h"

#include <QTemporaryDir>
#include <QtTest>

#include <set>

using namespace anchorlens;
using namespace anchorlens::app;
using widgets::RunRow;

namespace {

core::ExperimentSpec withSeed(std::uint64_t seed) {
  core::ExperimentSpec spec = tests::tinyExperiment();
  spec.training.seed = seed;
  return spec;
}

}  // namespace

class TestSeedFolds : public QObject {
  Q_OBJECT

  QTemporaryDir m_dir;
  std::unique_ptr<RunList> m_runs;
  std::unique_ptr<StudyList> m_list;

  /// The next one, "Run 1", "Run 2", ...; finished with this accuracy.
  RunRecord& add(const core::ExperimentSpec& spec, double accuracy, RunFacts facts = {}) {
    const QString name = QStringLiteral("run-%1").arg(m_runs->all().size() + 1);
    RunRecord& run = m_runs->add(toPath(m_dir.filePath(name)), runNameOf(toPath(name)));
    facts.run_id = run.id();
    facts.directory = run.directory();
    facts.spec = spec;
    run.setFacts(facts);
    core::Metrics metrics;
    metrics.step = 40;
    metrics.test_accuracy = accuracy;
    run.add(metrics);
    run.setState(core::RunState::Finished, 40, {});
    return run;
  }
  QByteArray shown(RunId run = 0) { return tests::rowsText(m_list->rows({run})).toUtf8(); }

 private slots:
  void init() {
    m_list.reset();
    m_runs = std::make_unique<RunList>();
    m_list = std::make_unique<StudyList>(*m_runs);
  }
  void cleanup() { m_list.reset(); }

  void threeSeedsAreOneRow() {
    add(withSeed(1), 0.9);
    add(withSeed(2), 0.7);
    QCOMPARE(m_list->rows().size(), std::size_t{2});  // two are a pair to compare
    core::ExperimentSpec other = withSeed(3);
    other.training.learning_rate *= 2;
    add(other, 0.1);
    add(withSeed(3), 0.8);
    // Read from the disk, and none of them is shown: folded, but for the newest run of all. The
    // row stands where that one would.
    QCOMPARE(shown(),
             QByteArray("> tiny, 3 seeds | 3 of 3 done | 0.8 | 70.0\u2009% to 90.0\u2009%\n"
                        "  - Run 4 | finished | 0.8 | seed 3\n"
                        "Run 3 | finished | 0.1 | lr 0.0002 → 0.0004, seed 2 → 3\n"));
    const quint64 id = m_list->rows()[0].id;
    QCOMPARE(m_list->rows()[0].n_runs, 3);
    m_list->toggleFold(id);
    QCOMPARE(shown(),
             QByteArray("v tiny, 3 seeds | 3 of 3 done | 0.8 | 70.0\u2009% to 90.0\u2009%\n"
                        "  - Run 4 | finished | 0.8 | seed 3\n"
                        "  - Run 2 | finished | 0.7 | seed 2\n"
                        "  - Run 1 | finished | 0.9 | seed 1\n"
                        "Run 3 | finished | 0.1 | lr 0.0002 → 0.0004, seed 2 → 3\n"));
    QCOMPARE(m_list->rows()[0].id, id);
    QCOMPARE(m_list->studyOf(id), quint64{0});
    // A fourth seed joins them; one that is removed leaves, and with two rows there is none.
    add(withSeed(9), 0.95);
    QVERIFY(shown().startsWith("v tiny, 4 seeds | 4 of 4 done | 0.85"));
    m_runs->take(1);
    m_runs->take(2);
    QVERIFY(!shown().contains("seeds"));
  }

  void whatIsBegunOneByOneDoesNotVanish() {
    for (const std::uint64_t seed : {1, 2}) {
      add(withSeed(seed), 0.5);
      shown(seed);
    }
    RunRecord& third = add(withSeed(3), 0.6);
    third.setOurs(true);
    third.setState(core::RunState::Training, 20, {});
    QCOMPARE(shown(third.id()).count('\n'), 4);  // unfolded, and it stays so
    QVERIFY(shown(third.id()).startsWith("v tiny, 3 seeds | 2 of 3 done | 0.5 | \n"));
    third.setState(core::RunState::Finished, 40, {});
    third.setOurs(false);
    QCOMPARE(shown(0).count('\n'), 4);
    // Folded by hand: the run that is shown and the newest are still there.
    m_list->toggleFold(m_list->rows()[0].id);
    QCOMPARE(shown(1),
             QByteArray("> tiny, 3 seeds | 3 of 3 done | 0.5 | 50.0\u2009% to 60.0\u2009%\n"
                        "  - Run 3 | finished | 0.6 | seed 3\n"
                        "  - Run 1 | finished | 0.5 | seed 1\n"));
    // So is one that trains, whoever trains it.
    core::ExperimentSpec other = withSeed(1);
    other.model.d_mlp *= 2;
    add(other, 0.1);
    QCOMPARE(shown(0).count('\n'), 2);
    m_runs->find(2)->setOurs(true);
    m_runs->find(2)->setState(core::RunState::Training, 20, {});
    QVERIFY2(shown(0).contains("  - Run 2 | step 20"), shown(0));
    // A filter looks at all of them.
    QCOMPARE(m_list->rows({0, true}).size(), std::size_t{5});
  }

  void onlySeedsAreFolded() {
    add(withSeed(1), 0.5);
    add(withSeed(1), 0.5);  // a repeat is no other seed
    add(withSeed(2), 0.5);
    RunFacts changed;
    changed.interventions.push_back(*core::parseIntervention("ablate 1.0"));
    add(withSeed(3), 0.5, changed);
    RunFacts fork;
    fork.parent = toPath(m_dir.filePath("run-1"));
    fork.fork_step = 20;
    add(withSeed(4), 0.5, fork);
    QVERIFY2(!shown().contains("seeds"), shown());
    core::ExperimentSpec named = withSeed(5);
    named.name = "another name";
    named.training.threads = 2;
    add(named, 0.5);
    // The repeat is one of them; the fork stands under its parent.
    m_list->toggleFold(m_list->rows()[0].id);
    QCOMPARE(shown(), QByteArray("v another name, 3 seeds | 4 of 4 done | 0.5 | \n"
                                 "  - Run 6 | finished | 0.5 | seed 5\n"
                                 "  - Run 3 | finished | 0.5 | seed 2\n"
                                 "  - Run 2 | finished | 0.5 | seed 1\n"
                                 "  - Run 1 | finished | 0.5 | seed 1\n"
                                 "    Run 5 | finished | 0.5 | fork of Run 1 at 20, seed 1 → 4\n"
                                 "Run 4 | finished | 0.5 | seed 2 → 3\n"));
  }

  void theRowSaysWhatDiffersBesideTheSeeds() {
    add(withSeed(7), 0.5);
    for (const std::uint64_t seed : {1, 2, 3}) {
      core::ExperimentSpec spec = withSeed(seed);
      spec.training.learning_rate *= 2;
      spec.data.seed = 10 + seed;
      add(spec, 0.5);
    }
    m_list->toggleFold(m_list->rows()[0].id);
    QVERIFY2(shown().startsWith("v tiny, 3 seeds | 3 of 3 done | 0.5 | lr 0.0002 → 0.0004\n"
                                "  - Run 4 | finished | 0.5 | seed 3, data seed 13\n"),
             shown());
  }

  void foldsAreKept() {
    for (const std::uint64_t seed : {1, 2, 3})
      add(withSeed(seed), 0.5);
    QVERIFY(shown(3).startsWith("v "));
    const auto states = m_list->seedFolds().states();
    QCOMPARE(states.size(), std::size_t{1});
    init();
    m_list->setSeedFolds(states);
    RunRecord& unread = m_runs->add(toPath(m_dir.filePath("unread")), "unread");
    shown();  // nothing is forgotten while runs are read
    m_runs->take(unread.id());
    for (const std::uint64_t seed : {1, 2, 3})
      add(withSeed(seed), 0.5);
    QVERIFY2(shown().startsWith("v "), shown());
    m_runs->take(m_runs->all().back()->id());
    shown();
    QVERIFY(m_list->seedFolds().states().empty());
  }

  void runsOfStudiesAreTheirs() {
    // A row of a study in the list is left as it is, beside set-ups.
    core::StudySpec study;
    study.name = "study";
    study.base = withSeed(1);
    study.seeds = core::StudySeeds{};
    study.seeds->count = 3;
    const QString file = m_dir.filePath("study.json");
    QVERIFY(core::writeFileAtomically(toPath(file), core::writeStudy(study)).has_value());
    for (const std::uint64_t seed : {1, 2, 3})
      add(withSeed(seed), 0.5);
    m_list->open(file);
    QTRY_VERIFY_WITH_TIMEOUT(shown().startsWith("> study | 3 runs, not started"), 30000);
    std::set<quint64> ids;
    for (const RunRow& row : m_list->rows({0, true}))
      ids.insert(row.id);
    QCOMPARE(ids.size(), std::size_t{8});
  }
};

QTEST_GUILESS_MAIN(TestSeedFolds)
#include "tst_seed_folds.moc"
