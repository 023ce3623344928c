// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment/check.h"
#include "engine/core/experiment/choices.h"
#include "engine/core/experiment/limits.h"
#include "engine/core/experiment/suggest.h"
#include "engine/core/repair/candidates.h"

#include <algorithm>
#include <cstddef>

namespace anchorlens::core {
namespace {

void proposeModel(Candidates& candidates) {
  const ModelSpec& model = candidates.spec().model;
  if (candidates.isAt("/model/n_ctx")) {
    if (const auto length = candidates.numberAfter("at least ")) {
      candidates.add("Context " + std::to_string(*length),
                     [&](ExperimentSpec& next) { next.model.n_ctx = static_cast<int>(*length); });
    }
    candidates.add("Length " + std::to_string(model.n_ctx),
                   [&](ExperimentSpec& next) { setLength(next, model.n_ctx); });
  }
  if (candidates.isAt("/model/attention_output")) {
    candidates.add("Output projection on",
                   [](ExperimentSpec& next) { next.model.attention_output = true; });
    const std::int64_t joined = std::int64_t{model.n_heads} * model.d_head;
    if (joined <= limits::kModelWidth) {
      candidates.add("Model width " + std::to_string(joined),
                     [&](ExperimentSpec& next) { next.model.d_model = static_cast<int>(joined); });
    }
  }
  if (candidates.isAt("/model/shift_values_by")) {
    candidates.add("No shift", [](ExperimentSpec& next) { next.model.shift_values_by = 0; });
    if (const auto most = candidates.numberAfter(" to ")) {
      const int nearest = static_cast<int>(model.shift_values_by < 0 ? -*most : *most);
      candidates.add("Shift by " + std::to_string(nearest),
                     [&](ExperimentSpec& next) { next.model.shift_values_by = nearest; });
    }
  }
}

void proposeSchedule(Candidates& candidates) {
  const TrainingSpec& training = candidates.spec().training;
  if (candidates.isAt("/training/schedule/decay")) {
    const bool is_steps = training.schedule.unit == ScheduleSpec::Unit::Steps;
    const std::int64_t length =
        is_steps ? training.steps.value_or(1000) : training.epochs.value_or(100);
    candidates.add("Decay over " + std::to_string(length),
                   [&](ExperimentSpec& next) { next.training.schedule.decay = length; });
    candidates.add("Constant rate", [](ExperimentSpec& next) {
      next.training.schedule.kind = ScheduleSpec::Kind::Constant;
    });
  }
  if (candidates.isAt("/training/epochs")) {
    if (const auto most = candidates.numberAfter("expected at most ")) {
      candidates.add("Epochs " + std::to_string(*most),
                     [&](ExperimentSpec& next) { next.training.epochs = *most; });
    }
  }
  if (candidates.isAt("/training/steps") && candidates.says("one of epochs and steps")) {
    const std::int64_t steps = training.steps.value_or(*TrainingSpec().steps);
    candidates.add("Train " + std::to_string(steps) + " steps", [&](ExperimentSpec& next) {
      next.training.epochs.reset();
      next.training.steps = steps;
    });
    const std::int64_t epochs = training.epochs.value_or(50);
    candidates.add("Train " + std::to_string(epochs) + " epochs", [&](ExperimentSpec& next) {
      next.training.steps.reset();
      next.training.epochs = epochs;
    });
  }
}

void proposeTraining(Candidates& candidates) {
  const TrainingSpec& training = candidates.spec().training;
  if (candidates.isAt("/training/momentum")) {
    candidates.add("Momentum 0", [](ExperimentSpec& next) { next.training.momentum = 0; });
    candidates.add("Optimiser SGD", [](ExperimentSpec& next) {
      next.training.optimizer = TrainingSpec::Optimizer::Sgd;
    });
  }
  if (candidates.isAt("/training/precision")) {
    candidates.add("float32", [](ExperimentSpec& next) {
      next.training.precision = TrainingSpec::Precision::Float32;
    });
  }
  if (candidates.isAt("/training/kernel")) {
    candidates.add("Kernel auto", [](ExperimentSpec& next) { next.training.kernel = "auto"; });
  }
  if (candidates.isAt("/training/device")) {
    const std::string near = nearestName(training.device, {"auto", "cpu", "cuda"});
    for (const std::string& device : {near, std::string("auto"), std::string("cpu")}) {
      candidates.add("Device " + device,
                     [&](ExperimentSpec& next) { next.training.device = device; });
    }
  }
  if (candidates.isAt("/training/stop_when/metric")) {
    candidates.add("Stop on training accuracy", [](ExperimentSpec& next) {
      next.training.stop_when->metric = "train_accuracy";
    });
    candidates.add("No early stop", [](ExperimentSpec& next) { next.training.stop_when.reset(); });
  }
  if (candidates.isAt("/training/clip_norm")) {
    candidates.add("No clipping", [](ExperimentSpec& next) { next.training.clip_norm.reset(); });
  }
  proposeSchedule(candidates);
}

void proposeProbe(Candidates& candidates) {
  const ProbeSpec& probe = candidates.spec().probe;
  const std::size_t typed = candidates.index(2, probe.sequences.size());
  if (candidates.isUnder("/probe/sequences/*") && typed < probe.sequences.size()) {
    candidates.add("Remove sequence " + std::to_string(typed + 1),
                   [&](ExperimentSpec& next) { eraseAt(next.probe.sequences, typed); });
    if (candidates.says("d_vocab")) {
      const auto& tokens = probe.sequences[typed];
      addVocabulary(candidates, *std::max_element(tokens.begin(), tokens.end()));
    }
  } else if (candidates.isAt("/probe/sequences")) {
    const std::size_t n = probe.sequences.size();
    candidates.add("Show " + std::to_string(n), [&](ExperimentSpec& next) {
      next.probe.shown = static_cast<int>(n);
      next.probe.size = std::max(next.probe.size, static_cast<int>(n));
    });
    candidates.add("Keep the first " + std::to_string(probe.shown), [&](ExperimentSpec& next) {
      next.probe.sequences.resize(static_cast<std::size_t>(std::max(probe.shown, 0)));
    });
  }
  if (candidates.isAt("/probe/shown")) {
    candidates.add("Show " + std::to_string(probe.size),
                   [&](ExperimentSpec& next) { next.probe.shown = probe.size; });
    candidates.add("Probe of " + std::to_string(probe.shown),
                   [&](ExperimentSpec& next) { next.probe.size = probe.shown; });
  }
}

/// Halves a size until it fits into memory.
template <typename Field>
void halve(Candidates& candidates, const std::string& label, const Field& field) {
  ExperimentSpec smaller = candidates.spec();
  const auto isTold = [&] {
    const SpecErrors errors = checkMemory(smaller);
    return std::any_of(errors.begin(), errors.end(), [&](const SpecError& error) {
      return error.pointer == candidates.error().pointer;
    });
  };
  while (field(smaller) > 1 && isTold()) {
    field(smaller) /= 2;
  }
  candidates.add(label + " " + std::to_string(field(smaller)), [&](ExperimentSpec& next) {
    field(next) = field(smaller);
    next.probe.shown = std::min(next.probe.shown, next.probe.size);
  });
}

void proposeMemory(Candidates& candidates) {
  using Spec = ExperimentSpec;
  if (!candidates.says("of memory")) {
    return;
  }
  if (candidates.isAt("/data/n_train")) {
    halve(
        candidates, "Training sequences", [](Spec & s) -> auto& { return s.data.n_train; });
  } else if (candidates.isAt("/data/n_test")) {
    halve(
        candidates, "Test sequences", [](Spec & s) -> auto& { return s.data.n_test; });
  } else if (candidates.isAt("/model/d_model")) {
    halve(
        candidates, "Model width", [](Spec & s) -> auto& { return s.model.d_model; });
    halve(
        candidates, "Layers", [](Spec & s) -> auto& { return s.model.n_layers; });
  } else if (candidates.isAt("/training/batch_size")) {
    halve(
        candidates, "Batch", [](Spec & s) -> auto& { return s.training.batch_size; });
  } else if (candidates.isAt("/probe/size")) {
    halve(
        candidates, "Probe of", [](Spec & s) -> auto& { return s.probe.size; });
  }
}

}  // namespace

void proposeParts(Candidates& candidates) {
  proposeMemory(candidates);
  proposeModel(candidates);
  proposeTraining(candidates);
  proposeProbe(candidates);
}

}  // namespace anchorlens::core
