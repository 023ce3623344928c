// SPDX-License-Identifier: GPL-3.0-or-later
// Which checkpoints of a run stay, and what is left of it.
#include "engine/core/store/bookmarks.h"
#include "engine/session/causal_record.h"
#include "engine/session/prune.h"
#include "tests/session/session_fixture.h"
#include "tests/session/tiny_experiment.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <unistd.h>

using namespace anchorlens;
using engine::Pruning;
using engine::RunSession;
using tests::checkpointSteps;
using tests::kAll;
using tests::kLong;
using tests::mustBe;
using tests::reader;
using tests::Steps;
using tests::with;

namespace {

const core::StepSchedule kEvery20{20, 0};

/// 40 steps, checkpoints every 5.
core::ExperimentSpec oftenSaved() {
  core::ExperimentSpec spec = tests::tinyExperiment();
  spec.record.checkpoints = {5, 0};
  return spec;
}

Steps stepsIn(const std::vector<core::CheckpointInfo>& checkpoints) {
  Steps steps;
  for (const core::CheckpointInfo& info : checkpoints) {
    steps.push_back(info.step);
  }
  return steps;
}

Pruning planned(const std::filesystem::path& run, const engine::PruneRequest& request) {
  auto pruning = Pruning::plan(run, request);
  if (!pruning) {
    qFatal("%s", pruning.error().message.c_str());
  }
  return std::move(*pruning);
}

Steps keptOf(const std::filesystem::path& run, const engine::PruneRequest& request) {
  return stepsIn(planned(run, request).kept());
}

std::string refusal(const std::filesystem::path& run, const engine::PruneRequest& request) {
  const auto pruning = Pruning::plan(run, request);
  return pruning ? "" : pruning.error().message;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

class TestPrune : public QObject {
  Q_OBJECT

 private slots:
  void init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_run = path("run");
  }
  void cleanup() { m_folder.reset(); }

  void dueFirstAndLastTwoStay() {
    train(oftenSaved());
    const Steps all{0, 5, 10, 15, 20, 25, 30, 35, 40};
    {
      const Pruning pruning = planned(m_run, {kEvery20, {}});
      QCOMPARE(stepsIn(pruning.kept()), (Steps{0, 20, 35, 40}));
      QCOMPARE(stepsIn(pruning.removed()), (Steps{5, 10, 15, 25, 30}));
      QCOMPARE(checkpointSteps(*reader(m_run)), all);
    }
    QCOMPARE(keptOf(m_run, {{{}, 2}, {}}), (Steps{0, 10, 35, 40}));
    QCOMPARE(keptOf(m_run, {{15, 2}, {}}), (Steps{0, 10, 15, 30, 35, 40}));
    QCOMPARE(keptOf(m_run, {kEvery20, {25, 5}}), (Steps{0, 5, 20, 25, 35, 40}));
    QVERIFY(planned(m_run, {kEvery20, {}}).carryOut());
    QCOMPARE(checkpointSteps(*reader(m_run)), (Steps{0, 20, 35, 40}));
    // A second time there is nothing left to do.
    const Pruning again = planned(m_run, {kEvery20, {}});
    QVERIFY(again.removed().empty());
    QVERIFY(again.carryOut());
    QCOMPARE(checkpointSteps(*reader(m_run)), (Steps{0, 20, 35, 40}));
  }

  void trainingGoesOnAsWithout() {
    train(oftenSaved());
    core::ExperimentSpec longer = oftenSaved();
    longer.training.steps = 53;
    auto unbroken = mustBe(RunSession::create(longer, path("longer"), with(m_fake)));
    unbroken->advance(kLong, kAll);
    QVERIFY(planned(m_run, {kEvery20, {}}).carryOut());
    auto session = mustBe(RunSession::resume(m_run, with(m_fake), 13));
    QCOMPARE(session->step(), 40);
    session->advance(kLong, kAll);
    QCOMPARE(session->step(), 53);
    QCOMPARE(tests::weightsOf(session->trainer()), tests::weightsOf(unbroken->trainer()));
    session.reset();
    QCOMPARE(checkpointSteps(*reader(m_run)), (Steps{0, 20, 35, 40, 45, 50, 53}));
  }

  void whatIsNamedStays() {
    RunSession::Options options = with(m_fake);
    options.changes = {*core::parseInterventionAt("28: lr x0.5")};
    mustBe(RunSession::create(oftenSaved(), m_run, std::move(options)))->advance(kLong, kAll);
    QCOMPARE(keptOf(m_run, {kEvery20, {}}), (Steps{0, 20, 25, 35, 40}));
    QVERIFY(core::changeBookmarks(m_run, {{31, false, "a note"}, {5000, false, ""}}));
    QCOMPARE(keptOf(m_run, {kEvery20, {}}), (Steps{0, 20, 25, 30, 35, 40}));
    engine::CausalResult result;
    result.step = 15;
    result.method = engine::HeadMethod::OtherStep;
    result.from_step = 5;
    const auto task = core::Task::compile(oftenSaved().task);
    QVERIFY(task);
    QVERIFY(engine::keepCausalTests(m_run, {engine::recordOf(result, "probe")}, *task));
    QCOMPARE(keptOf(m_run, {kEvery20, {}}), (Steps{0, 5, 15, 20, 25, 30, 35, 40}));
  }

  void aForkKeepsWhereItBegins() {
    train(oftenSaved());
    mustBe(RunSession::fork(m_run, 7, oftenSaved(), path("fork"), with(m_fake)))
        ->advance(kLong, kAll);
    QCOMPARE(keptOf(path("fork"), {kEvery20, {}}), (Steps{7, 20, 35, 40}));
  }

  void theLastTwoWithOptimiserStateStay() {
    train(oftenSaved());
    const auto weights = core::readSafetensors(core::checkpointFile(m_run, 5));
    QVERIFY(weights);
    for (const std::int64_t step : {45, 50, 55}) {
      core::Checkpoint later = *weights;
      later.metadata["step"] = std::to_string(step);
      QVERIFY(core::writeSafetensors(core::checkpointFile(m_run, step), later));
    }
    QCOMPARE(keptOf(m_run, {kEvery20, {}}), (Steps{0, 20, 35, 40, 50, 55}));
  }

  void plainSgdHasNoMoreToKeep() {
    core::ExperimentSpec spec = oftenSaved();
    spec.training.optimizer = core::TrainingSpec::Optimizer::Sgd;
    spec.training.momentum = 0.0;
    train(spec);
    QCOMPARE(keptOf(m_run, {kEvery20, {}}), (Steps{0, 20, 35, 40}));
  }

  void oneCheckpoint() {
    mustBe(RunSession::create(oftenSaved(), m_run, with(m_fake)));
    const Pruning pruning = planned(m_run, {kEvery20, {}});
    QCOMPARE(stepsIn(pruning.kept()), Steps{0});
    QVERIFY(pruning.removed().empty());
  }

  void whoeverTrainsComesFirst() {
    auto session = mustBe(RunSession::create(oftenSaved(), m_run, with(m_fake)));
    session->advance(kLong, 20);
    const std::string why = refusal(m_run, {kEvery20, {}});
    QVERIFY2(has(why, "is being written by pid " + std::to_string(::getpid())), why.c_str());
    session.reset();
    // And the other way round.
    {
      const Pruning pruning = planned(m_run, {kEvery20, {}});
      const auto resumed = RunSession::resume(m_run, with(m_fake));
      QVERIFY(!resumed);
      QVERIFY2(has(resumed.error().message, "is being written by pid"),
               resumed.error().message.c_str());
    }
    QCOMPARE(mustBe(RunSession::resume(m_run, with(m_fake)))->step(), 20);
  }

  void whatCannotBe() {
    const std::string absent = refusal(path("absent"), {kEvery20, {}});
    QVERIFY2(has(absent, "absent"), absent.c_str());
    QVERIFY(!std::filesystem::exists(path("absent")));
    std::filesystem::create_directory(path("empty"));
    QVERIFY(!refusal(path("empty"), {kEvery20, {}}).empty());
    QVERIFY(std::filesystem::is_empty(path("empty")));

    train(oftenSaved());
    const std::string unknown = refusal(m_run, {kEvery20, {5, 13}});
    QVERIFY2(has(unknown, "no checkpoint of step 13 that could be kept; the nearest is of step 15"),
             unknown.c_str());
    // Without them nobody knows what is to stay.
    QFile bookmarks(QString::fromStdString((m_run / "bookmarks.json").string()));
    QVERIFY(bookmarks.open(QIODevice::WriteOnly));
    bookmarks.write("{");
    bookmarks.close();
    const std::string damaged = refusal(m_run, {kEvery20, {}});
    QVERIFY2(has(damaged, "bookmarks.json"), damaged.c_str());
    QVERIFY(!std::filesystem::exists(m_run / "lock"));
    std::filesystem::remove_all(m_run / "checkpoints");
    bookmarks.remove();
    const std::string none = refusal(m_run, {kEvery20, {}});
    QVERIFY2(has(none, "no checkpoint yet"), none.c_str());
  }

 private:
  std::filesystem::path path(const std::string& name) const {
    return m_folder->filePath(QString::fromStdString(name)).toStdString();
  }
  void train(const core::ExperimentSpec& spec) {
    mustBe(RunSession::create(spec, m_run, with(m_fake)))->advance(kLong, kAll);
  }

  std::unique_ptr<QTemporaryDir> m_folder;
  std::filesystem::path m_run;
  tests::FakeEngine m_fake;
};

QTEST_GUILESS_MAIN(TestPrune)
#include "tst_prune.moc"
