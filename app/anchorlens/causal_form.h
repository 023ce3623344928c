// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/session/causal_request.h"

#include <QWidget>

#include <optional>
#include <vector>

class QCheckBox;
class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QSpinBox;

namespace anchorlens::app {

class HeadPicker;

/// What a causal test is of, and how it is made: the options of `anchorctl intervene`. What is
/// wrong is said under its field, by the engine's own reading of it.
class CausalForm : public QWidget {
  Q_OBJECT

 public:
  enum What { Heads, Labelled, Edges, Patch, AllHeads };
  /// The heads of each label, in the order of engine::labelNames().
  using Labels = std::vector<std::vector<engine::HeadRef>>;

  explicit CausalForm(QWidget* parent = nullptr);

  void setRun(const core::Task& task, const core::ModelSpec& model);
  /// From which patches may come; checkpoints are proposed.
  void setSteps(const std::vector<std::int64_t>& checkpoints, std::int64_t last);
  /// What is labelled at the step that would be tested.
  void setLabels(std::int64_t step, Labels labels);
  /// Means nothing while there is a problem.
  engine::CausalRequest request() const;
  /// Why there is nothing to test, in a sentence; empty: there is.
  const QString& problem() const { return m_problem; }

  QComboBox* what() const { return m_what; }
  HeadPicker* heads() const { return m_heads; }
  QComboBox* label() const { return m_label; }
  QLineEdit* edges() const { return m_edges; }
  QComboBox* from() const { return m_from; }
  QComboBox* step() const { return m_step; }
  QComboBox* method() const { return m_method; }
  QCheckBox* renormalise() const { return m_renormalise; }
  QComboBox* on() const { return m_on; }
  QSpinBox* draws() const { return m_draws; }
  QSpinBox* seed() const { return m_seed; }
  /// Under the field that has it; empty: none.
  QString fieldProblem() const;

 signals:
  void changed();

 private:
  struct Field {
    QWidget* row = nullptr;  ///< of the layout
    QWidget* editor = nullptr;
    QLabel* problem = nullptr;
  };
  void buildSelection(QFormLayout* form);
  void buildOptions(QFormLayout* form);
  Field addField(QFormLayout* form, const QString& name, QWidget* editor);
  static void tell(const Field& field, const QString& problem);
  void showRows();
  void check();
  QString headsProblem() const;
  QString labelProblem() const;
  QString edgesProblem() const;
  QString stepProblem() const;
  std::optional<std::int64_t> fromStep() const;
  bool isOfHeads() const;
  bool isOfStep() const;

  std::optional<core::Task> m_task;  ///< none: there is no run yet
  core::ModelSpec m_model;
  std::vector<std::int64_t> m_checkpoints;
  std::int64_t m_last_step = 0;
  std::int64_t m_at = 0;
  Labels m_labels;
  QString m_problem;
  QFormLayout* m_selection = nullptr;
  QFormLayout* m_options = nullptr;
  QComboBox* m_what = nullptr;
  HeadPicker* m_heads = nullptr;
  QComboBox* m_label = nullptr;
  QLineEdit* m_edges = nullptr;
  QComboBox* m_from = nullptr;
  QComboBox* m_step = nullptr;
  QComboBox* m_method = nullptr;
  QCheckBox* m_renormalise = nullptr;
  QComboBox* m_on = nullptr;
  QSpinBox* m_draws = nullptr;
  QSpinBox* m_seed = nullptr;
  Field m_heads_field;
  Field m_label_field;
  Field m_edges_field;
  Field m_step_field;
};

}  // namespace anchorlens::app
