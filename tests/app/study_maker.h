// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/places.h"
#include "engine/core/store/checkpoint.h"
#include "engine/core/study.h"
#include "tests/session/tiny_experiment.h"

#include <QDir>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace anchorlens::tests {

/// A study's folder whose runs are written by hand: learning rate x layers, some seeds.
class StudyMaker {
 public:
  StudyMaker(const QString& folder, std::vector<std::string> rates, std::vector<std::string> layers,
             int seeds)
      : m_folder(app::toPath(folder)) {
    core::StudySpec study;
    study.name = "rates";
    study.base = tinyExperiment();
    study.axes = {{"/training/learning_rate", std::move(rates), std::nullopt},
                  {"/model/n_layers", std::move(layers), std::nullopt}};
    study.seeds = core::StudySeeds{};
    study.seeds->count = seeds;
    QDir().mkpath(folder);
    if (!core::writeFileAtomically(m_folder / core::kStudyFile, core::writeStudy(study)))
      qFatal("The study cannot be written.");
    m_plan = core::planStudy(study).value();
  }

  const core::StudyPlan& plan() const { return m_plan; }
  std::filesystem::path run(std::size_t member) const {
    return m_folder / m_plan.members[member].folder;
  }

  /// Evaluations and frames at 10, 20, ... with these accuracies on the test sequences; a tenth
  /// more was right of the seen ones. A frame at 0 begins the record.
  void write(std::size_t member, const std::vector<double>& test,
             core::RunState state = core::RunState::Finished) const {
    const auto spec = m_plan.experiment(member);
    const auto writer = core::RunWriter::create(run(member), spec, {}).value();
    const auto addFrame = [&](std::int64_t step, double lift) {
      core::Frame frame;
      frame.step = step;
      frame.scores.resize(static_cast<std::size_t>(spec.model.n_layers * spec.model.n_heads));
      for (core::HeadScores& head : frame.scores)
        head.shift_lags[0].lift = lift;
      writer->addFrame(frame);
    };
    addFrame(0, 0);
    std::int64_t step = 0;
    for (const double accuracy : test) {
      step += 10;
      core::Metrics metrics;
      metrics.step = step;
      metrics.test_accuracy = accuracy;
      metrics.train_accuracy = std::min(1.0, accuracy + 0.1);
      metrics.train_loss = metrics.test_loss = 1.01 - accuracy;
      metrics.groups = {{0, 20, accuracy, metrics.test_loss}};
      writer->addMetrics(metrics);
      addFrame(step, accuracy);
    }
    writer->setStatus(state, step, 40);
    if (!writer->commit())
      qFatal("A run cannot be written.");
  }

 private:
  std::filesystem::path m_folder;
  core::StudyPlan m_plan;
};

}  // namespace anchorlens::tests
