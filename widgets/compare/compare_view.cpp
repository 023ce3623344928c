// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/compare/compare_view.h"

#include "widgets/icons.h"
#include "widgets/probe_box.h"

#include <QButtonGroup>
#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace anchorlens::widgets {

namespace {

QPushButton* segment(const QString& text, const char* place, QWidget* parent) {
  auto* button = new QPushButton(text, parent);
  button->setCheckable(true);
  button->setProperty("role", "segment");
  button->setProperty("place", place);
  button->setFocusPolicy(Qt::TabFocus);
  button->setAccessibleName(text);
  return button;
}

}  // namespace

CompareView::CompareView(QWidget* parent) : QWidget(parent) {
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(12, 10, 12, 6);
  outer->setSpacing(8);
  buildControls();
  m_note = new QLabel(this);
  m_note->setProperty("role", "second");
  m_note->setWordWrap(true);
  m_note->setTextInteractionFlags(Qt::TextSelectableByMouse);
  m_note->hide();
  m_canvas = new CompareCanvas(this);
  m_seeds = new SeedsView(this);
  m_pages = new QStackedWidget(this);
  m_pages->addWidget(m_canvas);
  m_pages->addWidget(m_seeds);
  outer->addWidget(m_controls);
  outer->addWidget(m_note);
  outer->addWidget(m_pages, 1);
  connect(m_canvas, &CompareCanvas::pairSelected, this, &CompareView::pairSelected);
  connect(m_seeds, &SeedsView::runChosen, this, &CompareView::seedChosen);
  applyOptions();
}

QComboBox* CompareView::addBox(const QString& label, const QString& name,
                               const QStringList& entries, QHBoxLayout* row) {
  auto* caption = new QLabel(label, this);
  caption->setProperty("role", "second");
  auto* box = new QComboBox(this);
  box->setAccessibleName(name);
  box->addItems(entries);
  box->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  row->addWidget(caption);
  row->addWidget(box);
  m_labels.push_back(caption);
  return box;
}

void CompareView::buildControls() {
  m_controls = new QWidget(this);
  auto* row = new QHBoxLayout(m_controls);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(8);
  auto* segments = new QHBoxLayout;
  segments->setSpacing(0);
  m_two = segment(tr("Two runs"), "first", this);
  m_all = segment(tr("All seeds"), "last", this);
  m_all->setToolTip(tr("Scores and emergence of all runs of this set-up"));
  auto* group = new QButtonGroup(this);
  group->addButton(m_two);
  group->addButton(m_all);
  segments->addWidget(m_two);
  segments->addWidget(m_all);
  row->addLayout(segments);
  buildPages(row);
  m_copy = new QToolButton(this);
  m_copy->setToolTip(tr("Copy the picture and its numbers (Ctrl+C)"));
  m_copy->setAccessibleName(tr("Copy picture"));
  m_copy->setFocusPolicy(Qt::TabFocus);
  row->addWidget(m_copy);
  const auto showPage = [this](bool all) {
    m_options.all_seeds = all;
    changed();
  };
  connect(m_two, &QPushButton::clicked, this, [showPage] { showPage(false); });
  connect(m_all, &QPushButton::clicked, this, [showPage] { showPage(true); });
  connect(m_copy, &QToolButton::clicked, this, &CompareView::copyRequested);
}

/// The controls of either page.
void CompareView::buildPages(QHBoxLayout* row) {
  m_two_controls = new QWidget(m_controls);
  auto* two = new QHBoxLayout(m_two_controls);
  two->setContentsMargins(0, 0, 0, 0);
  two->setSpacing(8);
  m_probes = addBox(tr("Probe"), tr("Probe sequence"), {}, two);
  m_match = addBox(tr("Match heads"), tr("Match heads"),
                   {tr("Same position"), tr("By pattern"), tr("By weights")}, two);
  m_match->setToolTip(
      tr("Which head of the second run is shown beside one of the first: seeds permute heads"));
  m_align = addBox(tr("Align by"), tr("Align by"),
                   {tr("Step"), tr("First broadcast"), tr("Test accuracy 90 %")}, two);
  m_align->setToolTip(tr("Which step of the second run is shown beside one of the first"));
  two->addStretch(1);
  m_values = new QCheckBox(tr("Values"), this);
  m_values->setFocusPolicy(Qt::TabFocus);
  two->addWidget(m_values);
  m_scale = addBox(tr("Scale"), tr("Colour scale"), {tr("0 to 1"), tr("Per head")}, two);
  m_scale->setToolTip(
      tr("End of the runs' colour scale; the difference always runs from −1 to +1"));
  m_all_controls = new QWidget(m_controls);
  auto* all = new QHBoxLayout(m_all_controls);
  all->setContentsMargins(0, 0, 0, 0);
  all->setSpacing(8);
  m_at = addBox(tr("Scores at"), tr("Scores at"), {tr("Last frame"), tr("Cursor")}, all);
  all->addStretch(1);
  row->addWidget(m_two_controls, 1);
  row->addWidget(m_all_controls, 1);
  connect(m_probes, &QComboBox::activated, this, [this](int index) {
    const int entry = m_probes->itemData(index).toInt();
    m_options.probe = {entry == kProbeMean, std::max(entry, 0)};
    changed();
  });
  connect(m_match, &QComboBox::activated, this, [this](int index) {
    m_options.match = static_cast<core::HeadMatch>(index);
    changed();
  });
  connect(m_align, &QComboBox::activated, this, [this](int index) {
    m_options.align = static_cast<core::AlignBy>(index);
    changed();
  });
  connect(m_values, &QCheckBox::toggled, this, [this](bool on) {
    m_options.values = on;
    changed();
  });
  connect(m_scale, &QComboBox::activated, this, [this](int index) {
    m_options.per_head = index == 1;
    changed();
  });
  connect(m_at, &QComboBox::activated, this, [this](int index) {
    m_options.seeds_at_cursor = index == 1;
    changed();
  });
}

void CompareView::changed() {
  applyOptions();
  emit optionsChanged();
}

void CompareView::setOptions(const CompareOptions& options) {
  m_options = options;
  applyOptions();
}

void CompareView::applyOptions() {
  const QSignalBlocker values(m_values);
  m_two->setChecked(!m_options.all_seeds);
  m_all->setChecked(m_options.all_seeds);
  m_two_controls->setVisible(!m_options.all_seeds);
  m_all_controls->setVisible(m_options.all_seeds);
  m_pages->setCurrentIndex(m_options.all_seeds ? 1 : 0);
  const int wanted =
      m_options.probe.mean || !m_is_same_probe ? kProbeMean : m_options.probe.sequence;
  m_probes->setCurrentIndex(std::max(0, m_probes->findData(wanted)));
  m_match->setCurrentIndex(static_cast<int>(m_options.match));
  m_align->setCurrentIndex(static_cast<int>(m_options.align));
  m_values->setChecked(m_options.values);
  m_scale->setCurrentIndex(m_options.per_head ? 1 : 0);
  m_at->setCurrentIndex(m_options.seeds_at_cursor ? 1 : 0);
  HeadMapOptions map;
  map.map = m_options.map;
  map.values = m_options.values;
  map.outlines = m_options.outlines;
  map.per_head = m_options.per_head;
  m_canvas->setOptions(map);
}

void CompareView::setProbe(std::shared_ptr<const ProbeContext> probe, bool is_same, int mean_of) {
  if (probe == m_probe && is_same == m_is_same_probe && mean_of == m_mean_of) {
    return;
  }
  m_probe = std::move(probe);
  m_is_same_probe = is_same;
  m_mean_of = mean_of;
  fillProbes();
}

void CompareView::fillProbes() {
  fillProbeBox(*m_probes, m_is_same_probe ? m_probe.get() : nullptr, m_mean_of);
  m_probes->setToolTip(m_is_same_probe
                           ? QString()
                           : tr("The runs have other probe sequences: only means are compared"));
  applyOptions();
  fitControls();
}

void CompareView::setComparison(Comparison comparison) {
  m_canvas->setComparison(std::move(comparison));
}

void CompareView::setProblem(const QString& problem) {
  m_canvas->setEmptyText(problem);
}

void CompareView::setNote(const QString& note) {
  if (note != m_note->text()) {
    m_note->setText(note);
    m_note->setVisible(!note.isEmpty());
  }
}

QString CompareView::note() const {
  return m_note->text();
}

void CompareView::setSeeds(SeedSet set) {
  const bool is_alone = set.runs.size() < 2;
  m_seeds->setEmptyText(
      tr("Only this run of its set-up is open. Repeat with seeds… trains others."));
  if (is_alone) {
    set.runs.clear();
  }
  m_seeds->setSeeds(std::move(set));
}

NumberTable CompareView::numbers() const {
  return m_options.all_seeds ? m_seeds->numbers() : m_canvas->numbers();
}

void CompareView::focusPage() {
  m_pages->currentWidget()->setFocus(Qt::ShortcutFocusReason);
}

void CompareView::setTheme(const Theme& theme) {
  m_canvas->setTheme(theme);
  m_seeds->setTheme(theme);
  m_copy->setIcon(icon(QStringLiteral("copy"), theme.text));
}

void CompareView::setCompact(bool compact) {
  m_is_compact = compact;
  fitControls();
}

void CompareView::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  fitControls();
}

void CompareView::changeEvent(QEvent* event) {
  if (event->type() == QEvent::FontChange) {
    fitControls();
  }
  QWidget::changeEvent(event);
}

/// Without the labels where the row has no room for them.
void CompareView::fitControls() {
  const auto show = [this](bool on) {
    for (QLabel* label : m_labels) {
      label->setVisible(on);
    }
    m_controls->layout()->invalidate();
  };
  show(true);
  const int room = contentsRect().marginsRemoved(layout()->contentsMargins()).width();
  if (m_controls->sizeHint().width() > room) {
    show(false);
  }
}

}  // namespace anchorlens::widgets
