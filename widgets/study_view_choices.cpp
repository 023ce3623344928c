// SPDX-License-Identifier: GPL-3.0-or-later
// The boxes of study_view.h: the axes in them, and what is chosen, as values.
#include "widgets/study_view.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QScopedValueRollback>

#include <algorithm>

namespace anchorlens::widgets {

namespace {

constexpr int kNoAxis = -1;

/// The first entry of an axis box and of the third axis's box stands for none or all.
QString textBeyondFirst(const QComboBox* box) {
  return box->currentIndex() > 0 ? box->currentText() : QString();
}

void chooseText(QComboBox* box, const QString& text) {
  if (const int index = box->findText(text); index >= 0)
    box->setCurrentIndex(index);
}

}  // namespace

void StudyView::fillAxes() {
  m_x->clear();
  m_y->clear();
  m_x->addItem(tr("none"), kNoAxis);
  m_y->addItem(tr("none"), kNoAxis);
  const int axes = m_data ? static_cast<int>(m_data->plan->labels.size()) : 0;
  for (int axis = 0; axis < axes; ++axis) {
    const QString label =
        QString::fromStdString(m_data->plan->labels[static_cast<std::size_t>(axis)]);
    m_x->addItem(label, axis);
    m_y->addItem(label, axis);
  }
  m_x->setCurrentIndex(axes > 0 ? 1 : 0);
  m_y->setCurrentIndex(axes > 1 ? 2 : 0);
  fillRest();
}

/// The other axis gives way: both cannot be the same.
void StudyView::axisChosen(QComboBox* box) {
  if (m_is_filling) {
    return;
  }
  {
    const QScopedValueRollback<bool> filling(m_is_filling, true);
    QComboBox* other = box == m_x ? m_y : m_x;
    if (box->currentData().toInt() != kNoAxis && box->currentData() == other->currentData()) {
      const int axes = box->count() - 1;
      other->setCurrentIndex(axes > 1 ? box->currentIndex() % axes + 1 : 0);
    }
    fillRest();
  }
  phaseChanged();
}

/// Where two of three axes are drawn the third has a box of its own.
void StudyView::fillRest() {
  m_rest->clear();
  const std::size_t axes = m_data ? m_data->plan->labels.size() : 0;
  const int x = m_x->currentData().toInt();
  const int y = m_y->currentData().toInt();
  const bool has_rest = axes == 3 && x != kNoAxis && y != kNoAxis;
  m_rest->setVisible(has_rest);
  m_rest_label->setVisible(has_rest);
  if (!has_rest) {
    return;
  }
  const int rest = 3 - x - y;
  const auto axis = static_cast<std::size_t>(rest);
  m_rest_label->setText(QString::fromStdString(m_data->plan->labels[axis]));
  m_rest->addItem(tr("all"), kNoAxis);
  for (const std::string& value : m_data->plan->values[axis]) {
    m_rest->addItem(QString::fromStdString(value), rest);
  }
}

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
      applyWanted(true);
  }
  refresh();
}

/// Axes that this study does not have leave its own; so does no axis at all, unless it was chosen.
void StudyView::applyWanted(bool none_is_chosen) {
  const bool has_across = m_wanted.across.isEmpty() || m_x->findText(m_wanted.across) > 0;
  const bool has_up = m_wanted.up.isEmpty() || m_y->findText(m_wanted.up) > 0;
  const bool is_any = none_is_chosen || !m_wanted.across.isEmpty() || !m_wanted.up.isEmpty();
  const bool are_same = !m_wanted.across.isEmpty() && m_wanted.across == m_wanted.up;
  if (has_across && has_up && is_any && !are_same) {
    m_x->setCurrentIndex(std::max(0, m_x->findText(m_wanted.across)));
    m_y->setCurrentIndex(std::max(0, m_y->findText(m_wanted.up)));
    fillRest();
    chooseText(m_rest, m_wanted.other);
  }
  m_time->setCurrentIndex(m_cursor && m_wanted.at_cursor ? 1 : 0);
}

core::PhaseChoice StudyView::phaseChoice() const {
  core::PhaseChoice choice;
  const auto axis = [](const QComboBox* box) {
    const int index = box->currentData().toInt();
    return box->count() == 0 || index == kNoAxis ? std::nullopt
                                                 : std::optional(static_cast<std::size_t>(index));
  };
  choice.x = axis(m_x);
  choice.y = axis(m_y);
  if (m_rest->count() > 0 && m_rest->currentIndex() > 0) {
    choice.fixed = {{static_cast<std::size_t>(m_rest->currentData().toInt()),
                     static_cast<std::size_t>(m_rest->currentIndex() - 1)}};
  }
  if (m_data) {
    const auto number =
        core::numberNamed(*m_data, m_number->currentData().toString().toStdString());
    choice.number = number.value_or(core::StudyNumber{});
  }
  if (m_time->currentIndex() == 1) {
    choice.step = m_cursor;
  }
  if (m_grey->isChecked()) {
    choice.grey_below = m_grey_below->value() / 100;
  }
  return choice;
}

CurveChoice StudyView::curveChoice() const {
  CurveChoice choice;
  choice.settings = m_ticked;
  for (const QString& group : m_groups->currentData().toStringList()) {
    choice.groups.push_back(group.toStdString());
  }
  return choice;
}

}  // namespace anchorlens::widgets
