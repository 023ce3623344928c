// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment/embedded_text.h"
#include "engine/core/study.h"

namespace anchorlens::core {

std::vector<std::string> studyNames() {
  std::vector<std::string> names;
  for (const EmbeddedText& text : embeddedStudies())
    names.emplace_back(text.name);
  return names;
}

std::string_view studyText(std::string_view name) {
  for (const EmbeddedText& text : embeddedStudies()) {
    if (text.name == name)
      return text.text;
  }
  return {};
}

}  // namespace anchorlens::core
