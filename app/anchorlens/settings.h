// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/label_values.h"
#include "widgets/theme_controller.h"

#include <QKeySequence>
#include <QList>
#include <QMap>
#include <QString>

namespace anchorlens::app {

/// What a person chose once for all windows; a plain value, read and written as one file.
struct Settings {
  widgets::ThemeChoice theme = widgets::ThemeChoice::System;
  int font_scale = 100;
  QString run_folder;  ///< empty: the default one
  /// Only those that differ from the built-in ones, by action id.
  QMap<QString, QList<QKeySequence>> shortcuts;
  bool reduced_motion = false;       ///< the replay is not eased
  bool has_seen_emergence = false;   ///< the callout never returns
  core::LabelThresholds thresholds;  ///< of head labels

  bool operator==(const Settings& other) const {
    return theme == other.theme && font_scale == other.font_scale &&
           run_folder == other.run_folder && shortcuts == other.shortcuts &&
           reduced_motion == other.reduced_motion &&
           has_seen_emergence == other.has_seen_emergence &&
           core::isSame(thresholds, other.thresholds);
  }
};

Settings readSettings(const QString& file);
/// False when the file cannot be written.
bool writeSettings(const QString& file, const Settings& settings);

}  // namespace anchorlens::app
