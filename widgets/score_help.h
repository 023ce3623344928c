// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/scores.h"

#include <QString>

#include <optional>

/// What the scores of heads are, in a line or two for tooltips: the formula and the chance level of
/// docs/scores.md, with the numbers where they are known.
namespace anchorlens::widgets {

/// "Lift (s - c) / (1 - c), s: ..., c: ...": of a label, without numbers.
QString scoreFormula(core::Label label);

/// "Lift (0.91 - 0.11) / (1 - 0.11) = 0.90"
QString liftText(const core::Score& score);

/// The score that a label goes by; empty where the task or the probe has none.
std::optional<core::Score> scoreOf(const core::HeadScores& scores, core::Label label);

/// The formula, and liftText() of a head.
QString scoreHelp(core::Label label, const core::HeadScores& scores);

}  // namespace anchorlens::widgets
