// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/named.h"
#include "tests/support/tip_at.h"
#include "widgets/fonts.h"
#include "widgets/number_format.h"
#include "widgets/weights/make_plots.h"
#include "widgets/weights/weights_view.h"

#include <QComboBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QStandardItemModel>
#include <QtTest>

using namespace anchorlens;
using namespace anchorlens::widgets;
using core::analysis::HeadPlace;
using core::analysis::Matrix;
using core::analysis::NormChoice;
using tests::named;

namespace {

PlotPtr plotNamed(const QString& id, double value) {
  Plot plot = matrixPlot(id, id, Matrix(2, 2, {value, 1, 2, 3}));
  auto& matrix = std::get<MatrixPlot>(plot.content);
  matrix.row_labels = numberLabels(2);
  matrix.col_labels = numberLabels(2);
  return std::make_shared<const Plot>(plot);
}

PicturePtr pictureOf(std::int64_t step, WeightsPage page, double value = 0) {
  auto picture = std::make_shared<WeightsPicture>();
  picture->step = step;
  picture->choice.page = page;
  for (const QString& id : plotIds(page))
    picture->plots.push_back(plotNamed(id, value));
  return picture;
}

core::ModelSpec modelOf(core::ModelSpec::Norm norm) {
  core::ModelSpec model;
  model.n_layers = 2;
  model.n_heads = 2;
  model.norm = norm;
  return model;
}

}  // namespace

class TestWeightsView : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase() { QVERIFY(loadFonts()); }

  void theStepIsNamedAndTheOldPictureStays() {
    WeightsView view;
    view.setModel(modelOf(core::ModelSpec::Norm::Post));
    view.resize(900, 500);
    view.show();
    view.setPicture(pictureOf(18000, WeightsPage::Weights));
    QCOMPARE(view.statusText(), QStringLiteral("weights of step ") + formatInteger(18000));
    QVERIFY(view.board()->isVisible());
    view.setPending(true);
    QCOMPARE(view.statusText(), QStringLiteral("weights of step ") + formatInteger(18000));
    QTRY_COMPARE(view.statusText(), QStringLiteral("evaluating…"));
    QVERIFY(view.board()->isVisible());
    view.setPicture(pictureOf(18500, WeightsPage::Weights));
    view.setPending(false);
    QCOMPARE(view.statusText(), QStringLiteral("weights of step ") + formatInteger(18500));
    view.setEmptyText(QStringLiteral("Nothing yet."));
    QVERIFY(!view.board()->isVisible());
    QVERIFY(view.statusText().isEmpty());
  }

  void aSmallPlotBecomesLargeAndStaysSo() {
    WeightsView view;
    view.setModel(modelOf(core::ModelSpec::Norm::Post));
    view.resize(1000, 560);
    view.setPicture(pictureOf(100, WeightsPage::Weights, 5));
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    QCOMPARE(view.largePlot(), QStringLiteral("pca"));
    QCOMPARE(view.board()->views().size(), std::size_t{4});
    QTest::mouseClick(view.board()->views()[2], Qt::LeftButton);
    QCOMPARE(view.largePlot(), QStringLiteral("spectrum"));
    const auto& views = view.board()->views();
    for (std::size_t i = 0; i < views.size(); ++i) {
      QVERIFY(view.board()->rect().contains(views[i]->geometry()));
      for (std::size_t j = 0; j < i; ++j)
        QVERIFY(!views[i]->geometry().intersects(views[j]->geometry()));
      QVERIFY(i == 2 || views[i]->width() < views[2]->width());
    }
    view.setPicture(pictureOf(200, WeightsPage::Weights, 6));
    QCOMPARE(view.largePlot(), QStringLiteral("spectrum"));
    QCOMPARE(std::get<double>(view.numbers().rows[0][3]), 6.0);
    views[1]->setFocus();
    QCOMPARE(view.focusedPlot(), QStringLiteral("cosine"));
    QCOMPARE(std::get<QString>(view.numbers().rows[0][0]), QStringLiteral("cosine"));
  }

  void titlesOfPlotsAreToldInFull() {
    Plot plot = *plotNamed(QStringLiteral("pca"), 1);
    plot.title = QStringLiteral("Query, layer 1 head 0: rows of the tokens");
    PlotView view;
    view.resize(120, 90);
    view.setPlot(std::make_shared<const Plot>(plot));
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    QCOMPARE(tests::tipAt(view, {20, 6}), plot.title);
    plot.subtitle = QStringLiteral("PCA of 12 tokens");
    view.setPlot(std::make_shared<const Plot>(plot));
    QCOMPARE(tests::tipAt(view, {20, 6}),
             QStringLiteral("Query, layer 1 head 0: rows of the tokens, PCA of 12 tokens"));
    tests::tipAt(view, QRectF(view.rect()).center());
    QTRY_VERIFY(!QToolTip::isVisible());
  }

  void controlsChooseWhatIsShown() {
    WeightsView view;
    view.setModel(modelOf(core::ModelSpec::Norm::Post));
    view.resize(1000, 560);
    view.show();
    QSignalSpy changed(&view, &WeightsView::choiceChanged);
    auto* matrix = named<QComboBox>(view, QStringLiteral("Matrix"));
    QVERIFY(matrix != nullptr && matrix->isVisible());
    QCOMPARE(matrix->currentText(), QStringLiteral("Query, layer 1 head 0"));
    matrix->setFocus();
    QTest::keyClick(matrix, Qt::Key_Home);
    QCOMPARE(view.choice().matrix, QStringLiteral("embed"));
    QCOMPARE(changed.size(), 1);
    QTest::mouseClick(named<QPushButton>(view, QStringLiteral("Circuits")), Qt::LeftButton);
    QCOMPARE(view.choice().page, WeightsPage::Circuits);
    QVERIFY(!matrix->isVisible());
    auto* head = named<QComboBox>(view, QStringLiteral("Head"));
    auto* with = named<QComboBox>(view, QStringLiteral("Composed with"));
    QCOMPARE(head->count(), 4);
    QCOMPARE(with->count(), 2);  // the other layer's
    head->setFocus();
    QTest::keyClick(head, Qt::Key_End);
    QCOMPARE(view.choice().head, (HeadPlace{1, 1}));
    QCOMPARE(view.choice().other.layer, 0);
    view.nextHead(1);
    QCOMPARE(view.choice().head, (HeadPlace{0, 0}));
    QCOMPARE(view.choice().other.layer, 1);
    QCOMPARE(with->currentText(), QStringLiteral("with L1 H0"));
  }

  void foldingIsOfferedWhereItExists() {
    WeightsView view;
    view.setModel(modelOf(core::ModelSpec::Norm::Post));
    auto* norm = named<QComboBox>(view, QStringLiteral("LayerNorm"));
    const auto can_fold = [norm] {
      return qobject_cast<QStandardItemModel*>(norm->model())->item(1)->isEnabled();
    };
    QVERIFY(!can_fold());
    QVERIFY(norm->toolTip().contains(QStringLiteral("With post-LN")));
    view.setModel(modelOf(core::ModelSpec::Norm::Pre));
    QVERIFY(can_fold());
    WeightsChoice choice = view.choice();
    choice.norm = NormChoice::Folded;
    view.setChoice(choice);
    QCOMPARE(view.choice().norm, NormChoice::Folded);
    view.setModel(modelOf(core::ModelSpec::Norm::Post));
    QCOMPARE(view.choice().norm, NormChoice::AsIs);
    QVERIFY(norm->currentText().endsWith(QStringLiteral("left out")));
    view.setModel(modelOf(core::ModelSpec::Norm::None));
    QVERIFY(!can_fold());
    QVERIFY2(norm->currentText().startsWith(QStringLiteral("no L")),
             qPrintable(norm->currentText()));
    QVERIFY(norm->toolTip().contains(QStringLiteral("This model has no LayerNorm.")));
  }
};

QTEST_MAIN(TestWeightsView)
#include "tst_weights_view.moc"
