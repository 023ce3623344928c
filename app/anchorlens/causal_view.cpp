// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/causal_view.h"

#include "app/anchorlens/export/causal_tables.h"
#include "widgets/number_dialog.h"
#include "widgets/styled_property.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QShortcut>
#include <QTreeView>
#include <QVBoxLayout>

#include <set>
#include <utility>

namespace anchorlens::app {

CausalView::CausalView(const QString& name, const QString& caption, QWidget* parent)
    : QWidget(parent) {
  m_model = new CausalModel(this);
  m_tree = new QTreeView(this);
  m_tree->setModel(m_model);
  m_tree->setAccessibleName(name);
  m_tree->setSelectionMode(QAbstractItemView::ExtendedSelection);
  m_tree->setUniformRowHeights(true);
  m_tree->setAllColumnsShowFocus(true);
  // By the rows that can be seen: a run may keep thousands of tests.
  m_tree->header()->setResizeContentsPrecision(0);
  m_tree->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
  m_tree->header()->setStretchLastSection(false);
  m_tree->installEventFilter(this);
  auto* words = new QLabel(caption, this);
  words->setProperty("role", "caption");
  words->setWordWrap(true);
  m_progress = new QProgressBar(this);
  m_progress->setAccessibleName(tr("Tests that are done"));
  m_progress->setFormat(tr("%v of %m tests"));
  m_progress->hide();
  m_message = new QLabel(this);
  m_message->setWordWrap(true);
  m_message->setTextInteractionFlags(Qt::TextSelectableByMouse);
  m_message->setAccessibleName(tr("Result"));
  m_message->hide();
  m_copy = new QPushButton(tr("Copy numbers"), this);
  m_copy->setAutoDefault(false);
  m_foot = new QHBoxLayout;
  m_foot->setSpacing(8);
  m_foot->addWidget(m_progress, 1);
  m_foot->addStretch(0);
  m_foot->addWidget(m_copy);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(8);
  layout->addWidget(m_tree, 1);
  layout->addWidget(words);
  layout->addWidget(m_message);
  layout->addLayout(m_foot);
  connect(m_copy, &QPushButton::clicked, this, &CausalView::copyNumbers);
  auto* table = new QShortcut(Qt::Key_T, m_tree, nullptr, nullptr, Qt::WidgetShortcut);
  connect(table, &QShortcut::activated, this, [this] {
    if (!tests().empty())
      (new widgets::NumberDialog(numbers(), this))->show();
  });
  m_copy->setEnabled(false);
}

void CausalView::setTests(std::vector<engine::CausalRecord> tests,
                          std::vector<core::GroupInfo> groups) {
  m_model->setTests(std::move(tests), std::move(groups));
  m_copy->setEnabled(!m_model->tests().empty());
}

void CausalView::showTest(int test) {
  const QModelIndex index = m_model->index(test, 0);
  m_tree->setCurrentIndex(index);
  m_tree->expand(index);
  m_tree->scrollTo(index, QAbstractItemView::PositionAtCenter);
}

widgets::NumberTable CausalView::numbers() const {
  return causalNumbers(m_model->tests(), m_model->groups());
}

void CausalView::copyNumbers() const {
  std::set<int> chosen;
  for (const QModelIndex& row : m_tree->selectionModel()->selectedRows())
    chosen.insert(CausalModel::testOf(row));
  std::vector<engine::CausalRecord> copied;
  for (const int test : chosen)
    copied.push_back(m_model->tests()[static_cast<std::size_t>(test)]);
  const auto numbers = chosen.empty() ? this->numbers() : causalNumbers(copied, m_model->groups());
  QGuiApplication::clipboard()->setText(numbers.tsv());
}

/// The tree's own Ctrl+C would copy one cell only, and its Enter press the dialog's button.
bool CausalView::eventFilter(QObject* object, QEvent* event) {
  const bool is_press = event->type() == QEvent::KeyPress;
  if (!is_press && event->type() != QEvent::ShortcutOverride)
    return QWidget::eventFilter(object, event);
  auto* key = static_cast<QKeyEvent*>(event);
  const bool is_enter = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
  if (key->matches(QKeySequence::Copy)) {
    if (is_press)
      copyNumbers();
  } else if (is_enter) {
    const QModelIndex test = m_tree->currentIndex().siblingAtColumn(0);
    if (is_press && test.isValid())
      m_tree->setExpanded(test, !m_tree->isExpanded(test));
  } else {
    return QWidget::eventFilter(object, event);
  }
  key->accept();
  return true;
}

void CausalView::begin() {
  setMessage({}, false);
  m_progress->setRange(0, 0);
  m_progress->show();
}

void CausalView::setProgress(int done, int total) {
  m_progress->setRange(0, total);
  m_progress->setValue(done);
}

void CausalView::end() {
  m_progress->hide();
}

void CausalView::setMessage(const QString& message, bool is_problem) {
  widgets::setStyled(*m_message, "role",
                     is_problem ? QStringLiteral("problem") : QStringLiteral("second"));
  m_message->setText(message);
  m_message->setVisible(!message.isEmpty());
}

QString CausalView::message() const {
  return m_message->text();
}

void CausalView::addButton(QAbstractButton* button) {
  m_foot->addWidget(button);
}

}  // namespace anchorlens::app
