// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/speed_probe.h"

#include "engine/session/run_estimate.h"
#include "widgets/panel_facts.h"

#include <algorithm>
#include <unistd.h>
#include <utility>

namespace anchorlens::app {

namespace {

/// Training sequences that are drawn for a measurement, unless a batch holds more.
constexpr std::int64_t kSequences = 4096;

engine::EngineError firstOf(const core::SpecErrors& errors) {
  return {errors.empty() ? "The draft has a problem." : errors.front().message, {}};
}

/// Empty when it fits.
std::string whyTooLarge(const core::ExperimentSpec& spec) {
  const auto needed = static_cast<double>(engine::trainingBytes(spec));
  const auto memory =
      static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
  if (memory <= 0 || needed <= memory)
    return {};
  return "Training needs about " + widgets::formatBytes(needed).toStdString() +
         " of memory; this machine has " + widgets::formatBytes(memory).toStdString() + ".";
}

}  // namespace

core::ExperimentSpec trainingShape(const core::ExperimentSpec& spec) {
  core::ExperimentSpec shape;
  shape.task = spec.task;
  shape.data.mode = spec.data.mode;
  shape.data.n_train = std::min<std::int64_t>(spec.data.n_train, spec.training.batch_size);
  shape.model = spec.model;
  shape.model.init = {};
  shape.training.optimizer = spec.training.optimizer;
  shape.training.batch_size = spec.training.batch_size;
  shape.training.clip_norm = spec.training.clip_norm;
  shape.training.precision = spec.training.precision;
  shape.training.device = spec.training.device;
  shape.training.threads = spec.training.threads;
  shape.training.kernel = spec.training.kernel;
  return shape;
}

SpeedProbe::SpeedProbe(std::unique_ptr<engine::Trainer> trainer, Clock clock)
    : m_trainer(std::move(trainer)), m_clock(std::move(clock)), m_begin(m_clock()) {}

engine::Result<std::unique_ptr<SpeedProbe>> SpeedProbe::make(const SessionFactory& factory,
                                                             const core::ExperimentSpec& spec,
                                                             Clock clock) {
  auto task = core::Task::compile(spec.task);
  if (!task)
    return core::Unexpected(firstOf(task.error()));
  if (const std::string why = whyTooLarge(spec); !why.empty())
    return core::Unexpected(engine::EngineError{why, {}});
  auto opened = factory.open_engine();
  if (!opened)
    return core::Unexpected(opened.error());
  core::ExperimentSpec measured = spec;
  std::shared_ptr<const core::SequenceSet> train;
  if (spec.data.mode == core::DataSpec::Mode::Fixed) {
    const std::int64_t wanted = std::max<std::int64_t>(kSequences, spec.training.batch_size);
    measured.data.n_train = std::min(spec.data.n_train, wanted);
    core::Random random(spec.data.seed, "data/train");
    train = std::make_shared<const core::SequenceSet>(
        task->draw(core::Split::Train, static_cast<std::size_t>(measured.data.n_train), random));
  }
  auto trainer = (*opened)->createTrainer({measured, std::move(*task), std::move(train)});
  if (!trainer)
    return core::Unexpected(trainer.error());
  return std::unique_ptr<SpeedProbe>(new SpeedProbe(std::move(*trainer), std::move(clock)));
}

bool SpeedProbe::counted(Micros now) {
  ++m_steps;
  if (now - m_begin >= kMeasure) {
    // A step of more than a second counts although it is the first.
    const Micros since = m_is_warm ? m_counted_from : m_begin;
    m_steps_per_second = static_cast<double>(m_steps) * 1e6 /
                         static_cast<double>(std::max<std::int64_t>(1, (now - since).count()));
    return true;
  }
  if (!m_is_warm && now - m_begin >= kWarmUp) {
    m_is_warm = true;
    m_counted_from = now;
    m_steps = 0;
  }
  return false;
}

engine::Result<bool> SpeedProbe::advance(Micros budget) {
  const Micros end = m_clock() + budget;
  for (;;) {
    const auto step = m_trainer->trainStep();
    if (!step)
      return core::Unexpected(step.error());
    const Micros now = m_clock();
    if (counted(now))
      return true;
    if (now >= end)
      return false;
  }
}

}  // namespace anchorlens::app
