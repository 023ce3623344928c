// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment/task_shape.h"
#include "engine/core/experiment_json.h"
#include "engine/core/language/language.h"
#include "engine/core/task/table_answer.h"
#include "engine/core/task/task.h"

#include <QObject>
#include <QTest>

#include <set>

using namespace anchorlens::core;

namespace {

Pattern pattern(const char* text) {
  const auto parsed = parsePattern(text);
  if (!parsed) {
    qFatal("%s: %s", text, parsed.error().message.c_str());
  }
  return *parsed;
}

std::vector<int> range(int first, int last) {
  std::vector<int> values;
  for (int value = first; value <= last; ++value) {
    values.push_back(value);
  }
  return values;
}

}  // namespace

class TestTaskShape : public QObject {
  Q_OBJECT

 private slots:
  void variables();
  void tokens();
  void pages();
  void residueKeys();
  void positions_data();
  void positions();
  void positionsAreThoseOfSamples();
  void tablesAnswerAsInTraining();
};

void TestTaskShape::variables() {
  const Pattern blocks = pattern("{ a B | c A } B a -> c");
  QCOMPARE(anchorVariables(blocks), (std::vector<std::string>{"B", "A"}));
  QCOMPARE(keyVariables(blocks), (std::vector<std::string>{"a", "c"}));
  TaskSpec task;
  task.forms = {{"* 3 x * -> x", 1.0, {}, {}}, {"* 3", 1.0, {}, {}}, {"y x -> y", 1.0, {}, {}}};
  QCOMPARE(keyVariables(task), (std::vector<std::string>{"x", "y"}));
}

void TestTaskShape::tokens() {
  QCOMPARE(appliedTokens(pattern("* 3 x 2 * -> 3(x)+2(1(x))")), (std::vector<int>{1, 2, 3}));
  QCOMPARE(appliedTokens(pattern("* 3 x * -> x")), std::vector<int>());
  TaskSpec task = preset("composite").task;
  QCOMPARE(allowedTokens(task, task.forms[0], "A"), range(1, 4));
  task.forms[0].anchors["A"] = {4, 2};
  QCOMPARE(allowedTokens(task, task.forms[0], "A"), (std::vector<int>{4, 2}));
  QCOMPARE(allowedTokens(task, task.forms[0], "B"), range(1, 4));
  task.keys = {{"x", {{30, 40}}}};
  QCOMPARE(keyIntervals(task, "x"), (Intervals{{30, 40}}));
  QCOMPARE(keyIntervals(task, "y"), task.noise);
}

void TestTaskShape::pages() {
  TaskSpec task = preset("composite").task;
  auto pages = combinationPages(task);
  QCOMPARE(pages.size(), 1U);
  QCOMPARE(pages[0].variables, (std::vector<std::string>{"A", "B"}));
  QCOMPARE(pages[0].tokens[1], range(1, 4));
  QVERIFY(isOnPage(pages[0], {{"A", 3}, {"B", 4}}));
  QVERIFY(!isOnPage(pages[0], {{"A", 3}, {"B", 5}}));  // no such anchor
  QVERIFY(!isOnPage(pages[0], {{"A", 3}}));
  QVERIFY(isDrawn(task, pages[0], {{"A", 3}, {"B", 3}}));
  task.forms[0].distinct = {{"B", "A"}};
  QVERIFY(!isDrawn(task, pages[0], {{"A", 3}, {"B", 3}}));
  QVERIFY(isDrawn(task, pages[0], {{"A", 3}, {"B", 4}}));
  // A second form with the same variables adds its tokens; others have pages of their own.
  task.forms[0].anchors["A"] = {1, 2};
  task.forms.push_back({"* A B x * -> A(x)", 1.0, {{"A", {3}}, {"B", {4}}}, {}});
  task.forms.push_back({"* A x * -> A(x)", 1.0, {}, {}});
  task.forms.push_back({"* A B C x * -> A(x)", 1.0, {}, {}});  // three: no page
  task.forms.push_back({"* A B", 1.0, {}, {}});                // not readable
  pages = combinationPages(task);
  QCOMPARE(pages.size(), 2U);
  QCOMPARE(pages[0].tokens[0], (std::vector<int>{1, 2, 3}));
  QCOMPARE(pages[1].variables, (std::vector<std::string>{"A"}));
  QCOMPARE(pages[1].form, 2U);
  QVERIFY(isDrawn(task, pages[0], {{"A", 3}, {"B", 4}}));
  QVERIFY(!isDrawn(task, pages[0], {{"A", 3}, {"B", 2}}));
}

void TestTaskShape::residueKeys() {
  QCOMPARE(residueKeyOf(preset("identity").task), std::string("x"));
  QCOMPARE(residueKeyOf(preset("reading-comprehension").task), std::string("answer"));
  QCOMPARE(residueKeyOf(preset("classification").task), std::string("w"));
  QCOMPARE(residueKeyOf(preset("recitation-reverse").task), std::string("m"));
  QCOMPARE(residueKeyOf(TaskSpec()), std::string("x"));
}

void TestTaskShape::positions_data() {
  QTest::addColumn<QString>("key");
  QTest::addColumn<int>("first");
  QTest::addColumn<int>("last");
  const auto row = [](const char* text, const char* key, int first, int last) {
    QTest::newRow(text) << key << first << last;
  };
  row("* 3 x * -> x", "x", 1, 8);
  row("* 3 x -> x", "x", 8, 8);
  row("3 x * -> x", "x", 1, 1);
  row("_ 3 _ x * 4 _ -> x", "x", 3, 3);
  row("* 3 _ x 4 _ * -> x", "x", 2, 6);
  row("* m 3 n * m -> n", "m", 0, 5);
  row("{ * x | y z } * x -> z", "y", 0, 7);
}

void TestTaskShape::positions() {
  QFETCH(QString, key);
  QFETCH(int, first);
  QFETCH(int, last);
  TaskSpec task;
  task.forms = {{QTest::currentDataTag(), 1.0, {}, {}}};
  QCOMPARE(keyPositions(task, key.toStdString()), range(first, last));
  task.seq_len = {2};  // too short for all but the first three
  task.forms = {{"* 3 _ x 4 _ * -> x", 1.0, {}, {}}};
  QCOMPARE(keyPositions(task, "x"), std::vector<int>());
}

void TestTaskShape::positionsAreThoseOfSamples() {
  // The places of the key in many samples, and no others; the target of recitation comes twice.
  for (const char* name : {"identity", "recitation-reverse", "middle-word"}) {
    TaskSpec spec = preset(name).task;
    const std::string key = residueKeyOf(spec);
    const auto task = Task::compile(spec);
    QVERIFY2(task.has_value(), name);
    Random random(1, "test");
    std::set<int> found;
    const SequenceSet set = task->draw(Split::Train, 4000, random);
    for (std::size_t i = 0; i < set.size(); ++i) {
      const auto roles = set.rolesOf(i);
      for (int p = 0; p < set.seq_len; ++p) {
        if (task->roles()[roles[static_cast<std::size_t>(p)]].name == "key:" + key) {
          found.insert(p);
          break;
        }
      }
    }
    QCOMPARE(keyPositions(spec, key), std::vector<int>(found.begin(), found.end()));
  }
}

void TestTaskShape::tablesAnswerAsInTraining() {
  const TaskSpec spec = preset("memory-and-reasoning").task;
  const auto task = Task::compile(spec);
  QVERIFY(task.has_value());
  Random random(1, "test");
  const SequenceSet set = task->draw(Split::Train, 200, random);
  int compared = 0;
  for (std::size_t i = 0; i < set.size(); ++i) {
    int token = 0;
    std::int64_t key = 0;
    for (std::size_t p = 0; p < set.row(i).size(); ++p) {
      const auto& role = task->roles()[set.rolesOf(i)[p]];
      token = role.kind == RoleInfo::Kind::Anchor ? set.row(i)[p] : token;
      key = role.kind == RoleInfo::Kind::Key ? set.row(i)[p] : key;
    }
    if (token > 2) {
      continue;  // 1 is `table 1`, 2 is `table 2`
    }
    const auto seed = static_cast<std::uint64_t>(token);
    QCOMPARE(tableAnswer(seed, token, {&key, 1}, TokenSet::of(spec.noise)), set.targets[i]);
    ++compared;
  }
  QVERIFY(compared > 40);
}

QTEST_GUILESS_MAIN(TestTaskShape)
#include "tst_task_shape.moc"
