// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment.h"
#include "engine/core/experiment/json_text.h"

#include <string>
#include <vector>

namespace anchorlens::core {

/// The document that setFields() reads: where its errors point to, and the texts that their
/// columns count in.
Json assignedDocument(const ExperimentSpec& spec, const std::vector<std::string>& assignments);

}  // namespace anchorlens::core
