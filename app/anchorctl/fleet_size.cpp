// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/fleet_size.h"

#include "app/anchorctl/child_process.h"
#include "app/anchorctl/command.h"
#include "app/anchorctl/report.h"
#include "engine/core/experiment_json.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <thread>

namespace anchorlens::ctl {
namespace {

constexpr double kLeastGain = 1.05;

}  // namespace

FleetSize fleetSize(std::size_t most, const MeasureSpeed& measure) {
  FleetSize size;
  double best = 0;
  for (std::size_t runs = 1; size.runs < most;) {
    const auto speed = measure(runs);
    size.trials += (size.trials.empty() ? "" : ", ") + std::to_string(runs) + ": ";
    if (!speed) {
      size.trials += "no room";
      break;
    }
    size.trials += withSpaces(static_cast<std::int64_t>(*speed));
    if (*speed < best * kLeastGain) {
      break;
    }
    best = *speed;
    size.runs = runs;
    runs = std::min(2 * runs, most);
  }
  return size;
}

std::optional<double> speedIn(const std::string& printed) {
  const std::size_t begin = printed.find('{');
  const std::size_t end = printed.rfind('}');
  if (begin == std::string::npos || end == std::string::npos || end < begin) {
    return std::nullopt;
  }
  const auto json = nlohmann::json::parse(printed.substr(begin, end + 1 - begin), nullptr,
                                          /*allow_exceptions=*/false);
  const auto speed = json.find("sequences_per_s");
  return speed != json.end() && speed->is_number() ? std::optional(speed->get<double>())
                                                   : std::nullopt;
}

MeasureSpeed speedInAProcess(const core::ExperimentSpec& spec, std::optional<int> gpu) {
  return [experiment = core::writeExperiment(spec),
          gpu](std::size_t at_once) -> std::optional<double> {
    auto process =
        ChildProcess::start({"bench", "--shape", "/dev/stdin", "--fleet", std::to_string(at_once),
                             "--steps-only", "--json", "--seconds", "1"},
                            experiment, std::nullopt, gpu, ChildProcess::Keep::Output);
    if (!process) {
      return std::nullopt;
    }
    auto end = process->poll();
    for (; !end; end = process->poll()) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    if (end->code != kDone) {
      std::cerr << "A trial of " << at_once << " runs together failed: " << process->lastWords()
                << "\n";
      return std::nullopt;
    }
    return speedIn(process->said());
  };
}

}  // namespace anchorlens::ctl
