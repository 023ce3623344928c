// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panel_runs.h"

#include <QAbstractItemModelTester>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QSignalSpy>
#include <QtTest>

#include <memory>

using namespace anchorlens;
using namespace anchorlens::widgets;

namespace {

RunRow row(quint64 id, const QString& name, core::RunState state) {
  RunRow row;
  row.id = id;
  row.name = name;
  row.state = state;
  row.status = runStatusText(state, 2140);
  row.can_continue = state != core::RunState::Failed && state != core::RunState::Training;
  row.can_fork = true;
  return row;
}

/// A study between two runs, and two of its own runs below it when it is not folded.
std::vector<RunRow> withStudy(bool is_folded) {
  RunRow study = row(90, QStringLiteral("widths"), core::RunState::Training);
  study.kind = RunRow::Kind::Study;
  study.is_folded = is_folded;
  study.status = QStringLiteral("1 of 2 done");
  study.test_accuracy = 0.981;
  std::vector<RunRow> rows{row(2, QStringLiteral("Run 2"), core::RunState::Finished), study,
                           row(1, QStringLiteral("Run 1"), core::RunState::Finished)};
  if (is_folded)
    return rows;
  RunRow open = row(5, QStringLiteral("seed 1"), core::RunState::Finished);
  open.kind = RunRow::Kind::Member;
  open.depth = 1;
  RunRow summary = row(91, QStringLiteral("seed 2"), core::RunState::Training);
  summary.kind = RunRow::Kind::Member;
  summary.depth = 1;
  summary.is_open = false;
  summary.folder = QStringLiteral("/study/02_seed-2");
  rows.insert(rows.begin() + 2, {open, summary});
  return rows;
}

QStringList texts(const QMenu& menu) {
  QStringList all;
  for (const QAction* action : menu.actions()) {
    if (!action->isSeparator())
      all.append(action->text());
  }
  return all;
}

}  // namespace

class TestPanelRuns : public QObject {
  Q_OBJECT

 private slots:
  void modelIsSound() {
    RunsModel model;
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setRows({row(2, QStringLiteral("Run 2"), core::RunState::Training),
                   row(1, QStringLiteral("Run 1"), core::RunState::Finished)});
    QSignalSpy resets(&model, &RunsModel::modelReset);
    QSignalSpy changes(&model, &RunsModel::dataChanged);
    auto rows = model.rows();
    rows[0].test_accuracy = 0.998;
    model.setRows(rows);
    QCOMPARE(resets.count(), 0);
    QCOMPARE(changes.count(), 1);
    model.setRows(rows);
    QCOMPARE(changes.count(), 1);  // nothing changed, nothing told
    model.setRows({});
    QCOMPARE(model.rowCount(), 0);
  }

  void statesAreSaidInWords() {
    QCOMPARE(runStatusText(core::RunState::Failed, 2140), QStringLiteral("failed at 2\u2009140"));
    QCOMPARE(runStatusText(core::RunState::Training, 18400), QStringLiteral("step 18\u2009400"));
    QCOMPARE(runStatusText(core::RunState::Finished, 5), QStringLiteral("finished"));
    RunRow described = row(6, QStringLiteral("Run 6"), core::RunState::Finished);
    described.test_accuracy = 0.996;
    described.difference = QString::fromUtf8("seed 1 → 3");
    QCOMPARE(runDescription(described),
             QStringLiteral("Run 6, finished, test accuracy 99.6 percent, seed 3"));
  }

  void selectionSurvivesUpdatesAndTellsOnlyTheUsersChoice() {
    RunsPanel panel;
    panel.setRows({row(2, QStringLiteral("Run 2"), core::RunState::Training),
                   row(1, QStringLiteral("Run 1"), core::RunState::Finished)});
    QSignalSpy selected(&panel, &RunsPanel::runSelected);
    panel.select(1);
    QCOMPARE(panel.selected(), quint64{1});
    panel.setRows({row(3, QStringLiteral("Run 3"), core::RunState::Created),
                   row(2, QStringLiteral("Run 2"), core::RunState::Paused),
                   row(1, QStringLiteral("Run 1"), core::RunState::Finished)});
    QCOMPARE(panel.selected(), quint64{1});
    QCOMPARE(selected.count(), 0);
    panel.resize(300, 300);
    panel.show();
    QVERIFY(QTest::qWaitForWindowExposed(&panel));
    const QRect second = panel.list()->visualRect(panel.model()->index(1));
    QTest::mouseClick(panel.list()->viewport(), Qt::LeftButton, {}, second.center());
    QCOMPARE(selected.count(), 1);
    QCOMPARE(selected.at(0).at(0).toULongLong(), quint64{2});
  }

  void menusHaveOnlyWorkingEntries() {
    RunsPanel panel;
    RunRow training = row(4, QStringLiteral("D"), core::RunState::Training);
    training.is_ours = true;
    panel.setRows({training, row(3, QStringLiteral("C"), core::RunState::Failed),
                   row(2, QStringLiteral("B"), core::RunState::Stopped),
                   row(1, QStringLiteral("A"), core::RunState::Finished)});
    const auto menu = [&](quint64 id) {
      const std::unique_ptr<QMenu> owned(panel.menuOf(id));
      return texts(*owned);
    };
    QVERIFY(menu(1).contains(QStringLiteral("Continue with more steps…")));
    QVERIFY(menu(2).contains(QStringLiteral("Continue")));
    QVERIFY(!menu(3).contains(QStringLiteral("Continue")));
    QVERIFY(!menu(4).contains(QStringLiteral("Remove from list")));
    QVERIFY(menu(3).contains(QStringLiteral("Remove from list")));
    QSignalSpy copies(&panel, &RunsPanel::copySettingsRequested);
    const std::unique_ptr<QMenu> owned(panel.menuOf(2));
    for (QAction* action : owned->actions()) {
      if (action->text() == QStringLiteral("Copy settings to draft"))
        action->trigger();
    }
    QCOMPARE(copies.count(), 1);
    QCOMPARE(copies.at(0).at(0).toULongLong(), quint64{2});
    QVERIFY(panel.menuOf(99) == nullptr);
  }

  void studiesFoldByMouseAndKeyboard() {
    RunsPanel panel;
    panel.setRows(withStudy(true));
    panel.resize(300, 400);
    panel.show();
    QVERIFY(QTest::qWaitForWindowExposed(&panel));
    QSignalSpy folds(&panel, &RunsPanel::foldToggled);
    QSignalSpy selected(&panel, &RunsPanel::runSelected);
    QSignalSpy members(&panel, &RunsPanel::memberSelected);
    connect(&panel, &RunsPanel::foldToggled, &panel,
            [&panel] { panel.setRows(withStudy(!panel.model()->rows()[1].is_folded)); });
    const auto rect = [&](int at) { return panel.list()->visualRect(panel.model()->index(at)); };
    const auto click = [&](const QPoint& point) {
      QTest::mouseClick(panel.list()->viewport(), Qt::LeftButton, {}, point);
    };
    // On the row beside the arrow: chosen, neither folded nor shown.
    click(rect(1).center());
    QCOMPARE(panel.selected(), quint64{90});
    QCOMPARE(folds.count(), 0);
    QCOMPARE(selected.count(), 0);
    // On the arrow.
    click(QPoint(16, rect(1).center().y()));
    QCOMPARE(folds.count(), 1);
    QCOMPARE(folds.at(0).at(0).toULongLong(), quint64{90});
    QCOMPARE(panel.model()->rowCount(), 5);
    QCOMPARE(panel.selected(), quint64{90});
    // By keyboard: Left folds, Right and Enter unfold, what is folded already does not fold again.
    for (const Qt::Key key :
         {Qt::Key_Left, Qt::Key_Left, Qt::Key_Right, Qt::Key_Return, Qt::Key_Return})
      QTest::keyClick(panel.list(), key);
    QCOMPARE(folds.count(), 5);
    QCOMPARE(panel.model()->rowCount(), 5);
    // Its runs: an open one is a run like any other, of another one only the folder is known.
    click(rect(2).center());
    QCOMPARE(selected.count(), 1);
    QCOMPARE(selected.at(0).at(0).toULongLong(), quint64{5});
    click(rect(3).center());
    QCOMPARE(selected.count(), 1);
    QCOMPARE(members.count(), 1);
    QCOMPARE(members.at(0).at(0).toString(), QStringLiteral("/study/02_seed-2"));
    QTest::mouseDClick(panel.list()->viewport(), Qt::LeftButton, {}, rect(1).center());
    QCOMPARE(folds.count(), 6);
  }

  void settingsFoldLikeStudies() {
    RunsPanel panel;
    RunRow study = withStudy(false)[1];
    RunRow setting = row(95, QStringLiteral("n_layers 2"), core::RunState::Finished);
    setting.kind = RunRow::Kind::Setting;
    setting.depth = 1;
    setting.is_folded = true;
    setting.status = QStringLiteral("3 of 3 done");
    setting.test_accuracy = 0.5;
    setting.difference = QStringLiteral("40.0 % to 60.0 %");
    RunRow planned = row(96, QStringLiteral("seed 1"), core::RunState::Created);
    planned.kind = RunRow::Kind::Member;
    planned.depth = 2;
    planned.is_open = false;
    panel.setRows({study, setting, planned});
    panel.resize(300, 400);
    panel.show();
    QVERIFY(QTest::qWaitForWindowExposed(&panel));
    QSignalSpy folds(&panel, &RunsPanel::foldToggled);
    QSignalSpy selected(&panel, &RunsPanel::runSelected);
    QSignalSpy members(&panel, &RunsPanel::memberSelected);
    const auto rect = [&](int at) { return panel.list()->visualRect(panel.model()->index(at)); };
    const auto click = [&](int x, int at) {
      QTest::mouseClick(panel.list()->viewport(), Qt::LeftButton, {}, {x, rect(at).center().y()});
    };
    click(40, 1);  // its arrow stands further in than the study's
    QCOMPARE(folds.count(), 1);
    QCOMPARE(folds.at(0).at(0).toULongLong(), quint64{95});
    click(150, 1);
    QTest::keyClick(panel.list(), Qt::Key_Right);
    QCOMPARE(folds.count(), 2);
    click(150, 2);  // nothing is there yet to be shown
    QCOMPARE(folds.count(), 2);
    QCOMPARE(selected.count() + members.count(), 0);
    const std::unique_ptr<QMenu> menu(panel.menuOf(95));
    QCOMPARE(texts(*menu), QStringList{"Show its runs"});
    QCOMPARE(runDescription(setting),
             QStringLiteral("n_layers 2, 3 of 3 done, folded, median test accuracy 50.0 percent, "
                            "40.0 % to 60.0 %"));
    QVERIFY(!panel.model()->flags(panel.model()->index(1)).testFlag(Qt::ItemIsEditable));
    QVERIFY(!panel.grab().isNull());
  }

  void whoStandsOnAStudyStaysThere() {
    RunsPanel panel;
    panel.setRows(withStudy(true));
    panel.select(1);
    panel.list()->setCurrentIndex(panel.model()->index(1));
    panel.select(1);  // as every live update says
    QCOMPARE(panel.selected(), quint64{90});
    panel.select(2);  // another run is shown
    QCOMPARE(panel.selected(), quint64{2});
  }

  void ticksAreToggledWithoutChoosingTheRun() {
    RunsPanel panel;
    std::vector<RunRow> rows = withStudy(false);
    rows[0].can_tick = rows.back().can_tick = true;
    rows[0].is_ticked = true;
    panel.setRows(rows);
    panel.resize(300, 400);
    panel.show();
    QVERIFY(QTest::qWaitForWindowExposed(&panel));
    QSignalSpy ticks(&panel, &RunsPanel::tickToggled);
    QSignalSpy selected(&panel, &RunsPanel::runSelected);
    const QAbstractItemModel& model = *panel.model();
    const QRect last = panel.list()->visualRect(model.index(model.rowCount() - 1, 0));
    const auto click = [&](int x, int y) {
      QTest::mouseClick(panel.list()->viewport(), Qt::LeftButton, {}, {x, y});
    };
    click(last.right() - 16, last.center().y());
    QCOMPARE(ticks.count(), 1);
    QCOMPARE(ticks.at(0).at(0).toULongLong(), quint64{1});
    QCOMPARE(selected.count(), 0);
    click(last.left() + 15, last.center().y());  // its colour is no box
    QCOMPARE(ticks.count(), 1);
    QCOMPARE(selected.count(), 1);
    const QRect study = panel.list()->visualRect(model.index(1, 0));
    click(study.right() - 16, study.center().y());  // has none
    QCOMPARE(ticks.count(), 1);
    // To assistive technology they are boxes.
    QCOMPARE(model.index(0, 0).data(Qt::CheckStateRole).toInt(), int{Qt::Checked});
    QVERIFY(!model.index(1, 0).data(Qt::CheckStateRole).isValid());
    QVERIFY(panel.model()->setData(model.index(0, 0), Qt::Unchecked, Qt::CheckStateRole));
    QCOMPARE(ticks.at(1).at(0).toULongLong(), quint64{2});
    QVERIFY(runDescription(rows[0]).endsWith(QStringLiteral("ticked for compare")));
    const std::unique_ptr<QMenu> menu(panel.menuOf(1));
    QVERIFY(texts(*menu).contains(QStringLiteral("Tick for Compare")));
  }

  void menusOfStudies() {
    RunsPanel panel;
    panel.setRows(withStudy(false));
    const auto menu = [&](quint64 id) {
      const std::unique_ptr<QMenu> owned(panel.menuOf(id));
      return texts(*owned);
    };
    QCOMPARE(menu(90), (QStringList{"Hide its runs", "Open folder", "Remove from list"}));
    QCOMPARE(menu(91), QStringList{"Open folder"});
    QVERIFY(menu(5).contains(QStringLiteral("Repeat with seeds…")));
    QSignalSpy repeats(&panel, &RunsPanel::repeatRequested);
    const std::unique_ptr<QMenu> owned(panel.menuOf(5));
    for (QAction* action : owned->actions()) {
      if (action->text() == QStringLiteral("Repeat with seeds…"))
        action->trigger();
    }
    QCOMPARE(repeats.count(), 1);
    QCOMPARE(repeats.at(0).at(0).toULongLong(), quint64{5});
    QCOMPARE(runDescription(panel.model()->rows()[1]),
             QStringLiteral("widths, 1 of 2 done, unfolded, median test accuracy 98.1 percent"));
    QVERIFY(!panel.model()->flags(panel.model()->index(1)).testFlag(Qt::ItemIsEditable));
    QVERIFY(!panel.model()->flags(panel.model()->index(3)).testFlag(Qt::ItemIsEditable));
    QVERIFY(panel.model()->flags(panel.model()->index(2)).testFlag(Qt::ItemIsEditable));
  }

  void namesAreEditedInPlace() {
    RunsPanel panel;
    panel.setRows({row(1, QStringLiteral("Run 1"), core::RunState::Finished)});
    panel.resize(300, 300);
    panel.show();
    QVERIFY(QTest::qWaitForWindowExposed(&panel));
    panel.select(1);
    QSignalSpy renamed(&panel, &RunsPanel::renamed);
    panel.startRename();
    auto* editor = panel.list()->findChild<QLineEdit*>();
    QVERIFY(editor != nullptr);
    editor->selectAll();
    QTest::keyClicks(editor, QStringLiteral("Baseline"));
    QTest::keyClick(editor, Qt::Key_Return);
    QTRY_COMPARE(renamed.count(), 1);  // the editor is asked after the key
    QCOMPARE(renamed.at(0).at(1).toString(), QStringLiteral("Baseline"));
  }
};

QTEST_MAIN(TestPanelRuns)
#include "tst_panel_runs.moc"
