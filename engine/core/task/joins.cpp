// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/compile.h"

#include <algorithm>
#include <set>

namespace anchorlens::core {
namespace {

void addOnce(std::vector<std::pair<int, int>>& joins, int first, int second) {
  const std::pair<int, int> join{first, second};
  if (first >= 0 && second >= 0 && std::find(joins.begin(), joins.end(), join) == joins.end()) {
    joins.push_back(join);
  }
}

/// The symbol of an anchor; -1 for a literal that does not stand in the pattern.
int symbolOf(const FormPlan& form, const AnchorSlot& slot) {
  if (slot.symbol >= 0) {
    return slot.symbol;
  }
  for (const int literal : form.literals) {
    if (form.symbols[at(literal)].text == std::to_string(slot.token)) {
      return literal;
    }
  }
  return -1;
}

/// What a value of the target hangs on: keys, or the anchors applied last.
std::set<int> headsOf(const FormPlan& form, int index) {
  const Node& node = form.target.nodes[at(index)];
  switch (node.kind) {
    case Expr::Kind::Name:
      return {node.symbol};
    case Expr::Kind::Apply:
      return {symbolOf(form, node.anchor)};
    case Expr::Kind::Match:
    case Expr::Kind::Nearest: {
      std::set<int> heads;
      for (const Arm& arm : node.arms) {
        heads.insert(node.kind == Expr::Kind::Match ? arm.key : symbolOf(form, arm.anchor));
      }
      return heads;
    }
    default:
      break;
  }
  std::set<int> heads;
  for (const int arg : node.args) {
    heads.merge(headsOf(form, arg));
  }
  return heads;
}

void joinExpression(FormPlan& form) {
  for (const Node& node : form.target.nodes) {
    for (const Arm& arm : node.arms) {
      addOnce(form.joins, arm.key, symbolOf(form, arm.anchor));
    }
    for (std::size_t i = 0; node.kind == Expr::Kind::Apply && i < node.args.size(); ++i) {
      for (const int head : headsOf(form, node.args[i])) {
        addOnce(form.joins, head, symbolOf(form, node.anchor));
      }
    }
  }
}

/// Anchors beside a key in one list of items.
struct Neighbours {
  std::vector<int> direct;  ///< no gap, no blocks and no other key between
  int nearest = -1;         ///< no gap and no blocks between
  int distance = 0;
};

class CueFinder {
 public:
  explicit CueFinder(const FormPlan& form) : m_form(form) {
    for (const Node& node : form.target.nodes) {
      m_named.insert(node.kind == Expr::Kind::Apply || node.kind == Expr::Kind::Match
                         ? symbolOf(form, node.anchor)
                         : -1);
      for (const Arm& arm : node.arms) {
        m_named.insert(symbolOf(form, arm.anchor));
      }
    }
  }

  std::vector<int> cuesOf(int key) const {
    Neighbours found;
    search(m_form.elements, key, found);
    if (!found.direct.empty()) {
      return found.direct;
    }
    const int cue = found.nearest >= 0 ? found.nearest : nearestInText(key);
    return cue >= 0 ? std::vector<int>{cue} : std::vector<int>();
  }

 private:
  bool isCue(int symbol) const {
    return m_form.symbols[at(symbol)].kind == RoleInfo::Kind::Anchor && !m_named.contains(symbol);
  }

  void search(const Elements& elements, int key, Neighbours& found) const {
    for (int i = 0; i < toInt(elements.size()); ++i) {
      const Element& element = elements[at(i)];
      for (const Elements& block : element.blocks) {
        search(block, key, found);
      }
      if (element.kind == Element::Kind::Symbol && element.symbol == key) {
        walk(elements, i, -1, found);
        walk(elements, i, 1, found);
      }
    }
  }

  void walk(const Elements& elements, int from, int step, Neighbours& found) const {
    bool is_direct = true;
    for (int i = from + step; i >= 0 && i < toInt(elements.size()); i += step) {
      const Element& element = elements[at(i)];
      if (element.kind == Element::Kind::Gap || element.kind == Element::Kind::Blocks) {
        return;
      }
      if (element.kind == Element::Kind::Noise) {
        continue;
      }
      if (!isCue(element.symbol)) {
        is_direct = is_direct && m_form.symbols[at(element.symbol)].kind != RoleInfo::Kind::Key;
        continue;
      }
      const int distance = step * (i - from);
      if (found.nearest < 0 || distance < found.distance) {
        found.nearest = element.symbol;
        found.distance = distance;
      }
      const auto& direct = found.direct;
      if (is_direct && std::find(direct.begin(), direct.end(), element.symbol) == direct.end()) {
        found.direct.push_back(element.symbol);
      }
    }
  }

  /// By the number of anchors and keys between; the earlier of two.
  int nearestInText(int key) const {
    int best = -1;
    int best_distance = 0;
    const auto& occurrences = m_form.occurrences;
    for (int k = 0; k < toInt(occurrences.size()); ++k) {
      for (int i = 0; occurrences[at(k)] == key && i < toInt(occurrences.size()); ++i) {
        const int distance = std::abs(i - k);
        if (isCue(occurrences[at(i)]) && (best < 0 || distance < best_distance)) {
          best = occurrences[at(i)];
          best_distance = distance;
        }
      }
    }
    return best;
  }

  const FormPlan& m_form;
  std::set<int> m_named;
};

}  // namespace

void findJoins(FormPlan& form) {
  joinExpression(form);
  const CueFinder finder(form);
  const auto joined = form.joins;
  for (const int key : form.target_keys) {
    if (std::any_of(joined.begin(), joined.end(),
                    [&](const auto& join) { return join.first == key || join.second == key; })) {
      continue;
    }
    for (const int cue : finder.cuesOf(key)) {
      addOnce(form.joins, cue, key);
      const Symbol& symbol = form.symbols[at(cue)];
      const std::int32_t token = symbol.is_literal ? std::stoi(symbol.text) : 0;
      form.applications.push_back({{symbol.is_literal ? -1 : cue, token}, key, -1, 0});
    }
  }
}

void findPairs(TaskPlan& plan) {
  for (const FormPlan& form : plan.forms) {
    for (const auto& [first, second] : form.joins) {
      plan.pairs.push_back(
          {form.index, form.symbols[at(first)].role, form.symbols[at(second)].role});
    }
  }
}

}  // namespace anchorlens::core
