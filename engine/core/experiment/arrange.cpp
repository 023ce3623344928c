// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment/document.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>
#include <vector>

namespace anchorlens::core {
namespace {

/// Index of a member or item; the size of `json` when it has no such.
std::size_t indexOf(const Json& json, std::string_view step) {
  std::size_t index = 0;
  if (json.is_array()) {
    std::from_chars(step.data(), step.data() + step.size(), index);
    return std::min(index, json.size());
  }
  for (const auto& [key, value] : json.items()) {
    if (pointerStep(key) == step)
      return index;
    ++index;
  }
  return index;
}

/// Indices on the way from the root to `pointer`: compared, they give the order of the document.
std::vector<std::size_t> placeOf(const Json& document, std::string_view pointer) {
  std::vector<std::size_t> place;
  const Json* json = &document;
  while (!pointer.empty() && json->is_structured()) {
    pointer.remove_prefix(1);
    const std::string_view step = pointer.substr(0, pointer.find('/'));
    pointer.remove_prefix(step.size());
    const std::size_t index = indexOf(*json, step);
    place.push_back(index);
    if (index == json->size())
      break;
    json = &*std::next(json->begin(), static_cast<std::ptrdiff_t>(index));
  }
  return place;
}

}  // namespace

void arrange(SpecErrors& errors, std::size_t total, const Json& document) {
  std::vector<std::pair<std::vector<std::size_t>, SpecError>> placed;
  for (SpecError& error : errors) {
    auto place = placeOf(document, error.pointer);
    placed.emplace_back(std::move(place), std::move(error));
  }
  std::stable_sort(placed.begin(), placed.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  errors.clear();
  for (auto& [place, error] : placed) {
    if (errors.size() == kMaxSpecErrors)
      break;
    errors.push_back(std::move(error));
  }
  if (total > errors.size())
    errors.push_back({"", "and " + std::to_string(total - errors.size()) + " more errors"});
}

}  // namespace anchorlens::core
