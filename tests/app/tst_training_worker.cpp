// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/training_worker.h"
#include "app/anchorlens/worker_thread.h"
#include "tests/app/app_fixture.h"
#include "tests/session/tiny_experiment.h"

#include <QSignalSpy>
#include <QtTest>

#include <set>
#include <thread>

using namespace anchorlens;
using namespace anchorlens::app;

namespace {

constexpr int kTimeoutMs = 20'000;

}  // namespace

class TestTrainingWorker : public QObject {
  Q_OBJECT

  using Worker = WorkerThread<TrainingWorker>;

  tests::TemporaryHome m_home;
  tests::FakeEngine m_engine;
  std::shared_ptr<RunMailbox> m_mailbox;
  int m_runs = 0;

  RunOrder order(const core::ExperimentSpec& spec, RunId id) {
    RunOrder order;
    order.run_id = id;
    order.spec = spec;
    order.directory = m_home.path(QStringLiteral("run%1").arg(++m_runs)).toStdString();
    return order;
  }
  std::unique_ptr<Worker> makeWorker() {
    m_mailbox = std::make_shared<RunMailbox>();
    return std::make_unique<Worker>(QStringLiteral("test"), m_mailbox,
                                    tests::fakeSessions(&m_engine));
  }
  static core::RunState stateOf(const QSignalSpy& spy, int i = -1) {
    return spy.at(i < 0 ? spy.count() - 1 : i).at(1).value<core::RunState>();
  }
  static core::RunStatus statusOf(const RunOrder& order) {
    return *(*core::RunReader::open(order.directory))->status();
  }

 private slots:
  void init() { m_engine.behaviour = {}; }

  void trainsToTheEndAndTellsEveryStep() {
    const auto worker = makeWorker();
    QSignalSpy started(worker->worker(), &TrainingWorker::started);
    QSignalSpy states(worker->worker(), &TrainingWorker::stateChanged);
    const RunOrder run = order(tests::tinyExperiment(), 7);
    worker->post([run](TrainingWorker& w) { w.begin(run); });
    QTRY_VERIFY_WITH_TIMEOUT(states.count() == 2, kTimeoutMs);
    QCOMPARE(started.count(), 1);
    QCOMPARE(started.at(0).at(0).value<RunFacts>().total_steps, std::int64_t{40});
    QCOMPARE(stateOf(states, 0), core::RunState::Training);
    QCOMPARE(stateOf(states, 1), core::RunState::Finished);
    const auto news = m_mailbox->take();
    std::int64_t step = 0;
    std::vector<std::int64_t> frames;
    for (const RunNews& it : news.scalars) {
      QCOMPARE(it.run_id, RunId{7});
      if (const auto* metrics = std::get_if<core::StepMetrics>(&it.news)) {
        QCOMPARE(metrics->step, ++step);
      } else if (const auto* frame = std::get_if<FramePtr>(&it.news)) {
        frames.push_back((*frame)->step);
      }
    }
    QCOMPARE(step, std::int64_t{40});
    QCOMPARE(frames, (std::vector<std::int64_t>{0, 10, 20, 30, 40}));
    QCOMPARE(news.snapshot->run_id, RunId{7});
    QCOMPARE(news.snapshot->step, std::int64_t{40});
  }

  void worksOnItsOwnThread() {
    auto factory = tests::fakeSessions(&m_engine);
    std::atomic<std::size_t> threads{0};
    const auto gui = std::this_thread::get_id();
    const auto create = factory.create;
    factory.create = [&, create](const auto& spec, const auto& run, auto options) {
      threads += std::this_thread::get_id() == gui ? 100 : 1;
      return create(spec, run, std::move(options));
    };
    m_mailbox = std::make_shared<RunMailbox>();
    Worker worker(QStringLiteral("test"), m_mailbox, factory);
    QSignalSpy states(worker.worker(), &TrainingWorker::stateChanged);
    worker.post([run = order(tests::tinyExperiment(), 1)](TrainingWorker& w) { w.begin(run); });
    QTRY_VERIFY_WITH_TIMEOUT(states.count() == 2, kTimeoutMs);
    QCOMPARE(threads.load(), std::size_t{1});
  }

  void pausesResumesStepsAndStops() {
    const auto worker = makeWorker();
    QSignalSpy states(worker->worker(), &TrainingWorker::stateChanged);
    const RunOrder run = order(tests::endlessExperiment(), 1);
    worker->post([run](TrainingWorker& w) { w.begin(run); });
    QTRY_COMPARE_WITH_TIMEOUT(states.count(), 1, kTimeoutMs);
    worker->post([](TrainingWorker& w) { w.pause(); });
    QTRY_COMPARE_WITH_TIMEOUT(states.count(), 2, kTimeoutMs);
    QCOMPARE(stateOf(states), core::RunState::Paused);
    const auto paused_at = states.last().at(2).toLongLong();
    QCOMPARE(statusOf(run).state, core::RunState::Paused);
    QCOMPARE(statusOf(run).step, paused_at);

    worker->post([](TrainingWorker& w) { w.stepOnce(); });
    QTRY_COMPARE_WITH_TIMEOUT(states.count(), 3, kTimeoutMs);
    QCOMPARE(stateOf(states), core::RunState::Paused);
    QCOMPARE(states.last().at(2).toLongLong(), paused_at + 1);

    worker->post([](TrainingWorker& w) { w.resume(); });
    QTRY_COMPARE_WITH_TIMEOUT(states.count(), 4, kTimeoutMs);
    QCOMPARE(stateOf(states), core::RunState::Training);
    worker->post([](TrainingWorker& w) { w.stop(); });
    QTRY_COMPARE_WITH_TIMEOUT(states.count(), 5, kTimeoutMs);
    QCOMPARE(stateOf(states), core::RunState::Stopped);
    QCOMPARE(statusOf(run).state, core::RunState::Stopped);
    QVERIFY(!statusOf(run).held);  // the lock is free: it can be continued
  }

  void aStoppedRunGoesOnWhereItWas() {
    const auto worker = makeWorker();
    QSignalSpy states(worker->worker(), &TrainingWorker::stateChanged);
    RunOrder run = order(tests::endlessExperiment(), 1);
    run.paused = true;
    worker->post([run](TrainingWorker& w) { w.begin(run); });
    QTRY_VERIFY_WITH_TIMEOUT(states.count() >= 1, kTimeoutMs);
    QCOMPARE(stateOf(states), core::RunState::Paused);
    QCOMPARE(states.last().at(2).toLongLong(), 1);
    worker->post([](TrainingWorker& w) { w.stop(); });
    QTRY_VERIFY_WITH_TIMEOUT(stateOf(states) == core::RunState::Stopped, kTimeoutMs);
    run.kind = RunOrder::Kind::Resume;
    worker->post([run](TrainingWorker& w) { w.begin(run); });
    QTRY_VERIFY_WITH_TIMEOUT(stateOf(states) == core::RunState::Paused, kTimeoutMs);
    QCOMPARE(states.last().at(2).toLongLong(), 2);
  }

  void anotherRunSavesTheOneThatIsOpen() {
    const auto worker = makeWorker();
    QSignalSpy states(worker->worker(), &TrainingWorker::stateChanged);
    const RunOrder first = order(tests::endlessExperiment(), 1);
    const RunOrder second = order(tests::tinyExperiment(), 2);
    worker->post([first](TrainingWorker& w) { w.begin(first); });
    QTRY_COMPARE_WITH_TIMEOUT(states.count(), 1, kTimeoutMs);
    worker->post([second](TrainingWorker& w) { w.begin(second); });
    QTRY_VERIFY_WITH_TIMEOUT(stateOf(states) == core::RunState::Finished, kTimeoutMs);
    QCOMPARE(states.at(1).at(0).value<RunId>(), RunId{1});
    QCOMPARE(stateOf(states, 1), core::RunState::Paused);
    QCOMPARE(states.last().at(0).value<RunId>(), RunId{2});
    QCOMPARE(statusOf(first).state, core::RunState::Paused);
    QVERIFY(!statusOf(first).held);
    // Everything after the change carries the second run's number.
    bool is_second = false;
    for (const RunNews& it : m_mailbox->take().scalars) {
      is_second |= it.run_id == 2;
      QVERIFY(!is_second || it.run_id == 2);
    }
  }

  void aLossThatIsNoNumberEndsTheRunAndTheWorkerLives() {
    m_engine.behaviour.nan_at = 5;
    const auto worker = makeWorker();
    QSignalSpy failed(worker->worker(), &TrainingWorker::runFailed);
    const RunOrder run = order(tests::tinyExperiment(), 3);
    worker->post([run](TrainingWorker& w) { w.begin(run); });
    QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 1, kTimeoutMs);
    QCOMPARE(failed.at(0).at(0).value<RunId>(), RunId{3});
    QVERIFY2(failed.at(0).at(2).toString().contains(QLatin1Char('5')),
             qPrintable(failed.at(0).at(2).toString()));
    QCOMPARE(statusOf(run).state, core::RunState::Failed);
    QCOMPARE(statusOf(run).reason, std::string("Loss became NaN at step 5."));
    m_engine.behaviour.nan_at.reset();
    QSignalSpy states(worker->worker(), &TrainingWorker::stateChanged);
    const RunOrder next = order(tests::tinyExperiment(), 4);
    worker->post([next](TrainingWorker& w) { w.begin(next); });
    QTRY_VERIFY_WITH_TIMEOUT(states.count() > 0 && stateOf(states) == core::RunState::Finished,
                             kTimeoutMs);
    QCOMPARE(states.last().at(0).value<RunId>(), RunId{4});
    QCOMPARE(statusOf(next).state, core::RunState::Finished);
    QCOMPARE(statusOf(next).step, std::int64_t{40});
    QCOMPARE(statusOf(next).reason, std::string());
    QCOMPARE(failed.count(), 1);
    QCOMPARE(statusOf(run).state, core::RunState::Failed);
  }

  void whatTheEngineThrowsBecomesAFailure() {
    m_engine.behaviour.accuracy = [](std::int64_t step) -> double {
      if (step >= 10)
        throw std::runtime_error("the bench is on fire");
      return 0.5;
    };
    const auto worker = makeWorker();
    QSignalSpy failed(worker->worker(), &TrainingWorker::runFailed);
    worker->post([run = order(tests::tinyExperiment(), 5)](TrainingWorker& w) { w.begin(run); });
    QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 1, kTimeoutMs);
    QVERIFY2(failed.at(0).at(2).toString().contains(QStringLiteral("on fire")),
             qPrintable(failed.at(0).at(2).toString()));
  }

  void aFolderThatCannotBeMadeIsAFailure() {
    const auto worker = makeWorker();
    QSignalSpy failed(worker->worker(), &TrainingWorker::runFailed);
    RunOrder run = order(tests::tinyExperiment(), 6);
    run.directory = "/proc/no/such/place";
    worker->post([run](TrainingWorker& w) { w.begin(run); });
    QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 1, kTimeoutMs);
    QVERIFY(failed.at(0).at(2).toString().contains(QStringLiteral("/proc/no/such/place")));
  }

  void quittingWhileItTrainsSavesTheRun() {
    auto worker = makeWorker();
    QSignalSpy states(worker->worker(), &TrainingWorker::stateChanged);
    const RunOrder run = order(tests::endlessExperiment(), 1);
    worker->post([run](TrainingWorker& w) { w.begin(run); });
    QTRY_COMPARE_WITH_TIMEOUT(states.count(), 1, kTimeoutMs);
    worker.reset();
    QCOMPARE(statusOf(run).state, core::RunState::Paused);
    QVERIFY(!statusOf(run).held);
  }

  void paceLimitsSteps() {
    const auto worker = makeWorker();
    worker->post([](TrainingWorker& w) { w.setPace(3.0); });
    QSignalSpy states(worker->worker(), &TrainingWorker::stateChanged);
    worker->post([run = order(tests::endlessExperiment(), 1)](TrainingWorker& w) { w.begin(run); });
    QTRY_COMPARE_WITH_TIMEOUT(states.count(), 1, kTimeoutMs);
    QElapsedTimer clock;
    clock.start();
    std::int64_t steps = 0;
    while (steps < 3 && clock.elapsed() < kTimeoutMs) {
      QTest::qWait(20);
      for (const RunNews& it : m_mailbox->take().scalars)
        steps += std::holds_alternative<core::StepMetrics>(it.news) ? 1 : 0;
    }
    // Three steps at three a second need two intervals; without a limit they take microseconds.
    QVERIFY2(clock.elapsed() >= 500, qPrintable(QString::number(clock.elapsed())));
  }

  void previewIsTheUntrainedModel() {
    const auto worker = makeWorker();
    QSignalSpy ready(worker->worker(), &TrainingWorker::previewReady);
    QSignalSpy failed(worker->worker(), &TrainingWorker::previewFailed);
    worker->post([](TrainingWorker& w) { w.preview(11, tests::tinyExperiment()); });
    QTRY_COMPARE_WITH_TIMEOUT(ready.count(), 1, kTimeoutMs);
    const auto frame = ready.at(0).at(1).value<FramePtr>();
    QCOMPARE(frame->step, std::int64_t{0});
    QCOMPARE(frame->shown.n, std::size_t{2});
    QCOMPARE(frame->scores.size(), std::size_t{2});
    auto broken = tests::tinyExperiment();
    broken.task.forms[0].pattern = "* 3 x *";
    worker->post([broken](TrainingWorker& w) { w.preview(12, broken); });
    QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 1, kTimeoutMs);
    QCOMPARE(failed.at(0).at(0).value<RunId>(), RunId{12});
  }
};

QTEST_GUILESS_MAIN(TestTrainingWorker)
#include "tst_training_worker.moc"
