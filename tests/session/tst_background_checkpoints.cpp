// SPDX-License-Identifier: GPL-3.0-or-later
// Checkpoints that another thread writes: what is on the disk and what is told, job by job.
#include "tests/session/session_fixture.h"
#include "tests/session/tiny_experiment.h"

#include <QTemporaryDir>
#include <QTest>

#include <deque>
#include <thread>

using namespace anchorlens;
using namespace std::chrono_literals;
using engine::RunSession;
using tests::checkpointSteps;
using tests::kAll;
using tests::kLong;
using tests::mustBe;
using tests::reader;
using tests::Steps;
using Outcome = RunSession::Outcome;

namespace {

std::string bytesOf(const std::filesystem::path& run, std::int64_t step) {
  const auto checkpoint = core::readSafetensors(core::checkpointFile(run, step));
  if (!checkpoint) {
    return checkpoint.error().text();
  }
  std::string all;
  for (const core::Tensor& tensor : checkpoint->tensors) {
    all += tensor.name;
    all.append(reinterpret_cast<const char*>(tensor.data.data()), tensor.data.size());
  }
  return all;
}

}  // namespace

class TestBackgroundCheckpoints : public QObject {
  Q_OBJECT

 private:
  std::filesystem::path path(const char* name) const {
    return m_dir.filePath(QString::fromLatin1(name)).toStdString();
  }

  /// Jobs wait in m_jobs until the test runs them.
  RunSession::Options withWaitingJobs(tests::FakeEngine& fake) {
    RunSession::Options options;
    options.engine = &fake;
    options.sink.checkpoints = [this](const Steps& steps) { m_told = steps; };
    options.background = [this](std::function<void()> job) {
      if (m_runs_at_once) {
        job();
      } else {
        m_jobs.push_back(std::move(job));
      }
    };
    return options;
  }

  /// A new run of 40 steps whose later jobs wait.
  std::unique_ptr<RunSession> begun(tests::FakeEngine& fake, const core::ExperimentSpec& spec) {
    m_runs_at_once = true;
    auto session = mustBe(RunSession::create(spec, path("run"), withWaitingJobs(fake)));
    m_runs_at_once = false;
    return session;
  }

  void runOne() {
    m_jobs.front()();
    m_jobs.pop_front();
  }

  QTemporaryDir m_dir;
  std::deque<std::function<void()>> m_jobs;
  bool m_runs_at_once = false;
  Steps m_told;

 private slots:
  void init() {
    m_dir = QTemporaryDir();
    m_jobs.clear();
    m_told.clear();
  }

  void trainingGoesOnWhileOneIsWritten() {
    tests::FakeEngine fake;
    core::ExperimentSpec spec = tests::tinyExperiment();
    spec.record.checkpoints = {20, 0};
    auto session = begun(fake, spec);
    QCOMPARE(m_told, (Steps{0}));
    session->advance(kLong, 30);
    QCOMPARE(session->step(), 30);
    QCOMPARE(m_jobs.size(), std::size_t{1});
    QCOMPARE(checkpointSteps(*reader(path("run"))), (Steps{0}));
    QCOMPARE(m_told, (Steps{0}));  // never before it is safe
    runOne();
    QCOMPARE(checkpointSteps(*reader(path("run"))), (Steps{0, 20}));
    session->advance(kLong, 1);
    QCOMPARE(m_told, (Steps{0, 20}));
    // It holds what the model was at step 20.
    tests::FakeEngine other;
    RunSession::Options options;
    options.engine = &other;
    mustBe(RunSession::create(spec, path("in place"), options))->advance(kLong, 31);
    QCOMPARE(bytesOf(path("run"), 20), bytesOf(path("in place"), 20));
  }

  void oneByTimeWaitsForTheOneBefore() {
    tests::FakeBehaviour behaviour;
    behaviour.step_time = 2ms;
    tests::FakeEngine fake(behaviour);
    core::ExperimentSpec spec = tests::tinyExperiment();
    spec.record.checkpoints = {40, 0};
    spec.record.checkpoint_seconds = 0.001;  // after every step
    auto session = begun(fake, spec);
    session->advance(kLong, 5);
    QCOMPARE(m_jobs.size(), std::size_t{1});
    runOne();
    QCOMPARE(checkpointSteps(*reader(path("run"))), (Steps{0, 1}));
    session->advance(kLong, 1);
    QCOMPARE(m_told, (Steps{0, 1}));
    QCOMPARE(m_jobs.size(), std::size_t{1});
    runOne();
    QCOMPARE(checkpointSteps(*reader(path("run"))), (Steps{0, 1, 6}));
  }

  void aFileThatCannotBeWrittenIsToldAndTriedAgain() {
    tests::FakeEngine fake;
    core::ExperimentSpec spec = tests::tinyExperiment();
    spec.record.checkpoints = {20, 0};
    m_runs_at_once = true;
    RunSession::Options options = withWaitingJobs(fake);
    std::vector<std::string> warnings;
    options.sink.warning = [&](const std::string& text) { warnings.push_back(text); };
    options.retry_after = 0ms;
    auto session = mustBe(RunSession::create(spec, path("run"), options));
    m_runs_at_once = false;
    session->advance(kLong, 20);
    const auto folder = path("run") / "checkpoints";
    std::filesystem::rename(folder, path("aside"));
    runOne();
    session->advance(kLong, 1);
    QCOMPARE(warnings.size(), std::size_t{1});
    QVERIFY2(warnings[0].find("the last one is of step 0") != std::string::npos,
             warnings[0].c_str());
    QCOMPARE(m_told, (Steps{0}));
    std::filesystem::rename(path("aside"), folder);
    session->advance(kLong, 1);
    QVERIFY(!m_jobs.empty());
    runOne();
    session->advance(kLong, 1);
    QCOMPARE(warnings.size(), std::size_t{2});
    QVERIFY(warnings[1].empty());
    QCOMPARE(m_told.front(), 0);
    QVERIFY(m_told.back() >= 21);
  }

  /// With a real thread, the run is what it is without one.
  void theRunIsTheSameWithAThread() {
    core::ExperimentSpec spec = tests::tinyExperiment();
    spec.record.checkpoints = {3, 0};
    for (const bool has_thread : {false, true}) {
      tests::FakeEngine fake;
      std::vector<std::thread> threads;
      RunSession::Options options;
      options.engine = &fake;
      if (has_thread) {
        options.background = [&](std::function<void()> job) { threads.emplace_back(job); };
      }
      auto session =
          mustBe(RunSession::create(spec, path(has_thread ? "thread" : "none"), options));
      QCOMPARE(session->advance(kLong, kAll), Outcome::Finished);
      session.reset();
      for (std::thread& thread : threads) {
        thread.join();
      }
      QCOMPARE(threads.empty(), !has_thread);
    }
    const Steps steps = checkpointSteps(*reader(path("none")));
    QCOMPARE(steps.size(), std::size_t{15});  // 0, 3, ... 39, 40
    QCOMPARE(checkpointSteps(*reader(path("thread"))), steps);
    for (const std::int64_t step : steps) {
      QCOMPARE(bytesOf(path("thread"), step), bytesOf(path("none"), step));
    }
  }

  void aSessionThatIsLeftLetsItsCheckpointBeFinished() {
    tests::FakeEngine fake;
    core::ExperimentSpec spec = tests::tinyExperiment();
    spec.record.checkpoints = {20, 0};
    std::thread writer;
    {
      RunSession::Options options;
      options.engine = &fake;
      options.background = [&](std::function<void()> job) {
        if (writer.joinable()) {
          writer.join();
        }
        writer = std::thread([job] {
          std::this_thread::sleep_for(50ms);
          job();
        });
      };
      auto session = mustBe(RunSession::create(spec, path("run"), options));
      session->advance(kLong, 20);
      session.reset();
      QCOMPARE(checkpointSteps(*reader(path("run"))), (Steps{0, 20}));
    }
    writer.join();
  }
};

QTEST_GUILESS_MAIN(TestBackgroundCheckpoints)
#include "tst_background_checkpoints.moc"
