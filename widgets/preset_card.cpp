// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pattern_picture.h"
#include "widgets/preset_gallery.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace anchorlens::widgets {

namespace {

constexpr int kPadding = 12;
constexpr int kPages = 3;  ///< title, rename, question

QPushButton* makeLink(const QString& text, const QString& name, QWidget* parent) {
  auto* link = new QPushButton(text, parent);
  link->setProperty("role", "link");
  link->setAccessibleName(name);
  link->setAutoDefault(false);
  return link;
}

QHBoxLayout* makeRow(QWidget* page) {
  auto* row = new QHBoxLayout(page);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(6);
  return row;
}

}  // namespace

PresetCard::PresetCard(const PresetEntry& entry, QWidget* parent) : QFrame(parent), m_entry(entry) {
  setProperty("role", "card");
  setAccessibleName(entry.title);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(kPadding, 8, kPadding, kPadding);
  layout->setSpacing(6);
  m_head = new QStackedWidget(this);
  m_head->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  m_head->addWidget(buildTitle());
  if (entry.kind == PresetEntry::Kind::Own) {
    m_new_name = new QLineEdit(entry.title, m_head);
    m_new_name->setAccessibleName(tr("New name of %1").arg(entry.title));
    m_new_name->installEventFilter(this);
    connect(m_new_name, &QLineEdit::returnPressed, this, &PresetCard::endRename);
    m_head->addWidget(m_new_name);
    m_head->addWidget(buildQuestion());
  }
  layout->addWidget(m_head);
  if (!entry.problem.isEmpty()) {
    auto* problem = new QLabel(entry.problem, this);
    problem->setProperty("role", "problem");
    problem->setWordWrap(true);
    problem->setTextInteractionFlags(Qt::TextSelectableByMouse);
    layout->addWidget(problem);
    layout->addStretch(1);
    return;
  }
  m_picture = new PatternPicture(this);
  m_picture->setPatterns(entry.patterns);
  layout->addWidget(m_picture);
  auto* shows = new QLabel(entry.shows, this);
  shows->setProperty("role", "second");
  shows->setWordWrap(true);
  shows->setVisible(!entry.shows.isEmpty());
  layout->addWidget(shows);
  layout->addStretch(1);
  if (!entry.own_numbers.isEmpty()) {
    buildChoice(
        layout,
        entry.kind == PresetEntry::Kind::Preset ? tr("Paper's settings") : tr("Own settings"),
        entry.own_numbers, false);
  }
  buildChoice(layout, tr("Fast settings"), entry.fast_numbers, true);
}

QWidget* PresetCard::buildTitle() {
  auto* page = new QWidget(m_head);
  auto* row = makeRow(page);
  auto* title = new QLabel(m_entry.title, page);
  title->setProperty("role", "title");
  row->addWidget(title, 1);
  if (m_entry.kind != PresetEntry::Kind::Own)
    return page;
  m_rename = makeLink(tr("Rename"), tr("Rename %1").arg(m_entry.title), page);
  m_remove = makeLink(tr("Remove"), tr("Remove %1").arg(m_entry.title), page);
  row->addWidget(m_rename);
  row->addWidget(m_remove);
  connect(m_rename, &QPushButton::clicked, this, &PresetCard::beginRename);
  return page;
}

/// Asked in place, once: the file is gone then.
QWidget* PresetCard::buildQuestion() {
  auto* page = new QWidget(m_head);
  auto* row = makeRow(page);
  row->addWidget(new QLabel(tr("Remove this preset?"), page), 1);
  auto* yes = makeLink(tr("Remove"), tr("Really remove %1").arg(m_entry.title), page);
  auto* no = makeLink(tr("Keep"), tr("Keep %1").arg(m_entry.title), page);
  row->addWidget(yes);
  row->addWidget(no);
  connect(yes, &QPushButton::clicked, this, [this] { emit removed(m_entry.name); });
  connect(no, &QPushButton::clicked, this, [this] {
    m_head->setCurrentIndex(0);
    m_remove->setFocus(Qt::OtherFocusReason);
  });
  connect(m_remove, &QPushButton::clicked, this, [this, no] {
    m_head->setCurrentIndex(kPages - 1);
    no->setFocus(Qt::OtherFocusReason);
  });
  return page;
}

void PresetCard::buildChoice(QVBoxLayout* layout, const QString& text, const QString& numbers,
                             bool is_fast) {
  auto* row = new QHBoxLayout;
  row->setSpacing(8);
  auto* button = new QPushButton(text, this);
  button->setAccessibleName(tr("%1, %2").arg(m_entry.title, text));
  button->setAccessibleDescription(numbers);
  button->setAutoDefault(false);
  auto* caption = new QLabel(numbers, this);
  caption->setProperty("role", "caption");
  caption->setWordWrap(true);
  row->addWidget(button);
  row->addWidget(caption, 1);
  layout->addLayout(row);
  connect(button, &QPushButton::clicked, this,
          [this, is_fast] { emit chosen(m_entry.name, is_fast); });
}

void PresetCard::beginRename() {
  m_new_name->setText(m_entry.title);
  m_head->setCurrentIndex(1);
  m_new_name->setFocus(Qt::OtherFocusReason);
  m_new_name->selectAll();
}

void PresetCard::endRename() {
  const QString name = m_new_name->text().trimmed();
  m_head->setCurrentIndex(0);
  m_rename->setFocus(Qt::OtherFocusReason);
  if (name != m_entry.title)
    emit renamed(m_entry.name, name);
}

bool PresetCard::eventFilter(QObject* object, QEvent* event) {
  // Escape leaves the name as it is, and the dialog open.
  if (object == m_new_name && event->type() == QEvent::KeyPress &&
      static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
    m_head->setCurrentIndex(0);
    m_rename->setFocus(Qt::OtherFocusReason);
    return true;
  }
  return QFrame::eventFilter(object, event);
}

void PresetCard::setTheme(const Theme& theme) {
  if (m_picture != nullptr)
    m_picture->setTheme(theme);
}

}  // namespace anchorlens::widgets
