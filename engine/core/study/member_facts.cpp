// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/study/member_facts.h"

#include "engine/core/experiment/document.h"
#include "engine/core/experiment_json.h"
#include "engine/core/store/intervention_file.h"
#include "engine/core/store/run_place.h"
#include "engine/core/study/member_problem.h"

#include <utility>

namespace anchorlens::core {
namespace fs = std::filesystem;
namespace {

using State = MemberFacts::State;

/// resume may still go on with it, or says what is wrong.
MemberFacts unreadable(const IoError& error) {
  MemberFacts facts;
  facts.state = State::Unfinished;
  facts.state_name = "unreadable";
  facts.reason = error.message;
  return facts;
}

State stateOf(const RunStatus& status) {
  if (status.held) {
    return State::Held;
  }
  switch (status.state) {
    case RunState::Finished:
      return State::Finished;
    case RunState::Failed:
      return State::Failed;
    default:
      return State::Unfinished;
  }
}

/// What the directory itself says.
MemberFacts readDirectory(const fs::path& run) {
  MemberFacts facts;
  if (!isThere(run / kExperimentName)) {
    return facts;
  }
  if (!isThere(run / kDatabaseName)) {
    facts.state = State::Unfinished;  // killed right after its experiment was frozen
    facts.state_name = "created";
    return facts;
  }
  const auto reader = RunReader::open(run);
  if (!reader) {
    return unreadable(reader.error());
  }
  const auto status = (*reader)->status();
  auto metrics = (*reader)->metrics();
  if (!status || !metrics) {
    return unreadable(status ? metrics.error() : status.error());
  }
  facts.state = stateOf(*status);
  facts.run_state = status->state;
  facts.state_name = runStateName(status->state);
  facts.reason = status->held ? status->holder : status->reason;
  facts.step = status->step;
  const auto changes = readInterventions(run);
  facts.is_changed = changes && !changes->empty();
  if (!metrics->empty()) {
    facts.metrics = std::move(metrics->back());
  }
  return facts;
}

/// The first field that is another than the study says; empty where none is.
std::string difference(const ExperimentSpec& planned, ExperimentSpec run) {
  run.name = planned.name;
  run.training.device = planned.training.device;  // of a run: what "auto" became
  run.training.kernel = planned.training.kernel;
  if (run == planned) {
    return {};
  }
  const Json expected = toDocument(planned);
  const Json found = toDocument(run);
  const Json changes = Json::diff(expected, found);
  if (changes.empty()) {
    return {};
  }
  const auto path = changes.front().at("path").get<std::string>();
  const auto valueIn = [place = Json::json_pointer(path)](const Json& document) {
    return document.contains(place) ? shortText(document.at(place)) : std::string("missing");
  };
  return path + " is " + valueIn(found) + ", expected " + valueIn(expected);
}

MemberFacts another(const std::string& difference) {
  MemberFacts facts;
  facts.state = State::Failed;
  facts.run_state = RunState::Failed;
  facts.state_name = runStateName(RunState::Failed);
  facts.reason = "the folder holds a run of another experiment: " + difference +
                 "; moved away, it leaves room for the study's own";
  facts.is_another = true;
  return facts;
}

}  // namespace

MemberFacts readMember(const fs::path& run) {
  MemberFacts facts = readDirectory(run);
  if (facts.state != State::NotStarted && facts.state != State::Unfinished) {
    return facts;
  }
  const auto problem = readProblem(run);
  if (problem && problem->state == facts.state_name && problem->step == facts.step) {
    facts.state_name = runStateName(RunState::Failed);
    facts.reason = problem->text;
  }
  return facts;
}

MemberFacts readMember(const fs::path& run, const ExperimentSpec& planned) {
  const auto spec = readExperiment(run / kExperimentName);
  const std::string why = spec ? difference(planned, *spec) : std::string();
  return why.empty() ? readMember(run) : another(why);
}

MemberFacts readMember(const StudyPlan& plan, std::size_t member, const fs::path& folder) {
  const fs::path run = folder / plan.members[member].folder;
  return isThere(run / kExperimentName) ? readMember(run, plan.experiment(member))
                                        : readMember(run);
}

Expected<void, IoError> keepProblem(const fs::path& run, const std::string& problem) {
  const MemberFacts facts = readDirectory(run);
  return writeProblem(run, {problem, facts.state_name, facts.step});
}

}  // namespace anchorlens::core
