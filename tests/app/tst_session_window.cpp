// SPDX-License-Identifier: GPL-3.0-or-later
// A window that is closed and opened again: what it shows, and what can be undone.
#include "engine/core/experiment_json.h"
#include "tests/app/trained_desk.h"
#include "tests/app/window_rig.h"
#include "widgets/attention_view.h"
#include "widgets/compare/compare_view.h"
#include "widgets/flow/flow_view.h"
#include "widgets/panel_experiment.h"
#include "widgets/predictions/predictions_view.h"
#include "widgets/study_view.h"
#include "widgets/taxonomy/taxonomy_view.h"
#include "widgets/timeline.h"
#include "widgets/weights/weights_view.h"

#include <QAction>
#include <QDockWidget>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMenuBar>
#include <QPushButton>
#include <QScreen>
#include <QTabWidget>
#include <QtTest>

using namespace anchorlens;
using namespace anchorlens::app;

namespace {

constexpr int kSoonMs = 20'000;

/// What two sessions differ in, by name; where the docks lie is looked at elsewhere.
QString difference(const SessionState& one, const SessionState& other) {
  const QJsonObject a = QJsonDocument::fromJson(writeSession(one)).object();
  const QJsonObject b = QJsonDocument::fromJson(writeSession(other)).object();
  QStringList names;
  for (const QString& name : a.keys()) {
    if (name != QLatin1String("geometry") && name != QLatin1String("docks") && a[name] != b[name])
      names.append(name);
  }
  return names.join(QStringLiteral(", "));
}

core::ExperimentSpec withSeed(core::ExperimentSpec spec, std::uint64_t seed) {
  spec.training.seed = seed;
  return spec;
}

}  // namespace

class TestSessionWindow : public QObject {
  Q_OBJECT

  tests::WindowRig m_rig;

  /// Nothing is as a new window has it.
  static void changeEverything(tests::Desk& desk) {
    auto& window = desk.window;
    auto attention = window.attention()->options();
    attention.probe = {false, 1};
    attention.mode = widgets::HeadView::Mode::Map;
    attention.values = attention.outlines = false;
    attention.map = widgets::ColourMap::Grey;
    attention.per_head = true;
    window.attention()->setOptions(attention);
    window.attention()->selectHead(1, 0);
    auto* flow = window.findChild<widgets::FlowView*>();
    auto options = flow->options();
    options.hide_below = 0.3;
    options.heads = widgets::FlowOptions::Heads::Labelled;
    flow->setOptions(options);
    flow->setChoice(attention.probe);
    flow->setRouteName(QStringLiteral("a path"));
    auto* predictions = window.findChild<widgets::PredictionsView*>();
    predictions->setPage(widgets::PredictionsView::Page::Probe);
    predictions->setFilter(QStringLiteral("\n"));  // wrong ones
    window.study()->setPage(widgets::StudyView::Page::Curves);
    auto study = window.study()->choices();
    study.is_grey = false;
    study.grey_below = 75;
    study.number = QStringLiteral("loss Test");
    window.study()->setChoices(study);
    auto weights = window.weights()->choice();
    weights.page = widgets::WeightsPage::Circuits;
    weights.all_tokens = false;
    window.weights()->setChoice(weights);
    auto compare = window.compareView()->options();
    compare.match = core::HeadMatch::Weights;
    compare.align = core::AlignBy::Accuracy;
    compare.all_seeds = compare.seeds_at_cursor = true;
    window.compareView()->setOptions(compare);
    window.timeline()->setLogarithmic(true);
    window.timeline()->setSmoothing(2);
    window.timeline()->setReplayRate(64);
    desk.controller.training().setPace(10);
    window.experiment()->setCurrentTab(widgets::FormTab::Probe);
    window.actions()[QStringLiteral("show-inspector")]->trigger();
    window.tabs()->setCurrentWidget(flow);
    desk.controller.moveCursor(20);
    QTRY_COMPARE(desk.shownStep(), std::int64_t{20});
    window.timeline()->setRange({5, 35});
    window.timeline()->setUnfolded(true);
    window.findChild<widgets::TaxonomyView*>()->setRowOrder({4, true});
    window.attention()->large()->setCell({3, 2});
  }

  /// Those around the centre that are not hidden.
  static QStringList parts(const tests::Desk& desk) {
    QStringList names;
    if (!desk.window.toolbar()->isHidden())
      names.append(QStringLiteral("toolbar"));
    for (const char* name : {"Experiment", "Timeline", "Runs", "Inspector"}) {
      if (!desk.window.findChild<QDockWidget*>(QString::fromLatin1(name))->isHidden())
        names.append(QString::fromLatin1(name));
    }
    return names;
  }

  static void press(tests::Desk& desk, const char* action) {
    desk.window.actions()[QString::fromLatin1(action)]->trigger();
  }

 private slots:
  void init() { m_rig.begin(); }

  void whatIsShownComesBack() {
    auto desk = m_rig.open();
    const SessionState fresh = desk->window.sessionState();
    tests::trainTiny(*desk);
    changeEverything(*desk);
    const SessionState state = desk->window.sessionState();
    const QStringList changed = difference(fresh, state).split(QStringLiteral(", "));
    for (const char* name : {"attention",
                             "flow",
                             "predictions_page",
                             "predictions_filter",
                             "study_page",
                             "study",
                             "weights",
                             "compare",
                             "cell",
                             "head_order",
                             "log_time",
                             "smoothing",
                             "unfolded",
                             "time_range",
                             "step",
                             "following",
                             "replay_rate",
                             "pace",
                             "experiment_tab",
                             "centre_tab",
                             "runs",
                             "shown_run"})
      QVERIFY2(changed.contains(QLatin1String(name)), name);
    desk->window.close();
    desk = m_rig.open();
    QTRY_COMPARE_WITH_TIMEOUT(desk->shownStep(), std::int64_t{20}, kSoonMs);
    QTRY_COMPARE_WITH_TIMEOUT(difference(state, desk->window.sessionState()), QString(), kSoonMs);
    QVERIFY(desk->window.findChild<QDockWidget*>(QStringLiteral("Inspector"))->isHidden());
    QVERIFY(desk->window.findChild<QDockWidget*>(QStringLiteral("Runs"))->isVisible());
  }

  /// Its frame makes it wider than the screen; its place is that of what the frame holds.
  void aWindowAsWideAsTheScreenStaysWhereItIs() {
    QRect before;
    for (int i = 0; i < 3; ++i) {
      const auto desk = m_rig.open(QSize());
      QMainWindow& window = desk->window;
      QVERIFY(QTest::qWaitForWindowExposed(&window));
      if (i == 0) {
        const QRect room = window.screen()->availableGeometry();
        window.setGeometry(room.left() + 1, room.top() + 40, room.width(), room.height() - 60);
      }
      QCoreApplication::processEvents();
      if (i > 0)
        QCOMPARE(window.geometry().top(), before.top());
      before = window.geometry();
      window.close();
    }
  }

  /// It hides the toolbar and all docks; the next window has those that were there before it.
  void fullScreenIsLeftWithTheWindow() {
    auto desk = m_rig.open();
    press(*desk, "show-inspector");
    const QStringList before{"toolbar", "Experiment", "Timeline", "Runs"};
    QCOMPARE(parts(*desk), before);
    press(*desk, "full-screen");
    QCOMPARE(parts(*desk), QStringList());
    desk->window.close();
    desk = m_rig.open();
    QVERIFY(!desk->window.isFullScreen());
    QCOMPARE(parts(*desk), before);
    press(*desk, "full-screen");
    press(*desk, "full-screen");
    QCOMPARE(parts(*desk), before);
  }

  void fullScreenIsLeftByTheWindowManager_data() {
    QTest::addColumn<bool>("is_maximised");
    QTest::newRow("to a window") << false;
    QTest::newRow("to a maximised window") << true;
  }
  /// What was hidden comes back as by the key, once.
  void fullScreenIsLeftByTheWindowManager() {
    QFETCH(bool, is_maximised);
    auto desk = m_rig.open();
    auto& window = desk->window;
    if (is_maximised)
      window.showMaximized();
    press(*desk, "show-inspector");
    const QStringList before{"toolbar", "Experiment", "Timeline", "Runs"};
    press(*desk, "full-screen");
    QCoreApplication::processEvents();
    QVERIFY(window.isFullScreen());
    QCOMPARE(parts(*desk), QStringList());
    window.setWindowState(window.windowState() & ~Qt::WindowFullScreen);
    QTRY_COMPARE(parts(*desk), before);
    QVERIFY(!window.menuBar()->isHidden());
    QCOMPARE(window.isMaximized(), is_maximised);
    // The next key fills the screen again, and what it brings back is what was there then.
    press(*desk, "show-runs");
    press(*desk, "full-screen");
    QCoreApplication::processEvents();
    QVERIFY(window.isFullScreen());
    QCOMPARE(parts(*desk), QStringList());
    press(*desk, "full-screen");
    QCOMPARE(parts(*desk), (QStringList{"toolbar", "Experiment", "Timeline"}));
    QVERIFY(!window.isFullScreen());
    QCOMPARE(window.isMaximized(), is_maximised);
  }

  /// The window system tells of each press later, when the next ones were made.
  void fullScreenStaysAfterAHeldKey() {
    auto desk = m_rig.open();
    const QStringList before = parts(*desk);
    QCOMPARE(before.size(), 5);
    for (int i = 0; i < 3; ++i)
      press(*desk, "full-screen");
    for (int i = 0; i < 3; ++i)
      QCoreApplication::processEvents();
    QVERIFY(desk->window.isFullScreen());
    QCOMPARE(parts(*desk), QStringList());
    press(*desk, "full-screen");
    QCOMPARE(parts(*desk), before);
  }

  void stepsOfUndoComeBack() {
    auto desk = m_rig.open();
    const auto demo = core::preset("demo");
    desk->controller.draft().edit(withSeed(demo, 5), QStringLiteral("change seed"));
    desk->controller.choosePreset(QStringLiteral("composite"));
    desk->window.close();
    desk = m_rig.open();
    const QAction* undo = desk->window.actions()[QStringLiteral("undo")];
    QVERIFY2(undo->text().contains(QStringLiteral("omposite")), qPrintable(undo->text()));
    QTest::keyClick(&desk->window, Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(desk->controller.draft().spec(), withSeed(demo, 5));
    QCOMPARE(undo->text(), QStringLiteral("&Undo change seed"));
    // Half undone, it is closed once more.
    desk->window.close();
    desk = m_rig.open();
    QTest::keyClick(&desk->window, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(desk->controller.draft().spec().task, core::preset("composite").task);
    QTest::keyClick(&desk->window, Qt::Key_Z, Qt::ControlModifier);
    QTest::keyClick(&desk->window, Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(desk->controller.draft().spec(), demo);
    QVERIFY(!desk->controller.undoStack().canUndo());
  }

  /// Name, colour and place in the list; its picture too.
  void stepsOfTheListOfRunsComeBack() {
    auto desk = m_rig.open();
    tests::trainTiny(*desk);
    desk->controller.showDraft();
    tests::trainTiny(*desk);
    QCOMPARE(desk->controller.runs().all().size(), std::size_t{2});
    const auto names = [&desk] {
      QStringList all;
      for (const auto& run : desk->controller.runs().all())
        all.append(run->name() + QLatin1Char('/') + QString::number(run->colour()));
      return all.join(QLatin1Char(' '));
    };
    const auto undo = [&desk] { QTest::keyClick(&desk->window, Qt::Key_Z, Qt::ControlModifier); };
    const auto redo = [&desk] {
      QTest::keyClick(&desk->window, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    };
    desk->controller.undoStack().clear();
    const RunId first = desk->controller.runs().all()[0]->id();
    desk->controller.renameRun(first, QStringLiteral("Baseline"));
    desk->controller.recolourRun(first, 4);
    desk->controller.removeRun(first);
    desk->controller.renameRun(desk->controller.runs().all()[0]->id(), QStringLiteral("Other"));
    QCOMPARE(names(), QStringLiteral("Other/1"));
    undo();
    desk->window.close();

    desk = m_rig.open();
    QCOMPARE(names(), QStringLiteral("Run 2/1"));
    QTRY_VERIFY_WITH_TIMEOUT(desk->controller.runs().all()[0]->isLoaded(), kSoonMs);
    const QAction* action = desk->window.actions()[QStringLiteral("undo")];
    QCOMPARE(action->text(), QStringLiteral("&Undo remove Baseline from the list"));
    undo();
    QCOMPARE(names(), QStringLiteral("Baseline/4 Run 2/1"));
    undo();
    undo();
    QCOMPARE(names(), QStringLiteral("Run 1/0 Run 2/1"));
    QVERIFY(!desk->controller.undoStack().canUndo());
    const RunId back = desk->controller.runs().all()[0]->id();
    QTRY_VERIFY_WITH_TIMEOUT(desk->controller.runs().find(back)->isLoaded(), kSoonMs);
    desk->controller.showRun(back);
    QTRY_VERIFY_WITH_TIMEOUT(desk->shownStep() == 40, kSoonMs);
    redo();
    redo();
    redo();
    QCOMPARE(names(), QStringLiteral("Run 2/1"));
    QVERIFY(desk->controller.isDraftShown());
    redo();
    QCOMPARE(names(), QStringLiteral("Other/1"));
  }

  void twoHundredStepsAreKept() {
    auto desk = m_rig.open();
    const auto demo = core::preset("demo");
    for (std::uint64_t seed = 10; seed < 260; ++seed)
      desk->controller.draft().edit(withSeed(demo, seed), QStringLiteral("change seed"));
    desk->window.close();
    // A step is kept as what it changed: all together are less than ten experiments.
    QVERIFY(QFile(sessionFile()).size() < 64 * 1024);
    desk = m_rig.open();
    QUndoStack& stack = desk->controller.undoStack();
    QCOMPARE(stack.count(), DraftDocument::kUndoSteps);
    stack.setIndex(0);
    QCOMPARE(desk->controller.draft().spec(), withSeed(demo, 59));
  }

  /// Among those of the draft, in their order.
  void stepsOfTheViewComeBack() {
    auto desk = m_rig.open();
    const auto smoothing = [&desk] { return desk->window.timeline()->smoothing(); };
    const auto undo = [&desk] { QTest::keyClick(&desk->window, Qt::Key_Z, Qt::ControlModifier); };
    desk->window.timeline()->setSmoothing(1);
    const auto edited = withSeed(core::preset("demo"), 5);
    desk->controller.draft().edit(edited, QStringLiteral("change seed"));
    desk->window.actions()[QStringLiteral("lines")]->trigger();
    desk->window.timeline()->setSmoothing(2);
    QCOMPARE(desk->controller.undoStack().count(), 4);
    undo();
    QCOMPARE(smoothing(), 1);
    desk->window.close();
    desk = m_rig.open();
    QCOMPARE(smoothing(), 1);
    QCOMPARE(desk->window.attention()->options().mode, widgets::HeadView::Mode::Lines);
    QTest::keyClick(&desk->window, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(smoothing(), 2);
    undo();
    QCOMPARE(smoothing(), 1);
    const QAction* action = desk->window.actions()[QStringLiteral("undo")];
    QCOMPARE(action->text(), QStringLiteral("&Undo change map or lines"));
    undo();
    QCOMPARE(desk->window.attention()->options().mode, widgets::HeadView::Mode::Map);
    QCOMPARE(desk->controller.draft().spec(), edited);
    undo();
    QCOMPARE(desk->controller.draft().spec(), core::preset("demo"));
    QCOMPARE(smoothing(), 1);
    undo();
    QCOMPARE(smoothing(), 0);
    QVERIFY(!desk->controller.undoStack().canUndo());
  }

  /// The session tells the settings once more when the run that it shows is read.
  void aViewUndoneBeforeTheRunIsReadStaysUndone() {
    auto desk = m_rig.open();
    tests::trainTiny(*desk);
    desk->window.actions()[QStringLiteral("lines")]->trigger();
    desk->window.close();
    desk.reset();
    // Not by a Desk: it waits for the window, and the run may be read meanwhile.
    Settings settings = readSettings(settingsFile());
    widgets::ThemeController themes{*qApp};
    tests::ScriptedDialogs dialogs;
    Controller controller{m_rig.sessions()};
    MainWindow window{{controller, themes, dialogs, settings, settingsFile(), sessionFile()}};
    window.openSession();
    QVERIFY(controller.shownRun() != nullptr && !controller.shownRun()->isLoaded());
    QCOMPARE(window.attention()->options().mode, widgets::HeadView::Mode::Lines);
    controller.undoStack().undo();
    QCOMPARE(window.attention()->options().mode, widgets::HeadView::Mode::Map);
    QTRY_VERIFY_WITH_TIMEOUT(controller.frame() != nullptr, kSoonMs);
    QCOMPARE(window.attention()->options().mode, widgets::HeadView::Mode::Map);
  }

  void damagedStepsAreSaidAndNoMore() {
    auto desk = m_rig.open();
    const auto edited = withSeed(core::preset("demo"), 5);
    desk->window.timeline()->setSmoothing(2);
    desk->controller.draft().edit(edited, QStringLiteral("change seed"));
    desk->window.timeline()->setSmoothing(1);
    desk->window.close();
    desk.reset();
    QFile file(sessionFile());
    QVERIFY(file.open(QIODevice::ReadWrite));
    QJsonObject json = QJsonDocument::fromJson(file.readAll()).object();
    QJsonArray undo = json[QStringLiteral("undo")].toArray();
    QCOMPARE(undo.size(), 3);
    undo[1] = QJsonArray{QStringLiteral("change seed"), QStringLiteral("[{}]")};
    json[QStringLiteral("undo")] = undo;
    file.resize(0);
    file.write(QJsonDocument(json).toJson());
    file.close();
    desk = m_rig.open();
    QCOMPARE(desk->controller.draft().spec(), edited);
    QCOMPARE(desk->window.statusText(),
             QStringLiteral("2 of 3 steps of undo of the last session cannot be read."));
    desk->controller.undoStack().undo();
    QCOMPARE(desk->window.timeline()->smoothing(), 2);
    QVERIFY(!desk->controller.undoStack().canUndo());
  }
};

QTEST_MAIN(TestSessionWindow)
#include "tst_session_window.moc"
