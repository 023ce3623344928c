// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/causal_dialog.h"

#include "app/anchorlens/causal_view.h"

#include <QLabel>
#include <QPushButton>
#include <QTreeView>
#include <QVBoxLayout>

namespace anchorlens::app {

namespace {

constexpr QSize kSize{1000, 440};

}  // namespace

CausalDialog::CausalDialog(QWidget* parent) : QDialog(parent) {
  setWindowTitle(tr("Causal test of all heads"));
  auto* layout = new QVBoxLayout(this);
  layout->setSpacing(8);
  m_subject = new QLabel(this);
  m_view = new CausalView(
      windowTitle(),
      tr("Zero ablation before the output projection, on the probe. Control: as many other heads, "
         "mean of the draws. Only these: all other heads are ablated. Right unfolds the groups of "
         "a test."),
      this);
  for (const int column : {CausalModel::Step, CausalModel::Method, CausalModel::Sequences})
    m_view->tree()->setColumnHidden(column, true);
  m_cancel = new QPushButton(this);
  m_view->addButton(m_cancel);
  layout->addWidget(m_subject);
  layout->addWidget(m_view, 1);
  connect(m_cancel, &QPushButton::clicked, this, [this] {
    if (m_is_running)
      emit cancelled();
    else
      close();
  });
  resize(kSize);
}

void CausalDialog::begin(const QString& subject, const std::vector<core::GroupInfo>& groups) {
  m_is_running = true;
  m_groups = groups;
  m_subject->setText(subject);
  m_cancel->setText(tr("Cancel"));
  m_view->begin();
  m_view->setTests({}, groups);
}

void CausalDialog::setProgress(const std::vector<engine::CausalRecord>& records, int total) {
  m_view->setProgress(static_cast<int>(records.size()), total);
  m_view->setTests(records, m_groups);
}

void CausalDialog::finish(const std::vector<engine::CausalRecord>& records, const QString& message,
                          bool is_problem) {
  m_is_running = false;
  m_cancel->setText(tr("Close"));
  m_view->end();
  m_view->setMessage(message, is_problem);
  if (!records.empty())
    m_view->setTests(records, m_groups);
}

widgets::NumberTable CausalDialog::numbers() const {
  return m_view->numbers();
}

QString CausalDialog::message() const {
  return m_view->message();
}

void CausalDialog::done(int result) {
  if (m_is_running)
    emit cancelled();
  QDialog::done(result);
}

}  // namespace anchorlens::app
