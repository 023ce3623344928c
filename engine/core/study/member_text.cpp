// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/study/member_text.h"

#include <algorithm>
#include <cstddef>

namespace anchorlens::core {
namespace {

bool isDigit(char c) {
  return c >= '0' && c <= '9';
}

/// The last `steps` steps of a pointer with dots between them.
std::string lastSteps(std::string_view pointer, std::size_t steps) {
  std::size_t begin = pointer.size();
  for (std::size_t i = 0; i < steps && begin > 0; ++i)
    begin = pointer.rfind('/', begin - 1);
  std::string text(pointer.substr(begin + 1));
  std::replace(text.begin(), text.end(), '/', '.');
  return text;
}

std::size_t stepsOf(std::string_view pointer) {
  return static_cast<std::size_t>(std::count(pointer.begin(), pointer.end(), '/'));
}

std::string padded(std::size_t number, std::size_t largest) {
  std::string text = std::to_string(number);
  const std::size_t width = std::max<std::size_t>(2, std::to_string(largest).size());
  text.insert(0, width - text.size(), '0');
  return text;
}

void addPart(std::string& text, const std::string& part) {
  text += (text.empty() ? "" : ", ") + part;
}

std::string changeText(const std::string& label, const std::string& from, const std::string& to) {
  return label + " " + from + " → " + to;
}

}  // namespace

const Json* fieldAt(const Json& document, const std::string& pointer) {
  try {
    const Json::json_pointer place(pointer);
    return document.contains(place) ? &document.at(place) : nullptr;
  } catch (const Json::exception&) {
    return nullptr;  // "~" at an end, an index that is none
  }
}

std::vector<std::string> fieldLabels(const std::vector<StudyAxis>& axes,
                                     const std::vector<std::string>& taken) {
  std::vector<std::size_t> lengths(axes.size(), 1);
  std::vector<std::string> labels(axes.size());
  for (bool is_settled = false; !is_settled;) {
    for (std::size_t i = 0; i < axes.size(); ++i)
      labels[i] = lastSteps(axes[i].pointer, lengths[i]);
    is_settled = true;
    for (std::size_t i = 0; i < axes.size(); ++i) {
      const bool is_clear = !isDigit(labels[i][0]) &&
                            std::count(labels.begin(), labels.end(), labels[i]) == 1 &&
                            std::find(taken.begin(), taken.end(), labels[i]) == taken.end();
      if (is_clear || lengths[i] >= stepsOf(axes[i].pointer))
        continue;
      ++lengths[i];
      is_settled = false;
    }
  }
  return labels;
}

std::string cutText(std::string text, std::size_t bytes) {
  if (text.size() <= bytes)
    return text;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xc0) == 0x80)
    --bytes;  // not inside a UTF-8 sequence
  text.resize(bytes);
  return text;
}

std::string valueText(const std::string& json_text) {
  SpecErrors ignored;
  std::string text = shortText(readJson(json_text, ignored).value_or(json_text));
  if (text.front() == '"') {
    text.erase(0, 1);
    if (text.ends_with('"'))
      text.pop_back();
  }
  std::replace(text.begin(), text.end(), '\x7f', '?');
  return text;
}

std::string fileNamePart(std::string_view text) {
  constexpr std::size_t kLongest = 24;
  std::string name;
  for (const char c : text.substr(0, kLongest)) {
    const bool is_plain = isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          c == '.' || c == '+' || c == '_';
    name += is_plain ? c : '-';
  }
  return name;
}

std::string StudyPlan::settingText(std::size_t setting) const {
  std::string text;
  for (std::size_t i = 0; i < labels.size(); ++i)
    addPart(text, labels[i] + " " + valueText(values[i][settings[setting][i]]));
  return text;
}

StudyMember makeMember(const StudyPlan& plan, const Json& document, std::size_t index,
                       std::size_t count, std::size_t setting, std::optional<std::uint64_t> seed) {
  StudyMember member;
  member.setting = setting;
  member.seed = seed;
  member.folder = padded(index + 1, count);
  member.name = plan.study.base.name;
  for (std::size_t i = 0; i < plan.labels.size(); ++i) {
    const std::string& value = plan.values[i][plan.settings[setting][i]];
    member.folder += "_" + fileNamePart(plan.labels[i]) + "-" + fileNamePart(valueText(value));
    const Json* before = fieldAt(document, plan.study.axes[i].pointer);
    SpecErrors ignored;
    if (!before || *before != readJson(value, ignored)) {
      const std::string old = before ? valueText(before->dump()) : "none";
      addPart(member.differences, changeText(plan.labels[i], old, valueText(value)));
    }
  }
  const std::string setting_text = plan.settingText(setting);
  if (!setting_text.empty())
    addPart(member.name, setting_text);
  if (seed) {
    const ExperimentSpec& base = plan.study.base;
    const std::string text = std::to_string(*seed);
    const auto add = [&](const std::string& label, std::uint64_t old) {
      if (old != *seed)
        addPart(member.differences, changeText(label, std::to_string(old), text));
    };
    member.folder += "_seed-" + text;
    addPart(member.name, "seed " + text);
    add("seed", base.training.seed);
    if (plan.study.seeds->sets == StudySeeds::Sets::TrainingAndData)
      add("data.seed", base.data.seed);
  }
  member.name = cutText(std::move(member.name), 200);
  return member;
}

}  // namespace anchorlens::core
