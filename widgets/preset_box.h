// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment.h"

#include <QComboBox>
#include <QString>

namespace anchorlens::widgets {

/// Presets and examples to choose from; shows which one an experiment is.
class PresetBox : public QComboBox {
  Q_OBJECT

 public:
  explicit PresetBox(QWidget* parent = nullptr);
  /// The preset that this is, whatever its name, seed, device and kernel; else "Own experiment".
  void showPreset(const core::ExperimentSpec& experiment);

 signals:
  void presetChosen(const QString& name);
  void galleryChosen();  ///< "Gallery…": presets with pictures, and one's own

 private:
  void addNames(const std::vector<std::string>& names);

  int m_shown = 0;
};

}  // namespace anchorlens::widgets
