// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/tip_at.h"
#include "tests/widgets/compare/made_comparison.h"
#include "widgets/compare/compare_view.h"
#include "widgets/fonts.h"
#include "widgets/text_paint.h"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QKeyEvent>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace anchorlens;
using namespace anchorlens::widgets;

class TestCompareView : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase() { QApplication::setFont(textFont(13)); }

  void init() {
    m_view = std::make_unique<CompareView>();
    m_view->resize(1150, 460);
    m_view->setProbe(m_run.probe(), true, 512);
    m_view->setComparison(tests::madeComparison(m_run));
    m_view->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
  }
  void cleanup() { m_view.reset(); }

  void oneCellInAllColumns() {
    CompareCanvas* canvas = m_view->canvas();
    QSignalSpy hovered(canvas, &CompareCanvas::cellHovered);
    const QPoint point = canvas->compareLayout().maps[2].cellRect({6, 3}).center().toPoint();
    QTest::mouseMove(canvas->viewport(), point);
    QTRY_COMPARE(canvas->cell(), (Cell{6, 3}));
    QCOMPARE(hovered.last().front().value<Cell>(), (Cell{6, 3}));
    QVERIFY(canvas->accessibleDescription().contains(QStringLiteral("difference")));
    QTest::mouseMove(canvas->viewport(), QPoint(1, 1));
    QTRY_VERIFY(!canvas->cell().isValid());
  }

  void keysMoveTheCell() {
    CompareCanvas* canvas = m_view->canvas();
    canvas->setFocus();
    QTest::keyClick(canvas, Qt::Key_Up);
    QCOMPARE(canvas->cell(), (Cell{8, 0}));
    QTest::keyClick(canvas, Qt::Key_Right);
    QTest::keyClick(canvas, Qt::Key_Up);
    QCOMPARE(canvas->cell(), (Cell{7, 1}));
    for (int i = 0; i < 20; ++i)
      QTest::keyClick(canvas, Qt::Key_Up);
    QCOMPARE(canvas->cell(), (Cell{0, 1}));
    QTest::keyClick(canvas, Qt::Key_Escape);
    QVERIFY(!canvas->cell().isValid());
    QKeyEvent comma(QEvent::ShortcutOverride, Qt::Key_Comma, Qt::NoModifier);
    comma.ignore();
    QApplication::sendEvent(canvas, &comma);
    QVERIFY(!comma.isAccepted());  // time's own
  }

  void aTileTakesItsPair() {
    CompareCanvas* canvas = m_view->canvas();
    QSignalSpy taken(m_view.get(), &CompareView::pairSelected);
    const QPoint point = canvas->compareLayout().tiles[2][1].center().toPoint();
    QTest::mouseClick(canvas->viewport(), Qt::LeftButton, {}, point);
    QCOMPARE(taken.size(), 1);
    QCOMPARE(canvas->pair(), 2U);
    QCOMPARE(m_view->numbers().rows.size(), 45U);
  }

  void titlesAndNamesAreToldInFull() {
    Comparison comparison = tests::madeComparison(m_run);
    comparison.first.name = QStringLiteral("The run with twice the data and a longer warm-up");
    comparison.pairs = otherHeads();
    m_view->setComparison(comparison);
    const CompareLayout& layout = m_view->canvas()->compareLayout();
    QWidget& over = *m_view->canvas()->viewport();
    QCOMPARE(tests::tipAt(over, layout.titles[0].center()),
             QStringLiteral("The run with twice the data and a longer warm-up, L0 H0, "
                            "step 14\u2009000, seed 1"));
    QVERIFY(QToolTip::isVisible());
    QCOMPARE(tests::tipAt(over, layout.nameBox(0, 2).center()), QStringLiteral("L0 H1 − H0"));
    QCOMPARE(tests::tipAt(over, layout.nameBox(3, 1).center()), QStringLiteral("L1 H0"));
    tests::tipAt(over, layout.tiles[3][1].center());
    QTRY_VERIFY(!QToolTip::isVisible());
  }

  void aNameWithBracketsIsNotHtml() {
    Comparison comparison = tests::madeComparison(m_run);
    comparison.second.name = QStringLiteral("<b>6</b>");
    m_view->setComparison(comparison);
    CompareCanvas* canvas = m_view->canvas();
    QCOMPARE(tests::tipAt(*canvas->viewport(), canvas->compareLayout().titles[1].center()),
             QStringLiteral("<qt>&lt;b&gt;6&lt;/b&gt;, L0 H0, step 4\u2009000, seed 2</qt>"));
  }

  void namesOfTilesAreWholeWhereARowHasRoom() {
    Comparison comparison = tests::madeComparison(m_run);
    comparison.pairs = otherHeads();
    const ComparePaint how;
    const double name = textWidth(QStringLiteral("L1 H1 − H0"), tileFont(how.map, true));
    const QRectF low(0, 0, 1100, 150);
    const CompareLayout layout = layoutComparison(low, comparison, how);
    QVERIFY(layout.tiles[0][2].width() < name);
    QVERIFY(layout.tile_name >= name);
    QVERIFY(layout.tiles[1][2].left() - layout.tiles[0][2].left() >= layout.tile_name);
    QVERIFY(layout.nameBox(3, 2).right() <= low.right() + 1);
    // Where it has not, no tile leaves the row for a name.
    const CompareLayout narrow = layoutComparison(QRectF(0, 0, 240, 150), comparison, how);
    QVERIFY(narrow.tile_name < name);
    QCOMPARE(narrow.tiles[0][0].top(), narrow.tiles[1][0].top());
  }

  void controlsTellWhatIsWanted() {
    QSignalSpy changed(m_view.get(), &CompareView::optionsChanged);
    const auto choose = [](QComboBox* box, int index) {
      box->setCurrentIndex(index);
      emit box->activated(index);
    };
    choose(m_view->matchBox(), 2);
    QCOMPARE(m_view->options().match, core::HeadMatch::Weights);
    choose(m_view->alignBox(), 1);
    QCOMPARE(m_view->options().align, core::AlignBy::Emergence);
    choose(m_view->probeBox(), 4);  // after four sequences
    QVERIFY(m_view->options().probe.mean);
    QTest::mouseClick(m_view->findChild<QCheckBox*>(), Qt::LeftButton, {}, QPoint(8, 8));
    QVERIFY(!m_view->options().values);
    QCOMPARE(changed.size(), 4);
    for (const QComboBox* box : m_view->findChildren<QComboBox*>())
      QVERIFY(!box->accessibleName().isEmpty());
  }

  void otherProbesLeaveTheMean() {
    m_view->setProbe(m_run.probe(), false, 512);
    QCOMPARE(m_view->probeBox()->count(), 1);
    QCOMPARE(m_view->probeBox()->currentText(), QStringLiteral("Mean of 512"));
    QVERIFY(!m_view->options().probe.mean);  // the choice of the other views stays
  }

  void sentencesInPlaceOfMaps() {
    m_view->setProblem(QStringLiteral("Run 6 has length 20."));
    QCOMPARE(m_view->canvas()->accessibleDescription(), QStringLiteral("Run 6 has length 20."));
    QVERIFY(m_view->note().isEmpty());
    m_view->setNote(QStringLiteral("Equal steps are shown."));
    QCOMPARE(m_view->note(), QStringLiteral("Equal steps are shown."));
  }

  void pagesHaveTheirControls() {
    CompareOptions options;
    options.all_seeds = true;
    m_view->setOptions(options);
    QVERIFY(m_view->seeds()->isVisible());
    QVERIFY(!m_view->canvas()->isVisible());
    QVERIFY(!m_view->matchBox()->isVisible());
  }

 private:
  /// Each head of a layer with the other one.
  static std::vector<core::HeadPair> otherHeads() {
    std::vector<core::HeadPair> pairs;
    for (int layer = 0; layer < 2; ++layer) {
      for (int head = 0; head < 2; ++head)
        pairs.push_back({layer, head, 1 - head, std::nullopt});
    }
    return pairs;
  }

  tests::MadeRun m_run;
  std::unique_ptr<CompareView> m_view;
};

QTEST_MAIN(TestCompareView)
#include "tst_compare_view.moc"
