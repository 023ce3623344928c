// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/sweep_fleets.h"

#include "engine/core/experiment/run_shape.h"
#include "engine/core/experiment_json.h"
#include "engine/core/store/intervention_file.h"
#include "engine/core/store/run_place.h"
#include "engine/session.h"

#include <algorithm>
#include <sstream>
#include <utility>

namespace anchorlens::ctl {
namespace {

/// Of every setting the first run stands for all: seeds change no shape.
std::vector<core::ExperimentSpec> experimentsOfSettings(const core::StudyPlan& plan) {
  std::vector<core::ExperimentSpec> experiments(plan.settings.size());
  std::vector<bool> is_known(plan.settings.size());
  for (std::size_t member = 0; member < plan.members.size(); ++member) {
    const std::size_t setting = plan.members[member].setting;
    if (!is_known[setting]) {
      is_known[setting] = true;
      experiments[setting] = plan.experiment(member);
    }
  }
  return experiments;
}

bool isInFleet(const core::TrainingSpec& training, bool has_gpu) {
  return training.kernel == "fleet" || (has_gpu && training.device != "cpu");
}

bool canShareTensors(const core::ExperimentSpec& a, const core::ExperimentSpec& b) {
  return core::shapeDifference(a, b).empty() && a.training.device == b.training.device &&
         a.training.threads == b.training.threads && a.training.kernel == b.training.kernel;
}

std::size_t countGpus() {
  if (engine::whyNoCuda()) {
    return 0;
  }
  const auto engine = engine::openEngine();
  return engine ? (*engine)->info().devices.size() - 1 : 0;
}

}  // namespace

std::vector<std::optional<std::size_t>> fleetShapes(const core::StudyPlan& plan, bool has_gpu) {
  std::vector<std::optional<std::size_t>> shapes;
  std::vector<core::ExperimentSpec> known;  // one of each shape
  for (const core::ExperimentSpec& spec : experimentsOfSettings(plan)) {
    if (!core::whyNoFleet(spec).empty() || !isInFleet(spec.training, has_gpu)) {
      shapes.emplace_back();
      continue;
    }
    std::size_t shape = 0;
    while (shape < known.size() && !canShareTensors(known[shape], spec)) {
      ++shape;
    }
    if (shape == known.size()) {
      known.push_back(spec);
    }
    shapes.emplace_back(shape);
  }
  return shapes;
}

FleetWay fleetWayOf(const core::StudyPlan& plan, std::size_t most_runs) {
  FleetWay way;
  way.most_runs = most_runs;
  const core::TrainingSpec& base = plan.study.base.training;
  const bool may_use_gpu =
      base.device != "cpu" || !core::variedField(plan.study, "/training/device").empty();
  const std::size_t gpus = most_runs > 1 && may_use_gpu ? countGpus() : 0;
  way.shapes = fleetShapes(plan, gpus > 0);
  bool has_any = false;
  for (const auto& shape : way.shapes) {
    has_any = has_any || shape;
  }
  if (most_runs <= 1 || !has_any) {
    way.shapes.assign(plan.settings.size(), std::nullopt);
    return way;
  }
  const bool may_be_spread = (base.device == "auto" || base.device == "cuda") && gpus > 1 &&
                             core::variedField(plan.study, "/training/device").empty();
  for (std::size_t gpu = 0; may_be_spread && gpu < gpus; ++gpu) {
    way.gpus.push_back(static_cast<int>(gpu));
  }
  way.at_once = way.gpus.empty() ? 1 : way.gpus.size();
  return way;
}

std::vector<std::size_t> takeFleet(std::deque<std::size_t>& waiting, std::size_t most_runs,
                                   std::size_t places, const ShapeOf& shape_of) {
  std::optional<std::size_t> shape;
  std::size_t count = 0;
  for (const std::size_t member : waiting) {
    const std::optional<std::size_t> own = shape_of(member);
    shape = shape ? shape : own;
    count += own && own == shape ? 1 : 0;
  }
  const std::size_t room = std::min(most_runs, (count + places - 1) / places);
  std::vector<std::size_t> fleet;
  std::deque<std::size_t> rest;
  for (const std::size_t member : waiting) {
    if (fleet.size() < room && shape_of(member) == shape) {
      fleet.push_back(member);
    } else {
      rest.push_back(member);
    }
  }
  waiting = std::move(rest);
  return fleet;
}

bool mayJoinFleet(const std::filesystem::path& run) {
  if (!core::isThere(run / core::kExperimentName)) {
    return true;
  }
  const auto spec = core::readExperiment(run / core::kExperimentName);
  return spec && spec->training.kernel == "fleet" && !core::isThere(run / core::kInterventionsName);
}

std::string visibleDevice(const char* visible, int gpu) {
  if (visible == nullptr) {
    return std::to_string(gpu);
  }
  std::istringstream names(visible);
  std::string name;
  for (int i = 0; i <= gpu; ++i) {
    std::getline(names, name, ',');
  }
  return name;
}

}  // namespace anchorlens::ctl
