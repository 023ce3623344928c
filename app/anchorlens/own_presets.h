// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment_json.h"

#include <QString>

#include <filesystem>
#include <vector>

namespace anchorlens::app {

/// One's own presets: experiment files in one folder, each under the preset's name. Every call
/// reads the folder anew; what cannot be read is listed with the reason.
class OwnPresets {
 public:
  struct Entry {
    QString name;
    std::filesystem::path file;
    core::Expected<core::ExperimentSpec, core::SpecErrors> spec;
  };

  explicit OwnPresets(std::filesystem::path folder) : m_folder(std::move(folder)) {}

  /// By name. A folder that is missing holds none.
  std::vector<Entry> list() const;
  /// Each returns why it cannot be done, or nothing. Names that are taken are not overwritten.
  QString save(const QString& name, core::ExperimentSpec spec) const;
  QString rename(const QString& name, const QString& new_name) const;
  QString remove(const QString& name) const;

 private:
  std::filesystem::path fileOf(const QString& name) const;
  QString whyNotFree(const QString& name) const;

  std::filesystem::path m_folder;
};

}  // namespace anchorlens::app
