// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/expected.h"
#include "engine/core/experiment.h"
#include "engine/core/frame.h"
#include "engine/core/store/checkpoint.h"
#include "engine/core/task/sequence_set.h"
#include "engine/core/task/task.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// The only door to the training engine; no Torch type passes it. The engine is a module
/// (libanchorlens_engine.so) that openEngine() opens when something is to be computed: loading
/// LibTorch takes 0.2 to 0.4 s, so nothing else waits for it.
namespace anchorlens::core {
struct InEffect;  // engine/core/intervention.h
}

namespace anchorlens::engine {

/// Why something could not be computed.
struct EngineError {
  /// Numbers: a loss or gradient that is not finite; the same again whoever tries. Storage: a run's
  /// files could not be written. Memory: there was too little of it, here and now. Other: what was
  /// asked for, mostly.
  enum class Cause { Other, Numbers, Storage, Memory };
  std::string message;  ///< one sentence for people
  std::string detail;   ///< the library's own text, for the log; may be empty
  Cause cause = Cause::Other;
};
template <typename T>
using Result = core::Expected<T, EngineError>;

struct DeviceInfo {
  std::string id;    ///< "cpu", "cuda:0"
  std::string name;  ///< "AMD EPYC", "NVIDIA H200"
};

struct EngineInfo {
  std::string torch_version;
  std::string cpu_capability;       ///< "AVX512", ...
  std::vector<DeviceInfo> devices;  ///< what can be computed on; the CPU first
  std::string cuda_reason;          ///< why there is no CUDA device; empty when there is one
};

/// Everything that a trainer needs; it draws nothing but initial weights, shuffles and, with
/// streaming data or stochastic answers, training sequences.
struct TrainerInput {
  core::ExperimentSpec spec;
  core::Task task;
  std::shared_ptr<const core::SequenceSet> train;  ///< fixed data; ignored for streaming
};

/// Attention patterns, predictions and losses of a set of sequences, in evaluation mode.
struct ForwardOutput {
  core::PatternBatch patterns;                ///< n = 0 for models without heads
  std::vector<core::Prediction> predictions;  ///< [n]
  std::vector<float> losses;                  ///< [n]: cross-entropy against the true distribution
  std::vector<std::uint8_t> correct;          ///< [n]: arg-max is the most probable answer
};

struct InspectRequest;  // engine/inspect.h
struct InspectOutput;

/// One model in training. Starts no threads; belongs to one thread at a time.
class Trainer {
 public:
  virtual ~Trainer() = default;
  virtual std::int64_t step() const = 0;  ///< optimiser steps done
  virtual std::int64_t stepsPerEpoch() const = 0;
  virtual std::int64_t totalSteps() const = 0;  ///< of the experiment
  virtual std::int64_t parameterCount() const = 0;
  virtual const std::string& kernel() const = 0;  ///< the path that computes, for provenance
  /// How it does, where a path has several ways, and why not in the fastest; empty: in the only
  /// one.
  virtual std::string kernelDetail() const { return {}; }
  virtual const std::string& device() const = 0;

  /// What holds from now on, in training and in everything that is measured, in the place of what
  /// held before. An error changes nothing. kernel() may be another one afterwards.
  virtual Result<void> setInEffect(const core::InEffect& now);

  /// One optimiser step. A non-finite loss or gradient is an error: the step is not taken and the
  /// weights stay what they were.
  virtual Result<core::StepMetrics> trainStep() = 0;

  /// Accuracy and loss by group (index into Task::groups()); only groups that occur.
  virtual Result<std::vector<core::GroupMetrics>> evaluate(const core::SequenceSet& sequences) = 0;

  /// With patterns of every sequence when asked for.
  virtual Result<ForwardOutput> forward(const core::SequenceSet& sequences, bool with_patterns) = 0;

  /// Logits at the reader. Shape: [n, d_vocab].
  virtual Result<std::vector<float>> logits(const core::SequenceSet& sequences) = 0;

  /// Looks into the model, and changes what it computes while looking: engine/inspect.h. Leaves the
  /// model as it is. Models without heads give logits and answers; anything else is an error.
  virtual Result<InspectOutput> inspect(const core::SequenceSet& sequences,
                                        const InspectRequest& request) = 0;

  /// Weights, and with the optimiser its moments; metadata: step, epoch, generator states.
  virtual Result<core::Checkpoint> snapshot(bool with_optimizer) = 0;
  /// All or nothing: names, types and shapes are checked both ways before anything is loaded.
  /// Without optimiser state in the checkpoint only the weights are taken (evaluation).
  virtual Result<void> restore(const core::Checkpoint& checkpoint) = 0;
  /// What restore expects.
  virtual std::vector<core::TensorShape> tensorShapes(bool with_optimizer) const = 0;
};

/// Runs of equal shape whose tensors share a leading run axis, so that a GPU computes a step of all
/// of them at once. Each is a Trainer that belongs to a thread of its own: trainStep() waits until
/// every other one has called it too, and one of them computes for all. A trainer that failed, that
/// is at its last step, or that is destroyed is not waited for; one that is only kept would make
/// the others wait for ever. One that fails does not harm the others.
class TrainerFleet {
 public:
  virtual ~TrainerFleet() = default;
  /// Takes a seat; from now on the others wait for it. Thread safe. Trainers may outlive this.
  virtual Result<std::unique_ptr<Trainer>> createTrainer(TrainerInput input) = 0;
};

/// The opened module.
class EngineModule {
 public:
  virtual ~EngineModule() = default;
  virtual const EngineInfo& info() const = 0;
  virtual Result<std::unique_ptr<Trainer>> createTrainer(TrainerInput input) = 0;
  /// Room for `seats` runs of the shape of `spec` (core::shapeDifference), on its device. An error
  /// where such runs can be trained alone only.
  virtual Result<std::unique_ptr<TrainerFleet>> createFleet(const core::ExperimentSpec& spec,
                                                            int seats);
  /// GFLOP/s of a product of two 1024 x 1024 float32 matrices, the best of some: what a step is
  /// measured against. `device` is one of info().
  virtual Result<double> gemmPeak(const std::string& device, int threads) = 0;
};

/// Opens the module once; later calls return the same one. Thread safe; never closes it.
Result<EngineModule*> openEngine();

/// Whether an NVIDIA driver is there, without opening anything of Torch; else why not.
std::optional<std::string> whyNoCuda();

/// Parameters of a model, without the engine.
std::int64_t countParameters(const core::ModelSpec& model, int d_vocab, int seq_len);

}  // namespace anchorlens::engine
