// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/repair.h"
#include "widgets/theme.h"

#include <QString>
#include <QWidget>

#include <vector>

class QVBoxLayout;

namespace anchorlens::widgets {

/// Problems, one below the other: an icon, what is wrong, and up to two repairs as buttons.
class ProblemLines : public QWidget {
  Q_OBJECT

 public:
  explicit ProblemLines(QWidget* parent = nullptr);

  /// `repairs` may be those of other problems too: a line shows those of its pointer.
  void setProblems(const core::SpecErrors& problems, const std::vector<core::Repair>& repairs);
  /// The experiment has changed since: repairs would bring back what it was.
  void setStale(bool stale);
  void setTheme(const Theme& theme);
  const core::SpecErrors& problems() const { return m_problems; }

 signals:
  /// There are other buttons now.
  void rebuilt();
  void repairChosen(const anchorlens::core::ExperimentSpec& next, const QString& label);

 private:
  void rebuild();
  QWidget* buildLine(const core::SpecError& problem);

  core::SpecErrors m_problems;
  std::vector<core::Repair> m_repairs;
  Theme m_theme = Theme::dark();
  QVBoxLayout* m_layout = nullptr;
  bool m_is_stale = false;
};

/// A pointer for people, counted from 1: "/task/forms/0/pattern" is "task › forms › 1 › pattern".
QString placeOf(const std::string& pointer);

}  // namespace anchorlens::widgets
