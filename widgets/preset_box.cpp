// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/preset_box.h"

#include "engine/core/experiment_json.h"

#include <algorithm>
#include <utility>

namespace anchorlens::widgets {

namespace {
const QString kGallery = QStringLiteral("/gallery");  // no name of a preset
}  // namespace

bool isShippedPreset(const QString& name) {
  for (const auto& names : {core::presetNames(), core::exampleNames()}) {
    if (std::find(names.begin(), names.end(), name.toStdString()) != names.end())
      return true;
  }
  return false;
}

PresetBox::PresetBox(QWidget* parent) : QComboBox(parent) {
  setAccessibleName(tr("Preset"));
  setToolTip(tr("Replaces the draft; undo brings it back"));
  setFocusPolicy(Qt::TabFocus);
  setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  setMaxVisibleItems(24);
  fill();
  connect(this, &QComboBox::activated, this, [this] {
    const QString name = currentData().toString();
    setCurrentIndex(m_shown);
    if (name == kGallery)
      emit galleryChosen();
    else if (!name.isEmpty())
      emit presetChosen(name);
  });
}

void PresetBox::fill() {
  clear();
  addItem(tr("Own experiment"), QString());
  for (const OwnPreset& own : m_own)
    addItem(own.name, own.name);
  if (!m_own.empty())
    insertSeparator(count());
  addNames(core::presetNames());
  insertSeparator(count());
  addNames(core::exampleNames());
  insertSeparator(count());
  addItem(tr("Gallery…"), kGallery);
}

void PresetBox::setOwnPresets(const std::vector<OwnPreset>& presets) {
  m_own = presets;
  std::erase_if(m_own, [](const OwnPreset& own) { return isShippedPreset(own.name); });
  fill();
  m_shown = 0;
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
  const auto is_this = [&](core::ExperimentSpec same) {
    same.name = experiment.name;
    same.training.device = experiment.training.device;
    same.training.seed = experiment.training.seed;
    same.training.kernel = experiment.training.kernel;
    return same == experiment;
  };
  QString name;
  for (const auto& [shipped, spec] : presets) {
    if (name.isEmpty() && is_this(spec))
      name = shipped;
  }
  for (const OwnPreset& own : m_own) {
    if (name.isEmpty() && is_this(own.spec))
      name = own.name;
  }
  m_shown = name.isEmpty() ? 0 : findData(name);
  setCurrentIndex(m_shown);
}

}  // namespace anchorlens::widgets
