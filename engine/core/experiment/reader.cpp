// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment/reader.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace anchorlens::core {
namespace {

constexpr std::size_t kMaxKeptErrors = 1000;

}  // namespace

std::optional<std::int64_t> Reader::integerOf(const Json& json, std::int64_t min,
                                              std::int64_t max) {
  if (!json.is_number_integer())
    return {};
  if (json.is_number_unsigned()) {
    const auto value = json.get<std::uint64_t>();
    if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
      return {};
  }
  const auto value = json.get<std::int64_t>();
  return value < min || value > max ? std::nullopt : std::optional(value);
}

void Reader::read(const Json& json, double& value, const NumberRule& rule) {
  if (!json.is_number() || !(m_is_draft || rule.allows(json.get<double>())))
    return mismatch(rule.expected(), json);
  value = json.get<double>();
}

void Reader::read(const Json& json, bool& value, const FlagRule& rule) {
  if (!json.is_boolean())
    return mismatch(rule.expected(), json);
  value = json.get<bool>();
}

void Reader::read(const Json& json, std::string& value, const TextRule& rule) {
  const auto* text = json.get_ptr<const std::string*>();
  if (!text)
    return mismatch(rule.expected(), json);
  if (m_is_draft) {
    value = *text;
    return;
  }
  if (text->size() > rule.max_bytes) {
    return fail("expected at most " + std::to_string(rule.max_bytes) + " bytes, got " +
                std::to_string(text->size()));
  }
  if (const auto problem = rule.check(*text))
    return fail(problem->message, problem->column, problem->length);
  value = *text;
}

void Reader::read(const Json& json, Interval& value, const IntervalRule& rule) {
  if (!json.is_array() || json.size() != 2)
    return mismatch(rule.expected(), json);
  using Limits = std::numeric_limits<int>;
  const std::int64_t min = m_is_draft ? Limits::min() : rule.min;
  const std::int64_t max = m_is_draft ? Limits::max() : rule.max;
  const auto first = integerOf(json[0], min, max);
  const auto last = integerOf(json[1], min, max);
  if (!first || !last || (*first > *last && !m_is_draft))
    return mismatch(rule.expected(), json);
  value = {static_cast<int>(*first), static_cast<int>(*last)};
}

std::optional<std::size_t> Reader::wordOf(const Json& json, const std::vector<std::string>& words) {
  const auto* text = json.get_ptr<const std::string*>();
  if (text) {
    const auto found = std::find(words.begin(), words.end(), *text);
    if (found != words.end())
      return static_cast<std::size_t>(found - words.begin());
  }
  const std::string nearest = text ? nearestName(*text, words) : std::string();
  fail("expected one of " + quotedList(words) + ", got " + shortText(json) +
       (nearest.empty() ? "" : "; did you mean \"" + nearest + "\"?"));
  return {};
}

void Reader::wrongCount(std::size_t count, std::string_view what, std::size_t min,
                        std::size_t max) {
  const std::string range =
      min == max ? std::to_string(min) : std::to_string(min) + " to " + std::to_string(max);
  fail("expected " + range + " " + std::string(what) + ", got " + std::to_string(count));
}

void Reader::mismatch(const std::string& expected, const Json& got) {
  fail("expected " + expected + ", got " + shortText(got));
}

void Reader::fail(std::string message, int column, int column_length) {
  // A hostile file can have a million errors; their memory is bounded, the count is exact.
  if (++m_count <= kMaxKeptErrors)
    m_errors.push_back({m_pointer, std::move(message), column, column_length});
}

void Reader::failAt(const std::string& step, std::string message) {
  const std::size_t length = m_pointer.size();
  m_pointer += "/" + step;
  fail(std::move(message));
  m_pointer.resize(length);
}

const Json* ObjectReader::find(const char* name) {
  m_names.emplace_back(name);
  const auto found = m_object.find(name);
  return found == m_object.end() ? nullptr : &*found;
}

void ObjectReader::finish() {
  if (m_is_open)
    return;
  for (const auto& [name, value] : m_object.items()) {
    if (std::find(m_names.begin(), m_names.end(), name) == m_names.end()) {
      m_reader.failAt(pointerStep(name),
                      "unknown key " + shortText(name) + suggestion(name, m_names));
    }
  }
}

}  // namespace anchorlens::core
