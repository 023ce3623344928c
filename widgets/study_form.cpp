// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/study_form.h"

#include "widgets/study_axis_row.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>

namespace anchorlens::widgets {

namespace {

constexpr int kDefaultSeeds = 5;

QLabel* problemLabel(QWidget* parent) {
  auto* label = new QLabel(parent);
  label->setProperty("role", "problem");
  label->setWordWrap(true);
  label->hide();
  return label;
}

void showLines(QLabel* label, const QStringList& lines) {
  label->setText(lines.join('\n'));
  label->setVisible(!lines.isEmpty());
}

}  // namespace

StudyForm::StudyForm(const core::ExperimentSpec& base, Start start, QWidget* parent)
    : QWidget(parent), m_base(base) {
  build(start);
}

void StudyForm::build(Start start) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(10);
  auto* head = new QHBoxLayout;
  m_name = new QLineEdit(QString::fromStdString(m_base.name), this);
  auto* label = new QLabel(tr("Name"), this);
  label->setBuddy(m_name);
  m_name->setAccessibleName(tr("Name"));
  head->addWidget(label);
  head->addWidget(m_name, 1);
  layout->addLayout(head);
  m_axes = new QVBoxLayout;
  m_axes->setSpacing(10);
  layout->addLayout(m_axes);
  m_add = new QPushButton(tr("Vary a field"), this);
  m_add->setProperty("role", "link");
  m_add->setAutoDefault(false);
  layout->addWidget(m_add, 0, Qt::AlignLeft);
  layout->addWidget(buildSeeds());
  m_problem = problemLabel(this);
  layout->addWidget(m_problem);

  m_has_seeds->setChecked(start == Start::Seeds);
  connect(m_name, &QLineEdit::textEdited, this, &StudyForm::changed);
  connect(m_add, &QPushButton::clicked, this, [this] {
    addAxis()->field()->setFocus(Qt::OtherFocusReason);
    emit changed();
  });
  if (start == Start::Axes)
    addAxis();
  showRows();
}

QWidget* StudyForm::buildSeeds() {
  auto* box = new QWidget(this);
  m_has_seeds = new QCheckBox(tr("Repeat with seeds"), box);
  m_count = new QSpinBox(box);
  m_count->setRange(1, static_cast<int>(core::kMaxStudyRuns));
  m_count->setValue(kDefaultSeeds);
  m_count->setAccessibleName(tr("How many seeds"));
  m_first = new QLineEdit(QString::number(m_base.training.seed), box);
  m_first->setProperty("role", "mono");
  m_first->setMaximumWidth(150);
  m_first->setAccessibleName(tr("First seed"));
  auto* first = new QLabel(tr("from"), box);
  first->setBuddy(m_first);
  m_target = new QComboBox(box);
  m_target->addItems({tr("Training seed: same data"), tr("Training and data seed")});
  m_target->setAccessibleName(tr("Which seeds"));
  auto* row = new QHBoxLayout;
  row->setSpacing(8);
  row->addWidget(m_has_seeds);
  row->addWidget(m_count);
  row->addWidget(first);
  row->addWidget(m_first);
  row->addWidget(m_target);
  row->addStretch(1);
  m_seeds_problem = problemLabel(box);
  auto* layout = new QVBoxLayout(box);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(2);
  layout->addLayout(row);
  layout->addWidget(m_seeds_problem);
  connect(m_has_seeds, &QCheckBox::toggled, this, [this] {
    showRows();
    emit changed();
  });
  connect(m_count, &QSpinBox::valueChanged, this, &StudyForm::changed);
  connect(m_first, &QLineEdit::textEdited, this, &StudyForm::changed);
  connect(m_target, &QComboBox::currentIndexChanged, this, &StudyForm::changed);
  return box;
}

StudyAxisRow* StudyForm::addAxis() {
  auto* row = new StudyAxisRow(m_base, this);
  m_rows.push_back(row);
  m_axes->addWidget(row);
  connect(row, &StudyAxisRow::changed, this, &StudyForm::changed);
  connect(row, &StudyAxisRow::removeRequested, this, [this, row] { removeAxis(row); });
  showRows();
  return row;
}

void StudyForm::removeAxis(StudyAxisRow* row) {
  std::erase(m_rows, row);
  m_axes->removeWidget(row);
  row->hide();
  row->deleteLater();
  showRows();
  m_add->setFocus(Qt::OtherFocusReason);
  emit changed();
}

void StudyForm::showRows() {
  for (std::size_t i = 0; i < m_rows.size(); ++i)
    m_rows[i]->setNumber(static_cast<int>(i) + 1);
  m_add->setEnabled(m_rows.size() < core::kMaxStudyAxes);
  for (QWidget* widget : std::initializer_list<QWidget*>{m_count, m_first, m_target})
    widget->setEnabled(m_has_seeds->isChecked());
}

core::StudySpec StudyForm::study(core::SpecErrors& errors) const {
  core::StudySpec study;
  study.name = m_name->text().trimmed().toStdString();
  study.base = m_base;
  for (std::size_t i = 0; i < m_rows.size(); ++i)
    study.axes.push_back(m_rows[i]->axis("/axes/" + std::to_string(i), errors));
  if (!m_has_seeds->isChecked())
    return study;
  core::StudySeeds seeds;
  bool is_number = false;
  seeds.first = m_first->text().trimmed().toULongLong(&is_number);
  if (!is_number) {
    errors.push_back({"/seeds/first", tr("first seed: expected a whole number from 0, got \"%1\"")
                                          .arg(m_first->text())
                                          .toStdString()});
  }
  seeds.count = m_count->value();
  if (m_target->currentIndex() == 1)
    seeds.sets = core::StudySeeds::Sets::TrainingAndData;
  study.seeds = seeds;
  return study;
}

void StudyForm::showErrors(const core::SpecErrors& errors) {
  std::vector<QStringList> of_rows(m_rows.size());
  QStringList of_seeds;
  QStringList others;
  for (const core::SpecError& error : errors) {
    const QString text = QString::fromStdString(error.message);
    const QString pointer = QString::fromStdString(error.pointer);
    const QStringList steps = pointer.split('/');
    const std::size_t row = steps.value(1) == QLatin1String("axes") ? steps.value(2).toUInt() : 0;
    if (steps.size() > 2 && steps[1] == QLatin1String("axes") && row < m_rows.size())
      of_rows[row].append(text);
    else if (steps.value(1) == QLatin1String("seeds"))
      of_seeds.append(text);
    else if (steps.value(1) == QLatin1String("base"))
      others.append(pointer.mid(5) + QStringLiteral(": ") + text);
    else
      others.append(text);
  }
  for (std::size_t i = 0; i < m_rows.size(); ++i)
    m_rows[i]->showProblem(of_rows[i].join('\n'));
  showLines(m_seeds_problem, of_seeds);
  showLines(m_problem, others);
}

QString StudyForm::seedsProblem() const {
  return m_seeds_problem->text();
}

QString StudyForm::problem() const {
  return m_problem->text();
}

}  // namespace anchorlens::widgets
