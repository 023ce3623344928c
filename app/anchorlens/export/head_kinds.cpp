// SPDX-License-Identifier: GPL-3.0-or-later
// Which head is what: ribbons over time, a table at a step, and the causal tests of a run.
#include "app/anchorlens/export/causal_tables.h"
#include "app/anchorlens/export/export_kind.h"
#include "app/anchorlens/export/export_text.h"
#include "widgets/figure/table_figure.h"
#include "widgets/taxonomy/ribbon_figure.h"

#include <algorithm>

namespace anchorlens::app {

namespace {

const std::vector<widgets::HeadSeries> kNoHeads;
const QStringList kTableSuffixes{QStringLiteral("tex"), QStringLiteral("svg"),
                                 QStringLiteral("pdf"), QStringLiteral("png"),
                                 QStringLiteral("csv"), QStringLiteral("npz")};

class RibbonKind : public ExportKind {
 public:
  using ExportKind::ExportKind;
  Found<ContentPtr> content(const ExportOrder& order, FigureMaterial& from) const override {
    auto history = from.history(order.thresholds);
    if (!history)
      return core::Unexpected(history.error());
    std::vector<bool> tested;
    const auto tests = from.causalTests();
    for (const widgets::HeadSeries& head : *history ? (*history)->headSeries() : kNoHeads) {
      tested.push_back(std::any_of(tests.begin(), tests.end(), [&](const auto& test) {
        return engine::showsNeed(tests, test.result.step, {head.layer, head.head});
      }));
    }
    return ContentPtr(
        std::make_shared<widgets::RibbonFigure>(std::move(*history), std::move(tested)));
  }
};

class HeadTableKind : public ExportKind {
 public:
  using ExportKind::ExportKind;
  QStringList words(const ExportOrder& order) const override { return stepWords(order); }
  Found<ContentPtr> content(const ExportOrder& order, FigureMaterial& from) const override {
    const auto step = stepOf(order, from);
    const auto history = from.history(order.thresholds);
    if (!step || !history || !*history)
      return core::Unexpected(!step      ? step.error()
                              : !history ? history.error()
                                         : tr("The run has no steps yet."));
    const auto rows = widgets::headRows(**history, *step);
    const auto tests = from.causalTests();
    return ContentPtr(std::make_shared<widgets::TableFigure>(
        QStringLiteral("head-table"), std::vector{*step}, headTable(rows, *step, tests),
        headNumbers(rows, *step, tests)));
  }
};

class CausalTableKind : public ExportKind {
 public:
  using ExportKind::ExportKind;
  QStringList stepNames(const ExportOrder& /*order*/) const override {
    return {QStringLiteral("all")};
  }
  Found<ContentPtr> content(const ExportOrder& /*order*/, FigureMaterial& from) const override {
    const auto groups = from.groups();
    if (!groups)
      return core::Unexpected(groups.error());
    const auto tests = newestTests(from.causalTests());
    return ContentPtr(std::make_shared<widgets::TableFigure>(
        QStringLiteral("causal-table"), std::vector<std::int64_t>(), causalTable(tests, *groups),
        causalNumbers(tests, *groups)));
  }
};

ExportKind::Facts facts(const QString& id, const QString& title) {
  return {.id = id, .title = title, .view = id, .word = id, .steps = ExportKind::Steps::None};
}

ExportKind::Facts tableFacts(const QString& id, const QString& title, ExportKind::Steps steps) {
  return {
      .id = id, .title = title, .view = id, .word = id, .steps = steps, .suffixes = kTableSuffixes};
}

}  // namespace

void addHeadKinds(ExportKinds& kinds) {
  kinds.push_back(
      std::make_unique<RibbonKind>(facts(QStringLiteral("ribbons"), tr("Labels over time"))));
  kinds.push_back(std::make_unique<HeadTableKind>(
      tableFacts(QStringLiteral("head-table"), tr("Table of heads"), ExportKind::Steps::One)));
  kinds.push_back(std::make_unique<CausalTableKind>(tableFacts(
      QStringLiteral("causal-table"), tr("Table of causal tests"), ExportKind::Steps::None)));
}

}  // namespace anchorlens::app
