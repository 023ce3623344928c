// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/bench_fleet.h"

#include "app/anchorctl/cores.h"
#include "app/anchorctl/seat_engine.h"
#include "engine/session/bench.h"

#include <algorithm>
#include <atomic>
#include <barrier>
#include <chrono>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace anchorlens::ctl {
namespace {

using Clock = std::chrono::steady_clock;

/// Of a fleet on a GPU, before anything is timed: it is recorded meanwhile, which takes as long as
/// many steps.
constexpr int kFirstSteps = 6;

/// What the threads share.
class Race {
 public:
  Race(engine::EngineModule& engine, const core::ExperimentSpec& spec, double seconds, int threads,
       int first_steps)
      : m_engine(engine),
        m_spec(spec),
        m_seconds(seconds),
        m_first_steps(first_steps),
        m_start(threads) {}

  /// Trains runs first, first + stride, ... below `members` in turns.
  void run(int first, int stride, int members) {
    Trainers trainers;
    for (int member = first; member < members; member += stride) {
      core::ExperimentSpec spec = m_spec;
      spec.training.seed += static_cast<std::uint64_t>(member);
      auto trainer = engine::benchTrainer(m_engine, spec);
      if (!trainer) {
        fail(trainer.error());
        break;
      }
      trainers.push_back(std::move(*trainer));
    }
    m_start.arrive_and_wait();  // all are there
    for (int i = 0; i < m_first_steps && takeStepOfEach(trainers, Clock::time_point::max()); ++i) {
    }
    m_start.arrive_and_wait();
    const auto start = Clock::now();
    const auto warm = start + asClock(m_seconds / 4);
    const auto end = start + asClock(m_seconds * 1.25);
    while (Clock::now() < end && takeStepOfEach(trainers, warm)) {
    }
    note(trainers);
  }

  engine::Result<FleetSpeed> result(int members) const {
    if (m_error) {
      return core::Unexpected(*m_error);
    }
    const double steps = static_cast<double>(m_steps);
    FleetSpeed speed;
    speed.sequences_per_s = steps * m_spec.training.batch_size / m_seconds;
    speed.ms_per_step = m_seconds * 1e3 * members / steps;
    speed.path_detail = m_path_detail;
    return speed;
  }

 private:
  using Trainers = std::vector<std::unique_ptr<engine::Trainer>>;

  static Clock::duration asClock(double seconds) {
    return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  }

  /// Those that end at `warm` or later count. False when nothing more can be measured.
  bool takeStepOfEach(const Trainers& trainers, Clock::time_point warm) {
    for (const auto& trainer : trainers) {
      if (hasFailed()) {
        return false;
      }
      if (const auto step = trainer->trainStep(); !step) {
        fail(step.error());
        return false;
      }
      m_steps += Clock::now() >= warm ? 1 : 0;
    }
    return !trainers.empty();
  }

  /// How the runs were computed while all of them were there: as the first to end knows.
  void note(const Trainers& trainers) {
    const std::lock_guard lock(m_mutex);
    if (!m_is_noted && !trainers.empty()) {
      m_path_detail = trainers.front()->kernelDetail();
      m_is_noted = true;
    }
  }
  void fail(const engine::EngineError& error) {
    const std::lock_guard lock(m_mutex);
    m_error = error;
  }
  bool hasFailed() {
    const std::lock_guard lock(m_mutex);
    return m_error.has_value();
  }

  engine::EngineModule& m_engine;
  const core::ExperimentSpec& m_spec;
  double m_seconds;
  int m_first_steps;
  std::barrier<> m_start;
  std::atomic<std::int64_t> m_steps{0};
  std::mutex m_mutex;
  std::optional<engine::EngineError> m_error;
  std::string m_path_detail;
  bool m_is_noted = false;
};

}  // namespace

engine::Result<FleetSpeed> benchFleet(engine::EngineModule& engine,
                                      const core::ExperimentSpec& spec, int members,
                                      double seconds) {
  const std::vector<int> cores = siblingsLast(allowedCores()).cores;
  const int threads = std::min(members, static_cast<int>(cores.size()));
  Race race(engine, spec, seconds, threads, 0);
  {
    std::vector<std::jthread> workers;
    for (int i = 0; i < threads; ++i) {
      workers.emplace_back([&race, &cores, i, threads, members] {
        pinTo(cores[static_cast<std::size_t>(i)]);
        race.run(i, threads, members);
      });
    }
  }
  return race.result(members);
}

engine::Result<FleetSpeed> benchTogether(engine::EngineModule& engine,
                                         const core::ExperimentSpec& spec, int members,
                                         double seconds) {
  const auto fleet = engine.createFleet(spec, members);
  if (!fleet) {
    return core::Unexpected(fleet.error());
  }
  SeatEngine seats(engine, **fleet);
  Race race(seats, spec, seconds, members, kFirstSteps);
  {
    std::vector<std::jthread> workers;
    for (int i = 0; i < members; ++i) {
      workers.emplace_back([&race, i, members] { race.run(i, members, members); });
    }
  }
  return race.result(members);
}

}  // namespace anchorlens::ctl
