// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/experiment/json_text.h"

#include <span>

namespace anchorlens::core {

/// Turns a document of format_version `from` into one of from + 1. It may rely on nothing: the
/// document has not been checked yet, and what the step cannot read it leaves to the reader.
struct Migration {
  int from = 0;
  void (*apply)(Json& document) = nullptr;
};

inline constexpr const char* kExperimentFormat = "anchorlens-experiment";

/// A format by its newest version and the steps from older ones.
struct FormatHistory {
  int current = 1;
  std::span<const Migration> steps;
  const char* format = kExperimentFormat;
  const char* what = "an experiment";  ///< in messages
};

/// The experiment file's own history.
FormatHistory experimentHistory();

/// Checks "format" and "format_version", takes the document to the newest version and the two
/// fields out of it. False, with errors, when it is no such document or from a newer program.
bool migrate(Json& document, const FormatHistory& history, SpecErrors& errors);

}  // namespace anchorlens::core
