// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panel_text.h"

#include <QtTest>

using namespace anchorlens;
using namespace anchorlens::widgets;

class TestPanelText : public QObject {
  Q_OBJECT

 private slots:
  void integersWithSpaces() {
    QCOMPARE(*parseInteger(QStringLiteral("18 400")), std::int64_t{18400});
    QCOMPARE(*parseInteger(QStringLiteral("18\u2009400")), std::int64_t{18400});
    QCOMPARE(*parseInteger(QStringLiteral("\u2212"
                                          "5")),
             std::int64_t{-5});
    for (const char* text : {"", "x", "3.5", "1e3"})
      QVERIFY2(!parseInteger(QString::fromLatin1(text)), text);
    QVERIFY(!parseInt(QStringLiteral("99999999999")));
    QCOMPARE(parseInt(QStringLiteral("99999999999")).error(),
             QStringLiteral("99999999999 is too large."));
    QVERIFY(!parseSeed(QStringLiteral("-1")));
    QCOMPARE(*parseSeed(QStringLiteral("18446744073709551615")), ~std::uint64_t{0});
  }

  void numbersRoundTrip() {
    for (const double value : {3e-4, 0.1, 1.0, 12345.678, 1e-8}) {
      QCOMPARE(*parseNumber(formatNumber(value)), value);
    }
    QVERIFY(!parseNumber(QStringLiteral("fast")));
  }

  void intervals() {
    QCOMPARE(*parseIntervals(QStringLiteral("20-100, 110 – 120,5")),
             (core::Intervals{{20, 100}, {110, 120}, {5, 5}}));
    QCOMPARE(formatIntervals({{20, 100}, {5, 5}}), QStringLiteral("20-100, 5"));
    QVERIFY(parseIntervals(QString())->empty());
    QVERIFY(!parseIntervals(QStringLiteral("20 to 30")));
  }

  void keyIntervals() {
    const std::map<std::string, core::Intervals> keys{{"x", {{20, 99}}}, {"y", {{1, 2}, {5, 5}}}};
    QCOMPARE(formatKeyIntervals(keys), QStringLiteral("x: 20-99; y: 1-2, 5"));
    QCOMPARE(*parseKeyIntervals(formatKeyIntervals(keys)), keys);
    QVERIFY(!parseKeyIntervals(QStringLiteral("20-99")));
  }

  void anchorSetsGroupsValuesAndExponents() {
    const std::map<std::string, std::vector<int>> sets{{"A", {1, 2}}, {"B", {3}}};
    QCOMPARE(*parseAnchorSets(formatAnchorSets(sets)), sets);
    const std::vector<std::vector<std::string>> groups{{"A", "B", "C"}, {"D", "E"}};
    QCOMPARE(*parseGroups(formatGroups(groups)), groups);
    const std::map<std::string, int> values{{"A", 3}, {"B", 4}};
    QCOMPARE(*parseValues(QStringLiteral("A = 3, B=4")), values);
    QCOMPARE(*parseValues(formatValues(values)), values);
    QVERIFY(!parseValues(QStringLiteral("A 3")));
    const std::map<std::string, double> exponents{{"qk", 0.8}, {"vo", 0.5}};
    QCOMPARE(*parseExponents(formatExponents(exponents)), exponents);
  }

  void pairsAndSequences() {
    QCOMPARE((*parsePair(QStringLiteral("0.9, 0.999")))[1], 0.999);
    QVERIFY(!parsePair(QStringLiteral("0.9")));
    const std::vector<std::vector<int>> sequences{{1, 2, 3}, {4, 5, 6}};
    QCOMPARE(*parseSequences(QStringLiteral("1 2 3\n\n4, 5, 6\n")), sequences);
    QCOMPARE(*parseSequences(formatSequences(sequences)), sequences);
    QVERIFY(!parseSequences(QStringLiteral("1 two 3")));
  }
};

QTEST_GUILESS_MAIN(TestPanelText)
#include "tst_panel_text.moc"
