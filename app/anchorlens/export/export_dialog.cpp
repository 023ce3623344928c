// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/export/export_dialog.h"

#include "app/anchorlens/export/animation.h"
#include "app/anchorlens/export/figure_preview.h"
#include "app/anchorlens/export/render_command.h"
#include "app/anchorlens/export/step_list.h"
#include "app/anchorlens/places.h"
#include "widgets/styled_property.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDir>
#include <QDoubleSpinBox>
#include <QFileInfo>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>

#include <algorithm>
#include <bit>
#include <utility>

namespace anchorlens::app {

namespace {

constexpr int kPreviewDelayMs = 120;
constexpr int kOptionColumns = 4;
constexpr int kProgressSteps = 100;  // of a file
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
    if (chosen().size() == 1)  // the rest can be written all the same
      m_export->setEnabled(false);
    m_copy->setEnabled(false);
  });
  connect(worker, &ExportWorker::progressed, this, [this](quint64 number, double files) {
    if (number == m_writing)
      m_progress->setValue(static_cast<int>(files * kProgressSteps));
  });
  connect(worker, &ExportWorker::done, this, &ExportDialog::onDone);
  m_file->setText(QDir::homePath() + QStringLiteral("/{run}_{view}_{step}"));
  m_is_building = false;
  showFormats();
}

void ExportDialog::setSource(const ExportSource& source) {
  m_is_building = true;
  if (source.order.directory != m_source.order.directory)
    forgetSteps();
  m_source = source;
  if (m_steps->text().isEmpty())
    m_steps->setText(QString::number(source.step));
  m_map->setCurrentIndex(static_cast<int>(source.order.style.map));
  m_scale->setCurrentIndex(source.order.style.per_head ? 1 : 0);
  takeMilestones();
  m_use_emergence->setEnabled(!m_milestones.isEmpty());
  for (int row = 0; row < m_items->count(); ++row) {
    const ExportKind& kind = kindAt(row);
    const QString missing = missingFor(kind);
    auto flags = m_items->item(row)->flags();
    flags.setFlag(Qt::ItemIsEnabled, missing.isEmpty());
    flags.setFlag(Qt::ItemIsSelectable, missing.isEmpty());
    m_items->item(row)->setFlags(flags);
    m_items->item(row)->setToolTip(missing);
  }
  if (!m_items->currentItem()->flags().testFlag(Qt::ItemIsEnabled))
    setKind(QStringLiteral("experiment"));
  m_is_building = false;
  showFormats();
  changed();
}

/// They were of another run.
void ExportDialog::forgetSteps() {
  m_steps->clear();
  m_first->setValue(0);
  m_last->setValue(0);
  m_newest = 0;
}

/// Where something happened: the first and last frame and the emergences. The history itself is the
/// window's: it is not kept.
void ExportDialog::takeMilestones() {
  m_milestones.clear();
  const auto history = std::exchange(m_source.history, nullptr);
  if (!history || history->frames().empty())
    return;
  m_milestones << QString::number(history->frames().front());
  for (const auto label : {core::Label::Shift, core::Label::Broadcast}) {
    const auto step = history->firstEmergence(label);
    if (step && !m_milestones.contains(QString::number(*step)))
      m_milestones << QString::number(*step);
  }
  const auto last = static_cast<int>(history->frames().back());
  if (!m_milestones.contains(QString::number(last)))
    m_milestones << QString::number(last);
  if (m_last->value() == m_newest)  // nobody chose another one
    m_last->setValue(last);
  m_newest = last;
}

/// Why a kind cannot be had now; empty when it can.
QString ExportDialog::missingFor(const ExportKind& kind) const {
  switch (kind.of()) {
    case ExportKind::Of::Study:
      return m_source.order.study.data ? QString() : tr("No study is open.");
    case ExportKind::Of::Run:
      return m_source.order.directory.empty() ? tr("A draft has no run yet.")
                                              : kind.missing(m_source.order);
    case ExportKind::Of::Draft:
      break;
  }
  return {};
}

const ExportKind& ExportDialog::kindAt(int row) {
  return *exportKinds()[static_cast<std::size_t>(std::max(0, row))];
}

void ExportDialog::setKind(const QString& id) {
  for (int row = 0; row < m_items->count(); ++row) {
    if (kindAt(row).id() == id)
      m_items->setCurrentRow(row, QItemSelectionModel::ClearAndSelect);
  }
}

const ExportKind& ExportDialog::kind() const {
  return kindAt(m_items->currentRow());
}

std::vector<const ExportKind*> ExportDialog::chosen() const {
  std::vector<const ExportKind*> kinds;
  for (int row = 0; row < m_items->count(); ++row) {
    if (m_items->item(row)->isSelected() || row == m_items->currentRow())
      kinds.push_back(&kindAt(row));
  }
  return kinds;
}

void ExportDialog::setFormats(const QStringList& suffixes) {
  for (QCheckBox* format : m_formats)
    format->setChecked(suffixes.contains(format->property("suffix").toString()));
}

void ExportDialog::setFilePattern(const QString& pattern) {
  m_file->setText(pattern);
}

QString ExportDialog::problem() const {
  return m_summary->text();
}

void ExportDialog::showFormats() {
  const auto kinds = chosen();
  const auto any = [&kinds](const auto& has) {
    return std::any_of(kinds.begin(), kinds.end(), has);
  };
  for (QCheckBox* format : m_formats) {
    const QString suffix = format->property("suffix").toString();
    const bool is_there = any([&suffix](const ExportKind* kind) {
      return kind->isFigure() && kind->suffixes().contains(suffix);
    });
    format->setEnabled(is_there);
    format->setToolTip(is_there ? QString()
                       : any([](const ExportKind* kind) { return kind->isFigure(); })
                           ? tr("What is chosen is not written as %1.").arg(format->text())
                           : tr("Only one file of its own kind is written."));
  }
  StyleOptions options;
  for (const ExportKind* kind : kinds)
    options |= kind->options();
  int place = 0;
  for (std::size_t i = 0; i < m_options.size(); ++i) {
    const bool is_heeded = options.testFlag(static_cast<StyleOption>(1 << i));
    m_options[i]->setVisible(is_heeded);
    m_options_grid->removeWidget(m_options[i]);
    if (is_heeded) {
      m_options_grid->addWidget(m_options[i], place / kOptionColumns, place % kOptionColumns);
      ++place;
    }
  }
  const bool has_figure = any([](const ExportKind* kind) { return kind->isFigure(); });
  showFrames();
  m_steps_row->setVisible(any([](const ExportKind* kind) { return kind->takesSteps(); }));
  for (QWidget* widget : std::initializer_list<QWidget*>{m_width, m_font, m_dpi, m_theme})
    widget->setEnabled(has_figure);
  m_map->setEnabled(options.testFlag(StyleOption::Map));
  m_scale->setEnabled(options.testFlag(StyleOption::Scale));
  m_provenance->setEnabled(has_figure);
}

/// The range of steps, while something moves.
void ExportDialog::showFrames() {
  const bool is_moving = std::any_of(m_formats.begin(), m_formats.end(), [](const auto* format) {
    const QString suffix = format->property("suffix").toString();
    return format->isEnabled() && format->isChecked() &&
           (suffix == QLatin1String("gif") || suffix == kSeries);
  });
  m_frames_row->setVisible(is_moving);
}

/// What cannot be read of the steps, while something that is chosen takes them.
void ExportDialog::showStepsProblem() {
  const auto kinds = chosen();
  const bool is_heeded = std::any_of(kinds.begin(), kinds.end(),
                                     [](const ExportKind* kind) { return kind->takesSteps(); });
  const auto steps = readStepList(m_steps->text());
  const QString problem = is_heeded && !steps ? steps.error() : QString();
  if (problem == m_steps_problem->text())
    return;
  m_steps_problem->setText(problem);
  m_steps_problem->setVisible(!problem.isEmpty());
  m_steps->setAccessibleDescription(problem);
  widgets::setStyled(*m_steps, "state", problem.isEmpty() ? QString() : QStringLiteral("problem"));
}

ExportOrder ExportDialog::orderFor(const ExportKind& kind) const {
  ExportOrder order = orderOf(m_source, kind);
  if (const auto steps = readStepList(m_steps->text()); kind.takesSteps() && steps)
    order.steps = *steps;
  order.frames = {m_first->value(), m_last->value(), m_every->value(), m_fps->value()};
  widgets::FigureStyle& style = order.style;
  const auto isOn = [this](StyleOption option) {
    return m_options[static_cast<std::size_t>(std::countr_zero(static_cast<unsigned>(option)))]
        ->isChecked();
  };
  using enum StyleOption;
  style.width_in = m_width->currentData().toDouble();
  style.font_pt = m_font->value();
  style.dpi = m_dpi->currentData().toInt();
  style.dark = m_theme->currentIndex() == 1;
  style.map = static_cast<widgets::ColourMap>(m_map->currentIndex());
  style.per_head = m_scale->currentIndex() == 1;
  style.panel_letters = isOn(Letters);
  style.head_labels = isOn(Labels);
  style.colour_bar = isOn(ColourBar);
  style.tokens = isOn(Tokens);
  style.outlines = isOn(Outlines);
  style.head_scores = isOn(Scores);
  style.values = isOn(Values);
  style.markers = kind.options().testFlag(Markers) && isOn(Markers);
  style.provenance_line = m_provenance->isChecked();
  return order;
}

/// None while the steps cannot be read.
std::vector<ExportTask> ExportDialog::tasks() const {
  if (!m_steps_problem->text().isEmpty())
    return {};
  std::vector<ExportTask> tasks;
  QStringList taken;
  for (const ExportKind* kind : chosen()) {
    QStringList suffixes;
    for (const QCheckBox* format : m_formats) {
      const QString suffix = format->property("suffix").toString();
      if (format->isChecked() && kind->suffixes().contains(suffix))
        suffixes << suffix;
    }
    if (!kind->isFigure())
      suffixes = kind->suffixes();
    ExportOrder order = orderFor(*kind);
    QString pattern = m_file->text().trimmed();
    QStringList files = exportFiles(order, pattern, suffixes);
    // Two kinds may have one word: heads at a step, and over time.
    if (!files.isEmpty() && taken.contains(files.front()))
      files = exportFiles(order, pattern + QLatin1Char('_') + kind->id(), suffixes);
    taken += files;
    if (!files.isEmpty())
      tasks.push_back({std::move(order), std::move(files)});
  }
  return tasks;
}

QStringList ExportDialog::files() const {
  QStringList all;
  for (const ExportTask& task : tasks())
    all += task.files;
  return all;
}

QString ExportDialog::commandLine() const {
  QStringList lines;
  for (const ExportTask& task : tasks())
    lines << renderCommand(task.order, task.files);
  return lines.join(QLatin1Char('\n'));
}

void ExportDialog::changed() {
  if (m_is_building)
    return;
  showFrames();
  showStepsProblem();
  const bool is_read = m_steps_problem->text().isEmpty();
  const QStringList all = files();
  const bool has_command =
      kind().of() == ExportKind::Of::Study || !m_source.order.directory.empty();
  m_command->setPlainText(has_command ? commandLine() : tr("A draft has no run yet."));
  m_copy_command->setEnabled(is_read);
  m_summary->setText(!is_read        ? QString()
                     : all.isEmpty() ? tr("Choose a format.")
                                     : QFileInfo(placeOf(all.front())).absolutePath());
  m_export->setText(!is_read          ? tr("Export")
                    : all.size() == 1 ? tr("Export 1 file")
                                      : tr("Export %1 files").arg(all.size()));
  enableExport();
  if (is_read)
    m_delay.start();
  else
    m_delay.stop();  // the picture of the steps before stays
}

void ExportDialog::enableExport() {
  m_export->setEnabled(m_writing == 0 && !files().isEmpty());
}

void ExportDialog::askPreview() {
  ++m_number;
  if (!kind().isFigure()) {
    m_preview_size->clear();
    m_preview->setText(kind().description());
    m_copy->setEnabled(false);
    return;
  }
  m_thread.post([number = m_number, order = orderFor(kind())](ExportWorker& worker) {
    worker.prepare(number, order);
  });
}

void ExportDialog::onPrepared(quint64 number,
                              const std::shared_ptr<const widgets::Figure>& figure) {
  if (number != m_number)
    return;
  m_is_preview_known = true;
  const QSizeF size = widgets::figureSize(*figure);
  const QString printed =
      tr("%1 × %2 in, as printed").arg(size.width(), 0, 'f', 2).arg(size.height(), 0, 'f', 2);
  const QString& without = figure->source.without;
  m_preview_size->setText(without.isEmpty() ? printed
                                            : without + QStringLiteral("  ·  ") + printed);
  m_preview->setFigure(figure);
  m_copy->setEnabled(true);
}

void ExportDialog::copyPicture() {
  if (m_preview->figure()) {
    QApplication::clipboard()->setMimeData(widgets::figureMimeData(*m_preview->figure()));
    m_summary->setText(tr("Picture copied."));
  }
}

void ExportDialog::startExport() {
  const QStringList names = files();
  if (names.isEmpty() || m_writing != 0)
    return;
  QStringList existing;
  for (const QString& file : names) {
    if (QFileInfo::exists(placeOf(file)))
      existing << placeOf(file);
  }
  if (!existing.isEmpty() && !m_dialogs.replaceFiles(this, existing))
    return;
  QDir().mkpath(QFileInfo(placeOf(names.front())).absolutePath());
  m_without.clear();
  for (const ExportTask& task : tasks()) {
    if (!task.order.without.empty())
      m_without = withoutText(task.order.without);
  }
  m_writing = ++m_number;
  m_stop = std::stop_source();
  m_progress->setRange(0, kProgressSteps * static_cast<int>(names.size()));
  m_progress->setValue(0);
  setBusy(true);
  m_thread.post([number = m_writing, all = tasks(), stop = m_stop.get_token()](
                    ExportWorker& worker) { worker.write(number, all, stop); });
}

void ExportDialog::onDone(quint64 number, int files, const QString& problem) {
  if (number != m_writing)
    return;
  m_writing = 0;
  setBusy(false);
  QString message = m_without.isEmpty()
                        ? tr("Exported %n file(s).", nullptr, files)
                        : tr("Exported %n file(s), %1.", nullptr, files).arg(m_without);
  if (!problem.isEmpty())
    message = files > 0 ? problem + QLatin1Char(' ') + message : problem;
  m_summary->setText(message);
  emit finished(message);
}

void ExportDialog::setBusy(bool busy) {
  m_progress->setVisible(busy);
  enableExport();
  m_close->setText(busy ? tr("Cancel") : tr("Close"));
}

}  // namespace anchorlens::app
