// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of the window for looking at; not a test. window_gallery OUT WIDTH HEIGHT dark|light
// [STEPS] [PRESET] [live|export]: trains the preset (demo) for so many steps (0: first start) and
// writes OUT: the window, paused; still training; the Export dialog.
#include "app/anchorlens/controller.h"
#include "app/anchorlens/export_dialog.h"
#include "app/anchorlens/key_filter.h"
#include "app/anchorlens/main_window.h"
#include "app/anchorlens/places.h"
#include "engine/core/experiment_json.h"
#include "tests/app/app_fixture.h"

#include <QApplication>
#include <QElapsedTimer>
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

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) {
    std::fprintf(stderr,
                 "window_gallery OUT WIDTH HEIGHT dark|light [STEPS] [PRESET] [live|export]\n");
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
  controller.training().setPace(std::nullopt);
  waitFor([&] { return controller.frame() != nullptr; }, 20'000);
  waitFor([&] { return !controller.draftChecks().checks().is_stale; }, 20'000);
  if (steps > 0) {
    controller.run();
    waitFor([&] { return controller.readouts().step >= steps; }, 300'000);
    if (controller.training().phase() == app::Phase::Running && words.value(7) != "live") {
      controller.run();
      waitFor([&] { return controller.training().phase() == app::Phase::Paused; }, 20'000);
    }
  }
  QWidget* shown = &window;
  if (words.value(7) == QLatin1String("export")) {
    window.actions()[QStringLiteral("export")]->trigger();
    shown = window.exportDialog();
  }
  QTest::qWait(400);
  shown->grab().save(words[1]);
  return 0;
}
