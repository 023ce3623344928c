// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/run_parts.h"

#include "engine/core/experiment_json.h"
#include "engine/core/store/checkpoint_folder.h"
#include "engine/core/store/file_io.h"
#include "engine/core/store/intervention_file.h"
#include "engine/core/store/run_place.h"
#include "engine/session/measure.h"
#include "engine/session/run_estimate.h"

#include <charconv>
#include <system_error>
#include <utility>

namespace anchorlens::engine {

EngineError toEngineError(const core::IoError& error) {
  return {error.text(), {}};
}

EngineError storageError(const core::IoError& error) {
  return {error.text(), {}, EngineError::Cause::Storage};
}

EngineError toEngineError(const core::SpecErrors& errors) {
  EngineError result;
  for (const core::SpecError& error : errors) {
    result.message += result.message.empty() ? "" : "\n";
    result.message += error.pointer.empty() ? error.message : error.pointer + ": " + error.message;
  }
  return result;
}

Result<void> checkIsFree(const std::filesystem::path& run) {
  std::error_code code;
  const std::filesystem::file_status status = std::filesystem::status(run, code);
  const auto refuse = [&run](const std::string& why) {
    return core::Unexpected(EngineError{run.string() + ": " + why, {}});
  };
  if (!std::filesystem::exists(status)) {
    return std::filesystem::is_symlink(run, code)
               ? Result<void>(refuse("is a link to something that is not there; a run needs a "
                                     "folder of its own, new or empty."))
               : Result<void>();
  }
  if (!std::filesystem::is_directory(status)) {
    return refuse("is a file; a run needs a folder of its own, new or empty.");
  }
  if (std::filesystem::exists(run / core::kExperimentName, code)) {
    return refuse("is a run already; resume goes on with it, another folder takes a new one.");
  }
  for (const auto& entry : std::filesystem::directory_iterator(run, code)) {
    const std::string name = entry.path().filename().string();
    if (name != core::kLockName && name != core::kInterventionsName &&
        !core::isTemporaryName(name)) {
      return refuse("exists already and is not empty; a run needs a folder of its own.");
    }
  }
  if (code) {
    return refuse(code.message() + ".");
  }
  return {};
}

namespace {

Result<RunParts> drawAndMake(const core::ExperimentSpec& spec, EngineModule* engine) {
  auto task = core::Task::compile(spec.task);
  if (!task) {
    return core::Unexpected(toEngineError(task.error()));
  }
  auto data = core::makeDataset(*task, spec.data);
  if (!data) {
    return core::Unexpected(toEngineError(data.error()));
  }
  auto probe = core::makeProbe(*task, spec.probe);
  if (!probe) {
    return core::Unexpected(toEngineError(probe.error()));
  }
  if (engine == nullptr) {
    auto opened = openEngine();
    if (!opened) {
      return core::Unexpected(opened.error());
    }
    engine = *opened;
  }
  auto shared = std::make_shared<const core::Dataset>(std::move(*data));
  const std::shared_ptr<const core::SequenceSet> train(shared, &shared->train);
  auto trainer = engine->createTrainer({spec, *task, train});
  if (!trainer) {
    return core::Unexpected(trainer.error());
  }
  const std::size_t n_sample = std::min(kTrainAccuracySequences, shared->train.size());
  core::SequenceSet sample = subset(shared->train, 0, n_sample);
  return RunParts{spec,
                  std::move(*task),
                  std::move(shared),
                  std::move(sample),
                  std::move(*probe),
                  &engine->info(),
                  std::move(*trainer)};
}

}  // namespace

Result<RunParts> makeParts(const core::ExperimentSpec& spec, EngineModule* engine) {
  auto parts = guarded([&] { return drawAndMake(spec, engine); });
  if (!parts && parts.error().cause == EngineError::Cause::Memory) {
    parts.error().message += " This experiment needs about " +
                             bytesText(static_cast<double>(trainingBytes(spec))) + " to train.";
  }
  return parts;
}

core::Expected<core::Checkpoint, core::IoError> readRunCheckpoint(
    const core::CheckpointInfo& info, const core::ExperimentSpec& spec) {
  auto checkpoint = core::readSafetensors(info.file);
  if (!checkpoint) {
    return checkpoint;
  }
  const std::string expected = core::specHash(spec);
  const auto found = checkpoint->metadata.find("spec_hash");
  if (found == checkpoint->metadata.end() || found->second != expected) {
    return core::Unexpected(core::IoError{
        info.file.string(),
        "is a checkpoint of another experiment (spec_hash " +
            (found == checkpoint->metadata.end() ? std::string("missing") : found->second) +
            ", this run's experiment.json has " + expected + ")"});
  }
  if (auto named = core::checkStep(info.file, *checkpoint); !named) {
    return core::Unexpected(named.error());
  }
  return checkpoint;
}

std::int64_t stepOf(const core::Checkpoint& checkpoint) {
  const auto found = checkpoint.metadata.find("step");
  std::int64_t step = -1;
  if (found != checkpoint.metadata.end()) {
    const std::string& text = found->second;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), step);
    if (parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size()) {
      return -1;
    }
  }
  return step;
}

Result<bool> replay(Trainer& trainer, const History& history, std::int64_t target,
                    std::chrono::milliseconds limit) {
  using Seconds = std::chrono::duration<double>;
  constexpr double kEnoughToJudge = 0.2;  // the first steps are slower than the rest
  const auto start = std::chrono::steady_clock::now();
  const std::int64_t first = trainer.step();
  while (trainer.step() < target) {
    auto step = trainStepOf(trainer, history);
    if (!step) {
      return core::Unexpected(step.error());
    }
    const double elapsed = Seconds(std::chrono::steady_clock::now() - start).count();
    const double share =
        static_cast<double>(trainer.step() - first) / static_cast<double>(target - first);
    if (elapsed > kEnoughToJudge && elapsed > share * Seconds(limit).count()) {
      return false;
    }
  }
  return true;
}

std::string provenanceValue(const core::Provenance& provenance, const std::string& key) {
  for (const auto& [name, value] : provenance) {
    if (name == key) {
      return value;
    }
  }
  return {};
}

}  // namespace anchorlens::engine
