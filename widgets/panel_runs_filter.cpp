// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panel_runs_filter.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QVBoxLayout>

namespace anchorlens::widgets {

RunFilterBar::RunFilterBar(QWidget* parent) : QWidget(parent) {
  m_filter = new QLineEdit(this);
  m_filter->setPlaceholderText(tr("Filter"));
  m_filter->setAccessibleName(tr("Filter runs"));
  m_filter->setToolTip(
      tr("Lists the runs that have all of these words in name, difference, status "
         "or study. Escape clears it."));
  m_filter->setClearButtonEnabled(true);
  m_filter->installEventFilter(this);
  m_sort = new QComboBox(this);
  m_sort->addItems({tr("Newest"), tr("Name"), tr("Accuracy"), tr("State")});
  m_sort->setAccessibleName(tr("Order of runs"));
  m_sort->setToolTip(
      tr("Order of runs: the newest, the highest test accuracy, what trains first. Forks stay "
         "under their parents, a study's runs under it."));
  m_sort->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  auto* fields = new QHBoxLayout;
  fields->setSpacing(6);
  fields->addWidget(m_filter, 1);
  fields->addWidget(m_sort);

  m_note_row = new QWidget(this);
  m_note = new QLabel(m_note_row);
  m_note->setProperty("role", "second");
  m_note->setWordWrap(true);
  m_clear = new QPushButton(tr("Clear the filter"), m_note_row);
  m_clear->setProperty("role", "link");
  m_clear->setFocusPolicy(Qt::TabFocus);
  auto* note = new QVBoxLayout(m_note_row);
  note->setContentsMargins(0, 0, 0, 0);
  note->setSpacing(2);
  note->addWidget(m_note);
  note->addWidget(m_clear, 0, Qt::AlignLeft);
  m_note_row->hide();

  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(12, 0, 12, 4);
  layout->setSpacing(6);
  layout->addLayout(fields);
  layout->addWidget(m_note_row);
  connect(m_filter, &QLineEdit::textChanged, this, &RunFilterBar::changed);
  connect(m_filter, &QLineEdit::returnPressed, this, &RunFilterBar::left);
  connect(m_sort, &QComboBox::currentIndexChanged, this, &RunFilterBar::changed);
  connect(m_clear, &QPushButton::clicked, this, &RunFilterBar::clear);
}

/// The button goes with the note: the focus must not go with it.
void RunFilterBar::clear() {
  m_filter->setFocus(Qt::OtherFocusReason);
  m_filter->clear();
}

RunChoices RunFilterBar::choices() const {
  return {m_filter->text(), static_cast<RunSort>(m_sort->currentIndex())};
}

void RunFilterBar::setChoices(const RunChoices& choices) {
  const QSignalBlocker blocked(this);
  m_filter->setText(choices.filter);
  m_sort->setCurrentIndex(static_cast<int>(choices.sort));
}

void RunFilterBar::setCount(const QString& count) {
  if (m_filter->accessibleDescription() != count)
    m_filter->setAccessibleDescription(count);
}

void RunFilterBar::setNote(const QString& note) {
  m_note->setText(note);
  m_note_row->setVisible(!note.isEmpty());
}

QString RunFilterBar::note() const {
  return m_note->text();
}

bool RunFilterBar::eventFilter(QObject* watched, QEvent* event) {
  if (watched == m_filter && event->type() == QEvent::KeyPress) {
    const int key = static_cast<QKeyEvent*>(event)->key();
    const bool is_done = key == Qt::Key_Escape && m_filter->text().isEmpty();
    if (key == Qt::Key_Down || is_done) {
      emit left();
      return true;
    }
    if (key == Qt::Key_Escape) {
      clear();
      return true;
    }
  }
  return QWidget::eventFilter(watched, event);
}

}  // namespace anchorlens::widgets
