// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment/json_text.h"
#include "engine/core/study.h"

#include <string>
#include <string_view>
#include <vector>

/// How the runs of a study are called.
namespace anchorlens::core {

/// What stands at a pointer; null when there is nothing.
const Json* fieldAt(const Json& document, const std::string& pointer);

/// Short names of fields: the last steps of their pointers, as many as it takes to tell them apart
/// from each other and from `taken`: "n_layers", "data.seed", "keys.x.0.1".
std::vector<std::string> fieldLabels(const std::vector<StudyAxis>& axes,
                                     const std::vector<std::string>& taken);

/// A JSON text for people: without quotes, cut off after 40 characters.
std::string valueText(const std::string& json_text);

/// Letters, digits, "." "-" "+" of a text; the rest becomes "-". At most 24 of them.
std::string fileNamePart(std::string_view text);

/// At most `bytes` of UTF-8 text.
std::string cutText(std::string text, std::size_t bytes);

/// The texts of one member; `document` is the base's.
StudyMember makeMember(const StudyPlan& plan, const Json& document, std::size_t index,
                       std::size_t count, std::size_t setting, std::optional<std::uint64_t> seed);

}  // namespace anchorlens::core
