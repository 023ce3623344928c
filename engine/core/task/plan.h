// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/task/placements.h"
#include "engine/core/task/program.h"
#include "engine/core/task/task.h"
#include "engine/core/task/token_set.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

/// A compiled task. Private to engine/core/task: everything else sees Task.
namespace anchorlens::core {

/// A name or literal of one form's pattern.
struct Symbol {
  RoleInfo::Kind kind = RoleInfo::Kind::Key;
  std::string text;  ///< "x", "A", "3"
  bool is_literal = false;
  std::uint8_t role = 0;    ///< index into TaskPlan::roles
  TokenSet domain;          ///< what is drawn: a literal's only token, an anchor's, a key's range
  bool is_shifted = false;  ///< the token is what was drawn + its first position
  TokenSet reach;           ///< tokens that may stand there
};

/// The combinations of a form's anchor variables that may be drawn: within the allowed tokens,
/// distinct where asked, and with an answer.
struct Combinations {
  std::vector<int> variables;  ///< symbols
  int n = 0;
  std::vector<std::int32_t> values;  ///< [n, variables]
  std::vector<std::int32_t> strides;
  std::vector<std::int32_t> index;  ///< by mixed radix of the tokens' places; -1: not drawn
  const std::int32_t* of(int combination) const {
    return values.data() + at(combination) * variables.size();
  }
};

/// An anchor and a key that the answer joins: where rule `keys` says "is applied to".
struct Application {
  AnchorSlot anchor;
  int key = 0;
  int selector = -1;  ///< node of the target: holds only where that match selects `arm`
  int arm = 0;
};

/// A held-out rule as one form sees it.
struct FormRule {
  bool applies = false;
  int key = 0;  ///< residue: a symbol; kAnswerKey
  Program predicate;
  std::vector<std::pair<int, int>> anchors;  ///< (symbol, token)
};
inline constexpr int kAnswerKey = -1;

/// A table that decides one key-level rule for one form while drawing.
struct KeyTest {
  enum class Kind : std::uint8_t { Residue, Applied, OneKey, Program };
  Kind kind = Kind::Residue;
  int key = 0;        ///< symbol; kAnswerKey
  AnchorSlot anchor;  ///< Applied
  int selector = -1;  ///< Applied, as in Application
  int arm = 0;
  int offset = 0;                    ///< Residue: table[token - position + offset]
  std::vector<std::int16_t> row_of;  ///< Applied: by anchor token, -1: no rule
  std::vector<std::uint8_t> table;   ///< Applied: [row, token]; OneKey: [token]
  const Program* predicate = nullptr;
};

/// A key as the generator needs it: one load instead of a chain of them.
struct KeyDraw {
  int symbol = 0;
  bool is_shifted = false;
  std::uint32_t size = 0;
  const std::int32_t* tokens = nullptr;  ///< of the symbol's domain
};

/// Answers by combination and keys, looked up; empty when there are too many.
struct AnswerTable {
  std::vector<std::int32_t> tokens;    ///< most probable answer
  std::vector<std::uint32_t> offsets;  ///< into `answers`, one more than tokens; empty: certain
  std::vector<Answer> answers;
};

struct FormPlan {
  int index = 0;
  double weight = 1;
  Pattern pattern;
  Elements elements;
  std::vector<Symbol> symbols;   ///< in order of first use
  std::vector<int> occurrences;  ///< symbol of each occurrence
  std::vector<int> keys;         ///< symbols
  std::vector<int> literals;     ///< symbols
  std::vector<int> cues;         ///< keys that occur twice: noise is never equal to them
  std::vector<Order> orders;
  Program target;
  std::vector<int> target_keys;
  int answer_node = -1;  ///< Name, Match or Nearest that gives "the key of the answer"; -1: none
  std::vector<Application> applications;
  std::vector<std::pair<int, int>> joins;  ///< symbols of RolePair
  Combinations combinations;
  std::vector<FormRule> rules;        ///< as TaskSpec::held_out
  std::vector<std::uint8_t> is_held;  ///< by combination: a rule of kind anchors holds it
  std::vector<std::int16_t> relabel;  ///< by combination: index into TaskSpec::relabel, -1
  std::vector<int> relabel_keys;      ///< arguments of a relabelled operation
  /// By combination: some keys are trained, some are held out, at lengths that are trained.
  std::vector<std::uint8_t> has_seen, has_held;
  bool can_overlap = false;  ///< a second reading of the same tokens may exist
  bool can_fail = false;     ///< some keys have no answer (a tie)
  bool is_stochastic = false;
  std::vector<KeyDraw> key_draws;  ///< as `keys`
  std::vector<KeyTest> tests;
  /// AnswerTable index: combination * table_stride + sum of (token - min) * stride.
  std::vector<std::pair<int, int>> table_keys;  ///< (min, stride) of target_keys
  int table_stride = 0;
  AnswerTable truth;
  AnswerTable taught;  ///< with the relabelled operations; empty when nothing is relabelled
};

/// One form at one length.
struct Cell {
  int form = 0;
  int length = 0;
  bool is_length_held = false;
  double weight = 1;  ///< share of all sequences
  Placements placements;
  /// [combination, placement]: no keys and noise give one answer. Empty: not looked for.
  std::vector<std::uint8_t> is_dead;
  std::vector<std::uint8_t> can_occur;  ///< [combination, is held out by its keys]
  std::vector<std::int32_t> groups;     ///< as can_occur; -1: cannot occur
};

/// What may be drawn: cells with their combinations, and whether the keys must be held out.
struct Pool {
  struct Part {
    int cell = 0;
    double cumulative = 0;
    std::vector<std::int32_t> combinations;
    std::vector<std::uint8_t> allowed;  ///< bit 0: keys not held out; bit 1: keys held out
  };
  std::vector<Part> parts;
  double weight = 0;
  bool isEmpty() const { return parts.empty(); }
};

struct TaskPlan {
  TaskSpec spec;
  int seq_len = 0;
  int d_vocab = 0;
  TokenSet noise;
  Operations operations;
  std::vector<OperationPlan> relabel;
  std::vector<FormPlan> forms;
  std::vector<Cell> cells;
  std::vector<RoleInfo> roles;
  std::vector<GroupInfo> groups;
  std::vector<RolePair> pairs;
  TaskAnalysis analysis;
  bool is_stochastic = false;
  Pool everything, train, test;
  std::vector<Pool> of_group;

  const Cell* cellOf(int form, int length) const;
};

struct Task::Plan : TaskPlan {};

/// Values of a form's symbols in one sequence, and where they stand first.
struct Reading {
  int form = 0;
  int combination = 0;
  int length = 0;
  std::array<std::int64_t, kMaxSymbols> values;
  std::array<std::uint16_t, kMaxSymbols> firsts;
};

/// The combination of a reading's anchors; -1 when it may not be drawn.
int combinationOf(const FormPlan& form, const std::int64_t* values);

/// The true answers of a reading, or those that the training split teaches.
Status answersOf(const TaskPlan& plan, const FormPlan& form, const Reading& reading, bool is_taught,
                 Outcomes& out, std::vector<TableUse>* uses = nullptr);

/// The key symbol that the answer selects; kAnswerKey when it has none.
int answerKey(const FormPlan& form, const std::int64_t* values);

/// Whether rule `rule` holds the reading out. Straight from the rules: no tables.
bool isHeldBy(const TaskPlan& plan, const FormPlan& form, std::size_t rule, const Reading& reading);
/// Whether any rule on keys holds the reading out.
bool areKeysHeld(const TaskPlan& plan, const FormPlan& form, const Reading& reading);

/// "A=3 B=4"; empty without variables.
std::string combinationText(const FormPlan& form, int combination);

}  // namespace anchorlens::core
