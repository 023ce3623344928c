// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/fleet.h"

#include "engine/core/experiment/run_shape.h"
#include "engine/torch/cuda_products.h"

#include <algorithm>

namespace anchorlens::engine {
namespace {

/// Rows begin at multiples of it, for wide loads; norms are summed up in parts of it.
constexpr std::int64_t kAlignment = 1024;
constexpr std::int64_t kNoTarget = -100;  ///< of a sequence that fills up

at::Tensor makeRows(std::int64_t runs, std::int64_t count, at::Device device) {
  const std::int64_t stride = (count + kAlignment - 1) / kAlignment * kAlignment;
  return at::zeros({runs, stride}, at::TensorOptions(device).dtype(at::kFloat));
}

/// As Parameters takes them: without what aligns.
Parameters parametersOver(const std::vector<ParameterInfo>& infos, const at::Tensor& values,
                          const at::Tensor& gradients) {
  const std::int64_t count = infos.back().offset + infos.back().count;
  return {infos, values.narrow(-1, 0, count), gradients.narrow(-1, 0, count)};
}

/// The batches of a step, one after the other, all filled up to the largest.
struct JoinedBatch {
  Batch batch;         ///< [run * batch, pos]
  at::Tensor targets;  ///< [run * batch]; kNoTarget where it is filled up
  at::Tensor shares;   ///< [run]: 1 / size of each batch
};

JoinedBatch joined(const std::vector<const TrainingBatch*>& parts, at::Device device) {
  std::int64_t size = 0;
  bool is_padded = false;
  for (const TrainingBatch* part : parts) {
    size = std::max(size, part->size());
    is_padded = is_padded || part->is_padded;
  }
  const auto R = static_cast<std::int64_t>(parts.size());
  const std::int64_t T = parts.front()->seq_len;
  // One copy to the device: tokens, reader and target of each sequence.
  at::Tensor host = at::zeros({R * size, T + 2}, at::kLong);
  at::Tensor shares = at::empty({R}, at::kFloat);
  auto* row = host.data_ptr<std::int64_t>();
  for (std::int64_t run = 0; run < R; ++run) {
    const TrainingBatch& part = *parts[static_cast<std::size_t>(run)];
    TORCH_CHECK(part.seq_len == T, "a batch of ", part.seq_len, " positions in a fleet of ", T);
    shares.data_ptr<float>()[run] = 1.0F / static_cast<float>(part.size());
    for (std::int64_t i = 0; i < size; ++i, row += T + 2) {
      const bool is_there = i < part.size();
      if (is_there) {
        std::copy_n(part.tokens.data() + i * T, T, row);
      }
      row[T] = is_there ? part.readers[static_cast<std::size_t>(i)] : T - 1;
      row[T + 1] = is_there ? part.targets[static_cast<std::size_t>(i)] : kNoTarget;
    }
  }
  const at::Tensor all = host.to(device);
  return {Batch{all.narrow(1, 0, T).contiguous(), all.select(1, T).contiguous(), is_padded},
          all.select(1, T + 1).contiguous(), shares.to(device)};
}

/// Of each row, as double. rows: [run, n * kAlignment]; returns [run]
at::Tensor normsOf(const at::Tensor& rows) {
  const at::Tensor parts =
      at::linalg_vector_norm(rows.view({rows.size(0), -1, kAlignment}), 2, {2});
  return at::linalg_vector_norm(parts.to(at::kDouble), 2, {1});
}

/// Writes each run's gradient to its own parameters'. Returns [run], as double: the mean loss of
/// each.
at::Tensor lossesAndGradients(const Model& model, Parameters& parameters,
                              const JoinedBatch& joined) {
  const at::AutoGradMode grad(true);
  const at::Tensor logits = model.forward(joined.batch, Capture::Nothing).logits;
  const at::Tensor each =
      at::cross_entropy_loss(logits, joined.targets, {}, at::Reduction::None, kNoTarget);
  const at::Tensor losses = each.view({joined.shares.size(0), -1}).sum(1) * joined.shares;
  // Each run's parameters are in its own loss alone: the sum mixes no gradients.
  parameters.differentiate(losses.sum());
  return losses.detach().to(at::kDouble);
}

}  // namespace

Fleet::Fleet(const core::ExperimentSpec& shape, int seats, at::Device device)
    : m_shape(shape),
      m_infos(listParameters(shape.model, shape.task.d_vocab, 0)),
      m_seats(static_cast<std::size_t>(seats)) {
  const std::string reason = core::whyNoFleet(shape);
  TORCH_CHECK(reason.empty(), "Kernel 'fleet' cannot train this: ", reason, ".");
  TORCH_CHECK(seats > 0, "a fleet of ", seats, " runs: expected at least 1");
  const std::int64_t count = m_infos.back().offset + m_infos.back().count;
  m_values = makeRows(seats, count, device);
  m_gradients = makeRows(seats, count, device);
}

int Fleet::takeSeat(const core::ExperimentSpec& spec) {
  const std::string reason = core::whyNoFleet(spec);
  TORCH_CHECK(reason.empty(), "Kernel 'fleet' cannot train this: ", reason, ".");
  const std::string difference = core::shapeDifference(m_shape, spec);
  TORCH_CHECK(difference.empty(), "A fleet trains runs of equal shape, and this one has another ",
              difference, ".");
  const std::lock_guard lock(m_mutex);
  const auto free =
      std::find_if(m_seats.begin(), m_seats.end(), [](const Seat& seat) { return !seat.is_taken; });
  TORCH_CHECK(free != m_seats.end(), "All ", m_seats.size(), " seats of the fleet are taken.");
  free->is_taken = true;
  return static_cast<int>(free - m_seats.begin());
}

void Fleet::leaveSeat(int row) {
  const std::lock_guard lock(m_mutex);
  m_seats[static_cast<std::size_t>(row)] = Seat{};
  m_changed.notify_all();  // the others may be complete now
}

void Fleet::rest(int row) {
  const std::lock_guard lock(m_mutex);
  m_seats[static_cast<std::size_t>(row)].rests = true;
  m_changed.notify_all();
}

Parameters Fleet::parametersOf(int row) const {
  return parametersOver(m_infos, m_values[row], m_gradients[row]);
}

Fleet::Step Fleet::step(int row, const TrainingBatch& batch) {
  std::unique_lock lock(m_mutex);
  Seat& seat = m_seats[static_cast<std::size_t>(row)];
  seat.batch = &batch;
  seat.rests = false;
  const std::uint64_t round = m_round;
  if (isComplete()) {
    computeRound();
  } else {
    m_changed.wait(lock, [&] { return m_round != round || isComplete(); });
    if (m_round == round) {  // somebody left, and nobody else would begin
      computeRound();
    }
  }
  if (seat.error) {
    std::rethrow_exception(seat.error);
  }
  return seat.step;
}

bool Fleet::isComplete() const {
  return std::all_of(m_seats.begin(), m_seats.end(), [](const Seat& seat) {
    return !seat.is_taken || seat.rests || seat.batch != nullptr;
  });
}

std::vector<int> Fleet::asking() const {
  std::vector<int> rows;
  for (std::size_t row = 0; row < m_seats.size(); ++row) {
    if (m_seats[row].batch != nullptr) {
      rows.push_back(static_cast<int>(row));
    }
  }
  return rows;
}

void Fleet::computeRound() {
  const std::vector<int> rows = asking();
  std::exception_ptr error;
  try {
    computeSteps(rows);
  } catch (...) {
    error = std::current_exception();
    m_crew.reset();  // its graph may be half done; and memory may be what is missing
  }
  for (const int row : rows) {
    Seat& seat = m_seats[static_cast<std::size_t>(row)];
    seat.batch = nullptr;
    seat.error = error;
  }
  ++m_round;
  m_changed.notify_all();
}

/// All rows together are the fleet's own memory; of some of them a crew has copies, for the others'
/// threads may change theirs meanwhile.
Fleet::Crew& Fleet::crewOf(const std::vector<int>& rows) {
  if (m_crew && m_crew->rows == rows) {
    return *m_crew;
  }
  m_crew.reset();
  const auto count = static_cast<std::int64_t>(rows.size());
  at::Tensor index = at::empty({count}, at::kLong);
  std::copy(rows.begin(), rows.end(), index.data_ptr<std::int64_t>());
  const bool is_all = rows.size() == m_seats.size();
  const at::Tensor values = is_all ? m_values : at::zeros_like(m_values.narrow(0, 0, count));
  const at::Tensor gradients = is_all ? m_gradients : at::zeros_like(values);
  const Parameters parameters = parametersOver(m_infos, values, gradients);
  m_crew = std::make_unique<Crew>(Crew{rows, index.to(device()), values, gradients, parameters,
                                       Transformer(m_shape.model, parameters)});
  return *m_crew;
}

void Fleet::computeSteps(const std::vector<int>& rows) {
  const at::NoGradGuard no_grad;
  const CudaProducts products(m_shape.training.precision, device());
  Crew& crew = crewOf(rows);
  const bool is_all = rows.size() == m_seats.size();
  if (!is_all) {
    at::index_select_out(crew.values, m_values, 0, crew.index);
  }
  std::vector<const TrainingBatch*> batches;
  for (const int row : rows) {
    batches.push_back(m_seats[static_cast<std::size_t>(row)].batch);
  }
  const at::Tensor losses =
      lossesAndGradients(crew.model, crew.parameters, joined(batches, device()));
  // The only wait for the device.
  const at::Tensor numbers = at::stack({losses, normsOf(crew.gradients)}).to(at::kCPU);
  if (!is_all) {
    m_gradients.index_copy_(0, crew.index, crew.gradients);
  }
  const auto* values = numbers.data_ptr<double>();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    m_seats[static_cast<std::size_t>(rows[i])].step = {values[i], values[rows.size() + i]};
  }
}

FleetKernel::FleetKernel(std::shared_ptr<Fleet> fleet, const core::ExperimentSpec& spec)
    : m_fleet(std::move(fleet)), m_row(m_fleet->takeSeat(spec)) {}

FleetKernel::~FleetKernel() {
  m_fleet->leaveSeat(m_row);
}

const std::string& FleetKernel::name() const {
  static const std::string kName = "fleet";
  return kName;
}

double FleetKernel::lossAndGradient(const TrainingBatch& batch) {
  m_step = m_fleet->step(m_row, batch);
  return m_step.loss;
}

}  // namespace anchorlens::engine
