// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/report.h"

#include "app/anchorctl/command.h"
#include "app/anchorctl/text_table.h"
#include "engine/core/error_text.h"
#include "engine/core/task/sample_files.h"

#include <nlohmann/json.hpp>

#include <array>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <sstream>

namespace anchorlens::ctl {

void printError(const std::string& place, const std::string& message) {
  std::istringstream lines(message);
  std::string line;
  while (std::getline(lines, line)) {
    const bool is_named = place.empty() || line.starts_with(place + ": ");
    std::cerr << (is_named ? "" : place + ": ") << line << "\n";
  }
}

void printErrors(const std::string& place, const core::SpecErrors& errors,
                 const nlohmann::ordered_json& document) {
  for (const core::SpecError& error : errors) {
    printError(error.pointer.empty() ? place : place + ": " + error.pointer,
               core::messageWithColumn(error, document));
  }
}

void printErrors(const std::string& file, const core::SpecErrors& errors) {
  printErrors(file, errors, core::documentIn(file));
}

int exitCode(const engine::EngineError& error) {
  return error.cause == engine::EngineError::Cause::Other ? kBadInput : kFailed;
}

void printJson(const nlohmann::ordered_json& value) {
  // Replaces what is not UTF-8 in a file's name: the output stays JSON.
  std::cout << value.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << "\n";
}

nlohmann::ordered_json jsonNumber(double value) {
  return std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json();
}

nlohmann::ordered_json metricsJson(const core::Metrics& metrics, const core::Task& task) {
  nlohmann::ordered_json json;
  json["step"] = metrics.step;
  json["train_accuracy"] = jsonNumber(metrics.train_accuracy);
  json["test_accuracy"] = jsonNumber(metrics.test_accuracy);
  json["train_loss"] = jsonNumber(metrics.train_loss);
  json["test_loss"] = jsonNumber(metrics.test_loss);
  json["groups"] = nlohmann::ordered_json::array();
  for (const core::GroupMetrics& group : metrics.groups) {
    const core::GroupInfo& info = task.groups().at(static_cast<std::size_t>(group.group));
    json["groups"].push_back({{"name", info.name},
                              {"split", core::splitName(info.split)},
                              {"n", group.n},
                              {"accuracy", jsonNumber(group.accuracy)},
                              {"loss", jsonNumber(group.loss)}});
  }
  return json;
}

std::string metricsTable(const core::Metrics& metrics, const core::Task& task) {
  using Align = TextTable::Align;
  TextTable table({{"group", Align::Left},
                   {"split", Align::Left},
                   {"n", Align::Right},
                   {"accuracy", Align::Right},
                   {"loss", Align::Right}});
  for (const core::GroupMetrics& group : metrics.groups) {
    const core::GroupInfo& info = task.groups().at(static_cast<std::size_t>(group.group));
    table.addRow({info.name, core::splitName(info.split), withSpaces(group.n),
                  fixed(group.accuracy, 4), fixed(group.loss, 4)});
  }
  table.addRule();
  table.addRow(
      {"train accuracy", "", "", fixed(metrics.train_accuracy, 4), fixed(metrics.train_loss, 4)});
  table.addRow(
      {"test accuracy", "", "", fixed(metrics.test_accuracy, 4), fixed(metrics.test_loss, 4)});
  return table.text();
}

std::string fixed(double value, int digits) {
  if (!std::isfinite(value)) {
    return "-";
  }
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.*f", digits, value);
  return text.data();
}

std::string withSpaces(std::int64_t number) {
  std::string text = std::to_string(number);
  const std::ptrdiff_t first = number < 0 ? 1 : 0;
  for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > first; at -= 3) {
    text.insert(static_cast<std::size_t>(at), 1, ' ');
  }
  return text;
}

std::string shellWord(const std::string& text) {
  const bool is_plain = !text.empty() && text.find_first_not_of(
                                             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                             "0123456789_-./=:,@%+") == std::string::npos;
  if (is_plain) {
    return text;
  }
  std::string quoted = "'";
  for (const char c : text) {
    quoted += c == '\'' ? "'\\''" : std::string(1, c);
  }
  return quoted + "'";
}

}  // namespace anchorlens::ctl
