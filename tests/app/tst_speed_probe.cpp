// SPDX-License-Identifier: GPL-3.0-or-later
// How fast an experiment trains, by a clock that counts the engine's steps.
#include "app/anchorlens/controller.h"
#include "app/anchorlens/speed_probe.h"
#include "app/anchorlens/training_worker.h"
#include "app/anchorlens/worker_thread.h"
#include "engine/core/experiment_json.h"
#include "tests/app/app_fixture.h"
#include "tests/session/tiny_experiment.h"

#include <QDir>
#include <QSignalSpy>
#include <QtTest>

using namespace anchorlens;
using namespace anchorlens::app;

namespace {

constexpr int kTimeoutMs = 20'000;
constexpr Micros kSlice{20'000};

}  // namespace

class TestSpeedProbe : public QObject {
  Q_OBJECT

  tests::TemporaryHome m_home;
  tests::FakeEngine m_engine;

  /// A step takes `us`; the first one ten times that.
  SpeedProbe::Clock stepClock(std::int64_t us) {
    return [this, us, first = m_engine.steps_taken] {
      const std::int64_t steps = m_engine.steps_taken - first;
      return Micros{steps == 0 ? 0 : (steps + 9) * us};
    };
  }

 private slots:
  void init() { m_engine.behaviour = {}; }

  void countsStepsAfterTheFirstOnes() {
    auto probe =
        SpeedProbe::make(tests::fakeSessions(&m_engine), tests::tinyExperiment(), stepClock(2'000));
    QVERIFY(probe);
    const auto before = m_engine.steps_taken;
    int slices = 0;
    for (;; ++slices) {
      const auto is_done = (*probe)->advance(kSlice);
      QVERIFY(is_done);
      if (*is_done)
        break;
    }
    // 500 steps/s, although the first of them took ten times as long.
    QCOMPARE((*probe)->stepsPerSecond(), 500.0);
    QCOMPARE(m_engine.steps_taken - before, std::int64_t{491});
    QVERIFY2(slices > 40, qPrintable(QString::number(slices)));
  }

  void aStepOfSecondsIsItsOwnMeasure() {
    auto probe = SpeedProbe::make(tests::fakeSessions(&m_engine), tests::tinyExperiment(),
                                  stepClock(400'000));
    QVERIFY(probe);
    const auto is_done = (*probe)->advance(kSlice);
    QVERIFY(is_done && *is_done);
    QCOMPARE((*probe)->stepsPerSecond(), 0.25);
  }

  void saysWhyNot() {
    const auto factory = tests::fakeSessions(&m_engine);
    auto spec = tests::tinyExperiment();
    spec.training.batch_size = 2'000'000'000;
    const auto too_large = SpeedProbe::make(factory, spec, stepClock(1));
    QVERIFY(!too_large);
    QVERIFY2(too_large.error().message.find("this machine has") != std::string::npos,
             too_large.error().message.c_str());
    spec = tests::tinyExperiment();
    spec.task.forms[0].pattern = "* 3 x * ->";
    QVERIFY(!SpeedProbe::make(factory, spec, stepClock(1)));
    m_engine.behaviour.nan_at = 3;
    auto probe = SpeedProbe::make(factory, tests::tinyExperiment(), stepClock(1));
    const auto failed = (*probe)->advance(kSlice);
    QVERIFY(!failed);
    QVERIFY(failed.error().message.find("NaN") != std::string::npos);
  }

  void shapesAreEqualWhenOnlyTheCourseDiffers() {
    const auto demo = core::preset("demo");
    auto other = demo;
    other.name = "other";
    other.training.seed = 5;
    other.training.learning_rate = 1;
    other.training.steps = 3;
    other.record.frames = {1, 0};
    other.probe.size = 32;
    other.data.n_train = 100'000;
    QCOMPARE(trainingShape(other), trainingShape(demo));
    for (const auto& change : std::vector<std::function<void(core::ExperimentSpec&)>>{
             [](auto& e) { e.model.d_model = 32; }, [](auto& e) { e.training.batch_size = 7; },
             [](auto& e) { e.training.threads = 2; }, [](auto& e) { e.task.seq_len = {10}; },
             [](auto& e) { e.data.mode = core::DataSpec::Mode::Streaming; }}) {
      auto changed = demo;
      change(changed);
      QVERIFY(!(trainingShape(changed) == trainingShape(demo)));
    }
  }

  void theWorkerMeasuresInSlicesAndWritesNothing() {
    m_engine.behaviour.step_time = std::chrono::microseconds(200);
    auto mailbox = std::make_shared<RunMailbox>();
    WorkerThread<TrainingWorker> worker(QStringLiteral("test"), mailbox,
                                        tests::fakeSessions(&m_engine));
    QSignalSpy measured(worker.worker(), &TrainingWorker::measured);
    QSignalSpy dropped(worker.worker(), &TrainingWorker::measureDropped);
    QSignalSpy failed(worker.worker(), &TrainingWorker::measureFailed);
    worker.post([](TrainingWorker& w) { w.measure(7, tests::tinyExperiment()); });
    QTRY_COMPARE_WITH_TIMEOUT(measured.count(), 1, kTimeoutMs);
    QCOMPARE(measured.at(0).at(0).value<RunId>(), RunId{7});
    QVERIFY(measured.at(0).at(1).toDouble() > 0);
    QVERIFY(mailbox->take().scalars.empty());
    QVERIFY(QDir(m_home.path()).entryList(QDir::AllEntries | QDir::NoDotAndDotDot).isEmpty());

    // Anything else that is asked for drops it, at once.
    worker.post([](TrainingWorker& w) {
      w.measure(8, tests::tinyExperiment());
      w.preview(1, tests::tinyExperiment());
    });
    QTRY_COMPARE_WITH_TIMEOUT(dropped.count(), 1, kTimeoutMs);
    QCOMPARE(dropped.at(0).at(0).value<RunId>(), RunId{8});
    QSignalSpy started(worker.worker(), &TrainingWorker::started);
    RunOrder order;
    order.run_id = 3;
    order.spec = tests::tinyExperiment();
    order.spec.training.steps = 1'000'000;
    order.directory = m_home.path(QStringLiteral("run")).toStdString();
    worker.post([order](TrainingWorker& w) {
      w.measure(9, tests::tinyExperiment());
      w.begin(order);
      w.measure(10, tests::tinyExperiment());  // while a run trains
      w.stop();
    });
    QTRY_COMPARE_WITH_TIMEOUT(dropped.count(), 3, kTimeoutMs);
    QCOMPARE(dropped.at(1).at(0).value<RunId>(), RunId{9});
    QCOMPARE(dropped.at(2).at(0).value<RunId>(), RunId{10});
    QCOMPARE(started.count(), 1);
    m_engine.behaviour.nan_at = 2;
    worker.post([](TrainingWorker& w) { w.measure(11, tests::tinyExperiment()); });
    QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 1, kTimeoutMs);
    QCOMPARE(failed.at(0).at(0).value<RunId>(), RunId{11});
    QCOMPARE(measured.count(), 1);
  }

  void theControllerMeasuresTheDraftOnlyWhileItIsWanted() {
    m_engine.behaviour.step_time = std::chrono::microseconds(200);
    Controller controller(tests::fakeSessions(&m_engine));
    controller.draft().load(tests::tinyExperiment(), {});
    controller.draftChecks().setExperiment(controller.draft().spec(), true);
    using State = widgets::TrainingSpeed::State;
    QTRY_VERIFY_WITH_TIMEOUT(controller.frame() != nullptr, kTimeoutMs);
    QCOMPARE(controller.speed().state, State::Unknown);
    QVERIFY(!controller.measuredStepsPerSecond(controller.draft().spec()));
    controller.setSpeedWanted(true);
    QCOMPARE(controller.speed().state, State::Measuring);
    QTRY_COMPARE_WITH_TIMEOUT(controller.speed().state, State::Known, kTimeoutMs);
    QCOMPARE(*controller.measuredStepsPerSecond(controller.draft().spec()),
             controller.speed().steps_per_second);
    // Another seed is the same shape; another batch is not, and is measured in its turn.
    auto next = controller.draft().spec();
    next.training.seed = 99;
    controller.draft().edit(next, "seed");
    QCOMPARE(controller.speed().state, State::Known);
    next.training.batch_size += 1;
    controller.draft().edit(next, "batch");
    QCOMPARE(controller.speed().state, State::Unknown);
    QTRY_COMPARE_WITH_TIMEOUT(controller.speed().state, State::Known, kTimeoutMs);
  }
};

QTEST_MAIN(TestSpeedProbe)
#include "tst_speed_probe.moc"
