// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/study.h"

#include <QtTest>

using namespace anchorlens::core;

namespace {

constexpr auto kLinear = StudyRange::Spacing::Linear;
constexpr auto kLog = StudyRange::Spacing::Log;

}  // namespace

class TestRangeValues : public QObject {
  Q_OBJECT

 private slots:
  void values_data();
  void values();
};

void TestRangeValues::values_data() {
  QTest::addColumn<double>("from");
  QTest::addColumn<double>("to");
  QTest::addColumn<double>("step");  // 0: count
  QTest::addColumn<int>("count");
  QTest::addColumn<bool>("is_log");
  QTest::addColumn<bool>("is_integer");
  QTest::addColumn<QString>("expected");
  const auto row = [](const char* name, double from, double to, double step, int count,
                      StudyRange::Spacing spacing, bool is_integer, const char* expected) {
    QTest::newRow(name) << from << to << step << count << (spacing == kLog) << is_integer
                        << QString(expected);
  };
  row("step meets the end", 1, 7, 2, 0, kLinear, true, "1 3 5 7");
  row("step stops before the end", 1, 8, 2, 0, kLinear, true, "1 3 5 7");
  row("step of tenths meets the end", 0, 0.3, 0.1, 0, kLinear, false, "0.0 0.1 0.2 0.3");
  row("downwards", 20, 10, 5, 0, kLinear, true, "20 15 10");
  row("step wider than the range", 1, 2, 5, 0, kLinear, true, "1");
  row("two", 1, 4, 0, 2, kLinear, true, "1 4");
  row("count", 0, 1, 0, 5, kLinear, false, "0.0 0.25 0.5 0.75 1.0");
  row("count, rounded", 10, 20, 0, 4, kLinear, true, "10 13 17 20");
  row("count, downwards", 1, -1, 0, 3, kLinear, false, "1.0 0.0 -1.0");
  row("log of tens", 1e-5, 1e-2, 0, 4, kLog, false, "1e-05 0.0001 0.001 0.01");
  row("log of twos", 16, 256, 0, 5, kLog, true, "16 32 64 128 256");
  row("log, downwards", 100, 1, 0, 3, kLog, true, "100 10 1");
  row("log, rounded", 1, 10, 0, 4, kLog, true, "1 2 5 10");  // 2.15 and 4.64
  row("large integers", 9007199254740990, 9007199254740991, 1, 0, kLinear, true,
      "9007199254740990 9007199254740991");
}

void TestRangeValues::values() {
  QFETCH(double, from);
  QFETCH(double, to);
  QFETCH(double, step);
  QFETCH(int, count);
  QFETCH(bool, is_log);
  QFETCH(bool, is_integer);
  QFETCH(QString, expected);
  StudyRange range;
  range.from = from;
  range.to = to;
  range.spacing = is_log ? kLog : kLinear;
  if (step > 0)
    range.step = step;
  else
    range.count = count;
  QStringList texts;
  for (const std::string& value : rangeValues(range, is_integer))
    texts += QString::fromStdString(value);
  QCOMPARE(texts.join(' '), expected);
}

QTEST_GUILESS_MAIN(TestRangeValues)
#include "tst_range_values.moc"
