// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/compare/made_comparison.h"
#include "widgets/compare/compare_paint.h"
#include "widgets/compare/compared_runs.h"
#include "widgets/fonts.h"
#include "widgets/weights/diverging_map.h"

#include <QApplication>
#include <QPainter>
#include <QTest>

#include <cmath>

using namespace anchorlens;
using namespace anchorlens::widgets;

namespace {

QRgb pixelOf(const QImage& image, const HeadMapLayout& layout, Cell cell) {
  const QRectF box = layout.cellRect(cell);
  return image.pixel(QPointF(box.left() + 3, box.top() + 3).toPoint());
}

}  // namespace

class TestComparison : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase() { QApplication::setFont(textFont(13)); }

  void differenceIsSecondMinusFirst() {
    const tests::MadeRun run;
    const Comparison made = tests::madeComparison(run);
    const Comparison::Maps maps = made.mapsOf(2);
    QCOMPARE(maps.maps[0].layer, 1);
    const Cell cell{8, 3};
    QCOMPARE(maps.maps[2].at(cell), maps.maps[1].at(cell) - maps.maps[0].at(cell));
    QVERIFY(maps.maps[2].at({6, 7}) == 0.0F);  // above the diagonal
    double sum = 0;
    for (int reader = 0; reader < 9; ++reader) {
      for (int source = 0; source <= reader; ++source)
        sum += std::abs(static_cast<double>(maps.maps[2].at({reader, source})));
    }
    QVERIFY(std::abs(maps.mean_difference - sum / 45) < 1e-9);
  }

  void pairsOfOtherHeads() {
    const tests::MadeRun run;
    Comparison made = tests::madeComparison(run);
    made.pairs = {{0, 0, 1, 0.1}, {0, 1, 0, 0.2}, {1, 0, -1, {}}, {1, -1, 1, {}}};
    QCOMPARE(made.mapsOf(0).maps[1].head, 1);
    QVERIFY(made.mapsOf(2).maps[1].isEmpty());
    QVERIFY(made.mapsOf(2).maps[2].isEmpty());
    QCOMPARE(made.mapsOf(2).gaps[1], QStringLiteral("Run 6 has no head that belongs to L1 H0."));
    QCOMPARE(made.mapsOf(3).gaps[0], QStringLiteral("Run 7 has no head that belongs to L1 H1."));
    QVERIFY(std::isnan(made.mapsOf(3).mean_difference));
    QCOMPARE(comparedHeadName(made.pairs[0], 0), QStringLiteral("L0 H0"));
    QCOMPARE(comparedHeadName(made.pairs[0], 1), QStringLiteral("L0 H1"));
    QCOMPARE(comparedHeadName(made.pairs[0], 2), QStringLiteral("L0 H1 − H0"));
    QCOMPARE(made.pairOf(true, 0, 0), 1);
    QCOMPARE(made.pairOf(false, 1, 1), -1);
    QVERIFY(made.pairOf(false, 0, 7) == -1);
  }

  void cellsAreTold() {
    const tests::MadeRun run;
    const Comparison made = tests::madeComparison(run);
    const QString text = comparedCellDescription(made, 2, {8, 3});
    QVERIFY2(text.startsWith(QStringLiteral("Layer 1 head 0. Reader 8, token ")), qPrintable(text));
    QVERIFY2(text.contains(QStringLiteral("Run 7 0.")) && text.contains(QStringLiteral("Run 6 0.")),
             qPrintable(text));
    QVERIFY2(text.contains(QStringLiteral("difference ")), qPrintable(text));
    QVERIFY(comparedCellDescription(made, 2, {2, 5}).endsWith(QStringLiteral("Not allowed.")));
    const CellTip tip = comparedCellTip(made, 2, {8, 3});
    QCOMPARE(tip.lines.size(), 3);
    const NumberTable table = comparisonNumbers(made, 2);
    QCOMPARE(table.rows.size(), 45U);
    const auto& row = table.rows.back();
    QVERIFY(std::abs(std::get<double>(row[6]) -
                     (std::get<double>(row[5]) - std::get<double>(row[4]))) < 1e-6);
  }

  void threeColumnsOfEqualCells() {
    const tests::MadeRun run;
    const Comparison made = tests::madeComparison(run);
    ComparePaint how;
    how.pair = 2;
    const CompareLayout layout = layoutComparison({0, 0, 1100, 420}, made, how);
    QCOMPARE(layout.maps[0].cell, layout.maps[2].cell);
    QCOMPARE(layout.maps[0].map.top(), layout.maps[1].map.top());
    QVERIFY(layout.maps[2].bar.right() < 1100);
    QVERIFY(layout.needed.height() <= 420);
    QCOMPARE(layout.tiles.size(), 4U);
    for (const auto& tiles : layout.tiles) {
      for (std::size_t column = 0; column < 3; ++column) {
        QVERIFY(tiles[column].left() >= layout.titles[column].left());
        QVERIFY(tiles[column].right() <= layout.titles[column].right());
        QVERIFY(tiles[column].top() > layout.maps[column].map.bottom());
      }
    }
    int column = -1;
    QCOMPARE(layout.cellAt(layout.maps[2].cellRect({5, 1}).center(), &column), (Cell{5, 1}));
    QCOMPARE(column, 2);
    QCOMPARE(layout.pairAt(layout.tiles[3][1].center()), 3);
    QCOMPARE(layout.pairAt({1, 1}), -1);
  }

  void manyHeadsAskForMoreHeight() {
    tests::MadeRunOptions options;
    options.n_layers = 4;
    options.n_heads = 16;
    options.n_shown = 1;
    const tests::MadeRun run(options);
    const CompareLayout layout =
        layoutComparison({0, 0, 900, 300}, tests::madeComparison(run), ComparePaint{});
    QVERIFY(layout.needed.height() > 300);
    QVERIFY(layout.maps[0].cell > 8);
  }

  void differencesAreDrawnFromMinusOneToOne() {
    const tests::MadeRun run;
    const Comparison made = tests::madeComparison(run);
    ComparePaint how;
    how.pair = 2;
    how.map.values = false;
    how.map.per_head = true;  // of the runs, not of the difference
    how.map.outlines = false;
    for (const Theme& theme : {Theme::dark(), Theme::light()}) {
      QImage image(1200, 500, QImage::Format_RGB32);
      image.fill(theme.panel);
      QPainter painter(&image);
      const CompareLayout layout = layoutComparison({0, 0, 1200, 500}, made, how);
      paintComparison(painter, layout, made, how, theme);
      painter.end();
      const Comparison::Maps maps = made.mapsOf(2);
      for (const Cell cell : {Cell{8, 3}, Cell{8, 0}, Cell{4, 4}}) {
        const QRgb expected = divergingColourAt(maps.maps[2].at(cell), theme.is_dark);
        QCOMPARE(QColor(pixelOf(image, layout.maps[2], cell)), QColor(expected));
      }
      // Masked cells are hatched, not neutral.
      QVERIFY(pixelOf(image, layout.maps[2], {1, 6}) != divergingColourAt(0, theme.is_dark));
    }
  }

  void alignmentGoesByTheThresholdsOfTheHistory() {
    const tests::MadeRun run;
    const core::ExperimentSpec spec;
    const RunToCompare first{QStringLiteral("Run 1"), 0, &spec, run.probe(), &run.history()};
    QCOMPARE(alignRuns(first, first, core::AlignBy::Emergence).problem(), std::string());
    RunHistory history = run.history();
    core::LabelThresholds never;
    never.enter = 1.0;
    history.setThresholds(never);
    const RunToCompare second{QStringLiteral("Run 2"), 1, &spec, run.probe(), &history};
    QCOMPARE(alignRuns(first, second, core::AlignBy::Emergence).problem(),
             std::string("Run 2 has no head that broadcasts yet: equal steps are shown."));
  }
};

QTEST_MAIN(TestComparison)
#include "tst_comparison.moc"
