// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/composer/composer_card.h"

#include <QStringList>

#include <vector>

class QLabel;
class QPushButton;

namespace anchorlens::widgets {

class AnchorRow;
class FieldRow;
class ProblemLines;

/// What each anchor does to its keys, as a table; what keys are drawn from; which anchors the
/// variables of the patterns take. Enter and the arrow keys walk through the table.
class AnchorsCard : public ComposerCard {
  Q_OBJECT

 public:
  explicit AnchorsCard(QWidget* parent = nullptr);

  void setExperiment(const core::ExperimentSpec& experiment, bool read_only) override;
  void setProblems(const core::SpecErrors& problems,
                   const std::vector<core::Repair>& repairs) override;
  void setTheme(const Theme& theme) override;
  bool focusFirstProblem() override;

  const std::vector<AnchorRow*>& rows() const { return m_rows; }

 protected:
  bool eventFilter(QObject* object, QEvent* event) override;

 private:
  void buildHeader();
  void buildFoot();
  QStringList tableKey() const;
  QStringList variablesKey() const;
  void rebuildTable();
  void rebuildVariables();
  template <typename Widget>
  static void remove(std::vector<Widget*>& widgets);
  void wire(FieldRow* row);
  void addMissing(int token);
  void addRow(int token);
  void removeRow(int row);
  bool walk(AnchorRow* row, int column, int key);
  std::string rowPointer(const std::string& pointer) const;
  void showProblems();
  std::vector<FieldRow*> allRows() const;

  core::ExperimentSpec m_experiment;
  bool m_is_read_only = false;
  core::SpecErrors m_problems;
  std::vector<core::Repair> m_repairs;
  bool m_is_stale = false;  ///< the repairs are of an older experiment
  QStringList m_table_key;
  QStringList m_variables_key;
  std::vector<AnchorRow*> m_rows;
  std::vector<FieldRow*> m_variables;  ///< keys and anchor variables
  std::vector<QWidget*> m_missing;     ///< anchors that a pattern names and the table lacks
  std::vector<QWidget*> m_captions;    ///< of the variables
  QWidget* m_header = nullptr;
  QLabel* m_empty = nullptr;
  QVBoxLayout* m_table = nullptr;
  QVBoxLayout* m_below = nullptr;
  QWidget* m_foot = nullptr;
  QPushButton* m_add = nullptr;
  ProblemLines* m_general = nullptr;  ///< problems of no row
};

}  // namespace anchorlens::widgets
