// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/change_options.h"

#include "app/anchorctl/report.h"

#include <algorithm>

namespace anchorlens::ctl {
namespace {

constexpr const char* kOption = "--change";

}  // namespace

void addChange(CLI::App& command, std::vector<std::string>& texts) {
  command
      .add_option(
          kOption, texts,
          "From a step on, any number of times: \"5000: ablate 1.0\", \"lr x0.5\" (where it "
          "begins), freeze, clamp, mlp 1 off, weight_decay 0.1, mixture 1,3, release 1.0")
      ->take_all()
      ->allow_extra_args(false);
}

std::optional<std::vector<core::Intervention>> readChanges(const std::vector<std::string>& texts,
                                                           const core::ExperimentSpec* spec) {
  std::vector<core::Intervention> changes;
  bool is_right = true;
  const auto refuse = [&](const std::string& why) {
    printError(kOption, why);
    is_right = false;
  };
  for (const std::string& text : texts) {
    auto change = core::parseInterventionAt(text);
    if (!change) {
      refuse(change.error());
      continue;
    }
    const auto why = spec != nullptr ? core::whyNotPossible(*change, *spec) : std::nullopt;
    if (why) {
      refuse("\"" + text + "\": " + *why);
    }
    changes.push_back(std::move(*change));
  }
  std::stable_sort(changes.begin(), changes.end(),
                   [](const auto& a, const auto& b) { return a.step < b.step; });
  return is_right ? std::optional(std::move(changes)) : std::nullopt;
}

}  // namespace anchorlens::ctl
