// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/random.h"
#include "widgets/line_path.h"
#include "widgets/time_scale.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

using namespace anchorlens;
using namespace anchorlens::widgets;

class TestTimeScale : public QObject {
  Q_OBJECT

 private slots:
  void scalesAreInvertible() {
    for (const bool is_log : {false, true}) {
      const TimeScale scale{is_log};
      for (const double step : {0.0, 1.0, 7.0, 18400.0, 1e7}) {
        QVERIFY(std::abs(scale.toStep(scale.toAxis(step)) - step) <= 1e-9 * (1 + step));
      }
    }
    QCOMPARE(TimeScale{true}.toAxis(0), 0.0);  // step 0 has a place
  }

  void linesEndAtTheBorders() {
    const double none = std::numeric_limits<double>::quiet_NaN();
    const auto places = [](const QPainterPath& path) {
      QList<QPointF> points;
      for (int i = 0; i < path.elementCount(); ++i)
        points << QPointF(path.elementAt(i));
      return points;
    };
    // From 10 to 30: both ends are cut where the lines cross the borders.
    QCOMPARE(places(linePath({{0, 0}, {20, 2}, {40, 0}}, 10, 30)),
             (QList<QPointF>{{10, 1}, {20, 2}, {30, 1}}));
    // No point is inside, the line is.
    QCOMPARE(places(linePath({{0, 0}, {40, 4}}, 10, 30)), (QList<QPointF>{{10, 1}, {30, 3}}));
    // A gap parts two lines; nothing joins them.
    const QPainterPath parted = linePath({{10, 1}, {12, 1}, {14, none}, {16, 3}, {30, 3}}, 10, 30);
    QCOMPARE(places(parted), (QList<QPointF>{{10, 1}, {12, 1}, {16, 3}, {30, 3}}));
    QVERIFY(parted.elementAt(2).isMoveTo());
    QVERIFY(linePath({{0, 0}, {5, 1}}, 10, 30).isEmpty());
    QVERIFY(linePath({{31, 0}, {35, 1}}, 10, 30).isEmpty());
  }

  void areasEndAtTheBaseAndAtGaps() {
    const double none = std::numeric_limits<double>::quiet_NaN();
    const QPainterPath area =
        areaPath(linePath({{10, 1}, {12, 1}, {14, none}, {16, 3}, {20, -3}, {24, -3}}, 10, 30), 0);
    QVERIFY(area.contains(QPointF(11, 0.5)));
    QVERIFY(!area.contains(QPointF(11, -0.5)));
    QVERIFY(!area.contains(QPointF(14, 0.5)));
    QVERIFY(area.contains(QPointF(16.5, 1)));
    QVERIFY(area.contains(QPointF(22, -1)));
    QVERIFY(!area.contains(QPointF(22, 1)));
  }

  void aLaneOfLiftsReachesDownToTheLowest() {
    const double none = std::numeric_limits<double>::quiet_NaN();
    const auto floor = [](const std::vector<double>& lifts) { return liftFloor(lifts); };
    QCOMPARE(floor({}), 0.0);
    QCOMPARE(floor({0.2, 0.9}), 0.0);
    QCOMPARE(floor({none, 0.3, -0.4, -0.1}), -0.4);
    QCOMPARE(floor({-3.0}), -1.0);
  }

  void allTimeGrowsInJumps_data() {
    QTest::addColumn<qint64>("newest");
    QTest::addColumn<qint64>("total");
    QTest::addColumn<double>("end");
    QTest::newRow("nothing yet") << qint64(0) << qint64(1500) << 10.0;
    QTest::newRow("short run") << qint64(0) << qint64(5) << 5.0;
    QTest::newRow("11") << qint64(11) << qint64(1500) << 20.0;
    QTest::newRow("21") << qint64(21) << qint64(1500) << 50.0;
    QTest::newRow("51") << qint64(51) << qint64(1500) << 100.0;
    QTest::newRow("18400") << qint64(18400) << qint64(40000) << 20000.0;
    QTest::newRow("capped at the run's length") << qint64(1200) << qint64(1500) << 1500.0;
    QTest::newRow("finished") << qint64(1500) << qint64(1500) << 1500.0;
    QTest::newRow("further than planned") << qint64(1600) << qint64(1500) << 1600.0;
    QTest::newRow("length not known") << qint64(1600) << qint64(0) << 2000.0;
  }
  void allTimeGrowsInJumps() {
    QFETCH(qint64, newest);
    QFETCH(qint64, total);
    QTEST(allTimeEnd(newest, total), "end");
  }

  void ticksAreRound() {
    QCOMPARE(niceTicks(0, 20000, 10), (std::vector<double>{0, 2000, 4000, 6000, 8000, 10000, 12000,
                                                           14000, 16000, 18000, 20000}));
    QCOMPARE(timeTicks({}, 0, 2.5, 10), (std::vector<double>{0, 1, 2}));  // steps are integers
    QCOMPARE(timeTicks({true}, 0, 1000, 4), (std::vector<double>{0, 1, 10, 100, 1000}));
    QCOMPARE(lossTicks(0.003, 5, 10), (std::vector<double>{0.01, 0.1, 1}));
    QCOMPARE(lossTicks(0.003, 5, 2), (std::vector<double>{0.01, 1}));
    // A decade, with and without room for more than its ends; and less than one.
    QCOMPARE(lossTicks(0.25, 2.5, 8), (std::vector<double>{0.5, 1, 2}));
    QCOMPARE(lossTicks(1, 10, 8), (std::vector<double>{1, 2, 5, 10}));
    QCOMPARE(lossTicks(1, 10, 2), (std::vector<double>{1, 10}));
    QCOMPARE(lossTicks(2.1, 3.9, 8), (std::vector<double>{2.5, 3, 3.5}));
    QVERIFY(niceTicks(3, 3, 5).empty());
    for (const double last : {0.5, 3.0, 17.0, 1e6}) {
      QVERIFY(timeTicks({true}, 0, last, 8).size() <= 22);
    }
  }

  void decimationKeepsPeaks() {
    core::Random random(5, "series");
    Series series;
    for (int i = 0; i < 100000; ++i) {
      series.add(i, random.normal());
    }
    series.values[54321] = 50;  // one point wide
    series.values[12345] = -50;
    const int columns = 600;
    const Series thin = decimated(series, {}, 0, 100000, columns);
    QVERIFY(thin.size() <= std::size_t(2 * columns + 2));
    QCOMPARE(*std::max_element(thin.values.begin(), thin.values.end()), 50.0);
    QCOMPARE(*std::min_element(thin.values.begin(), thin.values.end()), -50.0);
    QVERIFY(std::is_sorted(thin.steps.begin(), thin.steps.end()));
    // In each column: exactly its smallest and largest.
    const double width = 100000.0 / columns;
    for (int column = 0; column < columns; ++column) {
      const auto extremes = [&](const Series& s) {
        std::pair<double, double> both{1e9, -1e9};
        for (std::size_t i = 0; i < s.size(); ++i) {
          if (static_cast<int>(s.steps[i] / width) == column) {
            both = {std::min(both.first, s.values[i]), std::max(both.second, s.values[i])};
          }
        }
        return both;
      };
      if (column % 97 == 0) {
        QCOMPARE(extremes(thin), extremes(series));
      }
    }
  }

  void decimationReachesTheBorders() {
    Series series;
    for (int i = 0; i <= 100; ++i) {
      series.add(i * 10, i);
    }
    const Series part = decimated(series, {}, 205, 395, 500);
    QCOMPARE(part.steps.front(), 200.0);
    QCOMPARE(part.steps.back(), 400.0);
    QCOMPARE(decimated(series, {true}, 0, 3.1, 500).steps.front(), 0.0);
    QVERIFY(decimated({}, {}, 0, 1, 10).isEmpty());
    QVERIFY(decimated(series, {}, 5, 5, 10).isEmpty());
  }

  void aGapTakesNoColumnWithIt() {
    const double none = std::numeric_limits<double>::quiet_NaN();
    Series series;
    for (int i = 0; i < 30; ++i) {
      series.add(i, i / 10 == 1 || i % 10 == 0 ? none : i);
    }
    const Series thin = decimated(series, {}, 0, 30, 3);
    QCOMPARE(thin.steps, (std::vector<double>{0, 1, 9, 10, 19, 20, 21, 29}));
    for (std::size_t i = 0; i < thin.size(); ++i) {
      const bool is_gap = i == 0 || (i >= 3 && i <= 5);
      QCOMPARE(std::isnan(thin.values[i]), is_gap);
      QVERIFY(is_gap || thin.values[i] == thin.steps[i]);
    }
  }

  void smoothingIsAnAverage() {
    Series series;
    for (int i = 0; i < 1000; ++i) {
      series.add(i, i % 2 == 0 ? 0 : 2);
    }
    QCOMPARE(smoothed(series, 0).values, series.values);
    const double last = smoothed(series, 2).values.back();
    QVERIFY(std::abs(last - 1) < 0.1);
    series.values[500] = std::numeric_limits<double>::quiet_NaN();
    QVERIFY(std::isfinite(smoothed(series, 1).values.back()));
  }

  void lossRangeHoldsAllLosses() {
    RunHistory history(1, 1, 100, {});
    const LossRange none = lossRange(history);
    QVERIFY(none.low > 0 && none.high > none.low);
    core::Metrics metrics;
    metrics.train_loss = 4;
    metrics.test_loss = 0;  // a logarithmic axis has no place for it
    history.addMetrics(metrics);
    const LossRange range = lossRange(history);
    QVERIFY(range.low > 0 && range.low < 4 && range.high > 4 && range.high / range.low >= 10);
  }
};

QTEST_APPLESS_MAIN(TestTimeScale)
#include "tst_time_scale.moc"
