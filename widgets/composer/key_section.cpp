// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/composer/key_section.h"

#include "engine/core/experiment/edit_held_out.h"
#include "engine/core/experiment/task_shape.h"
#include "widgets/composer/interval_bar.h"
#include "widgets/composer/pointers.h"
#include "widgets/composer/token_chip.h"
#include "widgets/fonts.h"
#include "widgets/panel_text.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <utility>
#include <variant>

namespace anchorlens::widgets {

namespace {

constexpr double kFieldEms = 8.5;

QString pointerOf(int anchor) {
  return QStringLiteral("/never_trained/%1").arg(anchor);
}

/// Of all keys of the patterns.
core::Intervals keysOf(const core::TaskSpec& task) {
  core::Intervals keys;
  for (const std::string& name : core::keyVariables(task)) {
    const auto& own = core::keyIntervals(task, name);
    keys.insert(keys.end(), own.begin(), own.end());
  }
  return keys.empty() ? task.noise : keys;
}

bool hasKeysRule(const core::TaskSpec& task) {
  return std::any_of(task.held_out.begin(), task.held_out.end(),
                     [](const auto& rule) { return std::holds_alternative<core::KeysRule>(rule); });
}

}  // namespace

std::vector<int> anchorTokens(const core::TaskSpec& task) {
  std::vector<int> tokens;
  const auto add = [&](int token) {
    if (std::find(tokens.begin(), tokens.end(), token) == tokens.end())
      tokens.push_back(token);
  };
  for (const core::AnchorSpec& anchor : task.anchors)
    add(anchor.token);
  for (const int token : core::appliedTokens(task))
    add(token);
  for (const core::HeldOutRule& rule : task.held_out) {
    if (const auto* keys = std::get_if<core::KeysRule>(&rule))
      add(keys->anchor);
  }
  return tokens;
}

FieldSpec neverTrainedField(const std::function<int(const core::ExperimentSpec&)>& anchorOf,
                            int anchor, const QString& pointer) {
  FieldSpec field;
  field.pointer = pointer;
  field.label = KeySection::tr("Never trained with keys, anchor %1").arg(anchor);
  field.undo_name = KeySection::tr("keys never trained with anchor %1").arg(anchor);
  field.placeholder = QStringLiteral("–");
  field.tip = KeySection::tr(
      "Keys that this anchor is never applied to in training, such as "
      "20-27, 60-63");
  field.get = [anchorOf](const core::ExperimentSpec& e) {
    return formatIntervals(core::keysNeverTrained(e.task, anchorOf(e)));
  };
  field.set = [anchorOf](const QString& text, core::ExperimentSpec& e) {
    auto intervals = parseIntervals(text);
    if (!intervals)
      return intervals.error();
    core::setKeysNeverTrained(e.task, anchorOf(e), *intervals);
    return QString();
  };
  return field;
}

KeySection::KeySection(QWidget* parent) : QWidget(parent) {
  m_outer = new QVBoxLayout(this);
  m_outer->setContentsMargins(0, 0, 0, 0);
  m_outer->setSpacing(6);
  m_box = new QCheckBox(tr("Keys of single anchors"), this);
  m_box->setToolTip(tr("Keys that an anchor is never trained with"));
  m_box->setFocusPolicy(Qt::TabFocus);
  connect(m_box, &QCheckBox::clicked, this, &KeySection::toggle);
  m_outer->addWidget(m_box);
}

IntervalBar* KeySection::bar(int anchor) const {
  const auto found = m_rows.find(anchor);
  return found == m_rows.end() ? nullptr : found->second.bar;
}

void KeySection::load(const core::ExperimentSpec& experiment, bool read_only) {
  m_experiment = experiment;
  m_is_read_only = read_only;
  const std::vector<int> tokens = anchorTokens(experiment.task);
  const bool is_open = hasKeysRule(experiment.task) || m_opened.value_or(false);
  setVisible(!tokens.empty());
  m_box->setChecked(is_open);
  m_box->setEnabled(!read_only);
  const std::vector<int> shown = is_open ? tokens : std::vector<int>();
  if (shown != m_tokens || m_content == nullptr)
    rebuild(shown);
  const core::Intervals keys = keysOf(experiment.task);
  for (const auto& [anchor, row] : m_rows) {
    row.fields->load(experiment, read_only);
    row.bar->setReadOnly(read_only);
    row.bar->setIntervals(keys, core::keysNeverTrained(experiment.task, anchor));
  }
}

void KeySection::rebuild(const std::vector<int>& tokens) {
  m_tokens = tokens;
  m_rows.clear();
  if (m_content != nullptr) {
    m_content->hide();
    m_content->deleteLater();
  }
  m_content = new QWidget(this);
  auto* rows = new QVBoxLayout(m_content);
  rows->setContentsMargins(0, 0, 0, 0);
  rows->setSpacing(4);
  for (const int token : tokens) {
    Row row;
    row.fields = new FieldRow(pointerOf(token), m_content);
    auto* chip = new TokenChip(token, row.fields);
    chip->setTheme(m_theme);
    row.chip = chip;
    row.bar = new IntervalBar(row.fields);
    row.bar->setAccessibleName(tr("Keys never trained with anchor %1").arg(token));
    row.bar->setTheme(m_theme);
    row.fields->line()->addWidget(chip);
    row.fields->line()->addWidget(row.bar, 1);
    FormField* field = row.fields->addField(
        neverTrainedField([token](const auto&) { return token; }, token, pointerOf(token)));
    field->editor()->setFixedWidth(static_cast<int>(std::round(basePixelSize(*this) * kFieldEms)));
    row.fields->setTheme(m_theme);
    connect(row.fields, &FieldRow::edited, this, &KeySection::edited);
    connect(row.fields, &FieldRow::textProblemChanged, this, &KeySection::textProblemChanged);
    connect(row.bar, &IntervalBar::changed, this,
            [this, token](const core::Intervals& intervals, int stroke) {
              setIntervals(token, intervals, stroke);
            });
    rows->addWidget(row.fields);
    m_rows[token] = row;
  }
  m_outer->addWidget(m_content);
  m_content->setVisible(!tokens.empty());
  emit rebuilt();
}

void KeySection::setIntervals(int anchor, const core::Intervals& intervals, int stroke) {
  core::ExperimentSpec next = m_experiment;
  core::setKeysNeverTrained(next.task, anchor, intervals);
  if (next != m_experiment)
    emit edited(next, tr("change keys never trained with anchor %1").arg(anchor),
                QStringLiteral("%1/bar#%2").arg(pointerOf(anchor)).arg(stroke));
}

void KeySection::toggle(bool on) {
  m_opened = on;
  core::ExperimentSpec next = m_experiment;
  std::erase_if(next.task.held_out, [](const core::HeldOutRule& rule) {
    return std::holds_alternative<core::KeysRule>(rule);
  });
  if (!on && next != m_experiment)
    emit edited(next, tr("train all keys of all anchors"), {});
  load(m_experiment, m_is_read_only);
}

/// Of what a rule `keys` says, the pointer of its anchor's row.
std::optional<std::string> KeySection::rowPointer(const std::string& pointer) const {
  for (std::size_t i = 0; i < m_experiment.task.held_out.size(); ++i) {
    const auto* rule = std::get_if<core::KeysRule>(&m_experiment.task.held_out[i]);
    if (rule != nullptr && isAtOrBelow(pointer, "/task/held_out/" + std::to_string(i)))
      return pointerOf(rule->anchor).toStdString();
  }
  return std::nullopt;
}

void KeySection::setProblems(const core::SpecErrors& problems,
                             const std::vector<core::Repair>& repairs, bool stale) {
  core::SpecErrors own;
  for (const core::SpecError& problem : problems) {
    if (const auto pointer = rowPointer(problem.pointer)) {
      own.push_back(problem);
      own.back().pointer = *pointer;
    }
  }
  std::vector<core::Repair> own_repairs;
  for (const core::Repair& repair : repairs) {
    if (const auto pointer = rowPointer(repair.pointer)) {
      own_repairs.push_back(repair);
      own_repairs.back().pointer = *pointer;
    }
  }
  for (const auto& [anchor, row] : m_rows)
    row.fields->setProblems(own, own_repairs, stale);
}

bool KeySection::focusFirstProblem() {
  for (const int token : m_tokens) {
    FieldRow* row = m_rows.at(token).fields;
    if (row->hasProblem()) {
      row->focusProblem();
      return true;
    }
  }
  return false;
}

void KeySection::setTheme(const Theme& theme) {
  m_theme = theme;
  for (const auto& [anchor, row] : m_rows) {
    row.fields->setTheme(theme);
    row.bar->setTheme(theme);
    static_cast<TokenChip*>(row.chip)->setTheme(theme);
  }
}

}  // namespace anchorlens::widgets
