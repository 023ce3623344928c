// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/slurm_jobs.h"

#include "engine/core/store/checkpoint.h"
#include "engine/core/store/run_place.h"

#include <nlohmann/json.hpp>

#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>

namespace anchorlens::ctl {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kFormat = "anchorlens-slurm-jobs";
constexpr int kVersion = 1;

fs::path fileIn(const fs::path& folder) {
  return folder / kSlurmFolder / "jobs.json";
}

/// Empty where the text is not what writeSlurmJobs writes.
std::optional<std::vector<SlurmJob>> parseJobs(std::string_view text, std::size_t members) {
  std::vector<SlurmJob> jobs;
  try {
    const Json document = Json::parse(text);
    if (document.at("format") != kFormat || document.at("format_version") != kVersion) {
      return std::nullopt;
    }
    for (const Json& job : document.at("jobs")) {
      SlurmJob& read = jobs.emplace_back();
      read.id = job.at("id").get<std::int64_t>();
      read.script = job.at("script").get<std::string>();
      read.submitted = job.at("submitted").get<std::string>();
      for (const auto& [index, ranges] : job.at("tasks").items()) {
        auto task_members = parseRanges(ranges.get<std::string>(), members);
        if (!task_members) {
          return std::nullopt;
        }
        read.tasks.push_back({std::stoul(index), std::move(*task_members)});
      }
    }
  } catch (const std::exception&) {  // of the JSON library, and of stoul
    return std::nullopt;
  }
  return jobs;
}

}  // namespace

core::Expected<std::vector<SlurmJob>, core::IoError> readSlurmJobs(const fs::path& folder,
                                                                   std::size_t members) {
  const fs::path file = fileIn(folder);
  if (!core::isThere(file)) {
    return std::vector<SlurmJob>();
  }
  std::ifstream in(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  auto jobs = parseJobs(text, members);
  if (!jobs) {
    return core::Unexpected(core::IoError{
        file.string(),
        "does not say which jobs were submitted; if no job of this study is in the queue, delete "
        "the file"});
  }
  return std::move(*jobs);
}

core::Expected<void, core::IoError> writeSlurmJobs(const fs::path& folder,
                                                   const std::vector<SlurmJob>& jobs) {
  Json list = Json::array();
  for (const SlurmJob& job : jobs) {
    Json tasks = Json::object();
    for (const SlurmTask& task : job.tasks) {
      tasks[std::to_string(task.index)] = memberRanges(task.members);
    }
    Json entry{{"id", job.id}, {"script", job.script}, {"submitted", job.submitted}};
    entry["tasks"] = std::move(tasks);
    list.push_back(std::move(entry));
  }
  Json document{{"format", kFormat}, {"format_version", kVersion}};
  document["jobs"] = std::move(list);
  return core::writeFileAtomically(fileIn(folder), document.dump(2) + "\n");
}

}  // namespace anchorlens::ctl
