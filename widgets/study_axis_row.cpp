// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/study_axis_row.h"

#include "engine/core/experiment/suggest.h"

#include <QComboBox>
#include <QCompleter>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

namespace {

/// A number as typed; an error at `place` when it is none.
double numberOf(const QLineEdit& edit, const std::string& place, core::SpecErrors& errors) {
  bool is_number = false;
  const QString text = edit.text().trimmed();
  const double number = QLocale::c().toDouble(text, &is_number);
  if (is_number && std::isfinite(number))
    return number;
  const QString got = text.isEmpty() ? StudyAxisRow::tr("nothing") : '"' + text + '"';
  errors.push_back({place, StudyAxisRow::tr("%1: expected a number, got %2")
                               .arg(edit.accessibleName().section(',', 1).trimmed(), got)
                               .toStdString()});
  return 0;
}

}  // namespace

StudyAxisRow::StudyAxisRow(const core::ExperimentSpec& base, QWidget* parent)
    : QWidget(parent), m_base(base), m_fields(core::studyFields(base)) {
  build();
  showKind();
}

void StudyAxisRow::build() {
  m_field = new QComboBox(this);
  m_field->setEditable(true);
  m_field->setInsertPolicy(QComboBox::NoInsert);
  m_field->setMinimumContentsLength(22);
  for (const std::string& field : m_fields)
    m_field->addItem(QString::fromStdString(field));
  m_field->setCurrentIndex(-1);
  m_field->lineEdit()->setPlaceholderText(tr("Field, such as learning_rate"));
  m_field->completer()->setFilterMode(Qt::MatchContains);
  m_field->completer()->setCompletionMode(QCompleter::PopupCompletion);
  m_kind = new QComboBox(this);
  m_kind->addItems({tr("List"), tr("Range by step"), tr("Range by count"), tr("Log range")});

  m_list = new QLineEdit(this);
  m_list->setProperty("role", "mono");
  m_list->setPlaceholderText(tr("1, 2, 4"));
  auto* range = new QWidget(this);
  auto* numbers = new QHBoxLayout(range);
  numbers->setContentsMargins(0, 0, 0, 0);
  numbers->setSpacing(6);
  for (std::size_t i = 0; i < m_numbers.size(); ++i) {
    m_numbers[i] = new QLineEdit(range);
    m_numbers[i]->setProperty("role", "mono");
    auto* label = new QLabel(i == 0 ? tr("from") : i == 1 ? tr("to") : QString(), range);
    label->setProperty("role", "second");
    label->setBuddy(m_numbers[i]);
    m_third = label;
    numbers->addWidget(label);
    numbers->addWidget(m_numbers[i], 1);
    connect(m_numbers[i], &QLineEdit::textEdited, this, &StudyAxisRow::changed);
  }
  m_pages = new QStackedWidget(this);
  m_pages->addWidget(m_list);
  m_pages->addWidget(range);
  m_pages->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  m_remove = new QToolButton(this);
  m_remove->setText(tr("Remove"));
  m_remove->setProperty("role", "flat");

  m_now = new QLabel(this);
  m_now->setProperty("role", "caption");
  m_problem = new QLabel(this);
  m_problem->setProperty("role", "problem");
  m_problem->setWordWrap(true);
  m_problem->hide();
  auto* row = new QHBoxLayout;
  row->setSpacing(8);
  row->addWidget(m_field, 2);
  row->addWidget(m_kind);
  row->addWidget(m_pages, 3);
  row->addWidget(m_remove);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(2);
  layout->addLayout(row);
  layout->addWidget(m_now);
  layout->addWidget(m_problem);

  connect(m_field, &QComboBox::currentTextChanged, this, [this] {
    showValue();
    emit changed();
  });
  connect(m_kind, &QComboBox::currentIndexChanged, this, [this] {
    showKind();
    emit changed();
  });
  connect(m_list, &QLineEdit::textEdited, this, &StudyAxisRow::changed);
  connect(m_remove, &QToolButton::clicked, this, &StudyAxisRow::removeRequested);
  setNumber(1);
  showValue();
}

void StudyAxisRow::setNumber(int number) {
  const QString axis = tr("Axis %1").arg(number) + QStringLiteral(", ");
  m_field->setAccessibleName(axis + tr("field"));
  m_kind->setAccessibleName(axis + tr("list or range"));
  m_list->setAccessibleName(axis + tr("values"));
  m_numbers[0]->setAccessibleName(axis + tr("from"));
  m_numbers[1]->setAccessibleName(axis + tr("to"));
  m_numbers[2]->setAccessibleName(axis + m_third->text());
  m_remove->setAccessibleName(axis + tr("remove"));
}

void StudyAxisRow::showKind() {
  m_pages->setCurrentIndex(m_kind->currentIndex() == List ? 0 : 1);
  m_third->setText(m_kind->currentIndex() == ByStep ? tr("step") : tr("count"));
  m_numbers[2]->setAccessibleName(m_numbers[1]->accessibleName().section(',', 0, 0) +
                                  QStringLiteral(", ") + m_third->text());
}

void StudyAxisRow::showValue() {
  core::SpecErrors ignored;
  const std::string value = core::fieldText(m_base, pointer({}, ignored));
  const QString text = QString::fromStdString(value);
  m_now->setText(value.empty() ? QString() : tr("now %1").arg(text.left(80)));
  m_now->setVisible(!value.empty());
}

std::string StudyAxisRow::pointer(const std::string& place, core::SpecErrors& errors) const {
  const std::string typed = m_field->currentText().trimmed().toStdString();
  if (typed.empty())
    errors.push_back({place + "/pointer", tr("choose the field to vary").toStdString()});
  if (typed.empty() || typed[0] == '/')
    return typed;
  std::vector<std::string> names;
  std::vector<std::string> meant;
  for (const std::string& field : m_fields) {
    names.push_back(field.substr(field.rfind('/') + 1));
    if (field.ends_with("/" + typed))
      meant.push_back(field);
  }
  if (meant.size() == 1)
    return meant[0];
  if (meant.size() > 1) {
    errors.push_back({place + "/pointer",
                      tr("several fields have this name; expected %1 or %2")
                          .arg(QString::fromStdString(meant[0]), QString::fromStdString(meant[1]))
                          .toStdString()});
  } else {
    const QString near = QString::fromStdString(core::nearestName(typed, names));
    const QString message = near.isEmpty() ? tr("no such field; choose one of the list")
                                           : tr("no such field; did you mean %1?").arg(near);
    errors.push_back({place + "/pointer", message.toStdString()});
  }
  return "/" + typed;
}

core::StudyAxis StudyAxisRow::axis(const std::string& place, core::SpecErrors& errors) const {
  core::StudyAxis axis;
  axis.pointer = pointer(place, errors);
  if (m_kind->currentIndex() == List) {
    axis.values = core::splitValues(m_list->text().toStdString());
    return axis;
  }
  core::StudyRange range;
  range.from = numberOf(*m_numbers[0], place + "/range/from", errors);
  range.to = numberOf(*m_numbers[1], place + "/range/to", errors);
  const double third = numberOf(*m_numbers[2], place + "/range/step", errors);
  if (m_kind->currentIndex() == ByStep) {
    range.step = third;
  } else {
    constexpr double kMost = 1e9;  // the study says what is allowed
    range.count = static_cast<int>(std::clamp(third, -kMost, kMost));
    if (third != std::floor(third))
      errors.push_back({place + "/range/count", tr("count: expected an integer").toStdString()});
  }
  if (m_kind->currentIndex() == ByLogCount)
    range.spacing = core::StudyRange::Spacing::Log;
  axis.range = range;
  return axis;
}

void StudyAxisRow::showProblem(const QString& text) {
  m_problem->setText(text);
  m_problem->setVisible(!text.isEmpty());
}

QString StudyAxisRow::problem() const {
  return m_problem->text();
}

}  // namespace anchorlens::widgets
