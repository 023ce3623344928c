// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/task.h"
#include "tests/core/task/extra_tasks.h"
#include "tests/support/task_specs.h"

#include <QtTest>

using namespace anchorlens::core;
using namespace anchorlens::test;

namespace {

Task compiled(const TaskSpec& spec) {
  auto task = Task::compile(spec);
  if (!task) {
    qFatal("%s", task.error().front().message.c_str());
  }
  return *task;
}

QStringList groupNames(const Task& task) {
  QStringList names;
  for (const GroupInfo& group : task.groups()) {
    names << QString::fromStdString(group.name);
  }
  return names;
}

const GroupInfo& groupOf(const Task& task, const std::string& name) {
  for (const GroupInfo& group : task.groups()) {
    if (group.name == name) {
      return group;
    }
  }
  qFatal("no group %s", name.c_str());
}

/// "x-A A-B"
QString pairsText(const Task& task) {
  QStringList pairs;
  for (const RolePair& pair : task.pairs()) {
    pairs << QString::fromStdString(task.roles()[pair.first].symbol + "-" +
                                    task.roles()[pair.second].symbol);
  }
  return pairs.join(" ");
}

}  // namespace

class TestGroups : public QObject {
  Q_OBJECT

 private slots:
  void roles() {
    const Task task = compiled(readingComprehension());
    QStringList names;
    for (const RoleInfo& role : task.roles()) {
      names << QString::fromStdString(role.name);
    }
    QCOMPARE(names, (QStringList{"noise", "anchor:1", "key:x", "anchor:2", "key:y", "anchor:3",
                                 "key:z", "anchor:Q"}));
    QCOMPARE(task.roles()[0].symbol, std::string());
    QCOMPARE(task.roles()[7].symbol, std::string("Q"));
    QVERIFY(task.roles()[7].kind == RoleInfo::Kind::Anchor);
    QVERIFY(task.roles()[2].kind == RoleInfo::Kind::Key);
  }

  void formsShareRolesByName() {
    const Task task = compiled(twoForms());
    QCOMPARE(task.roles().size(), std::size_t{4});  // noise, 3, x, 4
  }

  void namesOfGroups_data() {
    QTest::addColumn<int>("which");
    QTest::addColumn<QStringList>("names");
    QTest::newRow("no variables") << 0 << QStringList{"seen", "held_out"};
    QTest::newRow("one variable") << 1
                                  << QStringList{"Q=1 seen",     "Q=1 held_out", "Q=2 seen",
                                                 "Q=2 held_out", "Q=3 seen",     "Q=3 held_out"};
    QTest::newRow("two forms") << 2
                               << QStringList{"form0 seen", "form0 held_out", "form1 seen",
                                              "form1 held_out"};
    QTest::newRow("two lengths, one held out")
        << 3 << QStringList{"form0 seen", "form0 held_out", "form1 length=7 held_out"};
    QTest::newRow("too many combinations") << 4 << QStringList{"seen", "held_out"};
  }
  void namesOfGroups() {
    QFETCH(int, which);
    QFETCH(QStringList, names);
    const TaskSpec specs[] = {identity(), readingComprehension(), twoForms(), heldChainLength(),
                              classification()};
    QCOMPARE(groupNames(compiled(specs[which])), names);
  }

  void kindsOfGroups() {
    const Task task = compiled(composite());
    QCOMPARE(task.groups().size(), std::size_t{31});  // 15 pairs twice, and the held-out one
    const GroupInfo& seen = groupOf(task, "A=1 B=4 seen");
    QVERIFY(seen.kind == GroupInfo::Kind::Seen);
    QVERIFY(seen.split == Split::Train);
    QCOMPARE(seen.anchors, (std::vector<int>{1, 4}));
    const GroupInfo& keys = groupOf(task, "A=1 B=4 held_out");
    QVERIFY(keys.kind == GroupInfo::Kind::HeldOutKeys);
    QVERIFY(keys.split == Split::Test);
    const GroupInfo& pair = groupOf(task, "A=3 B=4 held_out");
    QVERIFY(pair.kind == GroupInfo::Kind::HeldOutCombination);
    QVERIFY(!groupNames(task).contains("A=3 B=4 seen"));
  }

  void aHeldOutLengthIsAGroupOfItsOwn() {
    const Task task = compiled(heldLength());
    QVERIFY(groupOf(task, "length=12 A=3 B=4 held_out").kind ==
            GroupInfo::Kind::HeldOutCombination);
    QVERIFY(groupOf(task, "length=12 A=1 B=1 held_out").kind ==
            GroupInfo::Kind::HeldOutCombination);
    QVERIFY(!groupNames(task).contains("length=9 A=1 B=1 seen"));
    QVERIFY(groupNames(task).contains("A=1 B=1 seen"));
  }

  void aRelabelledPairCountsApart() {
    const Task task = compiled(relabelled());
    QVERIFY(groupOf(task, "A=3 B=4 seen").kind == GroupInfo::Kind::Seen);
    QVERIFY(groupOf(task, "A=3 B=4 held_out").kind == GroupInfo::Kind::HeldOutCombination);
    QVERIFY(groupOf(task, "A=3 B=3 held_out").kind == GroupInfo::Kind::HeldOutKeys);
  }

  void aCombinationWithoutTrainedKeysIsHeldOut() {
    TaskSpec spec = multiAnchor();
    spec.held_out.emplace_back(KeysRule{4, {{20, 100}}});
    const Task task = compiled(spec);
    QVERIFY(!groupNames(task).contains("A=4 seen"));
    QVERIFY(groupOf(task, "A=4 held_out").kind == GroupInfo::Kind::HeldOutCombination);
  }

  void manyCombinationsAreReportedTogether() {
    TaskSpec spec = classification();
    spec.held_out.emplace_back(AnchorsRule{{{"A", 1}, {"B", 2}}});
    const Task task = compiled(spec);
    QCOMPARE(groupNames(task), (QStringList{"seen", "held_out", "combination held_out"}));
    QVERIFY(groupOf(task, "combination held_out").kind == GroupInfo::Kind::HeldOutCombination);
    QVERIFY(task.groups()[0].anchors.empty());
  }

  void testSplitWithoutHeldOutKeys() {
    TaskSpec spec = composite();
    spec.held_out.erase(spec.held_out.begin());
    const Task task = compiled(spec);
    QVERIFY(!task.analysis().has_test);
    Random random(1, "test");
    const SequenceSet set = task.draw(Split::Test, 20, random);
    for (const std::int32_t group : set.groups) {
      QCOMPARE(QString::fromStdString(task.groups()[static_cast<std::size_t>(group)].name),
               QString("A=3 B=4 held_out"));
    }
  }

  void pairs_data() {
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<QString>("pairs");
    QTest::newRow("cue") << "* 3 x * -> x"
                         << "3-x";
    QTest::newRow("cue after the key") << "* x 3 * -> x"
                                       << "3-x";
    QTest::newRow("longer anchor") << "* 2 3 x * -> x"
                                   << "3-x 2-x";
    QTest::newRow("anchor at a distance") << "* 3 _ _ x * -> x"
                                          << "3-x";
    QTest::newRow("middle word") << "* 3 _ x _ 4 * -> x"
                                 << "3-x 4-x";
    QTest::newRow("key between") << "* 3 y x * -> x"
                                 << "3-x";
    QTest::newRow("gap between") << "3 * 5 x * 4 -> x"
                                 << "5-x";
    QTest::newRow("recitation") << "* m 3 n * m -> n"
                                << "3-n";
    QTest::newRow("operation") << "* A x * -> A(x)"
                               << "x-A";
    QTest::newRow("literal operation") << "* 3 x * -> 3(x)"
                                       << "x-3";
    QTest::newRow("chain of operations") << "* x A B * -> B(A(x))"
                                         << "x-A A-B";
    QTest::newRow("other order") << "* A B x * -> A(B(x))"
                                 << "x-B B-A";
    QTest::newRow("two keys") << "* A x y * -> A(x, y)"
                              << "x-A y-A";
    QTest::newRow("inside arithmetic") << "* A x 5 y * -> A(x+y)"
                                       << "x-A y-A";
    QTest::newRow("match") << "1 x * 2 y * Q -> match(Q; 1:x, 2:y)"
                           << "x-1 y-2";
    QTest::newRow("nearest") << "x A * y B * w -> nearest(w; x:A, y:B)"
                             << "x-A y-B";
    QTest::newRow("applied match") << "1 x * 2 y * Q A -> A(match(Q; 1:x, 2:y))"
                                   << "x-1 y-2 x-A y-A";
    QTest::newRow("no anchor") << "* a b * a -> b"
                               << "";
    QTest::newRow("sum of two cued keys") << "3 x * 4 y * -> x + y"
                                          << "3-x 4-y";
    QTest::newRow("in a block") << "{ 1 x | 2 y } * -> x"
                                << "1-x";
  }
  void pairs() {
    QFETCH(QString, pattern);
    QFETCH(QString, pairs);
    TaskSpec spec = task(pattern.toStdString(), "x");
    spec.seq_len = {20};
    spec.d_vocab = 400;
    spec.anchors = {{1, "x+1"}, {2, "x+2"}, {3, "x+3"}};
    spec.forms[0].anchors = {};
    const bool has_q = pattern.contains(" Q ");
    if (has_q) {
      spec.forms[0].anchors["Q"] = {1, 2};
    }
    for (const char* key : {"n", "b"}) {
      if (pattern.endsWith(QString("-> ") + key)) {
        spec.held_out = {ResidueRule{key}};
      }
    }
    QCOMPARE(pairsText(compiled(spec)), pairs);
  }
};

QTEST_GUILESS_MAIN(TestGroups)
#include "tst_groups.moc"
