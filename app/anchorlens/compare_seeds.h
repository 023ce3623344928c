// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/controller.h"
#include "app/anchorlens/study_list.h"
#include "app/anchorlens/study_numbers.h"
#include "app/anchorlens/worker_thread.h"
#include "widgets/compare/seed_numbers.h"

#include <QObject>

#include <filesystem>
#include <memory>
#include <vector>

namespace anchorlens::app {

/// All runs of one set-up: those that are open, and the members of its study's setting, whose
/// numbers are read in the background.
class CompareSeeds : public QObject {
  Q_OBJECT

 public:
  CompareSeeds(Controller& controller, StudyList& studies, QObject* parent = nullptr);

  /// Of the set-up of `run`; `compared` are marked. `step` none: each run's last.
  widgets::SeedSet seedsOf(const RunRecord& run, const std::vector<RunId>& compared,
                           std::optional<std::int64_t> step);
  /// Where the other runs of its set-up are, those without anything trained left out.
  std::vector<std::filesystem::path> foldersOf(const RunRecord& run) const;
  /// The folder of a run that seedsOf() told; empty: none.
  std::filesystem::path folderOf(quint64 id) const;

 signals:
  /// Numbers of a study have come.
  void changed();

 private:
  void addOpenRuns(const RunRecord& run, const std::vector<RunId>& compared, widgets::SeedSet& set);
  void addMembers(const RunRecord& run, widgets::SeedSet& set);
  quint64 idOf(const std::filesystem::path& folder);

  Controller& m_controller;
  StudyList& m_studies;
  std::vector<std::filesystem::path> m_folders;  ///< of each id, from 1
  std::shared_ptr<const StudyFacts> m_asked;     ///< whose numbers were asked for last
  std::shared_ptr<const core::StudyData> m_data;
  WorkerThread<StudyNumbers> m_thread;
};

}  // namespace anchorlens::app
