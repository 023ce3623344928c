// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialogButtonBox>
#include <QWidget>

class QDialog;
class QLabel;
class QPushButton;

namespace anchorlens::app {

/// The lower end of a dialog: what is wrong, while something is, and the buttons at its foot.
class DialogFoot : public QWidget {
  Q_OBJECT

 public:
  /// `away` closes the dialog.
  DialogFoot(QDialog& dialog, QDialogButtonBox::StandardButton away);

  QPushButton* addButton(const QString& text, QDialogButtonBox::ButtonRole role);
  QDialogButtonBox* buttons() const { return m_buttons; }
  /// Empty: nothing is wrong.
  void setProblem(const QString& problem);
  QString problem() const;

 private:
  QLabel* m_problem = nullptr;
  QDialogButtonBox* m_buttons = nullptr;
};

}  // namespace anchorlens::app
