// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/main_window.h"
#include "engine/core/experiment/edit_held_out.h"
#include "widgets/panel_form.h"

#include <QString>

namespace anchorlens::tests {

/// Works the window as a person does: finds controls by their accessible names, turns the wheel
/// until they are seen, clicks where they are seen, and types. Events go to the window, not to the
/// control, so that what covers a control, or takes its keys, is noticed.
///
/// The first thing that cannot be done stays in problem(), and nothing is done after it.
class ComposerDriver {
 public:
  explicit ComposerDriver(app::MainWindow& window) : m_window(window) {}
  const QString& problem() const { return m_problem; }

  /// Ctrl+N, Ctrl+1, and what the new draft has of a task is removed: pattern, anchors, rules.
  void newEmptyDraft();
  void typePattern(const QString& text, int form = 1);
  /// "Add form", and its pattern.
  void addForm(int form, const QString& pattern);
  /// "Add anchor", its operation and, where it is not the one proposed, its token.
  void addAnchor(int token, const QString& operation);
  /// For a token of the pattern that is applied and has no operation yet.
  void addMissingAnchor(int token, const QString& operation);
  /// "20-27": keys that the anchor is never trained with.
  void setAnchorKeys(int token, const QString& intervals);
  /// "1-4, 9": which anchors a variable may be.
  void allowAnchors(const QString& variable, const QString& tokens);
  void drawKeysFrom(const QString& key, const QString& intervals);
  /// Held-out rules, added as rule `rule` of the task, counted from 1.
  void holdOutResidue(const QString& key, int rule = 1);
  void holdOutExpression(const QString& expression, int rule = 1);
  void paintPair(int first, int second, core::CombinationState state);
  /// Enter on a pair's cell.
  void relabelPair(int first, int second, const QString& operation);

  /// A field of the Composer, or of a tab of the Experiment dock: a text, an entry of a list, or
  /// "on" and "off".
  void setField(const QString& name, const QString& value) { set(*composer(), name, value); }
  void setField(widgets::FormTab tab, const QString& name, const QString& value);

  void clickButton(QWidget& in, const QString& name);
  void press(int key, Qt::KeyboardModifiers modifiers = {});
  QWidget* composer() const;

 private:
  QWidget* find(QWidget& in, const QString& name);
  void set(QWidget& in, const QString& name, const QString& value);
  void choose(QWidget& list, const QString& entry);
  void chooseInMenu(QWidget& in, const QString& name, const QString& entry);
  bool reveal(QWidget& widget, const QPoint& at);
  void click(QWidget& widget, const QPoint& at);
  void click(QWidget& widget);
  void type(const QString& text);
  void replaceText(QWidget& editor, const QString& text);
  /// Where a pair's cell is; none and a problem when there is no such cell.
  QRect pairCell(int first, int second);
  void fail(const QString& what);

  app::MainWindow& m_window;
  QString m_problem;
};

}  // namespace anchorlens::tests
