// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panel_form.h"
#include "widgets/panel_form_helpers.h"

namespace anchorlens::widgets::form {

namespace {

using core::ExperimentSpec;
using core::TrainingSpec;

bool hasStop(const ExperimentSpec& e) {
  return e.training.stop_when.has_value();
}

/// The stop rule, or the default one while there is none (its fields are disabled then).
template <typename Member>
auto stopAt(Member core::StopRule::*member) {
  return [member](auto& e) -> auto& {
    if constexpr (std::is_const_v<std::remove_reference_t<decltype(e)>>) {
      static const core::StopRule kDefault;
      return e.training.stop_when ? (*e.training.stop_when).*member : kDefault.*member;
    } else {
      if (!e.training.stop_when)
        e.training.stop_when.emplace();
      return (*e.training.stop_when).*member;
    }
  };
}

FieldSpec stopField(FieldSpec field) {
  field.applies = hasStop;
  return field;
}

/// Setting one of steps and epochs empties the other.
FieldSpec lengthField(const QString& pointer, const QString& label,
                      std::optional<std::int64_t> TrainingSpec::*own,
                      std::optional<std::int64_t> TrainingSpec::*other) {
  FieldSpec field = optionalField(
      pointer, label, QStringLiteral("–"), [own](auto& e) -> auto& { return e.training.*own; });
  const auto set = field.set;
  field.set = [set, own, other](const QString& text, ExperimentSpec& e) {
    const QString problem = set(text, e);
    if (problem.isEmpty() && (e.training.*own).has_value())
      (e.training.*other).reset();
    return problem;
  };
  return field;
}

std::vector<FormItem> optimiserItems() {
  FieldSpec momentum = numberField(
      QStringLiteral("/training/momentum"), tr("Momentum"),
      [](auto& e) -> auto& { return e.training.momentum; });
  momentum.applies = [](const ExperimentSpec& e) {
    return e.training.optimizer == TrainingSpec::Optimizer::Sgd;
  };
  const auto is_adam = [](const ExperimentSpec& e) {
    return e.training.optimizer != TrainingSpec::Optimizer::Sgd;
  };
  FieldSpec betas = textField(
      QStringLiteral("/training/betas"), tr("Betas"),
      [](auto& e) -> auto& { return e.training.betas; }, parsePair, formatPair);
  betas.applies = is_adam;
  FieldSpec eps = numberField(
      QStringLiteral("/training/eps"), tr("Epsilon"),
      [](auto& e) -> auto& { return e.training.eps; });
  eps.applies = is_adam;
  return {
      choiceField(
          QStringLiteral("/training/optimizer"), tr("Optimiser"),
          {{QStringLiteral("sgd"), tr("SGD")},
           {QStringLiteral("adam"), tr("Adam")},
           {QStringLiteral("adamw"), tr("AdamW")}},
          [](auto& e) -> auto& { return e.training.optimizer; }),
      numberField(
          QStringLiteral("/training/learning_rate"), tr("Learning rate"),
          [](auto& e) -> auto& { return e.training.learning_rate; }),
      numberField(
          QStringLiteral("/training/weight_decay"), tr("Weight decay"),
          [](auto& e) -> auto& { return e.training.weight_decay; }),
      betas,
      eps,
      momentum,
      optionalField(
          QStringLiteral("/training/clip_norm"), tr("Gradient clip"), tr("off"),
          [](auto& e) -> auto& { return e.training.clip_norm; }),
      numberField(
          QStringLiteral("/training/batch_size"), tr("Batch"),
          [](auto& e) -> auto& { return e.training.batch_size; }),
      lengthField(QStringLiteral("/training/steps"), tr("Steps"), &TrainingSpec::steps,
                  &TrainingSpec::epochs),
      lengthField(QStringLiteral("/training/epochs"), tr("or epochs"), &TrainingSpec::epochs,
                  &TrainingSpec::steps),
      FormSlot::Speed,
  };
}

std::vector<FormItem> scheduleItems() {
  const auto is_cosine = [](const ExperimentSpec& e) {
    return e.training.schedule.kind == core::ScheduleSpec::Kind::WarmupCosine;
  };
  FieldSpec decay = numberField(
      QStringLiteral("/training/schedule/decay"), tr("Decay"),
      [](auto& e) -> auto& { return e.training.schedule.decay; });
  decay.applies = is_cosine;
  FieldSpec end = numberField(
      QStringLiteral("/training/schedule/end"), tr("End rate"),
      [](auto& e) -> auto& { return e.training.schedule.end; });
  end.applies = is_cosine;
  return {
      FormTitle{tr("Learning-rate schedule")},
      FormSlot::Schedule,
      choiceField(
          QStringLiteral("/training/schedule/kind"), tr("Schedule"),
          {{QStringLiteral("constant"), tr("Constant")},
           {QStringLiteral("warmup_cosine"), tr("Cosine")}},
          [](auto& e) -> auto& { return e.training.schedule.kind; }),
      choiceField(
          QStringLiteral("/training/schedule/unit"), tr("Counted in"),
          {{QStringLiteral("steps"), tr("Steps")}, {QStringLiteral("epochs"), tr("Epochs")}},
          [](auto& e) -> auto& { return e.training.schedule.unit; }),
      numberField(
          QStringLiteral("/training/schedule/warmup"), tr("Warm-up"),
          [](auto& e) -> auto& { return e.training.schedule.warmup; }),
      numberField(
          QStringLiteral("/training/schedule/start"), tr("Start rate"),
          [](auto& e) -> auto& { return e.training.schedule.start; }),
      decay,
      end,
  };
}

std::vector<FormItem> dataItems() {
  return {
      FormTitle{tr("Data")},
      choiceField(
          QStringLiteral("/data/mode"), tr("Training data"),
          {{QStringLiteral("fixed"), tr("Fixed set")},
           {QStringLiteral("streaming"), tr("Fresh every step")}},
          [](auto& e) -> auto& { return e.data.mode; }),
      numberField(
          QStringLiteral("/data/n_train"), tr("Train sequences"),
          [](auto& e) -> auto& { return e.data.n_train; }),
      numberField(
          QStringLiteral("/data/n_test"), tr("Test sequences"),
          [](auto& e) -> auto& { return e.data.n_test; }),
      numberField(
          QStringLiteral("/data/seed"), tr("Data seed"),
          [](auto& e) -> auto& { return e.data.seed; }),
  };
}

std::vector<FormItem> stopItems() {
  FieldSpec has_stop;
  has_stop.kind = FieldSpec::Kind::Switch;
  has_stop.pointer = QStringLiteral("/training/stop_when");
  has_stop.label = tr("End early");
  has_stop.get = [](const ExperimentSpec& e) {
    return QString::fromLatin1(hasStop(e) ? "true" : "false");
  };
  has_stop.set = [](const QString& text, ExperimentSpec& e) {
    if (text != QLatin1String("true"))
      e.training.stop_when.reset();
    else if (!e.training.stop_when)
      e.training.stop_when.emplace();
    return QString();
  };
  FieldSpec metric = stringField(QStringLiteral("/training/stop_when/metric"), tr("When"),
                                 stopAt(&core::StopRule::metric));
  metric.kind = FieldSpec::Kind::Choice;
  metric.choices = {{QStringLiteral("test_accuracy"), tr("Test accuracy")},
                    {QStringLiteral("train_accuracy"), tr("Train accuracy")}};
  return {
      FormTitle{tr("Stop condition")},
      has_stop,
      stopField(metric),
      stopField(numberField(QStringLiteral("/training/stop_when/at_least"), tr("Is at least"),
                            stopAt(&core::StopRule::at_least))),
      stopField(numberField(QStringLiteral("/training/stop_when/evaluations"), tr("Evaluations"),
                            stopAt(&core::StopRule::evaluations))),
  };
}

std::vector<FormItem> machineItems() {
  FieldSpec device = stringField(
      QStringLiteral("/training/device"), tr("Device"),
      [](auto& e) -> auto& { return e.training.device; });
  device.tip = tr("auto, cpu, cuda, cuda:N");
  FieldSpec kernel = stringField(
      QStringLiteral("/training/kernel"), tr("Kernel"),
      [](auto& e) -> auto& { return e.training.kernel; });
  kernel.tip = tr("auto, fast, fleet, autograd; auto takes the fastest that computes this model");
  return {
      FormTitle{tr("Machine")},
      device,
      with(numberField(
               QStringLiteral("/training/threads"), tr("Threads"),
               [](auto& e) -> auto& { return e.training.threads; }),
           &FieldSpec::tip,
           tr("The same number gives the same bits; small models are fastest with one")),
      with(choiceField(
               QStringLiteral("/training/precision"), tr("Precision"),
               {{QStringLiteral("float32"), tr("float32")},
                {QStringLiteral("bfloat16"), tr("bfloat16")},
                {QStringLiteral("tf32"), tr("tf32")}},
               [](auto& e) -> auto& { return e.training.precision; }),
           &FieldSpec::tip,
           tr("Of the factors of a step's products with weights; bfloat16 needs a processor with "
              "AVX512_BF16 or AMX-BF16, or a GPU of compute capability 8; tf32 needs such a GPU")),
      kernel,
  };
}

/// The two fields of one StepSchedule; `plural` as in "frames per decade".
std::vector<FormItem> stepsItems(const QString& name, const QString& label, const QString& plural,
                                 core::StepSchedule core::RecordSpec::*member) {
  const QString pointer = QStringLiteral("/record/") + name;
  FieldSpec per_decade = numberField(
      pointer + QStringLiteral("/per_decade"),
      tr("and per decade"), [member](auto& e) -> auto& { return (e.record.*member).per_decade; });
  per_decade.spoken = tr("%1 per decade").arg(plural);
  per_decade.tip = tr("Log-spaced steps in each factor of ten");
  return {
      optionalField(
          pointer + QStringLiteral("/every"), tr("%1 every").arg(label),
          tr("never"), [member](auto& e) -> auto& { return (e.record.*member).every; }),
      per_decade,
  };
}

std::vector<FormItem> recordItems() {
  std::vector<FormItem> items{FormTitle{tr("Record")}, FormSlot::Ticks, FormSlot::RunCost};
  const auto append = [&items](const std::vector<FormItem>& more) {
    items.insert(items.end(), more.begin(), more.end());
  };
  append(stepsItems(QStringLiteral("evaluate"), tr("Evaluate"), tr("Evaluations"),
                    &core::RecordSpec::evaluate));
  append(
      stepsItems(QStringLiteral("frames"), tr("Frame"), tr("Frames"), &core::RecordSpec::frames));
  append({
      with(numberField(
               QStringLiteral("/record/jump"), tr("Jump of a score"),
               [](auto& e) -> auto& { return e.record.jump; }),
           &FieldSpec::tip,
           tr("A change of this much between two frames makes frames denser; 0: off")),
      numberField(
          QStringLiteral("/record/jump_every"), tr("then every"),
          [](auto& e) -> auto& { return e.record.jump_every; }),
      numberField(
          QStringLiteral("/record/jump_frames"), tr("for frames"),
          [](auto& e) -> auto& { return e.record.jump_frames; }),
  });
  append(stepsItems(QStringLiteral("checkpoints"), tr("Checkpoint"), tr("Checkpoints"),
                    &core::RecordSpec::checkpoints));
  append({
      with(numberField(
               QStringLiteral("/record/checkpoint_seconds"), tr("at least every s"),
               [](auto& e) -> auto& { return e.record.checkpoint_seconds; }),
           &FieldSpec::tip, tr("Seconds of training that a crash can cost at most")),
      with(switchField(
               QStringLiteral("/record/keep_patterns"), tr("Attention, sequences"),
               [](auto& e) -> auto& { return e.record.keep_patterns; }),
           &FieldSpec::tip, tr("Frames keep the attention of each stored sequence")),
      with(switchField(
               QStringLiteral("/record/keep_mean_pattern"), tr("Attention, mean"),
               [](auto& e) -> auto& { return e.record.keep_mean_pattern; }),
           &FieldSpec::tip, tr("Frames keep the mean attention of the probe batch")),
      switchField(
          QStringLiteral("/record/keep_predictions"), tr("Predictions"),
          [](auto& e) -> auto& { return e.record.keep_predictions; }),
  });
  return items;
}

}  // namespace

std::vector<FormItem> trainingItems() {
  std::vector<FormItem> items = optimiserItems();
  for (const auto& more :
       {scheduleItems(), dataItems(), stopItems(), machineItems(), recordItems()})
    items.insert(items.end(), more.begin(), more.end());
  return items;
}

}  // namespace anchorlens::widgets::form
