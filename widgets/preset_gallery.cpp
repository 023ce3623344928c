// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/preset_gallery.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QResizeEvent>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

namespace anchorlens::widgets {

namespace {

constexpr int kCardWidth = 340;
constexpr int kMostColumns = 3;
constexpr int kGap = 12;

QString sectionName(PresetEntry::Kind kind) {
  switch (kind) {
    case PresetEntry::Kind::Own:
      return PresetGallery::tr("Your own");
    case PresetEntry::Kind::Preset:
      return PresetGallery::tr("Presets");
    case PresetEntry::Kind::Example:
      return PresetGallery::tr("Examples");
  }
  return {};
}

}  // namespace

PresetGallery::PresetGallery(QWidget* parent) : QWidget(parent) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(8);
  auto* row = new QHBoxLayout;
  row->setSpacing(8);
  m_name = new QLineEdit(this);
  m_name->setPlaceholderText(tr("Name for the draft as a preset"));
  m_name->setAccessibleName(m_name->placeholderText());
  m_save = new QPushButton(tr("Save draft as preset"), this);
  m_save->setAutoDefault(false);
  m_save->setEnabled(false);
  row->addWidget(m_name, 1);
  row->addWidget(m_save);
  layout->addLayout(row);
  connect(m_name, &QLineEdit::textChanged, this,
          [this](const QString& text) { m_save->setEnabled(!text.trimmed().isEmpty()); });
  const auto save = [this] {
    if (m_save->isEnabled())
      emit saveRequested(m_name->text().trimmed());
  };
  connect(m_name, &QLineEdit::returnPressed, this, save);
  connect(m_save, &QPushButton::clicked, this, save);

  m_problem = new QLabel(this);
  m_problem->setProperty("role", "problem");
  m_problem->setWordWrap(true);
  m_problem->hide();
  layout->addWidget(m_problem);

  auto* scroll = new QScrollArea(this);
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setFocusPolicy(Qt::NoFocus);
  auto* body = new QWidget(scroll);
  auto* column = new QVBoxLayout(body);
  column->setContentsMargins(0, 0, 8, 0);
  m_grid = new QGridLayout;
  m_grid->setSpacing(kGap);
  column->addLayout(m_grid);
  column->addStretch(1);
  scroll->setWidget(body);
  layout->addWidget(scroll, 1);
}

void PresetGallery::setEntries(const std::vector<PresetEntry>& entries) {
  for (PresetCard* card : m_cards)
    card->deleteLater();
  for (QLabel* title : m_titles)
    title->deleteLater();
  m_cards.clear();
  m_titles.clear();
  QWidget* body = m_grid->parentWidget();
  for (const PresetEntry& entry : entries) {
    auto* card = new PresetCard(entry, body);
    card->setTheme(m_theme);
    m_cards.push_back(card);
    connect(card, &PresetCard::chosen, this,
            [this, kind = entry.kind](const QString& name, bool is_fast) {
              emit chosen(kind, name, is_fast);
            });
    connect(card, &PresetCard::renamed, this, &PresetGallery::renameRequested);
    connect(card, &PresetCard::removed, this, &PresetGallery::removeRequested);
  }
  m_columns = 0;
  layOut();
}

void PresetGallery::layOut() {
  const int columns = std::clamp(width() / (kCardWidth + kGap), 1, kMostColumns);
  if (columns == m_columns)
    return;
  m_columns = columns;
  while (QLayoutItem* item = m_grid->takeAt(0))
    delete item;
  for (QLabel* title : m_titles)
    title->deleteLater();
  m_titles.clear();
  int row = -1;
  int column = 0;
  const PresetEntry* before = nullptr;
  for (PresetCard* card : m_cards) {
    if (before == nullptr || before->kind != card->entry().kind) {
      auto* title = new QLabel(sectionName(card->entry().kind), m_grid->parentWidget());
      title->setProperty("role", "title");
      m_titles.push_back(title);
      m_grid->addWidget(title, ++row, 0, 1, columns);
      title->show();
      column = columns;
    }
    if (column == columns) {
      column = 0;
      ++row;
    }
    m_grid->addWidget(card, row, column++);
    card->show();
    before = &card->entry();
  }
  for (int i = 0; i < kMostColumns; ++i)
    m_grid->setColumnStretch(i, i < columns ? 1 : 0);
}

void PresetGallery::setProblem(const QString& problem) {
  m_problem->setText(problem);
  m_problem->setVisible(!problem.isEmpty());
  if (problem.isEmpty())
    m_name->clear();
}

void PresetGallery::setTheme(const Theme& theme) {
  m_theme = theme;
  for (PresetCard* card : m_cards)
    card->setTheme(theme);
}

PresetCard* PresetGallery::card(PresetEntry::Kind kind, const QString& name) const {
  const auto found = std::find_if(m_cards.begin(), m_cards.end(), [&](const PresetCard* card) {
    return card->entry().kind == kind && card->entry().name == name;
  });
  return found == m_cards.end() ? nullptr : *found;
}

void PresetGallery::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  layOut();
}

}  // namespace anchorlens::widgets
