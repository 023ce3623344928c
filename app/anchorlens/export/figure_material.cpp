// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/export/figure_material.h"

#include "app/anchorlens/export/export_kind.h"
#include "app/anchorlens/export/export_text.h"
#include "app/anchorlens/export/run_material.h"
#include "app/anchorlens/places.h"
#include "engine/core/experiment_json.h"
#include "engine/session/version.h"

#include <algorithm>

namespace anchorlens::app {

namespace {

core::Unexpected<QString> notOfRun() {
  return core::Unexpected(tr("This needs a run."));
}

std::string valueOf(const core::Provenance& provenance, std::string_view key) {
  const auto found = std::find_if(provenance.begin(), provenance.end(),
                                  [key](const auto& row) { return row.first == key; });
  return found == provenance.end() ? std::string() : found->second;
}

/// A study, or a draft: it has its experiment and nothing else.
class PlainMaterial : public FigureMaterial {
 public:
  PlainMaterial(core::ExperimentSpec spec, const QString& name)
      : m_spec(std::move(spec)), m_name(name) {}
  const core::ExperimentSpec& spec() const override { return m_spec; }
  widgets::FigureSource source() const override { return figureSource(m_name, m_spec, {}); }

 private:
  core::ExperimentSpec m_spec;
  QString m_name;
};

}  // namespace

Found<std::shared_ptr<const widgets::RunHistory>> FigureMaterial::history(
    const core::LabelThresholds& /*thresholds*/) {
  return notOfRun();
}

Found<std::shared_ptr<const widgets::ProbeContext>> FigureMaterial::probe() {
  return notOfRun();
}

Found<LabelledFrame> FigureMaterial::frame(std::int64_t /*step*/,
                                           const core::LabelThresholds& /*thresholds*/) {
  return notOfRun();
}

Found<widgets::EvaluatedPtr> FigureMaterial::evaluated(std::int64_t /*step*/,
                                                       const ExportOrder& /*order*/) {
  return notOfRun();
}

Found<widgets::EvaluatedPtr> FigureMaterial::moved(std::int64_t /*step*/, int /*sequence*/) {
  return notOfRun();
}

Found<std::int64_t> FigureMaterial::lastStep() {
  return notOfRun();
}

Found<std::vector<core::Bookmark>> FigureMaterial::bookmarks() {
  return notOfRun();
}

Found<widgets::PicturePtr> FigureMaterial::weights(const ExportOrder& /*order*/) {
  return notOfRun();
}

Found<std::vector<core::GroupInfo>> FigureMaterial::groups() {
  return notOfRun();
}

Found<core::Metrics> FigureMaterial::evaluation(std::int64_t /*step*/) {
  return notOfRun();
}

Found<std::vector<widgets::GroupCurve>> FigureMaterial::groupCurves() {
  return notOfRun();
}

Found<std::shared_ptr<const widgets::ProbeSummary>> FigureMaterial::summary(std::int64_t /*step*/) {
  return notOfRun();
}

Found<widgets::LensData> FigureMaterial::lens(std::int64_t /*step*/, int /*sequence*/) {
  return notOfRun();
}

Found<core::CheckpointInfo> FigureMaterial::checkpoint(std::int64_t /*step*/) {
  return notOfRun();
}

Found<FigureMaterial*> FigureMaterial::other(const std::filesystem::path& run) {
  auto& other = m_others[run];
  if (!other) {
    auto opened = RunMaterial::open(run);
    if (!opened)
      return core::Unexpected(opened.error());
    other = std::move(*opened);
  }
  return other.get();
}

Found<std::unique_ptr<FigureMaterial>> openMaterial(const ExportOrder& order) {
  using Material = std::unique_ptr<FigureMaterial>;
  if (order.kind->of() == ExportKind::Of::Study) {
    if (!order.study.data)
      return core::Unexpected(tr("No study is open."));
    return Material(std::make_unique<PlainMaterial>(order.study.data->plan->study.base,
                                                    toText(cleanPath(order.directory).filename())));
  }
  if (order.directory.empty()) {
    return Material(
        std::make_unique<PlainMaterial>(order.spec, QString::fromStdString(order.spec.name)));
  }
  auto run = RunMaterial::open(order.directory, order.without);
  if (!run)
    return core::Unexpected(run.error());
  return Material(std::move(*run));
}

widgets::FigureSource figureSource(const QString& run_name, const core::ExperimentSpec& spec,
                                   const core::Provenance& provenance,
                                   const std::vector<core::HeadRef>& without) {
  widgets::FigureSource source;
  source.run = run_name;
  QStringList patterns;
  for (const auto& form : spec.task.forms)
    patterns.append(QString::fromStdString(form.pattern));
  source.task = patterns.join(QStringLiteral(" | "));
  source.experiment = QString::fromStdString(core::specHash(spec));
  source.seed = static_cast<qint64>(spec.training.seed);
  source.without = withoutText(without);
  source.date =
      QDateTime::fromString(QString::fromStdString(valueOf(provenance, "created")), Qt::ISODate);
  const std::string version = valueOf(provenance, "version");
  source.program =
      QStringLiteral("Anchorlens ") +
      QString::fromStdString(version.empty() ? std::string(engine::version()) : version);
  return source;
}

}  // namespace anchorlens::app
