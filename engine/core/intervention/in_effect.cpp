// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/intervention.h"
#include "engine/core/intervention/text.h"

#include <algorithm>
#include <cmath>

namespace anchorlens::core {
namespace {

using Kind = Intervention::Kind;
using Target = Intervention::Target;

void insert(std::vector<HeadRef>& heads, const HeadRef& head) {
  const auto place = std::lower_bound(heads.begin(), heads.end(), head);
  if (place == heads.end() || *place != head) {
    heads.insert(place, head);
  }
}

void unclamp(InEffect& now, const HeadRef& head) {
  std::erase_if(now.clamped, [&](const InEffect::Clamped& it) { return it.head == head; });
}

void clamp(InEffect& now, const Intervention& change) {
  unclamp(now, change.head);
  const auto place =
      std::find_if(now.clamped.begin(), now.clamped.end(),
                   [&](const InEffect::Clamped& it) { return change.head < it.head; });
  now.clamped.insert(place,
                     {change.head, std::make_shared<const std::vector<float>>(change.pattern)});
}

void switchPart(InEffect& now, const Intervention& change) {
  const InEffect::Off part{change.part, change.layer};
  std::erase(now.off, part);
  if (!change.is_on) {
    now.off.push_back(part);
    std::sort(now.off.begin(), now.off.end(), [](const InEffect::Off& a, const InEffect::Off& b) {
      return std::pair(a.layer, a.part) < std::pair(b.layer, b.part);
    });
  }
}

void setNumber(InEffect::Number& number, const Intervention& change) {
  if (!change.is_factor) {
    number = {change.number, 1};
  } else if (number.value) {
    *number.value *= change.number;
  } else {
    number.factor *= change.number;
  }
}

void release(InEffect& now, const Intervention& change) {
  switch (change.released) {
    case Target::Head:
      std::erase(now.frozen, change.head);
      std::erase(now.ablated, change.head);
      unclamp(now, change.head);
      return;
    case Target::LearningRate:
      now.learning_rate = {};
      return;
    case Target::WeightDecay:
      now.weight_decay = {};
      return;
    case Target::Mixture:
      now.mixture.clear();
      return;
  }
}

std::string numberPhrase(const std::string& name, const InEffect::Number& number) {
  return number.value ? name + " " + shortNumber(*number.value)
                      : name + " ×" + shortNumber(number.factor);
}

}  // namespace

void apply(const Intervention& change, InEffect& now) {
  switch (change.kind) {
    case Kind::Freeze:
      insert(now.frozen, change.head);
      return;
    case Kind::Ablate:
      insert(now.ablated, change.head);
      return;
    case Kind::Clamp:
      clamp(now, change);
      return;
    case Kind::Switch:
      switchPart(now, change);
      return;
    case Kind::LearningRate:
      setNumber(now.learning_rate, change);
      return;
    case Kind::WeightDecay:
      setNumber(now.weight_decay, change);
      return;
    case Kind::Mixture:
      now.mixture = change.weights;
      return;
    case Kind::Release:
      release(now, change);
      return;
  }
}

std::int64_t patternSide(const std::vector<float>& pattern) {
  return std::lround(std::sqrt(static_cast<double>(pattern.size())));
}

InEffect inEffect(const std::vector<Intervention>& history, std::int64_t step) {
  InEffect now;
  for (const Intervention& change : history) {
    if (change.step < step) {
      apply(change, now);
    }
  }
  return now;
}

std::vector<std::string> inEffectPhrases(const InEffect& now) {
  std::vector<std::string> phrases;
  for (const HeadRef& head : now.frozen) {
    phrases.push_back(headName(head) + " frozen");
  }
  for (const HeadRef& head : now.ablated) {
    phrases.push_back(headName(head) + " ablated");
  }
  for (const InEffect::Clamped& it : now.clamped) {
    phrases.push_back(headName(it.head) + " clamped");
  }
  for (const InEffect::Off& part : now.off) {
    phrases.push_back(partName(part.part, part.layer) + " off");
  }
  if (!now.learning_rate.isUsual()) {
    phrases.push_back(numberPhrase("learning rate", now.learning_rate));
  }
  if (!now.weight_decay.isUsual()) {
    phrases.push_back(numberPhrase("weight decay", now.weight_decay));
  }
  if (!now.mixture.empty()) {
    phrases.push_back("mixture " + weightsText(now.mixture, " : "));
  }
  return phrases;
}

std::string inEffectText(const InEffect& now) {
  std::string text;
  for (const std::string& phrase : inEffectPhrases(now)) {
    text += (text.empty() ? "" : ", ") + phrase;
  }
  return text;
}

}  // namespace anchorlens::core
