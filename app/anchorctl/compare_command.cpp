// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/command.h"
#include "app/anchorctl/compare_report.h"
#include "app/anchorctl/report.h"
#include "engine/core/compare/comparable.h"
#include "engine/core/compare/weights_at.h"
#include "engine/core/store/intervention_file.h"

#include <nlohmann/json.hpp>

#include <CLI/CLI.hpp>
#include <iostream>
#include <limits>
#include <memory>

namespace anchorlens::ctl {
namespace {

struct Options {
  std::string first;
  std::string second;
  std::optional<std::int64_t> at;
  std::string match = "position";
  std::string align = "step";
  bool json = false;
};

/// What is read of a run before it is known which step is shown.
struct OpenRun {
  std::string folder;
  std::unique_ptr<core::RunReader> reader;
  std::vector<core::RunReader::FrameScores> scores;
  std::vector<core::Metrics> metrics;
  core::RunEvents events;
  std::vector<core::Intervention> interventions;

  const core::ExperimentSpec& spec() const { return reader->spec(); }
};

using core::IoError;
template <typename T>
using Read = core::Expected<T, IoError>;

Read<OpenRun> openRunToCompare(const std::string& folder) {
  OpenRun run;
  run.folder = folder;
  auto reader = core::RunReader::open(folder);
  if (!reader)
    return core::Unexpected(reader.error());
  run.reader = std::move(*reader);
  auto scores = run.reader->scores();
  if (!scores)
    return core::Unexpected(scores.error());
  auto metrics = run.reader->metrics();
  if (!metrics)
    return core::Unexpected(metrics.error());
  if (scores->empty())
    return core::Unexpected(IoError{folder, "has no frames yet"});
  auto interventions = core::readInterventions(folder);
  if (!interventions)
    return core::Unexpected(interventions.error());
  run.interventions = std::move(*interventions);
  run.scores = std::move(*scores);
  run.metrics = std::move(*metrics);
  run.events = core::runEvents(run.scores, run.metrics);
  return run;
}

std::int64_t frameAt(const OpenRun& run, std::int64_t step) {
  std::vector<std::int64_t> steps;
  for (const auto& frame : run.scores)
    steps.push_back(frame.step);
  return *core::stepShownAt(steps, step);
}

ComparedRun describe(const OpenRun& run, std::int64_t step) {
  ComparedRun described;
  described.folder = run.folder;
  described.seed = run.spec().training.seed;
  described.step = step;
  described.test_accuracy = described.test_loss = std::numeric_limits<double>::quiet_NaN();
  for (const core::Metrics& metrics : run.metrics) {
    if (metrics.step <= step) {
      described.test_accuracy = metrics.test_accuracy;
      described.test_loss = metrics.test_loss;
    }
  }
  described.in_effect = core::inEffect(run.interventions, step);
  described.events = run.events;
  described.n_heads = run.spec().model.n_heads;
  for (const auto& frame : run.scores) {
    if (frame.step == step)
      described.scores = frame.scores;
  }
  return described;
}

core::HeadCount headCount(const core::ExperimentSpec& spec) {
  const bool has_heads = spec.model.kind == core::ModelSpec::Kind::Transformer;
  return has_heads ? core::HeadCount{spec.model.n_layers, spec.model.n_heads} : core::HeadCount{};
}

/// The mean pattern of a frame; one that has none is an error.
Read<core::PatternBatch> patternsOf(const OpenRun& run, std::int64_t step) {
  const auto frame = run.reader->frame(step);
  if (!frame)
    return core::Unexpected(frame.error());
  auto mean = core::meanPattern(**frame);
  if (mean.n == 0) {
    return core::Unexpected(IoError{
        run.folder, "its frame of step " + std::to_string(step) + " keeps no patterns to compare"});
  }
  return mean;
}

void addDifferences(CompareReport& report, const core::PatternBatch& first,
                    const core::PatternBatch& second, bool causal) {
  for (ComparedPair& compared : report.pairs) {
    const core::HeadPair& pair = compared.pair;
    if (pair.isWhole()) {
      compared.difference = core::meanAbsoluteDifference(first.of(0, pair.layer, pair.first),
                                                         second.of(0, pair.layer, pair.second),
                                                         first.seq_len, causal);
    }
  }
}

/// Pairs of heads and how far they are apart.
Read<void> matchHeads(CompareReport& report, const OpenRun& first, const OpenRun& second) {
  const core::HeadCount counts[]{headCount(first.spec()), headCount(second.spec())};
  const bool is_attention = report.attention_problem.empty();
  const bool causal = first.spec().model.mask == core::ModelSpec::Mask::Causal;
  std::optional<core::PatternBatch> patterns[2];
  if (is_attention) {
    for (const int side : {0, 1}) {
      auto read =
          side == 0 ? patternsOf(first, report.first.step) : patternsOf(second, report.second.step);
      if (read)
        patterns[side] = std::move(*read);
      else if (report.match == core::HeadMatch::Pattern)
        return core::Unexpected(read.error());
    }
  }
  core::HeadDistances distances;
  if (is_attention && report.match == core::HeadMatch::Pattern)
    distances = core::patternDistances(*patterns[0], *patterns[1], causal);
  if (is_attention && report.match == core::HeadMatch::Weights) {
    auto weights = core::compareWeights({first.folder, report.first.step},
                                        {second.folder, report.second.step});
    if (!weights)
      return core::Unexpected(weights.error());
    distances = std::move(weights->distances);
    report.weights_steps = {weights->first_step, weights->second_step};
  }
  for (const core::HeadPair& pair : core::matchByDistance(counts[0], counts[1], distances))
    report.pairs.push_back({pair, std::nullopt});
  if (patterns[0] && patterns[1])
    addDifferences(report, *patterns[0], *patterns[1], causal);
  return {};
}

bool hasSameProbe(const core::ExperimentSpec& first, const core::ExperimentSpec& second) {
  const auto probeOf = [](const core::ExperimentSpec& spec) -> std::optional<core::SequenceSet> {
    const auto task = core::Task::compile(spec.task);
    if (!task)
      return std::nullopt;
    auto probe = core::makeProbe(*task, spec.probe);
    return probe ? std::optional(std::move(*probe)) : std::nullopt;
  };
  const auto a = probeOf(first);
  const auto b = probeOf(second);
  return a && b && core::isSameProbe(*a, *b);
}

core::AlignedRun alignedRun(const OpenRun& run, core::AlignBy by) {
  const core::RunEvents& events = run.events;
  return by == core::AlignBy::Accuracy
             ? core::AlignedRun{run.folder, events.accuracy, events.is_accuracy_before}
             : core::AlignedRun{run.folder, events.broadcast, events.is_broadcast_before};
}

int runCompare(const Options& options) {
  const auto first = openRunToCompare(options.first);
  if (!first) {
    printError("", first.error().text());
    return kBadInput;
  }
  const auto second = openRunToCompare(options.second);
  if (!second) {
    printError("", second.error().text());
    return kBadInput;
  }
  CompareReport report;
  report.match = *core::headMatchNamed(options.match);
  report.align = *core::alignByNamed(options.align);
  const core::TimeAlignment alignment(report.align, alignedRun(*first, report.align),
                                      alignedRun(*second, report.align));
  const std::int64_t step =
      frameAt(*first, options.at.value_or(std::numeric_limits<std::int64_t>::max()));
  report.first = describe(*first, step);
  report.second = describe(*second, frameAt(*second, alignment.secondAt(step)));
  report.align_problem = alignment.problem();
  report.attention_problem =
      core::whyNotComparable(first->spec(), options.first, second->spec(), options.second);
  report.has_same_probe = hasSameProbe(first->spec(), second->spec());
  if (const auto matched = matchHeads(report, *first, *second); !matched) {
    printError("", matched.error().text());
    return kBadInput;
  }
  if (options.json)
    printJson(compareJson(report));
  else
    std::cout << compareText(report);
  return kDone;
}

}  // namespace

void addCompare(CLI::App& program, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* command = addCommand(program, "compare", "Two runs side by side, head by head",
                                 "anchorctl compare run1 run2 --match pattern --align emergence");
  command->add_option("RUN_A", options->first, "The folder of the first run")->required();
  command->add_option("RUN_B", options->second, "The folder of the second run")->required();
  addStep(*command, "--at", options->at,
          "A step of RUN_A; its last frame at or before it, the last one unless said");
  command
      ->add_option("--match", options->match,
                   "Which heads are compared: of the same position, or those of each layer that "
                   "are most alike by pattern or by weights")
      ->check(CLI::IsMember({"position", "pattern", "weights"}));
  command
      ->add_option("--align", options->align,
                   "Which step of RUN_B: the same step, or as far from emergence of the first "
                   "broadcast, or from test accuracy 90 %")
      ->check(CLI::IsMember({"step", "emergence", "accuracy"}));
  addJson(*command, options->json);
  command->callback([options, &action] { action = [options] { return runCompare(*options); }; });
}

}  // namespace anchorlens::ctl
