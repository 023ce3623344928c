// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/export/export_kind.h"
#include "app/anchorlens/export/export_text.h"
#include "app/anchorlens/export/untested.h"
#include "widgets/flow/flow_figure.h"

#include <algorithm>

namespace anchorlens::app {

namespace {

using Heads = widgets::FlowOptions::Heads;
using Width = widgets::FlowOptions::Width;

Found<widgets::FlowGraph> graphOf(const ExportOrder& order, FigureMaterial& from) {
  const auto step = stepOf(order, from);
  const auto probe = from.probe();
  if (!step || !probe)
    return core::Unexpected(step ? probe.error() : step.error());
  const auto labelled = from.frame(*step, order.thresholds);
  if (!labelled)
    return core::Unexpected(labelled.error());
  widgets::EvaluatedPtr moved;
  if (order.flow.width == Width::Weighted) {
    if (order.choice.mean)
      return core::Unexpected(
          QCoreApplication::translate("Export", "%1 is computed of one sequence: choose one.")
              .arg(widgets::headValuesName(widgets::HeadValues::Weighted)));
    const auto evaluated = from.moved(*step, order.choice.sequence);
    if (!evaluated)
      return core::Unexpected(evaluated.error());
    moved = *evaluated;
  }
  const auto& model = from.spec().model;
  auto graph = widgets::makeFlowGraph(*labelled->frame, **probe, order.choice, labelled->labels,
                                      model.residual, order.flow, std::move(moved));
  markUntested(graph.badges, labelled->frame->step, model.n_heads, from.causalTests());
  return graph;
}

/// Index of the path of this name; -1: there is none.
int routeNamed(const widgets::FlowGraph& graph, const QString& name) {
  const auto named = std::find_if(graph.routes.begin(), graph.routes.end(),
                                  [&name](const auto& route) { return route.name == name; });
  return named == graph.routes.end() ? -1 : static_cast<int>(named - graph.routes.begin());
}

/// Why the path that was asked for is not there, and which are; empty: it is there.
QString routeProblem(const ExportOrder& order, FigureMaterial& from) {
  if (order.route.isEmpty())
    return {};
  const QString option = QStringLiteral("--route %1: ").arg(quoted(order.route));
  if (order.choice.mean)
    return option + QStringLiteral("the mean has no paths: choose a sequence by --probe");
  const auto graph = graphOf(order, from);
  if (!graph || graph->isEmpty() || routeNamed(*graph, order.route) >= 0)
    return {};  // why there is no graph, the figure says
  QStringList names;
  for (const auto& route : graph->routes)
    names << quoted(route.name);
  const QString sequence = QString::number(order.choice.sequence + 1);
  return option + (names.isEmpty() ? QStringLiteral("sequence %1 has no paths").arg(sequence)
                                   : QStringLiteral("sequence %1 has the paths %2")
                                         .arg(sequence, names.join(QStringLiteral(", "))));
}

class FlowKind : public ExportKind {
 public:
  using ExportKind::ExportKind;
  QString problem(const ExportOrder& order, FigureMaterial& from) const override;
  QStringList words(const ExportOrder& order) const override;
  Found<ContentPtr> content(const ExportOrder& order, FigureMaterial& from) const override;
};

QString FlowKind::problem(const ExportOrder& order, FigureMaterial& from) const {
  return order.values == widgets::HeadValues::Attention ||
                 order.values == widgets::HeadValues::Weighted
             ? routeProblem(order, from)
             : QStringLiteral("--show %1: the widths of flow are attention or weighted")
                   .arg(valuesWord(order.values));
}

QStringList FlowKind::words(const ExportOrder& order) const {
  QStringList words = frameWords(order);
  if (order.flow.heads == Heads::Selected)
    words << QStringLiteral("--head") << headWord(order.layer, order.head);
  if (order.flow.hide_below != widgets::FlowOptions().hide_below)
    words << QStringLiteral("--hide-below") << QString::number(order.flow.hide_below);
  if (order.flow.heads != Heads::All) {
    words << QStringLiteral("--heads")
          << (order.flow.heads == Heads::Labelled ? QStringLiteral("labelled")
                                                  : QStringLiteral("selected"));
  }
  if (order.flow.width == Width::Weighted)
    words << QStringLiteral("--show") << valuesWord(widgets::HeadValues::Weighted);
  if (!order.route.isEmpty())
    words << QStringLiteral("--route") << quoted(order.route);
  return words;
}

Found<ContentPtr> FlowKind::content(const ExportOrder& order, FigureMaterial& from) const {
  auto graph = graphOf(order, from);
  if (!graph)
    return core::Unexpected(graph.error());
  const int route = std::max(0, routeNamed(*graph, order.route));
  return ContentPtr(std::make_shared<widgets::FlowFigure>(std::move(*graph), route));
}

}  // namespace

void addFlowKinds(ExportKinds& kinds) {
  kinds.push_back(std::make_unique<FlowKind>(ExportKind::Facts{.id = QStringLiteral("flow"),
                                                               .title = tr("Flow"),
                                                               .view = QStringLiteral("flow"),
                                                               .word = QStringLiteral("flow"),
                                                               .options = StyleOption::Labels,
                                                               .moves = true,
                                                               .takes_without = true}));
}

}  // namespace anchorlens::app
