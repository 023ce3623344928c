// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/experiment.h"
#include "widgets/completing_edit.h"
#include "widgets/theme.h"

#include <QString>
#include <QStringList>
#include <QWidget>

#include <functional>
#include <utility>
#include <vector>

class QLabel;

namespace anchorlens::widgets {

/// How one field of the experiment file is shown, read and written; always as text, so that what
/// cannot be a value yet can stay in the field.
struct FieldSpec {
  enum class Kind {
    Line,       ///< one line
    Mono,       ///< one line of numbers or code
    Text,       ///< several lines of numbers
    Pattern,    ///< a pattern, coloured
    Operation,  ///< an operation or predicate, coloured
    Choice,     ///< one of `choices`
    Switch,     ///< "true" or "false"
  };
  Kind kind = Kind::Mono;
  QString pointer;  ///< JSON pointer; errors below it belong to the field
  QString label;
  QString spoken;  ///< accessible name where the label says too little alone; else the label
  QString tip;
  QString placeholder;  ///< what an empty field means: "never", "off"
  QString undo_name;    ///< "operation of anchor 2"; the label when empty
  std::vector<std::pair<QString, QString>> choices;  ///< value, text
  std::function<QString(const core::ExperimentSpec&)> get;
  /// Writes the text into the experiment; returns why it cannot, or nothing.
  std::function<QString(const QString&, core::ExperimentSpec&)> set;
  Completer complete;  ///< of a pattern or operation; may be empty
  /// False: the field is disabled, as it means nothing now. Empty: always true.
  std::function<bool(const core::ExperimentSpec&)> applies;
  bool wide = false;      ///< label above the editor
  bool no_label = false;  ///< a title says it; the accessible name keeps it
  bool beside = false;    ///< in a list's row: beside the field before it
  bool tight = false;     ///< the label takes no more room than it needs
  /// With `applies`: hidden while it does not apply.
  bool hides = false;
  /// Its errors are told elsewhere: by a line under the whole row.
  bool quiet = false;
};

/// One field of the form: label, editor and the errors that concern it. Escape brings the value
/// back that stood there before a text that is none.
class FormField : public QWidget {
  Q_OBJECT

 public:
  explicit FormField(FieldSpec spec, QWidget* parent = nullptr, bool with_label = true);

  const FieldSpec& spec() const { return m_spec; }
  QWidget* editor() const { return m_editor; }
  QString text() const;
  /// Shows the experiment's value. A text that is no value is kept while the value is the same.
  void load(const core::ExperimentSpec& experiment);
  void setReadOnly(bool read_only);
  /// Errors of the experiment that belong here; replaces the last ones.
  void setProblems(const std::vector<core::SpecError>& problems);
  /// Why the text is no value; empty when it is one.
  const QString& textProblem() const { return m_text_problem; }
  /// The same behind the field's name.
  QString namedTextProblem() const;
  bool hasProblem() const;
  /// What is wrong with the text or the value, each once.
  QStringList problemLines() const;
  /// The same as errors, for who shows them with their repairs; what is wrong with the text stands
  /// at the field's pointer.
  core::SpecErrors problems() const;
  void setTheme(const Theme& theme);
  /// Undo steps of one key merge; a new one begins when the field loses the focus.
  QString mergeKey() const;

  /// Puts the text into `experiment`; false (and textProblem() is set) when it is no value.
  bool store(core::ExperimentSpec& experiment);

 signals:
  void edited(anchorlens::widgets::FormField* field);
  /// textProblem() has changed.
  void textProblemChanged();

 protected:
  bool eventFilter(QObject* object, QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void buildEditor();
  void layOut(bool with_label);
  void showText(const QString& text);
  void setTextProblem(const QString& problem);
  void showProblems();
  void markLines(const QStringList& problems);

  FieldSpec m_spec;
  QLabel* m_label = nullptr;
  QWidget* m_editor = nullptr;
  QLabel* m_error = nullptr;
  QString m_loaded;
  QString m_seen;  ///< text of a document at its last change: rehighlighting is none
  bool m_has_loaded = false;
  bool m_is_loading = false;
  bool m_is_read_only = false;
  int m_typing_session = 0;
  QString m_text_problem;
  std::vector<core::SpecError> m_problems;
  QColor m_mark;  ///< behind the lines of a text that have a problem
};

/// A label that elides and then tells its text in a tooltip.
QLabel* makeElidingLabel(const QString& text, QWidget* parent);

}  // namespace anchorlens::widgets
