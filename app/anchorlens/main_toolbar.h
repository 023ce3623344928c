// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/controller.h"
#include "widgets/theme.h"

#include <QToolBar>

class QComboBox;
class QLabel;
class QProgressBar;
class QPushButton;
class QStackedWidget;

namespace anchorlens::app {

/// The one toolbar: Run / Pause, Step, Stop, device, pace, readouts or the problem in their place,
/// Follow live, Compare, Export. It shows what it is told and tells what was pressed.
class MainToolbar : public QToolBar {
  Q_OBJECT

 public:
  explicit MainToolbar(QWidget* parent = nullptr);

  /// `tip` of the primary button: "Train as run 8".
  void setRunAction(RunAction action, const QString& tip);
  void setStepEnabled(bool enabled);
  void setStopEnabled(bool enabled);
  /// Id and text of each device; the last row may tell why there is no CUDA.
  void setDevices(const std::vector<engine::DeviceInfo>& devices, const QString& cuda_reason);
  void setDevice(const QString& id);
  void setPace(std::optional<double> steps_per_second);
  /// The choice after or before the present one.
  void changePace(int by);
  void setReadouts(const Readouts& readouts, bool is_training);
  /// Instead of the readouts, before anything was run: "Ready: ...".
  void setReadyText(const QString& text);
  /// Instead of everything else; an empty text takes it away.
  void setProblem(const QString& text, const QString& what);
  void setFollowing(bool following, bool is_live);
  /// `why_not`: what is missing where it cannot be pressed.
  void setCompare(bool is_on, bool can, const QString& why_not);
  void setTheme(const widgets::Theme& theme);
  void setCompact(bool compact);

  QPushButton* runButton() const { return m_run; }
  QPushButton* stepButton() const { return m_step; }
  QPushButton* stopButton() const { return m_stop; }
  QPushButton* followButton() const { return m_follow; }
  QPushButton* compareButton() const { return m_compare; }
  QPushButton* exportButton() const { return m_export; }
  QComboBox* deviceBox() const { return m_device; }
  QComboBox* paceBox() const { return m_pace; }
  QString readoutText() const;

 signals:
  void runPressed();
  void stepPressed();
  void stopPressed();
  void deviceChosen(const QString& id);
  void cudaReasonRequested();
  void paceChosen(std::optional<double> steps_per_second);
  void showProblemPressed();
  void followToggled(bool following);
  void compareToggled(bool is_on);
  void exportPressed();

 private:
  QPushButton* addButton(const QString& text, const QString& tip);
  void buildReadouts();
  void drawIcons();
  void showPage();

  widgets::Theme m_theme = widgets::Theme::dark();
  QColor m_follow_dot;
  RunAction m_action = RunAction::None;
  bool m_is_compact = false;
  QString m_problem_text;
  QString m_ready_text;
  std::vector<engine::DeviceInfo> m_devices;
  QPushButton* m_run = nullptr;
  QPushButton* m_step = nullptr;
  QPushButton* m_stop = nullptr;
  QComboBox* m_device = nullptr;
  QComboBox* m_pace = nullptr;
  QStackedWidget* m_pages = nullptr;
  QLabel* m_ready = nullptr;
  QLabel* m_step_text = nullptr;
  QProgressBar* m_progress = nullptr;
  QLabel* m_speed = nullptr;
  QLabel* m_eta = nullptr;
  QLabel* m_problem = nullptr;
  QPushButton* m_show_problem = nullptr;
  QPushButton* m_follow = nullptr;
  QPushButton* m_compare = nullptr;
  QAction* m_compare_place = nullptr;  ///< hides it where there is no room
  QPushButton* m_export = nullptr;
};

/// "0:52", "1:02:05"
QString formatSeconds(std::int64_t seconds);

}  // namespace anchorlens::app
