// SPDX-License-Identifier: GPL-3.0-or-later
// Studies in the window, by real events.
#include "app/anchorlens/main_toolbar.h"
#include "app/anchorlens/vary_dialog.h"
#include "engine/core/experiment_json.h"
#include "engine/core/store/checkpoint.h"
#include "engine/core/study.h"
#include "tests/app/drop.h"
#include "tests/app/study_maker.h"
#include "tests/app/window_rig.h"
#include "tests/session/tiny_experiment.h"
#include "widgets/panel_runs.h"
#include "widgets/panel_runs_filter.h"
#include "widgets/phase_view.h"
#include "widgets/study_text.h"
#include "widgets/study_view.h"

#include <QComboBox>
#include <QDir>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QSignalSpy>
#include <QtTest>

using namespace anchorlens;
using namespace anchorlens::app;

namespace {
constexpr int kSoonMs = 20'000;
}

class TestWindowStudies : public QObject {
  Q_OBJECT

  tests::WindowRig m_rig;

 private slots:
  void init() { m_rig.begin(); }

  void studiesBeginInTheMenu() {
    auto desk = m_rig.open();
    QTRY_VERIFY_WITH_TIMEOUT(desk->window.toolbar()->runButton()->isEnabled(), kSoonMs);
    for (const char* id : {"repeat-seeds", "vary"}) {
      desk->window.actions()[QString::fromLatin1(id)]->trigger();
      QVERIFY2(desk->window.varyDialog() != nullptr, id);
      QVERIFY(desk->window.varyDialog()->isVisible());
      desk->window.varyDialog()->close();
      QTRY_VERIFY_WITH_TIMEOUT(desk->window.varyDialog() == nullptr, kSoonMs);
    }
    // A study's folder opens as one row; its runs are read when one is chosen.
    core::StudySpec study;
    study.name = "seeds";
    study.base = tests::tinyExperiment();
    study.seeds = core::StudySeeds{};
    study.seeds->count = 3;
    const QString folder = m_rig.path(QStringLiteral("study"));
    QDir().mkpath(folder);
    QVERIFY(core::writeFileAtomically(toPath(folder) / core::kStudyFile, core::writeStudy(study)));
    tests::drop(desk->window, {folder});
    auto* rows = desk->window.runsPanel()->model();
    QTRY_COMPARE_WITH_TIMEOUT(rows->rows().size(), std::size_t{1}, kSoonMs);
    QTRY_COMPARE_WITH_TIMEOUT(rows->rows()[0].status, QStringLiteral("0 of 3 done"), kSoonMs);
  }

  void aStudysFileOpensAlone() {
    core::StudySpec study;
    study.name = "alone";
    study.base = core::preset("demo");
    study.seeds = core::StudySeeds{};
    study.seeds->count = 3;
    const QString file = m_rig.path(QStringLiteral("mine.json"));
    QVERIFY(core::writeFileAtomically(toPath(file), core::writeStudy(study)).has_value());
    auto desk = m_rig.open();
    const auto before = desk->controller.draft().spec();
    const auto names = [&desk] {
      QStringList all;
      for (const auto& row : desk->window.runsPanel()->model()->rows())
        all.append(row.name + QStringLiteral(", ") + row.status);
      return all;
    };
    const QString head = QStringLiteral("alone, 3 runs, not started");
    desk->dialogs.experiment_to_open = file;
    QTest::keyClick(&desk->window, Qt::Key_O, Qt::ControlModifier);
    QTRY_COMPARE_WITH_TIMEOUT(names(), QStringList{head}, kSoonMs);
    tests::drop(desk->window, {file});
    auto* list = desk->window.runsPanel()->list();
    list->setFocus();
    list->setCurrentIndex(list->model()->index(0, 0));
    QTest::keyClick(list, Qt::Key_Right);
    QTRY_COMPARE_WITH_TIMEOUT(
        names(),
        (QStringList{head, "seed 1, not started", "seed 2, not started", "seed 3, not started"}),
        kSoonMs);
    QTest::keyClick(list, Qt::Key_Down);  // nothing is there to be shown, and nothing is said
    QCOMPARE(desk->controller.draft().spec(), before);
    QVERIFY(desk->controller.runs().all().empty());
    // It is in the session like every other study.
    desk->window.saveSession();
    desk.reset();
    desk = m_rig.open();
    QTRY_COMPARE_WITH_TIMEOUT(names(), QStringList{head}, kSoonMs);
  }

  /// A run inside a folded study is found; filter and order are in the session.
  void foldedRunsAreFound() {
    const QString folder = m_rig.path(QStringLiteral("rates"));
    const tests::StudyMaker made(folder, {"0.001", "0.01"}, {"1", "2"}, 2);
    made.write(0, {0.1, 0.9});
    auto desk = m_rig.open();
    auto* panel = desk->window.runsPanel();
    const auto names = [&panel] {
      QStringList all;
      for (const auto& row : panel->model()->rows())
        all.append(row.name);
      return all;
    };
    tests::drop(desk->window, {folder});
    const auto status = [&panel] {
      const auto& rows = panel->model()->rows();
      return rows.empty() ? QString() : rows[0].status;
    };
    QTRY_COMPARE_WITH_TIMEOUT(status(), QStringLiteral("1 of 8 done"), kSoonMs);
    auto* field = panel->filterBar()->filter();
    QVERIFY(field->isVisible());
    field->setFocus();
    QTest::keyClicks(field, QStringLiteral("finished"));
    QCOMPARE(names(), (QStringList{"rates", "learning_rate 0.001, n_layers 1", "seed 1"}));
    QCOMPARE(field->accessibleDescription(), QStringLiteral("1 of 8 runs"));
    panel->filterBar()->sort()->setCurrentIndex(static_cast<int>(widgets::RunSort::State));
    desk->window.saveSession();
    desk.reset();
    desk = m_rig.open();
    panel = desk->window.runsPanel();
    QTRY_COMPARE_WITH_TIMEOUT(names().size(), 3, kSoonMs);
    QCOMPARE(panel->choices(),
             (widgets::RunChoices{QStringLiteral("finished"), widgets::RunSort::State}));
    field = panel->filterBar()->filter();
    field->setFocus();
    QTest::keyClick(field, Qt::Key_Escape);
    QCOMPARE(names(), QStringList{"rates"});
  }

  /// What begins while a filter hides it is said in the status bar, too.
  void aRunThatTheFilterHidesIsSaid() {
    auto desk = m_rig.open();
    desk->controller.draft().load(tests::endlessExperiment(), {});
    desk->controller.training().setPace(std::nullopt);
    desk->window.runsPanel()->setChoices({QStringLiteral("nothing like this"), {}});
    QTRY_VERIFY_WITH_TIMEOUT(desk->window.toolbar()->runButton()->isEnabled(), kSoonMs);
    QSignalSpy told(desk->window.runsPanel(), &widgets::RunsPanel::told);
    QTest::keyClick(&desk->window, Qt::Key_Space);
    QTRY_COMPARE_WITH_TIMEOUT(told.count(), 1, kSoonMs);
    QCOMPARE(told.at(0).at(0).toString(),
             QStringLiteral("Run 1 is training; the filter of Runs hides it."));
    desk->controller.stop();
    QTRY_VERIFY_WITH_TIMEOUT(!desk->controller.training().isBusy(), kSoonMs);
  }

  /// As many as are opened at once; the one that is shown is in the middle of them.
  void aCellOfTwelveRunsOpensThemAll() {
    const QString folder = m_rig.path(QStringLiteral("twelve"));
    const tests::StudyMaker made(folder, {"0.001", "0.01"}, {"1", "2"}, 12);
    for (std::size_t member = 0; member < 12; ++member)
      made.write(member, {static_cast<double>(member + 1) / 20});
    auto desk = m_rig.open();
    auto& study = *desk->window.study();
    tests::drop(desk->window, {folder});
    QTRY_VERIFY_WITH_TIMEOUT(
        study.study() != nullptr &&
            widgets::studyState(*study.study()).startsWith(QStringLiteral("12 of 48")),
        kSoonMs);
    QTRY_VERIFY_WITH_TIMEOUT(study.isVisible(), kSoonMs);
    QTest::mouseClick(study.phase(), Qt::LeftButton, {},
                      study.phase()->cellRect({0, 0}).center().toPoint());
    QCOMPARE(desk->controller.runs().all().size(), std::size_t{12});
    QVERIFY2(desk->window.statusText().startsWith(QStringLiteral("12 runs are open")),
             qPrintable(desk->window.statusText()));
  }

  /// Seeds that are begun one by one stay in sight; by hand they fold, and so they come back.
  void seedsOfOneSetUpFold() {
    auto desk = m_rig.open();
    const auto lines = [&desk] {
      QStringList all;
      for (const auto& row : desk->window.runsPanel()->model()->rows())
        all.append(QString(2 * row.depth, ' ') + row.name + ", " + row.difference);
      return all;
    };
    desk->controller.training().setPace(std::nullopt);
    for (const std::uint64_t seed : {1, 2, 3}) {
      core::ExperimentSpec spec = tests::tinyExperiment();
      spec.training.seed = seed;
      desk->controller.draft().load(spec, {});
      desk->controller.showDraft();
      QTRY_VERIFY_WITH_TIMEOUT(desk->window.toolbar()->runButton()->isEnabled(), kSoonMs);
      QTest::keyClick(&desk->window, Qt::Key_Space);
      QTRY_VERIFY_WITH_TIMEOUT(
          desk->controller.shownRun() != nullptr &&
              desk->controller.shownRun()->state() == core::RunState::Finished &&
              desk->controller.runs().all().size() == seed,
          kSoonMs);
    }
    QTRY_COMPARE_WITH_TIMEOUT(lines().size(), 4, kSoonMs);
    QVERIFY2(lines()[0].startsWith("tiny, 3 seeds, "), qPrintable(lines()[0]));
    const QStringList rest{"  Run 3, seed 3", "  Run 2, seed 2", "  Run 1, seed 1"};
    QCOMPARE(lines().mid(1), rest);
    auto* list = desk->window.runsPanel()->list();
    QCOMPARE(desk->window.runsPanel()->selected(), desk->controller.shownRun()->id());
    list->setFocus();
    QTest::keyClick(list, Qt::Key_Up);  // on the row of the set-up: the views keep their run
    QCOMPARE(desk->controller.shownRun()->name(), QStringLiteral("Run 3"));
    QTest::keyClick(list, Qt::Key_Left);
    QTRY_COMPARE_WITH_TIMEOUT(lines().mid(1), QStringList{rest[0]}, kSoonMs);
    desk->window.saveSession();
    desk.reset();
    desk = m_rig.open();
    QTRY_COMPARE_WITH_TIMEOUT(lines().mid(1), QStringList{rest[0]}, kSoonMs);
    QVERIFY2(lines()[0].startsWith("tiny, 3 seeds, "), qPrintable(lines()[0]));
  }
};

QTEST_MAIN(TestWindowStudies)
#include "tst_window_studies.moc"
