// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/compare/made_comparison.h"
#include "widgets/compare/compare_figure.h"
#include "widgets/fonts.h"
#include "widgets/number_format.h"

#include <QSvgRenderer>
#include <QTest>

#include <memory>

using namespace anchorlens;
using namespace anchorlens::widgets;

namespace {

const tests::MadeRun& madeRun() {
  static const tests::MadeRun run;
  return run;
}

enum class Item { Maps, Curves, Seeds };

std::shared_ptr<const FigureContent> contentOf(Item item) {
  const Comparison comparison = tests::madeComparison(madeRun());
  if (item == Item::Maps) {
    return std::make_shared<CompareFigure>(comparison, 2);
  }
  const std::array histories{madeRun().sharedHistory(),
                             std::shared_ptr<const RunHistory>(madeRun().historyUntil(9000))};
  if (item == Item::Curves) {
    ComparedCurves curves;
    curves.sides[0] = {QStringLiteral("Run 7"), 0, nullptr};
    curves.sides[1] = {QStringLiteral("Run 6"), 1, nullptr};
    curves.pairs = comparison.pairs;
    const std::array notes{QStringLiteral("seed 1, L1 H0 ablated"), QStringLiteral("seed 2")};
    return std::make_shared<CompareCurvesFigure>(curves, histories, notes);
  }
  SeedSet set;
  set.title = QStringLiteral("2 runs of made");
  for (std::size_t i = 0; i < 2; ++i) {
    SeedRun run;
    run.name = QStringLiteral("Run %1").arg(i + 6);
    run.numbers = std::make_shared<const core::RunNumbers>(seedNumbers(*histories[i]));
    set.runs.push_back(run);
  }
  return std::make_shared<SeedsFigure>(set);
}

Figure figureOf(Item item) {
  Figure figure;
  figure.source.run = QStringLiteral("run 7");
  figure.source.task = QStringLiteral("* 3 x * -> x");
  figure.source.date = QDateTime::fromSecsSinceEpoch(1700000000, Qt::UTC);
  figure.source.program = QStringLiteral("Anchorlens 0.1.0");
  figure.content = contentOf(item);
  return figure;
}

}  // namespace

class TestCompareFigure : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase() { QVERIFY(loadFonts()); }

  void everyFormat_data() {
    QTest::addColumn<int>("item");
    QTest::newRow("maps") << int{static_cast<int>(Item::Maps)};
    QTest::newRow("curves") << int{static_cast<int>(Item::Curves)};
    QTest::newRow("seeds") << int{static_cast<int>(Item::Seeds)};
  }
  void everyFormat() {
    QFETCH(int, item);
    const Figure figure = figureOf(static_cast<Item>(item));
    QCOMPARE(figureProblem(figure), QString());
    const QSizeF size = figureSize(figure);
    QCOMPARE(size.width(), 6.75);
    QVERIFY2(size.height() > 1 && size.height() < 8, qPrintable(QString::number(size.height())));
    for (const FigureFormat format : {FigureFormat::Svg, FigureFormat::Pdf, FigureFormat::Png,
                                      FigureFormat::Csv, FigureFormat::Npz}) {
      const auto bytes = renderFigure(figure, format);
      QVERIFY(bytes && bytes->size() > 200);
      QCOMPARE(*renderFigure(figureOf(static_cast<Item>(item)), format), *bytes);
      if (format == FigureFormat::Svg) {
        QVERIFY(!bytes->contains("<image"));  // no raster in vectors
        QVERIFY(QSvgRenderer(*bytes).isValid());
      }
      if (format == FigureFormat::Pdf) {
        QVERIFY(!bytes->contains("/Subtype /Image"));
      }
    }
  }

  void saysWhatItShows() {
    const QString line = provenanceLine(figureOf(Item::Maps));
    QVERIFY2(line.contains(QStringLiteral("Run 7 step 14\u2009000 seed 1, Run 6 step")),
             qPrintable(line));
    QCOMPARE(figureOf(Item::Maps).content->steps(), (std::vector<std::int64_t>{14000, 4000}));
    QCOMPARE(figureOf(Item::Maps).content->numbers().rows.size(), 45U);
  }

  void curvesSayWhatHolds() {
    const Figure figure = figureOf(Item::Curves);
    const auto newest = figure.content->steps();
    QCOMPARE(provenanceLine(figure),
             QStringLiteral("run 7, Run 7 step %1 seed 1, L1 H0 ablated, Run 6 step %2 seed 2, "
                            "* 3 x * -> x, Anchorlens 0.1.0")
                 .arg(formatInteger(newest[0]), formatInteger(newest[1])));
  }

  void allPairsInOneFile() {
    const QByteArray npz = *renderFigure(figureOf(Item::Maps), FigureFormat::Npz);
    for (const char* name : {"first.npy", "second.npy", "difference.npy", "pairs.npy"}) {
      QVERIFY2(npz.contains(name), name);
    }
  }

  void noSuchPair() {
    Figure figure = figureOf(Item::Maps);
    figure.content = std::make_shared<CompareFigure>(tests::madeComparison(madeRun()), 99);
    QVERIFY(!figureProblem(figure).isEmpty());
  }
};

QTEST_MAIN(TestCompareFigure)
#include "tst_compare_figure.moc"
