// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/composer/residue_row.h"

#include "engine/core/experiment/task_shape.h"
#include "widgets/composer/residue_grid.h"
#include "widgets/fonts.h"
#include "widgets/panel_form_helpers.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

#include <cmath>
#include <variant>

namespace anchorlens::widgets {

namespace {

/// Widths of the short fields, in multiples of the font size.
constexpr double kNumberEms = 3.6;
constexpr double kKeyEms = 4.6;

auto ruleAt(int row) {
  return [row](auto& e) -> auto& {
    return std::get<core::ResidueRule>(e.task.held_out[static_cast<std::size_t>(row)]);
  };
}

QString pointerOf(int row, const char* member) {
  return QStringLiteral("/task/held_out/%1/%2").arg(row).arg(QLatin1String(member));
}

void setWidth(FormField* field, double ems) {
  field->editor()->setFixedWidth(static_cast<int>(std::round(basePixelSize(*field) * ems)));
}

/// rule.of as a switch.
FieldSpec shiftedField(int row) {
  FieldSpec field;
  field.kind = FieldSpec::Kind::Switch;
  field.pointer = pointerOf(row, "of");
  field.label = ResidueRow::tr("Draw the key as range + position");
  field.undo_name = ResidueRow::tr("how keys are drawn");
  field.tip = ResidueRow::tr(
      "The key is s + p with s in its range, so that the residue is that "
      "of s, wherever the key stands");
  using Of = core::ResidueRule::Of;
  field.get = [row](const core::ExperimentSpec& e) {
    return QString::fromLatin1(ruleAt(row)(e).of == Of::KeyMinusPosition ? "true" : "false");
  };
  field.set = [row](const QString& text, core::ExperimentSpec& e) {
    ruleAt(row)(e).of = text == QLatin1String("true") ? Of::KeyMinusPosition : Of::Key;
    return QString();
  };
  return field;
}

}  // namespace

QStringList residueKeys(const core::TaskSpec& task) {
  QStringList keys;
  for (const std::string& key : core::keyVariables(task))
    keys.append(QString::fromStdString(key));
  if (core::residueKeyOf(task) == "answer")
    keys.append(QStringLiteral("answer"));
  return keys;
}

ResidueRow::ResidueRow(int row, const QStringList& keys, QWidget* parent)
    : FieldRow(QStringLiteral("/task/held_out/%1").arg(row), parent), m_row(row) {
  m_box = new QCheckBox(row < 0 ? tr("Test when (key − position) mod 8 is 0") : tr("Test when ("),
                        this);
  m_box->setAccessibleName(tr("Test keys by residue"));
  m_box->setChecked(row >= 0);
  m_box->setFocusPolicy(Qt::TabFocus);
  connect(m_box, &QCheckBox::clicked, this, [this](bool on) {
    m_box->setChecked(m_row >= 0);  // what the document says
    if (on)
      emit addRequested();
    else
      emit removeRequested();
  });
  line()->setSpacing(5);
  line()->addWidget(m_box, 0, Qt::AlignTop);
  if (row >= 0)
    addFields(row, keys);
  line()->addStretch(1);
}

void ResidueRow::addFields(int row, const QStringList& keys) {
  using form::numberField;
  const auto rule = ruleAt(row);
  const auto word = [this](const QString& text) {
    auto* label = new QLabel(text, this);
    label->setFixedHeight(m_box->sizeHint().height());
    line()->addWidget(label, 0, Qt::AlignTop);
  };
  const auto named = [row](FieldSpec field) {
    field.undo_name = tr("%1 of held-out rule %2").arg(field.label.toLower()).arg(row + 1);
    field.spoken = tr("%1, held-out rule %2").arg(field.label).arg(row + 1);
    return field;
  };
  FieldSpec key = form::stringField(
      pointerOf(row, "key"), tr("Key"), [rule](auto& e) -> auto& { return rule(e).key; });
  key.kind = FieldSpec::Kind::Choice;
  key.tip = tr("A key of the pattern, or answer: the key that the target selects");
  for (const QString& name : keys)
    key.choices.emplace_back(name, name);
  setWidth(addField(named(key)), kKeyEms + (keys.contains(QStringLiteral("answer")) ? 2.6 : 0));
  word(tr("− position) mod"));
  setWidth(addField(named(numberField(
               pointerOf(row, "modulus"),
               tr("Modulus"), [rule](auto& e) -> auto& { return rule(e).modulus; }))),
           kNumberEms);
  word(tr("is"));
  setWidth(addField(named(numberField(
               pointerOf(row, "remainder"),
               tr("Remainder"), [rule](auto& e) -> auto& { return rule(e).remainder; }))),
           kNumberEms);
  m_told = makeElidingLabel(QString(), this);
  m_told->setProperty("role", "second");
  m_grid = new ResidueGrid(this);
  connect(m_grid, &ResidueGrid::told, this, [this](const QString& text) {
    m_told->setToolTip({});
    m_told->setText(text);
  });
  FormField* shifted = addField(shiftedField(row));
  line()->removeWidget(shifted);
  below()->addWidget(m_grid);
  below()->addWidget(m_told);
  below()->addWidget(shifted);
}

void ResidueRow::load(const core::ExperimentSpec& experiment, bool read_only) {
  FieldRow::load(experiment, read_only);
  m_box->setEnabled(!read_only);
  if (m_row < 0)
    return;
  const auto& rule = ruleAt(m_row)(experiment);
  core::Intervals keys;
  if (rule.key == "answer") {
    for (const QString& name : residueKeys(experiment.task)) {
      const auto& own = core::keyIntervals(experiment.task, name.toStdString());
      keys.insert(keys.end(), own.begin(), own.end());
    }
  } else {
    keys = core::keyIntervals(experiment.task, rule.key);
  }
  m_grid->setRule(rule, keys, core::keyPositions(experiment.task, rule.key));
  m_told->setVisible(m_grid->isVisibleTo(this));
}

void ResidueRow::setTheme(const Theme& theme) {
  FieldRow::setTheme(theme);
  if (m_grid != nullptr)
    m_grid->setTheme(theme);
}

}  // namespace anchorlens::widgets
