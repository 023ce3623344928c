// SPDX-License-Identifier: GPL-3.0-or-later
// The dialog of causal tests by real events, over an engine without LibTorch: there every answer is
// right as long as head 0.0 works, and each way of changing it has a loss of its own.
#include "app/anchorlens/action_finder.h"
#include "app/anchorlens/causal_control.h"
#include "app/anchorlens/causal_test_dialog.h"
#include "app/anchorlens/causal_view.h"
#include "app/anchorlens/head_picker.h"
#include "engine/session/edges.h"
#include "tests/app/window_rig.h"
#include "tests/session/tiny_experiment.h"
#include "widgets/attention_view.h"
#include "widgets/panel_causal.h"

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QMenuBar>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QTreeView>
#include <QtTest>

using namespace anchorlens;
using namespace anchorlens::app;
using engine::CausalRecord;
using engine::HeadMethod;

namespace {

constexpr int kSoonMs = 20'000;

}  // namespace

class TestCausalDialog : public QObject {
  Q_OBJECT

 private slots:
  void init() {
    m_rig.begin();
    m_rig.engine.behaviour.shift = [](std::int64_t) { return 0.95; };
    m_run = m_rig.makeRun();
    m_desk = m_rig.open();
    m_desk->window.openPath(toText(m_run));
    QTRY_COMPARE_WITH_TIMEOUT(m_desk->shownStep(), std::int64_t{40}, kSoonMs);
  }
  void cleanup() { m_desk.reset(); }

  void opensFromWhereOneLooksForIt() {
    QAction* action = m_desk->window.actions()[QStringLiteral("causal-test")];
    const auto menus = m_desk->window.menuBar()->actions();
    QVERIFY(std::any_of(menus.begin(), menus.end(), [&](QAction* menu) {
      return menu->menu()->title() == QStringLiteral("&Inspect") &&
             menu->menu()->actions().contains(action);
    }));
    QCOMPARE(m_desk->window.causalControl()->dialog(), nullptr);
    // The selected head is proposed.
    m_desk->window.attention()->selectHead(1, 0);
    QTest::mouseClick(m_desk->window.causal()->dialogButton(), Qt::LeftButton);
    QVERIFY(dialog() != nullptr && dialog()->isVisible());
    QCOMPARE(form()->heads()->edit()->text(), QStringLiteral("1.0"));
    QTest::keyClick(dialog(), Qt::Key_Escape);
    QVERIFY(!dialog()->isVisible());
    // Find an action.
    toWindow();
    QTest::keyClick(&m_desk->window, Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
    auto* finder = m_desk->window.findChild<ActionFinder*>();
    QVERIFY(finder != nullptr);
    auto* text = finder->findChild<QLineEdit*>();
    QTest::keyClicks(text, QStringLiteral("causal test"));
    QCOMPARE(finder->findChild<QListWidget*>()->count(), 1);
    QTest::keyClick(text, Qt::Key_Return);
    QVERIFY(dialog()->isVisible());
  }

  void headsAreTypedOrTicked() {
    open();
    QLineEdit* edit = form()->heads()->edit();
    edit->clear();
    QVERIFY(!dialog()->testButton()->isEnabled());
    QCOMPARE(dialog()->reason(), QStringLiteral("Which heads? Type LAYER.HEAD, such as 1.0."));
    QCOMPARE(form()->fieldProblem(), QString());
    QTest::keyClicks(edit, QStringLiteral("0.0, 5.0"));
    const QString wrong = QStringLiteral(
        "\"5.0\": expected LAYER.HEAD with layers 0 to 1 and heads 0 to 0, such as 1.0");
    QCOMPARE(form()->fieldProblem(), wrong);
    QCOMPARE(dialog()->reason(), wrong);
    QCOMPARE(edit->accessibleDescription(), wrong);
    QVERIFY(!dialog()->testButton()->isEnabled());
    QCOMPARE(dialog()->command(), QString());
    QVERIFY(!dialog()->copyCommandButton()->isEnabled());
    for (int i = 0; i < 5; ++i)
      QTest::keyClick(edit, Qt::Key_Backspace);
    QCOMPARE(form()->fieldProblem(), QString());
    QVERIFY(dialog()->testButton()->isEnabled());
    QVERIFY(form()->heads()->box({0, 0})->isChecked());
    QVERIFY(!form()->heads()->box({1, 0})->isChecked());
    QTest::keyClick(form()->heads()->box({1, 0}), Qt::Key_Space);
    QCOMPARE(edit->text(), QStringLiteral("0.0, 1.0"));
    // Enter tests both: there is no other head for a control.
    QTest::keyClick(edit, Qt::Key_Return);
    const CausalRecord record = made(1);
    QCOMPARE(record.result.heads, (std::vector<engine::HeadRef>{{0, 0}, {1, 0}}));
    QVERIFY(!record.result.all.control);
    QCOMPARE(record.result.all.intervened.loss, 4.0);
  }

  /// The row of all sequences and that of each group, as the record in the run has them.
  void theTableHasTheRecord() {
    open();
    type(QStringLiteral("0.0"));
    press();
    const CausalRecord record = made(1);
    QCOMPARE(record.result.step, std::int64_t{40});
    QCOMPARE(record.result.all.baseline.accuracy, 1.0);
    QCOMPARE(record.result.groups.size(), std::size_t{1});
    QVERIFY(dialog()->view()->tests() == std::vector{record});
    QVERIFY(dialog()->view()->message().startsWith(QStringLiteral("Tested at step 40 of ")));
    const QTreeView* tree = dialog()->view()->tree();
    const QModelIndex test = tree->model()->index(0, 0);
    QVERIFY(tree->isExpanded(test) && tree->currentIndex() == test);
    const auto cell = [&](int column, const QModelIndex& parent = {}) {
      return tree->model()->index(0, column, parent).data().toString();
    };
    for (const QModelIndex& parent : {QModelIndex(), test}) {
      QCOMPARE(cell(CausalModel::N, parent), QStringLiteral("8"));
      QCOMPARE(cell(CausalModel::Accuracy, parent), QStringLiteral("100.0\u2009%"));
      QCOMPARE(cell(CausalModel::Without, parent), QStringLiteral("0.0\u2009%"));
      QCOMPARE(cell(CausalModel::Control, parent), QStringLiteral("100.0\u2009%"));
      QCOMPARE(cell(CausalModel::Loss, parent), QStringLiteral("1.000"));
      QCOMPARE(cell(CausalModel::LossWithout, parent), QStringLiteral("4.000"));
      QCOMPARE(cell(CausalModel::LossControl, parent), QStringLiteral("1.000"));
      QCOMPARE(cell(CausalModel::LogitDifference, parent), QStringLiteral("2.00"));
      QCOMPARE(cell(CausalModel::LogitWithout, parent), QStringLiteral("\u22122.00"));
    }
    QCOMPARE(cell(CausalModel::Step), QStringLiteral("40"));
    QCOMPARE(cell(CausalModel::Method), QStringLiteral("zero"));
    QCOMPARE(cell(CausalModel::Sequences), QStringLiteral("probe"));
  }

  void everyWayOfTakingAway() {
    open();
    type(QStringLiteral("0.0"));
    choose(form()->method(), 1);
    press();
    QCOMPARE(made(1).result.method, HeadMethod::Mean);
    QCOMPARE(made(1).result.all.intervened.loss, 3.0);

    choose(form()->what(), CausalForm::Edges);
    QVERIFY(!form()->method()->isVisible() && form()->renormalise()->isVisible());
    QTest::keyClicks(form()->edges(), QStringLiteral("0:reader>key"));
    press();
    QCOMPARE(made(2).result.edges, std::vector<std::string>{"0:reader>key"});
    QCOMPARE(made(2).result.all.intervened.loss, 2.0);
    QVERIFY(made(2).result.control_mass > 0);
    QTest::keyClick(form()->renormalise(), Qt::Key_Space);
    press();
    QVERIFY(made(3).result.renormalise);
    QCOMPARE(made(3).result.all.intervened.loss, 1.5);

    choose(form()->what(), CausalForm::Patch);
    press();
    QCOMPARE(made(4).result.method, HeadMethod::OtherSequence);
    QCOMPARE(made(4).result.all.intervened.loss, 2.5);
    choose(form()->from(), 1);
    QVERIFY(!dialog()->testButton()->isEnabled());
    QTest::keyClicks(form()->step()->lineEdit(), QStringLiteral("41"));
    QCOMPARE(form()->fieldProblem(), QStringLiteral("Expected a step of this run, 0 to 40."));
    form()->step()->lineEdit()->clear();
    QTest::keyClicks(form()->step()->lineEdit(), QStringLiteral("20"));
    press();
    QCOMPARE(made(5).result.method, HeadMethod::OtherStep);
    QCOMPARE(made(5).result.from_step, std::optional<std::int64_t>(20));

    choose(form()->what(), CausalForm::Labelled);
    QCOMPARE(form()->label()->itemText(0), QStringLiteral("shift: 0.0"));
    press();
    QCOMPARE(made(6).result.name, std::string("all shift"));
    choose(form()->label(), 1);
    QCOMPARE(form()->fieldProblem(), QStringLiteral("No head is labelled broadcast at step 40."));
    QVERIFY(!dialog()->testButton()->isEnabled());

    choose(form()->what(), CausalForm::Heads);
    choose(form()->method(), 0);
    choose(form()->on(), 1);
    form()->draws()->setValue(1);
    form()->seed()->setValue(7);
    press();
    const CausalRecord record = made(7);
    QCOMPARE(record.sequences, std::string("test"));
    QCOMPARE(record.result.seed, std::uint64_t{7});
    QVERIFY(dialog()->view()->tests() == kept());
  }

  void edgesAreReadByTheEngine() {
    open();
    choose(form()->what(), CausalForm::Edges);
    QTest::keyClicks(form()->edges(), QStringLiteral("0:kex>key"));
    const core::Task& task = *m_desk->controller.shownRun()->facts().task;
    const auto edge =
        engine::EdgeSelection::parse("0:kex>key", task, tests::tinyExperiment().model);
    QVERIFY(!edge);
    QCOMPARE(form()->fieldProblem(), QString::fromStdString(edge.error()));
    QVERIFY(!dialog()->testButton()->isEnabled());
    // Only the sequences tell that there is no such edge.
    form()->edges()->clear();
    QTest::keyClicks(form()->edges(), QStringLiteral("0.0:2>5"));
    press();
    QTRY_VERIFY_WITH_TIMEOUT(!dialog()->isRunning(), kSoonMs);
    QVERIFY2(dialog()->view()->message().contains(QStringLiteral("names no edge")),
             qPrintable(dialog()->view()->message()));
    QVERIFY(kept().empty());
  }

  void theCommandAsksTheSame() {
    open();
    type(QStringLiteral("0.0 1.0"));
    const QString start = QStringLiteral("anchorctl intervene %1 --at 40 ").arg(toText(m_run));
    QCOMPARE(dialog()->command(), start + QStringLiteral("--ablate 0.0,1.0"));
    choose(form()->method(), 1);
    choose(form()->on(), 2);
    QCOMPARE(dialog()->command(), start + QStringLiteral("--ablate 0.0,1.0 --mean --on train"));
    choose(form()->what(), CausalForm::Edges);
    QTest::keyClicks(form()->edges(), QStringLiteral("0:key>anchor, 1.0:*>key"));
    QTest::keyClick(form()->renormalise(), Qt::Key_Space);
    choose(form()->on(), 0);
    form()->seed()->setValue(3);
    QCOMPARE(
        dialog()->command(),
        start + QStringLiteral("--cut '0:key>anchor' --cut '1.0:*>key' --renormalise --seed 3"));
    QTest::mouseClick(dialog()->copyCommandButton(), Qt::LeftButton);
    QCOMPARE(QApplication::clipboard()->text(), dialog()->command());
  }

  void allOneByOneIsCancelled() {
    m_rig.engine.behaviour.inspect_time = std::chrono::milliseconds(150);
    open();
    choose(form()->what(), CausalForm::AllHeads);
    press();
    QVERIFY(dialog()->isRunning());
    QCOMPARE(dialog()->reason(), QStringLiteral("Testing…"));
    const auto* progress = dialog()->findChild<QProgressBar*>();
    QVERIFY(progress->isVisible());
    QTRY_COMPARE_WITH_TIMEOUT(progress->value(), 1, kSoonMs);
    QCOMPARE(progress->maximum(), 3);  // two heads, all shift
    QCOMPARE(dialog()->view()->tests().size(), std::size_t{1});
    QCOMPARE(dialog()->focusWidget(), dialog()->cancelButton());
    QTest::keyClick(dialog()->cancelButton(), Qt::Key_Space);
    QVERIFY(!dialog()->isRunning() && !progress->isVisible());
    QVERIFY(dialog()->testButton()->isEnabled());
    QVERIFY(dialog()->view()->message().startsWith(QStringLiteral("Cancelled.")));
    QTRY_COMPARE_WITH_TIMEOUT(kept().size(), std::size_t{1}, kSoonMs);
  }

  void theStepIsThatOfTheCursor() {
    open();
    const QString name = m_desk->controller.shownRun()->name();
    QCOMPARE(dialog()->place(), name + QStringLiteral(", step 40: weights of its checkpoint"));
    toWindow();
    QTest::keyClick(&m_desk->window, Qt::Key_Comma);
    QTRY_COMPARE_WITH_TIMEOUT(m_desk->shownStep(), std::int64_t{30}, kSoonMs);
    QVERIFY2(
        dialog()->place().startsWith(
            name + QStringLiteral(
                       ", step 30 has no checkpoint: its weights are trained again, exactly, from "
                       "step 20;")),
        qPrintable(dialog()->place()));
    type(QStringLiteral("0.0"));
    press();
    QCOMPARE(made(1).result.step, std::int64_t{30});
    m_desk->controller.showDraft();
    QTRY_COMPARE_WITH_TIMEOUT(dialog()->reason(),
                              QStringLiteral("A draft has nothing to test: run it."), kSoonMs);
    QVERIFY(!dialog()->testButton()->isEnabled());
    QCOMPARE(dialog()->view()->tests().size(), std::size_t{0});
  }

  /// What the run keeps is shown, also of others, when the dialog is looked at again.
  void whatTheRunKeeps() {
    engine::CausalResult result;
    result.step = 20;
    result.name = "1.0";
    result.heads = {{1, 0}};
    const core::Task task = *m_desk->controller.shownRun()->facts().task;
    QVERIFY(engine::keepCausalTests(m_run, {engine::recordOf(result, "probe")}, task));
    open();
    QTRY_COMPARE_WITH_TIMEOUT(dialog()->view()->tests().size(), std::size_t{1}, kSoonMs);
    toWindow();
    result.step = 30;
    QVERIFY(engine::keepCausalTests(m_run, {engine::recordOf(result, "probe")}, task));
    dialog()->activateWindow();
    QTRY_COMPARE_WITH_TIMEOUT(dialog()->view()->tests().size(), std::size_t{2}, kSoonMs);
    // The same question once more takes the place of its older answer.
    type(QStringLiteral("0.0"));
    press();
    made(3);
    press();
    made(4);
    QCOMPARE(dialog()->view()->tests().size(), std::size_t{3});
    QVERIFY(dialog()->view()->tests().back() == kept().back());
  }

  /// Two controls of one test: both answers stay, and can be told apart.
  void anotherNumberOfDrawsIsAnotherQuestion() {
    open();
    choose(form()->what(), CausalForm::Edges);
    QTest::keyClicks(form()->edges(), QStringLiteral("0:reader>key"));
    press();
    QCOMPARE(made(1).result.draws, engine::CausalTest().draws);
    form()->draws()->setValue(2);
    press();
    QCOMPARE(made(2).result.draws, 2);
    press();
    made(3);
    const CausalView* view = dialog()->view();
    QCOMPARE(view->tests().size(), std::size_t{2});
    const QAbstractItemModel& model = *view->tree()->model();
    for (const auto& [row, draws] : {std::pair{0, "5 draws"}, std::pair{1, "2 draws"}}) {
      const QString tip = model.index(row, 0).data(Qt::ToolTipRole).toString();
      QVERIFY2(tip.startsWith(QStringLiteral("Seed 1, %1, chance ").arg(QLatin1String(draws))),
               qPrintable(tip));
    }
    const auto numbers = view->numbers();
    const auto column = static_cast<std::size_t>(numbers.columns.indexOf(QStringLiteral("draws")));
    QCOMPARE(std::get<qint64>(numbers.rows.front()[column]), qint64{5});
    QCOMPARE(std::get<qint64>(numbers.rows.back()[column]), qint64{2});
  }

  void aSeriesThatFailsKeepsWhatWasMade() {
    m_rig.engine.behaviour.inspect_time = std::chrono::milliseconds(150);
    open();
    choose(form()->what(), CausalForm::AllHeads);
    press();
    QTRY_COMPARE_WITH_TIMEOUT(dialog()->view()->tests().size(), std::size_t{1}, kSoonMs);
    m_rig.engine.behaviour.no_memory_to_look = true;
    QTRY_VERIFY_WITH_TIMEOUT(!dialog()->isRunning(), kSoonMs);
    QCOMPARE(dialog()->view()->message(),
             QStringLiteral("There is not enough memory for this. What was tested before is kept "
                            "in the run."));
    QCOMPARE(dialog()->view()->tests().size(), std::size_t{1});
    QCOMPARE(kept().size(), std::size_t{1});
  }

  void aRunThatCannotBeWrittenSaysSo() {
    // A folder in the file's place: it cannot be written for anybody.
    QVERIFY(QDir().mkdir(m_rig.path(QStringLiteral("run/causal_tests.jsonl"))));
    open();
    type(QStringLiteral("0.0"));
    press();
    QTRY_VERIFY_WITH_TIMEOUT(!dialog()->isRunning(), kSoonMs);
    QVERIFY2(
        dialog()->view()->message().contains(QStringLiteral("The result is not kept in the run: ")),
        qPrintable(dialog()->view()->message()));
    QCOMPARE(dialog()->view()->tests().size(), std::size_t{1});
    // It stays while the dialog is there.
    toWindow();
    QSignalSpy wanted(dialog(), &CausalTestDialog::keptWanted);
    dialog()->activateWindow();
    QTRY_VERIFY_WITH_TIMEOUT(!wanted.isEmpty(), kSoonMs);
    QTRY_VERIFY_WITH_TIMEOUT(
        !m_desk->controller.snapshots().isBusy(QStringLiteral("causal test, kept")), kSoonMs);
    QCOMPARE(dialog()->view()->tests().size(), std::size_t{1});
  }

  /// Every control has a name, and Tab reaches those of all ways.
  void everythingByTheKeyboard() {
    open();
    for (int what = 0; what < form()->what()->count(); ++what) {
      choose(form()->what(), what);
      QSet<QWidget*> wanted;
      for (QWidget* widget : dialog()->findChildren<QWidget*>()) {
        const bool is_stop = widget->isVisible() && widget->isEnabled() &&
                             (widget->focusPolicy() & Qt::TabFocus) != 0 &&
                             widget->focusProxy() == nullptr;
        if (!is_stop || qobject_cast<QLineEdit*>(widget->parentWidget()) != nullptr)
          continue;
        const auto* button = qobject_cast<const QAbstractButton*>(widget);
        const bool is_part = qobject_cast<QComboBox*>(widget->parentWidget()) != nullptr ||
                             qobject_cast<QAbstractSpinBox*>(widget->parentWidget()) != nullptr ||
                             qobject_cast<QAbstractScrollArea*>(widget->parentWidget()) != nullptr;
        QVERIFY2(is_part || !widget->accessibleName().isEmpty() ||
                     (button != nullptr && !button->text().isEmpty()),
                 widget->metaObject()->className());
        if (!is_part)
          wanted.insert(widget);
      }
      form()->what()->setFocus();
      for (int i = 0; i < 40; ++i) {
        QWidget* at = QApplication::focusWidget();
        wanted.remove(at);
        wanted.remove(at->parentWidget());
        QTest::keyClick(dialog()->windowHandle(), Qt::Key_Tab);
      }
      QVERIFY2(wanted.isEmpty(),
               wanted.isEmpty() ? "" : qPrintable((*wanted.begin())->accessibleName()));
    }
  }

 private:
  CausalTestDialog* dialog() const { return m_desk->window.causalControl()->dialog(); }
  CausalForm* form() const { return dialog()->form(); }
  void open() {
    m_desk->window.attention()->selectHead(0, 0);
    m_desk->window.actions()[QStringLiteral("causal-test")]->trigger();
    QVERIFY(QTest::qWaitForWindowActive(dialog()));
  }
  void toWindow() {
    m_desk->window.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&m_desk->window));
  }
  void type(const QString& heads) {
    form()->heads()->edit()->clear();
    QTest::keyClicks(form()->heads()->edit(), heads);
  }
  /// By the arrow keys.
  static void choose(QComboBox* box, int index) {
    QTest::keyClick(box, Qt::Key_Home);
    for (int i = 0; i < index; ++i)
      QTest::keyClick(box, Qt::Key_Down);
    QCOMPARE(box->currentIndex(), index);
  }
  void press() {
    QVERIFY2(dialog()->testButton()->isEnabled(), qPrintable(dialog()->reason()));
    dialog()->testButton()->setFocus();
    QTest::keyClick(dialog()->testButton(), Qt::Key_Space);
  }
  /// The last of so many tests that the run keeps.
  CausalRecord made(std::size_t count) {
    if (!QTest::qWaitFor([&] { return kept().size() == count && !dialog()->isRunning(); }, kSoonMs))
      qFatal("%zu tests are kept: %s", kept().size(), qPrintable(dialog()->view()->message()));
    return kept().back();
  }
  std::vector<CausalRecord> kept() const { return engine::readCausalTests(m_run, m_task.groups()); }

  tests::WindowRig m_rig;
  std::filesystem::path m_run;
  core::Task m_task = *core::Task::compile(tests::tinyExperiment().task);
  std::unique_ptr<tests::Desk> m_desk;
};

QTEST_MAIN(TestCausalDialog)
#include "tst_causal_dialog.moc"
