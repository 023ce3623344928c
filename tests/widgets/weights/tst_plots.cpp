// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/accessible_views.h"
#include "widgets/fonts.h"
#include "widgets/npz.h"
#include "widgets/weights/diverging_map.h"
#include "widgets/weights/make_plots.h"
#include "widgets/weights/plot_view.h"
#include "widgets/weights/weights_figure.h"

#include <QAccessible>
#include <QPainter>
#include <QSignalSpy>
#include <QtTest>

#include <cmath>
#include <limits>

using namespace anchorlens;
using namespace anchorlens::widgets;
using core::analysis::Matrix;
using core::analysis::TokenUse;

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// Row 0 is 1, -2; row 1 is 0 and no cell; row 2 is 0.5, 2.
PlotPtr smallMatrix() {
  Plot plot = matrixPlot("ov", "OV", Matrix(3, 2, {1, -2, 0, kNone, 0.5, 2}));
  auto& matrix = std::get<MatrixPlot>(plot.content);
  matrix.row_labels = {{"3", TokenRole::Anchor}, {"20", TokenRole::Key}, {"21", TokenRole::Key}};
  matrix.col_labels = numberLabels(2);
  matrix.row_title = "Source token";
  matrix.col_title = "Token raised";
  matrix.value_name = "Logit";
  return std::make_shared<const Plot>(plot);
}

QRgb pixelAt(const QImage& image, QPointF at) {
  return image.pixel(at.toPoint());
}

}  // namespace

class TestPlots : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase() { QVERIFY(loadFonts()); }

  void coloursAreSignedByTheirLimit() {
    QCOMPARE(colourIndex(0, 2, true), 127);
    QCOMPARE(colourIndex(-2, 2, true), 0);
    QCOMPARE(colourIndex(9, 2, true), 254);
    QCOMPARE(colourIndex(1, 2, false), 127);
    QCOMPARE(colourIndex(-1, 2, false), 0);
    QCOMPARE(colourIndex(std::numeric_limits<float>::quiet_NaN(), 2, true), kNoCell);
    QCOMPARE(divergingColourAt(0, true), QRgb(0xff262A33));
    QCOMPARE(divergingColourAt(-1, true), QRgb(0xff9CCBFF));
    QCOMPARE(divergingColourAt(1, false), QRgb(0xff7E2B08));
    QCOMPARE(divergingColourAt(5, false), QRgb(0xff7E2B08));
    QCOMPARE(plotColours(true, ColourMap::Viridis, true).size(), 256);
    QCOMPARE(qAlpha(plotColours(false, ColourMap::Viridis, true)[kNoCell]), 0);
  }

  /// Rows run downwards, columns to the right; what does not exist is not painted.
  void cellsStandWhereTheyBelong() {
    const PlotPtr plot = smallMatrix();
    QCOMPARE(plot->matrix()->limit, 2.0);
    for (const bool is_vector : {false, true}) {
      QImage image(400, 400, QImage::Format_RGB32);
      image.fill(Qt::white);
      QPainter painter(&image);
      PlotStyle style;
      style.vector = is_vector;
      style.values = false;
      const PlotLayout layout = layoutPlot(QRectF(0, 0, 400, 400), *plot, style);
      paintPlot(painter, layout, *plot, style, Theme::light());
      painter.end();
      const auto cell = [&](int row, int col) {
        return pixelAt(image, itemRect(layout, *plot, {row, col}).center());
      };
      QCOMPARE(cell(0, 1), divergingColourAt(-1, false));
      QCOMPARE(cell(2, 1), divergingColourAt(1, false));
      QCOMPARE(cell(1, 1), Theme::light().plot.rgb());
      QCOMPARE(cell(1, 0), plotColours(true, {}, false)[127]);
      QVERIFY(qRed(cell(0, 0)) > qBlue(cell(0, 0)));
      QVERIFY(layout.bar.isValid());
    }
  }

  void tipsAndNumbersTellTheCell() {
    const PlotPtr plot = smallMatrix();
    const CellTip tip = plotTip(*plot, {0, 1});
    QCOMPARE(tip.title, QStringLiteral("Logit \u22122"));
    QCOMPARE(tip.lines, (QStringList{"Source token 3, anchor", "Token raised 1"}));
    QCOMPARE(plotDescription(*plot, {0, 1}),
             QStringLiteral("OV. Source token 3, anchor. Token raised 1. Logit \u22122."));
    QVERIFY(plotTip(*plot, {3, 0}).title.isEmpty());
    const NumberTable table = plotNumbers(*plot);
    QCOMPARE(table.columns, (QStringList{"plot", "row", "column", "value"}));
    QCOMPARE(table.rows.size(), std::size_t{6});
    QCOMPARE(std::get<QString>(table.rows[1][1]), QStringLiteral("3"));
    QCOMPARE(std::get<double>(table.rows[1][3]), -2.0);
  }

  void keyboardWalksOverCells() {
    const PlotPtr plot = smallMatrix();
    QCOMPARE(firstItem(*plot), (PlotItem{0, 1}));  // the largest magnitude, the first of equals
    QCOMPARE(movedItem(*plot, {}, Qt::Key_Down), (PlotItem{0, 1}));
    QCOMPARE(movedItem(*plot, {0, 1}, Qt::Key_Down), (PlotItem{1, 1}));
    QCOMPARE(movedItem(*plot, {0, 1}, Qt::Key_Left), (PlotItem{0, 0}));
    QCOMPARE(movedItem(*plot, {0, 0}, Qt::Key_Left), (PlotItem{0, 0}));
    QCOMPARE(movedItem(*plot, {2, 1}, Qt::Key_Down), (PlotItem{2, 1}));
  }

  void eventsReachTheCellUnderThem() {
    PlotView view;
    view.resize(420, 380);
    view.setPlot(smallMatrix());
    view.setLarge(true);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    const auto centre = [&view](PlotItem item) {
      return itemRect(view.plotLayout(), *view.plot(), item).center().toPoint();
    };
    QTest::mouseMove(&view, centre({2, 0}));
    QTRY_COMPARE(view.item(), (PlotItem{2, 0}));
    QVERIFY(view.accessibleDescription().contains(QStringLiteral("Source token 21")));
    view.setFocus();
    QTest::keyClick(&view, Qt::Key_Right);
    QCOMPARE(view.item(), (PlotItem{2, 1}));
    QTest::keyClick(&view, Qt::Key_Escape);
    QVERIFY(!view.item().isValid());
    QSignalSpy enlarged(&view, &PlotView::enlarged);
    QTest::keyClick(&view, Qt::Key_Return);
    QCOMPARE(enlarged.size(), 0);  // it is large
    view.setLarge(false);
    QTest::keyClick(&view, Qt::Key_Return);
    QTest::mouseClick(&view, Qt::LeftButton, {}, centre({0, 0}));
    QCOMPARE(enlarged.size(), 2);
  }

  void aMatrixIsATable() {
    installAccessibleViews();
    PlotView view;
    view.resize(320, 260);
    view.setLarge(true);
    view.setPlot(smallMatrix());
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    QAccessibleInterface* spoken = QAccessible::queryAccessibleInterface(&view);
    auto* table = spoken->tableInterface();
    QVERIFY(table != nullptr);
    QCOMPARE(table->rowCount(), 3);
    QCOMPARE(table->columnCount(), 2);
    QCOMPARE(table->cellAt(2, 1)->text(QAccessible::Name),
             plotDescription(*view.plot(), PlotItem{2, 1}));
    QVERIFY(table->cellAt(2, 1)->rect().isValid());
    QCOMPARE(table->selectedCellCount(), 0);
    QTest::keyClick(&view, Qt::Key_Down);
    QCOMPARE(table->selectedCellCount(), 1);
  }

  void whatIsPointedAtElsewhereIsMarked() {
    PlotView view;
    view.resize(320, 260);
    view.setPlot(smallMatrix());
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    const QImage before = view.grab().toImage();
    view.setLinked({0, 1});
    QVERIFY(view.grab().toImage() != before);
    view.setLinked({9, 9});  // of a longer sequence
    QCOMPARE(view.grab().toImage(), before);
  }

  void pointsAreFoundAndWalked() {
    const Matrix embedding(4, 2, {0, 0, 2, 0, 0, 1, 5, 5});
    core::analysis::PcaAxes axes;
    axes.mean = {0, 0};
    axes.axes = Matrix(2, 2, {1, 0, 0, 1});
    axes.share = {0.7, 0.3};
    axes.tokens = 3;
    const Plot plot = pcaPlot(embedding, axes, {0, 1, 2, 3},
                              {TokenUse::Key, TokenUse::Anchor, TokenUse::Key, TokenUse::Unused});
    const ScatterPlot& scatter = *plot.scatter();
    QCOMPARE(scatter.points[1].role, TokenRole::Anchor);
    QVERIFY(!scatter.points[3].is_used);
    QCOMPARE(scatter.points[0].use, QStringLiteral("key and noise"));
    QVERIFY(scatter.x_title.startsWith(QStringLiteral("Component 1, 70.0")));
    QCOMPARE(firstItem(plot), (PlotItem{1, 0}));
    QCOMPARE(movedItem(plot, {1, 0}, Qt::Key_Left), (PlotItem{0, 0}));
    QCOMPARE(movedItem(plot, {0, 0}, Qt::Key_Up), (PlotItem{2, 0}));
    QCOMPARE(movedItem(plot, {0, 0}, Qt::Key_Left), (PlotItem{0, 0}));
    const PlotLayout layout = layoutPlot(QRectF(0, 0, 400, 300), plot, {});
    const QPointF at = layout.place(2, 0);
    QCOMPARE(itemAt(layout, plot, at + QPointF(2, 2), 9), (PlotItem{1, 0}));
    QVERIFY(!itemAt(layout, plot, at + QPointF(12, 0), 9).isValid());
    QVERIFY(layout.place(0, 1).y() < layout.place(0, 0).y());  // up is more
    QCOMPARE(plotTip(plot, {1, 0}).title, QStringLiteral("Token 1, anchor"));
    QCOMPARE(plotNumbers(plot).rows.size(), std::size_t{8});
  }

  void spectraHaveALogarithmicAxis() {
    const Plot plot = spectrumPlot("Query", {100, 10, 1}, 300, {5, 4, 3}, 0);
    QCOMPARE(plot.lines()->lines.size(), std::size_t{2});
    const PlotLayout layout = layoutPlot(QRectF(0, 0, 400, 300), plot, {});
    const double a = layout.place(1, 100).y();
    const double b = layout.place(2, 10).y();
    const double c = layout.place(3, 1).y();
    QVERIFY(std::abs((b - a) - (c - b)) < 1e-6);
    QCOMPARE(plotTip(plot, {0, 1}).lines, QStringList{QStringLiteral("Rank 2")});
    // At the first checkpoint there is nothing behind.
    QCOMPARE(spectrumPlot("Query", {1}, 0, {1}, 0).lines()->lines.size(), std::size_t{1});
  }

  void filesNameStepsByDigitsAlone() {
    const Plot plot = spectrumPlot("Query", {100, 10}, 18'400, {5, 4}, 0);
    QCOMPARE(plot.lines()->lines[0].name, QStringLiteral("step 18\u2009400"));
    const NumberTable table = plotNumbers(plot);
    QCOMPARE(std::get<QString>(table.rows[0][1]), QStringLiteral("step 18400"));
    const auto picture = std::make_shared<WeightsPicture>();
    picture->plots = {std::make_shared<const Plot>(plot)};
    NpzWriter npz;
    WeightsFigure(picture, WeightsPage::Weights, {}).addArrays(npz);
    QVERIFY(npz.bytes().contains("spectrum.step 18400.x.npy"));
  }

  void roundTicksAreRound() {
    QCOMPARE(roundTicks(0, 10, 5), (std::vector<double>{0, 2, 4, 6, 8, 10}));
    QCOMPARE(roundTicks(-1, 1, 2), (std::vector<double>{-1, 0, 1}));
    QVERIFY(roundTicks(1, 1, 4).empty());
  }
};

QTEST_MAIN(TestPlots)
#include "tst_plots.moc"
