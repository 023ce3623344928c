// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/sweep_run.h"

#include "app/anchorctl/command.h"
#include "app/anchorctl/report.h"
#include "engine/core/step_schedule.h"
#include "engine/core/store/run_place.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <thread>
#include <utility>

namespace anchorlens::ctl {
namespace {

using State = core::MemberFacts::State;

constexpr std::chrono::milliseconds kRound{50};
/// Steps are read, and runs that others train are looked at, every so many rounds.
constexpr int kRoundsPerLook = 10;
constexpr int kRoundsPerTouch = 1200;  ///< a minute

}  // namespace

SweepRun::SweepRun(const core::StudyPlan& plan, std::filesystem::path folder)
    : m_plan(plan),
      m_folder(std::move(folder)),
      m_results(plan.members.size()),
      m_totals(plan.settings.size()),
      m_is_alone(plan.members.size()) {
  for (std::size_t member = 0; member < plan.members.size(); ++member) {
    std::int64_t& total = m_totals[plan.members[member].setting];
    total = total > 0 ? total : core::totalSteps(plan.experiment(member));
  }
  for (std::size_t member = 0; member < plan.members.size(); ++member) {
    look(member);
    switch (m_results[member].facts.state) {
      case State::NotStarted:
      case State::Unfinished:
        m_waiting.push_back(member);
        break;
      case State::Held:
        m_held.push_back(member);
        break;
      case State::Finished:
      case State::Failed:
        break;
    }
  }
}

std::filesystem::path SweepRun::folderOf(std::size_t member) const {
  return m_folder / m_plan.members[member].folder;
}

bool SweepRun::isDone(std::size_t member) const {
  const State state = m_results[member].facts.state;
  return state == State::Finished || state == State::Failed || !m_results[member].problem.empty();
}

void SweepRun::look(std::size_t member) {
  m_results[member].facts = core::readMember(m_plan, member, m_folder);
}

void SweepRun::run(const SweepWay& way, const Interrupt& interrupt, const core::RunLock* lock) {
  m_way = way;
  for (std::size_t member = 0; m_way.fleets.at_once > 0 && member < m_results.size(); ++member) {
    m_is_alone[member] = !isDone(member) && !mayJoinFleet(folderOf(member));
  }
  for (const std::size_t member : m_held) {
    m_progress.say(folderOf(member).string() + ": waits for " + m_results[member].facts.reason);
  }
  m_progress.begin();
  bool is_ending = false;
  while (!m_running.empty() || (!is_ending && (!m_waiting.empty() || !m_held.empty()))) {
    if (!is_ending && interrupt.isRequested()) {
      is_ending = true;
      m_progress.say("interrupted; the runs are saving");
      for (const Running& running : m_running) {
        running.process.terminate();
      }
    }
    if (!is_ending) {
      startNext();
    }
    if (lock != nullptr && m_rounds % kRoundsPerTouch == 0) {
      lock->touch();
    }
    if (m_rounds++ % kRoundsPerLook == 0) {
      lookAtSteps();
      lookAtHeld();
      showProgress();
    }
    // A signal to the whole group may have ended a process before it is noted above.
    collect(is_ending || interrupt.isRequested());
    std::this_thread::sleep_for(kRound);
  }
  showProgress();
  m_progress.finish();
}

void SweepRun::lookAtHeld() {
  const auto is_free = [this](std::size_t member) {
    look(member);
    const State state = m_results[member].facts.state;
    if (state == State::Unfinished || state == State::NotStarted) {
      m_waiting.push_back(member);
    }
    return state != State::Held;
  };
  std::erase_if(m_held, is_free);
}

void SweepRun::collect(bool is_ending) {
  for (std::size_t i = 0; i < m_running.size();) {
    const auto end = m_running[i].process.poll();
    if (!end) {
      ++i;
      continue;
    }
    Running running = std::move(m_running[i]);
    m_running.erase(m_running.begin() + static_cast<std::ptrdiff_t>(i));
    for (Training& training : running.members) {
      training.reader.reset();  // its files are needed to look at the others
    }
    for (const Training& training : running.members) {
      ended(training, running, *end, is_ending);
    }
  }
}

bool SweepRun::isTakenByAnother(const Training& training, const Running& running,
                                const ChildEnd& end) {
  // Of a sweep that was killed a process may still have been about to save.
  const State state = m_results[training.member].facts.state;
  if (end.code == kDone || (state != State::Held && state != State::Unfinished)) {
    return false;
  }
  if (state == State::Held) {
    m_held.push_back(training.member);
    return true;
  }
  const bool is_refused = running.is_fleet ? end.signal == 0 : end.code == kBadInput;
  const bool has_begun = !m_results[training.member].facts.reason.empty();  // and says why it ended
  const bool came_first = training.is_new && is_refused && !has_begun;
  if (came_first) {
    m_waiting.push_back(training.member);
  }
  return came_first;
}

void SweepRun::ended(const Training& training, const Running& running, const ChildEnd& end,
                     bool is_ending) {
  const std::size_t member = training.member;
  look(member);
  MemberResult& result = m_results[member];
  const std::string& run = m_plan.members[member].folder;
  // A fleet's process tells of other members, too.
  if (result.facts.state == State::Finished && (end.code == kDone || running.is_fleet)) {
    m_progress.sayPlain(run + ": finished at step " + withSpaces(result.facts.step) +
                        ", test accuracy " + fixed(result.facts.metrics.test_accuracy, 4));
    return;
  }
  const bool is_not_blamed =
      running.is_fleet && running.process.lastWordsOf(folderOf(member).string()).empty();
  const bool was_interrupted = end.code == kInterrupted || end.signal != 0 || is_not_blamed;
  if (is_ending && was_interrupted && result.facts.state != State::Failed) {
    return;
  }
  if (isTakenByAnother(training, running, end)) {
    return;
  }
  result.problem =
      result.facts.state == State::Failed ? result.facts.reason : wordsOf(member, running, end);
  m_progress.say(run + ": failed: " + result.problem);
  keepProblem(member);
}

/// So that a table that is made later tells it, where the run itself does not.
void SweepRun::keepProblem(std::size_t member) {
  const MemberResult& result = m_results[member];
  if (result.facts.state != State::NotStarted && result.facts.state != State::Unfinished) {
    return;
  }
  const auto kept = core::keepProblem(folderOf(member), result.problem);
  if (!kept) {
    m_progress.say(m_plan.members[member].folder +
                   ": why it failed cannot be kept: " + kept.error().text());
  }
}

std::string SweepRun::wordsOf(std::size_t member, const Running& running,
                              const ChildEnd& end) const {
  if (end.signal != 0) {
    return "its process was ended by signal " + std::to_string(end.signal) + " (" +
           strsignal(end.signal) + ")";
  }
  // What it says last may be how to go on; what it says of the run is why it has to.
  std::string words = running.process.lastWordsOf(folderOf(member).string());
  if (words.empty()) {
    words = running.process.lastWords();
    const bool is_of_another = running.is_fleet && words.starts_with(m_folder.string() + "/");
    words = is_of_another ? m_results[member].facts.reason : words;
  }
  return words.empty() ? "its process ended with exit code " + std::to_string(end.code) : words;
}

void SweepRun::lookAtSteps() {
  for (Running& running : m_running) {
    for (Training& training : running.members) {
      lookAtStep(training);
    }
  }
}

void SweepRun::lookAtStep(Training& training) {
  const auto run = folderOf(training.member);
  if (!training.reader && core::isThere(run / core::kDatabaseName)) {
    auto opened = core::RunReader::open(run);
    training.reader = opened ? std::move(*opened) : nullptr;
  }
  // A moment later it can be read, or its process says why not.
  const auto status = training.reader
                          ? training.reader->status()
                          : core::Expected<core::RunStatus, core::IoError>(core::RunStatus{});
  if (status) {
    std::int64_t& step = m_results[training.member].facts.step;
    step = std::max(step, status->step);
  }
}

std::int64_t SweepRun::steps() const {
  std::int64_t steps = 0;
  for (const MemberResult& result : m_results) {
    steps += result.facts.step;
  }
  return steps;
}

void SweepRun::showProgress() {
  SweepState state;
  state.runs = m_results.size();
  for (std::size_t member = 0; member < m_results.size(); ++member) {
    const MemberResult& result = m_results[member];
    const bool is_done = isDone(member);
    const std::int64_t total = m_totals[m_plan.members[member].setting];
    state.done += is_done ? 1 : 0;
    state.failed += is_done && result.facts.state != State::Finished ? 1 : 0;
    state.steps += result.facts.step;
    // What has ended early has no more steps to do.
    state.total_steps += is_done ? result.facts.step : std::max(total, result.facts.step);
  }
  m_progress.update(state);
}

}  // namespace anchorlens::ctl
