// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/slurm_script.h"

#include "app/anchorctl/report.h"
#include "engine/core/study.h"

#include <algorithm>
#include <charconv>

namespace anchorlens::ctl {
namespace {

/// All of the text as a number without a sign.
std::optional<std::int64_t> wholeNumber(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = error == std::errc() && end == text.data() + text.size() && number >= 0 &&
                         !text.empty() && text.front() != '-';
  return is_number ? std::optional(number) : std::nullopt;
}

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  for (std::size_t end = text.find(at); end != std::string_view::npos; end = text.find(at)) {
    parts.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  parts.push_back(text);
  return parts;
}

/// "1-4,7" of ascending numbers.
std::string rangesText(const std::vector<std::size_t>& numbers) {
  std::string text;
  for (std::size_t i = 0; i < numbers.size();) {
    std::size_t last = i;
    while (last + 1 < numbers.size() && numbers[last + 1] == numbers[last] + 1) {
      ++last;
    }
    text += (text.empty() ? "" : ",") + std::to_string(numbers[i]);
    text += last > i ? "-" + std::to_string(numbers[last]) : "";
    i = last + 1;
  }
  return text;
}

/// A value in an #SBATCH line; sbatch takes quotes and backslashes as a shell does.
std::string sbatchWord(const std::string& text) {
  const std::string word = shellWord(text);
  if (word == text) {
    return text;
  }
  std::string quoted = "\"";
  for (const char c : text) {
    quoted += c == '"' || c == '\\' ? std::string{'\\', c} : std::string(1, c);
  }
  return quoted + "\"";
}

/// In a file name of Slurm % begins a symbol.
std::string withoutSymbols(const std::string& text) {
  std::string plain;
  for (const char c : text) {
    plain += c == '%' ? "%%" : std::string(1, c);
  }
  return plain;
}

}  // namespace

std::string memberRanges(const std::vector<std::size_t>& members) {
  std::vector<std::size_t> numbers = members;
  std::for_each(numbers.begin(), numbers.end(), [](std::size_t& number) { ++number; });
  return rangesText(numbers);
}

std::optional<std::vector<std::size_t>> parseRanges(std::string_view text, std::size_t count) {
  std::vector<std::size_t> members;
  for (const std::string_view part : split(text, ',')) {
    const auto ends = split(part, '-');
    const auto first = wholeNumber(ends.front());
    const auto last = wholeNumber(ends.back());
    const bool is_range = ends.size() <= 2 && first && last && *first >= 1 && *first <= *last &&
                          static_cast<std::size_t>(*last) <= count;
    if (!is_range) {
      return std::nullopt;
    }
    for (auto number = *first; number <= *last; ++number) {
      members.push_back(static_cast<std::size_t>(number) - 1);
    }
  }
  std::sort(members.begin(), members.end());
  members.erase(std::unique(members.begin(), members.end()), members.end());
  return members;
}

std::vector<SlurmTask> slurmTasks(const std::vector<std::size_t>& members, int per_task,
                                  std::size_t max_array_size) {
  const std::size_t most = max_array_size - 1;  // the first index is 1, the last below the size
  const std::size_t size =
      std::max(static_cast<std::size_t>(per_task), (members.size() + most - 1) / most);
  const bool is_numbered = !members.empty() && members.back() + 1 <= most;
  std::vector<SlurmTask> tasks;
  for (std::size_t first = 0; first < members.size(); first += size) {
    const auto begin = members.begin() + static_cast<std::ptrdiff_t>(first);
    const std::size_t n = std::min(size, members.size() - first);
    tasks.push_back({is_numbered ? *begin + 1 : tasks.size() + 1,
                     {begin, begin + static_cast<std::ptrdiff_t>(n)}});
  }
  return tasks;
}

std::optional<std::int64_t> slurmSeconds(std::string_view text) {
  if (text == "UNLIMITED" || text == "INFINITE") {
    return 0;
  }
  const auto parts = split(text, '-');
  const bool has_days = parts.size() == 2;
  const auto days = has_days ? wholeNumber(parts[0]) : std::optional<std::int64_t>(0);
  const auto clock = split(parts.back(), ':');
  if (parts.size() > 2 || clock.size() > 3 || !days) {
    return std::nullopt;
  }
  // With days the first number is hours; of one or two numbers alone it is minutes.
  constexpr std::int64_t kHour = 3600;
  std::int64_t unit = has_days || clock.size() == 3 ? kHour : 60;
  std::int64_t seconds = *days * 24 * kHour;
  for (const std::string_view part : clock) {
    const auto number = wholeNumber(part);
    if (!number) {
      return std::nullopt;
    }
    seconds += *number * unit;
    unit /= 60;
  }
  return seconds;
}

std::string slurmScript(const SlurmScript& script, const SlurmRequest& request,
                        const std::vector<SlurmTask>& tasks) {
  std::vector<std::size_t> indices;
  for (const SlurmTask& task : tasks) {
    indices.push_back(task.index);
  }
  const std::string folder = script.folder.string();
  std::string text = "#!/bin/bash -l\n";
  const auto option = [&text](const std::string& name, const std::string& value) {
    text += value.empty() ? "" : "#SBATCH --" + name + "=" + sbatchWord(value) + "\n";
  };
  option("job-name", script.name);
  option("array", rangesText(indices));
  option("output", withoutSymbols(folder) + "/slurm/%A_%a.log");
  option("open-mode", "append");
  text += "#SBATCH --requeue\n";
  option("signal", "B:TERM@" + std::to_string(kSlurmSaveSeconds));
  option("nodes", "1");
  option("ntasks", "1");
  option("cpus-per-task", std::to_string(script.cpus));
  option("partition", request.partition);
  option("time", request.time);
  option("gres", request.gres);
  option("mem", request.mem);
  for (const std::string& further : request.sbatch) {
    text += "#SBATCH " + further + "\n";
  }
  text += "\n";
  for (const std::string& line : request.setup) {
    text += line + "\n";
  }
  text += "# The runs of each task of the array, by their numbers in the study.\n";
  for (const SlurmTask& task : tasks) {
    text += "runs[" + std::to_string(task.index) + "]=" + memberRanges(task.members) + "\n";
  }
  text += "# In the shell's place, so that Slurm's signals reach it: SIGTERM saves.\n";
  text += "exec " + shellWord(script.program.string()) + " sweep " +
          shellWord((script.folder / core::kStudyFile).string()) + " --out " + shellWord(folder) +
          " \\\n  --member \"${runs[SLURM_ARRAY_TASK_ID]}\" --jobs " + std::to_string(script.jobs) +
          (script.fleet ? " --fleet " + std::to_string(*script.fleet) : "") + " --shared\n";
  return text;
}

}  // namespace anchorlens::ctl
