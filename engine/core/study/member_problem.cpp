// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/study/member_problem.h"

#include "engine/core/experiment/json_text.h"
#include "engine/core/store/checkpoint.h"
#include "engine/core/store/run_place.h"

#include <fstream>
#include <iterator>
#include <system_error>

namespace anchorlens::core {
namespace fs = std::filesystem;
namespace {

constexpr const char* kFormat = "anchorlens-problem";
constexpr int kVersion = 1;

fs::path fileOf(const fs::path& run) {
  return run.parent_path() / "problems" / (run.filename().string() + ".json");
}

}  // namespace

std::optional<MemberProblem> readProblem(const fs::path& run) {
  const fs::path file = fileOf(run);
  if (!isThere(file)) {
    return std::nullopt;
  }
  std::ifstream in(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  try {
    const Json json = Json::parse(text);
    if (json.at("format") != kFormat || json.at("format_version") != kVersion) {
      return std::nullopt;
    }
    return MemberProblem{json.at("problem").get<std::string>(), json.at("state").get<std::string>(),
                         json.at("step").get<std::int64_t>()};
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

Expected<void, IoError> writeProblem(const fs::path& run, const MemberProblem& problem) {
  const fs::path file = fileOf(run);
  std::error_code error;
  fs::create_directories(file.parent_path(), error);
  if (error) {
    return Unexpected(
        IoError{file.parent_path().string(), "the folder cannot be made: " + error.message()});
  }
  const Json json{{"format", kFormat},       {"format_version", kVersion},
                  {"state", problem.state},  {"step", problem.step},
                  {"problem", problem.text}, {"time", utcText(unixTime())}};
  // What a process has said may be no UTF-8.
  return writeFileAtomically(file, json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

void removeProblem(const fs::path& run) {
  std::error_code ignored;
  fs::remove(fileOf(run), ignored);
}

}  // namespace anchorlens::core
