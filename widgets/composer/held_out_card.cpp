// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/composer/held_out_card.h"

#include "engine/core/experiment/task_shape.h"
#include "engine/core/task/describe.h"
#include "widgets/composer/key_section.h"
#include "widgets/composer/pair_section.h"
#include "widgets/composer/problem_lines.h"
#include "widgets/composer/residue_row.h"
#include "widgets/composer/rule_rows.h"
#include "widgets/composer/tab_order.h"
#include "widgets/number_format.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>
#include <variant>

namespace anchorlens::widgets {

namespace {

const QString kResidue = QStringLiteral("residue");
const QString kPredicate = QStringLiteral("predicate");
const QString kLength = QStringLiteral("length");
const QString kAnchors = QStringLiteral("anchors");
const QString kRelabel = QStringLiteral("relabel");

QFrame* makeRule(QWidget* parent) {
  auto* rule = new QFrame(parent);
  rule->setProperty("role", "rule");
  return rule;
}

QVBoxLayout* makeList() {
  auto* list = new QVBoxLayout;
  list->setSpacing(6);
  return list;
}

}  // namespace

HeldOutCard::HeldOutCard(QWidget* parent) : ComposerCard(tr("Held out for test"), parent) {
  m_residues = makeList();
  m_others = makeList();
  m_keys = new KeySection(this);
  m_pairs = new PairSection(this);
  m_general = new ProblemLines(this);
  m_sentence = new QLabel(this);
  m_sentence->setProperty("role", "second");
  m_sentence->setWordWrap(true);
  m_sentence->setTextFormat(Qt::PlainText);
  m_sentence->setAccessibleName(tr("What is held out"));
  body()->addLayout(m_residues);
  body()->addWidget(m_keys);
  body()->addWidget(m_pairs);
  body()->addLayout(m_others);
  body()->addWidget(m_general);
  m_rule = makeRule(this);
  body()->addWidget(m_rule);
  body()->addWidget(m_sentence);
  body()->addStretch(1);
  connect(m_general, &ProblemLines::rebuilt, this, [this] { orderTabs(*this); });
  connect(m_general, &ProblemLines::repairChosen, this,
          [this](const core::ExperimentSpec& next, const QString& label) {
            emit edited(next, label, {});
          });
  connect(m_keys, &KeySection::edited, this, &HeldOutCard::edited);
  connect(m_keys, &KeySection::textProblemChanged, this, &HeldOutCard::textProblemChanged);
  connect(m_keys, &KeySection::rebuilt, this, [this] { orderTabs(*this); });
  connect(m_pairs, &PairSection::edited, this,
          [this](const core::TaskSpec& task, const QString& text, const QString& merge_key) {
            core::ExperimentSpec next = m_experiment;
            next.task = task;
            emit edited(next, text, merge_key);
          });
  buildAdd();
}

void HeldOutCard::buildAdd() {
  m_add = new QPushButton(tr("Add rule"), this);
  m_add->setProperty("role", "link");
  m_add->setFocusPolicy(Qt::TabFocus);
  auto* menu = new QMenu(m_add);
  menu->addAction(tr("Keys by residue"), this,
                  [this] { addRule(core::ResidueRule{core::residueKeyOf(m_experiment.task)}); });
  menu->addAction(tr("Keys by expression"), this, [this] {
    const QStringList keys = residueKeys(m_experiment.task);
    const QString key = keys.isEmpty() ? QStringLiteral("x") : keys.first();
    addRule(core::PredicateRule{key.toStdString() + " mod 2"});
  });
  menu->addAction(tr("Lengths"), this, [this] {
    const auto& lengths = m_experiment.task.seq_len;
    addRule(
        core::LengthRule{lengths.empty() ? std::vector<int>{} : std::vector<int>{lengths.back()}});
  });
  menu->addAction(tr("Anchor combination"), this, [this] { addRule(core::AnchorsRule{}); });
  m_add->setMenu(menu);
  titleRow()->addWidget(m_add);
}

/// One entry a row that there must be; a row whose entry changes is built anew.
QStringList HeldOutCard::rowKinds() const {
  const auto& task = m_experiment.task;
  const QString keys = residueKeys(task).join(QLatin1Char(' '));
  QStringList kinds;
  for (std::size_t i = 0; i < task.held_out.size(); ++i) {
    const auto& rule = task.held_out[i];
    const auto* anchors = std::get_if<core::AnchorsRule>(&rule);
    QString kind;
    if (std::holds_alternative<core::ResidueRule>(rule))
      kind = kResidue + QLatin1Char(' ') + keys;
    else if (std::holds_alternative<core::PredicateRule>(rule))
      kind = kPredicate;
    else if (std::holds_alternative<core::LengthRule>(rule))
      kind = kLength;
    else if (anchors != nullptr && !m_pairs->shows(anchors->values))
      kind = kAnchors;
    kinds.append(kind);
  }
  for (const auto& relabel : task.relabel)
    kinds.append(m_pairs->shows(relabel.values) ? QString() : kRelabel);
  return kinds;
}

void HeldOutCard::setExperiment(const core::ExperimentSpec& experiment, bool read_only) {
  m_is_stale = m_is_stale || experiment != m_experiment;
  m_experiment = experiment;
  m_is_read_only = read_only;
  m_pairs->load(experiment.task, read_only);
  m_keys->load(experiment, read_only);
  m_add->setEnabled(!read_only);
  if (rowKinds() != m_kinds || m_rows.empty())
    rebuild();
  for (FieldRow* row : m_rows)
    row->load(experiment, read_only);
  showProblems();
}

void HeldOutCard::rebuild() {
  m_kinds = rowKinds();
  const QWidget* focused = focusWidget();
  const bool loses_focus = std::any_of(m_rows.begin(), m_rows.end(), [&](const FieldRow* row) {
    return focused != nullptr && row->isAncestorOf(focused) && focused->hasFocus();
  });
  // A row may be the sender of what led here: it is deleted when it is done.
  for (FieldRow* row : m_rows) {
    row->hide();
    row->parentWidget()->layout()->removeWidget(row);
    row->deleteLater();
  }
  m_rows.clear();
  const int n_rules = static_cast<int>(m_experiment.task.held_out.size());
  bool has_residue = false;
  for (int i = 0; i < m_kinds.size(); ++i) {
    const QString& kind = m_kinds[i];
    if (kind.isEmpty())
      continue;
    FieldRow* row = makeRow(kind, i < n_rules ? i : i - n_rules);
    const bool is_residue = kind.startsWith(kResidue);
    has_residue = has_residue || is_residue;
    connectRow(row, kind, i < n_rules ? i : i - n_rules);
    (is_residue ? m_residues : m_others)->addWidget(row);
  }
  if (!has_residue) {
    auto* row = new ResidueRow(-1, {}, this);
    connectRow(row, kResidue, -1);
    m_residues->addWidget(row);
  }
  orderTabs(*this);
  if (loses_focus)
    m_add->setFocus(Qt::OtherFocusReason);
}

FieldRow* HeldOutCard::makeRow(const QString& kind, int row) {
  if (kind == kPredicate)
    return makePredicateRow(row, this);
  if (kind == kLength)
    return makeLengthRow(row, this);
  if (kind == kAnchors)
    return makeAnchorsRow(row, this);
  if (kind == kRelabel)
    return makeRelabelRow(row, this);
  return new ResidueRow(row, residueKeys(m_experiment.task), this);
}

void HeldOutCard::connectRow(FieldRow* row, const QString& kind, int index) {
  row->setTheme(theme());
  connect(row, &FieldRow::edited, this, &HeldOutCard::edited);
  connect(row, &FieldRow::textProblemChanged, this, &HeldOutCard::textProblemChanged);
  connect(row, &FieldRow::removeRequested, this,
          [this, kind, index] { removeRule(kind == kRelabel, index); });
  if (auto* residue = qobject_cast<ResidueRow*>(row)) {
    connect(residue, &ResidueRow::addRequested, this,
            [this] { addRule(core::ResidueRule{core::residueKeyOf(m_experiment.task)}); });
  }
  m_rows.push_back(row);
}

void HeldOutCard::addRule(core::HeldOutRule rule) {
  if (m_is_read_only)
    return;
  core::ExperimentSpec next = m_experiment;
  next.task.held_out.push_back(std::move(rule));
  emit edited(next, tr("add held-out rule"), {});
}

void HeldOutCard::removeRule(bool is_relabel, int row) {
  if (m_is_read_only || row < 0)
    return;
  core::ExperimentSpec next = m_experiment;
  if (is_relabel)
    next.task.relabel.erase(next.task.relabel.begin() + row);
  else
    next.task.held_out.erase(next.task.held_out.begin() + row);
  emit edited(next, is_relabel ? tr("remove relabelling") : tr("remove held-out rule"), {});
}

void HeldOutCard::setChecks(const ExperimentChecks& checks) {
  m_sentence->setVisible(checks.task.has_value());
  m_rule->setVisible(checks.task.has_value());
  if (!checks.task)
    return;
  const double held = 1 - checks.task->analysis().train_share;
  m_sentence->setText(
      QString::fromStdString(core::heldOutSentence(checks.task->spec())) +
      (held > 0 ? tr(" That is %1 of all that the patterns draw.").arg(formatAccuracy(held))
                : QString()));
  m_sentence->setEnabled(!checks.is_stale && checks.problems.empty());
}

void HeldOutCard::setTheme(const Theme& theme) {
  ComposerCard::setTheme(theme);
  for (FieldRow* row : m_rows)
    row->setTheme(theme);
  m_keys->setTheme(theme);
  m_pairs->setTheme(theme);
  m_general->setTheme(theme);
}

void HeldOutCard::setCompact(bool compact) {
  m_pairs->setCompact(compact);
}

}  // namespace anchorlens::widgets
