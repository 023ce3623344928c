// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/slurm_script.h"

#include <QTest>

#include <numeric>

using namespace anchorlens::ctl;

class TestSlurmScript : public QObject {
  Q_OBJECT

 private slots:
  void ranges();
  void noRanges_data();
  void noRanges();
  void tasks();
  void tasksOfAFullArray();
  void seconds_data();
  void seconds();
  void commandOfATask();
};

void TestSlurmScript::ranges() {
  using Members = std::vector<std::size_t>;
  QCOMPARE(memberRanges({0, 1, 2, 3, 6}), std::string("1-4,7"));
  QCOMPARE(memberRanges({4}), std::string("5"));
  QCOMPARE(parseRanges("1-4,7", 7).value(), (Members{0, 1, 2, 3, 6}));
  QCOMPARE(parseRanges("7,2-3,3", 7).value(), (Members{1, 2, 6}));
}

void TestSlurmScript::noRanges_data() {
  QTest::addColumn<QByteArray>("text");
  for (const char* text : {"", "0", "8", "2-1", "1-8", "1-2-3", "a", "1,", "-1", "1-", " 1", "+1",
                           "99999999999999999999"}) {
    QTest::newRow(text) << QByteArray(text);
  }
}

void TestSlurmScript::noRanges() {
  QFETCH(QByteArray, text);
  QVERIFY(!parseRanges(text.toStdString(), 7));
}

void TestSlurmScript::tasks() {
  const auto one_each = slurmTasks({1, 4}, 1, 1001);
  QCOMPARE(one_each.size(), std::size_t{2});
  QCOMPARE(one_each[1].index, std::size_t{5});  // the number of the run
  const auto pairs = slurmTasks({1, 4, 5}, 2, 1001);
  QCOMPARE(pairs.size(), std::size_t{2});
  QCOMPARE(pairs[0].members, (std::vector<std::size_t>{1, 4}));
  QCOMPARE(pairs[1].members, (std::vector<std::size_t>{5}));
  QCOMPARE(pairs[1].index, std::size_t{6});
}

/// Every member is in one task, and every index below the array's size.
void TestSlurmScript::tasksOfAFullArray() {
  for (const std::size_t count : {1U, 999U, 1000U, 1001U, 1999U, 2001U, 10000U}) {
    std::vector<std::size_t> members(count);
    std::iota(members.begin(), members.end(), std::size_t{0});
    std::vector<std::size_t> found;
    std::size_t last = 0;
    for (const SlurmTask& task : slurmTasks(members, 1, 1001)) {
      QVERIFY(task.index > last && task.index <= 1000);
      last = task.index;
      found.insert(found.end(), task.members.begin(), task.members.end());
    }
    QCOMPARE(found, members);
  }
  // Few are left, but their numbers are too large for the array.
  const auto few = slurmTasks({5000, 9999}, 1, 1001);
  QCOMPARE(few[0].index, std::size_t{1});
  QCOMPARE(few[1].index, std::size_t{2});
}

void TestSlurmScript::seconds_data() {
  QTest::addColumn<int>("expected");
  QTest::newRow("30") << 1800;
  QTest::newRow("1:30") << 90;
  QTest::newRow("12:00:00") << 43200;
  QTest::newRow("2-12") << 216000;
  QTest::newRow("1-1:30") << 91800;
  QTest::newRow("1-00:00:01") << 86401;
  QTest::newRow("UNLIMITED") << 0;
  for (const char* text : {"", "1h", "1:2:3:4", "-1", "1-", "-", "1-2-3", "1:", "x"}) {
    QTest::newRow(text) << -1;
  }
}

void TestSlurmScript::seconds() {
  QFETCH(int, expected);
  const auto seconds = slurmSeconds(QTest::currentDataTag());
  QCOMPARE(seconds.value_or(-1), std::int64_t{expected});
}

void TestSlurmScript::commandOfATask() {
  SlurmScript script{"study", "/bin/anchorctl", "/data/study", 4, 2, std::nullopt};
  const auto tasks = slurmTasks({0, 1, 2}, 2, 1001);
  const auto ends = [&](const std::string& words) {
    return slurmScript(script, {}, tasks).ends_with(words);
  };
  QVERIFY(ends("--member \"${runs[SLURM_ARRAY_TASK_ID]}\" --jobs 2 --shared\n"));
  script.fleet = 16;
  QVERIFY(ends("--member \"${runs[SLURM_ARRAY_TASK_ID]}\" --jobs 2 --fleet 16 --shared\n"));
}

QTEST_GUILESS_MAIN(TestSlurmScript)
#include "tst_slurm_script.moc"
