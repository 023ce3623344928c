// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment_json.h"
#include "engine/session/bfloat16.h"
#include "engine/session/run_parts.h"
#include "engine/session/run_session.h"
#include "tests/session/fake_engine.h"
#include "tests/session/tiny_experiment.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <limits>

using namespace anchorlens;
using namespace std::chrono_literals;
using engine::RunSession;
using Outcome = RunSession::Outcome;
using Steps = std::vector<std::int64_t>;

namespace {

constexpr auto kLong = 1h;
constexpr std::int64_t kAll = std::numeric_limits<std::int64_t>::max();

RunSession::Options with(tests::FakeEngine& fake) {
  RunSession::Options options;
  options.engine = &fake;
  return options;
}

std::unique_ptr<RunSession> mustBe(engine::Result<std::unique_ptr<RunSession>> made) {
  if (!made) {
    qFatal("%s", made.error().message.c_str());
  }
  return std::move(*made);
}

std::unique_ptr<core::RunReader> reader(const std::filesystem::path& run) {
  auto opened = core::RunReader::open(run);
  if (!opened) {
    qFatal("%s", opened.error().text().c_str());
  }
  return std::move(*opened);
}

Steps stepsOf(const std::vector<core::StepMetrics>& rows) {
  Steps steps;
  for (const auto& row : rows) {
    steps.push_back(row.step);
  }
  return steps;
}

Steps evaluationSteps(const core::RunReader& run) {
  Steps steps;
  const auto rows = *run.metrics();
  for (const auto& row : rows) {
    steps.push_back(row.step);
  }
  return steps;
}

Steps checkpointSteps(const core::RunReader& run) {
  Steps steps;
  const auto checkpoints = *run.checkpoints();
  for (const auto& info : checkpoints) {
    steps.push_back(info.step);
  }
  return steps;
}

Steps range(std::int64_t first, std::int64_t last) {
  Steps steps;
  for (std::int64_t step = first; step <= last; ++step) {
    steps.push_back(step);
  }
  return steps;
}

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
