// SPDX-License-Identifier: GPL-3.0-or-later
// Which runs, which step of each, which heads. What is drawn of them: compare_control_show.cpp.
#include "app/anchorlens/compare_control.h"

#include "engine/core/compare/comparable.h"
#include "engine/core/compare/run_events.h"
#include "widgets/number_format.h"

#include <algorithm>
#include <utility>

namespace anchorlens::app {

namespace {

constexpr int kSeedsMs = 300;
/// Heads are matched again when a run in training has gone on by so much.
constexpr double kMatchAgain = 1.25;

/// The newest of the steps that heads are matched at; none: there is nothing yet.
std::optional<std::int64_t> matchedAt(const RunRecord& run, core::HeadMatch by) {
  const auto& steps =
      by == core::HeadMatch::Weights ? run.history().checkpoints() : run.history().frames();
  return steps.empty() ? std::nullopt : std::optional(steps.back());
}

}  // namespace

CompareControl::CompareControl(Controller& controller, StudyList& studies,
                               widgets::CompareView& view, widgets::CompareCurves& curves,
                               QObject* parent)
    : QObject(parent),
      m_controller(controller),
      m_view(view),
      m_curves(curves),
      m_seeds(controller, studies),
      m_reader(QStringLiteral("compare")) {
  connect(m_reader.worker(), &CompareReader::answered, this, &CompareControl::take);
  connect(&m_seeds, &CompareSeeds::changed, this, &CompareControl::showSeeds);
  connect(&m_view, &widgets::CompareView::optionsChanged, this, &CompareControl::showOptions);
  m_seed_timer.setSingleShot(true);
  m_seed_timer.setInterval(kSeedsMs);
  connect(&m_seed_timer, &QTimer::timeout, this, &CompareControl::showSeeds);
}

RunRecord* CompareControl::run(std::size_t side) const {
  return side < m_ticked.size() ? m_controller.runs().find(m_ticked[side]) : nullptr;
}

void CompareControl::setTicked(const std::vector<RunId>& runs) {
  m_ticked = runs;
  restart();
}

void CompareControl::toggleTick(RunId run_id) {
  if (std::erase(m_ticked, run_id) == 0) {
    m_ticked.push_back(run_id);
    if (m_ticked.size() > 2)
      m_ticked.erase(m_ticked.begin());
  }
  restart();
}

void CompareControl::markTicks(std::vector<widgets::RunRow>& rows) const {
  for (widgets::RunRow& row : rows) {
    row.can_tick = !row.canFold() && !row.folder.isEmpty() &&
                   (row.is_open || row.state != core::RunState::Created);
    row.is_ticked = row.is_open && isTicked(row.id);
  }
}

QString CompareControl::whyNot() const {
  if (m_ticked.size() < 2)
    return tr("Two runs are compared: tick them in Runs.");
  for (const std::size_t side : {0U, 1U}) {
    const RunRecord* record = run(side);
    if (record == nullptr || !record->isLoaded())
      return record != nullptr && !record->problem().isEmpty() ? record->problem()
                                                               : tr("A ticked run is being read.");
  }
  return {};
}

bool CompareControl::canCompare() const {
  return whyNot().isEmpty();
}

void CompareControl::setOn(bool on) {
  if (on && !canCompare()) {
    emit told(whyNot());
    emit changed();  // a button that was pressed comes back
    return;
  }
  if (on == m_is_on)
    return;
  m_is_on = on;
  if (!on)
    m_curves.setCurves({});
  else if (const RunRecord* shown = m_controller.shownRun();
           shown == nullptr || !isTicked(shown->id()))
    m_controller.showRun(m_ticked[0]);
  emit changed();
  if (on) {
    restart();
    emit told(tr("Comparing %1 and %2.").arg(run(0)->name(), run(1)->name()));
  }
}

void CompareControl::setAttention(const widgets::AttentionOptions& options) {
  widgets::CompareOptions own = m_view.options();
  const widgets::CompareOptions before = own;
  own.probe = options.probe;
  own.values = options.values;
  own.outlines = options.outlines;
  own.map = options.map;
  own.per_head = options.per_head;
  const bool is_other_head = m_layer != options.layer || m_head != options.head;
  m_layer = options.layer;
  m_head = options.head;
  if (own != before)
    m_view.setOptions(own);
  if (isOn() && own.probe != before.probe)
    showMaps();
  if (isOn() && is_other_head)
    selectHead();
}

bool CompareControl::isSecondShown() const {
  return m_ticked.size() == 2 && m_controller.shownRun() != nullptr &&
         m_controller.shownRun()->id() == m_ticked[1];
}

int CompareControl::shownHead(const core::HeadPair& pair) const {
  return isSecondShown() ? pair.second : pair.first;
}

std::int64_t CompareControl::firstStep() const {
  return firstStepOf(m_controller.cursor().step());
}

std::int64_t CompareControl::firstStepOf(std::int64_t shown_step) const {
  return isSecondShown() ? m_alignment.firstAt(shown_step) : shown_step;
}

std::int64_t CompareControl::shownStepOf(std::int64_t first_step) const {
  return isSecondShown() ? m_alignment.secondAt(first_step) : first_step;
}

widgets::RunToCompare CompareControl::toCompare(std::size_t side) const {
  const RunRecord& record = *run(side);
  return {record.name(),  record.colour(),   &record.facts().spec,
          record.probe(), &record.history(), &record.facts().interventions};
}

void CompareControl::align() {
  m_alignment = widgets::alignRuns(toCompare(0), toCompare(1), m_view.options().align);
}

/// Everything anew: other runs, or the view was just opened.
void CompareControl::restart() {
  m_match.reset();
  m_unreadable.clear();
  m_sides = {};
  if (m_is_on && !canCompare())
    setOn(false);
  else
    emit changed();
  if (!m_is_on)
    return;
  m_attention_problem = QString::fromStdString(
      core::whyNotComparable(run(0)->facts().spec, run(0)->name().toStdString(),
                             run(1)->facts().spec, run(1)->name().toStdString()));
  showOptions();
  emit drawn();
}

void CompareControl::showOptions() {
  if (!isOn())
    return;
  align();
  matchPairs();
  showCurves();
  show();
  if (m_view.options().all_seeds)
    showSeeds();
}

void CompareControl::follow(DirtyFlags dirty) {
  if (dirty & Dirty::Runs) {
    const std::size_t before = m_ticked.size();
    std::erase_if(m_ticked, [this](RunId id) { return m_controller.runs().find(id) == nullptr; });
    if (m_ticked.size() != before) {
      restart();
      return;
    }
    if (std::exchange(m_could, canCompare()) != canCompare())
      emit changed();  // a run that was read can be compared now
  }
  if (!m_is_on)
    return;
  if (m_controller.isDraftShown() || !canCompare()) {
    setOn(false);
    return;
  }
  if (dirty & (Dirty::Subject | Dirty::History | Dirty::Runs)) {
    align();
    matchPairs();
    showCurves(!(dirty & Dirty::Subject));
    if (m_view.options().all_seeds && !m_seed_timer.isActive())
      m_seed_timer.start();
  }
  // Of a run that is not shown Runs alone tells: it may be in training, or have another name.
  if (dirty & (Dirty::Subject | Dirty::Frame | Dirty::Cursor | Dirty::History | Dirty::Runs))
    show();
}

CompareControl::Side CompareControl::sideAt(std::size_t index, std::int64_t step) const {
  Side side;
  side.run = run(index);
  // The newest picture of a run in training may not be recorded.
  const auto& live = m_controller.training().snapshot();
  if (side.run == m_controller.shownRun() && m_controller.cursor().showsLive() && live &&
      live->run_id == side.run->id()) {
    side.frame = live->frame;
    side.step = live->step;
    return side;
  }
  const auto at = core::stepShownAt(side.run->history().frames(), step);
  if (!at) {
    side.problem = tr("%1 has no frames yet.").arg(side.run->name());
    return side;
  }
  side.step = *at;
  side.frame = side.run->cachedFrame(*at);
  const auto unreadable = m_unreadable.find({side.run->id(), *at});
  if (!side.frame && unreadable != m_unreadable.end())
    side.problem = unreadable->second;
  return side;
}

/// Both runs at the cursor. The old picture stays while something is read.
void CompareControl::show() {
  const std::int64_t first_step = firstStep();
  m_curves.setTimeCursor(first_step);
  if (!m_view.isVisible())
    return;
  m_sides[0] = sideAt(0, first_step);
  m_sides[1] =
      sideAt(1, isSecondShown() ? m_controller.cursor().step() : m_alignment.secondAt(first_step));
  ask();
  const bool is_ready = std::all_of(m_sides.begin(), m_sides.end(), [](const Side& side) {
    return side.frame || !side.problem.isEmpty();
  });
  if (is_ready || !m_attention_problem.isEmpty())
    showMaps();
  showNote();
  if (m_view.options().all_seeds && m_view.options().seeds_at_cursor && !m_seed_timer.isActive())
    m_seed_timer.start();
}

void CompareControl::ask() {
  if (m_is_asking)
    return;
  CompareQuestion question;
  for (const Side& side : m_sides) {
    if (!side.frame && side.problem.isEmpty() && m_attention_problem.isEmpty())
      question.frames.push_back({side.run->id(), side.run->directory(), side.step});
  }
  question.match = matchQuestion();
  if (question.frames.empty() && !question.match)
    return;
  m_is_asking = true;
  m_reader.post([question](CompareReader& reader) { reader.answer(question); });
}

void CompareControl::take(const std::shared_ptr<const CompareAnswer>& answer) {
  m_is_asking = false;
  for (const CompareAnswer::Frame& told : answer->frames) {
    RunRecord* record = m_controller.runs().find(told.wish.run_id);
    if (record != nullptr && told.frame)
      record->cacheFrame(told.frame);
    else
      m_unreadable[{told.wish.run_id, told.wish.step}] = told.problem;
  }
  if (!isOn())
    return;
  if (answer->match) {
    m_match = answer->match;
    matchPairs();
    showCurves();
  }
  show();
  emit drawn();
}

/// Whether m_match is what is wanted now.
bool CompareControl::isMatched() const {
  const core::HeadMatch by = m_view.options().match;
  if (!m_match || m_match->question.by != by)
    return false;
  const core::RunMoment* moments[]{&m_match->question.first, &m_match->question.second};
  for (const std::size_t side : {0U, 1U}) {
    const auto newest = matchedAt(*run(side), by);
    const bool is_old = newest && static_cast<double>(*newest) >
                                      kMatchAgain * static_cast<double>(moments[side]->step) + 1;
    if (moments[side]->run != run(side)->directory() || is_old)
      return false;
  }
  return true;
}

std::optional<MatchQuestion> CompareControl::matchQuestion() const {
  const core::HeadMatch by = m_view.options().match;
  if (by == core::HeadMatch::Position || !m_attention_problem.isEmpty() || isMatched())
    return std::nullopt;
  const auto first = matchedAt(*run(0), by);
  const auto second = matchedAt(*run(1), by);
  if (!first || !second)
    return std::nullopt;
  MatchQuestion question;
  question.by = by;
  question.first = {run(0)->directory(), *first};
  question.second = {run(1)->directory(), *second};
  question.is_causal = run(0)->facts().spec.model.mask == core::ModelSpec::Mask::Causal;
  question.first_frame = run(0)->cachedFrame(*first);
  question.second_frame = run(1)->cachedFrame(*second);
  return question;
}

const MatchAnswer* CompareControl::ownMatch() const {
  const bool is_own = m_match && m_match->question.by == m_view.options().match &&
                      m_match->question.first.run == run(0)->directory() &&
                      m_match->question.second.run == run(1)->directory();
  return is_own ? &*m_match : nullptr;
}

/// How the heads that stand beside each other were found, a sentence; empty: by position.
QString CompareControl::matchNote() const {
  const core::HeadMatch by = m_view.options().match;
  if (const MatchAnswer* match = ownMatch())
    return match->problem.isEmpty() ? tr("Heads matched at steps %1 and %2.")
                                          .arg(widgets::formatInteger(match->first_step),
                                               widgets::formatInteger(match->second_step))
                                    : tr("Heads are shown by position. %1").arg(match->problem);
  for (const std::size_t side : {0U, 1U}) {
    if (by != core::HeadMatch::Position && !matchedAt(*run(side), by))
      return tr("Heads are shown by position. %1 has no %2 to match them by.")
          .arg(run(side)->name(),
               by == core::HeadMatch::Weights ? tr("checkpoints") : tr("frames"));
  }
  return {};
}

/// By position until the answer has come; an older one of the same runs stays meanwhile.
void CompareControl::matchPairs() {
  const MatchAnswer* match = ownMatch();
  m_pairs = core::matchByDistance(
      widgets::headCount(run(0)->facts().spec), widgets::headCount(run(1)->facts().spec),
      match != nullptr && match->problem.isEmpty() ? match->distances : core::HeadDistances{});
}

}  // namespace anchorlens::app
