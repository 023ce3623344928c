// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/torch/graph_recorder.h"
#include "engine/torch/step_kernel.h"

#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace anchorlens::engine {

/// Runs of equal shape that are trained together: their tensors share a leading run axis, so that
/// one batched operation serves all of them. Each run has a row of the buffers, and what it draws,
/// measures and updates is its own; loss and gradient of all are computed at once, by the thread
/// that is the last to ask. Starts no threads: every member asks from one of its own, and waits.
///
/// Shape:
///   values, gradients: [run, parameters]
class Fleet {
 public:
  /// `seats`: the most runs it takes. Throws c10::Error.
  Fleet(const core::ExperimentSpec& shape, int seats, at::Device device);
  /// With a recorder other than the device's.
  Fleet(const core::ExperimentSpec& shape, int seats, at::Device device, Graphs graphs);
  ~Fleet();
  Fleet(const Fleet&) = delete;
  Fleet& operator=(const Fleet&) = delete;

  at::Device device() const { return m_all.values.device(); }

  /// What a member was told about its own part of a step.
  struct Step {
    double loss = 0;           ///< mean over its batch
    double gradient_norm = 0;  ///< Euclidean
  };

  /// A free row, waited for from now on. Throws c10::Error where there is none, or where the run's
  /// tensors have other shapes.
  int takeSeat(const core::ExperimentSpec& spec);
  void leaveSeat(int row);
  /// Views of the row.
  Parameters parametersOf(int row) const;

  /// Not waited for until it asks again.
  void rest(int row);

  /// Waits until every member that does not rest has asked, then has its loss, and its gradient in
  /// its row. What could not be computed is thrown to all of them. Batches may differ in size.
  Step step(int row, const TrainingBatch& batch);

  /// CrewStep::way() of the last step.
  std::string way();

 private:
  struct Seat {
    bool is_taken = false;
    bool rests = false;
    const TrainingBatch* batch = nullptr;  ///< asked for, and not computed yet
    Step step;
    std::exception_ptr error;
  };
  struct Rows {
    at::Tensor values, gradients;
  };
  struct Crew;

  bool isComplete() const;
  std::vector<int> asking() const;
  void computeRound();
  void computeSteps(const std::vector<int>& rows);
  Crew& crewOf(const std::vector<int>& rows);

  core::ExperimentSpec m_shape;
  std::vector<ParameterInfo> m_infos;
  Graphs m_graphs;
  Rows m_all;
  std::mutex m_mutex;  ///< of what follows; held while a step is computed
  std::condition_variable m_changed;
  std::vector<Seat> m_seats;
  std::unique_ptr<Crew> m_crew;  ///< of the last step
  std::uint64_t m_round = 0;     ///< steps computed
};

/// The path of a fleet's member, and its seat.
class FleetKernel final : public StepKernel {
 public:
  FleetKernel(std::shared_ptr<Fleet> fleet, const core::ExperimentSpec& spec);
  ~FleetKernel() override;
  FleetKernel(const FleetKernel&) = delete;
  FleetKernel& operator=(const FleetKernel&) = delete;

  Parameters parameters() const { return m_fleet->parametersOf(m_row); }
  /// The model over parameters(); it must outlive the kernel.
  void setModel(const Model& model) { m_model = &model; }

  const std::string& name() const override;
  std::string detail() const override { return m_fleet->way(); }
  double lossAndGradient(const TrainingBatch& batch) override;
  std::optional<double> gradientNorm() const override { return m_step.gradient_norm; }
  void rest() override { m_fleet->rest(m_row); }
  const Model& model() const override { return *m_model; }

 private:
  std::shared_ptr<Fleet> m_fleet;
  int m_row;
  const Model* m_model = nullptr;
  Fleet::Step m_step;
};

}  // namespace anchorlens::engine
