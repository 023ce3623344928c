// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/panel_checks.h"
#include "widgets/theme.h"

#include <QFrame>
#include <QString>

#include <vector>

class QHBoxLayout;
class QLabel;
class QVBoxLayout;

namespace anchorlens::widgets {

/// One card of the Composer: a title line, what the card edits or shows under it, and the problems
/// that concern it. A card owns no document: it shows the experiment that it is given and tells
/// what the user wants by edited(); the new state comes back through setExperiment().
class ComposerCard : public QFrame {
  Q_OBJECT

 public:
  explicit ComposerCard(const QString& title, QWidget* parent = nullptr);

  /// The document; called after every change of it, those of this card included. Keeps focus,
  /// cursor and a text that is being typed while its value is the same.
  virtual void setExperiment(const core::ExperimentSpec& experiment, bool read_only) = 0;
  /// Every problem of the experiment, and what repairs some of them; a card shows those whose
  /// pointer is its own. A repair is offered until the experiment changes.
  virtual void setProblems(const core::SpecErrors& problems,
                           const std::vector<core::Repair>& repairs);
  /// What was computed of it: task, samples, counts.
  virtual void setChecks(const ExperimentChecks& checks);
  virtual void setTheme(const Theme& theme);
  /// Less room: shorter labels, smaller gaps.
  virtual void setCompact(bool compact);
  /// Shows and focuses the first thing of this card that has a problem; false when there is none.
  virtual bool focusFirstProblem();

  QString title() const;

 signals:
  /// One change: `text` continues "Undo ..."; edits of one non-empty `merge_key` that follow each
  /// other are one step.
  void edited(const anchorlens::core::ExperimentSpec& next, const QString& text,
              const QString& merge_key);
  /// The text of one of its fields is no value, or is one again.
  void textProblemChanged();

 protected:
  const Theme& theme() const { return m_theme; }
  /// Right of the title: presets, a link, a count.
  QHBoxLayout* titleRow() const { return m_title_row; }
  /// Under the title.
  QVBoxLayout* body() const { return m_body; }

 private:
  Theme m_theme = Theme::dark();
  QLabel* m_title = nullptr;
  QHBoxLayout* m_title_row = nullptr;
  QVBoxLayout* m_body = nullptr;
};

}  // namespace anchorlens::widgets
