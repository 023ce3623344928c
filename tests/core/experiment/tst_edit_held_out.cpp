// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment/composed_operation.h"
#include "engine/core/experiment/edit_held_out.h"
#include "engine/core/experiment_json.h"
#include "engine/core/language/language.h"

#include <QObject>
#include <QTest>

using namespace anchorlens::core;

namespace {

/// Composite with the pair 3, 4 held out (rule 1), beside the residue (rule 0).
TaskSpec composite() {
  return preset("composite").task;
}

std::string composed(const TaskSpec& task, const char* pattern, const AnchorValues& values) {
  const auto parsed = parsePattern(pattern);
  if (!parsed) {
    qFatal("%s: %s", pattern, parsed.error().message.c_str());
  }
  const auto operation = composedOperation(task, *parsed, values);
  return operation ? printOperation(*operation) : "none";
}

}  // namespace

class TestEditHeldOut : public QObject {
  Q_OBJECT

 private slots:
  void readsStates();
  void paintingComesBack();
  void paintsEachState();
  void keyIntervals();
  void joinsIntervals();
  void renamesEverywhere();
  void renamesNothingElseOfTwins();
  void removesWithItsRules();
  void adds();
  void composes_data();
  void composes();
};

void TestEditHeldOut::readsStates() {
  TaskSpec task = composite();
  task.held_out.emplace_back(AnchorsRule{{{"A", 2}}});
  task.relabel.push_back({{{"A", 1}, {"B", 2}}, "x-6"});
  using State = CombinationState;
  QCOMPARE(combinationInfo(task, {{"A", 1}, {"B", 1}}), CombinationInfo());
  QCOMPARE(combinationInfo(task, {{"A", 3}, {"B", 4}}),
           (CombinationInfo{State::HeldOut, 1, -1, -1}));
  QCOMPARE(combinationInfo(task, {{"A", 2}, {"B", 4}}),
           (CombinationInfo{State::HeldOut, -1, -1, 2}));
  QCOMPARE(combinationInfo(task, {{"A", 1}, {"B", 2}}),
           (CombinationInfo{State::Relabelled, -1, 0, -1}));
  // A rule without values holds out nothing (and is an error of its own).
  task.held_out = {AnchorsRule{}};
  QCOMPARE(combinationInfo(task, {{"A", 3}, {"B", 4}}), CombinationInfo());
}

void TestEditHeldOut::paintingComesBack() {
  TaskSpec before = composite();
  before.held_out.emplace_back(KeysRule{1, {{20, 27}}});
  before.relabel.push_back({{{"A", 4}, {"B", 1}}, "x-1"});
  TaskSpec task = before;
  const AnchorValues cell{{"A", 2}, {"B", 2}};
  setHeldOut(task, cell);
  setRelabelled(task, cell, "x-6");
  setTrained(task, cell);
  QVERIFY(task == before);
}

void TestEditHeldOut::paintsEachState() {
  TaskSpec task = composite();
  const AnchorValues cell{{"A", 3}, {"B", 4}};
  setHeldOut(task, cell);  // it was: nothing moves
  QVERIFY(task == composite());
  setRelabelled(task, cell, "x-6");
  QCOMPARE(task.held_out.size(), 1U);
  QCOMPARE(task.relabel, (std::vector<RelabelSpec>{{cell, "x-6"}}));
  setRelabelled(task, cell, "x-7");  // edits the operation in place
  QCOMPARE(task.relabel, (std::vector<RelabelSpec>{{cell, "x-7"}}));
  setHeldOut(task, cell);
  QVERIFY(task == composite());  // the rule stands last, as it did
}

void TestEditHeldOut::keyIntervals() {
  TaskSpec task = composite();
  const auto rules = task.held_out;
  QCOMPARE(keysNeverTrained(task, 1), Intervals());
  setKeysNeverTrained(task, 1, {{20, 27}});
  QCOMPARE(task.held_out.size(), 3U);
  QCOMPARE(keysNeverTrained(task, 1), (Intervals{{20, 27}}));
  // Of two rules of one anchor one is left, at the place of the first; others stay.
  task.held_out = {KeysRule{1, {{20, 22}}}, KeysRule{2, {{30, 31}}}, KeysRule{1, {{40, 41}}}};
  QCOMPARE(keysNeverTrained(task, 1), (Intervals{{20, 22}, {40, 41}}));
  setKeysNeverTrained(task, 1, {{50, 51}});
  QVERIFY(task.held_out ==
          (std::vector<HeldOutRule>{KeysRule{1, {{50, 51}}}, KeysRule{2, {{30, 31}}}}));
  setKeysNeverTrained(task, 1, {});
  QVERIFY(task.held_out == (std::vector<HeldOutRule>{KeysRule{2, {{30, 31}}}}));
}

void TestEditHeldOut::joinsIntervals() {
  QCOMPARE(joined({{30, 35}, {20, 22}, {23, 24}, {40, 38}}),
           (Intervals{{20, 24}, {30, 35}, {38, 40}}));
  QCOMPARE(joined({{20, 40}, {25, 30}}), (Intervals{{20, 40}}));
  QCOMPARE(joined({}), Intervals());
}

void TestEditHeldOut::renamesEverywhere() {
  TaskSpec task = composite();
  task.anchors.push_back({9, "same as 3"});
  task.forms[0].anchors["A"] = {3, 1};
  task.held_out.emplace_back(KeysRule{3, {{20, 27}}});
  task.relabel.push_back({{{"A", 3}, {"B", 1}}, "same as 3"});
  const TaskSpec before = task;
  renameAnchor(task, 2, 7);
  QCOMPARE(task.anchors[2].token, 7);
  QCOMPARE(task.anchors[4].operation, std::string("same as 7"));
  QCOMPARE(task.forms[0].anchors["A"], (std::vector<int>{7, 1}));
  QCOMPARE(std::get<AnchorsRule>(task.held_out[1]).values, (AnchorValues{{"A", 7}, {"B", 4}}));
  QCOMPARE(std::get<KeysRule>(task.held_out[2]).anchor, 7);
  QCOMPARE(task.relabel[0], (RelabelSpec{{{"A", 7}, {"B", 1}}, "same as 7"}));
  renameAnchor(task, 2, 3);
  QVERIFY(task == before);
}

void TestEditHeldOut::renamesNothingElseOfTwins() {
  TaskSpec task = composite();
  TaskSpec expected = task;
  renameAnchor(task, 2, 4);  // 4 has a row: this is an error that the row shows
  expected.anchors[2].token = 4;
  QVERIFY(task == expected);
  renameAnchor(task, 2, 5);  // and what names 4 still means row 3
  expected.anchors[2].token = 5;
  QVERIFY(task == expected);
}

void TestEditHeldOut::removesWithItsRules() {
  TaskSpec task = composite();
  task.forms[0].anchors = {{"A", {3, 4}}, {"B", {3}}};
  task.held_out.emplace_back(KeysRule{3, {{20, 27}}});
  task.relabel = {{{{"A", 1}, {"B", 3}}, "x"}, {{{"A", 1}, {"B", 2}}, "x"}};
  removeAnchor(task, 2);
  QCOMPARE(task.anchors.size(), 3U);
  QCOMPARE(task.forms[0].anchors["A"], (std::vector<int>{4}));
  QCOMPARE(task.forms[0].anchors["B"], (std::vector<int>{3}));  // a list is never empty
  QCOMPARE(task.held_out.size(), 1U);                           // the residue
  QCOMPARE(task.relabel.size(), 1U);
  // A second row of the same token keeps what names it.
  task = composite();
  task.anchors.push_back({3, "x+7"});
  removeAnchor(task, 4);
  QVERIFY(task == composite());
}

void TestEditHeldOut::adds() {
  TaskSpec task = composite();
  QCOMPARE(addAnchor(task), 5);
  QCOMPARE(task.anchors.back(), (AnchorSpec{5, "x"}));
  task.anchors.clear();
  QCOMPARE(addAnchor(task), 1);
}

void TestEditHeldOut::composes_data() {
  QTest::addColumn<QString>("pattern");
  QTest::addColumn<int>("a");
  QTest::addColumn<int>("b");
  QTest::addColumn<QString>("expected");
  const auto row = [](const char* pattern, int a, int b, const char* expected) {
    QTest::addRow("%s, %d, %d", pattern, a, b) << pattern << a << b << expected;
  };
  const char* chain = "* x A B * -> B(A(x))";
  row(chain, 1, 1, "x+10");
  row(chain, 3, 4, "x-10");
  row(chain, 5, 4, "3*x-8");
  row(chain, 4, 5, "3*x-24");
  row(chain, 5, 5, "9*x");
  row(chain, 9, 4, "x-10");  // 9 is the same as 3
  row(chain, 6, 1, "80% x+5 | 20% x+6");
  row(chain, 6, 6, "64% x | 32% x+1 | 4% x+2");
  row(chain, 7, 1, "7(x)+5");
  row(chain, 8, 1, "none");   // x y z: B would need two keys
  row(chain, 10, 1, "none");  // no operation
  row(chain, 11, 1, "none");  // no row
  row(chain, 12, 1, "none");  // a circle of synonyms
  row(chain, 1, 14, "(x+5) mod 10");
  row("* A B x * -> A(B(x))", 3, 5, "3*x-2");
  row("* A x y B * -> A(x, y)", 8, 1, "x+y");
  row("A x B y 1 -> match(1; A:x, B:y)", 2, 1, "y");
  row("A x B y 1 -> match(1; A:x, B:y)", 1, 1, "none");  // two keys
  row("x A y B w -> nearest(w; x:A, y:B)", 2, 1, "nearest(w; x:2, y:1)");
}

void TestEditHeldOut::composes() {
  QFETCH(QString, pattern);
  QFETCH(int, a);
  QFETCH(int, b);
  QFETCH(QString, expected);
  TaskSpec task = composite();
  for (const auto& [token, operation] : std::vector<AnchorSpec>{{5, "x*3"},
                                                                {6, "80% x | 20% x+1"},
                                                                {7, "table 7"},
                                                                {8, "x+y"},
                                                                {9, "same as 3"},
                                                                {10, "x+"},
                                                                {12, "same as 13"},
                                                                {13, "same as 12"},
                                                                {14, "x mod 10"}}) {
    task.anchors.push_back({token, operation});
  }
  const std::string text = composed(task, pattern.toLatin1().constData(), {{"A", a}, {"B", b}});
  QCOMPARE(QString::fromStdString(text), expected);
}

QTEST_GUILESS_MAIN(TestEditHeldOut)
#include "tst_edit_held_out.moc"
