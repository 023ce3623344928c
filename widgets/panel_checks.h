// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/experiment.h"
#include "engine/core/model_sizes.h"
#include "engine/core/repair.h"
#include "engine/core/task/describe.h"
#include "engine/core/task/task.h"

#include <QString>

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace anchorlens::widgets {

/// How fast an experiment of this shape trains on this machine.
struct TrainingSpeed {
  enum class State : std::uint8_t {
    Unknown,
    Measuring,
    Known,
    Failed,  ///< `problem` says why
  };
  State state = State::Unknown;
  double steps_per_second = 0;
  QString problem;
  bool operator==(const TrainingSpeed&) const = default;
};

/// What one sample is called beside its tokens.
enum class SampleKind { Train, Test, HeldOut, Relabelled };
inline constexpr int kSampleKinds = 4;

/// What is known of an experiment beside its fields; computed elsewhere, shown by the form.
struct ExperimentChecks {
  core::SpecErrors problems;
  std::optional<core::Task> task;  ///< of the newest experiment that compiled
  /// Repairs of `problems`; each starts from the experiment that was checked.
  std::vector<core::Repair> repairs;
  core::SequenceSet samples;  ///< of `task`: some of every kind
  std::array<core::SequenceSet, kSampleKinds> samples_of_kind;
  /// The numbers below belong to an older state of the experiment (it has a problem, or they are
  /// being counted): they are shown dimmed.
  bool is_stale = false;
  std::int64_t n_train = 0;
  std::int64_t n_test = 0;
  std::vector<std::int64_t> group_counts;  ///< sequences of each group of `task`
  std::size_t shared = 0;  ///< test sequences that occur in training, compared one by one
  std::optional<core::Coverage> coverage;  ///< of the training sequences
  std::int64_t parameters = 0;
  std::vector<core::PartSize> parts;  ///< of the parameters
  double flop_per_step = 0;
  std::int64_t memory_bytes = 0;  ///< estimate for training
  std::size_t frame_bytes = 0;
  double run_bytes = 0;  ///< estimate of the run directory
  /// The stored sequences of the probe, those typed by a person first; of `task`.
  core::SequenceSet shown;
};

}  // namespace anchorlens::widgets
