// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/flow/flow_view.h"

#include "widgets/icons.h"
#include "widgets/number_format.h"
#include "widgets/probe_box.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSlider>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

namespace {

QLabel* caption(const QString& text, QWidget* buddy, QWidget* parent) {
  auto* label = new QLabel(text, parent);
  label->setProperty("role", "second");
  label->setBuddy(buddy);
  return label;
}

}  // namespace

FlowView::FlowView(QWidget* parent) : QWidget(parent) {
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(12, 10, 12, 10);
  outer->setSpacing(8);
  m_controls = new QHBoxLayout;
  m_controls->setSpacing(8);
  buildControls(m_controls);
  outer->addLayout(m_controls);
  m_canvas = new FlowCanvas(this);
  outer->addWidget(m_canvas, 1);
  m_note = new QLabel(this);
  m_note->setProperty("role", "caption");
  m_note->setWordWrap(true);
  outer->addWidget(m_note);
  connect(m_canvas, &FlowCanvas::edgeSelected, this, [this](const FlowEdge& edge) {
    selectHead(edge.layer, edge.head);
    emit headSelected(edge.layer, edge.head);
    redraw();
  });
  connect(m_canvas, &FlowCanvas::selectionCleared, this, &FlowView::redraw);
}

void FlowView::buildControls(QHBoxLayout* row) {
  m_probes = new QComboBox(this);
  m_probes->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  m_probes->setAccessibleName(tr("Probe sequence"));
  m_least = new QSlider(Qt::Horizontal, this);
  m_least->setRange(1, 100);
  m_least->setAccessibleName(tr("Hide below"));
  m_least->setToolTip(
      tr("Narrower edges are not drawn: with less attention than this, or less than "
         "this share of the largest value-weighted attention"));
  m_least_value = new QLabel(this);
  m_least_value->setProperty("role", "mono");
  m_heads = new QComboBox(this);
  m_heads->setAccessibleName(tr("Heads"));
  m_heads->addItems({tr("All"), tr("Labelled only"), tr("Selected")});
  m_width = new QComboBox(this);
  m_width->setAccessibleName(tr("Width"));
  m_width->setToolTip(
      tr("What makes a line wide: attention, or attention times the size of what "
         "it moves, as a share of the largest"));
  m_width->addItems({tr("Attention"), tr("Value-weighted")});
  m_routes = new QComboBox(this);
  m_routes->setAccessibleName(tr("Path"));
  m_routes->setToolTip(
      tr("The way of the task's tokens to the output that is drawn solid; dashed: "
         "weaker than a way around it, or hardly more than an untrained head"));
  m_routes->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  m_copy = new QToolButton(this);
  m_copy->setToolTip(tr("Copy the picture and its numbers (Ctrl+C)"));
  m_copy->setAccessibleName(tr("Copy picture"));
  m_copy->setFocusPolicy(Qt::TabFocus);
  auto* probe = caption(tr("Probe"), m_probes, this);
  auto* heads = caption(tr("Heads"), m_heads, this);
  auto* width = caption(tr("Width"), m_width, this);
  auto* path = caption(tr("Path"), m_routes, this);
  m_captions = {probe, path, heads, width};
  row->addWidget(probe);
  row->addWidget(m_probes);
  row->addWidget(caption(tr("Hide below"), m_least, this));
  row->addWidget(m_least);
  row->addWidget(m_least_value);
  row->addWidget(heads);
  row->addWidget(m_heads);
  row->addWidget(width);
  row->addWidget(m_width);
  row->addStretch(1);
  row->addWidget(path);
  row->addWidget(m_routes);
  row->addWidget(m_copy);
  setOptions(m_options);
  connect(m_probes, &QComboBox::activated, this, [this](int index) {
    const int sequence = m_probes->itemData(index).toInt();
    setChoice({sequence < 0, std::max(sequence, 0)});
    emit choiceChanged(m_choice);
  });
  connect(m_least, &QSlider::valueChanged, this, [this](int value) {
    m_options.hide_below = value / 100.0;
    changed();
  });
  connect(m_heads, &QComboBox::activated, this, [this](int index) {
    m_options.heads = static_cast<FlowOptions::Heads>(index);
    changed();
  });
  connect(m_width, &QComboBox::activated, this, [this](int index) {
    m_options.width = static_cast<FlowOptions::Width>(index);
    m_problem.clear();
    changed();
    emit evaluationWanted();
  });
  connect(m_routes, &QComboBox::activated, this, [this](int index) {
    m_wanted_route = m_routes->itemText(index);
    m_canvas->setRoute(index);
    emit graphChanged();
    emit optionsChanged();
  });
  connect(m_copy, &QToolButton::clicked, this, &FlowView::copyRequested);
}

void FlowView::setOptions(const FlowOptions& options) {
  m_options = options;
  const QSignalBlocker least(m_least);
  m_least->setValue(static_cast<int>(std::lround(m_options.hide_below * 100)));
  m_heads->setCurrentIndex(static_cast<int>(m_options.heads));
  m_width->setCurrentIndex(static_cast<int>(m_options.width));
  m_least_value->setText(QString::number(m_options.hide_below, 'f', 2));
  m_is_dirty = true;
  if (m_canvas != nullptr) {
    pull();
    emit evaluationWanted();
  }
}

void FlowView::changed() {
  m_least_value->setText(QString::number(m_options.hide_below, 'f', 2));
  m_is_dirty = true;
  pull();
  emit optionsChanged();
}

void FlowView::setProbe(std::shared_ptr<const ProbeContext> probe) {
  m_probe = std::move(probe);
  m_frame = nullptr;
  m_evaluated = nullptr;
  m_labels.clear();
  m_canvas->select(std::nullopt);
  fillProbes();
  m_is_dirty = true;
  pull();
}

void FlowView::setFrame(std::shared_ptr<const core::Frame> frame,
                        std::vector<core::HeadLabel> labels, bool has_residual) {
  const bool had_mean = m_frame && m_frame->mean.n > 0;
  m_frame = std::move(frame);
  m_labels = std::move(labels);
  m_has_residual = has_residual;
  if (had_mean != (m_frame && m_frame->mean.n > 0))
    fillProbes();
  if (m_frame && needsEvaluation() && m_evaluated)
    return;  // the old picture stays until the new one is there
  m_is_dirty = true;
  pull();
}

void FlowView::setChoice(ProbeChoice choice) {
  if (choice == m_choice)
    return;
  m_choice = choice;
  m_evaluated = nullptr;
  m_canvas->select(std::nullopt);
  fillProbes();
  m_is_dirty = true;
  pull();
  emit evaluationWanted();
}

void FlowView::setEvaluated(EvaluatedPtr evaluated) {
  m_evaluated = std::move(evaluated);
  m_problem.clear();
  m_progress.clear();
  m_is_dirty = true;
  pull();
}

void FlowView::setProblem(const QString& problem) {
  if (problem == m_problem && !m_evaluated)
    return;
  m_evaluated = nullptr;
  m_problem = problem;
  m_is_dirty = true;
  pull();
}

void FlowView::setProgress(const QString& progress) {
  m_progress = progress;
  showNote();
}

void FlowView::selectHead(int layer, int head) {
  if (layer == m_options.layer && head == m_options.head)
    return;
  m_options.layer = layer;
  m_options.head = head;
  if (m_options.heads == FlowOptions::Heads::Selected) {
    m_is_dirty = true;
    pull();
  }
}

void FlowView::selectEdge(const FlowEdge& edge) {
  m_canvas->select(edge);
  redraw();
}

int FlowView::route() const {
  return m_routes->currentIndex();
}

void FlowView::setTheme(const Theme& theme) {
  m_canvas->setTheme(theme);
  m_copy->setIcon(icon(QStringLiteral("copy"), theme.text));
}

void FlowView::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  pull();
  emit evaluationWanted();
}

/// Where the row has no room for everything: a shorter slider, then one caption less after another
/// (each box keeps its name for assistive technology and its tooltip).
void FlowView::fitControls() {
  constexpr int kSlider = 110;
  constexpr int kShortSlider = 64;
  const int room = contentsRect().marginsRemoved(layout()->contentsMargins()).width();
  m_least->setFixedWidth(kSlider);
  for (QLabel* caption : m_captions)
    caption->show();
  m_controls->invalidate();
  if (m_controls->sizeHint().width() > room)
    m_least->setFixedWidth(kShortSlider);
  for (QLabel* caption : m_captions) {
    m_controls->invalidate();
    if (m_controls->sizeHint().width() <= room)
      break;
    caption->hide();
  }
}

void FlowView::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  fitControls();
}

void FlowView::fillProbes() {
  const bool has_mean = m_probe && m_frame && m_frame->mean.n > 0;
  fillProbeBox(*m_probes, m_probe.get(), has_mean ? m_probe->probe_size : 0);
  m_probes->setCurrentIndex(m_probes->findData(m_choice.mean ? kProbeMean : m_choice.sequence));
  fitControls();
}

/// The routes of the graph; one that was chosen stays while it is there under the same name.
void FlowView::fillRoutes() {
  QStringList names;
  for (const FlowRoute& route : m_canvas->graph().routes)
    names << route.name;
  QStringList shown;
  for (int i = 0; i < m_routes->count(); ++i)
    shown << m_routes->itemText(i);
  const QSignalBlocker blocker(m_routes);
  if (names != shown) {
    m_routes->clear();
    m_routes->addItems(names);
    fitControls();
  }
  m_routes->setEnabled(names.size() > 1);
  const auto wanted = std::max<qsizetype>(0, names.indexOf(m_wanted_route));
  m_routes->setCurrentIndex(names.isEmpty() ? -1 : static_cast<int>(wanted));
  m_canvas->setRoute(m_routes->currentIndex());
}

QString FlowView::note() const {
  return m_note->text();
}

/// What the widths are where that is not plain, and how many edges are not drawn.
void FlowView::showNote() {
  const FlowGraph& graph = m_canvas->graph();
  QStringList parts;
  if (graph.moved)
    parts << tr("Width: attention times the size of what is moved, at most %1, by the weights of "
                "step %2.")
                 .arg(formatMapValue(graph.most_moved), formatInteger(graph.step));
  else if (needsEvaluation() && !graph.isEmpty())
    parts << tr("Width: attention.");
  if (needsEvaluation() && !graph.isEmpty())
    parts << (m_problem.isEmpty() ? m_progress : m_problem);
  if (graph.n_hidden > 0)
    parts << tr("The %1 strongest edges are drawn; %2 more lie above %3.")
                 .arg(formatInteger(static_cast<std::int64_t>(FlowGraph::kMostEdges)),
                      formatInteger(static_cast<std::int64_t>(graph.n_hidden)),
                      QString::number(m_options.hide_below, 'f', 2));
  parts.removeAll(QString());
  m_note->setVisible(!parts.isEmpty());
  m_note->setText(parts.join(QLatin1Char(' ')));
}

void FlowView::redraw() {
  m_is_dirty = true;
  pull();
}

void FlowView::pull() {
  if (!m_is_dirty || !isVisible())
    return;
  m_is_dirty = false;
  FlowGraph graph;
  FlowOptions options = m_options;
  options.kept = m_canvas->wanted();
  if (m_frame && m_probe)
    graph = makeFlowGraph(*m_frame, *m_probe, m_choice, m_labels, m_has_residual, options,
                          needsEvaluation() ? m_evaluated : nullptr);
  m_canvas->setGraph(std::move(graph));
  showNote();
  fillRoutes();
  emit graphChanged();
}

}  // namespace anchorlens::widgets
