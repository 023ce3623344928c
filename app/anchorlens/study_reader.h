// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/study.h"
#include "engine/core/study/member_facts.h"

#include <QObject>
#include <QString>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <vector>

namespace anchorlens::app {

/// What a study's folder, or a study's file alone, says at one moment. Immutable once it is sent.
struct StudyFacts {
  struct Member {
    std::filesystem::path folder;
    QString name;         ///< "n_layers 2, seed 3"
    QString seed;         ///< "seed 3": its name below its setting
    QString differences;  ///< from the base
    std::size_t setting = 0;
    core::MemberFacts facts;
  };
  quint64 study_id = 0;
  QString name;
  QString problem;                              ///< why there are no members; empty when there are
  std::vector<QString> settings;                ///< of the axes: "n_layers 2"
  std::shared_ptr<const core::StudyPlan> plan;  ///< null where there is a problem
  std::vector<Member> members;
  bool is_plan = false;    ///< a file that is in no folder of runs: nothing is started or followed
  std::int64_t reads = 0;  ///< of runs, so far

  /// Every run has ended; one that is gone on with by hand changes that.
  bool isOver() const;
  /// There is nothing to follow: a file alone, or what is no study.
  bool isFixed() const { return is_plan || !problem.isEmpty(); }
};

/// Reads study folders on its own thread, whoever trains the runs: a summary of each, not its rows.
class StudyReader : public QObject {
  Q_OBJECT

 public:
  /// Reads the folder, or a study's file; the second time only runs that were not over, or whose
  /// files were written since. wasRead() follows, or unchanged().
  void read(quint64 study_id, const std::filesystem::path& path);
  void close(quint64 study_id) { m_followed.erase(study_id); }

 signals:
  void wasRead(std::shared_ptr<const anchorlens::app::StudyFacts> facts);
  void unchanged(quint64 study_id);

 private:
  struct Followed {
    StudyFacts facts;
    std::vector<std::filesystem::file_time_type> written;  ///< of each member, when it was read
  };
  static StudyFacts open(quint64 study_id, const std::filesystem::path& path);

  std::map<quint64, Followed> m_followed;
};

}  // namespace anchorlens::app
