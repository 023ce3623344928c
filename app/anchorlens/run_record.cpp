// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/run_record.h"

#include "app/anchorlens/places.h"
#include "engine/core/compare/comparable.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace anchorlens::app {

namespace {

/// Patterns of recorded frames that are kept in memory; older ones are read again from disk.
constexpr std::size_t kCacheBytes = std::size_t{256} << 20U;

std::size_t bytesOf(const core::Frame& frame) {
  return (frame.shown.pattern.size() + frame.mean.pattern.size()) * sizeof(float) +
         frame.scores.size() * sizeof(core::HeadScores) * 2;
}

bool contains(const std::vector<std::int64_t>& steps, std::int64_t step) {
  return std::binary_search(steps.begin(), steps.end(), step);
}

constexpr auto kBefore = [](std::int64_t step, const auto& row) { return step < row.step; };

}  // namespace

RunRecord::RunRecord(RunId id, std::filesystem::path directory, QString name)
    : m_id(id),
      m_directory(std::move(directory)),
      m_location(cleanPath(m_directory).string()),
      m_name(std::move(name)) {}

void RunRecord::setFacts(const RunFacts& facts) {
  const bool is_first = !m_facts.has_value();
  const RunFacts before = m_facts.value_or(facts);
  m_facts = facts;
  if (facts.parent.empty()) {
    m_facts->parent = before.parent;
    m_facts->fork_step = before.fork_step;
  }
  m_parent_location = m_facts->parent.empty() ? std::string() : cleanPath(m_facts->parent).string();
  ++m_facts_version;
  m_set_up = QString::fromStdString(core::setUpHash(facts.spec));
  m_status.total_steps = facts.total_steps;
  if (!is_first) {
    m_history->setTotalSteps(facts.total_steps);
    return;
  }
  const auto& model = facts.spec.model;
  // In place: the Timeline may be looking at it already.
  *m_history = emptyHistory(facts, m_history->thresholds());
  if (facts.task && facts.probe) {
    m_probe = std::make_shared<const widgets::ProbeContext>(widgets::makeProbeContext(
        *facts.task, *facts.probe, static_cast<std::size_t>(facts.spec.probe.shown),
        model.mask == core::ModelSpec::Mask::Causal));
  }
}

void RunRecord::setInterventions(const std::vector<core::Intervention>& history) {
  if (m_facts)
    m_facts->interventions = history;
}

QString RunRecord::setUp() const {
  const bool is_of_one = m_facts && m_facts->parent.empty() && m_facts->interventions.empty();
  return is_of_one ? m_set_up : QString();
}

core::InEffect RunRecord::inEffect(std::int64_t step) const {
  return m_facts ? core::inEffect(m_facts->interventions, step) : core::InEffect();
}

void RunRecord::setState(core::RunState state, std::int64_t step, const QString& reason) {
  m_status.state = state;
  m_status.step = step;
  m_status.reason = reason.toStdString();
}

/// The history that the loader made of the rows, where nothing else is known of the run.
bool RunRecord::takeHistory(RunRows& rows) {
  if (!rows.history || !isLoaded() || !m_history->isEmpty() || !m_history->events().empty() ||
      !m_metrics.empty())
    return false;
  const core::LabelThresholds wanted = m_history->thresholds();
  *m_history = std::move(*rows.history);
  if (!core::isSame(m_history->thresholds(), wanted))
    m_history->setThresholds(wanted);
  m_metrics = std::move(rows.metrics);
  m_last_step = rows.steps.empty() ? -1 : rows.steps.back().step;
  m_status.step = std::max(m_status.step, m_last_step);
  return true;
}

void RunRecord::add(RunRows& rows) {
  if (rows.history)  // not of a poll
    readBookmarks(std::move(rows.bookmarks));
  if (!takeHistory(rows))
    addRows(rows);
  if (!m_is_ours) {
    if (rows.interventions)
      setInterventions(*rows.interventions);
    m_status = rows.status;
    m_history->setTotalSteps(rows.status.total_steps);
  }
}

/// What this window changed and could not write stays on top of what is on the disk.
void RunRecord::readBookmarks(std::vector<core::Bookmark> bookmarks) {
  m_bookmarks = std::move(bookmarks);
  for (const auto& change : m_unwritten)
    core::apply(change, m_bookmarks);
}

void RunRecord::changeBookmarks(const std::vector<core::BookmarkChange>& changes) {
  for (const auto& change : changes) {
    core::apply(change, m_bookmarks);
    m_unwritten.push_back(change);
  }
}

void RunRecord::bookmarksWritten(const std::vector<core::BookmarkChange>& changes) {
  for (const auto& change : changes) {
    const auto found = std::find(m_unwritten.begin(), m_unwritten.end(), change);
    if (found != m_unwritten.end())
      m_unwritten.erase(found);
  }
}

void RunRecord::addRows(const RunRows& rows) {
  for (const auto& step : rows.steps)
    add(step);
  for (const auto& metrics : rows.metrics)
    add(metrics);
  for (const auto& frame : rows.frames) {
    if (!contains(m_history->frames(), frame.step))
      m_history->addScores(frame.step, frame.scores);
  }
  for (const auto& event : rows.events)
    add(event);
  CheckpointSteps checkpoints;
  for (const auto& checkpoint : rows.checkpoints)
    checkpoints.steps.push_back(checkpoint.step);
  add(checkpoints);
}

void RunRecord::add(const core::StepMetrics& step) {
  if (step.step <= m_last_step)
    return;
  m_last_step = step.step;
  m_history->addStep(step);
  m_status.step = std::max(m_status.step, step.step);
}

void RunRecord::add(const core::Metrics& metrics) {
  if (!m_metrics.empty() && m_metrics.back().step >= metrics.step)
    return;
  m_metrics.push_back(metrics);
  m_history->addMetrics(metrics);
}

void RunRecord::add(const FramePtr& frame) {
  if (!contains(m_history->frames(), frame->step))
    m_history->addScores(frame->step, frame->scores);
  cacheFrame(frame);
}

void RunRecord::add(const core::Event& event) {
  const auto& events = m_history->events();
  const auto same = [&event](const core::Event& other) {
    return other.step == event.step && other.kind == event.kind && other.text == event.text;
  };
  if (std::none_of(events.begin(), events.end(), same))
    m_history->addEvent(event);
}

void RunRecord::add(const CheckpointSteps& checkpoints) {
  m_history->setCheckpoints(checkpoints.steps);
}

void RunRecord::truncateAfter(std::int64_t step) {
  m_history->truncateAfter(step);
  m_last_step = std::min(m_last_step, step);
  m_metrics.erase(std::upper_bound(m_metrics.begin(), m_metrics.end(), step, kBefore),
                  m_metrics.end());
  for (auto it = m_cache.upper_bound(step); it != m_cache.end(); it = m_cache.erase(it))
    m_cached_bytes -= bytesOf(*it->second);
}

std::int64_t RunRecord::lastStep() const {
  return std::max(m_status.step, m_history->newestStep());
}

FramePtr RunRecord::cachedFrame(std::int64_t step) const {
  const auto found = m_cache.find(step);
  return found == m_cache.end() ? nullptr : found->second;
}

void RunRecord::cacheFrame(const FramePtr& frame) {
  const auto [place, is_new] = m_cache.insert_or_assign(frame->step, frame);
  if (is_new)
    m_cached_bytes += bytesOf(*frame);
  while (m_cached_bytes > kCacheBytes && m_cache.size() > 1) {
    const auto oldest = m_cache.begin() == place ? std::next(place) : m_cache.begin();
    m_cached_bytes -= bytesOf(*oldest->second);
    m_cache.erase(oldest);
  }
}

std::optional<double> RunRecord::testAccuracy() const {
  if (m_metrics.empty() || std::isnan(m_metrics.back().test_accuracy))
    return std::nullopt;
  return m_metrics.back().test_accuracy;
}

std::vector<widgets::GroupCurve> RunRecord::groupCurves() const {
  const bool is_known = m_facts && m_facts->task;
  return widgets::groupCurves(is_known ? m_facts->task->groups().size() : 0, m_metrics);
}

const core::Metrics* RunRecord::metricsAt(std::int64_t step) const {
  const auto after = std::upper_bound(m_metrics.begin(), m_metrics.end(), step, kBefore);
  return after == m_metrics.begin() ? nullptr : &*std::prev(after);
}

}  // namespace anchorlens::app
