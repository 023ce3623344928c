// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/run_list.h"
#include "app/anchorlens/seed_folds.h"
#include "app/anchorlens/study_reader.h"
#include "app/anchorlens/worker_thread.h"

#include <QObject>
#include <QTimer>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace anchorlens::app {

/// The rows of the Runs dock that fold. Its studies: follows their folders while runs are not over,
/// and folds each study's runs into one row; where settings have several runs, those of each
/// setting too. A run is read as a whole only when it is chosen. A study's file alone shows the
/// runs that it plans.
class StudyList : public QObject {
  Q_OBJECT

 public:
  static constexpr int kPollMs = 1000;
  static constexpr int kOverEvery = 5;  ///< polls, of a study in which every run has ended

  explicit StudyList(RunList& runs, QObject* parent = nullptr);

  /// Whether a folder holds a study.
  static bool looksLikeStudy(const QString& folder);
  /// Whether a file is a study, whatever its name.
  static bool isStudyFile(const QString& file);
  /// Adds the study of a folder or a file, folded; one that is in the list already stays as it is.
  quint64 open(const QString& path);
  /// Takes a study out of the list; its runs that were opened become rows of their own.
  void close(quint64 id);
  /// Of a study, one of its settings, or a set-up.
  void toggleFold(quint64 id);
  bool isStudy(quint64 id) const { return find(id) != nullptr; }
  /// The study that a row of it belongs to: its own, of a setting, or of a run that is not open; 0
  /// for other rows.
  quint64 studyOf(quint64 id) const;
  /// The study and the member whose run lies in this folder.
  struct Place {
    quint64 study = 0;  ///< 0: none
    int member = -1;
  };
  Place placeOf(const std::filesystem::path& run) const;
  /// Ids and names of all that have runs, oldest first.
  std::vector<std::pair<quint64, QString>> names() const;
  /// What was last read of a study; null while nothing was, and for one that is only planned.
  std::shared_ptr<const StudyFacts> factsOf(quint64 id) const;
  /// Unfolds a study and the settings of some of its runs.
  void unfold(quint64 id, const std::vector<quint64>& members);
  /// Folder of a study or of one of its runs that is not open; empty when `id` is neither.
  QString folderOf(quint64 id) const;
  /// Folders and files, as open() takes them.
  QStringList paths() const;
  /// Whether runs of some study have not ended: their files are read again at every poll.
  bool isFollowing() const {
    return std::any_of(m_studies.begin(), m_studies.end(),
                       [](const Study& study) { return !study.isOver(); });
  }

  /// Rows of all runs, newest first, with the studies in their places and the seeds of one set-up
  /// together.
  std::vector<widgets::RunRow> rows(const RowsWanted& wanted = {});
  const SeedFolds& seedFolds() const { return m_seeds; }
  void setSeedFolds(const SeedFolds::States& states) { m_seeds.setStates(states); }

 signals:
  void changed();
  /// A folder was read; not sent for a file alone.
  void wasRead(std::shared_ptr<const anchorlens::app::StudyFacts> facts);
  /// A study could not be read.
  void failed(const QString& path, const QString& message);

 private:
  struct Study {
    quint64 id = 0;
    std::filesystem::path path;  ///< a folder, or a file alone
    RunId after = 0;             ///< runs with higher ids are newer than the study
    bool is_folded = true;
    bool is_reading = false;
    std::set<std::size_t> unfolded;  ///< settings
    std::shared_ptr<const StudyFacts> facts;
    bool isOver() const { return facts && facts->isOver(); }
    bool isFixed() const { return facts && facts->isFixed(); }
  };
  Study* find(quint64 id);
  const Study* find(quint64 id) const;
  void poll();
  void take(const std::shared_ptr<const StudyFacts>& facts);
  static widgets::RunRow headOf(const Study& study);
  static widgets::RunRow settingOf(const Study& study, std::size_t first);
  using OpenRuns = std::unordered_map<std::string, widgets::RunRow>;  ///< of studies, by folder
  static void addRows(const Study& study, const OpenRuns& open_runs, bool below_folded,
                      std::vector<widgets::RunRow>& rows);
  std::vector<widgets::RunRow> withStudies(std::vector<widgets::RunRow> runs,
                                           bool below_folded) const;
  static quint64 memberId(const Study& study, std::size_t member);
  static quint64 settingId(const Study& study, std::size_t setting);

  RunList& m_runs;
  SeedFolds m_seeds;
  std::vector<Study> m_studies;  ///< oldest first
  quint64 m_next_number = 1;
  QTimer m_poll;
  int m_polls = 0;
  WorkerThread<StudyReader> m_reader;
};

}  // namespace anchorlens::app
