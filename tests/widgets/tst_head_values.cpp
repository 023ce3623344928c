// SPDX-License-Identifier: GPL-3.0-or-later
// What the Attention tab shows besides attention, against numbers worked by hand.
#include "widgets/colour_map.h"
#include "widgets/head_values.h"
#include "widgets/weights/diverging_map.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace anchorlens;
using namespace anchorlens::widgets;

namespace {

HeadMapData threeTokens() {
  HeadMapData data;
  data.step = 7;
  data.layer = 1;
  data.head = 2;
  data.length = 3;
  data.pattern = {1, 0, 0, 0.25F, 0.75F, 0, 0.5F, 0.25F, 0.25F};
  data.tokens = {{"20", TokenRole::Noise}, {"3", TokenRole::Anchor}, {"25", TokenRole::Key}};
  return data;
}

bool isClose(double a, double b) {
  return std::abs(a - b) < 1e-6;
}

}  // namespace

class TestHeadValues : public QObject {
  Q_OBJECT

 private slots:
  void differenceIsToTheSourcesOfTheRow() {
    const HeadPictures pictures = makePictures(HeadValues::Difference, {threeTokens()}, {});
    const HeadMapData& map = pictures.maps.front();
    QVERIFY(isClose(map.at({0, 0}), 0));
    QVERIFY(isClose(map.at({1, 0}), 0.25 - 0.5));
    QVERIFY(isClose(map.at({1, 1}), 0.75 - 0.5));
    QVERIFY(isClose(map.at({2, 0}), 0.5 - 1.0 / 3));
    QCOMPARE(map.at({0, 2}), 0.0F);  // not allowed
    // Without a mask every row sees all three.
    HeadMapData both = threeTokens();
    both.causal = false;
    const auto open = makePictures(HeadValues::Difference, {both}, {}).maps.front();
    QVERIFY(isClose(open.at({0, 0}), 1 - 1.0 / 3));
    QVERIFY(isClose(open.at({0, 2}), -1.0 / 3));
  }

  void entropyIsInBits() {
    QCOMPARE(rowEntropy(std::vector<float>{1, 0, 0}), 0.0);
    QVERIFY(isClose(rowEntropy(std::vector<float>{0.5F, 0.25F, 0.25F}), 1.5));
    QVERIFY(isClose(rowEntropy(std::vector<float>(8, 0.125F)), 3));
    // Of the attention, whatever is shown.
    const HeadPictures pictures = makePictures(HeadValues::Difference, {threeTokens()}, {});
    QVERIFY(isClose(rowEntropy(pictures.maps[0], pictures.readings[0], 2), 1.5));
    const double row_1 = 0.25 * 2 + 0.75 * std::log2(4.0 / 3);
    QVERIFY(isClose(rowEntropy(pictures.maps[0], pictures.readings[0], 1), row_1));
  }

  void scalesAreCommonOrPerHead() {
    HeadMapData other = threeTokens();
    HeadMapOptions options;
    const float none = -std::numeric_limits<float>::infinity();
    const std::vector<std::vector<float>> cells{{-4, none, none, 1, 2, none, 0, 1, 1},
                                                {1, none, none, 1, 2, none, 0, 1, 1}};
    const auto scores = makePictures(HeadValues::Scores, {threeTokens(), other}, cells);
    const MapScale common = scaleFor(scores.readings[1], scores.maps[1], options);
    QVERIFY(common.is_signed);
    QCOMPARE(common.end, 4.0);
    options.per_head = true;
    QCOMPARE(scaleFor(scores.readings[1], scores.maps[1], options).end, 2.0);
    const auto weighted =
        makePictures(HeadValues::Weighted, {threeTokens()}, {{3, 0, 0, 1, 2, 0, 0, 1, 1}});
    const MapScale size = scaleFor(weighted.readings[0], weighted.maps[0], {});
    QVERIFY(!size.is_signed);
    QCOMPARE(size.end, 3.0);
    const auto difference = makePictures(HeadValues::Difference, {threeTokens()}, {});
    const MapScale plus_minus = scaleFor(difference.readings[0], difference.maps[0], {});
    QCOMPARE(plus_minus.end, 1.0);
    QCOMPARE(colourOn(plus_minus, -0.5, ColourMap::Viridis, true), divergingColourAt(-0.5, true));
    QCOMPARE(colourOn(size, 1.5, ColourMap::Grey, true), colourAt(ColourMap::Grey, 0.5));
  }

  void headsAreAveraged() {
    HeadMapData other = threeTokens();
    other.head = 3;
    other.pattern = {1, 0, 0, 0.75F, 0.25F, 0, 0, 0, 1};
    const std::vector<HeadMapData> maps{threeTokens(), other};
    const HeadMapData mean = meanOfHeads(maps);
    QCOMPARE(mean.pattern, (std::vector<float>{1, 0, 0, 0.5F, 0.5F, 0, 0.25F, 0.125F, 0.625F}));
    HeadReading reading;
    reading.values = HeadValues::LayerMean;
    reading.n_averaged = 2;
    QCOMPARE(readingTitle(mean, reading), QStringLiteral("Layer 1, mean of 2 heads"));
    QVERIFY(meanOfHeads({}).isEmpty());
  }

  void textAndTableSayWhatIsShown() {
    const HeadPictures pictures = makePictures(HeadValues::Difference, {threeTokens()}, {});
    const HeadMapData& map = pictures.maps[0];
    const HeadReading& reading = pictures.readings[0];
    const CellTip tip = cellTip(map, reading, {2, 0});
    QCOMPARE(tip.lines.first(), QStringLiteral("Difference to an untrained head +0.17"));
    QCOMPARE(tip.lines[1], QStringLiteral("Attention 0.50, untrained head 0.33"));
    QCOMPARE(tip.lines.last(), QStringLiteral("Entropy of the row 1.50 of 1.58 bits"));
    const NumberTable table = readingNumbers(map, reading);
    QCOMPARE(table.columns.mid(7),
             (QStringList{"attention", "mean", "difference", "row_entropy_bits"}));
    QCOMPARE(table.rows.size(), std::size_t{6});
    QVERIFY(isClose(std::get<double>(table.rows[3][7]), 0.5));
    QVERIFY(isClose(std::get<double>(table.rows[3][9]), 0.5 - 1.0 / 3));
    QVERIFY(isClose(std::get<double>(table.rows[3][10]), 1.5));
    QVERIFY(cellDescription(map, reading, {2, 0})
                .endsWith(QStringLiteral("Entropy of the row 1.50 of 1.58 bits.")));
    // Plain attention has the entropy beside it, and no other column.
    QCOMPARE(readingNumbers(threeTokens(), {}).columns.mid(7),
             (QStringList{"attention", "mean", "row_entropy_bits"}));
  }

  void smallValueWeightedCellsAreNotZero() {
    const auto pictures =
        makePictures(HeadValues::Weighted, {threeTokens()}, {{3, 0, 0, 0.0032F, 2, 0, 0, 1, 1}});
    const auto lineOf = [&](Cell cell) {
      return cellTip(pictures.maps[0], pictures.readings[0], cell).lines.first();
    };
    QCOMPARE(lineOf({1, 0}), QStringLiteral("Value-weighted 0.0032"));
    QCOMPARE(lineOf({1, 1}), QStringLiteral("Value-weighted 2.00"));
    QCOMPARE(lineOf({2, 0}), QStringLiteral("Value-weighted 0.00"));
    QCOMPARE(formatWeighted(0.006), QStringLiteral("0.01"));
  }

  /// After a small initialisation all values are far below what two places show.
  void smallScalesHaveAUnit() {
    const auto scaleOf = [](HeadValues values, float most, bool per_head = false) {
      HeadMapOptions options;
      options.per_head = per_head;
      const auto pictures =
          makePictures(values, {threeTokens(), threeTokens()},
                       {{most, 0, 0, 0, 0, 0, 0, 0, 0}, {most / 100, 0, 0, 0, 0, 0, 0, 0, 0}});
      return scaleFor(pictures.readings[1], pictures.maps[1], options);
    };
    const MapScale small = scaleOf(HeadValues::Weighted, 0.0018F);
    QVERIFY(isClose(small.unit, 0.001));
    QCOMPARE(formatMapValue(small.end / small.unit), QStringLiteral("1.8"));
    QCOMPARE(scaleNote(small, {}), QStringLiteral("× 0.001"));
    HeadMapOptions per_head;
    per_head.per_head = true;
    const MapScale own = scaleOf(HeadValues::Scores, 0.0018F, true);
    QVERIFY(std::abs(own.unit - 1e-5) < 1e-12);
    QCOMPARE(scaleNote(own, per_head), QStringLiteral("per head, × 10⁻⁵"));
    QCOMPARE(scaleOf(HeadValues::Scores, 12000).unit, 10000.0);
    // What two places show is printed as it is.
    QCOMPARE(scaleOf(HeadValues::Weighted, 0.5F).unit, 1.0);
    QCOMPARE(scaleOf(HeadValues::Scores, 120).unit, 1.0);
    QCOMPARE(scaleFor({}, threeTokens(), {}).unit, 1.0);
    QCOMPARE(scaleNote({}, {}), QString());
    QCOMPARE(scaleNote({}, per_head), QStringLiteral("per head"));
  }

  void smallScoresAreNotZero() {
    const auto pictures =
        makePictures(HeadValues::Scores, {threeTokens()}, {{3, 0, 0, -0.0032F, 2, 0, 0, 1, 1}});
    const auto lineOf = [&](Cell cell) {
      return cellTip(pictures.maps[0], pictures.readings[0], cell).lines.first();
    };
    QCOMPARE(lineOf({1, 0}),
             QStringLiteral("Score before softmax ") + kMinusText + QStringLiteral("0.0032"));
    QCOMPARE(lineOf({1, 1}), QStringLiteral("Score before softmax 2.00"));
  }

  void numbersInCells() {
    QCOMPARE(formatMapValue(0.93), QStringLiteral(".93"));
    QCOMPARE(formatMapValue(-0.12), kMinusText + QStringLiteral(".12"));
    QCOMPARE(formatMapValue(-1), kMinusText + QStringLiteral("1"));
    QCOMPARE(formatMapValue(-0.001), QStringLiteral("0"));
    QCOMPARE(formatMapValue(3.42), QStringLiteral("3.4"));
    QCOMPARE(formatMapValue(12.4), QStringLiteral("12"));
  }

 private:
  const QString kMinusText{QChar(0x2212)};
};

QTEST_MAIN(TestHeadValues)
#include "tst_head_values.moc"
