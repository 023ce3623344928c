// SPDX-License-Identifier: GPL-3.0-or-later
// How a run is made, trained, watched and ended.
#include "engine/core/experiment_json.h"
#include "engine/session/precision.h"
#include "engine/session/run_estimate.h"
#include "engine/session/run_parts.h"
#include "tests/session/session_fixture.h"
#include "tests/session/tiny_experiment.h"

#include <QDir>
#include <QFile>
#include <QTest>

using namespace anchorlens;
using namespace std::chrono_literals;
using engine::RunSession;
using tests::checkpointSteps;
using tests::kAll;
using tests::kLong;
using tests::mustBe;
using tests::range;
using tests::reader;
using tests::Steps;
using tests::stepsOf;
using tests::with;
using Outcome = RunSession::Outcome;

namespace {

Steps evaluationSteps(const core::RunReader& run) {
  Steps steps;
  const auto rows = *run.metrics();
  for (const auto& row : rows) {
    steps.push_back(row.step);
  }
  return steps;
}

}  // namespace

class TestRunSession : public QObject {
  Q_OBJECT

 private slots:
  void init() { m_folder = std::make_unique<QTemporaryDir>(); }
  void cleanup() { m_folder.reset(); }

  void aPrecisionThatIsNotHereIsRefused() {
    tests::FakeEngine fake;
    core::ExperimentSpec spec = tests::tinyExperiment();
    spec.training.precision = core::TrainingSpec::Precision::BFloat16;
    const auto problem = engine::precisionProblem(spec.training);
    const auto session = RunSession::create(spec, path("run"), with(fake));
    QCOMPARE(session.has_value(), !problem);
    if (problem) {
      QCOMPARE(session.error().message, "/training/precision: " + problem->message);
      QVERIFY(!std::filesystem::exists(path("run")));
    }
  }

  void aRunOfAPrecisionThatIsNotHereIsOpenedAndNotContinued() {
    tests::FakeEngine fake;
    core::ExperimentSpec spec = tests::tinyExperiment();
    spec.training.precision = core::TrainingSpec::Precision::BFloat16;
    const auto problem = engine::precisionProblem(spec.training);
    if (!problem) {
      QSKIP("this machine has the instructions");
    }
    // As another machine left it.
    auto parts = engine::makeParts(spec, &fake);
    QVERIFY(parts);
    auto writer = core::RunWriter::create(path("run"), spec, {});
    const auto state = parts->trainer->snapshot(true);
    QVERIFY(writer && state && (*writer)->writeCheckpoint(*state));
    writer->reset();
    QVERIFY(engine::RunSnapshot::open(path("run"), {}, &fake));
    const auto resumed = RunSession::resume(path("run"), with(fake), 5);
    QVERIFY(!resumed);
    QCOMPARE(resumed.error().message, "/training/precision: " + problem->message);
  }

  void createWritesStepZero() {
    tests::FakeEngine fake;
    core::ExperimentSpec spec = tests::tinyExperiment();
    spec.training.device = "auto";
    const auto session = mustBe(RunSession::create(spec, path("run"), with(fake)));
    QCOMPARE(session->step(), 0);
    QCOMPARE(session->totalSteps(), 40);
    const auto run = reader(path("run"));
    QCOMPARE(run->spec().training.device, std::string("cpu"));
    QCOMPARE(checkpointSteps(*run), (Steps{0}));
    QCOMPARE(evaluationSteps(*run), (Steps{0}));
    QCOMPARE(*run->frameSteps(), (Steps{0}));
    QCOMPARE(run->status()->state, core::RunState::Created);
    QCOMPARE(run->status()->total_steps, 40);
    QVERIFY(run->status()->held);
    for (const char* key : {"version", "commit", "torch_version", "cpu", "device", "kernel",
                            "precision", "threads", "training_seed", "created"}) {
      const auto rows = *run->provenance();
      QVERIFY2(
          std::any_of(rows.begin(), rows.end(), [&](const auto& row) { return row.first == key; }),
          key);
    }
  }

  void aWholeRun() {
    tests::FakeEngine fake;
    Steps stepped;
    Steps evaluated;
    Steps framed;
    RunSession::Options options = with(fake);
    options.run_id = 5;
    options.sink.step = [&](const core::StepMetrics& step) { stepped.push_back(step.step); };
    options.sink.metrics = [&](const core::Metrics& metrics) {
      QCOMPARE(metrics.run_id, 5U);
      evaluated.push_back(metrics.step);
    };
    options.sink.frame = [&](std::shared_ptr<const core::Frame> frame) {
      QCOMPARE(frame->run_id, 5U);
      framed.push_back(frame->step);
    };
    auto session =
        mustBe(RunSession::create(tests::tinyExperiment(), path("run"), std::move(options)));
    QCOMPARE(session->advance(kLong, 1), Outcome::Running);
    QCOMPARE(session->step(), 1);
    QCOMPARE(session->advance(0us, kAll), Outcome::Running);
    QCOMPARE(session->step(), 2);  // one step at least
    QCOMPARE(session->advance(kLong, kAll), Outcome::Finished);
    QCOMPARE(session->advance(kLong, kAll), Outcome::Finished);  // nothing more happens
    QCOMPARE(session->step(), 40);
    QCOMPARE(stepped, range(1, 40));
    QCOMPARE(evaluated, (Steps{0, 10, 20, 30, 40}));
    QCOMPARE(framed, (Steps{0, 10, 20, 30, 40}));
    QVERIFY(session->reason().empty());
    session.reset();

    const auto run = reader(path("run"));
    QCOMPARE(stepsOf(*run->steps()), range(1, 40));
    QCOMPARE(evaluationSteps(*run), evaluated);
    QCOMPARE(*run->frameSteps(), framed);
    QCOMPARE(checkpointSteps(*run), (Steps{0, 20, 40}));
    QCOMPARE(run->status()->state, core::RunState::Finished);
    QCOMPARE(run->status()->step, 40);
    QVERIFY(!run->status()->held);
    QCOMPARE(run->events()->back().kind, std::string("finished"));
  }

  void liveFrameIsNotRecorded() {
    tests::FakeEngine fake;
    auto session = mustBe(RunSession::create(tests::tinyExperiment(), path("run"), with(fake)));
    session->advance(kLong, 3);
    const auto frame = session->liveFrame();
    QVERIFY(frame);
    QCOMPARE((*frame)->step, 3);
    QCOMPARE((*frame)->shown.n, 2U);
    QVERIFY(session->save(core::RunState::Paused));
    QCOMPARE(*reader(path("run"))->frameSteps(), (Steps{0}));
  }

  void nothingIsOverwritten() {
    tests::FakeEngine fake;
    QDir(m_folder->path()).mkdir("run");
    QFile file(m_folder->filePath("run/mine.txt"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("precious");
    file.close();
    const auto made = RunSession::create(tests::tinyExperiment(), path("run"), with(fake));
    QVERIFY(!made);
    QVERIFY(made.error().message.find("not empty") != std::string::npos);
    QCOMPARE(QDir(m_folder->filePath("run")).entryList(QDir::Files), QStringList{"mine.txt"});
    QCOMPARE(fake.trainers_made, 0);
  }

  void aWrongExperimentMakesNoDirectory() {
    tests::FakeEngine fake;
    core::ExperimentSpec spec = tests::tinyExperiment();
    spec.task.forms[0].pattern = "* 3 x * -> y";
    const auto made = RunSession::create(spec, path("run"), with(fake));
    QVERIFY(!made);
    QVERIFY2(made.error().message.rfind("/task/forms/0/pattern: ", 0) == 0,
             made.error().message.c_str());
    QVERIFY(!std::filesystem::exists(path("run")));
  }

  void stopRuleEndsTheRun() {
    tests::FakeBehaviour behaviour;
    behaviour.accuracy = [](std::int64_t step) { return step >= 10 ? 0.995 : 0.1; };
    tests::FakeEngine fake(behaviour);
    core::ExperimentSpec spec = tests::tinyExperiment();
    spec.training.stop_when = core::StopRule{"test_accuracy", 0.99, 2};
    auto session = mustBe(RunSession::create(spec, path("run"), with(fake)));
    session->advance(kLong, 15);
    session.reset();  // killed between the two evaluations
    session = mustBe(RunSession::resume(path("run"), with(fake)));
    QCOMPARE(session->advance(kLong, kAll), Outcome::Finished);
    QCOMPARE(session->step(), 20);
    QCOMPARE(session->reason(),
             std::string("Stopped at step 20: test_accuracy was 0.99 or more in 2 evaluations "
                         "running."));
    session.reset();
    const auto run = reader(path("run"));
    QCOMPARE(run->status()->state, core::RunState::Finished);
    QCOMPARE(run->frameSteps()->back(), 20);
    QCOMPARE(checkpointSteps(*run).back(), 20);
    // More steps are counted from where it stopped, and the rule is off.
    session = mustBe(RunSession::resume(path("run"), with(fake), 30));
    QCOMPARE(session->totalSteps(), 50);
    QCOMPARE(session->advance(kLong, kAll), Outcome::Finished);
    QCOMPARE(session->step(), 50);
  }

  void nonFiniteLossKeepsWhatWasGood() {
    tests::FakeBehaviour behaviour;
    behaviour.nan_at = 27;
    tests::FakeEngine fake(behaviour);
    auto session = mustBe(RunSession::create(tests::tinyExperiment(), path("run"), with(fake)));
    QCOMPARE(session->advance(kLong, kAll), Outcome::Failed);
    QCOMPARE(session->reason(), std::string("Loss became NaN at step 27."));
    QCOMPARE(session->step(), 26);
    QVERIFY(session->save(core::RunState::Stopped));
    session.reset();
    const auto run = reader(path("run"));
    QCOMPARE(run->status()->state, core::RunState::Failed);
    QCOMPARE(run->status()->reason, std::string("Loss became NaN at step 27."));
    QCOMPARE(stepsOf(*run->steps()).back(), 26);
    QCOMPARE(checkpointSteps(*run), (Steps{0, 20, 26}));
    QCOMPARE(run->events()->back().kind, std::string("failed"));
  }

  /// Nothing is wrong with its numbers: later there may be memory.
  void wantOfMemoryLeavesARunThatGoesOn() {
    tests::FakeBehaviour behaviour;
    behaviour.no_memory_at = 27;
    tests::FakeEngine poor(behaviour);
    auto session = mustBe(RunSession::create(tests::tinyExperiment(), path("run"), with(poor)));
    QCOMPARE(session->advance(kLong, kAll), Outcome::Failed);
    QCOMPARE(session->reason(), std::string("There is not enough memory for this."));
    QVERIFY(session->save(core::RunState::Paused));
    session.reset();
    QCOMPARE(reader(path("run"))->status()->state, core::RunState::Stopped);
    QCOMPARE(reader(path("run"))->status()->reason,
             std::string("There is not enough memory for this."));
    QCOMPARE(reader(path("run"))->events()->back().kind, std::string("failed"));
    tests::FakeEngine rich;
    session = mustBe(RunSession::resume(path("run"), with(rich)));
    QCOMPARE(session->step(), 26);
    QCOMPARE(session->advance(kLong, kAll), Outcome::Finished);
    session.reset();
    QCOMPARE(reader(path("run"))->status()->reason, std::string());
  }

  void wantOfMemoryBeforeTheFirstStepIsToldApart() {
    tests::FakeBehaviour behaviour;
    behaviour.no_memory_at = 0;
    tests::FakeEngine poor(behaviour);
    const auto refused = RunSession::create(tests::tinyExperiment(), path("run"), with(poor));
    QVERIFY(!refused);
    QVERIFY(refused.error().cause == engine::EngineError::Cause::Memory);
    const std::string& message = refused.error().message;
    QVERIFY2(message.starts_with("There is not enough memory for this. Fewer sequences"),
             message.c_str());
    const std::string bytes =
        engine::bytesText(static_cast<double>(engine::trainingBytes(tests::tinyExperiment())));
    QVERIFY2(message.ends_with(" This experiment needs about " + bytes + " to train."),
             message.c_str());
    QVERIFY(!std::filesystem::exists(path("run")));
    // What was asked wrongly is no want of memory.
    core::ExperimentSpec wrong = tests::tinyExperiment();
    wrong.task.forms[0].pattern = "* 3 x *";  // no answer
    const auto other = RunSession::create(wrong, path("run"), with(poor));
    QVERIFY(!other);
    QVERIFY(other.error().cause == engine::EngineError::Cause::Other);
  }

  void checkpointsByTimeGoWhenNewerOnesAreThere() {
    tests::FakeBehaviour behaviour;
    behaviour.step_time = 2ms;
    tests::FakeEngine fake(behaviour);
    core::ExperimentSpec spec = tests::tinyExperiment();
    spec.record.checkpoints = {15, 0};
    spec.record.checkpoint_seconds = 0.001;  // after every step
    auto session = mustBe(RunSession::create(spec, path("run"), with(fake)));
    session->advance(kLong, 8);
    QCOMPARE(checkpointSteps(*reader(path("run"))), (Steps{0, 7, 8}));
    QVERIFY(session->save(core::RunState::Paused));
    session->advance(kLong, 1);
    QVERIFY(session->save(core::RunState::Paused));  // asked for: stays
    session.reset();
    session = mustBe(RunSession::resume(path("run"), with(fake)));
    session->advance(kLong, 8);
    QCOMPARE(checkpointSteps(*reader(path("run"))), (Steps{0, 8, 9, 15, 16, 17}));
    session->advance(kLong, kAll);
    QCOMPARE(checkpointSteps(*reader(path("run"))), (Steps{0, 8, 9, 15, 30, 39, 40}));
  }

  void diskThatCannotBeWritten() {
    tests::FakeEngine fake;
    core::ExperimentSpec spec = tests::tinyExperiment();
    std::vector<std::string> warnings;
    RunSession::Options options = with(fake);
    options.retry_after = 0ms;
    options.sink.warning = [&](const std::string& text) { warnings.push_back(text); };
    auto session = mustBe(RunSession::create(spec, path("run"), std::move(options)));
    session->advance(kLong, 5);
    // A file where the folder was: no checkpoint can be written, whoever tries.
    std::filesystem::rename(path("run") / "checkpoints", path("aside"));
    QFile file(m_folder->filePath("run/checkpoints"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.close();
    QCOMPARE(session->advance(kLong, 17), Outcome::Running);
    QCOMPARE(session->step(), 22);
    QCOMPARE(warnings.size(), 1U);
    QVERIFY2(warnings[0].find("the last one is of step 0.") != std::string::npos,
             warnings[0].c_str());
    QVERIFY(!session->save(core::RunState::Stopped));
    std::filesystem::remove(path("run") / "checkpoints");
    std::filesystem::rename(path("aside"), path("run") / "checkpoints");
    QCOMPARE(session->advance(kLong, 1), Outcome::Running);
    QCOMPARE(warnings.size(), 2U);
    QVERIFY(warnings[1].empty());
    QCOMPARE(checkpointSteps(*reader(path("run"))), (Steps{0, 23}));  // the one that was missed
    QCOMPARE(session->advance(kLong, kAll), Outcome::Finished);
    session.reset();
    QCOMPARE(stepsOf(*reader(path("run"))->steps()), range(1, 40));
  }

  void endThatCannotBeWrittenIsTriedAgainBySave() {
    tests::FakeEngine fake;
    auto session = mustBe(RunSession::create(tests::tinyExperiment(), path("run"), with(fake)));
    session->advance(kLong, 30);
    std::filesystem::rename(path("run") / "checkpoints", path("aside"));
    QFile file(m_folder->filePath("run/checkpoints"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.close();
    QCOMPARE(session->advance(kLong, kAll), Outcome::Failed);
    const QString reason = QString::fromStdString(session->reason());
    QVERIFY2(reason.startsWith("Trained to step 40, but that could not be saved: ") &&
                 reason.endsWith("The last checkpoint is of step 20."),
             qPrintable(reason));
    QVERIFY(!session->save(core::RunState::Stopped));
    std::filesystem::remove(path("run") / "checkpoints");
    std::filesystem::rename(path("aside"), path("run") / "checkpoints");
    QVERIFY(session->save(core::RunState::Stopped));
    QCOMPARE(session->outcome(), Outcome::Finished);
    session.reset();
    QCOMPARE(reader(path("run"))->status()->state, core::RunState::Finished);
    QCOMPARE(checkpointSteps(*reader(path("run"))), (Steps{0, 20, 40}));
  }

  void lockNamesItsHolder() {
    tests::FakeEngine fake;
    const auto session =
        mustBe(RunSession::create(tests::tinyExperiment(), path("run"), with(fake)));
    const auto second = RunSession::resume(path("run"), with(fake));
    QVERIFY(!second);
    const std::string pid = std::to_string(QCoreApplication::applicationPid());
    QVERIFY2(second.error().message.find(pid) != std::string::npos, second.error().message.c_str());
  }

  void pausedAndGoneOn() {
    tests::FakeEngine fake;
    auto session = mustBe(RunSession::create(tests::tinyExperiment(), path("run"), with(fake)));
    session->advance(kLong, 5);
    QCOMPARE(reader(path("run"))->status()->state, core::RunState::Training);
    QVERIFY(session->save(core::RunState::Paused));
    QCOMPARE(reader(path("run"))->status()->state, core::RunState::Paused);
    QCOMPARE(reader(path("run"))->status()->step, 5);
    session->advance(kLong, 1);
    QCOMPARE(reader(path("run"))->status()->state, core::RunState::Training);
    QCOMPARE(session->advance(kLong, kAll), Outcome::Finished);
  }

 private:
  std::filesystem::path path(const std::string& name) const {
    return m_folder->filePath(QString::fromStdString(name)).toStdString();
  }
  std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestRunSession)
#include "tst_run_session.moc"
