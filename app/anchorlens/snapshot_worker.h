// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/session_factory.h"
#include "app/anchorlens/worker_thread.h"

#include <QObject>
#include <QString>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <utility>

namespace anchorlens::app {

/// The weights of a run at a step; `threads` are those of its experiment.
struct SnapshotPlace {
  std::filesystem::path run;
  std::int64_t step = 0;
  int threads = 1;
  bool operator==(const SnapshotPlace&) const = default;
};

/// When a run was written, of what decides which weights a step has.
struct RunStamp {
  std::filesystem::file_time_type experiment;  ///< another run may have taken the folder
  std::filesystem::file_time_type changes;
  std::filesystem::file_time_type checkpoints;
};

/// Keeps the weights that were asked for last, on the worker's thread, while the run's files say
/// that they are still those of the step.
class SnapshotWorker : public QObject {
  Q_OBJECT

 public:
  explicit SnapshotWorker(SessionFactory factory) : m_factory(std::move(factory)) {}
  engine::Result<engine::RunSnapshot*> at(const SnapshotPlace& place);

 private:
  bool isCurrent(const SnapshotPlace& place, const RunStamp& now) const;

  SessionFactory m_factory;
  SnapshotPlace m_place;
  RunStamp m_stamp;
  std::unique_ptr<engine::RunSnapshot> m_snapshot;
};

/// Questions about the weights of runs at any step, computed on a thread of their own: the window
/// never waits. Of the questions of one channel the latest wins: an older one is stopped, and its
/// answer never comes. GUI thread.
class Snapshots : public QObject {
  Q_OBJECT

 public:
  explicit Snapshots(const SessionFactory& factory, QObject* parent = nullptr);
  ~Snapshots() override;

  /// The matrix library has one number of threads for the whole process: while a run trains with
  /// `threads`, questions about runs of another number are answered by an error, so that training
  /// stays exact to the bit. Empty: nothing trains.
  void setTraining(std::optional<int> threads) { m_training_threads = threads; }

  /// `work` computes on the worker's thread and should look at its stop token; `done` gets the
  /// answer on this one. The snapshot says itself which step it has come to.
  template <typename Answer>
  void ask(const QString& channel, const SnapshotPlace& place,
           std::function<engine::Result<Answer>(engine::RunSnapshot&, const std::stop_token&)> work,
           std::function<void(const engine::Result<Answer>&)> done) {
    const std::stop_token stop = begin(channel);
    if (const auto why = whyNotNow(place)) {
      finish(channel, stop);
      done(core::Unexpected(engine::EngineError{why->toStdString(), {}}));
      return;
    }
    post<Answer>(
        channel, stop,
        [place, stop, work = std::move(work)](SnapshotWorker& worker) {
          return compute<Answer>(worker, place, stop, work);
        },
        std::move(done));
  }

  /// The same of what needs no weights: files of a run.
  template <typename Answer>
  void read(const QString& channel, std::function<engine::Result<Answer>()> work,
            std::function<void(const engine::Result<Answer>&)> done) {
    post<Answer>(
        channel, begin(channel), [work = std::move(work)](SnapshotWorker&) { return work(); },
        std::move(done));
  }

  /// Where the weights come from, for work that needs those of two steps.
  const SessionFactory& sessions() const { return m_sessions; }

  /// What was asked in this channel is not wanted any more.
  void cancel(const QString& channel);
  bool isBusy(const QString& channel) const { return m_channels.count(channel) > 0; }
  /// Computing for longer than a glance: shown as "evaluating…" from then on.
  static constexpr int kShowAfterMs = 200;

 signals:
  /// A channel has been busy for kShowAfterMs (true), or is not any more (false).
  void slow(const QString& channel, bool is_slow);

 private:
  template <typename Answer>
  static engine::Result<Answer> compute(
      SnapshotWorker& worker, const SnapshotPlace& place, const std::stop_token& stop,
      const std::function<engine::Result<Answer>(engine::RunSnapshot&, const std::stop_token&)>&
          work) {
    const auto snapshot = worker.at(place);
    if (!snapshot)
      return core::Unexpected(snapshot.error());
    return work(**snapshot, stop);
  }

  template <typename Answer, typename Work>
  void post(const QString& channel, const std::stop_token& stop, Work work,
            std::function<void(const engine::Result<Answer>&)> done) {
    m_thread.post([this, channel, stop, work = std::move(work),
                   done = std::move(done)](SnapshotWorker& worker) {
      if (stop.stop_requested())
        return;
      auto shared = std::make_shared<const engine::Result<Answer>>(work(worker));
      QMetaObject::invokeMethod(
          this,
          [this, channel, stop, shared, done] {
            if (finish(channel, stop))
              done(*shared);
          },
          Qt::QueuedConnection);
    });
  }

  struct Channel {
    std::stop_source source;
    bool is_slow = false;
  };
  std::stop_token begin(const QString& channel);
  void cancelQuietly(const QString& channel);
  /// False when another question of the channel was asked since.
  bool finish(const QString& channel, const std::stop_token& stop);
  std::optional<QString> whyNotNow(const SnapshotPlace& place) const;

  SessionFactory m_sessions;
  std::map<QString, Channel> m_channels;
  std::optional<int> m_training_threads;
  WorkerThread<SnapshotWorker> m_thread;
};

}  // namespace anchorlens::app
