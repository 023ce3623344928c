// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment.h"
#include "engine/core/random.h"
#include "engine/core/task/mixture.h"
#include "engine/core/task/task.h"
#include "engine/torch/model.h"
#include "engine/torch/training_batch.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace anchorlens::engine {

/// Sequences first .. first + count - 1 of a set as tensors, cut to `set.seq_len` columns.
Batch makeBatch(const core::SequenceSet& set, std::size_t first, std::size_t count,
                at::Device device);

/// The batches of a training run in their order: shuffled epochs over fixed data, or fresh draws.
/// The order depends on the seeds, the number of steps done and the mixture only.
class Batches {
 public:
  Batches(const core::ExperimentSpec& spec, core::Task task,
          std::shared_ptr<const core::SequenceSet> train);

  std::int64_t stepsPerEpoch() const;
  /// Valid until the next call; allocates nothing after the first.
  const TrainingBatch& next();

  /// Other weights of the task's forms from the next batch on; empty: the experiment's. Fixed data
  /// keeps its sequences and visits them in core::mixedOrder. Why that cannot be; then nothing is
  /// changed.
  std::optional<std::string> setMixture(const std::vector<double>& weights);

  /// Where the batches stand.
  struct Place {
    std::int64_t epoch = 0;
    core::Random epoch_start;
    core::Random answers;
    core::Random stream;
    std::size_t position = 0;
  };
  Place place() const { return {m_epoch, m_epoch_start, m_answers, m_stream, m_position}; }
  /// Back over a batch whose step was not taken: the next one is drawn again.
  void goBack(const Place& place);

  /// Generator states, for a checkpoint: keys rng.shuffle (at the epoch's beginning),
  /// rng.answers, rng.stream.
  std::map<std::string, std::string> state() const;
  /// Goes on after `steps_done` steps. False (and unchanged) when a state is missing or no state.
  bool restore(const std::map<std::string, std::string>& state, std::int64_t steps_done);

 private:
  void orderEpoch();
  void nextOfEpoch();
  void nextOfStream();

  core::Task m_task;
  std::shared_ptr<const core::SequenceSet> m_train;
  std::size_t m_batch_size;
  std::int64_t m_n_train;
  bool m_is_streaming;
  bool m_is_stochastic;
  std::uint64_t m_seed;
  std::vector<double> m_weights;               ///< of the mixture; empty: the experiment's
  std::optional<core::TaskMixture> m_mixture;  ///< the same, of the stream

  std::int64_t m_epoch = 0;  ///< that is visited
  core::Random m_shuffle;
  core::Random m_epoch_start;  ///< m_shuffle before this epoch was shuffled
  core::Random m_answers;
  core::Random m_stream;
  std::vector<std::uint32_t> m_order;  ///< of this epoch
  std::size_t m_position = 0;          ///< in m_order
  core::SequenceSet m_fresh;           ///< of the stream
  TrainingBatch m_batch;
};

}  // namespace anchorlens::engine
