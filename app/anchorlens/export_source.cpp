// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/export_source.h"

#include "app/anchorlens/places.h"
#include "engine/core/experiment_json.h"
#include "engine/session/causal_record.h"
#include "engine/session/run_session.h"
#include "engine/session/version.h"

#include <QCoreApplication>

#include <algorithm>
#include <limits>
#include <utility>

namespace anchorlens::app {

namespace {

QString tr(const char* text) {
  return QCoreApplication::translate("Export", text);
}

core::Unexpected<QString> problem(const std::string& message) {
  return core::Unexpected(QString::fromStdString(message));
}

std::string valueOf(const core::Provenance& provenance, std::string_view key) {
  const auto found = std::find_if(provenance.begin(), provenance.end(),
                                  [key](const auto& row) { return row.first == key; });
  return found == provenance.end() ? std::string() : found->second;
}

/// A head that no causal test has shown to be needed has a pattern, no more: its badge says so.
/// `badges` [layer * n_heads + head].
void markUntested(std::vector<widgets::BadgeInfo>& badges, std::int64_t step, int n_heads,
                  const std::vector<engine::CausalRecord>& tests) {
  for (std::size_t i = 0; i < badges.size(); ++i) {
    widgets::BadgeInfo& badge = badges[i];
    const int index = static_cast<int>(i);
    const bool is_claim =
        badge.state == core::LabelState::Entered && badge.mechanism != widgets::Mechanism::None;
    if (!is_claim || engine::showsNeed(tests, step, {index / n_heads, index % n_heads}))
      continue;
    for (const char* word : {"Shift", "Broadcast"}) {
      const QString claim = QString::fromLatin1(word);
      badge.text.replace(claim, tr("%1 pattern").arg(claim));
      badge.short_text.replace(claim, tr("%1 pattern").arg(claim));
    }
  }
}

struct FlowOrder {
  widgets::ProbeChoice choice;
  const widgets::FlowOptions& options;
  const QString& route;
};

void addFlow(widgets::FigureRequest& request, const core::Frame& frame,
             const widgets::ProbeContext& probe, const std::vector<core::HeadLabel>& labels,
             const core::ModelSpec& model, const std::vector<engine::CausalRecord>& tests,
             const FlowOrder& order) {
  auto graph = std::make_shared<widgets::FlowGraph>(
      widgets::makeFlowGraph(frame, probe, order.choice, labels, model.residual, order.options));
  markUntested(graph->badges, frame.step, model.n_heads, tests);
  const auto& routes = graph->routes;
  const auto named = std::find_if(routes.begin(), routes.end(),
                                  [&](const auto& other) { return other.name == order.route; });
  request.route = named == routes.end() ? 0 : static_cast<int>(named - routes.begin());
  request.flow = std::move(graph);
}

}  // namespace

widgets::FigureSource figureSource(const QString& run_name, const core::ExperimentSpec& spec,
                                   const core::Provenance& provenance) {
  widgets::FigureSource source;
  source.run = run_name;
  QStringList patterns;
  for (const auto& form : spec.task.forms)
    patterns.append(QString::fromStdString(form.pattern));
  source.task = patterns.join(QStringLiteral(" | "));
  source.experiment = QString::fromStdString(core::specHash(spec));
  source.seed = static_cast<qint64>(spec.training.seed);
  source.date =
      QDateTime::fromString(QString::fromStdString(valueOf(provenance, "created")), Qt::ISODate);
  const std::string version = valueOf(provenance, "version");
  source.program =
      QStringLiteral("Anchorlens ") +
      QString::fromStdString(version.empty() ? std::string(engine::version()) : version);
  return source;
}

widgets::FigureRequest figureRequest(const ExportSource& source, widgets::FigureItem item) {
  widgets::FigureRequest request;
  request.item = item;
  request.style.map = source.map;
  request.style.per_head = source.per_head;
  request.style.log_steps = source.log_time;
  const QString name =
      source.directory.empty() ? source.run_name : toText(source.directory.filename());
  request.source = figureSource(name, source.spec, {});
  request.layer = source.layer;
  request.head = source.head;
  request.history = source.history;
  request.weights = source.weights;
  request.plot = source.plot;
  if (!source.frame || !source.probe)
    return request;
  const auto tests = source.directory.empty() ? std::vector<engine::CausalRecord>()
                                              : engine::readCausalTests(source.directory);
  if (item == widgets::FigureItem::Flow) {
    addFlow(request, *source.frame, *source.probe, source.labels, source.spec.model, tests,
            {source.choice, source.flow, source.route});
    return request;
  }
  request.heads.push_back(
      widgets::figureHeads(*source.frame, source.labels, *source.probe, source.choice));
  markUntested(request.heads.back().badges, source.frame->step, source.spec.model.n_heads, tests);
  return request;
}

core::Expected<std::unique_ptr<RunFigures>, QString> RunFigures::open(
    const std::filesystem::path& directory) {
  auto reader = core::RunReader::open(directory);
  if (!reader)
    return problem(reader.error().text());
  std::unique_ptr<RunFigures> run(new RunFigures);
  run->m_reader = std::move(*reader);
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
  auto task = core::Task::compile(run->m_spec.task);
  if (!task)
    return problem(task.error().front().message);
  auto probe = core::makeProbe(*task, run->m_spec.probe);
  if (!probe)
    return problem(probe.error().front().message);
  const auto& model = run->m_spec.model;
  const bool has_heads = model.kind == core::ModelSpec::Kind::Transformer;
  run->m_source = figureSource(toText(cleanPath(directory).filename()), run->m_spec, *provenance);
  run->m_probe = std::make_shared<const widgets::ProbeContext>(
      widgets::makeProbeContext(*task, *probe, static_cast<std::size_t>(run->m_spec.probe.shown),
                                model.mask == core::ModelSpec::Mask::Causal));
  run->m_history = std::make_shared<widgets::RunHistory>(has_heads ? model.n_layers : 0,
                                                         has_heads ? model.n_heads : 0,
                                                         status->total_steps, task->groups());
  for (const auto& step : *steps)
    run->m_history->addStep(step);
  for (const auto& row : *metrics)
    run->m_history->addMetrics(row);
  for (const auto& row : *scores)
    run->m_history->addScores(row.step, row.scores);
  for (const auto& event : *events)
    run->m_history->addEvent(event);
  std::vector<std::int64_t> checkpoint_steps;
  for (const auto& checkpoint : *checkpoints)
    checkpoint_steps.push_back(checkpoint.step);
  run->m_history->setCheckpoints(std::move(checkpoint_steps));
  run->m_checkpoints = std::move(*checkpoints);
  return run;
}

std::int64_t RunFigures::lastStep() const {
  const auto& frames = m_history->frames();
  return frames.empty() ? 0 : frames.back();
}

std::vector<std::int64_t> RunFigures::emergenceSteps() const {
  std::vector<std::int64_t> steps;
  for (const auto label : {core::Label::Shift, core::Label::Broadcast}) {
    if (const auto step = m_history->firstEmergence(label))
      steps.push_back(*step);
  }
  std::sort(steps.begin(), steps.end());
  steps.erase(std::unique(steps.begin(), steps.end()), steps.end());
  return steps;
}

core::Expected<FramePtr, QString> RunFigures::frameAt(std::int64_t step) const {
  const auto& frames = m_history->frames();
  if (std::binary_search(frames.begin(), frames.end(), step)) {
    auto frame = m_reader->frame(step);
    if (!frame)
      return problem(frame.error().text());
    return FramePtr(std::move(*frame));
  }
  auto snapshot = engine::RunSnapshot::open(m_reader->directory(), step);
  if (!snapshot)
    return problem(snapshot.error().message);
  auto frame = (*snapshot)->frame();
  if (!frame)
    return problem(frame.error().message);
  return FramePtr(std::move(*frame));
}

/// Of the last checkpoint at or before the step that is asked for.
core::Expected<widgets::PicturePtr, QString> RunFigures::weightsAt(const FigureOrder& order) const {
  auto run = core::analysis::RunWeights::open(m_reader->directory());
  if (!run)
    return problem(run.error().text());
  const auto wanted =
      order.steps.empty() ? std::numeric_limits<std::int64_t>::max() : order.steps.front();
  const auto step = (*run)->stepAt(wanted);
  if (!step)
    return core::Unexpected(tr("There is no checkpoint at or before step %1.").arg(wanted));
  widgets::WeightsChoice choice = order.weights;
  choice.page = order.item == widgets::FigureItem::Circuits ? widgets::WeightsPage::Circuits
                                                            : widgets::WeightsPage::Weights;
  auto picture = widgets::makeWeightsPicture(**run, *step, choice, true);
  if (!picture)
    return problem(picture.error().text());
  return *picture;
}

core::Expected<widgets::FigureRequest, QString> RunFigures::request(const FigureOrder& order) {
  if (!core::isSame(order.thresholds, m_history->thresholds())) {
    // A request that was given away keeps the labels that it was made with.
    m_history = std::make_shared<widgets::RunHistory>(*m_history);
    m_history->setThresholds(order.thresholds);
  }
  widgets::FigureRequest request;
  request.item = order.item;
  request.style = order.style;
  request.source = m_source;
  request.layer = order.layer;
  request.head = order.head;
  request.history = m_history;
  if (order.item == widgets::FigureItem::Curves || order.item == widgets::FigureItem::Scores)
    return request;
  if (order.item == widgets::FigureItem::Weights || order.item == widgets::FigureItem::Circuits) {
    auto picture = weightsAt(order);
    if (!picture)
      return core::Unexpected(picture.error());
    request.weights = std::move(*picture);
    request.plot = order.plot;
    return request;
  }
  std::vector<std::int64_t> steps = order.steps;
  if (steps.empty())
    steps.push_back(lastStep());
  const auto tests = engine::readCausalTests(m_reader->directory());
  for (const std::int64_t step : steps) {
    auto frame = frameAt(step);
    if (!frame)
      return core::Unexpected(frame.error());
    std::vector<core::HeadLabel> labels;
    const auto& frames = m_history->frames();
    if (std::binary_search(frames.begin(), frames.end(), (*frame)->step)) {
      labels = m_history->labelsAt((*frame)->step);
    } else {
      for (const auto& scores : (*frame)->scores)
        labels.push_back(core::labelOf(scores, order.thresholds));
    }
    if (order.item == widgets::FigureItem::Flow) {
      addFlow(request, **frame, *m_probe, labels, m_spec.model, tests,
              {order.choice, order.flow, order.route});
      continue;
    }
    request.heads.push_back(widgets::figureHeads(**frame, labels, *m_probe, order.choice));
    markUntested(request.heads.back().badges, (*frame)->step, m_spec.model.n_heads, tests);
  }
  return request;
}

std::optional<core::CheckpointInfo> RunFigures::checkpointAt(std::int64_t step) const {
  std::optional<core::CheckpointInfo> found;
  for (const auto& checkpoint : m_checkpoints) {
    if (checkpoint.step <= step)
      found = checkpoint;
  }
  return found;
}

}  // namespace anchorlens::app
