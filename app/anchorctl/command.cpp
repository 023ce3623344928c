// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/command.h"

#include <charconv>
#include <cstdint>
#include <limits>
#include <system_error>

namespace anchorlens::ctl {
namespace {

/// Whether `text` is such an integer; it is written anew then, without zeros before it.
bool readDecimal(std::string& text, std::int64_t from, std::int64_t to) {
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (parsed.ec != std::errc() || parsed.ptr != end || value < from || value > to) {
    return false;
  }
  text = std::to_string(value);
  return true;
}

}  // namespace

CLI::App* addCommand(CLI::App& program, const std::string& name, const std::string& description,
                     const std::string& example) {
  CLI::App* command = program.add_subcommand(name, description);
  command->footer("Example:\n  " + example);
  return command;
}

void addJson(CLI::App& command, bool& json) {
  command.add_flag("--json", json, "Print one JSON value and nothing else");
}

CLI::Validator decimal(std::int64_t from, std::int64_t to) {
  const std::string first = std::to_string(from);
  const std::string last = std::to_string(to);
  return {[=](std::string& text) {
            return readDecimal(text, from, to) ? ""
                                               : "expected an integer from " + first + " to " +
                                                     last + ", got \"" + text + "\"";
          },
          "INT in [" + first + " - " + last + "]"};
}

CLI::Validator decimalStep() {
  return {[](std::string& text) {
            return readDecimal(text, 0, std::numeric_limits<std::int64_t>::max())
                       ? ""
                       : "expected a step, an integer from 0, got \"" + text + "\"";
          },
          ""};
}

void addSet(CLI::App& command, std::vector<std::string>& assignments) {
  command
      .add_option("--set", assignments,
                  "Change a field of the experiment: /training/seed=2 (any number of times)")
      ->type_name("/POINTER=VALUE")
      ->allow_extra_args(false);
}

}  // namespace anchorlens::ctl
