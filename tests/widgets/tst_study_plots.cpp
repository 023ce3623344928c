// SPDX-License-Identifier: GPL-3.0-or-later
// Curves and head scores of a study; in the window: tests/app/tst_study_view.cpp.
#include "tests/support/tip_at.h"
#include "widgets/fonts.h"
#include "widgets/study_plot.h"
#include "widgets/study_strips.h"

#include <QApplication>
#include <QPainter>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>
#include <cmath>

using namespace anchorlens;
using namespace anchorlens::widgets;

namespace {

using core::NumberSeries;

std::shared_ptr<const core::RunNumbers> run(NumberSeries accuracy, NumberSeries loss,
                                            NumberSeries shift, NumberSeries broadcast) {
  auto made = std::make_shared<core::RunNumbers>();
  made->state = core::MemberFacts::State::Finished;
  made->step = shift.steps.back();
  made->groups = {{"Test", core::GroupNumbers::Kind::Test, std::move(accuracy), std::move(loss)}};
  made->heads = {{1, 0, std::move(shift), std::move(broadcast), std::nullopt, std::nullopt}};
  return made;
}

/// One setting, seeds 1 and 2: evaluations at 10 and 20, frames at 0, too.
std::shared_ptr<const core::StudyData> twoSeeds() {
  auto plan = std::make_shared<core::StudyPlan>();
  plan->labels = {"n_layers"};
  plan->values = {{"2"}};
  plan->settings = {{0}};
  plan->members = {{"1_seed-1", "demo", "", 0, 1}, {"2_seed-2", "demo", "", 0, 2}};
  auto data = std::make_shared<core::StudyData>();
  data->plan = plan;
  data->runs = {run({{10, 20}, {0.2, 0.4}}, {{10, 20}, {0.8, 0.6}}, {{0, 10, 20}, {0, 0.2, 0.4}},
                    {{0, 10, 20}, {0, 0, -0.1}}),
                run({{10, 20}, {0.4, 0.8}}, {{10, 20}, {0.6, 0.2}}, {{0, 10, 20}, {0, 0.4, 0.8}},
                    {{0, 10, 20}, {0, 0, 0}})};
  return data;
}

bool hasInk(const QImage& image, QRgb ground) {
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) {
      if (image.pixel(x, y) != ground)
        return true;
    }
  }
  return false;
}

}  // namespace

class TestStudyPlots : public QObject {
  Q_OBJECT

  static void show(StudyPlot& plot) {
    plot.resize(560, 480);
    plot.show();
    QVERIFY(QTest::qWaitForWindowExposed(&plot));
    plot.setData(twoSeeds(), {{0}, {}});
    plot.replot();
  }
  static void show(StudyStrips& strips) {
    strips.resize(700, 400);
    strips.setData(twoSeeds(), 0);
    strips.show();
    QVERIFY(QTest::qWaitForWindowExposed(&strips));
  }

 private slots:
  void initTestCase() { QApplication::setFont(textFont(13)); }

  void theAxisOfTheCurvesHasAName() {
    const StudyPlot plot;
    QCOMPARE(plot.axisRect(1)->axis(QCPAxis::atBottom)->label(), QStringLiteral("Step"));
    QCOMPARE(plot.axisRect(0)->axis(QCPAxis::atBottom)->label(), QString());  // the same axis
  }

  void theAxisOfTheStripsHasAName() {
    StudyStrips strips;
    show(strips);
    const double f = basePixelSize(strips);
    const QPointF zero = strips.pointOf(0, 0, 0);
    // Left of the steps, beside them.
    const QRect row(4, qRound(zero.y() + f * 0.4), qRound(zero.x() - f * 2), qRound(f * 1.3));
    const QImage image = strips.viewport()->grab(row).toImage();
    QVERIFY(hasInk(image, image.pixel(0, 0)));
  }

  void aCurveTellsRunStepAndValue() {
    StudyPlot plot;
    show(plot);
    QVERIFY(!plot.lineAt(plot.pointOf(false, 4, 0.9)));
    QCOMPARE(tests::tipAt(plot, plot.pointOf(false, 20, 0.8)),
             QStringLiteral("n_layers 2, seed 2\nAccuracy, test, step 20: 80.0\u2009%\n"
                            "Median of 2, step 20: 60.0\u2009% (40.0\u2009% to 80.0\u2009%)"));
    // Between two samples the nearer one.
    QCOMPARE(tests::tipAt(plot, plot.pointOf(false, 12, 0.48)),
             QStringLiteral("n_layers 2, seed 2\nAccuracy, test, step 10: 40.0\u2009%\n"
                            "Median of 2, step 10: 30.0\u2009% (20.0\u2009% to 40.0\u2009%)"));
    QCOMPARE(tests::tipAt(plot, plot.pointOf(true, 20, 0.6)),
             QStringLiteral("n_layers 2, seed 1\nLoss, test, step 20: 0.600\n"
                            "Median of 2, step 20: 0.400 (0.200 to 0.600)"));
    // The median's line away from those of the runs.
    QCOMPARE(tests::tipAt(plot, plot.pointOf(false, 20, 0.6)),
             QStringLiteral("n_layers 2\nAccuracy, test\n"
                            "Median of 2, step 20: 60.0\u2009% (40.0\u2009% to 80.0\u2009%)"));
  }

  /// Within one power of ten, over little more than one, of one evaluation, over many.
  void theAxisOfLossesHasTicksAtAnyRange() {
    StudyPlot plot;
    show(plot);
    const QCPAxis* axis = plot.axisRect(0)->axis(QCPAxis::atLeft);
    const std::vector<NumberSeries> losses{
        {{10, 20}, {0.8, 0.2}}, {{10, 20}, {6, 0.15}}, {{10}, {6}}, {{10, 20}, {6, 1e-5}}};
    for (const NumberSeries& loss : losses) {
      auto data = std::make_shared<core::StudyData>(*twoSeeds());
      data->runs = {run({{10}, {0.4}}, loss, {{0, 10}, {0, 0}}, {{0, 10}, {0, 0}}), nullptr};
      plot.setData(data, {{0}, {}});
      for (const double value : loss.values)
        QVERIFY(axis->range().contains(value));
      QVector<double> ticks;
      axis->ticker()->generate(axis->range(), QLocale::c(), 'g', 4, ticks, nullptr, nullptr);
      const auto n = std::count_if(ticks.begin(), ticks.end(),
                                   [axis](double tick) { return axis->range().contains(tick); });
      QVERIFY2(n >= 2 && n <= 8, qPrintable(QString::number(n)));
    }
  }

  void aClickTakesARunNotTheMedian() {
    StudyPlot plot;
    show(plot);
    QSignalSpy taken(&plot, &StudyPlot::memberTaken);
    QTest::mouseClick(&plot, Qt::LeftButton, {}, plot.pointOf(false, 20, 0.6).toPoint());
    QCOMPARE(taken.count(), 0);
    QTest::mouseClick(&plot, Qt::LeftButton, {}, plot.pointOf(false, 20, 0.8).toPoint());
    QCOMPARE(taken.count(), 1);
    QCOMPARE(taken.last().front().toULongLong(), 1ULL);
  }

  void aStripTellsRunStepAndValue() {
    StudyStrips strips;
    show(strips);
    QWidget& over = *strips.viewport();
    QVERIFY(tests::tipAt(over, {20, 20}).startsWith(QStringLiteral("Shift (yellow): ")));
    QCOMPARE(tests::tipAt(over, strips.pointOf(0, 20, 0.4)),
             QStringLiteral("n_layers 2, seed 1\nL1 H0 shift, step 20: 0.40\n"
                            "Median of 2, step 20: 0.60 (0.40 to 0.80)"));
    QCOMPARE(tests::tipAt(over, strips.pointOf(0, 17, 0.51)),
             QStringLiteral("n_layers 2\nL1 H0 shift\n"
                            "Median of 2, step 20: 0.60 (0.40 to 0.80)"));
    // What is negative lies below 0.
    QVERIFY(strips.pointOf(0, 20, -0.1).y() > strips.pointOf(0, 20, 0).y() + 5);
    QCOMPARE(tests::tipAt(over, strips.pointOf(0, 20, -0.1)),
             QStringLiteral("n_layers 2, seed 1\nL1 H0 broadcast, step 20: \u22120.10\n"
                            "Median of 2, step 20: \u22120.05 (\u22120.10 to 0.00)"));
  }

  /// One run is no median; its gaps have no sample.
  void aRunAloneHasNoMedian() {
    auto data = std::make_shared<core::StudyData>(*twoSeeds());
    data->runs[0] = nullptr;
    data->runs[1] = run({{10}, {0.4}}, {{10}, {0.6}}, {{0, 10, 20, 30}, {0.5, 0.5, 0.5, NAN}},
                        {{0, 10, 20, 30}, {0, 0, 0, 0}});
    StudyStrips strips;
    show(strips);
    strips.setData(data, 0);
    QCOMPARE(tests::tipAt(*strips.viewport(), strips.pointOf(0, 20, 0.5)),
             QStringLiteral("n_layers 2, seed 2\nL1 H0 shift, step 20: 0.50"));
  }

  /// More samples than columns: every other one is drawn, and the last.
  void aThinnedLineKeepsItsLastSample() {
    NumberSeries flat;
    for (int step = 0; step < 26; ++step) {
      flat.steps.push_back(step);
      flat.values.push_back(0);
    }
    NumberSeries leap = flat;
    leap.values.back() = 1;
    auto data = std::make_shared<core::StudyData>(*twoSeeds());
    data->runs = {run({{25}, {1}}, {{25}, {0.1}}, flat, leap), nullptr};
    const Theme theme = Theme::dark();
    QImage image(101, 51, QImage::Format_RGB32);
    image.fill(theme.plot);
    QPainter painter(&image);
    const std::vector<StudyStrip> strips = studyStrips(*data, 0);
    paintStudyStrip(painter, *data, strips.at(0), 0, {QRectF(0, 0, 100, 50), 25, 1, 10}, theme);
    painter.end();
    QVERIFY(hasInk(image.copy(QRect(96, 5, 5, 20)), theme.plot.rgb()));
  }
};

QTEST_MAIN(TestStudyPlots)
#include "tst_study_plots.moc"
