// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment.h"

#include <array>
#include <cassert>
#include <string_view>

/// The words that stand for enumerators in the experiment file, in the order of the documentation.
namespace anchorlens::core {

template <typename E>
struct Choice {
  std::string_view name;
  E value;
};

inline constexpr std::array kDataModes{
    Choice<DataSpec::Mode>{"fixed", DataSpec::Mode::Fixed},
    Choice<DataSpec::Mode>{"streaming", DataSpec::Mode::Streaming},
};
inline constexpr std::array kModelKinds{
    Choice<ModelSpec::Kind>{"transformer", ModelSpec::Kind::Transformer},
    Choice<ModelSpec::Kind>{"lstm", ModelSpec::Kind::Lstm},
    Choice<ModelSpec::Kind>{"mlp", ModelSpec::Kind::Mlp},
};
inline constexpr std::array kMasks{
    Choice<ModelSpec::Mask>{"causal", ModelSpec::Mask::Causal},
    Choice<ModelSpec::Mask>{"none", ModelSpec::Mask::None},
};
inline constexpr std::array kNorms{
    Choice<ModelSpec::Norm>{"post", ModelSpec::Norm::Post},
    Choice<ModelSpec::Norm>{"pre", ModelSpec::Norm::Pre},
    Choice<ModelSpec::Norm>{"none", ModelSpec::Norm::None},
};
inline constexpr std::array kActivations{
    Choice<ModelSpec::Activation>{"relu", ModelSpec::Activation::Relu},
    Choice<ModelSpec::Activation>{"gelu", ModelSpec::Activation::Gelu},
};
inline constexpr std::array kPositions{
    Choice<ModelSpec::Positions>{"learned", ModelSpec::Positions::Learned},
    Choice<ModelSpec::Positions>{"sinusoidal", ModelSpec::Positions::Sinusoidal},
    Choice<ModelSpec::Positions>{"none", ModelSpec::Positions::None},
};
inline constexpr std::array kInitKinds{
    Choice<InitSpec::Kind>{"pytorch", InitSpec::Kind::PyTorch},
    Choice<InitSpec::Kind>{"gamma", InitSpec::Kind::Gamma},
};
/// Keys of model.init.groups.
inline constexpr std::array<std::string_view, 5> kInitGroups{"embedding", "qk", "vo", "mlp",
                                                             "unembedding"};
inline constexpr std::array kScheduleKinds{
    Choice<ScheduleSpec::Kind>{"constant", ScheduleSpec::Kind::Constant},
    Choice<ScheduleSpec::Kind>{"warmup_cosine", ScheduleSpec::Kind::WarmupCosine},
};
inline constexpr std::array kScheduleUnits{
    Choice<ScheduleSpec::Unit>{"steps", ScheduleSpec::Unit::Steps},
    Choice<ScheduleSpec::Unit>{"epochs", ScheduleSpec::Unit::Epochs},
};
inline constexpr std::array kOptimizers{
    Choice<TrainingSpec::Optimizer>{"sgd", TrainingSpec::Optimizer::Sgd},
    Choice<TrainingSpec::Optimizer>{"adam", TrainingSpec::Optimizer::Adam},
    Choice<TrainingSpec::Optimizer>{"adamw", TrainingSpec::Optimizer::AdamW},
};
inline constexpr std::array kPrecisions{
    Choice<TrainingSpec::Precision>{"float32", TrainingSpec::Precision::Float32},
    Choice<TrainingSpec::Precision>{"bfloat16", TrainingSpec::Precision::BFloat16},
    Choice<TrainingSpec::Precision>{"tf32", TrainingSpec::Precision::Tf32},
};
inline constexpr std::array kProbeSplits{
    Choice<ProbeSpec::Split>{"test", ProbeSpec::Split::Test},
    Choice<ProbeSpec::Split>{"train", ProbeSpec::Split::Train},
};
inline constexpr std::array kResidueSubjects{
    Choice<ResidueRule::Of>{"key", ResidueRule::Of::Key},
    Choice<ResidueRule::Of>{"key_minus_position", ResidueRule::Of::KeyMinusPosition},
};
/// StopRule::metric.
inline constexpr std::array<std::string_view, 2> kStopMetrics{"test_accuracy", "train_accuracy"};

/// Values of training.kernel that this version can compute with; the format allows any name, so
/// that a file from another version can be read.
inline constexpr std::array<std::string_view, 4> kKernels{"auto", "fast", "fleet", "autograd"};
/// The longest sequences that kernel "fast" takes.
inline constexpr int kFastKernelLength = 64;

/// The word of an enumerator.
template <typename E, std::size_t N>
constexpr std::string_view choiceName(const std::array<Choice<E>, N>& choices, E value) {
  for (const Choice<E>& choice : choices) {
    if (choice.value == value)
      return choice.name;
  }
  assert(false);
  return {};
}

}  // namespace anchorlens::core
