// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/sweep_way.h"

#include "app/anchorctl/bench_fleet.h"
#include "app/anchorctl/cores.h"
#include "app/anchorctl/sweep_settings.h"
#include "app/common/file_limit.h"
#include "engine/session/open_engine.h"
#include "engine/session/run_estimate.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>

namespace anchorlens::ctl {
namespace {

/// Resident memory of a process that trains, besides its model and data: mostly LibTorch's code.
constexpr double kProcessBytes = 150e6;
/// Of what is available now; the rest is for whatever else runs.
constexpr double kShareOfMemory = 0.8;
constexpr double kTrialSeconds = 0.2;
constexpr int kUsualFleet = 32;  ///< where nothing is measured
constexpr std::size_t kMostOfAFleet = 1024;
constexpr std::size_t kFilesOfARun = 6;       ///< that a process has open for each of its fleet
constexpr std::size_t kFilesOfAProcess = 64;  ///< besides

/// MemAvailable of Linux; 0 when it cannot be read.
double availableBytes() {
  std::ifstream file("/proc/meminfo");
  double kilobytes = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("MemAvailable:", 0) == 0) {
      kilobytes = std::strtod(line.c_str() + line.find(':') + 1, nullptr);
    }
  }
  return kilobytes * 1024;
}

double bytesOfLargest(const core::StudyPlan& plan) {
  double largest = 0;
  for (const std::size_t member : firstMembers(plan)) {
    const std::int64_t bytes = engine::trainingBytes(plan.experiment(member));
    largest = std::max(largest, static_cast<double>(bytes));
  }
  return largest + kProcessBytes;
}

/// All members are of one shape or near it: the first stands for them.
std::size_t measuredJobs(std::size_t fewer, std::size_t more, const core::StudyPlan& plan) {
  const auto engine = engine::openEngine();
  if (!engine) {
    return fewer;
  }
  const core::ExperimentSpec spec = plan.experiment(0);
  const auto measure = [&](std::size_t at_once) -> std::optional<double> {
    const auto speed = benchFleet(**engine, spec, static_cast<int>(at_once), kTrialSeconds);
    return speed ? std::optional(speed->sequences_per_s) : std::nullopt;
  };
  const std::size_t faster = fasterJobs(fewer, more, measure);
  std::cerr << more << " hardware threads of " << fewer << (fewer == 1 ? " core: " : " cores: ")
            << faster << " runs at once are faster, by a trial\n";
  return faster;
}

std::size_t runsThatFilesAllow() {
  const std::size_t limit = app::fileLimit();
  return std::max<std::size_t>(1, (limit - std::min(limit, kFilesOfAProcess)) / kFilesOfARun);
}

/// On the first GPU, for the shape that most runs have.
void measureFleets(const core::StudyPlan& plan, std::size_t left, SweepWay& way) {
  const auto shape = commonestShape(plan, way.fleets.shapes);
  if (!shape || shape->spec.training.device == "cpu") {
    return;
  }
  const std::size_t places = way.fleets.at_once;
  const std::size_t most = (std::min(left, shape->runs) + places - 1) / places;
  const std::optional<int> gpu = way.gpus.empty() ? std::nullopt : std::optional(way.gpus.front());
  const FleetSize size = fleetSize(std::min({most, kMostOfAFleet, runsThatFilesAllow()}),
                                   speedInAProcess(shape->spec, gpu));
  if (size.runs == 0) {
    std::cerr << "Fleets of at most " << way.fleets.most_runs << " runs: nothing was measured.\n";
    return;
  }
  way.fleets.most_runs = size.runs;
  std::cerr << "Fleets of at most " << way.fleets.most_runs
            << " runs, by a trial (runs: sequences/s): " << size.trials << "\n";
}

}  // namespace

std::size_t fasterJobs(std::size_t fewer, std::size_t more, const MeasureSpeed& measure) {
  constexpr int kRounds = 3;
  int wins = 0;  // of `more`
  for (int round = 0; round < kRounds; ++round) {
    const auto slow = measure(fewer);
    const auto fast = slow ? measure(more) : std::nullopt;
    if (!fast) {
      return fewer;
    }
    wins += *fast > *slow ? 1 : 0;
  }
  return 2 * wins > kRounds ? more : fewer;
}

std::size_t jobsThatFit(std::size_t cores, std::size_t threads, double available_bytes,
                        double run_bytes) {
  const std::size_t by_cores = std::max<std::size_t>(1, cores / std::max<std::size_t>(1, threads));
  if (available_bytes <= 0 || run_bytes <= 0) {
    return by_cores;
  }
  const double by_memory = std::max(1.0, available_bytes * kShareOfMemory / run_bytes);
  return by_memory < static_cast<double>(by_cores) ? static_cast<std::size_t>(by_memory) : by_cores;
}

SweepWay wayOf(const SweepOptions& options, const core::StudyPlan& plan, std::size_t left) {
  const auto [cores, physical] = siblingsLast(allowedCores());
  const auto threads = static_cast<std::size_t>(mostThreads(plan));
  SweepWay way;
  const std::size_t gpus = gpusFor(plan);
  way.gpus = gpusToSpread(plan, gpus);
  way.fleets =
      fleetWayOf(plan, static_cast<std::size_t>(options.fleet.value_or(kUsualFleet)), gpus);
  // Tasks of a job array would each measure the same.
  if (!options.fleet && gpus > 0 && options.member.empty() && left > 1) {
    measureFleets(plan, left, way);
  }
  if (options.jobs) {
    way.jobs = static_cast<std::size_t>(*options.jobs);
  } else {
    const double bytes = bytesOfLargest(plan);
    way.jobs = jobsThatFit(cores.size(), threads, availableBytes(), bytes);
    const std::size_t by_cores = jobsThatFit(cores.size(), threads, 0, 0);
    if (way.jobs < std::min(by_cores, plan.members.size())) {
      std::cerr << "Memory has room for " << way.jobs << " at once, cores for " << by_cores
                << ": a run takes about " << static_cast<long>(bytes / 1e6) << " MB\n";
    }
  }
  way.jobs = std::min(way.jobs, plan.members.size());
  way.is_shared = options.shared;
  const bool takes_one_thread = threads == 1;
  if (!options.jobs && takes_one_thread && options.member.empty() && way.fleets.at_once == 0 &&
      std::min(way.jobs, left) > physical) {
    way.jobs = measuredJobs(physical, way.jobs, plan);
  }
  // With fewer runs than cores, another sweep beside this one would take the same cores.
  const bool fills_machine = way.jobs == cores.size() || way.jobs == physical;
  if (takes_one_thread && fills_machine) {
    way.cores = cores;
  }
  return way;
}

}  // namespace anchorlens::ctl
