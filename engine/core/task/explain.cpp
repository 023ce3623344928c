// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/explain.h"

#include "engine/core/language/language.h"
#include "engine/core/task/explain_target.h"
#include "engine/core/task/judge.h"

#include <algorithm>
#include <charconv>
#include <set>

namespace anchorlens::core {
namespace {

/// Says of one rule why it holds a reading out.
class RuleExplainer {
 public:
  RuleExplainer(const TaskPlan& plan, std::size_t rule, const Reading& reading)
      : m_form(plan.forms[at(reading.form)]), m_rule(m_form.rules[rule]), m_reading(reading) {}

  std::string operator()(const ResidueRule& rule) const {
    const std::int64_t* values = m_reading.values.data();
    const int key = m_rule.key == kAnswerKey ? answerKey(m_form, values) : m_rule.key;
    const std::string modulus = " mod " + std::to_string(rule.modulus);
    return "(" + name(key) + " - position)" + modulus + " = (" + value(key) + " - " +
           std::to_string(m_reading.firsts[at(key)]) + ")" + modulus + " = " +
           std::to_string(rule.remainder);
  }

  std::string operator()(const KeysRule& rule) const {
    for (const Application& use : m_form.applications) {
      const std::int64_t key = m_reading.values[at(use.key)];
      for (const Interval& interval : rule.intervals) {
        if (isApplied(use, rule.anchor) && interval.first <= key && key <= interval.last) {
          return "anchor " + std::to_string(rule.anchor) + " with " + name(use.key) + " = " +
                 value(use.key) + ", in " + std::to_string(interval.first) + ".." +
                 std::to_string(interval.last);
        }
      }
    }
    return "anchor " + std::to_string(rule.anchor);
  }

  std::string operator()(const PredicateRule& rule) const {
    const auto expression = parseExpression(rule.expression);
    std::set<std::string> names;
    if (expression) {
      collect(*expression, names);
    }
    std::string with;
    for (const int key : m_form.keys) {
      if (names.contains(name(key))) {
        with += (with.empty() ? " for " : ", ") + name(key) + " = " + value(key);
      }
    }
    return (expression ? printExpression(*expression) : rule.expression) + " = 0" + with;
  }

  std::string operator()(const AnchorsRule& /*rule*/) const {
    std::string text;
    for (const auto& [symbol, token] : m_rule.anchors) {
      text += (text.empty() ? "" : ", ") + name(symbol) + " = " + std::to_string(token);
    }
    return text;
  }

  std::string operator()(const LengthRule& /*rule*/) const {
    return "length " + std::to_string(m_reading.length);
  }

 private:
  std::string name(int symbol) const { return m_form.symbols[at(symbol)].text; }
  std::string value(int symbol) const { return std::to_string(m_reading.values[at(symbol)]); }

  /// As the rule itself looks at it: the arms of match count where they are selected.
  bool isApplied(const Application& use, int anchor) const {
    const std::int64_t* values = m_reading.values.data();
    int arm = 0;
    const bool is_selected =
        use.selector < 0 ||
        (Operations::select(m_form.target.nodes[at(use.selector)], values, arm) == Status::Ok &&
         arm == use.arm);
    return is_selected && tokenOf(use.anchor, values) == anchor;
  }

  static void collect(const Expr& expr, std::set<std::string>& names) {
    if (expr.kind == Expr::Kind::Name) {
      names.insert(expr.name);
    }
    for (const Expr& arg : expr.args) {
      collect(arg, names);
    }
  }

  const FormPlan& m_form;
  const FormRule& m_rule;
  const Reading& m_reading;
};

bool isSeparator(char c) {
  constexpr std::string_view kSeparators = " \t\r\n,;[](){}";
  return kSeparators.find(c) != std::string_view::npos;
}

}  // namespace

std::string Explanation::text() const {
  std::string all;
  const auto add = [&](const std::string& part) {
    all += (all.empty() || part.empty() ? "" : "; ") + part;
  };
  for (const std::string& step : steps) {
    add(step);
  }
  add(taught);
  for (const std::string& rule : held_out) {
    add(rule);
  }
  return all;
}

Expected<Explained, std::string> explain(const Task& task, std::span<const std::int32_t> tokens) {
  const TaskPlan& plan = task.plan();
  auto judged = judgeTokens(plan, tokens);
  if (!judged) {
    return Unexpected(std::move(judged).error());
  }
  Explained explained;
  explained.tokens.assign(tokens.begin(), tokens.end());
  const Reading& reading = judged->reading;
  explained.explanation.steps = targetSteps(plan, reading);
  const FormPlan& form = plan.forms[at(reading.form)];
  for (std::size_t rule = 0; rule < plan.spec.held_out.size(); ++rule) {
    if (isHeldBy(plan, form, rule, reading)) {
      explained.explanation.held_out.push_back(
          "held out: " + std::visit(RuleExplainer(plan, rule, reading), plan.spec.held_out[rule]));
    }
  }
  if (judged->judgement.split == Split::Train) {
    const std::string taught = taughtStep(plan, reading);
    explained.explanation.taught = taught.empty() ? "" : "taught: " + taught;
  }
  explained.judgement = std::move(judged->judgement);
  return explained;
}

Expected<std::vector<std::int32_t>, std::string> readTokens(std::string_view line) {
  std::vector<std::int32_t> tokens;
  for (std::size_t i = 0; i < line.size();) {
    if (isSeparator(line[i])) {
      ++i;
      continue;
    }
    std::size_t end = i;
    while (end < line.size() && !isSeparator(line[end])) {
      ++end;
    }
    const std::string_view word = line.substr(i, std::min<std::size_t>(end - i, 40));
    std::int32_t token = 0;
    const auto read = std::from_chars(word.data(), word.data() + word.size(), token);
    if (read.ec != std::errc() || read.ptr != word.data() + word.size()) {
      return Unexpected("Column " + std::to_string(i) + ": " + std::string(word) +
                        " is no token; expected whole numbers separated by spaces, such as 46 3 "
                        "51.");
    }
    tokens.push_back(token);
    i = end;
  }
  if (tokens.empty()) {
    return Unexpected(std::string("Expected tokens: whole numbers separated by spaces."));
  }
  return tokens;
}

Expected<Explained, std::string> explainLine(const Task& task, std::string_view line) {
  const auto tokens = readTokens(line);
  if (!tokens) {
    return Unexpected(tokens.error());
  }
  return explain(task, *tokens);
}

}  // namespace anchorlens::core
