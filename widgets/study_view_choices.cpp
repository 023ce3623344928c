// SPDX-License-Identifier: GPL-3.0-or-later
// What is chosen in the boxes of study_view.h, as one value.
#include "widgets/study_view.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QScopedValueRollback>

#include <algorithm>

namespace anchorlens::widgets {

namespace {

/// The first entry of an axis box and of the third axis's box stands for none or all.
QString textBeyondFirst(const QComboBox* box) {
  return box->currentIndex() > 0 ? box->currentText() : QString();
}

void chooseText(QComboBox* box, const QString& text) {
  if (const int index = box->findText(text); index >= 0)
    box->setCurrentIndex(index);
}

}  // namespace

StudyChoices StudyView::choices() const {
  StudyChoices now = m_wanted;
  now.is_grey = m_grey->isChecked();
  now.grey_below = m_grey_below->value();
  if (!m_data)
    return now;
  now.at_cursor = m_time->currentIndex() == 1;
  now.across = textBeyondFirst(m_x);
  now.up = textBeyondFirst(m_y);
  now.other = textBeyondFirst(m_rest);
  if (m_number->count() > 0)
    now.number = m_number->currentData().toString();
  if (m_groups->count() > 0)
    now.sequences = m_groups->currentText();
  return now;
}

void StudyView::setChoices(const StudyChoices& choices) {
  {
    const QScopedValueRollback<bool> filling(m_is_filling, true);
    m_wanted = choices;
    m_grey->setChecked(choices.is_grey);
    m_grey_below->setValue(choices.grey_below);
    m_number->clear();  // filled anew, with what is wanted
    m_groups->clear();
    if (m_data)
      applyWanted();
  }
  refresh();
}

/// Axes that this study does not have leave its own.
void StudyView::applyWanted() {
  const bool has_across = m_wanted.across.isEmpty() || m_x->findText(m_wanted.across) > 0;
  const bool has_up = m_wanted.up.isEmpty() || m_y->findText(m_wanted.up) > 0;
  const bool is_any = !m_wanted.across.isEmpty() || !m_wanted.up.isEmpty();
  if (has_across && has_up && is_any && m_wanted.across != m_wanted.up) {
    m_x->setCurrentIndex(std::max(0, m_x->findText(m_wanted.across)));
    m_y->setCurrentIndex(std::max(0, m_y->findText(m_wanted.up)));
    fillRest();
    chooseText(m_rest, m_wanted.other);
  }
  if (m_cursor && m_wanted.at_cursor)
    m_time->setCurrentIndex(1);
}

}  // namespace anchorlens::widgets
