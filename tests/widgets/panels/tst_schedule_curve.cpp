// SPDX-License-Identifier: GPL-3.0-or-later
// The learning rate as a curve, and what is recorded as ticks.
#include "engine/core/experiment_json.h"
#include "engine/core/learning_rate.h"
#include "engine/core/step_schedule.h"
#include "engine/core/thread_time.h"
#include "widgets/number_format.h"
#include "widgets/record_ticks.h"
#include "widgets/schedule_curve.h"

#include <QHelpEvent>
#include <QToolTip>
#include <QtTest>

#include <algorithm>

using namespace anchorlens;
using namespace anchorlens::widgets;

class TestScheduleCurve : public QObject {
  Q_OBJECT

 private slots:
  void ratesAreTheTrainers() {
    ScheduleCurve curve;
    for (const std::string& name : core::presetNames()) {
      const auto spec = core::preset(name);
      curve.setExperiment(spec);
      const std::int64_t total = core::totalSteps(spec);
      QCOMPARE(curve.totalSteps(), total);
      for (std::int64_t step = 0; step <= total; step += std::max<std::int64_t>(1, total / 97))
        QCOMPARE(curve.rateAt(step),
                 core::learningRate(spec.training, step, core::stepsPerEpoch(spec)));
    }
  }

  void thePointerTellsTheRateAtAStep() {
    ScheduleCurve curve;
    auto spec = core::preset("demo");
    spec.training.learning_rate = 0.001;
    spec.training.steps = 1000;
    spec.training.schedule = {
        core::ScheduleSpec::Kind::WarmupCosine, core::ScheduleSpec::Unit::Steps, 100, 900, 0, 0};
    curve.setExperiment(spec);
    curve.resize(300, curve.sizeHint().height());
    curve.show();
    QVERIFY(QTest::qWaitForWindowActive(&curve));
    QCOMPARE(curve.readout(),
             QStringLiteral("Warm-up from 0 until step 100, then 0.001 down to 0 at step ") +
                 formatInteger(1000));
    const QRectF plot = curve.plotArea();
    QTest::mouseMove(&curve, QPoint(static_cast<int>(std::lround(curve.xOf(50))),
                                    static_cast<int>(plot.center().y())));
    QTRY_VERIFY(curve.pointedStep().has_value());
    const std::int64_t step = *curve.pointedStep();
    QVERIFY2(std::abs(step - 50) <= 3, qPrintable(QString::number(step)));
    QCOMPARE(curve.readout(),
             QStringLiteral("Step %1: %2").arg(step).arg(curve.rateAt(step), 0, 'g', 3));
    QCOMPARE(curve.accessibleDescription(), curve.readout());
    QTest::mouseMove(&curve, QPoint(-5, -5));
    QEvent leave(QEvent::Leave);
    QCoreApplication::sendEvent(&curve, &leave);
    QVERIFY(!curve.pointedStep());

    QTest::keyClick(&curve, Qt::Key_End);
    QCOMPARE(*curve.pointedStep(), std::int64_t{1000});
    QTest::keyClick(&curve, Qt::Key_Left);
    QCOMPARE(*curve.pointedStep(), std::int64_t{980});
    QTest::keyClick(&curve, Qt::Key_Home);
    QTest::keyClick(&curve, Qt::Key_Left);
    QCOMPARE(*curve.pointedStep(), std::int64_t{0});
  }

  void aDecayBeyondTheEndIsSaid() {
    ScheduleCurve curve;
    auto spec = core::preset("identity");
    QCOMPARE(spec.training.schedule.unit, core::ScheduleSpec::Unit::Epochs);
    curve.setExperiment(spec);
    QVERIFY2(curve.readout().endsWith("after the run's end"), qPrintable(curve.readout()));
    spec.training.schedule.decay = 3600;
    curve.setExperiment(spec);
    QVERIFY2(curve.readout().endsWith(formatInteger(4000)), qPrintable(curve.readout()));
  }

  void aDraftWithMistakesIsDrawnToo() {
    ScheduleCurve curve;
    RecordTicks ticks;
    auto spec = core::preset("demo");
    spec.training.learning_rate = -1;
    spec.training.batch_size = 0;
    spec.training.steps = -5;
    spec.record.frames = {0, -3};
    curve.setExperiment(spec);
    ticks.setExperiment(spec);
    QVERIFY(!curve.grab().isNull());
    QVERIFY(!ticks.grab().isNull());
    spec.training.steps = 1'000'000'000'000;
    spec.record.frames = {1, 1000};
    curve.setExperiment(spec);
    ticks.setExperiment(spec);
    QVERIFY(!curve.grab().isNull());
    QVERIFY(!ticks.grab().isNull());
  }

  void ticksAreTheSchedulesSteps() {
    RecordTicks ticks;
    auto spec = core::preset("demo");
    spec.training.steps = 1000;
    spec.record.evaluate = {250, 0};
    spec.record.frames = {std::nullopt, 1};
    spec.record.checkpoints = {std::nullopt, 0};
    ticks.setExperiment(spec);
    QVERIFY(ticks.isLogarithmic());
    QCOMPARE(ticks.rows()[0].steps, (std::vector<std::int64_t>{0, 250, 500, 750, 1000}));
    QCOMPARE(ticks.rows()[1].steps, (std::vector<std::int64_t>{0, 1, 10, 100, 1000}));
    QCOMPARE(ticks.rows()[2].steps, (std::vector<std::int64_t>{0, 1000}));
    QCOMPARE(ticks.accessibleDescription(),
             QStringLiteral("Evaluate: 5, Frames: 5, Checkpoints: 2"));
    ticks.resize(300, ticks.sizeHint().height());
    // A decade is as wide as any other; linear steps otherwise.
    const double decade = ticks.xOf(1000) - ticks.xOf(100);
    QVERIFY(std::abs(ticks.xOf(100) - ticks.xOf(10) - decade) < 0.06 * decade);
    spec.record.frames = {100, 0};
    ticks.setExperiment(spec);
    QVERIFY(!ticks.isLogarithmic());
    QCOMPARE(ticks.xOf(500) - ticks.xOf(250), ticks.xOf(250) - ticks.xOf(0));
    QVERIFY(ticks.xOf(1000) <= 300);
  }

  void thousandsOfTicksAreDrawnWithinAFrame() {
    RecordTicks ticks;
    auto spec = core::preset("demo");
    spec.training.steps = 1'000'000;
    spec.record.evaluate = {1, 100};
    spec.record.frames = {1, 100};
    spec.record.checkpoints = {1, 100};
    ticks.setExperiment(spec);
    ticks.resize(300, ticks.sizeHint().height());
    QImage image(ticks.size(), QImage::Format_ARGB32_Premultiplied);
    double best_ms = 1e9;  // the processor may be somebody else's for a while
    for (int i = 0; i < 5; ++i) {
      const double before = core::threadMs();
      ticks.render(&image);
      best_ms = std::min(best_ms, core::threadMs() - before);
    }
    QVERIFY2(best_ms < 16, QByteArray::number(best_ms));
  }

  void aTickIsNamed() {
    RecordTicks ticks;
    auto spec = core::preset("demo");
    spec.training.steps = 1000;
    spec.record.evaluate = {250, 0};
    spec.record.frames = {500, 0};
    ticks.setExperiment(spec);
    ticks.resize(300, ticks.sizeHint().height());
    ticks.show();
    QVERIFY(QTest::qWaitForWindowExposed(&ticks));
    const QPoint at(static_cast<int>(ticks.xOf(740)), 4);
    QHelpEvent help(QEvent::ToolTip, at, ticks.mapToGlobal(at));
    QCoreApplication::sendEvent(&ticks, &help);
    QCOMPARE(QToolTip::text(), QStringLiteral("Evaluate, step 750"));
  }
};

QTEST_MAIN(TestScheduleCurve)
#include "tst_schedule_curve.moc"
