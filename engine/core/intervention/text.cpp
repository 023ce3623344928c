// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/intervention/text.h"

#include <array>
#include <charconv>

namespace anchorlens::core {

using Kind = Intervention::Kind;
using Target = Intervention::Target;

std::string shortNumber(double number) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  std::string digits(text.data(), end);
  // 1e-04 is written 1e-4.
  if (const auto at = digits.find('e'); at != std::string::npos && digits[at + 2] == '0') {
    digits.erase(at + 2, 1);
  }
  return digits;
}

std::string weightsText(const std::vector<double>& weights, const char* between) {
  std::string text;
  for (const double weight : weights) {
    text += (text.empty() ? "" : between) + shortNumber(weight);
  }
  return text;
}

std::string headName(const HeadRef& head) {
  return "L" + std::to_string(head.layer) + " H" + std::to_string(head.head);
}

std::string partName(Intervention::Part part, int layer) {
  return (part == Intervention::Part::Mlp ? "MLP of layer " : "Attention of layer ") +
         std::to_string(layer);
}

namespace {

std::string numberText(const Intervention& change) {
  return (change.is_factor ? "x" : "") + shortNumber(change.number);
}

std::string numberSentence(const std::string& name, const Intervention& change) {
  if (!change.is_factor) {
    return name + " set to " + shortNumber(change.number);
  }
  if (change.number == 0.5) {
    return name + " halved";
  }
  if (change.number == 2) {
    return name + " doubled";
  }
  return name + " multiplied by " + shortNumber(change.number);
}

std::string releaseText(const Intervention& change) {
  switch (change.released) {
    case Target::LearningRate:
      return "lr";
    case Target::WeightDecay:
      return "weight_decay";
    case Target::Mixture:
      return "mixture";
    case Target::Head:
      break;
  }
  return headText(change.head);
}

std::string releaseSentence(const Intervention& change) {
  switch (change.released) {
    case Target::LearningRate:
      return "Learning rate back on its schedule";
    case Target::WeightDecay:
      return "Weight decay back to the experiment's";
    case Target::Mixture:
      return "Mixture back to the experiment's";
    case Target::Head:
      break;
  }
  return headName(change.head) + " released";
}

}  // namespace

std::string interventionText(const Intervention& change) {
  switch (change.kind) {
    case Kind::Freeze:
      return "freeze " + headText(change.head);
    case Kind::Ablate:
      return "ablate " + headText(change.head);
    case Kind::Clamp:
      return "clamp " + headText(change.head);
    case Kind::Switch:
      return (change.part == Intervention::Part::Mlp ? "mlp " : "attention ") +
             std::to_string(change.layer) + (change.is_on ? " on" : " off");
    case Kind::LearningRate:
      return "lr " + numberText(change);
    case Kind::WeightDecay:
      return "weight_decay " + numberText(change);
    case Kind::Mixture:
      return "mixture " + weightsText(change.weights, ",");
    case Kind::Release:
      return "release " + releaseText(change);
  }
  return {};
}

std::string interventionSentence(const Intervention& change) {
  switch (change.kind) {
    case Kind::Freeze:
      return headName(change.head) + " frozen";
    case Kind::Ablate:
      return headName(change.head) + " ablated";
    case Kind::Clamp:
      return headName(change.head) + " clamped to its mean pattern";
    case Kind::Switch:
      return partName(change.part, change.layer) +
             (change.is_on ? " switched on" : " switched off");
    case Kind::LearningRate:
      return numberSentence("Learning rate", change);
    case Kind::WeightDecay:
      return numberSentence("Weight decay", change);
    case Kind::Mixture:
      return "Mixture set to " + weightsText(change.weights, " : ");
    case Kind::Release:
      return releaseSentence(change);
  }
  return {};
}

}  // namespace anchorlens::core
