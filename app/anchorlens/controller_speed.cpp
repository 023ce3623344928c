// SPDX-License-Identifier: GPL-3.0-or-later
// How fast the draft would train: measured when somebody looks at it and the worker is idle.
#include "app/anchorlens/controller.h"
#include "app/anchorlens/speed_probe.h"

#include <algorithm>
#include <utility>

namespace anchorlens::app {

namespace {

constexpr std::size_t kMostSpeeds = 32;

using State = widgets::TrainingSpeed::State;

}  // namespace

void Controller::connectSpeed() {
  connect(&m_training, &TrainingControl::measured, this, [this](double steps_per_second) {
    keepSpeed({State::Known, steps_per_second, {}});
  });
  connect(&m_training, &TrainingControl::measureFailed, this, [this](const QString& message) {
    keepSpeed({State::Failed, 0, message});
  });
  connect(&m_training, &TrainingControl::measureDropped, this, [this] {
    m_measuring.reset();
    m_dirty |= Dirty::Checks;
    requestSpeed();
  });
  connect(&m_training, &TrainingControl::phaseChanged, this, &Controller::requestSpeed);
}

void Controller::setSpeedWanted(bool wanted) {
  m_is_speed_wanted = wanted;
  requestSpeed();
}

void Controller::keepSpeed(const widgets::TrainingSpeed& speed) {
  if (!m_measuring)
    return;
  m_speeds.emplace_back(std::move(*m_measuring), speed);
  m_measuring.reset();
  if (m_speeds.size() > kMostSpeeds)
    m_speeds.erase(m_speeds.begin());
  m_dirty |= Dirty::Checks;
}

void Controller::requestSpeed() {
  const bool is_valid = m_checks.isCurrent() && m_checks.checks().problems.empty();
  if (!m_is_speed_wanted || !isDraftShown() || !is_valid || m_training.isBusy())
    return;
  core::ExperimentSpec shape = trainingShape(m_draft.spec());
  const bool is_known = std::any_of(m_speeds.begin(), m_speeds.end(),
                                    [&](const auto& speed) { return speed.first == shape; });
  if (is_known || m_measuring == shape)
    return;
  m_measuring = std::move(shape);
  m_training.measure(m_draft.spec());
  m_dirty |= Dirty::Checks;
}

widgets::TrainingSpeed Controller::speed() const {
  const core::ExperimentSpec shape = trainingShape(m_draft.spec());
  if (m_measuring == shape)
    return {State::Measuring, 0, {}};
  const auto found = std::find_if(m_speeds.begin(), m_speeds.end(),
                                  [&](const auto& speed) { return speed.first == shape; });
  return found == m_speeds.end() ? widgets::TrainingSpeed{} : found->second;
}

std::optional<double> Controller::measuredStepsPerSecond(const core::ExperimentSpec& spec) const {
  const core::ExperimentSpec shape = trainingShape(spec);
  for (const auto& [known, speed] : m_speeds) {
    if (known == shape && speed.state == State::Known)
      return speed.steps_per_second;
  }
  return std::nullopt;
}

}  // namespace anchorlens::app
