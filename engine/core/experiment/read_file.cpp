// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment/document.h"
#include "engine/core/experiment/json_text.h"
#include "engine/core/experiment_json.h"

#include <cerrno>
#include <fstream>
#include <string>
#include <system_error>
#include <utility>

namespace anchorlens::core {
namespace {

SpecErrors fileError(const std::string& message) {
  return {{"", message}};
}

}  // namespace

Expected<std::string, SpecErrors> readDocumentText(const std::filesystem::path& file,
                                                   const std::string& expected) {
  std::error_code code;
  if (std::filesystem::is_directory(file, code))
    return Unexpected(fileError("this is a folder; expected " + expected));
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  if (!stream)
    return Unexpected(fileError("cannot be opened: " + std::generic_category().message(errno)));
  // One byte more than is allowed, to see that the file is too large; pipes and devices, which have
  // no size, are bounded in the same way.
  std::string text(kMaxJsonBytes + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (stream.bad())
    return Unexpected(fileError("cannot be read: " + std::generic_category().message(errno)));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  if (text.size() > kMaxJsonBytes) {
    return Unexpected(fileError("the file is larger than " + std::to_string(kMaxJsonBytes) +
                                " bytes, the most that is read"));
  }
  return text;
}

namespace {
constexpr const char* kExpected = "an experiment file (of a run: its experiment.json)";
}  // namespace

Expected<ExperimentSpec, SpecErrors> readExperiment(const std::filesystem::path& file) {
  const auto text = readDocumentText(file, kExpected);
  if (!text)
    return Unexpected(text.error());
  return parseExperiment(*text);
}

Expected<ExperimentSpec, SpecErrors> readDraft(const std::filesystem::path& file) {
  const auto text = readDocumentText(file, kExpected);
  if (!text)
    return Unexpected(text.error());
  return parseDraft(*text);
}

}  // namespace anchorlens::core
