// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/study.h"

#include <QWidget>

#include <vector>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;
class QVBoxLayout;

namespace anchorlens::widgets {

class StudyAxisRow;

/// Composes a study of one base experiment: up to three axes, and seeds.
class StudyForm : public QWidget {
  Q_OBJECT

 public:
  enum class Start { Seeds, Axes };  ///< what is there when it opens

  StudyForm(const core::ExperimentSpec& base, Start start, QWidget* parent = nullptr);

  /// What is typed; errors are texts that are no numbers. Pointers are those of the study file.
  core::StudySpec study(core::SpecErrors& errors) const;
  /// Shows each error below the control that it concerns, the others at the end.
  void showErrors(const core::SpecErrors& errors);
  StudyAxisRow* addAxis();

  const std::vector<StudyAxisRow*>& rows() const { return m_rows; }
  QLineEdit* name() const { return m_name; }
  QPushButton* addButton() const { return m_add; }
  QCheckBox* hasSeeds() const { return m_has_seeds; }
  QSpinBox* seedCount() const { return m_count; }
  QLineEdit* firstSeed() const { return m_first; }
  QComboBox* seedTarget() const { return m_target; }
  QString seedsProblem() const;
  QString problem() const;  ///< of the whole

 signals:
  void changed();

 private:
  void build(Start start);
  QWidget* buildSeeds();
  void removeAxis(StudyAxisRow* row);
  void showRows();

  core::ExperimentSpec m_base;
  std::vector<StudyAxisRow*> m_rows;
  QVBoxLayout* m_axes = nullptr;
  QLineEdit* m_name = nullptr;
  QPushButton* m_add = nullptr;
  QCheckBox* m_has_seeds = nullptr;
  QSpinBox* m_count = nullptr;
  QLineEdit* m_first = nullptr;
  QComboBox* m_target = nullptr;
  QLabel* m_seeds_problem = nullptr;
  QLabel* m_problem = nullptr;
};

}  // namespace anchorlens::widgets
