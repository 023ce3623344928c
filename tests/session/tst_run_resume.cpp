// SPDX-License-Identifier: GPL-3.0-or-later
// Runs that go on: resumed, trained longer, forked.
#include "engine/core/experiment_json.h"
#include "engine/session/run_facts.h"
#include "engine/session/run_parts.h"
#include "tests/session/session_fixture.h"
#include "tests/session/tiny_experiment.h"

#include <QFile>
#include <QTest>

using namespace anchorlens;
using engine::RunSession;
using tests::checkpointSteps;
using tests::kAll;
using tests::kLong;
using tests::mustBe;
using tests::range;
using tests::reader;
using tests::stepsOf;
using tests::with;
using Outcome = RunSession::Outcome;

namespace {

/// Everything a run recorded, as text: what an unbroken run and a resumed one must share.
std::string recordOf(const std::filesystem::path& path) {
  const auto run = reader(path);
  std::string text;
  const auto steps = *run->steps();
  const auto evaluations = *run->metrics();
  const auto frames = *run->frameSteps();
  for (const auto& row : steps) {
    text += "s" + std::to_string(row.step) + " " + std::to_string(row.loss) + "\n";
  }
  for (const auto& row : evaluations) {
    text += "m" + std::to_string(row.step) + " " + std::to_string(row.test_accuracy) + "\n";
  }
  for (const auto step : frames) {
    text += "f" + std::to_string(step) + "\n";
  }
  return text;
}

}  // namespace

class TestRunResume : public QObject {
  Q_OBJECT

 private slots:
  void init() { m_folder = std::make_unique<QTemporaryDir>(); }
  void cleanup() { m_folder.reset(); }

  void resumeIsExactFromEveryStep() {
    tests::FakeBehaviour behaviour;
    behaviour.shift = [](std::int64_t step) { return step >= 13 ? 0.9 : 0.0; };
    tests::FakeEngine fake(behaviour);
    core::ExperimentSpec spec = tests::tinyExperiment();
    spec.record.jump = 0.2;
    spec.record.jump_every = 3;
    spec.record.jump_frames = 2;
    auto unbroken = mustBe(RunSession::create(spec, path("unbroken"), with(fake)));
    unbroken->advance(kLong, kAll);
    const std::string weights = tests::weightsOf(unbroken->trainer());
    unbroken.reset();
    const std::string record = recordOf(path("unbroken"));
    QVERIFY(record.find("f23\n") != std::string::npos);  // dense after the jump at 20

    for (const std::int64_t cut : {1, 9, 10, 19, 20, 21, 24, 39}) {
      for (const bool saved : {false, true}) {
        const auto run = path("cut" + std::to_string(cut) + (saved ? "s" : "k"));
        auto session = mustBe(RunSession::create(spec, run, with(fake)));
        session->advance(kLong, cut);
        if (saved) {
          QVERIFY(session->save(core::RunState::Stopped));
        }
        session.reset();  // as if killed when not saved
        session = mustBe(RunSession::resume(run, with(fake)));
        QCOMPARE(session->step(), saved ? cut : cut / 20 * 20);
        QCOMPARE(session->advance(kLong, kAll), Outcome::Finished);
        QCOMPARE(tests::weightsOf(session->trainer()), weights);
        session.reset();
        QCOMPARE(recordOf(run), record);
      }
    }
  }

  void resumeOfAFinishedRunChangesNothing() {
    tests::FakeEngine fake;
    mustBe(RunSession::create(tests::tinyExperiment(), path("run"), with(fake)))
        ->advance(kLong, kAll);
    const std::string record = recordOf(path("run"));
    const auto events = reader(path("run"))->events()->size();
    const std::int64_t steps_taken = fake.steps_taken;
    auto session = mustBe(RunSession::resume(path("run"), with(fake)));
    QCOMPARE(session->outcome(), Outcome::Finished);
    QCOMPARE(session->advance(kLong, kAll), Outcome::Finished);
    QVERIFY(session->save(core::RunState::Stopped));
    QCOMPARE(session->step(), 40);
    QCOMPARE(session->lastMetrics().step, 40);
    session.reset();
    QCOMPARE(fake.steps_taken, steps_taken);
    QCOMPARE(recordOf(path("run")), record);
    QCOMPARE(reader(path("run"))->events()->size(), events);
    QCOMPARE(reader(path("run"))->status()->state, core::RunState::Finished);
  }

  void moreStepsEqualALongerRun() {
    tests::FakeEngine fake;
    core::ExperimentSpec longer = tests::tinyExperiment();
    longer.training.steps = 55;
    auto unbroken = mustBe(RunSession::create(longer, path("longer"), with(fake)));
    unbroken->advance(kLong, kAll);
    const std::string weights = tests::weightsOf(unbroken->trainer());

    mustBe(RunSession::create(tests::tinyExperiment(), path("run"), with(fake)))
        ->advance(kLong, kAll);
    auto session = mustBe(RunSession::resume(path("run"), with(fake), 15));
    QCOMPARE(session->totalSteps(), 55);
    session->advance(kLong, 5);
    QVERIFY(session->save(core::RunState::Stopped));
    session.reset();
    session = mustBe(RunSession::resume(path("run"), with(fake)));  // the new end is remembered
    QCOMPARE(session->step(), 45);
    QCOMPARE(session->totalSteps(), 55);
    QCOMPARE(session->advance(kLong, kAll), Outcome::Finished);
    QCOMPARE(tests::weightsOf(session->trainer()), weights);
    QCOMPARE(reader(path("run"))->spec().training.steps, std::optional<std::int64_t>(40));
  }

  void aDamagedNewestCheckpointIsSteppedOver() {
    tests::FakeEngine fake;
    mustBe(RunSession::create(tests::tinyExperiment(), path("run"), with(fake)))
        ->advance(kLong, 30);
    QFile file(QString::fromStdString(core::checkpointFile(path("run"), 20).string()));
    QVERIFY(file.open(QIODevice::ReadWrite));
    file.seek(file.size() - 1);
    file.write("~");
    file.close();
    const auto session = mustBe(RunSession::resume(path("run"), with(fake)));
    QCOMPARE(session->step(), 0);
  }

  /// The others have no optimiser state: to begin again would be to throw the run away.
  void aRunWithoutItsLastCheckpointsIsLeftAlone() {
    tests::FakeEngine fake;
    mustBe(RunSession::create(tests::tinyExperiment(), path("run"), with(fake)))
        ->advance(kLong, kAll);
    const std::string record = recordOf(path("run"));
    std::filesystem::remove(core::checkpointFile(path("run"), 20));
    for (const bool is_damaged : {true, false}) {
      if (is_damaged) {
        std::filesystem::resize_file(core::checkpointFile(path("run"), 40), 0);
      } else {
        std::filesystem::remove(core::checkpointFile(path("run"), 40));
      }
      const auto resumed = RunSession::resume(path("run"), with(fake), 5);
      QVERIFY(!resumed);
      QVERIFY2(resumed.error().message.find("gone or damaged") != std::string::npos,
               resumed.error().message.c_str());
      QCOMPARE(recordOf(path("run")), record);
      QVERIFY(std::filesystem::exists(core::checkpointFile(path("run"), 0)));
    }
  }

  void moreStepsOfARunThatHadOnlyBegun() {
    tests::FakeEngine fake;
    mustBe(RunSession::create(tests::tinyExperiment(), path("run"), with(fake)));
    for (const char* made : {"checkpoints", "run.sqlite", "run.sqlite-wal", "run.sqlite-shm"}) {
      std::filesystem::remove_all(path("run") / made);
    }
    QCOMPARE(mustBe(RunSession::resume(path("run"), with(fake), 5))->totalSteps(), 45);
  }

  void moreStepsThanARunMayHave() {
    tests::FakeEngine fake;
    mustBe(RunSession::create(tests::tinyExperiment(), path("run"), with(fake)));
    const auto resumed = RunSession::resume(path("run"), with(fake), 999'999'961);
    QVERIFY(!resumed);
    QVERIFY2(resumed.error().message.find("at most 1000000000") != std::string::npos,
             resumed.error().message.c_str());
    QVERIFY(RunSession::resume(path("run"), with(fake), 999'999'960));
  }

  /// It is measured when it is taken again.
  void aStepThatCouldNotBeMeasuredIsNoCheckpoint() {
    tests::FakeEngine fake;
    auto session = mustBe(RunSession::create(tests::tinyExperiment(), path("whole"), with(fake)));
    session->advance(kLong, kAll);
    session.reset();
    session = mustBe(RunSession::create(tests::tinyExperiment(), path("run"), with(fake)));
    session->advance(kLong, 35);
    fake.behaviour.no_memory_to_look = true;  // the frame of step 40, the last one
    QCOMPARE(session->advance(kLong, kAll), Outcome::Failed);
    QVERIFY(session->save(core::RunState::Stopped));
    session.reset();
    QCOMPARE(checkpointSteps(*reader(path("run"))).back(), std::int64_t{20});
    fake.behaviour.no_memory_to_look = false;
    session = mustBe(RunSession::resume(path("run"), with(fake)));
    QCOMPARE(session->advance(kLong, kAll), Outcome::Finished);
    session.reset();
    QCOMPARE(recordOf(path("run")), recordOf(path("whole")));
  }

  /// Between a look at the run and the reading of a file the run's own trainer may thin it.
  void aCheckpointThatWasThinnedMeanwhile() {
    tests::FakeEngine fake;
    mustBe(RunSession::create(tests::tinyExperiment(), path("run"), with(fake)))
        ->advance(kLong, kAll);
    const auto facts = engine::readRunFacts(path("run"));
    auto parts = engine::makeParts(engine::trainerSpec(*facts), &fake);
    const auto file = core::checkpointFile(path("run"), 20);
    auto thinned = *core::readSafetensors(file);
    std::erase_if(thinned.tensors, [](const auto& tensor) { return tensor.name != "w"; });
    QVERIFY(core::writeSafetensors(file, thinned));
    for (const std::int64_t step : {20, 25}) {
      const auto reached = engine::bringTo(*parts->trainer, *facts, step, true);
      QVERIFY(!reached);
      QVERIFY2(reached.error().message.find("Try again") != std::string::npos,
               reached.error().message.c_str());
    }
    QVERIFY(engine::bringTo(*parts->trainer, *facts, 20, false));  // weights alone are there
  }

  void aRunWithoutACheckpointBeginsAgain() {
    tests::FakeEngine fake;
    auto session = mustBe(RunSession::create(tests::tinyExperiment(), path("run"), with(fake)));
    session->advance(kLong, kAll);
    const std::string weights = tests::weightsOf(session->trainer());
    session.reset();
    const std::string record = recordOf(path("run"));
    std::filesystem::remove_all(path("run") / "checkpoints");
    std::filesystem::create_directory(path("run") / "checkpoints");
    session = mustBe(RunSession::resume(path("run"), with(fake)));
    QCOMPARE(session->step(), 0);
    QCOMPARE(session->advance(kLong, kAll), Outcome::Finished);
    QCOMPARE(tests::weightsOf(session->trainer()), weights);
    session.reset();
    QCOMPARE(recordOf(path("run")), record);
  }

  void aForkWithoutChangesIsTheSameRun() {
    tests::FakeEngine fake;
    auto parent = mustBe(RunSession::create(tests::tinyExperiment(), path("parent"), with(fake)));
    parent->advance(kLong, kAll);
    const std::string weights = tests::weightsOf(parent->trainer());
    for (const std::int64_t at : {0, 7, 20, 33}) {
      const auto run = path("fork" + std::to_string(at));
      auto fork =
          mustBe(RunSession::fork(path("parent"), at, tests::tinyExperiment(), run, with(fake)));
      QCOMPARE(fork->step(), at);
      QCOMPARE(fork->advance(kLong, kAll), Outcome::Finished);
      QCOMPARE(tests::weightsOf(fork->trainer()), weights);
      fork.reset();
      const auto files = reader(run);
      QCOMPARE(checkpointSteps(*files).front(), at);
      QCOMPARE(files->frameSteps()->front(), at);
      QCOMPARE(stepsOf(*files->steps()), range(at + 1, 40));
      QCOMPARE(files->events()->front().kind, std::string("fork"));
      QVERIFY(files->events()->front().text.find("step " + std::to_string(at) + ".") !=
              std::string::npos);
    }
  }

  void aForkCanBeChangedAndResumed() {
    tests::FakeEngine fake;
    mustBe(RunSession::create(tests::tinyExperiment(), path("parent"), with(fake)))
        ->advance(kLong, kAll);
    core::ExperimentSpec spec = tests::tinyExperiment();
    spec.training.learning_rate *= 3;
    spec.training.steps = 50;
    auto unbroken = mustBe(RunSession::fork(path("parent"), 15, spec, path("a"), with(fake)));
    unbroken->advance(kLong, kAll);
    auto fork = mustBe(RunSession::fork(path("parent"), 15, spec, path("b"), with(fake)));
    fork->advance(kLong, 12);
    fork.reset();
    fork = mustBe(RunSession::resume(path("b"), with(fake)));
    QCOMPARE(fork->step(), 20);
    fork->advance(kLong, kAll);
    QCOMPARE(fork->step(), 50);
    QCOMPARE(tests::weightsOf(fork->trainer()), tests::weightsOf(unbroken->trainer()));
  }

  void aForkBeyondTheEnd() {
    tests::FakeEngine fake;
    mustBe(RunSession::create(tests::tinyExperiment(), path("parent"), with(fake)))
        ->advance(kLong, kAll);
    const auto late =
        RunSession::fork(path("parent"), 41, tests::tinyExperiment(), path("a"), with(fake));
    QVERIFY(!late);
    QVERIFY2(late.error().message.find("its steps are 0 to 40") != std::string::npos,
             late.error().message.c_str());
    const auto at_end =
        RunSession::fork(path("parent"), 40, tests::tinyExperiment(), path("b"), with(fake));
    QVERIFY(!at_end);
    QVERIFY(at_end.error().message.find("ends at 40") != std::string::npos);
    QVERIFY(!std::filesystem::exists(path("a")) && !std::filesystem::exists(path("b")));
  }

 private:
  std::filesystem::path path(const std::string& name) const {
    return m_folder->filePath(QString::fromStdString(name)).toStdString();
  }
  std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestRunResume)
#include "tst_run_resume.moc"
