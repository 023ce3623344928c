// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/draft_checker.h"

#include "engine/core/experiment_json.h"
#include "engine/core/store/run_store.h"
#include "engine/session.h"
#include "engine/session/measure.h"
#include "engine/session/parameter_list.h"
#include "engine/session/precision.h"
#include "engine/session/run_estimate.h"
#include "widgets/panel_samples.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace anchorlens::app {

namespace {

using widgets::SampleKind;

constexpr std::size_t kSamples = 16;
/// Which kind each of them is, where the task has it: most are training draws, as in the data.
constexpr std::array kMixture{
    SampleKind::Train,      SampleKind::HeldOut,    SampleKind::Test, SampleKind::Train,
    SampleKind::Train,      SampleKind::Relabelled, SampleKind::Test, SampleKind::Train,
    SampleKind::Train,      SampleKind::HeldOut,    SampleKind::Test, SampleKind::Train,
    SampleKind::Relabelled, SampleKind::Train,      SampleKind::Test, SampleKind::Train};
static_assert(kMixture.size() == kSamples);

void append(core::SequenceSet& to, const core::SequenceSet& set, std::size_t i) {
  const auto T = static_cast<std::size_t>(set.seq_len);
  const auto begin = static_cast<std::ptrdiff_t>(i * T);
  const auto end = static_cast<std::ptrdiff_t>((i + 1) * T);
  to.seq_len = set.seq_len;
  to.tokens.insert(to.tokens.end(), set.tokens.begin() + begin, set.tokens.begin() + end);
  to.roles.insert(to.roles.end(), set.roles.begin() + begin, set.roles.begin() + end);
  to.lengths.push_back(set.lengths[i]);
  to.targets.push_back(set.targets[i]);
  to.groups.push_back(set.groups[i]);
  to.forms.push_back(set.forms[i]);
  to.splits.push_back(set.splits[i]);
  const auto answers = set.answersOf(i);
  to.answers.insert(to.answers.end(), answers.begin(), answers.end());
  to.answer_offsets.push_back(static_cast<std::uint32_t>(to.answers.size()));
}

/// One of each held-out combination, in turn, until there are enough.
core::SequenceSet drawHeldOut(const core::Task& task, core::Random& random) {
  core::SequenceSet drawn;
  std::vector<int> groups;
  for (std::size_t i = 0; i < task.groups().size(); ++i) {
    if (task.groups()[i].kind == core::GroupInfo::Kind::HeldOutCombination)
      groups.push_back(static_cast<int>(i));
  }
  for (std::size_t i = 0; i < kSamples && !groups.empty(); ++i)
    append(drawn, task.drawGroup(groups[i % groups.size()], 1, random), 0);
  return drawn;
}

/// Those of many training draws that are taught another operation.
core::SequenceSet drawRelabelled(const core::Task& task, core::Random& random) {
  constexpr std::size_t kDraws = 512;
  core::SequenceSet drawn;
  if (task.spec().relabel.empty())
    return drawn;
  const core::SequenceSet train = task.draw(core::Split::Train, kDraws, random);
  for (std::size_t i = 0; i < kDraws && drawn.size() < kSamples; ++i) {
    if (widgets::sampleKind(task, train, i) == SampleKind::Relabelled)
      append(drawn, train, i);
  }
  return drawn;
}

void drawSamples(const core::Task& task, std::uint64_t seed, widgets::ExperimentChecks& checks) {
  core::Random random(seed, "samples");
  const auto of = [&checks](SampleKind kind) -> core::SequenceSet& {
    return checks.samples_of_kind[static_cast<std::size_t>(kind)];
  };
  of(SampleKind::Train) = task.draw(core::Split::Train, kSamples, random);
  if (task.analysis().has_test)
    of(SampleKind::Test) = task.draw(core::Split::Test, kSamples, random);
  of(SampleKind::HeldOut) = drawHeldOut(task, random);
  of(SampleKind::Relabelled) = drawRelabelled(task, random);
  for (std::size_t i = 0; i < kSamples; ++i) {
    const core::SequenceSet& wanted = of(kMixture[i]);
    append(checks.samples, i < wanted.size() ? wanted : of(SampleKind::Train), i);
  }
}

/// The sequences of the probe that every frame stores; without typed ones that fit no form.
core::SequenceSet shownSequences(const core::Task& task, core::ProbeSpec spec) {
  std::erase_if(spec.sequences, [&task](const std::vector<int>& sequence) {
    return !task.judge(std::vector<std::int32_t>(sequence.begin(), sequence.end()));
  });
  const auto probe = core::makeProbe(task, spec);
  if (!probe)
    return {};
  const auto shown = static_cast<std::size_t>(std::max(0, spec.shown));
  return engine::subset(*probe, 0, std::min(shown, probe->size()));
}

bool hasProblemAt(const core::SpecErrors& problems, const std::string& pointer) {
  return std::any_of(problems.begin(), problems.end(),
                     [&](const core::SpecError& it) { return it.pointer == pointer; });
}

}  // namespace

widgets::ExperimentChecks checkDraft(const core::ExperimentSpec& spec, std::uint64_t sample_seed) {
  widgets::ExperimentChecks checks;
  checks.is_stale = true;
  checks.problems = core::checkExperiment(spec);
  if (auto problem = engine::precisionProblem(spec.training);
      problem && !hasProblemAt(checks.problems, problem->pointer))
    checks.problems.push_back(std::move(*problem));
  auto task = core::Task::compile(spec.task);
  if (task) {
    drawSamples(*task, sample_seed, checks);
    checks.shown = shownSequences(*task, spec.probe);
    checks.task = std::move(*task);
  }
  if (checks.problems.empty() && checks.task) {
    checks.parameters =
        engine::countParameters(spec.model, spec.task.d_vocab, checks.task->seqLen());
    checks.parts =
        engine::countParametersByPart(spec.model, spec.task.d_vocab, checks.task->seqLen());
    checks.flop_per_step = core::flopPerStep(spec);
    checks.memory_bytes = engine::trainingBytes(spec);
    checks.frame_bytes = core::frameBytes(spec);
    checks.run_bytes = engine::estimateRun(spec).bytes;
  }
  return checks;
}

void DraftChecker::check(const Question& question) {
  if (question.stop.stop_requested())
    return;
  auto checks = checkDraft(question.spec, question.sample_seed);
  emit checked(question.number, std::make_shared<const widgets::ExperimentChecks>(checks));
  if (question.samples_only)
    return;
  if (!checks.problems.empty()) {
    const auto* last_good = question.last_good ? &*question.last_good : nullptr;
    checks.repairs = core::repairsOf(question.spec, checks.problems, last_good, question.stop);
    if (!checks.repairs.empty() && !question.stop.stop_requested())
      emit checked(question.number, std::make_shared<const widgets::ExperimentChecks>(checks));
    return;
  }
  const auto data = core::makeDataset(*checks.task, question.spec.data, question.stop);
  if (question.stop.stop_requested())
    return;
  if (data) {
    checks.n_train = static_cast<std::int64_t>(data->train.size());
    checks.n_test = static_cast<std::int64_t>(data->test.size());
    checks.shared = core::countShared(data->train, data->test);
    checks.coverage = core::coverageOf(*checks.task, checks.n_train);
    checks.group_counts.assign(checks.task->groups().size(), 0);
    for (const core::SequenceSet* set : {&data->train, &data->test}) {
      for (const auto group : set->groups)
        ++checks.group_counts[static_cast<std::size_t>(group)];
    }
  } else {
    checks.problems = data.error();
  }
  checks.is_stale = false;
  emit checked(question.number, std::make_shared<const widgets::ExperimentChecks>(checks));
}

}  // namespace anchorlens::app
