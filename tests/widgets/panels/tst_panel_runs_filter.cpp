// SPDX-License-Identifier: GPL-3.0-or-later
// Filter and order of the Runs dock.
#include "widgets/panel_runs.h"
#include "widgets/panel_runs_filter.h"
#include "widgets/panel_runs_numbers.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QtTest>

#include <memory>

using namespace anchorlens;
using namespace anchorlens::widgets;

namespace {

RunRow run(quint64 id, const QString& name, core::RunState state, std::optional<double> accuracy,
           const QString& difference = {}) {
  RunRow row;
  row.id = id;
  row.name = name;
  row.state = state;
  row.status = runStatusText(state, 2140);
  row.test_accuracy = accuracy;
  row.difference = difference;
  return row;
}

RunRow below(RunRow row, int depth, RunRow::Kind kind = RunRow::Kind::Member) {
  row.depth = depth;
  row.kind = kind;
  return row;
}

RunRow head(quint64 id, const QString& name, int runs, bool is_folded) {
  RunRow row = run(id, name, core::RunState::Finished, 0.6);
  row.kind = RunRow::Kind::Study;
  row.is_folded = is_folded;
  row.n_runs = runs;
  return row;
}

/// Run 10 with a fork, a study of two runs, and Run 2; newest first.
std::vector<RunRow> someRuns() {
  using State = core::RunState;
  return {
      run(10, "Run 10", State::Finished, 0.7, QString::fromUtf8("seed 1 → 3")),
      below(run(12, "Run 12", State::Failed, 0.1, "fork of Run 10 at 400"), 1, RunRow::Kind::Run),
      below(run(11, "Run 11", State::Finished, 0.9, "fork of Run 10 at 200"), 1, RunRow::Kind::Run),
      head(90, "widths", 2, false),
      below(run(21, "seed 1", State::Finished, 0.5), 1),
      below(run(22, "seed 2", State::Training, std::nullopt), 1),
      run(2, "Run 2", State::Stopped, 0.8, QString::fromUtf8("lr 0.001 → 0.002")),
  };
}

/// "Run 10, > Run 12": each row's name, deeper ones with a mark.
QString names(const std::vector<RunRow>& rows) {
  QStringList all;
  for (const RunRow& row : rows)
    all.append(QString(row.depth, '>') + row.name + (row.is_context ? "~" : ""));
  return all.join(", ");
}

QString found(const QString& filter) {
  return names(arrangeRuns(someRuns(), {filter, RunSort::Newest}).rows);
}

QString sorted(RunSort sort) {
  return names(arrangeRuns(someRuns(), {{}, sort}).rows);
}

std::vector<RunRow> manyRuns(int count) {
  std::vector<RunRow> rows;
  for (int i = count; i > 0; --i)
    rows.push_back(run(static_cast<quint64>(i), QStringLiteral("Run %1").arg(i),
                       core::RunState::Finished, 0.5 + 0.01 * (i % 7)));
  return rows;
}

}  // namespace

class TestPanelRunsFilter : public QObject {
  Q_OBJECT

 private slots:
  void everyWordMustBeFound() {
    QCOMPARE(found("run"), QString("Run 10, >Run 12, >Run 11, Run 2"));
    QCOMPARE(found("RUN  stopped"), QString("Run 2"));
    QCOMPARE(found("lr run"), QString("Run 2"));
    QCOMPARE(found("lr seed"), QString());
    QCOMPARE(found("2140 stopped"), QString("Run 2"));  // written "2 140"
    QCOMPARE(found("40 stopped"), QString());           // a number is not found inside another one
    QCOMPARE(found("training"), QString("widths, >seed 2"));
    QCOMPARE(found("  "), names(someRuns()));
  }

  void whatStandsAboveIsThereForIt() {
    // A fork's parent, marked; a study, whose name is a word of its runs.
    QCOMPARE(found("failed"), QString("Run 10~, >Run 12"));
    QCOMPARE(found("widths"), QString("widths, >seed 1, >seed 2"));
    QCOMPARE(found("widths 1"), QString("widths, >seed 1"));
    const auto arranged = arrangeRuns(someRuns(), {"widths 1", RunSort::Newest});
    QCOMPARE(arranged.found, 1);
    QCOMPARE(arranged.all, 6);
    QVERIFY(arranged.rows[0].is_held_open && !arranged.rows[0].hasArrow());
    QCOMPARE(arrangeRuns(someRuns(), {"failed", RunSort::Newest}).found, 1);
    QVERIFY(runDescription(arrangeRuns(someRuns(), {"failed", RunSort::Newest}).rows[0])
                .endsWith("not found by the filter, a run below it is"));
  }

  void whatStandsSideBySideIsSorted() {
    QCOMPARE(sorted(RunSort::Newest), names(someRuns()));
    QCOMPARE(sorted(RunSort::Name),
             QString("Run 2, Run 10, >Run 11, >Run 12, widths, >seed 1, >seed 2"));
    QCOMPARE(sorted(RunSort::Accuracy),
             QString("Run 2, Run 10, >Run 11, >Run 12, widths, >seed 1, >seed 2"));
    QCOMPARE(sorted(RunSort::State),
             QString("Run 2, Run 10, >Run 12, >Run 11, widths, >seed 2, >seed 1"));
    auto rows = someRuns();
    rows[0].test_accuracy.reset();  // behind all that have one
    QCOMPARE(names(arrangeRuns(rows, {{}, RunSort::Accuracy}).rows),
             QString("Run 2, widths, >seed 1, >seed 2, Run 10, >Run 11, >Run 12"));
    QCOMPARE(names(arrangeRuns(someRuns(), {"run", RunSort::Name}).rows),
             QString("Run 2, Run 10, >Run 11, >Run 12"));
  }

  void foldedRunsCount() {
    QCOMPARE(
        arrangeRuns({head(90, "a", 5, true), run(1, "b", core::RunState::Finished, 1)}, {}).all, 6);
  }

  /// Another order is no other list: what is edited, and where one is, stays.
  void anotherOrderKeepsPlaces() {
    RunsModel model;
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setRows(manyRuns(3));
    const QPersistentModelIndex second(model.index(1));
    QSignalSpy resets(&model, &RunsModel::modelReset);
    auto rows = manyRuns(3);
    std::swap(rows[0], rows[1]);
    rows[0].name = "Renamed";
    model.setRows(rows);
    QCOMPARE(resets.count(), 0);
    QCOMPARE(second.row(), 0);
    QCOMPARE(second.data().toString(), QString("Renamed"));
  }

  /// For the T key.
  void runsAreATable() {
    auto rows = someRuns();
    rows[0].step = 2140;
    rows[0].folder = "/runs/run-010";
    const NumberTable table = runNumbers(rows);
    QCOMPARE(table.columns, (QStringList{"run", "study or set-up", "differs", "state", "step",
                                         "test accuracy", "folder"}));
    QCOMPARE(table.rows.size(), std::size_t{6});  // the study is no run
    const auto line = [&table](std::size_t row) {
      QStringList values;
      for (const auto& value : table.rows[row])
        values.append(valueText(value));
      return values;
    };
    QCOMPARE(line(0), (QStringList{"Run 10", "", QString::fromUtf8("seed 1 → 3"), "finished",
                                   "2140", "0.7", "/runs/run-010"}));
    QCOMPARE(line(4), (QStringList{"seed 2", "widths", "", "training", "", "", ""}));
    QCOMPARE(line(5)[1], QString());
  }

  void appearsFromEightRunsOn() {
    RunsPanel panel;
    panel.resize(300, 400);
    panel.show();
    panel.setRows(manyRuns(RunsPanel::kFilterFrom - 1));
    QVERIFY(!panel.filterBar()->isVisible());
    panel.setRows(manyRuns(RunsPanel::kFilterFrom));
    QVERIFY(panel.filterBar()->isVisible());
    // What is in use stays.
    panel.setChoices({{}, RunSort::Name});
    panel.setRows(manyRuns(2));
    QVERIFY(panel.filterBar()->isVisible());
    QCOMPARE(panel.model()->rows()[0].name, QString("Run 1"));
    panel.setChoices({});
    QVERIFY(!panel.filterBar()->isVisible());
    // Folded ones count.
    panel.setRows({head(90, "a", RunsPanel::kFilterFrom, true)});
    QVERIFY(panel.filterBar()->isVisible());
  }

  void filtersByKeys() {
    RunsPanel panel;
    panel.resize(300, 400);
    panel.setRows(manyRuns(12));
    panel.select(3);
    panel.show();
    QVERIFY(QTest::qWaitForWindowExposed(&panel));
    QSignalSpy selected(&panel, &RunsPanel::runSelected);
    QSignalSpy changes(&panel, &RunsPanel::choicesChanged);
    QLineEdit* field = panel.filterBar()->filter();
    QComboBox* order = panel.filterBar()->sort();
    QCOMPARE(field->accessibleName(), QString("Filter runs"));
    QCOMPARE(order->accessibleName(), QString("Order of runs"));
    field->setFocus();
    QTest::keyClicks(field, "run 1");
    QCOMPARE(changes.count(), 5);
    QCOMPARE(names(panel.model()->rows()), QString("Run 12, Run 11, Run 10, Run 1"));
    QCOMPARE(field->accessibleDescription(), QString("4 of 12 runs"));
    const auto captions = panel.findChildren<QLabel*>();
    QVERIFY(std::any_of(captions.begin(), captions.end(), [](const QLabel* label) {
      return label->isVisible() && label->text() == "4 of 12 runs";
    }));
    // The shown run is not listed; no other one is shown for it, and it is back with its row.
    QCOMPARE(panel.selected(), quint64{0});
    QTest::keyClicks(field, "x");
    QCOMPARE(panel.model()->rowCount(), 0);
    QVERIFY(panel.filterBar()->note().startsWith("No run has all of these words"));
    QVERIFY(panel.filterBar()->clearButton()->isVisible());
    QTest::keyClick(field, Qt::Key_Escape);
    QVERIFY(field->text().isEmpty());
    QCOMPARE(panel.model()->rowCount(), 12);
    QCOMPARE(panel.selected(), quint64{3});
    QVERIFY(!panel.filterBar()->clearButton()->isVisible());
    QCOMPARE(field->accessibleDescription(), QString());
    QCOMPARE(selected.count(), 0);
    QVERIFY(field->hasFocus());
    QTest::keyClick(field, Qt::Key_Down);
    QVERIFY(panel.list()->hasFocus());
    order->setFocus();
    QTest::keyClick(order, Qt::Key_Down);
    QCOMPARE(panel.choices().sort, RunSort::Name);
    QCOMPARE(panel.model()->rows()[1].name, QString("Run 2"));
    QCOMPARE(panel.selected(), quint64{3});
    QCOMPARE(selected.count(), 0);
    field->setFocus();
    QTest::keyClicks(field, "x");
    QTest::mouseClick(panel.filterBar()->clearButton(), Qt::LeftButton);
    QCOMPARE(panel.model()->rowCount(), 12);
    QVERIFY(field->hasFocus());
  }

  void aRunThatTrainsIsNotHiddenWithoutAWord() {
    RunsPanel panel;
    panel.resize(300, 400);
    panel.show();
    auto rows = manyRuns(9);
    panel.setRows(rows);
    panel.setChoices({"run 3", RunSort::Newest});
    QCOMPARE(panel.filterBar()->note(), QString());
    QSignalSpy told(&panel, &RunsPanel::told);
    RunRow begun = run(10, "Run 10", core::RunState::Created, std::nullopt);
    begun.is_ours = true;
    rows.insert(rows.begin(), begun);
    panel.setRows(rows);
    const QString sentence = "Run 10 is training; the filter of Runs hides it.";
    QCOMPARE(panel.filterBar()->note(), sentence);
    QVERIFY(panel.filterBar()->clearButton()->isVisible());
    rows[0].state = core::RunState::Training;
    panel.setRows(rows);
    QCOMPARE(told.count(), 1);  // once
    QCOMPARE(told.at(0).at(0).toString(), sentence);
    rows[0].state = core::RunState::Finished;
    panel.setRows(rows);
    QCOMPARE(panel.filterBar()->note(), QString());
  }

  void whatTheFilterUnfoldsCannotBeFolded() {
    RunsPanel panel;
    panel.resize(300, 400);
    panel.setRows(someRuns());
    panel.setChoices({"widths", RunSort::Newest});
    panel.show();
    QVERIFY(QTest::qWaitForWindowExposed(&panel));
    QSignalSpy folds(&panel, &RunsPanel::foldToggled);
    panel.list()->setCurrentIndex(panel.model()->index(0));
    QTest::keyClick(panel.list(), Qt::Key_Left);
    const QRect row = panel.list()->visualRect(panel.model()->index(0));
    QTest::mouseClick(panel.list()->viewport(), Qt::LeftButton, {}, {16, row.center().y()});
    QCOMPARE(folds.count(), 0);
    const std::unique_ptr<QMenu> menu(panel.menuOf(90));
    QVERIFY(!menu->actions().first()->isEnabled());
    panel.setChoices({});
    QTest::keyClick(panel.list(), Qt::Key_Left);
    QCOMPARE(folds.count(), 1);
  }
};

QTEST_MAIN(TestPanelRunsFilter)
#include "tst_panel_runs_filter.moc"
