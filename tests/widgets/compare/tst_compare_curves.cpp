// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/tip_at.h"
#include "tests/widgets/made_run.h"
#include "widgets/compare/compare_curves.h"
#include "widgets/fonts.h"

#include <QApplication>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

#include <algorithm>
#include <array>
#include <cmath>

using namespace anchorlens;
using namespace anchorlens::widgets;

class TestCompareCurves : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase() { QApplication::setFont(textFont(13)); }

  void init() {
    m_other = m_run.historyUntil(12000);
    ComparedCurves curves;
    curves.sides[0] = {QStringLiteral("Run 7"), 0, &m_run.history()};
    curves.sides[1] = {QStringLiteral("Run 6"), 1, m_other.get()};
    curves.pairs = core::matchByPosition({2, 2}, {2, 2});
    m_view = std::make_unique<CompareCurves>();
    m_view->resize(900, 320);
    m_view->setCurves(curves);
    m_view->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
  }
  void cleanup() { m_view.reset(); }

  void lanesLieBelowEachOther() {
    const CurvesLayout& layout = m_view->curvesLayout();
    QCOMPARE(layout.strips.size(), 4U);
    QVERIFY(layout.hidden.isEmpty());
    QVERIFY(layout.loss.top() >= layout.ruler.bottom());
    QVERIFY(layout.accuracy.top() >= layout.loss.bottom());
    QVERIFY(layout.strips[0].top() >= layout.accuracy.bottom());
    QVERIFY(layout.height <= 320);
  }

  void aDragMovesTheCursor() {
    QSignalSpy moved(m_view.get(), &CompareCurves::cursorMoved);
    const double x = m_view->xOfStep(9000);
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, QPointF(x, 100).toPoint());
    QCOMPARE(moved.size(), 1);
    QVERIFY(std::abs(moved.last().front().toLongLong() - 9000) < 60);
    m_view->setTimeCursor(9000);
    QCOMPARE(m_view->accessibleDescription(), QStringLiteral("Step 9\u2009000"));
  }

  void theOtherRunIsDrawnWhereItIsAligned() {
    ComparedCurves curves = m_view->curves();
    curves.alignment = core::TimeAlignment(core::AlignBy::Emergence, {"a", 4000}, {"b", 8000});
    QCOMPARE(curves.toFirst(0, 6000.0), 6000.0);
    QCOMPARE(curves.toFirst(1, 8000.0), 4000.0);
    QCOMPARE(curves.toFirst(1, 9000.0), 5000.0);
    QCOMPARE(curves.fromFirst(1, 5000.0), 9000.0);
    m_view->setCurves(curves);
    const QImage aligned = m_view->grab().toImage();
    curves.alignment = {};
    m_view->setCurves(curves);
    QVERIFY(m_view->grab().toImage() != aligned);
  }

  void bothRunsAreSeen() {
    const QImage image = m_view->grab().toImage();
    const Theme theme = Theme::dark();
    for (int i = 0; i < 2; ++i) {
      // The run's edge of the first lane's half.
      const QRectF lane = m_view->curvesLayout().strips[0];
      const double y = lane.top() + lane.height() * (i == 0 ? 0.25 : 0.75);
      const auto ratio = image.devicePixelRatio();
      const QColor edge = image.pixelColor((QPointF(lane.left() - 2.5, y) * ratio).toPoint());
      QCOMPARE(edge, theme.run(i));
    }
  }

  /// In both halves the line at 0 is as high, whichever run goes below it.
  void whatIsNegativeLiesBelowALineAtZero() {
    std::array<RunHistory, 2> histories{RunHistory(1, 1, 100, {}), RunHistory(1, 1, 100, {})};
    for (const std::int64_t step : {0, 50, 100}) {
      core::HeadScores scores;
      scores.shift_lags[0].lift = 1;
      histories[1].addScores(step, {scores});
      scores.shift_lags[0].lift = step == 0 ? 1 : -1;
      histories[0].addScores(step, {scores});
    }
    ComparedCurves curves;
    for (std::size_t side = 0; side < 2; ++side)
      curves.sides[side] = {QStringLiteral("Run"), static_cast<int>(side), &histories[side]};
    curves.pairs = {core::HeadPair{0, 0, 0, std::nullopt}};
    m_view->setCurves(curves);
    const QImage image = m_view->grab().toImage();
    const QRectF lane = m_view->curvesLayout().strips[0];
    const double height = (lane.height() - 3) / 2;
    const auto colour = [&](std::size_t side, double value) {
      const double bottom = lane.top() + 1 + static_cast<double>(side) * (height + 1) + height;
      const QPointF at(m_view->xOfStep(90), bottom - (value + 1) / 2 * height);
      return image.pixelColor((at * image.devicePixelRatio()).toPoint());
    };
    const Theme theme = Theme::dark();
    QCOMPARE(colour(0, -0.5), theme.mechanism(Mechanism::Shift));
    QCOMPARE(colour(0, 0.5), theme.plot);
    QCOMPARE(colour(1, -0.5), theme.plot);
    QCOMPARE(colour(1, 0.5), theme.mechanism(Mechanism::Shift));
    m_view->setCurves({});
  }

  void namesAreToldInFull() {
    ComparedCurves curves = m_view->curves();
    curves.sides[1].name = QStringLiteral("The run with twice the data");
    curves.pairs = {core::HeadPair{1, 0, 1, std::nullopt}};
    m_view->setCurves(curves);
    const CurvesLayout& layout = m_view->curvesLayout();
    QWidget& over = *m_view->viewport();
    const double line = std::min(13 * 1.4, layout.loss.height() / 3);
    for (const QRectF& lane : {layout.loss, layout.accuracy}) {
      QCOMPARE(tests::tipAt(over, {30, lane.top() + 1.5 * line}), QStringLiteral("Run 7"));
      QCOMPARE(tests::tipAt(over, {30, lane.top() + 2.5 * line}),
               QStringLiteral("The run with twice the data"));
    }
    QCOMPARE(tests::tipAt(over, {30, layout.strips[0].center().y()}), QStringLiteral("L1 H0/1"));
  }

  void manyHeadsWithoutPatternAreCounted() {
    tests::MadeRunOptions options;
    options.n_layers = 3;
    options.n_heads = 4;
    options.n_shown = 1;
    const tests::MadeRun many(options);
    ComparedCurves curves;
    curves.sides[0] = {QStringLiteral("Run 7"), 0, &many.history()};
    curves.pairs = core::matchByPosition({3, 4}, {3, 4});
    const std::size_t lanes = curves.lanes().size();
    QVERIFY(lanes >= 1 && lanes < 12);
    m_view->setCurves(curves);
    QCOMPARE(m_view->curvesLayout().strips.size(), lanes);
    const QRectF hidden = m_view->curvesLayout().hidden;
    QVERIFY(!hidden.isEmpty());
    QCOMPARE(tests::tipAt(*m_view->viewport(), {30, hidden.center().y()}),
             QStringLiteral("%1 without pattern").arg(12 - lanes));
    m_view->setCurves({});
  }

  /// The range may have been chosen for longer runs.
  void aRangeBeyondBothRunsPansToAllTime() {
    tests::MadeRunOptions options;
    options.last_step = options.total_steps = 24;
    options.frame_every = 4;
    const tests::MadeRun brief(options);
    ComparedCurves curves;
    curves.sides[0] = {QStringLiteral("Run 7"), 0, &brief.history()};
    curves.pairs = core::matchByPosition({2, 2}, {2, 2});
    m_view->setCurves(curves);
    m_view->setLogarithmic(true);
    m_view->setRange(Timeline::Range{0, 1e6});
    QVERIFY(!m_view->showsAllTime());
    const QPointF at = m_view->curvesLayout().loss.center();
    QWheelEvent wheel(at, m_view->viewport()->mapToGlobal(at), {}, {120, 0}, Qt::NoButton,
                      Qt::NoModifier, Qt::NoScrollPhase, false);
    QApplication::sendEvent(m_view->viewport(), &wheel);
    QVERIFY(m_view->showsAllTime());
    QCOMPARE(m_view->range(), (Timeline::Range{0, 24}));
    m_view->setCurves({});
  }

  void numbersOfBoth() {
    const NumberTable table = m_view->numbers();
    QVERIFY(table.rows.size() > 10);
    QCOMPARE(std::get<QString>(table.rows.front()[0]), QStringLiteral("Run 7"));
    QCOMPARE(std::get<QString>(table.rows.back()[0]), QStringLiteral("Run 6"));
  }

 private:
  tests::MadeRun m_run;
  std::shared_ptr<RunHistory> m_other;
  std::unique_ptr<CompareCurves> m_view;
};

QTEST_MAIN(TestCompareCurves)
#include "tst_compare_curves.moc"
