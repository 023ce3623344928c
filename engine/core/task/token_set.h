// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment.h"

#include <cstdint>
#include <string>
#include <vector>

namespace anchorlens::core {

/// An index for the standard containers; the plan counts in int.
inline std::size_t at(int i) {
  return static_cast<std::size_t>(i);
}
inline int toInt(std::size_t n) {
  return static_cast<int>(n);
}

/// A set of tokens, in ascending order.
class TokenSet {
 public:
  TokenSet() = default;
  /// In any order, repetitions allowed.
  explicit TokenSet(std::vector<std::int32_t> tokens);
  /// Intervals must not be reversed; they may overlap.
  static TokenSet of(const Intervals& intervals);

  int size() const { return toInt(m_tokens.size()); }
  bool isEmpty() const { return m_tokens.empty(); }
  std::int32_t min() const { return m_tokens.front(); }
  std::int32_t max() const { return m_tokens.back(); }
  std::int32_t operator[](std::uint32_t i) const { return m_tokens[i]; }
  const std::vector<std::int32_t>& tokens() const { return m_tokens; }
  bool isRange() const { return m_is_range; }
  bool contains(std::int64_t token) const { return indexOf(token) >= 0; }
  /// -1 when the token is not in the set.
  int indexOf(std::int64_t token) const;
  bool meets(const TokenSet& other) const;
  /// Every token t becomes t + 0 .. t + by.
  TokenSet widened(int by) const;
  /// "20..100", "1, 2, 5..9"
  std::string text() const;

 private:
  std::vector<std::int32_t> m_tokens;
  bool m_is_range = true;
};

}  // namespace anchorlens::core
