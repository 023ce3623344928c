// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/sample_files.h"

#include "engine/core/store/file_io.h"
#include "engine/core/task/sample_sink.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace anchorlens::core {
namespace {

constexpr std::int64_t kChunk = 4096;  ///< sequences between two looks at the stop token

/// Role and group names have no commas or quotes; a text that has is quoted all the same.
std::string csvField(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) {
    return text;
  }
  std::string quoted = "\"";
  for (const char c : text) {
    quoted += c == '"' ? "\"\"" : std::string(1, c);
  }
  return quoted + '"';
}

constexpr const char* kCsvHeader = "tokens,roles,target,answers,split,group,form,length\n";

std::string csvLine(const Task& task, const SequenceSet& set, std::size_t i) {
  std::string tokens;
  std::string roles;
  std::string answers;
  for (std::size_t at = 0; at < set.row(i).size(); ++at) {
    const char* space = at == 0 ? "" : " ";
    tokens += space + std::to_string(set.row(i)[at]);
    roles += space + task.roles()[set.rolesOf(i)[at]].name;
  }
  for (const Answer& answer : set.answersOf(i)) {
    answers += (answers.empty() ? "" : " ") + std::to_string(answer.token) + ":" +
               nlohmann::json(answer.p).dump();
  }
  const std::string group = task.groups()[static_cast<std::size_t>(set.groups[i])].name;
  return csvField(tokens) + "," + csvField(roles) + "," + std::to_string(set.targets[i]) + "," +
         csvField(answers) + "," + splitName(set.splits[i]) + "," + csvField(group) + "," +
         std::to_string(set.forms[i]) + "," + std::to_string(set.lengths[i]) + "\n";
}

std::string jsonLine(const Task& task, const SequenceSet& set, std::size_t i) {
  nlohmann::ordered_json json = sampleJson(task, set, i);
  json["answer"] = set.targets[i];
  return json.dump() + "\n";
}

class TextSink : public SampleSink {
 public:
  TextSink(const Task& task, AtomicFile file, SampleLine line)
      : m_task(task), m_file(std::move(file)), m_line(line) {}

  Expected<void, IoError> add(const SequenceSet& set) override {
    std::string text;
    for (std::size_t i = 0; i < set.size(); ++i) {
      text += m_line(m_task, set, i);
    }
    return m_file.write(text);
  }

  Expected<bool, IoError> finish(const std::stop_token& stop) override {
    if (stop.stop_requested()) {
      return false;
    }
    auto done = m_file.commit();
    return done ? Expected<bool, IoError>(true) : Unexpected(done.error());
  }

 private:
  const Task& m_task;
  AtomicFile m_file;
  SampleLine m_line;
};

OpenedSink openSink(const Task& task, SampleFormat format, const std::filesystem::path& file,
                    std::int64_t n) {
  switch (format) {
    case SampleFormat::Csv:
      return openText(task, file, kCsvHeader, csvLine);
    case SampleFormat::JsonLines:
      return openText(task, file, "", jsonLine);
    default:
      return openNpz(task, file, n);
  }
}

}  // namespace

OpenedSink openText(const Task& task, const std::filesystem::path& file, const std::string& header,
                    SampleLine line) {
  auto opened = AtomicFile::create(file);
  if (!opened) {
    return Unexpected(opened.error());
  }
  if (auto written = opened->write(header); !written) {
    return Unexpected(written.error());
  }
  return OpenedSink(std::make_unique<TextSink>(task, std::move(*opened), line));
}

std::optional<SampleFormat> sampleFormatOf(const std::filesystem::path& file) {
  const std::string end = file.extension().string();
  return end == ".csv"     ? std::optional(SampleFormat::Csv)
         : end == ".jsonl" ? std::optional(SampleFormat::JsonLines)
         : end == ".npz"   ? std::optional(SampleFormat::Npz)
                           : std::nullopt;
}

namespace {

/// One split of the request; false: stopped.
Expected<bool, IoError> drawInto(SampleSink& sink, const Task& task, const SampleRequest& request,
                                 Split split, const SampleProgress& progress,
                                 const std::stop_token& stop) {
  Random random(request.seed, request.stream);
  for (std::int64_t done = 0; done < request.n;) {
    if (stop.stop_requested()) {
      return false;
    }
    const std::int64_t now = std::min(kChunk, request.n - done);
    const SequenceSet set = task.draw(split, static_cast<std::size_t>(now), random);
    if (auto added = sink.add(set); !added) {
      return Unexpected(added.error());
    }
    done += now;
    progress(done);
  }
  return true;
}

}  // namespace

Expected<bool, IoError> writeSamples(const Task& task, const SampleRequest& request,
                                     SampleFormat format, const std::filesystem::path& file,
                                     const SampleProgress& progress, std::stop_token stop) {
  auto sink = openSink(task, format, file, request.total());
  if (!sink) {
    return Unexpected(sink.error());
  }
  std::int64_t before = 0;
  for (const Split split : request.splits) {
    const auto tell = [&](std::int64_t done) {
      if (progress) {
        progress(before + done);
      }
    };
    if (auto drawn = drawInto(**sink, task, request, split, tell, stop); !drawn || !*drawn) {
      return drawn;
    }
    before += request.n;
  }
  return (*sink)->finish(stop);
}

nlohmann::ordered_json sampleJson(const Task& task, const SequenceSet& set, std::size_t i) {
  nlohmann::ordered_json roles = nlohmann::ordered_json::array();
  for (const std::uint8_t role : set.rolesOf(i)) {
    roles.push_back(task.roles().at(role).name);
  }
  nlohmann::ordered_json target = nlohmann::ordered_json::array();
  for (const Answer& answer : set.answersOf(i)) {
    target.push_back({{"token", answer.token}, {"p", answer.p}});
  }
  const auto row = set.row(i);
  return {{"tokens", std::vector<std::int32_t>(row.begin(), row.end())},
          {"roles", roles},
          {"reader", set.lengths[i] - 1},
          {"target", target},
          {"form", set.forms[i]},
          {"split", splitName(set.splits[i])},
          {"group", task.groups().at(static_cast<std::size_t>(set.groups[i])).name}};
}

std::string splitName(Split split) {
  return split == Split::Train ? "train" : "test";
}

std::vector<Split> splitsOf(std::string_view name) {
  return name == "both"   ? std::vector{Split::Train, Split::Test}
         : name == "test" ? std::vector{Split::Test}
                          : std::vector{Split::Train};
}

}  // namespace anchorlens::core
