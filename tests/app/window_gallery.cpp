// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of the window for looking at; not a test. window_gallery OUT WIDTH HEIGHT dark|light
// [STEPS] [PRESET] [VIEW]: trains the preset (demo) for so many steps (0: first start) and writes
// OUT: the window, paused; still training (live); an Export dialog; the Composer, with a pattern
// that cannot be read (broken), with blocks and two forms (own); with another tab of the Experiment
// dock: model, training, probe; the selected head tested and ablated (ablated), the table of all
// heads (all-heads), or a causal test of edges (causal, causal-wrong); changed while it trained,
// with its forks in the list and a question (changed), or the dialogs of that (change, fork);
// another tab of the centre by its object name; the pages weights, circuits of the tab Weights.
// With study follow a study's folder, phase|curves|heads|export and a number of the phase diagram
// as it stands in its box: Enter opens the runs of a cell. With runs follow how many are made and
// listed, what filters them and their order, 0 to 3. With compare follow folders of runs, of which
// the last two are compared, a step, and position|pattern|weights|seeds.
#include "app/anchorlens/causal_control.h"
#include "app/anchorlens/causal_dialog.h"
#include "app/anchorlens/causal_test_dialog.h"
#include "app/anchorlens/causal_view.h"
#include "app/anchorlens/change_dialog.h"
#include "app/anchorlens/compare_control.h"
#include "app/anchorlens/controller.h"
#include "app/anchorlens/export/export_dialog.h"
#include "app/anchorlens/fork_dialog.h"
#include "app/anchorlens/key_filter.h"
#include "app/anchorlens/main_window.h"
#include "app/anchorlens/places.h"
#include "app/anchorlens/task_export_dialog.h"
#include "engine/core/experiment_json.h"
#include "engine/core/store/run_store.h"
#include "tests/app/app_fixture.h"
#include "widgets/attention_view.h"
#include "widgets/composer/composer_view.h"
#include "widgets/number_dialog.h"
#include "widgets/panel_causal.h"
#include "widgets/panel_changes.h"
#include "widgets/panel_experiment.h"
#include "widgets/panel_inspector.h"
#include "widgets/panel_runs.h"
#include "widgets/phase_view.h"
#include "widgets/predictions/predictions_view.h"
#include "widgets/study_view.h"
#include "widgets/weights/weights_view.h"

#include <QApplication>
#include <QComboBox>
#include <QDir>
#include <QDockWidget>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QTabWidget>
#include <QTest>

#include <cstdio>

using namespace anchorlens;

namespace {

bool waitFor(const std::function<bool()>& is_done, int ms) {
  QElapsedTimer clock;
  clock.start();
  while (!is_done() && clock.elapsed() < ms)
    QTest::qWait(20);
  return is_done();
}

/// The centre alone with the Experiment dock, as one composes.
void showComposer(app::MainWindow& window, app::Controller& controller, const QString& what) {
  window.tabs()->setCurrentWidget(window.composer());
  for (const char* dock : {"Runs", "Inspector"})
    window.findChild<QDockWidget*>(QString::fromLatin1(dock))->hide();
  core::ExperimentSpec spec = controller.draft().spec();
  if (what == QLatin1String("broken")) {
    spec.task.forms[0].pattern = "* x A B * -> B(A(x)";
    spec.task.seq_len = {2};
  } else if (what == QLatin1String("own")) {
    spec.task.forms[0].pattern = "{ a b | b c } A a -> A(b)";
    spec.task.forms[0].anchors.erase("B");
    spec.task.forms.push_back({"* 3 _ x _ 4 * -> x", 2.0, {}, {}});
    spec.task.keys.clear();
    spec.task.held_out = {core::PredicateRule{"a mod 2"}};
  }
  controller.draft().edit(core::completed(spec), QStringLiteral("change pattern"));
}

/// The Study tab of a folder; of its diagram the cell in the middle is opened.
void showStudy(app::MainWindow& window, app::Controller& controller, const QString& folder,
               const QString& page, const QString& number) {
  window.openPath(folder);
  auto* view = window.study();
  waitFor([&] { return view->study() && view->study()->runs.back() != nullptr; }, 60'000);
  if (!number.isEmpty())
    view->numberBox()->setCurrentIndex(view->numberBox()->findText(number));
  const auto& diagram = view->phase()->diagram();
  view->phase()->setPlace(
      {static_cast<int>(diagram.columns()) / 3, static_cast<int>(diagram.rows()) / 2});
  QTest::keyClick(view->phase(), Qt::Key_Return);
  waitFor([&] { return controller.shownRun() && controller.shownRun()->isLoaded(); }, 20'000);
  view->phase()->setFocus();
  if (page == QLatin1String("curves"))
    view->setPage(widgets::StudyView::Page::Curves);
  else if (page == QLatin1String("heads"))
    view->setPage(widgets::StudyView::Page::Heads);
}

/// Ablated and slowed from where it is paused, forked before that, and asked once more.
QWidget* showChanged(app::MainWindow& window, app::Controller& controller, const QString& what) {
  const app::RunId run = controller.shownRun()->id();
  const auto change = [&](const char* text) {
    auto wanted = core::parseIntervention(text);
    wanted->step = core::kNow;
    controller.training().intervene(*wanted);
  };
  change("ablate 1.0");
  change("lr x0.5");
  QTest::qWait(200);
  const std::int64_t step = controller.readouts().step;
  controller.run();
  waitFor([&] { return controller.readouts().step >= step + 150; }, 60'000);
  controller.run();
  waitFor([&] { return controller.training().phase() == app::Phase::Paused; }, 20'000);
  if (what == QLatin1String("fork")) {
    window.actions()[QStringLiteral("fork")]->trigger();
    window.forkDialog()->changes()->setText(QStringLiteral("release 1.0; lr x0.1"));
    return window.forkDialog();
  }
  if (what == QLatin1String("change")) {
    window.actions()[QStringLiteral("now-numbers")]->trigger();
    window.changeDialog()->value()->setText(QStringLiteral("x0.1"));
    return window.changeDialog();
  }
  auto spec = controller.shownRun()->facts().spec;
  spec.training.steps = step + 60;
  controller.forkRun(run, step, spec);
  waitFor([&] { return controller.shownRun()->state() == core::RunState::Finished; }, 60'000);
  controller.showRun(run);
  controller.continueRun(run, std::nullopt);
  waitFor([&] { return controller.readouts().step >= step + 200; }, 60'000);
  controller.run();
  waitFor([&] { return controller.training().phase() == app::Phase::Paused; }, 20'000);
  window.attention()->selectHead(0, 0);
  QTest::qWait(200);
  window.actions()[QStringLiteral("now-freeze")]->trigger();
  window.inspector()->findChild<QScrollArea*>()->ensureWidgetVisible(
      window.changes()->moreButton());
  return &window;
}

/// A list of made runs: three seeds of one set-up after the other, finished but for the last.
void showRuns(app::MainWindow& window, app::Controller& controller, int count,
              const widgets::RunChoices& choices) {
  const QString folder = QDir::homePath() + QStringLiteral("/runs");
  for (int i = 0; i < count; ++i) {
    core::ExperimentSpec spec = core::preset("demo");
    spec.training.seed = static_cast<std::uint64_t>(i % 4 + 1);
    spec.training.learning_rate *= i / 4 + 1;
    const QString name = QStringLiteral("run-%1").arg(i + 1, 3, 10, QLatin1Char('0'));
    const auto directory = app::toPath(folder + QLatin1Char('/') + name);
    const auto writer = core::RunWriter::create(directory, spec, {}).value();
    core::Metrics metrics;
    metrics.step = 1500;
    metrics.test_accuracy = 0.99 - 0.007 * (i * 5 % 11);
    metrics.groups = {{0, 20, metrics.test_accuracy, 0.1}};
    writer->addMetrics(metrics);
    const bool is_last = i + 1 == count;
    writer->setStatus(is_last ? core::RunState::Stopped : core::RunState::Finished,
                      is_last ? 1200 : 1500, 1500);
    if (!writer->commit())
      return;
    controller.library().open(directory);
  }
  controller.showRun(controller.runs().all()[static_cast<std::size_t>(count / 2)]->id());
  waitFor([&] { return controller.runs().all().back()->isLoaded(); }, 60'000);
  window.runsPanel()->setChoices(choices);
  controller.markRunsChanged();
  QTest::qWait(300);
}

/// Two runs compared: RUN RUN.. STEP HOW.
void showComparison(app::MainWindow& window, app::Controller& controller, QStringList words) {
  const QString how = words.takeLast();
  const std::int64_t step = words.takeLast().toLongLong();
  for (const QString& folder : words) {
    window.openPath(folder);
    waitFor([&] { return controller.shownRun()->isLoaded() && controller.frame() != nullptr; },
            20'000);
  }
  const auto& runs = controller.runs().all();
  window.compare()->setTicked({runs.back()->id(), runs[runs.size() - 2]->id()});
  auto options = window.compareView()->options();
  options.all_seeds = how == QLatin1String("seeds");
  options.match = core::headMatchNamed(how.toStdString()).value_or(core::HeadMatch::Position);
  window.compareView()->setOptions(options);
  window.compare()->setOn(true);
  controller.moveCursor(step);
  window.attention()->selectHead(1, 0);
  waitFor([&] { return window.compare()->isComplete(); }, 20'000);
  QTest::qWait(600);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) {
    std::fprintf(stderr,
                 "window_gallery OUT WIDTH HEIGHT dark|light [STEPS] [PRESET] "
                 "[live|export|export-task|composer|broken|own|flow|heads|predictions|"
                 "changed|change|fork|probe-summary|lens|model|training|probe|ablated|all-heads|"
                 "causal|causal-wrong|weights|circuits [table]|"
                 "study FOLDER phase|curves|heads|export [NUMBER]|"
                 "runs COUNT FILTER ORDER|"
                 "compare RUN RUN.. STEP position|pattern|weights|seeds]\n");
    return 2;
  }
  const tests::TemporaryHome home;
  QApplication application(argc, argv);
  const QStringList words = QApplication::arguments();
  app::Settings settings;
  settings.has_seen_emergence = true;
  widgets::ThemeController themes(application);
  themes.setChoice(words[4] == QLatin1String("dark") ? widgets::ThemeChoice::Dark
                                                     : widgets::ThemeChoice::Light);
  tests::ScriptedDialogs dialogs;
  app::Controller controller;
  app::MainWindow window(
      {controller, themes, dialogs, settings, app::settingsFile(), app::sessionFile()});
  window.openSession();
  window.resize(words[2].toInt(), words[3].toInt());
  window.show();
  const int steps = words.value(5, QStringLiteral("0")).toInt();
  if (words.size() > 6)
    controller.choosePreset(words[6]);
  const QString what = words.value(7);
  if (what == QLatin1String("composer") || what == QLatin1String("broken") ||
      what == QLatin1String("own"))
    showComposer(window, controller, what);
  controller.training().setPace(std::nullopt);
  if (!window.composer()->isVisible())
    waitFor([&] { return controller.frame() != nullptr; }, 20'000);
  waitFor([&] { return !controller.draftChecks().checks().is_stale; },
          what == "broken" ? 3000 : 20'000);
  if (steps > 0) {
    controller.run();
    waitFor([&] { return controller.readouts().step >= steps; }, 300'000);
    if (controller.training().phase() == app::Phase::Running && words.value(7) != "live") {
      controller.run();
      waitFor([&] { return controller.training().phase() == app::Phase::Paused; }, 20'000);
    }
  }
  if (what == QLatin1String("study"))
    showStudy(window, controller, words.value(8), words.value(9), words.value(10));
  if (what == QLatin1String("runs")) {
    showRuns(window, controller, words.value(8).toInt(),
             {words.value(9), static_cast<widgets::RunSort>(words.value(10).toInt())});
  }
  if (what == QLatin1String("compare"))
    showComparison(window, controller, words.mid(8));
  const QStringList tabs{QStringLiteral("task"), QStringLiteral("model"),
                         QStringLiteral("training"), QStringLiteral("probe")};
  if (tabs.contains(what))
    window.experiment()->setCurrentTab(static_cast<widgets::FormTab>(tabs.indexOf(what)));
  if (what == QLatin1String("weights") || what == QLatin1String("circuits")) {
    auto* view = window.weights();
    window.tabs()->setCurrentWidget(view);
    auto choice = view->choice();
    choice.page = what == QLatin1String("circuits") ? widgets::WeightsPage::Circuits
                                                    : widgets::WeightsPage::Weights;
    view->setChoice(choice);
    emit view->choiceChanged();
    waitFor([&] { return view->picture() && view->picture()->is_complete; }, 20'000);
  }
  if (what == QLatin1String("training"))
    QTest::qWait(2500);  // the speed is measured while the tab is looked at
  const bool is_summary = what == QLatin1String("probe-summary");
  if (is_summary || what == QLatin1String("lens")) {
    auto* view = window.tabs()->findChild<widgets::PredictionsView*>();
    window.tabs()->setCurrentWidget(view);
    view->setPage(is_summary ? widgets::PredictionsView::Page::Probe
                             : widgets::PredictionsView::Page::Lens);
    QTest::qWait(1500);
    if (is_summary && words.value(8) == QLatin1String("pointed")) {
      view->summary()->setFocus();
      for (int i = 0; i < 6; ++i)
        QTest::keyClick(view->summary(), Qt::Key_Right);
    }
  }
  if (auto* view = window.tabs()->findChild<QWidget*>(what); !what.isEmpty() && view != nullptr)
    window.tabs()->setCurrentWidget(view);
  QWidget* shown = &window;
  if (words.value(7) == QLatin1String("export") || words.value(9) == QLatin1String("export")) {
    window.actions()[QStringLiteral("export")]->trigger();
    shown = window.exportDialog();
    window.exportDialog()->setFormats({"svg", "gif"});
    QTest::qWait(500);
  } else if (what == QLatin1String("export-task")) {
    window.actions()[QStringLiteral("export-task")]->trigger();
    shown = window.taskExportDialog();
  }
  if (what == QLatin1String("ablated")) {
    window.actions()[QStringLiteral("test-head")]->trigger();
    waitFor([&] { return window.causal()->result().has_value(); }, 20'000);
    window.actions()[QStringLiteral("ablate")]->trigger();
    waitFor([&] { return controller.frame() != controller.unchangedFrame(); }, 20'000);
    window.inspector()->findChild<QScrollArea*>()->ensureWidgetVisible(
        window.causal()->testAllButton());
  } else if (what == QLatin1String("all-heads")) {
    window.actions()[QStringLiteral("test-all-heads")]->trigger();
    waitFor([&] { return !window.causalControl()->allHeads()->isRunning(); }, 60'000);
    shown = window.causalControl()->allHeads();
    window.causalControl()->allHeads()->view()->showTest(0);
  } else if (what == QLatin1String("causal") || what == QLatin1String("causal-wrong")) {
    window.actions()[QStringLiteral("causal-test")]->trigger();
    auto* dialog = window.causalControl()->dialog();
    const auto make = [&] {
      dialog->testButton()->click();
      waitFor([&] { return !dialog->isRunning(); }, 60'000);
    };
    make();
    dialog->form()->what()->setCurrentIndex(app::CausalForm::Edges);
    dialog->form()->edges()->setText(QStringLiteral("0:key>anchor"));
    make();
    if (what == QLatin1String("causal-wrong"))
      dialog->form()->edges()->setText(QStringLiteral("0:kex>anchor"));
    shown = dialog;
  }
  if (what == QLatin1String("changed") || what == QLatin1String("change") ||
      what == QLatin1String("fork"))
    shown = showChanged(window, controller, what);
  if (words.value(8) == QLatin1String("table")) {
    window.actions()[QStringLiteral("table")]->trigger();
    shown = window.findChild<widgets::NumberDialog*>();
  }
  QTest::qWait(400);
  shown->grab().save(words[1]);
  return 0;
}
