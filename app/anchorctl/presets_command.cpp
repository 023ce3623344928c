// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/command.h"
#include "app/anchorctl/report.h"
#include "app/anchorctl/text_table.h"
#include "engine/core/experiment_json.h"

#include <nlohmann/json.hpp>

#include <iostream>
#include <memory>

namespace anchorlens::ctl {
namespace {

struct Options {
  std::string name;
  bool json = false;
};

std::string lengthsText(const std::vector<int>& lengths) {
  std::string text;
  for (const int length : lengths) {
    text += (text.empty() ? "" : ",") + std::to_string(length);
  }
  return text;
}

void addRows(TextTable& table, const std::vector<std::string>& names, const std::string& kind) {
  for (const std::string& name : names) {
    const core::ExperimentSpec spec = core::preset(name);
    std::string patterns;
    for (const core::FormSpec& form : spec.task.forms) {
      patterns += (patterns.empty() ? "" : "; ") + form.pattern;
    }
    table.addRow({name, kind, lengthsText(spec.task.seq_len), patterns});
  }
}

int listPresets(bool json) {
  if (json) {
    printJson(core::presetNames());
    return kDone;
  }
  using Align = TextTable::Align;
  TextTable table({{"name", Align::Left},
                   {"kind", Align::Left},
                   {"length", Align::Right},
                   {"pattern", Align::Left}});
  addRows(table, core::presetNames(), "preset");
  addRows(table, core::exampleNames(), "example");
  std::cout << table.text() << "\nanchorctl presets NAME prints the experiment file of one.\n";
  return kDone;
}

int runPresets(const Options& options) {
  if (options.name.empty()) {
    return listPresets(options.json);
  }
  const std::string_view text = core::presetText(options.name);
  if (text.empty()) {
    printError(options.name, "there is no preset of that name; anchorctl presets lists them");
    return kBadInput;
  }
  std::cout << core::writeExperiment(core::preset(options.name));
  return kDone;
}

}  // namespace

void addPresets(CLI::App& program, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      addCommand(program, "presets", "List the presets, or print the experiment file of one",
                 "anchorctl presets demo > demo.json");
  command->add_option("NAME", options->name, "A preset or example");
  addJson(*command, options->json);
  command->callback([options, &action] { action = [options] { return runPresets(*options); }; });
}

}  // namespace anchorlens::ctl
