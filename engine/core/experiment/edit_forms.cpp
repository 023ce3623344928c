// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment/edit_forms.h"

#include "engine/core/language/edit.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>
#include <vector>

namespace anchorlens::core {
namespace {

using Names = std::set<std::string>;

Names namesIn(const std::string& pattern, Item::Kind kind) {
  const auto tree = parsePattern(pattern);
  if (!tree)
    return {};
  const auto names = namesOf(tree->items, kind);
  return {names.begin(), names.end()};
}

/// Names that other forms than `except` use.
Names namesElsewhere(const TaskSpec& task, std::size_t except, Item::Kind kind) {
  Names all;
  for (std::size_t i = 0; i < task.forms.size(); ++i) {
    if (i != except)
      all.merge(namesIn(task.forms[i].pattern, kind));
  }
  return all;
}

std::vector<std::string> without(const Names& names, const Names& others) {
  std::vector<std::string> rest;
  std::set_difference(names.begin(), names.end(), others.begin(), others.end(),
                      std::back_inserter(rest));
  return rest;
}

template <typename Map>
void rename(Map& map, const std::string& from, const std::string& to) {
  auto node = map.extract(from);
  if (node.empty())
    return;
  node.key() = to;
  map.insert(std::move(node));
}

void rename(Expr& expr, const std::string& from, const std::string& to) {
  if (expr.kind == Expr::Kind::Name && expr.name == from)
    expr.name = to;
  for (Expr& arg : expr.args)
    rename(arg, from, to);
}

void renameKey(TaskSpec& task, const std::string& from, const std::string& to) {
  rename(task.keys, from, to);
  for (HeldOutRule& rule : task.held_out) {
    if (auto* residue = std::get_if<ResidueRule>(&rule); residue && residue->key == from)
      residue->key = to;
    auto* predicate = std::get_if<PredicateRule>(&rule);
    auto expression = predicate ? parseExpression(predicate->expression)
                                : Expected<Expr, LanguageError>(Unexpected(LanguageError{}));
    if (!expression)
      continue;
    Expr renamed = *expression;
    rename(renamed, from, to);
    if (!(renamed == *expression))
      predicate->expression = printExpression(renamed);
  }
}

void renameAnchor(TaskSpec& task, const std::string& from, const std::string& to) {
  for (HeldOutRule& rule : task.held_out) {
    if (auto* anchors = std::get_if<AnchorsRule>(&rule))
      rename(anchors->values, from, to);
  }
  for (RelabelSpec& relabel : task.relabel)
    rename(relabel.values, from, to);
}

void changeKeys(TaskSpec& task, std::size_t form, const Names& before, const Names& after) {
  const Names elsewhere = namesElsewhere(task, form, Item::Kind::Key);
  Names old_names = before;
  old_names.insert(elsewhere.begin(), elsewhere.end());
  Names new_names = after;
  new_names.insert(elsewhere.begin(), elsewhere.end());
  const auto gone = without(before, new_names);
  const auto added = without(after, old_names);
  if (gone.size() == 1 && added.size() == 1) {
    renameKey(task, gone[0], added[0]);
    return;
  }
  for (const std::string& name : gone)
    task.keys.erase(name);
}

void changeAnchors(TaskSpec& task, std::size_t index, const Names& before, const Names& after) {
  FormSpec& form = task.forms[index];
  const auto gone = without(before, after);
  const auto added = without(after, before);
  if (gone.size() == 1 && added.size() == 1) {
    rename(form.anchors, gone[0], added[0]);
    for (auto& group : form.distinct)
      std::replace(group.begin(), group.end(), gone[0], added[0]);
    if (!namesElsewhere(task, index, Item::Kind::Anchor).contains(gone[0]))
      renameAnchor(task, gone[0], added[0]);
    return;
  }
  for (const std::string& name : gone) {
    form.anchors.erase(name);
    for (auto& group : form.distinct)
      std::erase(group, name);
  }
  std::erase_if(form.distinct, [](const auto& group) { return group.size() < 2; });
}

}  // namespace

ExperimentSpec withPattern(ExperimentSpec spec, std::size_t form, const std::string& pattern) {
  const std::string before = std::exchange(spec.task.forms.at(form).pattern, pattern);
  if (!parsePattern(before) || !parsePattern(pattern))
    return spec;
  changeKeys(spec.task, form, namesIn(before, Item::Kind::Key), namesIn(pattern, Item::Kind::Key));
  changeAnchors(spec.task, form, namesIn(before, Item::Kind::Anchor),
                namesIn(pattern, Item::Kind::Anchor));
  return spec;
}

ExperimentSpec withFormMoved(ExperimentSpec spec, std::size_t from, std::size_t to) {
  auto& forms = spec.task.forms;
  FormSpec moved = std::move(forms.at(from));
  forms.erase(forms.begin() + static_cast<std::ptrdiff_t>(from));
  forms.insert(forms.begin() + static_cast<std::ptrdiff_t>(std::min(to, forms.size())),
               std::move(moved));
  return spec;
}

ExperimentSpec withoutForm(ExperimentSpec spec, std::size_t form) {
  auto& task = spec.task;
  const Names own = namesIn(task.forms.at(form).pattern, Item::Kind::Key);
  for (const std::string& name : without(own, namesElsewhere(task, form, Item::Kind::Key)))
    task.keys.erase(name);
  task.forms.erase(task.forms.begin() + static_cast<std::ptrdiff_t>(form));
  return spec;
}

}  // namespace anchorlens::core
