// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/export/export_kind.h"
#include "app/anchorlens/export/export_text.h"
#include "app/anchorlens/export/untested.h"
#include "widgets/figure/heads_figure.h"

#include <span>

namespace anchorlens::app {

namespace {

Found<widgets::FigureHeads> headsAt(const ExportOrder& order, FigureMaterial& from,
                                    std::int64_t step) {
  const auto probe = from.probe();
  auto labelled = from.frame(step, order.thresholds);
  if (!probe || !labelled)
    return core::Unexpected(probe ? labelled.error() : probe.error());
  auto heads = widgets::figureHeads(*labelled->frame, labelled->labels, **probe, order.choice);
  markUntested(heads.badges, labelled->frame->step, from.spec().model.n_heads, from.causalTests());
  if (order.values == widgets::HeadValues::Attention && order.typed.isEmpty())
    return heads;
  std::vector<std::vector<float>> cells;
  if (!order.typed.isEmpty() || widgets::needWeights(order.values)) {
    if (order.typed.isEmpty() && order.choice.mean)
      return core::Unexpected(tr("%1 is computed of one sequence: choose one.")
                                  .arg(widgets::headValuesName(order.values)));
    const auto evaluated = from.evaluated(step, order);
    if (!evaluated)
      return core::Unexpected(evaluated.error());
    heads.maps = (*evaluated)->maps;
    cells = (*evaluated)->cells;
  }
  auto pictures = widgets::makePictures(order.values, std::move(heads.maps), cells);
  heads.maps = std::move(pictures.maps);
  heads.readings = std::move(pictures.readings);
  return heads;
}

/// In the place of one head the mean of its layer, or of all heads.
void averageHeads(widgets::FigureHeads& heads, const ExportOrder& order) {
  const std::span<const widgets::HeadMapData> all(heads.maps);
  const auto n = static_cast<std::size_t>(heads.n_heads);
  const auto chosen = static_cast<std::size_t>(order.layer) * n;
  const auto averaged = order.values == widgets::HeadValues::AllMean ? all : all.subspan(chosen, n);
  widgets::HeadReading reading;
  reading.values = order.values;
  reading.n_averaged = static_cast<int>(averaged.size());
  widgets::HeadMapData mean = widgets::meanOfHeads(averaged);
  mean.layer = order.layer;
  mean.head = order.head;
  heads.maps[chosen + static_cast<std::size_t>(order.head)] = std::move(mean);
  heads.readings[chosen + static_cast<std::size_t>(order.head)] = reading;
  heads.badges.clear();  // they are of single heads
}

bool isMean(widgets::HeadValues values) {
  return values == widgets::HeadValues::LayerMean || values == widgets::HeadValues::AllMean;
}

QStringList attentionWords(const ExportOrder& order) {
  QStringList words = frameWords(order);
  if (order.values != widgets::HeadValues::Attention)
    words << QStringLiteral("--show") << valuesWord(order.values);
  if (!order.typed.isEmpty())
    words << QStringLiteral("--type") << quoted(order.typed);
  return words;
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
  QStringList words(const ExportOrder& order) const override { return attentionWords(order); }
  QString problem(const ExportOrder& order, FigureMaterial& /*from*/) const override {
    return isMean(order.values)
               ? QStringLiteral("--show %1 is one map: say --head").arg(valuesWord(order.values))
               : QString();
  }
  void fit(ExportOrder& order) const override {
    if (isMean(order.values))  // a sheet has every head
      order.values = widgets::HeadValues::Attention;
  }
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
  QString problem(const ExportOrder& order, FigureMaterial& from) const override {
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
           attentionWords(order);
  }
  Found<ContentPtr> content(const ExportOrder& order, FigureMaterial& from) const override {
    const auto steps = stepsOf(order, from);
    if (!steps)
      return core::Unexpected(steps.error());
    auto heads = headsAt(order, from, steps->front());
    if (!heads)
      return core::Unexpected(heads.error());
    const bool is_there = problem(order, from).isEmpty() && !heads->readings.empty();
    if (isMean(order.values) && is_there)
      averageHeads(*heads, order);
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
                                                                  .moves = true,
                                                                  .takes_without = true}));
  kinds.push_back(std::make_unique<HeadsKind>(ExportKind::Facts{.id = QStringLiteral("heads"),
                                                                .title = tr("All heads"),
                                                                .view = view,
                                                                .word = QStringLiteral("heads"),
                                                                .options = maps | Labels | Scores,
                                                                .moves = true,
                                                                .takes_without = true}));
  kinds.push_back(
      std::make_unique<HeadsKind>(ExportKind::Facts{.id = QStringLiteral("heads-over-time"),
                                                    .title = tr("All heads over time"),
                                                    .view = view,
                                                    .word = QStringLiteral("heads"),
                                                    .options = maps | Labels | Scores | Letters,
                                                    .steps = ExportKind::Steps::Several,
                                                    .takes_without = true}));
}

}  // namespace anchorlens::app
