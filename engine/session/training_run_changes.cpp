// SPDX-License-Identifier: GPL-3.0-or-later
// Changes of a training that goes on: they are on the disk before they act.
#include "engine/core/store/intervention_file.h"
#include "engine/core/store/run_place.h"
#include "engine/session/causal_record.h"
#include "engine/session/training_run.h"

#include <algorithm>
#include <utility>

namespace anchorlens::engine {

Result<void> TrainingRun::interveneAll(const std::vector<core::Intervention>& changes) {
  if (changes.empty()) {
    return {};
  }
  if (m_outcome != Outcome::Running) {
    return core::Unexpected(
        EngineError{"Training has ended: there is nothing to change from now on.", {}});
  }
  History next = m_history;
  std::int64_t first = totalSteps();
  for (const core::Intervention& change : changes) {
    first = std::min(first, change.step == core::kNow ? step() : change.step);
    auto more = withChange(next, change, spec(), totalSteps(), trainer());
    if (!more) {
      return core::Unexpected(more.error());
    }
    next = std::move(*more);
  }
  if (auto measured = measureClamps(next); !measured) {
    return measured;
  }
  // Of a training that went further before it was resumed. First: a test too few is made again.
  if (const auto forgotten = forgetCausalTestsAfter(directory(), first); !forgotten) {
    return core::Unexpected(storageError(forgotten.error()));
  }
  if (const auto written = core::writeInterventions(directory(), next); !written) {
    return core::Unexpected(storageError(written.error()));
  }
  m_history = std::move(next);
  if (auto started = startChanges(); !started) {
    return started;
  }
  report(m_writer->commit());
  return {};
}

/// The patterns of clamps whose step has come.
Result<void> TrainingRun::measureClamps(History& history) {
  for (core::Intervention& change : history) {
    if (change.step > step() || !isOpenClamp(change)) {
      continue;
    }
    auto pattern = meanPattern(trainer(), m_parts.probe, change.head);
    if (!pattern) {
      return core::Unexpected(pattern.error());
    }
    change.pattern = std::move(*pattern);
  }
  return {};
}

/// Tells of the changes whose step has come; they act in the next training step.
Result<void> TrainingRun::startChanges() {
  if (m_started == m_history.size() || m_history[m_started].step > step()) {
    return {};
  }
  const bool has_open =
      std::any_of(m_history.begin(), m_history.end(), [this](const core::Intervention& change) {
        return change.step <= step() && isOpenClamp(change);
      });
  if (auto measured = measureClamps(m_history); !measured) {
    return measured;
  }
  m_is_history_written = m_is_history_written && !has_open;
  for (; m_started < m_history.size() && m_history[m_started].step <= step(); ++m_started) {
    addEvent("intervention", core::interventionSentence(m_history[m_started]));
  }
  if (!m_is_history_written) {
    report(writeHistory());
  }
  return {};
}

/// Where training begins or goes on: what holds, and what is still to come.
Result<void> TrainingRun::enterHistory() {
  m_started = static_cast<std::size_t>(
      std::count_if(m_history.begin(), m_history.end(),
                    [this](const core::Intervention& change) { return change.step < step(); }));
  for (std::size_t i = 0; i < m_started; ++i) {
    if (isOpenClamp(m_history[i])) {
      return core::Unexpected(EngineError{std::string(core::kInterventionsName) +
                                              ": the pattern of \"" +
                                              core::interventionText(m_history[i]) + "\" at step " +
                                              std::to_string(m_history[i].step) + " is missing.",
                                          {}});
    }
  }
  return measureAs(trainer(), m_history);
}

TrainingRun::Io TrainingRun::writeHistory() {
  auto written = core::writeInterventions(directory(), m_history);
  m_is_history_written = written.has_value();
  return written;
}

/// The path that computes while the model is changed may be another one.
void TrainingRun::noteKernel() {
  const std::string& kernel = m_parts.trainer->kernel();
  if (kernel != m_kernel) {
    m_kernel = kernel;
    m_writer->setProvenance(kKernelOfChanges, kernel + " from step " + std::to_string(step()));
  }
}

}  // namespace anchorlens::engine
