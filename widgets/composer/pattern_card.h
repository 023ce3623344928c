// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/composer/composer_card.h"

class QComboBox;
class QPushButton;
class QSpinBox;

namespace anchorlens::widgets {

class FormField;
class FormRow;
class PresetBox;
struct OwnPreset;
class ProblemLines;
class TokenLegend;

/// What a sequence looks like and what the answer is: the forms with their patterns, the length,
/// the noise, and where the pattern stands.
class PatternCard : public ComposerCard {
  Q_OBJECT

 public:
  explicit PatternCard(QWidget* parent = nullptr);

  void setExperiment(const core::ExperimentSpec& experiment, bool read_only) override;
  void setProblems(const core::SpecErrors& problems,
                   const std::vector<core::Repair>& repairs) override;
  void setTheme(const Theme& theme) override;
  void setCompact(bool compact) override;
  bool focusFirstProblem() override;

  const std::vector<FormRow*>& rows() const { return m_rows; }
  FormRow* currentRow() const;
  FormField* length() const { return m_length; }
  FormField* noise() const { return m_noise; }
  QComboBox* position() const { return m_position; }
  QSpinBox* offset() const { return m_offset; }
  QPushButton* addFormButton() const { return m_add_form; }
  /// A pattern that was pasted: takes the place of the current form's.
  void pastePattern(const QString& text);
  void setOwnPresets(const std::vector<OwnPreset>& presets);
  /// Problems that this card shows.
  static bool owns(const std::string& pointer);

 signals:
  void presetChosen(const QString& name);
  void galleryRequested();
  void documentPasted(const QString& text);

 private:
  void buildForms();
  void buildFacts();
  void rebuildRows(std::size_t count);
  void showPosition();
  void changePosition();
  void addForm();
  void moveForm(int form, int by);
  void removeForm(int form);
  void storeField(FormField* field);
  void showFactProblems();

  core::ExperimentSpec m_experiment;
  core::SpecErrors m_problems;
  bool m_is_read_only = false;
  int m_current = 0;
  PresetBox* m_preset = nullptr;
  QVBoxLayout* m_form_layout = nullptr;
  std::vector<FormRow*> m_rows;
  QPushButton* m_add_form = nullptr;
  TokenLegend* m_legend = nullptr;
  FormField* m_length = nullptr;
  FormField* m_noise = nullptr;
  QComboBox* m_position = nullptr;
  QSpinBox* m_offset = nullptr;
  ProblemLines* m_fact_problems = nullptr;  ///< of length and noise
  std::vector<core::Repair> m_repairs;
  bool m_is_stale = false;  ///< the repairs are of an older experiment
};

/// What the shapes of tokens mean, and how they are typed.
class TokenLegend : public QWidget {
  Q_OBJECT

 public:
  explicit TokenLegend(QWidget* parent = nullptr);
  void setTheme(const Theme& theme);
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  Theme m_theme = Theme::dark();
};

}  // namespace anchorlens::widgets
