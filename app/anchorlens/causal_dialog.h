// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/session/causal_record.h"
#include "widgets/number_table.h"

#include <QDialog>

#include <vector>

class QLabel;
class QProgressBar;
class QPushButton;
class QTableView;

namespace anchorlens::app {

/// "Test all heads": the table that fills while tests are made. Not modal.
class CausalDialog : public QDialog {
  Q_OBJECT

 public:
  explicit CausalDialog(QWidget* parent = nullptr);

  /// A new series; `subject` names run and step.
  void begin(const QString& subject);
  void setProgress(const std::vector<engine::CausalRecord>& records, int total);
  /// `message`: what became of it, in a sentence.
  void finish(const std::vector<engine::CausalRecord>& records, const QString& message);
  bool isRunning() const { return m_is_running; }
  const widgets::NumberTable& numbers() const { return m_numbers; }
  QString message() const;
  QPushButton* cancelButton() const { return m_cancel; }
  QPushButton* copyButton() const { return m_copy; }

 signals:
  void cancelled();

 protected:
  void done(int result) override;

 private:
  void showRecords(const std::vector<engine::CausalRecord>& records);

  widgets::NumberTable m_numbers;
  QLabel* m_subject = nullptr;
  QTableView* m_table = nullptr;
  QProgressBar* m_progress = nullptr;
  QLabel* m_message = nullptr;
  QPushButton* m_cancel = nullptr;
  QPushButton* m_copy = nullptr;
  bool m_is_running = false;
};

}  // namespace anchorlens::app
