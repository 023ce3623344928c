// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/settings.h"

#include <QSettings>
#include <QStringList>

#include <algorithm>

namespace anchorlens::app {

namespace {

const QStringList& themeNames() {
  static const QStringList names{QStringLiteral("system"), QStringLiteral("light"),
                                 QStringLiteral("dark")};
  return names;
}

}  // namespace

Settings readSettings(const QString& file) {
  QSettings ini(file, QSettings::IniFormat);
  Settings settings;
  const auto theme = themeNames().indexOf(ini.value(QStringLiteral("theme")).toString());
  settings.theme = static_cast<widgets::ThemeChoice>(std::max<qsizetype>(0, theme));
  settings.font_scale = std::clamp(ini.value(QStringLiteral("font_scale"), 100).toInt(), 80, 200);
  settings.run_folder = ini.value(QStringLiteral("run_folder")).toString();
  settings.has_seen_emergence = ini.value(QStringLiteral("has_seen_emergence"), false).toBool();
  ini.beginGroup(QStringLiteral("shortcuts"));
  for (const QString& id : ini.childKeys()) {
    auto keys = QKeySequence::listFromString(ini.value(id).toString(), QKeySequence::PortableText);
    keys.removeAll(QKeySequence());
    settings.shortcuts[id] = keys;
  }
  return settings;
}

bool writeSettings(const QString& file, const Settings& settings) {
  QSettings ini(file, QSettings::IniFormat);
  ini.clear();
  ini.setValue(QStringLiteral("theme"), themeNames()[static_cast<int>(settings.theme)]);
  ini.setValue(QStringLiteral("font_scale"), settings.font_scale);
  ini.setValue(QStringLiteral("run_folder"), settings.run_folder);
  ini.setValue(QStringLiteral("has_seen_emergence"), settings.has_seen_emergence);
  ini.beginGroup(QStringLiteral("shortcuts"));
  for (auto it = settings.shortcuts.begin(); it != settings.shortcuts.end(); ++it)
    ini.setValue(it.key(), QKeySequence::listToString(it.value(), QKeySequence::PortableText));
  ini.endGroup();
  ini.sync();
  return ini.status() == QSettings::NoError;
}

}  // namespace anchorlens::app
