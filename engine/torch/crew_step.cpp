// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/crew_step.h"

#include <c10/util/Exception.h>

#include <algorithm>
#include <cmath>

namespace anchorlens::engine {
namespace {

constexpr std::int64_t kNoTarget = -100;  ///< of a sequence that fills up
/// Shapes of batches that are recorded: whole ones and the last of an epoch, each with and without
/// padding.
constexpr std::size_t kMostShapes = 4;
constexpr int kPlainSteps = 2;  ///< of a shape, before it is recorded

/// Of each row, as double. rows: [run, n * kRowAlignment]; returns [run]
at::Tensor normsOf(const at::Tensor& rows) {
  const at::Tensor parts =
      at::linalg_vector_norm(rows.view({rows.size(0), -1, kRowAlignment}), 2, {2});
  return at::linalg_vector_norm(parts.to(at::kDouble), 2, {1});
}

/// Mean loss of each run; [run], as double. Writes the gradients. input: [run * batch, pos + 2]
at::Tensor lossesAndGradients(const Model& model, Parameters& parameters, const at::Tensor& input,
                              bool is_padded) {
  const at::AutoGradMode grad(true);
  const std::int64_t T = input.size(1) - 2;
  const at::Tensor targets = input.select(1, T + 1).contiguous();
  const at::Tensor logits =
      model
          .forward({input.narrow(1, 0, T).contiguous(), input.select(1, T).contiguous(), is_padded},
                   Capture::Nothing)
          .logits;
  const at::Tensor each =
      at::cross_entropy_loss(logits, targets, {}, at::Reduction::None, kNoTarget);
  const std::int64_t R = parameters.values().size(0);
  const at::Tensor counts = targets.view({R, -1}).ne(kNoTarget).sum(1);
  const at::Tensor losses = each.view({R, -1}).sum(1) / counts;
  // Each run's parameters are in its own loss alone: the sum mixes no gradients.
  parameters.differentiate(losses.sum());
  return losses.detach().to(at::kDouble);
}

}  // namespace

CrewStep::CrewStep(const Model& model, Parameters& parameters, at::Tensor gradient_rows,
                   Graphs graphs)
    : m_model(model),
      m_parameters(parameters),
      m_gradient_rows(std::move(gradient_rows)),
      m_graphs(std::move(graphs)) {}

at::Tensor CrewStep::compute(const std::vector<const TrainingBatch*>& batches) {
  Shape shape{0, batches.front()->seq_len, false};
  for (const TrainingBatch* batch : batches) {
    TORCH_CHECK(batch->seq_len == shape.seq_len, "a batch of ", batch->seq_len,
                " positions in a fleet of ", shape.seq_len);
    shape.size = std::max(shape.size, batch->size());
    shape.is_padded = shape.is_padded || batch->is_padded;
  }
  Buffers& buffers = buffersOf(shape);
  fill(buffers, batches);
  try {
    take(buffers);
  } catch (const c10::OutOfMemoryError&) {
    if (!m_graphs.recorder) {
      throw;
    }
    repeatNothing("memory has no room for them beside a step");
    computePlainly(buffers);
  }
  ++buffers.steps;
  return buffers.numbers.to(at::kCPU);  // the only wait for the device
}

CrewStep::Buffers& CrewStep::buffersOf(const Shape& shape) {
  const auto found = m_buffers.find(shape);
  if (found != m_buffers.end()) {
    return found->second;
  }
  if (m_buffers.size() < kMostShapes) {
    return m_buffers.emplace(shape, makeBuffers(shape)).first->second;
  }
  m_rare = makeBuffers(shape);
  return m_rare;
}

CrewStep::Buffers CrewStep::makeBuffers(const Shape& shape) const {
  const at::Device device = m_gradient_rows.device();
  const std::int64_t R = m_gradient_rows.size(0);
  const at::TensorOptions tokens = at::TensorOptions().dtype(at::kLong);
  Buffers buffers;
  buffers.shape = shape;
  // Pinned: the GPU fetches it while the host goes on.
  buffers.host =
      at::empty({R * shape.size, shape.seq_len + 2}, tokens.pinned_memory(device.is_cuda()));
  buffers.input =
      device.is_cpu() ? buffers.host : at::empty(buffers.host.sizes(), tokens.device(device));
  buffers.numbers = at::empty({2, R}, at::TensorOptions(device).dtype(at::kDouble));
  return buffers;
}

/// A copy to the device is over when the step's numbers are here: before this is written again.
void CrewStep::fill(Buffers& buffers, const std::vector<const TrainingBatch*>& batches) {
  const std::int64_t T = buffers.shape.seq_len;
  auto* row = buffers.host.data_ptr<std::int64_t>();
  for (const TrainingBatch* batch : batches) {
    for (std::int64_t i = 0; i < buffers.shape.size; ++i, row += T + 2) {
      const bool is_there = i < batch->size();
      if (is_there) {
        std::copy_n(batch->tokens.data() + i * T, T, row);
      } else {
        std::fill_n(row, T, 0);
      }
      row[T] = is_there ? batch->readers[static_cast<std::size_t>(i)] : T - 1;
      row[T + 1] = is_there ? batch->targets[static_cast<std::size_t>(i)] : kNoTarget;
    }
  }
  if (!buffers.input.is_same(buffers.host)) {
    buffers.input.copy_(buffers.host, /*non_blocking=*/true);
  }
}

void CrewStep::take(Buffers& buffers) {
  if (!m_graphs.recorder) {
    m_way = m_graphs.why_none.empty() ? "" : "without CUDA graphs: " + m_graphs.why_none;
    computePlainly(buffers);
  } else if (&buffers == &m_rare) {
    m_way = "without CUDA graphs: more than " + std::to_string(kMostShapes) + " shapes of batches";
    computePlainly(buffers);
  } else if (buffers.steps < kPlainSteps) {
    m_way = "without CUDA graphs: this is one of its first steps";
    computePlainly(buffers);
  } else if (!buffers.recording) {
    record(buffers);
  } else if (buffers.steps == kPlainSteps + 1) {
    verify(buffers);
  } else {
    m_way = "as a CUDA graph";
    buffers.recording->repeat();
  }
}

/// What is recorded: nothing here waits for the device or depends on what is in host memory.
void CrewStep::computePlainly(Buffers& buffers) {
  const at::NoGradGuard no_grad;
  const at::Tensor losses =
      lossesAndGradients(m_model, m_parameters, buffers.input, buffers.shape.is_padded);
  at::stack_out(buffers.numbers, {losses, normsOf(m_gradient_rows)});
}

void CrewStep::record(Buffers& buffers) {
  try {
    buffers.recording =
        m_graphs.recorder->record([this, &buffers] { computePlainly(buffers); },
                                  {buffers.input, buffers.numbers, m_parameters.values(),
                                   m_parameters.gradients(), m_gradient_rows});
  } catch (const c10::Error& error) {
    repeatNothing(error.what_without_backtrace());
  }
  computePlainly(buffers);
}

void CrewStep::verify(Buffers& buffers) {
  buffers.recording->repeat();
  const at::Tensor repeated = buffers.numbers.to(at::kCPU, /*non_blocking=*/false, /*copy=*/true);
  computePlainly(buffers);
  const at::Tensor expected = buffers.numbers.to(at::kCPU);
  if (!at::allclose(repeated, expected, /*rtol=*/0, /*atol=*/0, /*equal_nan=*/true)) {
    repeatNothing("a repeated step had other numbers than the same step computed plainly");
  }
}

void CrewStep::repeatNothing(const std::string& why) {
  m_graphs = {nullptr, why};
  for (auto& [shape, buffers] : m_buffers) {
    buffers.recording.reset();
  }
  m_way = "without CUDA graphs: " + why;
}

}  // namespace anchorlens::engine
