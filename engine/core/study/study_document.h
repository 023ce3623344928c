// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment/migration.h"
#include "engine/core/study.h"

#include <string_view>

namespace anchorlens::core {

/// The study file's own history; its base has the experiment's.
FormatHistory studyHistory();

/// parseStudy with another history: for tests of migrations.
Expected<StudySpec, SpecErrors> parseStudy(std::string_view json_text,
                                           const FormatHistory& history);

/// Every field, "format" and "format_version" first.
Json toDocument(const StudySpec& study);

}  // namespace anchorlens::core
