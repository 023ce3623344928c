// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/import/paper_config.h"

#include "engine/core/experiment/limits.h"

#include <cmath>
#include <utility>

namespace anchorlens::core {
namespace {

constexpr const char* kWarmupCosine = "GradualWarmupScheduler_CosineAnnealingLR";

void setModel(PaperFields& fields, PaperConfig& config) {
  ModelSpec& model = config.spec.model;
  model.n_layers = fields.integer("n_layers", 1, limits::kLayers);
  model.n_heads = fields.integer("n_heads", 1, limits::kHeads);
  model.d_model = fields.integer("d_model", 1, limits::kModelWidth);
  model.d_head = fields.integer("d_k", 1, limits::kHeadWidth);
  model.d_mlp = fields.integer("d_feedforward", 1, limits::kMlpWidth);
  model.n_ctx = fields.integer("max_pos", 1, limits::kLength);
  if (fields.integer("d_v", 1, limits::kHeadWidth) != model.d_head) {
    fields.fail("d_v",
                "differs from d_k; heads whose values have another width are not known here");
  }
  const std::string kind = fields.text("model", "GPT");
  if (kind == "GPT_lightly") {
    model.mask = ModelSpec::Mask::None;
    config.notes.emplace_back(
        "GPT_lightly is taken to be without a causal mask; its code has had several forms: --set "
        "/model/mask=causal, /model/residual=false and the like say otherwise.");
  } else if (kind != "GPT" && kind != "GPT_specific") {
    fields.fail("model", "is \"" + kind + "\"; GPT, GPT_specific and GPT_lightly can be imported");
  }
}

void setTraining(PaperFields& fields, PaperConfig& config) {
  using Optimizer = TrainingSpec::Optimizer;
  TrainingSpec& training = config.spec.training;
  training.batch_size = fields.integer("batch_size", 1, limits::kBatch);
  training.epochs = fields.integer("n_epoch", 1, 1'000'000);
  training.steps.reset();
  const std::string optimizer = fields.text("optim", "AdamW");
  training.optimizer = optimizer == "SGD"    ? Optimizer::Sgd
                       : optimizer == "Adam" ? Optimizer::Adam
                                             : Optimizer::AdamW;
  training.weight_decay =
      fields.number("weight_decay", training.optimizer == Optimizer::AdamW ? 0.01 : 0.0);
  const double rate = fields.number("lr", 1e-4);
  training.learning_rate = rate;
  training.clip_norm = fields.number("clip", 1.0);
  training.seed = static_cast<std::uint64_t>(fields.integer("seed", 0, limits::kToken));
  if (fields.text("scheduler", "") == kWarmupCosine) {
    // Warm-up to ten times the rate over 400 epochs, then 4000 epochs of a cosine to 2e-5.
    training.learning_rate = 10 * rate;
    training.schedule = {
        ScheduleSpec::Kind::WarmupCosine, ScheduleSpec::Unit::Epochs, 400, 4000, rate, 2e-5};
  }
}

void setData(PaperFields& fields, PaperConfig& config) {
  TaskSpec& task = config.spec.task;
  task.seq_len = {fields.integer("seq_len", 2, limits::kLength)};
  task.d_vocab = fields.integer("vocab_size", 2, limits::kVocabulary);
  task.noise = {{fields.integer("data_min", 0, limits::kToken),
                 fields.integer("data_max", 0, limits::kToken)}};
  config.spec.data.n_train = fields.integer("train_data_size", 1, limits::kSequences);
  config.spec.data.n_test = fields.integer("test_data_size", 1, limits::kSequences);
  config.spec.data.seed = config.spec.training.seed;
}

}  // namespace

int PaperFields::integer(const char* name, std::int64_t min, std::int64_t max) {
  const auto found = m_document.find(name);
  double value = std::nan("");
  if (found != m_document.end() && found->is_number()) {
    value = found->get<double>();
  } else if (found != m_document.end() && found->is_string()) {
    const Json parsed = Json::parse(found->get<std::string>(), nullptr, false);
    value = parsed.is_number() ? parsed.get<double>() : value;
  }
  if (value >= static_cast<double>(min) && value <= static_cast<double>(max) &&
      value == std::floor(value)) {
    return static_cast<int>(value);
  }
  fail(name, "expected an integer from " + std::to_string(min) + " to " + std::to_string(max) +
                 ", got " + (found == m_document.end() ? "nothing" : shortText(*found)));
  return static_cast<int>(min);
}

double PaperFields::number(const char* name, double otherwise) {
  const auto found = m_document.find(name);
  if (found == m_document.end()) {
    return otherwise;
  }
  if (found->is_number() && std::isfinite(found->get<double>())) {
    return found->get<double>();
  }
  fail(name, "expected a number, got " + shortText(*found));
  return otherwise;
}

std::string PaperFields::text(const char* name, const std::string& otherwise) {
  const auto found = m_document.find(name);
  if (found == m_document.end()) {
    return otherwise;
  }
  if (found->is_string()) {
    return found->get<std::string>();
  }
  fail(name, "expected a text, got " + shortText(*found));
  return otherwise;
}

bool PaperFields::isSet(const char* name) const {
  return m_document.contains(name) && !m_document.at(name).is_null();
}

const Json* PaperFields::list(const char* name) const {
  const auto found = m_document.find(name);
  return found != m_document.end() && found->is_array() ? &*found : nullptr;
}

void PaperFields::fail(const std::string& name, const std::string& message) {
  m_errors.push_back({"/" + name, message});
}

bool looksLikePaperConfig(const Json& document) {
  return document.is_object() && document.contains("d_feedforward") &&
         document.contains("vocab_size") && !document.contains("format");
}

Expected<PaperConfig, SpecErrors> parsePaperConfig(std::string_view json_text,
                                                   const std::string& name) {
  SpecErrors errors;
  const auto document = readJson(json_text, errors);
  if (!document || !errors.empty()) {
    return Unexpected(std::move(errors));
  }
  if (!looksLikePaperConfig(*document)) {
    return Unexpected(SpecErrors{
        {"", "expected the settings of the paper's code: vocab_size, d_feedforward and others"}});
  }
  PaperConfig config;
  config.spec.name = name;
  PaperFields fields(*document, errors);
  setModel(fields, config);
  setTraining(fields, config);
  setData(fields, config);
  config.target = fields.text("target", "");
  if (errors.empty()) {
    config.has_task = setPaperTask(fields, config.target, config.spec.task);
  }
  if (!errors.empty()) {
    return Unexpected(std::move(errors));
  }
  return config;
}

}  // namespace anchorlens::core
