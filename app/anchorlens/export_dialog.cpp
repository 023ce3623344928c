// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/export_dialog.h"

#include "app/anchorlens/figure_preview.h"
#include "app/anchorlens/places.h"
#include "app/anchorlens/render_command.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDir>
#include <QDoubleSpinBox>
#include <QFileInfo>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QRegularExpression>

#include <algorithm>

namespace anchorlens::app {

namespace {

constexpr int kPreviewDelayMs = 120;
const QStringList kSuffixes{QStringLiteral("svg"), QStringLiteral("pdf"), QStringLiteral("png"),
                            QStringLiteral("csv"), QStringLiteral("npz")};
enum Option { Letters, Labels, ColourBar, Tokens, Outlines, Scores, Values };

}  // namespace

ExportDialog::ExportDialog(Dialogs& dialogs, QWidget* parent)
    : QDialog(parent), m_dialogs(dialogs), m_thread(QStringLiteral("export")) {
  build();
  m_delay.setSingleShot(true);
  m_delay.setInterval(kPreviewDelayMs);
  connect(&m_delay, &QTimer::timeout, this, &ExportDialog::askPreview);
  const auto* worker = m_thread.worker();
  connect(worker, &ExportWorker::prepared, this, &ExportDialog::onPrepared);
  connect(worker, &ExportWorker::refused, this, [this](quint64 number, const QString& problem) {
    if (number != m_number)
      return;
    m_is_preview_known = false;
    m_preview->setText(problem);
    m_preview_size->clear();
    m_export->setEnabled(false);
    m_copy->setEnabled(false);
  });
  connect(worker, &ExportWorker::wrote, this, [this](quint64 number, int files) {
    if (number == m_writing)
      m_progress->setValue(files);
  });
  connect(worker, &ExportWorker::done, this, &ExportDialog::onDone);
  m_file->setText(QDir::homePath() + QStringLiteral("/{run}_{view}_{step}"));
  m_is_building = false;
  showFormats();
}

void ExportDialog::setSource(const ExportSource& source) {
  m_source = source;
  m_is_building = true;
  if (m_steps->text().isEmpty())
    m_steps->setText(QString::number(source.step));
  m_map->setCurrentIndex(static_cast<int>(source.map));
  m_scale->setCurrentIndex(source.per_head ? 1 : 0);
  m_use_emergence->setEnabled(source.history != nullptr);
  for (int row = 0; row < kExportItems; ++row) {
    // A draft has its experiment and nothing else yet.
    const auto item = static_cast<ExportItem>(row);
    const bool is_study = isOfStudy(item);
    const bool is_there = is_study ? source.study.data != nullptr
                                   : !source.directory.empty() || item == ExportItem::Experiment;
    auto flags = m_items->item(row)->flags();
    flags.setFlag(Qt::ItemIsEnabled, is_there);
    m_items->item(row)->setFlags(flags);
    m_items->item(row)->setToolTip(is_there   ? QString()
                                   : is_study ? tr("No study is open.")
                                              : tr("A draft has no run yet."));
  }
  if (!m_items->currentItem()->flags().testFlag(Qt::ItemIsEnabled))
    m_items->setCurrentRow(static_cast<int>(ExportItem::Experiment));
  m_is_building = false;
  showFormats();
  changed();
}

void ExportDialog::setItem(ExportItem item) {
  m_items->setCurrentRow(static_cast<int>(item));
}

ExportItem ExportDialog::item() const {
  return static_cast<ExportItem>(std::max(0, m_items->currentRow()));
}

void ExportDialog::setFormats(const QStringList& suffixes) {
  for (std::size_t i = 0; i < m_formats.size(); ++i)
    m_formats[i]->setChecked(suffixes.contains(kSuffixes[static_cast<qsizetype>(i)]));
}

void ExportDialog::setFilePattern(const QString& pattern) {
  m_file->setText(pattern);
}

QString ExportDialog::problem() const {
  return m_summary->text();
}

void ExportDialog::showFormats() {
  const bool has_figure = isFigure(item());
  for (QCheckBox* format : m_formats) {
    format->setEnabled(has_figure);
    format->setToolTip(has_figure ? QString() : tr("Only one file of its own kind is written."));
  }
  const bool is_phase = item() == ExportItem::Phase;
  const bool is_heads = isOfHeads(item());
  const bool is_page = item() == ExportItem::Weights || item() == ExportItem::Circuits;
  const bool has_cells = is_phase || isOfWeights(item());
  m_steps_row->setVisible(item() == ExportItem::AllHeadsOverTime);
  m_options[Letters]->setVisible(item() == ExportItem::AllHeadsOverTime || is_page);
  m_options[Labels]->setVisible((is_heads && item() != ExportItem::SelectedHead) ||
                                item() == ExportItem::Flow);
  m_options[ColourBar]->setVisible(is_heads || has_cells);
  m_options[Tokens]->setVisible(item() == ExportItem::SelectedHead);
  m_options[Outlines]->setVisible(is_heads);
  m_options[Scores]->setVisible(is_heads && item() != ExportItem::SelectedHead);
  m_options[Values]->setVisible(item() == ExportItem::SelectedHead || has_cells);
  for (QWidget* widget : std::initializer_list<QWidget*>{m_width, m_font, m_dpi, m_theme})
    widget->setEnabled(has_figure);
  m_map->setEnabled(is_heads || is_phase);
  m_scale->setEnabled(is_heads);
  m_provenance->setEnabled(has_figure);
}

std::vector<std::int64_t> ExportDialog::steps() const {
  static const QRegularExpression separators(QStringLiteral("[,;\\s]+"));
  std::vector<std::int64_t> steps;
  for (const QString& word : m_steps->text().split(separators, Qt::SkipEmptyParts)) {
    bool is_number = false;
    const qlonglong step = word.toLongLong(&is_number);
    if (is_number && step >= 0)
      steps.push_back(step);
  }
  return steps;
}

ExportOrder ExportDialog::order() const {
  ExportOrder order;
  order.item = item();
  order.directory = m_source.directory;
  order.spec = m_source.spec;
  order.step = m_source.step;
  order.study = m_source.study;
  order.study_folder = m_source.study_folder;
  FigureOrder& figure = order.figure;
  figure.item = figureItem(item(), m_source.weights_choice.page);
  figure.weights = m_source.weights_choice;
  if (item() == ExportItem::WeightsPlot)
    figure.plot = m_source.plot;
  figure.choice = m_source.choice;
  figure.layer = m_source.layer;
  figure.head = m_source.head;
  figure.flow = m_source.flow;
  figure.route = m_source.route;
  figure.thresholds = m_source.thresholds;
  figure.steps = item() == ExportItem::AllHeadsOverTime ? steps() : std::vector{m_source.step};
  widgets::FigureStyle& style = figure.style;
  style.width_in = m_width->currentData().toDouble();
  style.font_pt = m_font->value();
  style.dpi = m_dpi->currentData().toInt();
  style.dark = m_theme->currentIndex() == 1;
  style.map = static_cast<widgets::ColourMap>(m_map->currentIndex());
  style.per_head = m_scale->currentIndex() == 1;
  style.log_steps = m_source.log_time;
  style.panel_letters = m_options[Letters]->isChecked();
  style.head_labels = m_options[Labels]->isChecked();
  style.colour_bar = m_options[ColourBar]->isChecked();
  style.tokens = m_options[Tokens]->isChecked();
  style.outlines = m_options[Outlines]->isChecked();
  style.head_scores = m_options[Scores]->isChecked();
  style.values = m_options[Values]->isChecked();
  style.provenance_line = m_provenance->isChecked();
  return order;
}

QStringList ExportDialog::chosenSuffixes() const {
  if (item() == ExportItem::Checkpoint)
    return {QStringLiteral("safetensors")};
  if (item() == ExportItem::Experiment)
    return {QStringLiteral("json")};
  QStringList chosen;
  for (std::size_t i = 0; i < m_formats.size(); ++i) {
    if (m_formats[i]->isChecked())
      chosen.append(kSuffixes[static_cast<qsizetype>(i)]);
  }
  return chosen;
}

QStringList ExportDialog::files() const {
  const ExportOrder now = order();
  widgets::FigureRequest names;
  names.item = now.figure.item;
  names.layer = now.figure.layer;
  names.head = now.figure.head;
  names.study = now.study;
  names.source.run = isOfStudy(now.item)          ? toText(now.study_folder.filename())
                     : m_source.directory.empty() ? QString::fromStdString(m_source.spec.name)
                                                  : toText(m_source.directory.filename());
  names.source.seed = static_cast<qint64>(m_source.spec.training.seed);
  if (isOfWeights(now.item)) {
    // The file is named by the checkpoint that is drawn.
    auto picture = std::make_shared<widgets::WeightsPicture>();
    picture->step = m_source.weights ? m_source.weights->step : m_source.step;
    names.weights = picture;
  }
  for (const std::int64_t step : now.figure.steps) {
    widgets::FigureHeads heads;
    heads.step = step;
    names.heads.push_back(heads);
  }
  QString pattern = m_file->text().trimmed();
  if (now.item == ExportItem::Checkpoint)
    pattern.replace(QStringLiteral("{view}"), QStringLiteral("checkpoint"));
  else if (now.item == ExportItem::Experiment)
    pattern.replace(QStringLiteral("{view}"), QStringLiteral("experiment"));
  // The folder is taken as it is; only the name has braces.
  const qsizetype slash = pattern.lastIndexOf(QLatin1Char('/'));
  const QString name = widgets::figureFileName(pattern.mid(slash + 1), names);
  QStringList files;
  for (const QString& suffix : chosenSuffixes())
    files.append(pattern.left(slash + 1) + name + QLatin1Char('.') + suffix);
  return files;
}

QString ExportDialog::commandLine() const {
  return renderCommand(order(), files());
}

void ExportDialog::changed() {
  if (m_is_building)
    return;
  const QStringList all = files();
  const bool has_command = isOfStudy(item()) || !m_source.directory.empty();
  m_command->setPlainText(has_command ? commandLine() : tr("A draft has no run yet."));
  m_summary->setText(all.isEmpty() ? tr("Choose a format.")
                                   : QFileInfo(all.front()).absolutePath());
  m_export->setText(all.size() == 1 ? tr("Export 1 file") : tr("Export %1 files").arg(all.size()));
  m_export->setEnabled(!all.isEmpty() && m_writing == 0);
  m_delay.start();
}

void ExportDialog::askPreview() {
  ++m_number;
  if (!isFigure(item())) {
    m_preview_size->clear();
    m_preview->setText(item() == ExportItem::Checkpoint
                           ? tr("The weights of the newest checkpoint at or before step %1, as "
                                "safetensors with the names of docs/format.md.")
                                 .arg(m_source.step)
                           : tr("The complete experiment as JSON: open it, change it, train it."));
    m_copy->setEnabled(false);
    return;
  }
  ExportOrder now = order();
  now.number = m_number;
  m_thread.post([now](ExportWorker& worker) { worker.prepare(now); });
}

void ExportDialog::onPrepared(quint64 number,
                              const std::shared_ptr<const widgets::FigureRequest>& request) {
  if (number != m_number)
    return;
  m_is_preview_known = true;
  const QSizeF size = widgets::figureSize(*request);
  m_preview_size->setText(
      tr("%1 × %2 in, as printed").arg(size.width(), 0, 'f', 2).arg(size.height(), 0, 'f', 2));
  m_preview->setRequest(request);
  m_copy->setEnabled(true);
}

void ExportDialog::copyPicture() {
  if (m_preview->request()) {
    QApplication::clipboard()->setMimeData(widgets::figureMimeData(*m_preview->request()));
    m_summary->setText(tr("Picture copied."));
  }
}

void ExportDialog::startExport() {
  const QStringList all = files();
  if (all.isEmpty() || m_writing != 0)
    return;
  QStringList existing;
  std::copy_if(all.begin(), all.end(), std::back_inserter(existing),
               [](const QString& file) { return QFileInfo::exists(file); });
  if (!existing.isEmpty() && !m_dialogs.replaceFiles(this, existing))
    return;
  QDir().mkpath(QFileInfo(all.front()).absolutePath());
  ExportOrder now = order();
  now.number = ++m_number;
  m_writing = now.number;
  m_stop = std::stop_source();
  m_progress->setRange(0, static_cast<int>(all.size()));
  m_progress->setValue(0);
  setBusy(true);
  m_thread.post([now, all, stop = m_stop.get_token()](ExportWorker& worker) {
    worker.write(now, all, stop);
  });
}

void ExportDialog::onDone(quint64 number, int files, const QString& problem) {
  if (number != m_writing)
    return;
  m_writing = 0;
  setBusy(false);
  const QString message = problem.isEmpty() ? tr("Exported %n file(s).", nullptr, files) : problem;
  m_summary->setText(message);
  emit finished(message);
}

void ExportDialog::setBusy(bool busy) {
  m_progress->setVisible(busy);
  m_export->setEnabled(!busy);
  m_close->setText(busy ? tr("Cancel") : tr("Close"));
}

}  // namespace anchorlens::app
