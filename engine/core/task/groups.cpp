// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/compile.h"

#include <algorithm>
#include <map>
#include <string>

namespace anchorlens::core {
namespace {

/// Combinations that get groups of their own; with more, all of a form's are reported together.
constexpr int kMostReported = 256;

class GroupMaker {
 public:
  explicit GroupMaker(TaskPlan& plan) : m_plan(plan) {}

  void make(Cell& cell) {
    const FormPlan& form = m_plan.forms[at(cell.form)];
    cell.groups.assign(at(2 * form.combinations.n), -1);
    for (int c = 0; c < form.combinations.n; ++c) {
      const bool is_held = cell.is_length_held || form.is_held[at(c)] != 0;
      const bool is_relabelled = form.relabel[at(c)] >= 0;
      const bool has_seen = form.has_seen[at(c)] != 0;
      const auto held = is_held || is_relabelled || !has_seen ? GroupInfo::Kind::HeldOutCombination
                                                              : GroupInfo::Kind::HeldOutKeys;
      const auto other = is_held ? GroupInfo::Kind::HeldOutCombination : GroupInfo::Kind::Seen;
      if (cell.can_occur[at(2 * c)] != 0) {
        cell.groups[at(2 * c)] = groupOf(cell, c, other);
      }
      if (cell.can_occur[at(2 * c + 1)] != 0) {
        cell.groups[at(2 * c + 1)] = groupOf(cell, c, held);
      }
    }
  }

 private:
  int groupOf(const Cell& cell, int combination, GroupInfo::Kind kind) {
    const FormPlan& form = m_plan.forms[at(cell.form)];
    const bool is_listed = form.combinations.n <= kMostReported;
    GroupInfo group;
    group.kind = kind;
    group.form = form.index;
    group.split = kind == GroupInfo::Kind::Seen ? Split::Train : Split::Test;
    if (m_plan.forms.size() > 1) {
      group.name += "form" + std::to_string(form.index) + " ";
    }
    if (cell.is_length_held) {
      group.name += "length=" + std::to_string(cell.length) + " ";
    }
    if (is_listed) {
      const std::string anchors = combinationText(form, combination);
      group.name += anchors.empty() ? "" : anchors + " ";
      const std::int32_t* values = form.combinations.of(combination);
      group.anchors.assign(values, values + form.combinations.variables.size());
    } else if (kind == GroupInfo::Kind::HeldOutCombination) {
      group.name += "combination ";
    }
    group.name += kind == GroupInfo::Kind::Seen ? "seen" : "held_out";
    const auto [known, is_new] = m_index.emplace(group.name, toInt(m_plan.groups.size()));
    if (is_new) {
      m_plan.groups.push_back(std::move(group));
    }
    return known->second;
  }

  TaskPlan& m_plan;
  std::map<std::string, int> m_index;
};

void addEntry(Pool& pool, int cell, int combination, std::uint8_t allowed) {
  if (pool.parts.empty() || pool.parts.back().cell != cell) {
    pool.parts.push_back({cell, 0, {}, {}});
  }
  Pool::Part& part = pool.parts.back();
  if (!part.combinations.empty() && part.combinations.back() == combination) {
    part.allowed.back() |= allowed;
    return;
  }
  part.combinations.push_back(combination);
  part.allowed.push_back(allowed);
}

void weigh(const TaskPlan& plan, Pool& pool) {
  pool.weight = 0;
  for (Pool::Part& part : pool.parts) {
    const Cell& cell = plan.cells[at(part.cell)];
    pool.weight += cell.weight * static_cast<double>(part.combinations.size()) /
                   plan.forms[at(cell.form)].combinations.n;
    part.cumulative = pool.weight;
  }
}

}  // namespace

void makeGroups(TaskPlan& plan) {
  // Lengths that are trained first: their groups are those of the tables of accuracy.
  GroupMaker maker(plan);
  for (const bool is_held : {false, true}) {
    for (const FormPlan& form : plan.forms) {
      for (Cell& cell : plan.cells) {
        if (cell.form == form.index && cell.is_length_held == is_held) {
          maker.make(cell);
        }
      }
    }
  }
}

void makePools(TaskPlan& plan) {
  plan.of_group.resize(plan.groups.size());
  Pool held;
  for (int i = 0; i < toInt(plan.cells.size()); ++i) {
    const Cell& cell = plan.cells[at(i)];
    for (int entry = 0; entry < toInt(cell.groups.size()); ++entry) {
      if (cell.groups[at(entry)] < 0) {
        continue;
      }
      const int c = entry / 2;
      const auto allowed = static_cast<std::uint8_t>(entry % 2 == 0 ? 1 : 2);
      addEntry(plan.everything, i, c, allowed);
      const int index = cell.groups[at(entry)];
      const GroupInfo& group = plan.groups[at(index)];
      addEntry(plan.of_group[at(index)], i, c, allowed);
      addEntry(group.split == Split::Train ? plan.train : held, i, c, allowed);
      if (group.kind == GroupInfo::Kind::HeldOutKeys) {
        addEntry(plan.test, i, c, allowed);
      }
    }
  }
  if (plan.test.isEmpty()) {
    plan.test = std::move(held);
  }
  weigh(plan, plan.everything);
  weigh(plan, plan.train);
  weigh(plan, plan.test);
  for (Pool& pool : plan.of_group) {
    weigh(plan, pool);
  }
}

}  // namespace anchorlens::core
