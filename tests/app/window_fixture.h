// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/controller.h"
#include "app/anchorlens/main_window.h"
#include "app/anchorlens/places.h"
#include "tests/app/app_fixture.h"

#include <QApplication>
#include <QTest>

namespace anchorlens::tests {

/// One window with all that it needs; what it leaves behind is in the home folder.
struct Desk {
  app::Settings settings = app::readSettings(app::settingsFile());
  widgets::ThemeController themes{*qApp};
  ScriptedDialogs dialogs;
  app::Controller controller;
  app::MainWindow window{
      {controller, themes, dialogs, settings, app::settingsFile(), app::sessionFile()}};

  explicit Desk(const app::SessionFactory& sessions = {}, QSize size = {1600, 1000})
      : controller(sessions) {
    window.openSession();
    if (size.isValid())
      window.resize(size);
    window.show();
    window.activateWindow();
    // Shortcuts are the active window's.
    if (!QTest::qWaitForWindowActive(&window))
      qFatal("The window does not become active.");
  }
  std::int64_t shownStep() const { return controller.frame() ? controller.frame()->step : -1; }
};

}  // namespace anchorlens::tests
