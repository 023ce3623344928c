// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/compile.h"

#include <algorithm>
#include <map>

namespace anchorlens::core {
namespace {

/// Answers of tables that are kept; those of further tables are computed when asked for.
constexpr int kLargestCache = 1 << 20;

std::optional<int> argumentOf(const std::string& name) {
  const auto found = std::find(kArgumentNames.begin(), kArgumentNames.end(), name);
  if (found == kArgumentNames.end()) {
    return std::nullopt;
  }
  return static_cast<int>(found - kArgumentNames.begin());
}

/// Follows `same as` to the anchor that has an operation of its own; -1 with an error.
int resolveSynonym(const TaskSpec& spec, const std::vector<Operation>& operations,
                   const std::map<int, std::size_t>& row_of, std::size_t start, ErrorList& errors) {
  std::size_t row = start;
  for (std::size_t steps = 0; steps <= operations.size(); ++steps) {
    const Operation& operation = operations[row];
    if (operation.kind != Operation::Kind::Synonym) {
      return toInt(row);
    }
    const auto next = row_of.find(operation.synonym_of);
    if (next == row_of.end()) {
      if (row == start) {  // an error further along the chain is reported there
        errors.add(pointerTo("anchors", start, "operation"),
                   std::to_string(operation.synonym_of) +
                       " has no row in anchors: a synonym needs an anchor to follow.");
      }
      return -1;
    }
    row = next->second;
  }
  errors.add(pointerTo("anchors", start, "operation"),
             "The chain of synonyms from " + std::to_string(spec.anchors[start].token) +
                 " runs in a circle: it must end at an operation.");
  return -1;
}

}  // namespace

std::optional<OperationPlan> readOperation(const Operation& operation, int token) {
  OperationPlan plan;
  plan.token = token;
  plan.kind = operation.kind;
  plan.table_seed = operation.table_seed;
  const Names names{argumentOf, [](const AnchorRef&) { return std::optional<AnchorSlot>(); }};
  for (const auto& branch : operation.branches) {
    auto program = buildProgram(branch.expression, names);
    if (!program) {
      return std::nullopt;
    }
    for (const Node& node : program->nodes) {
      if (node.kind == Expr::Kind::Name) {
        plan.arity = std::max(plan.arity, node.symbol + 1);
      }
    }
    plan.weights.push_back(branch.percent / 100);
    plan.branches.push_back(std::move(*program));
  }
  return plan;
}

void readOperations(TaskPlan& plan, ErrorList& errors) {
  const TaskSpec& spec = plan.spec;
  plan.operations.noise = plan.noise;
  plan.operations.of_token.assign(at(std::max(plan.d_vocab, 0)), -1);
  std::vector<Operation> operations;
  std::map<int, std::size_t> row_of;
  bool is_readable = true;
  for (std::size_t i = 0; i < spec.anchors.size(); ++i) {
    const int token = spec.anchors[i].token;
    const std::string pointer = pointerTo("anchors", i, "token");
    is_readable = checkToken(token, pointer, "This anchor", plan.d_vocab, errors) && is_readable;
    if (!row_of.emplace(token, i).second) {
      errors.add(pointer, "Anchor " + std::to_string(token) + " stands twice: one row an anchor.");
    }
    auto operation = parseOperation(spec.anchors[i].operation);
    is_readable = is_readable && operation.has_value();
    if (!operation) {
      errors.add(pointerTo("anchors", i, "operation"), operation.error());
    }
    operations.push_back(operation ? std::move(*operation) : Operation());
  }
  int cached = 0;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    const int row = resolveSynonym(spec, operations, row_of, i, errors);
    if (row < 0 || !is_readable) {
      continue;
    }
    // One plan a row; a synonym's is that of the row it follows.
    auto operation = readOperation(operations[at(row)], spec.anchors[at(row)].token);
    if (!operation) {
      errors.add(pointerTo("anchors", i, "operation"),
                 "An operation knows its keys by the names x, y and z.");
      continue;
    }
    const bool is_table = operation->kind == Operation::Kind::Table && !plan.noise.isEmpty();
    if (is_table && cached < kLargestCache) {
      plan.operations.cacheTable(*operation, plan.d_vocab);
      cached += plan.d_vocab;
    }
    plan.operations.of_token[at(spec.anchors[i].token)] = toInt(plan.operations.plans.size());
    plan.operations.plans.push_back(std::move(*operation));
  }
}

}  // namespace anchorlens::core
