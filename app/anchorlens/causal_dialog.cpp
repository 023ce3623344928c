// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/causal_dialog.h"

#include "widgets/fonts.h"
#include "widgets/number_dialog.h"
#include "widgets/number_format.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

#include <cmath>
#include <utility>

namespace anchorlens::app {

namespace {

constexpr QSize kSize{900, 420};

widgets::NumberTable::Value numberOf(const std::optional<double>& value) {
  return value ? std::round(*value * 1e4) / 1e4 : std::nan("");
}

}  // namespace

CausalDialog::CausalDialog(QWidget* parent) : QDialog(parent) {
  setWindowTitle(tr("Causal test of all heads"));
  m_numbers.title = windowTitle();
  m_numbers.columns = {tr("Ablated"),   tr("Heads"),        tr("Accuracy"),     tr("Without"),
                       tr("Control"),   tr("Control, min"), tr("Control, max"), tr("Only these"),
                       tr("Necessity"), tr("Of control"),   tr("Sufficiency")};
  auto* layout = new QVBoxLayout(this);
  layout->setSpacing(8);
  m_subject = new QLabel(this);
  m_table = new QTableView(this);
  m_table->setAccessibleName(windowTitle());
  m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
  m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
  m_table->setTabKeyNavigation(false);
  m_table->verticalHeader()->hide();
  auto* words = new QLabel(
      tr("Zero ablation before the output projection, on the probe. Control: as many other heads, "
         "mean of the draws. Only these: all other heads are ablated."),
      this);
  words->setProperty("role", "caption");
  words->setWordWrap(true);
  m_progress = new QProgressBar(this);
  m_progress->setAccessibleName(tr("Tests that are done"));
  m_progress->setFormat(tr("%v of %m tests"));
  m_message = new QLabel(this);
  m_message->setWordWrap(true);
  m_cancel = new QPushButton(this);
  m_copy = new QPushButton(tr("Copy numbers"), this);
  auto* row = new QHBoxLayout;
  row->addWidget(m_progress, 1);
  row->addStretch(0);
  row->addWidget(m_copy);
  row->addWidget(m_cancel);
  layout->addWidget(m_subject);
  layout->addWidget(m_table, 1);
  layout->addWidget(words);
  layout->addWidget(m_message);
  layout->addLayout(row);
  connect(m_cancel, &QPushButton::clicked, this, [this] {
    if (m_is_running)
      emit cancelled();
    else
      close();
  });
  connect(m_copy, &QPushButton::clicked, this,
          [this] { QApplication::clipboard()->setText(m_numbers.tsv()); });
  resize(kSize);
}

void CausalDialog::begin(const QString& subject) {
  m_is_running = true;
  m_subject->setText(subject);
  m_message->hide();
  m_cancel->setText(tr("Cancel"));
  m_progress->setRange(0, 0);  // how many there are is not known yet
  m_progress->show();
  showRecords({});
}

void CausalDialog::setProgress(const std::vector<engine::CausalRecord>& records, int total) {
  m_progress->setRange(0, total);
  m_progress->setValue(static_cast<int>(records.size()));
  showRecords(records);
}

void CausalDialog::finish(const std::vector<engine::CausalRecord>& records,
                          const QString& message) {
  m_is_running = false;
  m_progress->hide();
  m_cancel->setText(tr("Close"));
  m_message->setText(message);
  m_message->setVisible(!message.isEmpty());
  if (!records.empty())
    showRecords(records);
}

QString CausalDialog::message() const {
  return m_message->text();
}

void CausalDialog::done(int result) {
  if (m_is_running)
    emit cancelled();
  QDialog::done(result);
}

void CausalDialog::showRecords(const std::vector<engine::CausalRecord>& records) {
  m_numbers.rows.clear();
  for (const engine::CausalRecord& record : records) {
    const engine::CausalRow& all = record.result.all;
    const auto control = [&](double value) {
      return numberOf(all.control ? std::optional<double>(value) : std::nullopt);
    };
    m_numbers.rows.push_back({QString::fromStdString(record.result.name),
                              QString::fromStdString(engine::headsText(record.result.heads)),
                              numberOf(all.baseline.accuracy), numberOf(all.intervened.accuracy),
                              control(all.control ? all.control->accuracy : 0.0),
                              control(all.control_min), control(all.control_max),
                              numberOf(all.kept.accuracy), numberOf(all.necessity),
                              numberOf(all.control_necessity), numberOf(all.sufficiency)});
  }
  m_copy->setEnabled(!records.empty());
  const QAbstractItemModel* old = m_table->model();
  const QItemSelectionModel* old_selection = m_table->selectionModel();
  m_table->setModel(new widgets::NumberModel(m_numbers, m_table));
  delete old_selection;
  delete old;
  m_table->resizeColumnsToContents();
}

}  // namespace anchorlens::app
