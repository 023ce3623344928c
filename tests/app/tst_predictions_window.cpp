// SPDX-License-Identifier: GPL-3.0-or-later
// The Predictions tab in the window, with the real engine: what it computes from the weights is
// what the run's own numbers say.
#include "app/anchorlens/key_filter.h"
#include "tests/app/window_fixture.h"
#include "tests/session/tiny_experiment.h"
#include "widgets/attention_view.h"
#include "widgets/flow/flow_view.h"
#include "widgets/predictions/predictions_view.h"
#include "widgets/taxonomy/taxonomy_view.h"

#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QTabWidget>
#include <QTest>

#include <algorithm>
#include <cmath>

using namespace anchorlens;
using namespace anchorlens::app;
using widgets::PredictionsView;

namespace {

constexpr int kSoonMs = 60'000;

QPushButton* button(const QWidget& view, const char* text) {
  const auto buttons = view.findChildren<QPushButton*>();
  for (QPushButton* one : buttons) {
    if (one->text() == QLatin1String(text))
      return one;
  }
  qFatal("There is no button %s.", text);
}

}  // namespace

class TestPredictionsWindow : public QObject {
  Q_OBJECT

 private:
  tests::TemporaryHome m_home;
  KeyFilter m_keys;

  /// Runs it to its end, shown.
  static void train(tests::Desk& desk, const core::ExperimentSpec& spec) {
    desk.controller.showDraft();
    desk.controller.draft().load(spec, {});
    QTRY_COMPARE_WITH_TIMEOUT(desk.controller.runAction(), RunAction::Run, kSoonMs);
    desk.controller.run();
    QTRY_VERIFY_WITH_TIMEOUT(desk.controller.shownRun() != nullptr &&
                                 desk.controller.shownRun()->state() == core::RunState::Finished,
                             kSoonMs);
  }

 private slots:
  void initTestCase() { qApp->installEventFilter(&m_keys); }

  void whatIsComputedIsWhatWasRecorded() {
    tests::Desk desk;
    core::ExperimentSpec spec = tests::tinyExperiment();
    spec.training.learning_rate = 0.01;
    desk.controller.draft().load(spec, {});
    desk.controller.run();
    QTRY_VERIFY_WITH_TIMEOUT(desk.controller.shownRun() != nullptr &&
                                 desk.controller.shownRun()->state() == core::RunState::Finished,
                             kSoonMs);
    auto* view = desk.window.tabs()->findChild<PredictionsView*>();
    QTest::keyClick(&desk.window, Qt::Key_5, Qt::ControlModifier);
    QTRY_VERIFY_WITH_TIMEOUT(view->isVisible(), kSoonMs);
    QTRY_COMPARE_WITH_TIMEOUT(view->list()->rows().size(), std::size_t(2), kSoonMs);
    // The whole probe: the recorded accuracy of the frame under the cursor.
    QTest::mouseClick(button(*view, "Whole probe"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(view->summary()->summary() != nullptr, kSoonMs);
    const auto& summary = view->summary()->summary();
    QCOMPARE(summary->step, 40);
    QCOMPARE(summary->n, 8);
    QVERIFY(std::abs(desk.controller.frame()->probe_accuracy -
                     static_cast<double>(summary->n_right) / 8) < 1e-9);
    // The lens: its top right cell is the recorded prediction of that sequence.
    QTest::mouseClick(button(*view, "Logit lens"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(!view->lens()->data().isEmpty(), kSoonMs);
    const auto& lens = view->lens()->data();
    QCOMPARE(lens.n_layers, 2);
    const auto& top = lens.at(2, lens.length - 1);
    const auto& recorded = desk.controller.frame()->predictions.front();
    QCOMPARE(top.tokens[0], recorded.tokens[0]);
    QVERIFY(std::abs(top.p[0] - recorded.p[0]) < 1e-4F);
    // Another sequence: another lens; all views follow.
    view->setFocus();
    QTest::keyClick(&desk.window, Qt::Key_N);
    QCOMPARE(view->choice(), (widgets::ProbeChoice{false, 1}));
    QTRY_VERIFY_WITH_TIMEOUT(
        view->lens()->data().answer == desk.controller.probe()->shown.targets[1], kSoonMs);
    // Back in time: the weights of the checkpoint there.
    desk.controller.moveCursor(20);
    QTRY_COMPARE_WITH_TIMEOUT(view->lens()->data().step, std::int64_t{20}, kSoonMs);
  }

  void whatARunDidNotKeepIsNamed() {
    tests::Desk desk;
    core::ExperimentSpec spec = tests::tinyExperiment();
    spec.model.kind = core::ModelSpec::Kind::Lstm;
    spec.record.keep_predictions = false;
    train(desk, spec);
    if (QTest::currentTestFailed())
      return;
    auto* view = desk.window.tabs()->findChild<PredictionsView*>();
    desk.window.tabs()->setCurrentWidget(view);
    QTRY_COMPARE_WITH_TIMEOUT(view->list()->emptyText(),
                              QStringLiteral("This run kept no predictions."), kSoonMs);
    auto* heads = desk.window.tabs()->findChild<widgets::TaxonomyView*>();
    desk.window.tabs()->setCurrentWidget(heads);
    const auto says = [heads](const QString& text) {
      const auto labels = heads->findChildren<QLabel*>();
      return std::any_of(labels.begin(), labels.end(), [&](const QLabel* label) {
        return label->isVisible() && label->text() == text;
      });
    };
    QVERIFY(
        says(QStringLiteral("This model has no attention heads. Its curves are in the Timeline.")));
    desk.controller.showDraft();
    QTRY_VERIFY_WITH_TIMEOUT(says(QStringLiteral("Labels of heads appear here after Run.")),
                             kSoonMs);
  }

  void aRunWithFewerSequencesShowsItsFirst() {
    tests::Desk desk;
    auto* view = desk.window.tabs()->findChild<PredictionsView*>();
    desk.window.tabs()->setCurrentWidget(view);
    core::ExperimentSpec spec = tests::tinyExperiment();
    for (const int shown : {6, 2}) {
      spec.probe.shown = shown;
      train(desk, spec);
      if (QTest::currentTestFailed())
        return;
      if (shown == 2)
        break;
      QTest::mouseClick(button(*view, "Sequences"), Qt::LeftButton);
      QTRY_COMPARE_WITH_TIMEOUT(view->list()->rows().size(), std::size_t(6), kSoonMs);
      QTest::mouseClick(view->list()->viewport(), Qt::LeftButton, {},
                        view->list()->rowRect(5).center());
      QCOMPARE(view->choice(), (widgets::ProbeChoice{false, 5}));
      QTest::mouseClick(button(*view, "Logit lens"), Qt::LeftButton);
    }
    QTRY_COMPARE_WITH_TIMEOUT(view->choice(), (widgets::ProbeChoice{false, 0}), kSoonMs);
    QTRY_VERIFY_WITH_TIMEOUT(!view->lens()->data().isEmpty(), kSoonMs);
    const auto& lens = view->lens()->data();
    QCOMPARE(lens.tokens.size(), static_cast<std::size_t>(lens.length));
    QCOMPARE(lens.answer, desk.controller.probe()->shown.targets[0]);
  }

  /// Lengths that differ have no mean: Attention, Flow and Predictions show the first sequence.
  void aRunWithoutAMeanShowsItsFirstSequence() {
    tests::Desk desk;
    widgets::AttentionView& attention = *desk.window.attention();
    auto* flow = desk.window.tabs()->findChild<widgets::FlowView*>();
    auto* view = desk.window.tabs()->findChild<PredictionsView*>();
    core::ExperimentSpec spec = tests::tinyExperiment();
    const auto train_all = [&desk, &spec] {
      train(desk, spec);
      if (QTest::currentTestFailed())
        return;
      QTRY_COMPARE_WITH_TIMEOUT(desk.shownStep(), std::int64_t{40}, kSoonMs);
    };
    train_all();
    if (QTest::currentTestFailed())
      return;
    desk.window.tabs()->setCurrentWidget(&attention);
    QTRY_VERIFY_WITH_TIMEOUT(attention.probeBox()->findData(-1) > 0, kSoonMs);
    attention.probeBox()->setFocus();
    QTest::keyClick(attention.probeBox(), Qt::Key_Home);
    for (int i = attention.probeBox()->findData(-1); i > 0; --i)
      QTest::keyClick(attention.probeBox(), Qt::Key_Down);
    QVERIFY(view->choice().mean && flow->choice().mean);
    desk.window.tabs()->setCurrentWidget(view);
    QTest::mouseClick(button(*view, "Logit lens"), Qt::LeftButton);
    spec.task.seq_len = {9, 11};
    train_all();
    if (QTest::currentTestFailed())
      return;
    const widgets::ProbeChoice first{false, 0};
    QTRY_COMPARE_WITH_TIMEOUT(view->choice(), first, kSoonMs);
    QCOMPARE(flow->choice(), first);
    QCOMPARE(attention.options().probe, first);
    QTRY_VERIFY_WITH_TIMEOUT(!view->lens()->data().isEmpty(), kSoonMs);
    QCOMPARE(view->lens()->data().answer, desk.controller.probe()->shown.targets[0]);
  }

  /// And not that there are no weights yet.
  void aRunThatCannotBeReadSaysWhyNot() {
    tests::Desk desk;
    auto* view = desk.window.tabs()->findChild<PredictionsView*>();
    desk.window.tabs()->setCurrentWidget(view);
    QTest::mouseClick(button(*view, "Logit lens"), Qt::LeftButton);
    desk.controller.openRun(toPath(m_home.path()));
    const auto is_said = [view] {
      const auto labels = view->findChildren<QLabel*>();
      return std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
        return label->isVisible() && label->text().contains(QLatin1String("experiment.json"));
      });
    };
    QTRY_VERIFY_WITH_TIMEOUT(is_said(), kSoonMs);
    QVERIFY(view->lens()->data().isEmpty());
  }

  void nothingIsComputedWhileTheViewsFollowTraining() {
    tests::Desk desk;
    core::ExperimentSpec spec = tests::endlessExperiment();
    spec.record.checkpoints = {100, 0};
    desk.controller.showDraft();
    desk.controller.draft().load(spec, {});
    desk.controller.training().setPace(std::nullopt);
    QTRY_COMPARE_WITH_TIMEOUT(desk.controller.runAction(), RunAction::Run, kSoonMs);
    desk.controller.run();
    auto* view = desk.window.tabs()->findChild<PredictionsView*>();
    desk.window.tabs()->setCurrentWidget(view);
    QTest::mouseClick(button(*view, "Logit lens"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(desk.shownStep() >= 500, kSoonMs);
    QVERIFY(view->lens()->data().isEmpty());
    desk.controller.run();  // pauses
    QTRY_COMPARE_WITH_TIMEOUT(desk.controller.training().phase(), Phase::Paused, kSoonMs);
    QTRY_VERIFY_WITH_TIMEOUT(!view->lens()->data().isEmpty(), kSoonMs);
    desk.controller.stop();
    QTRY_COMPARE_WITH_TIMEOUT(desk.controller.training().phase(), Phase::Idle, kSoonMs);
  }

  void aDraftHasNoWeights() {
    tests::Desk desk;
    desk.controller.showDraft();  // the session may have the last test's run
    auto* view = desk.window.tabs()->findChild<PredictionsView*>();
    desk.window.tabs()->setCurrentWidget(view);
    QTRY_VERIFY_WITH_TIMEOUT(desk.controller.frame() != nullptr, kSoonMs);
    QTest::mouseClick(button(*view, "Logit lens"), Qt::LeftButton);
    QVERIFY(view->lens()->data().isEmpty());
    // Its groups are known; how good the model is on them is not.
    QTest::mouseClick(button(*view, "Sequences"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(!view->list()->rows().empty(), kSoonMs);
    QVERIFY(!view->list()->rows().front().group.isEmpty());
    QVERIFY(!view->groups()->matrix().isEmpty());
    QVERIFY2(view->groups()->description(0, 0).endsWith(QStringLiteral(": not evaluated")),
             qPrintable(view->groups()->description(0, 0)));
  }
};

QTEST_MAIN(TestPredictionsWindow)
#include "tst_predictions_window.moc"
