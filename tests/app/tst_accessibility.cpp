// SPDX-License-Identifier: GPL-3.0-or-later
// What the window is to somebody who sees or points at nothing: names, order, focus, tables. By
// real events, with what Qt hands to assistive technology.
#include "app/anchorlens/compare_control.h"
#include "app/anchorlens/main_toolbar.h"
#include "tests/app/study_maker.h"
#include "tests/app/window_rig.h"
#include "widgets/accessible_views.h"
#include "widgets/attention_view.h"
#include "widgets/compare/compare_view.h"
#include "widgets/number_dialog.h"
#include "widgets/panel_experiment.h"
#include "widgets/panel_inspector.h"
#include "widgets/panel_runs.h"
#include "widgets/predictions/predictions_view.h"
#include "widgets/study_view.h"
#include "widgets/timeline.h"
#include "widgets/timeline_plot.h"
#include "widgets/weights/weights_view.h"

#include <QAbstractButton>
#include <QAccessible>
#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QDockWidget>
#include <QListView>
#include <QPointer>
#include <QPushButton>
#include <QRegularExpression>
#include <QScrollArea>
#include <QTabBar>
#include <QTabWidget>
#include <QTableView>
#include <QtTest>

#include <algorithm>

using namespace anchorlens;
using namespace anchorlens::app;

namespace {

constexpr int kSoonMs = 20'000;
constexpr int kMostTabs = 400;

QString textOf(QWidget* widget, QAccessible::Text kind) {
  QAccessibleInterface* interface = QAccessible::queryAccessibleInterface(widget);
  return interface != nullptr ? interface->text(kind).trimmed() : QString();
}

QString shown(QString label) {
  return label.remove(QLatin1Char('&')).trimmed();
}

/// What is wrong with the names of the controls that can be reached now.
QStringList badNames(QWidget& window) {
  QStringList bad;
  for (QWidget* widget : window.findChildren<QWidget*>()) {
    if (!widget->isVisible() || (widget->focusPolicy() & Qt::TabFocus) == 0 ||
        widget->focusProxy() != nullptr)
      continue;
    const QString name = textOf(widget, QAccessible::Name);
    const QString what = QString::fromLatin1(widget->metaObject()->className()) + ' ' +
                         widget->objectName() + " \"" + name + "\" in " +
                         QString::fromLatin1(widget->parent()->metaObject()->className());
    if (name.isEmpty())
      bad.append("no name: " + what);
    const auto* button = qobject_cast<const QAbstractButton*>(widget);
    if (button == nullptr)
      continue;
    const QString label = shown(button->text());
    const bool is_icon = label.isEmpty() || !label.contains(QRegularExpression("\\w\\w"));
    if (is_icon && textOf(widget, QAccessible::Description).isEmpty())
      bad.append("no description: " + what);
    const bool begins_formula = label.endsWith('(');
    if (!is_icon && !begins_formula && !name.contains(QString(label).remove(QChar(0x2026))))
      bad.append("not its label \"" + label + "\": " + what);
  }
  return bad;
}

}  // namespace

class TestAccessibility : public QObject {
  Q_OBJECT

  tests::WindowRig m_rig;

  static void train(tests::Desk& desk) {
    desk.controller.draft().load(tests::tinyExperiment(), {});
    desk.controller.showDraft();
    desk.controller.training().setPace(std::nullopt);
    QTRY_VERIFY_WITH_TIMEOUT(desk.window.toolbar()->runButton()->isEnabled(), kSoonMs);
    const std::size_t before = desk.controller.runs().all().size();
    desk.window.actions()[QStringLiteral("run")]->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(desk.controller.runs().all().size() > before &&
                                 desk.controller.shownRun() != nullptr &&
                                 desk.controller.shownRun()->state() == core::RunState::Finished,
                             kSoonMs);
    QTRY_VERIFY_WITH_TIMEOUT(desk.controller.frame() != nullptr, kSoonMs);
  }

  static void openStudy(tests::Desk& desk, const QString& folder) {
    const tests::StudyMaker made(folder, {"0.001", "0.01"}, {"1", "2"}, 1);
    made.write(0, {0.1, 0.9});
    desk.window.openPath(folder);
    QTRY_VERIFY_WITH_TIMEOUT(
        desk.window.tabs()->isTabVisible(desk.window.tabs()->indexOf(desk.window.study())),
        kSoonMs);
  }

  /// All pages of the centre and of the Experiment dock, one after the other.
  template <typename Visit>
  static void visitAll(tests::Desk& desk, const Visit& visit) {
    auto* tabs = desk.window.tabs();
    for (int i = 0; i < tabs->count(); ++i) {
      if (!tabs->isTabVisible(i))
        continue;
      tabs->setCurrentIndex(i);
      QTest::qWait(50);
      visit(tabs->tabText(i));
      if (auto* weights = qobject_cast<widgets::WeightsView*>(tabs->widget(i))) {
        auto choice = weights->choice();
        choice.page = widgets::WeightsPage::Circuits;
        weights->setChoice(choice);
        QTest::qWait(50);
        visit(QStringLiteral("Circuits"));
      }
      if (auto* study = qobject_cast<widgets::StudyView*>(tabs->widget(i))) {
        for (const auto page :
             {widgets::StudyView::Page::Curves, widgets::StudyView::Page::Heads}) {
          study->setPage(page);
          visit(QStringLiteral("Study page"));
        }
      }
      if (auto* view = qobject_cast<widgets::PredictionsView*>(tabs->widget(i))) {
        view->setPage(widgets::PredictionsView::Page::Probe);
        visit(QStringLiteral("Whole probe"));
        if (desk.controller.isDraftShown()) {  // the made engine has no lens
          view->setPage(widgets::PredictionsView::Page::Lens);
          visit(QStringLiteral("Lens"));
        }
        view->setPage(widgets::PredictionsView::Page::Sequences);
      }
    }
    for (int tab = 0; tab < 4; ++tab) {
      desk.window.experiment()->setCurrentTab(static_cast<widgets::FormTab>(tab));
      visit(QStringLiteral("Experiment %1").arg(tab));
    }
  }

  static QString regionOf(tests::Desk& desk, QWidget* widget) {
    for (QWidget* at = widget; at != nullptr; at = at->parentWidget()) {
      if (at == desk.window.toolbar())
        return QStringLiteral("toolbar");
      if (at == desk.window.tabs()->tabBar())
        return QStringLiteral("tabs");
      if (at == desk.window.centralWidget())
        return QStringLiteral("centre");
      if (const auto* dock = qobject_cast<QDockWidget*>(at))
        return dock->windowTitle();
    }
    return QStringLiteral("nowhere");
  }
  /// Once around by Tab, from Run: region and name of every stop.
  static QStringList walk(tests::Desk& desk, Qt::KeyboardModifiers modifiers) {
    QWidget* first = desk.window.toolbar()->runButton();
    first->setFocus(Qt::TabFocusReason);
    QStringList names;
    do {
      QWidget* at = QApplication::focusWidget();
      names.append(regionOf(desk, at) + ": " + textOf(at, QAccessible::Name));
      QTest::keyClick(desk.window.windowHandle(), Qt::Key_Tab, modifiers);
    } while (QApplication::focusWidget() != first && names.size() < kMostTabs);
    return names;
  }
  static QStringList regionsOf(const QStringList& names) {
    QStringList regions;
    for (const QString& name : names) {
      const QString region = name.section(':', 0, 0);
      if (regions.isEmpty() || regions.last() != region)
        regions.append(region);
    }
    return regions;
  }

 private slots:
  void initTestCase() {
    widgets::installAccessibleViews();
    QAccessible::setActive(true);
  }
  void init() { m_rig.begin(); }

  void everyControlHasTheNameOfItsLabel() {
    tests::Desk desk(m_rig.sessions());
    QStringList bad;
    const auto look = [&](const QString& where) {
      for (const QString& line : badNames(desk.window))
        bad.append(where + ": " + line);
    };
    visitAll(desk, [&](const QString& where) { look("draft, " + where); });
    train(desk);
    train(desk);
    openStudy(desk, m_rig.path(QStringLiteral("study")));
    visitAll(desk, [&](const QString& where) { look(where); });
    const auto& runs = desk.controller.runs().all();
    desk.window.compare()->setTicked({runs[0]->id(), runs[1]->id()});
    desk.window.compare()->setOn(true);
    QTRY_VERIFY_WITH_TIMEOUT(desk.window.compareView()->isVisible(), kSoonMs);
    look(QStringLiteral("Compare"));
    bad.removeDuplicates();
    QVERIFY2(bad.isEmpty(), qPrintable(bad.join('\n')));
  }

  /// Toolbar, Experiment, the tabs' names, their controls and view, Timeline, Runs, Inspector;
  /// every stop is left again, and Shift+Tab goes the same way back.
  void tabGoesInReadingOrder() {
    tests::Desk desk(m_rig.sessions());
    train(desk);
    visitAll(desk, [&](const QString& where) {
      const auto names = walk(desk, Qt::NoModifier);
      const auto regions = regionsOf(names);
      QVERIFY2(regions == (QStringList{"toolbar", "Experiment", "tabs", "centre", "Timeline",
                                       "Runs", "Inspector"}),
               qPrintable(where + ": " + names.join('\n')));
      QVERIFY2(names.contains("Timeline: Timeline"), qPrintable(names.join('\n')));
      auto back = walk(desk, Qt::ShiftModifier);
      std::reverse(back.begin() + 1, back.end());
      QCOMPARE(back, names);
    });
  }

  void tabReachesTheTimeCursor() {
    tests::Desk desk(m_rig.sessions());
    train(desk);
    auto* timeline = desk.window.timeline();
    desk.window.toolbar()->runButton()->setFocus();
    for (int i = 0; i < kMostTabs && !timeline->hasFocus(); ++i)
      QTest::keyClick(desk.window.windowHandle(), Qt::Key_Tab);
    QVERIFY(timeline->hasFocus() && timeline->plot()->hasKeyFocus());
    QTest::keyClick(desk.window.windowHandle(), Qt::Key_Home);
    QTRY_COMPARE(desk.shownStep(), std::int64_t{0});
    QTest::keyClick(desk.window.windowHandle(), Qt::Key_Right);
    QTRY_VERIFY(desk.shownStep() > 0);
    QTest::keyClick(desk.window.windowHandle(), Qt::Key_Tab);
    QVERIFY(!timeline->hasFocus() && !timeline->plot()->hasKeyFocus());
  }

  void aDraftsFieldsAreLeftAgain() {
    tests::Desk desk(m_rig.sessions());
    visitAll(desk, [&](const QString& where) {
      const auto names = walk(desk, Qt::NoModifier);
      QVERIFY2(names.size() < kMostTabs && regionsOf(names).contains("Runs"),
               qPrintable(where + ": " + names.join('\n')));
    });
  }

  void f6ComesBackToTheLastControl() {
    tests::Desk desk(m_rig.sessions());
    train(desk);
    auto* last = desk.window.attention()->large();
    last->setFocus();
    QStringList regions;
    for (int i = 0; i < 6; ++i) {
      QTest::keyClick(desk.window.windowHandle(), Qt::Key_F6);
      regions.append(regionOf(desk, QApplication::focusWidget()));
    }
    QCOMPARE(regions,
             (QStringList{"Timeline", "Runs", "Inspector", "toolbar", "Experiment", "centre"}));
    QCOMPARE(QApplication::focusWidget(), last);
  }

  /// What comes live takes the focus from nothing.
  void liveUpdatesKeepTheFocus() {
    tests::Desk desk(m_rig.sessions());
    train(desk);
    std::vector<QPointer<QWidget>> stops;
    desk.window.toolbar()->runButton()->setFocus(Qt::TabFocusReason);
    for (int region = 0; region < 6; ++region) {
      QTest::keyClick(desk.window.windowHandle(), Qt::Key_F6);
      stops.emplace_back(QApplication::focusWidget());
    }
    desk.controller.draft().load(tests::endlessExperiment(), {});
    desk.controller.showDraft();
    QTRY_VERIFY_WITH_TIMEOUT(desk.window.toolbar()->runButton()->isEnabled(), kSoonMs);
    desk.window.actions()[QStringLiteral("run")]->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(desk.shownStep() > 0, kSoonMs);
    for (const auto& stop : stops) {
      if (stop == nullptr || !stop->isVisible() || !stop->isEnabled())
        continue;
      stop->setFocus(Qt::TabFocusReason);
      QWidget* focused = QApplication::focusWidget();
      const std::int64_t step = desk.shownStep();
      QTRY_VERIFY_WITH_TIMEOUT(desk.shownStep() > step, kSoonMs);
      QCOMPARE(QApplication::focusWidget(), focused);
    }
    desk.window.actions()[QStringLiteral("stop")]->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(!desk.controller.training().isBusy(), kSoonMs);
  }

  /// Heads and cells as rows and columns, with the sentences that are read out.
  void mapsAreTables() {
    tests::Desk desk(m_rig.sessions());
    train(desk);
    auto* grid = desk.window.attention()->grid();
    auto* heads = QAccessible::queryAccessibleInterface(grid)->tableInterface();
    QVERIFY(heads != nullptr);
    QCOMPARE(heads->rowCount(), 2);
    QCOMPARE(heads->columnCount(), 1);
    desk.window.attention()->selectHead(1, 0);
    QAccessibleInterface* tile = heads->cellAt(1, 0);
    QVERIFY2(tile->text(QAccessible::Name).startsWith("Layer 1 head 0, ") &&
                 tile->text(QAccessible::Name).endsWith(", selected"),
             qPrintable(tile->text(QAccessible::Name)));
    QVERIFY(tile->state().selected);
    QVERIFY(!heads->cellAt(0, 0)->state().selected);
    QVERIFY(tile->rect().isValid());

    auto* map = desk.window.attention()->large();
    QAccessibleInterface* view = QAccessible::queryAccessibleInterface(map);
    auto* cells = view->tableInterface();
    QVERIFY(cells != nullptr);
    const int length = map->data().length;
    QCOMPARE(cells->rowCount(), length);
    map->setFocus();
    QTest::keyClick(map, Qt::Key_Up);
    QAccessibleInterface* cell = view->focusChild();
    QVERIFY(cell != nullptr && cell->state().focused);
    static const QRegularExpression sentence(
        QStringLiteral("^Layer 1 head 0\\. Reader \\d+, token \\d+(, \\w+)?\\. Source \\d+, token "
                       "\\d+(, \\w+)?\\. "
                       "Attention \\d\\.\\d\\d, untrained \\d\\.\\d\\d\\."));
    QVERIFY2(sentence.match(cell->text(QAccessible::Name)).hasMatch(),
             qPrintable(cell->text(QAccessible::Name)));
    QVERIFY(cells->cellAt(0, length - 1)->text(QAccessible::Name).contains("Not allowed."));
    QCOMPARE(view->indexOfChild(cells->cellAt(2, 1)), 2 * length + 1);
    QVERIFY(cells->cellAt(length, 0) == nullptr);
  }

  /// Only plain arrows are a map's own.
  void keysOfTimeWorkInMaps() {
    tests::Desk desk(m_rig.sessions());
    train(desk);
    const std::int64_t last = desk.shownStep();
    for (QWidget* map : std::initializer_list<QWidget*>{desk.window.attention()->grid(),
                                                        desk.window.attention()->large()}) {
      map->setFocus();
      QTest::keyClick(desk.window.windowHandle(), Qt::Key_Home);
      QTRY_COMPARE(desk.shownStep(), std::int64_t{0});
      QTest::keyClick(desk.window.windowHandle(), Qt::Key_Right, Qt::ShiftModifier);
      QTRY_VERIFY(desk.shownStep() > 0);
      QTest::keyClick(desk.window.windowHandle(), Qt::Key_End);
      QTRY_COMPARE(desk.shownStep(), last);
      QTest::keyClick(desk.window.windowHandle(), Qt::Key_Up);
      QCOMPARE(desk.shownStep(), last);
    }
  }

  void theTimelineHasAValue() {
    tests::Desk desk(m_rig.sessions());
    train(desk);
    QAccessibleInterface* timeline = QAccessible::queryAccessibleInterface(desk.window.timeline());
    QVERIFY(timeline->valueInterface() != nullptr);
    timeline->valueInterface()->setCurrentValue(20);
    QTRY_COMPARE(desk.window.timeline()->cursor(), std::int64_t{20});
    QCOMPARE(timeline->valueInterface()->currentValue().toInt(), 20);
    QCOMPARE(timeline->valueInterface()->maximumValue().toInt(), 40);
    const QString text = timeline->text(QAccessible::Value);
    QVERIFY2(text.startsWith("Step 20, loss test ") && text.contains(" percent"), qPrintable(text));
  }

  void aBoxHasItsNameAndItsValue() {
    QComboBox box;
    box.setAccessibleName(QStringLiteral("Colour map"));
    box.addItems({QStringLiteral("Viridis"), QStringLiteral("Grey")});
    QCOMPARE(textOf(&box, QAccessible::Name), QStringLiteral("Colour map"));
    QCOMPARE(textOf(&box, QAccessible::Value), QStringLiteral("Viridis"));
  }

  /// T, in every tab: a table that can be sorted and copied.
  void everyViewIsATableToo() {
    tests::Desk desk(m_rig.sessions());
    train(desk);
    openStudy(desk, m_rig.path(QStringLiteral("study")));
    auto* tabs = desk.window.tabs();
    for (int i = 0; i < tabs->count(); ++i) {
      if (!tabs->isTabVisible(i) || tabs->widget(i) == desk.window.weights())
        continue;  // the made engine has no weights
      tabs->setCurrentIndex(i);
      if (tabs->widget(i) == desk.window.study())
        QTRY_VERIFY_WITH_TIMEOUT(desk.window.study()->study() != nullptr, kSoonMs);
      tabs->tabBar()->setFocus();
      desk.window.actions()[QStringLiteral("table")]->trigger();
      auto* dialog = desk.window.findChild<widgets::NumberDialog*>();
      QVERIFY2(dialog != nullptr, qPrintable(tabs->tabText(i)));
      auto* table = dialog->findChild<QTableView*>();
      QVERIFY2(table->model()->rowCount() > 0, qPrintable(tabs->tabText(i)));
      QVERIFY(table->isSortingEnabled());
      delete dialog;
    }
  }

  /// So are the docks: the runs, folded ones too, and what the Inspector shows. Also on the
  /// clipboard.
  void docksAreTablesToo() {
    tests::Desk desk(m_rig.sessions());
    auto* list = desk.window.runsPanel()->list();
    const auto titleOf = [&](QWidget* focus, int rows) {
      focus->setFocus();
      QTest::keyClick(desk.window.windowHandle(), Qt::Key_T);
      auto* dialog = desk.window.findChild<widgets::NumberDialog*>();
      if (dialog == nullptr)
        return QStringLiteral("no table");
      const int found = dialog->findChild<QTableView*>()->model()->rowCount();
      const QString title = dialog->windowTitle();
      delete dialog;
      desk.window.activateWindow();
      if (!QTest::qWaitForWindowActive(&desk.window))
        return QStringLiteral("the window is not active");
      return found == rows ? title : QStringLiteral("%1: %2 rows").arg(title).arg(found);
    };
    train(desk);
    QTRY_VERIFY_WITH_TIMEOUT(list->isVisible() && list->model()->rowCount() == 1, kSoonMs);
    QCOMPARE(titleOf(list, 1), QStringLiteral("Runs"));
    openStudy(desk, m_rig.path(QStringLiteral("study")));
    QTRY_VERIFY_WITH_TIMEOUT(desk.window.runsPanel()->model()->rows()[0].n_runs == 4, kSoonMs);
    QCOMPARE(titleOf(list, 5), QStringLiteral("Runs"));
    list->setFocus();
    QTest::keyClick(desk.window.windowHandle(), Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
    const QStringList lines = QApplication::clipboard()->text().split(QLatin1Char('\n'));
    QCOMPARE(lines[0], QStringLiteral("run\tstudy or set-up\tdiffers\tstate\tstep\ttest accuracy"
                                      "\tfolder"));
    QVERIFY2(lines[5].startsWith(QStringLiteral("Run 1\t\tseed ")) &&
                 lines[5].endsWith(QStringLiteral("run-001")),
             qPrintable(lines[5]));
    desk.window.attention()->selectHead(1, 0);
    auto* stop = desk.window.inspector()->findChild<QScrollArea*>();
    const QString inspected = desk.window.inspector()->numbers().title;
    QVERIFY2(inspected.startsWith(QStringLiteral("Layer 1")), qPrintable(inspected));
    QCOMPARE(titleOf(stop, static_cast<int>(desk.window.inspector()->numbers().rows.size())),
             inspected);
  }
};

QTEST_MAIN(TestAccessibility)
#include "tst_accessibility.moc"
