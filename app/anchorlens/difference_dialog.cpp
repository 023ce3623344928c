// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/difference_dialog.h"

#include "app/anchorlens/experiment_diff.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QVBoxLayout>

#include <utility>

namespace anchorlens::app {

namespace {

constexpr QSize kSize{420, 360};

}  // namespace

DifferenceDialog::DifferenceDialog(core::ExperimentSpec draft, std::vector<Source> sources,
                                   QWidget* parent)
    : QDialog(parent), m_draft(std::move(draft)), m_sources(std::move(sources)) {
  setWindowTitle(tr("Compare draft"));
  auto* layout = new QVBoxLayout(this);
  layout->setSpacing(8);
  auto* row = new QHBoxLayout;
  auto* label = new QLabel(tr("Compare draft with"), this);
  m_choice = new QComboBox(this);
  m_choice->setAccessibleName(label->text());
  m_choice->setMaxVisibleItems(24);
  label->setBuddy(m_choice);
  for (const Source& source : m_sources)
    m_choice->addItem(source.name);
  row->addWidget(label);
  row->addWidget(m_choice, 1);
  layout->addLayout(row);
  m_list = new QListWidget(this);
  m_list->setAccessibleName(tr("Differences"));
  m_list->setWordWrap(true);
  layout->addWidget(m_list, 1);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
  layout->addWidget(buttons);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  connect(m_choice, &QComboBox::currentIndexChanged, this, &DifferenceDialog::showSource);
  resize(kSize);
  showSource(m_choice->currentIndex());
}

void DifferenceDialog::showSource(int source) {
  m_list->clear();
  if (source < 0)
    return;
  const auto& before = m_sources[static_cast<std::size_t>(source)].spec;
  m_list->addItems(experimentDifferences(before, m_draft));
  if (m_list->count() == 0) {
    auto* nothing = new QListWidgetItem(tr("Nothing differs."), m_list);
    nothing->setFlags(Qt::NoItemFlags);
  }
}

QStringList DifferenceDialog::lines() const {
  QStringList lines;
  for (int i = 0; i < m_list->count(); ++i)
    lines.append(m_list->item(i)->text());
  return lines;
}

}  // namespace anchorlens::app
