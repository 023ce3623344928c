// SPDX-License-Identifier: GPL-3.0-or-later
// What the worker computes of a draft while it trains nothing: its first picture and its speed.
#include "app/anchorlens/engine_text.h"
#include "app/anchorlens/preview.h"
#include "app/anchorlens/training_worker.h"

#include <utility>

namespace anchorlens::app {

void TrainingWorker::preview(RunId id, const core::ExperimentSpec& spec) {
  dropMeasure();
  const auto on_error = [this, id](const QString& message) { emit previewFailed(id, message); };
  guard(
      [&] {
        auto made = makePreview(m_factory, id, spec);
        if (made)
          emit previewReady(made->facts, made->frame);
        else
          on_error(engineText(made.error()));
      },
      on_error);
}

void TrainingWorker::measure(RunId id, const core::ExperimentSpec& spec) {
  dropMeasure();
  if (m_is_training) {
    emit measureDropped(id);
    return;
  }
  m_measure_id = id;
  guard(
      [&] {
        auto probe = SpeedProbe::make(m_factory, spec, [this] { return now(); });
        if (!probe) {
          endMeasure(engineText(probe.error()));
          return;
        }
        m_probe = std::move(*probe);
        m_measure_timer.start(0);
      },
      [this](const QString& message) { endMeasure(message); });
}

void TrainingWorker::measureTick() {
  if (!m_probe)
    return;
  guard(
      [this] {
        const auto is_done = m_probe->advance(kMeasureSlice);
        if (!is_done) {
          endMeasure(engineText(is_done.error()));
        } else if (*is_done) {
          const double speed = m_probe->stepsPerSecond();
          m_probe.reset();
          emit measured(std::exchange(m_measure_id, 0), speed);
        } else {
          m_measure_timer.start(0);
        }
      },
      [this](const QString& message) { endMeasure(message); });
}

void TrainingWorker::endMeasure(const QString& problem) {
  m_measure_timer.stop();
  m_probe.reset();
  emit measureFailed(std::exchange(m_measure_id, 0), problem);
}

void TrainingWorker::dropMeasure() {
  if (m_measure_id == 0)
    return;
  m_measure_timer.stop();
  m_probe.reset();
  emit measureDropped(std::exchange(m_measure_id, 0));
}

}  // namespace anchorlens::app
