// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/intervention.h"

#include <QDialog>
#include <QString>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace anchorlens::app {

class DialogFoot;

/// Numbers of a training that are changed from now on: learning rate, weight decay, the mixture of
/// the task's forms. Never modal; what is wrong is said under the field.
class ChangeDialog : public QDialog {
  Q_OBJECT

 public:
  explicit ChangeDialog(QWidget* parent = nullptr);

  /// The run that would be changed, and what holds there in the next step.
  void setRun(const QString& name, const core::ExperimentSpec& spec, const core::InEffect& now);
  /// A sentence where nothing can be changed any more; empty: something can.
  void setProblem(const QString& why_not);

  QComboBox* kind() const { return m_kind; }
  QLineEdit* value() const { return m_value; }
  QPushButton* changeButton() const { return m_change; }
  QPushButton* restoreButton() const { return m_restore; }
  QString problem() const;
  QString usual() const;

 signals:
  void asked(const anchorlens::core::Intervention& change);

 private:
  void build();
  void check();
  void showKind();
  void change();
  void restore();
  std::string word() const;

  core::ExperimentSpec m_spec;
  core::InEffect m_now;
  QString m_why_not;
  std::optional<core::Intervention> m_wanted;
  QLabel* m_title = nullptr;
  QComboBox* m_kind = nullptr;
  QLabel* m_usual = nullptr;
  QLineEdit* m_value = nullptr;
  DialogFoot* m_foot = nullptr;
  QPushButton* m_change = nullptr;
  QPushButton* m_restore = nullptr;
};

}  // namespace anchorlens::app
