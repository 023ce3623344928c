// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment_json.h"
#include "engine/core/language/language.h"

namespace anchorlens::core {
namespace {

void addKeys(const Sequence& items, TaskSpec& task) {
  for (const Item& item : items) {
    if (item.kind == Item::Kind::Key)
      task.keys.try_emplace(item.name, task.noise);
    for (const Sequence& block : item.blocks)
      addKeys(block, task);
  }
}

}  // namespace

ExperimentSpec completed(ExperimentSpec spec) {
  for (const FormSpec& form : spec.task.forms) {
    if (const auto pattern = parsePattern(form.pattern))
      addKeys(pattern->items, spec.task);
  }
  return spec;
}

}  // namespace anchorlens::core
