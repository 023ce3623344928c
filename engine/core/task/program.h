// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/language/ast.h"
#include "engine/core/task/sequence_set.h"
#include "engine/core/task/token_set.h"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

/// Expressions with their names resolved to numbers, and what anchors do. Private to the task.
namespace anchorlens::core {

/// Names that an operation may use, in the order of its keys.
inline constexpr std::array<const char*, 3> kArgumentNames{"x", "y", "z"};
/// Results beyond this are an error, as in the language.
inline constexpr std::int64_t kLargestValue = 1'000'000'000'000'000;

/// An anchor: the value of a symbol, or a literal token (symbol -1).
struct AnchorSlot {
  int symbol = -1;
  std::int32_t token = 0;
  bool operator==(const AnchorSlot&) const = default;
};

/// Arm of match or nearest; `key` is a symbol.
struct Arm {
  AnchorSlot anchor;
  int key = 0;
};

struct Node {
  Expr::Kind kind = Expr::Kind::Integer;
  std::int64_t value = 0;
  int symbol = 0;  ///< Name; Nearest: the key that is compared
  AnchorSlot anchor;
  std::vector<int> args;
  std::vector<Arm> arms;
};

/// A tree in one vector; the root is the last node.
struct Program {
  std::vector<Node> nodes;
  int root() const { return toInt(nodes.size()) - 1; }
};

/// Resolves names; an empty result stops the building (the caller has told the user).
struct Names {
  std::function<std::optional<int>(const std::string&)> key;
  std::function<std::optional<AnchorSlot>(const AnchorRef&)> anchor;
};
std::optional<Program> buildProgram(const Expr& expression, const Names& names);

/// What an anchor does; synonyms are resolved.
struct OperationPlan {
  std::int32_t token = 0;
  Operation::Kind kind = Operation::Kind::Expression;
  std::vector<double> weights;  ///< of the branches, adding up to 1
  std::vector<Program> branches;
  int arity = 0;  ///< keys that the branches use; 0 for a table, which takes any number
  std::uint64_t table_seed = 0;
  /// Table: answers for one key, by key 0..d_vocab-1.
  std::vector<std::int32_t> table;
  bool isStochastic() const { return branches.size() > 1; }
};

/// Why an expression has no value.
enum class Status : std::uint8_t { Ok, Arithmetic, NoArm, Tie };

/// Possible values with their probabilities; distinct values, most probable first.
struct Outcome {
  std::int64_t value = 0;
  double p = 1;
};
using Outcomes = std::vector<Outcome>;

/// One use of a table: anchor, then keys. For what training never shows.
using TableUse = std::vector<std::int64_t>;

/// All operations of a task; evaluates programs.
class Operations {
 public:
  std::vector<OperationPlan> plans;
  std::vector<std::int32_t> of_token;  ///< [d_vocab], -1: the token has no operation
  TokenSet noise;

  const OperationPlan* find(std::int64_t token) const;
  /// Fills in OperationPlan::table.
  void cacheTable(OperationPlan& plan, int d_vocab) const;

  /// Value of a program without stochastic operations. `names` are the values of its symbols.
  Status value(const Program& program, const std::int64_t* names, std::int64_t& out) const {
    return valueOf(program, program.root(), names, out);
  }
  /// All outcomes of any program. `uses` collects what tables are asked.
  Status outcomes(const Program& program, const std::int64_t* names, Outcomes& out,
                  std::vector<TableUse>* uses = nullptr) const {
    return outcomesOf(program, program.root(), names, out, uses);
  }
  /// What an operation gives for some keys.
  Status apply(const OperationPlan& plan, const std::int64_t* args, int n_args, Outcomes& out,
               std::vector<TableUse>* uses = nullptr) const;

  /// The key symbol that a Match or Nearest node selects.
  static Status select(const Node& node, const std::int64_t* names, int& arm);

 private:
  Status valueOf(const Program& program, int node, const std::int64_t* names,
                 std::int64_t& out) const;
  Status outcomesOf(const Program& program, int node, const std::int64_t* names, Outcomes& out,
                    std::vector<TableUse>* uses) const;
  Status applyNode(const Program& program, const Node& node, const std::int64_t* names,
                   std::int64_t& out) const;
  std::int32_t tableAnswer(const OperationPlan& plan, const std::int64_t* args, int n_args) const;
};

/// The token that an anchor slot stands for.
inline std::int64_t tokenOf(const AnchorSlot& slot, const std::int64_t* names) {
  return slot.symbol >= 0 ? names[slot.symbol] : slot.token;
}

}  // namespace anchorlens::core
