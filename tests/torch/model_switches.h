// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/engine_fixtures.h"

#include <functional>
#include <utility>
#include <vector>

/// Every switch of the model, as rows of a test that holds one way to compute against another.
namespace anchorlens::test {

using Change = std::function<void(core::ExperimentSpec&)>;

inline const std::vector<std::pair<const char*, Change>>& switches() {
  static const std::vector<std::pair<const char*, Change>> kSwitches{
      {"as it is", [](auto&) {}},
      {"full mask", [](auto& e) { e.model.mask = core::ModelSpec::Mask::None; }},
      {"pre-LN", [](auto& e) { e.model.norm = core::ModelSpec::Norm::Pre; }},
      {"no LN", [](auto& e) { e.model.norm = core::ModelSpec::Norm::None; }},
      {"GELU", [](auto& e) { e.model.activation = core::ModelSpec::Activation::Gelu; }},
      {"sinusoids", [](auto& e) { e.model.positions = core::ModelSpec::Positions::Sinusoidal; }},
      {"no positions", [](auto& e) { e.model.positions = core::ModelSpec::Positions::None; }},
      {"no residual", [](auto& e) { e.model.residual = false; }},
      {"no MLP", [](auto& e) { e.model.mlp = false; }},
      {"no output projection", [](auto& e) { e.model.attention_output = false; }},
      {"attention biases", [](auto& e) { e.model.attention_biases = true; }},
      {"MLP biases", [](auto& e) { e.model.mlp_biases = true; }},
      {"no unembedding bias", [](auto& e) { e.model.unembedding_bias = false; }},
      {"small initial weights",
       [](auto& e) {
         e.model.init = {core::InitSpec::Kind::Gamma, 0.8, {}};
       }},
      {"shifted values", [](auto& e) { e.model.shift_values_by = 1; }},
      {"values shifted back", [](auto& e) { e.model.shift_values_by = -1; }},
      {"one layer", [](auto& e) { e.model.n_layers = 1; }},
      {"four layers", [](auto& e) { e.model.n_layers = 4; }},
      {"several lengths",
       [](auto& e) {
         e.task.seq_len = {5, 9};
       }},
      {"no clipping", [](auto& e) { e.training.clip_norm.reset(); }},
      {"streaming", [](auto& e) { e.data.mode = core::DataSpec::Mode::Streaming; }},
      {"stochastic", [](auto& e) { e.task = core::preset("statistical").task; }},
      // Few rows: each token is projected on its own.
      {"small batches", [](auto& e) { e.training.batch_size = 3; }},
      // More distinct tokens than are looked at.
      {"large vocabulary",
       [](auto& e) {
         e.task.d_vocab = 20'000;
         e.task.noise = e.task.keys["x"] = {{20, 15'000}};
       }},
      {"pre-LN, no residual, GELU, biases",
       [](auto& e) {
         e.model.norm = core::ModelSpec::Norm::Pre;
         e.model.residual = false;
         e.model.activation = core::ModelSpec::Activation::Gelu;
         e.model.attention_biases = e.model.mlp_biases = true;
       }},
      {"shifted, biases, several lengths, full mask",
       [](auto& e) {
         e.model.shift_values_by = 2;
         e.model.attention_biases = true;
         e.model.mask = core::ModelSpec::Mask::None;
         e.task.seq_len = {5, 9};
       }},
      {"shifted back, biases, several lengths",
       [](auto& e) {
         e.model.shift_values_by = -2;
         e.model.attention_biases = true;
         e.task.seq_len = {5, 9};
       }},
      {"one layer, full mask, shifted back, several lengths",
       [](auto& e) {
         e.model.n_layers = 1;
         e.model.mask = core::ModelSpec::Mask::None;
         e.model.shift_values_by = -1;
         e.task.seq_len = {5, 9};
       }},
      {"one layer, pre-LN, shifted, biases",
       [](auto& e) {
         e.model.n_layers = 1;
         e.model.norm = core::ModelSpec::Norm::Pre;
         e.model.shift_values_by = 1;
         e.model.attention_biases = true;
       }},
      {"no LN, no residual, no positions",
       [](auto& e) {
         e.model.norm = core::ModelSpec::Norm::None;
         e.model.residual = false;
         e.model.positions = core::ModelSpec::Positions::None;
       }},
  };
  return kSwitches;
}

inline void addSwitches() {
  QTest::addColumn<int>("index");
  for (std::size_t i = 0; i < switches().size(); ++i) {
    QTest::newRow(switches()[i].first) << static_cast<int>(i);
  }
}

/// The tiny experiment of the row.
inline core::ExperimentSpec changed() {
  core::ExperimentSpec spec = tinyExperiment();
  const int index = *static_cast<int*>(QTest::qData("index", qMetaTypeId<int>()));
  switches()[static_cast<std::size_t>(index)].second(spec);
  return spec;
}

}  // namespace anchorlens::test
