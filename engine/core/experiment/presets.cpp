// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment/embedded_text.h"
#include "engine/core/experiment_json.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace anchorlens::core {
namespace {

std::vector<std::string> namesOf(std::span<const EmbeddedText> texts) {
  std::vector<std::string> names;
  for (const EmbeddedText& text : texts)
    names.emplace_back(text.name);
  return names;
}

}  // namespace

std::vector<std::string> presetNames() {
  return namesOf(embeddedPresets());
}

std::vector<std::string> exampleNames() {
  return namesOf(embeddedExamples());
}

std::string_view presetText(std::string_view name) {
  for (const auto texts : {embeddedPresets(), embeddedExamples()}) {
    for (const EmbeddedText& text : texts) {
      if (text.name == name)
        return text.text;
    }
  }
  return {};
}

ExperimentSpec withFastSettings(ExperimentSpec spec) {
  const ExperimentSpec demo = preset("demo");
  spec.model = demo.model;
  for (const int length : spec.task.seq_len)
    spec.model.n_ctx = std::max(spec.model.n_ctx, length);
  spec.data = demo.data;
  spec.training = demo.training;
  spec.record = demo.record;
  return spec;
}

ExperimentSpec preset(std::string_view name) {
  auto spec = parseExperiment(presetText(name));
  assert(spec);  // the name must exist, and a test parses every preset
  return std::move(spec).value();
}

}  // namespace anchorlens::core
