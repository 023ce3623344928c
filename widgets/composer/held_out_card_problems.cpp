// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/composer/field_row.h"
#include "widgets/composer/held_out_card.h"
#include "widgets/composer/key_section.h"
#include "widgets/composer/pair_section.h"
#include "widgets/composer/pointers.h"
#include "widgets/composer/problem_lines.h"
#include "widgets/panel_text.h"

#include <QPushButton>

#include <set>
#include <variant>

namespace anchorlens::widgets {

namespace {

/// i of "/task/held_out/i/expression"; -1: the pointer is not of this list.
int indexIn(const std::string& list, std::size_t n, const std::string& pointer) {
  for (std::size_t i = 0; i < n; ++i) {
    if (isAtOrBelow(pointer, list + "/" + std::to_string(i)))
      return static_cast<int>(i);
  }
  return -1;
}

}  // namespace

void HeldOutCard::setProblems(const core::SpecErrors& problems,
                              const std::vector<core::Repair>& repairs) {
  m_problems = problems;
  m_repairs = repairs;
  m_is_stale = false;
  showProblems();
}

/// What is said of a problem under all rows: of combinations that the matrix shows, and of the
/// lists as a whole. Empty when it has a row or is none of this card's.
QString HeldOutCard::generalLine(const core::SpecError& problem) const {
  const auto& task = m_experiment.task;
  const QString message = QString::fromStdString(problem.message);
  const int rule = indexIn("/task/held_out", task.held_out.size(), problem.pointer);
  const int relabel = indexIn("/task/relabel", task.relabel.size(), problem.pointer);
  if (rule < 0 && relabel < 0) {
    const bool is_own = problem.pointer == "/task/held_out" || problem.pointer == "/task/relabel";
    return is_own ? message : QString();
  }
  const int n_rules = static_cast<int>(task.held_out.size());
  if (!m_kinds[rule >= 0 ? rule : n_rules + relabel].isEmpty())
    return {};
  if (rule < 0)
    return formatValues(task.relabel[static_cast<std::size_t>(relabel)].values) +
           QStringLiteral(": ") + message;
  const auto* anchors =
      std::get_if<core::AnchorsRule>(&task.held_out[static_cast<std::size_t>(rule)]);
  return anchors == nullptr ? QString()
                            : formatValues(anchors->values) + QStringLiteral(": ") + message;
}

void HeldOutCard::showProblems() {
  const auto& anchors = m_experiment.task.anchors;
  const core::SpecErrors problems = m_is_read_only ? core::SpecErrors() : m_problems;
  std::set<int> broken;
  core::SpecErrors general;
  for (const core::SpecError& problem : problems) {
    const int anchor = indexIn("/task/anchors", anchors.size(), problem.pointer);
    if (anchor >= 0)
      broken.insert(anchors[static_cast<std::size_t>(anchor)].token);
    const QString line = generalLine(problem);
    if (!line.isEmpty())
      general.push_back({problem.pointer, line.toStdString()});
  }
  for (FieldRow* row : m_rows)
    row->setProblems(problems, m_repairs, m_is_stale);
  m_keys->setProblems(problems, m_repairs, m_is_stale);
  m_pairs->setBroken(broken);
  m_general->setProblems(general, m_repairs);
  m_general->setStale(m_is_stale);
}

bool HeldOutCard::focusFirstProblem() {
  for (FieldRow* row : m_rows) {
    if (row->hasProblem()) {
      row->focusProblem();
      return true;
    }
  }
  if (m_keys->focusFirstProblem())
    return true;
  if (m_general->problems().empty())
    return false;
  if (m_pairs->isVisibleTo(this))
    m_pairs->matrix()->setFocus(Qt::ShortcutFocusReason);
  else
    m_add->setFocus(Qt::ShortcutFocusReason);
  return true;
}

}  // namespace anchorlens::widgets
