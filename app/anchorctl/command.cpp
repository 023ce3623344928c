// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/command.h"

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

void addSet(CLI::App& command, std::vector<std::string>& assignments) {
  command
      .add_option("--set", assignments,
                  "Change a field of the experiment: /training/seed=2 (any number of times)")
      ->type_name("/POINTER=VALUE")
      ->allow_extra_args(false);
}

}  // namespace anchorlens::ctl
