// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/export/run_material.h"

#include "app/anchorlens/evaluations.h"
#include "app/anchorlens/export/export_text.h"
#include "app/anchorlens/places.h"
#include "engine/core/store/intervention_file.h"
#include "engine/inspect.h"
#include "engine/session/run_facts.h"
#include "engine/session/run_session.h"

#include <algorithm>
#include <utility>

namespace anchorlens::app {

namespace {

core::Unexpected<QString> problem(const std::string& message) {
  return core::Unexpected(QString::fromStdString(message));
}

core::Unexpected<QString> noCheckpoint(std::int64_t step) {
  return core::Unexpected(step == kNewestStep
                              ? tr("The run has no checkpoint.")
                              : tr("There is no checkpoint at or before step %1.").arg(step));
}

}  // namespace

QString whyNoSuchSteps(const std::filesystem::path& run, const std::vector<std::int64_t>& steps) {
  if (steps.empty())
    return {};
  const auto facts = engine::readRunFacts(run);
  if (!facts)
    return QString::fromStdString(facts.error().message);
  for (const std::int64_t step : steps) {
    if (const auto is_there = engine::checkRange(*facts, step); !is_there)
      return QString::fromStdString(is_there.error().message);
  }
  return {};
}

Found<std::unique_ptr<RunMaterial>> RunMaterial::open(const std::filesystem::path& directory,
                                                      std::vector<core::HeadRef> without) {
  auto reader = core::RunReader::open(directory);
  if (!reader)
    return problem(reader.error().text());
  std::unique_ptr<RunMaterial> run(new RunMaterial);
  run->m_reader = std::move(*reader);
  run->m_without = std::move(without);
  run->m_spec = run->m_reader->spec();
  auto status = run->m_reader->status();
  auto provenance = run->m_reader->provenance();
  auto steps = run->m_reader->steps();
  auto metrics = run->m_reader->metrics();
  auto scores = run->m_reader->scores();
  auto events = run->m_reader->events();
  auto checkpoints = run->m_reader->checkpoints();
  if (!status || !provenance || !steps || !metrics || !scores || !events || !checkpoints)
    return core::Unexpected(tr("%1: the run's database cannot be read.").arg(toText(directory)));
  auto interventions = core::readInterventions(directory);
  if (!interventions)
    return problem(interventions.error().text());
  run->m_interventions = std::move(*interventions);
  auto task = core::Task::compile(run->m_spec.task);
  if (!task)
    return problem(task.error().front().message);
  auto probe = core::makeProbe(*task, run->m_spec.probe);
  if (!probe)
    return problem(probe.error().front().message);
  const auto& model = run->m_spec.model;
  const bool has_heads = model.kind == core::ModelSpec::Kind::Transformer;
  run->m_source = figureSource(toText(cleanPath(directory).filename()), run->m_spec, *provenance,
                               run->m_without);
  run->m_probe = std::make_shared<const widgets::ProbeContext>(
      widgets::makeProbeContext(*task, *probe, static_cast<std::size_t>(run->m_spec.probe.shown),
                                model.mask == core::ModelSpec::Mask::Causal));
  auto history = std::make_shared<widgets::RunHistory>(has_heads ? model.n_layers : 0,
                                                       has_heads ? model.n_heads : 0,
                                                       status->total_steps, task->groups());
  for (const auto& step : *steps)
    history->addStep(step);
  for (const auto& row : *metrics)
    history->addMetrics(row);
  for (const auto& row : *scores)
    history->addScores(row.step, row.scores);
  for (const auto& event : *events)
    history->addEvent(event);
  std::vector<std::int64_t> checkpoint_steps;
  for (const auto& checkpoint : *checkpoints)
    checkpoint_steps.push_back(checkpoint.step);
  history->setCheckpoints(std::move(checkpoint_steps));
  run->m_history = std::move(history);
  run->m_groups = task->groups();
  run->m_metrics = std::move(*metrics);
  run->m_checkpoints = std::move(*checkpoints);
  return run;
}

Found<std::shared_ptr<const widgets::RunHistory>> RunMaterial::history(
    const core::LabelThresholds& thresholds) {
  if (!core::isSame(thresholds, m_history->thresholds())) {
    // A history that was given away keeps the labels that it was made with.
    auto other = std::make_shared<widgets::RunHistory>(*m_history);
    other->setThresholds(thresholds);
    m_history = std::move(other);
  }
  return m_history;
}

Found<std::int64_t> RunMaterial::lastStep() {
  const auto& frames = m_history->frames();
  return frames.empty() ? 0 : frames.back();
}

/// Several questions of a figure are about one step.
Found<engine::RunSnapshot*> RunMaterial::snapshotAt(std::int64_t step) {
  if (!m_snapshot || m_snapshot_step != step) {
    auto snapshot = engine::RunSnapshot::open(m_reader->directory(), step);
    if (!snapshot)
      return problem(snapshot.error().message);
    m_snapshot = std::move(*snapshot);
    m_snapshot_step = step;
  }
  return m_snapshot.get();
}

/// With its labels; what is without heads is in no record.
bool RunMaterial::isRecorded(std::int64_t step) const {
  const auto& frames = m_history->frames();
  return m_without.empty() && std::binary_search(frames.begin(), frames.end(), step);
}

Found<FramePtr> RunMaterial::frameAt(std::int64_t step) {
  if (isRecorded(step)) {
    auto frame = m_reader->frame(step);
    if (!frame)
      return problem(frame.error().text());
    return FramePtr(std::move(*frame));
  }
  const auto snapshot = snapshotAt(step);
  if (!snapshot)
    return core::Unexpected(snapshot.error());
  engine::InspectRequest request;
  request.zeroed = m_without;
  auto frame = m_without.empty() ? (*snapshot)->frame() : (*snapshot)->frameWith(request);
  if (!frame)
    return problem(frame.error().message);
  return FramePtr(std::move(*frame));
}

Found<LabelledFrame> RunMaterial::frame(std::int64_t step,
                                        const core::LabelThresholds& thresholds) {
  auto frame = frameAt(step);
  if (!frame)
    return core::Unexpected(frame.error());
  LabelledFrame labelled{std::move(*frame), {}};
  if (isRecorded(labelled.frame->step)) {
    labelled.labels = (*history(thresholds))->labelsAt(labelled.frame->step);
  } else {
    for (const auto& scores : labelled.frame->scores)
      labelled.labels.push_back(core::labelOf(scores, thresholds));
  }
  return labelled;
}

Found<widgets::EvaluatedPtr> RunMaterial::ask(std::int64_t step, AttentionQuestion question) {
  question.ablated = m_without;
  const auto snapshot = snapshotAt(step);
  if (!snapshot)
    return core::Unexpected(snapshot.error());
  auto answer = answerAttention(**snapshot, question, *m_probe);
  if (!answer)
    return problem(answer.error().message);
  return answer->heads;
}

Found<widgets::EvaluatedPtr> RunMaterial::evaluated(std::int64_t step, const ExportOrder& order) {
  AttentionQuestion question;
  question.values = order.values;
  question.sequence = order.choice.sequence;
  question.is_typed = !order.typed.isEmpty();
  question.typed = order.typed;
  return ask(step, question);
}

Found<widgets::EvaluatedPtr> RunMaterial::moved(std::int64_t step, int sequence) {
  AttentionQuestion question;
  question.values = widgets::HeadValues::Weighted;
  question.sequence = sequence;
  return ask(step, question);
}

std::vector<engine::CausalRecord> RunMaterial::causalTests() {
  if (!m_without.empty())
    return {};
  if (!m_causal_tests)  // an animation asks at each of its steps
    m_causal_tests = engine::readCausalTests(m_reader->directory(), m_groups);
  return *m_causal_tests;
}

Found<std::vector<core::Bookmark>> RunMaterial::bookmarks() {
  auto bookmarks = core::readBookmarks(m_reader->directory());
  if (!bookmarks)
    return problem(bookmarks.error().text());
  return std::move(*bookmarks);
}

Found<widgets::PicturePtr> RunMaterial::weights(const ExportOrder& order) {
  if (!m_weights) {  // an animation asks at each of its steps
    auto run = core::analysis::RunWeights::open(m_reader->directory());
    if (!run)
      return problem(run.error().text());
    m_weights = std::move(*run);
  }
  const std::int64_t wanted = order.steps.empty() ? kNewestStep : order.steps.front();
  const auto step = m_weights->stepAt(wanted);
  if (!step)
    return noCheckpoint(wanted);
  auto picture = widgets::makeWeightsPicture(*m_weights, *step, order.weights, true);
  if (!picture)
    return problem(picture.error().text());
  return *picture;
}

Found<core::Metrics> RunMaterial::evaluation(std::int64_t step) {
  const auto after = std::upper_bound(
      m_metrics.begin(), m_metrics.end(), step,
      [](std::int64_t wanted, const core::Metrics& row) { return wanted < row.step; });
  if (after == m_metrics.begin())
    return core::Unexpected(tr("There is no evaluation at or before step %1.").arg(step));
  return *std::prev(after);
}

Found<std::vector<widgets::GroupCurve>> RunMaterial::groupCurves() {
  return widgets::groupCurves(m_groups.size(), m_metrics);
}

Found<std::shared_ptr<const widgets::ProbeSummary>> RunMaterial::summary(std::int64_t step) {
  const auto snapshot = snapshotAt(step);
  if (!snapshot)
    return core::Unexpected(snapshot.error());
  auto summary = summaryOf(**snapshot, m_without);
  if (!summary)
    return problem(summary.error().message);
  return std::make_shared<const widgets::ProbeSummary>(std::move(*summary));
}

Found<widgets::LensData> RunMaterial::lens(std::int64_t step, int sequence) {
  const auto snapshot = snapshotAt(step);
  if (!snapshot)
    return core::Unexpected(snapshot.error());
  auto lens = lensOf(**snapshot, sequence, *m_probe, m_without);
  if (!lens)
    return problem(lens.error().message);
  return std::move(*lens);
}

Found<core::CheckpointInfo> RunMaterial::checkpoint(std::int64_t step) {
  const auto after =
      std::find_if(m_checkpoints.begin(), m_checkpoints.end(),
                   [step](const core::CheckpointInfo& info) { return info.step > step; });
  if (after == m_checkpoints.begin())
    return noCheckpoint(step);
  return *std::prev(after);
}

}  // namespace anchorlens::app
