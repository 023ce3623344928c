// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/program.h"
#include "engine/core/task/table_answer.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace anchorlens::core {
namespace {

/// Combinations of outcomes of one node's arguments; more are an error (100 branches, nested).
constexpr std::size_t kMostOutcomes = 1 << 16;

Status checked(std::int64_t value, bool is_overflow, std::int64_t& out) {
  out = value;
  return is_overflow || value > kLargestValue || value < -kLargestValue ? Status::Arithmetic
                                                                        : Status::Ok;
}

Status arithmetic(Expr::Kind kind, const std::int64_t* a, int n, std::int64_t& out) {
  using Kind = Expr::Kind;
  std::int64_t result = 0;
  switch (kind) {
    case Kind::Negate:
      return checked(-a[0], false, out);
    case Kind::Add:
      return checked(a[0] + a[1], false, out);
    case Kind::Subtract:
      return checked(a[0] - a[1], false, out);
    case Kind::Multiply: {
      const bool is_overflow = __builtin_mul_overflow(a[0], a[1], &result);
      return checked(result, is_overflow, out);
    }
    case Kind::Mod:
      if (a[1] <= 0) {
        return Status::Arithmetic;
      }
      result = a[0] % a[1];
      return checked(result < 0 ? result + a[1] : result, false, out);
    case Kind::Min:
      return checked(*std::min_element(a, a + n), false, out);
    case Kind::Max:
      return checked(*std::max_element(a, a + n), false, out);
    default:
      return checked(std::llabs(a[0]), false, out);
  }
}

/// Adds equal values up and sorts: most probable first, then the smaller value.
void normalise(Outcomes& outcomes) {
  std::sort(outcomes.begin(), outcomes.end(),
            [](const Outcome& a, const Outcome& b) { return a.value < b.value; });
  Outcomes merged;
  for (const Outcome& outcome : outcomes) {
    if (!merged.empty() && merged.back().value == outcome.value) {
      merged.back().p += outcome.p;
    } else {
      merged.push_back(outcome);
    }
  }
  // Rounded: sums of the same percentages in another order are the same probability.
  std::stable_sort(merged.begin(), merged.end(), [](const Outcome& a, const Outcome& b) {
    return std::llround(a.p * 1e12) > std::llround(b.p * 1e12);
  });
  outcomes = std::move(merged);
}

/// Calls `visit(values, p)` for every combination of the arguments' outcomes.
template <typename Visit>
Status forEachCombination(const std::vector<Outcomes>& args, Visit visit) {
  std::size_t total = 1;
  for (const Outcomes& arg : args) {
    total *= arg.size();
    if (total > kMostOutcomes) {
      return Status::Arithmetic;
    }
  }
  std::vector<std::int64_t> values(args.size() + 1);
  for (std::size_t i = 0; i < total; ++i) {
    double p = 1;
    std::size_t rest = i;
    for (std::size_t k = 0; k < args.size(); ++k) {
      const Outcome& outcome = args[k][rest % args[k].size()];
      rest /= args[k].size();
      values[k] = outcome.value;
      p *= outcome.p;
    }
    if (const Status status = visit(values.data(), p); status != Status::Ok) {
      return status;
    }
  }
  return Status::Ok;
}

}  // namespace

const OperationPlan* Operations::find(std::int64_t token) const {
  if (token < 0 || token >= static_cast<std::int64_t>(of_token.size())) {
    return nullptr;
  }
  const int index = of_token[static_cast<std::size_t>(token)];
  return index < 0 ? nullptr : &plans[at(index)];
}

void Operations::cacheTable(OperationPlan& plan, int d_vocab) const {
  std::vector<std::int32_t> table(at(d_vocab));
  for (std::int64_t key = 0; key < d_vocab; ++key) {
    table[static_cast<std::size_t>(key)] = tableAnswer(plan, &key, 1);
  }
  plan.table = std::move(table);
}

std::int32_t Operations::tableAnswer(const OperationPlan& plan, const std::int64_t* args,
                                     int n_args) const {
  if (n_args == 1 && args[0] >= 0 && args[0] < static_cast<std::int64_t>(plan.table.size())) {
    return plan.table[static_cast<std::size_t>(args[0])];
  }
  return core::tableAnswer(plan.table_seed, plan.token, {args, static_cast<std::size_t>(n_args)},
                           noise);
}

Status Operations::select(const Node& node, const std::int64_t* names, int& arm) {
  arm = -1;
  if (node.kind == Expr::Kind::Match) {
    const std::int64_t wanted = tokenOf(node.anchor, names);
    for (int i = 0; i < toInt(node.arms.size()); ++i) {
      if (tokenOf(node.arms[at(i)].anchor, names) != wanted) {
        continue;
      }
      if (arm >= 0 && names[node.arms[at(arm)].key] != names[node.arms[at(i)].key]) {
        return Status::Tie;
      }
      arm = arm < 0 ? i : arm;
    }
    return arm < 0 ? Status::NoArm : Status::Ok;
  }
  std::int64_t best = 0;
  bool is_tie = false;
  for (int i = 0; i < toInt(node.arms.size()); ++i) {
    const std::int64_t distance = std::llabs(names[node.arms[at(i)].key] - names[node.symbol]);
    if (arm < 0 || distance < best) {
      arm = i;
      best = distance;
      is_tie = false;
    } else if (distance == best && tokenOf(node.arms[at(arm)].anchor, names) !=
                                       tokenOf(node.arms[at(i)].anchor, names)) {
      is_tie = true;
    }
  }
  return arm < 0 ? Status::NoArm : is_tie ? Status::Tie : Status::Ok;
}

Status Operations::applyNode(const Program& program, const Node& node, const std::int64_t* names,
                             std::int64_t& out) const {
  const OperationPlan* plan = find(tokenOf(node.anchor, names));
  if (plan == nullptr) {
    return Status::Arithmetic;
  }
  std::int64_t args[kArgumentNames.size()] = {};
  const int n_args = toInt(node.args.size());
  for (int i = 0; i < n_args; ++i) {
    if (const Status status = valueOf(program, node.args[at(i)], names, args[i]);
        status != Status::Ok) {
      return status;
    }
  }
  if (plan->kind == Operation::Kind::Table) {
    out = tableAnswer(*plan, args, n_args);
    return Status::Ok;
  }
  return value(plan->branches.front(), args, out);
}

Status Operations::valueOf(const Program& program, int index, const std::int64_t* names,
                           std::int64_t& out) const {
  using Kind = Expr::Kind;
  const Node& node = program.nodes[at(index)];
  int arm = 0;
  switch (node.kind) {
    case Kind::Integer:
      out = node.value;
      return Status::Ok;
    case Kind::Name:
      out = names[node.symbol];
      return Status::Ok;
    case Kind::Apply:
      return applyNode(program, node, names, out);
    case Kind::Match:
    case Kind::Nearest: {
      const Status status = select(node, names, arm);
      if (status == Status::Ok) {
        const Arm& selected = node.arms[at(arm)];
        out = node.kind == Kind::Match ? names[selected.key] : tokenOf(selected.anchor, names);
      }
      return status;
    }
    default:
      break;
  }
  // Almost always one or two arguments; min and max may have more.
  std::int64_t few[4] = {};
  std::vector<std::int64_t> many(node.args.size() > 4 ? node.args.size() : 0);
  std::int64_t* args = many.empty() ? few : many.data();
  for (std::size_t i = 0; i < node.args.size(); ++i) {
    if (const Status status = valueOf(program, node.args[i], names, args[i]);
        status != Status::Ok) {
      return status;
    }
  }
  return arithmetic(node.kind, args, toInt(node.args.size()), out);
}

Status Operations::apply(const OperationPlan& plan, const std::int64_t* args, int n_args,
                         Outcomes& out, std::vector<TableUse>* uses) const {
  out.clear();
  if (plan.kind == Operation::Kind::Table) {
    if (uses != nullptr) {
      uses->push_back({plan.token});
      uses->back().insert(uses->back().end(), args, args + n_args);
    }
    out.push_back({tableAnswer(plan, args, n_args), 1.0});
    return Status::Ok;
  }
  for (std::size_t b = 0; b < plan.branches.size(); ++b) {
    std::int64_t result = 0;
    if (const Status status = value(plan.branches[b], args, result); status != Status::Ok) {
      return status;
    }
    out.push_back({result, plan.weights[b]});
  }
  return Status::Ok;
}

Status Operations::outcomesOf(const Program& program, int index, const std::int64_t* names,
                              Outcomes& out, std::vector<TableUse>* uses) const {
  const Node& node = program.nodes[at(index)];
  out.clear();
  if (node.args.empty()) {
    std::int64_t result = 0;
    const Status status = valueOf(program, index, names, result);
    out.push_back({result, 1.0});
    return status;
  }
  const bool is_apply = node.kind == Expr::Kind::Apply;
  const OperationPlan* plan = is_apply ? find(tokenOf(node.anchor, names)) : nullptr;
  if (is_apply && plan == nullptr) {
    return Status::Arithmetic;
  }
  std::vector<Outcomes> args(node.args.size());
  for (std::size_t i = 0; i < args.size(); ++i) {
    if (const Status status = outcomesOf(program, node.args[i], names, args[i], uses);
        status != Status::Ok) {
      return status;
    }
  }
  const int n_args = toInt(args.size());
  const Status status = forEachCombination(args, [&](const std::int64_t* values, double p) {
    if (is_apply) {
      Outcomes results;
      const Status applied = apply(*plan, values, n_args, results, uses);
      for (const Outcome& result : results) {
        out.push_back({result.value, result.p * p});
      }
      return applied;
    }
    std::int64_t result = 0;
    const Status computed = arithmetic(node.kind, values, n_args, result);
    out.push_back({result, p});
    return computed;
  });
  if (out.size() > 1) {
    normalise(out);
  }
  return status;
}

}  // namespace anchorlens::core
