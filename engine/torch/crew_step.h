// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/torch/graph_recorder.h"
#include "engine/torch/model.h"
#include "engine/torch/training_batch.h"

#include <compare>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace anchorlens::engine {

/// Rows of a fleet's buffers begin at multiples of it, for wide loads; norms are summed up in parts
/// of it.
constexpr std::int64_t kRowAlignment = 1024;

/// Losses and gradients of several runs at once. Their batches are copied to where they always are,
/// and what comes out has its place as well: what is between can be recorded, once for each shape
/// of batches, and repeated. That begins after some steps; the first repetition is held against the
/// same step computed plainly, and where they differ in a bit nothing is repeated.
class CrewStep {
 public:
  /// Model and parameters, [run, ..], stay where they are and outlive it. gradient_rows: what the
  /// parameters' gradients are a part of, [run, n * kRowAlignment]
  CrewStep(const Model& model, Parameters& parameters, at::Tensor gradient_rows, Graphs graphs);

  /// Writes each run's gradient to its row. Returns mean losses and Euclidean norms of the
  /// gradients, in host memory. Shape: [2, run], double
  at::Tensor compute(const std::vector<const TrainingBatch*>& batches);

  /// Whether the last step was repeated, and why not; empty on the CPU.
  const std::string& way() const { return m_way; }

 private:
  /// Of the runs' batches, one after the other, all filled up to the largest.
  struct Shape {
    std::int64_t size = 0;
    std::int64_t seq_len = 0;
    bool is_padded = false;
    auto operator<=>(const Shape&) const = default;
  };
  /// What stays in its place.
  struct Buffers {
    Shape shape;
    at::Tensor host;     ///< [run * batch, pos + 2]: tokens, reader and target of each sequence
    at::Tensor input;    ///< the same on the device
    at::Tensor numbers;  ///< [2, run], double
    int steps = 0;
    std::unique_ptr<Recording> recording;
  };

  Buffers& buffersOf(const Shape& shape);
  Buffers makeBuffers(const Shape& shape) const;
  static void fill(Buffers& buffers, const std::vector<const TrainingBatch*>& batches);
  void take(Buffers& buffers);
  void computePlainly(Buffers& buffers);
  void record(Buffers& buffers);
  void verify(Buffers& buffers);
  void repeatNothing(const std::string& why);

  const Model& m_model;
  Parameters& m_parameters;
  at::Tensor m_gradient_rows;
  Graphs m_graphs;
  std::map<Shape, Buffers> m_buffers;
  Buffers m_rare;  ///< of a shape beyond those that are kept
  std::string m_way;
};

}  // namespace anchorlens::engine
