// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/expected.h"
#include "engine/core/experiment.h"
#include "engine/core/frame.h"
#include "engine/core/intervention.h"
#include "engine/core/store/checkpoint.h"
#include "engine/core/task/sequence_set.h"
#include "engine/core/task/task.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// The run directory (docs/format_run.md): one writer, any number of readers, also in
/// other processes. Not thread safe: each object belongs to one thread.
namespace anchorlens::core {

enum class RunState : std::uint8_t { Created, Training, Paused, Stopped, Finished, Failed };
std::string_view runStateName(RunState state);

struct RunStatus {
  RunState state = RunState::Created;
  std::int64_t step = 0;
  std::int64_t total_steps = 0;
  std::string reason;  ///< of a failure or a stop condition, one sentence
  /// True when a living process holds the writer's lock.
  bool held = false;
  std::string holder;  ///< "pid 1234 on host since ..."; empty when not held
};

/// Where the numbers came from: keys and values in the order of adding. Keys: docs/format_run.md,
/// "Provenance".
using Provenance = std::vector<std::pair<std::string, std::string>>;

struct Event {
  std::int64_t step = 0;
  std::string kind;  ///< "started", "resumed", "checkpoint", "finished", "failed", "fork", ...
  std::string text;  ///< a sentence
};

/// What the numbers of frames, scores and metrics refer to, for readers without the task's
/// compiler.
struct RunTables {
  std::vector<RoleInfo> roles;    ///< Task::roles()
  std::vector<GroupInfo> groups;  ///< Task::groups()
  SequenceSet shown;              ///< the shown sequences of the probe
};

struct CheckpointInfo {
  std::int64_t step = 0;
  std::filesystem::path file;
  bool has_optimizer = false;  ///< training can go on from it: the optimiser's state is there
};

/// The part of writing a checkpoint that takes long, between RunWriter::beginCheckpoint and
/// endCheckpoint. It touches no file but its own and those of older checkpoints, and nothing of the
/// writer's, so that another thread can do it; the writer must live until it is done.
class CheckpointJob {
 public:
  virtual ~CheckpointJob() = default;
  virtual void write() = 0;
};

class RunWriter {
 public:
  /// Makes the directory (it must not exist, or be empty), freezes the experiment in it, takes the
  /// lock. `shared`: publish copies for readers on other hosts (found by statfs if not said).
  /// `history`: changes of the training that are known from the start.
  static Expected<std::unique_ptr<RunWriter>, IoError> create(
      const std::filesystem::path& run, const ExperimentSpec& spec, const Provenance& provenance,
      bool shared = false, const std::vector<Intervention>& history = {});
  /// Takes the lock of an existing run; a dead holder's is taken over, a living one is named in
  /// the error.
  static Expected<std::unique_ptr<RunWriter>, IoError> open(const std::filesystem::path& run,
                                                            bool shared = false);
  virtual ~RunWriter() = default;

  virtual const std::filesystem::path& directory() const = 0;
  virtual const ExperimentSpec& spec() const = 0;

  /// Rows are kept in memory until commit(); rows of a step that is there already are replaced.
  virtual void addStep(const StepMetrics& step) = 0;
  virtual void addMetrics(const Metrics& metrics) = 0;
  virtual void addFrame(const Frame& frame) = 0;
  virtual void addEvent(const Event& event) = 0;
  virtual void setStatus(RunState state, std::int64_t step, std::int64_t total_steps,
                         const std::string& reason = {}) = 0;
  virtual void setProvenance(const std::string& key, const std::string& value) = 0;
  virtual void setTables(const RunTables& tables) = 0;
  /// Writes everything added so far. After an error (disk full) the rows stay in memory and the
  /// next commit tries again.
  virtual Expected<void, IoError> commit() = 0;

  /// commit(), then the checkpoint file. Takes optimiser state out of all but the last two.
  /// metadata must have "step"; spec_hash is added here.
  Expected<CheckpointInfo, IoError> writeCheckpoint(Checkpoint checkpoint);
  /// The same in three parts: this one commits; job->write(), on any thread, writes the file;
  /// endCheckpoint() says whether that worked. One job at a time.
  virtual Expected<std::unique_ptr<CheckpointJob>, IoError> beginCheckpoint(
      Checkpoint checkpoint) = 0;
  virtual Expected<CheckpointInfo, IoError> endCheckpoint(CheckpointJob& job) = 0;

  /// Rows and checkpoints after `step` are dropped (a resume that goes on from `step`).
  virtual Expected<void, IoError> truncateAfter(std::int64_t step) = 0;
};

/// Whether a run was left (its writer killed) before its database held anything and before its
/// first checkpoint: nobody can read it yet, and RunWriter::open begins it anew.
bool hasOnlyBegun(const std::filesystem::path& run);

class RunReader {
 public:
  /// Opens an existing run; also on a read-only directory and while another process writes.
  static Expected<std::unique_ptr<RunReader>, IoError> open(const std::filesystem::path& run);
  virtual ~RunReader() = default;

  virtual const std::filesystem::path& directory() const = 0;
  virtual const ExperimentSpec& spec() const = 0;

  virtual Expected<RunStatus, IoError> status() const = 0;
  virtual Expected<Provenance, IoError> provenance() const = 0;
  /// Rows with step > after, ascending.
  virtual Expected<std::vector<StepMetrics>, IoError> steps(std::int64_t after = -1) const = 0;
  virtual Expected<std::vector<Metrics>, IoError> metrics(std::int64_t after = -1) const = 0;
  virtual Expected<std::vector<Event>, IoError> events(std::int64_t after = -1) const = 0;
  virtual Expected<std::vector<std::int64_t>, IoError> frameSteps(
      std::int64_t after = -1) const = 0;
  /// Scores of all frames without their patterns: cheap, for strips and emergence.
  struct FrameScores {
    std::int64_t step = 0;
    std::vector<HeadScores> scores;
  };
  virtual Expected<std::vector<FrameScores>, IoError> scores(std::int64_t after = -1) const = 0;
  virtual Expected<std::shared_ptr<const Frame>, IoError> frame(std::int64_t step) const = 0;

  /// Complete checkpoints, ascending by step.
  virtual Expected<std::vector<CheckpointInfo>, IoError> checkpoints() const = 0;
};

/// The checkpoint file of a step: RUN/checkpoints/step-000001200.safetensors
std::filesystem::path checkpointFile(const std::filesystem::path& run, std::int64_t step);

/// Bytes of one frame of this experiment before compression, for estimates.
std::size_t frameBytes(const ExperimentSpec& spec);

}  // namespace anchorlens::core
