// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/run_facts.h"

#include "engine/core/store/checkpoint_folder.h"
#include "engine/core/store/intervention_file.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

namespace anchorlens::engine {
namespace {

std::optional<std::int64_t> numberOf(const core::Provenance& provenance, const char* key) {
  const std::string text = provenanceValue(provenance, key);
  std::int64_t value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

/// The newest checkpoint at or before `step`; null when there is none.
const core::CheckpointInfo* newest(const RunFacts& facts, std::int64_t step, bool full) {
  const core::CheckpointInfo* found = nullptr;
  for (const core::CheckpointInfo& info : facts.checkpoints) {
    if (info.step <= step && (info.has_optimizer || !full)) {
      found = &info;
    }
  }
  return found;
}

/// `full`: its optimiser state is needed. Whoever trains the run may have taken it out since.
Result<void> restoreFrom(Trainer& trainer, const RunFacts& facts, const core::CheckpointInfo& info,
                         bool full) {
  auto checkpoint = readRunCheckpoint(info, facts.spec);
  if (!checkpoint) {
    return core::Unexpected(toEngineError(checkpoint.error()));
  }
  if (full && info.has_optimizer && !core::hasOptimizer(*checkpoint, facts.spec.training)) {
    return core::Unexpected(EngineError{
        info.file.string() +
            ": the run goes on training and has just taken the optimiser state out of this "
            "checkpoint. Try again.",
        {}});
  }
  auto restored = trainer.restore(*checkpoint);
  if (!restored) {
    return core::Unexpected(EngineError{info.file.string() + ": " + restored.error().message,
                                        restored.error().detail, restored.error().cause});
  }
  return {};
}

/// A full state at or before `step`, in the trainer; false when there is none. An untrained trainer
/// is the state of step 0 unless the run is a fork.
Result<bool> restoreBase(Trainer& trainer, const RunFacts& facts, std::int64_t step) {
  if (const core::CheckpointInfo* info = newest(facts, step, true)) {
    auto restored = restoreFrom(trainer, facts, *info, true);
    if (!restored) {
      return core::Unexpected(restored.error());
    }
    return true;
  }
  return !facts.isFork();
}

}  // namespace

std::optional<std::int64_t> RunFacts::extendedTotal() const {
  return numberOf(provenance, kExtendedTo);
}

std::int64_t RunFacts::firstStep() const {
  return numberOf(provenance, kForkStep).value_or(0);
}

Result<RunFacts> readRunFacts(const std::filesystem::path& run) {
  auto reader = core::RunReader::open(run);
  if (!reader) {
    return core::Unexpected(toEngineError(reader.error()));
  }
  auto status = (*reader)->status();
  if (!status) {
    return core::Unexpected(toEngineError(status.error()));
  }
  auto provenance = (*reader)->provenance();
  if (!provenance) {
    return core::Unexpected(toEngineError(provenance.error()));
  }
  auto checkpoints = (*reader)->checkpoints();
  if (!checkpoints) {
    return core::Unexpected(toEngineError(checkpoints.error()));
  }
  auto history = core::readInterventions(run);
  if (!history) {
    return core::Unexpected(toEngineError(history.error()));
  }
  return RunFacts{run,
                  (*reader)->spec(),
                  std::move(*status),
                  std::move(*provenance),
                  std::move(*checkpoints),
                  std::move(*history)};
}

void markFullCheckpoints(RunFacts& facts, const Trainer& trainer) {
  if (trainer.tensorShapes(true).size() > trainer.tensorShapes(false).size()) {
    return;
  }
  for (core::CheckpointInfo& info : facts.checkpoints) {
    info.has_optimizer = true;
  }
}

Result<std::optional<core::Checkpoint>> lastFullCheckpoint(const RunFacts& facts) {
  std::optional<core::IoError> first_error;
  for (auto info = facts.checkpoints.rbegin(); info != facts.checkpoints.rend(); ++info) {
    if (!info->has_optimizer) {
      continue;
    }
    auto checkpoint = readRunCheckpoint(*info, facts.spec);
    if (checkpoint) {
      return std::optional<core::Checkpoint>(std::move(*checkpoint));
    }
    if (!first_error) {
      first_error = checkpoint.error();
    }
  }
  if (first_error) {
    return core::Unexpected(toEngineError(*first_error));
  }
  return std::optional<core::Checkpoint>();
}

Result<core::Metrics> metricsAt(const std::filesystem::path& run, std::int64_t step) {
  auto reader = core::RunReader::open(run);
  if (!reader) {
    return core::Unexpected(toEngineError(reader.error()));
  }
  auto rows = (*reader)->metrics();
  if (!rows) {
    return core::Unexpected(toEngineError(rows.error()));
  }
  core::Metrics found;
  for (core::Metrics& metrics : *rows) {
    if (metrics.step <= step) {
      found = std::move(metrics);
    }
  }
  return found;
}

core::ExperimentSpec trainerSpec(const RunFacts& facts) {
  core::ExperimentSpec spec = facts.spec;
  if (const auto total = facts.extendedTotal()) {
    spec.training.steps = *total;
    spec.training.epochs.reset();
    spec.training.stop_when.reset();
  }
  return spec;
}

Result<void> checkRange(const RunFacts& facts, std::int64_t step) {
  std::int64_t last = facts.status.step;
  if (!facts.checkpoints.empty()) {
    last = std::max(last, facts.checkpoints.back().step);
  }
  if (step < facts.firstStep() || step > last) {
    return core::Unexpected(EngineError{
        facts.run.string() + ": has no step " + std::to_string(step) + "; its steps are " +
            std::to_string(facts.firstStep()) + " to " + std::to_string(last) + ".",
        {}});
  }
  return {};
}

namespace {

/// bringTo(), with whatever holds in the trainer.
Result<std::int64_t> moveTo(Trainer& trainer, const RunFacts& facts, std::int64_t step, bool full) {
  if (auto in_range = checkRange(facts, step); !in_range) {
    return core::Unexpected(in_range.error());
  }
  // Of a foreign run weights have to do: a fork trains on from them with fresh moments.
  full = full && !facts.isForeign();
  const core::CheckpointInfo* nearest = newest(facts, step, full);
  if (nearest != nullptr && nearest->step == step) {
    if (auto restored = restoreFrom(trainer, facts, *nearest, full); !restored) {
      return core::Unexpected(restored.error());
    }
    return step;
  }
  auto based = facts.isForeign() ? Result<bool>(false) : restoreBase(trainer, facts, step);
  if (!based) {
    return core::Unexpected(based.error());
  }
  if (*based) {
    auto base = trainer.snapshot(true);
    if (!base) {
      return core::Unexpected(base.error());
    }
    auto reached = replay(trainer, facts.history, step, full ? kForkReplayLimit : kReplayLimit);
    if (!reached || *reached) {
      return reached ? Result<std::int64_t>(step) : core::Unexpected(reached.error());
    }
    if (nearest == nullptr || nearest->step <= stepOf(*base)) {
      auto restored = trainer.restore(*base);
      return restored ? Result<std::int64_t>(stepOf(*base)) : core::Unexpected(restored.error());
    }
  }
  if (nearest == nullptr) {
    return core::Unexpected(EngineError{facts.run.string() + ": has no checkpoint " +
                                            (full ? "with optimiser state " : "") +
                                            "at or before step " + std::to_string(step) + ".",
                                        {}});
  }
  if (auto restored = restoreFrom(trainer, facts, *nearest, full); !restored) {
    return core::Unexpected(restored.error());
  }
  return nearest->step;
}

}  // namespace

Result<std::int64_t> bringTo(Trainer& trainer, const RunFacts& facts, std::int64_t step,
                             bool full) {
  auto reached = moveTo(trainer, facts, step, full);
  if (!reached) {
    return reached;
  }
  if (auto held = measureAs(trainer, facts.history); !held) {
    return core::Unexpected(held.error());
  }
  return reached;
}

}  // namespace anchorlens::engine
