// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/preset_box.h"

#include "engine/core/experiment_json.h"

#include <algorithm>
#include <utility>

namespace anchorlens::widgets {

namespace {
const QString kGallery = QStringLiteral("/gallery");  // no name of a preset
}  // namespace

PresetBox::PresetBox(QWidget* parent) : QComboBox(parent) {
  setAccessibleName(tr("Preset"));
  setToolTip(tr("Replaces the draft; undo brings it back"));
  setFocusPolicy(Qt::TabFocus);
  setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  setMaxVisibleItems(24);
  addItem(tr("Own experiment"), QString());
  addNames(core::presetNames());
  insertSeparator(count());
  addNames(core::exampleNames());
  insertSeparator(count());
  addItem(tr("Gallery…"), kGallery);
  connect(this, &QComboBox::activated, this, [this] {
    const QString name = currentData().toString();
    setCurrentIndex(m_shown);
    if (name == kGallery)
      emit galleryChosen();
    else if (!name.isEmpty())
      emit presetChosen(name);
  });
}

void PresetBox::addNames(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    QString text = QString::fromStdString(name).replace(QLatin1Char('-'), QLatin1Char(' '));
    text[0] = text[0].toUpper();
    addItem(text, QString::fromStdString(name));
  }
}

void PresetBox::showPreset(const core::ExperimentSpec& experiment) {
  static const auto presets = [] {
    std::vector<std::pair<QString, core::ExperimentSpec>> all;
    for (const auto& names : {core::presetNames(), core::exampleNames()}) {
      for (const std::string& name : names)
        all.emplace_back(QString::fromStdString(name), core::preset(name));
    }
    return all;
  }();
  const auto found = std::find_if(presets.begin(), presets.end(), [&](const auto& preset) {
    core::ExperimentSpec same = preset.second;
    same.name = experiment.name;
    same.training.device = experiment.training.device;
    same.training.seed = experiment.training.seed;
    same.training.kernel = experiment.training.kernel;
    return same == experiment;
  });
  m_shown = found == presets.end() ? 0 : findData(found->first);
  setCurrentIndex(m_shown);
}

}  // namespace anchorlens::widgets
