// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/compare/time_alignment.h"

#include <QTest>

using namespace anchorlens::core;

class TestTimeAlignment : public QObject {
  Q_OBJECT

 private slots:
  void byStepIsTheSame() {
    const TimeAlignment alignment(AlignBy::Step, {"Run 1", 100}, {"Run 2", 300});
    QCOMPARE(alignment.secondAt(250), 250);
    QCOMPARE(alignment.firstAt(std::int64_t{250}), 250);
    QVERIFY(!alignment.isByEvent());
    QVERIFY(alignment.problem().empty());
  }

  /// Events at 200 and 500: before them one step is 2.5, after them one.
  void byEventWorkedByHand() {
    const TimeAlignment alignment(AlignBy::Emergence, {"Run 1", 200}, {"Run 2", 500});
    QVERIFY(alignment.isByEvent());
    const std::vector<std::pair<std::int64_t, std::int64_t>> table{
        {0, 0}, {2, 5}, {100, 250}, {200, 500}, {201, 501}, {1000, 1300}};
    for (const auto& [first, second] : table) {
      QCOMPARE(alignment.secondAt(first), second);
      QCOMPARE(alignment.firstAt(second), first);
    }
    QCOMPARE(alignment.secondAt(101), 253);  // 252.5
    QCOMPARE(alignment.firstAt(251.0), 100.4);
  }

  void isMonotoneAndInvertible() {
    for (const std::int64_t first : {0, 1, 40, 90}) {
      for (const std::int64_t second : {0, 1, 40, 90}) {
        const TimeAlignment alignment(AlignBy::Accuracy, {"a", first}, {"b", second});
        for (std::int64_t step = 1; step < 200; ++step)
          QVERIFY(alignment.secondAt(step) >= alignment.secondAt(step - 1));
        QCOMPARE(alignment.secondAt(first), second);
        QCOMPARE(alignment.firstAt(second), first);
        QCOMPARE(alignment.secondAt(first + 17), second + 17);
      }
    }
  }

  void saysWhichEventIsMissing() {
    const TimeAlignment one(AlignBy::Emergence, {"Run 1", 100}, {"Run 2", std::nullopt});
    QCOMPARE(one.problem(), "Run 2 has no head that broadcasts yet: equal steps are shown.");
    QCOMPARE(one.secondAt(77), 77);
    const TimeAlignment other(AlignBy::Accuracy, {"Run 1", std::nullopt}, {"Run 2", 5});
    QCOMPARE(other.problem(),
             "Run 1 has not reached a test accuracy of 90 %: equal steps are shown.");
    const TimeAlignment both(AlignBy::Accuracy, {"Run 1", std::nullopt}, {"Run 2", std::nullopt});
    QCOMPARE(both.problem(),
             "Neither Run 1 nor Run 2 has reached a test accuracy of 90 %: equal steps are shown.");
  }

  void saysWhatIsBeforeTheRecord() {
    const TimeAlignment one(AlignBy::Emergence, {"Run 1", 300}, {"Run 2", std::nullopt, true});
    QCOMPARE(one.problem(),
             "Run 2 begins with a head that broadcasts, since when is not in its record: equal "
             "steps are shown.");
    QCOMPARE(one.secondAt(900), 900);
    const TimeAlignment other(AlignBy::Accuracy, {"Run 1", std::nullopt, true}, {"Run 2", 5});
    QCOMPARE(other.problem(),
             "Run 1 begins with a test accuracy of 90 %, since when is not in its record: equal "
             "steps are shown.");
    QCOMPARE(firstReached({800, 900}, {0.95, 1.0}, 0.9), std::nullopt);
    QCOMPARE(firstReached({800, 900}, {0.5, 1.0}, 0.9), 900);
  }

  void firstReachedIsTheFirst() {
    QCOMPARE(firstReached({0, 10, 20, 30}, {0.1, 0.9, 0.2, 0.95}, 0.9), 10);
    QCOMPARE(firstReached({0, 10}, {0.1, 0.89}, 0.9), std::nullopt);
  }

  void namesReadBack() {
    for (int i = 0; i < kAlignBys; ++i) {
      const auto by = static_cast<AlignBy>(i);
      QCOMPARE(alignByNamed(alignByName(by)), by);
    }
    QVERIFY(!alignByNamed("time"));
  }
};

QTEST_GUILESS_MAIN(TestTimeAlignment)
#include "tst_time_alignment.moc"
