// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment/json_text.h"
#include "engine/core/experiment/rules.h"

#include <array>
#include <concepts>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace anchorlens::core {

/// The visitor of describe() that makes JSON: every field, in order.
class ObjectWriter {
 public:
  template <typename T, typename Rule>
  void operator()(const char* name, T& value, const Rule& rule) {
    m_object[name] = toJson(value, rule);
  }
  template <typename T, typename Rule>
  bool required(const char* name, T& value, const Rule& rule) {
    (*this)(name, value, rule);
    return true;
  }
  void check(bool /*is_right*/, const char* /*name*/, const std::string& /*message*/) {}
  template <typename T>
  void exclusive(const char* /*a*/, T& /*value_a*/, const char* /*b*/, T& /*value_b*/) {}
  void ignoreRest() {}

  Json take() { return std::move(m_object); }

  template <typename T>
  static Json toJson(T& value, const IntegerRule& /*rule*/) {
    return value;
  }
  static Json toJson(double value, const NumberRule& /*rule*/) { return value; }
  static Json toJson(bool value, const FlagRule& /*rule*/) { return value; }
  static Json toJson(const std::string& value, const TextRule& /*rule*/) { return value; }
  static Json toJson(const std::string& value, const ValueRule& /*rule*/) {
    SpecErrors ignored;
    return readJson(value, ignored).value_or(value);
  }
  template <std::size_t N>
  static Json toJson(const std::string& value, const WordRule<N>& /*rule*/) {
    return value;
  }
  template <typename E, std::size_t N>
  static Json toJson(E value, const ChoiceRule<E, N>& rule) {
    return std::string(choiceName(rule.choices, value));
  }
  static Json toJson(const Interval& value, const IntervalRule& /*rule*/) {
    return Json::array({value.first, value.last});
  }
  template <typename S>
  static Json toJson(S& value, const ObjectRule& /*rule*/) {
    ObjectWriter object;
    describe(object, value);
    return object.take();
  }
  template <typename T, typename Item>
  static Json toJson(std::vector<T>& value, const ListRule<Item>& rule) {
    Json list = Json::array();
    for (T& item : value)
      list.push_back(toJson(item, rule.item));
    return list;
  }
  template <typename T, typename Item>
  static Json toJson(std::vector<T>& value, const OneOrListRule<Item>& rule) {
    return value.size() == 1 ? toJson(value[0], rule.list.item) : toJson(value, rule.list);
  }
  template <typename T, std::size_t N, typename Item>
  static Json toJson(std::array<T, N>& value, const TupleRule<Item>& rule) {
    Json list = Json::array();
    for (T& item : value)
      list.push_back(toJson(item, rule.item));
    return list;
  }
  template <typename T, typename Rule>
  static Json toJson(std::map<std::string, T>& value, const Rule& rule) {
    Json object = Json::object();
    for (auto& [name, item] : value)
      object[name] = toJson(item, rule.item);
    return object;
  }
  template <typename T, typename Item>
  static Json toJson(std::optional<T>& value, const NullableRule<Item>& rule) {
    return value ? toJson(*value, rule.item) : Json(nullptr);
  }

 private:
  Json m_object = Json::object();
};

}  // namespace anchorlens::core
