// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment.h"

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace anchorlens::core {

/// An attention head; layers and heads count from 0.
struct HeadRef {
  int layer = 0;
  int head = 0;
  auto operator<=>(const HeadRef&) const = default;
};

/// "1.0"
std::string headText(const HeadRef& head);
/// Of a text like that; nothing else is one.
std::optional<HeadRef> parseHead(std::string_view text);

/// "There is no head 3.0: layers are 0 to 1, heads 0."; empty when there is.
std::optional<std::string> whyNoSuchHead(const ModelSpec& model, const HeadRef& head);

}  // namespace anchorlens::core
