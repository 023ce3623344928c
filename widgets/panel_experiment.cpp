// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panel_experiment.h"

#include "widgets/icons.h"
#include "widgets/model_drawing.h"
#include "widgets/panel_samples.h"
#include "widgets/preset_box.h"
#include "widgets/record_ticks.h"
#include "widgets/schedule_curve.h"

#include <QFrame>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QTabWidget>

#include <algorithm>
#include <utility>

namespace anchorlens::widgets {

namespace {

/// Whether an error at `pointer` belongs to the field or list at `owner`.
bool isBelow(const QString& pointer, const QString& owner) {
  return pointer == owner || pointer.startsWith(owner + QLatin1Char('/'));
}

}  // namespace

std::vector<FormField*> ExperimentPanel::fieldsOf(const Tab& tab) const {
  std::vector<FormField*> all = tab.fields;
  for (const FormList* list : tab.lists)
    all.insert(all.end(), list->fields().begin(), list->fields().end());
  return all;
}

const std::vector<FormField*> ExperimentPanel::fields() const {
  std::vector<FormField*> all;
  for (const Tab& tab : m_tabs) {
    const auto some = fieldsOf(tab);
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

FormField* ExperimentPanel::field(const QString& pointer) const {
  for (FormField* field : fields()) {
    if (field->spec().pointer == pointer)
      return field;
  }
  return nullptr;
}

void ExperimentPanel::showDraft(const core::ExperimentSpec& experiment, const QString& note) {
  m_draft_title->show();
  m_draft_note->show();
  m_compare->show();
  m_draft_note->setText(note);
  m_lock_line->hide();
  load(experiment, false);
}

void ExperimentPanel::showRun(const core::ExperimentSpec& experiment, const QString& line,
                              bool has_draft) {
  m_draft_title->hide();
  m_draft_note->hide();
  m_compare->hide();
  m_lock_line->show();
  m_lock_text->setToolTip({});
  m_lock_text->setText(line);
  m_to_draft->setVisible(has_draft);
  load(experiment, true);
}

void ExperimentPanel::load(const core::ExperimentSpec& experiment, bool read_only) {
  m_experiment = experiment;
  const bool was_read_only = std::exchange(m_is_read_only, read_only);
  for (Tab& tab : m_tabs) {
    for (FormList* list : tab.lists) {
      if (was_read_only != read_only)
        list->setReadOnly(read_only);
      list->load(experiment);
    }
    for (FormField* field : tab.fields) {
      if (was_read_only != read_only)
        field->setReadOnly(read_only);
      field->load(experiment);
    }
  }
  m_preset->setEnabled(!read_only);
  m_preset->showPreset(experiment);
  showDrawings();
}

void ExperimentPanel::setOwnPresets(const std::vector<OwnPreset>& presets) {
  m_preset->setOwnPresets(presets);
  m_preset->showPreset(m_experiment);
}

void ExperimentPanel::store(FormField* field) {
  if (m_is_read_only)
    return;
  core::ExperimentSpec next = m_experiment;
  if (!field->store(next)) {
    emit problemsChanged();
    return;
  }
  const auto& spec = field->spec();
  const QString name = spec.undo_name.isEmpty() ? spec.label.toLower() : spec.undo_name;
  const bool is_same = next == m_experiment;
  emit edited(next, tr("change %1").arg(name), field->mergeKey());
  if (is_same)
    emit problemsChanged();
}

void ExperimentPanel::change(const std::function<void(core::ExperimentSpec&)>& change,
                             const QString& text) {
  core::ExperimentSpec next = m_experiment;
  change(next);
  emit edited(next, text, {});
}

void ExperimentPanel::setChecks(const ExperimentChecks& checks) {
  m_checks = checks;
  m_samples->setSamples(checks.task, checks.samples);
  m_samples->setStale(!checks.problems.empty());
  m_samples->parentWidget()->parentWidget()->setFixedHeight(m_samples->sizeHint().height() + 12);
  showCounts();
  showProbeRows();
  showSpeed();
  showProblems();
}

void ExperimentPanel::showProblems() {
  std::vector<core::SpecError> rest = m_is_read_only ? core::SpecErrors{} : m_checks.problems;
  // The deepest owner takes an error: a field before its list, a list before the panel.
  std::vector<std::pair<QString, std::function<void(const core::SpecErrors&)>>> owners;
  for (const Tab& tab : m_tabs) {
    for (FormField* field : fieldsOf(tab)) {
      owners.emplace_back(field->spec().pointer,
                          [field](const core::SpecErrors& e) { field->setProblems(e); });
    }
    for (FormList* list : tab.lists) {
      owners.emplace_back(list->spec().pointer,
                          [list](const core::SpecErrors& e) { list->setProblems(e); });
    }
  }
  std::stable_sort(owners.begin(), owners.end(),
                   [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
  for (const auto& [owner, show] : owners) {
    const auto& pointer = owner;
    core::SpecErrors own;
    const auto taken = std::stable_partition(rest.begin(), rest.end(), [&](const auto& error) {
      return !isBelow(QString::fromStdString(error.pointer), pointer);
    });
    own.assign(taken, rest.end());
    rest.erase(taken, rest.end());
    show(own);
  }
  QStringList lines;
  for (const auto& error : rest)
    lines.append(QString::fromStdString(error.message));
  m_general_problem->setText(lines.join(QLatin1Char('\n')));
  m_general_problem->setVisible(!lines.isEmpty());
  emit problemsChanged();
}

std::vector<core::SpecError> ExperimentPanel::textProblems() const {
  std::vector<core::SpecError> all;
  if (m_is_read_only)
    return all;
  for (const FormField* field : fields()) {
    if (!field->textProblem().isEmpty())
      all.push_back({field->spec().pointer.toStdString(), field->namedTextProblem().toStdString()});
  }
  return all;
}

std::vector<core::SpecError> ExperimentPanel::problems() const {
  std::vector<core::SpecError> all = textProblems();
  if (!m_is_read_only)
    all.insert(all.end(), m_checks.problems.begin(), m_checks.problems.end());
  return all;
}

int ExperimentPanel::problemCount() const {
  return static_cast<int>(problems().size());
}

std::optional<FormTab> ExperimentPanel::firstProblemTab() const {
  for (std::size_t tab = 0; tab < m_tabs.size(); ++tab) {
    const auto some = fieldsOf(m_tabs[tab]);
    const auto& lists = m_tabs[tab].lists;
    if (std::any_of(some.begin(), some.end(),
                    [](const auto* field) { return field->hasProblem(); }) ||
        std::any_of(lists.begin(), lists.end(),
                    [](const auto* list) { return list->hasProblem(); }))
      return static_cast<FormTab>(tab);
  }
  return std::nullopt;
}

bool ExperimentPanel::focusFirstProblem() {
  const auto tab = firstProblemTab();
  if (!tab)
    return false;
  setCurrentTab(*tab);
  auto* scroll = qobject_cast<QScrollArea*>(m_tab_widget->currentWidget());
  const Tab& shown = m_tabs[static_cast<std::size_t>(*tab)];
  for (FormField* field : fieldsOf(shown)) {
    if (field->hasProblem()) {
      field->editor()->setFocus(Qt::ShortcutFocusReason);
      scroll->ensureWidgetVisible(field);
      return true;
    }
  }
  for (FormList* list : shown.lists) {
    if (list->hasProblem()) {
      list->addButton()->setFocus(Qt::ShortcutFocusReason);
      scroll->ensureWidgetVisible(list);
      return true;
    }
  }
  return false;
}

bool ExperimentPanel::focusField(const QString& pointer) {
  for (std::size_t tab = 0; tab < m_tabs.size(); ++tab) {
    for (FormField* field : fieldsOf(m_tabs[tab])) {
      if (field->spec().pointer != pointer)
        continue;
      setCurrentTab(static_cast<FormTab>(tab));
      qobject_cast<QScrollArea*>(m_tab_widget->currentWidget())->ensureWidgetVisible(field);
      field->editor()->setFocus(Qt::ShortcutFocusReason);
      return true;
    }
  }
  return false;
}

FormTab ExperimentPanel::currentTab() const {
  return static_cast<FormTab>(m_tab_widget->currentIndex());
}

void ExperimentPanel::setCurrentTab(FormTab tab) {
  m_tab_widget->setCurrentIndex(static_cast<int>(tab));
}

void ExperimentPanel::setTheme(const Theme& theme) {
  m_theme = theme;
  m_samples->setTheme(theme);
  m_to_draft->setIcon(icon(QStringLiteral("back"), theme.accent));
  m_drawing->setTheme(theme);
  m_schedule->setTheme(theme);
  m_ticks->setTheme(theme);
  m_probe_rows->setTheme(theme);
  m_lock_icon->setPixmap(icon(QStringLiteral("lock"), theme.text_second).pixmap(16, 16));
  for (Tab& tab : m_tabs) {
    for (FormField* field : tab.fields)
      field->setTheme(theme);
    for (FormList* list : tab.lists)
      list->setTheme(theme);
  }
}

void ExperimentPanel::setCompact(bool compact) {
  m_is_compact = compact;
  m_samples->setCompact(compact);
  m_probe_rows->setCompact(compact);
}

NumberTable ExperimentPanel::sampleNumbers() const {
  return m_samples->numbers();
}

}  // namespace anchorlens::widgets
