// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/snapshot_worker.h"
#include "engine/session/causal_record.h"
#include "widgets/flow/flow_graph.h"

#include <QObject>
#include <QStringList>
#include <QTimer>

#include <optional>
#include <utility>
#include <vector>

namespace anchorlens::app {

/// What cutting the edges of a path does to the accuracy on the whole probe.
struct PathCut {
  std::int64_t step = 0;
  double baseline = 0;
  /// Each edge alone, in the order of the path; then, with several, all of them.
  std::vector<double> edges;
  std::optional<double> all;
  /// Random edges: as many, of about equal attention, as all of the path's; none: why.
  std::optional<double> control;
  QString no_control;
};

/// The name of an edge, as `anchorctl intervene --cut` takes it. Its ends are what stands there, so
/// that the same is found in every sequence of the probe: the reader, a role of the task; where a
/// role stands at several positions of the sequence, or at none, the position itself.
QString edgeText(const widgets::ProbeContext& probe, int sequence, const widgets::FlowEdge& edge);

/// Its accuracy, or why there is no control.
QString controlText(const std::optional<double>& accuracy, const QString& why_none);
/// The rows of the Inspector for a path of these edges.
std::vector<std::pair<QString, QString>> cutFacts(const PathCut& cut,
                                                  const std::vector<widgets::FlowEdge>& edges,
                                                  std::int64_t sequences);

/// Cuts edges of the flow graph in every sequence of the probe, by what stands at their ends;
/// computed by Snapshots. An edge is named as `anchorctl intervene --cut` takes it:
/// "1.0:reader>key:x". GUI thread.
class FlowCuts : public QObject {
  Q_OBJECT

 public:
  explicit FlowCuts(Snapshots& snapshots, QObject* parent = nullptr);

  static constexpr int kRestMs = 250;

  /// The path that is looked at; measured follows when it has been looked at for kRestMs.
  void look(const SnapshotPlace& place, const QStringList& edges);
  void lookAway();
  /// The numbers of the path that is looked at; empty while there are none.
  const std::optional<PathCut>& result() const { return m_result; }

  /// Cuts one edge and keeps the result in the run; edgeCut follows.
  void cutEdge(const SnapshotPlace& place, const QString& edge);

 signals:
  void measured();
  void failed(const QString& message);
  /// `place`: that was asked for; the record says which step's weights it is of.
  void edgeCut(const anchorlens::app::SnapshotPlace& place, const QString& edge,
               const anchorlens::engine::CausalRecord& record);
  void notKept(const QString& message);

 private:
  void ask();

  Snapshots& m_snapshots;
  QTimer m_rest;
  SnapshotPlace m_place;
  QStringList m_edges;
  std::optional<PathCut> m_result;
};

}  // namespace anchorlens::app
