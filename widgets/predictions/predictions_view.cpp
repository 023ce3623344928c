// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/predictions/predictions_view.h"

#include "widgets/fonts.h"
#include "widgets/icons.h"
#include "widgets/number_format.h"
#include "widgets/probe_box.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace anchorlens::widgets {

namespace {

/// Data of the filter's first items; groups are named.
constexpr const char* kAll = "";
constexpr const char* kWrong = "\n";

}  // namespace

PredictionsView::PredictionsView(QWidget* parent) : QWidget(parent) {
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(12, 10, 12, 10);
  outer->setSpacing(8);
  auto* row = new QHBoxLayout;
  row->setSpacing(8);
  buildControls(row);
  outer->addLayout(row);
  m_stack = new QStackedWidget(this);
  m_stack->addWidget(buildSequences());
  m_summary = new SummaryView(m_stack);
  m_stack->addWidget(m_summary);
  auto* lens_scroll = new QScrollArea(m_stack);
  lens_scroll->setFrameShape(QFrame::NoFrame);
  lens_scroll->setWidgetResizable(true);
  lens_scroll->setFocusPolicy(Qt::NoFocus);
  m_lens = new LensView;
  lens_scroll->setWidget(m_lens);
  connect(m_lens, &LensView::cellReached, lens_scroll, [lens_scroll](const QRect& part) {
    lens_scroll->ensureVisible(part.center().x(), part.center().y(), part.width() / 2 + 1,
                               part.height() / 2 + 1);
  });
  m_stack->addWidget(lens_scroll);
  outer->addWidget(m_stack, 1);
  m_note = new QLabel(this);
  m_note->setProperty("role", "caption");
  m_note->setWordWrap(true);
  outer->addWidget(m_note);
  setPage(Page::Sequences);
}

void PredictionsView::buildControls(QHBoxLayout* row) {
  auto* segments = new QHBoxLayout;
  segments->setSpacing(0);
  auto* group = new QButtonGroup(this);
  const std::array names{tr("Sequences"), tr("Whole probe"), tr("Logit lens")};
  const std::array places{"first", "middle", "last"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    auto* button = new QPushButton(names[i], this);
    button->setCheckable(true);
    button->setProperty("role", "segment");
    button->setProperty("place", places[i]);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAccessibleName(names[i]);
    group->addButton(button);
    segments->addWidget(button);
    connect(button, &QPushButton::clicked, this, [this, i] {
      setPage(static_cast<Page>(i));
      emit pageChanged();
    });
    m_pages[i] = button;
  }
  m_filter = new QComboBox(this);
  m_filter->setAccessibleName(tr("Filter"));
  m_filter->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  m_filter_label = new QLabel(tr("Show"), this);
  m_filter_label->setProperty("role", "second");
  m_probes = new QComboBox(this);
  m_probes->setAccessibleName(tr("Probe sequence"));
  m_probe_label = new QLabel(tr("Probe"), this);
  m_probe_label->setProperty("role", "second");
  m_copy = new QToolButton(this);
  m_copy->setToolTip(tr("Copy the numbers (Ctrl+Shift+C)"));
  m_copy->setAccessibleName(tr("Copy numbers"));
  m_copy->setFocusPolicy(Qt::TabFocus);
  row->addLayout(segments);
  row->addWidget(m_filter_label);
  row->addWidget(m_filter);
  row->addWidget(m_probe_label);
  row->addWidget(m_probes);
  row->addStretch(1);
  row->addWidget(m_copy);
  connect(m_filter, &QComboBox::activated, this, [this] {
    m_wanted_filter = m_filter->currentData().toString();
    m_is_dirty = true;
    pull();
    emit pageChanged();
  });
  connect(m_probes, &QComboBox::activated, this, [this](int index) {
    setChoice({false, index});
    emit choiceChanged(m_choice);
  });
  connect(m_copy, &QToolButton::clicked, this, &PredictionsView::copyRequested);
}

QWidget* PredictionsView::buildSequences() {
  auto* page = new QWidget(this);
  auto* columns = new QHBoxLayout(page);
  columns->setContentsMargins(0, 0, 0, 0);
  columns->setSpacing(16);
  m_list = new PredictionList(page);
  auto* right = new QVBoxLayout;
  right->setSpacing(6);
  auto* title = new QHBoxLayout;
  title->setSpacing(8);
  m_group_value = new QComboBox(page);
  m_group_value->setAccessibleName(tr("Number by group"));
  m_group_value->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  for (const GroupValue value : {GroupValue::Accuracy, GroupValue::Loss})
    m_group_value->addItem(groupValueTitle(value));
  m_group_scale = new QLabel(page);
  m_group_scale->setProperty("role", "second");
  title->addWidget(m_group_value);
  title->addWidget(m_group_scale);
  title->addStretch(1);
  m_group_scroll = new QScrollArea(page);
  m_group_scroll->setFrameShape(QFrame::NoFrame);
  m_group_scroll->setWidgetResizable(true);
  m_group_scroll->setFocusPolicy(Qt::NoFocus);
  m_group_view = new GroupView;
  m_group_scroll->setWidget(m_group_view);
  right->addLayout(title);
  right->addWidget(m_group_scroll, 1);
  columns->addWidget(m_list, 1);
  columns->addLayout(right);
  connect(m_group_value, &QComboBox::activated, this, [this](int index) {
    setGroupValue(static_cast<GroupValue>(index));
    emit pageChanged();
  });
  connect(m_list, &PredictionList::sequenceSelected, this, [this](int sequence) {
    setChoice({false, sequence});
    emit choiceChanged(m_choice);
  });
  return page;
}

PredictionsView::Page PredictionsView::page() const {
  return static_cast<Page>(m_stack->currentIndex());
}

void PredictionsView::setPage(Page page) {
  m_stack->setCurrentIndex(static_cast<int>(page));
  m_pages[static_cast<std::size_t>(page)]->setChecked(true);
  const bool is_list = page == Page::Sequences;
  m_filter->setVisible(is_list);
  m_filter_label->setVisible(is_list);
  m_probes->setVisible(page == Page::Lens);
  m_probe_label->setVisible(page == Page::Lens);
  showNote();
  if (!is_list && isVisible())
    emit evaluationWanted();
}

void PredictionsView::setProbe(std::shared_ptr<const ProbeContext> probe,
                               std::vector<core::GroupInfo> groups) {
  m_probe = std::move(probe);
  m_groups = std::move(groups);
  m_frame = nullptr;
  m_problem.clear();
  m_is_evaluating = false;
  setSummary(nullptr);
  setLens({});
  m_group_view->setCurves({});
  showGroups(groupMatrix(m_groups, nullptr), 0);
  fillFilter();
  fillProbes();
  m_is_dirty = true;
  pull();
}

void PredictionsView::setFrame(std::shared_ptr<const core::Frame> frame) {
  m_frame = std::move(frame);
  m_is_dirty = true;
  pull();
  if (page() != Page::Sequences && isVisible())
    emit evaluationWanted();
}

void PredictionsView::setMetrics(const core::Metrics* metrics) {
  showGroups(groupMatrix(m_groups, metrics), metrics != nullptr ? metrics->step : 0);
}

void PredictionsView::showGroups(GroupMatrix matrix, std::int64_t step) {
  m_group_view->setMatrix(std::move(matrix), step);
  fitGroups();
}

/// The groups take the width that they need, up to two fifths; the sequences take the rest. Where
/// this leaves no room for all five answers, a few groups go under them.
void PredictionsView::fitGroups() {
  const QSize groups = m_group_view->sizeHint();
  const int beside = std::min(groups.width() + 16, std::max(200, width() * 2 / 5));
  constexpr double kAnyWidth = 1e6;
  const double answers =
      predictionColumns(m_list->rows(), basePixelSize(*m_list), kAnyWidth).width + 16;
  auto* page = qobject_cast<QBoxLayout*>(m_list->parentWidget()->layout());
  bool is_under = page->direction() == QBoxLayout::TopToBottom;
  if (!m_list->rows().empty()) {  // else a filter that finds none would move them
    is_under = width() - beside - 16 < answers && groups.width() < width() &&
               groups.height() < height() / 4;
  }
  page->setDirection(is_under ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
  m_group_scroll->setMinimumSize(is_under ? QSize(0, groups.height()) : QSize(beside, 0));
  m_group_scroll->setMaximumSize(is_under ? QSize(QWIDGETSIZE_MAX, groups.height())
                                          : QSize(beside, QWIDGETSIZE_MAX));
}

void PredictionsView::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  fitGroups();
}

void PredictionsView::setCurves(std::vector<GroupCurve> curves) {
  m_group_view->setCurves(std::move(curves));
  m_group_scale->setText(m_group_view->scaleText());
}

void PredictionsView::setGroupValue(GroupValue value) {
  m_group_value->setCurrentIndex(static_cast<int>(value));
  m_group_view->setValue(value);
  m_group_scale->setText(m_group_view->scaleText());
}

void PredictionsView::setSummary(std::shared_ptr<const ProbeSummary> summary) {
  m_summary->setSummary(std::move(summary));
  showNote();
}

void PredictionsView::setLens(LensData lens) {
  m_lens->setData(std::move(lens));
  showNote();
}

void PredictionsView::setEvaluating(bool evaluating) {
  m_is_evaluating = evaluating;
  showNote();
}

void PredictionsView::setProblem(const QString& problem) {
  m_problem = problem;
  m_summary->setEmptyText(problem);
  m_lens->setEmptyText(problem);
  showNote();
}

void PredictionsView::setEmptyText(const QString& text) {
  m_empty_text = text;
  m_list->setEmptyText(text);
}

void PredictionsView::setTheme(const Theme& theme) {
  m_list->setTheme(theme);
  m_group_view->setTheme(theme);
  m_summary->setTheme(theme);
  m_lens->setTheme(theme);
  m_copy->setIcon(icon(QStringLiteral("copy"), theme.text));
}

void PredictionsView::setChoice(ProbeChoice choice) {
  if (choice == m_choice)
    return;
  m_choice = choice;
  m_list->setSequence(choice.mean ? -1 : choice.sequence);
  m_probes->setCurrentIndex(choice.mean ? -1 : choice.sequence);
  if (page() == Page::Lens && isVisible())
    emit evaluationWanted();
}

NumberTable PredictionsView::numbers() const {
  switch (page()) {
    case Page::Probe:
      return probeNumbers(m_summary->summary() ? *m_summary->summary() : ProbeSummary{});
    case Page::Lens:
      return lensNumbers(m_lens->data());
    case Page::Sequences:
      break;
  }
  if (window()->focusWidget() == m_group_view)  // also behind a dialog
    return m_group_view->numbers();
  return predictionNumbers(m_list->rows(), m_frame ? m_frame->step : 0);
}

void PredictionsView::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  pull();
  if (page() != Page::Sequences)
    emit evaluationWanted();
}

void PredictionsView::fillFilter() {
  const QSignalBlocker blocker(m_filter);
  m_filter->clear();
  m_filter->addItem(tr("All sequences"), QString::fromLatin1(kAll));
  m_filter->addItem(tr("Wrong ones"), QString::fromLatin1(kWrong));
  std::vector<bool> is_there(m_groups.size());
  const std::size_t n = m_probe ? m_probe->shown.groups.size() : 0;
  for (std::size_t i = 0; i < n; ++i) {
    const auto group = static_cast<std::size_t>(m_probe->shown.groups[i]);
    if (group < is_there.size())
      is_there[group] = true;
  }
  for (std::size_t i = 0; i < m_groups.size(); ++i) {
    if (is_there[i]) {
      const QString name = QString::fromStdString(m_groups[i].name);
      m_filter->addItem(name, name);
    }
  }
  m_filter->setCurrentIndex(std::max(0, m_filter->findData(m_wanted_filter)));
}

void PredictionsView::setFilter(const QString& filter) {
  m_wanted_filter = filter;
  fillFilter();
  m_is_dirty = true;
  pull();
}

void PredictionsView::fillProbes() {
  fillProbeBox(*m_probes, m_probe.get(), 0);
  m_probes->setCurrentIndex(m_choice.mean ? -1 : m_choice.sequence);
}

void PredictionsView::pull() {
  if (!m_is_dirty || !isVisible())
    return;
  m_is_dirty = false;
  std::vector<PredictionRow> rows;
  if (m_frame && m_probe)
    rows = predictionRows(*m_frame, *m_probe, m_groups);
  const QString filter = m_filter->currentData().toString();
  const bool has_rows = !rows.empty();
  std::erase_if(rows, [&](const PredictionRow& row) {
    return filter == QLatin1String(kWrong) ? row.is_right
                                           : filter != QLatin1String(kAll) && row.group != filter;
  });
  m_list->setEmptyText(has_rows ? tr("None of the shown sequences is wrong.") : m_empty_text);
  m_list->setRows(std::move(rows));
  fitGroups();
  m_list->setSequence(m_choice.mean ? -1 : m_choice.sequence);
  showNote();
}

void PredictionsView::showNote() {
  if (m_note == nullptr)
    return;
  QStringList parts;
  const auto step = [](std::int64_t at) { return tr("weights of step %1").arg(formatInteger(at)); };
  if (page() == Page::Probe && m_summary->summary() != nullptr)
    parts << step(m_summary->summary()->step);
  if (page() == Page::Lens && !m_lens->data().isEmpty())
    parts << step(m_lens->data().step);
  if (page() == Page::Lens)
    parts << tr(
        "most probable token at each place, read by the unembedding; colour: its "
        "probability");
  if (page() != Page::Sequences && m_is_evaluating)
    parts << tr("evaluating…");
  if (page() != Page::Sequences && !m_problem.isEmpty())
    parts << m_problem;
  m_note->setText(parts.join(QStringLiteral(" · ")));
  m_note->setVisible(!parts.isEmpty());
}

}  // namespace anchorlens::widgets
