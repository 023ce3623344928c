// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/experiment/json_text.h"
#include "engine/core/experiment/rules.h"
#include "engine/core/experiment/suggest.h"

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace anchorlens::core {

class ObjectReader;

/// Reads JSON into values by the rules of fields.h and collects every error with its pointer. A
/// value that is wrong keeps its default. One Reader for one document.
class Reader {
 public:
  /// Draft: a value of the right type that its rule forbids is kept and is no error.
  enum class Mode { Strict, Draft };

  explicit Reader(SpecErrors& errors, Mode mode = Mode::Strict)
      : m_errors(errors), m_is_draft(mode == Mode::Draft) {}

  template <std::integral T>
  requires(!std::same_as<T, bool>) void read(const Json& json, T& value, const IntegerRule& rule) {
    if constexpr (std::same_as<T, std::uint64_t>) {
      if (m_is_draft && json.is_number_unsigned()) {
        value = json.get<std::uint64_t>();
        return;
      }
    }
    const auto integer =
        m_is_draft ? integerOf(json, std::int64_t{std::numeric_limits<T>::min()}, largestOf<T>())
                   : integerOf(json, rule.min, rule.max);
    if (integer)
      value = static_cast<T>(*integer);
    else
      mismatch(rule.expected(), json);
  }
  void read(const Json& json, double& value, const NumberRule& rule);
  void read(const Json& json, bool& value, const FlagRule& rule);
  void read(const Json& json, std::string& value, const TextRule& rule);
  void read(const Json& json, Interval& value, const IntervalRule& rule);
  void read(const Json& json, std::string& value, const ValueRule& /*rule*/) {
    value = json.dump();
  }

  template <std::size_t N>
  void read(const Json& json, std::string& value, const WordRule<N>& rule) {
    if (const auto index = wordOf(json, rule.list()))
      value = rule.words[*index];
  }

  template <typename E, std::size_t N>
  void read(const Json& json, E& value, const ChoiceRule<E, N>& rule) {
    if (const auto index = wordOf(json, rule.list()))
      value = rule.choices[*index].value;
  }

  template <typename S>
  void read(const Json& json, S& value, const ObjectRule& rule);

  template <typename T, typename Item>
  void read(const Json& json, std::vector<T>& value, const ListRule<Item>& rule) {
    if (!isList(json, rule, rule.min, rule.max))
      return;
    value.assign(json.size(), T{});
    for (std::size_t i = 0; i < json.size(); ++i)
      readAt(std::to_string(i), json[i], value[i], rule.item);
  }

  template <typename T, typename Item>
  void read(const Json& json, std::vector<T>& value, const OneOrListRule<Item>& rule) {
    if (json.is_array()) {
      read(json, value, rule.list);
      return;
    }
    value.assign(1, T{});
    read(json, value[0], rule.list.item);
  }

  template <typename T, std::size_t N, typename Item>
  void read(const Json& json, std::array<T, N>& value, const TupleRule<Item>& rule) {
    if (!isList(json, rule, N, N))
      return;
    for (std::size_t i = 0; i < N; ++i)
      readAt(std::to_string(i), json[i], value[i], rule.item);
  }

  template <typename T, typename Item>
  void read(const Json& json, std::map<std::string, T>& value, const MapRule<Item>& rule) {
    if (!json.is_object())
      return mismatch(rule.expected(), json);
    value.clear();
    for (const auto& [name, item] : json.items())
      readAt(pointerStep(name), item, value[name], rule.item);
  }

  template <typename T, typename Item, std::size_t N>
  void read(const Json& json, std::map<std::string, T>& value, const GroupMapRule<Item, N>& rule) {
    const std::vector<std::string> names(rule.names.begin(), rule.names.end());
    if (!json.is_object())
      return mismatch("an object", json);
    value.clear();
    for (const auto& [name, item] : json.items()) {
      if (!m_is_draft && std::find(names.begin(), names.end(), name) == names.end())
        failAt(pointerStep(name), "unknown key " + shortText(name) + suggestion(name, names));
      else
        readAt(name, item, value[name], rule.item);
    }
  }

  template <typename T, typename Item>
  void read(const Json& json, std::optional<T>& value, const NullableRule<Item>& rule) {
    value.reset();
    if (json.is_null())
      return;
    const std::size_t errors_before = m_count;
    read(json, value.emplace(), rule.item);
    if (m_count > errors_before && m_count == m_errors.size() && !json.is_structured())
      m_errors.back().message += " (null is allowed too)";
  }

  /// Reads a part of the value that is read now; `step` is escaped.
  template <typename T, typename Rule>
  void readAt(const std::string& step, const Json& json, T& value, const Rule& rule) {
    const std::size_t length = m_pointer.size();
    m_pointer += "/" + step;
    read(json, value, rule);
    m_pointer.resize(length);
  }

  /// An error at the value that is read now, or at a part of it.
  void fail(std::string message, int column = 0, int column_length = 0);
  void failAt(const std::string& step, std::string message);
  std::size_t errorCount() const { return m_count; }
  bool isDraft() const { return m_is_draft; }

 private:
  static std::optional<std::int64_t> integerOf(const Json& json, std::int64_t min,
                                               std::int64_t max);
  std::optional<std::size_t> wordOf(const Json& json, const std::vector<std::string>& words);
  template <typename Rule>
  bool isList(const Json& json, const Rule& rule, std::size_t min, std::size_t max) {
    if (!json.is_array())
      mismatch(rule.expected(), json);
    else if (!isCount(json.size(), min, max))
      wrongCount(json.size(), rule.what, min, max);
    return json.is_array() && isCount(json.size(), min, max);
  }
  /// A tuple has its length in a draft too.
  bool isCount(std::size_t count, std::size_t min, std::size_t max) const {
    return (m_is_draft && min < max) || (count >= min && count <= max);
  }
  template <std::integral T>
  static constexpr std::int64_t largestOf() {
    if constexpr (sizeof(T) < sizeof(std::int64_t))
      return std::int64_t{std::numeric_limits<T>::max()};
    else
      return std::numeric_limits<std::int64_t>::max();
  }
  void wrongCount(std::size_t count, std::string_view what, std::size_t min, std::size_t max);
  void mismatch(const std::string& expected, const Json& got);

  SpecErrors& m_errors;
  bool m_is_draft = false;
  std::size_t m_count = m_errors.size();  ///< also of those that were not kept
  std::string m_pointer;
};

/// The visitor of describe() that reads one object.
class ObjectReader {
 public:
  ObjectReader(Reader& reader, const Json& object) : m_reader(reader), m_object(object) {}

  template <typename T, typename Rule>
  void operator()(const char* name, T& value, const Rule& rule) {
    if (const Json* json = find(name))
      m_reader.readAt(name, *json, value, rule);
  }

  template <typename T, typename Rule>
  bool required(const char* name, T& value, const Rule& rule) {
    const std::size_t errors_before = m_reader.errorCount();
    if (const Json* json = find(name))
      m_reader.readAt(name, *json, value, rule);
    else
      m_reader.failAt(name, "missing; expected " + rule.expected());
    return m_reader.errorCount() == errors_before;
  }

  void check(bool is_right, const char* name, const std::string& message) {
    if (!is_right && !m_reader.isDraft())
      m_reader.failAt(name, message);
  }

  /// Of two lengths only the one that a file names counts; naming both or none is an error.
  template <typename T>
  void exclusive(const char* a, std::optional<T>& value_a, const char* b,
                 std::optional<T>& value_b) {
    const auto is_named = [&](const char* name) {
      return m_object.contains(name) && !m_object.at(name).is_null();
    };
    if (is_named(a) && !m_object.contains(b))
      value_b.reset();
    else if (is_named(b) && !m_object.contains(a))
      value_a.reset();
    if (m_reader.isDraft())
      return;
    if (is_named(a) && is_named(b))
      m_reader.failAt(b,
                      "exactly one of " + std::string(a) + " and " + b + " may be set, got both");
    else if (m_object.contains(b) && !is_named(a) && !is_named(b))
      m_reader.failAt(b, "one of " + std::string(a) + " and " + b + " must be set, both are null");
  }

  void ignoreRest() { m_is_open = true; }

  /// Every key that no field has asked for is an error.
  void finish();

 private:
  const Json* find(const char* name);

  Reader& m_reader;
  const Json& m_object;
  std::vector<std::string> m_names;
  bool m_is_open = false;
};

template <typename S>
void Reader::read(const Json& json, S& value, const ObjectRule& /*rule*/) {
  if (!json.is_object())
    return mismatch("an object", json);
  ObjectReader object(*this, json);
  describe(object, value);
  object.finish();
}

}  // namespace anchorlens::core
