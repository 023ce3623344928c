// SPDX-License-Identifier: GPL-3.0-or-later
// What a run writes: checkpoints, status, its end.
#include "engine/core/step_schedule.h"
#include "engine/session/training_run.h"

#include <utility>

namespace anchorlens::engine {
namespace {

constexpr std::chrono::seconds kCommitInterval{1};

/// "2 140"
std::string withSpaces(std::int64_t number) {
  std::string text = std::to_string(number);
  for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3) {
    text.insert(static_cast<std::size_t>(at), 1, ' ');
  }
  return text;
}

/// An error's text that ends in one full stop.
std::string sentence(const core::IoError& error) {
  std::string text = error.text();
  text.erase(text.find_last_not_of('.') + 1);
  return text + ".";
}

}  // namespace

void TrainingRun::keepUp() {
  const core::RecordSpec& record = m_parts.spec.record;
  const Clock::time_point now = Clock::now();
  const std::chrono::duration<double> since = now - m_last_checkpoint;
  if (isDue(record.checkpoints, step(), 0, totalSteps())) {
    m_wanted = Kept::Always;
  } else if (!m_wanted && since.count() >= record.checkpoint_seconds) {
    m_wanted = Kept::Latest;
  }
  if (!m_warning.empty() && now < m_retry_at) {
    return;
  }
  if (m_wanted) {
    report(writeCheckpoint(*m_wanted));
  } else if (now - m_last_commit >= kCommitInterval || !m_warning.empty()) {
    report(commit(core::RunState::Training));
  }
}

void TrainingRun::finish() {
  if (m_stop.isMet() && step() < totalSteps()) {
    const core::StopRule& rule = *m_goal.stop_when;
    std::string share = std::to_string(rule.at_least);
    share.erase(share.find_last_not_of('0') + 1);
    m_reason = "Stopped at step " + withSpaces(step()) + ": " + rule.metric + " was " + share +
               " or more in " + std::to_string(rule.evaluations) + " evaluations running.";
  }
  addEvent("finished",
           m_reason.empty() ? "Finished at step " + withSpaces(step()) + "." : m_reason);
  m_outcome = Outcome::Finished;
  m_end_reason = m_reason;
  m_end_is_written = false;
  if (auto written = writeEnd(); !written) {
    m_outcome = Outcome::Failed;
    m_reason = "Trained to step " + withSpaces(step()) +
               ", but that could not be saved: " + sentence(written.error()) +
               " The last checkpoint is of step " + withSpaces(m_checkpoint_step) + ".";
  }
}

TrainingRun::Io TrainingRun::writeEnd() {
  if (auto written = keepCheckpoint(); !written) {
    return written;
  }
  auto written = commit(core::RunState::Finished);
  m_end_is_written = written.has_value();
  return written;
}

void TrainingRun::fail(const std::string& reason) {
  m_outcome = Outcome::Failed;
  m_reason = reason;
  addEvent("failed", reason);
  // The weights are those of the last good step.
  Io written = keepCheckpoint();
  if (written) {
    written = commit(core::RunState::Failed);
  }
  report(written);
}

/// A checkpoint of this step that stays.
TrainingRun::Io TrainingRun::keepCheckpoint() {
  return m_keeper.stays(step()) ? Io() : writeCheckpoint(Kept::Always);
}

TrainingRun::Io TrainingRun::writeCheckpoint(Kept kept) {
  auto checkpoint = m_parts.trainer->snapshot(true);
  if (!checkpoint) {
    return core::Unexpected(core::IoError{"", checkpoint.error().message});
  }
  checkpoint->metadata["record"] = recordStateText({m_frames.state(), m_stop.streak()});
  checkpoint->metadata[CheckpointKeeper::kKey] = CheckpointKeeper::text(kept);
  for (const auto& [key, value] : m_metadata) {
    checkpoint->metadata[key] = value;
  }
  m_writer->setStatus(m_is_training ? core::RunState::Training : core::RunState::Created, step(),
                      totalSteps());
  auto info = m_writer->writeCheckpoint(*checkpoint);
  if (!info) {
    return core::Unexpected(info.error());
  }
  m_checkpoint_step = step();
  m_wanted.reset();
  m_keeper.written(m_writer->directory(), step(), kept);
  m_last_checkpoint = m_last_commit = Clock::now();
  return {};
}

TrainingRun::Io TrainingRun::commit(core::RunState state) {
  const bool has_finished = state == core::RunState::Finished;
  m_writer->setStatus(state, step(), totalSteps(), has_finished ? m_end_reason : m_reason);
  auto written = m_writer->commit();
  if (written) {
    m_last_commit = Clock::now();
  }
  return written;
}

/// Keeps the warning in step with whether the last write worked.
void TrainingRun::report(const Io& written) {
  if (written) {
    if (!m_warning.empty()) {
      m_warning.clear();
      addEvent("resolved", "The run can be written again.");
      if (m_options.sink.warning) {
        m_options.sink.warning({});
      }
    }
    return;
  }
  m_retry_at = Clock::now() + m_options.retry_after;
  if (!m_warning.empty()) {
    return;  // said already
  }
  m_warning = sentence(written.error()) +
              " Training goes on without new checkpoints; the last one is of step " +
              withSpaces(m_checkpoint_step) + ".";
  addEvent("warning", m_warning);
  if (m_options.sink.warning) {
    m_options.sink.warning(m_warning);
  }
}

void TrainingRun::addEvent(const std::string& kind, const std::string& text) {
  const core::Event event{step(), kind, text};
  m_writer->addEvent(event);
  if (m_options.sink.event) {
    m_options.sink.event(event);
  }
}

core::Expected<void, core::IoError> TrainingRun::save(core::RunState state) {
  if (!m_end_is_written) {
    auto written = writeEnd();
    if (written) {
      m_outcome = Outcome::Finished;
      m_reason = m_end_reason;
    }
    report(written);
    return written;
  }
  if (m_outcome == Outcome::Finished) {
    return {};
  }
  Io written = keepCheckpoint();
  if (written && m_outcome == Outcome::Running) {
    const std::string name(core::runStateName(state));
    addEvent(name, "Saved at step " + withSpaces(step()) + ".");
    m_is_training = false;
  }
  if (written) {
    written = commit(m_outcome == Outcome::Running ? state : core::RunState::Failed);
  }
  report(written);
  return written;
}

}  // namespace anchorlens::engine
