// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/study.h"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <vector>

namespace anchorlens::ctl {

/// A study file with what --set changes in its base, expanded; or what is wrong, in which file or
/// option, and the document that the errors point into.
struct StudyInput {
  std::optional<core::StudyPlan> plan;
  core::SpecErrors errors;
  std::string place;
  nlohmann::ordered_json document;
};

StudyInput readStudyInput(const std::string& file, const std::vector<std::string>& assignments);

/// Whether the file says that it is a study.
bool isStudyFile(const std::string& file);

}  // namespace anchorlens::ctl
