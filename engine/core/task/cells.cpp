// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/compile.h"

#include <algorithm>
#include <map>
#include <variant>

namespace anchorlens::core {
namespace {

bool isLengthHeld(const TaskSpec& spec, int length) {
  return std::any_of(spec.held_out.begin(), spec.held_out.end(), [&](const HeldOutRule& rule) {
    const auto* held = std::get_if<LengthRule>(&rule);
    return held != nullptr &&
           std::find(held->lengths.begin(), held->lengths.end(), length) != held->lengths.end();
  });
}

void reportExtent(const TaskPlan& plan, const FormPlan& form, const Extent& extent,
                  ErrorList& errors) {
  const auto& lengths = plan.spec.seq_len;
  const auto [shortest, longest] = std::minmax_element(lengths.begin(), lengths.end());
  const std::string need = plural(extent.min, "token");
  std::string message;
  if (*longest < extent.min) {
    message =
        "Length " + std::to_string(*longest) + " is too short: the pattern needs " + need + ".";
  } else if (*shortest > extent.min) {
    message = "Length " + std::to_string(*shortest) +
              " is too long: the pattern has no gap (*) and takes exactly " + need + ".";
  } else {
    message = "No length fits: the pattern has no gap (*) and takes exactly " + need + ".";
  }
  errors.add(pointerTo("forms", at(form.index), "pattern"), message);
}

/// Largest first position of a symbol in a cell.
int largestFirst(const Cell& cell, int symbol) {
  if (!cell.placements.hasTable()) {
    return cell.length - 1;
  }
  int largest = 0;
  for (int i = 0; i < cell.placements.tableSize(); ++i) {
    largest = std::max<int>(largest, cell.placements[i].firsts[symbol]);
  }
  return largest;
}

/// Keys drawn as s + position reach further than their range.
void widenKeys(TaskPlan& plan, ErrorList& errors) {
  for (const Cell& cell : plan.cells) {
    FormPlan& form = plan.forms[at(cell.form)];
    for (const int key : form.keys) {
      Symbol& symbol = form.symbols[at(key)];
      if (!symbol.is_shifted || symbol.domain.isEmpty()) {
        continue;
      }
      const int by = largestFirst(cell, key);
      TokenSet reach = symbol.domain.widened(by);
      if (reach.max() >= plan.d_vocab) {
        const auto& rules = plan.spec.held_out;
        const auto rule = std::find_if(rules.begin(), rules.end(), [&](const HeldOutRule& r) {
          const auto* residue = std::get_if<ResidueRule>(&r);
          return residue != nullptr && residue->of == ResidueRule::Of::KeyMinusPosition;
        });
        errors.add(pointerTo("held_out", static_cast<std::size_t>(rule - rules.begin()), "of"),
                   "Key " + symbol.text + " is drawn as s + position, up to " +
                       std::to_string(symbol.domain.max()) + " + " + std::to_string(by) + " = " +
                       std::to_string(reach.max()) + ". Vocabulary ends at " +
                       std::to_string(plan.d_vocab - 1) + ".");
      }
      if (symbol.reach.isEmpty() || reach.max() > symbol.reach.max()) {
        symbol.reach = std::move(reach);
      }
    }
  }
}

void addCell(TaskPlan& plan, const FormPlan& form, int length) {
  Placements::Form shape{form.occurrences, {}};
  for (const Symbol& symbol : form.symbols) {
    shape.roles.push_back(symbol.role);
  }
  Cell cell;
  cell.form = form.index;
  cell.length = length;
  cell.is_length_held = isLengthHeld(plan.spec, length);
  cell.weight = form.weight;
  cell.placements = Placements(shape, form.orders, length);
  plan.cells.push_back(std::move(cell));
}

/// Lengths are equally likely; forms of one length by their weights.
void normaliseWeights(TaskPlan& plan) {
  std::map<int, double> sums;
  for (const Cell& cell : plan.cells) {
    sums[cell.length] += cell.weight;
  }
  for (Cell& cell : plan.cells) {
    cell.weight /= sums[cell.length] * static_cast<double>(sums.size());
  }
}

}  // namespace

void makeCells(TaskPlan& plan, ErrorList& errors) {
  const auto& lengths = plan.spec.seq_len;
  for (const FormPlan& form : plan.forms) {
    const Extent extent = extentOf(form.elements);
    if (std::none_of(lengths.begin(), lengths.end(), [&](int n) { return extent.holds(n); })) {
      reportExtent(plan, form, extent, errors);
    }
  }
  if (!errors.isEmpty()) {
    return;
  }
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    const std::size_t before = plan.cells.size();
    for (const FormPlan& form : plan.forms) {
      if (extentOf(form.elements).holds(lengths[i])) {
        addCell(plan, form, lengths[i]);
      }
    }
    if (plan.cells.size() == before) {
      errors.add("/task/seq_len/" + std::to_string(i),
                 "No pattern can be " + plural(lengths[i], "token") + " long.");
    }
  }
  normaliseWeights(plan);
  widenKeys(plan, errors);
}

}  // namespace anchorlens::core
