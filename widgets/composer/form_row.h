// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/experiment.h"
#include "engine/core/language/language.h"
#include "engine/core/repair.h"
#include "widgets/theme.h"

#include <QTimer>
#include <QWidget>

#include <optional>
#include <string>

class QLabel;
class QProgressBar;
class QToolButton;

namespace anchorlens::widgets {

class ChipRow;
class FormField;
class PatternLine;
class ProblemLines;

/// One form of the mixture: its pattern as a line and as chips, both views of one tree, and its
/// weight where there are several.
class FormRow : public QWidget {
  Q_OBJECT

 public:
  static constexpr int kParseMs = 150;

  FormRow(int form, QWidget* parent = nullptr);

  void load(const core::ExperimentSpec& experiment, bool read_only);
  /// Problems below /task/forms/<form>, and repairs of any.
  void setProblems(const core::SpecErrors& problems, const std::vector<core::Repair>& repairs);
  bool hasProblem() const;
  void focusProblem();
  void setTheme(const Theme& theme);

  int form() const { return m_form; }
  PatternLine* line() const { return m_line; }
  ChipRow* chips() const { return m_chips; }
  FormField* weight() const { return m_weight; }
  QString problemText() const;
  /// The last pattern that could be read; empty before there was one.
  const std::optional<core::Pattern>& pattern() const { return m_pattern; }

 signals:
  void edited(const anchorlens::core::ExperimentSpec& next, const QString& text,
              const QString& merge_key);
  /// That of the weight has changed.
  void textProblemChanged();
  void moveRequested(int by);
  void removeRequested();
  /// Line or chips have got the focus.
  void focused(int form);
  /// The text parses again, or no longer.
  void parsed();

 protected:
  bool eventFilter(QObject* object, QEvent* event) override;

 private:
  void buildWeight();
  void onTyped();
  void parse();
  void onChips(const core::Pattern& next, const QString& text);
  core::ExperimentSpec typingBase();
  void endTyping();
  ProblemLines* makeProblems();
  void showProblems();
  void showWeightProblems();
  core::SpecErrors patternProblems() const;
  QString undoText(const QString& what) const;
  void storeField(FormField* field);

  int m_form = 0;
  PatternLine* m_line = nullptr;
  ChipRow* m_chips = nullptr;
  QWidget* m_weight_row = nullptr;
  FormField* m_weight = nullptr;
  QProgressBar* m_share = nullptr;
  QLabel* m_share_text = nullptr;
  QToolButton* m_up = nullptr;
  QToolButton* m_down = nullptr;
  QToolButton* m_remove = nullptr;
  ProblemLines* m_problem_lines = nullptr;  ///< of the pattern
  ProblemLines* m_weight_problems = nullptr;
  QTimer m_parse_timer;
  core::ExperimentSpec m_experiment;
  /// The experiment when typing began: what goes with the pattern follows from it and the text, not
  /// from what stood there in between.
  std::optional<core::ExperimentSpec> m_typing_base;
  core::ExperimentSpec m_sent;
  int m_typing_session = 0;
  std::string m_readable;  ///< the last pattern of the document that could be read
  QString m_seen;
  bool m_is_loading = false;
  bool m_is_read_only = false;
  std::optional<core::Pattern> m_pattern;
  std::optional<core::LanguageError> m_language_error;
  QString m_chip_problem;
  core::SpecErrors m_problems;
  std::vector<core::Repair> m_repairs;
  bool m_is_stale = false;  ///< the repairs are of an older experiment
};

}  // namespace anchorlens::widgets
