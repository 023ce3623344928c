// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/flow/flow_canvas.h"

#include <QWidget>

#include <memory>
#include <vector>

class QComboBox;
class QHBoxLayout;
class QLabel;
class QSlider;
class QToolButton;

namespace anchorlens::widgets {

/// The Flow tab: controls and the graph. Feed it with setProbe once a run and setFrame at each
/// frame, as the Attention tab; it draws when it is visible.
class FlowView : public QWidget {
  Q_OBJECT

 public:
  explicit FlowView(QWidget* parent = nullptr);

  void setProbe(std::shared_ptr<const ProbeContext> probe);
  /// `labels` [layer * n_heads + head]. Null clears.
  void setFrame(std::shared_ptr<const core::Frame> frame, std::vector<core::HeadLabel> labels,
                bool has_residual);
  void setEmptyText(const QString& text) { m_canvas->setEmptyText(text); }
  void setTheme(const Theme& theme);
  /// One sequence is looked at in all views.
  void setChoice(ProbeChoice choice);
  void selectHead(int layer, int head);
  /// Draws it, too, where it is hidden by its width or its head.
  void selectEdge(const FlowEdge& edge);
  void setOptions(const FlowOptions& options);

  ProbeChoice choice() const { return m_choice; }
  const FlowOptions& options() const { return m_options; }
  /// Widths are not in the frames: evaluationWanted() asks for them. The old picture stays until
  /// setEvaluated or setProblem.
  bool needsEvaluation() const { return m_options.width == FlowOptions::Width::Weighted; }
  /// Of the chosen sequence, HeadValues::Weighted.
  void setEvaluated(EvaluatedPtr evaluated);
  const EvaluatedPtr& evaluated() const { return m_evaluated; }
  /// Why there are no such widths: attention makes them then.
  void setProblem(const QString& problem);
  /// "evaluating…"; may be empty.
  void setProgress(const QString& progress);
  QString note() const;

  /// Index into the graph's routes; -1 when there is none.
  int route() const;
  /// Of the route that was chosen; empty: the first.
  const QString& routeName() const { return m_wanted_route; }
  /// Chosen when there is one of this name.
  void setRouteName(const QString& name) { m_wanted_route = name; }
  FlowCanvas* canvas() const { return m_canvas; }
  NumberTable numbers() const { return flowNumbers(m_canvas->graph()); }

 signals:
  void choiceChanged(anchorlens::widgets::ProbeChoice choice);
  void headSelected(int layer, int head);
  /// The drawn graph, its route or the selected edge is another one.
  void graphChanged();
  void optionsChanged();  ///< or the route, by the person
  void evaluationWanted();
  void copyRequested();

 protected:
  void showEvent(QShowEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void buildControls(QHBoxLayout* row);
  void fitControls();
  void fillProbes();
  void fillRoutes();
  void changed();
  void showNote();
  void redraw();  ///< the kept edge is another one
  void pull();    ///< frame to graph, when visible and not yet done

  FlowOptions m_options;
  ProbeChoice m_choice;
  std::shared_ptr<const ProbeContext> m_probe;
  std::shared_ptr<const core::Frame> m_frame;
  std::vector<core::HeadLabel> m_labels;
  EvaluatedPtr m_evaluated;
  QString m_problem;
  QString m_progress;
  bool m_has_residual = true;
  bool m_is_dirty = false;
  QHBoxLayout* m_controls = nullptr;
  std::vector<QLabel*> m_captions;  ///< the first to be left out first where the row is narrow
  QComboBox* m_probes = nullptr;
  QSlider* m_least = nullptr;
  QLabel* m_least_value = nullptr;
  QComboBox* m_heads = nullptr;
  QComboBox* m_width = nullptr;
  QComboBox* m_routes = nullptr;
  QString m_wanted_route;  ///< chosen by its name; empty: the first
  QLabel* m_note = nullptr;
  QToolButton* m_copy = nullptr;
  FlowCanvas* m_canvas = nullptr;
};

}  // namespace anchorlens::widgets
