// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/token_set.h"

#include <algorithm>

namespace anchorlens::core {

TokenSet::TokenSet(std::vector<std::int32_t> tokens) : m_tokens(std::move(tokens)) {
  std::sort(m_tokens.begin(), m_tokens.end());
  m_tokens.erase(std::unique(m_tokens.begin(), m_tokens.end()), m_tokens.end());
  m_is_range = m_tokens.empty() || max() - min() + 1 == size();
}

TokenSet TokenSet::of(const Intervals& intervals) {
  std::vector<std::int32_t> tokens;
  for (const auto& interval : intervals) {
    for (int token = interval.first; token <= interval.last; ++token) {
      tokens.push_back(token);
    }
  }
  return TokenSet(std::move(tokens));
}

int TokenSet::indexOf(std::int64_t token) const {
  if (m_tokens.empty() || token < min() || token > max()) {
    return -1;
  }
  if (m_is_range) {
    return static_cast<int>(token - min());
  }
  const auto found = std::lower_bound(m_tokens.begin(), m_tokens.end(), token);
  return *found == token ? static_cast<int>(found - m_tokens.begin()) : -1;
}

bool TokenSet::meets(const TokenSet& other) const {
  const TokenSet& small = size() < other.size() ? *this : other;
  const TokenSet& large = size() < other.size() ? other : *this;
  return std::any_of(small.m_tokens.begin(), small.m_tokens.end(),
                     [&](std::int32_t token) { return large.contains(token); });
}

TokenSet TokenSet::widened(int by) const {
  std::vector<std::int32_t> tokens;
  for (const std::int32_t token : m_tokens) {
    const std::int32_t from = tokens.empty() ? token : std::max(token, tokens.back() + 1);
    for (std::int32_t t = from; t <= token + by; ++t) {
      tokens.push_back(t);
    }
  }
  return TokenSet(std::move(tokens));
}

std::string TokenSet::text() const {
  std::string text;
  for (std::size_t i = 0; i < m_tokens.size();) {
    std::size_t end = i;
    while (end + 1 < m_tokens.size() && m_tokens[end + 1] == m_tokens[end] + 1) {
      ++end;
    }
    text += text.empty() ? "" : ", ";
    text += std::to_string(m_tokens[i]);
    if (end == i + 1) {
      text += ", " + std::to_string(m_tokens[end]);
    } else if (end > i) {
      text += ".." + std::to_string(m_tokens[end]);
    }
    i = end + 1;
  }
  return text.empty() ? "nothing" : text;
}

}  // namespace anchorlens::core
