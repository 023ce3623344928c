// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/study/study_results.h"

#include "engine/core/scores.h"
#include "engine/core/store/run_place.h"

#include <limits>
#include <utility>

namespace anchorlens::core {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

double liftOf(const std::optional<Score>& score) {
  return score ? score->lift : kNone;
}

/// Null when there is nothing to read, or it cannot be read.
std::unique_ptr<RunReader> openRows(const std::filesystem::path& run) {
  if (!isThere(run / kDatabaseName)) {
    return nullptr;
  }
  auto reader = RunReader::open(run);
  return reader ? std::move(*reader) : nullptr;
}

/// Evaluations and frames; empty where they cannot be read.
void readRows(const std::filesystem::path& run, RunResults& results) {
  const auto reader = openRows(run);
  if (!reader) {
    return;
  }
  if (auto metrics = reader->metrics()) {
    results.evaluations = std::move(*metrics);
  }
  if (auto frames = reader->scores()) {
    results.frames = std::move(*frames);
  }
}

std::vector<StepMetrics> readSteps(const std::filesystem::path& run) {
  const auto reader = openRows(run);
  auto steps = reader ? reader->steps() : Expected<std::vector<StepMetrics>, IoError>({});
  return steps ? std::move(*steps) : std::vector<StepMetrics>();
}

}  // namespace

std::array<double, kResultScores> resultScores(const HeadScores& head) {
  return {head.shift(),   head.broadcast(),       head.self.lift,
          head.sink.lift, liftOf(head.induction), liftOf(head.duplicate)};
}

std::optional<std::int64_t> RunResults::emergence(std::size_t head, std::size_t score) const {
  std::vector<std::int64_t> steps;
  std::vector<double> lifts;
  for (const RunReader::FrameScores& frame : frames) {
    if (head < frame.scores.size()) {
      steps.push_back(frame.step);
      lifts.push_back(resultScores(frame.scores[head])[score]);
    }
  }
  return emergenceStep(steps, lifts);
}

std::vector<HeadLabel> RunResults::labels(std::size_t head) const {
  Labeller labeller;
  std::vector<HeadLabel> labels;
  for (const RunReader::FrameScores& frame : frames) {
    labels.push_back(head < frame.scores.size() ? labeller.next(frame.scores[head]) : HeadLabel());
  }
  return labels;
}

RunResults readRun(const std::filesystem::path& run, const ExperimentSpec& spec,
                   std::vector<GroupInfo> groups) {
  RunResults result;
  result.facts = readMember(run, spec);
  if (!result.facts.is_another) {
    readRows(run, result);
  }
  if (spec.model.kind == ModelSpec::Kind::Transformer) {
    result.n_layers = spec.model.n_layers;
    result.n_heads = spec.model.n_heads;
  }
  result.groups = std::move(groups);
  return result;
}

std::vector<RunResults> readResults(const StudyPlan& plan, const std::filesystem::path& folder,
                                    bool all_steps) {
  std::vector<RunResults> results;
  for (std::size_t i = 0; i < plan.members.size(); ++i) {
    const ExperimentSpec spec = plan.experiment(i);
    const auto task = Task::compile(spec.task);
    const auto run = folder / plan.members[i].folder;
    results.push_back(readRun(run, spec, task ? task->groups() : std::vector<GroupInfo>()));
    auto steps = results.back().facts.is_another ? std::vector<StepMetrics>() : readSteps(run);
    if (!all_steps && steps.size() > 1) {
      steps = {steps.back()};
    }
    results.back().training_steps = std::move(steps);
  }
  return results;
}

}  // namespace anchorlens::core
