// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/run_store.h"
#include "engine/core/study/member_facts.h"
#include "engine/core/study/member_problem.h"
#include "engine/core/study/study_results.h"
#include "tests/core/study/study_fixture.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace anchorlens::core;
using State = MemberFacts::State;

namespace {

/// Leaves a run where its process would, without a word of why.
void leave(const std::filesystem::path& run, RunState state, std::int64_t step) {
  auto writer = std::filesystem::exists(run) ? RunWriter::open(run)
                                             : RunWriter::create(run, preset("demo"), {});
  QVERIFY(writer.has_value());
  (*writer)->setStatus(state, step, 1500);
  QVERIFY((*writer)->commit().has_value());
}

}  // namespace

class TestMemberProblem : public QObject {
  Q_OBJECT

 private slots:
  void init() { m_dir = std::make_unique<QTemporaryDir>(); }

  void isToldUntilTheRunGoesOn() {
    leave(run(), RunState::Training, 40);
    QCOMPARE(readMember(run()).reason, std::string());
    QVERIFY(keepProblem(run(), "it was killed").has_value());
    const MemberFacts facts = readMember(run());
    QCOMPARE(facts.state, State::Unfinished);  // it is still to be trained
    QCOMPARE(facts.state_name, std::string("failed"));
    QCOMPARE(facts.reason, std::string("it was killed"));
    QCOMPARE(facts.step, std::int64_t{40});
    // Gone on by hand: by state or step it stands elsewhere.
    leave(run(), RunState::Stopped, 40);
    QCOMPARE(readMember(run()).state_name, std::string("stopped"));
    QCOMPARE(readMember(run()).reason, std::string());
    leave(run(), RunState::Training, 60);
    QCOMPARE(readMember(run()).state_name, std::string("training"));
  }

  void whatARunItselfSaysComesFirst() {
    leave(run(), RunState::Training, 40);
    QVERIFY(keepProblem(run(), "it was killed").has_value());
    leave(run(), RunState::Finished, 1500);
    QCOMPARE(readMember(run()).state, State::Finished);
    QCOMPARE(readMember(run()).reason, std::string());
  }

  void ofARunThatNeverBegan() {
    QVERIFY(keepProblem(run(), "no room\xff").has_value());
    QCOMPARE(readMember(run()).state, State::NotStarted);
    QCOMPARE(readMember(run()).state_name, std::string("failed"));
    QCOMPARE(readMember(run()).reason, std::string("no room\xef\xbf\xbd"));
    removeProblem(run());
    QCOMPARE(readMember(run()).state_name, std::string("not started"));
    removeProblem(run());  // nothing is there, which is no error
  }

  void aDamagedFileSaysNothing() {
    QVERIFY(keepProblem(run(), "no room").has_value());
    for (const char* text : {"", "{}", "[1]", "{\"format\": \"anchorlens-problem\"}",
                             "{\"format\": \"anchorlens-problem\", \"format_version\": 1, "
                             "\"problem\": 3, \"state\": \"not started\", \"step\": 0}"}) {
      std::ofstream(folder() / "problems" / "01_run.json") << text;
      QVERIFY2(!readProblem(run()), text);
      QCOMPARE(readMember(run()).state_name, std::string("not started"));
    }
  }

  void aRunOfAnotherExperimentHasNoNumbers() {
    leave(run(), RunState::Finished, 1500);
    ExperimentSpec planned = preset("demo");
    planned.name = "another name";
    planned.training.device = "cpu";
    planned.training.kernel = "fast";
    QCOMPARE(readMember(run(), planned).state, State::Finished);
    planned.training.seed += 1;
    const MemberFacts facts = readMember(run(), planned);
    QVERIFY(facts.is_another);
    QCOMPARE(facts.state, State::Failed);
    QCOMPARE(facts.step, std::int64_t{0});
    QCOMPARE(facts.reason, "the folder holds a run of another experiment: /training/seed is " +
                               std::to_string(planned.training.seed - 1) + ", expected " +
                               std::to_string(planned.training.seed) +
                               "; moved away, it leaves room for the study's own");
    const RunResults results = readRun(run(), planned, {});
    QVERIFY(results.facts.is_another && results.evaluations.empty());
  }

 private:
  std::filesystem::path folder() const { return m_dir->path().toStdString(); }
  std::filesystem::path run() const { return folder() / "01_run"; }

  std::unique_ptr<QTemporaryDir> m_dir;
};

QTEST_GUILESS_MAIN(TestMemberProblem)
#include "tst_member_problem.moc"
