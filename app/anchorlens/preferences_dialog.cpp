// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/preferences_dialog.h"

#include "app/anchorlens/places.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTabWidget>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace anchorlens::app {

PreferencesDialog::PreferencesDialog(ActionMap& actions, Settings& settings, Dialogs& dialogs,
                                     QWidget* parent)
    : QDialog(parent), m_actions(actions), m_settings(settings), m_dialogs(dialogs) {
  setWindowTitle(tr("Preferences"));
  setAttribute(Qt::WA_DeleteOnClose);
  auto* tabs = new QTabWidget(this);
  tabs->addTab(buildGeneral(), tr("General"));
  tabs->addTab(buildShortcuts(), tr("Shortcuts"));
  auto* close = new QPushButton(tr("Close"), this);
  connect(close, &QPushButton::clicked, this, &QDialog::close);
  auto* layout = new QVBoxLayout(this);
  layout->addWidget(tabs, 1);
  layout->addWidget(close, 0, Qt::AlignRight);
  resize(560, 520);
}

QWidget* PreferencesDialog::buildGeneral() {
  auto* page = new QWidget(this);
  auto* form = new QFormLayout(page);
  form->setContentsMargins(12, 16, 12, 12);
  form->setVerticalSpacing(10);
  m_theme = new QComboBox(page);
  m_theme->addItems({tr("System"), tr("Light"), tr("Dark")});
  m_theme->setCurrentIndex(static_cast<int>(m_settings.theme));
  m_font_scale = new QSpinBox(page);
  m_font_scale->setRange(80, 200);
  m_font_scale->setSingleStep(10);
  m_font_scale->setSuffix(QStringLiteral(" %"));
  m_font_scale->setValue(m_settings.font_scale);
  m_folder = new QLineEdit(m_settings.run_folder, page);
  m_folder->setPlaceholderText(defaultRunFolder());
  auto* choose = new QPushButton(tr("Choose…"), page);
  auto* folder = new QHBoxLayout;
  folder->addWidget(m_folder, 1);
  folder->addWidget(choose);
  form->addRow(tr("Theme"), m_theme);
  form->addRow(tr("Font size"), m_font_scale);
  form->addRow(tr("Folder for new runs"), folder);
  auto* motion = new QCheckBox(tr("Reduced motion"), page);
  motion->setToolTip(tr("The replay neither starts slowly nor slows down at its end"));
  motion->setChecked(m_settings.reduced_motion);
  form->addRow(QString(), motion);
  connect(motion, &QCheckBox::toggled, this, [this](bool on) {
    m_settings.reduced_motion = on;
    emit changed();
  });
  connect(m_theme, &QComboBox::currentIndexChanged, this, [this](int index) {
    m_settings.theme = static_cast<widgets::ThemeChoice>(index);
    emit changed();
  });
  connect(m_font_scale, &QSpinBox::valueChanged, this, [this](int percent) {
    m_settings.font_scale = percent;
    emit changed();
  });
  connect(m_folder, &QLineEdit::editingFinished, this, [this] {
    m_settings.run_folder = m_folder->text().trimmed();
    emit changed();
  });
  connect(choose, &QPushButton::clicked, this, [this] {
    const QString chosen =
        m_dialogs.chooseFolder(this, tr("Folder for new runs"), m_folder->placeholderText());
    if (chosen.isEmpty())
      return;
    m_folder->setText(chosen);
    m_settings.run_folder = chosen;
    emit changed();
  });
  return page;
}

QWidget* PreferencesDialog::buildShortcuts() {
  auto* page = new QWidget(this);
  auto* layout = new QVBoxLayout(page);
  layout->setContentsMargins(12, 16, 12, 12);
  m_list = new QTreeWidget(page);
  m_list->setHeaderLabels({tr("Action"), tr("Shortcuts")});
  m_list->setRootIsDecorated(false);
  m_list->header()->setSectionResizeMode(0, QHeaderView::Stretch);
  m_list->setAccessibleName(tr("Shortcuts"));
  auto* row = new QHBoxLayout;
  m_keys = new QKeySequenceEdit(page);
  m_keys->setAccessibleName(tr("New shortcut"));
  auto* add = new QPushButton(tr("Set"), page);
  auto* clear = new QPushButton(tr("Remove"), page);
  auto* reset = new QPushButton(tr("Built-in"), page);
  row->addWidget(m_keys, 1);
  for (QPushButton* button : {add, clear, reset})
    row->addWidget(button);
  m_problem = new QLabel(page);
  m_problem->setProperty("role", "problem");
  m_problem->setWordWrap(true);
  layout->addWidget(m_list, 1);
  layout->addLayout(row);
  layout->addWidget(m_problem);
  connect(add, &QPushButton::clicked, this, [this] {
    if (assign(currentId(), m_keys->keySequence()))
      m_keys->clear();
  });
  connect(clear, &QPushButton::clicked, this, [this] {
    m_actions.setShortcuts(currentId(), {});
    storeShortcuts();
  });
  connect(reset, &QPushButton::clicked, this, [this] {
    for (const ActionMap::Entry& entry : m_actions.entries()) {
      if (entry.id == currentId() && isFree(entry.id, entry.built_in)) {
        m_actions.setShortcuts(entry.id, entry.built_in);
        storeShortcuts();
      }
    }
  });
  fillShortcuts();
  return page;
}

QString PreferencesDialog::currentId() const {
  const QTreeWidgetItem* item = m_list->currentItem();
  return item == nullptr ? QString() : item->data(0, Qt::UserRole).toString();
}

/// Says whose they are where another action has one of these.
bool PreferencesDialog::isFree(const QString& id, const QList<QKeySequence>& shortcuts) {
  for (const QKeySequence& shortcut : shortcuts) {
    if (const auto owner = m_actions.conflict(id, shortcut)) {
      m_problem->setText(tr("%1 belongs to “%2” already.")
                             .arg(owner->keys.toString(QKeySequence::NativeText), owner->text));
      return false;
    }
  }
  return true;
}

bool PreferencesDialog::assign(const QString& id, const QKeySequence& shortcut) {
  if (id.isEmpty() || shortcut.isEmpty()) {
    m_problem->setText(tr("Choose an action and press its new keys in the field."));
    return false;
  }
  if (!isFree(id, {shortcut}))
    return false;
  m_actions.setShortcuts(id, {shortcut});
  storeShortcuts();
  return true;
}

QString PreferencesDialog::problem() const {
  return m_problem->text();
}

void PreferencesDialog::storeShortcuts() {
  m_problem->clear();
  m_settings.shortcuts = m_actions.changedShortcuts();
  fillShortcuts();
  emit changed();
}

void PreferencesDialog::fillShortcuts() {
  const QString current = currentId();
  m_list->clear();
  for (const ActionMap::Entry& entry : m_actions.entries()) {
    auto* item = new QTreeWidgetItem(
        m_list, {entry.action->text().remove(QLatin1Char('&')),
                 QKeySequence::listToString(entry.action->shortcuts(), QKeySequence::NativeText)});
    item->setData(0, Qt::UserRole, entry.id);
    if (entry.id == current)
      m_list->setCurrentItem(item);
  }
}

}  // namespace anchorlens::app
