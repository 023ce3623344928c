// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/update_rate.h"

#include <QtTest>

using anchorlens::widgets::UpdateRate;

class TestUpdateRate : public QObject {
  Q_OBJECT

 private slots:
  void aCheapViewIsDrawnAtEveryTick() {
    UpdateRate rate;
    for (std::int64_t now = 0; now < 1000; now += UpdateRate::kTickMs) {
      QVERIFY(rate.isDue(now));
      rate.updated(now, 3);
    }
  }

  void aDearViewHalvesItsRateDownToFourTimesASecond() {
    UpdateRate rate;
    for (const std::int64_t interval : {66, 132, 250, 250}) {
      rate.updated(0, 20);
      QCOMPARE(rate.intervalMs(), interval);
    }
    QVERIFY(!rate.isDue(249));
    QCOMPARE(rate.waitMs(200), std::int64_t{50});
    QVERIFY(rate.isDue(250));
  }

  void itGetsItsRateBack() {
    UpdateRate rate;
    rate.updated(0, 20);
    rate.updated(66, 20);
    QCOMPARE(rate.intervalMs(), std::int64_t{132});
    rate.updated(198, 6);  // within the budget, but not by half: stays
    QCOMPARE(rate.intervalMs(), std::int64_t{132});
    rate.updated(330, 3);
    rate.updated(396, 3);
    QCOMPARE(rate.intervalMs(), UpdateRate::kTickMs);
    QVERIFY(rate.isDue(397));
  }

  void aSlowerFullRateIsKept() {
    UpdateRate rate(100);
    rate.updated(0, 1);
    QVERIFY(!rate.isDue(99));
    QVERIFY(rate.isDue(100));
    rate.updated(100, 20);
    QCOMPARE(rate.intervalMs(), std::int64_t{200});
    rate.updated(300, 1);
    QCOMPARE(rate.intervalMs(), std::int64_t{100});
  }
};

QTEST_GUILESS_MAIN(TestUpdateRate)
#include "tst_update_rate.moc"
