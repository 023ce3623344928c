// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/run_loader.h"

#include "engine/core/store/intervention_file.h"
#include "engine/session/run_parts.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <system_error>
#include <utility>

namespace anchorlens::app {

namespace {

QString text(const std::string& message) {
  return QString::fromStdString(message);
}

template <typename Row>
void remember(const std::vector<Row>& rows, std::int64_t& last) {
  if (!rows.empty())
    last = rows.back().step;
}

/// Where the run comes from.
void addOrigin(const core::RunReader& reader, RunFacts& facts) {
  const auto provenance = reader.provenance();
  if (!provenance)
    return;
  facts.is_foreign = !engine::provenanceValue(*provenance, engine::kForeign).empty();
  facts.parent = engine::provenanceValue(*provenance, engine::kParent);
  const std::string step = engine::provenanceValue(*provenance, engine::kForkStep);
  std::from_chars(step.data(), step.data() + step.size(), facts.fork_step);
}

/// A history that cannot be read is told by whoever trains on from it.
std::optional<std::vector<core::Intervention>> interventionsOf(const std::filesystem::path& run) {
  auto history = core::readInterventions(run);
  return history ? std::optional(std::move(*history)) : std::nullopt;
}

}  // namespace

core::Expected<RunRows, core::IoError> RunLoader::readRows(RunId run_id, OpenRun& run) {
  RunRows rows;
  rows.run_id = run_id;
  const auto take = [](auto&& result, auto& target) -> std::optional<core::IoError> {
    if (!result)
      return result.error();
    target = std::move(*result);
    return std::nullopt;
  };
  const core::RunReader& reader = *run.reader;
  // The status first: what a writer adds while this reads is found by the next poll.
  auto error = take(reader.status(), rows.status);
  if (!error)
    error = take(reader.steps(run.last_step), rows.steps);
  if (!error)
    error = take(reader.metrics(run.last_metrics), rows.metrics);
  if (!error)
    error = take(reader.scores(run.last_frame), rows.frames);
  if (!error)
    error = take(reader.events(run.last_event), rows.events);
  if (!error)
    error = take(reader.checkpoints(), rows.checkpoints);
  if (error)
    return core::Unexpected(*error);
  const auto is_change = [](const core::Event& event) { return event.kind == "intervention"; };
  if (std::any_of(rows.events.begin(), rows.events.end(), is_change))
    rows.interventions = interventionsOf(reader.directory());
  remember(rows.steps, run.last_step);
  remember(rows.metrics, run.last_metrics);
  remember(rows.frames, run.last_frame);
  remember(rows.events, run.last_event);
  return rows;
}

namespace {

widgets::RunHistory historyOf(const RunFacts& facts, const RunRows& rows,
                              const core::LabelThresholds& thresholds) {
  widgets::RunHistory history = emptyHistory(facts, thresholds);
  for (const auto& step : rows.steps)
    history.addStep(step);
  for (const auto& metrics : rows.metrics)
    history.addMetrics(metrics);
  for (const auto& frame : rows.frames)
    history.addScores(frame.step, frame.scores);
  for (const auto& event : rows.events)
    history.addEvent(event);
  std::vector<std::int64_t> checkpoints;
  for (const auto& checkpoint : rows.checkpoints)
    checkpoints.push_back(checkpoint.step);
  history.setCheckpoints(std::move(checkpoints));
  return history;
}

}  // namespace

widgets::RunHistory emptyHistory(const RunFacts& facts, const core::LabelThresholds& thresholds) {
  const auto& model = facts.spec.model;
  const bool has_heads = model.kind == core::ModelSpec::Kind::Transformer;
  return {has_heads ? model.n_layers : 0, has_heads ? model.n_heads : 0, facts.total_steps,
          facts.task ? facts.task->groups() : std::vector<core::GroupInfo>{}, thresholds};
}

void RunLoader::open(RunId run_id, const std::filesystem::path& run,
                     const core::LabelThresholds& thresholds) {
  auto reader = core::RunReader::open(run);
  if (!reader) {
    emit failed(run_id, text(reader.error().text()));
    return;
  }
  OpenRun opened_run{std::move(*reader)};
  auto rows = readRows(run_id, opened_run);
  if (!rows) {
    emit failed(run_id, text(rows.error().text()));
    return;
  }
  RunFacts facts;
  facts.run_id = run_id;
  facts.directory = run;
  facts.spec = opened_run.reader->spec();
  facts.step = rows->status.step;
  facts.total_steps = rows->status.total_steps;
  addOrigin(*opened_run.reader, facts);
  facts.interventions = interventionsOf(run).value_or(std::vector<core::Intervention>());
  auto task = core::Task::compile(facts.spec.task);
  if (task) {
    auto probe = core::makeProbe(*task, facts.spec.probe);
    if (probe)
      facts.probe = std::make_shared<const core::SequenceSet>(std::move(*probe));
    facts.task = std::move(*task);
  }
  m_runs.insert_or_assign(run_id, std::move(opened_run));
  rows->history = historyOf(facts, *rows, thresholds);
  if (auto bookmarks = core::readBookmarks(run))
    rows->bookmarks = std::move(*bookmarks);
  else
    rows->bookmarks_problem = text(bookmarks.error().text());
  emit opened(facts, std::make_shared<RunRows>(std::move(*rows)));
}

void RunLoader::poll(RunId run_id) {
  const auto run = m_runs.find(run_id);
  if (run == m_runs.end())
    return;
  auto rows = readRows(run_id, run->second);
  if (rows)
    emit polled(std::make_shared<RunRows>(std::move(*rows)));
}

void RunLoader::readFrame(RunId run_id, qint64 step) {
  const auto run = m_runs.find(run_id);
  if (run == m_runs.end()) {
    emit frameFailed(run_id, step, tr("The run is closed."));
    return;
  }
  auto frame = run->second.reader->frame(step);
  if (frame)
    emit frameRead(run_id, std::move(*frame));
  else
    emit frameFailed(run_id, step, text(frame.error().text()));
}

}  // namespace anchorlens::app
