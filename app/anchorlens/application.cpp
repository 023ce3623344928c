// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/application.h"

#include "app/anchorlens/controller.h"
#include "app/anchorlens/key_filter.h"
#include "app/anchorlens/main_window.h"
#include "app/anchorlens/places.h"
#include "app/anchorlens/settings.h"
#include "widgets/accessible_views.h"
#include "widgets/theme_controller.h"

#include <QApplication>
#include <QDir>
#include <QTimer>

namespace anchorlens::app {

int runWindow(QApplication& application, const QStringList& paths) {
  Settings settings = readSettings(settingsFile());
  widgets::ThemeController themes(application);
  themes.setChoice(settings.theme);
  themes.setFontScale(settings.font_scale);
  widgets::installAccessibleViews();
  KeyFilter keys;
  application.installEventFilter(&keys);
  QtDialogs dialogs;
  Controller controller;
  MainWindow window({controller, themes, dialogs, settings, settingsFile(), sessionFile()});
  window.openSession();
  window.show();
  for (const QString& path : paths)
    window.openPath(QDir::current().absoluteFilePath(path));
  // The first picture does not wait for LibTorch.
  QTimer::singleShot(0, &controller, [&controller] { controller.training().openEngine(); });
  return QApplication::exec();
}

}  // namespace anchorlens::app
