// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/train_loop.h"

#include "app/anchorctl/command.h"
#include "app/anchorctl/report.h"
#include "app/common/job_thread.h"
#include "engine/session/import_run.h"
#include "engine/session/run_facts.h"

#include <nlohmann/json.hpp>

#include <iostream>
#include <limits>
#include <optional>

namespace anchorlens::ctl {
namespace {

constexpr std::chrono::milliseconds kSlice{50};

nlohmann::ordered_json resultJson(const std::string& run, core::RunState state, std::int64_t step,
                                  const std::string& reason, const core::Metrics& metrics,
                                  const core::Task& task) {
  nlohmann::ordered_json json{{"run", run}, {"state", core::runStateName(state)}};
  json["reason"] = reason;
  // "step" is where training stands; the evaluation may be of an earlier one.
  nlohmann::ordered_json evaluation = metricsJson(metrics, task);
  json["step"] = step;
  json["evaluation_step"] = evaluation["step"];
  evaluation.erase("step");
  json.update(evaluation);
  return json;
}

void printResult(const engine::RunSession& session, core::RunState state, bool json) {
  const std::string run = session.directory().string();
  const core::Metrics& metrics = session.lastMetrics();
  if (json) {
    printJson(resultJson(run, state, session.step(), session.reason(), metrics, session.task()));
    return;
  }
  std::cout << metricsTable(metrics, session.task());
  if (metrics.step != session.step()) {
    std::cout << "(as of step " << metrics.step << ")\n";
  }
}

int endInterrupted(engine::RunSession& session, bool json) {
  const std::string run = session.directory().string();
  if (const auto saved = session.save(core::RunState::Stopped); !saved) {
    printError(run, "interrupted at step " + std::to_string(session.step()) +
                        ", and that could not be saved: " + saved.error().text());
    std::cerr << "The last checkpoint is kept; go on from it with:\n  anchorctl resume "
              << shellWord(run) << "\n";
    return kFailed;
  }
  printResult(session, core::RunState::Stopped, json);
  std::cout << std::flush;
  std::cerr << "Interrupted at step " << session.step() << "; everything is saved. Go on with:\n"
            << "  anchorctl resume " << shellWord(run) << "\n";
  return kInterrupted;
}

int endOf(engine::RunSession& session, bool json) {
  if (session.outcome() == engine::RunSession::Outcome::Failed) {
    printResult(session, core::RunState::Failed, json);
    std::cout << std::flush;
    printError(session.directory().string(), session.reason());
    return kFailed;
  }
  printResult(session, core::RunState::Finished, json);
  std::cout << std::flush;
  if (!session.reason().empty()) {
    std::cerr << session.reason() << "\n";
  }
  return kDone;
}

}  // namespace

bool engineOpens() {
  const auto opened = engine::openEngine();
  if (!opened) {
    printError("", opened.error().message);
    if (!opened.error().detail.empty()) {
      printError("", opened.error().detail);
    }
  }
  return opened.has_value();
}

int trainToEnd(const std::string& run, const MakeSession& make_session, bool json) {
  const Interrupt interrupt;
  std::optional<Progress> progress;
  app::JobThread background;
  engine::RunSession::Options options;
  options.background = [&](std::function<void()> job) { background.post(std::move(job)); };
  options.sink.step = [&](const core::StepMetrics& step) { progress->stepped(step); };
  options.sink.metrics = [&](const core::Metrics& metrics) {
    if (progress) {  // the first evaluation comes with the session itself
      progress->evaluated(metrics);
    }
  };
  options.sink.event = [&](const core::Event& event) {
    if (event.kind != "intervention") {
      return;
    }
    const std::string line = "step " + withSpaces(event.step) + ": " + event.text;
    if (progress) {
      progress->say(line);
    } else {
      std::cerr << line << "\n";
    }
  };
  options.sink.warning = [&](const std::string& text) {
    const std::string line = text.empty() ? "the run can be written again" : "warning: " + text;
    if (progress) {
      progress->say(line);
    } else {
      std::cerr << line << "\n";
    }
  };
  if (!engineOpens()) {
    return kFailed;
  }
  auto made = make_session(std::move(options));
  if (!made) {
    printError(made.error().message.rfind(run, 0) == 0 ? "" : run, made.error().message);
    return exitCode(made.error());
  }
  engine::RunSession& session = **made;
  progress.emplace(session.step(), session.totalSteps());
  progress->evaluated(session.lastMetrics());
  using Outcome = engine::RunSession::Outcome;
  Outcome outcome = session.outcome();
  while (outcome == Outcome::Running && !interrupt.isRequested()) {
    outcome = session.advance(kSlice, std::numeric_limits<std::int64_t>::max());
    progress->update();
  }
  progress->finish();
  return outcome == Outcome::Running ? endInterrupted(session, json) : endOf(session, json);
}

int reportFinished(const std::string& run, bool json) {
  const auto facts = engine::readRunFacts(run);
  if (!facts) {
    printError("", facts.error().message);
    return kBadInput;
  }
  if (facts->isForeign()) {
    printError(run, engine::kForeignText);
    return kBadInput;
  }
  const auto metrics = engine::metricsAt(run, facts->status.step);
  const auto task = core::Task::compile(facts->spec.task);
  if (!metrics || !task) {
    printError(run, metrics ? "its experiment.json has no valid task" : metrics.error().message);
    return kBadInput;
  }
  if (json) {
    printJson(resultJson(run, facts->status.state, facts->status.step, facts->status.reason,
                         *metrics, *task));
  } else {
    std::cout << metricsTable(*metrics, *task);
  }
  std::cout << std::flush;
  std::cerr << run << ": finished at step " << facts->status.step
            << " already; --more-steps N trains on\n";
  return kDone;
}

}  // namespace anchorlens::ctl
