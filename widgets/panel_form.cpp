// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panel_form.h"

#include "widgets/panel_form_helpers.h"

namespace anchorlens::widgets {

QString formTabName(FormTab tab) {
  switch (tab) {
    case FormTab::Task:
      return form::tr("Task");
    case FormTab::Model:
      return form::tr("Model");
    case FormTab::Training:
      return form::tr("Training");
    case FormTab::Probe:
      return form::tr("Probe");
  }
  return {};
}

std::vector<FormItem> formItems(FormTab tab) {
  switch (tab) {
    case FormTab::Task:
      return form::taskItems();
    case FormTab::Model:
      return form::modelItems();
    case FormTab::Training:
      return form::trainingItems();
    case FormTab::Probe:
      return form::probeItems();
  }
  return {};
}

namespace form {

namespace {

using core::ExperimentSpec;
using core::ModelSpec;

bool isTransformer(const ExperimentSpec& e) {
  return e.model.kind == ModelSpec::Kind::Transformer;
}
bool usesNorm(const ExperimentSpec& e) {
  return e.model.kind != ModelSpec::Kind::Lstm;
}
bool isGamma(const ExperimentSpec& e) {
  return e.model.init.kind == core::InitSpec::Kind::Gamma;
}

FieldSpec transformerOnly(FieldSpec field) {
  field.applies = isTransformer;
  return field;
}
FieldSpec notLstm(FieldSpec field) {
  field.applies = usesNorm;
  return field;
}

std::vector<FormItem> shapeItems() {
  return {
      choiceField(
          QStringLiteral("/model/kind"), tr("Model"),
          {{QStringLiteral("transformer"), tr("Transformer")},
           {QStringLiteral("lstm"), tr("LSTM")},
           {QStringLiteral("mlp"), tr("MLP")}},
          [](auto& e) -> auto& { return e.model.kind; }),
      numberField(
          QStringLiteral("/model/n_layers"), tr("Layers"),
          [](auto& e) -> auto& { return e.model.n_layers; }),
      transformerOnly(numberField(
          QStringLiteral("/model/n_heads"), tr("Heads"),
          [](auto& e) -> auto& { return e.model.n_heads; })),
      numberField(
          QStringLiteral("/model/d_model"), tr("Model width"),
          [](auto& e) -> auto& { return e.model.d_model; }),
      transformerOnly(numberField(
          QStringLiteral("/model/d_head"), tr("Head width"),
          [](auto& e) -> auto& { return e.model.d_head; })),
      transformerOnly(numberField(
          QStringLiteral("/model/d_mlp"), tr("MLP width"),
          [](auto& e) -> auto& { return e.model.d_mlp; })),
      numberField(
          QStringLiteral("/task/d_vocab"), tr("Vocabulary"),
          [](auto& e) -> auto& { return e.task.d_vocab; }),
      transformerOnly(numberField(
          QStringLiteral("/model/n_ctx"), tr("Maximum length"),
          [](auto& e) -> auto& { return e.model.n_ctx; })),
  };
}

std::vector<FormItem> partItems() {
  return {
      FormTitle{tr("Parts")},
      notLstm(choiceField(
          QStringLiteral("/model/norm"), tr("Normalisation"),
          {{QStringLiteral("post"), tr("After")},
           {QStringLiteral("pre"), tr("Before")},
           {QStringLiteral("none"), tr("None")}},
          [](auto& e) -> auto& { return e.model.norm; })),
      transformerOnly(choiceField(
          QStringLiteral("/model/positions"), tr("Positions"),
          {{QStringLiteral("learned"), tr("Learned")},
           {QStringLiteral("sinusoidal"), tr("Sinusoidal")},
           {QStringLiteral("none"), tr("None")}},
          [](auto& e) -> auto& { return e.model.positions; })),
      notLstm(choiceField(
          QStringLiteral("/model/activation"), tr("Activation"),
          {{QStringLiteral("relu"), tr("ReLU")}, {QStringLiteral("gelu"), tr("GELU")}},
          [](auto& e) -> auto& { return e.model.activation; })),
      transformerOnly(choiceField(
          QStringLiteral("/model/mask"), tr("Mask"),
          {{QStringLiteral("causal"), tr("Causal")}, {QStringLiteral("none"), tr("None")}},
          [](auto& e) -> auto& { return e.model.mask; })),
      transformerOnly(switchField(
          QStringLiteral("/model/mlp"), tr("MLP"), [](auto& e) -> auto& { return e.model.mlp; })),
      transformerOnly(switchField(
          QStringLiteral("/model/residual"), tr("Residual connections"),
          [](auto& e) -> auto& { return e.model.residual; })),
      transformerOnly(switchField(
          QStringLiteral("/model/attention_output"), tr("Attention output projection"),
          [](auto& e) -> auto& { return e.model.attention_output; })),
      transformerOnly(switchField(
          QStringLiteral("/model/attention_biases"), tr("Biases in attention"),
          [](auto& e) -> auto& { return e.model.attention_biases; })),
      transformerOnly(switchField(
          QStringLiteral("/model/mlp_biases"), tr("Biases in the MLP"),
          [](auto& e) -> auto& { return e.model.mlp_biases; })),
      switchField(
          QStringLiteral("/model/unembedding_bias"), tr("Bias in the unembedding"),
          [](auto& e) -> auto& { return e.model.unembedding_bias; }),
      transformerOnly(with(numberField(
                               QStringLiteral("/model/shift_values_by"), tr("Shift values by"),
                               [](auto& e) -> auto& { return e.model.shift_values_by; }),
                           &FieldSpec::tip,
                           tr("The value at a position comes from so many positions before it"))),
  };
}

std::vector<FormItem> initItems() {
  FieldSpec gamma = numberField(
      QStringLiteral("/model/init/gamma"), tr("Scale γ"),
      [](auto& e) -> auto& { return e.model.init.gamma; });
  gamma.applies = isGamma;
  gamma.tip = tr("Standard deviation d_in^−γ of the weight matrices");
  FieldSpec groups = textField(
      QStringLiteral("/model/init/groups"), tr("γ of groups"),
      [](auto& e) -> auto& { return e.model.init.groups; }, parseExponents, formatExponents);
  groups.applies = isGamma;
  groups.placeholder = tr("as above, or qk: 0.8");
  groups.tip = tr("embedding, qk, vo, mlp, unembedding");
  return {
      FormTitle{tr("Initial weights")},
      choiceField(
          QStringLiteral("/model/init/kind"), tr("Initialisation"),
          {{QStringLiteral("pytorch"), tr("PyTorch's")}, {QStringLiteral("gamma"), tr("By γ")}},
          [](auto& e) -> auto& { return e.model.init.kind; }),
      gamma,
      groups,
      with(numberField(
               QStringLiteral("/training/seed"), tr("Seed"),
               [](auto& e) -> auto& { return e.training.seed; }),
           &FieldSpec::tip, tr("Initial weights and the order of training sequences")),
      FormSlot::Sizes,
  };
}

}  // namespace

std::vector<FormItem> modelItems() {
  std::vector<FormItem> items{FormSlot::Drawing};
  for (auto& more : {shapeItems(), partItems(), initItems()})
    items.insert(items.end(), more.begin(), more.end());
  return items;
}

std::vector<FormItem> probeItems() {
  FieldSpec sequences = textField(
      QStringLiteral("/probe/sequences"), tr("Sequences of your own"),
      [](auto& e) -> auto& { return e.probe.sequences; }, parseSequences, formatSequences);
  sequences.kind = FieldSpec::Kind::Text;
  sequences.wide = true;
  sequences.placeholder = tr("One a line: 55 70 58 3 51 76 79 22 29");
  sequences.tip = tr("They stand first among the stored sequences; the rest is drawn");
  return {
      with(numberField(
               QStringLiteral("/probe/size"), tr("Probe batch"),
               [](auto& e) -> auto& { return e.probe.size; }),
           &FieldSpec::tip, tr("Sequences on which heads are scored")),
      numberField(
          QStringLiteral("/probe/seed"), tr("Seed"), [](auto& e) -> auto& { return e.probe.seed; }),
      choiceField(
          QStringLiteral("/probe/split"), tr("Split"),
          {{QStringLiteral("test"), tr("Test (held out)")}, {QStringLiteral("train"), tr("Train")}},
          [](auto& e) -> auto& { return e.probe.split; }),
      with(numberField(
               QStringLiteral("/probe/shown"), tr("Stored sequences"),
               [](auto& e) -> auto& { return e.probe.shown; }),
           &FieldSpec::tip, tr("Sequences whose own attention every frame keeps")),
      sequences,
      FormSlot::ProbeRows,
      FormSlot::FrameCost,
  };
}

}  // namespace form

}  // namespace anchorlens::widgets
