// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/compare_reader.h"
#include "app/anchorlens/compare_seeds.h"
#include "app/anchorlens/controller.h"
#include "app/anchorlens/export/export_order.h"
#include "app/anchorlens/worker_thread.h"
#include "engine/core/compare/time_alignment.h"
#include "widgets/attention_view.h"
#include "widgets/compare/compare_curves.h"
#include "widgets/compare/compare_view.h"
#include "widgets/compare/compared_runs.h"

#include <QObject>
#include <QTimer>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace anchorlens::app {

/// Puts two ticked runs into the Compare tab and its curves. The time cursor drives both: it is
/// the step of the run that is shown, and the other one's is what the alignment puts beside it.
/// What is not in memory is read by a worker; the old picture stays until it has come. GUI thread.
class CompareControl : public QObject {
  Q_OBJECT

 public:
  CompareControl(Controller& controller, StudyList& studies, widgets::CompareView& view,
                 widgets::CompareCurves& curves, QObject* parent = nullptr);

  /// A third tick takes the older one away.
  void toggleTick(RunId run_id);
  void setTicked(const std::vector<RunId>& runs);
  const std::vector<RunId>& ticked() const { return m_ticked; }
  bool isTicked(RunId run_id) const {
    return std::count(m_ticked.begin(), m_ticked.end(), run_id) > 0;
  }
  void markTicks(std::vector<widgets::RunRow>& rows) const;

  /// Two ticked runs that have been read.
  bool canCompare() const;
  /// Why not, a sentence; empty: it can.
  QString whyNot() const;
  /// A run that is taken out of the list ends it; the views follow at the next refresh.
  bool isOn() const { return m_is_on && run(0) != nullptr && run(1) != nullptr; }
  void setOn(bool on);

  /// Probe, values, outlines, colours and head are those of the Attention tab.
  void setAttention(const widgets::AttentionOptions& options);
  /// Another way to match or to align, another sequence or page: the view has it.
  void showOptions();
  /// Something of the controller changed.
  void follow(DirtyFlags dirty);

  RunRecord* run(std::size_t side) const;  ///< 0 first, 1 second; null: not there
  /// The same as comparisons need it; it is there.
  widgets::RunToCompare toCompare(std::size_t side) const;
  /// The head of a pair that belongs to the run that is shown; -1: none.
  int shownHead(const core::HeadPair& pair) const;
  /// What is compared now, for exports.
  CompareChoice choice() const;
  /// Scores and events of both at the pair that is looked at, for the Inspector.
  QString inspectorTitle() const;
  std::vector<std::pair<QString, QString>> inspectorFacts() const;
  /// What the scores among their names mean.
  static QHash<QString, QString> inspectorTips();
  /// What the curves' cursor moved to, as a step of the run that is shown.
  std::int64_t shownStepOf(std::int64_t first_step) const;
  /// And back.
  std::int64_t firstStepOf(std::int64_t shown_step) const;
  /// Of a run of the All seeds page; empty: none.
  std::filesystem::path folderOfSeed(quint64 id) const { return m_seeds.folderOf(id); }
  /// Whether everything that was asked for is drawn; for tests.
  bool isComplete() const { return m_is_on && !m_is_asking; }

 signals:
  /// On or off, or other ticks.
  void changed();
  /// What was read has been drawn.
  void drawn();
  void told(const QString& text);

 private:
  /// One run at the step that is shown.
  struct Side {
    RunRecord* run = nullptr;
    std::int64_t step = 0;  ///< of the frame
    FramePtr frame;         ///< null: not in memory
    QString problem;
  };
  bool isSecondShown() const;
  void align();
  std::int64_t firstStep() const;
  Side sideAt(std::size_t side, std::int64_t step) const;
  void restart();
  void show();
  void ask();
  void take(const std::shared_ptr<const CompareAnswer>& answer);
  bool isMatched() const;
  /// What is known of how the heads of these runs match; null: nothing.
  const MatchAnswer* ownMatch() const;
  QString matchNote() const;
  std::optional<MatchQuestion> matchQuestion() const;
  void matchPairs();
  // compare_control_show.cpp
  void showMaps();
  void showCurves(bool have_grown = false);
  void showNote();
  void showSeeds();
  void selectHead();

  Controller& m_controller;
  widgets::CompareView& m_view;
  widgets::CompareCurves& m_curves;
  CompareSeeds m_seeds;
  std::vector<RunId> m_ticked;  ///< oldest tick first
  bool m_is_on = false;
  bool m_could = false;  ///< compare, when that was told last
  int m_layer = 0;       ///< of the Attention tab
  int m_head = 0;
  core::TimeAlignment m_alignment;
  std::array<Side, 2> m_sides;  ///< what is drawn, or waited for
  std::vector<core::HeadPair> m_pairs;
  std::optional<MatchAnswer> m_match;
  QString m_attention_problem;  ///< why maps are not compared
  bool m_is_asking = false;
  std::map<std::pair<RunId, std::int64_t>, QString> m_unreadable;
  QTimer m_seed_timer;  ///< many numbers: a few times a second
  WorkerThread<CompareReader> m_reader;
};

}  // namespace anchorlens::app
