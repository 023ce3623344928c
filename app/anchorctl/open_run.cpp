// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/open_run.h"

#include "app/anchorctl/command.h"
#include "app/anchorctl/report.h"
#include "app/anchorctl/train_loop.h"
#include "engine/session/run_facts.h"

#include <nlohmann/json.hpp>

#include <iostream>

namespace anchorlens::ctl {

OpenedRun openRun(const std::string& run, std::optional<std::int64_t> at) {
  // What can be said without the engine is said first.
  const auto facts = engine::readRunFacts(run);
  if (!facts) {
    printError("", facts.error().message);
    return {nullptr, kBadInput};
  }
  if (at) {
    if (const auto in_range = engine::checkRange(*facts, *at); !in_range) {
      printError("", in_range.error().message);
      return {nullptr, kBadInput};
    }
  }
  if (!engineOpens()) {
    return {nullptr, kFailed};
  }
  auto snapshot = engine::RunSnapshot::open(run, at);
  if (!snapshot) {
    printError("", snapshot.error().message);
    return {nullptr, exitCode(snapshot.error())};
  }
  if (at && (*snapshot)->step() != *at) {
    std::cerr << run << ": step " << *at
              << " has no checkpoint and is too far for a replay; this is step "
              << (*snapshot)->step() << "\n";
  }
  if (const std::string held = core::inEffectText((*snapshot)->inEffect()); !held.empty()) {
    std::cerr << run << ": this run was changed while it was trained; at this step: " << held
              << "\n";
  }
  return {std::move(*snapshot), kDone};
}

void addInEffect(nlohmann::ordered_json& json, const engine::RunSnapshot& snapshot) {
  if (!snapshot.inEffect().isEmpty()) {
    json["in_effect"] = core::inEffectPhrases(snapshot.inEffect());
  }
}

}  // namespace anchorlens::ctl
