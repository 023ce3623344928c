// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment.h"
#include "engine/core/frame.h"
#include "engine/core/intervention.h"
#include "engine/core/mailbox.h"
#include "engine/core/store/run_store.h"
#include "engine/core/task/task.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

/// What crosses from the worker to the window: values and shared_ptr<const>, each with its run id.
namespace anchorlens::app {

using RunId = std::uint64_t;
using FramePtr = std::shared_ptr<const core::Frame>;

/// The newest picture of a run in training; of these the latest wins.
struct LiveSnapshot {
  RunId run_id = 0;
  std::int64_t step = 0;
  FramePtr frame;
};

/// The checkpoints of a run that are on the disk, ascending.
struct CheckpointSteps {
  std::vector<std::int64_t> steps;
};

/// One piece of news that is never dropped. FramePtr: a recorded frame.
struct RunNews {
  RunId run_id = 0;
  std::variant<core::StepMetrics, core::Metrics, FramePtr, core::Event, CheckpointSteps> news;
};

using RunMailbox = core::Mailbox<LiveSnapshot, RunNews>;

/// What does not change while a run goes on.
struct RunFacts {
  RunId run_id = 0;
  std::filesystem::path directory;
  core::ExperimentSpec spec;
  std::optional<core::Task> task;  ///< empty only when an old file does not compile any more
  std::shared_ptr<const core::SequenceSet> probe;
  std::int64_t step = 0;
  std::int64_t total_steps = 0;
  bool is_foreign = false;  ///< imported: it can be forked, not continued
  std::vector<core::Intervention> interventions = {};  ///< what was changed while it was trained
  std::filesystem::path parent = {};                   ///< of a fork
  std::int64_t fork_step = 0;
};

}  // namespace anchorlens::app
