// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/theme.h"

#include <QWidget>

#include <cstdint>
#include <optional>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QToolButton;

namespace anchorlens::widgets {

/// The timeline's row of controls.
class TimelineBar : public QWidget {
  Q_OBJECT

 public:
  explicit TimelineBar(QWidget* parent = nullptr);

  struct State {
    bool has_run = false;
    std::int64_t step = 0;
    int frame = -1;  ///< index
    int frames = 0;
    std::int64_t behind = 0;  ///< steps behind live; 0: not behind, or nothing trains
    bool is_playing = false;
    bool operator==(const State&) const = default;
  };
  void setState(const State& state);
  void setTheme(const Theme& theme);
  void setCompact(bool compact);
  void setLogarithmic(bool on);
  void setSmoothing(int level);
  void setReplayRate(double frames_per_second);
  void setEmptyText(const QString& text);
  QLineEdit* stepField() const { return m_step; }

 signals:
  void firstClicked();
  void previousClicked();
  void playClicked();
  void nextClicked();
  void newestClicked();
  void stepEntered(std::int64_t step);
  void goLiveClicked();
  void smoothingChosen(int level);
  void rateChosen(double frames_per_second);
  void logarithmicChosen(bool on);
  void told(const QString& text);  ///< one line: what was typed is no step

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  QToolButton* addButton(const QString& name, void (TimelineBar::*clicked)());
  void buildRight();
  std::optional<std::int64_t> enteredStep() const;
  void enterStep();
  void fit();
  int neededWidth() const;

  State m_state;
  Theme m_theme = Theme::dark();
  QToolButton* m_first = nullptr;
  QToolButton* m_previous = nullptr;
  QToolButton* m_play = nullptr;
  QToolButton* m_next = nullptr;
  QToolButton* m_newest = nullptr;
  QComboBox* m_rate = nullptr;
  QLabel* m_title = nullptr;
  QLabel* m_empty = nullptr;
  QLabel* m_step_label = nullptr;
  QLineEdit* m_step = nullptr;
  QLabel* m_frame = nullptr;
  QLabel* m_behind = nullptr;
  QPushButton* m_go_live = nullptr;
  QLabel* m_smoothing_label = nullptr;
  QComboBox* m_smoothing = nullptr;
  QPushButton* m_linear = nullptr;
  QPushButton* m_log = nullptr;
  bool m_is_compact = false;
};

}  // namespace anchorlens::widgets
