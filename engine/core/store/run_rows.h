// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/store/run_store.h"
#include "engine/core/store/sqlite.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace anchorlens::core {

/// What was added to a run and is not in its database yet. Scalars are kept whatever happens; of
/// frames at most 256 MiB: a disk that stays full thins them out.
class PendingRows {
 public:
  void add(const StepMetrics& step) { m_steps.push_back(step); }
  void add(const Metrics& metrics) { m_evaluations.push_back(metrics); }
  void add(const Frame& frame);
  void add(const Event& event);
  void add(const std::string& key, const std::string& value) {
    m_provenance.emplace_back(key, value);
  }
  void setStatus(RunState state, std::int64_t step, std::int64_t total_steps,
                 const std::string& reason);
  void setTables(const RunTables& tables) { m_tables = tables; }

  bool isEmpty() const;
  /// A change that must be on the disk before anybody hears of it: the run was paused, ended, ...
  bool mustBeSynced() const { return m_status && m_status->state != RunState::Training; }
  void clear() { *this = PendingRows(); }
  void dropAfter(std::int64_t step);

  /// Inserts everything, replacing rows of the same step. Inside the caller's transaction.
  SqlResult<void> insertInto(Database& database) const;

 private:
  struct EncodedFrame {
    std::int64_t step = 0;
    double epoch = 0;
    double probe_accuracy = 0;
    double probe_loss = 0;
    std::vector<std::byte> arrays;
    std::vector<std::byte> scores;
  };
  struct TimedEvent {
    Event event;
    double time = 0;
  };
  struct Status {
    RunState state = RunState::Created;
    std::int64_t step = 0;
    std::int64_t total_steps = 0;
    std::string reason;
  };
  void thinFrames();
  SqlResult<void> insertSteps(Database& database) const;
  SqlResult<void> insertEvaluations(Database& database) const;
  SqlResult<void> insertFrames(Database& database) const;
  SqlResult<void> insertEvents(Database& database) const;
  SqlResult<void> insertStatus(Database& database) const;
  SqlResult<void> insertProvenance(Database& database) const;
  SqlResult<void> insertTables(Database& database) const;

  std::vector<StepMetrics> m_steps;
  std::vector<Metrics> m_evaluations;
  std::vector<EncodedFrame> m_frames;
  std::size_t m_frame_bytes = 0;
  std::vector<TimedEvent> m_events;
  std::optional<Status> m_status;
  Provenance m_provenance;
  std::optional<RunTables> m_tables;
};

}  // namespace anchorlens::core
