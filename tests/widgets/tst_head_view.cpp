// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/tip_at.h"
#include "tests/widgets/made_run.h"
#include "tests/widgets/paint_counter.h"
#include "widgets/fonts.h"
#include "widgets/head_view.h"

#include <QApplication>
#include <QKeyEvent>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

using namespace anchorlens;
using namespace anchorlens::widgets;

class TestHeadView : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase() { QApplication::setFont(textFont(13)); }

  void hoverTellsTheCellAndLeavingClearsIt() {
    HeadView view;
    show(view);
    QSignalSpy hovered(&view, &HeadView::cellHovered);
    QTest::mouseMove(view.viewport(), view.mapLayout().cellRect({6, 3}).center().toPoint());
    QTRY_COMPARE(view.cell(), (Cell{6, 3}));
    QCOMPARE(hovered.last().front().value<Cell>(), (Cell{6, 3}));
    QVERIFY(view.accessibleDescription().startsWith(
        QStringLiteral("Layer 1 head 0. Reader 6, token ")));
    QEvent leave(QEvent::Leave);
    QApplication::sendEvent(view.viewport(), &leave);
    QVERIFY(!view.cell().isValid());
  }

  void keysMoveTheCell() {
    HeadView view;
    show(view);
    QTest::keyClick(&view, Qt::Key_Left);  // starts at the output row, on what it reads most
    const Cell start = view.cell();
    QCOMPARE(start.reader, 8);
    QVERIFY(view.data().at(start) > 0.8F);
    QTest::keyClick(&view, Qt::Key_Up);
    QTest::keyClick(&view, Qt::Key_Right);
    QCOMPARE(view.cell(), (Cell{start.reader - 1, start.source + 1}));
    for (int i = 0; i < 20; ++i) {
      QTest::keyClick(&view, Qt::Key_Down);
    }
    QCOMPARE(view.cell().reader, 8);
    QTest::keyClick(&view, Qt::Key_Escape);
    QVERIFY(!view.cell().isValid());
  }

  void arrowsAreKeptFromTheWindowsShortcuts() {
    HeadView view;
    show(view);
    QKeyEvent arrow(QEvent::ShortcutOverride, Qt::Key_Left, Qt::NoModifier);
    arrow.ignore();
    QApplication::sendEvent(&view, &arrow);
    QVERIFY(arrow.isAccepted());
    QKeyEvent comma(QEvent::ShortcutOverride, Qt::Key_Comma, Qt::NoModifier);
    comma.ignore();
    QApplication::sendEvent(&view, &comma);
    QVERIFY(!comma.isAccepted());
  }

  void cellOutsideTheNextMapIsDropped() {
    HeadView view;
    show(view);
    view.setCell({8, 8});
    tests::MadeRunOptions small;
    small.seq_len = 5;
    const tests::MadeRun run(small);
    view.setData(makeHeadMap(*run.frame(0), *run.probe(), {}, 0, 0));
    QVERIFY(!view.cell().isValid());
  }

  void longSequencesScroll() {
    tests::MadeRunOptions options;
    options.seq_len = 70;
    options.n_shown = 1;
    const tests::MadeRun run(options);
    HeadView view;
    view.resize(480, 480);
    view.setData(makeHeadMap(*run.frame(0), *run.probe(), {}, 0, 0));
    view.show();
    QCOMPARE(view.mapLayout().cell, 12.0);
    QVERIFY(view.verticalScrollBar()->maximum() > 0);
    QVERIFY(view.horizontalScrollBar()->maximum() > 0);
    view.verticalScrollBar()->setValue(view.verticalScrollBar()->maximum());
    view.horizontalScrollBar()->setValue(0);
    const QPointF at =
        view.mapLayout().cellRect({69, 5}).center() - QPointF(0, view.verticalScrollBar()->value());
    QTest::mouseMove(view.viewport(), at.toPoint());
    QTRY_COMPARE(view.cell(), (Cell{69, 5}));
  }

  void keysScrollToTheirCell() {
    tests::MadeRunOptions options;
    options.seq_len = 100;
    options.n_shown = 1;
    const tests::MadeRun run(options);
    HeadView view;
    view.resize(480, 480);
    view.setData(makeHeadMap(*run.frame(0), *run.probe(), {}, 0, 0));
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    const auto is_in_view = [&view] {
      const QPointF scrolled(view.horizontalScrollBar()->value(),
                             view.verticalScrollBar()->value());
      return QRectF(view.viewport()->rect())
          .contains(view.mapLayout().cellRect(view.cell()).translated(-scrolled));
    };
    QTest::keyClick(&view, Qt::Key_Left);
    QCOMPARE(view.cell().reader, 99);
    QVERIFY(view.verticalScrollBar()->value() > 0);
    QVERIFY(is_in_view());
    view.setCell({99, 98});
    QTest::keyClick(&view, Qt::Key_Right);
    QCOMPARE(view.cell(), (Cell{99, 99}));
    QVERIFY(is_in_view());
    view.setCell({1, 1});
    QTest::keyClick(&view, Qt::Key_Up);
    QCOMPARE(view.cell(), (Cell{0, 1}));
    QVERIFY(is_in_view());
  }

  void keysScrollToTheirLine() {
    tests::MadeRunOptions options;
    options.seq_len = 100;
    options.n_shown = 1;
    const tests::MadeRun run(options);
    HeadView view;
    view.resize(480, 480);
    view.setData(makeHeadMap(*run.frame(0), *run.probe(), {}, 0, 0));
    view.setMode(HeadView::Mode::Lines);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    const auto is_in_view = [&view](int token) {
      const HeadMapLayout& layout = view.mapLayout();
      const double top = layout.map.top() + token * layout.cell - view.verticalScrollBar()->value();
      return top >= 0 && top + layout.cell <= view.viewport()->height();
    };
    view.setCell({99, 98});
    QTest::keyClick(&view, Qt::Key_Right);
    QCOMPARE(view.cell(), (Cell{99, 99}));
    QVERIFY(is_in_view(99));
    view.setCell({1, 20});
    QTest::keyClick(&view, Qt::Key_Up);
    QCOMPARE(view.cell(), (Cell{0, 20}));
    QVERIFY(is_in_view(0) && is_in_view(20));
    // There is no room for both ends: the one that moves.
    view.setCell({98, 1});
    QTest::keyClick(&view, Qt::Key_Down);
    QCOMPARE(view.cell(), (Cell{99, 1}));
    QVERIFY(is_in_view(99) && !is_in_view(1));
    QTest::keyClick(&view, Qt::Key_Left);
    QCOMPARE(view.cell(), (Cell{99, 0}));
    QVERIFY(is_in_view(0) && !is_in_view(99));
  }

  void linesAreFoundByThePointer() {
    HeadView view;
    show(view);
    view.setMode(HeadView::Mode::Lines);
    const HeadMapLayout& layout = view.mapLayout();
    const Cell strong{8, 3};
    QVERIFY(view.data().at(strong) > 0.8F);
    const QPointF from(layout.map.left(), layout.map.top() + (strong.source + 0.5) * layout.cell);
    const QPointF to(layout.map.right(), layout.map.top() + (strong.reader + 0.5) * layout.cell);
    QTest::mouseMove(view.viewport(), (from + 0.9 * (to - from)).toPoint());
    QTRY_COMPARE(view.cell(), strong);
  }

  /// A cell that another view points at is marked in both ways of drawing, until one is here.
  void theLinkedCellIsMarkedInLinesToo() {
    for (const HeadView::Mode mode : {HeadView::Mode::Map, HeadView::Mode::Lines}) {
      const tests::MadeRun run;
      HeadView view;
      view.resize(560, 520);
      view.setData(makeHeadMap(*run.frame(18400), *run.probe(), {}, 1, 0));
      view.setMode(mode);
      const QImage plain = view.grab().toImage();
      view.setLinkedCell({8, 3});
      const QImage linked = view.grab().toImage();
      QVERIFY(linked != plain);
      view.setLinkedCell({7, 2});
      QVERIFY(view.grab().toImage() != linked);
      view.setLinkedCell({30, 2});  // of a longer sequence
      QVERIFY(view.grab().toImage() == plain);
      view.setCell({5, 1});
      const QImage own = view.grab().toImage();
      view.setLinkedCell({8, 3});
      QVERIFY(view.grab().toImage() == own);
    }
  }

  void theTitleIsToldInFull() {
    HeadView view;
    show(view);
    view.resize(220, 200);
    view.setNote(QStringLiteral("evaluating…"));
    QCOMPARE(tests::tipAt(*view.viewport(), {20, 8}),
             QStringLiteral("Layer 1  Head 0, step 18\u2009400, evaluating…"));
  }

  void hiddenViewPaintsNothing() {
    const tests::MadeRun run;
    HeadView view;
    view.resize(500, 500);
    tests::PaintCounter paints(view.viewport());
    for (int i = 0; i < 5; ++i) {
      view.setData(makeHeadMap(*run.frame(i * 400), *run.probe(), {}, 1, 0));
      QCoreApplication::processEvents();
    }
    QCOMPARE(paints.count(), 0);
    view.show();
    QTRY_VERIFY(paints.count() > 0);
  }

  void withoutDataItSaysWhy() {
    HeadView view;
    view.resize(300, 200);
    view.show();
    const QImage blank = view.grab().toImage();
    view.setEmptyText(QStringLiteral("This run has no attention frames."));
    QVERIFY(view.grab().toImage() != blank);
    QTest::keyClick(&view, Qt::Key_Left);  // nothing to move in
    QVERIFY(!view.cell().isValid());
  }

 private:
  static void show(HeadView& view) {
    const tests::MadeRun run;
    view.resize(560, 520);
    view.setData(makeHeadMap(*run.frame(18400), *run.probe(), {}, 1, 0));
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
  }
};

QTEST_MAIN(TestHeadView)
#include "tst_head_view.moc"
