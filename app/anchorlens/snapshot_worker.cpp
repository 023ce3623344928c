// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/snapshot_worker.h"

#include "engine/core/store/intervention_file.h"
#include "engine/core/store/run_place.h"

#include <QTimer>

#include <system_error>

namespace anchorlens::app {

namespace {

RunStamp stampOf(const std::filesystem::path& run) {
  std::error_code ignored;  // what is not there has no time
  const auto time = [&](const char* name) {
    return std::filesystem::last_write_time(run / name, ignored);
  };
  return {time(core::kExperimentName), time(core::kInterventionsName),
          time(core::kCheckpointsName)};
}

}  // namespace

bool SnapshotWorker::isCurrent(const SnapshotPlace& place, const RunStamp& now) const {
  if (!m_snapshot || m_place != place || m_stamp.experiment != now.experiment ||
      m_stamp.changes != now.changes)
    return false;
  // One that is of an earlier step, for want of a checkpoint, until there is another.
  return m_snapshot->step() == place.step || m_stamp.checkpoints == now.checkpoints;
}

engine::Result<engine::RunSnapshot*> SnapshotWorker::at(const SnapshotPlace& place) {
  const RunStamp now = stampOf(place.run);
  if (isCurrent(place, now))
    return m_snapshot.get();
  m_snapshot.reset();  // two models at once would take twice the memory
  auto snapshot = m_factory.snapshot(place.run, place.step);
  if (!snapshot)
    return core::Unexpected(snapshot.error());
  m_snapshot = std::move(*snapshot);
  m_place = place;
  m_stamp = now;
  return m_snapshot.get();
}

Snapshots::Snapshots(const SessionFactory& factory, QObject* parent)
    : QObject(parent), m_sessions(factory), m_thread(QStringLiteral("snapshots"), factory) {}

Snapshots::~Snapshots() {
  for (auto& [name, channel] : m_channels)
    channel.source.request_stop();
}

std::optional<QString> Snapshots::whyNotNow(const SnapshotPlace& place) const {
  if (!m_training_threads || *m_training_threads == place.threads)
    return std::nullopt;
  return tr("This run computes with %n thread(s) and the one that trains with %1: pause it to "
            "evaluate this one.",
            nullptr, place.threads)
      .arg(*m_training_threads);
}

std::stop_token Snapshots::begin(const QString& channel) {
  const bool was_slow = isBusy(channel) && m_channels[channel].is_slow;
  cancelQuietly(channel);
  Channel& entry = m_channels[channel];
  entry.is_slow = was_slow;
  const std::stop_token stop = entry.source.get_token();
  QTimer::singleShot(kShowAfterMs, this, [this, channel, stop] {
    const auto found = m_channels.find(channel);
    if (found == m_channels.end() || found->second.source.get_token() != stop)
      return;
    if (!found->second.is_slow)
      emit slow(channel, true);
    found->second.is_slow = true;
  });
  return stop;
}

void Snapshots::cancelQuietly(const QString& channel) {
  const auto found = m_channels.find(channel);
  if (found == m_channels.end())
    return;
  found->second.source.request_stop();
  m_channels.erase(found);
}

void Snapshots::cancel(const QString& channel) {
  const auto found = m_channels.find(channel);
  if (found == m_channels.end())
    return;
  finish(channel, found->second.source.get_token());
}

bool Snapshots::finish(const QString& channel, const std::stop_token& stop) {
  const auto found = m_channels.find(channel);
  if (found == m_channels.end() || found->second.source.get_token() != stop)
    return false;
  const bool was_slow = found->second.is_slow;
  cancelQuietly(channel);
  if (was_slow)
    emit slow(channel, false);
  return true;
}

}  // namespace anchorlens::app
