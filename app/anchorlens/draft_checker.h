// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/panel_checks.h"

#include <QObject>

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>

namespace anchorlens::app {

using ChecksPtr = std::shared_ptr<const widgets::ExperimentChecks>;

/// Checks an experiment on its own thread: problems, samples, sizes, the exact comparison of test
/// and training sequences. Ask through WorkerThread::post.
class DraftChecker : public QObject {
  Q_OBJECT

 public:
  /// One question; its number comes back with the answer. `stop` ends the comparison early: no
  /// answer then.
  struct Question {
    std::uint64_t number = 0;
    core::ExperimentSpec spec;
    std::uint64_t sample_seed = 0;
    /// The last experiment without problems: what a repair can go back to.
    std::optional<core::ExperimentSpec> last_good;
    bool samples_only = false;  ///< new samples of the same experiment
    std::stop_token stop;
  };
  void check(const Question& question);

 signals:
  /// Twice: at once what is cheap (is_stale), then with the comparison, or with repairs where there
  /// are problems.
  void checked(quint64 number, anchorlens::app::ChecksPtr checks);
};

/// The pure part: everything but the comparison.
widgets::ExperimentChecks checkDraft(const core::ExperimentSpec& spec, std::uint64_t sample_seed);

}  // namespace anchorlens::app
