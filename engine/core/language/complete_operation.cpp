// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/language/complete.h"
#include "engine/core/language/print_number.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <system_error>
#include <utility>

namespace anchorlens::core {
namespace {

struct Candidate {
  std::string text;
  std::string note;
};
using Candidates = std::vector<Candidate>;

constexpr std::string_view kSpaces = " \t\r\n";

std::string_view withoutSpaces(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kSpaces);
  if (begin == text.npos)
    return {};
  return text.substr(begin, text.find_last_not_of(kSpaces) + 1 - begin);
}

bool isDigit(char c) {
  return c >= '0' && c <= '9';
}

bool isWordChar(char c) {
  return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// The number before the first %; empty when there is none.
std::optional<double> percentOf(std::string_view branch) {
  const std::size_t sign = branch.find('%');
  if (sign == branch.npos)
    return std::nullopt;
  const std::string_view number = withoutSpaces(branch.substr(0, sign));
  double percent = 0;
  const auto read = std::from_chars(number.data(), number.data() + number.size(), percent);
  const bool is_number = read.ec == std::errc() && read.ptr == number.data() + number.size();
  return is_number && percent > 0 ? std::optional(percent) : std::nullopt;
}

/// What the percentages of `text` leave of 100; empty when one is missing or nothing is left.
std::optional<double> restOf(std::string_view text) {
  double rest = 100;
  while (!text.empty()) {
    const std::size_t bar = text.find('|');
    const auto percent = percentOf(text.substr(0, bar));
    if (!percent)
      return std::nullopt;
    rest -= *percent;
    text = bar == text.npos ? std::string_view() : text.substr(bar + 1);
  }
  return rest > 0 && rest < 100 ? std::optional(rest) : std::nullopt;
}

/// What may follow a branch, or its percentage, or a bar.
Candidate restBranch(const std::string& part, double rest) {
  const char* between = part.empty()           ? ""
                        : part.ends_with('%')  ? " x | "
                        : part.ends_with("% ") ? "x | "
                        : part.ends_with(' ')  ? "| "
                                               : " | ";
  return {part + between + language::printPercent(rest) + "% x+1", "the rest of 100 %"};
}

Candidates wholeOperations(const std::vector<int>& anchor_tokens) {
  Candidates all{
      {"x+1", "adds a number"},
      {"x-1", "subtracts a number"},
      {"x*2", "multiplies by a number"},
      {"x mod 10", "the rest of dividing by 10: 0 to 9"},
      {"80% x | 20% x+1", "a random answer, drawn anew at every visit"},
      {"table 7", "learned by heart: drawn once from the seed 7"},
  };
  for (const int token : anchor_tokens) {
    const std::string name = std::to_string(token);
    all.push_back({"same as " + name, "does what anchor " + name + " does"});
  }
  all.push_back({"min(x, y)", "the smaller of two keys"});
  all.push_back({"max(x, y)", "the larger of two keys"});
  all.push_back({"abs(x-y)", "how far two keys are apart"});
  return all;
}

Candidates words() {
  return {{"mod 10", "the rest of dividing by 10: 0 to 9"},
          {"min(x, y)", "the smaller of two keys"},
          {"max(x, y)", "the larger of two keys"},
          {"abs(x-y)", "how far two keys are apart"}};
}

/// Those that begin with text[begin, end) and are longer.
Completions matching(std::string_view text, std::size_t begin, std::size_t end,
                     const Candidates& candidates) {
  Completions result;
  result.replaced = {static_cast<int>(begin), static_cast<int>(end)};
  const std::string_view word = text.substr(begin, end - begin);
  for (const Candidate& candidate : candidates) {
    if (candidate.text.size() > word.size() && std::string_view(candidate.text).starts_with(word)) {
      result.texts.push_back(candidate.text);
      result.notes.push_back(candidate.note);
    }
  }
  return result;
}

}  // namespace

Completions operationCompletionsAt(std::string_view text, int column,
                                   const std::vector<int>& anchor_tokens) {
  const auto end = static_cast<std::size_t>(
      std::clamp<std::ptrdiff_t>(column, 0, static_cast<std::ptrdiff_t>(text.size())));
  const std::string_view before = text.substr(0, end);
  const bool is_in_text = !withoutSpaces(text.substr(end)).empty();
  if (is_in_text || (!before.empty() && isDigit(before.back())))
    return {};
  const std::size_t bar = before.find_last_of('|');
  const std::size_t first = before.find_first_not_of(kSpaces, bar == before.npos ? 0 : bar + 1);
  const std::size_t begin = std::min(first, end);
  const std::string part(before.substr(begin));
  Candidates candidates;
  if (bar == before.npos && part.find('%') == part.npos)
    candidates = wholeOperations(anchor_tokens);
  if (const auto rest = restOf(part.empty() && bar != before.npos ? before.substr(0, bar) : before))
    candidates.push_back(restBranch(part, *rest));
  Completions found = matching(text, begin, end, candidates);
  if (!found.texts.empty() || part.empty())
    return found;
  std::size_t word = end;
  while (word > begin && isWordChar(text[word - 1]))
    --word;
  return word == end ? Completions{} : matching(text, word, end, words());
}

}  // namespace anchorlens::core
