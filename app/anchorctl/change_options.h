// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/intervention.h"

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

/// --change "5000: ablate 1.0": what is changed in a training while it goes on.
namespace anchorlens::ctl {

void addChange(CLI::App& command, std::vector<std::string>& texts);

/// Ascending by step, those without one first; empty, with all errors printed, when they are
/// wrong. `spec` null: what they are for is not known yet.
std::optional<std::vector<core::Intervention>> readChanges(const std::vector<std::string>& texts,
                                                           const core::ExperimentSpec* spec);

}  // namespace anchorlens::ctl
