// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/training_run.h"

#include "engine/core/step_schedule.h"
#include "engine/core/store/run_lock.h"
#include "engine/session/measure.h"

#include <algorithm>
#include <system_error>
#include <utility>

namespace anchorlens::engine {

TrainingRun::TrainingRun(RunParts parts, Options options, Goal goal, History history)
    : m_parts(std::move(parts)),
      m_options(std::move(options)),
      m_goal(std::move(goal)),
      m_frames(m_parts.spec.record),
      m_stop(m_goal.stop_when),
      m_history(std::move(history)),
      m_kernel(m_parts.trainer->kernel()) {}

TrainingRun::~TrainingRun() {
  if (m_pending) {
    m_pending->written.wait();
  }
}

Result<void> TrainingRun::begin(const std::filesystem::path& run, const Origin& origin) {
  m_metadata = origin.metadata;
  if (auto entered = enterHistory(); !entered) {
    return entered;
  }
  // Measured first: between the directory and its first checkpoint lies as little as possible.
  if (auto measured = measureFirst(); !measured) {
    return measured;
  }
  auto writer =
      core::RunWriter::create(run, m_parts.spec, origin.provenance, m_options.shared, m_history);
  if (!writer) {
    return core::Unexpected(storageError(writer.error()));
  }
  m_writer = std::move(*writer);
  setTables();
  addEvent(origin.event.kind, origin.event.text);
  postMeasured();
  noteKernel();
  auto written = writeCheckpoint(Kept::Always);
  if (written) {
    written = commit(core::RunState::Created);
  }
  if (!written) {
    m_writer.reset();
    core::removeBegunRun(run, m_options.shared);  // it was made just now and holds no result
    return core::Unexpected(storageError(written.error()));
  }
  return startChanges();
}

Result<void> TrainingRun::beginAgain(std::unique_ptr<core::RunWriter> writer,
                                     const core::Provenance& provenance) {
  m_writer = std::move(writer);
  setTables();
  for (const auto& [key, value] : provenance) {
    m_writer->setProvenance(key, value);
  }
  auto written = m_writer->truncateAfter(-1);
  if (!written) {
    return core::Unexpected(storageError(written.error()));
  }
  if (auto measured = measureFirst(); !measured) {
    return measured;
  }
  if (auto entered = enterHistory(); !entered) {
    return entered;
  }
  addEvent("started", "Started again: it had stopped before its first checkpoint.");
  postMeasured();
  written = writeCheckpoint(Kept::Always);
  if (!written) {
    return core::Unexpected(storageError(written.error()));
  }
  return {};
}

Result<void> TrainingRun::continueFrom(std::unique_ptr<core::RunWriter> writer,
                                       const core::Checkpoint& checkpoint,
                                       const std::vector<core::CheckpointInfo>& checkpoints) {
  m_writer = std::move(writer);
  if (auto restored = m_parts.trainer->restore(checkpoint); !restored) {
    return restored;
  }
  const auto text = checkpoint.metadata.find("record");
  const auto state = parseRecordState(text != checkpoint.metadata.end() ? text->second : "");
  if (!state) {
    return core::Unexpected(
        EngineError{"The checkpoint of step " + std::to_string(step()) +
                        " does not say what was recorded before it (metadata \"record\").",
                    {}});
  }
  m_frames.setState(state->frames);
  m_stop.setStreak(state->stop_streak);
  if (const auto parent = checkpoint.metadata.find("parent"); parent != checkpoint.metadata.end()) {
    m_metadata["parent"] = parent->second;
  }
  m_checkpoint_step = m_measured_step = step();
  auto written = m_writer->truncateAfter(step());
  if (!written) {
    return core::Unexpected(storageError(written.error()));
  }
  m_keeper.adopt(checkpoints, step());
  tellCheckpoints();
  if (auto entered = enterHistory(); !entered) {
    return entered;
  }
  addEvent("resumed", "Went on from the checkpoint of step " + std::to_string(step()) + ".");
  if (hasEnded()) {
    finish();
    return {};
  }
  return startChanges();
}

Result<void> TrainingRun::leaveFinished(std::unique_ptr<core::RunWriter> writer,
                                        const core::Checkpoint& checkpoint,
                                        const std::string& reason) {
  m_writer = std::move(writer);
  m_outcome = Outcome::Finished;
  m_reason = m_end_reason = reason;
  m_checkpoint_step = stepOf(checkpoint);
  auto restored = m_parts.trainer->restore(checkpoint);
  return restored ? enterHistory() : restored;
}

RunSession::Outcome TrainingRun::advance(std::chrono::microseconds budget, std::int64_t max_steps) {
  if (m_outcome != Outcome::Running) {
    return m_outcome;
  }
  startTraining();
  const Clock::time_point deadline = Clock::now() + budget;
  for (std::int64_t done = 0; m_outcome == Outcome::Running;) {
    if (auto trained = guarded([this] { return trainOne(); }); !trained) {
      fail(trained.error());
    }
    if (++done >= max_steps || Clock::now() >= deadline) {
      break;
    }
  }
  return m_outcome;
}

void TrainingRun::setTables() {
  const auto n_shown = static_cast<std::size_t>(m_parts.spec.probe.shown);
  m_writer->setTables({m_parts.task.roles(), m_parts.task.groups(),
                       subset(m_parts.probe, 0, std::min(n_shown, m_parts.probe.size()))});
}

void TrainingRun::startTraining() {
  if (m_is_training) {
    return;
  }
  m_is_training = true;
  m_last_checkpoint = Clock::now();
  report(commit(core::RunState::Training));
}

Result<void> TrainingRun::trainOne() {
  if (auto started = startChanges(); !started) {
    return started;
  }
  auto trained = trainStepOf(*m_parts.trainer, m_history);
  if (!trained) {
    return core::Unexpected(trained.error());
  }
  noteKernel();
  m_learning_rate = trained->learning_rate;
  m_writer->addStep(*trained);
  if (m_options.sink.step) {
    m_options.sink.step(*trained);
  }
  const core::RecordSpec& record = m_parts.spec.record;
  if (isDue(record.evaluate, step(), 0, totalSteps())) {
    if (auto evaluated = evaluate(); !evaluated) {
      return evaluated;
    }
    m_stop.evaluated(m_metrics.train_accuracy, m_metrics.test_accuracy);
  }
  if (hasEnded() || m_frames.isDue(step(), 0, totalSteps())) {
    if (auto recorded = recordFrame(); !recorded) {
      return recorded;
    }
  }
  postMeasured();
  if (hasEnded()) {
    finish();
  } else {
    keepUp();
  }
  return {};
}

Result<void> TrainingRun::measureFirst() {
  auto evaluated = evaluate();
  return evaluated ? recordFrame() : evaluated;
}

Result<void> TrainingRun::evaluate() {
  auto metrics =
      evaluateSets(*m_parts.trainer, m_parts.task, m_parts.train_sample, m_parts.data->test);
  if (!metrics) {
    return core::Unexpected(metrics.error());
  }
  metrics->run_id = m_options.run_id;
  metrics->learning_rate = m_learning_rate;
  m_metrics = std::move(*metrics);
  m_has_new_metrics = true;
  return {};
}

Result<void> TrainingRun::recordFrame() {
  const core::RecordSpec& record = m_parts.spec.record;
  auto frame = makeFrame(*m_parts.trainer, m_parts.task, m_parts.probe, m_parts.spec.probe.shown,
                         {record.keep_patterns, record.keep_mean_pattern, record.keep_predictions},
                         m_parts.isCausal(), m_options.run_id);
  if (!frame) {
    return core::Unexpected(frame.error());
  }
  m_new_frame = std::move(*frame);
  m_frames.recorded(step(), m_new_frame->scores);
  return {};
}

void TrainingRun::postMeasured() {
  m_measured_step = step();
  if (std::exchange(m_has_new_metrics, false)) {
    m_writer->addMetrics(m_metrics);
    if (m_options.sink.metrics) {
      m_options.sink.metrics(m_metrics);
    }
  }
  if (auto frame = std::exchange(m_new_frame, nullptr)) {
    m_writer->addFrame(*frame);
    if (m_options.sink.frame) {
      m_options.sink.frame(std::move(frame));
    }
  }
}

Result<std::shared_ptr<const core::Frame>> TrainingRun::liveFrame() {
  return guarded([this] {
    return makeFrame(*m_parts.trainer, m_parts.task, m_parts.probe, m_parts.spec.probe.shown, {},
                     m_parts.isCausal(), m_options.run_id);
  });
}

}  // namespace anchorlens::engine
