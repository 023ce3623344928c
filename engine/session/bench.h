// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/session.h"

#include <memory>
#include <string>

/// How fast a shape trains on this machine.
namespace anchorlens::engine {

struct BenchResult {
  std::string path;         ///< the kernel that computed
  std::string path_detail;  ///< Trainer::kernelDetail() after the last step
  std::string device;
  double ms_per_step = 0;  ///< median of whole steps: data, forward, backward, clip, optimiser
  double sequences_per_s = 0;
  double gflop_per_step = 0;    ///< core::flopPerStep()
  double gemm_peak_gflops = 0;  ///< of a large square product on this device and threads
  double sampler_per_s = 0;     ///< training sequences drawn a second, on one core
  bool same_bits = false;       ///< two trainings of 20 steps ended with equal weights
  double evaluation_ms = 0;
  double frame_ms = 0;
  double snapshot_ms = 0;  ///< copying the weights and moments of a checkpoint

  /// Share of the peak at which the reference's operations would run. The fast path leaves some of
  /// them out, so this may exceed what its products reach.
  double shareOfPeak() const { return gflop_per_step / ms_per_step * 1e3 / gemm_peak_gflops; }
};

/// Trains `spec` for about `seconds` after a warm-up of a quarter of that, and unless `steps_only`
/// measures the rest once. At most 4096 training sequences are drawn. One thread.
Result<BenchResult> benchShape(EngineModule& engine, const core::ExperimentSpec& spec,
                               double seconds, bool steps_only);

/// A trainer over at most 4096 training sequences.
Result<std::unique_ptr<Trainer>> benchTrainer(EngineModule& engine,
                                              const core::ExperimentSpec& spec);

/// Evaluations, frames and checkpoints at the experiment's schedule, as a share of the time that
/// its steps take.
double recordShare(const BenchResult& result, const core::ExperimentSpec& spec);

}  // namespace anchorlens::engine
