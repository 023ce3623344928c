// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string_view>

namespace anchorlens::core {

/// A resource file that is built into the program.
struct EmbeddedText {
  std::string_view name;  ///< the file's name without its ending
  std::string_view text;
};

/// Made at build time by cmake/EmbedFiles.cmake, in the order of the sources.cmake that embeds it.
std::span<const EmbeddedText> embeddedPresets();
std::span<const EmbeddedText> embeddedExamples();
std::span<const EmbeddedText> embeddedStudies();

}  // namespace anchorlens::core
