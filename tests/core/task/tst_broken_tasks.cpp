// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/task.h"
#include "tests/core/task/broken_tasks.h"

#include <QtTest>

using namespace anchorlens::core;
using namespace anchorlens::test;

class TestBrokenTasks : public QObject {
  Q_OBJECT

 private slots:
  void eachErrorHasItsPlaceAndItsWords_data() {
    QTest::addColumn<int>("index");
    const auto all = brokenTasks();
    QVERIFY(all.size() >= 40);
    for (int i = 0; i < static_cast<int>(all.size()); ++i) {
      QTest::newRow(all[static_cast<std::size_t>(i)].name) << i;
    }
  }
  void eachErrorHasItsPlaceAndItsWords() {
    QFETCH(int, index);
    const BrokenTask broken = brokenTasks()[static_cast<std::size_t>(index)];
    const auto task = Task::compile(broken.spec);
    QVERIFY(!task.has_value());
    const SpecError& error = task.error().front();
    QCOMPARE(QString::fromStdString(error.message), QString(broken.message));
    QCOMPARE(QString::fromStdString(error.pointer), QString(broken.pointer));
    QCOMPARE(error.column, broken.column);
    QCOMPARE(error.column_length, broken.column_length);
  }

  void allErrorsAtOnceInTheOrderOfTheDocument() {
    TaskSpec spec = composite();
    spec.relabel = {{{{"Z", 1}}, "x"}};
    spec.held_out[0] = ResidueRule{"z"};
    spec.forms[0].pattern = "* x A B * -> B(A(y))";
    spec.anchors[3].token = 1;
    spec.anchors[1].operation = "x+";
    spec.keys = {{"q", {{30, 20}}}};
    spec.noise = {{20, 300}};
    spec.seq_len = {0};
    const auto task = Task::compile(spec);
    QVERIFY(!task.has_value());
    QStringList pointers;
    for (const SpecError& error : task.error()) {
      pointers << QString::fromStdString(error.pointer);
    }
    const QStringList expected{"/task/seq_len",
                               "/task/noise/0",
                               "/task/keys/q/0",
                               "/task/keys/q",
                               "/task/anchors/1/operation",
                               "/task/anchors/3/token",
                               "/task/forms/0/pattern",
                               "/task/held_out/0/key",
                               "/task/held_out/1/values/B",
                               "/task/relabel/0/values/Z"};
    QCOMPARE(pointers, expected);
  }

  void namesAreEscapedInPointers() {
    TaskSpec spec = identity();
    spec.keys = {{"a/b~c", {{20, 30}}}};
    const auto task = Task::compile(spec);
    QVERIFY(!task.has_value());
    QCOMPARE(QString::fromStdString(task.error().front().pointer), QString("/task/keys/a~1b~0c"));
  }
};

QTEST_GUILESS_MAIN(TestBrokenTasks)
#include "tst_broken_tasks.moc"
