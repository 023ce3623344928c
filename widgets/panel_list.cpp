// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panel_list.h"

#include "widgets/icons.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include <utility>

namespace anchorlens::widgets {

FormList::FormList(ListSpec spec, QWidget* parent) : QWidget(parent), m_spec(std::move(spec)) {
  m_outer = new QVBoxLayout(this);
  m_outer->setContentsMargins(0, 0, 0, 0);
  m_outer->setSpacing(6);

  auto* head = new QHBoxLayout;
  auto* title = new QLabel(m_spec.title, this);
  title->setProperty("role", "title");
  m_add = new QPushButton(tr("Add %1").arg(m_spec.row_name), this);
  m_add->setProperty("role", "link");
  m_add->setFocusPolicy(Qt::TabFocus);
  m_add->setObjectName(m_spec.pointer + QStringLiteral("/add"));
  connect(m_add, &QPushButton::clicked, this, &FormList::addRequested);
  head->addWidget(title);
  head->addStretch(1);
  head->addWidget(m_add);
  m_outer->addLayout(head);

  m_empty = new QLabel(m_spec.empty_text, this);
  m_empty->setProperty("role", "muted");
  m_empty->setWordWrap(true);
  m_outer->addWidget(m_empty);
  m_error = new QLabel(this);
  m_error->setProperty("role", "problem");
  m_error->setWordWrap(true);
  m_error->hide();
  m_outer->addWidget(m_error);
}

void FormList::load(const core::ExperimentSpec& experiment) {
  const QStringList rows = m_spec.rows(experiment);
  if (!m_has_loaded || rows != m_rows)
    rebuild(rows);
  for (FormField* field : m_fields)
    field->load(experiment);
}

void FormList::rebuild(const QStringList& rows) {
  m_has_loaded = true;
  m_rows = rows;
  m_fields.clear();
  m_remove_buttons.clear();
  if (m_body != nullptr) {
    // A field may be the sender of what led here: it is deleted when it is done.
    m_outer->removeWidget(m_body);
    m_body->hide();
    m_body->deleteLater();
  }
  m_body = new QWidget(this);
  auto* layout = new QVBoxLayout(m_body);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(m_spec.captions.isEmpty() ? 10 : 4);
  for (int row = 0; row < rows.size(); ++row)
    layout->addWidget(buildRow(row, rows[row]));
  m_outer->insertWidget(1, m_body);
  m_body->setVisible(!rows.isEmpty());
  m_empty->setVisible(rows.isEmpty() && !m_spec.empty_text.isEmpty());
  for (FormField* field : m_fields) {
    connect(field, &FormField::edited, this, &FormList::edited);
    field->setTheme(m_theme);
  }
  setReadOnly(m_is_read_only);
  emit rebuilt();
}

QWidget* FormList::removeButton(int row) {
  auto* button = new QToolButton(m_body);
  button->setProperty("role", "flat");
  button->setIcon(icon(QStringLiteral("close"), m_theme.text_muted));
  button->setFocusPolicy(Qt::TabFocus);
  button->setAccessibleName(tr("Remove %1 %2").arg(m_spec.row_name).arg(row + 1));
  button->setToolTip(button->accessibleName());
  button->setObjectName(QStringLiteral("%1/%2/remove").arg(m_spec.pointer).arg(row));
  connect(button, &QToolButton::clicked, this, [this, row] { emit removeRequested(row); });
  m_remove_buttons.push_back(button);
  return button;
}

QWidget* FormList::buildRow(int row, const QString& kind) {
  auto* widget = new QWidget(m_body);
  const bool in_columns = !m_spec.captions.isEmpty();
  const auto fields = m_spec.fields(row, kind);
  auto* grid = new QGridLayout(widget);
  grid->setContentsMargins(0, 0, 0, 0);
  grid->setHorizontalSpacing(6);
  grid->setVerticalSpacing(in_columns ? 2 : 6);
  int at = 0;
  QHBoxLayout* row_of_fields = nullptr;
  for (const FieldSpec& spec : fields) {
    auto* field = new FormField(spec, widget, !in_columns);
    m_fields.push_back(field);
    if (in_columns) {
      if (row == 0) {
        auto* caption = makeElidingLabel(m_spec.captions.value(at), widget);
        caption->setProperty("role", "caption");
        grid->addWidget(caption, 0, at);
      }
      grid->addWidget(field, 1, at, Qt::AlignTop);
      grid->setColumnStretch(at, at == 0 ? 2 : 5);
    } else if (spec.beside && row_of_fields != nullptr) {
      row_of_fields->addWidget(field, 1);
    } else {
      row_of_fields = new QHBoxLayout;
      row_of_fields->setSpacing(8);
      row_of_fields->addWidget(field, 1);
      grid->addLayout(row_of_fields, at, 0, 1, at == 0 ? 1 : 2);
    }
    ++at;
  }
  if (in_columns) {
    grid->addWidget(removeButton(row), 1, at, Qt::AlignTop);
  } else {
    grid->setColumnStretch(0, 1);
    grid->addWidget(removeButton(row), 0, 1, Qt::AlignTop);
  }
  return widget;
}

void FormList::setReadOnly(bool read_only) {
  m_is_read_only = read_only;
  for (FormField* field : m_fields)
    field->setReadOnly(read_only);
  for (QWidget* button : m_remove_buttons)
    button->setVisible(!read_only && m_rows.size() > m_spec.fewest);
  m_add->setVisible(!read_only);
}

void FormList::setProblems(const std::vector<core::SpecError>& problems) {
  m_problems = problems;
  QStringList lines;
  for (const auto& problem : problems)
    lines.append(QString::fromStdString(problem.message));
  m_error->setText(lines.join(QLatin1Char('\n')));
  m_error->setVisible(!lines.isEmpty());
}

void FormList::setTheme(const Theme& theme) {
  m_theme = theme;
  for (FormField* field : m_fields)
    field->setTheme(theme);
  for (QWidget* button : m_remove_buttons) {
    if (auto* tool = qobject_cast<QToolButton*>(button))
      tool->setIcon(icon(QStringLiteral("close"), theme.text_muted));
  }
}

}  // namespace anchorlens::widgets
