// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/command.h"
#include "app/anchorctl/report.h"
#include "app/anchorctl/text_table.h"
#include "engine/core/study.h"

#include <nlohmann/json.hpp>

#include <iostream>
#include <memory>

namespace anchorlens::ctl {
namespace {

struct Options {
  std::string name;
  bool json = false;
};

std::size_t countOf(const core::StudyAxis& axis) {
  return axis.values ? axis.values->size() : core::rangeValues(*axis.range, false).size();
}

int listStudies(bool json) {
  const std::vector<std::string> names = core::studyNames();
  if (json) {
    printJson(names);
    return kDone;
  }
  using Align = TextTable::Align;
  TextTable table({{"name", Align::Left}, {"runs", Align::Right}, {"varies", Align::Left}});
  for (const std::string& name : names) {
    const core::StudySpec study = core::parseStudy(core::studyText(name)).value();
    std::size_t runs = study.seeds ? study.seeds->list().size() : 1;
    std::string varies;
    for (const core::StudyAxis& axis : study.axes) {
      runs *= countOf(axis);
      varies += (varies.empty() ? "" : ", ") + axis.pointer;
    }
    table.addRow({name, withSpaces(static_cast<std::int64_t>(runs)), varies});
  }
  std::cout << table.text() << "\nanchorctl studies NAME prints the study file of one.\n";
  return kDone;
}

int runStudies(const Options& options) {
  if (options.name.empty()) {
    return listStudies(options.json);
  }
  const std::string_view text = core::studyText(options.name);
  if (text.empty()) {
    printError(options.name, "there is no study of that name; anchorctl studies lists them");
    return kBadInput;
  }
  std::cout << text;
  return kDone;
}

}  // namespace

void addStudies(CLI::App& program, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      addCommand(program, "studies", "List the studies that come with it, or print the file of one",
                 "anchorctl studies identity-size-fast > study.json");
  command->add_option("NAME", options->name, "A study");
  addJson(*command, options->json);
  command->callback([options, &action] { action = [options] { return runStudies(*options); }; });
}

}  // namespace anchorlens::ctl
