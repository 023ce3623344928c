// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/export/window_material.h"

#include "app/anchorlens/export/export_kind.h"
#include "app/anchorlens/export/export_text.h"
#include "app/anchorlens/places.h"
#include "widgets/flow/flow_graph.h"

#include <algorithm>

namespace anchorlens::app {

namespace {

/// Flow remembers the path that was chosen also while a sequence is shown that has none of its
/// name.
bool hasRoute(const ExportSource& source, const ExportOrder& order) {
  if (!source.frame.frame || !source.probe)
    return false;
  const auto graph =
      widgets::makeFlowGraph(*source.frame.frame, *source.probe, order.choice, source.frame.labels,
                             order.spec.model.residual, order.flow);
  return std::any_of(graph.routes.begin(), graph.routes.end(),
                     [&order](const auto& route) { return route.name == order.route; });
}

}  // namespace

ExportOrder orderOf(const ExportSource& source, const ExportKind& kind) {
  ExportOrder order = source.order;
  order.kind = &kind;
  order.steps = {source.step};
  if (source.weights)
    order.checkpoint = source.weights->step;
  if (kind.of() == ExportKind::Of::Study)
    order.directory = source.study_folder;
  if (!kind.takesWithout())
    order.without.clear();
  if (kind.id() == QLatin1String("flow") && !order.route.isEmpty() && !hasRoute(source, order))
    order.route.clear();
  kind.fit(order);
  return order;
}

widgets::FigureSource WindowMaterial::source() const {
  const auto& directory = m_source.order.directory;
  return figureSource(directory.empty() ? m_source.run_name : toText(directory.filename()),
                      m_source.order.spec, {}, m_without);
}

Found<std::shared_ptr<const widgets::RunHistory>> WindowMaterial::history(
    const core::LabelThresholds& /*thresholds*/) {
  return m_source.history;
}

Found<std::shared_ptr<const widgets::ProbeContext>> WindowMaterial::probe() {
  if (!m_source.probe)
    return core::Unexpected(tr("There is no probe yet."));
  return m_source.probe;
}

QString WindowMaterial::whyNotYet() const {
  return m_without.empty() || m_source.has_without
             ? QString()
             : tr("The model %1 is not computed yet: what is shown is the one before.")
                   .arg(withoutText(m_without));
}

Found<LabelledFrame> WindowMaterial::frame(std::int64_t /*step*/,
                                           const core::LabelThresholds& /*thresholds*/) {
  if (!m_source.frame.frame)
    return core::Unexpected(tr("There is no frame yet."));
  if (const QString why = whyNotYet(); !why.isEmpty())
    return core::Unexpected(why);
  return m_source.frame;
}

Found<widgets::EvaluatedPtr> WindowMaterial::evaluated(std::int64_t /*step*/,
                                                       const ExportOrder& /*order*/) {
  if (!m_source.evaluated)
    return core::Unexpected(tr("What Attention shows is not computed yet."));
  return m_source.evaluated;
}

Found<widgets::EvaluatedPtr> WindowMaterial::moved(std::int64_t /*step*/, int /*sequence*/) {
  if (!m_source.moved)
    return core::Unexpected(tr("Value-weighted widths are not computed yet."));
  return m_source.moved;
}

std::vector<engine::CausalRecord> WindowMaterial::causalTests() {
  const auto& directory = m_source.order.directory;
  return directory.empty() || !m_without.empty()
             ? std::vector<engine::CausalRecord>()
             : engine::readCausalTests(directory, m_source.groups);
}

Found<widgets::PicturePtr> WindowMaterial::weights(const ExportOrder& /*order*/) {
  return m_source.weights;
}

Found<core::Metrics> WindowMaterial::evaluation(std::int64_t /*step*/) {
  if (!m_source.evaluation)
    return core::Unexpected(tr("There is no evaluation at this step."));
  return *m_source.evaluation;
}

Found<std::shared_ptr<const widgets::ProbeSummary>> WindowMaterial::summary(std::int64_t /*step*/) {
  if (const QString why = whyNotYet(); !why.isEmpty())
    return core::Unexpected(why);
  if (!m_source.summary)
    return core::Unexpected(tr("The answers are not computed yet."));
  return m_source.summary;
}

Found<widgets::LensData> WindowMaterial::lens(std::int64_t /*step*/, int /*sequence*/) {
  if (const QString why = whyNotYet(); !why.isEmpty())
    return core::Unexpected(why);
  if (m_source.lens.isEmpty())
    return core::Unexpected(tr("The lens is not computed yet."));
  return m_source.lens;
}

Found<widgets::Figure> figureOnScreen(const ExportSource& source, const ExportKind& kind) {
  ExportOrder order = orderOf(source, kind);
  widgets::FigureStyle style;
  style.map = order.style.map;
  style.per_head = order.style.per_head;
  style.log_steps = order.style.log_steps;
  style.markers = kind.options().testFlag(StyleOption::Markers);
  order.style = style;
  if (kind.of() == ExportKind::Of::Study) {
    auto material = openMaterial(order);
    if (!material)
      return core::Unexpected(material.error());
    return makeFigure(order, **material);
  }
  WindowMaterial material(source, order.without);
  return makeFigure(order, material);
}

}  // namespace anchorlens::app
