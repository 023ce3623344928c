// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/causal_model.h"
#include "widgets/number_table.h"

#include <QWidget>

class QAbstractButton;
class QHBoxLayout;
class QLabel;
class QProgressBar;
class QPushButton;
class QTreeView;

namespace anchorlens::app {

/// Causal tests with their groups, and how far a series of them has come. Right or Enter unfolds a
/// test, T opens all numbers as a table, Ctrl+C copies those of the selected tests (of all, when
/// there are none).
class CausalView : public QWidget {
  Q_OBJECT

 public:
  /// `name` is the table's for who cannot see it; `caption` explains its columns.
  CausalView(const QString& name, const QString& caption, QWidget* parent = nullptr);

  void setTests(std::vector<engine::CausalRecord> tests, std::vector<core::GroupInfo> groups);
  const std::vector<engine::CausalRecord>& tests() const { return m_model->tests(); }
  /// Selects a test, unfolds it and scrolls to it.
  void showTest(int test);
  widgets::NumberTable numbers() const;

  /// How many there will be is not known yet.
  void begin();
  void setProgress(int done, int total);
  void end();
  /// What became of it, in a sentence; empty: nothing is to be said.
  void setMessage(const QString& message, bool is_problem);
  QString message() const;

  /// To the right of the others, at the foot.
  void addButton(QAbstractButton* button);
  QTreeView* tree() const { return m_tree; }
  QPushButton* copyButton() const { return m_copy; }

 protected:
  bool eventFilter(QObject* object, QEvent* event) override;

 private:
  void copyNumbers() const;

  CausalModel* m_model = nullptr;
  QTreeView* m_tree = nullptr;
  QProgressBar* m_progress = nullptr;
  QLabel* m_message = nullptr;
  QPushButton* m_copy = nullptr;
  QHBoxLayout* m_foot = nullptr;
};

}  // namespace anchorlens::app
