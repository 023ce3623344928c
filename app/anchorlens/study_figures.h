// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/figure.h"

#include <QString>
#include <QStringList>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

/// Figures of studies: read from a folder, and asked for by options of `anchorlens render`.
namespace anchorlens::app {

/// All numbers of a study's folder. One thread.
core::Expected<std::shared_ptr<const core::StudyData>, QString> readStudyData(
    const std::filesystem::path& folder);

/// The same bytes whoever asks: nothing in it but the study and what is chosen.
widgets::FigureRequest studyRequest(const std::filesystem::path& folder,
                                    const widgets::StudyFigure& study, widgets::FigureItem item,
                                    const widgets::FigureStyle& style);

/// Options of the command line, with the view's defaults.
struct StudyOptions {
  std::string number = "accuracy Test";
  std::string x, y;                ///< labels of axes; empty: the first, the second; "none"
  std::vector<std::string> fixed;  ///< "label=value"
  double grey_below = 90;          ///< per cent; 0: none
  std::vector<std::size_t> settings;
  std::vector<std::string> groups{"Train", "Test"};
};
void declareStudyOptions(CLI::App& app, StudyOptions& options);
/// What the options say of a study; the error names what there is.
core::Expected<widgets::StudyFigure, QString> studyFigure(
    std::shared_ptr<const core::StudyData> data, const StudyOptions& options,
    std::optional<std::int64_t> step);
/// The words that say the same.
QStringList studyWords(const widgets::StudyFigure& study, widgets::FigureItem item);

}  // namespace anchorlens::app
