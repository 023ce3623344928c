// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/draft_checker.h"
#include "app/anchorlens/worker_thread.h"

#include <QObject>
#include <QTimer>

#include <optional>
#include <stop_token>

namespace anchorlens::app {

/// Keeps the checks of one experiment up to date: asks 250 ms after the last change, ends what has
/// become stale, and keeps the last valid task and numbers while there are problems.
class DraftChecks : public QObject {
  Q_OBJECT

 public:
  static constexpr int kDelayMs = 250;

  explicit DraftChecks(QObject* parent = nullptr);

  /// The experiment changed. `at_once`: no delay (a preset, another run).
  void setExperiment(const core::ExperimentSpec& spec, bool at_once);
  /// Somebody waits for them: no delay any more.
  void hurry();
  void drawNewSamples();

  const widgets::ExperimentChecks& checks() const { return m_checks; }
  /// The checks are those of the newest experiment (their comparison may still go on).
  bool isCurrent() const { return m_is_current; }
  /// It is the last one that was found to have no problems, if it is being checked anew or not.
  bool isKnownGood() const { return m_last_good == m_spec; }

 signals:
  void changed();

 private:
  void ask(bool samples_only);
  void onChecked(quint64 number, const ChecksPtr& checks);

  core::ExperimentSpec m_spec;
  std::optional<core::ExperimentSpec> m_last_good;
  widgets::ExperimentChecks m_checks;
  bool m_is_current = false;
  bool m_asked_samples_only = false;
  std::uint64_t m_number = 0;
  std::uint64_t m_sample_seed = 1;
  std::stop_source m_stop;
  QTimer m_delay;
  WorkerThread<DraftChecker> m_thread;
};

}  // namespace anchorlens::app
