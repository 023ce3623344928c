// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/tip_at.h"
#include "tests/widgets/made_run.h"
#include "widgets/compare/seeds_view.h"
#include "widgets/fonts.h"

#include <QApplication>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

#include <cmath>
#include <utility>

using namespace anchorlens;
using namespace anchorlens::widgets;

namespace {

/// A run with one head: shift and broadcast at steps 0 and 100.
std::shared_ptr<const core::RunNumbers> numbers(std::optional<std::int64_t> shift_step,
                                                double shift, double accuracy) {
  auto made = std::make_shared<core::RunNumbers>();
  core::HeadNumbers head;
  head.layer = 1;
  head.shift = {{0, 100}, {0.0, shift}};
  head.broadcast = {{0, 100}, {0.0, 0.5}};
  head.shift_step = shift_step;
  made->heads = {head};
  core::GroupNumbers test;
  test.kind = core::GroupNumbers::Kind::Test;
  test.accuracy = {{0, 100}, {0.01, accuracy}};
  made->groups = {test};
  return made;
}

SeedSet threeSeeds() {
  SeedSet set;
  set.title = QStringLiteral("3 runs of demo");
  set.runs = {{11, QStringLiteral("Run 1"), 0, true, numbers(40, 0.9, 1.0)},
              {12, QStringLiteral("Run 2"), 1, true, numbers(20, 0.7, 0.98)},
              {13, QStringLiteral("Run 3"), 2, false, numbers(std::nullopt, 0.1, 0.5)}};
  return set;
}

}  // namespace

class TestSeedsView : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase() { QApplication::setFont(textFont(13)); }

  void rowsWorkedByHand() {
    const std::vector<SeedRow> rows = seedRows(threeSeeds());
    QCOMPARE(rows.size(), 5U);
    QCOMPARE(rows[0].title, QStringLiteral("Shift emerges"));
    QCOMPARE(rows[0].spread->median, 30.0);
    QCOMPARE(rows[0].spread->count, 2U);
    QVERIFY(std::isnan(rows[0].values[2]));
    QCOMPARE(seedSpreadText(rows[0]), QStringLiteral("30 (20 to 40), 2 of 3"));
    QVERIFY(!rows[1].spread);
    QCOMPARE(seedSpreadText(rows[1]), QStringLiteral("none of 3"));
    QCOMPARE(rows[2].spread->median, 0.98);
    QCOMPARE(rows[3].title, QStringLiteral("L1 H0 shift"));
    QCOMPARE(rows[3].spread->min, 0.1);
  }

  void atAnEarlierStep() {
    SeedSet set = threeSeeds();
    set.step = 50;
    const std::vector<SeedRow> rows = seedRows(set);
    QCOMPARE(rows[2].spread->max, 0.01);
    QCOMPARE(rows[3].spread->max, 0.0);
    QCOMPARE(rows[0].spread->median, 30.0);  // when it emerged does not depend on it
  }

  void ofAnOpenRun() {
    const tests::MadeRun run;
    const core::RunNumbers made = seedNumbers(run.history());
    QCOMPARE(made.heads.size(), 4U);
    QCOMPARE(made.heads[0].shift_step, run.history().emergence(0, 0, core::Label::Shift));
    QVERIFY(made.heads[0].shift_step.has_value());
    QCOMPARE(made.heads[2].broadcast_step, run.history().emergence(1, 0, core::Label::Broadcast));
    QCOMPARE(made.groups.size(), 1U);
    QVERIFY(made.groups[0].accuracy.at(std::nullopt) > 0.5);
  }

  void tableHasARowForEachRun() {
    const NumberTable table = seedTable(threeSeeds());
    QCOMPARE(table.rows.size(), 3U);
    QCOMPARE(table.columns.size(), 6);
    QCOMPARE(std::get<QString>(table.rows[1][0]), QStringLiteral("Run 2"));
    QCOMPARE(std::get<double>(table.rows[1][1]), 20.0);
  }

  void dotsStandByTheirValues() {
    const auto rows = seedRows(threeSeeds());
    const SeedsLayout layout = layoutSeeds({0, 0}, 900, rows, {});
    const auto& dots = layout.rows[0].dots;
    QVERIFY(dots[1].x() < dots[0].x());
    QVERIFY(dots[2].x() > layout.rows[0].field.right());  // it never did
    QCOMPARE(layout.axes.size(), 2U);
    QVERIFY(layout.rows[0].text.right() <= 901);
    const QRectF field = layout.rows[2].field;
    QVERIFY(std::abs(layout.rows[2].dots[2].x() - field.center().x()) < 1e-9);  // 0.5
    QCOMPARE(layout.dotAt(dots[0]), (SeedsLayout::Dot{0, 0}));
    QCOMPARE(layout.dotAt({1, 1}), SeedsLayout::Dot{});
  }

  /// Rows of shares have one axis, which begins at the lowest lift.
  void aNegativeLiftStandsLeftOfZero() {
    SeedSet set = threeSeeds();
    set.runs[2].numbers = numbers(std::nullopt, -0.25, 0.0);
    const SeedsLayout layout = layoutSeeds({0, 0}, 900, seedRows(set), {});
    QCOMPARE(layout.low, -0.25);
    const QRectF field = layout.rows[3].field;
    QVERIFY(std::abs(layout.rows[3].dots[2].x() - field.left()) < 1e-9);
    QVERIFY(std::abs(layout.rows[3].dots[1].x() - (field.left() + 0.76 * field.width())) < 1e-9);
    // An accuracy of 0 stands at 0.
    QVERIFY(std::abs(layout.rows[2].dots[2].x() - (field.left() + 0.2 * field.width())) < 1e-9);
    QCOMPARE(layoutSeeds({0, 0}, 900, seedRows(threeSeeds()), {}).low, 0.0);
  }

  void equalValuesDoNotCoverEachOther() {
    SeedSet set = threeSeeds();
    for (SeedRun& run : set.runs)
      run.numbers = numbers(40, 0.9, 1.0);
    const SeedsLayout layout = layoutSeeds({0, 0}, 900, seedRows(set), {});
    const auto& dots = layout.rows[0].dots;
    QVERIFY(dots[0] != dots[1] && dots[1] != dots[2] && dots[0] != dots[2]);
  }

  void theNumbersOfARowAreToldInFull() {
    SeedsView view;
    view.resize(420, 400);
    view.setSeeds(threeSeeds());
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    const SeedsLayout& layout = view.seedsLayout();
    QWidget& over = *view.viewport();
    QCOMPARE(tests::tipAt(over, layout.rows[0].text.center()),
             QStringLiteral("Shift emerges: 30 (20 to 40), 2 of 3"));
    QCOMPARE(tests::tipAt(over, layout.rows[1].name.center()),
             QStringLiteral("Broadcast emerges: none of 3"));
    QCOMPARE(tests::tipAt(over, layout.rows[0].dots[1]),
             QStringLiteral("Shift emerges: 30 (20 to 40), 2 of 3. Run 2 20."));
    QCOMPARE(tests::tipAt(over, {20, 8}),
             QStringLiteral("3 runs of demo, line: median, band: range, ring: has no such number"));
  }

  /// Names, dots and numbers stand side by side in the view, also where there is little room.
  void allLiesWithinTheWidth() {
    QWidget window;
    window.resize(1020, 420);
    SeedsView view(&window);
    view.setSeeds(threeSeeds());
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    for (int width = 300; width <= 1000; width += 10) {
      for (const int height : {400, 160}) {  // without and with a scroll bar
        view.resize(width, height);
        QCoreApplication::processEvents();
        for (const SeedsLayout::Row& row : view.seedsLayout().rows) {
          const QByteArray at = QByteArray::number(width) +
                                " px: " + QByteArray::number(row.field.width()) + ", " +
                                QByteArray::number(row.text.right());
          QVERIFY2(row.text.right() <= view.viewport()->width(), at);
          QVERIFY2(row.name.left() >= 0 && row.name.right() <= row.field.left(), at);
          QVERIFY2(row.field.width() > 2 * basePixelSize(view), at);
          QVERIFY2(row.field.right() <= row.text.left(), at);
          for (const QPointF& dot : row.dots)
            QVERIFY2(dot.x() >= row.field.left() && dot.x() < row.text.left(), at);
        }
      }
    }
    QVERIFY(view.verticalScrollBar()->isVisible());
  }

  /// The same for figures, in any size of text.
  void aFigureLiesWithinItsWidth() {
    const auto rows = seedRows(threeSeeds());
    for (const double px : {10.0, 13.0, 18.0}) {
      SeedsPaint how;
      how.font_px = px;
      for (int width = 300; width <= 1000; width += 10) {
        const SeedsLayout::Row row = layoutSeeds({0, 0}, width, rows, how).rows.front();
        QVERIFY2(row.text.right() <= width + 1e-9, qPrintable(QString::number(width)));
        QVERIFY(row.field.width() > px && row.name.right() <= row.field.left());
      }
    }
  }

  void keysWalkAndEnterShowsTheRun() {
    SeedsView view;
    view.resize(900, 400);
    view.setSeeds(threeSeeds());
    view.show();
    QSignalSpy taken(&view, &SeedsView::runChosen);
    QTest::keyClick(&view, Qt::Key_Down);  // the least value of the first number
    QCOMPARE(view.chosen(), (SeedsLayout::Dot{0, 1}));
    QTest::keyClick(&view, Qt::Key_Right);
    QCOMPARE(view.chosen(), (SeedsLayout::Dot{0, 0}));
    QTest::keyClick(&view, Qt::Key_Down);
    QTest::keyClick(&view, Qt::Key_Down);
    QVERIFY2(view.accessibleDescription().contains(QStringLiteral("Run 1 100.0")),
             qPrintable(view.accessibleDescription()));
    QTest::keyClick(&view, Qt::Key_Return);
    QCOMPARE(taken.last().front().toULongLong(), 11ULL);
    QTest::mouseClick(view.viewport(), Qt::LeftButton, {},
                      view.seedsLayout().rows[0].dots[1].toPoint());
    QCOMPARE(taken.last().front().toULongLong(), 12ULL);
  }

  /// A run of a study that is opened stands elsewhere from then on.
  void theChosenRunStaysChosen() {
    SeedsView view;
    view.resize(900, 400);
    view.setSeeds(threeSeeds());
    view.show();
    QTest::mouseClick(view.viewport(), Qt::LeftButton, {},
                      view.seedsLayout().rows[2].dots[2].toPoint());
    QCOMPARE(view.chosen(), (SeedsLayout::Dot{2, 2}));
    SeedSet moved = threeSeeds();
    std::swap(moved.runs[0], moved.runs[2]);
    view.setSeeds(moved);
    QCOMPARE(view.chosen(), (SeedsLayout::Dot{2, 0}));
    moved.runs.erase(moved.runs.begin());
    view.setSeeds(moved);
    QCOMPARE(view.chosen(), SeedsLayout::Dot{});
  }

  void theChosenRowIsScrolledTo() {
    SeedsView view;
    view.resize(900, 160);
    view.setSeeds(threeSeeds());
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    for (int i = 0; i < 5; ++i)
      QTest::keyClick(&view, Qt::Key_Down);
    const QRectF last = view.seedsLayout().rows[4].name;
    QCOMPARE(view.chosen().row, 4);
    QVERIFY(view.verticalScrollBar()->value() + view.viewport()->height() >= last.bottom());
    QVERIFY(view.verticalScrollBar()->value() <= last.top());
    for (int i = 0; i < 4; ++i)
      QTest::keyClick(&view, Qt::Key_Up);
    QCOMPARE(view.verticalScrollBar()->value(), 0);  // with the title
  }

  void nothingIsASentence() {
    SeedsView view;
    view.setEmptyText(QStringLiteral("Only this run is open."));
    view.setSeeds({});
    QVERIFY(view.rows().empty());
    QCOMPARE(view.accessibleDescription(), QStringLiteral("Only this run is open."));
  }
};

QTEST_MAIN(TestSeedsView)
#include "tst_seeds_view.moc"
