// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment/rules.h"

#include <optional>
#include <string_view>

/// Checks of the texts in an experiment file, for TextRule. Empty when the text is right.
namespace anchorlens::core {

std::optional<TextProblem> checkName(std::string_view text);
std::optional<TextProblem> checkPattern(std::string_view text);
std::optional<TextProblem> checkOperation(std::string_view text);
std::optional<TextProblem> checkPredicate(std::string_view text);
/// A key variable, or "answer".
std::optional<TextProblem> checkResidueKey(std::string_view text);
std::optional<TextProblem> checkVariable(std::string_view text);
/// auto, cpu, cuda, cuda:N
std::optional<TextProblem> checkDevice(std::string_view text);
std::optional<TextProblem> checkKernel(std::string_view text);

}  // namespace anchorlens::core
