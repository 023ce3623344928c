// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/frame.h"
#include "engine/core/scores.h"
#include "engine/core/task/task.h"
#include "engine/session.h"

#include <nlohmann/json_fwd.hpp>

#include <string>

/// What goes to standard output and standard error.
namespace anchorlens::ctl {

/// "place: message" on standard error; each line of the message is a line of its own.
void printError(const std::string& place, const std::string& message);
/// One line an error: place, pointer, column if there is one, message. `document` is what the
/// pointers lead into; without it the file at `place`.
void printErrors(const std::string& place, const core::SpecErrors& errors,
                 const nlohmann::ordered_json& document);
void printErrors(const std::string& file, const core::SpecErrors& errors);
/// The exit code of an engine's error: kFailed for what could not be written, for numbers that are
/// not finite and for want of memory, else kBadInput.
int exitCode(const engine::EngineError& error);

/// One JSON value and a newline on standard output.
void printJson(const nlohmann::ordered_json& value);
/// null for NaN and infinities.
nlohmann::ordered_json jsonNumber(double value);

/// The totals and groups of an evaluation, as `eval` and `train` print them.
nlohmann::ordered_json metricsJson(const core::Metrics& metrics, const core::Task& task);
/// A table of the same.
std::string metricsTable(const core::Metrics& metrics, const core::Task& task);

/// "0.123", "-" for NaN
std::string fixed(double value, int digits);
/// "12 345"
std::string withSpaces(std::int64_t number);
/// A path as one word of a shell command.
std::string shellWord(const std::string& text);

}  // namespace anchorlens::ctl
