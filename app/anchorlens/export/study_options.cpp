// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/export/study_options.h"

#include "app/anchorlens/export/export_text.h"
#include "app/anchorlens/export/view_options.h"
#include "app/anchorlens/places.h"
#include "engine/core/error_text.h"
#include "engine/core/study/member_text.h"

#include <nlohmann/json.hpp>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <utility>

namespace anchorlens::app {

namespace {

constexpr const char* kNoAxis = "none";
constexpr std::size_t kFirstSettings = 5;

core::Unexpected<QString> problem(const QString& text) {
  return core::Unexpected(text);
}

QString listed(const std::vector<std::string>& names) {
  QStringList list;
  for (const std::string& name : names)
    list << QString::fromStdString(name);
  return list.join(QStringLiteral(", "));
}

/// Index of a label, or of a value as people see it.
std::optional<std::size_t> indexOf(const std::vector<std::string>& names, const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? std::nullopt
                              : std::optional(static_cast<std::size_t>(found - names.begin()));
}

std::vector<std::string> valueTexts(const core::StudyPlan& plan, std::size_t axis) {
  std::vector<std::string> texts;
  for (const std::string& value : plan.values[axis])
    texts.push_back(core::valueText(value));
  return texts;
}

/// One line an error: file, pointer, column if there is one, message.
QString allErrors(const std::filesystem::path& file, const core::SpecErrors& errors) {
  const nlohmann::ordered_json document = core::documentIn(file);
  QStringList lines;
  for (const core::SpecError& error : errors) {
    QString line = toText(file) + QStringLiteral(": ");
    if (!error.pointer.empty())
      line += QString::fromStdString(error.pointer) + QStringLiteral(": ");
    lines << line + QString::fromStdString(core::messageWithColumn(error, document));
  }
  return lines.join(QLatin1Char('\n'));
}

/// Of the evaluations, as far as the runs came.
std::vector<std::string> groupNames(const core::StudyData& data) {
  std::vector<std::string> names;
  for (const core::StudyNumber& number : core::numbersOf(data)) {
    if (number.kind == core::StudyNumber::Kind::Accuracy)
      names.push_back(number.name);
  }
  return names;
}

/// The usual ones count where they are.
QString groupsProblem(const core::StudyData& data, const std::vector<std::string>& groups) {
  if (groups == StudyOptions().groups)
    return {};
  const auto names = groupNames(data);
  for (const std::string& group : groups) {
    if (!indexOf(names, group))
      return tr("--groups %1: the study has no such group; it has %2.")
          .arg(QString::fromStdString(group), listed(names));
  }
  return {};
}

using Axis = std::optional<std::size_t>;
core::Expected<Axis, QString> axisOf(const core::StudyPlan& plan, const std::string& label,
                                     std::size_t usual) {
  if (label == kNoAxis)
    return Axis();
  if (label.empty())
    return usual < plan.labels.size() ? Axis(usual) : Axis();
  const auto index = indexOf(plan.labels, label);
  if (!index)
    return problem(tr("The study has no axis %1; it has %2.")
                       .arg(QString::fromStdString(label), listed(plan.labels)));
  return Axis(*index);
}

core::Expected<std::pair<std::size_t, std::size_t>, QString> fixedOf(const core::StudyPlan& plan,
                                                                     const std::string& text) {
  const auto equals = text.find('=');
  const auto axis = indexOf(plan.labels, text.substr(0, equals));
  if (equals == std::string::npos || !axis)
    return problem(tr("%1: expected an axis and a value, such as %2=...")
                       .arg(QString::fromStdString(text), listed(plan.labels)));
  const auto values = valueTexts(plan, *axis);
  const auto value = indexOf(values, text.substr(equals + 1));
  if (!value)
    return problem(
        tr("%1: the axis has the values %2.").arg(QString::fromStdString(text), listed(values)));
  return std::pair(*axis, *value);
}

}  // namespace

Found<std::shared_ptr<const core::StudyData>> readStudyData(
    const std::filesystem::path& folder, const core::LabelThresholds& thresholds) {
  const std::filesystem::path file = folder / core::kStudyFile;
  std::error_code code;
  if (!std::filesystem::exists(file, code))
    return problem(tr("%1: no study's folder, it has no %2; expected a folder that anchorctl sweep "
                      "--out made.")
                       .arg(toText(folder), QString::fromLatin1(core::kStudyFile)));
  const auto error = [&file](const core::SpecErrors& errors) {
    return problem(allErrors(file, errors));
  };
  const auto study = core::readStudy(file);
  if (!study)
    return error(study.error());
  auto plan = core::planStudy(*study);
  if (!plan)
    return error(plan.error());
  core::StudyNumberReader reader(std::make_shared<const core::StudyPlan>(std::move(*plan)), folder);
  reader.setThresholds(thresholds);
  for (std::size_t i = 0; i < reader.data().runs.size(); ++i)
    reader.read(i);
  return std::make_shared<const core::StudyData>(reader.data());
}

void declareStudyOptions(ViewOptions& own, StudyOptions& o) {
  const std::string group = "Studies (views phase, study-curves and study-scores)";
  own.add({"phase"}, "--number", o.number, "what the cells show, such as 'accuracy Test'")
      ->group(group);
  own.add({"phase"}, "--x", o.x, "the axis to the right, or none")->group(group);
  own.add({"phase"}, "--y", o.y, "the axis upwards, or none")->group(group);
  own.add({"phase"}, "--fixed", o.fixed, "one value of another axis: AXIS=VALUE")
      ->allow_extra_args(false)
      ->group(group);
  own.add({"phase"}, "--grey-below", o.grey_below,
          "greys cells with a lower training accuracy (per cent; 0: none)")
      ->check(CLI::Range(0.0, 100.0))
      ->group(group);
  own.add({"study-curves", "study-scores"}, "--settings", o.settings,
          "settings by number from 1, of study-scores one")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->group(group);
  own.add({"study-curves"}, "--groups", o.groups,
          "groups by name; '': train, test and what is held out")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->group(group);
}

Found<StudyChoice> studyChoice(std::shared_ptr<const core::StudyData> data,
                               const StudyOptions& options, std::optional<std::int64_t> step) {
  const core::StudyPlan& plan = *data->plan;
  StudyChoice choice;
  choice.data = data;
  choice.phase.step = step;
  const auto x = axisOf(plan, options.x, 0);
  const auto y = axisOf(plan, options.y, 1);
  if (!x || !y)
    return problem(x ? y.error() : x.error());
  if (*x && *x == *y)
    return problem(tr("--x and --y are the same axis."));
  choice.phase.x = *x;
  choice.phase.y = *y;
  for (const std::string& text : options.fixed) {
    const auto fixed = fixedOf(plan, text);
    if (!fixed)
      return problem(fixed.error());
    choice.phase.fixed.push_back(*fixed);
  }
  const auto number = core::numberNamed(*data, options.number);
  if (!number) {
    std::vector<std::string> names;
    for (const core::StudyNumber& known : core::numbersOf(*data))
      names.push_back(core::numberName(known));
    if (names.empty())
      return problem(tr("No run of the study has numbers yet."));
    return problem(tr("The study has no number '%1'; it has: %2.")
                       .arg(QString::fromStdString(options.number), listed(names)));
  }
  choice.phase.number = *number;
  if (options.grey_below > 0)
    choice.phase.grey_below = options.grey_below / 100;
  for (const std::size_t setting : options.settings) {
    if (setting < 1 || setting > plan.settings.size())
      return problem(tr("--settings %1: the study has %2.").arg(setting).arg(plan.settings.size()));
    choice.curves.settings.push_back(setting - 1);
  }
  for (std::size_t i = 0; options.settings.empty() && i < plan.settings.size(); ++i) {
    if (i < kFirstSettings)
      choice.curves.settings.push_back(i);
  }
  choice.setting = choice.curves.settings.front();
  choice.curves.groups = options.groups;
  std::erase(choice.curves.groups, std::string());
  if (const QString why = groupsProblem(*data, choice.curves.groups); !why.isEmpty())
    return problem(why);
  return choice;
}

QStringList phaseWords(const StudyChoice& study) {
  const core::StudyPlan& plan = *study.data->plan;
  QStringList words;
  const auto add = [&words](const char* option, const std::string& value) {
    words << QString::fromLatin1(option) << QString::fromStdString(value);
  };
  const auto axis = [&](const char* option, const Axis& chosen, std::size_t usual) {
    const bool is_usual = chosen ? *chosen == usual : usual >= plan.labels.size();
    if (!is_usual)
      add(option, chosen ? plan.labels[*chosen] : kNoAxis);
  };
  add("--number", core::numberName(study.phase.number));
  axis("--x", study.phase.x, 0);
  axis("--y", study.phase.y, 1);
  for (const auto& [fixed, value] : study.phase.fixed)
    add("--fixed", plan.labels[fixed] + "=" + valueTexts(plan, fixed)[value]);
  if (study.phase.step)
    add("--at", std::to_string(*study.phase.step));
  const double grey = study.phase.grey_below.value_or(0) * 100;
  if (grey != StudyOptions().grey_below)
    words << QStringLiteral("--grey-below") << QString::number(grey);
  return words;
}

QStringList curveWords(const StudyChoice& study) {
  QStringList settings;
  for (const std::size_t setting : study.curves.settings)
    settings << QString::number(setting + 1);
  QStringList words{QStringLiteral("--settings"), settings.join(QLatin1Char(','))};
  if (study.curves.groups != StudyOptions().groups)
    words << QStringLiteral("--groups") << listed(study.curves.groups).replace(", ", ",");
  return words;
}

}  // namespace anchorlens::app
