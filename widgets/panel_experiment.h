// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/number_table.h"
#include "widgets/panel_checks.h"
#include "widgets/panel_form.h"
#include "widgets/theme.h"

#include <QWidget>

#include <array>
#include <optional>
#include <vector>

class QFrame;
class QLabel;
class QPushButton;
class QScrollArea;
class QTabWidget;
class QVBoxLayout;

namespace anchorlens::widgets {

class ModelDrawing;
class RecordTicks;
class ScheduleCurve;
class FactRows;
class PresetBox;
struct OwnPreset;
class SampleList;

/// The Experiment dock: a form over every field of the experiment file, on four tabs. It edits
/// nothing itself: it tells what the user wants and shows what it is given.
class ExperimentPanel : public QWidget {
  Q_OBJECT

 public:
  explicit ExperimentPanel(QWidget* parent = nullptr);

  /// The draft, editable; `note` stands beside "Draft": "not yet run".
  void showDraft(const core::ExperimentSpec& experiment, const QString& note);
  /// A run's settings, read-only under a line such as "Settings of run 7, in training".
  /// `has_draft`: offer the way back to it.
  void showRun(const core::ExperimentSpec& experiment, const QString& line, bool has_draft);
  bool isReadOnly() const { return m_is_read_only; }

  /// Problems, samples and counts of what is shown.
  void setChecks(const ExperimentChecks& checks);
  /// How fast what is shown trains here; its time is told beside the number of steps.
  void setSpeed(const TrainingSpeed& speed);
  void setOwnPresets(const std::vector<OwnPreset>& presets);
  void setTheme(const Theme& theme);
  void setCompact(bool compact);

  /// Shows and focuses a field, on whichever tab it is; false when there is none of that pointer.
  bool focusField(const QString& pointer);
  FormTab currentTab() const;
  void setCurrentTab(FormTab tab);
  /// Shows and focuses the first field with an error; false when there is none.
  bool focusFirstProblem();
  /// Every error, those of texts that are no values included, and the tab of the first.
  int problemCount() const;
  std::optional<FormTab> firstProblemTab() const;
  std::vector<core::SpecError> problems() const;
  /// Those of texts that are no values alone.
  std::vector<core::SpecError> textProblems() const;

  const std::vector<FormField*> fields() const;
  FormField* field(const QString& pointer) const;
  NumberTable sampleNumbers() const;

 signals:
  /// `text` continues "Undo ..."; edits of one non-empty `merge_key` are one step.
  void edited(const anchorlens::core::ExperimentSpec& experiment, const QString& text,
              const QString& merge_key);
  void presetChosen(const QString& name);
  void galleryRequested();
  /// What differs from another experiment is wanted.
  void compareRequested();
  void editCopyRequested();
  void draftRequested();
  void newSamplesRequested();
  void composerRequested();
  /// problemCount() may have changed.
  void problemsChanged();
  void tabChanged(anchorlens::widgets::FormTab tab);

 private:
  struct Tab {
    QVBoxLayout* layout = nullptr;
    std::vector<FormField*> fields;
    std::vector<FormList*> lists;
  };

  void buildHeader(QVBoxLayout* outer);
  void buildTab(FormTab tab);
  void addItem(Tab& tab, const FieldSpec& spec);
  void addItem(Tab& tab, const ListSpec& spec);
  void addItem(Tab& tab, const FormTitle& title);
  void addItem(Tab& tab, FormSlot slot);
  QWidget* buildPreset();
  QWidget* buildSamples();
  QWidget* buildProbeRows();
  QScrollArea* scrolled(SampleList* samples, QWidget* parent);
  void load(const core::ExperimentSpec& experiment, bool read_only);
  void store(FormField* field);
  void change(const std::function<void(core::ExperimentSpec&)>& change, const QString& text);
  void showProblems();
  void showCounts();
  void showSizes();
  void showDrawings();
  void showSpeed();
  void showProbeRows();
  void writeOutProbe();
  std::vector<FormField*> fieldsOf(const Tab& tab) const;

  std::array<Tab, kFormTabs> m_tabs;
  QTabWidget* m_tab_widget = nullptr;
  QLabel* m_draft_title = nullptr;
  QLabel* m_draft_note = nullptr;
  QFrame* m_lock_line = nullptr;
  QLabel* m_lock_text = nullptr;
  QLabel* m_lock_icon = nullptr;
  QPushButton* m_edit_copy = nullptr;
  QPushButton* m_to_draft = nullptr;
  QPushButton* m_compare = nullptr;
  PresetBox* m_preset = nullptr;
  QLabel* m_general_problem = nullptr;
  SampleList* m_samples = nullptr;
  QPushButton* m_new_samples = nullptr;
  ModelDrawing* m_drawing = nullptr;
  ScheduleCurve* m_schedule = nullptr;
  RecordTicks* m_ticks = nullptr;
  QLabel* m_speed_line = nullptr;
  FactRows* m_run_cost = nullptr;
  SampleList* m_probe_rows = nullptr;
  QPushButton* m_write_out = nullptr;
  FactRows* m_counts = nullptr;
  FactRows* m_sizes = nullptr;
  FactRows* m_frame_cost = nullptr;
  Theme m_theme = Theme::dark();
  core::ExperimentSpec m_experiment;
  ExperimentChecks m_checks;
  TrainingSpeed m_speed;
  bool m_is_read_only = false;
  bool m_is_compact = false;
};

}  // namespace anchorlens::widgets
