// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/causal_form.h"
#include "app/anchorlens/snapshot_worker.h"

#include <QDialog>

#include <optional>
#include <vector>

class QLabel;
class QLineEdit;
class QPushButton;

namespace anchorlens::app {

class CausalView;

/// The weights under the time cursor.
struct CausalSubject {
  SnapshotPlace place;
  QString run;                  ///< its name
  std::int64_t checkpoint = 0;  ///< the newest at or before the step
};

/// "Causal test": anything that `anchorctl intervene` can take away, tested at the cursor's step;
/// below it what the run keeps of such tests. Not modal.
class CausalTestDialog : public QDialog {
  Q_OBJECT

 public:
  explicit CausalTestDialog(QWidget* parent = nullptr);

  /// Another run or step. The form's run is set before.
  void setSubject(const CausalSubject& subject);
  /// There is nothing to test, and why.
  void setNoSubject(const QString& why);
  const std::optional<CausalSubject>& subject() const { return m_subject; }
  /// What the run of the subject keeps.
  void setKept(std::vector<engine::CausalRecord> records,
               const std::vector<core::GroupInfo>& groups);

  /// A test of the subject has begun.
  void begin();
  void setProgress(const std::vector<engine::CausalRecord>& records, int total);
  /// As CausalSeries::finished().
  void finish(const std::vector<engine::CausalRecord>& records, const QString& problem,
              const QString& not_kept);
  bool isRunning() const { return m_running.has_value(); }

  CausalForm* form() const { return m_form; }
  CausalView* view() const { return m_view; }
  QPushButton* testButton() const { return m_test; }
  QPushButton* cancelButton() const { return m_cancel; }
  QPushButton* copyCommandButton() const { return m_copy; }
  QString command() const;
  /// Why nothing can be tested now; empty: it can.
  QString reason() const;
  QString place() const;

 signals:
  void asked(const anchorlens::engine::CausalRequest& request);
  void cancelled();
  /// Others may have kept tests since.
  void keptWanted();

 protected:
  bool event(QEvent* event) override;
  void done(int result) override;

 private:
  void build();
  void cancel();
  void showState();
  void addRecords(const std::vector<engine::CausalRecord>& records);

  std::optional<CausalSubject> m_subject;
  QString m_why_not;
  std::optional<CausalSubject> m_running;
  std::vector<core::GroupInfo> m_groups;
  std::vector<engine::CausalRecord> m_unkept;  ///< of the subject's run
  QLabel* m_place = nullptr;
  CausalForm* m_form = nullptr;
  QLineEdit* m_command = nullptr;
  QPushButton* m_copy = nullptr;
  QPushButton* m_test = nullptr;
  QLabel* m_reason = nullptr;
  CausalView* m_view = nullptr;
  QPushButton* m_cancel = nullptr;
};

}  // namespace anchorlens::app
