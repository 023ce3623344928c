// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/made_run.h"
#include "widgets/attention_view.h"
#include "widgets/figure/curves_figure.h"
#include "widgets/figure/heads_figure.h"
#include "widgets/icons.h"
#include "widgets/theme_controller.h"
#include "widgets/timeline.h"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QDockWidget>
#include <QFormLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMainWindow>
#include <QMenuBar>
#include <QPixmap>
#include <QProgressBar>
#include <QPushButton>
#include <QRadioButton>
#include <QSpinBox>
#include <QStatusBar>
#include <QTableWidget>
#include <QToolBar>
#include <QVBoxLayout>

#include <cstdio>
#include <ctime>

/// Pictures of the views with a made-up run, for looking at them: gallery FOLDER. QT_SCALE_FACTOR=2
/// gives the scale-2 ones. gallery --time: what drawing them costs.
namespace anchorlens {
namespace {

void save(QWidget& widget, const QString& folder, const QString& name) {
  QCoreApplication::processEvents();
  QCoreApplication::processEvents();
  widget.grab().save(folder + '/' + name + QStringLiteral(".png"));
  std::puts(qPrintable(name));
}

void fill(widgets::AttentionView& view, widgets::Timeline& timeline, const tests::MadeRun& run,
          std::int64_t step) {
  view.setProbe(run.probe());
  view.setFrame(run.frame(step), run.history().labelsAt(step));
  view.selectHead(1, 0);
  timeline.setHistory(&run.history());
  timeline.setCursor(step);
  timeline.setLive(run.options().last_step);
}

void windows(QApplication& application, const QString& folder) {
  widgets::ThemeController theme(application);
  const tests::MadeRun run;
  for (const bool is_dark : {true, false}) {
    theme.setChoice(is_dark ? widgets::ThemeChoice::Dark : widgets::ThemeChoice::Light);
    for (const bool is_compact : {false, true}) {
      theme.setCompact(is_compact);
      QWidget window;
      window.setProperty("role", "panel");
      window.setAttribute(Qt::WA_StyledBackground);
      window.resize(is_compact ? QSize(834, 660) : QSize(962, 900));
      auto* layout = new QVBoxLayout(&window);
      layout->setContentsMargins(0, 0, 0, 0);
      auto* view = new widgets::AttentionView(&window);
      auto* timeline = new widgets::Timeline(&window);
      layout->addWidget(view, 1);
      layout->addWidget(timeline);
      timeline->setFixedHeight(is_compact ? 236 : 318);
      view->setTheme(theme.theme());
      timeline->setTheme(theme.theme());
      view->setCompact(is_compact);
      timeline->setCompact(is_compact);
      window.show();
      fill(*view, *timeline, run, run.options().last_step);
      view->large()->setCell({8, widgets::tokensOf(*run.probe(), 0).empty() ? 0 : 3});
      const QString name = QString::fromLatin1(is_dark ? "dark" : "light") +
                           (is_compact ? QStringLiteral("_compact") : QString());
      save(window, folder, name);
      if (!is_compact) {
        view->setMode(widgets::HeadView::Mode::Lines);
        timeline->setFollowLive(false);
        timeline->setCursor(9000);
        timeline->setLogarithmic(true);
        save(window, folder, name + QStringLiteral("_lines_log"));
      }
    }
  }
  theme.setCompact(false);
  tests::MadeRunOptions big;
  big.n_layers = 4;
  big.n_heads = 4;
  big.seq_len = 20;
  const tests::MadeRun large(big);
  QWidget window;
  window.setProperty("role", "panel");
  window.setAttribute(Qt::WA_StyledBackground);
  window.resize(962, 900);
  auto* layout = new QVBoxLayout(&window);
  layout->setContentsMargins(0, 0, 0, 0);
  auto* view = new widgets::AttentionView(&window);
  auto* timeline = new widgets::Timeline(&window);
  layout->addWidget(view, 1);
  layout->addWidget(timeline);
  timeline->setFixedHeight(318);
  view->setTheme(theme.theme());
  timeline->setTheme(theme.theme());
  window.show();
  fill(*view, *timeline, large, 18400);
  save(window, folder, QStringLiteral("light_4x4"));
}

/// One of each control, in the states that the style sheet knows.
void controls(QApplication& application, const QString& folder) {
  widgets::ThemeController theme(application);
  for (const bool is_dark : {true, false}) {
    theme.setChoice(is_dark ? widgets::ThemeChoice::Dark : widgets::ThemeChoice::Light);
    QMainWindow window;
    window.resize(900, 560);
    window.menuBar()->addMenu(QStringLiteral("File"));
    window.menuBar()->addMenu(QStringLiteral("Edit"));
    auto* tools = window.addToolBar(QStringLiteral("Run"));
    auto* run = new QPushButton(widgets::icon(QStringLiteral("run"), theme.theme().on_accent),
                                QStringLiteral("Run"));
    run->setProperty("role", "primary");
    tools->addWidget(run);
    auto* step = new QPushButton(widgets::icon(QStringLiteral("step"), theme.theme().text),
                                 QStringLiteral("Step"));
    tools->addWidget(step);
    auto* stop = new QPushButton(widgets::icon(QStringLiteral("stop"), theme.theme().text),
                                 QStringLiteral("Stop"));
    stop->setEnabled(false);
    tools->addWidget(stop);
    tools->addSeparator();
    auto* bar = new QProgressBar;
    bar->setValue(40);
    bar->setTextVisible(false);
    tools->addWidget(bar);
    auto* follow = new QPushButton(widgets::icon(QStringLiteral("live"), theme.theme().accent),
                                   QStringLiteral("Follow live"));
    follow->setCheckable(true);
    follow->setChecked(true);
    tools->addWidget(follow);
    auto* dock = new QDockWidget(QStringLiteral("Experiment"));
    auto* tabs = new QTabWidget;
    auto* form = new QWidget;
    auto* rows = new QFormLayout(form);
    auto* wrong = new QLineEdit(QStringLiteral("* 3 x * -> y"));
    wrong->setProperty("role", "mono");
    wrong->setProperty("state", "problem");
    auto* problem = new QLabel(QStringLiteral("y is not in the sequence: use x."));
    problem->setProperty("role", "problem");
    auto* off = new QLineEdit(QStringLiteral("disabled"));
    off->setEnabled(false);
    auto* combo = new QComboBox;
    combo->addItem(QStringLiteral("Identity"));
    auto* ticked = new QCheckBox(QStringLiteral("Keys by residue"));
    ticked->setChecked(true);
    auto* link = new QPushButton(QStringLiteral("Edit a copy"));
    link->setProperty("role", "link");
    auto* spin = new QSpinBox;
    auto* radio = new QRadioButton(QStringLiteral("Causal"));
    radio->setChecked(true);
    auto* caption = new QLabel(QStringLiteral("length 9, noise 20-100"));
    caption->setProperty("role", "caption");
    rows->addRow(QStringLiteral("Preset"), combo);
    rows->addRow(QStringLiteral("Pattern"), wrong);
    rows->addRow(QString(), problem);
    rows->addRow(QStringLiteral("Name"), off);
    rows->addRow(QStringLiteral("Layers"), spin);
    rows->addRow(QString(), ticked);
    rows->addRow(QString(), new QCheckBox(QStringLiteral("Not ticked")));
    rows->addRow(QString(), radio);
    rows->addRow(QString(), caption);
    rows->addRow(link);
    tabs->addTab(form, QStringLiteral("Task"));
    tabs->addTab(new QWidget, QStringLiteral("Model"));
    dock->setWidget(tabs);
    window.addDockWidget(Qt::LeftDockWidgetArea, dock);
    auto* table = new QTableWidget(12, 3);
    table->setHorizontalHeaderLabels(
        {QStringLiteral("Anchor"), QStringLiteral("Operation"), QStringLiteral("Keys")});
    for (int i = 0; i < 36; ++i) {
      table->setItem(i / 3, i % 3, new QTableWidgetItem(QString::number(i)));
    }
    table->selectRow(2);
    table->verticalHeader()->hide();
    window.setCentralWidget(table);
    window.statusBar()->showMessage(QStringLiteral("Ready."));
    window.show();
    step->setFocus();
    save(window, folder,
         is_dark ? QStringLiteral("controls_dark") : QStringLiteral("controls_light"));
  }
}

void figures(const QString& folder) {
  const tests::MadeRun run;
  widgets::Figure figure;
  figure.source = {QStringLiteral("run 7"),
                   QStringLiteral("* 3 x * -> x"),
                   QStringLiteral("0123456789abcdef"),
                   3,
                   QDateTime::fromSecsSinceEpoch(1700000000, Qt::UTC),
                   QStringLiteral("Anchorlens 0.1.0")};
  const auto heads = [&](std::int64_t step) {
    return widgets::figureHeads(*run.frame(step), run.history().labelsAt(step), *run.probe(), {});
  };
  using Content = std::shared_ptr<const widgets::FigureContent>;
  const std::pair<const char*, Content> contents[] = {
      {"head", std::make_shared<widgets::OneHeadFigure>(heads(18400), 1, 0)},
      {"all", std::make_shared<widgets::HeadsFigure>(std::vector{heads(18400)})},
      {"over_time",
       std::make_shared<widgets::HeadsFigure>(std::vector{heads(1000), heads(6800), heads(18400)})},
      {"curves", std::make_shared<widgets::CurvesFigure>(run.sharedHistory())},
      {"scores", std::make_shared<widgets::ScoresFigure>(run.sharedHistory())}};
  for (const auto& [name, content] : contents) {
    figure.content = content;
    figure.style.width_in = content->view() == QLatin1String("head") ? 3.25 : 6.75;
    figure.style.outlines = content->steps().size() == 1;
    for (const char* suffix : {"svg", "pdf", "png", "csv", "npz"}) {
      const QString file = folder + QStringLiteral("/figure_") + QString::fromLatin1(name) + '.' +
                           QString::fromLatin1(suffix);
      const auto written = widgets::exportFigure(figure, file.toStdString());
      std::puts(written ? qPrintable(file) : written.error().text().c_str());
    }
  }
}

/// What a tick of the window costs: the views with 40 000 steps of loss.
void timings() {
  tests::MadeRunOptions options;
  options.n_shown = 16;
  const tests::MadeRun run(options);
  const auto history = run.historyUntil(18400);
  for (std::int64_t step = 1; step <= 40000; ++step) {
    history->addStep({step, 1.0 + 0.1 * static_cast<double>(step % 7), 1, 1e-3});
  }
  widgets::AttentionView view;
  view.resize(962, 560);
  view.show();
  view.setProbe(run.probe());
  widgets::Timeline timeline;
  timeline.resize(962, 318);
  timeline.setHistory(history.get());
  timeline.show();
  QCoreApplication::processEvents();
  const auto frame = run.frame(18400);
  const auto labels = run.history().labelsAt(18400);
  const auto time = [](const char* what, auto act) {
    act();
    const std::clock_t start = std::clock();  // of the processor: others may use it too
    constexpr int kTimes = 50;
    for (int i = 0; i < kTimes; ++i) {
      act();
    }
    std::printf("%s: %.2f ms\n", what,
                1e3 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC / kTimes);
  };
  time("frame to grid and large head", [&] {
    view.setFrame(frame, labels);
    QCoreApplication::processEvents();
  });
  time("timeline with curves", [&] {
    timeline.historyChanged();
    timeline.refresh();
    QCoreApplication::processEvents();
  });
  std::int64_t step = 0;
  time("timeline, cursor only", [&] {
    timeline.setCursor(step += 40);
    QCoreApplication::processEvents();
  });
}

}  // namespace
}  // namespace anchorlens

int main(int argc, char** argv) {
  QApplication application(argc, argv);
  const QString folder = argc > 1 ? QString::fromLocal8Bit(argv[1]) : QStringLiteral(".");
  if (folder == QLatin1String("--time")) {
    anchorlens::timings();
    return 0;
  }
  QDir().mkpath(folder);
  anchorlens::windows(application, folder);
  anchorlens::controls(application, folder);
  anchorlens::figures(folder);
  return 0;
}
