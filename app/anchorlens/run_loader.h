// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/live_data.h"
#include "engine/core/store/bookmarks.h"
#include "widgets/run_history.h"

#include <QObject>
#include <QString>

#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace anchorlens::app {

/// Rows of a run directory: all of them when it is opened, the new ones when it is polled. They can
/// be a hundred thousand: the window takes what was made of them and gives the rest back.
struct RunRows {
  RunId run_id = 0;
  core::RunStatus status;
  std::vector<core::StepMetrics> steps;
  std::vector<core::Metrics> metrics;
  std::vector<core::RunReader::FrameScores> frames;  ///< without their patterns
  std::vector<core::Event> events;
  std::vector<core::CheckpointInfo> checkpoints;  ///< always all
  /// All of the above, when the run is opened: for a record that has no history yet.
  std::optional<widgets::RunHistory> history;
  std::vector<core::Bookmark> bookmarks;  ///< when it is opened
  QString bookmarks_problem;              ///< why they cannot be read; empty when they can
  std::optional<std::vector<core::Intervention>> interventions;  ///< all, when there are new ones
};

/// The history of a run of which nothing is known but what it is.
widgets::RunHistory emptyHistory(const RunFacts& facts, const core::LabelThresholds& thresholds);

/// Reads run directories on its own thread: the window never waits for a disk. It only reads, so
/// any number of windows can look at a run that somebody else trains.
class RunLoader : public QObject {
  Q_OBJECT

 public:
  /// opened or failed follows.
  void open(RunId run_id, const std::filesystem::path& run,
            const core::LabelThresholds& thresholds);
  /// Rows after the last ones that were told; polled follows when the directory can be read.
  void poll(RunId run_id);
  void close(RunId run_id) { m_runs.erase(run_id); }
  /// One frame with its patterns; frameRead or frameFailed follows.
  void readFrame(RunId run_id, qint64 step);

 signals:
  void opened(const anchorlens::app::RunFacts& facts,
              std::shared_ptr<anchorlens::app::RunRows> rows);
  void failed(anchorlens::app::RunId run_id, const QString& message);
  void polled(std::shared_ptr<anchorlens::app::RunRows> rows);
  void frameRead(anchorlens::app::RunId run_id, anchorlens::app::FramePtr frame);
  void frameFailed(anchorlens::app::RunId run_id, qint64 step, const QString& message);

 private:
  struct OpenRun {
    std::unique_ptr<core::RunReader> reader;
    std::int64_t last_step = -1;
    std::int64_t last_metrics = -1;
    std::int64_t last_frame = -1;
    std::int64_t last_event = -1;
  };
  static core::Expected<RunRows, core::IoError> readRows(RunId run_id, OpenRun& run);

  std::map<RunId, OpenRun> m_runs;
};

}  // namespace anchorlens::app
