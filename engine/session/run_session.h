// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/intervention.h"
#include "engine/core/store/run_store.h"
#include "engine/session.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace anchorlens::engine {

/// Where news of a run goes; called on the thread that trains, from inside advance(). Any may be
/// empty.
struct RunSink {
  std::function<void(const core::StepMetrics&)> step;
  std::function<void(const core::Metrics&)> metrics;
  std::function<void(std::shared_ptr<const core::Frame>)> frame;  ///< recorded frames
  std::function<void(const core::Event&)> event;
  /// The checkpoints that are safely on the disk, ascending by step; after each change.
  std::function<void(const std::vector<std::int64_t>&)> checkpoints;
  /// Something that is not fatal: the disk is full, checkpoints are off until it is resolved. An
  /// empty text: resolved.
  std::function<void(const std::string&)> warning;
};

/// One run being trained: data, probe, trainer, record schedule and run directory together. The
/// window's worker and anchorctl both drive this class. Starts no threads; one thread at a time.
class RunSession {
 public:
  struct Options {
    std::uint64_t run_id = 0;  ///< carried by every frame and metric
    bool shared = false;       ///< see RunWriter
    /// Changes that are made at their steps, kept before the first one. When one of them cannot be
    /// made, none is, and nothing is written.
    std::vector<core::Intervention> changes;
    core::Provenance provenance;  ///< more rows; the session adds its own (provenance.h)
    RunSink sink;
    /// Runs a job on another thread, once; checkpoints are written by it while training goes on.
    /// Empty: training waits for each. It must live as long as the session.
    std::function<void(std::function<void()>)> background;
    EngineModule* engine = nullptr;  ///< null: openEngine(); tests bring their own
    /// After a failed write the next attempt waits this long.
    std::chrono::milliseconds retry_after{5000};
  };

  /// A new run. The directory, its experiment and the step-0 checkpoint, frame and evaluation are
  /// written before this returns. `device` and `kernel` of the frozen experiment are what was
  /// taken. A directory that exists and is not empty is an error and stays as it is.
  static Result<std::unique_ptr<RunSession>> create(const core::ExperimentSpec& spec,
                                                    const std::filesystem::path& run,
                                                    Options options);
  /// Goes on from the last complete checkpoint with optimiser state, bit for bit; rows after it are
  /// dropped; changes of later steps are not, they are made again. A finished run is left as it is:
  /// advance() returns Finished at once. `more_steps` are added to the run's total (to its last
  /// step if it stopped early; stop_when is off from then on).
  static Result<std::unique_ptr<RunSession>> resume(const std::filesystem::path& run,
                                                    Options options,
                                                    std::optional<std::int64_t> more_steps = {});
  /// A new run from another one's checkpoint at or before `step` (the step that was taken is in
  /// the new run's "fork" event), with a changed experiment of the same shapes. The parent's
  /// changes of earlier steps hold in it too: see inherited() in history.h.
  static Result<std::unique_ptr<RunSession>> fork(const std::filesystem::path& parent,
                                                  std::int64_t step,
                                                  const core::ExperimentSpec& spec,
                                                  const std::filesystem::path& run,
                                                  Options options);
  virtual ~RunSession() = default;

  virtual const core::ExperimentSpec& spec() const = 0;
  virtual const core::Task& task() const = 0;
  virtual const core::SequenceSet& probe() const = 0;
  virtual const std::filesystem::path& directory() const = 0;
  virtual std::int64_t step() const = 0;
  virtual std::int64_t totalSteps() const = 0;
  virtual Trainer& trainer() = 0;

  /// Changes the training after change.step steps; core::kNow: where it stands. It is on the disk
  /// when this returns, and resume does it again at its step. A step that has passed, what cannot
  /// be done with this model and task, and what holds already are errors and change nothing.
  virtual Result<void> intervene(core::Intervention change) = 0;
  /// All of them, those to come too, ascending by step.
  virtual const std::vector<core::Intervention>& interventions() const = 0;

  enum class Outcome { Running, Finished, Failed };
  /// Trains at least one step and until `budget` is used up or `max_steps` are done; records as the
  /// experiment says. Failed: reason() says why; the run's status is written. A full disk does not
  /// fail a run before its last step: see RunSink::warning; if its end cannot be written it is
  /// Failed, and save() tries again.
  virtual Outcome advance(std::chrono::microseconds budget, std::int64_t max_steps) = 0;
  virtual Outcome outcome() const = 0;
  /// Of a failure, or why the run stopped early; one sentence.
  virtual const std::string& reason() const = 0;

  /// A frame of the current weights, not recorded: for a live view.
  virtual Result<std::shared_ptr<const core::Frame>> liveFrame() = 0;

  /// The last evaluation.
  virtual const core::Metrics& lastMetrics() const = 0;

  /// Checkpoint with optimiser state now, and everything committed; the run's status becomes
  /// `state` (Paused, Stopped) unless the run has finished or failed.
  virtual core::Expected<void, core::IoError> save(core::RunState state) = 0;
};

/// The weights of a run at a step, for evaluation, scores, predictions and export. Takes the
/// checkpoint of that step; else replays from the nearest earlier one with optimiser state if that
/// takes under 2 s; else takes the nearest earlier one: step() says which.
class RunSnapshot {
 public:
  /// `at` empty: the last checkpoint. `engine` null: openEngine().
  static Result<std::unique_ptr<RunSnapshot>> open(const std::filesystem::path& run,
                                                   std::optional<std::int64_t> at = {},
                                                   EngineModule* engine = nullptr);
  virtual ~RunSnapshot() = default;
  virtual std::int64_t step() const = 0;
  virtual const core::ExperimentSpec& spec() const = 0;
  virtual const core::Task& task() const = 0;
  virtual const core::SequenceSet& probe() const = 0;
  virtual const core::SequenceSet& test() const = 0;         ///< every held-out sequence
  virtual const core::SequenceSet& trainSample() const = 0;  ///< that training accuracy is told on
  virtual Trainer& trainer() = 0;
  /// What holds at this step, in everything that is measured here.
  virtual const core::InEffect& inEffect() const = 0;
  virtual Result<core::Metrics> evaluate() = 0;
  virtual Result<std::shared_ptr<const core::Frame>> frame() = 0;
  /// The same of the changed model: what every view shows while something is taken away.
  virtual Result<std::shared_ptr<const core::Frame>> frameWith(const InspectRequest& request) = 0;
};

}  // namespace anchorlens::engine
