// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/describe.h"

#include "engine/core/language/language.h"
#include "engine/core/task/error_list.h"

#include <algorithm>
#include <map>
#include <vector>

namespace anchorlens::core {
namespace {

/// Parts that are named one by one; of more it is said how many there are.
constexpr std::size_t kMostNamed = 12;

std::string listed(const std::vector<std::string>& parts, const std::string& last_word) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    text += i == 0 ? "" : i + 1 == parts.size() ? " " + last_word + " " : ", ";
    text += parts[i];
  }
  return text;
}

std::string intervalsText(const Intervals& intervals) {
  std::vector<std::string> parts;
  for (const Interval& interval : intervals) {
    parts.push_back(interval.first == interval.last
                        ? std::to_string(interval.first)
                        : std::to_string(interval.first) + ".." + std::to_string(interval.last));
  }
  return listed(parts, "or");
}

std::string combinationText(const std::map<std::string, int>& values) {
  std::vector<std::string> parts;
  for (const auto& [name, token] : values) {
    parts.push_back(name + "=" + std::to_string(token));
  }
  return listed(parts, "and");
}

/// Conditions, each completing "sequences in which ...". Rules of one kind share their words.
class RuleWords {
 public:
  void operator()(const ResidueRule& rule) {
    const std::string key = rule.key == "answer" ? "key of the answer" : rule.key;
    m_conditions.push_back("(" + key + " - position) mod " + std::to_string(rule.modulus) + " is " +
                           std::to_string(rule.remainder));
    m_last = Kind::Other;
  }
  void operator()(const KeysRule& rule) {
    const std::string anchor = "anchor " + std::to_string(rule.anchor);
    m_conditions.push_back(
        m_last == Kind::Keys ? anchor + " to one in " + intervalsText(rule.intervals)
                             : anchor + " is applied to a key in " + intervalsText(rule.intervals));
    m_last = Kind::Keys;
  }
  void operator()(const PredicateRule& rule) {
    const auto expression = parseExpression(rule.expression);
    m_conditions.push_back((expression ? printExpression(*expression) : rule.expression) + " is 0");
    m_last = Kind::Other;
  }
  void operator()(const AnchorsRule& rule) {
    const std::string words = rule.values.size() == 1 ? "the anchor is " : "the anchors are ";
    const Kind kind = rule.values.size() == 1 ? Kind::Anchor : Kind::Anchors;
    m_conditions.push_back((m_last == kind ? "" : words) + combinationText(rule.values));
    m_last = kind;
  }
  void operator()(const LengthRule& rule) {
    std::vector<std::string> lengths;
    for (const int length : rule.lengths) {
      lengths.push_back(std::to_string(length));
    }
    m_conditions.push_back("the length is " + listed(lengths, "or"));
    m_last = Kind::Other;
  }

  std::string text() const {
    std::vector<std::string> named = m_conditions;
    if (named.size() > kMostNamed) {
      const std::size_t left = named.size() - kMostNamed + 1;
      named.resize(kMostNamed - 1);
      named.push_back("one of " + std::to_string(left) + " further rules holds");
    }
    std::string text;
    for (std::size_t i = 0; i < named.size(); ++i) {
      text += i == 0 ? "" : i + 1 == named.size() ? ", or " : ", ";
      text += named[i];
    }
    return text;
  }

 private:
  enum class Kind { Other, Keys, Anchor, Anchors };
  std::vector<std::string> m_conditions;
  Kind m_last = Kind::Other;
};

}  // namespace

std::string heldOutSentence(const TaskSpec& spec) {
  if (spec.held_out.empty()) {
    return "Nothing is held out for test.";
  }
  RuleWords words;
  for (const HeldOutRule& rule : spec.held_out) {
    std::visit(words, rule);
  }
  return "Held out for test: sequences in which " + words.text() + ".";
}

}  // namespace anchorlens::core
