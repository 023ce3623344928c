// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/composer/field_row.h"

#include "widgets/composer/pointers.h"
#include "widgets/composer/problem_lines.h"
#include "widgets/composer/tab_order.h"
#include "widgets/icons.h"

#include <QHBoxLayout>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <iterator>
#include <utility>

namespace anchorlens::widgets {

FieldRow::FieldRow(QString pointer, QWidget* parent)
    : QWidget(parent), m_pointer(std::move(pointer)) {
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(0, 0, 0, 0);
  outer->setSpacing(4);
  m_line = new QHBoxLayout;
  m_line->setSpacing(8);
  m_below = new QVBoxLayout;
  m_below->setSpacing(4);
  m_problem_lines = new ProblemLines(this);
  outer->addLayout(m_line);
  outer->addLayout(m_below);
  outer->addWidget(m_problem_lines);
  connect(m_problem_lines, &ProblemLines::rebuilt, this, [this] { orderTabs(*this); });
  connect(m_problem_lines, &ProblemLines::repairChosen, this,
          [this](const core::ExperimentSpec& next, const QString& label) {
            emit edited(next, label, {});
          });
}

FormField* FieldRow::addField(FieldSpec spec, int stretch) {
  spec.quiet = true;
  auto* field = new FormField(std::move(spec), this, false);
  connect(field, &FormField::edited, this, &FieldRow::store);
  connect(field, &FormField::textProblemChanged, this, &FieldRow::textProblemChanged);
  m_fields.push_back(field);
  m_line->addWidget(field, stretch, Qt::AlignTop);
  return field;
}

QWidget* FieldRow::addRemoveButton(const QString& name) {
  m_remove = new QToolButton(this);
  m_remove->setProperty("role", "flat");
  m_remove->setIcon(icon(QStringLiteral("close"), Theme::dark().text_second));
  m_remove->setAccessibleName(name);
  m_remove->setToolTip(name);
  m_remove->setFocusPolicy(Qt::TabFocus);
  connect(m_remove, &QToolButton::clicked, this, &FieldRow::removeRequested);
  m_line->addWidget(m_remove, 0, Qt::AlignTop);
  return m_remove;
}

void FieldRow::load(const core::ExperimentSpec& experiment, bool read_only) {
  m_experiment = experiment;
  for (FormField* field : m_fields) {
    if (read_only != m_is_read_only)
      field->setReadOnly(read_only);
    field->load(experiment);
  }
  m_is_read_only = read_only;
  if (m_remove != nullptr)
    m_remove->setEnabled(!read_only);
  showProblems();
}

void FieldRow::store(FormField* field) {
  if (m_is_read_only)
    return;
  core::ExperimentSpec next = m_experiment;
  const bool is_value = field->store(next);
  showProblems();
  if (!is_value)
    return;
  emit edited(next, tr("change %1").arg(undoName(*field)), field->mergeKey());
}

QString FieldRow::undoName(const FormField& field) const {
  const FieldSpec& spec = field.spec();
  return spec.undo_name.isEmpty() ? spec.label.toLower() : spec.undo_name;
}

void FieldRow::setProblems(const core::SpecErrors& problems,
                           const std::vector<core::Repair>& repairs, bool stale) {
  m_rest.clear();
  m_repairs.clear();
  m_is_stale = stale;
  std::copy_if(repairs.begin(), repairs.end(), std::back_inserter(m_repairs),
               [&](const core::Repair& repair) {
                 return isAtOrBelow(repair.pointer, m_pointer.toStdString());
               });
  std::vector<core::SpecErrors> of_field(m_fields.size());
  for (const core::SpecError& problem : problems) {
    if (!isAtOrBelow(problem.pointer, m_pointer.toStdString()))
      continue;
    const auto owner = std::find_if(m_fields.begin(), m_fields.end(), [&](const FormField* field) {
      return isAtOrBelow(problem.pointer, field->spec().pointer.toStdString());
    });
    if (owner == m_fields.end())
      m_rest.push_back(problem);
    else
      of_field[static_cast<std::size_t>(owner - m_fields.begin())].push_back(problem);
  }
  for (std::size_t i = 0; i < m_fields.size(); ++i)
    m_fields[i]->setProblems(of_field[i]);
  showProblems();
}

/// What is said twice is shown once.
core::SpecErrors FieldRow::problems() const {
  core::SpecErrors all;
  const auto add = [&all](const core::SpecErrors& some) {
    for (const core::SpecError& problem : some) {
      const bool is_said = std::any_of(all.begin(), all.end(), [&](const core::SpecError& other) {
        return other.message == problem.message;
      });
      if (!is_said)
        all.push_back(problem);
    }
  };
  for (const FormField* field : m_fields)
    add(field->problems());
  add(m_rest);
  return all;
}

QStringList FieldRow::problemLines() const {
  QStringList lines;
  for (const core::SpecError& problem : problems())
    lines.append(QString::fromStdString(problem.message));
  return lines;
}

bool FieldRow::hasProblem() const {
  return !problems().empty();
}

void FieldRow::focusProblem() {
  const auto found = std::find_if(m_fields.begin(), m_fields.end(),
                                  [](const FormField* field) { return field->hasProblem(); });
  if (!m_fields.empty())
    (found == m_fields.end() ? m_fields.front() : *found)
        ->editor()
        ->setFocus(Qt::ShortcutFocusReason);
}

void FieldRow::showProblems() {
  m_problem_lines->setProblems(problems(), m_repairs);
  m_problem_lines->setStale(m_is_stale);
}

void FieldRow::setTheme(const Theme& theme) {
  for (FormField* field : m_fields)
    field->setTheme(theme);
  m_problem_lines->setTheme(theme);
  if (m_remove != nullptr)
    m_remove->setIcon(icon(QStringLiteral("close"), theme.text_second, theme.text_muted));
}

}  // namespace anchorlens::widgets
