// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/explain_operation.h"

#include "engine/core/language/language.h"

#include <algorithm>
#include <cstdio>

namespace anchorlens::core {

std::string percentText(double p) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6f", 100 * p);
  std::string trimmed = text;
  trimmed.erase(trimmed.find_last_not_of('0') + 1);
  if (trimmed.back() == '.') {
    trimmed.pop_back();
  }
  return trimmed + " %";
}

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) {
    all += (all.empty() ? "" : ", ") + text;
  }
  return all;
}

std::string outcomesText(const Outcomes& outcomes) {
  if (outcomes.size() == 1) {
    return std::to_string(outcomes.front().value);
  }
  std::vector<std::string> texts;
  for (const Outcome& outcome : outcomes) {
    texts.push_back(percentText(outcome.p) + ": " + std::to_string(outcome.value));
  }
  return joined(texts);
}

std::optional<Operation> operationOf(const TaskSpec& spec, std::int64_t token) {
  for (std::size_t steps = 0; steps <= spec.anchors.size(); ++steps) {
    const auto row = std::find_if(spec.anchors.begin(), spec.anchors.end(),
                                  [&](const AnchorSpec& anchor) { return anchor.token == token; });
    auto operation = row == spec.anchors.end()
                         ? Expected<Operation, LanguageError>(Unexpected(LanguageError()))
                         : parseOperation(row->operation);
    if (!operation) {
      return std::nullopt;
    }
    if (operation->kind != Operation::Kind::Synonym) {
      return std::move(*operation);
    }
    token = operation->synonym_of;
  }
  return std::nullopt;
}

std::string appliedText(const Operation& text, const OperationPlan& operation,
                        const Operations& operations, const std::vector<std::int64_t>& args,
                        const Outcomes& results) {
  if (text.kind != Operation::Kind::Stochastic) {
    const std::string sign = results.size() == 1 ? " = " : " gives ";
    return (text.kind == Operation::Kind::Table
                ? printOperation(text)
                : printExpression(text.branches.front().expression)) +
           sign + outcomesText(results);
  }
  if (args.empty()) {
    return printOperation(text) + " gives " + outcomesText(results);
  }
  std::vector<std::string> branches;
  for (std::size_t i = 0; i < text.branches.size(); ++i) {
    std::int64_t value = 0;
    operations.value(operation.branches[i], args.data(), value);
    branches.push_back(percentText(text.branches[i].percent / 100) + ": " +
                       printExpression(text.branches[i].expression) + " = " +
                       std::to_string(value));
  }
  return joined(branches);
}

}  // namespace anchorlens::core
