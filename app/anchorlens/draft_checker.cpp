// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/draft_checker.h"

#include "engine/core/experiment_json.h"
#include "engine/core/store/run_store.h"
#include "engine/session.h"
#include "engine/session/measure.h"
#include "engine/session/parameter_list.h"
#include "engine/session/run_estimate.h"

#include <algorithm>
#include <utility>

namespace anchorlens::app {

namespace {

constexpr std::size_t kSamples = 16;
/// One sample in so many comes from the held-out sequences, as in most data sets' test share.
constexpr std::size_t kTestShare = 4;

/// Training draws with held-out ones between them.
core::SequenceSet drawSamples(const core::Task& task, std::uint64_t seed) {
  core::Random random(seed, "samples");
  const std::size_t n_test = task.analysis().has_test ? kSamples / kTestShare : 0;
  core::SequenceSet train = task.draw(core::Split::Train, kSamples - n_test, random);
  if (n_test == 0)
    return train;
  const core::SequenceSet test = task.draw(core::Split::Test, n_test, random);
  core::SequenceSet mixed;
  mixed.seq_len = train.seq_len;
  const auto append = [&mixed](const core::SequenceSet& set, std::size_t i) {
    const auto T = static_cast<std::size_t>(set.seq_len);
    const auto begin = static_cast<std::ptrdiff_t>(i * T);
    const auto end = static_cast<std::ptrdiff_t>((i + 1) * T);
    mixed.tokens.insert(mixed.tokens.end(), set.tokens.begin() + begin, set.tokens.begin() + end);
    mixed.roles.insert(mixed.roles.end(), set.roles.begin() + begin, set.roles.begin() + end);
    mixed.lengths.push_back(set.lengths[i]);
    mixed.targets.push_back(set.targets[i]);
    mixed.groups.push_back(set.groups[i]);
    mixed.forms.push_back(set.forms[i]);
    mixed.splits.push_back(set.splits[i]);
    const auto answers = set.answersOf(i);
    mixed.answers.insert(mixed.answers.end(), answers.begin(), answers.end());
    mixed.answer_offsets.push_back(static_cast<std::uint32_t>(mixed.answers.size()));
  };
  std::size_t i_train = 0;
  std::size_t i_test = 0;
  for (std::size_t i = 0; i < kSamples; ++i) {
    if (i % kTestShare == kTestShare - 2 && i_test < n_test)
      append(test, i_test++);
    else
      append(train, i_train++);
  }
  return mixed;
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

}  // namespace

std::int64_t estimateTrainingBytes(const core::ExperimentSpec& spec, std::int64_t parameters) {
  const auto& model = spec.model;
  const std::int64_t T = spec.task.seq_len.empty() ? 0
                                                   : *std::max_element(spec.task.seq_len.begin(),
                                                                       spec.task.seq_len.end());
  const std::int64_t batch = spec.training.batch_size;
  constexpr std::int64_t kFloat = 4;
  const std::int64_t states = spec.training.optimizer == core::TrainingSpec::Optimizer::Sgd ? 3 : 4;
  const std::int64_t per_position = 8LL * model.d_model + 2LL * model.d_mlp +
                                    4LL * model.n_heads * model.d_head + 2LL * model.n_heads * T;
  const std::int64_t activations =
      batch * (T * per_position * model.n_layers + 2LL * spec.task.d_vocab);
  const bool is_fixed = spec.data.mode == core::DataSpec::Mode::Fixed;
  const std::int64_t sequences = spec.data.n_test + (is_fixed ? spec.data.n_train : 0);
  return kFloat * (states * parameters + activations) + sequences * (5 * T + 24);
}

widgets::ExperimentChecks checkDraft(const core::ExperimentSpec& spec, std::uint64_t sample_seed) {
  widgets::ExperimentChecks checks;
  checks.is_stale = true;
  checks.problems = core::checkExperiment(spec);
  auto task = core::Task::compile(spec.task);
  if (task) {
    checks.samples = drawSamples(*task, sample_seed);
    checks.shown = shownSequences(*task, spec.probe);
    checks.task = std::move(*task);
  }
  if (checks.problems.empty() && checks.task) {
    checks.parameters =
        engine::countParameters(spec.model, spec.task.d_vocab, checks.task->seqLen());
    checks.parts =
        engine::countParametersByPart(spec.model, spec.task.d_vocab, checks.task->seqLen());
    checks.flop_per_step = core::flopPerStep(spec);
    checks.memory_bytes = estimateTrainingBytes(spec, checks.parameters);
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
  if (question.samples_only || !checks.problems.empty() || !checks.task)
    return;
  const auto data = core::makeDataset(*checks.task, question.spec.data, question.stop);
  if (question.stop.stop_requested())
    return;
  if (data) {
    checks.n_train = static_cast<std::int64_t>(data->train.size());
    checks.n_test = static_cast<std::int64_t>(data->test.size());
    checks.shared = core::countShared(data->train, data->test);
  } else {
    checks.problems = data.error();
  }
  checks.is_stale = false;
  emit checked(question.number, std::make_shared<const widgets::ExperimentChecks>(checks));
}

}  // namespace anchorlens::app
