// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/predictions/group_view.h"
#include "widgets/predictions/lens_view.h"
#include "widgets/predictions/prediction_list.h"
#include "widgets/predictions/summary_view.h"

#include <QWidget>

#include <array>
#include <memory>
#include <vector>

class QComboBox;
class QHBoxLayout;
class QLabel;
class QPushButton;
class QScrollArea;
class QStackedWidget;
class QToolButton;

namespace anchorlens::widgets {

/// The Predictions tab. Pages: the shown sequences with accuracy or loss of all groups beside; the
/// answers on the whole probe; the logit lens of one sequence. The last two are computed from the
/// weights on demand: evaluationWanted asks for what page() shows of choice().
class PredictionsView : public QWidget {
  Q_OBJECT

 public:
  enum class Page { Sequences, Probe, Lens };

  explicit PredictionsView(QWidget* parent = nullptr);

  /// A new run; clears everything.
  void setProbe(std::shared_ptr<const ProbeContext> probe, std::vector<core::GroupInfo> groups);
  void setFrame(std::shared_ptr<const core::Frame> frame);
  /// The evaluation at the cursor, null when there is none, and what came before.
  void setMetrics(const core::Metrics* metrics);
  void setCurves(std::vector<GroupCurve> curves);
  void setSummary(std::shared_ptr<const ProbeSummary> summary);
  void setLens(LensData lens);
  /// What is shown is of an older step: a newer one is being computed.
  void setEvaluating(bool evaluating);
  /// Why there is no evaluation; in place of it when there is no older one, else under it.
  void setProblem(const QString& problem);
  void setEmptyText(const QString& text);
  void setTheme(const Theme& theme);
  void setChoice(ProbeChoice choice);
  void setPage(Page page);
  /// Which sequences are listed: empty, all; a line end, wrong ones; else a group's name, where the
  /// run has it.
  void setFilter(const QString& filter);
  const QString& filter() const { return m_wanted_filter; }
  void setGroupValue(GroupValue value);
  GroupValue groupValue() const { return m_group_view->value(); }

  Page page() const;
  ProbeChoice choice() const { return m_choice; }
  PredictionList* list() const { return m_list; }
  GroupView* groups() const { return m_group_view; }
  LensView* lens() const { return m_lens; }
  SummaryView* summary() const { return m_summary; }
  /// Of the page, and within it of the part that has the focus.
  NumberTable numbers() const;

 signals:
  void choiceChanged(anchorlens::widgets::ProbeChoice choice);
  void pageChanged();  ///< or the filter, or what is told of groups
  void copyRequested();
  /// The page needs an evaluation that it may not have.
  void evaluationWanted();

 protected:
  void showEvent(QShowEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void buildControls(QHBoxLayout* row);
  QWidget* buildSequences();
  void fillFilter();
  void showGroups(GroupMatrix matrix, std::int64_t step);
  void fitGroups();
  void fillProbes();
  void pull();
  void showNote();

  std::shared_ptr<const ProbeContext> m_probe;
  std::vector<core::GroupInfo> m_groups;
  std::shared_ptr<const core::Frame> m_frame;
  ProbeChoice m_choice;
  bool m_is_dirty = false;
  bool m_is_evaluating = false;
  QString m_problem;
  QString m_empty_text;
  std::array<QPushButton*, 3> m_pages{};
  QComboBox* m_probes = nullptr;
  QComboBox* m_filter = nullptr;
  QString m_wanted_filter;
  QLabel* m_filter_label = nullptr;
  QLabel* m_probe_label = nullptr;
  QLabel* m_note = nullptr;
  QToolButton* m_copy = nullptr;
  QStackedWidget* m_stack = nullptr;
  PredictionList* m_list = nullptr;
  QComboBox* m_group_value = nullptr;
  QLabel* m_group_scale = nullptr;
  GroupView* m_group_view = nullptr;
  QScrollArea* m_group_scroll = nullptr;
  SummaryView* m_summary = nullptr;
  LensView* m_lens = nullptr;
};

}  // namespace anchorlens::widgets
