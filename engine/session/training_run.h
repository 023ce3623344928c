// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/session/checkpoint_keeper.h"
#include "engine/session/record_schedule.h"
#include "engine/session/run_parts.h"
#include "engine/session/run_session.h"

#include <future>
#include <map>

namespace anchorlens::engine {

/// The one implementation of RunSession.
class TrainingRun final : public RunSession {
 public:
  using Clock = std::chrono::steady_clock;

  /// Where training ends.
  struct Goal {
    std::int64_t total_steps = 0;
    std::optional<core::StopRule> stop_when;
  };

  /// `parts.spec` is what the run's experiment.json says, or will say.
  /// `history`: what the run has been changed by before.
  TrainingRun(RunParts parts, Options options, Goal goal, History history = {});
  /// Lets a checkpoint that is being written be finished.
  ~TrainingRun() override;
  TrainingRun(const TrainingRun&) = delete;
  TrainingRun& operator=(const TrainingRun&) = delete;

  /// What is written with a new run besides its experiment.
  struct Origin {
    core::Provenance provenance;
    core::Event event;
    /// Goes into every checkpoint.
    std::map<std::string, std::string> metadata;
  };
  /// Measures the model as it is, then makes the directory with its first checkpoint.
  Result<void> begin(const std::filesystem::path& run, const Origin& origin);
  /// Continues a directory at `checkpoint`, one of its `checkpoints`; later ones are dropped.
  Result<void> continueFrom(std::unique_ptr<core::RunWriter> writer,
                            const core::Checkpoint& checkpoint,
                            const std::vector<core::CheckpointInfo>& checkpoints);
  /// Continues a directory that was left before its first checkpoint.
  Result<void> beginAgain(std::unique_ptr<core::RunWriter> writer,
                          const core::Provenance& provenance);
  /// The run ended at `checkpoint`: nothing is trained or written.
  Result<void> leaveFinished(std::unique_ptr<core::RunWriter> writer,
                             const core::Checkpoint& checkpoint, const std::string& reason);

  const RunParts& parts() const { return m_parts; }
  const core::ExperimentSpec& spec() const override { return m_parts.spec; }
  const core::Task& task() const override { return m_parts.task; }
  const core::SequenceSet& probe() const override { return m_parts.probe; }
  const std::filesystem::path& directory() const override { return m_writer->directory(); }
  std::int64_t step() const override { return m_parts.trainer->step(); }
  std::int64_t totalSteps() const override { return m_goal.total_steps; }
  Trainer& trainer() override { return *m_parts.trainer; }
  const core::Metrics& lastMetrics() const override { return m_metrics; }
  void setLastMetrics(const core::Metrics& metrics) { m_metrics = metrics; }

  Result<void> intervene(core::Intervention change) override { return interveneAll({change}); }
  /// All of them or none, in this order.
  Result<void> interveneAll(const std::vector<core::Intervention>& changes);
  const std::vector<core::Intervention>& interventions() const override { return m_history; }

  Outcome advance(std::chrono::microseconds budget, std::int64_t max_steps) override;
  Outcome outcome() const override { return m_outcome; }
  const std::string& reason() const override { return m_reason; }
  Result<std::shared_ptr<const core::Frame>> liveFrame() override;
  core::Expected<void, core::IoError> save(core::RunState state) override;

 private:
  using Io = core::Expected<void, core::IoError>;

  // training_run_changes.cpp
  Result<void> measureClamps(History& history);
  Result<void> startChanges();
  Result<void> enterHistory();
  Io writeHistory();
  void noteKernel();

  void setTables();
  void startTraining();
  Result<void> trainOne();
  Result<void> measureFirst();
  Result<void> evaluate();
  Result<void> recordFrame();
  void postMeasured();
  bool hasEnded() const { return m_stop.isMet() || step() >= m_goal.total_steps; }
  void keepUp();
  void finish();
  Io writeEnd();
  void fail(const EngineError& error);
  Io keepCheckpoint();
  Io writeCheckpoint(Kept kept);
  Io beginCheckpoint(Kept kept);
  Io endCheckpoint();
  bool isWritten() const;
  void tellCheckpoints();
  Io commit(core::RunState state);
  void report(const Io& written);
  void addEvent(const std::string& kind, const std::string& text);

  RunParts m_parts;
  Options m_options;
  Goal m_goal;
  std::unique_ptr<core::RunWriter> m_writer;
  FrameSchedule m_frames;
  StopCounter m_stop;
  std::map<std::string, std::string> m_metadata;

  History m_history;
  std::size_t m_started = 0;  ///< changes whose step has come
  bool m_is_history_written = true;
  std::string m_kernel;              ///< that computed last
  std::int64_t m_measured_step = 0;  ///< the newest whose evaluation and frame, if due, are there

  Outcome m_outcome = Outcome::Running;
  std::string m_reason;
  core::RunState m_failed_as = core::RunState::Failed;  ///< on the disk
  std::string m_end_reason;      ///< why it stopped early; empty: it ran to its last step
  bool m_is_training = false;    ///< the status in the directory says so
  bool m_end_is_written = true;  ///< false: finished in memory only
  double m_learning_rate = 0;
  core::Metrics m_metrics;
  std::shared_ptr<const core::Frame> m_new_frame;  ///< measured, not yet posted
  bool m_has_new_metrics = false;

  std::int64_t m_checkpoint_step = -1;  ///< the newest on disk
  std::optional<Kept> m_wanted;         ///< a checkpoint is due
  CheckpointKeeper m_keeper;
  /// A checkpoint that is being written.
  struct Pending {
    std::shared_ptr<core::CheckpointJob> job;
    std::future<void> written;
    std::int64_t step = 0;
    Kept kept = Kept::Always;
  };
  std::optional<Pending> m_pending;
  Clock::time_point m_last_checkpoint;
  Clock::time_point m_last_commit;
  std::string m_warning;  ///< not empty: writing fails
  Clock::time_point m_retry_at;
};

}  // namespace anchorlens::engine
