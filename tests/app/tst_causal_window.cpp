// SPDX-License-Identifier: GPL-3.0-or-later
// Causal tests in the window by real events, over an engine without LibTorch: there every answer is
// right as long as head 0.0 works.
#include "app/anchorlens/causal_control.h"
#include "app/anchorlens/causal_dialog.h"
#include "app/anchorlens/causal_view.h"
#include "app/anchorlens/export/export_kind.h"
#include "app/anchorlens/head_tests.h"
#include "app/anchorlens/message_bar.h"
#include "engine/session/causal_record.h"
#include "tests/app/window_rig.h"
#include "tests/session/tiny_experiment.h"
#include "widgets/attention_view.h"
#include "widgets/number_dialog.h"
#include "widgets/panel_causal.h"
#include "widgets/panel_inspector.h"
#include "widgets/predictions/predictions_view.h"
#include "widgets/timeline.h"

#include <QAction>
#include <QClipboard>
#include <QLabel>
#include <QPushButton>
#include <QStatusBar>
#include <QTabWidget>
#include <QTableView>
#include <QTreeView>
#include <QtTest>

using namespace anchorlens;
using namespace anchorlens::app;

namespace {

constexpr int kSoonMs = 20'000;
const QString kBar = QStringLiteral("ablation");

}  // namespace

class TestCausalWindow : public QObject {
  Q_OBJECT

 private slots:
  void init() {
    m_rig.begin();
    m_run = m_rig.makeRun();
    m_desk = m_rig.open();
    m_desk->window.openPath(toText(m_run));
    QTRY_COMPARE_WITH_TIMEOUT(m_desk->shownStep(), std::int64_t{40}, kSoonMs);
    grid()->setFocus();
  }
  void cleanup() { m_desk.reset(); }

  void theSelectedHeadIsMeasured() {
    select(0);
    QTRY_VERIFY_WITH_TIMEOUT(shows(0), kSoonMs);
    const auto first = *causal()->result();
    QCOMPARE(first.baseline, 1.0);
    QCOMPARE(first.ablated, 0.0);
    QVERIFY(first.necessity && *first.necessity > 1.0);
    QCOMPARE(first.step, std::int64_t{40});
    select(1);
    QTRY_VERIFY_WITH_TIMEOUT(shows(1), kSoonMs);
    QCOMPARE(causal()->result()->ablated, 1.0);
    QCOMPARE(*causal()->result()->control, 0.0);  // the only other head is the needed one
    // Only what was asked for is kept in the run.
    QVERIFY(kept().empty());
    QTest::mouseClick(causal()->testButton(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(kept().size(), std::size_t{1}, kSoonMs);
    QCOMPARE(kept()[0].result.heads, (std::vector<engine::HeadRef>{{1, 0}}));
  }

  /// The run's tables tell it, too.
  void theNewestKeptTestIsShown() {
    select(0);
    QTRY_VERIFY_WITH_TIMEOUT(shows(0), kSoonMs);
    engine::CausalResult result;
    result.step = 40;
    result.name = "1.0";
    result.heads = {{1, 0}};
    const core::Task task = *m_desk->controller.shownRun()->facts().task;
    for (const double accuracy : {0.25, 0.75}) {
      result.all.intervened.accuracy = accuracy;
      QVERIFY(engine::keepCausalTests(m_run, {engine::recordOf(result, "probe")}, task));
    }
    select(1);
    QTRY_VERIFY_WITH_TIMEOUT(shows(1), kSoonMs);
    QCOMPARE(causal()->result()->ablated, 0.75);
  }

  void theCursorMovesTheTest() {
    select(0);
    QTRY_VERIFY_WITH_TIMEOUT(shows(0), kSoonMs);
    QTest::keyClick(&m_desk->window, Qt::Key_Comma);
    QTRY_VERIFY_WITH_TIMEOUT(causal()->result() && causal()->result()->step == 30, kSoonMs);
  }

  void aHeadIsAblatedByAKeyAndTakenBack() {
    select(0);
    const FramePtr before = m_desk->controller.frame();
    QTest::keyClick(grid(), Qt::Key_A);
    QTRY_VERIFY_WITH_TIMEOUT(m_desk->controller.frame() != before, kSoonMs);
    QCOMPARE(m_desk->controller.frame()->probe_accuracy, 0.0);
    QCOMPARE(m_desk->shownStep(), std::int64_t{40});
    QCOMPARE(
        m_desk->window.messages()->text(kBar),
        QStringLiteral("L0 H0 is ablated in all views; curves and accuracies are the run's own"));
    QCOMPARE(causal()->ablateButton()->text(), QStringLiteral("Undo ablation"));
    // The next step's picture is one without the head too.
    QTest::keyClick(&m_desk->window, Qt::Key_Comma);
    QTRY_COMPARE_WITH_TIMEOUT(m_desk->shownStep(), std::int64_t{30}, kSoonMs);
    QCOMPARE(m_desk->controller.frame()->probe_accuracy, 0.0);
    // A second head joins it.
    select(1);
    QTest::keyClick(grid(), Qt::Key_A);
    QTRY_COMPARE_WITH_TIMEOUT(
        m_desk->window.messages()->text(kBar),
        QStringLiteral(
            "L0 H0, L1 H0 are ablated in all views; curves and accuracies are the run's own"),
        kSoonMs);
    QTest::keyClick(grid(), Qt::Key_A);
    auto* undo = m_desk->window.messages()->findChild<QPushButton*>();
    QTRY_VERIFY_WITH_TIMEOUT(
        (undo = m_desk->window.messages()->findChild<QPushButton*>()) != nullptr, kSoonMs);
    for (QPushButton* button : m_desk->window.messages()->findChildren<QPushButton*>())
      undo = button->text() == QStringLiteral("Undo") && button->isVisible() ? button : undo;
    QTest::mouseClick(undo, Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(!m_desk->controller.isChanged(), kSoonMs);
    QTRY_COMPARE_WITH_TIMEOUT(m_desk->controller.frame(), m_desk->controller.unchangedFrame(),
                              kSoonMs);
    QCOMPARE(m_desk->window.messages()->text(kBar), QString());
    select(0);
    QCOMPARE(causal()->ablateButton()->text(), QStringLiteral("Ablate head"));
  }

  void theWholeProbeIsWithoutTheHeadToo() {
    auto* predictions = m_desk->window.findChild<widgets::PredictionsView*>();
    m_desk->window.tabs()->setCurrentWidget(predictions);
    predictions->setPage(widgets::PredictionsView::Page::Probe);
    const auto right = [predictions] {
      const auto& summary = predictions->summary()->summary();
      return summary ? summary->n_right : std::int64_t{-1};
    };
    QTRY_VERIFY_WITH_TIMEOUT(right() > 0, kSoonMs);
    const auto all = right();
    QCOMPARE(all, predictions->summary()->summary()->n);
    select(0);
    QAction* ablate = m_desk->window.actions()[QStringLiteral("ablate")];
    QTRY_VERIFY_WITH_TIMEOUT(ablate->isEnabled(), kSoonMs);
    ablate->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(right(), std::int64_t{0}, kSoonMs);
    ablate->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(right(), all, kSoonMs);
  }

  /// What is asked for and not computed yet is not what is on screen.
  void whatIsNotComputedYetIsNotCopied() {
    select(0);
    QTRY_VERIFY_WITH_TIMEOUT(shows(0), kSoonMs);
    QApplication::clipboard()->clear();
    m_rig.engine.behaviour.inspect_time = std::chrono::milliseconds(300);
    QTest::keyClick(grid(), Qt::Key_A);
    QTest::keyClick(grid(), Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(m_desk->window.statusText(),
             QStringLiteral("The model without L0 H0 is not computed yet: what is shown is the "
                            "one before."));
    QVERIFY(QApplication::clipboard()->text().isEmpty());
    QTRY_COMPARE_WITH_TIMEOUT(m_desk->controller.frame()->probe_accuracy, 0.0, kSoonMs);
    QTest::keyClick(grid(), Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(m_desk->window.statusText(), QStringLiteral("Picture copied, without L0 H0."));
  }

  void anotherSubjectEndsAnAblation() {
    select(0);
    QTest::keyClick(grid(), Qt::Key_A);
    QTRY_VERIFY_WITH_TIMEOUT(m_desk->controller.isChanged(), kSoonMs);
    m_desk->controller.showDraft();
    QTRY_COMPARE_WITH_TIMEOUT(m_desk->window.messages()->text(kBar), QString(), kSoonMs);
    QVERIFY(!m_desk->controller.isChanged());
    QVERIFY(!m_desk->window.actions()[QStringLiteral("ablate")]->isEnabled());
  }

  void viewsThatFollowARunWaitForItsPause() {
    Controller& controller = m_desk->controller;
    m_rig.engine.behaviour.step_time = std::chrono::microseconds(200);
    controller.showDraft();
    controller.replaceDraft(tests::endlessExperiment(), QStringLiteral("train"));
    controller.training().setPace(std::nullopt);
    QTRY_COMPARE_WITH_TIMEOUT(controller.runAction(), RunAction::Run, kSoonMs);
    controller.run();
    QTRY_VERIFY_WITH_TIMEOUT(m_desk->shownStep() > 600, kSoonMs);
    QVERIFY(controller.cursor().isFollowing());
    select(0);
    QTest::keyClick(grid(), Qt::Key_A);
    QVERIFY2(m_desk->window.messages()->text(kBar).contains(QStringLiteral("the views wait")),
             qPrintable(m_desk->window.messages()->text(kBar)));
    QTest::keyClick(&m_desk->window, Qt::Key_Space);
    QTRY_COMPARE_WITH_TIMEOUT(controller.training().phase(), Phase::Paused, kSoonMs);
    QTRY_VERIFY2_WITH_TIMEOUT(controller.frame()->probe_accuracy == 0.0,
                              qPrintable(m_desk->window.messages()->text(kBar)), kSoonMs);
    QCOMPARE(
        m_desk->window.messages()->text(kBar),
        QStringLiteral("L0 H0 is ablated in all views; curves and accuracies are the run's own"));
    QCOMPARE(controller.frame()->step, controller.unchangedFrame()->step);
  }

  void allHeadsAreTestedAndKept() {
    select(0);
    QTest::mouseClick(causal()->testAllButton(), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(dialog() != nullptr && !dialog()->isRunning(), kSoonMs);
    // Each of the two heads over all sequences, and by group: the probe has one.
    const auto numbers = dialog()->numbers();
    QCOMPARE(numbers.rows.size(), std::size_t{4});
    const auto at = [&](std::size_t row, const char* column) {
      return numbers
          .rows[row][static_cast<std::size_t>(numbers.columns.indexOf(QLatin1String(column)))];
    };
    QCOMPARE(std::get<QString>(at(0, "test")), QStringLiteral("0.0"));
    QCOMPARE(std::get<QString>(at(0, "group")), QStringLiteral("all"));
    QCOMPARE(std::get<QString>(at(1, "test")), QStringLiteral("0.0"));
    QCOMPARE(std::get<QString>(at(2, "test")), QStringLiteral("1.0"));
    const auto one = kept();
    QCOMPARE(one.size(), std::size_t{2});
    QCOMPARE(one[0].result.groups.size(), std::size_t{1});
    for (const std::size_t row : {0, 1}) {
      QCOMPARE(std::get<qint64>(at(row, "n")), qint64{8});
      QCOMPARE(std::get<double>(at(row, "baseline")), 1.0);
      QCOMPARE(std::get<double>(at(row, "accuracy")), 0.0);
      QCOMPARE(std::get<double>(at(row, "baseline_loss")), 1.0);
      QCOMPARE(std::get<double>(at(row, "loss")), 4.0);
      QCOMPARE(std::get<double>(at(row, "control_loss")), 1.0);
      QCOMPARE(std::get<double>(at(row, "baseline_logit_difference")), 2.0);
      QCOMPARE(std::get<double>(at(row, "logit_difference")), -2.0);
    }
    QTest::mouseClick(dialog()->view()->copyButton(), Qt::LeftButton);
    QVERIFY(QApplication::clipboard()->text().startsWith(QStringLiteral("step\ttest\theads\t")));
    QCOMPARE(dialog()->cancelButton()->text(), QStringLiteral("Close"));
    QTest::keyClick(dialog(), Qt::Key_Escape);
    QVERIFY(!dialog()->isVisible());
  }

  /// By the keyboard: Right unfolds the groups, Ctrl+C has the numbers of the chosen test, T all.
  void groupsAreUnfolded() {
    select(0);
    QTest::mouseClick(causal()->testAllButton(), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(dialog() != nullptr && !dialog()->isRunning(), kSoonMs);
    QTreeView* tree = dialog()->view()->tree();
    const QAbstractItemModel& model = *tree->model();
    QCOMPARE(model.rowCount(), 2);
    tree->setFocus();
    QTest::keyClick(tree, Qt::Key_Home);
    QTest::keyClick(tree, Qt::Key_Space);  // the focus alone may have come to it before: no choice
    QVERIFY(!tree->isExpanded(model.index(0, 0)));
    QTest::keyClick(tree, Qt::Key_Right);
    QVERIFY(tree->isExpanded(model.index(0, 0)));
    QTest::keyClick(tree, Qt::Key_Return);
    QVERIFY(!tree->isExpanded(model.index(0, 0)));
    QTest::keyClick(tree, Qt::Key_Return);
    QVERIFY(tree->isExpanded(model.index(0, 0)) && dialog()->isVisible());
    const QModelIndex test = model.index(0, 0);
    QCOMPARE(model.rowCount(test), 1);
    const std::string group = m_desk->controller.shownRun()
                                  ->facts()
                                  .task->groups()
                                  .at(static_cast<std::size_t>(kept()[0].result.groups[0].group))
                                  .name;
    QCOMPARE(model.index(0, CausalModel::Test, test).data().toString(),
             QString::fromStdString(group));
    QCOMPARE(model.index(0, CausalModel::LossWithout, test).data().toString(),
             QStringLiteral("4.000"));
    QCOMPARE(model.index(0, CausalModel::LogitWithout, test).data().toString(),
             QStringLiteral("\u22122.00"));
    QTest::keyClick(tree, Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QApplication::clipboard()->text().count(QLatin1Char('\n')), 3);  // of one test
    QTest::keyClick(tree, Qt::Key_T);
    const auto* table = dialog()->findChild<widgets::NumberDialog*>();
    QVERIFY(table != nullptr && table->isVisible());
    QCOMPARE(table->findChild<QTableView*>()->model()->rowCount(), 4);
  }

  void testingAllHeadsIsCancelled() {
    m_rig.engine.behaviour.inspect_time = std::chrono::milliseconds(150);
    select(0);
    QTest::mouseClick(causal()->testAllButton(), Qt::LeftButton);
    // The first is done, the second is not.
    QTRY_COMPARE_WITH_TIMEOUT(dialog()->view()->tests().size(), std::size_t{1}, kSoonMs);
    QVERIFY(dialog()->isRunning());
    QCOMPARE(dialog()->cancelButton()->text(), QStringLiteral("Cancel"));
    QTest::mouseClick(dialog()->cancelButton(), Qt::LeftButton);
    QVERIFY(!dialog()->isRunning());
    QVERIFY(dialog()->message().startsWith(QStringLiteral("Cancelled.")));
    QTRY_COMPARE_WITH_TIMEOUT(kept().size(), std::size_t{1}, kSoonMs);
    QCOMPARE(kept()[0].result.name, std::string("0.0"));
    QCOMPARE(dialog()->view()->tests().size(), std::size_t{1});
  }

  void aSeriesThatFailsKeepsWhatWasMade() {
    m_rig.engine.behaviour.inspect_time = std::chrono::milliseconds(150);
    select(0);
    QTest::mouseClick(causal()->testAllButton(), Qt::LeftButton);
    // The first is done, the second fails.
    QTRY_COMPARE_WITH_TIMEOUT(dialog()->view()->tests().size(), std::size_t{1}, kSoonMs);
    m_rig.engine.behaviour.no_memory_to_look = true;
    QTRY_VERIFY_WITH_TIMEOUT(!dialog()->isRunning(), kSoonMs);
    QCOMPARE(dialog()->message(), QStringLiteral("There is not enough memory for this. What was "
                                                 "tested before is kept in the run."));
    QCOMPARE(dialog()->view()->tests().size(), std::size_t{1});
    QCOMPARE(kept().size(), std::size_t{1});
    QCOMPARE(kept()[0].result.name, std::string("0.0"));
  }

  void whatTakesLongSaysSoAndKeepsTheOldNumbers() {
    select(0);
    QTRY_VERIFY_WITH_TIMEOUT(shows(0), kSoonMs);
    m_rig.engine.behaviour.inspect_time = std::chrono::milliseconds(150);
    QTest::keyClick(&m_desk->window, Qt::Key_Comma);
    QTRY_COMPARE_WITH_TIMEOUT(causal()->note(), QStringLiteral("evaluating…"), kSoonMs);
    QCOMPARE(causal()->result()->step, std::int64_t{40});
    QTRY_COMPARE_WITH_TIMEOUT(causal()->result()->step, std::int64_t{30}, kSoonMs);
    QCOMPARE(causal()->note(), QString());
  }

  void aRunThatCannotBeWrittenSaysSo() {
    select(0);
    QTRY_VERIFY_WITH_TIMEOUT(shows(0), kSoonMs);
    // A folder in the file's place: it cannot be written for anybody.
    QVERIFY(QDir().mkdir(m_rig.path(QStringLiteral("run/causal_tests.jsonl"))));
    QTest::mouseClick(causal()->testButton(), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(
        m_desk->window.statusText().startsWith(QStringLiteral("The result is not kept")), kSoonMs);
    QVERIFY(causal()->result());
  }

  /// A figure says "shift" without "pattern" only with a causal test behind it.
  void whatAFigureMayClaim() {
    m_rig.engine.behaviour.shift = [](std::int64_t) { return 0.95; };
    const auto run = toPath(m_rig.path(QStringLiteral("shifting")));
    engine::RunSession::Options options;
    options.engine = &m_rig.engine;
    auto session = engine::RunSession::create(tests::tinyExperiment(), run, std::move(options));
    QVERIFY(session);
    (*session)->advance(std::chrono::seconds(60), 40);
    const auto drawing = [&run] {
      ExportOrder order;
      order.kind = exportKind(QStringLiteral("heads"));
      order.directory = run;
      auto material = openMaterial(order);
      const auto figure = makeFigure(order, **material);
      return *widgets::renderFigure(*figure, widgets::FigureFormat::Svg);
    };
    QVERIFY(
        drawing().contains("Shift pattern \u2212"
                           "1"));
    engine::CausalResult result;
    result.step = 40;
    result.heads = {{0, 0}};
    result.all.necessity = 0.9;
    QVERIFY(engine::keepCausalTests(run, {engine::recordOf(result, "probe")}, (*session)->task()));
    QVERIFY(!drawing().contains("Shift pattern"));
    QVERIFY(
        drawing().contains("Shift \u2212"
                           "1"));
  }

  void aDraftHasNothingToTest() {
    m_desk->controller.showDraft();
    QTRY_VERIFY_WITH_TIMEOUT(!causal()->testButton()->isEnabled(), kSoonMs);
    QVERIFY(!causal()->ablateButton()->isEnabled() && !causal()->testAllButton()->isEnabled());
    QVERIFY(!causal()->result());
  }

 private:
  widgets::CausalPanel* causal() const { return m_desk->window.causal(); }
  QWidget* grid() const { return m_desk->window.attention()->grid(); }
  CausalDialog* dialog() const { return m_desk->window.causalControl()->allHeads(); }
  void select(int layer) const { m_desk->window.attention()->selectHead(layer, 0); }
  bool shows(int layer) const {
    return causal()->result() && causal()->result()->layer == layer &&
           !m_desk->window.headTests()->isEvaluating();
  }
  std::vector<engine::CausalRecord> kept() const {
    const RunRecord* run = m_desk->controller.shownRun();
    return engine::readCausalTests(
        m_run, run != nullptr ? run->facts().task->groups() : std::vector<core::GroupInfo>());
  }

  tests::WindowRig m_rig;
  std::filesystem::path m_run;
  std::unique_ptr<tests::Desk> m_desk;
};

QTEST_MAIN(TestCausalWindow)
#include "tst_causal_window.moc"
