// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/fleet_training.h"

#include "app/anchorctl/command.h"
#include "app/anchorctl/report.h"
#include "app/anchorctl/seat_engine.h"
#include "app/anchorctl/train_loop.h"
#include "app/common/job_thread.h"
#include "engine/core/store/run_place.h"
#include "engine/session/run_session.h"

#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace anchorlens::ctl {
namespace {

using engine::RunSession;

/// The members take a step each in every round. An interruption that one of them notices ends all
/// after the same round, so that what is resumed is what would have gone on.
class Rounds {
 public:
  /// After `done` rounds. Whoever asks first for an end has one more to take with the others, who
  /// may wait in it already.
  bool isOver(std::int64_t done, bool is_end_wanted) {
    if (is_end_wanted) {
      std::int64_t none = kNever;
      m_last.compare_exchange_strong(none, done + 1);
    }
    return done >= m_last;
  }

 private:
  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();
  std::atomic<std::int64_t> m_last{kNever};
};

class Training {
 public:
  Training(const std::filesystem::path& folder, bool is_shared, const Interrupt& interrupt)
      : m_folder(folder), m_is_shared(is_shared), m_interrupt(interrupt) {}

  int run(const core::StudyPlan& plan) {
    if (!engineOpens()) {
      return kFailed;
    }
    engine::EngineModule& engine = **engine::openEngine();
    auto fleet = engine.createFleet(plan.experiment(0), static_cast<int>(plan.members.size()));
    if (!fleet) {
      printError("", fleet.error().message);
      return kFailed;
    }
    SeatEngine seats(engine, **fleet);
    // All are there before the first step: from then on they wait for each other.
    std::vector<std::unique_ptr<RunSession>> sessions;
    for (std::size_t member = 0; member < plan.members.size(); ++member) {
      if (m_interrupt.isRequested()) {
        ended(kInterrupted);
        break;
      }
      if (auto session = begin(plan, member, seats)) {
        sessions.push_back(std::move(session));
      }
    }
    std::vector<std::jthread> threads;
    threads.reserve(sessions.size());
    for (auto& session : sessions) {
      threads.emplace_back([this, &session] { train(std::move(session)); });
    }
    threads.clear();  // joins
    return m_code;
  }

 private:
  std::unique_ptr<RunSession> begin(const core::StudyPlan& plan, std::size_t member,
                                    SeatEngine& seats) {
    const std::filesystem::path run = m_folder / plan.members[member].folder;
    RunSession::Options options;
    options.shared = m_is_shared;
    options.engine = &seats;
    options.background = [this](std::function<void()> job) { m_background.post(std::move(job)); };
    options.sink.warning = [this, run](const std::string& text) {
      say(run, text.empty() ? "the run can be written again" : "warning: " + text);
    };
    auto session = core::isThere(run / core::kExperimentName)
                       ? RunSession::resume(run, std::move(options))
                       : RunSession::create(plan.experiment(member), run, std::move(options));
    if (!session) {
      say(run, session.error().message);
      ended(kFailed);
      return nullptr;
    }
    return std::move(*session);
  }

  /// On the member's own thread; at its end the session is gone, and no one waits for it.
  void train(std::unique_ptr<RunSession> session) {
    using Outcome = RunSession::Outcome;
    for (std::int64_t done = 0; session->outcome() == Outcome::Running &&
                                !m_rounds.isOver(done, m_interrupt.isRequested());
         ++done) {
      session->advance(std::chrono::microseconds{0}, 1);
    }
    if (session->outcome() == Outcome::Failed) {
      say(session->directory(), session->reason());
      ended(kFailed);
    } else if (session->outcome() == Outcome::Running) {
      const auto saved = session->save(core::RunState::Stopped);
      if (!saved) {
        say(session->directory(), "interrupted at step " + std::to_string(session->step()) +
                                      ", and that could not be saved: " + saved.error().text());
      }
      ended(saved ? kInterrupted : kFailed);
    }
  }

  /// A failure is told rather than an interruption.
  void ended(int code) {
    const std::lock_guard lock(m_mutex);
    m_code = m_code == kFailed ? kFailed : code;
  }

  void say(const std::filesystem::path& run, const std::string& text) {
    const std::lock_guard lock(m_mutex);
    printError(run.string(), text);  // a sweep looks for the run before the colon
  }

  std::filesystem::path m_folder;
  bool m_is_shared;
  const Interrupt& m_interrupt;
  app::JobThread m_background;
  Rounds m_rounds;
  std::mutex m_mutex;  ///< of the code and of standard error
  int m_code = kDone;
};

}  // namespace

int trainTogether(const core::StudyPlan& members, const std::filesystem::path& folder,
                  bool is_shared, const Interrupt& interrupt) {
  return Training(folder, is_shared, interrupt).run(members);
}

}  // namespace anchorlens::ctl
