// SPDX-License-Identifier: GPL-3.0-or-later
// Changes of a training that goes on: kept before they act, made again by resume, taken along by
// forks, and held by everything that is measured.
#include "engine/core/intervention.h"
#include "engine/core/store/checkpoint.h"
#include "engine/core/store/file_io.h"
#include "engine/core/store/intervention_file.h"
#include "engine/session/causal_record.h"
#include "tests/session/session_fixture.h"
#include "tests/session/tiny_experiment.h"

#include <QTemporaryDir>
#include <QTest>

#include <cerrno>

using namespace anchorlens;
using namespace std::chrono_literals;
using engine::RunSession;
using engine::RunSnapshot;
using tests::kAll;
using tests::kLong;
using tests::mustBe;
using tests::reader;
using tests::with;
using Outcome = RunSession::Outcome;

namespace {

core::Intervention changeOf(const char* text) {
  auto change = core::parseInterventionAt(text);
  if (!change) {
    qFatal("%s", change.error().c_str());
  }
  return *change;
}

/// Everything a run recorded but the times, as text: what an unbroken run and a resumed one share.
std::string recordOf(const std::filesystem::path& path) {
  const auto run = reader(path);
  const auto steps = *run->steps();
  const auto evaluations = *run->metrics();
  const auto events = *run->events();
  std::string text;
  for (const auto& row : steps) {
    text += "s" + std::to_string(row.step) + " " + std::to_string(row.loss) + " " +
            std::to_string(row.learning_rate) + "\n";
  }
  for (const auto& row : evaluations) {
    text += "m" + std::to_string(row.step) + " " + std::to_string(row.test_loss) + "\n";
  }
  for (const auto& event : events) {
    if (event.kind == "intervention") {
      text += "e" + std::to_string(event.step) + " " + event.text + "\n";
    }
  }
  return text;
}

void ask(RunSession& session, const char* text) {
  const auto asked = session.intervene(changeOf(text));
  if (!asked) {
    qFatal("%s: %s", text, asked.error().message.c_str());
  }
}

QString refusal(RunSession& session, const char* text) {
  const auto asked = session.intervene(changeOf(text));
  return asked ? QString() : QString::fromStdString(asked.error().message);
}

}  // namespace

class TestInterventions : public QObject {
  Q_OBJECT

 private slots:
  void init() { m_folder = std::make_unique<QTemporaryDir>(); }
  void cleanup() { m_folder.reset(); }

  void aChangeActsFromTheNextStepAndIsTold() {
    tests::FakeEngine fake;
    std::vector<core::Event> told;
    RunSession::Options options = with(fake);
    options.sink.event = [&](const core::Event& event) { told.push_back(event); };
    auto session =
        mustBe(RunSession::create(tests::tinyExperiment(), path("run"), std::move(options)));
    session->advance(kLong, 10);
    ask(*session, "lr x0.5");
    ask(*session, "ablate 1.0");
    QCOMPARE(session->interventions().size(), std::size_t{2});
    QCOMPARE(told.back().kind, std::string("intervention"));
    QCOMPARE(told.back().text, std::string("L1 H0 ablated"));
    QCOMPARE(told.back().step, std::int64_t{10});
    // On the disk, event and all, before a step is taken.
    QCOMPARE(core::readInterventions(path("run"))->size(), std::size_t{2});
    QCOMPARE(reader(path("run"))->events()->back().text, std::string("L1 H0 ablated"));
    // The picture of step 10 is still the one it had.
    QCOMPARE(session->trainer().kernel(), std::string("fake"));
    session->advance(kLong, 10);
    QCOMPARE(session->trainer().kernel(), std::string("fake, changed"));
    QCOMPARE(session->lastMetrics().test_loss, 2.0);
    QVERIFY(session->save(core::RunState::Stopped));
    const auto rows = *reader(path("run"))->steps();
    const double usual = tests::tinyExperiment().training.learning_rate;
    QCOMPARE(rows[9].learning_rate, usual);
    QCOMPARE(rows[10].learning_rate, usual / 2);
    const auto evaluations = *reader(path("run"))->metrics();
    QCOMPARE(evaluations[1].step, std::int64_t{10});
    QCOMPARE(evaluations[1].test_loss, 1.0);
    QCOMPARE(evaluations[2].test_loss, 2.0);
    bool is_noted = false;
    const auto provenance = *reader(path("run"))->provenance();
    for (const auto& [key, value] : provenance) {
      is_noted = is_noted || (key == "kernel_of_changes" && value == "fake, changed from step 11");
    }
    QVERIFY(is_noted);
  }

  void resumeIsExactFromEveryStep() {
    tests::FakeBehaviour behaviour;
    behaviour.shift = [](std::int64_t step) { return 0.02 * static_cast<double>(step); };
    tests::FakeEngine fake(behaviour);
    RunSession::Options options = with(fake);
    options.changes = changes();
    auto unbroken =
        mustBe(RunSession::create(tests::tinyExperiment(), path("unbroken"), std::move(options)));
    unbroken->advance(kLong, kAll);
    const std::string weights = tests::weightsOf(unbroken->trainer());
    const auto history = unbroken->interventions();
    unbroken.reset();
    const std::string record = recordOf(path("unbroken"));
    QVERIFY(record.find("e20 L0 H0 clamped to its mean pattern\n") != std::string::npos);
    for (const std::int64_t cut : {1, 4, 5, 6, 19, 20, 21, 25, 26, 39}) {
      for (const bool saved : {false, true}) {
        const auto run = path("cut" + std::to_string(cut) + (saved ? "s" : "k"));
        RunSession::Options some = with(fake);
        some.changes = changes();
        auto session = mustBe(RunSession::create(tests::tinyExperiment(), run, std::move(some)));
        session->advance(kLong, cut);
        if (saved) {
          QVERIFY(session->save(core::RunState::Stopped));
        }
        session.reset();  // as if killed when not saved
        session = mustBe(RunSession::resume(run, with(fake)));
        QCOMPARE(session->advance(kLong, kAll), Outcome::Finished);
        QCOMPARE(tests::weightsOf(session->trainer()), weights);
        QCOMPARE(session->interventions().size(), history.size());
        for (std::size_t i = 0; i < history.size(); ++i) {
          QVERIFY(session->interventions()[i].pattern == history[i].pattern);
        }
        session.reset();
        QCOMPARE(recordOf(run), record);
      }
    }
  }

  /// Asked for while it trains, then killed before the next checkpoint: made again at its step.
  void whatWasAskedForLateIsMadeAgain() {
    tests::FakeEngine fake;
    const auto train = [&](const std::string& name, bool broken) {
      auto session = mustBe(RunSession::create(tests::tinyExperiment(), path(name), with(fake)));
      session->advance(kLong, 27);
      ask(*session, "ablate 0.0");
      if (broken) {
        session.reset();
        session = mustBe(RunSession::resume(path(name), with(fake)));
        QTest::qVerify(session->step() == 20, "step 20", "", __FILE__, __LINE__);
      }
      session->advance(kLong, kAll);
      return tests::weightsOf(session->trainer());
    };
    QCOMPARE(train("broken", true), train("unbroken", false));
    QCOMPARE(recordOf(path("broken")), recordOf(path("unbroken")));
  }

  void testsOfWeightsThatAreNoMoreAreForgotten() {
    tests::FakeEngine fake;
    mustBe(RunSession::create(tests::tinyExperiment(), path("run"), with(fake)))->advance(kLong, 9);
    const auto task = core::Task::compile(tests::tinyExperiment().task);
    for (const std::int64_t step : {2, 6}) {
      engine::CausalResult result;
      result.step = step;
      QVERIFY(engine::keepCausalTests(path("run"), {engine::recordOf(result, "probe")}, *task));
    }
    const auto steps = [this] {
      std::vector<std::int64_t> found;
      for (const auto& record : engine::readCausalTests(path("run"))) {
        found.push_back(record.result.step);
      }
      return found;
    };
    mustBe(RunSession::resume(path("run"), with(fake)));
    QCOMPARE(steps(), (std::vector<std::int64_t>{2, 6}));
    RunSession::Options options = with(fake);
    options.changes = {changeOf("3: lr x0.5")};
    mustBe(RunSession::resume(path("run"), std::move(options)));
    QCOMPARE(steps(), std::vector<std::int64_t>{2});
  }

  /// Its pattern was that of a training that is no more.
  void aLaterClampIsMeasuredAgain() {
    tests::FakeEngine fake;
    RunSession::Options options = with(fake);
    options.changes = {changeOf("10: clamp 0.0")};
    mustBe(RunSession::create(tests::tinyExperiment(), path("run"), std::move(options)))
        ->advance(kLong, 15);
    QVERIFY(!core::readInterventions(path("run"))->at(0).pattern.empty());
    options = with(fake);
    options.changes = {changeOf("3: lr x0.5")};
    auto session = mustBe(RunSession::resume(path("run"), std::move(options)));
    QVERIFY(core::readInterventions(path("run"))->at(1).pattern.empty());
    session->advance(kLong, 15);
    QVERIFY(!core::readInterventions(path("run"))->at(1).pattern.empty());
  }

  void allChangesOrNone() {
    tests::FakeEngine fake;
    mustBe(RunSession::create(tests::tinyExperiment(), path("run"), with(fake)));
    RunSession::Options options = with(fake);
    options.changes = {changeOf("3: lr x0.5"), changeOf("4: ablate 1.0")};
    static int written = 0;
    written = 0;
    core::setWriteFault([](const std::filesystem::path& file) {
      return file.filename() == "interventions.json" && written++ > 0 ? ENOSPC : 0;
    });
    const auto resumed = RunSession::resume(path("run"), std::move(options));
    core::setWriteFault(nullptr);
    QCOMPARE(written, 1);
    QVERIFY(resumed);
    QCOMPARE(core::readInterventions(path("run"))->size(), std::size_t{2});
  }

  void whatCannotBeIsRefusedAndChangesNothing() {
    tests::FakeEngine fake;
    auto session = mustBe(RunSession::create(tests::tinyExperiment(), path("run"), with(fake)));
    session->advance(kLong, 10);
    QCOMPARE(refusal(*session, "ablate 7.0"),
             QString("There is no head 7.0: layers are 0 to 1, heads 0."));
    QCOMPARE(refusal(*session, "9: lr x0.5"),
             QString("Step 9 has passed: training stands at step 10."));
    QCOMPARE(refusal(*session, "40: lr x0.5"),
             QString("Training ends at step 40: a change must come before."));
    QVERIFY(refusal(*session, "release lr").startsWith("There is nothing to take back"));
    ask(*session, "ablate 1.0");
    QCOMPARE(refusal(*session, "30: ablate 1.0"), QString("L1 H0 is ablated already."));
    core::setWriteFault([](const std::filesystem::path& file) {
      return file.filename() == "interventions.json" ? ENOSPC : 0;
    });
    const QString full = refusal(*session, "lr x0.5");
    core::setWriteFault(nullptr);
    QVERIFY2(full.contains("interventions.json"), qPrintable(full));
    QCOMPARE(session->interventions().size(), std::size_t{1});
    QCOMPARE(core::readInterventions(path("run"))->size(), std::size_t{1});
    session->advance(kLong, kAll);
    QCOMPARE(refusal(*session, "lr x0.5"),
             QString("Training has ended: there is nothing to change from now on."));
    // Nothing is made for a change that cannot be.
    RunSession::Options options = with(fake);
    options.changes = {changeOf("5: ablate 7.0")};
    const auto made = RunSession::create(tests::tinyExperiment(), path("none"), std::move(options));
    QVERIFY(!made);
    QVERIFY(made.error().message.find("There is no head 7.0") != std::string::npos);
    QVERIFY(!std::filesystem::exists(path("none")));
  }

  /// Nothing is wrong with the change: commands end with another code.
  void wantOfMemoryForAChangeIsToldApart() {
    tests::FakeEngine fake;
    mustBe(RunSession::create(tests::tinyExperiment(), path("run"), with(fake)))
        ->advance(kLong, 20);
    const auto check = [&](const engine::Result<std::unique_ptr<RunSession>>& made) {
      QVERIFY(!made);
      QCOMPARE(made.error().message,
               std::string("\"ablate 1.0\": There is not enough memory for this."));
      QVERIFY(made.error().cause == engine::EngineError::Cause::Memory);
    };
    const auto options = [&](const char* change) {
      RunSession::Options changed = with(fake);
      changed.changes = {changeOf(change)};
      return changed;
    };
    fake.behaviour.no_memory_to_change = true;
    const auto spec = tests::tinyExperiment();
    check(RunSession::create(spec, path("new"), options("5: ablate 1.0")));
    check(RunSession::resume(path("run"), options("30: ablate 1.0")));
    check(RunSession::fork(path("run"), 10, spec, path("fork"), options("30: ablate 1.0")));
    QVERIFY(!std::filesystem::exists(path("new")) && !std::filesystem::exists(path("fork")));
    fake.behaviour.no_memory_to_change = false;
    QVERIFY(RunSession::resume(path("run"), options("30: ablate 1.0")));
  }

  void aSnapshotHoldsWhatHeldThere() {
    tests::FakeEngine fake;
    RunSession::Options options = with(fake);
    options.changes = {changeOf("10: ablate 1.0"), changeOf("25: release 1.0")};
    auto session =
        mustBe(RunSession::create(tests::tinyExperiment(), path("run"), std::move(options)));
    std::map<std::int64_t, std::string> weights;
    while (session->step() < 40) {
      session->advance(kLong, 1);
      weights[session->step()] = tests::weightsOf(session->trainer());
    }
    session.reset();
    for (const std::int64_t step : {5, 10, 11, 20, 25, 26, 40}) {
      const auto snapshot = mustBe(RunSnapshot::open(path("run"), step, &fake));
      const bool is_ablated = step > 10 && step <= 25;
      QCOMPARE(snapshot->step(), step);
      QCOMPARE(tests::weightsOf(snapshot->trainer()), weights[step]);
      QCOMPARE(snapshot->inEffect().ablated.size(), std::size_t{is_ablated ? 1U : 0U});
      QCOMPARE(snapshot->evaluate()->test_loss, is_ablated ? 2.0 : 1.0);
    }
  }

  void aForkHasWhatHeldBeforeIt() {
    tests::FakeEngine fake;
    RunSession::Options options = with(fake);
    options.changes = {changeOf("5: ablate 1.0"), changeOf("5: lr x0.5"),
                       changeOf("30: mlp 0 off")};
    auto parent =
        mustBe(RunSession::create(tests::tinyExperiment(), path("parent"), std::move(options)));
    parent->advance(kLong, kAll);
    const std::string weights = tests::weightsOf(parent->trainer());
    parent.reset();
    auto fork = mustBe(
        RunSession::fork(path("parent"), 20, tests::tinyExperiment(), path("fork"), with(fake)));
    QCOMPARE(fork->interventions().size(), std::size_t{2});
    QCOMPARE(fork->lastMetrics().test_loss, 2.0);
    const std::string told = reader(path("fork"))->events()->front().text;
    QVERIFY2(told.find("these hold: L1 H0 ablated, learning rate ×0.5.") != std::string::npos,
             told.c_str());
    // With the same change at the same step it is its parent.
    ask(*fork, "30: mlp 0 off");
    fork->advance(kLong, 7);
    fork.reset();
    fork = mustBe(RunSession::resume(path("fork"), with(fake)));
    fork->advance(kLong, kAll);
    QCOMPARE(tests::weightsOf(fork->trainer()), weights);
    // A setting of its own goes before what the parent was changed by.
    core::ExperimentSpec spec = tests::tinyExperiment();
    spec.training.learning_rate *= 3;
    RunSession::Options more = with(fake);
    more.changes = {changeOf("release 1.0")};
    fork = mustBe(RunSession::fork(path("parent"), 20, spec, path("other"), std::move(more)));
    fork->advance(kLong, 1);
    QCOMPARE(reader(path("other"))->steps()->size(), std::size_t{0});
    QVERIFY(fork->save(core::RunState::Stopped));
    QCOMPARE(reader(path("other"))->steps()->front().learning_rate, spec.training.learning_rate);
    QCOMPARE(fork->trainer().kernel(), std::string("fake"));
    // At the very step of a change a fork is without it.
    fork = mustBe(
        RunSession::fork(path("parent"), 5, tests::tinyExperiment(), path("early"), with(fake)));
    QVERIFY(fork->interventions().empty());
  }

  void aClampedPatternMustCoverAForksSequences() {
    tests::FakeEngine fake;
    auto spec = tests::tinyExperiment();
    spec.task.seq_len = {9};
    spec.model.n_ctx = 20;
    RunSession::Options options = with(fake);
    options.changes = {changeOf("20: clamp 0.0")};
    mustBe(RunSession::create(spec, path("parent"), std::move(options)))->advance(kLong, kAll);
    auto longer = spec;
    longer.task.seq_len = {9, 12};
    const auto fork = RunSession::fork(path("parent"), 30, longer, path("longer"), with(fake));
    QVERIFY(!fork);
    QCOMPARE(fork.error().message,
             std::string("Head 0.0 is clamped to a pattern of 9 positions, but the fork's "
                         "sequences have up to 12: keep /task/seq_len within 9, or fork at a step "
                         "where the head is not clamped."));
    QVERIFY(!std::filesystem::exists(path("longer")));
    // Where it does not hold yet, and where sequences are shorter.
    QVERIFY(RunSession::fork(path("parent"), 20, longer, path("earlier"), with(fake)));
    auto shorter = spec;
    shorter.task.seq_len = {8};
    QVERIFY(RunSession::fork(path("parent"), 30, shorter, path("shorter"), with(fake)));
  }

  /// A killed start may leave the file in a folder that is no run yet.
  void aLeftFileIsNoRunsHistory() {
    tests::FakeEngine fake;
    std::filesystem::create_directory(path("run"));
    QVERIFY(core::beginInterventions(path("run"), {changeOf("5: lr x0.5")}));
    auto session = mustBe(RunSession::create(tests::tinyExperiment(), path("run"), with(fake)));
    QVERIFY(session->interventions().empty());
    QVERIFY(!std::filesystem::exists(path("run") / "interventions.json"));
  }

  void aDamagedHistoryIsNoSilence() {
    tests::FakeEngine fake;
    mustBe(RunSession::create(tests::tinyExperiment(), path("run"), with(fake)))->advance(kLong, 9);
    QVERIFY(core::writeInterventions(path("run"), {changeOf("3: clamp 0.0")}));
    auto lost = RunSession::resume(path("run"), with(fake));
    QVERIFY(lost);  // step 0: it is measured when step 3 comes
    QVERIFY(core::writeFileAtomically(path("run") / "interventions.json", "{"));
    lost = RunSession::resume(path("run"), with(fake));
    QVERIFY(!lost);
  }

  void moreStepsComeAfterTheHistory() {
    tests::FakeEngine fake;
    RunSession::Options options = with(fake);
    options.changes = {changeOf("39: ablate 1.0")};
    mustBe(RunSession::create(tests::tinyExperiment(), path("run"), std::move(options)))
        ->advance(kLong, kAll);
    auto session = mustBe(RunSession::resume(path("run"), with(fake)));
    QCOMPARE(session->outcome(), Outcome::Finished);
    session.reset();
    session = mustBe(RunSession::resume(path("run"), with(fake), 10));
    ask(*session, "45: release 1.0");
    QCOMPARE(session->trainer().kernel(), std::string("fake, changed"));
    session->advance(kLong, kAll);
    QCOMPARE(session->trainer().kernel(), std::string("fake"));
    QCOMPARE(session->step(), std::int64_t{50});
  }

 private:
  static std::vector<core::Intervention> changes() {
    return {changeOf("25: release 0.0"), changeOf("5: ablate 1.0"), changeOf("20: clamp 0.0"),
            changeOf("5: lr x0.5")};
  }
  std::filesystem::path path(const std::string& name) const {
    return m_folder->filePath(QString::fromStdString(name)).toStdString();
  }
  std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestInterventions)
#include "tst_interventions.moc"
