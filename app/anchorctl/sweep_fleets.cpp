// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/sweep_fleets.h"

#include "app/anchorctl/sweep_settings.h"
#include "engine/core/experiment/run_shape.h"
#include "engine/core/experiment_json.h"
#include "engine/core/store/intervention_file.h"
#include "engine/core/store/run_place.h"
#include "engine/session.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <sstream>
#include <utility>

namespace anchorlens::ctl {
namespace {

/// Of every setting the first run stands for all: seeds change no shape.
std::vector<core::ExperimentSpec> experimentsOfSettings(const core::StudyPlan& plan) {
  std::vector<core::ExperimentSpec> experiments(plan.settings.size());
  for (const std::size_t member : firstMembers(plan)) {
    experiments[plan.members[member].setting] = plan.experiment(member);
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

std::size_t gpusFor(const core::StudyPlan& plan) {
  const bool may_use_gpu = plan.study.base.training.device != "cpu" ||
                           !core::variedField(plan.study, "/training/device").empty();
  if (!may_use_gpu || engine::whyNoCuda()) {
    return 0;
  }
  const auto engine = engine::openEngine();
  return engine ? (*engine)->info().devices.size() - 1 : 0;
}

std::vector<int> gpusToSpread(const core::StudyPlan& plan, std::size_t gpus) {
  const std::string& device = plan.study.base.training.device;
  const bool is_open = (device == "auto" || device == "cuda") &&
                       core::variedField(plan.study, "/training/device").empty();
  std::vector<int> all(is_open && gpus > 1 ? gpus : 0);
  std::iota(all.begin(), all.end(), 0);
  return all;
}

std::optional<int> gpuOfFewest(const std::vector<int>& gpus, const std::vector<int>& taken) {
  const auto processes = [&](int gpu) { return std::count(taken.begin(), taken.end(), gpu); };
  const auto least = std::min_element(gpus.begin(), gpus.end(),
                                      [&](int a, int b) { return processes(a) < processes(b); });
  return least == gpus.end() ? std::nullopt : std::optional(*least);
}

FleetWay fleetWayOf(const core::StudyPlan& plan, std::size_t most_runs, std::size_t gpus) {
  FleetWay way;
  way.most_runs = most_runs;
  way.shapes = fleetShapes(plan, gpus > 0);
  const bool has_any = std::any_of(way.shapes.begin(), way.shapes.end(),
                                   [](const auto& shape) { return shape.has_value(); });
  if (most_runs <= 1 || !has_any) {
    way.shapes.assign(plan.settings.size(), std::nullopt);
    return way;
  }
  way.at_once = std::max<std::size_t>(1, gpusToSpread(plan, gpus).size());
  return way;
}

std::optional<CommonShape> commonestShape(const core::StudyPlan& plan,
                                          const std::vector<std::optional<std::size_t>>& shapes) {
  std::map<std::size_t, std::vector<std::size_t>> members;  // of each shape
  for (std::size_t member = 0; member < plan.members.size(); ++member) {
    if (const auto& shape = shapes[plan.members[member].setting]) {
      members[*shape].push_back(member);
    }
  }
  const auto most = std::max_element(members.begin(), members.end(), [](auto& a, auto& b) {
    return a.second.size() < b.second.size();
  });
  if (most == members.end()) {
    return std::nullopt;
  }
  return CommonShape{plan.experiment(most->second.front()), most->second.size()};
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
