// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment/suggest.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>

namespace anchorlens::core {
namespace {

constexpr std::size_t kLongestName = 64;  // longer ones are no typing errors

/// Insertions, deletions, replacements and swaps of neighbours that turn one text into the other.
std::size_t editDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t cost = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + cost});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

std::string lowerCase(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

/// `lr` for `learning_rate`
std::string initials(std::string_view name) {
  std::string text;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (i == 0 || name[i - 1] == '_')
      text += name[i];
  }
  return text;
}

}  // namespace

std::string nearestName(std::string_view as_typed, const std::vector<std::string>& names) {
  if (as_typed.empty() || as_typed.size() > kLongestName)
    return {};
  const std::string typed = lowerCase(as_typed);
  const std::string* nearest = nullptr;
  std::size_t best = std::max<std::size_t>(1, typed.size() / 3) + 1;
  for (const std::string& name : names) {
    const std::size_t distance = editDistance(typed, name);
    if (distance < best) {
      best = distance;
      nearest = &name;
    }
  }
  if (nearest)
    return *nearest;
  const auto containing = std::find_if(names.begin(), names.end(), [&](const std::string& name) {
    return typed.size() >= 3 ? name.find(typed) != std::string::npos
                             : typed.size() == 2 && initials(name) == typed;
  });
  return containing == names.end() ? std::string() : *containing;
}

std::string quotedList(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names)
    list += (list.empty() ? "\"" : ", \"") + name + "\"";
  return list;
}

std::string suggestion(std::string_view typed, const std::vector<std::string>& names) {
  const std::string nearest = nearestName(typed, names);
  return nearest.empty() ? "; expected one of " + quotedList(names)
                         : "; did you mean \"" + nearest + "\"?";
}

}  // namespace anchorlens::core
