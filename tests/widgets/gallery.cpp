// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/made_run.h"
#include "widgets/attention_view.h"
#include "widgets/figure.h"
#include "widgets/theme_controller.h"
#include "widgets/timeline.h"

#include <QApplication>
#include <QDir>
#include <QLabel>
#include <QPixmap>
#include <QVBoxLayout>

#include <cstdio>

/// Pictures of the views with a made-up run, for looking at them: gallery FOLDER. QT_SCALE_FACTOR=2
/// gives the scale-2 ones.
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

void figures(const QString& folder) {
  const tests::MadeRun run;
  widgets::FigureRequest request;
  request.source = {QStringLiteral("run 7"),
                    QStringLiteral("* 3 x * -> x"),
                    QStringLiteral("0123456789abcdef"),
                    3,
                    QDateTime::fromSecsSinceEpoch(1700000000, Qt::UTC),
                    QStringLiteral("Anchorlens 0.1.0")};
  request.history = run.sharedHistory();
  request.layer = 1;
  const auto heads = [&](std::int64_t step) {
    return widgets::figureHeads(*run.frame(step), run.history().labelsAt(step), *run.probe(), {});
  };
  using Item = widgets::FigureItem;
  const std::pair<Item, const char*> items[] = {{Item::SelectedHead, "head"},
                                                {Item::AllHeads, "all"},
                                                {Item::AllHeadsOverTime, "over_time"},
                                                {Item::Curves, "curves"},
                                                {Item::Scores, "scores"}};
  for (const auto& [item, name] : items) {
    request.item = item;
    request.style.width_in = item == Item::SelectedHead ? 3.25 : 6.75;
    request.heads = {heads(18400)};
    if (item == Item::AllHeadsOverTime) {
      request.heads = {heads(1000), heads(6800), heads(18400)};
      request.style.outlines = false;
    }
    for (const char* suffix : {"svg", "pdf", "png", "csv", "npz"}) {
      const QString file = folder + QStringLiteral("/figure_") + QString::fromLatin1(name) + '.' +
                           QString::fromLatin1(suffix);
      const auto written = widgets::exportFigure(request, file.toStdString());
      std::puts(written ? qPrintable(file) : written.error().text().c_str());
    }
  }
}

}  // namespace
}  // namespace anchorlens

int main(int argc, char** argv) {
  QApplication application(argc, argv);
  const QString folder = argc > 1 ? QString::fromLocal8Bit(argv[1]) : QStringLiteral(".");
  QDir().mkpath(folder);
  anchorlens::windows(application, folder);
  anchorlens::figures(folder);
  return 0;
}
