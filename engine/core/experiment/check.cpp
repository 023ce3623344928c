// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment/check.h"

#include "engine/core/checked_experiment.h"
#include "engine/core/experiment/document.h"
#include "engine/core/experiment_json.h"
#include "engine/core/task/task.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

namespace anchorlens::core {
namespace {

/// What only the compiled task can say of the other parts.
void checkAgainstTask(const ExperimentSpec& spec, const Task& task, SpecErrors& errors) {
  if (spec.training.stop_when && spec.training.stop_when->metric == "test_accuracy" &&
      !task.analysis().has_test) {
    errors.push_back({"/training/stop_when/metric",
                      "the task has no held-out keys of seen anchors, so there is no "
                      "test_accuracy; expected \"train_accuracy\", or null for stop_when"});
  }
  for (std::size_t i = 0; i < spec.probe.sequences.size(); ++i) {
    const std::vector<int>& tokens = spec.probe.sequences[i];
    const auto judgement = task.judge(std::vector<std::int32_t>(tokens.begin(), tokens.end()));
    if (!judgement)
      errors.push_back({"/probe/sequences/" + std::to_string(i), judgement.error()});
  }
}

void append(SpecErrors& errors, SpecErrors more) {
  std::move(more.begin(), more.end(), std::back_inserter(errors));
}

}  // namespace

SpecErrors checkMeaning(const ExperimentSpec& spec, const Expected<Task, SpecErrors>& task) {
  SpecErrors errors;
  if (!task)
    append(errors, task.error());
  append(errors, checkModel(spec));
  append(errors, checkTraining(spec));
  append(errors, checkProbe(spec));
  append(errors, checkMemory(spec));
  if (task && errors.empty())
    checkAgainstTask(spec, *task, errors);
  const std::size_t total = errors.size();
  arrange(errors, total, toDocument(spec));
  return errors;
}

CheckedExperiment checkAndCompile(const ExperimentSpec& spec) {
  // The reader has every rule of form; a spec that did not come from a file is put before it too.
  auto read = parseExperiment(writeExperiment(spec));
  if (!read)
    return {std::move(read).error(), {}};
  if (*read != completed(spec))
    return {{{"", "a text of the experiment is not valid UTF-8"}}, {}};
  auto task = Task::compile(read->task);
  auto errors = checkMeaning(*read, task);
  return {std::move(errors), task ? std::optional(std::move(*task)) : std::nullopt};
}

SpecErrors checkExperiment(const ExperimentSpec& spec) {
  return checkAndCompile(spec).errors;
}

}  // namespace anchorlens::core
