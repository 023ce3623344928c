// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/fleet.h"

#include "engine/core/experiment/run_shape.h"
#include "engine/torch/crew_step.h"
#include "engine/torch/cuda_products.h"
#include "engine/torch/transformer.h"

#include <algorithm>

namespace anchorlens::engine {
namespace {

at::Tensor makeRows(std::int64_t runs, std::int64_t count, at::Device device) {
  const std::int64_t stride = (count + kRowAlignment - 1) / kRowAlignment * kRowAlignment;
  return at::zeros({runs, stride}, at::TensorOptions(device).dtype(at::kFloat));
}

/// As Parameters takes them: without what aligns.
Parameters parametersOver(const std::vector<ParameterInfo>& infos, const at::Tensor& values,
                          const at::Tensor& gradients) {
  const std::int64_t count = infos.back().offset + infos.back().count;
  return {infos, values.narrow(-1, 0, count), gradients.narrow(-1, 0, count)};
}

}  // namespace

/// The runs of a step, with their parameters one beside the other.
struct Fleet::Crew {
  Crew(const core::ModelSpec& spec, std::vector<int> members, at::Tensor places, Rows rows_of_all,
       const std::vector<ParameterInfo>& infos, Graphs graphs)
      : rows(std::move(members)),
        index(std::move(places)),
        all(std::move(rows_of_all)),
        parameters(parametersOver(infos, all.values, all.gradients)),
        model(spec, parameters),
        step(model, parameters, all.gradients, std::move(graphs)) {}

  std::vector<int> rows;
  at::Tensor index;  ///< [rows], on the device
  Rows all;          ///< [rows, parameters and what aligns]
  Parameters parameters;
  Transformer model;
  CrewStep step;
};

Fleet::Fleet(const core::ExperimentSpec& shape, int seats, at::Device device)
    : Fleet(shape, seats, device, graphsOf(device)) {}

Fleet::Fleet(const core::ExperimentSpec& shape, int seats, at::Device device, Graphs graphs)
    : m_shape(shape),
      m_infos(listParameters(shape.model, shape.task.d_vocab, 0)),
      m_graphs(std::move(graphs)),
      m_seats(static_cast<std::size_t>(seats)) {
  const std::string reason = core::whyNoFleet(shape);
  TORCH_CHECK(reason.empty(), "Kernel 'fleet' cannot train this: ", reason, ".");
  TORCH_CHECK(seats > 0, "a fleet of ", seats, " runs: expected at least 1");
  const std::int64_t count = m_infos.back().offset + m_infos.back().count;
  m_all = {makeRows(seats, count, device), makeRows(seats, count, device)};
}

Fleet::~Fleet() = default;

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
  return parametersOver(m_infos, m_all.values[row], m_all.gradients[row]);
}

std::string Fleet::way() {
  const std::lock_guard lock(m_mutex);
  return m_crew ? m_crew->step.way() : std::string();
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
  Rows all = m_all;
  if (rows.size() != m_seats.size()) {
    const at::Tensor some = m_all.values.narrow(0, 0, count);
    all = {at::zeros_like(some), at::zeros_like(some)};
  }
  m_crew = std::make_unique<Crew>(m_shape.model, rows, index.to(device()), std::move(all), m_infos,
                                  m_graphs);
  return *m_crew;
}

void Fleet::computeSteps(const std::vector<int>& rows) {
  const at::NoGradGuard no_grad;
  const CudaProducts products(m_shape.training.precision, device());
  Crew& crew = crewOf(rows);
  const bool is_all = rows.size() == m_seats.size();
  if (!is_all) {
    at::index_select_out(crew.all.values, m_all.values, 0, crew.index);
  }
  std::vector<const TrainingBatch*> batches;
  for (const int row : rows) {
    batches.push_back(m_seats[static_cast<std::size_t>(row)].batch);
  }
  const at::Tensor numbers = crew.step.compute(batches);
  if (!is_all) {
    m_all.gradients.index_copy_(0, crew.index, crew.all.gradients);
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
