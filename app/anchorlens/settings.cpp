// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/settings.h"

#include <QSettings>
#include <QStringList>

#include <algorithm>
#include <array>
#include <utility>

namespace anchorlens::app {

namespace {

const QStringList& themeNames() {
  static const QStringList names{QStringLiteral("system"), QStringLiteral("light"),
                                 QStringLiteral("dark")};
  return names;
}

/// Names in the file; the numbers of `thresholds`.
template <typename Thresholds>
auto thresholdFields(Thresholds& thresholds) {
  return std::array{
      std::pair{"enter", &thresholds.enter}, std::pair{"forming", &thresholds.forming},
      std::pair{"coverage", &thresholds.coverage}, std::pair{"tracking", &thresholds.tracking}};
}

void readThresholds(const QSettings& ini, core::LabelThresholds& thresholds) {
  for (const auto& [name, value] : thresholdFields(thresholds)) {
    bool is_number = false;
    const double read =
        ini.value(QStringLiteral("labels/") + QString::fromLatin1(name)).toDouble(&is_number);
    if (is_number && read >= 0 && read <= 1)
      *value = read;
  }
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
  settings.reduced_motion = ini.value(QStringLiteral("reduced_motion"), false).toBool();
  readThresholds(ini, settings.thresholds);
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
  ini.setValue(QStringLiteral("reduced_motion"), settings.reduced_motion);
  for (const auto& [name, value] : thresholdFields(settings.thresholds))
    ini.setValue(QStringLiteral("labels/") + QString::fromLatin1(name), *value);
  ini.beginGroup(QStringLiteral("shortcuts"));
  for (auto it = settings.shortcuts.begin(); it != settings.shortcuts.end(); ++it)
    ini.setValue(it.key(), QKeySequence::listToString(it.value(), QKeySequence::PortableText));
  ini.endGroup();
  ini.sync();
  return ini.status() == QSettings::NoError;
}

}  // namespace anchorlens::app
