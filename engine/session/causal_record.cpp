// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/causal_record.h"

#include "engine/core/store/checkpoint.h"
#include "engine/core/store/file_io.h"
#include "engine/session/version.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cmath>
#include <ctime>
#include <fcntl.h>
#include <fstream>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace anchorlens::engine {
namespace {

using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

constexpr const char* kFile = "causal_tests.jsonl";

std::string utcNow() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm parts{};
  gmtime_r(&now, &parts);
  std::array<char, 32> text{};
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return {text.data(), size};
}

Json numberOrNull(const std::optional<double>& value) {
  return value && std::isfinite(*value) ? Json(*value) : Json();
}

Json numbersJson(const CausalNumbers& numbers) {
  return {{"accuracy", numberOrNull(numbers.accuracy)},
          {"loss", numberOrNull(numbers.loss)},
          {"logit_difference", numberOrNull(numbers.logit_difference)}};
}

void addRow(Json& json, const CausalRow& row) {
  json["n"] = row.n;
  json["baseline"] = numbersJson(row.baseline);
  json["intervened"] = numbersJson(row.intervened);
  json["control"] = nullptr;
  if (row.control) {
    json["control"] = numbersJson(*row.control);
    json["control"]["accuracy_min"] = row.control_min;
    json["control"]["accuracy_max"] = row.control_max;
  }
  json["kept"] = numbersJson(row.kept);
  json["necessity"] = numberOrNull(row.necessity);
  json["control_necessity"] = numberOrNull(row.control_necessity);
  json["sufficiency"] = numberOrNull(row.sufficiency);
}

double numberIn(const Json& json) {
  return json.is_null() ? NAN : json.get<double>();
}

std::optional<double> optionalIn(const Json& json) {
  return json.is_null() ? std::nullopt : std::optional<double>(json.get<double>());
}

CausalNumbers numbersIn(const Json& json) {
  return {numberIn(json.at("accuracy")), numberIn(json.at("loss")),
          numberIn(json.at("logit_difference"))};
}

CausalRow rowIn(const Json& json, int group) {
  CausalRow row;
  row.group = group;
  row.n = json.at("n").get<std::int64_t>();
  row.baseline = numbersIn(json.at("baseline"));
  row.intervened = numbersIn(json.at("intervened"));
  row.kept = numbersIn(json.at("kept"));
  if (const Json& control = json.at("control"); !control.is_null()) {
    row.control = numbersIn(control);
    row.control_min = numberIn(control.at("accuracy_min"));
    row.control_max = numberIn(control.at("accuracy_max"));
  }
  row.necessity = optionalIn(json.at("necessity"));
  row.control_necessity = optionalIn(json.at("control_necessity"));
  row.sufficiency = optionalIn(json.at("sufficiency"));
  return row;
}

HeadMethod methodIn(const Json& json) {
  for (const HeadMethod method :
       {HeadMethod::Mean, HeadMethod::OtherSequence, HeadMethod::OtherStep}) {
    if (json.get<std::string>() == methodName(method)) {
      return method;
    }
  }
  return HeadMethod::Zero;
}

HeadRef headIn(const Json& json) {
  const auto text = json.get<std::string>();
  HeadRef head;
  const char* end = text.data() + text.size();
  const auto layer = std::from_chars(text.data(), end, head.layer);
  if (layer.ptr != end) {
    std::from_chars(layer.ptr + 1, end, head.head);
  }
  return head;
}

CausalRecord recordIn(const Json& json, const std::vector<core::GroupInfo>& groups) {
  CausalRecord record;
  record.time = json.at("time").get<std::string>();
  record.version = json.at("version").get<std::string>();
  record.commit = json.at("commit").get<std::string>();
  record.sequences = json.at("sequences").get<std::string>();
  CausalResult& result = record.result;
  result.step = json.at("step").get<std::int64_t>();
  result.name = json.at("name").get<std::string>();
  for (const Json& head : json.at("heads")) {
    result.heads.push_back(headIn(head));
  }
  result.edges = json.at("edges").get<std::vector<std::string>>();
  result.method = methodIn(json.at("method"));
  result.renormalise = json.at("renormalised").get<bool>();
  if (!json.at("from_step").is_null()) {
    result.from_step = json.at("from_step").get<std::int64_t>();
  }
  result.seed = json.at("seed").get<std::uint64_t>();
  result.chance = json.at("chance").get<double>();
  result.draws = json.at("draws").get<int>();
  result.no_control = json.at("no_control").get<std::string>();
  result.edges_per_sequence = json.at("edges_per_sequence").get<double>();
  result.mass = json.at("mass").get<double>();
  result.control_mass = json.at("control_mass").get<double>();
  result.all = rowIn(json, -1);
  for (const Json& row : json.at("groups")) {
    const auto name = row.at("name").get<std::string>();
    const auto found = std::find_if(groups.begin(), groups.end(),
                                    [&](const auto& group) { return group.name == name; });
    if (found != groups.end()) {
      result.groups.push_back(rowIn(row, static_cast<int>(found - groups.begin())));
    }
  }
  return record;
}

/// Whether a line tells of weights after a step. Not when it is no record.
bool isOfWeightsAfter(std::int64_t step, const std::string& line) {
  try {
    const CausalResult result = recordIn(Json::parse(line), {}).result;
    return std::max(result.step, result.from_step.value_or(result.step)) > step;
  } catch (const Json::exception&) {
    return false;
  }
}

/// Opens a run's file for its writers, one at a time. Who held it may have put another in its
/// place.
core::Expected<core::FileDescriptor, core::IoError> openLocked(const fs::path& path, int flags) {
  for (;;) {
    core::FileDescriptor file(::open(path.c_str(), flags | O_CLOEXEC, 0666));
    if (!file.isOpen()) {
      return core::Unexpected(core::systemError(path, "cannot be written", errno));
    }
    struct stat here {};
    if (flock(file.get(), LOCK_EX) != 0 || fstat(file.get(), &here) != 0) {
      return core::Unexpected(core::systemError(path, "cannot be locked", errno));
    }
    if (here.st_nlink > 0) {
      return file;
    }
  }
}

/// A writer that was killed may have left half a line.
bool endsInsideLine(int file) {
  const off_t size = lseek(file, 0, SEEK_END);
  char last = '\n';
  return size > 0 && pread(file, &last, 1, size - 1) == 1 && last != '\n';
}

}  // namespace

CausalRecord recordOf(const CausalResult& result, const std::string& sequences) {
  return {result, sequences, utcNow(), std::string(version()), std::string(commit())};
}

Json causalJson(const CausalRecord& record, const core::Task& task) {
  const CausalResult& result = record.result;
  Json json{{"step", result.step},
            {"name", result.name},
            {"heads", Json::array()},
            {"edges", result.edges},
            {"method", methodName(result.method)},
            {"renormalised", result.renormalise},
            {"from_step", result.from_step ? Json(*result.from_step) : Json()},
            {"sequences", record.sequences},
            {"seed", result.seed},
            {"chance", result.chance},
            {"draws", result.draws},
            {"no_control", result.no_control},
            {"edges_per_sequence", result.edges_per_sequence},
            {"mass", result.mass},
            {"control_mass", result.control_mass}};
  for (const HeadRef& head : result.heads) {
    json["heads"].push_back(headsText({head}));
  }
  addRow(json, result.all);
  json["groups"] = Json::array();
  for (const CausalRow& row : result.groups) {
    Json group{{"name", task.groups().at(static_cast<std::size_t>(row.group)).name}};
    addRow(group, row);
    json["groups"].push_back(std::move(group));
  }
  json["time"] = record.time;
  json["version"] = record.version;
  json["commit"] = record.commit;
  return json;
}

core::Expected<void, core::IoError> keepCausalTests(const fs::path& run,
                                                    const std::vector<CausalRecord>& records,
                                                    const core::Task& task) {
  const fs::path path = run / kFile;
  const auto failed = [&](const char* what) {
    return core::Unexpected(core::systemError(path, what, errno));
  };
  const auto opened = openLocked(path, O_RDWR | O_CREAT | O_APPEND);
  if (!opened) {
    return core::Unexpected(opened.error());
  }
  const core::FileDescriptor& file = *opened;
  std::string text = endsInsideLine(file.get()) ? "\n" : "";
  for (const CausalRecord& record : records) {
    text += causalJson(record, task).dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  }
  const off_t before = lseek(file.get(), 0, SEEK_END);
  if (errno = core::writeFault(path); errno != 0) {
    return failed("cannot be written");
  }
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t written = ::write(file.get(), text.data() + done, text.size() - done);
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written <= 0) {
      const auto error = failed("cannot be written");
      if (ftruncate(file.get(), before) != 0) {
        return error;  // half a line stays; readers skip it
      }
      return error;
    }
    done += static_cast<std::size_t>(written);
  }
  if (fdatasync(file.get()) != 0) {
    return failed("cannot be synced");
  }
  return before == 0 ? core::syncFolder(run) : core::Expected<void, core::IoError>();
}

core::Expected<void, core::IoError> forgetCausalTestsAfter(const fs::path& run, std::int64_t step) {
  const fs::path path = run / kFile;
  if (!fs::exists(path)) {
    return {};
  }
  const auto opened = openLocked(path, O_RDWR);  // stands until the new file is in its place
  if (!opened) {
    return core::Unexpected(opened.error());
  }
  std::string kept;
  bool is_other = false;
  std::ifstream lines(path);
  for (std::string line; std::getline(lines, line);) {
    const bool goes = isOfWeightsAfter(step, line);
    is_other = is_other || goes;
    kept += goes ? "" : line + "\n";
  }
  return is_other ? core::writeFileAtomically(path, kept) : core::Expected<void, core::IoError>();
}

bool isPlainTest(const CausalRecord& record, std::int64_t step, const HeadRef& head) {
  const CausalResult& result = record.result;
  return record.sequences == "probe" && result.step == step && result.heads == std::vector{head} &&
         result.method == HeadMethod::Zero && result.seed == CausalTest().seed &&
         result.draws <= CausalTest().draws;
}

bool showsNeed(const std::vector<CausalRecord>& records, std::int64_t step, const HeadRef& head) {
  constexpr double kNeeded = 0.5;
  return std::any_of(records.begin(), records.end(), [&](const CausalRecord& record) {
    const CausalResult& result = record.result;
    const auto& heads = result.heads;
    return result.step == step && result.all.necessity.value_or(0) >= kNeeded &&
           std::find(heads.begin(), heads.end(), head) != heads.end();
  });
}

std::vector<CausalRecord> readCausalTests(const fs::path& run,
                                          const std::vector<core::GroupInfo>& groups) {
  std::vector<CausalRecord> records;
  std::ifstream file(run / kFile);
  for (std::string line; std::getline(file, line);) {
    try {
      records.push_back(recordIn(Json::parse(line), groups));
    } catch (const Json::exception&) {
      continue;
    }
  }
  return records;
}

}  // namespace anchorlens::engine
