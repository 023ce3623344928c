// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/task/brute_force.h"

#include "engine/core/language/language.h"
#include "engine/core/random.h"

#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <optional>
#include <set>

namespace anchorlens::test {
namespace {

using namespace anchorlens::core;
using Distribution = std::map<std::int64_t, double>;
using Row = std::vector<Item>;  // one item a token; gaps are expanded to noise

bool isIn(const Intervals& intervals, std::int64_t token) {
  return std::any_of(intervals.begin(), intervals.end(), [&](const Interval& interval) {
    return interval.first <= token && token <= interval.last;
  });
}

/// All rows of at most `room` tokens.
std::vector<Row> expand(const Sequence& items, std::size_t index, int room) {
  if (index == items.size()) {
    return {{}};
  }
  const Item& item = items[index];
  std::vector<Row> heads;
  if (item.kind == Item::Kind::Gap) {
    Item noise;
    noise.kind = Item::Kind::Noise;
    for (int n = 0; n <= room; ++n) {
      heads.emplace_back(static_cast<std::size_t>(n), noise);
    }
  } else if (item.kind == Item::Kind::Blocks) {
    std::vector<std::size_t> order(item.blocks.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    do {
      Sequence flat;
      for (const std::size_t block : order) {
        flat.insert(flat.end(), item.blocks[block].begin(), item.blocks[block].end());
      }
      for (Row& row : expand(flat, 0, room)) {
        heads.push_back(std::move(row));
      }
    } while (std::next_permutation(order.begin(), order.end()));
  } else if (room > 0) {
    heads.push_back({item});
  }
  std::vector<Row> rows;
  for (const Row& head : heads) {
    const int left = room - static_cast<int>(head.size());
    for (const Row& tail : left < 0 ? std::vector<Row>() : expand(items, index + 1, left)) {
      rows.push_back(head);
      rows.back().insert(rows.back().end(), tail.begin(), tail.end());
    }
  }
  return rows;
}

bool isShifted(const TaskSpec& spec, const Pattern& pattern, const std::string& key) {
  return std::any_of(spec.held_out.begin(), spec.held_out.end(), [&](const HeldOutRule& rule) {
    const auto* residue = std::get_if<ResidueRule>(&rule);
    if (residue == nullptr || residue->of != ResidueRule::Of::KeyMinusPosition) {
      return false;
    }
    if (residue->key != "answer") {
      return residue->key == key;
    }
    const Expr& target = pattern.target;
    return target.name == key ||
           std::any_of(target.arms.begin(), target.arms.end(),
                       [&](const SelectorArm& arm) { return arm.key == key; });
  });
}

bool mayBe(const TaskSpec& spec, std::size_t form, const Pattern& pattern, const Item& item,
           int token, int position) {
  if (item.kind == Item::Kind::Key) {
    const auto range = spec.keys.find(item.name);
    const int shift = isShifted(spec, pattern, item.name) ? position : 0;
    return isIn(range == spec.keys.end() ? spec.noise : range->second, token - shift);
  }
  const auto allowed = spec.forms[form].anchors.find(item.name);
  if (allowed != spec.forms[form].anchors.end()) {
    return std::find(allowed->second.begin(), allowed->second.end(), token) !=
           allowed->second.end();
  }
  return std::any_of(spec.anchors.begin(), spec.anchors.end(),
                     [&](const AnchorSpec& anchor) { return anchor.token == token; });
}

bool isDistinct(const FormSpec& form, const BruteReading& reading) {
  return std::all_of(form.distinct.begin(), form.distinct.end(), [&](const auto& group) {
    std::set<int> values;
    for (const std::string& name : group) {
      values.insert(reading.values.at(name));
    }
    return values.size() == group.size();
  });
}

std::optional<BruteReading> readRow(const TaskSpec& spec, std::size_t form, const Pattern& pattern,
                                    const Row& row, std::span<const std::int32_t> tokens) {
  BruteReading reading;
  reading.form = static_cast<int>(form);
  for (std::size_t i = 0; i < row.size(); ++i) {
    const Item& item = row[i];
    if (item.kind == Item::Kind::Noise) {
      if (!isIn(spec.noise, tokens[i])) {
        return std::nullopt;
      }
      reading.roles.emplace_back("noise");
      continue;
    }
    if (item.kind == Item::Kind::Token) {
      if (tokens[i] != item.token) {
        return std::nullopt;
      }
      reading.roles.push_back("anchor:" + std::to_string(item.token));
      continue;
    }
    const auto [known, is_new] = reading.values.emplace(item.name, tokens[i]);
    if (known->second != tokens[i] ||
        (is_new && !mayBe(spec, form, pattern, item, tokens[i], static_cast<int>(i)))) {
      return std::nullopt;
    }
    reading.firsts.emplace(item.name, static_cast<int>(i));
    reading.roles.push_back((item.kind == Item::Kind::Key ? "key:" : "anchor:") + item.name);
  }
  if (!isDistinct(spec.forms[form], reading)) {
    return std::nullopt;
  }
  return reading;
}

class Evaluation {
 public:
  Evaluation(const TaskSpec& spec, const BruteReading& reading)
      : m_spec(spec), m_reading(reading) {}

  Distribution of(const Expr& expr) const {
    switch (expr.kind) {
      case Expr::Kind::Apply: {
        Distribution result;
        for (const auto& [args, p] : arguments(expr)) {
          for (const auto& [value, q] : applied(anchor(expr.anchor), args)) {
            result[value] += p * q;
          }
        }
        return result;
      }
      case Expr::Kind::Match:
      case Expr::Kind::Nearest: {
        const auto arm = selected(expr);
        if (!arm) {
          return {};
        }
        return {
            {expr.kind == Expr::Kind::Match ? m_reading.values.at(arm->key) : anchor(arm->anchor),
             1.0}};
      }
      default:
        break;
    }
    if (expr.args.empty()) {
      const auto value = evaluate(expr, names());
      return value ? Distribution{{*value, 1.0}} : Distribution();
    }
    // The language's own evaluate() on an expression over the arguments' values.
    Distribution result;
    for (const auto& [args, p] : arguments(expr)) {
      Expr over = expr;
      for (std::size_t i = 0; i < args.size(); ++i) {
        over.args[i] = Expr();
        over.args[i].value = args[i];
      }
      if (const auto value = evaluate(over, names())) {
        result[*value] += p;
      }
    }
    return result;
  }

  /// Empty at a tie or without an arm.
  std::optional<SelectorArm> selected(const Expr& expr) const {
    std::vector<SelectorArm> best;
    int best_distance = 0;
    for (const SelectorArm& arm : expr.arms) {
      int distance = 0;
      if (expr.kind == Expr::Kind::Match) {
        if (anchor(arm.anchor) != anchor(expr.anchor)) {
          continue;
        }
      } else {
        distance = std::abs(m_reading.values.at(arm.key) - m_reading.values.at(expr.name));
      }
      if (best.empty() || distance < best_distance) {
        best.clear();
        best_distance = distance;
      }
      if (distance == best_distance) {
        best.push_back(arm);
      }
    }
    std::set<int> results;
    for (const SelectorArm& arm : best) {
      results.insert(expr.kind == Expr::Kind::Match ? m_reading.values.at(arm.key)
                                                    : anchor(arm.anchor));
    }
    return results.size() == 1 ? std::optional(best.front()) : std::nullopt;
  }

  int anchor(const AnchorRef& ref) const {
    return ref.isLiteral() ? ref.token : m_reading.values.at(ref.name);
  }

  Distribution applied(int token, const std::vector<std::int64_t>& args) const {
    const auto row = std::find_if(m_spec.anchors.begin(), m_spec.anchors.end(),
                                  [&](const AnchorSpec& anchor) { return anchor.token == token; });
    return operated(token, *parseOperation(row->operation), args);
  }

  Distribution operated(int token, const Operation& operation,
                        const std::vector<std::int64_t>& args) const {
    if (operation.kind == Operation::Kind::Synonym) {
      return applied(operation.synonym_of, args);
    }
    if (operation.kind == Operation::Kind::Table) {
      return {{tableAnswer(token, operation.table_seed, args), 1.0}};
    }
    Distribution result;
    for (const auto& branch : operation.branches) {
      const auto value = evaluate(branch.expression, [&](std::string_view name) {
        return std::optional<std::int64_t>(args.at(name == "x" ? 0 : name == "y" ? 1 : 2));
      });
      result[value.value()] += branch.percent / 100;
    }
    return result;
  }

 private:
  std::int64_t tableAnswer(int token, std::uint64_t seed,
                           const std::vector<std::int64_t>& args) const {
    std::string purpose = "table/" + std::to_string(token);
    for (const std::int64_t arg : args) {
      purpose += "/" + std::to_string(arg);
    }
    std::vector<int> noise;
    for (int t = 1; t < m_spec.d_vocab; ++t) {
      if (isIn(m_spec.noise, t)) {
        noise.push_back(t);
      }
    }
    return noise[Random(seed, purpose).below(static_cast<std::uint32_t>(noise.size()))];
  }

  std::map<std::vector<std::int64_t>, double> arguments(const Expr& expr) const {
    std::map<std::vector<std::int64_t>, double> rows{{{}, 1.0}};
    for (const Expr& arg : expr.args) {
      std::map<std::vector<std::int64_t>, double> longer;
      for (const auto& [row, p] : rows) {
        for (const auto& [value, q] : of(arg)) {
          std::vector<std::int64_t> next = row;
          next.push_back(value);
          longer[next] += p * q;
        }
      }
      rows = std::move(longer);
    }
    return rows;
  }

  std::function<std::optional<std::int64_t>(std::string_view)> names() const {
    return [this](std::string_view name) -> std::optional<std::int64_t> {
      const auto value = m_reading.values.find(std::string(name));
      return value == m_reading.values.end() ? std::nullopt
                                             : std::optional<std::int64_t>(value->second);
    };
  }

  const TaskSpec& m_spec;
  const BruteReading& m_reading;
};

Pattern patternOf(const TaskSpec& spec, int form) {
  return *parsePattern(spec.forms[static_cast<std::size_t>(form)].pattern);
}

bool hasValues(const BruteReading& reading, const std::map<std::string, int>& values) {
  return std::all_of(values.begin(), values.end(), [&](const auto& value) {
    const auto found = reading.values.find(value.first);
    return found != reading.values.end() && found->second == value.second;
  });
}

std::string answerKeyOf(const TaskSpec& spec, const BruteReading& reading) {
  // Of the targets of the tests: a key, or match and nearest at the top, or one key somewhere.
  const Expr* expr = nullptr;
  const Pattern pattern = patternOf(spec, reading.form);
  expr = &pattern.target;
  while (expr->kind != Expr::Kind::Name && expr->arms.empty()) {
    expr = &expr->args.front();
  }
  return expr->arms.empty() ? expr->name : Evaluation(spec, reading).selected(*expr).value().key;
}

/// x of a relabelled operation: of nearest the key that is compared.
std::string relabelledKey(const TaskSpec& spec, const BruteReading& reading) {
  const Pattern pattern = patternOf(spec, reading.form);
  return pattern.target.kind == Expr::Kind::Nearest ? pattern.target.name
                                                    : answerKeyOf(spec, reading);
}

/// Anchors that the target applies to a bare key, everywhere in it.
void collectApplied(const Expr& expr, const Evaluation& evaluation, const BruteReading& reading,
                    std::vector<std::pair<int, int>>& applied) {
  for (const Expr& arg : expr.args) {
    if (expr.kind == Expr::Kind::Apply && arg.kind == Expr::Kind::Name) {
      applied.emplace_back(evaluation.anchor(expr.anchor), reading.values.at(arg.name));
    }
    collectApplied(arg, evaluation, reading, applied);
  }
}

}  // namespace

std::vector<BruteReading> bruteReadings(const TaskSpec& spec,
                                        std::span<const std::int32_t> tokens) {
  std::vector<BruteReading> readings;
  for (std::size_t form = 0; form < spec.forms.size(); ++form) {
    const Pattern pattern = patternOf(spec, static_cast<int>(form));
    for (const Row& row : expand(pattern.items, 0, static_cast<int>(tokens.size()))) {
      if (row.size() != tokens.size()) {
        continue;
      }
      if (auto reading = readRow(spec, form, pattern, row, tokens)) {
        readings.push_back(std::move(*reading));
      }
    }
  }
  return readings;
}

Distribution bruteAnswers(const TaskSpec& spec, const BruteReading& reading, bool is_taught) {
  const Pattern pattern = patternOf(spec, reading.form);
  const Evaluation evaluation(spec, reading);
  for (const RelabelSpec& relabel : spec.relabel) {
    if (is_taught && hasValues(reading, relabel.values)) {
      return evaluation.operated(0, *parseOperation(relabel.operation),
                                 {reading.values.at(relabelledKey(spec, reading))});
    }
  }
  return evaluation.of(pattern.target);
}

bool bruteKeysHeld(const TaskSpec& spec, const BruteReading& reading) {
  return std::any_of(spec.held_out.begin(), spec.held_out.end(), [&](const HeldOutRule& rule) {
    if (const auto* residue = std::get_if<ResidueRule>(&rule)) {
      const std::string key = residue->key == "answer" ? answerKeyOf(spec, reading) : residue->key;
      if (!reading.values.contains(key)) {
        return false;
      }
      const int difference = reading.values.at(key) - reading.firsts.at(key);
      return ((difference - residue->remainder) % residue->modulus) == 0;
    }
    if (const auto* predicate = std::get_if<PredicateRule>(&rule)) {
      return evaluate(*parseExpression(predicate->expression), [&](std::string_view name) {
               const auto value = reading.values.find(std::string(name));
               return value == reading.values.end() ? std::nullopt
                                                    : std::optional<std::int64_t>(value->second);
             }) == 0;
    }
    if (const auto* keys = std::get_if<KeysRule>(&rule)) {
      std::vector<std::pair<int, int>> applied;
      collectApplied(patternOf(spec, reading.form).target, Evaluation(spec, reading), reading,
                     applied);
      return std::any_of(applied.begin(), applied.end(), [&](const auto& use) {
        return use.first == keys->anchor && isIn(keys->intervals, use.second);
      });
    }
    return false;
  });
}

bool bruteCombinationHeld(const TaskSpec& spec, const BruteReading& reading) {
  return std::any_of(spec.held_out.begin(), spec.held_out.end(), [&](const HeldOutRule& rule) {
    if (const auto* anchors = std::get_if<AnchorsRule>(&rule)) {
      return hasValues(reading, anchors->values);
    }
    const auto* length = std::get_if<LengthRule>(&rule);
    return length != nullptr &&
           std::find(length->lengths.begin(), length->lengths.end(),
                     static_cast<int>(reading.roles.size())) != length->lengths.end();
  });
}

}  // namespace anchorlens::test
