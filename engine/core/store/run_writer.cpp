// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment_json.h"
#include "engine/core/store/checkpoint_folder.h"
#include "engine/core/store/file_io.h"
#include "engine/core/store/intervention_file.h"
#include "engine/core/store/run_database.h"
#include "engine/core/store/run_lock.h"
#include "engine/core/store/run_place.h"
#include "engine/core/store/run_rows.h"
#include "engine/core/store/run_store.h"
#include "engine/core/store/writer_database.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <system_error>
#include <utility>

namespace anchorlens::core {
namespace fs = std::filesystem;
namespace {

/// The step that a checkpoint's metadata names.
std::optional<std::int64_t> stepOf(const Checkpoint& checkpoint) {
  const auto found = checkpoint.metadata.find("step");
  if (found == checkpoint.metadata.end()) {
    return {};
  }
  const std::string& text = found->second;
  std::int64_t step = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), step);
  return error == std::errc() && end == text.data() + text.size() && step >= 0 ? std::optional(step)
                                                                               : std::nullopt;
}

class WriteJob final : public CheckpointJob {
 public:
  void write() override {
    written = writeSafetensors(info.file, checkpoint);
    if (!written) {
      return;
    }
    const auto place =
        std::lower_bound(others.begin(), others.end(), info,
                         [](const auto& a, const auto& b) { return a.step < b.step; });
    others.insert(place, info);
    // Older ones that could not be made smaller are tried again next time.
    if (thins) {
      [[maybe_unused]] const auto ignored = thinOptimizers(others);
    }
  }

  CheckpointInfo info;
  Checkpoint checkpoint;
  std::vector<CheckpointInfo> others;  ///< ascending by step; with this one once it is written
  bool thins = false;
  Expected<void, IoError> written =
      Unexpected(IoError{"", "The checkpoint was not written: its job did not run."});
};

class Writer final : public RunWriter {
 public:
  Writer(fs::path run, FrozenExperiment experiment, RunLock lock, WriterDatabase database)
      : m_run(std::move(run)),
        m_experiment(std::move(experiment)),
        m_lock(std::move(lock)),
        m_database(std::move(database)),
        m_checkpoints(listCheckpoints(m_run, m_experiment.spec.training)) {}
  ~Writer() override;
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  const fs::path& directory() const override { return m_run; }
  const ExperimentSpec& spec() const override { return m_experiment.spec; }
  void addStep(const StepMetrics& step) override { m_pending.add(step); }
  void addMetrics(const Metrics& metrics) override { m_pending.add(metrics); }
  void addFrame(const Frame& frame) override { m_pending.add(frame); }
  void addEvent(const Event& event) override { m_pending.add(event); }
  void setStatus(RunState state, std::int64_t step, std::int64_t total_steps,
                 const std::string& reason) override {
    m_pending.setStatus(state, step, total_steps, reason);
  }
  void setProvenance(const std::string& key, const std::string& value) override {
    m_pending.add(key, value);
  }
  void setTables(const RunTables& tables) override { m_pending.setTables(tables); }
  Expected<void, IoError> commit() override { return commit(m_pending.mustBeSynced()); }
  Expected<std::unique_ptr<CheckpointJob>, IoError> beginCheckpoint(Checkpoint checkpoint) override;
  Expected<CheckpointInfo, IoError> endCheckpoint(CheckpointJob& job) override;
  Expected<void, IoError> truncateAfter(std::int64_t step) override;

  /// `is_synced`: everything committed so far is on the disk when this returns.
  Expected<void, IoError> commit(bool is_synced);

 private:
  Expected<void, IoError> commitRows(bool is_synced);
  fs::path m_run;
  FrozenExperiment m_experiment;
  RunLock m_lock;
  WriterDatabase m_database;
  PendingRows m_pending;
  std::vector<CheckpointInfo> m_checkpoints;
};

Writer::~Writer() {
  // Whoever took the run over is not to be disturbed.
  if (m_lock.check()) {
    [[maybe_unused]] auto ignored = commit(true);
    ignored = m_database.publish(true);
    m_database.close();
  }
}

Expected<void, IoError> Writer::commitRows(bool is_synced) {
  if (m_pending.isEmpty() && !is_synced) {
    return {};
  }
  if (auto owned = m_lock.check(); !owned) {
    return owned;
  }
  m_lock.touch();
  const auto insert = [this](Database& database) { return m_pending.insertInto(database); };
  auto done = m_database.transact(insert, is_synced);
  if (done) {
    m_pending.clear();
  }
  return done;
}

Expected<void, IoError> Writer::commit(bool is_synced) {
  auto done = commitRows(is_synced);
  return done ? m_database.publish(is_synced) : done;
}

Expected<std::unique_ptr<CheckpointJob>, IoError> Writer::beginCheckpoint(Checkpoint checkpoint) {
  const auto step = stepOf(checkpoint);
  if (!step) {
    return Unexpected(IoError{(m_run / kCheckpointsName).string(),
                              "The checkpoint's metadata has no step (an integer from 0)."});
  }
  // Rows first: a checkpoint is never ahead of the database.
  if (auto committed = commitRows(true); !committed) {
    return Unexpected(committed.error());
  }
  CheckpointInfo info{*step, checkpointFile(m_run, *step),
                      hasOptimizer(checkpoint, spec().training)};
  checkpoint.metadata["spec_hash"] = specHash(m_experiment.spec);
  auto job = std::make_unique<WriteJob>();
  job->info = std::move(info);
  job->checkpoint = std::move(checkpoint);
  job->others = m_checkpoints;
  std::erase_if(job->others, [&](const auto& other) { return other.step == *step; });
  job->thins = hasOptimizerState(spec().training);
  return std::unique_ptr<CheckpointJob>(std::move(job));
}

Expected<CheckpointInfo, IoError> Writer::endCheckpoint(CheckpointJob& job) {
  auto& done = static_cast<WriteJob&>(job);
  if (!done.written) {
    return Unexpected(done.written.error());
  }
  m_checkpoints = std::move(done.others);
  // The checkpoint is safe; a copy that could not be published is the next commit's error.
  [[maybe_unused]] const auto ignored = m_database.publish(true);
  return std::move(done.info);
}

Expected<void, IoError> Writer::truncateAfter(std::int64_t step) {
  if (auto owned = m_lock.check(); !owned) {
    return owned;
  }
  // Files first: a checkpoint is never ahead of the database.
  if (auto removed = removeCheckpointsAfter(m_run, step); !removed) {
    return removed;
  }
  m_checkpoints = listCheckpoints(m_run, m_experiment.spec.training);
  const auto erase = [step](Database& database) -> SqlResult<void> {
    const std::string after = " WHERE step > " + std::to_string(step);
    for (const char* table :
         {"steps", "evaluations", "group_metrics", "frames", "scores", "events"}) {
      if (auto done = database.execute("DELETE FROM " + std::string(table) + after); !done) {
        return done;
      }
    }
    // A change at a step acts after it: whoever goes on makes it again.
    return database.execute("DELETE FROM events WHERE kind = 'intervention' AND step = " +
                            std::to_string(step));
  };
  if (auto erased = m_database.transact(erase, true); !erased) {
    return erased;
  }
  m_pending.dropAfter(step);
  return commit(true);
}

/// True when a folder has nothing in it but what a create() that was killed at once leaves behind.
bool isFreeForARun(const fs::path& run) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(run, ignored)) {
    const std::string name = entry.path().filename().string();
    if (name != kLockName && name != kInterventionsName && !isTemporaryName(name)) {
      return false;
    }
  }
  return true;
}

IoError occupied(const fs::path& run) {
  return {run.string(),
          isThere(run / kExperimentName)
              ? "There is a run in this folder already. Resume it, or name another folder."
              : "The folder is not empty. Name a new one for the run."};
}

bool hasCheckpoints(const fs::path& run) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(run / kCheckpointsName, ignored)) {
    if (!isTemporaryName(entry.path().filename().string())) {
      return true;
    }
  }
  return false;
}

Expected<void, IoError> makeFolder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) {
    return Unexpected(systemError(folder, "The folder cannot be made", error.value()));
  }
  return {};
}

/// The writer of a run whose lock is taken and whose experiment is frozen.
Expected<std::unique_ptr<RunWriter>, IoError> openLocked(const fs::path& run, RunLock lock,
                                                         const Provenance& provenance,
                                                         bool is_shared) {
  auto experiment = readFrozenExperiment(run);
  if (!experiment) {
    return Unexpected(experiment.error());
  }
  auto database = WriterDatabase::open(run, is_shared, !hasCheckpoints(run));
  if (!database) {
    return Unexpected(database.error());
  }
  // Killed between its tables and its first rows, a run has no checksum yet: it is begun again.
  const auto checksums = database->database().queryInteger(
      "SELECT count(*) FROM provenance WHERE key = '" + std::string(kExperimentChecksumKey) + "'");
  if (!checksums) {
    return Unexpected(checksums.error().about(database->file()));
  }
  const bool is_new = database->isNew() || (*checksums == 0 && !hasCheckpoints(run));
  if (!is_new) {
    auto same = checkFrozenExperiment(database->database(), database->file(), *experiment);
    if (!same) {
      return Unexpected(same.error());
    }
  }
  removeTemporaryFiles(run);
  removeTemporaryFiles(run / kCheckpointsName);
  if (auto made = makeFolder(run / kCheckpointsName); !made) {
    return Unexpected(made.error());
  }
  const std::string checksum = experiment->checksum;
  auto writer =
      std::make_unique<Writer>(run, std::move(*experiment), std::move(lock), std::move(*database));
  if (is_new) {
    writer->setProvenance("created", utcText(unixTime()));
    writer->setProvenance(kExperimentChecksumKey, checksum);
  }
  for (const auto& [key, value] : provenance) {
    writer->setProvenance(key, value);
  }
  if (auto committed = writer->commit(true); !committed) {
    return Unexpected(committed.error());
  }
  return std::unique_ptr<RunWriter>(std::move(writer));
}

}  // namespace

Expected<std::unique_ptr<RunWriter>, IoError> RunWriter::create(
    const fs::path& run, const ExperimentSpec& spec, const Provenance& provenance, bool shared,
    const std::vector<Intervention>& history) {
  if (auto made = makeFolder(run); !made) {
    return Unexpected(made.error());
  }
  if (!isFreeForARun(run)) {
    return Unexpected(occupied(run));
  }
  const bool is_network = isNetworkFileSystem(run);
  auto lock = RunLock::acquire(run, shared || is_network);
  if (!lock) {
    return Unexpected(lock.error());
  }
  if (!isFreeForARun(run)) {  // another one came and went while the lock was waited for
    return Unexpected(occupied(run));
  }
  removeTemporaryFiles(run);
  // Whoever finds a run finds its changes, too.
  if (auto begun = beginInterventions(run, history); !begun) {
    return Unexpected(begun.error());
  }
  // From here on it is a run, which can be resumed whenever its writer is killed.
  if (auto written = writeFileAtomically(run / kExperimentName, writeExperiment(spec)); !written) {
    return Unexpected(written.error());
  }
  auto opened = openLocked(run, std::move(*lock), provenance, shared || is_network);
  if (!opened) {
    removeBegunRun(run, shared);
  }
  return opened;
}

Expected<std::unique_ptr<RunWriter>, IoError> RunWriter::open(const fs::path& run, bool shared) {
  // Looked at before the lock is taken: what is no run gets no file from us.
  if (auto experiment = readFrozenExperiment(run); !experiment) {
    return Unexpected(experiment.error());
  }
  const bool is_shared = shared || isNetworkFileSystem(run) || WriterDatabase::wasShared(run);
  auto lock = RunLock::acquire(run, is_shared);
  if (!lock) {
    return Unexpected(lock.error());
  }
  return openLocked(run, std::move(*lock), {}, is_shared);
}

Expected<CheckpointInfo, IoError> RunWriter::writeCheckpoint(Checkpoint checkpoint) {
  auto job = beginCheckpoint(std::move(checkpoint));
  if (!job) {
    return Unexpected(job.error());
  }
  (*job)->write();
  return endCheckpoint(**job);
}

bool hasOnlyBegun(const fs::path& run) {
  if (!isThere(run / kExperimentName) || hasCheckpoints(run)) {
    return false;
  }
  const fs::path file = run / kDatabaseName;
  if (!isThere(file)) {
    return true;
  }
  // Not for reading alone: what a killed transaction left has to be rolled back first.
  auto database = Database::open(file, {});
  if (!database) {
    return false;
  }
  const auto is_empty = isEmptyDatabase(*database);
  return is_empty && *is_empty;
}

std::string_view runStateName(RunState state) {
  constexpr std::array<std::string_view, 6> kNames{"created", "training", "paused",
                                                   "stopped", "finished", "failed"};
  return kNames[static_cast<std::size_t>(state)];
}

}  // namespace anchorlens::core
