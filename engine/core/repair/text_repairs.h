// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/language/language.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace anchorlens::core {

/// A text of the language that might be what a broken one was meant to be.
struct TextRepair {
  std::string label;  ///< "Write 3 x", "Remove ,", "Add )"
  std::string text;
};

enum class TextPlace { Pattern, Operation, Predicate };

/// Texts that parse, the likeliest first. `error` is what the parser says of `text`.
std::vector<TextRepair> textRepairs(TextPlace place, const std::string& text,
                                    const LanguageError& error);
/// What the parser says; empty when the text is in the language.
std::optional<LanguageError> languageError(TextPlace place, std::string_view text);

/// `text` with every token `name` replaced; names are whole tokens.
std::string withName(std::string_view text, TextKind kind, std::string_view name,
                     std::string_view other);

}  // namespace anchorlens::core
