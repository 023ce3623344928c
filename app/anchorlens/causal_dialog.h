// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/session/causal_record.h"
#include "widgets/number_table.h"

#include <QDialog>

#include <vector>

class QLabel;
class QPushButton;

namespace anchorlens::app {

class CausalView;

/// "Test all heads": the table that fills while tests are made. Not modal.
class CausalDialog : public QDialog {
  Q_OBJECT

 public:
  explicit CausalDialog(QWidget* parent = nullptr);

  /// A new series; `subject` names run and step, `groups` are the task's.
  void begin(const QString& subject, const std::vector<core::GroupInfo>& groups);
  void setProgress(const std::vector<engine::CausalRecord>& records, int total);
  /// `message`: what became of it, in a sentence; a problem is marked as one.
  void finish(const std::vector<engine::CausalRecord>& records, const QString& message,
              bool is_problem);
  bool isRunning() const { return m_is_running; }
  widgets::NumberTable numbers() const;
  QString message() const;
  CausalView* view() const { return m_view; }
  QPushButton* cancelButton() const { return m_cancel; }

 signals:
  void cancelled();

 protected:
  void done(int result) override;

 private:
  QLabel* m_subject = nullptr;
  CausalView* m_view = nullptr;
  QPushButton* m_cancel = nullptr;
  std::vector<core::GroupInfo> m_groups;
  bool m_is_running = false;
};

}  // namespace anchorlens::app
