// SPDX-License-Identifier: GPL-3.0-or-later
// The Flow tab: its wiring, and what cutting edges does, in the Inspector.
#include "app/anchorlens/flow_cuts.h"
#include "app/anchorlens/main_window.h"
#include "widgets/attention_view.h"
#include "widgets/flow/flow_view.h"
#include "widgets/number_format.h"
#include "widgets/panel_inspector.h"

#include <QStatusBar>
#include <QTabWidget>

#include <optional>

namespace anchorlens::app {

namespace {

std::vector<widgets::FlowEdge> edgesOf(const widgets::FlowPath& path) {
  std::vector<widgets::FlowEdge> edges;
  for (const widgets::FlowStep& step : path.steps) {
    if (step.isEdge())
      edges.push_back({step.layer, step.head, step.to, step.from, step.weight});
  }
  return edges;
}

}  // namespace

void MainWindow::wireFlow() {
  m_flow_cuts = new FlowCuts(m_controller.snapshots(), this);
  connect(m_flow, &widgets::FlowView::choiceChanged, this, [this](widgets::ProbeChoice choice) {
    auto options = m_attention->options();
    options.probe = choice;
    m_attention->setOptions(options);
    shareChoice();
  });
  connect(m_flow, &widgets::FlowView::headSelected, m_attention,
          &widgets::AttentionView::selectHead);
  connect(m_flow, &widgets::FlowView::graphChanged, this, &MainWindow::showInspector);
  connect(m_flow, &widgets::FlowView::optionsChanged, this, [this] {
    noteViewSettings(ViewPart::Flow);
    markSession();
  });
  connect(m_flow, &widgets::FlowView::copyRequested, this, &MainWindow::copyPicture);
  connect(m_tabs, &QTabWidget::currentChanged, this, [this] {
    showInspector();
    showPredictionsHistory();
  });
  connect(m_flow, &widgets::FlowView::evaluationWanted, this, &MainWindow::askFlow);
  connect(&m_controller.snapshots(), &Snapshots::slow, this,
          [this](const QString& channel, bool is_slow) {
            if (channel == kFlowChannel)
              m_flow->setProgress(is_slow ? tr("evaluating…") : QString());
          });
  connect(m_flow_cuts, &FlowCuts::measured, this, &MainWindow::showInspector);
  connect(m_flow_cuts, &FlowCuts::failed, this,
          [this](const QString& message) { statusBar()->showMessage(message); });
  connect(m_flow_cuts, &FlowCuts::notKept, this, [this](const QString& message) {
    statusBar()->showMessage(tr("The result is not kept in the run: %1").arg(message));
  });
  connect(
      m_flow_cuts, &FlowCuts::edgeCut, this,
      [this](const SnapshotPlace& place, const QString& edge, const engine::CausalRecord& record) {
        const auto shown = m_controller.shownPlace();
        if (!shown || shown->run != place.run)
          return;
        m_cut_edges[{edge, place.step}] = record.result;
        const auto& all = record.result.all;
        statusBar()->showMessage(tr("Cut %1: accuracy %2, before %3.")
                                     .arg(edge, widgets::formatAccuracy(all.intervened.accuracy),
                                          widgets::formatAccuracy(all.baseline.accuracy)));
        showInspector();
      });
}

/// Asks once for the widths of lines that no frame holds; may be called at any time.
void MainWindow::askFlow() {
  const auto forget = [this](const QString& problem) {
    m_controller.snapshots().cancel(kFlowChannel);
    m_flow_asked.reset();
    m_flow->setProgress({});
    m_flow->setProblem(problem);
  };
  if (!m_flow->needsEvaluation())
    return forget({});
  if (!m_flow->isVisible()) {
    if (!m_flow->evaluated())
      forget({});  // let go, or not yet there: asked for anew when it is looked at
    return;
  }
  constexpr auto kValues = widgets::HeadValues::Weighted;
  const auto choice = m_flow->choice();
  if (const QString problem = weightsProblem(kValues, choice.mean); !problem.isEmpty())
    return forget(problem);
  if (m_controller.followsTraining())
    return forget(tr("Value-weighted when the run pauses or the cursor stays."));
  const AttentionQuestion question{
      *m_controller.shownPlace(), kValues, choice.sequence, false, {}, m_ablated};
  if (m_flow_asked == question)
    return;
  m_flow_asked = question;
  m_controller.snapshots().ask<AttentionAnswer>(
      kFlowChannel, question.place,
      [question, probe = m_controller.probe()](engine::RunSnapshot& snapshot,
                                               const std::stop_token&) {
        return answerAttention(snapshot, question, *probe);
      },
      [this](const engine::Result<AttentionAnswer>& answer) {
        if (answer)
          m_flow->setEvaluated(answer->heads);
        else
          m_flow->setProblem(QString::fromStdString(answer.error().message));
      });
}

/// True when the Inspector shows an edge or a path of the flow graph.
bool MainWindow::showFlowInspector() {
  const widgets::FlowGraph& graph = m_flow->canvas()->graph();
  const bool is_shown = m_flow->isVisible() && !graph.isEmpty();
  if (!is_shown) {
    m_flow_cuts->lookAway();
    return false;
  }
  if (m_flow->canvas()->selected()) {
    showFlowEdge(*m_flow->canvas()->selected());
    return true;
  }
  m_inspector->showPath(graph, m_flow->route(), pathFacts());
  return true;
}

/// What cutting the path does; asked for when nothing trains.
std::vector<std::pair<QString, QString>> MainWindow::pathFacts() {
  const widgets::FlowGraph& graph = m_flow->canvas()->graph();
  const auto route = static_cast<std::size_t>(m_flow->route());
  const auto place = m_controller.shownPlace();
  const auto probe = m_controller.probe();
  if (m_flow->route() < 0 || route >= graph.routes.size() || !place || !probe) {
    m_flow_cuts->lookAway();
    return {};
  }
  if (m_controller.isTraining()) {
    m_flow_cuts->lookAway();
    return {{tr("Cut this path"), tr("not measured while a run trains")}};
  }
  const auto edges = edgesOf(graph.routes[route].path);
  QStringList texts;
  for (const widgets::FlowEdge& edge : edges)
    texts << edgeText(*probe, m_flow->choice().sequence, edge);
  m_flow_cuts->look(*place, texts);
  const auto& cut = m_flow_cuts->result();
  if (!cut)
    return texts.isEmpty()
               ? std::vector<std::pair<QString, QString>>{}
               : std::vector<std::pair<QString, QString>>{{tr("Cut this path"), tr("…")}};
  return cutFacts(*cut, edges, probe->probe_size);
}

void MainWindow::showFlowEdge(const widgets::FlowEdge& edge) {
  m_flow_cuts->lookAway();
  const widgets::FlowGraph& graph = m_flow->canvas()->graph();
  const auto probe = m_controller.probe();
  const double chance = 1.0 / (graph.causal ? edge.reader + 1 : graph.length);
  std::vector<std::pair<QString, QString>> facts{
      {tr("Attention"), widgets::formatScore(static_cast<double>(edge.weight))},
      {tr("Untrained head"), widgets::formatScore(chance)}};
  if (graph.moved)
    facts.emplace_back(tr("Value-weighted"),
                       widgets::formatWeighted(graph.movedAt(edge.layer, edge.head, edge.cell())));
  QString note = graph.is_mean ? tr("The mean is of many sequences: choose one to cut its edges.")
                 : edgeToCut() ? tr("%1 cuts it in every sequence of the probe.")
                                     .arg(m_actions->keyOrName(QStringLiteral("cut-edge")))
                               : weightsProblem(widgets::HeadValues::Weighted, false);
  if (probe && !graph.is_mean) {
    const QString text = edgeText(*probe, m_flow->choice().sequence, edge);
    facts.emplace_back(tr("Named"), text);
    const auto place = m_controller.shownPlace();
    const auto at = m_cut_edges.find({text, place ? place->step : -1});
    if (at != m_cut_edges.end()) {
      const engine::CausalResult& found = at->second;
      note = tr("Cut in every sequence of the probe, and kept in the run.");
      facts.emplace_back(tr("Accuracy"), widgets::formatAccuracy(found.all.baseline.accuracy));
      facts.emplace_back(tr("with this edge cut"),
                         widgets::formatAccuracy(found.all.intervened.accuracy));
      const auto& control = found.all.control;
      facts.emplace_back(tr("random edges, equal weight"),
                         controlText(control ? std::optional(control->accuracy) : std::nullopt,
                                     QString::fromStdString(found.no_control)));
      if (found.all.necessity)
        facts.emplace_back(tr("Necessity"), widgets::formatScore(*found.all.necessity));
      facts.emplace_back(tr("Weights of step"), widgets::formatInteger(found.step));
    }
  }
  m_inspector->showFacts(tr("Edge %1, %2 → %3")
                             .arg(widgets::headName(edge.layer, edge.head))
                             .arg(edge.source)
                             .arg(edge.reader),
                         note, facts);
}

/// The edge that is selected in Flow; in Attention that of the cell that was looked at last, in the
/// large head.
std::optional<widgets::FlowEdge> MainWindow::edgeToCut() const {
  if (!m_controller.shownPlace() || !m_controller.probe())
    return std::nullopt;
  const widgets::FlowGraph& graph = m_flow->canvas()->graph();
  if (m_flow->isVisible())
    return graph.isEmpty() || graph.is_mean ? std::nullopt : m_flow->canvas()->selected();
  const auto options = m_attention->options();
  const FramePtr& frame = m_controller.frame();
  const auto sequence = static_cast<std::size_t>(options.probe.sequence);
  if (!m_attention->isVisible() || options.probe.mean || options.is_typed || !m_cell.isValid() ||
      !frame || sequence >= frame->shown.n || m_cell.reader >= frame->shown.seq_len ||
      m_cell.source >= frame->shown.seq_len)
    return std::nullopt;
  const auto at = static_cast<std::size_t>(m_cell.reader * frame->shown.seq_len + m_cell.source);
  const float weight = frame->shown.of(sequence, options.layer, options.head)[at];
  if (weight <= 0)
    return std::nullopt;  // not allowed by the mask
  return widgets::FlowEdge{options.layer, options.head, m_cell.reader, m_cell.source, weight};
}

/// After each change of the cell, and of what is shown.
void MainWindow::enableCut() {
  (*m_actions)[QStringLiteral("cut-edge")]->setEnabled(edgeToCut().has_value());
}

/// Flow comes to the front: there the Inspector has what it did.
void MainWindow::cutSelectedEdge() {
  const auto edge = edgeToCut();
  if (!edge)
    return;
  if (!m_flow->isVisible()) {
    m_flow->selectEdge(*edge);
    (*m_actions)[QStringLiteral("tab-flow")]->trigger();
  }
  const auto place = m_controller.shownPlace();
  const auto probe = m_controller.probe();
  statusBar()->showMessage(tr("Cutting the edge in every sequence of the probe…"));
  m_flow_cuts->cutEdge(*place, edgeText(*probe, m_flow->choice().sequence, *edge));
}

}  // namespace anchorlens::app
