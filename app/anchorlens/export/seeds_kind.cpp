// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/export/export_kind.h"
#include "app/anchorlens/export/export_text.h"
#include "app/anchorlens/export/run_material.h"
#include "app/anchorlens/places.h"
#include "engine/core/compare/comparable.h"
#include "engine/session/run_facts.h"
#include "widgets/compare/compare_figure.h"

#include <algorithm>

namespace anchorlens::app {

namespace {

/// Why a run is of no set-up (docs/runs.md); empty: it is of one.
QString whyOfNoSetUp(const std::filesystem::path& run) {
  const auto facts = engine::readRunFacts(run);
  if (!facts)
    return QString::fromStdString(facts.error().message);
  if (facts->isFork())
    return tr("%1 is a fork: seeds are runs that were trained from step 0 on; leave it out.")
        .arg(toText(run));
  if (!facts->history.empty())
    return tr("%1 was changed while it trained: seeds are runs that nobody changed; leave it out.")
        .arg(toText(run));
  return {};
}

/// All seeds of a set-up: the order's run, and those that --other names.
class SeedsKind : public ExportKind {
 public:
  using ExportKind::ExportKind;
  QString missing(const ExportOrder& order) const override {
    return order.compare.first.empty()
               ? tr("Tick two runs in Runs and press Compare: all seeds of the first are shown.")
               : QString();
  }
  void fit(ExportOrder& order) const override {
    if (order.compare.first.empty())
      return;
    order.directory = order.compare.first;
    order.spec = order.compare.spec;
    order.compare.others = order.compare.seeds;
    order.steps.clear();
    if (order.compare.seeds_step)
      order.steps = {*order.compare.seeds_step};
  }
  QStringList stepNames(const ExportOrder& order) const override {
    return order.steps.empty() ? QStringList{QStringLiteral("last")} : ExportKind::stepNames(order);
  }
  QStringList words(const ExportOrder& order) const override {
    QStringList words;
    for (const auto& other : order.compare.others)
      words << QStringLiteral("--other") << quoted(toText(other));
    return words + stepWords(order);
  }
  /// Seeds may end at different steps: one run that has been there is enough.
  QString stepsProblem(const ExportOrder& order) const override {
    const QString why = ExportKind::stepsProblem(order);
    const auto& others = order.compare.others;
    const bool has_other = std::any_of(others.begin(), others.end(), [&order](const auto& other) {
      return whyNoSuchSteps(other, order.steps).isEmpty();
    });
    return has_other ? QString() : why;
  }
  Found<ContentPtr> content(const ExportOrder& order, FigureMaterial& from) const override {
    widgets::SeedSet set;
    if (!order.steps.empty())
      set.step = order.steps.front();
    if (const QString why = whyOfNoSetUp(order.directory); !why.isEmpty())
      return core::Unexpected(why);
    if (const QString why = addSeed(from, order, set); !why.isEmpty())
      return core::Unexpected(why);
    for (const auto& other : order.compare.others) {
      auto material = RunMaterial::open(other);
      if (!material)
        return core::Unexpected(material.error());
      if (!core::isSameSetUp(from.spec(), (*material)->spec()))
        return core::Unexpected(
            tr("%1 has another set-up than %2: more differs than name, seeds, device and threads.")
                .arg(toText(other), toText(order.directory)));
      if (const QString why = whyOfNoSetUp(other); !why.isEmpty())
        return core::Unexpected(why);
      if (const QString why = addSeed(**material, order, set); !why.isEmpty())
        return core::Unexpected(why);
    }
    set.title =
        tr("%1 runs of %2").arg(set.runs.size()).arg(QString::fromStdString(from.spec().name));
    return ContentPtr(std::make_shared<widgets::SeedsFigure>(std::move(set)));
  }

 private:
  /// Returns why not, or nothing.
  static QString addSeed(FigureMaterial& run, const ExportOrder& order, widgets::SeedSet& set) {
    const auto history = run.history(order.thresholds);
    if (!history)
      return history.error();
    widgets::SeedRun seed;
    seed.name = tr("%1, seed %2").arg(run.source().run).arg(run.spec().training.seed);
    seed.colour = static_cast<int>(set.runs.size());
    seed.numbers = std::make_shared<const core::RunNumbers>(widgets::seedNumbers(**history));
    set.runs.push_back(std::move(seed));
    return {};
  }
};

}  // namespace

void addSeedsKinds(ExportKinds& kinds) {
  kinds.push_back(
      std::make_unique<SeedsKind>(ExportKind::Facts{.id = QStringLiteral("seeds"),
                                                    .title = tr("All seeds of a set-up"),
                                                    .view = QStringLiteral("seeds"),
                                                    .word = QStringLiteral("seeds")}));
}

}  // namespace anchorlens::app
