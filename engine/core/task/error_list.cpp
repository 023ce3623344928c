// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/error_list.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

namespace anchorlens::core {
namespace {

constexpr std::array<std::string_view, 9> kParts{
    "seq_len", "d_vocab", "noise", "keys", "anchors", "forms", "held_out", "relabel", ""};

/// Place in the document: the part of the task, then the number in it.
std::pair<std::size_t, long> placeOf(const std::string& pointer) {
  const std::string_view task = "/task/";
  if (!pointer.starts_with(task)) {
    return {kParts.size(), 0};
  }
  const std::string rest = pointer.substr(task.size());
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  const auto part = std::find(kParts.begin(), kParts.end(), rest.substr(0, slash));
  const long index = slash < rest.size() ? std::strtol(rest.c_str() + slash + 1, nullptr, 10) : -1;
  return {static_cast<std::size_t>(part - kParts.begin()), index};
}

}  // namespace

void ErrorList::add(std::string pointer, std::string message, const TextSpan& span) {
  m_errors.push_back({std::move(pointer), std::move(message), span.begin, span.end - span.begin});
}

void ErrorList::add(std::string pointer, const LanguageError& error) {
  m_errors.push_back({std::move(pointer), error.message, error.column, error.length});
}

SpecErrors ErrorList::take() && {
  std::stable_sort(m_errors.begin(), m_errors.end(), [](const SpecError& a, const SpecError& b) {
    return placeOf(a.pointer) < placeOf(b.pointer);
  });
  return std::move(m_errors);
}

std::string escaped(std::string_view name) {
  std::string text;
  for (const char c : name) {
    text += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  }
  return text;
}

std::string pointerTo(std::string_view part, std::size_t index, std::string_view field) {
  std::string pointer = "/task/" + std::string(part) + "/" + std::to_string(index);
  return field.empty() ? pointer : pointer + "/" + std::string(field);
}

std::string pointerTo(std::string_view part, std::string_view name) {
  return "/task/" + std::string(part) + "/" + escaped(name);
}

bool checkToken(int token, const std::string& pointer, const std::string& what, int d_vocab,
                ErrorList& errors) {
  if (token >= 1 && token < d_vocab) {
    return true;
  }
  const std::string is = what + " is " + std::to_string(token) + ". ";
  errors.add(pointer, token == 0  ? is + "Token 0 is padding: tokens start at 1."
                      : token < 0 ? is + "Tokens start at 1."
                                  : is + "Vocabulary ends at " + std::to_string(d_vocab - 1) + ".");
  return false;
}

bool checkIntervals(const Intervals& intervals, const std::string& pointer, const std::string& what,
                    int d_vocab, ErrorList& errors) {
  if (intervals.empty()) {
    errors.add(pointer, what + " has no tokens: give an interval such as [20, 100].");
    return false;
  }
  const std::size_t before = errors.size();
  for (std::size_t i = 0; i < intervals.size(); ++i) {
    const std::string here = pointer + "/" + std::to_string(i);
    const std::string first = std::to_string(intervals[i].first);
    const std::string last = std::to_string(intervals[i].last);
    if (intervals[i].first > intervals[i].last) {
      errors.add(here, "The interval [" + first + ", " + last + "] is reversed: write [" + last +
                           ", " + first + "].");
    } else if (intervals[i].first < 1) {
      errors.add(here, what + " starts at " + first + ". Token 0 is padding: tokens start at 1.");
    } else if (intervals[i].last >= d_vocab) {
      errors.add(here, what + " goes up to " + last + ". Vocabulary ends at " +
                           std::to_string(d_vocab - 1) + ".");
    }
  }
  return errors.size() == before;
}

std::string listText(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    text += i == 0 ? "" : i + 1 == words.size() ? " and " : ", ";
    text += words[i];
  }
  return text;
}

std::string plural(std::int64_t n, const std::string& word) {
  return std::to_string(n) + " " + word + (n == 1 ? "" : "s");
}

}  // namespace anchorlens::core
