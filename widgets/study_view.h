// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/colour_map.h"
#include "widgets/study_choices.h"
#include "widgets/study_text.h"
#include "widgets/theme.h"

#include <QWidget>

#include <memory>
#include <optional>
#include <vector>

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QListWidget;
class QPushButton;
class QStackedWidget;

namespace anchorlens::widgets {

class PhaseView;
class StudyPlot;
class StudyStrips;

/// The Study tab: phase diagram, curves and head scores of one study, and lists of its settings and
/// runs. Feed it with setStudy whenever numbers have come; it draws when it is visible.
class StudyView : public QWidget {
  Q_OBJECT

 public:
  enum class Page { Phase, Curves, Heads };

  explicit StudyView(QWidget* parent = nullptr);

  /// The studies to choose from: id and name.
  void setStudies(const std::vector<std::pair<quint64, QString>>& studies, quint64 shown);
  /// New numbers of the shown study; null: none yet. Another plan starts anew.
  void setStudy(std::shared_ptr<const core::StudyData> study);
  /// The member that the window shows (-1: none of this study) and the step under the time cursor.
  void setShownMember(int member);
  void setTimeCursor(std::optional<std::int64_t> step);
  void setTheme(const Theme& theme);
  void setCompact(bool compact);
  void setMap(ColourMap map);

  Page page() const;
  void setPage(Page page);
  /// They are kept for a study whose numbers are still to come.
  StudyChoices choices() const;
  void setChoices(const StudyChoices& choices);
  void focusPage();  ///< to the diagram, or to the list that has its settings
  const std::shared_ptr<const core::StudyData>& study() const { return m_data; }
  core::PhaseChoice phaseChoice() const;
  CurveChoice curveChoice() const;
  std::size_t setting() const { return m_setting; }
  /// The numbers of the page, as the table and the CSV file have them.
  NumberTable numbers() const;

  PhaseView* phase() const { return m_phase; }
  StudyPlot* plot() const { return m_plot; }
  StudyStrips* strips() const { return m_strips; }
  QComboBox* numberBox() const { return m_number; }
  QComboBox* axisBox(bool is_x) const { return is_x ? m_x : m_y; }
  QComboBox* timeBox() const { return m_time; }
  QCheckBox* greyBox() const { return m_grey; }
  QDoubleSpinBox* greyBelow() const { return m_grey_below; }
  QListWidget* runList() const { return m_runs; }
  QListWidget* settingList() const { return m_settings; }
  QLabel* line() const { return m_line; }
  /// How often something was computed and handed to a page: for tests.
  int updates() const { return m_updates; }

  static constexpr std::size_t kMostSettings = 8;

 signals:
  void studyChosen(quint64 id);
  /// These runs are to be opened; `shown` of them is to be shown.
  void runsTaken(const std::vector<quint64>& members, quint64 shown);
  void pageChanged();
  void choicesChanged();  ///< by the person
  void refilled();        ///< by a study: choices() may be others

 protected:
  void showEvent(QShowEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  // study_view_build.cpp
  QWidget* buildTop();
  QWidget* buildPhase();
  QWidget* buildSide();
  QPushButton* makeSegment(const QString& text, const char* place, Page page, QWidget* parent);

  void startAnew();
  void applyWanted(bool none_is_chosen);
  void fillNumbers();
  void fillAxes();
  void fillSettings();
  void fillGroups();
  void fillRuns();
  void axisChosen(QComboBox* box);
  void fillRest();
  void phaseChanged();
  void curvesChanged();
  void settingTicked(int row);
  void showLine();
  void showPage();
  void markSettings();
  /// Everything that the visible page needs; later when nothing is visible.
  void refresh();
  void takeCell();
  void takeRun(std::size_t member);
  std::vector<std::size_t> listedMembers() const;

  std::shared_ptr<const core::StudyData> m_data;
  Theme m_theme = Theme::dark();
  std::optional<std::int64_t> m_cursor;
  int m_shown = -1;
  std::size_t m_setting = 0;
  std::vector<std::size_t> m_ticked;  ///< settings with curves, in order of colour
  StudyChoices m_wanted;  ///< what was chosen last, of a study that may not be there yet
  bool m_is_filling = false;
  int m_updates = 0;

  QComboBox* m_studies = nullptr;
  QLabel* m_state = nullptr;
  std::vector<QPushButton*> m_segments;
  QStackedWidget* m_pages = nullptr;
  QWidget* m_phase_controls = nullptr;
  QComboBox* m_number = nullptr;
  QComboBox* m_time = nullptr;
  QComboBox* m_x = nullptr;
  QComboBox* m_y = nullptr;
  QLabel* m_rest_label = nullptr;
  QComboBox* m_rest = nullptr;  ///< value of the third axis
  QCheckBox* m_grey = nullptr;
  QDoubleSpinBox* m_grey_below = nullptr;
  QComboBox* m_groups = nullptr;
  QWidget* m_curve_controls = nullptr;
  PhaseView* m_phase = nullptr;
  StudyPlot* m_plot = nullptr;
  StudyStrips* m_strips = nullptr;
  QLabel* m_line = nullptr;  ///< what the page says of its cell or setting
  QLabel* m_settings_label = nullptr;
  QListWidget* m_settings = nullptr;
  QLabel* m_runs_label = nullptr;
  QListWidget* m_runs = nullptr;
};

}  // namespace anchorlens::widgets
