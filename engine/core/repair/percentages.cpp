// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/repair/percentages.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace anchorlens::core {
namespace {

/// Millionths of a percent: what the language can say.
constexpr std::int64_t kUnit = 1'000'000;
constexpr std::int64_t kWhole = 100 * kUnit;

struct Branch {
  std::int64_t units = -1;  ///< -1: no percentage
  std::string rest;         ///< behind the sign
};

std::vector<Branch> branchesOf(const std::string& text) {
  std::vector<Branch> branches;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('|', at), text.size());
    const std::string part = text.substr(at, end - at);
    const std::size_t first = part.find_first_not_of(" \t");
    Branch branch;
    const std::size_t sign = part.find('%');
    double percent = 0;
    if (first != part.npos && sign != part.npos) {
      const auto read = std::from_chars(part.data() + first, part.data() + sign, percent);
      if (read.ec == std::errc() && percent >= 0 && percent < 1e9) {
        branch.units = std::llround(percent * static_cast<double>(kUnit));
      }
    }
    branch.rest = branch.units < 0 ? part : part.substr(sign + 1);
    branches.push_back(std::move(branch));
    at = end + 1;
  }
  return branches;
}

std::string trimmed(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t");
  return first == text.npos ? "" : text.substr(first, text.find_last_not_of(" \t") + 1 - first);
}

std::string percentText(std::int64_t units) {
  std::string decimals = std::to_string(kUnit + units % kUnit).substr(1);
  decimals.erase(decimals.find_last_not_of('0') + 1);
  return std::to_string(units / kUnit) + (decimals.empty() ? "" : "." + decimals);
}

std::string joined(const std::vector<Branch>& branches) {
  std::string text;
  for (const Branch& branch : branches) {
    text += (text.empty() ? "" : " | ") + percentText(branch.units) + "% " + trimmed(branch.rest);
  }
  return text;
}

/// The last branch takes what rounding leaves.
std::vector<Branch> scaled(std::vector<Branch> branches, std::int64_t sum) {
  std::int64_t left = kWhole;
  for (Branch& branch : branches) {
    branch.units = std::llround(static_cast<double>(branch.units) * static_cast<double>(kWhole) /
                                static_cast<double>(sum));
    left -= branch.units;
  }
  branches.back().units += left;
  return branches;
}

}  // namespace

std::vector<TextRepair> percentageRepairs(const std::string& operation) {
  std::vector<Branch> branches = branchesOf(operation);
  std::vector<TextRepair> repairs;
  if (branches.size() < 2) {
    return {};
  }
  const std::size_t n_without = static_cast<std::size_t>(std::count_if(
      branches.begin(), branches.end(), [](const Branch& branch) { return branch.units < 0; }));
  std::int64_t sum = 0;
  for (const Branch& branch : branches) {
    sum += std::max<std::int64_t>(branch.units, 0);
  }
  if (n_without == branches.size()) {
    for (Branch& branch : branches) {
      branch.units = 1;
    }
    return {{"Equal shares", joined(scaled(branches, static_cast<std::int64_t>(branches.size())))}};
  }
  if (n_without == 1 && sum < kWhole) {
    for (Branch& branch : branches) {
      branch.units = branch.units < 0 ? kWhole - sum : branch.units;
    }
    return {{"Write " + percentText(kWhole - sum) + "%", joined(branches)}};
  }
  std::erase_if(branches, [](const Branch& branch) { return branch.units == 0; });
  if (n_without > 0 || sum <= 0 || branches.empty()) {
    return {};
  }
  repairs.push_back({"Scale to 100 %", joined(scaled(branches, sum))});
  const std::int64_t rest = kWhole - (sum - branches.back().units);
  if (rest > 0 && branches.size() > 1) {
    branches.back().units = rest;
    repairs.push_back({"Last " + percentText(rest) + " %", joined(branches)});
  }
  return repairs;
}

}  // namespace anchorlens::core
