// SPDX-License-Identifier: GPL-3.0-or-later
// What CompareControl puts into its views.
#include "app/anchorlens/compare_control.h"
#include "app/anchorlens/experiment_diff.h"
#include "widgets/number_format.h"
#include "widgets/score_help.h"

#include <cmath>
#include <limits>

namespace anchorlens::app {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

QString both(const QString& first, const QString& second) {
  return first + QStringLiteral("  /  ") + second;
}

QString stepText(std::optional<std::int64_t> step) {
  return step ? widgets::formatInteger(*step) : QStringLiteral("–");
}

}  // namespace

void CompareControl::showMaps() {
  m_view.setProblem(m_attention_problem);
  if (!m_attention_problem.isEmpty())
    m_view.setComparison({});  // that of the runs before
  if (!m_attention_problem.isEmpty() || m_sides[0].run == nullptr)
    return;
  const widgets::RunToCompare runs[]{toCompare(0), toCompare(1)};
  const bool is_same = widgets::haveSameProbe(runs[0], runs[1]);
  const bool has_mean = std::all_of(m_sides.begin(), m_sides.end(), [](const Side& side) {
    return !side.frame || side.frame->mean.n > 0;
  });
  m_view.setProbe(run(0)->probe(), is_same, has_mean ? run(0)->facts().spec.probe.size : 0);
  widgets::ProbeChoice choice = m_view.options().probe;
  choice.mean = choice.mean || !is_same;
  widgets::Comparison comparison;
  const auto side = [&](std::size_t at) {
    return widgets::sideOf(runs[at], m_sides[at].step, m_sides[at].frame.get(), choice,
                           m_sides[at].problem);
  };
  comparison.first = side(0);
  comparison.second = side(1);
  comparison.pairs = m_pairs;
  m_view.setComparison(std::move(comparison));
  selectHead();
}

void CompareControl::selectHead() {
  const int pair = m_view.canvas()->comparison().pairOf(isSecondShown(), m_layer, m_head);
  if (pair >= 0)
    m_view.canvas()->selectPair(static_cast<std::size_t>(pair));
}

void CompareControl::showCurves(bool have_grown) {
  widgets::ComparedCurves curves;
  for (const std::size_t side : {0U, 1U})
    curves.sides[side] = {run(side)->name(), run(side)->colour(), &run(side)->history()};
  curves.pairs = m_pairs;
  curves.alignment = m_alignment;
  have_grown ? m_curves.setGrownCurves(curves) : m_curves.setCurves(curves);
}

void CompareControl::showNote() {
  QStringList notes;
  const RunRecord* shown = m_controller.shownRun();
  if (shown != nullptr && shown != run(0) && shown != run(1))
    notes << tr("The cursor is that of %1.").arg(shown->name());
  if (!m_alignment.problem().empty())
    notes << QString::fromStdString(m_alignment.problem());
  if (m_attention_problem.isEmpty()) {
    if (!widgets::haveSameProbe(toCompare(0), toCompare(1)))
      notes << tr("The runs have other probe sequences: their means are compared.");
    notes << matchNote();
  }
  notes.removeAll(QString());
  m_view.setNote(notes.join(QLatin1Char(' ')));
}

void CompareControl::showSeeds() {
  if (!isOn() || !m_view.options().all_seeds || !m_view.isVisible())
    return;
  const bool at_cursor = m_view.options().seeds_at_cursor;
  m_view.setSeeds(
      m_seeds.seedsOf(*run(0), m_ticked, at_cursor ? std::optional(firstStep()) : std::nullopt));
}

CompareChoice CompareControl::choice() const {
  CompareChoice choice;
  if (!isOn())
    return choice;
  choice.first = run(0)->directory();
  choice.others = {run(1)->directory()};
  choice.seeds = m_seeds.foldersOf(*run(0));
  if (m_view.options().seeds_at_cursor)
    choice.seeds_step = firstStep();
  choice.spec = run(0)->facts().spec;
  choice.step = m_sides[0].step;
  choice.match = m_view.options().match;
  choice.align = m_view.options().align;
  if (const auto range = m_curves.range(); !m_curves.showsAllTime())
    choice.range = widgets::stepsAround(range.first, range.last);
  const std::size_t at = m_view.canvas()->pair();
  if (at < m_pairs.size()) {
    choice.layer = m_pairs[at].layer;
    choice.head = m_pairs[at].first;
  }
  return choice;
}

QString CompareControl::inspectorTitle() const {
  const auto& comparison = m_view.canvas()->comparison();
  const std::size_t pair = m_view.canvas()->pair();
  if (!m_attention_problem.isEmpty() || pair >= comparison.pairs.size())
    return both(run(0)->name(), run(1)->name());
  const core::HeadPair& heads = comparison.pairs[pair];
  return heads.first == heads.second
             ? widgets::headName(heads.layer, heads.first, true)
             : both(widgets::comparedHeadName(heads, 0), widgets::comparedHeadName(heads, 1));
}

QHash<QString, QString> CompareControl::inspectorTips() {
  const QString since =
      tr("First step from which the score stays at the threshold of its label (docs/scores.md).");
  return {{tr("Shift"), widgets::scoreFormula(core::Label::Shift)},
          {tr("Broadcast"), widgets::scoreFormula(core::Label::Broadcast)},
          {tr("Coverage"),
           tr("Share of the readers with at least 0.5 on the source of the best broadcast; an "
              "untrained head has none.")},
          {tr("Tracking"),
           tr("Lift of the best broadcast minus that of the best fixed column; below 0 means a "
              "fixed column.")},
          {tr("Shift since"), since},
          {tr("Broadcast since"), since},
          {tr("Distance"),
           tr("Of the two heads, by what Match heads goes by; 0 is the same (docs/compare.md).")}};
}

std::vector<std::pair<QString, QString>> CompareControl::inspectorFacts() const {
  using widgets::formatScore;
  std::vector<std::pair<QString, QString>> facts;
  const auto add = [&](const QString& name, auto&& of) {
    facts.emplace_back(name, both(of(std::size_t{0}), of(std::size_t{1})));
  };
  add(tr("Run"), [&](std::size_t side) { return run(side)->name(); });
  add(tr("Step"), [&](std::size_t side) { return widgets::formatInteger(m_sides[side].step); });
  const auto& pairs = m_view.canvas()->comparison().pairs;
  const std::size_t at = m_view.canvas()->pair();
  if (m_attention_problem.isEmpty() && at < pairs.size()) {
    const core::HeadPair& pair = pairs[at];
    const auto head = [&](std::size_t side) { return side == 0 ? pair.first : pair.second; };
    const auto scores = [&](std::size_t side) -> const core::HeadScores* {
      const auto index =
          static_cast<std::size_t>(pair.layer * run(side)->facts().spec.model.n_heads + head(side));
      const FramePtr& frame = m_sides[side].frame;
      return head(side) >= 0 && frame && index < frame->scores.size() ? &frame->scores[index]
                                                                      : nullptr;
    };
    const auto best = [&](std::size_t side) -> const core::BroadcastScore* {
      const core::HeadScores* own = scores(side);
      return own != nullptr && own->best_broadcast >= 0
                 ? &own->broadcasts[static_cast<std::size_t>(own->best_broadcast)]
                 : nullptr;
    };
    const auto emergence = [&](std::size_t side, core::Label label) {
      return stepText(head(side) >= 0
                          ? run(side)->history().emergence(pair.layer, head(side), label)
                          : std::nullopt);
    };
    add(tr("Shift"), [&](std::size_t side) {
      return formatScore(scores(side) != nullptr ? scores(side)->shift() : kNone);
    });
    add(tr("Broadcast"), [&](std::size_t side) {
      return formatScore(scores(side) != nullptr ? scores(side)->broadcast() : kNone);
    });
    add(tr("Coverage"), [&](std::size_t side) {
      return formatScore(best(side) != nullptr ? best(side)->output_coverage : kNone);
    });
    add(tr("Tracking"), [&](std::size_t side) {
      return formatScore(best(side) != nullptr ? best(side)->output_tracking : kNone, true);
    });
    add(tr("Shift since"), [&](std::size_t side) { return emergence(side, core::Label::Shift); });
    add(tr("Broadcast since"),
        [&](std::size_t side) { return emergence(side, core::Label::Broadcast); });
    if (pair.distance)
      facts.emplace_back(tr("Distance"), QString::number(*pair.distance, 'f', 3));
  }
  const auto metrics = [&](std::size_t side) { return run(side)->metricsAt(m_sides[side].step); };
  add(tr("Test accuracy"), [&](std::size_t side) {
    return widgets::formatAccuracy(metrics(side) != nullptr ? metrics(side)->test_accuracy : kNone);
  });
  add(tr("Test loss"), [&](std::size_t side) {
    return widgets::formatLoss(metrics(side) != nullptr ? metrics(side)->test_loss : kNone);
  });
  QStringList differences = experimentDifferences(run(0)->facts().spec, run(1)->facts().spec);
  const auto held = [&](std::size_t side) { return run(side)->inEffect(m_sides[side].step); };
  if (!(held(0) == held(1))) {
    const auto text = [&](std::size_t side) {
      const std::string phrases = core::inEffectText(held(side));
      return phrases.empty() ? tr("nothing changed") : QString::fromStdString(phrases);
    };
    differences << QStringLiteral("%1 → %2").arg(text(0), text(1));
  }
  facts.emplace_back(tr("What differs"), differences.isEmpty()
                                             ? tr("nothing")
                                             : differences.join(QStringLiteral(", ")));
  return facts;
}

}  // namespace anchorlens::app
