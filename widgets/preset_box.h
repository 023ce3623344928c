// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment.h"

#include <QComboBox>
#include <QString>

#include <string>
#include <vector>

namespace anchorlens::widgets {

/// A preset of one's own, by its name.
struct OwnPreset {
  QString name;
  core::ExperimentSpec spec;
};

bool isShippedPreset(const QString& name);

/// Presets and examples to choose from, one's own first; shows which one an experiment is.
class PresetBox : public QComboBox {
  Q_OBJECT

 public:
  explicit PresetBox(QWidget* parent = nullptr);
  /// A name of the program's own presets stays theirs.
  void setOwnPresets(const std::vector<OwnPreset>& presets);
  /// The preset that this is, whatever its name, seed, device and kernel; else "Own experiment".
  void showPreset(const core::ExperimentSpec& experiment);

 signals:
  void presetChosen(const QString& name);
  void galleryChosen();  ///< "Gallery…": presets with pictures, and one's own

 private:
  void fill();
  void addNames(const std::vector<std::string>& names);

  std::vector<OwnPreset> m_own;
  int m_shown = 0;
};

}  // namespace anchorlens::widgets
