// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/intervention.h"

#include <charconv>
#include <cmath>

namespace anchorlens::core {
namespace {

using Kind = Intervention::Kind;
using Part = Intervention::Part;
using Target = Intervention::Target;
using Parsed = Expected<Intervention, std::string>;

std::vector<std::string_view> wordsOf(std::string_view text) {
  std::vector<std::string_view> words;
  constexpr std::string_view kBlank = " \t";
  for (std::size_t at = text.find_first_not_of(kBlank); at != std::string_view::npos;) {
    const std::size_t end = text.find_first_of(kBlank, at);
    words.push_back(text.substr(at, end - at));
    at = text.find_first_not_of(kBlank, end);
  }
  return words;
}

std::string quoted(std::string_view text) {
  return "\"" + std::string(text) + "\"";
}

std::optional<double> numberOf(std::string_view text) {
  double number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_whole = read.ec == std::errc{} && read.ptr == text.data() + text.size();
  return is_whole && std::isfinite(number) ? std::optional(number) : std::nullopt;
}

std::optional<int> layerOf(std::string_view text) {
  int layer = -1;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), layer);
  const bool is_whole = read.ec == std::errc{} && read.ptr == text.data() + text.size();
  return is_whole && layer >= 0 ? std::optional(layer) : std::nullopt;
}

Parsed expected(std::string_view text, const std::string& what) {
  return Unexpected(quoted(text) + ": expected " + what + ".");
}

Parsed readHead(std::string_view text, std::string_view word, Kind kind) {
  Intervention change;
  change.kind = kind;
  const auto head = parseHead(word);
  if (!head) {
    return expected(text, "a head such as 1.0 (layer 1, head 0), got " + quoted(word));
  }
  change.head = *head;
  return change;
}

Parsed readNumber(std::string_view text, std::string_view word, Kind kind) {
  Intervention change;
  change.kind = kind;
  change.is_factor = !word.empty() && word.front() == 'x';
  const auto number = numberOf(change.is_factor ? word.substr(1) : word);
  if (!number) {
    return expected(text, "a number such as 1e-4, or a factor such as x0.5, got " + quoted(word));
  }
  change.number = *number;
  return change;
}

Parsed readMixture(std::string_view text, std::string_view word) {
  Intervention change;
  change.kind = Kind::Mixture;
  for (std::size_t at = 0; at <= word.size();) {
    const std::size_t end = std::min(word.find(',', at), word.size());
    const auto weight = numberOf(word.substr(at, end - at));
    if (!weight) {
      return expected(text, "weights such as 1,3, got " + quoted(word));
    }
    change.weights.push_back(*weight);
    at = end + 1;
  }
  return change;
}

Parsed readRelease(std::string_view text, std::string_view word) {
  Intervention change;
  change.kind = Kind::Release;
  if (word == "lr") {
    change.released = Target::LearningRate;
  } else if (word == "weight_decay") {
    change.released = Target::WeightDecay;
  } else if (word == "mixture") {
    change.released = Target::Mixture;
  } else if (const auto head = parseHead(word)) {
    change.head = *head;
  } else {
    return expected(text, "a head such as 1.0, lr, weight_decay or mixture, got " + quoted(word));
  }
  return change;
}

Parsed readSwitch(std::string_view text, const std::vector<std::string_view>& words) {
  Intervention change;
  change.kind = Kind::Switch;
  change.part = words[0] == "mlp" ? Part::Mlp : Part::Attention;
  const auto layer = words.size() == 3 ? layerOf(words[1]) : std::nullopt;
  if (!layer || (words[2] != "on" && words[2] != "off")) {
    return expected(text,
                    "a layer and off or on, such as " + quoted(std::string(words[0]) + " 1 off"));
  }
  change.layer = *layer;
  change.is_on = words[2] == "on";
  return change;
}

constexpr const char* kForms =
    "freeze 0.1, ablate 0.1, clamp 0.1, mlp 1 off, attention 1 off, lr 1e-4, lr x0.5, "
    "weight_decay 0.1, mixture 1,3, release 0.1, release lr";

}  // namespace

Parsed parseIntervention(std::string_view text) {
  const auto words = wordsOf(text);
  const std::string_view name = words.empty() ? std::string_view() : words[0];
  if (name == "mlp" || name == "attention") {
    return readSwitch(text, words);
  }
  if (words.size() == 2) {
    if (name == "freeze") {
      return readHead(text, words[1], Kind::Freeze);
    }
    if (name == "ablate") {
      return readHead(text, words[1], Kind::Ablate);
    }
    if (name == "clamp") {
      return readHead(text, words[1], Kind::Clamp);
    }
    if (name == "lr") {
      return readNumber(text, words[1], Kind::LearningRate);
    }
    if (name == "weight_decay") {
      return readNumber(text, words[1], Kind::WeightDecay);
    }
    if (name == "mixture") {
      return readMixture(text, words[1]);
    }
    if (name == "release") {
      return readRelease(text, words[1]);
    }
  }
  return Unexpected(quoted(text) + " is no change. Changes look like these: " + kForms + ".");
}

Parsed parseInterventionAt(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) {
    auto change = parseIntervention(text);
    if (change) {
      change->step = kNow;
    }
    return change;
  }
  const auto words = wordsOf(text.substr(0, colon));
  std::int64_t step = -1;
  if (words.size() == 1) {
    const char* end = words[0].data() + words[0].size();
    const auto read = std::from_chars(words[0].data(), end, step);
    step = read.ec == std::errc{} && read.ptr == end ? step : -1;
  }
  if (step < 0) {
    return expected(text, "a step from 0 before the colon, such as \"5000: ablate 1.0\"");
  }
  auto change = parseIntervention(text.substr(colon + 1));
  if (change) {
    change->step = step;
  }
  return change;
}

}  // namespace anchorlens::core
