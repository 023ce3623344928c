// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/composer/anchors_card.h"

#include "engine/core/experiment/edit_held_out.h"
#include "engine/core/experiment/task_shape.h"
#include "engine/core/language/language.h"
#include "widgets/composer/anchor_row.h"
#include "widgets/composer/pointers.h"
#include "widgets/composer/problem_lines.h"
#include "widgets/composer/tab_order.h"
#include "widgets/composer/token_chip.h"
#include "widgets/composer/variables_row.h"
#include "widgets/fonts.h"
#include "widgets/icons.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <variant>

namespace anchorlens::widgets {

namespace {

QVBoxLayout* makeList() {
  auto* list = new QVBoxLayout;
  list->setSpacing(6);
  return list;
}

QLabel* makeCaption(const QString& text, QWidget* parent) {
  auto* label = new QLabel(text, parent);
  label->setProperty("role", "second");
  return label;
}

/// Tokens that patterns apply and that have no row.
std::vector<int> missingTokens(const core::TaskSpec& task) {
  std::vector<int> missing = core::appliedTokens(task);
  std::erase_if(missing, [&](int token) {
    return std::any_of(task.anchors.begin(), task.anchors.end(),
                       [&](const core::AnchorSpec& anchor) { return anchor.token == token; });
  });
  return missing;
}

}  // namespace

AnchorsCard::AnchorsCard(QWidget* parent) : ComposerCard(tr("Anchors"), parent) {
  m_table = makeList();
  m_below = makeList();
  m_empty = new QLabel(tr("None: tokens that are only written in the pattern need no row."), this);
  m_empty->setProperty("role", "muted");
  m_empty->setWordWrap(true);
  buildHeader();
  body()->addWidget(m_empty);
  body()->addWidget(m_header);
  body()->addLayout(m_table);
  buildFoot();
  m_general = new ProblemLines(this);
  body()->addWidget(m_general);
  connect(m_general, &ProblemLines::rebuilt, this, [this] { orderTabs(*this); });
  connect(m_general, &ProblemLines::repairChosen, this,
          [this](const core::ExperimentSpec& next, const QString& label) {
            emit edited(next, label, {});
          });
  body()->addLayout(m_below);
  body()->addStretch(1);
}

void AnchorsCard::buildHeader() {
  m_header = new QWidget(this);
  auto* line = new QHBoxLayout(m_header);
  line->setContentsMargins(0, 0, 0, 0);
  line->setSpacing(8);
  const auto add = [&](const QString& text, double ems, int stretch) {
    QLabel* label = makeCaption(text, m_header);
    label->setWordWrap(true);
    label->setAlignment(Qt::AlignLeft | Qt::AlignBottom);
    if (ems > 0)
      label->setFixedWidth(static_cast<int>(std::round(basePixelSize(*this) * ems)));
    line->addWidget(label, stretch);
  };
  add(tr("Token"), AnchorColumns::kToken, 0);
  add(tr("Operation"), 0, 1);
  add(tr("Never trained with keys"), AnchorColumns::kNever, 0);
  add(tr("Synonym of"), AnchorColumns::kSynonym, 0);
  add(QString(), AnchorColumns::kRemove, 0);
}

void AnchorsCard::buildFoot() {
  m_foot = new QWidget(this);
  auto* line = new QHBoxLayout(m_foot);
  line->setContentsMargins(0, 0, 0, 0);
  m_add = new QPushButton(tr("Add anchor"), m_foot);
  m_add->setProperty("role", "link");
  m_add->setFocusPolicy(Qt::TabFocus);
  connect(m_add, &QPushButton::clicked, this, [this] {
    core::TaskSpec with_row = m_experiment.task;
    addRow(core::addAnchor(with_row));
  });
  QLabel* examples = makeElidingLabel(
      tr("Operations: x+5   x-2   x*3   x mod 10   80% x | 20% x+1   table 7   same as 3"), m_foot);
  examples->setProperty("role", "caption");
  line->addWidget(m_add);
  line->addSpacing(12);
  line->addWidget(examples, 1);
  body()->addWidget(m_foot);
}

std::vector<FieldRow*> AnchorsCard::allRows() const {
  std::vector<FieldRow*> all(m_rows.begin(), m_rows.end());
  all.insert(all.end(), m_variables.begin(), m_variables.end());
  return all;
}

/// Changes when the table needs other rows.
QStringList AnchorsCard::tableKey() const {
  const auto& task = m_experiment.task;
  QStringList key{QString::number(task.anchors.size())};
  for (const int token : missingTokens(task))
    key.append(QStringLiteral("missing %1").arg(token));
  return key;
}

/// Changes when there are other variables.
QStringList AnchorsCard::variablesKey() const {
  const auto& task = m_experiment.task;
  QStringList key;
  for (const std::string& name : core::keyVariables(task))
    key.append(QString::fromStdString(name));
  for (const core::FormSpec& form : task.forms) {
    const auto pattern = core::parsePattern(form.pattern);
    const auto variables = pattern ? core::anchorVariables(*pattern) : std::vector<std::string>();
    QStringList names{QStringLiteral("form")};
    for (const std::string& name : variables)
      names.append(QString::fromStdString(name));
    key.append(names.join(QLatin1Char(' ')) + (hasSimpleGroups(form, variables) ? "" : " groups"));
  }
  return key;
}

void AnchorsCard::setExperiment(const core::ExperimentSpec& experiment, bool read_only) {
  m_is_stale = m_is_stale || experiment != m_experiment;
  m_experiment = experiment;
  m_is_read_only = read_only;
  // Each for itself: a pattern that is being typed loses and gets its variables, and a table of
  // many rows takes long to build.
  const bool has_table = tableKey() == m_table_key;
  const bool has_variables = variablesKey() == m_variables_key;
  if (!has_table)
    rebuildTable();
  if (!has_variables)
    rebuildVariables();
  if (!has_table || !has_variables)
    orderTabs(*this);
  for (FieldRow* row : allRows())
    row->load(experiment, read_only);
  m_add->setEnabled(!read_only);
  for (QWidget* missing : m_missing)
    missing->setEnabled(!read_only);
  for (QWidget* caption : m_captions)
    caption->setEnabled(!read_only);
  showProblems();
}

/// A row may be the sender of what led here: it is deleted when it is done.
template <typename Widget>
void AnchorsCard::remove(std::vector<Widget*>& widgets) {
  for (Widget* widget : widgets) {
    widget->hide();
    widget->deleteLater();
  }
  widgets.clear();
}

void AnchorsCard::wire(FieldRow* row) {
  row->setTheme(theme());
  connect(row, &FieldRow::edited, this, &AnchorsCard::edited);
  connect(row, &FieldRow::textProblemChanged, this, &AnchorsCard::textProblemChanged);
}

void AnchorsCard::rebuildTable() {
  m_table_key = tableKey();
  remove(m_rows);
  remove(m_missing);
  const int n = static_cast<int>(m_experiment.task.anchors.size());
  for (int i = 0; i < n; ++i) {
    auto* row = new AnchorRow(i, this);
    connect(row, &FieldRow::removeRequested, this, [this, i] { removeRow(i); });
    for (int column = 0; column < AnchorRow::kColumns; ++column)
      row->cell(column)->installEventFilter(this);
    m_table->addWidget(row);
    m_rows.push_back(row);
    wire(row);
  }
  const auto missing = missingTokens(m_experiment.task);
  for (const int token : missing)
    addMissing(token);
  m_header->setVisible(n > 0);
  m_empty->setVisible(n == 0 && missing.empty());
}

void AnchorsCard::rebuildVariables() {
  m_variables_key = variablesKey();
  remove(m_variables);
  remove(m_captions);
  const auto& task = m_experiment.task;
  const auto caption = [&](const QString& text) {
    QLabel* label = makeCaption(text, this);
    m_below->addWidget(label);
    m_captions.push_back(label);
  };
  const auto add = [&](FieldRow* row) {
    m_below->addWidget(row);
    m_variables.push_back(row);
    wire(row);
  };
  bool has_caption = false;
  for (std::size_t i = 0; i < task.forms.size(); ++i) {
    const auto pattern = core::parsePattern(task.forms[i].pattern);
    const auto variables = pattern ? core::anchorVariables(*pattern) : std::vector<std::string>();
    if (variables.empty())
      continue;
    if (task.forms.size() > 1)
      caption(tr("Anchors of form %1").arg(i + 1));
    else if (!has_caption)
      caption(tr("Anchors that variables take"));
    has_caption = true;
    add(makeVariablesRow(static_cast<int>(i), variables, hasSimpleGroups(task.forms[i], variables),
                         task.forms.size() > 1, theme(), this));
  }
  const auto keys = core::keyVariables(task);
  if (!keys.empty())
    caption(tr("Keys are drawn from"));
  for (const std::string& key : keys)
    add(makeKeyRow(key, theme(), this));
}

void AnchorsCard::setProblems(const core::SpecErrors& problems,
                              const std::vector<core::Repair>& repairs) {
  m_problems = problems;
  m_repairs = repairs;
  m_is_stale = false;
  showProblems();
}

/// Rules `keys` belong to the row of their anchor.
std::string AnchorsCard::rowPointer(const std::string& pointer) const {
  const auto& task = m_experiment.task;
  for (std::size_t i = 0; i < task.held_out.size(); ++i) {
    const auto* rule = std::get_if<core::KeysRule>(&task.held_out[i]);
    if (rule == nullptr || !isAtOrBelow(pointer, "/task/held_out/" + std::to_string(i)))
      continue;
    for (std::size_t row = 0; row < task.anchors.size(); ++row) {
      if (task.anchors[row].token == rule->anchor)
        return "/task/anchors/" + std::to_string(row) + "/never_trained";
    }
  }
  return pointer;
}

/// Of a form only what this card shows of it.
void AnchorsCard::showProblems() {
  core::SpecErrors shown;
  core::SpecErrors general;
  for (core::SpecError problem : m_is_read_only ? core::SpecErrors() : m_problems) {
    problem.pointer = rowPointer(problem.pointer);
    const bool is_of_form = isAtOrBelow(problem.pointer, "/task/forms");
    if (is_of_form && problem.pointer.find("/anchors") == std::string::npos &&
        problem.pointer.find("/distinct") == std::string::npos)
      continue;
    if (problem.pointer == "/task/anchors" || problem.pointer == "/task/keys")
      general.push_back(problem);
    shown.push_back(std::move(problem));
  }
  std::vector<core::Repair> repairs = m_repairs;
  for (core::Repair& repair : repairs)
    repair.pointer = rowPointer(repair.pointer);
  for (FieldRow* row : allRows())
    row->setProblems(shown, repairs, m_is_stale);
  m_general->setProblems(general, repairs);
  m_general->setStale(m_is_stale);
}

void AnchorsCard::setTheme(const Theme& theme) {
  ComposerCard::setTheme(theme);
  m_add->setIcon(icon(QStringLiteral("add"), theme.accent));
  for (FieldRow* row : allRows())
    row->setTheme(theme);
  for (auto* chip : findChildren<TokenChip*>())
    chip->setTheme(theme);
  m_general->setTheme(theme);
}

bool AnchorsCard::focusFirstProblem() {
  for (FieldRow* row : allRows()) {
    if (row->hasProblem()) {
      row->focusProblem();
      return true;
    }
  }
  for (QWidget* missing : m_missing) {
    if (auto* add = missing->findChild<QPushButton*>()) {
      add->setFocus(Qt::ShortcutFocusReason);
      return true;
    }
  }
  if (m_general->problems().empty())
    return false;
  m_add->setFocus(Qt::ShortcutFocusReason);
  return true;
}

}  // namespace anchorlens::widgets
