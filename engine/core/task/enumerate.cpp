// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/enumerate.h"

#include <set>

namespace anchorlens::core {
namespace {

void collect(const FormPlan& form, int index, const Reading& reading, std::set<int>& keys) {
  const Node& node = form.target.nodes[at(index)];
  if (node.kind == Expr::Kind::Name || node.kind == Expr::Kind::Nearest) {
    keys.insert(node.symbol);
  }
  int selected = -1;
  if (node.kind == Expr::Kind::Match) {
    Operations::select(node, reading.values.data(), selected);
  }
  for (int arm = 0; arm < toInt(node.arms.size()); ++arm) {
    if (node.kind == Expr::Kind::Nearest || arm == selected) {
      keys.insert(node.arms[at(arm)].key);
    }
  }
  for (const int arg : node.args) {
    collect(form, arg, reading, keys);
  }
}

}  // namespace

std::vector<int> relevantKeys(const FormPlan& form, const Reading& reading) {
  Reading different = reading;  // so that match never sees two arms with equal keys
  for (const int key : form.keys) {
    different.values[at(key)] = -1 - key;
  }
  std::set<int> keys;
  collect(form, form.target.root(), different, keys);
  return {keys.begin(), keys.end()};
}

double countValues(const FormPlan& form, const std::vector<int>& keys,
                   const TokenSet& (*set)(const Symbol&)) {
  double n = 1;
  for (const int key : keys) {
    n *= set(form.symbols[at(key)]).size();
  }
  return n;
}

}  // namespace anchorlens::core
