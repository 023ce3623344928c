// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/describe.h"
#include "tests/support/task_specs.h"

#include <QtTest>

#include <cmath>

using namespace anchorlens::core;
using namespace anchorlens::test;

namespace {

/// Small enough that draws meet every sequence: noise and keys 5..8.
TaskSpec tiny(TaskSpec spec, int length = 4) {
  spec.noise = {{5, 8}};
  spec.seq_len = {length};
  spec.d_vocab = 20;
  return spec;
}

TaskSpec tinyComposite() {
  TaskSpec spec = tiny(task("* x A B * -> B(A(x))", "x", {{1, "x+1"}, {2, "x-1"}}));
  spec.held_out.emplace_back(AnchorsRule{{{"A", 1}, {"B", 2}}});
  return spec;
}

/// Sequences of length 3 or 4, of which only 3 is trained.
TaskSpec twoLengths() {
  TaskSpec spec = tiny(identity());
  spec.seq_len = {3, 4};
  spec.held_out = {LengthRule{{4}}};
  return spec;
}

}  // namespace

class TestDescribe : public QObject {
  Q_OBJECT

 private slots:
  void sentences_data();
  void sentences();
  void countsByHand();
  void countsWhatIsDrawn_data();
  void countsWhatIsDrawn();
  void boundsWhatOverlaps();
  void largeNumbers();
  void sentenceOfCoverage();
};

void TestDescribe::sentences_data() {
  QTest::addColumn<QString>("task");
  QTest::addColumn<QString>("sentence");
  QTest::newRow("identity") << "identity"
                            << "(x - position) mod 8 is 0";
  QTest::newRow("composite") << "composite"
                             << "(x - position) mod 8 is 0, or the anchors are A=3 and B=4";
  QTest::newRow("synonym") << "synonym"
                           << "(x - position) mod 8 is 0, the anchors are A=9 and B=4, or A=4 and "
                              "B=9";
  QTest::newRow("reading-comprehension") << "reading-comprehension"
                                         << "(key of the answer - position) mod 8 is 0";
  QTest::newRow("multi-anchor")
      << "multi-anchor"
      << "anchor 1 is applied to a key in 20..27, anchor 2 to one in 28..35, anchor 3 to one in "
         "36..43, anchor 4 to one in 44..51, anchor 5 to one in 52..59, anchor 6 to one in 60..67, "
         "anchor 7 to one in 68..75, anchor 8 to one in 76..83, anchor 9 to one in 84..91, or "
         "anchor 10 to one in 92..99";
  QTest::newRow("several-keys") << "several-keys"
                                << "(x+y) mod 8 is 0";
}

void TestDescribe::sentences() {
  QFETCH(QString, task);
  QFETCH(QString, sentence);
  for (const NamedTask& named : allTasks()) {
    if (QString::fromStdString(named.name) == task) {
      QCOMPARE(QString::fromStdString(heldOutSentence(named.spec)),
               "Held out for test: sequences in which " + sentence + ".");
      return;
    }
  }
  QFAIL("no such task");
}

void TestDescribe::countsByHand() {
  // x in 5..8 behind the 3 at places 1, 2 and 3; noise 4 * 4; (x - p) mod 8 = 0 never holds but
  // for none of 5-1 .. 8-3, so all 3 * 4 * 16 are trained.
  const auto task = Task::compile(tiny(identity()));
  // The rule holds nothing out, which compiling refuses; modulus 4 holds out one key a place.
  QVERIFY(!task.has_value());
  TaskSpec spec = tiny(identity());
  spec.held_out = {ResidueRule{"x", ResidueRule::Of::Key, 4, 0}};
  const auto with_rule = Task::compile(spec);
  QVERIFY(with_rule.has_value());
  const Coverage coverage = coverageOf(*with_rule, 36);
  QCOMPARE(coverage.kind, Coverage::Kind::Certain);
  QCOMPARE(coverage.possible, 3.0 * 3 * 16);
  QCOMPARE(coverage.share, 0.25);
}

void TestDescribe::countsWhatIsDrawn_data() {
  QTest::addColumn<int>("index");
  const char* names[] = {"identity", "composite", "lengths", "induction"};
  for (int i = 0; i < 4; ++i) {
    QTest::newRow(names[i]) << i;
  }
}

/// Drawn until nothing new can be expected: as many different sequences as were counted.
void TestDescribe::countsWhatIsDrawn() {
  QFETCH(int, index);
  TaskSpec held = tiny(identity());
  held.held_out = {ResidueRule{"x", ResidueRule::Of::Key, 4, 1}};
  TaskSpec recite = tiny(task("* m 3 n * m -> n", "n"), 5);
  recite.held_out = {PredicateRule{"n-6"}};
  const TaskSpec specs[] = {held, tinyComposite(), twoLengths(), recite};
  const auto task = Task::compile(specs[index]);
  QVERIFY2(task.has_value(), task ? "" : task.error().front().message.c_str());
  const Coverage coverage = coverageOf(*task, 1);
  QCOMPARE(coverage.kind, Coverage::Kind::Certain);
  QVERIFY(coverage.possible < 2000);
  Random random(1, "test");
  const SequenceSet set = task->draw(Split::Train, 60000, random);
  QCOMPARE(static_cast<double>(countDistinct(set)), coverage.possible);
}

void TestDescribe::boundsWhatOverlaps() {
  // Noise may be an anchor: some sequences have two readings and are never drawn.
  TaskSpec spec = tiny(task("* 5 x * -> x", "x"));
  spec.held_out = {PredicateRule{"x-6"}};
  const auto task = Task::compile(spec);
  QVERIFY2(task.has_value(), task ? "" : task.error().front().message.c_str());
  const Coverage coverage = coverageOf(*task, 1);
  QCOMPARE(coverage.kind, Coverage::Kind::AtMost);
  Random random(1, "test");
  const SequenceSet set = task->draw(Split::Train, 60000, random);
  QVERIFY(static_cast<double>(countDistinct(set)) < coverage.possible);
}

void TestDescribe::largeNumbers() {
  // 8 places, 7 of 8 keys of 81 (of each place 10 or 11 are held out), noise 81^7.
  const auto task = Task::compile(identity());
  const Coverage coverage = coverageOf(*task, 2000);
  QCOMPARE(coverage.kind, Coverage::Kind::Certain);
  QVERIFY(std::fabs(coverage.log10_possible - (std::log10(8 * 81 - 81) + 7 * std::log10(81))) <
          1e-9);
  QVERIFY(std::fabs(std::log10(coverage.possible) - coverage.log10_possible) < 1e-9);
  TaskSpec spec = identity();
  spec.seq_len = {300};
  const auto longer = Task::compile(spec);
  QVERIFY(longer.has_value());
  const Coverage beyond = coverageOf(*longer, 2000);
  QVERIFY(std::isinf(beyond.possible));
  QVERIFY(beyond.log10_possible > 560 && beyond.log10_possible < 575);
  QVERIFY(beyond.share >= 0 && beyond.share < 1e-300);
}

void TestDescribe::sentenceOfCoverage() {
  QCOMPARE(largeNumberText(std::log10(648000), 648000), std::string("648 000"));
  QCOMPARE(largeNumberText(17.4, std::pow(10, 17.4)), std::string("2.5\xC2\xB7"
                                                                  "10^17"));
  Coverage coverage;
  coverage.possible = 648000;
  coverage.log10_possible = std::log10(648000);
  coverage.share = 2000.0 / 648000;
  QCOMPARE(coverageSentence(coverage, 2000),
           std::string("2 000 sequences are at most 0.309 % of the 648 000 possible training "
                       "sequences."));
  coverage.kind = Coverage::Kind::AtMost;
  coverage.share = 3e-12;
  QCOMPARE(coverageSentence(coverage, 2000),
           std::string("2 000 sequences are about 10^-9 % of the possible training sequences, of "
                       "which there are at most 648 000."));
}

QTEST_GUILESS_MAIN(TestDescribe)
#include "tst_describe.moc"
