// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/store/run_store.h"
#include "engine/session.h"
#include "engine/session/history.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

/// What sessions and snapshots are made of.
namespace anchorlens::engine {

EngineError toEngineError(const core::IoError& error);
/// Of files of a run that could not be written.
EngineError storageError(const core::IoError& error);
/// One line an error: "/task/held_out: what is wrong".
EngineError toEngineError(const core::SpecErrors& errors);

/// Runs `work`, which returns a Result; what it throws (out of memory, a file system's text that
/// is not what was expected) becomes an error.
template <typename Work>
auto guarded(Work&& work) -> decltype(work()) {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    return core::Unexpected(EngineError{
        "There is not enough memory for this. Fewer sequences (/data/n_train, /probe/size) or a "
        "smaller model may fit.",
        "std::bad_alloc", EngineError::Cause::Memory});
  } catch (const std::exception& error) {
    return core::Unexpected(EngineError{error.what(), error.what()});
  }
}

/// Data, probe and model of an experiment.
struct RunParts {
  core::ExperimentSpec spec;
  core::Task task;
  std::shared_ptr<const core::Dataset> data;
  core::SequenceSet train_sample;  ///< on which training accuracy is told
  core::SequenceSet probe;
  const EngineInfo* engine = nullptr;
  std::unique_ptr<Trainer> trainer;

  bool isCausal() const { return spec.model.mask == core::ModelSpec::Mask::Causal; }
};

/// A folder that a run can be made in: not there yet, empty, or with nothing but what a program
/// that was killed while it made the folder leaves behind.
Result<void> checkIsFree(const std::filesystem::path& run);

/// Draws the data and makes an untrained model. `engine` null: openEngine(), after everything that
/// does not need it. Want of memory is told with what the experiment needs.
Result<RunParts> makeParts(const core::ExperimentSpec& spec, EngineModule* engine);

/// Reads a checkpoint of the run `spec` belongs to; one of another experiment is an error.
core::Expected<core::Checkpoint, core::IoError> readRunCheckpoint(const core::CheckpointInfo& info,
                                                                  const core::ExperimentSpec& spec);

/// Step of the checkpoint's metadata; -1 when it has none.
std::int64_t stepOf(const core::Checkpoint& checkpoint);

/// Trains on to `target`, with the run's changes, and gives up (false) as soon as that would take
/// longer than `limit`.
Result<bool> replay(Trainer& trainer, const History& history, std::int64_t target,
                    std::chrono::milliseconds limit);

/// How long an exact replay may take.
constexpr std::chrono::milliseconds kReplayLimit{2000};
/// A fork trains on for longer than this anyway, and states with optimiser are few.
constexpr std::chrono::milliseconds kForkReplayLimit{30'000};

/// A value of the provenance; empty when there is none of that key.
std::string provenanceValue(const core::Provenance& provenance, const std::string& key);

/// Keys of provenance that the driver itself reads again.
constexpr const char* kExtendedTo = "extended_to";  ///< total steps after a run got more
constexpr const char* kParent = "parent";           ///< a fork's parent directory
constexpr const char* kForeign = "foreign";         ///< where an imported run came from
/// Which path computes since the model was changed while it was trained, and from which step on.
constexpr const char* kKernelOfChanges = "kernel_of_changes";
constexpr const char* kForkStep = "fork_step";  ///< where the fork begins

}  // namespace anchorlens::engine
