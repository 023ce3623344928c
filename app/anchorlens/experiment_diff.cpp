// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/experiment_diff.h"

#include "engine/core/experiment_json.h"
#include "widgets/plain_number.h"

#include <nlohmann/json.hpp>

#include <QCoreApplication>

#include <array>
#include <string>
#include <utility>

namespace anchorlens::app {

namespace {

using Json = nlohmann::ordered_json;

QString tr(const char* text) {
  return QCoreApplication::translate("ExperimentDiff", text);
}

/// Short names of what is often changed; other fields go by their key.
QString shortName(const std::string& pointer) {
  static const std::array<std::pair<const char*, const char*>, 14> names{{
      {"/training/seed", QT_TRANSLATE_NOOP("ExperimentDiff", "seed")},
      {"/training/learning_rate", QT_TRANSLATE_NOOP("ExperimentDiff", "lr")},
      {"/training/weight_decay", QT_TRANSLATE_NOOP("ExperimentDiff", "weight decay")},
      {"/training/batch_size", QT_TRANSLATE_NOOP("ExperimentDiff", "batch")},
      {"/training/steps", QT_TRANSLATE_NOOP("ExperimentDiff", "steps")},
      {"/training/epochs", QT_TRANSLATE_NOOP("ExperimentDiff", "epochs")},
      {"/model/n_layers", QT_TRANSLATE_NOOP("ExperimentDiff", "layers")},
      {"/model/n_heads", QT_TRANSLATE_NOOP("ExperimentDiff", "heads")},
      {"/model/init/gamma", QT_TRANSLATE_NOOP("ExperimentDiff", "γ")},
      {"/data/seed", QT_TRANSLATE_NOOP("ExperimentDiff", "data seed")},
      {"/data/n_train", QT_TRANSLATE_NOOP("ExperimentDiff", "train")},
      {"/data/n_test", QT_TRANSLATE_NOOP("ExperimentDiff", "test")},
      {"/probe/seed", QT_TRANSLATE_NOOP("ExperimentDiff", "probe seed")},
      {"/task/d_vocab", QT_TRANSLATE_NOOP("ExperimentDiff", "vocabulary")},
  }};
  for (const auto& [known, name] : names) {
    if (pointer == known)
      return tr(name);
  }
  const std::string last = pointer.substr(pointer.rfind('/') + 1);
  return QString::fromStdString(last).replace(QLatin1Char('_'), QLatin1Char(' '));
}

QString valueText(const Json& value) {
  if (value.is_string())
    return QString::fromStdString(value.get<std::string>());
  if (value.is_null())
    return QStringLiteral("–");
  if (value.is_number_float())
    return widgets::formatFull(value.get<double>());
  return QString::fromStdString(value.dump());
}

void compare(const Json& before, const Json& after, const std::string& pointer,
             QStringList& parts) {
  if (before == after || pointer == "/name" || pointer == "/training/device" ||
      pointer == "/training/kernel")
    return;
  // A changed task is named once, by its pattern or as a whole, not field by field.
  if (pointer == "/task/forms") {
    if (before.size() == 1 && after.size() == 1) {
      parts.append(valueText(after[0]["pattern"]));
      return;
    }
    parts.append(tr("other patterns"));
    return;
  }
  if (before.is_object() && after.is_object()) {
    for (const auto& [key, value] : after.items()) {
      const Json missing;
      compare(before.contains(key) ? before[key] : missing, value, pointer + "/" + key, parts);
    }
    return;
  }
  if (before.is_structured() || after.is_structured()) {
    parts.append(tr("other %1").arg(shortName(pointer)));
    return;
  }
  parts.append(
      QStringLiteral("%1 %2 → %3").arg(shortName(pointer), valueText(before), valueText(after)));
}

}  // namespace

QStringList experimentDifferences(const core::ExperimentSpec& before,
                                  const core::ExperimentSpec& after) {
  QStringList parts;
  if (!(before == after)) {
    compare(Json::parse(core::writeExperiment(before)), Json::parse(core::writeExperiment(after)),
            {}, parts);
  }
  return parts;
}

QString experimentDifference(const core::ExperimentSpec& before,
                             const core::ExperimentSpec& after) {
  return experimentDifferences(before, after).join(QStringLiteral(", "));
}

}  // namespace anchorlens::app
