// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment/edit_held_out.h"

#include "engine/core/language/language.h"

#include <algorithm>
#include <variant>

namespace anchorlens::core {
namespace {

/// Whether all of `some` are among `all`.
bool includes(const AnchorValues& all, const AnchorValues& some) {
  return std::all_of(some.begin(), some.end(), [&](const auto& value) {
    const auto found = all.find(value.first);
    return found != all.end() && found->second == value.second;
  });
}

bool hasToken(const AnchorValues& values, int token) {
  return std::any_of(values.begin(), values.end(),
                     [&](const auto& value) { return value.second == token; });
}

/// Removes the anchor rules and relabellings that `isMeant` takes.
template <typename IsMeant>
void removeCombinations(TaskSpec& task, IsMeant isMeant) {
  std::erase_if(task.held_out, [&](const HeldOutRule& rule) {
    const auto* anchors = std::get_if<AnchorsRule>(&rule);
    return anchors != nullptr && isMeant(anchors->values);
  });
  std::erase_if(task.relabel, [&](const RelabelSpec& relabel) { return isMeant(relabel.values); });
}

bool isKeysRuleOf(const HeldOutRule& rule, int anchor) {
  const auto* keys = std::get_if<KeysRule>(&rule);
  return keys != nullptr && keys->anchor == anchor;
}

std::ptrdiff_t rowsOf(const TaskSpec& task, int token) {
  return std::count_if(task.anchors.begin(), task.anchors.end(),
                       [&](const AnchorSpec& anchor) { return anchor.token == token; });
}

void renameInValues(AnchorValues& values, int from, int to) {
  for (auto& [name, token] : values) {
    token = token == from ? to : token;
  }
}

std::string followed(const std::string& operation, int from, int to) {
  auto tree = parseOperation(operation);
  if (!tree || tree->kind != Operation::Kind::Synonym || tree->synonym_of != from) {
    return operation;
  }
  tree->synonym_of = to;
  return printOperation(*tree);
}

}  // namespace

CombinationInfo combinationInfo(const TaskSpec& task, const AnchorValues& values) {
  CombinationInfo info;
  for (std::size_t i = 0; i < task.held_out.size(); ++i) {
    const auto* rule = std::get_if<AnchorsRule>(&task.held_out[i]);
    if (rule == nullptr || rule->values.empty() || !includes(values, rule->values)) {
      continue;
    }
    int& found = rule->values.size() == values.size() ? info.rule : info.wider_rule;
    found = found < 0 ? static_cast<int>(i) : found;
  }
  for (std::size_t i = 0; i < task.relabel.size() && info.relabel < 0; ++i) {
    if (task.relabel[i].values == values) {
      info.relabel = static_cast<int>(i);
    }
  }
  if (info.rule >= 0 || info.wider_rule >= 0) {
    info.state = CombinationState::HeldOut;
  } else if (info.relabel >= 0) {
    info.state = CombinationState::Relabelled;
  }
  return info;
}

void setTrained(TaskSpec& task, const AnchorValues& values) {
  removeCombinations(task, [&](const AnchorValues& other) { return other == values; });
}

void setHeldOut(TaskSpec& task, const AnchorValues& values) {
  const CombinationInfo info = combinationInfo(task, values);
  if (info.rule >= 0 && info.relabel < 0) {
    return;
  }
  setTrained(task, values);
  task.held_out.emplace_back(AnchorsRule{values});
}

void setRelabelled(TaskSpec& task, const AnchorValues& values, const std::string& operation) {
  const CombinationInfo info = combinationInfo(task, values);
  if (info.relabel >= 0 && info.rule < 0) {
    task.relabel[static_cast<std::size_t>(info.relabel)].operation = operation;
    return;
  }
  setTrained(task, values);
  task.relabel.push_back({values, operation});
}

Intervals keysNeverTrained(const TaskSpec& task, int anchor) {
  Intervals all;
  for (const HeldOutRule& rule : task.held_out) {
    if (isKeysRuleOf(rule, anchor)) {
      const Intervals& own = std::get<KeysRule>(rule).intervals;
      all.insert(all.end(), own.begin(), own.end());
    }
  }
  return all;
}

void setKeysNeverTrained(TaskSpec& task, int anchor, const Intervals& intervals) {
  const auto isOwn = [&](const HeldOutRule& rule) { return isKeysRuleOf(rule, anchor); };
  const auto first = std::find_if(task.held_out.begin(), task.held_out.end(), isOwn);
  if (intervals.empty()) {
    task.held_out.erase(std::remove_if(first, task.held_out.end(), isOwn), task.held_out.end());
  } else if (first == task.held_out.end()) {
    task.held_out.emplace_back(KeysRule{anchor, intervals});
  } else {
    std::get<KeysRule>(*first).intervals = intervals;
    task.held_out.erase(std::remove_if(first + 1, task.held_out.end(), isOwn), task.held_out.end());
  }
}

Intervals joined(Intervals intervals) {
  for (Interval& interval : intervals) {
    interval = {std::min(interval.first, interval.last), std::max(interval.first, interval.last)};
  }
  std::sort(intervals.begin(), intervals.end(),
            [](const Interval& a, const Interval& b) { return a.first < b.first; });
  Intervals result;
  for (const Interval& interval : intervals) {
    if (!result.empty() && interval.first <= result.back().last + 1) {
      result.back().last = std::max(result.back().last, interval.last);
    } else {
      result.push_back(interval);
    }
  }
  return result;
}

void renameAnchor(TaskSpec& task, std::size_t row, int token) {
  const int old = task.anchors.at(row).token;
  const bool follows = rowsOf(task, old) == 1 && rowsOf(task, token) == 0;
  task.anchors[row].token = token;
  if (!follows) {
    return;
  }
  for (AnchorSpec& anchor : task.anchors) {
    anchor.operation = followed(anchor.operation, old, token);
  }
  for (FormSpec& form : task.forms) {
    for (auto& [name, allowed] : form.anchors) {
      std::replace(allowed.begin(), allowed.end(), old, token);
    }
  }
  for (HeldOutRule& rule : task.held_out) {
    if (auto* anchors = std::get_if<AnchorsRule>(&rule)) {
      renameInValues(anchors->values, old, token);
    } else if (isKeysRuleOf(rule, old)) {
      std::get<KeysRule>(rule).anchor = token;
    }
  }
  for (RelabelSpec& relabel : task.relabel) {
    renameInValues(relabel.values, old, token);
    relabel.operation = followed(relabel.operation, old, token);
  }
}

void removeAnchor(TaskSpec& task, std::size_t row) {
  const int token = task.anchors.at(row).token;
  task.anchors.erase(task.anchors.begin() + static_cast<std::ptrdiff_t>(row));
  if (rowsOf(task, token) > 0) {
    return;
  }
  for (FormSpec& form : task.forms) {
    for (auto& [name, allowed] : form.anchors) {
      if (allowed.size() > 1) {
        std::erase(allowed, token);
      }
    }
  }
  std::erase_if(task.held_out, [&](const HeldOutRule& rule) { return isKeysRuleOf(rule, token); });
  removeCombinations(task, [&](const AnchorValues& values) { return hasToken(values, token); });
}

int addAnchor(TaskSpec& task) {
  int token = 1;
  for (const AnchorSpec& anchor : task.anchors) {
    token = std::max(token, anchor.token + 1);
  }
  task.anchors.push_back({token, "x"});
  return token;
}

}  // namespace anchorlens::core
