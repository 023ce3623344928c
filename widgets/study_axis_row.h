// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/study.h"

#include <QWidget>

#include <array>

class QComboBox;
class QLabel;
class QLineEdit;
class QStackedWidget;
class QToolButton;

namespace anchorlens::widgets {

/// One thing that a study varies: a field, and the values that it takes as a list or a range. What
/// cannot be a value yet stays in the fields as typed.
class StudyAxisRow : public QWidget {
  Q_OBJECT

 public:
  explicit StudyAxisRow(const core::ExperimentSpec& base, QWidget* parent = nullptr);

  /// The axis as typed. Errors are added where a text is no number; `place` is the axis' pointer in
  /// the study.
  core::StudyAxis axis(const std::string& place, core::SpecErrors& errors) const;
  /// Below the row; empty: none.
  void showProblem(const QString& text);
  QString problem() const;
  void setNumber(int number);  ///< from 1; names the controls

  QComboBox* field() const { return m_field; }
  QComboBox* kind() const { return m_kind; }
  QLineEdit* list() const { return m_list; }
  /// from, to, step or count
  QLineEdit* number(std::size_t index) const { return m_numbers[index]; }
  QToolButton* removeButton() const { return m_remove; }

 signals:
  void changed();
  void removeRequested();

 private:
  enum Kind { List, ByStep, ByCount, ByLogCount };
  void build();
  void showKind();
  void showValue();
  std::string pointer(const std::string& place, core::SpecErrors& errors) const;

  core::ExperimentSpec m_base;
  std::vector<std::string> m_fields;
  QComboBox* m_field = nullptr;
  QComboBox* m_kind = nullptr;
  QStackedWidget* m_pages = nullptr;
  QLineEdit* m_list = nullptr;
  std::array<QLineEdit*, 3> m_numbers{};
  QLabel* m_third = nullptr;
  QLabel* m_now = nullptr;
  QLabel* m_problem = nullptr;
  QToolButton* m_remove = nullptr;
};

}  // namespace anchorlens::widgets
