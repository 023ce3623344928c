// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/repair/field_ref.h"

#include "engine/core/experiment/fields.h"

#include <charconv>
#include <concepts>
#include <map>
#include <optional>

namespace anchorlens::core {
namespace {

/// The visitor of describe() that walks down a pointer.
class FieldFinder {
 public:
  explicit FieldFinder(const std::vector<std::string>& steps) : m_steps(steps) {}

  template <typename T, typename Rule>
  void operator()(const char* name, T& value, const Rule& rule) {
    if (m_depth < m_steps.size() && m_steps[m_depth] == name) {
      enter(value, rule);
    }
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

  FieldRef found;

 private:
  template <typename T, typename Rule>
  void enter(T& value, const Rule& rule) {
    ++m_depth;
    read(value, rule);
    --m_depth;
  }
  bool isEnd() const { return m_depth == m_steps.size(); }

  template <std::integral T>
  requires(!std::same_as<T, bool>) void read(T& value, const IntegerRule& rule) {
    if (isEnd()) {
      found.value = &value;
      found.integer = rule;
    }
  }
  void read(double& value, const NumberRule& rule) {
    if (isEnd()) {
      found.value = &value;
      found.number = rule;
    }
  }
  void read(std::string& value, const TextRule& /*rule*/) {
    if (isEnd()) {
      found.value = &value;
    }
  }
  template <std::size_t N>
  void read(std::string& value, const WordRule<N>& rule) {
    if (isEnd()) {
      found.value = &value;
      found.choices = rule.list();
    }
  }
  template <typename T, typename Item>
  void read(std::vector<T>& value, const ListRule<Item>& rule) {
    std::size_t index = value.size();
    if (!isEnd()) {
      const std::string& step = m_steps[m_depth];
      std::from_chars(step.data(), step.data() + step.size(), index);
    }
    if (index < value.size()) {
      enter(value[index], rule.item);
    }
  }
  template <typename T, typename Item>
  void read(std::vector<T>& value, const OneOrListRule<Item>& rule) {
    if (isEnd() && value.size() == 1) {
      read(value.front(), rule.list.item);
    } else {
      read(value, rule.list);
    }
  }
  template <typename T, std::size_t N, typename Item>
  void read(std::array<T, N>& value, const TupleRule<Item>& rule) {
    for (std::size_t i = 0; !isEnd() && i < N; ++i) {
      if (m_steps[m_depth] == std::to_string(i)) {
        enter(value[i], rule.item);
        return;
      }
    }
  }
  template <typename T, typename Rule>
  void read(std::map<std::string, T>& value, const Rule& rule) {
    const auto item = isEnd() ? value.end() : value.find(m_steps[m_depth]);
    if (item != value.end()) {
      enter(item->second, rule.item);
    }
  }
  template <typename T, typename Item>
  void read(std::optional<T>& value, const NullableRule<Item>& rule) {
    if (value) {
      read(*value, rule.item);
    }
  }
  template <typename S>
  void read(S& value, const ObjectRule& /*rule*/) {
    if (!isEnd()) {
      describe(*this, value);
    }
  }
  /// Switches, choices and intervals.
  template <typename T, typename Rule>
  void read(T& /*value*/, const Rule& /*rule*/) {}

  const std::vector<std::string>& m_steps;
  std::size_t m_depth = 0;
};

}  // namespace

FieldRef fieldAt(ExperimentSpec& spec, const std::vector<std::string>& steps) {
  FieldFinder finder(steps);
  if (!steps.empty()) {
    describe(finder, spec);
  }
  return finder.found;
}

}  // namespace anchorlens::core
