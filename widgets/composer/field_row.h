// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/repair.h"
#include "widgets/panel_field.h"

#include <QWidget>

#include <vector>

class QHBoxLayout;
class QToolButton;
class QVBoxLayout;

namespace anchorlens::widgets {

class ProblemLines;

/// Fields of one row of a list of the experiment, side by side; under them all what is wrong in the
/// row, with its repairs.
class FieldRow : public QWidget {
  Q_OBJECT

 public:
  /// Errors at or below `pointer` belong to the row.
  explicit FieldRow(QString pointer, QWidget* parent = nullptr);

  const QString& pointer() const { return m_pointer; }
  /// The row's line; fields and other widgets are added to it in order.
  QHBoxLayout* line() const { return m_line; }
  /// Between the fields and the problems.
  QVBoxLayout* below() const { return m_below; }
  FormField* addField(FieldSpec spec, int stretch = 0);
  const std::vector<FormField*>& fields() const { return m_fields; }

  /// A button at the end of the line that asks for the row's removal; `name` is its accessible
  /// name.
  QWidget* addRemoveButton(const QString& name);

  virtual void load(const core::ExperimentSpec& experiment, bool read_only);
  /// Takes those that are its own. `stale`: the repairs are of an older experiment.
  void setProblems(const core::SpecErrors& problems, const std::vector<core::Repair>& repairs,
                   bool stale);
  bool hasProblem() const;
  QStringList problemLines() const;
  /// Focuses the first field with a problem, or the first field.
  void focusProblem();
  virtual void setTheme(const Theme& theme);

 signals:
  /// As ComposerCard::edited.
  void edited(const anchorlens::core::ExperimentSpec& next, const QString& text,
              const QString& merge_key);
  /// That of a field has changed.
  void textProblemChanged();
  void removeRequested();

 protected:
  /// Continues "change ..."; the field's own name unless said.
  virtual QString undoName(const FormField& field) const;
  const core::ExperimentSpec& experiment() const { return m_experiment; }
  bool isReadOnly() const { return m_is_read_only; }

 private:
  void store(FormField* field);
  core::SpecErrors problems() const;
  void showProblems();

  QString m_pointer;
  QHBoxLayout* m_line = nullptr;
  QVBoxLayout* m_below = nullptr;
  ProblemLines* m_problem_lines = nullptr;
  QToolButton* m_remove = nullptr;
  std::vector<FormField*> m_fields;
  core::SpecErrors m_rest;  ///< of the row, of none of its fields
  std::vector<core::Repair> m_repairs;
  bool m_is_stale = false;
  core::ExperimentSpec m_experiment;
  bool m_is_read_only = false;
};

}  // namespace anchorlens::widgets
