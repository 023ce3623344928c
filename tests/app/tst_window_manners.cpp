// SPDX-License-Identifier: GPL-3.0-or-later
// What every part of the window owes: the shortcuts of the table, undo of what can be undone,
// pictures that are dragged out, and announcements. By real events.
#include "app/anchorlens/action_finder.h"
#include "app/anchorlens/announcer.h"
#include "app/anchorlens/drag_out.h"
#include "app/anchorlens/first_start_card.h"
#include "app/anchorlens/tour.h"
#include "engine/core/experiment_json.h"
#include "tests/app/drop.h"
#include "tests/app/trained_desk.h"
#include "tests/app/window_rig.h"
#include "tests/support/named.h"
#include "widgets/attention_view.h"
#include "widgets/flow/flow_view.h"
#include "widgets/taxonomy/taxonomy_view.h"
#include "widgets/timeline.h"
#include "widgets/timeline_plot.h"
#include "widgets/weights/weights_view.h"

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDockWidget>
#include <QFile>
#include <QHelpEvent>
#include <QImage>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QMenuBar>
#include <QMimeData>
#include <QPushButton>
#include <QScreen>
#include <QSlider>
#include <QTabWidget>
#include <QTableWidget>
#include <QToolTip>
#include <QtTest>

#include <algorithm>

using namespace anchorlens;
using namespace anchorlens::app;

namespace {

constexpr int kSoonMs = 20'000;

QString storeOf(const QMimeData& data, const QString& format) {
  return QString::fromUtf8(data.data(format).left(200));
}

}  // namespace

class TestWindowManners : public QObject {
  Q_OBJECT

  tests::WindowRig m_rig;

  std::unique_ptr<tests::Desk> trained() {
    auto desk = m_rig.open();
    tests::trainTiny(*desk);
    return desk;
  }

 private slots:
  void init() { m_rig.begin(); }

  /// Every line of the table of shortcuts has an action with these keys, and no keys have two.
  void theTableOfShortcuts() {
    const QList<std::pair<QString, QStringList>> table{
        {"run", {"Space", "F5"}},
        {"undo", {"Ctrl+Z"}},
        {"redo", {"Ctrl+Shift+Z"}},
        {"step", {"F10"}},
        {"new", {"Ctrl+N"}},
        {"open", {"Ctrl+O"}},
        {"save", {"Ctrl+S"}},
        {"stop", {"Shift+F5"}},
        {"export", {"Ctrl+E"}},
        {"follow", {"F"}},
        {"copy", {"Ctrl+C"}},
        {"copy-numbers", {"Ctrl+Shift+C"}},
        {"frame-back", {"Left", ","}},
        {"frame-on", {"Right", "."}},
        {"tab-composer", {"Ctrl+1"}},
        {"tab-attention", {"Ctrl+2"}},
        {"tab-flow", {"Ctrl+3"}},
        {"tab-weights", {"Ctrl+4"}},
        {"tab-predictions", {"Ctrl+5"}},
        {"frames-back", {"Shift+Left"}},
        {"frames-on", {"Shift+Right"}},
        {"show-experiment", {"Ctrl+Shift+1"}},
        {"show-timeline", {"Ctrl+Shift+2"}},
        {"show-runs", {"Ctrl+Shift+3"}},
        {"show-inspector", {"Ctrl+Shift+4"}},
        {"checkpoint-back", {"Ctrl+Left"}},
        {"checkpoint-on", {"Ctrl+Right"}},
        {"region-next", {"F6"}},
        {"region-back", {"Shift+F6"}},
        {"marker-back", {"Alt+Left"}},
        {"marker-on", {"Alt+Right"}},
        {"head-next", {"H"}},
        {"head-back", {"Shift+H"}},
        {"first", {"Home"}},
        {"newest", {"End"}},
        {"sequence-next", {"N"}},
        {"sequence-back", {"Shift+N"}},
        {"replay", {"P"}},
        {"replay-slower", {"["}},
        {"replay-faster", {"]"}},
        {"values", {"V"}},
        {"outlines", {"O"}},
        {"lines", {"L"}},
        {"table", {"T"}},
        {"ablate", {"A"}},
        {"samples", {"R"}},
        {"cut-edge", {"K"}},
        {"zoom-in", {"Ctrl++"}},
        {"zoom-out", {"Ctrl+-"}},
        {"zoom-fit", {"Ctrl+0"}},
        {"fork", {"Ctrl+Shift+N"}},
        {"full-screen", {"F11"}},
        {"rename", {"F2"}},
        {"find-action", {"Ctrl+Shift+P"}},
        {"preferences", {"Ctrl+,"}},
        {"help", {"F1"}},
    };
    tests::Desk desk(m_rig.sessions());
    for (const auto& [id, keys] : table) {
      const QAction* action = desk.window.actions()[id];
      QVERIFY2(action != nullptr, qPrintable(id));
      for (const QString& key : keys)
        QVERIFY2(action->shortcuts().contains(QKeySequence(key, QKeySequence::PortableText)),
                 qPrintable(id));
    }
    QHash<QString, QString> owners;
    for (const auto& entry : desk.window.actions().entries()) {
      for (const QKeySequence& key : entry.action->shortcuts()) {
        const QString text = key.toString(QKeySequence::PortableText);
        QVERIFY2(!owners.contains(text), qPrintable(text + ' ' + entry.id + ' ' + owners[text]));
        owners[text] = entry.id;
      }
    }
  }

  /// Tooltips and texts name the shortcuts in use, not those that were built in.
  void textsNameTheShortcutsInUse() {
    auto desk = m_rig.open();
    ActionMap& actions = desk->window.actions();
    QPushButton* run = desk->window.toolbar()->runButton();
    QTRY_COMPARE_WITH_TIMEOUT(run->toolTip(), QStringLiteral("Train as Run 1 (Space)"), kSoonMs);
    const auto tip = [](QWidget* of) {
      QToolTip::hideText();
      QHelpEvent help(QEvent::ToolTip, of->rect().center(), of->mapToGlobal(of->rect().center()));
      QApplication::sendEvent(of, &help);
      return QToolTip::text();
    };
    const auto card = [&] {
      QStringList texts;
      for (const QLabel* label :
           desk->window.findChildren<FirstStartCard*>().front()->findChildren<QLabel*>())
        texts << label->text();
      return texts;
    };
    QCOMPARE(tip(run), QStringLiteral("Train as Run 1 (Space)"));
    QVERIFY(card().contains(QStringLiteral("Press Space to train.")));
    actions.setShortcuts(QStringLiteral("run"), {QKeySequence(Qt::Key_F4)});
    actions.setShortcuts(QStringLiteral("export"), {});
    QCOMPARE(tip(run), QStringLiteral("Train as Run 1 (F4)"));
    QCOMPARE(tip(desk->window.toolbar()->exportButton()),
             QStringLiteral("Figures, numbers, checkpoints"));
    QVERIFY(card().contains(QStringLiteral("Press F4 to train.")));
    actions.setShortcuts(QStringLiteral("run"), {});
    QVERIFY(card().contains(QStringLiteral("Press Run to train.")));
    // What is in brackets may be no shortcut.
    QCOMPARE(actions.withKeyInUse(QStringLiteral("One layer (of two)")),
             QStringLiteral("One layer (of two)"));
    QCOMPARE(actions.withKeyInUse(QStringLiteral("Pause (F5)")), QStringLiteral("Pause"));
    const QString two = QStringLiteral("Head (H, Shift+H)");
    QCOMPARE(actions.withKeyInUse(two), two);
    actions.setShortcuts(QStringLiteral("head-next"), {QKeySequence(Qt::Key_F8)});
    QCOMPARE(actions.withKeyInUse(two), QStringLiteral("Head (F8, Shift+H)"));
    actions.setShortcuts(QStringLiteral("head-back"), {});
    QCOMPARE(actions.withKeyInUse(two), QStringLiteral("Head (F8)"));
  }

  void theTourAndThePlaceholderNameTheShortcutInUse() {
    auto desk = m_rig.open();
    MainWindow& window = desk->window;
    window.tabs()->setCurrentWidget(window.weights());
    const auto asksFor = [&window](const QString& key) {
      const auto labels = window.weights()->findChildren<QLabel*>();
      return std::any_of(labels.begin(), labels.end(), [&key](const QLabel* label) {
        return label->text() == QStringLiteral(
                                    "Weights are shown at checkpoints: press %1 to "
                                    "train this draft.")
                                    .arg(key);
      });
    };
    QTRY_VERIFY_WITH_TIMEOUT(asksFor(QStringLiteral("Space")), kSoonMs);
    window.actions().setShortcuts(QStringLiteral("run"), {QKeySequence(Qt::Key_F4)});
    QVERIFY(asksFor(QStringLiteral("F4")));
    window.actions()[QStringLiteral("tour")]->trigger();
    const QString note = window.tour()->note()->accessibleName();
    QVERIFY2(note.startsWith(QStringLiteral("Tour, 1 of 5. Train. F4, or this button")),
             qPrintable(note));
    window.actions().setShortcuts(QStringLiteral("frame-back"), {QKeySequence(Qt::Key_F8)});
    window.actions().setShortcuts(QStringLiteral("frame-on"), {});
    window.actions()[QStringLiteral("tour")]->trigger();
    window.tour()->next();
    window.tour()->next();
    const QString third = window.tour()->note()->accessibleName();
    QVERIFY2(third.contains(QStringLiteral("press F8 and Next frame: all views")),
             qPrintable(third));
  }

  void theFinderDimsWhatIsNotPossible() {
    const auto desk = m_rig.open();
    QVERIFY(desk->controller.isDraftShown());
    QTRY_VERIFY(!desk->window.actions()[QStringLiteral("ablate")]->isEnabled());
    QTest::keyClick(&desk->window, Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
    auto* finder = desk->window.findChild<ActionFinder*>();
    QVERIFY(finder != nullptr);
    auto* text = finder->findChild<QLineEdit*>();
    auto* list = finder->findChild<QListWidget*>();
    QTest::keyClicks(text, QStringLiteral("ablate head"));
    QVERIFY(list->count() > 0);
    for (int row = 0; row < list->count(); ++row) {
      const QListWidgetItem* item = list->item(row);
      QVERIFY2(!(item->flags() & Qt::ItemIsEnabled), qPrintable(item->text()));
      QCOMPARE(item->data(Qt::AccessibleTextRole).toString(),
               item->text() + QStringLiteral(", not possible now"));
    }
    QTest::keyClick(text, Qt::Key_Down);
    QTest::keyClick(text, Qt::Key_Return);
    QVERIFY(finder->isVisible());
    text->clear();
    // What is possible comes first, and the arrow keys stay in it.
    QVERIFY(list->item(0)->flags() & Qt::ItemIsEnabled);
    QVERIFY(!(list->item(list->count() - 1)->flags() & Qt::ItemIsEnabled));
    for (int row = 0; row < list->count(); ++row)
      QTest::keyClick(text, Qt::Key_Down);
    QVERIFY(list->currentItem()->flags() & Qt::ItemIsEnabled);
    QVERIFY(!(list->item(list->currentRow() + 1)->flags() & Qt::ItemIsEnabled));
  }

  void theFinderKnowsTheMenuOfTheShownRun() {
    const auto desk = trained();
    const auto choose = [&desk](const QString& words) {
      QTRY_COMPARE(desk->window.findChild<ActionFinder*>(), nullptr);
      desk->window.actions()[QStringLiteral("find-action")]->trigger();
      auto* finder = desk->window.findChild<ActionFinder*>();
      QVERIFY(finder != nullptr);
      auto* text = finder->findChild<QLineEdit*>();
      QTest::keyClicks(text, words);
      QCOMPARE(finder->findChild<QListWidget*>()->count(), 1);
      QTest::keyClick(text, Qt::Key_Return);
    };
    const auto run_id = desk->controller.shownRun()->id();
    const QString folder = toText(desk->controller.shownRun()->directory());
    const core::ExperimentSpec settings = desk->controller.shownRun()->facts().spec;
    desk->controller.choosePreset(QString::fromStdString(core::presetNames().front()));
    desk->controller.showRun(run_id);
    QTRY_VERIFY(desk->window.actions()[QStringLiteral("copy-settings")]->isEnabled());
    choose(QStringLiteral("open folder"));
    QCOMPARE(desk->dialogs.asked.constLast(), QStringLiteral("folder ") + folder);
    choose(QStringLiteral("copy settings"));
    QVERIFY(desk->controller.isDraftShown());
    QVERIFY(desk->controller.draft().spec() == settings);
    desk->controller.showRun(run_id);
    QTRY_VERIFY(desk->window.actions()[QStringLiteral("remove-run")]->isEnabled());
    choose(QStringLiteral("remove from list"));
    QCOMPARE(desk->controller.runs().find(run_id), nullptr);
  }

  /// It has the focus while it is open.
  void theFinderActsOnTheViewThatHadTheFocus() {
    const auto desk = trained();
    desk->window.timeline()->setFocus();
    QTest::keyClick(desk->window.timeline(), Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
    const QString curves = QApplication::clipboard()->text();
    QVERIFY(!curves.isEmpty() && curves != desk->window.attention()->numbers().tsv());
    QApplication::clipboard()->clear();
    desk->window.actions()[QStringLiteral("find-action")]->trigger();
    auto* finder = desk->window.findChild<ActionFinder*>();
    QVERIFY(QTest::qWaitForWindowActive(finder));
    auto* text = finder->findChild<QLineEdit*>();
    QTest::keyClicks(text, QStringLiteral("copy numbers"));
    QTest::keyClick(text, Qt::Key_Return);
    QCOMPARE(QApplication::clipboard()->text(), curves);
  }

  void theFirstWindowFitsTheScreen() {
    const auto desk = m_rig.open(QSize());
    const QRect room = desk->window.screen()->availableGeometry();
    if (room.width() >= 1600)
      QSKIP("the screen is wide enough for any window");
    QCOMPARE(desk->window.width(), std::max(room.width(), desk->window.minimumWidth()));
    QVERIFY(desk->window.height() < room.height());  // there is a title bar above it
    QVERIFY(desk->window.height() >= desk->window.minimumHeight());
  }

  void viewSettingsCanBeUndone() {
    const auto desk = trained();
    QUndoStack& undo = desk->controller.undoStack();
    const int before = undo.count();
    auto* view = desk->window.attention();
    const auto first = view->options();
    QTest::keyClick(&desk->window, Qt::Key_V);
    QTest::keyClick(&desk->window, Qt::Key_L);
    desk->window.timeline()->setSmoothing(2);
    QCOMPARE(undo.count(), before + 3);
    QCOMPARE(desk->window.actions()[QStringLiteral("undo")]->text(),
             QStringLiteral("&Undo change smoothing"));
    for (int i = 0; i < 3; ++i)
      QTest::keyClick(&desk->window, Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(view->options(), first);
    QCOMPARE(desk->window.timeline()->smoothing(), 0);
    QTest::keyClick(&desk->window, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(view->options().values, !first.values);
    QCOMPARE(undo.count(), before + 3);
    // What is selected is no setting.
    QTest::keyClick(&desk->window, Qt::Key_H);
    QTest::keyClick(&desk->window, Qt::Key_N);
    QCOMPARE(undo.count(), before + 3);
  }

  void settingsOfFlowAndWeightsCanBeUndone() {
    const auto desk = trained();
    QUndoStack& undo = desk->controller.undoStack();
    const int before = undo.count();
    const auto text = [&undo] { return undo.undoText(); };
    auto* flow = desk->window.tabs()->findChild<widgets::FlowView*>();
    desk->window.tabs()->setCurrentWidget(flow);
    const auto options = flow->options();
    auto* hide = flow->findChild<QSlider*>();
    hide->setFocus();
    for (int i = 0; i < 3; ++i)
      QTest::keyClick(hide, Qt::Key_Right);
    QCOMPARE(flow->options().hide_below, options.hide_below + 0.03);
    QCOMPARE(text(), QStringLiteral("change what Flow hides"));
    QCOMPARE(undo.count(), before + 1);  // one step for one drag
    auto* heads = tests::named<QComboBox>(*flow, "Heads");
    heads->setFocus();
    QTest::keyClick(heads, Qt::Key_Down);
    QCOMPARE(text(), QStringLiteral("change heads of Flow"));

    auto* weights = desk->window.weights();
    desk->window.tabs()->setCurrentWidget(weights);
    auto choice = weights->choice();
    choice.page = widgets::WeightsPage::Circuits;
    weights->setChoice(choice);
    auto* all = weights->findChild<QCheckBox*>();
    QTRY_VERIFY(all->isVisible());
    QTest::mouseClick(all, Qt::LeftButton, {}, QPoint(8, all->height() / 2));
    QVERIFY(!weights->choice().all_tokens);
    QCOMPARE(text(), QStringLiteral("change tokens of circuits"));
    QCOMPARE(undo.count(), before + 3);
    // Another head is no setting.
    weights->nextHead(1);
    QCOMPARE(undo.count(), before + 3);

    for (int i = 0; i < 3; ++i)
      QTest::keyClick(&desk->window, Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(weights->choice().all_tokens);
    QVERIFY(all->isChecked());
    QCOMPARE(flow->options().heads, options.heads);
    QCOMPARE(heads->currentIndex(), static_cast<int>(options.heads));
    QCOMPARE(flow->options().hide_below, options.hide_below);
    QCOMPARE(hide->value() / 100.0, options.hide_below);
    for (int i = 0; i < 3; ++i)
      QTest::keyClick(&desk->window, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QVERIFY(!weights->choice().all_tokens);
    QCOMPARE(flow->options().hide_below, options.hide_below + 0.03);
  }

  void aRunsColourCanBeUndone() {
    const auto desk = trained();
    QMenu* colours = nullptr;
    for (QMenu* menu : desk->window.menuBar()->findChildren<QMenu*>()) {
      if (menu->title() == QLatin1String("Run &colour"))
        colours = menu;
    }
    QVERIFY(colours != nullptr);
    emit colours->aboutToShow();
    QCOMPARE(colours->actions().size(), 5);
    QCOMPARE(desk->controller.shownRun()->colour(), 0);
    colours->actions().at(3)->trigger();
    QCOMPARE(desk->controller.shownRun()->colour(), 3);
    QTest::keyClick(&desk->window, Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(desk->controller.shownRun()->colour(), 0);
    QTest::keyClick(&desk->window, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(desk->controller.shownRun()->colour(), 3);
  }

  void altDragsThePictureOut() {
    const auto desk = trained();
    std::unique_ptr<QMimeData> dragged;
    desk->window.dragOut()->setCarrier(
        [&dragged](QWidget*, QMimeData* picture) { dragged.reset(picture); });
    const auto drag = [&dragged](QWidget* widget, Qt::KeyboardModifiers modifiers) {
      dragged.reset();
      const QPoint from = widget->rect().center();
      QTest::mousePress(widget, Qt::LeftButton, modifiers, from);
      for (int i = 1; i <= 4; ++i) {
        QMouseEvent move(QEvent::MouseMove, from + QPoint(6 * i, 0),
                         widget->mapToGlobal(from + QPoint(6 * i, 0)), Qt::NoButton, Qt::LeftButton,
                         modifiers);
        QApplication::sendEvent(widget, &move);
      }
      QTest::mouseRelease(widget, Qt::LeftButton, modifiers, from + QPoint(24, 0));
    };
    const std::int64_t step = desk->controller.cursor().step();
    desk->window.tabs()->setCurrentWidget(desk->window.attention());
    for (QWidget* view : std::initializer_list<QWidget*>{
             desk->window.attention()->grid()->viewport(), desk->window.attention()->large(),
             desk->window.timeline()->plot()}) {
      drag(view, Qt::AltModifier);
      QVERIFY(dragged != nullptr);
      QVERIFY(!QImage::fromData(dragged->data(QStringLiteral("image/png"))).isNull());
      QVERIFY(storeOf(*dragged, QStringLiteral("image/svg+xml")).contains(QLatin1String("<svg")));
      QCOMPARE(dragged->urls().size(), 2);
      for (const QUrl& url : dragged->urls())
        QVERIFY(QFile(url.toLocalFile()).size() > 100);
    }
    QCOMPARE(desk->controller.cursor().step(), step);  // it moved nothing
    drag(desk->window.attention()->large(), Qt::NoModifier);
    QVERIFY(dragged == nullptr);
    for (const char* tab : {"predictions", "heads"}) {
      desk->window.tabs()->setCurrentWidget(
          desk->window.tabs()->findChild<QWidget*>(QString::fromLatin1(tab)));
      drag(desk->window.tabs()->currentWidget(), Qt::AltModifier);
      QVERIFY2(dragged != nullptr, tab);
      QVERIFY(!QImage::fromData(dragged->data(QStringLiteral("image/png"))).isNull());
    }
    // Heads, in front now, has two figures: the one that was pressed goes.
    const auto* heads = desk->window.tabs()->findChild<widgets::TaxonomyView*>();
    drag(heads->table()->viewport(), Qt::AltModifier);
    QVERIFY2(dragged->text().startsWith(QStringLiteral("layer\thead\tlabel\tstate\tlift\t")),
             qPrintable(dragged->text()));
    drag(heads->chart(), Qt::AltModifier);
    QVERIFY2(dragged->text().startsWith(QStringLiteral("layer\thead\tlabel\tstate\tfrom\t")),
             qPrintable(dragged->text()));
  }

  /// Predictions, then Heads: not the selected head of another tab.
  void copyIsOfTheTabInFront() {
    const auto desk = trained();
    const std::pair<Qt::Key, const char*> tabs[] = {{Qt::Key_5, "sequence\ttokens\tanswer"},
                                                    {Qt::Key_6, "layer\thead\tlabel"}};
    for (const auto& [key, header] : tabs) {
      QTest::keyClick(&desk->window, key, Qt::ControlModifier);
      QApplication::clipboard()->clear();
      QTest::keyClick(&desk->window, Qt::Key_C, Qt::ControlModifier);
      const QMimeData* copied = QApplication::clipboard()->mimeData();
      QVERIFY(!QImage::fromData(copied->data(QStringLiteral("image/png"))).isNull());
      QVERIFY(copied->data(QStringLiteral("image/svg+xml")).contains("<svg"));
      QVERIFY2(copied->text().contains(QString::fromLatin1(header)), qPrintable(copied->text()));
    }
  }

  void whatHappensIsAnnouncedButRarely() {
    tests::Desk desk(m_rig.sessions());
    QSignalSpy said(desk.window.announcer(), &Announcer::said);
    tests::trainTiny(desk);
    // Started, then finished within five seconds: the second waits for its turn.
    QTRY_COMPARE_WITH_TIMEOUT(said.count(), 2, kSoonMs);
    QCOMPARE(said[0].first().toString(), QStringLiteral("Run 1 started"));
    QVERIFY2(said[1].first().toString().startsWith(QStringLiteral("Run 1 finished")),
             qPrintable(said[1].first().toString()));
    const auto* voice = desk.window.findChild<QWidget*>(QStringLiteral("announcements"));
    QCOMPARE(voice->accessibleName(), said[1].first().toString());
  }

  void ofManyOnlyTheNewestIsSaid() {
    QWidget voice;
    Announcer announcer(&voice);
    QSignalSpy said(&announcer, &Announcer::said);
    QElapsedTimer clock;
    clock.start();
    for (int i = 0; i < 10; ++i)
      announcer.say(QStringLiteral("news %1").arg(i));
    QCOMPARE(said.count(), 1);
    QTRY_COMPARE_WITH_TIMEOUT(said.count(), 2, kSoonMs);
    QVERIFY(clock.elapsed() >= Announcer::kPauseMs - 50);
    QCOMPARE(said.last().first().toString(), QStringLiteral("news 9"));
    QCOMPARE(voice.accessibleName(), QStringLiteral("news 9"));
  }
};

QTEST_MAIN(TestWindowManners)
#include "tst_window_manners.moc"
