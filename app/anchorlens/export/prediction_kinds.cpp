// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/export/export_kind.h"
#include "app/anchorlens/export/export_text.h"
#include "widgets/predictions/prediction_figures.h"

namespace anchorlens::app {

namespace {

class PredictionsKind : public ExportKind {
 public:
  using ExportKind::ExportKind;
  QStringList words(const ExportOrder& order) const override { return stepWords(order); }
  Found<ContentPtr> content(const ExportOrder& order, FigureMaterial& from) const override {
    const auto step = stepOf(order, from);
    const auto probe = from.probe();
    const auto groups = from.groups();
    if (!step || !probe || !groups)
      return core::Unexpected(!step ? step.error() : !probe ? probe.error() : groups.error());
    const auto labelled = from.frame(*step, order.thresholds);
    if (!labelled)
      return core::Unexpected(labelled.error());
    return ContentPtr(std::make_shared<widgets::PredictionsFigure>(
        widgets::predictionRows(*labelled->frame, **probe, *groups), labelled->frame->step));
  }
};

class GroupsKind : public ExportKind {
 public:
  GroupsKind(Facts facts, widgets::GroupValue value)
      : ExportKind(std::move(facts)), m_value(value) {}
  QStringList words(const ExportOrder& order) const override { return stepWords(order); }
  Found<ContentPtr> content(const ExportOrder& order, FigureMaterial& from) const override {
    const auto step = stepOf(order, from);
    const auto groups = from.groups();
    const auto curves = from.groupCurves();
    if (!step || !groups || !curves)
      return core::Unexpected(!step ? step.error() : !groups ? groups.error() : curves.error());
    const auto metrics = from.evaluation(*step);
    if (!metrics)
      return core::Unexpected(metrics.error());
    return ContentPtr(std::make_shared<widgets::GroupsFigure>(
        widgets::groupMatrix(*groups, &*metrics), *curves, metrics->step, m_value));
  }

 private:
  widgets::GroupValue m_value;
};

class ProbeKind : public ExportKind {
 public:
  using ExportKind::ExportKind;
  QStringList words(const ExportOrder& order) const override { return stepWords(order); }
  Found<ContentPtr> content(const ExportOrder& order, FigureMaterial& from) const override {
    const auto step = stepOf(order, from);
    if (!step)
      return core::Unexpected(step.error());
    auto summary = from.summary(*step);
    if (!summary)
      return core::Unexpected(summary.error());
    return ContentPtr(std::make_shared<widgets::ProbeFigure>(std::move(*summary)));
  }
};

class LensKind : public ExportKind {
 public:
  using ExportKind::ExportKind;
  QStringList words(const ExportOrder& order) const override { return frameWords(order); }
  Found<ContentPtr> content(const ExportOrder& order, FigureMaterial& from) const override {
    if (order.choice.mean)
      return core::Unexpected(tr("The lens reads one sequence: choose one."));
    const auto step = stepOf(order, from);
    if (!step)
      return core::Unexpected(step.error());
    auto lens = from.lens(*step, order.choice.sequence);
    if (!lens)
      return core::Unexpected(lens.error());
    return ContentPtr(std::make_shared<widgets::LensFigure>(std::move(*lens)));
  }
};

ExportKind::Facts facts(const QString& id, const QString& title, bool takes_without,
                        StyleOptions options = {}) {
  return {.id = id,
          .title = title,
          .view = id,
          .word = id,
          .options = options,
          .moves = true,
          .takes_without = takes_without};
}

}  // namespace

void addPredictionKinds(ExportKinds& kinds) {
  kinds.push_back(std::make_unique<PredictionsKind>(
      facts(QStringLiteral("predictions"), tr("Predictions"), true)));
  // Of the evaluations that the run keeps: they are of the model as it is.
  for (const auto& [id, value] : {std::pair("groups", widgets::GroupValue::Accuracy),
                                  std::pair("group-losses", widgets::GroupValue::Loss)})
    kinds.push_back(std::make_unique<GroupsKind>(
        facts(QString::fromLatin1(id), widgets::groupValueTitle(value), false), value));
  kinds.push_back(std::make_unique<ProbeKind>(
      facts(QStringLiteral("probe"), tr("Answers on the probe"), true)));
  kinds.push_back(std::make_unique<LensKind>(
      facts(QStringLiteral("lens"), tr("Logit lens"), true, StyleOption::Map)));
}

}  // namespace anchorlens::app
