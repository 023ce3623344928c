// SPDX-License-Identifier: GPL-3.0-or-later
// The widgets of the Experiment dock; what they show and tell is in panel_experiment.cpp.
#include "widgets/icons.h"
#include "widgets/model_drawing.h"
#include "widgets/panel_experiment.h"
#include "widgets/panel_facts.h"
#include "widgets/panel_samples.h"
#include "widgets/preset_box.h"
#include "widgets/record_ticks.h"
#include "widgets/schedule_curve.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>

namespace anchorlens::widgets {

namespace {

constexpr int kPanelPadding = 12;

QPushButton* makeLink(const QString& text, QWidget* parent) {
  auto* link = new QPushButton(text, parent);
  link->setProperty("role", "link");
  link->setFocusPolicy(Qt::TabFocus);
  return link;
}

}  // namespace

ExperimentPanel::ExperimentPanel(QWidget* parent) : QWidget(parent) {
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(0, 0, 0, 0);
  outer->setSpacing(0);
  m_tab_widget = new QTabWidget(this);
  m_tab_widget->setDocumentMode(true);
  m_tab_widget->tabBar()->setAccessibleName(tr("Experiment"));
  buildHeader(outer);
  for (int tab = 0; tab < kFormTabs; ++tab)
    buildTab(static_cast<FormTab>(tab));
  for (Tab& tab : m_tabs) {
    for (FormField* field : tab.fields)
      connect(field, &FormField::edited, this, &ExperimentPanel::store);
    for (FormList* list : tab.lists) {
      connect(list, &FormList::edited, this, &ExperimentPanel::store);
      connect(list, &FormList::rebuilt, this, &ExperimentPanel::showProblems);
      connect(list, &FormList::addRequested, this,
              [this, list] { change(list->spec().add, tr("add %1").arg(list->spec().row_name)); });
      connect(list, &FormList::removeRequested, this, [this, list](int row) {
        change([list, row](core::ExperimentSpec& e) { list->spec().remove(e, row); },
               tr("remove %1 %2").arg(list->spec().row_name).arg(row + 1));
      });
    }
  }
}

void ExperimentPanel::buildHeader(QVBoxLayout* outer) {
  outer->addWidget(m_tab_widget, 1);
  auto* header = new QWidget(this);
  auto* layout = new QVBoxLayout(header);
  layout->setContentsMargins(kPanelPadding, 8, kPanelPadding, 4);
  layout->setSpacing(6);

  auto* draft = new QHBoxLayout;
  m_draft_title = new QLabel(tr("Draft"), header);
  m_draft_title->setProperty("role", "title");
  m_draft_note = new QLabel(header);
  m_draft_note->setProperty("role", "caption");
  draft->addWidget(m_draft_title);
  draft->addWidget(m_draft_note, 1);
  m_compare = makeLink(tr("Compare…"), header);
  m_compare->setToolTip(tr("What differs from a preset or a run"));
  draft->addWidget(m_compare);
  layout->addLayout(draft);

  m_lock_line = new QFrame(header);
  m_lock_line->setProperty("role", "bar");
  auto* lock = new QHBoxLayout(m_lock_line);
  lock->setContentsMargins(8, 3, 2, 3);
  lock->setSpacing(6);
  m_lock_icon = new QLabel(m_lock_line);
  m_lock_text = makeElidingLabel({}, m_lock_line);
  m_edit_copy = makeLink(tr("Edit a copy"), m_lock_line);
  m_to_draft = new QPushButton(m_lock_line);
  m_to_draft->setProperty("role", "flat");
  m_to_draft->setFocusPolicy(Qt::TabFocus);
  m_to_draft->setAccessibleName(tr("Back to the draft"));
  m_to_draft->setToolTip(tr("Back to the draft"));
  m_to_draft->setFixedWidth(26);
  lock->addWidget(m_to_draft);
  lock->addWidget(m_lock_icon);
  lock->addWidget(m_lock_text, 1);
  lock->addWidget(m_edit_copy);
  layout->addWidget(m_lock_line);
  connect(m_edit_copy, &QPushButton::clicked, this, &ExperimentPanel::editCopyRequested);
  connect(m_to_draft, &QPushButton::clicked, this, &ExperimentPanel::draftRequested);

  connect(m_compare, &QPushButton::clicked, this, &ExperimentPanel::compareRequested);

  m_general_problem = new QLabel(header);
  m_general_problem->setProperty("role", "problem");
  m_general_problem->setWordWrap(true);
  m_general_problem->hide();
  layout->addWidget(m_general_problem);
  // The line stands under the tab names, above what every tab shows.
  outer->removeWidget(m_tab_widget);
  auto* names = new QTabBar(this);
  names->setExpanding(false);
  names->setDrawBase(false);
  names->setAccessibleName(tr("Parts of the experiment"));
  for (int tab = 0; tab < kFormTabs; ++tab)
    names->addTab(formTabName(static_cast<FormTab>(tab)));
  connect(names, &QTabBar::currentChanged, m_tab_widget, &QTabWidget::setCurrentIndex);
  connect(m_tab_widget, &QTabWidget::currentChanged, names, &QTabBar::setCurrentIndex);
  m_tab_widget->tabBar()->hide();
  m_tab_widget->setFocusPolicy(Qt::NoFocus);  // it would hand the focus to the hidden bar
  connect(m_tab_widget, &QTabWidget::currentChanged, this,
          [this](int tab) { emit tabChanged(static_cast<FormTab>(tab)); });
  outer->addWidget(names);
  outer->addWidget(header);
  outer->addWidget(m_tab_widget, 1);
}

void ExperimentPanel::buildTab(FormTab which) {
  Tab& tab = m_tabs[static_cast<std::size_t>(which)];
  auto* scroll = new QScrollArea(this);
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setFocusPolicy(Qt::NoFocus);
  auto* body = new QWidget(scroll);
  tab.layout = new QVBoxLayout(body);
  tab.layout->setContentsMargins(kPanelPadding, 6, kPanelPadding, kPanelPadding);
  tab.layout->setSpacing(8);
  for (const FormItem& item : formItems(which))
    std::visit([&](const auto& it) { addItem(tab, it); }, item);
  tab.layout->addStretch(1);
  scroll->setWidget(body);
  m_tab_widget->addTab(scroll, formTabName(which));
}

void ExperimentPanel::addItem(Tab& tab, const FieldSpec& spec) {
  auto* field = new FormField(spec, tab.layout->parentWidget());
  tab.fields.push_back(field);
  tab.layout->addWidget(field);
}

void ExperimentPanel::addItem(Tab& tab, const ListSpec& spec) {
  auto* list = new FormList(spec, tab.layout->parentWidget());
  tab.lists.push_back(list);
  tab.layout->addWidget(list);
}

void ExperimentPanel::addItem(Tab& tab, const FormTitle& title) {
  auto* label = new QLabel(title.text, tab.layout->parentWidget());
  label->setProperty("role", "title");
  tab.layout->addSpacing(4);
  tab.layout->addWidget(label);
}

void ExperimentPanel::addItem(Tab& tab, FormSlot slot) {
  const auto facts = [&tab](FactRows*& rows) {
    rows = new FactRows(tab.layout->parentWidget());
    tab.layout->addSpacing(4);
    tab.layout->addWidget(rows);
  };
  switch (slot) {
    case FormSlot::Preset:
      tab.layout->addWidget(buildPreset());
      break;
    case FormSlot::Samples:
      tab.layout->addSpacing(4);
      tab.layout->addWidget(buildSamples());
      break;
    case FormSlot::Counts:
      facts(m_counts);
      break;
    case FormSlot::Drawing:
      m_drawing = new ModelDrawing(tab.layout->parentWidget());
      tab.layout->addWidget(m_drawing);
      connect(m_drawing, &ModelDrawing::blockActivated, this, &ExperimentPanel::focusField);
      break;
    case FormSlot::Sizes:
      facts(m_sizes);
      break;
    case FormSlot::Speed:
      m_speed_line = new QLabel(tab.layout->parentWidget());
      m_speed_line->setProperty("role", "caption");
      m_speed_line->setWordWrap(true);
      m_speed_line->setTextInteractionFlags(Qt::TextSelectableByMouse);
      m_speed_line->setAccessibleName(tr("Expected time"));
      tab.layout->addWidget(m_speed_line);
      break;
    case FormSlot::Schedule:
      m_schedule = new ScheduleCurve(tab.layout->parentWidget());
      tab.layout->addWidget(m_schedule);
      break;
    case FormSlot::Ticks:
      m_ticks = new RecordTicks(tab.layout->parentWidget());
      tab.layout->addWidget(m_ticks);
      break;
    case FormSlot::RunCost:
      facts(m_run_cost);
      break;
    case FormSlot::ProbeRows:
      tab.layout->addWidget(buildProbeRows());
      break;
    case FormSlot::FrameCost:
      facts(m_frame_cost);
      break;
  }
}

QWidget* ExperimentPanel::buildPreset() {
  m_preset = new PresetBox(this);
  connect(m_preset, &PresetBox::presetChosen, this, &ExperimentPanel::presetChosen);
  connect(m_preset, &PresetBox::galleryChosen, this, &ExperimentPanel::galleryRequested);
  auto* row = new QWidget(this);
  auto* layout = new QHBoxLayout(row);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(4);
  auto* composer = makeLink(tr("Composer"), row);
  composer->setToolTip(tr("The same task, with room for it (Ctrl+1)"));
  connect(composer, &QPushButton::clicked, this, &ExperimentPanel::composerRequested);
  layout->addWidget(m_preset, 1);
  layout->addWidget(composer);
  return row;
}

QWidget* ExperimentPanel::buildSamples() {
  auto* box = new QWidget(this);
  auto* layout = new QVBoxLayout(box);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(2);
  auto* head = new QHBoxLayout;
  auto* title = new QLabel(tr("Sample sequences"), box);
  title->setProperty("role", "title");
  m_new_samples = makeLink(tr("R for new"), box);
  m_new_samples->setAccessibleName(tr("R for new samples"));
  head->addWidget(title);
  head->addStretch(1);
  head->addWidget(m_new_samples);
  layout->addLayout(head);
  m_samples = new SampleList;
  layout->addWidget(scrolled(m_samples, box));
  connect(m_new_samples, &QPushButton::clicked, this, &ExperimentPanel::newSamplesRequested);
  return box;
}

/// As high as its rows; wide ones scroll sideways.
QScrollArea* ExperimentPanel::scrolled(SampleList* samples, QWidget* parent) {
  auto* scroll = new QScrollArea(parent);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setSizeAdjustPolicy(QAbstractScrollArea::AdjustToContents);
  scroll->setFocusPolicy(Qt::NoFocus);
  scroll->setWidgetResizable(true);
  scroll->setWidget(samples);
  samples->setFitsParent(true);
  scroll->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  return scroll;
}

QWidget* ExperimentPanel::buildProbeRows() {
  auto* box = new QWidget(this);
  auto* layout = new QVBoxLayout(box);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(2);
  m_write_out = makeLink(tr("Write out the drawn ones"), box);
  m_write_out->setToolTip(tr("Puts the sequences that are drawn now into the field, to be edited"));
  layout->addWidget(m_write_out, 0, Qt::AlignRight);
  auto* title = new QLabel(tr("Stored with every frame"), box);
  title->setProperty("role", "title");
  layout->addWidget(title);
  m_probe_rows = new SampleList;
  m_probe_rows->setAccessibleName(title->text());
  layout->addWidget(scrolled(m_probe_rows, box));
  connect(m_write_out, &QPushButton::clicked, this, &ExperimentPanel::writeOutProbe);
  return box;
}

}  // namespace anchorlens::widgets
