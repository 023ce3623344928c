// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/session.h"

#include <filesystem>
#include <string>
#include <vector>

namespace anchorlens::engine {

/// Where the engine's module may lie, in the order they are tried: `override_path` alone when it
/// is not empty (the environment's ANCHORLENS_ENGINE), else beside the program and in the lib
/// folders of a build tree and of an installation.
std::vector<std::filesystem::path> engineCandidates(const std::filesystem::path& program,
                                                    const std::string& override_path);

/// Opens the first candidate that exists. The module stays open for good.
Result<EngineModule*> openEngineAt(const std::vector<std::filesystem::path>& candidates);

}  // namespace anchorlens::engine
