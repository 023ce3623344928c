// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/export/export_kind.h"
#include "app/anchorlens/export/export_text.h"
#include "app/anchorlens/places.h"
#include "engine/core/compare/comparable.h"
#include "engine/core/compare/run_events.h"
#include "engine/core/compare/weights_at.h"
#include "widgets/compare/compare_figure.h"
#include "widgets/compare/compared_runs.h"

#include <limits>

namespace anchorlens::app {

namespace {

/// A run as comparisons need it; the material lives as long.
struct OpenRun {
  FigureMaterial& material;
  std::filesystem::path directory;
  std::shared_ptr<const widgets::RunHistory> history;
  widgets::RunToCompare run;
};

Found<OpenRun> openRun(FigureMaterial& material, const std::filesystem::path& directory, int colour,
                       const core::LabelThresholds& thresholds) {
  const auto history = material.history(thresholds);
  const auto probe = material.probe();
  if (!history || !probe)
    return core::Unexpected(history ? probe.error() : history.error());
  OpenRun run{material, directory, *history, {}};
  run.run = {material.source().run,    colour, &material.spec(), *probe, run.history.get(),
             &material.interventions()};
  return run;
}

/// Why a run has nothing to show at a step; empty: it has.
QString noFrames(const OpenRun& run) {
  return run.history->frames().empty() ? tr("%1 has no frames yet.").arg(toText(run.directory))
                                       : QString();
}

Found<core::HeadDistances> patternDistances(OpenRun& first, OpenRun& second,
                                            const core::LabelThresholds& thresholds) {
  for (const OpenRun* run : {&first, &second}) {
    if (const QString why = noFrames(*run); !why.isEmpty())
      return core::Unexpected(why);
  }
  const auto newest = [&thresholds](OpenRun& of) {
    return of.material.frame(of.history->frames().back(), thresholds);
  };
  const auto a = newest(first);
  const auto b = newest(second);
  if (!a || !b)
    return core::Unexpected(a ? b.error() : a.error());
  const auto one = core::meanPattern(*a->frame);
  const auto other = core::meanPattern(*b->frame);
  if (one.n == 0 || other.n == 0)
    return core::Unexpected(tr("A run kept no attention patterns to match heads by."));
  return core::patternDistances(one, other,
                                first.run.spec->model.mask == core::ModelSpec::Mask::Causal);
}

/// As the window matches heads: by the newest frames or checkpoints.
Found<core::HeadDistances> distances(OpenRun& first, OpenRun& second, const ExportOrder& order) {
  if (order.compare.match == core::HeadMatch::Position)
    return core::HeadDistances{};
  if (order.compare.match == core::HeadMatch::Pattern)
    return patternDistances(first, second, order.thresholds);
  constexpr std::int64_t kNewest = std::numeric_limits<std::int64_t>::max();
  auto weights = core::compareWeights({first.directory, kNewest}, {second.directory, kNewest});
  if (!weights)
    return core::Unexpected(QString::fromStdString(weights.error().text()));
  return std::move(weights->distances);
}

/// Why attention is not compared; empty: it can be.
QString whyNotComparable(const OpenRun& first, const OpenRun& second) {
  return QString::fromStdString(
      core::whyNotComparable(*first.run.spec, first.run.name.toStdString(), *second.run.spec,
                             second.run.name.toStdString()));
}

Found<ContentPtr> compareRuns(OpenRun& first, OpenRun& second, const ExportOrder& order) {
  for (const QString& why : {whyNotComparable(first, second), noFrames(first), noFrames(second)}) {
    if (!why.isEmpty())
      return core::Unexpected(why);
  }
  const auto matched = distances(first, second, order);
  if (!matched)
    return core::Unexpected(matched.error());
  const auto alignment = widgets::alignRuns(first.run, second.run, order.compare.align);
  const auto frameAt = [&](OpenRun& of, std::int64_t step) {
    return of.material.frame(*core::stepShownAt(of.history->frames(), step), order.thresholds);
  };
  const std::int64_t step =
      order.steps.empty() ? first.history->frames().back() : order.steps.front();
  const auto one = frameAt(first, step);
  const auto other = frameAt(second, alignment.secondAt(step));
  if (!one || !other)
    return core::Unexpected(one ? other.error() : one.error());
  widgets::ProbeChoice choice = order.choice;
  choice.mean = choice.mean || !widgets::haveSameProbe(first.run, second.run);
  widgets::Comparison comparison;
  comparison.first = widgets::sideOf(first.run, one->frame->step, one->frame.get(), choice, {});
  comparison.second =
      widgets::sideOf(second.run, other->frame->step, other->frame.get(), choice, {});
  comparison.pairs =
      core::matchByDistance(comparison.first.count, comparison.second.count, *matched);
  const int pair = comparison.pairOf(false, order.layer, order.head);
  if (pair < 0)
    return core::Unexpected(
        tr("The first run has no head %1.%2.").arg(order.layer).arg(order.head));
  return ContentPtr(std::make_shared<widgets::CompareFigure>(std::move(comparison),
                                                             static_cast<std::size_t>(pair)));
}

/// Runs that do not fit each other have their heads side by side by position, as in the window.
Found<ContentPtr> compareCurves(OpenRun& first, OpenRun& second, const ExportOrder& order) {
  const auto matched = whyNotComparable(first, second).isEmpty()
                           ? distances(first, second, order)
                           : Found<core::HeadDistances>(core::HeadDistances{});
  if (!matched)
    return core::Unexpected(matched.error());
  widgets::ComparedCurves curves;
  for (const OpenRun* run : {&first, &second})
    curves.sides[static_cast<std::size_t>(run->run.colour)] = {run->run.name, run->run.colour,
                                                               nullptr};
  curves.pairs = core::matchByDistance(widgets::headCount(*first.run.spec),
                                       widgets::headCount(*second.run.spec), *matched);
  curves.alignment = widgets::alignRuns(first.run, second.run, order.compare.align);
  const auto note = [](const OpenRun& of) {
    return widgets::noteOf(of.run, of.history->newestStep());
  };
  return ContentPtr(std::make_shared<widgets::CompareCurvesFigure>(
      std::move(curves), std::array{first.history, second.history},
      std::array{note(first), note(second)}, order.time));
}

/// Two runs: the order's, and --other.
class TwoRunsKind : public ExportKind {
 public:
  using ExportKind::ExportKind;
  QString missing(const ExportOrder& order) const override {
    return order.compare.others.empty()
               ? tr("Two runs are compared: tick them in Runs and press Compare.")
               : QString();
  }
  void fit(ExportOrder& order) const override {
    if (order.compare.first.empty())
      return;
    order.directory = order.compare.first;
    order.spec = order.compare.spec;
    order.steps = {order.compare.step};
    order.layer = order.compare.layer;
    order.head = order.compare.head;
    order.time.range = order.compare.range;
  }
  QString problem(const ExportOrder& order, FigureMaterial& /*from*/) const override {
    return order.compare.others.size() != 1
               ? QStringLiteral("--other names the one run that this one is compared with")
               : QString();
  }
  Found<ContentPtr> content(const ExportOrder& order, FigureMaterial& from) const override {
    if (const QString why = missing(order); !why.isEmpty())
      return core::Unexpected(why);
    const std::filesystem::path& other = order.compare.others.front();
    const auto material = from.other(other);
    if (!material)
      return core::Unexpected(material.error());
    auto first = openRun(from, order.directory, 0, order.thresholds);
    auto second = openRun(**material, other, 1, order.thresholds);
    if (!first || !second)
      return core::Unexpected(first ? second.error() : first.error());
    return compare(*first, *second, order);
  }

 protected:
  virtual Found<ContentPtr> compare(OpenRun& first, OpenRun& second,
                                    const ExportOrder& order) const = 0;
  static QStringList otherWords(const ExportOrder& order) {
    return {QStringLiteral("--other"), quoted(toText(order.compare.others.front()))};
  }
  static QStringList choiceWords(const ExportOrder& order) {
    QStringList words;
    const auto add = [&words](const QString& option, std::string_view name) {
      words << option << QString::fromUtf8(name);
    };
    if (order.compare.match != core::HeadMatch::Position)
      add(QStringLiteral("--match"), core::headMatchName(order.compare.match));
    if (order.compare.align != core::AlignBy::Step)
      add(QStringLiteral("--align"), core::alignByName(order.compare.align));
    return words;
  }
};

class CompareKind : public TwoRunsKind {
 public:
  using TwoRunsKind::TwoRunsKind;
  QStringList words(const ExportOrder& order) const override {
    return otherWords(order) +
           QStringList{QStringLiteral("--head"), headWord(order.layer, order.head)} +
           choiceWords(order) + frameWords(order);
  }

 protected:
  Found<ContentPtr> compare(OpenRun& first, OpenRun& second,
                            const ExportOrder& order) const override {
    return compareRuns(first, second, order);
  }
};

class CompareCurvesKind : public TwoRunsKind {
 public:
  using TwoRunsKind::TwoRunsKind;
  QStringList stepNames(const ExportOrder& /*order*/) const override {
    return {QStringLiteral("last")};
  }
  QStringList words(const ExportOrder& order) const override {
    return otherWords(order) + choiceWords(order) + timeWords(order.time);
  }

 protected:
  Found<ContentPtr> compare(OpenRun& first, OpenRun& second,
                            const ExportOrder& order) const override {
    return compareCurves(first, second, order);
  }
};

}  // namespace

void addCompareKinds(ExportKinds& kinds) {
  using enum StyleOption;
  kinds.push_back(std::make_unique<CompareKind>(ExportKind::Facts{
      .id = QStringLiteral("compare"),
      .title = tr("Comparison of two runs"),
      .view = QStringLiteral("compare"),
      .word = QStringLiteral("compare"),
      .options = StyleOptions(ColourBar) | Tokens | Outlines | Values | Map | Scale,
      .moves = true}));
  kinds.push_back(std::make_unique<CompareCurvesKind>(
      ExportKind::Facts{.id = QStringLiteral("compare-curves"),
                        .title = tr("Curves of two runs"),
                        .view = QStringLiteral("compare-curves"),
                        .word = QStringLiteral("compare-curves"),
                        .steps = ExportKind::Steps::None}));
}

}  // namespace anchorlens::app
