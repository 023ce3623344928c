// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/command.h"

#include <charconv>
#include <cstdint>
#include <system_error>

namespace anchorlens::ctl {

CLI::App* addCommand(CLI::App& program, const std::string& name, const std::string& description,
                     const std::string& example) {
  CLI::App* command = program.add_subcommand(name, description);
  command->footer("Example:\n  " + example);
  return command;
}

void addJson(CLI::App& command, bool& json) {
  command.add_flag("--json", json, "Print one JSON value and nothing else");
}

std::string stepProblem(const std::string& text) {
  std::int64_t step = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, step);
  const bool is_step = parsed.ec == std::errc() && parsed.ptr == end && step >= 0;
  return is_step ? "" : "expected a step, an integer from 0, got \"" + text + "\"";
}

void addSet(CLI::App& command, std::vector<std::string>& assignments) {
  command
      .add_option("--set", assignments,
                  "Change a field of the experiment: /training/seed=2 (any number of times)")
      ->type_name("/POINTER=VALUE")
      ->allow_extra_args(false);
}

}  // namespace anchorlens::ctl
