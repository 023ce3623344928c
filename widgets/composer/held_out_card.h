// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/composer/composer_card.h"

#include <QStringList>

#include <vector>

class QPushButton;
class QLabel;

namespace anchorlens::widgets {

class FieldRow;
class KeySection;
class PairSection;
class ProblemLines;

/// What is never trained: the rules that make the test split, any number of them, joined by or.
/// Residue rules with a picture, keys of single anchors as bars, anchor pairs as a matrix, and a
/// row for every other rule.
class HeldOutCard : public ComposerCard {
  Q_OBJECT

 public:
  explicit HeldOutCard(QWidget* parent = nullptr);

  void setExperiment(const core::ExperimentSpec& experiment, bool read_only) override;
  void setProblems(const core::SpecErrors& problems,
                   const std::vector<core::Repair>& repairs) override;
  void setChecks(const ExperimentChecks& checks) override;
  void setTheme(const Theme& theme) override;
  void setCompact(bool compact) override;
  bool focusFirstProblem() override;

 private:
  void buildAdd();
  QStringList rowKinds() const;
  void rebuild();
  FieldRow* makeRow(const QString& kind, int row);
  void connectRow(FieldRow* row, const QString& kind, int index);
  void addRule(core::HeldOutRule rule);
  void removeRule(bool is_relabel, int row);
  QString generalLine(const core::SpecError& problem) const;
  void showProblems();

  core::ExperimentSpec m_experiment;
  bool m_is_read_only = false;
  core::SpecErrors m_problems;
  std::vector<core::Repair> m_repairs;
  bool m_is_stale = false;  ///< the repairs are of an older experiment
  QStringList m_kinds;
  std::vector<FieldRow*> m_rows;
  QVBoxLayout* m_residues = nullptr;
  QVBoxLayout* m_others = nullptr;
  KeySection* m_keys = nullptr;
  PairSection* m_pairs = nullptr;
  ProblemLines* m_general = nullptr;  ///< problems of no row
  QFrame* m_rule = nullptr;
  QLabel* m_sentence = nullptr;
  QPushButton* m_add = nullptr;
};

}  // namespace anchorlens::widgets
