// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/random.h"
#include "engine/core/task/explain.h"
#include "tests/support/task_specs.h"

#include <QtTest>

using namespace anchorlens::core;
using namespace anchorlens::test;

namespace {

struct Case {
  const char* name;
  TaskSpec spec;
  const char* line;
  const char* text;
};

TaskSpec relabelled() {
  TaskSpec spec = composite();
  spec.relabel = {{{{"A", 4}, {"B", 3}}, "x-6"}};
  return spec;
}

TaskSpec mixture() {
  TaskSpec spec = statistical();
  spec.forms[0].pattern = "* x 3 4 * -> 4(3(x))";
  spec.anchors.push_back({4, "x-8"});
  return spec;
}

TaskSpec randomSum() {
  TaskSpec spec = statistical();
  spec.forms[0].pattern = "* 3 x * -> 3(x)+1";
  return spec;
}

/// Anchor 2 is trained with keys from 40 up only.
TaskSpec selectedArm() {
  TaskSpec spec = readingComprehension();
  spec.held_out = {KeysRule{2, {{20, 39}}}};
  return spec;
}

TaskSpec sums() {
  TaskSpec spec = task("* x A y B -> A(x)+B(y)-20", "x", {{1, "x+1"}, {2, "table 7"}}, 5);
  spec.held_out.emplace_back(PredicateRule{"(x+y) mod 5"});
  return spec;
}

TaskSpec withLengths() {
  TaskSpec spec = task("* 3 x * -> x-5", "x");
  spec.seq_len = {4, 5};
  spec.held_out = {LengthRule{{5}}};
  return spec;
}

std::vector<Case> cases() {
  return {
      {"a key", identity(), "88 61 3 45 20 99 45 71 30", "x = 45"},
      {"a residue", identity(), "88 61 3 43 20 99 45 71 30",
       "x = 43; held out: (x - position) mod 8 = (43 - 3) mod 8 = 0"},
      {"two anchors", composite(), "88 46 2 4 20 99 45 71 30", "46 -> 2: x+1 = 47 -> 4: x-8 = 39"},
      {"a pair", composite(), "88 46 3 4 20 99 45 71 30",
       "46 -> 3: x-2 = 44 -> 4: x-8 = 36; held out: A = 3, B = 4"},
      {"a synonym", synonym(), "88 1 9 46 20 99 45 71 30",
       "46 -> 9 (same as 3): x-2 = 44 -> 1: x+5 = 49"},
      {"match", readingComprehension(), "1 40 2 52 60 60 3 61 2", "Q = 2 selects y = 52"},
      {"match, held out", readingComprehension(), "1 40 2 59 60 60 3 61 2",
       "Q = 2 selects y = 59; held out: (y - position) mod 8 = (59 - 3) mod 8 = 0"},
      {"nearest", classification(), "20 5 43 7 99 99 90 2 39",
       "w = 39 is nearest to y = 43: B = 7"},
      {"a random answer", statistical(), "88 61 3 46 20 99 45 71 30",
       "46 -> 3: 80 %: x = 46, 20 %: x+1 = 47"},
      {"after a random answer", mixture(), "88 46 3 4 20 99 45 71 30",
       "46 -> 3: 80 %: x = 46, 20 %: x+1 = 47 -> 4: x-8 gives 80 %: 38, 20 %: 39"},
      {"a sum with a random answer", randomSum(), "88 61 3 46 20 99 45 71 30",
       "46 -> 3: 80 %: x = 46, 20 %: x+1 = 47; 3(x)+1 gives 80 %: 47, 20 %: 48"},
      {"keys of a selected arm", selectedArm(), "1 30 2 35 60 60 3 31 2",
       "Q = 2 selects y = 35; held out: anchor 2 with y = 35, in 20..39"},
      {"keys of another arm", selectedArm(), "1 30 2 35 60 60 3 31 1", "Q = 1 selects x = 30"},
      {"two keys", severalKeys(), "88 1 46 31 20 99 45 71 30", "46, 31 -> 1: min(x, y) = 31"},
      {"a predicate", severalKeys(), "88 1 46 34 20 99 45 71 30",
       "46, 34 -> 1: min(x, y) = 34; held out: (x+y) mod 8 = 0 for x = 46, y = 34"},
      {"keys of an anchor", multiAnchor(), "88 2 30 34 20 99 45 71 30",
       "30 -> 2: x+2 = 32; held out: anchor 2 with x = 30, in 28..35"},
      {"relabelled", relabelled(), "88 46 4 3 20 99 45 71 30",
       "46 -> 4: x-8 = 38 -> 3: x-2 = 36; taught: 46 -> x-6 = 40"},
      {"blocks", chains(), "33 44 44 55 55 66 33", "d = 66"},
      {"a length", withLengths(), "30 3 46 30 30", "x-5 = 46-5 = 41; held out: length 5"},
  };
}

}  // namespace

class TestExplain : public QObject {
  Q_OBJECT

 private slots:
  void worked_data();
  void worked();
  void sumsOfApplied();
  void tables();
  void agreesWithJudge();
  void whyNot();
  void readsLines();
};

void TestExplain::worked_data() {
  QTest::addColumn<int>("index");
  int index = 0;
  for (const Case& row : cases()) {
    QTest::newRow(row.name) << index++;
  }
}

void TestExplain::worked() {
  QFETCH(int, index);
  const Case row = cases()[static_cast<std::size_t>(index)];
  const auto task = Task::compile(row.spec);
  QVERIFY2(task.has_value(), task ? "" : task.error().front().message.c_str());
  const auto explained = explainLine(*task, row.line);
  QVERIFY2(explained.has_value(), explained ? "" : explained.error().c_str());
  QCOMPARE(explained->explanation.text(), std::string(row.text));
}

void TestExplain::sumsOfApplied() {
  const auto task = Task::compile(sums());
  QVERIFY2(task.has_value(), task ? "" : task.error().front().message.c_str());
  const auto explained = explainLine(*task, "50 46 1 60 1");
  QVERIFY2(explained.has_value(), explained ? "" : explained.error().c_str());
  const std::vector<std::string> steps{"46 -> 1: x+1 = 47", "60 -> 1: x+1 = 61", "47+61-20 = 88"};
  QVERIFY2(explained->explanation.steps == steps, explained->explanation.text().c_str());
}

void TestExplain::tables() {
  const auto task = Task::compile(memoryAndReasoning());
  QVERIFY(task.has_value());
  const auto explained = explainLine(*task, "88 1 46 34 20 99 45 71 30");
  QVERIFY(explained.has_value());
  const std::string answer = std::to_string(explained->judgement.answers.front().token);
  QCOMPARE(explained->explanation.steps.front(), "46 -> 1: table 1 = " + answer);
}

/// Of every task: the last step ends in the judge's answer, and the rules say held out where the
/// split does.
void TestExplain::agreesWithJudge() {
  for (const NamedTask& named : allTasks()) {
    const auto task = Task::compile(named.spec);
    QVERIFY(task.has_value());
    Random random(1, "explain");
    for (const Split split : {Split::Train, Split::Test}) {
      const SequenceSet set = task->draw(split, 200, random);
      for (std::size_t i = 0; i < set.size(); ++i) {
        const auto explained = explain(*task, set.row(i));
        QVERIFY(explained.has_value());
        const auto judged = task->judge(set.row(i));
        QCOMPARE(explained->judgement.answers, judged->answers);
        QCOMPARE(explained->explanation.held_out.empty(), judged->split == Split::Train);
        const std::string text = explained->explanation.steps.back();
        for (const Answer& answer : judged->answers) {
          const std::string token = std::to_string(answer.token);
          QVERIFY2(judged->answers.size() > 1 ? text.find(token) != text.npos
                                              : text.ends_with(" " + token),
                   (named.name + ": " + text).c_str());
        }
      }
    }
  }
}

void TestExplain::whyNot() {
  const auto task = Task::compile(identity());
  const std::pair<const char*, const char*> lines[] = {
      {"88 61 4 45 20 99 45 71 30",
       "Anchor 3 is missing: the sequence does not fit the pattern * 3 x * -> x."},
      {"3 45", "The sequence has 2 tokens; this task's have 9."},
      {"88 61 3 45 20 99 45 71 300", "Token 300 at position 8 is not in the vocabulary 1..200."},
      {"88 61 3 45 x",
       "Column 11: x is no token; expected whole numbers separated by spaces, such as 46 3 51."},
      {"  ", "Expected tokens: whole numbers separated by spaces."},
      {"99999999999999",
       "Column 0: 99999999999999 is no token; expected whole numbers separated by spaces, such as "
       "46 3 51."},
  };
  for (const auto& [line, message] : lines) {
    const auto explained = explainLine(*task, line);
    QVERIFY(!explained.has_value());
    QCOMPARE(explained.error(), std::string(message));
  }
}

void TestExplain::readsLines() {
  const std::vector<std::int32_t> tokens{71, 3, 85};
  for (const char* line : {"71 3 85", "71, 3, 85", " 71 [3] (85)\n", "[71,3,85]", "71;3\t85"}) {
    const auto read = readTokens(line);
    QVERIFY(read.has_value());
    QVERIFY(*read == tokens);
  }
}

QTEST_GUILESS_MAIN(TestExplain)
#include "tst_explain.moc"
