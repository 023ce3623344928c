// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/task_export_dialog.h"

#include "app/anchorlens/places.h"
#include "engine/core/store/checkpoint.h"
#include "engine/core/task/notation.h"
#include "widgets/panel_field.h"
#include "widgets/styled_property.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QFileInfo>
#include <QFrame>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include <limits>

namespace anchorlens::app {

namespace {

constexpr int kMostSamples = 1'000'000'000;
constexpr int kProgressSteps = 1000;

QLabel* makeTitle(const QString& text, QWidget* parent) {
  auto* title = new QLabel(text, parent);
  title->setProperty("role", "title");
  return title;
}

QLabel* makeCaption(const QString& text, QWidget* parent) {
  auto* caption = new QLabel(text, parent);
  caption->setProperty("role", "caption");
  caption->setWordWrap(true);
  return caption;
}

QPushButton* makeButton(const QString& text, QWidget* parent) {
  auto* button = new QPushButton(text, parent);
  button->setAutoDefault(false);  // Enter in a field writes nothing
  return button;
}

void addField(QGridLayout* grid, int row, int column, const QString& name, QWidget* field) {
  auto* label = new QLabel(name, field->parentWidget());
  label->setBuddy(field);
  field->setAccessibleName(name);
  grid->addWidget(label, row, 2 * column);
  grid->addWidget(field, row, 2 * column + 1);
}

}  // namespace

TaskExportDialog::TaskExportDialog(Dialogs& dialogs, QWidget* parent)
    : QDialog(parent), m_dialogs(dialogs), m_exporter(QStringLiteral("samples")) {
  setWindowTitle(tr("Export task"));
  build();
  const SampleExporter* exporter = m_exporter.worker();
  connect(exporter, &SampleExporter::progressed, this, [this](qint64 done) {
    m_progress->setValue(
        static_cast<int>(done * kProgressSteps / m_progress->property("n").toLongLong()));
  });
  connect(exporter, &SampleExporter::finished, this, &TaskExportDialog::onFinished);
  setBusy(false);
}

TaskExportDialog::~TaskExportDialog() {
  m_stop.request_stop();
}

void TaskExportDialog::build() {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(18, 14, 18, 14);
  layout->setSpacing(12);
  m_task = widgets::makeElidingLabel({}, this);
  m_task->setProperty("role", "second");
  auto* rule = new QFrame(this);
  rule->setProperty("role", "rule");
  m_message = new QLabel(this);
  m_message->setWordWrap(true);
  m_message->setTextInteractionFlags(Qt::TextSelectableByMouse);
  m_message->setAccessibleName(tr("Result"));
  QPushButton* close = makeButton(tr("Close"), this);
  connect(close, &QPushButton::clicked, this, &QDialog::close);
  auto* foot = new QHBoxLayout;
  foot->addWidget(m_message, 1);
  foot->addWidget(close, 0, Qt::AlignBottom);
  layout->addWidget(m_task);
  layout->addWidget(buildSamples());
  layout->addWidget(rule);
  layout->addWidget(buildNotation());
  layout->addStretch(1);
  layout->addLayout(foot);
  setMinimumWidth(80 * fontMetrics().averageCharWidth());
  showCommand();
  m_format->setFocus();
}

QWidget* TaskExportDialog::buildSamples() {
  auto* box = new QWidget(this);
  auto* layout = new QVBoxLayout(box);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(8);
  m_format = new QComboBox(box);
  m_format->addItem(tr("CSV"), QStringLiteral("csv"));
  m_format->addItem(tr("JSON Lines"), QStringLiteral("jsonl"));
  m_format->addItem(tr("NPZ (NumPy)"), QStringLiteral("npz"));
  m_split = new QComboBox(box);
  m_split->addItem(tr("Training"), QStringLiteral("train"));
  m_split->addItem(tr("Test"), QStringLiteral("test"));
  m_split->addItem(tr("Both, one after the other"), QStringLiteral("both"));
  m_count = new QSpinBox(box);
  m_count->setRange(1, kMostSamples);
  m_count->setValue(1000);
  m_seed = new QSpinBox(box);
  m_seed->setRange(0, std::numeric_limits<int>::max());
  m_seed->setValue(1);
  auto* grid = new QGridLayout;
  grid->setHorizontalSpacing(8);
  grid->setVerticalSpacing(8);
  addField(grid, 0, 0, tr("Format"), m_format);
  addField(grid, 0, 1, tr("Split"), m_split);
  addField(grid, 1, 0, tr("How many"), m_count);
  addField(grid, 1, 1, tr("Seed"), m_seed);
  grid->setColumnStretch(1, 1);
  grid->setColumnStretch(3, 1);
  m_command = makeCaption({}, box);
  m_command->setTextInteractionFlags(Qt::TextSelectableByMouse);
  m_save_samples = makeButton(tr("Save samples…"), box);
  m_save_samples->setProperty("role", "primary");
  m_progress = new QProgressBar(box);
  m_progress->setRange(0, kProgressSteps);
  m_progress->setTextVisible(false);
  m_progress->setAccessibleName(tr("Share of the samples that is drawn"));
  m_cancel = makeButton(tr("Cancel"), box);
  auto* row = new QHBoxLayout;
  row->setSpacing(8);
  row->addWidget(m_save_samples);
  row->addWidget(m_progress, 1);
  row->addWidget(m_cancel);
  row->addStretch(0);
  layout->addWidget(makeTitle(tr("Samples for other programs"), box));
  layout->addLayout(grid);
  layout->addWidget(m_command);
  layout->addLayout(row);
  for (QComboBox* choice : {m_format, m_split})
    connect(choice, &QComboBox::currentIndexChanged, this, &TaskExportDialog::showCommand);
  for (QSpinBox* number : {m_count, m_seed})
    connect(number, &QSpinBox::valueChanged, this, &TaskExportDialog::showCommand);
  connect(m_save_samples, &QPushButton::clicked, this, &TaskExportDialog::saveSamples);
  connect(m_cancel, &QPushButton::clicked, this, [this] {
    m_stop.request_stop();
    m_cancel->setEnabled(false);
    tell(tr("Cancelling…"), false);
  });
  return box;
}

QWidget* TaskExportDialog::buildNotation() {
  auto* box = new QWidget(this);
  auto* layout = new QVBoxLayout(box);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(8);
  m_copy_latex = makeButton(tr("Copy LaTeX"), box);
  m_save_latex = makeButton(tr("Save LaTeX…"), box);
  m_save_svg = makeButton(tr("Save SVG…"), box);
  auto* row = new QHBoxLayout;
  row->setSpacing(8);
  for (QPushButton* button : {m_copy_latex, m_save_latex, m_save_svg})
    row->addWidget(button);
  row->addStretch(1);
  layout->addWidget(makeTitle(tr("Notation for a paper"), box));
  layout->addWidget(makeCaption(
      tr("Pattern, anchors and what is held out: a fragment for LaTeX with amsmath, or a figure."),
      box));
  layout->addLayout(row);
  connect(m_copy_latex, &QPushButton::clicked, this, [this] {
    QApplication::clipboard()->setText(
        QString::fromStdString(core::notationLatex(m_experiment.task)));
    tell(tr("LaTeX copied."), false);
  });
  connect(m_save_latex, &QPushButton::clicked, this, [this] { saveNotation(false); });
  connect(m_save_svg, &QPushButton::clicked, this, [this] { saveNotation(true); });
  return box;
}

void TaskExportDialog::setExperiment(const core::ExperimentSpec& experiment) {
  m_experiment = experiment;
  QStringList patterns;
  for (const core::FormSpec& form : experiment.task.forms)
    patterns.append(QString::fromStdString(form.pattern));
  m_task->setToolTip({});
  m_task->setText(QString::fromStdString(experiment.name) + QStringLiteral(":   ") +
                  patterns.join(QStringLiteral("   or   ")));
}

void TaskExportDialog::showCommand() {
  m_command->setText(
      tr("The same bytes as: anchorctl sample FILE -n %1 --split %2 --seed %3 --out NAME.%4")
          .arg(m_count->value())
          .arg(m_split->currentData().toString())
          .arg(m_seed->value())
          .arg(m_format->currentData().toString()));
}

QString TaskExportDialog::askFile(const QString& title, const QString& suffix,
                                  const QString& filter) {
  const QString name = QString::fromStdString(m_experiment.name) + QLatin1Char('.') + suffix;
  return m_dialogs.askFile(this, title, name, suffix, filter);
}

void TaskExportDialog::saveSamples() {
  const QString suffix = m_format->currentData().toString();
  SampleOrder order;
  order.file = askFile(tr("Save samples"), suffix,
                       QStringLiteral("%1 (*.%2)").arg(m_format->currentText(), suffix));
  if (order.file.isEmpty())
    return;
  order.task = m_experiment.task;
  order.request = {core::splitsOf(m_split->currentData().toString().toStdString()),
                   m_count->value(), static_cast<std::uint64_t>(m_seed->value())};
  order.format = *core::sampleFormatOf(toPath(order.file));
  m_stop = std::stop_source();
  m_progress->setProperty("n", static_cast<qlonglong>(order.request.total()));
  m_progress->setValue(0);
  setBusy(true);
  tell(tr("Writing %1…").arg(QFileInfo(order.file).fileName()), false);
  m_exporter.post([order, stop = m_stop.get_token()](SampleExporter& exporter) {
    exporter.write(order, stop);
  });
}

void TaskExportDialog::onFinished(SampleExporter::Outcome outcome, const QString& message) {
  setBusy(false);
  tell(message, outcome == SampleExporter::Outcome::Failed);
  emit told(message);
}

void TaskExportDialog::setBusy(bool busy) {
  const bool had_focus = m_save_samples->hasFocus() || m_cancel->hasFocus();
  m_save_samples->setEnabled(!busy);
  m_progress->setVisible(busy);
  m_cancel->setVisible(busy);
  m_cancel->setEnabled(busy);
  if (had_focus)
    (busy ? m_cancel : m_save_samples)->setFocus(Qt::OtherFocusReason);
}

void TaskExportDialog::saveNotation(bool is_svg) {
  const QString file =
      is_svg ? askFile(tr("Save notation"), QStringLiteral("svg"), tr("SVG (*.svg)"))
             : askFile(tr("Save notation"), QStringLiteral("tex"), tr("LaTeX (*.tex)"));
  if (file.isEmpty())
    return;
  const auto written =
      core::writeFileAtomically(toPath(file), is_svg ? core::notationSvg(m_experiment.task)
                                                     : core::notationLatex(m_experiment.task));
  const QString message = written ? tr("The notation is in %1.").arg(file)
                                  : QString::fromStdString(written.error().text());
  tell(message, !written);
  emit told(message);
}

void TaskExportDialog::tell(const QString& message, bool is_problem) {
  m_message->setText(message);
  widgets::setStyled(*m_message, "role",
                     is_problem ? QStringLiteral("problem") : QStringLiteral("second"));
}

QString TaskExportDialog::message() const {
  return m_message->text();
}

}  // namespace anchorlens::app
