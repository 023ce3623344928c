// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/composer/pattern_card.h"

#include "engine/core/experiment/edit_forms.h"
#include "engine/core/language/edit.h"
#include "widgets/composer/chip_row.h"
#include "widgets/composer/form_row.h"
#include "widgets/composer/pattern_line.h"
#include "widgets/composer/problem_lines.h"
#include "widgets/composer/tab_order.h"
#include "widgets/panel_form.h"
#include "widgets/preset_box.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>

namespace anchorlens::widgets {

namespace {

using Kind = core::Placement::Kind;

constexpr int kPresetWidth = 165;
constexpr int kLengthWidth = 56;
constexpr int kNoiseWidth = 96;
constexpr int kOffsetWidth = 56;

FieldSpec taskField(const QString& pointer) {
  for (const FormItem& item : formItems(FormTab::Task)) {
    const auto* field = std::get_if<FieldSpec>(&item);
    if (field != nullptr && field->pointer == pointer) {
      FieldSpec tight = *field;
      tight.tight = true;
      tight.quiet = true;
      return tight;
    }
  }
  return {};
}

bool isBelow(const std::string& pointer, const std::string& owner) {
  return (pointer + "/").starts_with(owner + "/");
}

std::string formPointer(int form) {
  return "/task/forms/" + std::to_string(form);
}

}  // namespace

PatternCard::PatternCard(QWidget* parent) : ComposerCard(tr("Pattern"), parent) {
  auto* label = new QLabel(tr("Preset"), this);
  label->setProperty("role", "second");
  m_preset = new PresetBox(this);
  m_preset->setMinimumWidth(kPresetWidth);
  titleRow()->addWidget(label);
  titleRow()->addWidget(m_preset);
  connect(m_preset, &PresetBox::presetChosen, this, &PatternCard::presetChosen);
  connect(m_preset, &PresetBox::galleryChosen, this, &PatternCard::galleryRequested);
  buildForms();
  buildFacts();
}

void PatternCard::buildForms() {
  m_form_layout = new QVBoxLayout;
  m_form_layout->setSpacing(12);
  body()->addLayout(m_form_layout);
  auto* row = new QHBoxLayout;
  m_legend = new TokenLegend(this);
  m_add_form = new QPushButton(tr("Add form"), this);
  m_add_form->setProperty("role", "link");
  m_add_form->setFocusPolicy(Qt::TabFocus);
  m_add_form->setToolTip(tr("Another pattern: sequences are drawn from all of them"));
  row->addWidget(m_legend, 1);
  row->addStretch(0);
  row->addWidget(m_add_form);
  body()->addLayout(row);
  connect(m_add_form, &QPushButton::clicked, this, &PatternCard::addForm);
}

void PatternCard::buildFacts() {
  auto* rule = new QFrame(this);
  rule->setProperty("role", "rule");
  body()->addWidget(rule);
  auto* row = new QHBoxLayout;
  row->setSpacing(12);
  m_length = new FormField(taskField(QStringLiteral("/task/seq_len")), this);
  m_length->editor()->setFixedWidth(kLengthWidth);
  m_noise = new FormField(taskField(QStringLiteral("/task/noise")), this);
  m_noise->editor()->setFixedWidth(kNoiseWidth);
  m_position = new QComboBox(this);
  m_position->setAccessibleName(tr("Position"));
  m_position->setToolTip(tr("Where the pattern stands: changes the gaps at its ends"));
  m_position->setFocusPolicy(Qt::TabFocus);
  m_position->addItem(tr("Anywhere"), static_cast<int>(Kind::Anywhere));
  m_position->addItem(tr("Fixed"), static_cast<int>(Kind::Fixed));
  m_position->addItem(tr("Last possible"), static_cast<int>(Kind::Last));
  m_offset = new QSpinBox(this);
  m_offset->setRange(0, 1023);
  m_offset->setFixedWidth(kOffsetWidth);
  m_offset->setAccessibleName(tr("First position"));
  m_offset->setToolTip(tr("Position of the first token of the pattern, counted from 0"));
  auto* label = new QLabel(tr("Position"), this);
  label->setBuddy(m_position);
  auto* position = new QHBoxLayout;
  position->setSpacing(8);
  for (QWidget* widget : {static_cast<QWidget*>(label), static_cast<QWidget*>(m_position),
                          static_cast<QWidget*>(m_offset)})
    position->addWidget(widget);
  row->addWidget(m_length, 0, Qt::AlignTop);
  row->addWidget(m_noise, 0, Qt::AlignTop);
  row->addLayout(position);
  row->setAlignment(position, Qt::AlignTop);
  row->addStretch(1);
  body()->addLayout(row);
  m_fact_problems = new ProblemLines(this);
  body()->addWidget(m_fact_problems);
  connect(m_fact_problems, &ProblemLines::rebuilt, this, [this] { orderTabs(*this); });
  connect(m_fact_problems, &ProblemLines::repairChosen, this,
          [this](const core::ExperimentSpec& next, const QString& text) {
            emit edited(next, text, {});
          });
  for (FormField* field : {m_length, m_noise}) {
    connect(field, &FormField::edited, this, &PatternCard::storeField);
    connect(field, &FormField::textProblemChanged, this, &PatternCard::textProblemChanged);
  }
  connect(m_position, &QComboBox::activated, this, &PatternCard::changePosition);
  connect(m_offset, &QSpinBox::valueChanged, this, &PatternCard::changePosition);
}

void PatternCard::rebuildRows(std::size_t count) {
  while (m_rows.size() > count) {
    FormRow* row = m_rows.back();
    m_rows.pop_back();
    m_form_layout->removeWidget(row);
    row->hide();
    row->deleteLater();  // it may be the sender
  }
  while (m_rows.size() < count) {
    auto* row = new FormRow(static_cast<int>(m_rows.size()), this);
    row->setTheme(theme());
    m_form_layout->addWidget(row);
    connect(row, &FormRow::edited, this, &PatternCard::edited);
    connect(row, &FormRow::textProblemChanged, this, &PatternCard::textProblemChanged);
    connect(row, &FormRow::moveRequested, this, [this, row](int by) { moveForm(row->form(), by); });
    connect(row, &FormRow::removeRequested, this, [this, row] { removeForm(row->form()); });
    connect(row, &FormRow::parsed, this, &PatternCard::showPosition);
    connect(row, &FormRow::focused, this, [this](int form) {
      m_current = form;
      showPosition();
    });
    connect(row->line(), &PatternLine::documentPasted, this, &PatternCard::documentPasted);
    m_rows.push_back(row);
  }
  m_current = std::clamp(m_current, 0, std::max(0, static_cast<int>(count) - 1));
}

FormRow* PatternCard::currentRow() const {
  return m_rows.empty() ? nullptr : m_rows[static_cast<std::size_t>(m_current)];
}

void PatternCard::setExperiment(const core::ExperimentSpec& experiment, bool read_only) {
  m_is_stale = m_is_stale || experiment != m_experiment;
  m_experiment = experiment;
  m_is_read_only = read_only;
  rebuildRows(experiment.task.forms.size());
  for (FormRow* row : m_rows)
    row->load(experiment, read_only);
  for (FormField* field : {m_length, m_noise}) {
    field->setReadOnly(read_only);
    field->load(experiment);
  }
  showFactProblems();
  m_add_form->setVisible(!read_only);
  m_preset->setEnabled(!read_only);
  m_preset->showPreset(experiment);
  showPosition();
}

void PatternCard::setOwnPresets(const std::vector<OwnPreset>& presets) {
  m_preset->setOwnPresets(presets);
  m_preset->showPreset(m_experiment);
}

void PatternCard::showPosition() {
  const FormRow* row = currentRow();
  const bool is_known = row != nullptr && row->pattern().has_value();
  const core::Placement placement =
      is_known ? core::placementOf(row->pattern()->items) : core::Placement{};
  const QSignalBlocker quiet(m_offset);
  m_position->setCurrentIndex(m_position->findData(static_cast<int>(placement.kind)));
  m_position->setEnabled(is_known && !m_is_read_only);
  m_offset->setVisible(placement.kind == Kind::Fixed);
  m_offset->setEnabled(!m_is_read_only);
  m_offset->setValue(placement.offset);
}

void PatternCard::changePosition() {
  const FormRow* row = currentRow();
  if (row == nullptr || !row->pattern() || m_is_read_only)
    return;
  core::Placement wanted;
  wanted.kind = static_cast<Kind>(m_position->currentData().toInt());
  const bool was_fixed = core::placementOf(row->pattern()->items).kind == Kind::Fixed;
  if (wanted.kind == Kind::Fixed)
    wanted.offset = was_fixed ? m_offset->value() : 0;
  core::Pattern next = *row->pattern();
  next.items = core::withPlacement(next.items, wanted);
  emit edited(core::withPattern(m_experiment, static_cast<std::size_t>(m_current),
                                core::printPattern(next)),
              tr("change position"),
              was_fixed && wanted.kind == Kind::Fixed ? QStringLiteral("position") : QString());
}

void PatternCard::addForm() {
  core::ExperimentSpec next = m_experiment;
  core::FormSpec form;
  form.pattern = next.task.forms.empty() ? "* 3 x * -> x" : next.task.forms.back().pattern;
  next.task.forms.push_back(form);
  m_current = static_cast<int>(next.task.forms.size()) - 1;
  emit edited(next, tr("add form %1").arg(next.task.forms.size()), {});
  if (FormRow* row = currentRow())
    row->line()->setFocus(Qt::OtherFocusReason);
}

void PatternCard::moveForm(int form, int by) {
  const int to = form + by;
  if (to < 0 || to >= static_cast<int>(m_rows.size()))
    return;
  emit edited(core::withFormMoved(m_experiment, static_cast<std::size_t>(form),
                                  static_cast<std::size_t>(to)),
              tr("move form %1").arg(form + 1), {});
}

void PatternCard::removeForm(int form) {
  if (m_rows.size() > 1)
    emit edited(core::withoutForm(m_experiment, static_cast<std::size_t>(form)),
                tr("remove form %1").arg(form + 1), {});
}

void PatternCard::pastePattern(const QString& text) {
  if (m_is_read_only || m_rows.empty())
    return;
  emit edited(core::withPattern(m_experiment, static_cast<std::size_t>(m_current),
                                text.simplified().toStdString()),
              tr("paste pattern"), {});
}

void PatternCard::storeField(FormField* field) {
  if (m_is_read_only)
    return;
  core::ExperimentSpec next = m_experiment;
  const bool is_value = field->store(next);
  showFactProblems();
  if (is_value)
    emit edited(next, tr("change %1").arg(field->spec().label.toLower()), field->mergeKey());
}

bool PatternCard::owns(const std::string& pointer) {
  return (isBelow(pointer, "/task/forms") && pointer != "/task/forms") ||
         isBelow(pointer, "/task/seq_len") || isBelow(pointer, "/task/noise");
}

void PatternCard::showFactProblems() {
  core::SpecErrors all = m_length->problems();
  const core::SpecErrors noise = m_noise->problems();
  all.insert(all.end(), noise.begin(), noise.end());
  m_fact_problems->setProblems(all, m_repairs);
  m_fact_problems->setStale(m_is_stale);
}

void PatternCard::setProblems(const core::SpecErrors& problems,
                              const std::vector<core::Repair>& repairs) {
  m_repairs = repairs;
  m_is_stale = false;
  const auto below = [&](const std::string& owner) {
    core::SpecErrors own;
    std::copy_if(problems.begin(), problems.end(), std::back_inserter(own),
                 [&](const auto& problem) { return isBelow(problem.pointer, owner); });
    return own;
  };
  m_length->setProblems(below("/task/seq_len"));
  m_noise->setProblems(below("/task/noise"));
  for (FormRow* row : m_rows)
    row->setProblems(below(formPointer(row->form())), repairs);
  showFactProblems();
}

bool PatternCard::focusFirstProblem() {
  for (FormRow* row : m_rows) {
    if (row->hasProblem()) {
      row->focusProblem();
      return true;
    }
  }
  for (FormField* field : {m_length, m_noise}) {
    if (field->hasProblem()) {
      field->editor()->setFocus(Qt::ShortcutFocusReason);
      return true;
    }
  }
  return false;
}

void PatternCard::setTheme(const Theme& theme) {
  ComposerCard::setTheme(theme);
  m_legend->setTheme(theme);
  m_fact_problems->setTheme(theme);
  for (FormRow* row : m_rows)
    row->setTheme(theme);
}

void PatternCard::setCompact(bool compact) {
  m_legend->setVisible(!compact);
}

}  // namespace anchorlens::widgets
