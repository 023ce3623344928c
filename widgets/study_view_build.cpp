// SPDX-License-Identifier: GPL-3.0-or-later
// Controls of study_view.h.
#include "widgets/phase_view.h"
#include "widgets/study_plot.h"
#include "widgets/study_strips.h"
#include "widgets/study_view.h"

#include <QButtonGroup>
#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace anchorlens::widgets {

namespace {

constexpr int kSideWidth = 200;

QLabel* caption(const QString& text, QWidget* buddy, QHBoxLayout* row, QWidget* parent) {
  auto* label = new QLabel(text, parent);
  label->setProperty("role", "second");
  label->setBuddy(buddy);
  row->addWidget(label);
  row->addWidget(buddy);
  return label;
}

QComboBox* combo(const QString& name, int least, QWidget* parent) {
  auto* box = new QComboBox(parent);
  box->setAccessibleName(name);
  box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  box->setMinimumContentsLength(least);
  return box;
}

QHBoxLayout* rowOf(QWidget* widget) {
  auto* row = new QHBoxLayout(widget);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(8);
  return row;
}

}  // namespace

QPushButton* StudyView::makeSegment(const QString& text, const char* place, Page page,
                                    QWidget* parent) {
  auto* button = new QPushButton(text, parent);
  button->setCheckable(true);
  button->setProperty("role", "segment");
  button->setProperty("place", place);
  button->setFocusPolicy(Qt::TabFocus);
  button->setAccessibleName(text);
  connect(button, &QPushButton::clicked, this, [this, page] { setPage(page); });
  m_segments.push_back(button);
  return button;
}

QWidget* StudyView::buildTop() {
  auto* top = new QWidget(this);
  auto* row = rowOf(top);
  auto* segments = new QHBoxLayout;
  segments->setSpacing(0);
  auto* group = new QButtonGroup(this);
  group->setExclusive(true);
  for (QPushButton* button : {makeSegment(tr("Phase diagram"), "first", Page::Phase, top),
                              makeSegment(tr("Curves"), "middle", Page::Curves, top),
                              makeSegment(tr("Head scores"), "last", Page::Heads, top)}) {
    group->addButton(button);
    segments->addWidget(button);
  }
  m_segments[0]->setChecked(true);
  row->addLayout(segments);
  m_studies = combo(tr("Study"), 14, top);
  connect(m_studies, &QComboBox::activated, this,
          [this](int index) { emit studyChosen(m_studies->itemData(index).toULongLong()); });
  m_state = new QLabel(top);
  m_state->setProperty("role", "second");
  row->addStretch(1);
  row->addWidget(m_state);
  row->addWidget(m_studies);
  return top;
}

QWidget* StudyView::buildPhase() {
  m_phase_controls = new QWidget(this);
  auto* column = new QVBoxLayout(m_phase_controls);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(6);
  auto* what = new QWidget(m_phase_controls);
  auto* first = rowOf(what);
  m_number = combo(tr("Number"), 24, what);
  m_number->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  m_time = combo(tr("At"), 9, what);
  m_time->addItems({tr("Last step"), tr("Time cursor")});
  m_time->setToolTip(
      tr("Last step: of runs that finished. Time cursor: of runs that came so far."));
  caption(tr("&Number"), m_number, first, what);
  caption(tr("at"), m_time, first, what);
  auto* where = new QWidget(m_phase_controls);
  auto* second = rowOf(where);
  m_x = combo(tr("Across"), 8, where);
  m_y = combo(tr("Up"), 8, where);
  m_rest = combo(tr("Other axis"), 7, where);
  caption(tr("Across"), m_x, second, where);
  caption(tr("up"), m_y, second, where);
  m_rest_label = caption(tr("other"), m_rest, second, where);
  second->addStretch(1);
  m_grey = new QCheckBox(tr("Grey below"), where);
  m_grey->setChecked(true);
  m_grey->setFocusPolicy(Qt::TabFocus);
  m_grey->setToolTip(
      tr("Greys cells whose median accuracy on what was trained is lower: they have "
         "not fitted the data, and say nothing on the rest"));
  m_grey_below = new QDoubleSpinBox(where);
  m_grey_below->setRange(0, 100);
  m_grey_below->setDecimals(1);
  m_grey_below->setSingleStep(5);
  m_grey_below->setValue(90);
  m_grey_below->setSuffix(QStringLiteral(" %"));
  m_grey_below->setAccessibleName(tr("Grey below this training accuracy, per cent"));
  second->addWidget(m_grey);
  second->addWidget(m_grey_below);
  column->addWidget(what);
  column->addWidget(where);
  for (QComboBox* box : {m_number, m_time, m_rest}) {
    connect(box, &QComboBox::currentIndexChanged, this, &StudyView::phaseChanged);
  }
  for (QComboBox* box : {m_x, m_y}) {
    connect(box, &QComboBox::currentIndexChanged, this, [this, box] { axisChosen(box); });
  }
  connect(m_grey, &QCheckBox::toggled, this, [this](bool on) {
    m_grey_below->setEnabled(on);
    phaseChanged();
  });
  connect(m_grey_below, &QDoubleSpinBox::valueChanged, this, &StudyView::phaseChanged);
  m_phase = new PhaseView(this);
  connect(m_phase, &PhaseView::placeMoved, this, [this] {
    showLine();
    fillRuns();
  });
  connect(m_phase, &PhaseView::cellTaken, this, &StudyView::takeCell);
  return m_phase_controls;
}

QWidget* StudyView::buildSide() {
  auto* side = new QWidget(this);
  side->setFixedWidth(kSideWidth);
  auto* column = new QVBoxLayout(side);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(4);
  const auto list = [&](const QString& text, QLabel*& label) {
    label = new QLabel(text, side);
    label->setProperty("role", "title");
    auto* view = new QListWidget(side);
    view->setProperty("role", "plain");
    view->setAccessibleName(text);
    view->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    view->setTextElideMode(Qt::ElideMiddle);
    view->setIconSize(QSize(12, 12));
    label->setBuddy(view);
    column->addWidget(label);
    return view;
  };
  m_settings = list(tr("Settings"), m_settings_label);
  column->addWidget(m_settings, 3);
  m_runs = list(tr("Runs"), m_runs_label);
  column->addWidget(m_runs, 2);
  connect(m_settings, &QListWidget::currentRowChanged, this, [this](int row) {
    if (m_is_filling || row < 0) {
      return;
    }
    m_setting = static_cast<std::size_t>(row);
    fillRuns();
    if (page() == Page::Heads) {
      curvesChanged();
    }
  });
  m_settings->installEventFilter(this);
  connect(m_settings, &QListWidget::itemChanged, this, [this](QListWidgetItem* item) {
    if (!m_is_filling) {
      settingTicked(m_settings->row(item));
    }
  });
  const auto take = [this](QListWidgetItem* item) {
    takeRun(static_cast<std::size_t>(item->data(Qt::UserRole).toULongLong()));
  };
  connect(m_runs, &QListWidget::itemActivated, this, take);  // Enter, or a double click
  connect(m_runs, &QListWidget::itemClicked, this, take);
  return side;
}

StudyView::StudyView(QWidget* parent) : QWidget(parent) {
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(12, 8, 12, 8);
  outer->setSpacing(8);
  outer->addWidget(buildTop());
  outer->addWidget(buildPhase());
  m_curve_controls = new QWidget(this);
  auto* controls = rowOf(m_curve_controls);
  m_groups = combo(tr("Sequences"), 18, m_curve_controls);
  caption(tr("Sequences"), m_groups, controls, m_curve_controls);
  auto* note = new QLabel(
      tr("Median, range and seeds. Dots: train, line: test, dashes: held-out combinations."),
      m_curve_controls);
  note->setProperty("role", "caption");
  note->setWordWrap(true);
  controls->addWidget(note, 1);
  connect(m_groups, &QComboBox::currentIndexChanged, this, &StudyView::curvesChanged);
  outer->addWidget(m_curve_controls);
  m_pages = new QStackedWidget(this);
  m_plot = new StudyPlot(m_pages);
  m_strips = new StudyStrips(m_pages);
  for (QWidget* page : std::initializer_list<QWidget*>{m_phase, m_plot, m_strips}) {
    m_pages->addWidget(page);
  }
  connect(m_plot, &StudyPlot::memberTaken, this, [this](quint64 member) { takeRun(member); });
  connect(m_strips, &StudyStrips::memberTaken, this, [this](quint64 member) { takeRun(member); });
  auto* body = new QHBoxLayout;
  body->setSpacing(12);
  body->addWidget(m_pages, 1);
  body->addWidget(buildSide());
  outer->addLayout(body, 1);
  m_line = new QLabel(this);
  m_line->setProperty("role", "second");
  m_line->setWordWrap(true);
  outer->addWidget(m_line);
  showPage();
}

}  // namespace anchorlens::widgets
