// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/repair/candidates.h"

#include "engine/core/experiment/limits.h"
#include "engine/core/language/language.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

namespace anchorlens::core {
namespace {

std::vector<std::string> stepsOf(std::string_view pointer) {
  std::vector<std::string> steps;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const std::string_view step = pointer.substr(0, pointer.find('/'));
    pointer.remove_prefix(step.size());
    std::string text;
    for (std::size_t i = 0; i < step.size(); ++i) {
      const bool is_escape = step[i] == '~' && i + 1 < step.size();
      text += is_escape ? (step[++i] == '1' ? '/' : '~') : step[i];
    }
    steps.push_back(std::move(text));
  }
  return steps;
}

void addTokens(const Sequence& items, std::set<int>& tokens) {
  for (const Item& item : items) {
    if (item.kind == Item::Kind::Token) {
      tokens.insert(item.token);
    }
    for (const Sequence& block : item.blocks) {
      addTokens(block, tokens);
    }
  }
}

/// Anchors and literals; not what ranges hold.
std::set<int> namedTokens(const TaskSpec& task) {
  std::set<int> tokens;
  for (const AnchorSpec& anchor : task.anchors) {
    tokens.insert(anchor.token);
  }
  for (const FormSpec& form : task.forms) {
    for (const auto& [name, list] : form.anchors) {
      tokens.insert(list.begin(), list.end());
    }
    if (const auto pattern = parsePattern(form.pattern)) {
      addTokens(pattern->items, tokens);
    }
  }
  return tokens;
}

bool isIn(const Intervals& intervals, int token) {
  return std::any_of(intervals.begin(), intervals.end(), [&](const Interval& interval) {
    return interval.first <= token && token <= interval.last;
  });
}

std::vector<std::string> namesOf(std::string_view pattern, TextToken::Kind kind) {
  std::vector<std::string> names;
  for (const TextToken& token : tokenize(pattern)) {
    const auto begin = static_cast<std::size_t>(token.span.begin);
    const auto length = static_cast<std::size_t>(token.span.end - token.span.begin);
    std::string name(pattern.substr(begin, length));
    if (token.kind == kind && !token.in_target &&
        std::find(names.begin(), names.end(), name) == names.end()) {
      names.push_back(std::move(name));
    }
  }
  return names;
}

}  // namespace

Candidates::Candidates(const ExperimentSpec& spec, const SpecError& error)
    : m_spec(spec), m_error(error), m_steps(stepsOf(error.pointer)) {}

bool Candidates::isAt(std::string_view pattern) const {
  return stepsOf(pattern).size() == m_steps.size() && isUnder(pattern);
}

bool Candidates::isUnder(std::string_view pattern) const {
  const std::vector<std::string> wanted = stepsOf(pattern);
  return wanted.size() <= m_steps.size() &&
         std::equal(wanted.begin(), wanted.end(), m_steps.begin(),
                    [](const auto& a, const auto& b) { return a == "*" || a == b; });
}

std::string Candidates::step(std::size_t i) const {
  return i < m_steps.size() ? m_steps[i] : std::string();
}

std::size_t Candidates::index(std::size_t i, std::size_t size) const {
  const std::string text = step(i);
  std::size_t value = size;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  return result.ec == std::errc() && value < size ? value : size;
}

std::optional<std::int64_t> Candidates::numberAfter(std::string_view part) const {
  const std::size_t at = message().find(part);
  if (at == std::string::npos) {
    return std::nullopt;
  }
  std::int64_t value = 0;
  const char* end = message().data() + message().size();
  const auto result = std::from_chars(message().data() + at + part.size(), end, value);
  return result.ec == std::errc() ? std::optional(value) : std::nullopt;
}

int largestToken(const TaskSpec& task) {
  const std::set<int> named = namedTokens(task);
  int largest = named.empty() ? 0 : *named.rbegin();
  const auto take = [&](const Intervals& intervals) {
    for (const Interval& interval : intervals) {
      largest = std::max({largest, interval.first, interval.last});
    }
  };
  take(task.noise);
  for (const auto& [name, intervals] : task.keys) {
    take(intervals);
  }
  return largest;
}

int freeToken(const TaskSpec& task) {
  const std::set<int> named = namedTokens(task);
  for (int token = 1; token < task.d_vocab; ++token) {
    const bool is_key = std::any_of(task.keys.begin(), task.keys.end(),
                                    [&](const auto& key) { return isIn(key.second, token); });
    if (!is_key && !isIn(task.noise, token) && !named.contains(token)) {
      return token;
    }
  }
  return 0;
}

void addVocabulary(Candidates& candidates, std::int64_t largest) {
  const std::int64_t size = std::max<std::int64_t>(largest, 1) + 1;
  if (size <= limits::kVocabulary && size > candidates.task().d_vocab) {
    candidates.add("Vocabulary " + std::to_string(size),
                   [&](ExperimentSpec& next) { next.task.d_vocab = static_cast<int>(size); });
  }
}

void setLength(ExperimentSpec& spec, int length) {
  std::vector<int>& lengths = spec.task.seq_len;
  if (lengths.size() > 1) {
    *std::max_element(lengths.begin(), lengths.end()) = length;
  } else {
    lengths = {length};
  }
  spec.model.n_ctx = std::max(spec.model.n_ctx, length);
}

void dropUnusedKeys(TaskSpec& task) {
  std::set<std::string> used;
  for (const FormSpec& form : task.forms) {
    if (!parsePattern(form.pattern)) {
      return;
    }
    for (std::string& name : keysOf(form.pattern)) {
      used.insert(std::move(name));
    }
  }
  std::erase_if(task.keys, [&](const auto& key) { return !used.contains(key.first); });
}

std::vector<std::string> keysOf(std::string_view pattern) {
  return namesOf(pattern, TextToken::Kind::Key);
}

std::vector<std::string> anchorsOf(std::string_view pattern) {
  return namesOf(pattern, TextToken::Kind::Anchor);
}

}  // namespace anchorlens::core
