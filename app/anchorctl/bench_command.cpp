// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/bench_fleet.h"
#include "app/anchorctl/command.h"
#include "app/anchorctl/experiment_input.h"
#include "app/anchorctl/report.h"
#include "engine/core/experiment/choices.h"
#include "engine/core/experiment_json.h"
#include "engine/session/bench.h"

#include <nlohmann/json.hpp>

#include <iostream>
#include <memory>

namespace anchorlens::ctl {
namespace {

struct Options {
  std::string shape = "demo";
  std::string precision;
  std::string kernel;
  std::optional<int> threads;
  int fleet = 1;
  double seconds = 5;
  bool steps_only = false;
  bool json = false;
  std::vector<std::string> assignments;
};

/// "paper" and "demo" are presets; everything else is a file.
std::optional<core::ExperimentSpec> specOf(const Options& options) {
  Changes changes{options.assignments, {}, options.threads};
  if (!options.precision.empty()) {
    changes.assignments.push_back("/training/precision=\"" + options.precision + "\"");
  }
  if (!options.kernel.empty()) {
    changes.assignments.push_back("/training/kernel=\"" + options.kernel + "\"");
  }
  if (options.shape != "paper" && options.shape != "demo") {
    return readInput(options.shape, changes);
  }
  const auto spec =
      withChanges(core::preset(options.shape == "paper" ? "identity" : "demo"), changes);
  return spec && isRight(*spec, options.shape) ? spec : std::nullopt;
}

nlohmann::ordered_json stepsJson(const Options& options, const core::ExperimentSpec& spec,
                                 const engine::BenchResult& result) {
  return {{"shape", options.shape},
          {"device", result.device},
          {"precision", core::choiceName(core::kPrecisions, spec.training.precision)},
          {"threads", spec.training.threads},
          {"fleet", options.fleet},
          {"ms_per_step", jsonNumber(result.ms_per_step)},
          {"sequences_per_s", jsonNumber(result.sequences_per_s)},
          {"gflop_per_step", jsonNumber(result.gflop_per_step)},
          {"path", result.path},
          {"path_detail", result.path_detail}};
}

void printAsJson(const Options& options, const core::ExperimentSpec& spec,
                 const engine::BenchResult& result) {
  nlohmann::ordered_json json = stepsJson(options, spec, result);
  if (!options.steps_only) {
    json["gemm_peak_gflops"] = jsonNumber(result.gemm_peak_gflops);
    json["share_of_peak"] = jsonNumber(result.shareOfPeak());
    json["same_bits"] = result.same_bits;
    json["sampler_per_s"] = jsonNumber(result.sampler_per_s);
    json["evaluation_ms"] = jsonNumber(result.evaluation_ms);
    json["frame_ms"] = jsonNumber(result.frame_ms);
    json["snapshot_ms"] = jsonNumber(result.snapshot_ms);
    json["record_share"] = jsonNumber(engine::recordShare(result, spec));
  }
  printJson(json);
}

void printAsText(const Options& options, const core::ExperimentSpec& spec,
                 const engine::BenchResult& result) {
  const auto json = stepsJson(options, spec, result);
  std::cout << options.shape << " on " << result.device << ", "
            << json["precision"].get<std::string>() << ", " << spec.training.threads << " thread"
            << (spec.training.threads == 1 ? "" : "s") << ", fleet of " << options.fleet
            << ", kernel " << result.path << (result.path_detail.empty() ? "" : ", ")
            << result.path_detail << "\n"
            << "step        " << fixed(result.ms_per_step, 3) << " ms, "
            << withSpaces(static_cast<std::int64_t>(result.sequences_per_s)) << " sequences/s\n";
  if (options.steps_only) {
    return;
  }
  std::cout << "products    " << fixed(result.gflop_per_step, 3)
            << " GFLOP a step if none is left out, as fast as at "
            << fixed(100 * result.shareOfPeak(), 0) << " % of this machine's "
            << fixed(result.gemm_peak_gflops, 0) << " GFLOP/s in float32\n"
            << "recording   " << fixed(result.evaluation_ms, 1) << " ms an evaluation, "
            << fixed(result.frame_ms, 1) << " ms a frame, " << fixed(result.snapshot_ms, 1)
            << " ms a checkpoint's copy; " << fixed(100 * engine::recordShare(result, spec), 1)
            << " % of training at this schedule\n"
            << "sampler     " << fixed(result.sampler_per_s / 1e6, 1) << " million sequences/s\n"
            << "repeatable  " << (result.same_bits ? "yes" : "NO") << ": 20 steps twice, "
            << (result.same_bits ? "same bits" : "different bits") << "\n";
}

/// The steps, of one run or of a fleet, and on request everything else.
engine::Result<engine::BenchResult> measure(engine::EngineModule& engine, const Options& options,
                                            const core::ExperimentSpec& spec) {
  auto result = engine::benchShape(engine, spec, options.seconds, options.steps_only);
  if (!result || options.fleet == 1) {
    return result;
  }
  const auto bench = result->path == "fleet" ? benchTogether : benchFleet;
  const auto fleet = bench(engine, spec, options.fleet, options.seconds);
  if (!fleet) {
    return core::Unexpected(fleet.error());
  }
  result->ms_per_step = fleet->ms_per_step;
  result->sequences_per_s = fleet->sequences_per_s;
  result->path_detail = fleet->path_detail;
  return result;
}

int runBench(const Options& options) {
  const auto spec = specOf(options);
  if (!spec) {
    return kBadInput;
  }
  if (!canTrainHere(*spec, options.shape)) {
    return kBadInput;
  }
  const bool is_a_core_each = options.fleet > 1 && spec->training.kernel != "fleet";
  if (is_a_core_each && spec->training.threads > 1) {
    printError("anchorctl bench", "runs at once have one core each: --fleet needs 1 thread, not " +
                                      std::to_string(spec->training.threads));
    return kBadInput;
  }
  const auto opened = engine::openEngine();
  if (!opened) {
    printError("anchorctl bench", opened.error().message);
    return kFailed;
  }
  const auto result = measure(**opened, options, *spec);
  if (!result) {
    printError("anchorctl bench", result.error().message);
    return kFailed;
  }
  if (options.json) {
    printAsJson(options, *spec, *result);
  } else {
    printAsText(options, *spec, *result);
  }
  return kDone;
}

}  // namespace

void addBench(CLI::App& program, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* command = addCommand(program, "bench", "How fast a shape trains on this machine",
                                 "anchorctl bench --shape paper --seconds 10");
  command->add_option("--shape", options->shape, "paper, demo, or an experiment file")
      ->capture_default_str();
  command->add_option("--precision", options->precision, "float32, bfloat16 or tf32")
      ->check(CLI::IsMember({"float32", "bfloat16", "tf32"}));
  command->add_option("--kernel", options->kernel, "auto, fast, fleet or autograd");
  command->add_option("--threads", options->threads, "Threads inside a step")
      ->transform(decimal(1, 1024));
  command
      ->add_option("--fleet", options->fleet, "Runs at once: one core each; on a GPU in one fleet")
      ->capture_default_str()
      ->transform(decimal(1, 4096));
  command->add_option("--seconds", options->seconds, "How long steps are measured")
      ->capture_default_str()
      ->check(CLI::Range(0.1, 3600.0));
  command->add_flag("--steps-only", options->steps_only,
                    "Leave out the peak, recording, sampler and the comparison of bits");
  addSet(*command, options->assignments);
  addJson(*command, options->json);
  command->callback([options, &action] { action = [options] { return runBench(*options); }; });
}

}  // namespace anchorlens::ctl
