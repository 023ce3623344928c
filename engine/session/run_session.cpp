// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/run_session.h"

#include "engine/core/experiment/limits.h"
#include "engine/core/experiment_json.h"
#include "engine/core/step_schedule.h"
#include "engine/core/store/checkpoint_folder.h"
#include "engine/session/fork_state.h"
#include "engine/session/import_run.h"
#include "engine/session/precision.h"
#include "engine/session/provenance.h"
#include "engine/session/run_facts.h"
#include "engine/session/run_parts.h"
#include "engine/session/training_run.h"

#include <algorithm>
#include <utility>

namespace anchorlens::engine {
namespace {

using Session = std::unique_ptr<RunSession>;

Result<void> checkSpec(const core::ExperimentSpec& spec) {
  if (const core::SpecErrors errors = core::checkExperiment(spec); !errors.empty()) {
    return core::Unexpected(toEngineError(errors));
  }
  return {};
}

/// Whether this machine trains in the experiment's precision: before anything is written.
Result<void> checkPrecision(const core::ExperimentSpec& spec) {
  if (const auto problem = precisionProblem(spec.training)) {
    return core::Unexpected(toEngineError(core::SpecErrors{*problem}));
  }
  return {};
}

/// The parts of a new run; its experiment says what was taken for "auto".
Result<RunParts> makeNewParts(const core::ExperimentSpec& spec, const std::filesystem::path& run,
                              EngineModule* engine) {
  if (auto free = checkIsFree(run); !free) {
    return core::Unexpected(free.error());
  }
  if (auto checked = checkSpec(spec); !checked) {
    return core::Unexpected(checked.error());
  }
  if (auto trainable = checkPrecision(spec); !trainable) {
    return core::Unexpected(trainable.error());
  }
  auto parts = makeParts(core::completed(spec), engine);
  if (parts) {
    parts->spec.training.device = parts->trainer->device();
    parts->spec.training.kernel = parts->trainer->kernel();
  }
  return parts;
}

core::Provenance fullProvenance(const RunParts& parts, const core::Provenance& more) {
  core::Provenance all = provenanceOf(parts.spec, *parts.engine, *parts.trainer);
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

/// What a new run is changed by: what it has already, then what is asked for.
Result<History> withAll(History history, std::vector<core::Intervention> changes, RunParts& parts) {
  std::stable_sort(changes.begin(), changes.end(),
                   [](const auto& a, const auto& b) { return a.step < b.step; });
  for (const core::Intervention& change : changes) {
    auto next =
        withChange(history, change, parts.spec, parts.trainer->totalSteps(), *parts.trainer);
    if (!next) {
      return core::Unexpected(
          EngineError{"\"" + core::interventionText(change) + "\": " + next.error().message,
                      next.error().detail, next.error().cause});
    }
    history = std::move(*next);
  }
  return history;
}

Result<Session> createRun(const core::ExperimentSpec& spec, const std::filesystem::path& run,
                          RunSession::Options options) {
  auto parts = makeNewParts(spec, run, options.engine);
  if (!parts) {
    return core::Unexpected(parts.error());
  }
  auto history = withAll({}, options.changes, *parts);
  if (!history) {
    return core::Unexpected(history.error());
  }
  const TrainingRun::Origin origin{
      fullProvenance(*parts, options.provenance), {0, "started", "Started."}, {}};
  const TrainingRun::Goal goal{parts->trainer->totalSteps(), parts->spec.training.stop_when};
  auto session = std::make_unique<TrainingRun>(std::move(*parts), std::move(options), goal,
                                               std::move(*history));
  if (auto begun = session->begin(run, origin); !begun) {
    return core::Unexpected(begun.error());
  }
  return Session(std::move(session));
}

/// A run that exists, with the lock held.
struct OpenRun {
  std::unique_ptr<core::RunWriter> writer;
  RunFacts facts;
};

/// A run that can be read and that nobody holds cannot be written.
EngineError notOpened(const std::filesystem::path& run, const core::IoError& error) {
  const auto facts = readRunFacts(run);
  return facts && !facts->status.held ? storageError(error) : toEngineError(error);
}

Result<OpenRun> openRun(const std::filesystem::path& run, bool shared) {
  auto writer = core::RunWriter::open(run, shared);
  if (!writer) {
    return core::Unexpected(notOpened(run, writer.error()));
  }
  auto facts = readRunFacts(run);
  if (!facts) {
    return core::Unexpected(facts.error());
  }
  if (facts->isForeign()) {
    return core::Unexpected(EngineError{run.string() + ": " + kForeignText, {}});
  }
  return OpenRun{std::move(*writer), std::move(*facts)};
}

/// Nothing is written.
Result<void> giveMoreSteps(RunFacts& facts, std::int64_t more_steps) {
  const bool has_finished = facts.status.state == core::RunState::Finished;
  const bool has_begun = facts.status.total_steps > 0;  // killed at once, it does not say
  const std::int64_t total = has_begun ? facts.status.total_steps : core::totalSteps(facts.spec);
  const std::int64_t from = has_finished ? facts.status.step : total;
  if (const std::int64_t most = core::limits::kSteps - from; more_steps > most) {
    return core::Unexpected(EngineError{facts.run.string() + ": " + std::to_string(from) +
                                            " steps and " + std::to_string(more_steps) +
                                            " more are too many; a run has at most " +
                                            std::to_string(core::limits::kSteps) + ".",
                                        {}});
  }
  facts.provenance.insert(facts.provenance.begin(),
                          {kExtendedTo, std::to_string(from + more_steps)});
  return {};
}

/// Whether all of these can be made in a training that goes on from the last checkpoint; nothing is
/// written.
Result<void> checkChanges(RunFacts facts, const std::vector<core::Intervention>& changes,
                          RunParts& parts) {
  if (changes.empty()) {
    return {};
  }
  markFullCheckpoints(facts, *parts.trainer);
  const auto checkpoint = lastFullCheckpoint(facts);
  if (!checkpoint) {
    return core::Unexpected(checkpoint.error());
  }
  if (*checkpoint) {
    if (auto restored = parts.trainer->restore(**checkpoint); !restored) {
      return restored;
    }
  }
  const auto history = withAll(facts.history, changes, parts);
  return history ? Result<void>() : core::Unexpected(history.error());
}

Result<void> continueRun(TrainingRun& session, OpenRun opened, const core::Provenance& more,
                         bool has_more) {
  RunFacts& facts = opened.facts;
  markFullCheckpoints(facts, session.trainer());
  auto checkpoint = lastFullCheckpoint(facts);
  if (!checkpoint) {
    return core::Unexpected(checkpoint.error());
  }
  if (!*checkpoint && core::hasCheckpointFiles(facts.run)) {
    return core::Unexpected(EngineError{
        facts.run.string() +
            ": its last checkpoints, the ones with optimiser state, are gone or damaged, and "
            "training cannot go on from the others. Nothing was changed. Bring them back from a "
            "copy, or fork the run: that repeats the training from its start where it is short.",
        {}});
  }
  if (!*checkpoint && facts.isFork()) {
    return core::Unexpected(EngineError{
        facts.run.string() + ": this fork of " + provenanceValue(facts.provenance, kParent) +
            " stopped before its first checkpoint: fork again, to another folder.",
        {}});
  }
  if (has_more) {
    opened.writer->setProvenance(kExtendedTo, provenanceValue(facts.provenance, kExtendedTo));
  }
  if (!*checkpoint) {
    return session.beginAgain(std::move(opened.writer), fullProvenance(session.parts(), more));
  }
  auto metrics = metricsAt(facts.run, stepOf(**checkpoint));
  if (!metrics) {
    return core::Unexpected(metrics.error());
  }
  session.setLastMetrics(*metrics);
  if (facts.status.state == core::RunState::Finished && !has_more &&
      stepOf(**checkpoint) == facts.status.step) {
    return session.leaveFinished(std::move(opened.writer), **checkpoint, facts.status.reason);
  }
  return session.continueFrom(std::move(opened.writer), **checkpoint, facts.checkpoints);
}

Result<Session> resumeRun(const std::filesystem::path& run, RunSession::Options options,
                          std::optional<std::int64_t> more_steps) {
  auto opened = openRun(run, options.shared);
  if (!opened) {
    return core::Unexpected(opened.error());
  }
  if (auto trainable = checkPrecision(opened->facts.spec); !trainable) {
    return core::Unexpected(trainable.error());
  }
  if (more_steps) {
    if (auto given = giveMoreSteps(opened->facts, *more_steps); !given) {
      return core::Unexpected(given.error());
    }
  }
  const core::ExperimentSpec effective = trainerSpec(opened->facts);
  auto parts = makeParts(effective, options.engine);
  if (!parts) {
    return core::Unexpected(parts.error());
  }
  parts->spec = opened->facts.spec;
  if (auto possible = checkChanges(opened->facts, options.changes, *parts); !possible) {
    return core::Unexpected(possible.error());
  }
  const TrainingRun::Goal goal{parts->trainer->totalSteps(), effective.training.stop_when};
  const core::Provenance more = options.provenance;
  const std::vector<core::Intervention> changes = options.changes;
  auto session = std::make_unique<TrainingRun>(std::move(*parts), std::move(options), goal,
                                               opened->facts.history);
  if (auto done = continueRun(*session, std::move(*opened), more, more_steps.has_value()); !done) {
    return core::Unexpected(done.error());
  }
  if (auto made = session->interveneAll(changes); !made) {
    return core::Unexpected(made.error());
  }
  return Session(std::move(session));
}

/// The parent's full state at or before a step.
Result<core::Checkpoint> parentState(RunFacts facts, std::int64_t step, EngineModule* engine) {
  auto parts = makeParts(trainerSpec(facts), engine);
  if (!parts) {
    return core::Unexpected(parts.error());
  }
  markFullCheckpoints(facts, *parts->trainer);
  if (auto reached = bringTo(*parts->trainer, facts, step, true); !reached) {
    return core::Unexpected(reached.error());
  }
  return parts->trainer->snapshot(true);
}

TrainingRun::Origin forkOrigin(const RunParts& parts, const core::Provenance& more,
                               const RunFacts& parent, std::int64_t asked, std::int64_t taken,
                               const History& history, const std::string& adapted) {
  const std::string name = std::filesystem::absolute(parent.run).lexically_normal().string();
  std::string text = "Forked from " + name + " at step " + std::to_string(taken) + ".";
  if (taken != asked) {
    text += " Step " + std::to_string(asked) + " was asked for; this is the nearest earlier one.";
  }
  if (const std::string held = core::inEffectText(core::inEffect(history, taken)); !held.empty()) {
    text += " Of the parent's changes these hold: " + held + ".";
  }
  if (parent.isForeign()) {
    text += " It was imported without optimiser state: the moments begin at 0.";
  }
  text += adapted;
  TrainingRun::Origin origin{fullProvenance(parts, more), {taken, "fork", text}, {}};
  origin.provenance.emplace_back(kParent, name);
  origin.provenance.emplace_back(kForkStep, std::to_string(taken));
  origin.metadata["parent"] = name;
  return origin;
}

/// A clamp holds a pattern that is as large as the parent's sequences were long.
Result<void> checkClamps(const core::InEffect& held, const core::TaskSpec& task) {
  const int longest = *std::max_element(task.seq_len.begin(), task.seq_len.end());
  for (const core::InEffect::Clamped& it : held.clamped) {
    const auto n = core::patternSide(*it.pattern);
    if (longest > n) {
      return core::Unexpected(
          EngineError{"Head " + core::headText(it.head) + " is clamped to a pattern of " +
                          std::to_string(n) + " positions, but the fork's sequences have up to " +
                          std::to_string(longest) + ": keep /task/seq_len within " +
                          std::to_string(n) + ", or fork at a step where the head is not clamped.",
                      {}});
    }
  }
  return {};
}

Result<Session> forkRun(const std::filesystem::path& parent, std::int64_t step,
                        const core::ExperimentSpec& spec, const std::filesystem::path& run,
                        RunSession::Options options) {
  auto parts = makeNewParts(spec, run, options.engine);
  if (!parts) {
    return core::Unexpected(parts.error());
  }
  auto facts = readRunFacts(parent);
  if (!facts) {
    return core::Unexpected(facts.error());
  }
  auto state = parentState(*facts, step, options.engine);
  if (!state) {
    return core::Unexpected(state.error());
  }
  const std::int64_t total = parts->trainer->totalSteps();
  const std::int64_t taken = stepOf(*state);
  if (taken >= total) {
    return core::Unexpected(EngineError{
        "The fork would begin at step " + std::to_string(taken) + ", but its experiment ends at " +
            std::to_string(total) + ": raise /training/steps, or fork at an earlier step.",
        {}});
  }
  const std::string adapted = adaptToFork(*state, facts->spec, parts->spec, *parts->trainer);
  if (auto restored = parts->trainer->restore(*state); !restored) {
    return core::Unexpected(EngineError{"The fork's experiment does not fit the weights of " +
                                            parent.string() + ": " + restored.error().message,
                                        restored.error().detail, restored.error().cause});
  }
  const History own = inherited(facts->history, taken, facts->spec, parts->spec);
  if (auto fits = checkClamps(core::inEffect(own, taken), parts->spec.task); !fits) {
    return core::Unexpected(fits.error());
  }
  auto history = withAll(own, options.changes, *parts);
  if (!history) {
    return core::Unexpected(history.error());
  }
  const auto origin = forkOrigin(*parts, options.provenance, *facts, step, taken, own, adapted);
  const TrainingRun::Goal goal{total, parts->spec.training.stop_when};
  auto session = std::make_unique<TrainingRun>(std::move(*parts), std::move(options), goal,
                                               std::move(*history));
  if (auto begun = session->begin(run, origin); !begun) {
    return core::Unexpected(begun.error());
  }
  return Session(std::move(session));
}

}  // namespace

Result<Session> RunSession::create(const core::ExperimentSpec& spec,
                                   const std::filesystem::path& run, Options options) {
  return guarded([&] { return createRun(spec, run, std::move(options)); });
}

Result<Session> RunSession::resume(const std::filesystem::path& run, Options options,
                                   std::optional<std::int64_t> more_steps) {
  return guarded([&] { return resumeRun(run, std::move(options), more_steps); });
}

Result<Session> RunSession::fork(const std::filesystem::path& parent, std::int64_t step,
                                 const core::ExperimentSpec& spec, const std::filesystem::path& run,
                                 Options options) {
  return guarded([&] { return forkRun(parent, step, spec, run, std::move(options)); });
}

}  // namespace anchorlens::engine
