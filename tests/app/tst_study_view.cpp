// SPDX-License-Identifier: GPL-3.0-or-later
// The Study tab, by real events.
#include "app/anchorlens/export/export_dialog.h"
#include "app/anchorlens/export/render_command.h"
#include "app/anchorlens/help_text.h"
#include "app/anchorlens/study_list.h"
#include "tests/app/drop.h"
#include "tests/app/stall_watch.h"
#include "tests/app/study_maker.h"
#include "tests/app/window_rig.h"
#include "widgets/number_dialog.h"
#include "widgets/panel_runs.h"
#include "widgets/phase_view.h"
#include "widgets/study_plot.h"
#include "widgets/study_strips.h"
#include "widgets/study_view.h"

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QTabWidget>
#include <QtTest>

using namespace anchorlens;
using namespace anchorlens::app;
using widgets::PhasePlace;
using widgets::StudyView;

namespace {
constexpr int kSoonMs = 20'000;

QByteArray contents(const QString& name) {
  QFile file(name);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}
}  // namespace

class TestStudyView : public QObject {
  Q_OBJECT

  tests::WindowRig m_rig;
  std::unique_ptr<tests::Desk> m_desk;
  std::unique_ptr<tests::StudyMaker> m_made;

  StudyView& view() const { return *m_desk->window.study(); }
  widgets::PhaseView& phase() const { return *view().phase(); }
  QString folder() const { return m_rig.path(QStringLiteral("study")); }

  /// Rates 0.001 and 0.01 x layers 1 and 2, two seeds: members 0, 1 are (0.001, 1), 2, 3 (0.001,
  /// 2), 4, 5 (0.01, 1), 6, 7 (0.01, 2). The first five have ended, the sixth failed.
  void openStudy() {
    m_made = std::make_unique<tests::StudyMaker>(
        folder(), std::vector<std::string>{"0.001", "0.01"}, std::vector<std::string>{"1", "2"}, 2);
    m_made->write(0, {0.1, 0.2, 0.3, 0.4});
    m_made->write(1, {0.2, 0.4, 0.6, 0.9});
    m_made->write(2, {0.5, 0.9, 1.0, 1.0});
    m_made->write(3, {0.4, 0.8, 1.0, 1.0});
    m_made->write(4, {0.1, 0.1, 0.1, 0.2});
    m_made->write(5, {0.3}, core::RunState::Failed);
    m_desk = m_rig.open();
    QCOMPARE(m_desk->window.tabs()->isTabVisible(m_desk->window.tabs()->indexOf(&view())), false);
    tests::drop(m_desk->window, {folder()});
    QTRY_COMPARE_WITH_TIMEOUT(m_desk->window.tabs()->currentWidget(), &view(), kSoonMs);
    waitFor("5 of 8 runs finished, 1 failed");
  }
  /// Until the numbers of all runs are there.
  void waitFor(const QString& state) {
    QTRY_VERIFY_WITH_TIMEOUT(
        view().study() != nullptr && widgets::studyState(*view().study()) == state, kSoonMs);
  }
  QPoint middle(PhasePlace place) const { return phase().cellRect(place).center().toPoint(); }
  QString said(PhasePlace place) const {
    return widgets::cellDescription(phase().diagram(), static_cast<std::size_t>(place.column),
                                    static_cast<std::size_t>(place.row));
  }
  std::filesystem::path shownFolder() const {
    const RunRecord* run = m_desk->controller.shownRun();
    return run != nullptr && run->isLoaded() ? run->directory() : std::filesystem::path();
  }
  static void choose(QComboBox* box, const QString& text) {
    const int index = box->findText(text);
    QVERIFY2(index >= 0, qPrintable(text));
    box->setFocus();
    QTest::keyClick(box, Qt::Key_Home);
    for (int i = 0; i < index; ++i)
      QTest::keyClick(box, Qt::Key_Down);
    QCOMPARE(box->currentText(), text);
  }

 private slots:
  void init() { m_rig.begin(); }
  void cleanup() {
    m_desk.reset();
    m_made.reset();
  }

  void aClickOpensTheRunsOfACell() {
    openStudy();
    QCOMPARE(phase().diagram().columns(), std::size_t(2));
    QCOMPARE(phase().diagram().rows(), std::size_t(2));
    QCOMPARE(said({0, 0}),
             QString("learning_rate 0.001, n_layers 1: 65.0\u2009%, median of 2 (40.0\u2009% to "
                     "90.0\u2009%). Training accuracy 75.0\u2009%, below the limit: greyed."));
    QCOMPARE(said({1, 1}), QString("learning_rate 0.01, n_layers 2: 0 of 2 done."));
    QCOMPARE(said({1, 0}), QString("learning_rate 0.01, n_layers 1: 20.0\u2009%, 1 of 2 runs. "
                                   "Training accuracy 30.0\u2009%, below the limit: greyed."));
    QTest::mouseClick(&phase(), Qt::LeftButton, {}, middle({0, 1}));
    QTRY_COMPARE_WITH_TIMEOUT(shownFolder(), m_made->run(2), kSoonMs);
    // Both of its runs are open, and listed on the right and in the Runs dock.
    QCOMPARE(m_desk->controller.runs().all().size(), std::size_t(2));
    QCOMPARE(view().runList()->count(), 2);
    QCOMPARE(view().runList()->item(1)->text(), QString("seed 2, finished, 100.0\u2009%"));
    const auto open_rows = [this] {
      const auto& rows = m_desk->window.runsPanel()->model()->rows();
      return std::count_if(rows.begin(), rows.end(), [](const auto& row) {
        return row.kind == widgets::RunRow::Kind::Member && row.is_open;
      });
    };
    QTRY_COMPARE_WITH_TIMEOUT(open_rows(), 2, kSoonMs);
    QCOMPARE(view().line()->text(), said({0, 1}));
    // A cell whose runs have not begun opens none, and says so.
    QTest::mouseClick(&phase(), Qt::LeftButton, {}, middle({1, 1}));
    QVERIFY(m_desk->window.statusText().contains("has not started"));
    QCOMPARE(shownFolder(), m_made->run(2));
  }

  void theKeyboardDoesAll() {
    openStudy();
    QWidget* window = &m_desk->window;
    QTest::keyClick(window, Qt::Key_2, Qt::ControlModifier);
    QVERIFY(!view().isVisible());
    QTest::keyClick(window, Qt::Key_7, Qt::ControlModifier);
    QVERIFY(view().isVisible() && phase().hasFocus());
    QCOMPARE(phase().place(), (PhasePlace{0, 0}));
    for (const int key : {Qt::Key_Up, Qt::Key_Right, Qt::Key_Right, Qt::Key_Up})
      QTest::keyClick(&phase(), static_cast<Qt::Key>(key));
    QCOMPARE(phase().place(), (PhasePlace{1, 1}));  // the edges hold
    QCOMPARE(phase().accessibleDescription(), said({1, 1}));
    QTest::keyClick(&phase(), Qt::Key_Down);
    QTest::keyClick(&phase(), Qt::Key_Left);
    QCOMPARE(phase().place(), (PhasePlace{0, 0}));
    QVERIFY(m_desk->controller.runs().all().empty());  // moving opens nothing
    QTest::keyClick(&phase(), Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(shownFolder(), m_made->run(0), kSoonMs);
    // The list beside it: Enter opens the other one.
    view().runList()->setFocus();
    view().runList()->setCurrentRow(1);
    QTest::keyClick(view().runList(), Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(shownFolder(), m_made->run(1), kSoonMs);
    QVERIFY(!helpText(HelpTopic::Study, m_desk->window.actions()).isEmpty());
  }

  void axesAndNumbersAreChosen() {
    openStudy();
    const widgets::StudyChoices first = view().choices();
    QVERIFY(!m_desk->controller.undoStack().canUndo());
    choose(view().axisBox(false), "none");
    QCOMPARE(phase().diagram().rows(), std::size_t(1));
    QCOMPARE(phase().diagram().at(0, 0).members, (std::vector<std::size_t>{0, 1, 2, 3}));
    QCOMPARE(phase().diagram().at(0, 0).value->median, 0.95);  // of 0.4, 0.9, 1, 1
    // Both axes cannot be the same: the other one gives way.
    choose(view().axisBox(false), "learning_rate");
    QCOMPARE(view().axisBox(true)->currentText(), QString("n_layers"));
    QCOMPARE(phase().diagram().x_label, std::string("n_layers"));
    QCOMPARE(phase().diagram().at(0, 1).members, (std::vector<std::size_t>{4, 5}));
    choose(view().numberBox(), "Step at which shift emerges");
    // At 0.5 and for three evaluations more: only seed 1 of two layers is known to.
    QCOMPARE(*phase().diagram().at(1, 0).value, (core::Spread{10, 10, 10, 1}));
    QCOMPARE(widgets::cellGap(phase().diagram(), phase().diagram().at(0, 0)), QString("none of 2"));
    QCOMPARE(widgets::cellGap(phase().diagram(), phase().diagram().at(0, 1)), QString("none of 1"));
    choose(view().numberBox(), "Loss, test");
    QVERIFY(phase().diagram().scale.is_log);
    // What was chosen in one box, one after the other, is one step of undo.
    const auto undo = [this] {
      QTest::keyClick(&m_desk->window, Qt::Key_Z, Qt::ControlModifier);
      return m_desk->controller.undoStack().redoText();
    };
    QCOMPARE(undo(), QString("change number of the study"));
    QCOMPARE(view().numberBox()->currentText(), QString("Accuracy, test"));
    QVERIFY(!phase().diagram().scale.is_log);
    QCOMPARE(undo(), QString("change axes of the study"));
    QVERIFY(!m_desk->controller.undoStack().canUndo());
    QCOMPARE(view().axisBox(true)->currentText(), QString("learning_rate"));
    QCOMPARE(view().axisBox(false)->currentText(), QString("n_layers"));
    QCOMPARE(phase().diagram().rows(), std::size_t(2));
    QCOMPARE(view().choices(), first);
    // No axis at all is a choice as well.
    choose(view().axisBox(true), "none");
    choose(view().axisBox(false), "none");
    undo();
    QCOMPARE(view().choices(), first);
    QTest::keyClick(&m_desk->window, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(view().axisBox(true)->currentText(), QString("none"));
    QCOMPARE(view().axisBox(false)->currentText(), QString("none"));
  }

  void theCursorsStepIsOneToo() {
    openStudy();
    QVERIFY(!view().timeBox()->model()->index(1, 0).flags().testFlag(Qt::ItemIsEnabled));
    QTest::mouseClick(&phase(), Qt::LeftButton, {}, middle({0, 0}));
    QTRY_COMPARE_WITH_TIMEOUT(shownFolder(), m_made->run(0), kSoonMs);
    m_desk->controller.moveCursor(20);
    QTRY_VERIFY_WITH_TIMEOUT(
        view().timeBox()->model()->index(1, 0).flags().testFlag(Qt::ItemIsEnabled), kSoonMs);
    choose(view().timeBox(), "Time cursor");
    QTRY_COMPARE_WITH_TIMEOUT(phase().diagram().choice.step.value_or(-1), std::int64_t(20),
                              kSoonMs);
    QCOMPARE(phase().diagram().at(0, 0).value->median, 0.3);
    m_desk->controller.moveCursor(10);
    QTRY_COMPARE_WITH_TIMEOUT(phase().diagram().at(0, 0).value->median, 0.15, kSoonMs);
    QCOMPARE(*phase().diagram().at(1, 0).value, (core::Spread{0.2, 0.1, 0.3, 2}));
    QTest::keyClick(&m_desk->window, Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(view().timeBox()->currentText(), QString("Last step"));
    QVERIFY(!phase().diagram().choice.step);
    QTest::keyClick(&m_desk->window, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(view().timeBox()->currentText(), QString("Time cursor"));
  }

  void greyIsARule() {
    openStudy();
    const auto greys = [this] {
      QString text;
      for (const auto& cell : phase().diagram().cells)
        text += cell.is_grey ? '1' : '0';
      return text;
    };
    QCOMPARE(greys(), QString("1100"));  // 0.75, 0.3, 1, unknown
    QDoubleSpinBox* below = view().greyBelow();
    below->setFocus();
    below->selectAll();
    QTest::keyClicks(below, "50");
    QTest::keyClick(below, Qt::Key_Return);
    QCOMPARE(greys(), QString("0100"));
    QTest::mouseClick(view().greyBox(), Qt::LeftButton, {},
                      QPoint(8, view().greyBox()->height() / 2));
    QVERIFY(!view().greyBox()->isChecked());
    QCOMPARE(greys(), QString("0000"));
  }

  /// By another window, as one that is opened the next day does.
  void whatIsChosenComesBack() {
    openStudy();
    choose(view().axisBox(true), "n_layers");
    choose(view().numberBox(), "Loss, test");
    view().setPage(StudyView::Page::Curves);
    const widgets::StudyChoices chosen = view().choices();
    QCOMPARE(chosen.across, QString("n_layers"));
    QCOMPARE(chosen.up, QString("learning_rate"));
    QCOMPARE(chosen.number, QString("loss Test"));
    const auto said_before = phase().diagram().x_label;
    m_desk->window.close();
    m_desk = m_rig.open();
    QTRY_VERIFY_WITH_TIMEOUT(
        m_desk->window.tabs()->isTabVisible(m_desk->window.tabs()->indexOf(&view())), kSoonMs);
    QCOMPARE(view().choices(), chosen);  // its numbers are not read yet
    m_desk->window.tabs()->setCurrentWidget(&view());
    waitFor("5 of 8 runs finished, 1 failed");
    QCOMPARE(view().page(), StudyView::Page::Curves);
    view().setPage(StudyView::Page::Phase);
    QCOMPARE(phase().diagram().x_label, said_before);
    QVERIFY(phase().diagram().scale.is_log);
    QCOMPARE(view().choices(), chosen);
  }

  void fillsWhileTheStudyRuns() {
    openStudy();
    QCOMPARE(said({1, 1}), QString("learning_rate 0.01, n_layers 2: 0 of 2 done."));
    QTest::keyClick(&phase(), Qt::Key_Right);
    m_made->write(6, {0.5, 0.6, 0.7, 0.75});
    QTRY_COMPARE_WITH_TIMEOUT(phase().diagram().at(1, 1).there, std::size_t(1), kSoonMs);
    QCOMPARE(phase().diagram().at(1, 1).value->median, 0.75);
    m_made->write(7, {0.5, 0.6, 0.7, 0.85});
    QTRY_COMPARE_WITH_TIMEOUT(phase().diagram().at(1, 1).there, std::size_t(2), kSoonMs);
    QCOMPARE(*phase().diagram().at(1, 1).value, (core::Spread{0.8, 0.75, 0.85, 2}));
    QCOMPARE(phase().place(), (PhasePlace{1, 0}));  // whoever stands on a cell stays there
    // A hidden view is not drawn anew; it is when it is shown.
    const int updates = view().updates();
    m_desk->window.tabs()->setCurrentIndex(1);
    QVERIFY(!view().isVisible());
    view().setStudy(view().study());
    QCOMPARE(view().updates(), updates);
    m_desk->window.tabs()->setCurrentWidget(&view());
    QVERIFY(view().updates() > updates);
  }

  void tShowsTheNumbersAndExportWritesThem() {
    openStudy();
    phase().setFocus();
    QTest::keyClick(&phase(), Qt::Key_T);
    auto* table = m_desk->window.findChild<widgets::NumberDialog*>();
    QVERIFY(table != nullptr);
    const widgets::NumberTable numbers = view().numbers();
    QCOMPARE(table->selectedText(), numbers.tsv());
    QCOMPARE(numbers.rows.size(), std::size_t(4));
    QCOMPARE(numbers.columns.first(), QString("learning_rate"));
    QCOMPARE(std::get<double>(numbers.rows[0][2]), 0.65);
    table->close();
    m_desk->window.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&m_desk->window));
    QTest::keyClick(&phase(), Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(QApplication::clipboard()->text(), numbers.tsv());
    QTest::keyClick(&phase(), Qt::Key_E, Qt::ControlModifier);
    ExportDialog* dialog = m_desk->window.exportDialog();
    QVERIFY(dialog != nullptr);
    QCOMPARE(dialog->kind().id(), QString("phase"));
    dialog->setFormats({"csv", "svg", "png", "npz", "pdf"});
    dialog->setFilePattern(m_rig.path(QStringLiteral("{run}_{view}_{step}")));
    QSignalSpy done(dialog, &ExportDialog::finished);
    QTRY_VERIFY_WITH_TIMEOUT(dialog->exportButton()->isEnabled(), kSoonMs);
    QTest::mouseClick(dialog->exportButton(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(done.count(), 1, kSoonMs);
    const QString made = m_rig.path(QStringLiteral("study_phase_last"));
    QCOMPARE(contents(made + ".csv"), numbers.csv());
    for (const char* suffix : {".svg", ".png", ".npz", ".pdf"})
      QVERIFY2(contents(made + suffix).size() > 500, suffix);
    // The command that the dialog names makes the same bytes.
    const QString command = dialog->commandLine();
    QVERIFY2(command.contains("--view phase --number 'accuracy Test'"), qPrintable(command));
    const QString again = m_rig.path(QStringLiteral("again"));
    QCOMPARE(runRender({folder(), "--view", "phase", "--number", "accuracy Test", "-o",
                        again + ".svg", "-o", again + ".csv"}),
             0);
    QCOMPARE(contents(again + ".csv"), numbers.csv());
    QCOMPARE(contents(again + ".svg"), contents(made + ".svg"));
    QCOMPARE(runRender({folder(), "--view", "phase", "--number", "no such", "-o", again + ".svg"}),
             2);
    QCOMPARE(runRender({folder(), "--view", "study-scores", "--settings", "2", "-o",
                        again + "-scores.csv"}),
             0);
    QVERIFY(contents(again + "-scores.csv").contains("learning_rate 0.001, n_layers 2"));
    // No group: train, test and what is held out, as the view's command has it.
    QCOMPARE(runRender(
                 {folder(), "--view", "study-curves", "--groups", "", "-o", again + "-curves.csv"}),
             0);
    QVERIFY(contents(again + "-curves.csv").contains(",Train,"));
    QCOMPARE(runRender({folder(), "--view", "study-curves", "--groups", "Foo", "-o",
                        again + "-none.csv"}),
             2);
    QVERIFY(!QFile::exists(again + "-none.csv"));
  }

  /// Other thresholds are used in Heads: the study has them at once, while it is hidden.
  void emergenceGoesByTheThresholdsInUse() {
    openStudy();
    choose(view().numberBox(), "Step at which shift emerges");
    QCOMPARE(*phase().diagram().at(0, 1).value, (core::Spread{10, 10, 10, 1}));
    const auto rendered = [this](const QStringList& words) {
      const QString file = m_rig.path(QStringLiteral("emergence.csv"));
      QFile::remove(file);
      runRender(QStringList{folder(), "--view", "phase", "--number", "shift step"} + words +
                QStringList{"-o", file});
      return contents(file);
    };
    const QByteArray usual = view().numbers().csv();
    QCOMPARE(rendered({}), usual);
    m_desk->window.tabs()->setCurrentIndex(1);
    core::LabelThresholds strict;
    strict.enter = 0.95;
    m_desk->controller.setThresholds(strict);
    QTRY_VERIFY_WITH_TIMEOUT(view().numbers().csv() != usual, kSoonMs);
    QCOMPARE(rendered({"--label-from", "0.95"}), view().numbers().csv());
    m_desk->window.tabs()->setCurrentWidget(&view());
    QCOMPARE(widgets::cellGap(phase().diagram(), phase().diagram().at(0, 1)), QString("none of 2"));
  }

  void aSeedsLineOpensItsRunAtTheSameStep() {
    openStudy();
    QTest::mouseClick(&phase(), Qt::LeftButton, {}, middle({0, 0}));
    QTRY_COMPARE_WITH_TIMEOUT(shownFolder(), m_made->run(0), kSoonMs);
    m_desk->controller.moveCursor(20);
    m_desk->controller.tick();
    auto* plot = view().plot();
    QSignalSpy drawn(plot, &QCustomPlot::afterReplot);
    view().setPage(StudyView::Page::Curves);
    QTRY_VERIFY_WITH_TIMEOUT(drawn.count() > 0, kSoonMs);
    QCOMPARE(plot->curves().size(), std::size_t(6));  // three settings with runs x train, test
    // Seed 2 of two layers had 0.4 at step 10 and 0.8 at 20.
    QTest::mouseClick(plot, Qt::LeftButton, {}, plot->pointOf(false, 15, 0.6).toPoint());
    QTRY_COMPARE_WITH_TIMEOUT(shownFolder(), m_made->run(3), kSoonMs);
    QTRY_COMPARE_WITH_TIMEOUT(m_desk->controller.cursor().step(), std::int64_t(20), kSoonMs);
    // Strips: the shift of seed 2 of one layer was 0.9 at the end.
    view().setPage(StudyView::Page::Heads);
    QTRY_COMPARE_WITH_TIMEOUT(view().setting(), std::size_t(1), kSoonMs);  // that of the run
    view().settingList()->setCurrentRow(0);
    auto* strips = view().strips();
    QCOMPARE(strips->strips().size(), std::size_t(1));
    QTest::mouseClick(strips->viewport(), Qt::LeftButton, {},
                      strips->pointOf(0, 38, 0.84).toPoint());
    QTRY_COMPARE_WITH_TIMEOUT(shownFolder(), m_made->run(1), kSoonMs);
    QTRY_COMPARE_WITH_TIMEOUT(m_desk->controller.cursor().step(), std::int64_t(20), kSoonMs);
    QCOMPARE(view().numbers().columns.value(4), QString("shift median"));
  }

  void settingsAreTickedAndTheOldestGives() {
    openStudy();
    view().setPage(StudyView::Page::Curves);
    QListWidget* list = view().settingList();
    QCOMPARE(list->count(), 4);
    list->setFocus();
    list->setCurrentRow(0);
    QTest::keyClick(list, Qt::Key_Space);
    QCOMPARE(list->item(0)->checkState(), Qt::Unchecked);
    QCOMPARE(view().curveChoice().settings, (std::vector<std::size_t>{1, 2, 3}));
    QVERIFY(!m_desk->controller.training().isBusy());  // Space was the list's
    const widgets::NumberTable numbers = view().numbers();
    QCOMPARE(numbers.columns.size(), 11);
    QVERIFY(numbers.rows.size() > 0);
  }

  void closingTheStudyTakesTheTabAway() {
    openStudy();
    const auto names = m_desk->window.studies()->names();
    QCOMPARE(names.size(), std::size_t(1));
    m_desk->window.studies()->close(names[0].first);
    QTabWidget* tabs = m_desk->window.tabs();
    QVERIFY(!tabs->isTabVisible(tabs->indexOf(&view())));
    QVERIFY(!view().isVisible());
    QVERIFY(!m_desk->window.actions()["tab-study"]->isEnabled());
  }

  void twoHundredRunsDoNotStall() {
    std::vector<std::string> rates;
    for (int i = 0; i < 10; ++i)
      rates.push_back("0.0" + std::to_string(11 + i));
    m_made = std::make_unique<tests::StudyMaker>(folder(), rates,
                                                 std::vector<std::string>{"1", "2", "3", "4"}, 5);
    std::vector<double> test;
    for (int i = 0; i < 60; ++i)
      test.push_back(i / 60.0);
    m_desk = m_rig.open();
    auto& application = static_cast<tests::WatchedApplication&>(*qApp);
    QTRY_VERIFY_WITH_TIMEOUT(m_desk->controller.frame() != nullptr, kSoonMs);
    // What the start of the window paints is not the study's.
    const auto& checks = m_desk->controller.draftChecks();
    QTRY_VERIFY_WITH_TIMEOUT(checks.isCurrent() && !checks.checks().is_stale, kSoonMs);
    QTest::qWait(200);
    application.startWatch();
    tests::drop(m_desk->window, {folder()});
    QTRY_VERIFY_WITH_TIMEOUT(
        view().isVisible() && view().study() != nullptr && view().study()->runs.back() != nullptr,
        kSoonMs);
    QCoreApplication::processEvents();
    const auto opening = application.stopWatch();
    for (std::size_t i = 0; i < 200; ++i)
      m_made->write(i, test);
    application.startWatch();
    QTRY_VERIFY_WITH_TIMEOUT(view().study()->finished() == 200, 6 * kSoonMs);
    QCoreApplication::processEvents();
    const auto filling = application.stopWatch();
    QStringList report;
    double longest = 0;
    for (const auto& [name, event] :
         {std::pair("opening", opening), std::pair("filling", filling)}) {
      report << QString("%1 %2 ms (%3)")
                    .arg(QString(name))
                    .arg(event.cpu_ms, 0, 'f', 1)
                    .arg(QString(event.what));
      longest = std::max(longest, event.cpu_ms);
    }
    for (const auto page :
         {StudyView::Page::Curves, StudyView::Page::Heads, StudyView::Page::Phase}) {
      view().setPage(page);
      QTest::qWait(100);
      application.startWatch();
      // Numbers come again, as while a study runs.
      QMetaObject::invokeMethod(
          &view(), [this] { view().setStudy(view().study()); }, Qt::QueuedConnection);
      QTest::qWait(300);
      const auto drawn = application.stopWatch();
      report << QString("page %1: %2 ms (%3)")
                    .arg(static_cast<int>(page))
                    .arg(drawn.cpu_ms, 0, 'f', 1)
                    .arg(QString(drawn.what));
      longest = std::max(longest, drawn.cpu_ms);
    }
    qInfo("%s", qPrintable(report.join("; ")));
    // Processor time, too, doubles where other tests fight for the caches: the limit itself is for
    // the long form, run alone.
    const double limit = qEnvironmentVariableIntValue("ANCHORLENS_LONG") != 0 ? 16 : 32;
    QVERIFY2(longest < limit, qPrintable(report.join("; ")));
  }
};

int main(int argc, char** argv) {
  tests::WatchedApplication application(argc, argv);
  TestStudyView test;
  return QTest::qExec(&test, argc, argv);
}
#include "tst_study_view.moc"
