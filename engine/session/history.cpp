// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/history.h"

#include "engine/core/store/run_place.h"

#include <algorithm>

namespace anchorlens::engine {
namespace {

core::Unexpected<EngineError> refused(const std::string& why) {
  return core::Unexpected(EngineError{why, {}});
}

/// What holds in the step after `step`, without clamps whose pattern is still to come.
core::InEffect wantedAfter(History history, std::int64_t step) {
  std::erase_if(history, isOpenClamp);
  return core::inEffect(history, step + 1);
}

}  // namespace

bool isOpenClamp(const core::Intervention& change) {
  return change.kind == core::Intervention::Kind::Clamp && change.pattern.empty();
}

Result<History> withChange(const History& history, core::Intervention change,
                           const core::ExperimentSpec& spec, std::int64_t total_steps,
                           Trainer& trainer) {
  const std::int64_t now = trainer.step();
  if (change.step == core::kNow) {
    change.step = now;
  }
  if (change.step < now) {
    return refused("Step " + std::to_string(change.step) + " has passed: training stands at step " +
                   std::to_string(now) + ".");
  }
  if (change.step >= total_steps) {
    return refused("Training ends at step " + std::to_string(total_steps) +
                   ": a change must come before.");
  }
  if (const auto why = core::whyNotPossible(change, spec)) {
    return refused(*why);
  }
  if (const auto why = core::whyNothingChanges(change, core::inEffect(history, change.step + 1))) {
    return refused(*why);
  }
  change.time = core::utcText(core::unixTime());
  change.pattern.clear();
  History next = history;
  const auto place = std::upper_bound(
      next.begin(), next.end(), change,
      [](const core::Intervention& a, const core::Intervention& b) { return a.step < b.step; });
  const auto inserted = next.insert(place, change);
  // What comes later is of another training now: its patterns are measured when their step comes.
  for (auto later = std::next(inserted); later != next.end(); ++later) {
    later->pattern.clear();
  }
  // Whether the trainer can do it is found out before anybody relies on it.
  auto can = trainer.setInEffect(wantedAfter(next, change.step));
  auto back = measureAs(trainer, history);
  if (!can || !back) {
    return core::Unexpected((can ? back : can).error());
  }
  return next;
}

Result<void> Trainer::setInEffect(const core::InEffect& now) {
  if (now.isEmpty()) {
    return {};
  }
  return core::Unexpected(EngineError{"This engine cannot change a training.", {}});
}

Result<core::StepMetrics> trainStepOf(Trainer& trainer, const History& history) {
  if (!history.empty()) {
    auto held = trainer.setInEffect(core::inEffect(history, trainer.step() + 1));
    if (!held) {
      return core::Unexpected(held.error());
    }
  }
  return trainer.trainStep();
}

Result<void> measureAs(Trainer& trainer, const History& history) {
  return trainer.setInEffect(core::inEffect(history, trainer.step()));
}

Result<std::vector<float>> meanPattern(Trainer& trainer, const core::SequenceSet& sequences,
                                       const core::HeadRef& head) {
  const auto output = trainer.forward(sequences, true);
  if (!output) {
    return core::Unexpected(output.error());
  }
  const core::PatternBatch& patterns = output->patterns;
  const auto T = static_cast<std::size_t>(patterns.seq_len);
  const auto index = static_cast<std::size_t>(head.layer * patterns.n_heads + head.head);
  std::vector<double> sums(T * T);
  std::vector<std::size_t> counts(T);
  for (std::size_t i = 0; i < patterns.n; ++i) {
    const float* cells = patterns.pattern.data() + (i * patterns.heads() + index) * T * T;
    const auto length = static_cast<std::size_t>(sequences.lengths[i]);
    for (std::size_t row = 0; row < length; ++row) {
      ++counts[row];
      for (std::size_t key = 0; key < T; ++key) {
        sums[row * T + key] += cells[row * T + key];
      }
    }
  }
  std::vector<float> mean(T * T);
  for (std::size_t cell = 0; cell < T * T; ++cell) {
    const auto count = static_cast<double>(std::max<std::size_t>(counts[cell / T], 1));
    mean[cell] = static_cast<float>(sums[cell] / count);
  }
  return mean;
}

History inherited(const History& history, std::int64_t step, const core::ExperimentSpec& parent,
                  const core::ExperimentSpec& fork) {
  using Kind = core::Intervention::Kind;
  using Target = core::Intervention::Target;
  const bool has_rate = parent.training.learning_rate != fork.training.learning_rate ||
                        !(parent.training.schedule == fork.training.schedule);
  const bool has_decay = parent.training.weight_decay != fork.training.weight_decay;
  const bool has_forms = !(parent.task.forms == fork.task.forms);
  const auto is_set_anew = [&](Kind kind, Target target) {
    const bool is_release = kind == Kind::Release;
    const auto is = [&](Kind own, Target taken) {
      return kind == own || (is_release && target == taken);
    };
    return (has_rate && is(Kind::LearningRate, Target::LearningRate)) ||
           (has_decay && is(Kind::WeightDecay, Target::WeightDecay)) ||
           (has_forms && is(Kind::Mixture, Target::Mixture));
  };
  History kept;
  for (const core::Intervention& change : history) {
    if (change.step < step && !is_set_anew(change.kind, change.released)) {
      kept.push_back(change);
    }
  }
  return kept;
}

}  // namespace anchorlens::engine
