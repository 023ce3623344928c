// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/export/export_kind.h"
#include "app/anchorlens/export/untested.h"
#include "widgets/figure/heads_figure.h"

#include <QCoreApplication>

namespace anchorlens::app {

namespace {

QString tr(const char* text) {
  return QCoreApplication::translate("Export", text);
}

Found<widgets::FigureHeads> headsAt(const ExportOrder& order, FigureMaterial& from,
                                    std::int64_t step) {
  const auto probe = from.probe();
  auto labelled = from.frame(step, order.thresholds);
  if (!probe || !labelled)
    return core::Unexpected(probe ? labelled.error() : probe.error());
  auto heads = widgets::figureHeads(*labelled->frame, labelled->labels, **probe, order.choice);
  markUntested(heads.badges, labelled->frame->step, from.spec().model.n_heads, from.causalTests());
  return heads;
}

Found<std::vector<std::int64_t>> stepsOf(const ExportOrder& order, FigureMaterial& from) {
  if (!order.steps.empty())
    return order.steps;
  const auto last = from.lastStep();
  if (!last)
    return core::Unexpected(last.error());
  return std::vector{*last};
}

class HeadsKind : public ExportKind {
 public:
  using ExportKind::ExportKind;
  bool isMeant(const ExportOrder& order, bool has_head) const override {
    return !has_head && takesSteps() == (order.steps.size() > 1);
  }
  QStringList words(const ExportOrder& order) const override { return frameWords(order); }
  Found<ContentPtr> content(const ExportOrder& order, FigureMaterial& from) const override {
    const auto steps = stepsOf(order, from);
    if (!steps)
      return core::Unexpected(steps.error());
    std::vector<widgets::FigureHeads> all;
    for (const std::int64_t step : *steps) {
      auto heads = headsAt(order, from, step);
      if (!heads)
        return core::Unexpected(heads.error());
      all.push_back(std::move(*heads));
    }
    return ContentPtr(std::make_shared<widgets::HeadsFigure>(std::move(all)));
  }
};

class OneHeadKind : public ExportKind {
 public:
  using ExportKind::ExportKind;
  bool isMeant(const ExportOrder& /*order*/, bool has_head) const override { return has_head; }
  QString problem(const ExportOrder& order, const FigureMaterial& from) const override {
    const auto& model = from.spec().model;
    const bool is_there = order.layer >= 0 && order.layer < model.n_layers && order.head >= 0 &&
                          order.head < model.n_heads;
    return is_there ? QString()
                    : QStringLiteral("--head %1: this model has layers 0 to %2 and heads 0 to %3")
                          .arg(headWord(order.layer, order.head))
                          .arg(model.n_layers - 1)
                          .arg(model.n_heads - 1);
  }
  QStringList words(const ExportOrder& order) const override {
    return QStringList{QStringLiteral("--head"), headWord(order.layer, order.head)} +
           frameWords(order);
  }
  Found<ContentPtr> content(const ExportOrder& order, FigureMaterial& from) const override {
    const auto steps = stepsOf(order, from);
    if (!steps)
      return core::Unexpected(steps.error());
    auto heads = headsAt(order, from, steps->front());
    if (!heads)
      return core::Unexpected(heads.error());
    return ContentPtr(
        std::make_shared<widgets::OneHeadFigure>(std::move(*heads), order.layer, order.head));
  }
};

}  // namespace

void addAttentionKinds(ExportKinds& kinds) {
  using enum StyleOption;
  const StyleOptions maps = StyleOptions(ColourBar) | Outlines | Map | Scale;
  const QString view = QStringLiteral("attention");
  kinds.push_back(std::make_unique<OneHeadKind>(ExportKind::Facts{.id = QStringLiteral("head"),
                                                                  .title = tr("Selected head"),
                                                                  .view = view,
                                                                  .word = QStringLiteral("head"),
                                                                  .options = maps | Tokens | Values,
                                                                  .moves = true}));
  kinds.push_back(std::make_unique<HeadsKind>(ExportKind::Facts{.id = QStringLiteral("heads"),
                                                                .title = tr("All heads"),
                                                                .view = view,
                                                                .word = QStringLiteral("heads"),
                                                                .options = maps | Labels | Scores,
                                                                .moves = true}));
  kinds.push_back(
      std::make_unique<HeadsKind>(ExportKind::Facts{.id = QStringLiteral("heads-over-time"),
                                                    .title = tr("All heads over time"),
                                                    .view = view,
                                                    .word = QStringLiteral("heads"),
                                                    .options = maps | Labels | Scores | Letters,
                                                    .takes_steps = true}));
}

}  // namespace anchorlens::app
