// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace anchorlens::ctl {

/// What another program said and how it ended.
struct CommandOutput {
  bool is_missing = false;  ///< there is no such program in PATH
  int code = 0;             ///< exit code; 128 + signal when a signal ended it
  std::string text;         ///< standard output and standard error together
};

/// Runs a program of PATH without a shell and waits for it. `words`: its name and its arguments.
CommandOutput runCommand(std::vector<std::string> words);

}  // namespace anchorlens::ctl
