// SPDX-License-Identifier: GPL-3.0-or-later
// Questions about weights on a thread of their own, over an engine without LibTorch.
#include "app/anchorlens/places.h"
#include "app/anchorlens/snapshot_worker.h"
#include "engine/core/store/run_place.h"
#include "tests/app/app_fixture.h"
#include "tests/session/tiny_experiment.h"

#include <QSignalSpy>
#include <QtTest>

#include <atomic>
#include <semaphore>
#include <thread>

using namespace anchorlens;
using namespace anchorlens::app;

namespace {

constexpr int kSoonMs = 20'000;

}  // namespace

class TestSnapshots : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase() {
    m_home = std::make_unique<tests::TemporaryHome>();
    m_run = toPath(m_home->path(QStringLiteral("run")));
    engine::RunSession::Options options;
    options.engine = &m_engine;
    auto session = engine::RunSession::create(tests::tinyExperiment(), m_run, std::move(options));
    QVERIFY(session);
    (*session)->advance(std::chrono::seconds(60), 40);
  }
  void init() {
    m_snapshots = std::make_unique<Snapshots>(tests::fakeSessions(&m_engine));
    m_answers.clear();
  }
  void cleanup() { m_snapshots.reset(); }

  void answersComeOnThisThread() {
    ask(QStringLiteral("a"), 20);
    QVERIFY(m_snapshots->isBusy(QStringLiteral("a")));
    QTRY_COMPARE_WITH_TIMEOUT(m_answers, (std::vector<std::int64_t>{20}), kSoonMs);
    QVERIFY(!m_snapshots->isBusy(QStringLiteral("a")));
  }

  void theSameWeightsAreOpenedOnce() {
    ask(QStringLiteral("a"), 20);
    ask(QStringLiteral("b"), 20);
    QTRY_COMPARE_WITH_TIMEOUT(m_answers.size(), std::size_t{2}, kSoonMs);
    const int made = m_engine.trainers_made;
    ask(QStringLiteral("a"), 20);
    QTRY_COMPARE_WITH_TIMEOUT(m_answers.size(), std::size_t{3}, kSoonMs);
    QCOMPARE(m_engine.trainers_made, made);
    ask(QStringLiteral("a"), 40);
    QTRY_COMPARE_WITH_TIMEOUT(m_answers.size(), std::size_t{4}, kSoonMs);
    QCOMPARE(m_engine.trainers_made, made + 1);
  }

  /// A step that was too far to be reached may have got a checkpoint of its own since.
  void anEarlierStepIsTakenUntilThereIsACheckpoint() {
    std::atomic<bool> is_far = true;
    std::atomic<int> opened = 0;
    SessionFactory sessions = tests::fakeSessions(&m_engine);
    sessions.snapshot = [&](const std::filesystem::path& run, std::int64_t step) {
      ++opened;
      return engine::RunSnapshot::open(run, is_far ? 20 : step, &m_engine);
    };
    m_snapshots = std::make_unique<Snapshots>(sessions);
    for (std::size_t times = 1; times <= 2; ++times) {
      ask(QStringLiteral("a"), 30);
      QTRY_COMPARE_WITH_TIMEOUT(m_answers, std::vector<std::int64_t>(times, 20), kSoonMs);
    }
    QCOMPARE(opened.load(), 1);
    is_far = false;
    const auto checkpoints = m_run / core::kCheckpointsName;
    std::filesystem::last_write_time(
        checkpoints, std::filesystem::last_write_time(checkpoints) + std::chrono::seconds(1));
    ask(QStringLiteral("a"), 30);
    QTRY_COMPARE_WITH_TIMEOUT(m_answers, (std::vector<std::int64_t>{20, 20, 30}), kSoonMs);
    // The right one is kept, whatever else is written.
    std::filesystem::last_write_time(
        checkpoints, std::filesystem::last_write_time(checkpoints) + std::chrono::seconds(1));
    ask(QStringLiteral("a"), 30);
    QTRY_COMPARE_WITH_TIMEOUT(m_answers.size(), std::size_t{4}, kSoonMs);
    QCOMPARE(opened.load(), 2);
    m_snapshots.reset();  // it uses what ends here
  }

  /// A folder that was deleted, by whomever, may be given to a new run.
  void anotherRunInTheSameFolderHasOtherWeights() {
    const auto run = toPath(m_home->path(QStringLiteral("again")));
    std::vector<std::string> weights;
    const auto look = [&] {
      m_snapshots->ask<std::string>(
          QStringLiteral("a"), {run, 20, 1},
          [](engine::RunSnapshot& snapshot, const std::stop_token&) {
            return engine::Result<std::string>(tests::weightsOf(snapshot.trainer()));
          },
          [&](const engine::Result<std::string>& answer) {
            weights.push_back(answer ? *answer : answer.error().message);
          });
    };
    for (const std::uint64_t seed : {1U, 2U}) {
      std::filesystem::remove_all(run);
      auto spec = tests::tinyExperiment();
      spec.training.seed = seed;
      engine::RunSession::Options options;
      options.engine = &m_engine;
      auto session = engine::RunSession::create(spec, run, std::move(options));
      QVERIFY(session);
      (*session)->advance(std::chrono::seconds(60), 20);
      session->reset();
      const auto file = run / core::kExperimentName;
      std::filesystem::last_write_time(
          file, std::filesystem::last_write_time(file) + std::chrono::hours(seed));
      look();
      QTRY_COMPARE_WITH_TIMEOUT(weights.size(), static_cast<std::size_t>(seed), kSoonMs);
    }
    QVERIFY2(weights[0].starts_with("20 ") && weights[1].starts_with("20 "), weights[1].c_str());
    QVERIFY(weights[0] != weights[1]);
  }

  void theLatestOfAChannelWins() {
    std::binary_semaphore started{0};
    std::binary_semaphore may_end{0};
    std::atomic<bool> saw_stop = false;
    const auto hold = [&](engine::RunSnapshot&,
                          const std::stop_token& stop) -> engine::Result<std::int64_t> {
      started.release();
      may_end.acquire();
      saw_stop = stop.stop_requested();
      return std::int64_t{-1};
    };
    m_snapshots->ask<std::int64_t>(QStringLiteral("a"), place(20), hold, keepAnswer());
    started.acquire();
    ask(QStringLiteral("a"), 0);
    ask(QStringLiteral("b"), 20);
    ask(QStringLiteral("a"), 40);
    may_end.release();
    QTRY_COMPARE_WITH_TIMEOUT(m_answers, (std::vector<std::int64_t>{20, 40}), kSoonMs);
    QVERIFY(saw_stop);
  }

  void whatIsCancelledNeverComes() {
    ask(QStringLiteral("a"), 20);
    m_snapshots->cancel(QStringLiteral("a"));
    QVERIFY(!m_snapshots->isBusy(QStringLiteral("a")));
    ask(QStringLiteral("b"), 40);
    QTRY_COMPARE_WITH_TIMEOUT(m_answers, (std::vector<std::int64_t>{40}), kSoonMs);
    m_snapshots->cancel(QStringLiteral("nobody"));
  }

  void slownessIsToldAndTakenBack() {
    QSignalSpy told(m_snapshots.get(), &Snapshots::slow);
    std::binary_semaphore may_end{0};
    m_snapshots->ask<std::int64_t>(
        QStringLiteral("a"), place(20),
        [&](engine::RunSnapshot&, const std::stop_token&) -> engine::Result<std::int64_t> {
          may_end.acquire();
          return std::int64_t{1};
        },
        keepAnswer());
    QTRY_COMPARE_WITH_TIMEOUT(told.count(), 1, kSoonMs);
    QCOMPARE(told[0][1].toBool(), true);
    may_end.release();
    QTRY_COMPARE_WITH_TIMEOUT(told.count(), 2, kSoonMs);
    QCOMPARE(told[1][1].toBool(), false);
  }

  void errorsAreAnswers() {
    QString message;
    const auto keep = [&](const engine::Result<std::int64_t>& answer) {
      message = answer ? QStringLiteral("fine") : QString::fromStdString(answer.error().message);
    };
    m_snapshots->ask<std::int64_t>(QStringLiteral("a"), place(9999), stepOf(), keep);
    QTRY_VERIFY_WITH_TIMEOUT(message.contains(QStringLiteral("its steps are 0 to 40")), kSoonMs);
    // Another number of threads than the run that trains: at once, and nothing is computed.
    m_snapshots->setTraining(4);
    m_snapshots->ask<std::int64_t>(QStringLiteral("a"), place(20), stepOf(), keep);
    QVERIFY2(message.contains(QStringLiteral("pause it")), qPrintable(message));
    QVERIFY(!m_snapshots->isBusy(QStringLiteral("a")));
    m_snapshots->setTraining(1);
    m_snapshots->ask<std::int64_t>(QStringLiteral("a"), place(20), stepOf(), keep);
    QTRY_COMPARE_WITH_TIMEOUT(message, QStringLiteral("fine"), kSoonMs);
  }

  void itEndsWhileItComputes() {
    std::binary_semaphore started{0};
    m_snapshots->ask<std::int64_t>(
        QStringLiteral("a"), place(20),
        [&](engine::RunSnapshot&, const std::stop_token& stop) -> engine::Result<std::int64_t> {
          started.release();
          while (!stop.stop_requested())
            std::this_thread::yield();
          return std::int64_t{1};
        },
        keepAnswer());
    started.acquire();
    m_snapshots.reset();
    QVERIFY(m_answers.empty());
  }

 private:
  SnapshotPlace place(std::int64_t step) const { return {m_run, step, 1}; }
  static std::function<engine::Result<std::int64_t>(engine::RunSnapshot&, const std::stop_token&)>
  stepOf() {
    return [](engine::RunSnapshot& snapshot, const std::stop_token&) {
      return engine::Result<std::int64_t>(snapshot.step());
    };
  }
  std::function<void(const engine::Result<std::int64_t>&)> keepAnswer() {
    return [this](const engine::Result<std::int64_t>& answer) {
      QCOMPARE(QThread::currentThread(), thread());
      m_answers.push_back(answer ? *answer : -2);
    };
  }
  void ask(const QString& channel, std::int64_t step) {
    m_snapshots->ask<std::int64_t>(channel, place(step), stepOf(), keepAnswer());
  }

  std::unique_ptr<tests::TemporaryHome> m_home;
  tests::FakeEngine m_engine;
  std::filesystem::path m_run;
  std::unique_ptr<Snapshots> m_snapshots;
  std::vector<std::int64_t> m_answers;
};

QTEST_GUILESS_MAIN(TestSnapshots)
#include "tst_snapshots.moc"
