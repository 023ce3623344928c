// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/experiment.h"
#include "engine/core/language/language.h"

#include <string>
#include <string_view>

namespace anchorlens::core {

/// Collects what is wrong with a task.
class ErrorList {
 public:
  void add(std::string pointer, std::string message) { add(std::move(pointer), message, {}); }
  /// With the columns of a text at the pointer.
  void add(std::string pointer, std::string message, const TextSpan& span);
  void add(std::string pointer, const LanguageError& error);
  bool isEmpty() const { return m_errors.empty(); }
  std::size_t size() const { return m_errors.size(); }
  /// In the order of the document.
  SpecErrors take() &&;

 private:
  SpecErrors m_errors;
};

/// "/task/forms/0/pattern": names are escaped as JSON pointers want it.
std::string pointerTo(std::string_view part, std::size_t index, std::string_view field = {});
std::string pointerTo(std::string_view part, std::string_view name);
std::string escaped(std::string_view name);

/// Checks intervals of tokens: none empty, reversed, or outside 1..d_vocab-1. `what` starts the
/// sentences: "Noise", "Key x".
bool checkIntervals(const Intervals& intervals, const std::string& pointer, const std::string& what,
                    int d_vocab, ErrorList& errors);
/// One token: within 1..d_vocab-1.
bool checkToken(int token, const std::string& pointer, const std::string& what, int d_vocab,
                ErrorList& errors);

/// "A", "A and B", "A, B and C"
std::string listText(const std::vector<std::string>& words);
/// "1 token", "9 tokens"
std::string plural(std::int64_t n, const std::string& word);

}  // namespace anchorlens::core
