// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/snapshot_worker.h"
#include "engine/session/causal_request.h"

#include <QObject>

#include <vector>

namespace anchorlens::app {

/// Causal tests that were asked for, one after the other, computed by Snapshots. What is done is
/// kept in the run, also of a series that was cancelled or failed. GUI thread.
class CausalSeries : public QObject {
  Q_OBJECT

 public:
  /// Series of one channel follow each other: a later one cancels an earlier one.
  CausalSeries(Snapshots& snapshots, QString channel, QObject* parent = nullptr);
  ~CausalSeries() override;

  /// progressed() follows, then finished(). engine::wrongUse(request) is empty.
  void start(const SnapshotPlace& place, const engine::CausalRequest& request);
  /// finished() does not come.
  void cancel();
  /// What went wrong, of finished(), in sentences; empty when nothing did.
  static QString problemText(const std::vector<engine::CausalRecord>& records,
                             const QString& problem, const QString& not_kept);
  bool isRunning() const { return m_snapshots.isBusy(m_channel); }

  /// Reads what the run keeps: keptRead() follows. `groups` are the task's.
  void readKept(const std::filesystem::path& run, const std::vector<core::GroupInfo>& groups);

 signals:
  /// `records` so far, of `total`.
  void progressed(std::vector<anchorlens::engine::CausalRecord> records, int total);
  /// `problem`: why there are no records, or no more; `not_kept`: why they are not in the run.
  /// Empty: nothing went wrong.
  void finished(std::vector<anchorlens::engine::CausalRecord> records, const QString& problem,
                const QString& not_kept);
  /// Of tests that ask the same the newest.
  void keptRead(std::vector<anchorlens::engine::CausalRecord> records,
                std::vector<anchorlens::core::GroupInfo> groups);

 private:
  QString keptChannel() const { return m_channel + QStringLiteral(", kept"); }

  Snapshots& m_snapshots;
  QString m_channel;
  int m_series = 0;  ///< an older one's progress may still be on its way
};

}  // namespace anchorlens::app
