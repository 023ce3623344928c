// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/export/figure_material.h"

#include <QString>
#include <QStringList>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// What figures of studies show: read from a folder, and asked for by options of `anchorlens
/// render`.
namespace anchorlens::app {

class ViewOptions;

/// All numbers of a study's folder, emergence by `thresholds`. One thread.
Found<std::shared_ptr<const core::StudyData>> readStudyData(
    const std::filesystem::path& folder, const core::LabelThresholds& thresholds);

/// Options of the command line, with the view's defaults.
struct StudyOptions {
  std::string number = "accuracy Test";
  std::string x, y;                ///< labels of axes; empty: the first, the second; "none"
  std::vector<std::string> fixed;  ///< "label=value"
  double grey_below = 90;          ///< per cent; 0: none
  std::vector<std::size_t> settings;
  std::vector<std::string> groups{"Train", "Test"};
};
void declareStudyOptions(ViewOptions& own, StudyOptions& options);
/// What the options say of a study; the error names what there is.
Found<StudyChoice> studyChoice(std::shared_ptr<const core::StudyData> data,
                               const StudyOptions& options, std::optional<std::int64_t> step);
/// The words that say the same, as they are.
QStringList phaseWords(const StudyChoice& study);
QStringList curveWords(const StudyChoice& study);

}  // namespace anchorlens::app
