// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/head_picker.h"

#include "engine/session/causal_request.h"

#include <QCheckBox>
#include <QGridLayout>
#include <QLineEdit>
#include <QRegularExpression>
#include <QVBoxLayout>

#include <algorithm>

namespace anchorlens::app {

std::vector<std::string> wordsOf(const QString& text) {
  static const QRegularExpression kGap(QStringLiteral("[,;\\s]+"));
  std::vector<std::string> words;
  for (const QString& word : text.split(kGap, Qt::SkipEmptyParts))
    words.push_back(word.toStdString());
  return words;
}

HeadPicker::HeadPicker(QWidget* parent) : QWidget(parent) {
  m_edit = new QLineEdit(this);
  m_edit->setProperty("role", "mono");
  m_edit->setAccessibleName(tr("Heads"));
  m_edit->setPlaceholderText(QStringLiteral("0.0, 1.0"));
  setFocusProxy(m_edit);
  m_grid = new QGridLayout;
  m_grid->setHorizontalSpacing(12);
  m_grid->setVerticalSpacing(2);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(4);
  layout->addWidget(m_edit);
  layout->addLayout(m_grid);
  connect(m_edit, &QLineEdit::textChanged, this, [this] {
    showBoxes();
    emit changed();
  });
}

void HeadPicker::setModel(const core::ModelSpec& model) {
  if (model == m_model)
    return;
  m_model = model;
  qDeleteAll(m_boxes);
  m_boxes.clear();
  const int heads = model.n_layers * model.n_heads;
  QWidget* before = m_edit;
  for (int i = 0; i < heads && heads <= kMostBoxes; ++i) {
    const core::HeadRef head{i / model.n_heads, i % model.n_heads};
    auto* box = new QCheckBox(QString::fromStdString(core::headText(head)), this);
    box->setAccessibleName(tr("Head %1").arg(box->text()));
    m_grid->addWidget(box, head.layer, head.head);
    connect(box, &QCheckBox::clicked, this, &HeadPicker::takeBoxes);
    setTabOrder(before, box);
    before = box;
    m_boxes.push_back(box);
  }
  m_grid->setColumnStretch(model.n_heads, 1);
  showBoxes();
}

std::vector<std::string> HeadPicker::words() const {
  return wordsOf(m_edit->text());
}

QCheckBox* HeadPicker::box(const core::HeadRef& head) const {
  const auto at = static_cast<std::size_t>(head.layer * m_model.n_heads + head.head);
  return at < m_boxes.size() ? m_boxes[at] : nullptr;
}

/// While the text names no heads the boxes stay.
void HeadPicker::showBoxes() {
  const auto heads = engine::headsOf(words(), m_model);
  if (!heads)
    return;
  for (std::size_t i = 0; i < m_boxes.size(); ++i) {
    const int at = static_cast<int>(i);
    const core::HeadRef head{at / m_model.n_heads, at % m_model.n_heads};
    m_boxes[i]->setChecked(std::binary_search(heads->begin(), heads->end(), head));
  }
}

void HeadPicker::takeBoxes() {
  QStringList heads;
  for (const QCheckBox* box : m_boxes) {
    if (box->isChecked())
      heads << box->text();
  }
  m_edit->setText(heads.join(QStringLiteral(", ")));
}

}  // namespace anchorlens::app
