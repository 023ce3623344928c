// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/intervention_file.h"

#include "engine/core/store/checkpoint.h"
#include "engine/core/store/file_io.h"
#include "engine/core/store/run_place.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace anchorlens::core {
namespace {

using Json = nlohmann::ordered_json;
using Why = std::optional<std::string>;

constexpr const char* kFormat = "anchorlens-interventions";
constexpr std::uintmax_t kLongest = std::uintmax_t{1} << 30;

Why whyNotFields(const Json& json, std::initializer_list<std::string_view> known) {
  if (!json.is_object()) {
    return "expected an object";
  }
  for (const auto& [key, value] : json.items()) {
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      return "there is no field \"" + key + "\"";
    }
  }
  return std::nullopt;
}

/// Row after row, a square.
Why readPattern(const Json& json, std::vector<float>& pattern) {
  const std::string expected = "\"pattern\": expected rows of numbers, as many as each is long";
  if (!json.is_array() || json.empty()) {
    return expected;
  }
  for (const Json& row : json) {
    if (!row.is_array() || row.size() != json.size()) {
      return expected;
    }
    for (const Json& cell : row) {
      if (!cell.is_number()) {
        return expected;
      }
      pattern.push_back(cell.get<float>());
    }
  }
  return std::nullopt;
}

Why readChange(const Json& json, Intervention& change) {
  if (auto why = whyNotFields(json, {"step", "change", "time", "pattern"})) {
    return why;
  }
  if (!json.contains("change") || !json["change"].is_string()) {
    return "\"change\": expected a text such as \"ablate 1.0\"";
  }
  auto parsed = parseIntervention(json["change"].get<std::string>());
  if (!parsed) {
    return "\"change\": " + parsed.error();
  }
  change = std::move(*parsed);
  const bool has_step = json.contains("step") && json["step"].is_number_integer();
  if (!has_step || json["step"].get<std::int64_t>() < 0) {
    return "\"step\": expected an integer from 0";
  }
  change.step = json["step"].get<std::int64_t>();
  if (!json.contains("time") || !json["time"].is_string()) {
    return "\"time\": expected a text such as \"2024-05-01T12:00:00Z\"";
  }
  change.time = json["time"].get<std::string>();
  if (!json.contains("pattern")) {
    return std::nullopt;
  }
  if (change.kind != Intervention::Kind::Clamp) {
    return "\"pattern\" belongs to a clamp";
  }
  return readPattern(json["pattern"], change.pattern);
}

Json patternJson(const std::vector<float>& pattern) {
  const auto n = static_cast<std::size_t>(patternSide(pattern));
  Json rows = Json::array();
  for (std::size_t row = 0; row < n; ++row) {
    const auto* first = pattern.data() + row * n;
    rows.push_back(std::vector<float>(first, first + n));
  }
  return rows;
}

}  // namespace

std::string interventionsJson(const std::vector<Intervention>& history) {
  std::string text =
      "{\"format\": \"" + std::string(kFormat) + "\", \"format_version\": 1, \"interventions\": [";
  const char* between = "\n";
  for (const Intervention& change : history) {
    Json json{{"step", change.step}, {"change", interventionText(change)}, {"time", change.time}};
    if (!change.pattern.empty()) {
      json["pattern"] = patternJson(change.pattern);
    }
    text += between + json.dump(-1, ' ', false, Json::error_handler_t::replace);
    between = ",\n";
  }
  return text + "\n]}\n";
}

Expected<std::vector<Intervention>, std::string> parseInterventions(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) {
    return Unexpected(std::string("This is no JSON."));
  }
  if (auto why = whyNotFields(json, {"format", "format_version", "interventions"})) {
    return Unexpected(*why + ".");
  }
  if (!json.contains("format") || json["format"] != kFormat) {
    return Unexpected("\"format\": expected \"" + std::string(kFormat) + "\".");
  }
  if (!json.contains("format_version") || json["format_version"] != 1) {
    return Unexpected(std::string("\"format_version\": expected 1. A newer Anchorlens wrote it."));
  }
  if (!json.contains("interventions") || !json["interventions"].is_array()) {
    return Unexpected(std::string("\"interventions\": expected a list."));
  }
  std::vector<Intervention> history;
  for (const Json& item : json["interventions"]) {
    Intervention change;
    if (const auto why = readChange(item, change)) {
      return Unexpected("/interventions/" + std::to_string(history.size()) + ": " + *why);
    }
    if (!history.empty() && history.back().step > change.step) {
      return Unexpected("/interventions/" + std::to_string(history.size()) +
                        ": its step is before that of the one above it.");
    }
    history.push_back(std::move(change));
  }
  return history;
}

Expected<std::vector<Intervention>, IoError> readInterventions(const std::filesystem::path& run) {
  const std::filesystem::path file = run / kInterventionsName;
  if (!isThere(file)) {
    return std::vector<Intervention>();
  }
  const auto failed = [&](const std::string& why) {
    return Unexpected(IoError{
        file.string(), "The changes that were made to this training cannot be read: " + why});
  };
  if (sizeOf(file) > kLongest) {
    return failed("the file is too long.");
  }
  std::ifstream in(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in) {
    return failed("the file cannot be read.");
  }
  auto history = parseInterventions(text);
  if (!history) {
    return failed(history.error());
  }
  return std::move(*history);
}

Expected<void, IoError> writeInterventions(const std::filesystem::path& run,
                                           const std::vector<Intervention>& history) {
  return writeFileAtomically(run / kInterventionsName, interventionsJson(history));
}

Expected<void, IoError> beginInterventions(const std::filesystem::path& run,
                                           const std::vector<Intervention>& history) {
  std::error_code error;
  if (history.empty()) {
    std::filesystem::remove(run / kInterventionsName, error);
    return {};
  }
  return writeInterventions(run, history);
}

}  // namespace anchorlens::core
