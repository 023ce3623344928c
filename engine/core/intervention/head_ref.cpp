// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/head_ref.h"

#include <charconv>

namespace anchorlens::core {
namespace {

std::string rangeText(int count) {
  return count == 1 ? "0" : "0 to " + std::to_string(count - 1);
}

bool isInside(int value, int count) {
  return value >= 0 && value < count;
}

}  // namespace

std::string headText(const HeadRef& head) {
  return std::to_string(head.layer) + "." + std::to_string(head.head);
}

std::optional<HeadRef> parseHead(std::string_view text) {
  HeadRef head;
  const char* end = text.data() + text.size();
  const auto layer = std::from_chars(text.data(), end, head.layer);
  if (layer.ec != std::errc{} || layer.ptr == end || *layer.ptr != '.') {
    return std::nullopt;
  }
  const auto number = std::from_chars(layer.ptr + 1, end, head.head);
  if (number.ec != std::errc{} || number.ptr != end || head.layer < 0 || head.head < 0) {
    return std::nullopt;
  }
  return head;
}

std::optional<std::string> whyNoSuchHead(const ModelSpec& model, const HeadRef& head) {
  if (isInside(head.layer, model.n_layers) && isInside(head.head, model.n_heads)) {
    return std::nullopt;
  }
  return "There is no head " + headText(head) + ": layers are " + rangeText(model.n_layers) +
         ", heads " + rangeText(model.n_heads) + ".";
}

}  // namespace anchorlens::core
