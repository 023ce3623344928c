// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/compare/compared_runs.h"

#include "engine/core/compare/comparable.h"

#include <QCoreApplication>

namespace anchorlens::widgets {

namespace {

QString tr(const char* text) {
  return QCoreApplication::translate("CompareView", text);
}

void findAccuracy(const RunHistory& history, core::AlignedRun& told) {
  for (const GroupSeries& group : history.groups()) {
    if (group.line != GroupLine::Test) {
      continue;
    }
    std::vector<std::int64_t> steps;
    for (const double step : group.accuracy.steps) {
      steps.push_back(static_cast<std::int64_t>(step));
    }
    const std::vector<double>& values = group.accuracy.values;
    told.event = core::firstReached(steps, values, core::kAlignedAccuracy);
    told.is_before = core::hasEmergedBefore(steps, values, core::kAlignedAccuracy);
    return;
  }
}

core::AlignedRun eventOf(const RunToCompare& run, core::AlignBy by) {
  core::AlignedRun told{run.name.toStdString(), std::nullopt, false};
  if (by == core::AlignBy::Emergence) {
    told.event = run.history->firstEmergence(core::Label::Broadcast);
    told.is_before = run.history->hasEmergedBefore(core::Label::Broadcast);
  } else if (by == core::AlignBy::Accuracy) {
    findAccuracy(*run.history, told);
  }
  return told;
}

}  // namespace

core::HeadCount headCount(const core::ExperimentSpec& spec) {
  const bool has_heads = spec.model.kind == core::ModelSpec::Kind::Transformer;
  return has_heads ? core::HeadCount{spec.model.n_layers, spec.model.n_heads} : core::HeadCount{};
}

core::TimeAlignment alignRuns(const RunToCompare& first, const RunToCompare& second,
                              core::AlignBy by) {
  return {by, eventOf(first, by), eventOf(second, by)};
}

bool haveSameProbe(const RunToCompare& first, const RunToCompare& second) {
  return first.probe && second.probe && core::isSameProbe(first.probe->shown, second.probe->shown);
}

QString noteOf(const RunToCompare& run, std::int64_t step) {
  const QString seed = tr("seed %1").arg(run.spec->training.seed);
  const auto held = run.interventions == nullptr
                        ? std::string()
                        : core::inEffectText(core::inEffect(*run.interventions, step));
  return held.empty() ? seed : seed + QStringLiteral(", ") + QString::fromStdString(held);
}

ComparedSide sideOf(const RunToCompare& run, std::int64_t step, const core::Frame* frame,
                    ProbeChoice choice, const QString& problem) {
  ComparedSide side;
  side.name = run.name;
  side.note = noteOf(run, step);
  side.colour = run.colour;
  side.step = step;
  side.problem = problem;
  side.count = headCount(*run.spec);
  if (frame != nullptr && run.probe) {
    side.maps = makeHeadMaps(*frame, *run.probe, choice);
  }
  const bool is_empty = side.maps.empty() || side.maps.front().isEmpty();
  if (is_empty && side.problem.isEmpty()) {
    side.problem = choice.mean ? tr("%1 kept no mean of its attention.").arg(side.name)
                               : tr("%1 kept no attention patterns.").arg(side.name);
  }
  return side;
}

}  // namespace anchorlens::widgets
