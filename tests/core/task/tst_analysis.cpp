// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/task.h"
#include "tests/core/task/extra_tasks.h"
#include "tests/support/task_specs.h"

#include <QtTest>

#include <cmath>

using namespace anchorlens::core;
using namespace anchorlens::test;

namespace {

TaskAnalysis analysisOf(const TaskSpec& spec) {
  auto task = Task::compile(spec);
  if (!task) {
    qFatal("%s", task.error().front().message.c_str());
  }
  return task->analysis();
}

bool hasNote(const TaskAnalysis& analysis, const std::string& part) {
  return std::any_of(analysis.notes.begin(), analysis.notes.end(),
                     [&](const std::string& note) { return note.find(part) != std::string::npos; });
}

bool isNear(double value, double expected, double tolerance = 1e-9) {
  return std::abs(value - expected) <= tolerance;
}

}  // namespace

#define VERIFY_NEAR(...) QVERIFY2(isNear(__VA_ARGS__), #__VA_ARGS__)

class TestAnalysis : public QObject {
  Q_OBJECT

 private slots:
  void identityIsExact() {
    const TaskAnalysis analysis = analysisOf(identity());
    VERIFY_NEAR(analysis.chance, 1.0 / 81);
    VERIFY_NEAR(analysis.train_share, 7.0 / 8);
    VERIFY_NEAR(analysis.ceiling_train, 1);
    VERIFY_NEAR(analysis.ceiling_test, 1);
    QCOMPARE(analysis.result_min, 20);
    QCOMPARE(analysis.result_max, 100);
    QVERIFY(analysis.range_is_exact);
    QVERIFY(analysis.has_test);
    QVERIFY(analysis.notes.empty());
  }

  void compositeCountsPairsAndPlaces() {
    const TaskAnalysis analysis = analysisOf(composite());
    int n_kept = 0;
    for (int x = 20; x <= 100; ++x) {
      for (int p = 0; p <= 6; ++p) {
        n_kept += (x - p) % 8 == 0 ? 0 : 1;
      }
    }
    VERIFY_NEAR(analysis.train_share, 15.0 / 16 * n_kept / (81 * 7));
    QCOMPARE(analysis.result_min, 20 - 16);
    QCOMPARE(analysis.result_max, 100 + 10);
    // An answer t in the middle comes from every pair: 16 ways of 16 * 81.
    VERIFY_NEAR(analysis.chance, 1.0 / 81);
    QVERIFY(hasNote(analysis, "A=3 B=4"));
  }

  void statisticalHasACeiling() {
    const TaskAnalysis analysis = analysisOf(statistical());
    VERIFY_NEAR(analysis.ceiling_train, 0.8);
    VERIFY_NEAR(analysis.ceiling_test, 0.8);
    VERIFY_NEAR(analysis.chance, 1.0 / 81);
    QCOMPARE(analysis.result_max, 101);
    QVERIFY(hasNote(analysis, "80.0 %"));
    // 1 then 1: 0.8 * 0.8; 1 then 2 and 2 then 1: 0.8 * 0.5; 2 then 2: 2 * 0.5 * 0.25 + 0.25 * 0.25
    VERIFY_NEAR(analysisOf(twiceStochastic()).ceiling_train, (0.64 + 0.4 + 0.4 + 0.3125) / 4);
  }

  void multiAnchorShare() {
    const TaskAnalysis analysis = analysisOf(multiAnchor());
    VERIFY_NEAR(analysis.train_share, 730.0 / 810);
    QCOMPARE(analysis.result_min, 21);
    QCOMPARE(analysis.result_max, 110);
  }

  void readingComprehensionIsExactThoughItHasManyKeys() {
    const TaskAnalysis analysis = analysisOf(readingComprehension());
    QVERIFY(analysis.range_is_exact);
    VERIFY_NEAR(analysis.chance, 1.0 / 81);
    QVERIFY(analysis.train_share > 0.87 && analysis.train_share < 0.88);
  }

  void classificationIsEstimated() {
    const TaskAnalysis analysis = analysisOf(classification());
    VERIFY_NEAR(analysis.chance, 0.1, 0.004);
    QCOMPARE(analysis.result_min, 1);
    QCOMPARE(analysis.result_max, 10);
    QVERIFY(!analysis.range_is_exact);
    QVERIFY(hasNote(analysis, "safe bound"));
    QVERIFY(hasNote(analysis, "estimated from"));
    QVERIFY(hasNote(analysis, "720 of 1000 combinations"));
  }

  void whatATableNeverShowsIsGuessed() {
    VERIFY_NEAR(analysisOf(memoryAndReasoning()).ceiling_test, 1);
    TaskSpec spec = memoryAndReasoning();
    spec.held_out = {KeysRule{1, {{20, 27}}}, KeysRule{11, {{20, 27}}}};
    const TaskAnalysis analysis = analysisOf(spec);
    VERIFY_NEAR(analysis.ceiling_test, (1.0 / 81 + 1) / 2);
    QVERIFY(hasNote(analysis, "50.0 % of its answers stand in a table"));
  }

  void secondAnswersAreNamed() {
    QVERIFY(hasNote(analysisOf(overlappingNoise()), "second answer"));
    QVERIFY(hasNote(analysisOf(task("* a b * a -> b", "b")), "second answer"));
    QVERIFY(!hasNote(analysisOf(task("* m 3 n * m -> n", "n")), "second answer"));
  }

  void relabelledAndRaggedTasksAreExplained() {
    QVERIFY(hasNote(analysisOf(relabelled()), "A=3 B=4 (50% x-6 | 50% x+6)"));
    QVERIFY(hasNote(analysisOf(heldChainLength()), "Form 0: Only 1 of 2 lengths fit"));
    QVERIFY(hasNote(analysisOf(blocksWithAnchors()), "8 of 16 combinations"));
  }

  void testWithoutHeldOutKeys() {
    TaskSpec spec = composite();
    spec.held_out.erase(spec.held_out.begin());
    const TaskAnalysis analysis = analysisOf(spec);
    QVERIFY(!analysis.has_test);
    VERIFY_NEAR(analysis.train_share, 15.0 / 16);
  }
};

QTEST_GUILESS_MAIN(TestAnalysis)
#include "tst_analysis.moc"
