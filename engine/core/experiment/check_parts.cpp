// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment/check.h"
#include "engine/core/experiment/choices.h"
#include "engine/core/experiment/limits.h"
#include "engine/core/experiment/suggest.h"

#include <algorithm>
#include <cstdlib>
#include <string>

namespace anchorlens::core {
namespace {

int longest(const TaskSpec& task) {
  return *std::max_element(task.seq_len.begin(), task.seq_len.end());
}

std::string listText(const std::vector<int>& numbers) {
  std::string text;
  for (const int number : numbers)
    text += (text.empty() ? "" : ", ") + std::to_string(number);
  return text;
}

void checkTransformer(const ExperimentSpec& spec, SpecErrors& errors) {
  const ModelSpec& model = spec.model;
  const int length = longest(spec.task);
  const int joined = model.n_heads * model.d_head;
  if (model.n_ctx < length) {
    errors.push_back({"/model/n_ctx", "n_ctx " + std::to_string(model.n_ctx) +
                                          " is shorter than the longest sequence of the task; "
                                          "expected at least " +
                                          std::to_string(length)});
  }
  if (!model.attention_output && joined != model.d_model) {
    errors.push_back({"/model/attention_output",
                      "without the output projection n_heads * d_head must be d_model, but " +
                          std::to_string(model.n_heads) + " * " + std::to_string(model.d_head) +
                          " = " + std::to_string(joined) + " and d_model is " +
                          std::to_string(model.d_model)});
  }
  if (std::abs(model.shift_values_by) >= length) {
    errors.push_back({"/model/shift_values_by",
                      "a shift of " + std::to_string(model.shift_values_by) +
                          " leaves no value in sequences of length " + std::to_string(length) +
                          "; expected " + std::to_string(1 - length) + " to " +
                          std::to_string(length - 1)});
  }
}

}  // namespace

SpecErrors checkModel(const ExperimentSpec& spec) {
  SpecErrors errors;
  if (spec.model.kind == ModelSpec::Kind::Transformer) {
    checkTransformer(spec, errors);
  } else if (spec.model.shift_values_by != 0) {
    errors.push_back(
        {"/model/shift_values_by", "values are shifted in attention only; expected 0 for kind \"" +
                                       std::string(choiceName(kModelKinds, spec.model.kind)) +
                                       "\", got " + std::to_string(spec.model.shift_values_by)});
  }
  return errors;
}

namespace {

/// What the format has and no kernel of this version computes.
void checkKernel(const ExperimentSpec& spec, SpecErrors& errors) {
  const TrainingSpec& training = spec.training;
  const std::vector<std::string> kernels(kKernels.begin(), kKernels.end());
  if (training.precision != TrainingSpec::Precision::Float32 &&
      spec.model.kind == ModelSpec::Kind::Lstm) {
    errors.push_back(
        {"/training/precision", "no kernel of this version trains an LSTM in \"" +
                                    std::string(choiceName(kPrecisions, training.precision)) +
                                    "\"; expected \"float32\" with kind \"lstm\""});
  } else if (training.precision == TrainingSpec::Precision::Tf32 && training.device == "cpu") {
    errors.push_back({"/training/precision",
                      "\"tf32\" is what NVIDIA GPUs multiply in; expected \"float32\" with "
                      "device \"cpu\""});
  }
  if (std::find(kernels.begin(), kernels.end(), training.kernel) == kernels.end()) {
    errors.push_back({"/training/kernel", "this version has no kernel \"" + training.kernel +
                                              "\"; expected one of " + quotedList(kernels)});
  }
  if (training.kernel != "fast" && training.kernel != "fleet")
    return;
  if (spec.model.kind != ModelSpec::Kind::Transformer) {
    errors.push_back(
        {"/training/kernel", "kernel \"" + training.kernel +
                                 "\" computes transformers only; expected \"auto\" or \"autograd\" "
                                 "with kind \"" +
                                 std::string(choiceName(kModelKinds, spec.model.kind)) + "\""});
  } else if (const int length = longest(spec.task);
             training.kernel == "fast" && length > kFastKernelLength) {
    errors.push_back({"/training/kernel", "kernel \"fast\" takes sequences of at most " +
                                              std::to_string(kFastKernelLength) +
                                              " tokens; expected \"auto\" or \"autograd\" with " +
                                              std::to_string(length)});
  }
}

}  // namespace

SpecErrors checkTraining(const ExperimentSpec& spec) {
  SpecErrors errors;
  const TrainingSpec& training = spec.training;
  if (training.optimizer != TrainingSpec::Optimizer::Sgd && training.momentum != 0) {
    errors.push_back({"/training/momentum",
                      "momentum is for optimizer \"sgd\" only; expected 0 with \"" +
                          std::string(choiceName(kOptimizers, training.optimizer)) + "\""});
  }
  if (training.schedule.kind == ScheduleSpec::Kind::WarmupCosine && training.schedule.decay == 0) {
    errors.push_back({"/training/schedule/decay",
                      "\"warmup_cosine\" needs a length of the decay; expected 1 or more, got 0"});
  }
  const std::int64_t steps_per_epoch =
      (spec.data.n_train + training.batch_size - 1) / training.batch_size;
  if (training.epochs && *training.epochs > limits::kSteps / steps_per_epoch) {
    errors.push_back(
        {"/training/epochs", std::to_string(*training.epochs) + " epochs of " +
                                 std::to_string(steps_per_epoch) + " steps are more than " +
                                 std::to_string(limits::kSteps) + " steps; expected at most " +
                                 std::to_string(limits::kSteps / steps_per_epoch) + " epochs"});
  }
  checkKernel(spec, errors);
  return errors;
}

SpecErrors checkProbe(const ExperimentSpec& spec) {
  SpecErrors errors;
  const ProbeSpec& probe = spec.probe;
  const std::vector<int>& lengths = spec.task.seq_len;
  if (probe.shown > probe.size) {
    errors.push_back({"/probe/shown",
                      "more sequences are shown than the probe has; expected at "
                      "most " +
                          std::to_string(probe.size) + ", got " + std::to_string(probe.shown)});
  }
  if (probe.sequences.size() > static_cast<std::size_t>(probe.shown)) {
    errors.push_back({"/probe/sequences", "typed sequences stand among the " +
                                              std::to_string(probe.shown) +
                                              " shown ones; expected at most that many, got " +
                                              std::to_string(probe.sequences.size())});
  }
  for (std::size_t i = 0; i < probe.sequences.size(); ++i) {
    const std::vector<int>& tokens = probe.sequences[i];
    const std::string pointer = "/probe/sequences/" + std::to_string(i);
    if (std::find(lengths.begin(), lengths.end(), static_cast<int>(tokens.size())) ==
        lengths.end()) {
      errors.push_back({pointer, "expected " + listText(lengths) + " tokens (task.seq_len), got " +
                                     std::to_string(tokens.size())});
    }
    const auto largest = std::max_element(tokens.begin(), tokens.end());
    if (*largest >= spec.task.d_vocab) {
      errors.push_back({pointer + "/" + std::to_string(largest - tokens.begin()),
                        "expected a token below d_vocab " + std::to_string(spec.task.d_vocab) +
                            ", got " + std::to_string(*largest)});
    }
  }
  return errors;
}

}  // namespace anchorlens::core
