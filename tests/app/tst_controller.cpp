// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/compare_seeds.h"
#include "app/anchorlens/controller.h"
#include "app/anchorlens/places.h"
#include "engine/core/experiment_json.h"
#include "tests/app/app_fixture.h"
#include "tests/app/study_maker.h"
#include "tests/session/tiny_experiment.h"

#include <QSignalSpy>
#include <QtTest>

#include <algorithm>

using namespace anchorlens;
using namespace anchorlens::app;

namespace {

constexpr int kTimeoutMs = 20'000;

}  // namespace

class TestController : public QObject {
  Q_OBJECT

  std::unique_ptr<tests::TemporaryHome> m_home;
  tests::FakeEngine m_engine;

  std::unique_ptr<Controller> makeController(const core::ExperimentSpec& spec) {
    auto controller = std::make_unique<Controller>(tests::fakeSessions(&m_engine));
    controller->draft().load(spec, {});
    // Run starts a draft that has been checked.
    if (!QTest::qWaitFor([&] { return controller->draftChecks().isCurrent(); }, kTimeoutMs))
      qFatal("The draft is not checked.");
    return controller;
  }
  static core::RunState shownState(const Controller& controller) {
    return controller.shownRun()->state();
  }

 private slots:
  void init() {
    m_home = std::make_unique<tests::TemporaryHome>();
    m_engine.behaviour = {};
  }

  void aDraftShowsItsUntrainedModel() {
    auto controller = makeController(tests::tinyExperiment());
    QTRY_VERIFY_WITH_TIMEOUT(controller->frame() != nullptr, kTimeoutMs);
    QCOMPARE(controller->frame()->step, std::int64_t{0});
    QCOMPARE(controller->probe()->shown.size(), std::size_t{2});
    QCOMPARE(controller->frameLabels().size(), std::size_t{2});
    QTRY_VERIFY_WITH_TIMEOUT(!controller->draftChecks().checks().is_stale, kTimeoutMs);
    QCOMPARE(controller->draftChecks().checks().n_train, std::int64_t{60});
    QCOMPARE(controller->draftChecks().checks().shared, std::size_t{0});
    QVERIFY(controller->draftChecks().checks().samples.size() >= 12);
    QCOMPARE(controller->runAction(), RunAction::Run);
    QVERIFY(controller->runs().isEmpty());
    QVERIFY(!QDir(defaultRunFolder()).exists());  // a preview writes nothing
  }

  void newSamplesAreOtherSamples() {
    auto controller = makeController(tests::tinyExperiment());
    auto& checks = controller->draftChecks();
    QTRY_VERIFY_WITH_TIMEOUT(!checks.checks().is_stale, kTimeoutMs);
    const auto before = checks.checks().samples.tokens;
    checks.drawNewSamples();
    QTRY_VERIFY_WITH_TIMEOUT(checks.checks().samples.tokens != before, kTimeoutMs);
    QCOMPARE(checks.checks().n_train, std::int64_t{60});
    QVERIFY(!checks.checks().is_stale);
  }

  void aProblemIsFoundAndTheLastTaskKept() {
    auto controller = makeController(tests::tinyExperiment());
    QTRY_VERIFY_WITH_TIMEOUT(!controller->draftChecks().checks().is_stale, kTimeoutMs);
    auto broken = tests::tinyExperiment();
    broken.task.forms[0].pattern = "* 3 x * -> y";
    controller->draft().edit(broken, QStringLiteral("break it"));
    QTRY_VERIFY_WITH_TIMEOUT(!controller->draftChecks().checks().problems.empty(), kTimeoutMs);
    QCOMPARE(controller->runAction(), RunAction::None);
    QVERIFY(controller->draftChecks().checks().task.has_value());
    controller->undoStack().undo();
    QTRY_VERIFY_WITH_TIMEOUT(controller->draftChecks().checks().problems.empty(), kTimeoutMs);
    QTRY_COMPARE_WITH_TIMEOUT(controller->runAction(), RunAction::Run, kTimeoutMs);
  }

  void runTrainsAndEverythingArrives() {
    auto controller = makeController(tests::tinyExperiment());
    QSignalSpy announced(controller.get(), &Controller::announced);
    controller->run();
    QVERIFY(!controller->isDraftShown());
    QCOMPARE(controller->shownRun()->name(), QStringLiteral("Run 1"));
    QTRY_COMPARE_WITH_TIMEOUT(shownState(*controller), core::RunState::Finished, kTimeoutMs);
    const auto& history = controller->shownRun()->history();
    QCOMPARE(history.frames(), (std::vector<std::int64_t>{0, 10, 20, 30, 40}));
    QTRY_COMPARE_WITH_TIMEOUT(history.checkpoints(), (std::vector<std::int64_t>{0, 20, 40}),
                              kTimeoutMs);
    QCOMPARE(history.stepLoss().size(), std::size_t{40});
    QCOMPARE(controller->cursor().step(), std::int64_t{40});
    QVERIFY(controller->cursor().isFollowing());
    QCOMPARE(controller->frame()->step, std::int64_t{40});
    QCOMPARE(controller->runAction(), RunAction::ContinueMore);
    QCOMPARE(announced.last().at(0).toString(), QStringLiteral("Run 1 finished at step 40."));
    QVERIFY(controller->shownRun()->testAccuracy().has_value());
  }

  void theCursorShowsRecordedFrames() {
    auto controller = makeController(tests::tinyExperiment());
    controller->run();
    QTRY_COMPARE_WITH_TIMEOUT(shownState(*controller), core::RunState::Finished, kTimeoutMs);
    controller->moveCursor(19);
    controller->tick();
    QCOMPARE(controller->frame()->step, std::int64_t{10});
    QVERIFY(!controller->cursor().isFollowing());
    controller->goNewest();
    controller->tick();
    QCOMPARE(controller->frame()->step, std::int64_t{40});
  }

  void pauseStepResumeStopContinue() {
    auto controller = makeController(tests::endlessExperiment());
    controller->run();
    QTRY_COMPARE_WITH_TIMEOUT(controller->training().phase(), Phase::Running, kTimeoutMs);
    QTRY_VERIFY_WITH_TIMEOUT(controller->readouts().step > 100, kTimeoutMs);
    QCOMPARE(controller->runAction(), RunAction::Pause);
    controller->run();
    QTRY_COMPARE_WITH_TIMEOUT(controller->training().phase(), Phase::Paused, kTimeoutMs);
    const auto step = controller->readouts().step;
    QVERIFY(!controller->readouts().steps_per_second);
    QCOMPARE(controller->runAction(), RunAction::Resume);
    controller->step();
    QTRY_COMPARE_WITH_TIMEOUT(controller->readouts().step, step + 1, kTimeoutMs);
    controller->run();
    QTRY_VERIFY_WITH_TIMEOUT(controller->readouts().step > step + 50, kTimeoutMs);
    controller->stop();
    QTRY_COMPARE_WITH_TIMEOUT(shownState(*controller), core::RunState::Stopped, kTimeoutMs);
    QCOMPARE(controller->training().phase(), Phase::Idle);
    const auto stopped_at = controller->shownRun()->status().step;
    QCOMPARE(static_cast<std::int64_t>(controller->shownRun()->history().stepLoss().size()),
             stopped_at);
    QCOMPARE(controller->runAction(), RunAction::Continue);
    controller->run();
    QTRY_VERIFY_WITH_TIMEOUT(controller->readouts().step > stopped_at + 50, kTimeoutMs);
    // No step is missing and none is there twice.
    const auto& loss = controller->shownRun()->history().stepLoss();
    for (std::size_t i = 0; i < loss.size(); ++i)
      QCOMPARE(loss.steps[i], static_cast<double>(i + 1));
  }

  void stopWhileStartingEndsTheRun() {
    auto controller = makeController(tests::endlessExperiment());
    controller->run();
    QCOMPARE(controller->training().phase(), Phase::Starting);
    controller->stop();
    QTRY_COMPARE_WITH_TIMEOUT(controller->training().phase(), Phase::Idle, kTimeoutMs);
    QCOMPARE(shownState(*controller), core::RunState::Stopped);
  }

  void stepOnADraftTrainsOneStep() {
    auto controller = makeController(tests::endlessExperiment());
    controller->step();
    QTRY_COMPARE_WITH_TIMEOUT(controller->training().phase(), Phase::Paused, kTimeoutMs);
    QCOMPARE(controller->readouts().step, std::int64_t{1});
    QTRY_COMPARE_WITH_TIMEOUT(controller->frame()->step, std::int64_t{1}, kTimeoutMs);
  }

  void aFinishedRunGetsMoreSteps() {
    auto controller = makeController(tests::tinyExperiment());
    controller->run();
    QTRY_COMPARE_WITH_TIMEOUT(shownState(*controller), core::RunState::Finished, kTimeoutMs);
    controller->continueRun(controller->shownRun()->id(), 25);
    QTRY_COMPARE_WITH_TIMEOUT(controller->shownRun()->status().step, std::int64_t{65}, kTimeoutMs);
    QTRY_COMPARE_WITH_TIMEOUT(shownState(*controller), core::RunState::Finished, kTimeoutMs);
    QCOMPARE(controller->shownRun()->history().frames().back(), std::int64_t{65});
  }

  void forksFromTheCursor() {
    auto controller = makeController(tests::tinyExperiment());
    controller->run();
    QTRY_COMPARE_WITH_TIMEOUT(shownState(*controller), core::RunState::Finished, kTimeoutMs);
    auto changed = controller->shownRun()->facts().spec;
    changed.training.learning_rate = 1e-3;
    changed.training.kernel = "auto";
    controller->forkRun(controller->shownRun()->id(), 25, changed);
    QCOMPARE(controller->runs().all().size(), std::size_t{2});
    QTRY_VERIFY_WITH_TIMEOUT(controller->training().phase() == Phase::Idle, kTimeoutMs);
    QVERIFY2(shownState(*controller) == core::RunState::Finished,
             qPrintable(controller->shownRun()->problem()));
    QCOMPARE(controller->shownRun()->history().stepLoss().steps.front(), 26.0);
    QVERIFY2(controller->runs().rows()[1].difference.contains(QStringLiteral("25")),
             qPrintable(controller->runs().rows()[0].difference));
  }

  void aRefusedForkLeavesNoFolder() {
    auto controller = makeController(tests::tinyExperiment());
    controller->run();
    QTRY_COMPARE_WITH_TIMEOUT(shownState(*controller), core::RunState::Finished, kTimeoutMs);
    const auto& parent = *controller->shownRun();
    QVERIFY(std::filesystem::exists(parent.directory()));
    core::ExperimentSpec spec = parent.facts().spec;
    spec.training.kernel = "auto";  // a new experiment cannot ask for that of the fake engine
    controller->forkRun(parent.id(), 40, spec);
    const auto& fork = *controller->shownRun();
    QVERIFY(fork.id() != parent.id());
    QTRY_COMPARE_WITH_TIMEOUT(fork.state(), core::RunState::Failed, kTimeoutMs);
    QVERIFY2(fork.problem().contains(QStringLiteral("its experiment ends at 40")),
             qPrintable(fork.problem()));
    QVERIFY(!std::filesystem::exists(fork.directory()));
    QVERIFY(std::filesystem::exists(parent.directory()));
  }

  void aFailedRunSaysWhyAndKeepsItsFrames() {
    m_engine.behaviour.nan_at = 25;
    auto controller = makeController(tests::tinyExperiment());
    QSignalSpy failed(controller.get(), &Controller::runFailed);
    controller->run();
    QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 1, kTimeoutMs);
    QCOMPARE(shownState(*controller), core::RunState::Failed);
    QVERIFY(!controller->shownRun()->status().reason.empty());
    QCOMPARE(controller->shownRun()->history().frames(), (std::vector<std::int64_t>{0, 10, 20}));
    controller->moveCursor(10);
    controller->tick();
    QCOMPARE(controller->frame()->step, std::int64_t{10});
    QCOMPARE(controller->runAction(), RunAction::None);
  }

  void runsAreSwitchedWhileOneTrains() {
    auto controller = makeController(tests::tinyExperiment());
    controller->run();
    QTRY_COMPARE_WITH_TIMEOUT(shownState(*controller), core::RunState::Finished, kTimeoutMs);
    const RunId first = controller->shownRun()->id();
    controller->draft().load(tests::endlessExperiment(), {});
    controller->showDraft();
    controller->run();
    QTRY_VERIFY_WITH_TIMEOUT(!controller->isDraftShown(), kTimeoutMs);
    const RunId second = controller->shownRun()->id();
    QTRY_VERIFY_WITH_TIMEOUT(controller->readouts().step > 600, kTimeoutMs);
    controller->showRun(first);
    controller->tick();
    QCOMPARE(controller->frame()->step, std::int64_t{40});
    QVERIFY(!controller->cursor().isFollowing());
    const auto before = controller->readouts().step;
    QTRY_VERIFY_WITH_TIMEOUT(controller->readouts().step > before + 100, kTimeoutMs);
    QCOMPARE(controller->frame()->step, std::int64_t{40});
    controller->showRun(second);
    controller->goLive();
    QTRY_VERIFY_WITH_TIMEOUT(controller->frame() && controller->frame()->step > before, kTimeoutMs);
  }

  void emergenceIsToldOnceAHead() {
    m_engine.behaviour.shift = [](std::int64_t step) { return step >= 20 ? 0.95 : 0.0; };
    auto controller = makeController(tests::tinyExperiment());
    QSignalSpy emerged(controller.get(), &Controller::emerged);
    controller->run();
    QTRY_COMPARE_WITH_TIMEOUT(shownState(*controller), core::RunState::Finished, kTimeoutMs);
    QCOMPARE(emerged.count(), 1);
    QCOMPARE(emerged.at(0).at(1).toInt(), 0);
    QCOMPARE(emerged.at(0).at(3).value<core::Label>(), core::Label::Shift);
    QCOMPARE(emerged.at(0).at(4).toLongLong(), 20);
  }

  void aRunFromDiskIsReadAndFollowed() {
    std::filesystem::path folder;
    {
      auto controller = makeController(tests::tinyExperiment());
      controller->run();
      QTRY_COMPARE_WITH_TIMEOUT(shownState(*controller), core::RunState::Finished, kTimeoutMs);
      folder = controller->shownRun()->directory();
    }
    auto reader = makeController(tests::tinyExperiment());
    reader->openRun(folder);
    QTRY_VERIFY_WITH_TIMEOUT(reader->shownRun()->isLoaded(), kTimeoutMs);
    QTRY_VERIFY_WITH_TIMEOUT(reader->frame() && reader->frame()->step == 40, kTimeoutMs);
    QCOMPARE(shownState(*reader), core::RunState::Finished);
    // Somebody else trains it further.
    auto other = makeController(tests::tinyExperiment());
    other->openRun(folder);
    QTRY_VERIFY_WITH_TIMEOUT(other->shownRun()->isLoaded(), kTimeoutMs);
    other->training().setPace(30.0);
    other->continueRun(other->shownRun()->id(), 60);
    QTRY_COMPARE_WITH_TIMEOUT(other->training().phase(), Phase::Running, kTimeoutMs);
    reader->library().load(reader->shownRun()->id());
    QTRY_VERIFY_WITH_TIMEOUT(reader->shownRun()->status().held, kTimeoutMs);
    QCOMPARE(reader->runAction(), RunAction::None);  // its writer is somebody else
    QTRY_VERIFY_WITH_TIMEOUT(reader->shownRun()->history().frames().back() > 40, kTimeoutMs);
    QTRY_VERIFY_WITH_TIMEOUT(reader->frame()->step > 40, kTimeoutMs);
  }

  void aFolderThatIsNoRunSaysSo() {
    auto controller = makeController(tests::tinyExperiment());
    controller->openRun(toPath(m_home->path()));
    QTRY_VERIFY_WITH_TIMEOUT(!controller->shownRun()->problem().isEmpty(), kTimeoutMs);
    QVERIFY(controller->framePlaceholder().contains(QStringLiteral("experiment.json")));
  }

  void renamingAndRemovingAreUndone() {
    auto controller = makeController(tests::tinyExperiment());
    controller->run();
    QTRY_COMPARE_WITH_TIMEOUT(shownState(*controller), core::RunState::Finished, kTimeoutMs);
    const RunId id = controller->shownRun()->id();
    controller->renameRun(id, QStringLiteral("Baseline"));
    QCOMPARE(controller->runs().rows()[0].name, QStringLiteral("Baseline"));
    controller->removeRun(id);
    QVERIFY(controller->runs().isEmpty());
    QVERIFY(controller->isDraftShown());
    controller->undoStack().undo();
    QCOMPARE(controller->runs().rows()[0].name, QStringLiteral("Baseline"));
    controller->undoStack().undo();
    QCOMPARE(controller->runs().rows()[0].name, QStringLiteral("Run 1"));
    controller->showRun(id);
    QTRY_VERIFY_WITH_TIMEOUT(controller->frame() && controller->frame()->step == 40, kTimeoutMs);
  }

  void settingsOfARunBecomeTheDraft() {
    auto controller = makeController(tests::tinyExperiment());
    controller->run();
    QTRY_COMPARE_WITH_TIMEOUT(shownState(*controller), core::RunState::Finished, kTimeoutMs);
    controller->draft().load(core::preset("demo"), {});
    controller->copySettings(controller->runs().all()[0]->id());
    QVERIFY(controller->isDraftShown());
    QCOMPARE(controller->draft().spec().name, std::string("tiny"));
    controller->undoStack().undo();
    QCOMPARE(controller->draft().spec(), core::preset("demo"));
  }

  /// Otherwise saving would write the other experiment over the file of the one before.
  void whatReplacesTheDraftHasNoFile() {
    const QString file = QStringLiteral("mine.json");
    auto controller = makeController(tests::tinyExperiment());
    controller->run();
    QTRY_COMPARE_WITH_TIMEOUT(shownState(*controller), core::RunState::Finished, kTimeoutMs);
    const core::ExperimentSpec mine = core::preset("demo");
    controller->draft().load(mine, file);
    controller->choosePreset(QStringLiteral("identity"));
    QCOMPARE(controller->draft().spec(), core::preset("identity"));
    QCOMPARE(controller->draft().file(), QString());
    controller->undoStack().undo();
    QCOMPARE(controller->draft().spec(), mine);
    QCOMPARE(controller->draft().file(), file);
    QVERIFY(!controller->draft().isModified());
    controller->copySettings(controller->runs().all()[0]->id());
    QCOMPARE(controller->draft().file(), QString());
    controller->undoStack().undo();
    QCOMPARE(controller->draft().file(), file);
  }

  /// A study is looked at while the numbers of another are still being read.
  void numbersOfTheStudyBeforeAreNoSeeds() {
    std::vector<tests::StudyMaker> made;
    for (const double accuracy : {0.1, 0.9}) {
      const std::string rate = accuracy < 0.5 ? "0.001" : "0.002";  // of no set-up of the other
      made.emplace_back(m_home->path(QString::number(accuracy)),
                        std::vector<std::string>{rate, "0.01"}, std::vector<std::string>{"1", "2"},
                        3);
      for (std::size_t i = 0; i < made.back().plan().members.size(); ++i)
        made.back().write(i, {accuracy});
    }
    Controller controller(tests::fakeSessions(&m_engine));
    StudyList studies(controller.runs());
    CompareSeeds seeds(controller, studies);
    std::vector<const RunRecord*> opened;
    for (const tests::StudyMaker& study : made) {
      const auto folder = study.run(0);
      studies.open(toText(folder.parent_path()));
      const RunRecord& run = controller.openRun(folder);
      opened.push_back(&run);
      QTRY_VERIFY_WITH_TIMEOUT(run.isLoaded(), kTimeoutMs);
      QTRY_VERIFY_WITH_TIMEOUT(studies.factsOf(studies.placeOf(folder).study) != nullptr,
                               kTimeoutMs);
    }
    std::size_t n_told = 0;
    int wrong = 0;
    const auto ask = [&](const RunRecord& run) { return seeds.seedsOf(run, {}, std::nullopt); };
    connect(&seeds, &CompareSeeds::changed, this, [&] {
      const auto set = ask(*opened[1]);
      n_told = set.runs.size();
      for (const widgets::SeedRun& run : set.runs) {
        if (run.id != set.runs[0].id)  // which is open: not of what was read
          wrong += core::valueOf(*run.numbers, {}, std::nullopt) == 0.9 ? 0 : 1;
      }
    });
    ask(*opened[0]);
    ask(*opened[1]);
    QTRY_COMPARE_WITH_TIMEOUT(n_told, std::size_t{3}, kTimeoutMs);
    QCOMPARE(wrong, 0);
  }

  void quittingWhileTrainingLosesNothing() {
    std::filesystem::path folder;
    std::int64_t step = 0;
    {
      auto controller = makeController(tests::endlessExperiment());
      controller->run();
      QTRY_VERIFY_WITH_TIMEOUT(controller->readouts().step > 200, kTimeoutMs);
      folder = controller->shownRun()->directory();
      step = controller->readouts().step;
    }
    const auto status = (*core::RunReader::open(folder))->status();
    QCOMPARE(status->state, core::RunState::Paused);
    QVERIFY(status->step >= step);
    QVERIFY(!status->held);
  }
};

QTEST_GUILESS_MAIN(TestController)
#include "tst_controller.moc"
