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
    described.difference = QStringLiteral("seed 3");
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
