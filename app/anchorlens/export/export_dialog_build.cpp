// SPDX-License-Identifier: GPL-3.0-or-later
// The Export dialog's widgets; what they do is in export_dialog.cpp.
#include "app/anchorlens/export/export_dialog.h"
#include "app/anchorlens/export/figure_preview.h"
#include "widgets/colour_map.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

namespace anchorlens::app {

namespace {

QLabel* makeTitle(const QString& text, QWidget* parent) {
  auto* label = new QLabel(text, parent);
  label->setProperty("role", "title");
  return label;
}

QFrame* makeRule(QWidget* parent) {
  auto* rule = new QFrame(parent);
  rule->setProperty("role", "rule");
  return rule;
}

/// A label and a field in a row of a grid.
void addRow(QGridLayout* grid, const QString& name, QWidget* field) {
  auto* label = new QLabel(name, field->parentWidget());
  label->setBuddy(field);
  field->setAccessibleName(name);
  const int row = grid->rowCount();
  grid->addWidget(label, row, 0);
  grid->addWidget(field, row, 1);
}

}  // namespace

void ExportDialog::build() {
  setWindowTitle(tr("Export"));
  auto* columns = new QHBoxLayout;
  columns->setSpacing(18);
  columns->addWidget(buildItems());
  columns->addWidget(buildMiddle(), 1);
  columns->addWidget(buildRight());
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(18, 14, 18, 14);
  layout->setSpacing(12);
  layout->addLayout(columns, 1);
  layout->addWidget(makeRule(this));
  layout->addWidget(buildButtons());
  resize(1120, 640);
}

QWidget* ExportDialog::buildItems() {
  auto* box = new QWidget(this);
  auto* layout = new QVBoxLayout(box);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(makeTitle(tr("What"), box));
  m_items = new QListWidget(box);
  m_items->setProperty("role", "plain");
  m_items->setAccessibleName(tr("What"));
  m_items->setSelectionMode(QAbstractItemView::ExtendedSelection);
  m_items->setToolTip(tr("Ctrl or Shift chooses several: each is exported."));
  for (const auto& kind : exportKinds())
    m_items->addItem(kind->title());
  setKind(QStringLiteral("heads"));
  m_items->setFixedWidth(170);
  connect(m_items, &QListWidget::itemSelectionChanged, this, [this] {
    showFormats();
    changed();
  });
  connect(m_items, &QListWidget::currentRowChanged, this, [this] {
    showFormats();
    changed();
  });
  layout->addWidget(m_items, 1);
  return box;
}

QWidget* ExportDialog::buildMiddle() {
  auto* box = new QWidget(this);
  auto* layout = new QVBoxLayout(box);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(8);
  auto* head = new QHBoxLayout;
  head->addWidget(makeTitle(tr("Preview"), box));
  head->addStretch(1);
  m_preview_size = new QLabel(box);
  m_preview_size->setProperty("role", "caption");
  head->addWidget(m_preview_size);
  layout->addLayout(head);
  m_preview = new FigurePreview(box);
  layout->addWidget(m_preview, 1);

  m_steps_row = new QWidget(box);
  auto* steps_and_problem = new QVBoxLayout(m_steps_row);
  steps_and_problem->setContentsMargins(0, 0, 0, 0);
  steps_and_problem->setSpacing(3);
  auto* steps = new QHBoxLayout;
  m_steps = new QLineEdit(m_steps_row);
  m_steps->setProperty("role", "mono");
  m_steps->setAccessibleName(tr("Steps"));
  m_steps->setPlaceholderText(tr("1000, 6800, 18400"));
  auto* add = new QPushButton(tr("Add cursor"), m_steps_row);
  m_use_emergence = new QPushButton(tr("Use emergence"), m_steps_row);
  for (QPushButton* link : {add, m_use_emergence})
    link->setProperty("role", "link");
  steps->addWidget(new QLabel(tr("Steps"), m_steps_row));
  steps->addWidget(m_steps, 1);
  steps->addWidget(add);
  steps->addWidget(m_use_emergence);
  m_steps_problem = new QLabel(m_steps_row);
  m_steps_problem->setProperty("role", "problem");
  m_steps_problem->setWordWrap(true);
  m_steps_problem->hide();
  steps_and_problem->addLayout(steps);
  steps_and_problem->addWidget(m_steps_problem);
  layout->addWidget(m_steps_row);
  connect(m_steps, &QLineEdit::textChanged, this, &ExportDialog::changed);
  connect(add, &QPushButton::clicked, this, [this] {
    const QString step = QString::number(m_source.step);
    m_steps->setText(
        m_steps->text().trimmed().isEmpty() ? step : m_steps->text() + QStringLiteral(", ") + step);
  });
  connect(m_use_emergence, &QPushButton::clicked, this,
          [this] { m_steps->setText(m_milestones.join(QStringLiteral(", "))); });

  layout->addWidget(buildFrames(box));

  m_options_grid = new QGridLayout;
  m_options_grid->setHorizontalSpacing(16);
  const QStringList names{
      tr("Panel letters"),          tr("Head labels"), tr("Colour bar"), tr("Token labels"),
      tr("Outline anchor and key"), tr("Head scores"), tr("Values"),     tr("Markers")};
  for (int i = 0; i < names.size(); ++i) {
    auto* option = new QCheckBox(names[i], box);
    option->setChecked(true);
    connect(option, &QCheckBox::toggled, this, &ExportDialog::changed);
    m_options[static_cast<std::size_t>(i)] = option;
  }
  layout->addLayout(m_options_grid);

  layout->addWidget(makeRule(box));
  layout->addWidget(makeTitle(tr("Same export from the command line"), box));
  auto* command = new QHBoxLayout;
  m_command = new QPlainTextEdit(box);
  m_command->setTabChangesFocus(true);
  m_command->setProperty("role", "mono");
  m_command->setReadOnly(true);
  m_command->setAccessibleName(tr("Command line"));
  m_command->setFixedHeight(m_command->fontMetrics().lineSpacing() * 3 + 14);
  m_copy_command = new QPushButton(tr("Copy"), box);
  connect(m_copy_command, &QPushButton::clicked, this,
          [this] { QApplication::clipboard()->setText(commandLine()); });
  command->addWidget(m_command, 1);
  command->addWidget(m_copy_command, 0, Qt::AlignTop);
  layout->addLayout(command);
  return box;
}

/// Which steps an animation goes through.
QWidget* ExportDialog::buildFrames(QWidget* parent) {
  m_frames_row = new QWidget(parent);
  auto* row = new QHBoxLayout(m_frames_row);
  row->setContentsMargins(0, 0, 0, 0);
  const auto add = [&](const QString& before, const QString& name, QSpinBox*& field, int most) {
    row->addWidget(new QLabel(before, m_frames_row));
    field = new QSpinBox(m_frames_row);
    field->setRange(0, most);
    field->setAccessibleName(name);
    row->addWidget(field);
    connect(field, &QSpinBox::valueChanged, this, &ExportDialog::changed);
  };
  constexpr int kMostSteps = 1'000'000'000;
  add(tr("Animate steps"), tr("First step"), m_first, kMostSteps);
  add(tr("to"), tr("Last step"), m_last, kMostSteps);
  add(tr("every"), tr("Every so many frames"), m_every, 10'000);
  row->addWidget(new QLabel(tr("frames,"), m_frames_row));
  m_fps = new QDoubleSpinBox(m_frames_row);
  m_fps->setRange(0.2, 50);
  m_fps->setDecimals(1);
  m_fps->setValue(FrameRange().per_second);
  m_fps->setAccessibleName(tr("Frames per second"));
  connect(m_fps, &QDoubleSpinBox::valueChanged, this, &ExportDialog::changed);
  row->addWidget(m_fps);
  row->addWidget(new QLabel(tr("a second"), m_frames_row));
  row->addStretch(1);
  m_every->setMinimum(1);
  return m_frames_row;
}

QWidget* ExportDialog::buildRight() {
  auto* box = new QWidget(this);
  box->setFixedWidth(270);
  auto* layout = new QVBoxLayout(box);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(8);
  layout->addWidget(makeTitle(tr("Formats"), box));
  auto* formats = new QGridLayout;
  const std::pair<const char*, QString> names[] = {
      {"svg", tr("SVG")},           {"pdf", tr("PDF")},         {"png", tr("PNG")},
      {"csv", tr("CSV numbers")},   {"npz", tr("NPZ numbers")}, {"tex", tr("LaTeX table")},
      {"gif", tr("GIF animation")}, {"pngs", tr("PNG series")}};
  for (const auto& [suffix, name] : names) {
    const auto i = static_cast<int>(m_formats.size());
    auto* format = new QCheckBox(name, box);
    format->setProperty("suffix", QString::fromLatin1(suffix));
    format->setChecked(i < 2);
    connect(format, &QCheckBox::toggled, this, &ExportDialog::changed);
    formats->addWidget(format, i / 2, i % 2);
    m_formats.push_back(format);
  }
  layout->addLayout(formats);
  layout->addWidget(makeRule(box));

  auto* grid = new QGridLayout;
  grid->setColumnStretch(1, 1);
  m_width = new QComboBox(box);
  m_width->addItem(tr("One column, 3.25 in"), 3.25);
  m_width->addItem(tr("Wide, 5 in"), 5.0);
  m_width->addItem(tr("Two columns, 6.75 in"), 6.75);
  m_width->addItem(tr("Slide, 10 in"), 10.0);
  m_width->setCurrentIndex(2);
  m_font = new QDoubleSpinBox(box);
  m_font->setRange(5, 24);
  m_font->setDecimals(1);
  m_font->setSuffix(tr(" pt"));
  m_font->setValue(8);
  m_dpi = new QComboBox(box);
  for (const int dpi : {150, 300, 600})
    m_dpi->addItem(tr("%1 dpi").arg(dpi), dpi);
  m_dpi->setCurrentIndex(1);
  m_theme = new QComboBox(box);
  m_theme->addItems({tr("Print (light)"), tr("Dark")});
  m_map = new QComboBox(box);
  for (int map = 0; map < widgets::kColourMaps; ++map)
    m_map->addItem(widgets::colourMapName(static_cast<widgets::ColourMap>(map)));
  m_scale = new QComboBox(box);
  m_scale->addItems({tr("Locked 0 to 1"), tr("Per head")});
  addRow(grid, tr("Width"), m_width);
  addRow(grid, tr("Font size"), m_font);
  addRow(grid, tr("PNG resolution"), m_dpi);
  addRow(grid, tr("Theme"), m_theme);
  addRow(grid, tr("Colour map"), m_map);
  addRow(grid, tr("Scale"), m_scale);
  for (QComboBox* field : {m_width, m_dpi, m_theme, m_map, m_scale})
    connect(field, &QComboBox::currentIndexChanged, this, &ExportDialog::changed);
  connect(m_font, &QDoubleSpinBox::valueChanged, this, &ExportDialog::changed);
  layout->addLayout(grid);
  layout->addWidget(makeRule(box));

  layout->addWidget(makeTitle(tr("Save as"), box));
  m_file = new QLineEdit(box);
  m_file->setProperty("role", "mono");
  m_file->setAccessibleName(tr("Save as"));
  m_file->setToolTip(tr("Without suffix; {run} {view} {step} {steps} {seed} are filled in"));
  connect(m_file, &QLineEdit::textChanged, this, &ExportDialog::changed);
  auto* folder = new QPushButton(tr("Folder…"), box);
  connect(folder, &QPushButton::clicked, this, [this] {
    const QString chosen = m_dialogs.chooseFolder(this, tr("Folder for exports"), {});
    if (!chosen.isEmpty())
      m_file->setText(chosen + QLatin1Char('/') + m_file->text().section(QLatin1Char('/'), -1));
  });
  auto* row = new QHBoxLayout;
  row->addWidget(m_file, 1);
  row->addWidget(folder);
  layout->addLayout(row);
  m_provenance = new QCheckBox(tr("Print run, step, seed and task"), box);
  m_provenance->setChecked(true);
  m_provenance->setToolTip(tr("A line under the figure; the file's metadata has it in any case."));
  connect(m_provenance, &QCheckBox::toggled, this, &ExportDialog::changed);
  layout->addWidget(m_provenance);
  layout->addStretch(1);
  return box;
}

QWidget* ExportDialog::buildButtons() {
  auto* box = new QWidget(this);
  auto* layout = new QHBoxLayout(box);
  layout->setContentsMargins(0, 0, 0, 0);
  m_summary = new QLabel(box);
  m_summary->setProperty("role", "second");
  m_summary->setWordWrap(true);
  m_progress = new QProgressBar(box);
  m_progress->setTextVisible(false);
  m_progress->setFixedWidth(140);
  m_progress->hide();
  m_copy = new QPushButton(tr("Copy picture"), box);
  m_close = new QPushButton(tr("Close"), box);
  m_export = new QPushButton(tr("Export"), box);
  m_export->setProperty("role", "primary");
  m_export->setDefault(true);
  layout->addWidget(m_summary, 1);
  layout->addWidget(m_progress);
  for (QPushButton* button : {m_copy, m_close, m_export})
    layout->addWidget(button);
  connect(m_copy, &QPushButton::clicked, this, &ExportDialog::copyPicture);
  connect(m_export, &QPushButton::clicked, this, &ExportDialog::startExport);
  connect(m_close, &QPushButton::clicked, this, [this] {
    if (m_writing != 0)
      m_stop.request_stop();
    else
      close();
  });
  return box;
}

}  // namespace anchorlens::app
