// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/inspect.h"
#include "engine/session/run_session.h"
#include "tests/session/fake_engine.h"
#include "tests/session/tiny_experiment.h"

#include <QTemporaryDir>
#include <QTest>

#include <limits>

using namespace anchorlens;
using namespace std::chrono_literals;
using engine::RunSession;
using engine::RunSnapshot;

namespace {

constexpr std::int64_t kAll = std::numeric_limits<std::int64_t>::max();

std::unique_ptr<RunSnapshot> mustBe(engine::Result<std::unique_ptr<RunSnapshot>> made) {
  if (!made) {
    qFatal("%s", made.error().message.c_str());
  }
  return std::move(*made);
}

}  // namespace

class TestRunSnapshot : public QObject {
  Q_OBJECT

 private slots:
  void init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_fake = std::make_unique<tests::FakeEngine>();
    m_run = m_folder->filePath("run").toStdString();
  }

  void lastStepUnlessSaid() {
    train(tests::tinyExperiment());
    const auto snapshot = mustBe(RunSnapshot::open(m_run, {}, m_fake.get()));
    QCOMPARE(snapshot->step(), 40);
    const auto metrics = snapshot->evaluate();
    QVERIFY(metrics);
    QCOMPARE(metrics->step, 40);
    QCOMPARE(metrics->test_accuracy, 0.5);
    const auto frame = snapshot->frame();
    QVERIFY(frame);
    QCOMPARE((*frame)->step, 40);
    QCOMPARE((*frame)->shown.n, 2U);
  }

  void aPictureOfTheChangedModel() {
    train(tests::tinyExperiment());
    const auto snapshot = mustBe(RunSnapshot::open(m_run, 20, m_fake.get()));
    QVERIFY(snapshot->test().size() > 0 && snapshot->trainSample().size() > 0);
    engine::InspectRequest request;
    const auto same = snapshot->frameWith(request);
    request.zeroed = {{0, 0}};
    const auto changed = snapshot->frameWith(request);
    QVERIFY(same && changed);
    QCOMPARE((*same)->probe_accuracy, 1.0);
    QCOMPARE((*changed)->probe_accuracy, 0.0);
    QCOMPARE((*changed)->step, 20);
    QCOMPARE((*changed)->shown.n, 2U);
    QCOMPARE((*changed)->scores.size(), 2U);
  }

  void everyStepByReplay() {
    train(tests::tinyExperiment());
    tests::FakeEngine other;
    RunSession::Options options;
    options.engine = &other;
    const auto again = RunSession::create(
        tests::tinyExperiment(), m_folder->filePath("again").toStdString(), std::move(options));
    QVERIFY(again);
    for (const std::int64_t step : {0, 1, 19, 20, 21, 39, 40}) {
      while ((*again)->step() < step) {
        (*again)->advance(1h, 1);
      }
      const auto snapshot = mustBe(RunSnapshot::open(m_run, step, m_fake.get()));
      QCOMPARE(snapshot->step(), step);
      const auto expected = (*again)->trainer().snapshot(false);
      const auto found = snapshot->trainer().snapshot(false);
      QVERIFY(expected->tensors[0].data == found->tensors[0].data);
    }
  }

  void tooFarForAReplayTakesTheNearestEarlier() {
    core::ExperimentSpec spec = tests::tinyExperiment();
    spec.training.steps = 400;
    spec.record.checkpoints = {100, 0};
    train(spec);
    m_fake->behaviour.step_time = 50ms;  // 90 steps would take 4.5 s
    const auto snapshot = mustBe(RunSnapshot::open(m_run, 390, m_fake.get()));
    QCOMPARE(snapshot->step(), 300);
    QCOMPARE(snapshot->trainer().step(), 300);
    m_fake->behaviour.step_time = 0ms;
    // Of the earlier ones only weights are left: they still are nearer than step 0.
    m_fake->behaviour.step_time = 50ms;
    QCOMPARE(mustBe(RunSnapshot::open(m_run, 290, m_fake.get()))->step(), 200);
  }

  void stepsThatAreNotThere() {
    train(tests::tinyExperiment());
    const auto late = RunSnapshot::open(m_run, 41, m_fake.get());
    QVERIFY(!late);
    QVERIFY2(late.error().message.find("its steps are 0 to 40") != std::string::npos,
             late.error().message.c_str());
  }

  void nothingIsWritten() {
    train(tests::tinyExperiment());
    const auto time = std::filesystem::last_write_time(std::filesystem::path(m_run) / "run.sqlite");
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(m_run)) {
      files += entry.is_regular_file() ? 1 : 0;
    }
    mustBe(RunSnapshot::open(m_run, 33, m_fake.get()));
    std::size_t files_after = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(m_run)) {
      files_after += entry.is_regular_file() ? 1 : 0;
    }
    QCOMPARE(files_after, files);
    QVERIFY(time == std::filesystem::last_write_time(std::filesystem::path(m_run) / "run.sqlite"));
  }

  void noRunThere() {
    const auto opened =
        RunSnapshot::open(m_folder->filePath("nothing").toStdString(), {}, m_fake.get());
    QVERIFY(!opened);
    QVERIFY2(opened.error().message.find("nothing") != std::string::npos,
             opened.error().message.c_str());
  }

 private:
  void train(const core::ExperimentSpec& spec) {
    RunSession::Options options;
    options.engine = m_fake.get();
    auto session = RunSession::create(spec, m_run, std::move(options));
    if (!session) {
      qFatal("%s", session.error().message.c_str());
    }
    QCOMPARE((*session)->advance(1h, kAll), RunSession::Outcome::Finished);
  }

  std::unique_ptr<QTemporaryDir> m_folder;
  std::unique_ptr<tests::FakeEngine> m_fake;
  std::string m_run;
};

QTEST_GUILESS_MAIN(TestRunSnapshot)
#include "tst_run_snapshot.moc"
