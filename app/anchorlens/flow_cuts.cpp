// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/flow_cuts.h"

#include "app/anchorlens/keep_tests.h"
#include "engine/session/causal_test.h"
#include "widgets/number_format.h"

#include <algorithm>
#include <utility>

namespace anchorlens::app {

namespace {

using engine::CausalResult;
using engine::CausalTest;
using engine::CausalTester;
using engine::EdgeSelection;
using engine::Result;
using engine::RunSnapshot;

const QString kPathChannel = QStringLiteral("path cut");
const QString kEdgeChannel = QStringLiteral("edge cut");

Result<std::vector<EdgeSelection>> parsed(const QStringList& edges, const RunSnapshot& snapshot) {
  std::vector<EdgeSelection> selections;
  for (const QString& text : edges) {
    auto edge = EdgeSelection::parse(text.toStdString(), snapshot.task(), snapshot.spec().model);
    if (!edge)
      return core::Unexpected(engine::EngineError{edge.error(), {}});
    selections.push_back(std::move(*edge));
  }
  return selections;
}

CausalTest testOf(std::vector<EdgeSelection> edges, int draws) {
  CausalTest test;
  for (const EdgeSelection& edge : edges)
    test.name += (test.name.empty() ? "" : ", ") + edge.text;
  test.edges = std::move(edges);
  test.draws = draws;
  return test;
}

Result<PathCut> cutPath(const QStringList& texts, RunSnapshot& snapshot,
                        const std::stop_token& stop) {
  auto edges = parsed(texts, snapshot);
  if (!edges)
    return core::Unexpected(edges.error());
  CausalTester tester(snapshot.trainer(), snapshot.task(), snapshot.spec().model, snapshot.probe());
  PathCut cut;
  cut.step = snapshot.step();
  const auto take = [&cut](const CausalResult& result) {
    cut.baseline = result.all.baseline.accuracy;
    if (result.all.control)
      cut.control = result.all.control->accuracy;
    cut.no_control = QString::fromStdString(result.no_control);
  };
  const bool is_one = edges->size() == 1;
  for (const EdgeSelection& edge : *edges) {
    const auto result = tester.run(testOf({edge}, is_one ? CausalTest().draws : 1), stop);
    if (!result)
      return core::Unexpected(result.error());
    cut.edges.push_back(result->all.intervened.accuracy);
    take(*result);
  }
  if (!is_one) {
    const auto result = tester.run(testOf(*edges, CausalTest().draws), stop);
    if (!result)
      return core::Unexpected(result.error());
    cut.all = result->all.intervened.accuracy;
    cut.control.reset();
    take(*result);
  }
  return cut;
}

QString placeText(const widgets::ProbeContext& probe, int sequence, int position, bool is_reader) {
  const auto roles = probe.shown.rolesOf(static_cast<std::size_t>(sequence));
  const auto role = roles[static_cast<std::size_t>(position)];
  const bool is_last = position + 1 == static_cast<int>(roles.size());
  const bool has_role = probe.roles.at(role).kind != core::RoleInfo::Kind::Noise;
  if (is_last && (is_reader || !has_role))
    return QStringLiteral("reader");
  const bool is_alone = std::count(roles.begin(), roles.end(), role) == 1;
  return has_role && is_alone ? QString::fromStdString(probe.roles.at(role).name)
                              : QString::number(position);
}

}  // namespace

QString edgeText(const widgets::ProbeContext& probe, int sequence, const widgets::FlowEdge& edge) {
  return QStringLiteral("%1.%2:%3>%4")
      .arg(edge.layer)
      .arg(edge.head)
      .arg(placeText(probe, sequence, edge.reader, true),
           placeText(probe, sequence, edge.source, false));
}

QString controlText(const std::optional<double>& accuracy, const QString& why_none) {
  return accuracy ? widgets::formatAccuracy(*accuracy) : why_none;
}

std::vector<std::pair<QString, QString>> cutFacts(const PathCut& cut,
                                                  const std::vector<widgets::FlowEdge>& edges,
                                                  std::int64_t sequences) {
  std::vector<std::pair<QString, QString>> facts{
      {FlowCuts::tr("Accuracy, %1 sequences").arg(widgets::formatInteger(sequences)),
       widgets::formatAccuracy(cut.baseline)},
      {FlowCuts::tr("Weights of step"), widgets::formatInteger(cut.step)}};
  for (std::size_t i = 0; i < std::min(edges.size(), cut.edges.size()); ++i) {
    facts.emplace_back(FlowCuts::tr("%1 edge %2 → %3 cut")
                           .arg(widgets::headName(edges[i].layer, edges[i].head))
                           .arg(edges[i].source)
                           .arg(edges[i].reader),
                       widgets::formatAccuracy(cut.edges[i]));
  }
  if (cut.all)
    facts.emplace_back(FlowCuts::tr("all of them cut"), widgets::formatAccuracy(*cut.all));
  facts.emplace_back(FlowCuts::tr("random edges, equal weight"),
                     controlText(cut.control, cut.no_control));
  return facts;
}

FlowCuts::FlowCuts(Snapshots& snapshots, QObject* parent)
    : QObject(parent), m_snapshots(snapshots) {
  m_rest.setSingleShot(true);
  m_rest.setInterval(kRestMs);
  connect(&m_rest, &QTimer::timeout, this, &FlowCuts::ask);
}

void FlowCuts::look(const SnapshotPlace& place, const QStringList& edges) {
  if (place == m_place && edges == m_edges)
    return;
  m_place = place;
  m_edges = edges;
  m_result.reset();
  m_snapshots.cancel(kPathChannel);
  if (edges.isEmpty())
    m_rest.stop();
  else
    m_rest.start();
}

void FlowCuts::lookAway() {
  look({}, {});
}

void FlowCuts::ask() {
  m_snapshots.ask<PathCut>(
      kPathChannel, m_place,
      [edges = m_edges](RunSnapshot& snapshot, const std::stop_token& stop) {
        return cutPath(edges, snapshot, stop);
      },
      [this](const Result<PathCut>& cut) {
        if (!cut) {
          emit failed(QString::fromStdString(cut.error().message));
          return;
        }
        m_result = *cut;
        emit measured();
      });
}

void FlowCuts::cutEdge(const SnapshotPlace& place, const QString& edge) {
  struct Cut {
    engine::CausalRecord record;
    QString not_kept;
  };
  m_snapshots.ask<Cut>(
      kEdgeChannel, place,
      [run = place.run, edge](RunSnapshot& snapshot, const std::stop_token& stop) -> Result<Cut> {
        auto edges = parsed({edge}, snapshot);
        if (!edges)
          return core::Unexpected(edges.error());
        CausalTester tester(snapshot.trainer(), snapshot.task(), snapshot.spec().model,
                            snapshot.probe());
        const auto result = tester.run(testOf(std::move(*edges), CausalTest().draws), stop);
        if (!result)
          return core::Unexpected(result.error());
        Cut cut{engine::recordOf(*result, "probe"), {}};
        cut.not_kept = keepInRun(run, {cut.record}, snapshot.task());
        return cut;
      },
      [this, place, edge](const Result<Cut>& cut) {
        if (!cut) {
          emit failed(QString::fromStdString(cut.error().message));
          return;
        }
        emit edgeCut(place, edge, cut->record);
        if (!cut->not_kept.isEmpty())
          emit notKept(cut->not_kept);
      });
}

}  // namespace anchorlens::app
