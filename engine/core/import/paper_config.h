// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/expected.h"
#include "engine/core/experiment.h"
#include "engine/core/experiment/json_text.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// The config.json that the code of "Anchor function: a type of benchmark functions for studying
/// language models" (arXiv 2401.08309) writes beside its checkpoints.
namespace anchorlens::core {

struct PaperConfig {
  ExperimentSpec spec;
  std::string target;     ///< its name of the task
  bool has_task = false;  ///< that task is known here
  std::vector<std::string> notes;
};

/// Whether a JSON document is such a file.
bool looksLikePaperConfig(const Json& document);

/// Model, training and, for known targets, the task. The errors name the fields.
Expected<PaperConfig, SpecErrors> parsePaperConfig(std::string_view json_text,
                                                   const std::string& name);

/// Fields of such a document; what is missing or of the wrong type is an error.
class PaperFields {
 public:
  PaperFields(const Json& document, SpecErrors& errors) : m_document(document), m_errors(errors) {}
  int integer(const char* name, std::int64_t min, std::int64_t max);
  double number(const char* name, double otherwise);
  std::string text(const char* name, const std::string& otherwise);
  /// Whether a field, often a text, says yes.
  bool isSet(const char* name) const;
  const Json* list(const char* name) const;
  void fail(const std::string& name, const std::string& message);

 private:
  const Json& m_document;
  SpecErrors& m_errors;
};

/// Sets the task of a target, with its held-out rule; false when it is not known here.
bool setPaperTask(PaperFields& fields, const std::string& target, TaskSpec& task);
/// The known targets, for messages.
std::string paperTargets();

}  // namespace anchorlens::core
