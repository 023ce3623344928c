// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "widgets/study_runs_model.h"

#include <QObject>

#include <memory>
#include <stop_token>

namespace anchorlens::app {

/// Expands studies on its own thread, so that typing never waits for it. Ask through
/// WorkerThread::post.
class StudyPlanner : public QObject {
  Q_OBJECT

 public:
  /// One question; its number comes back with the answer. `stop` gives it up: no answer then.
  struct Question {
    quint64 number = 0;
    core::StudySpec study;
    std::stop_token stop;
  };
  /// The study, or null and why it is none.
  struct Answer {
    quint64 number = 0;
    std::shared_ptr<const widgets::PlannedStudy> study;
    core::SpecErrors errors;
  };
  void plan(const Question& question);

 signals:
  void planned(const anchorlens::app::StudyPlanner::Answer& answer);
};

}  // namespace anchorlens::app
