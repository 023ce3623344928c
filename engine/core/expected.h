// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cassert>
#include <type_traits>
#include <utility>
#include <variant>

namespace anchorlens::core {

/// Wraps an error on its way into an Expected: `return Unexpected(SpecErrors{...});`
template <typename E>
class Unexpected {
 public:
  explicit Unexpected(E error) : m_error(std::move(error)) {}
  E& error() & { return m_error; }
  const E& error() const& { return m_error; }
  E&& error() && { return std::move(m_error); }

 private:
  E m_error;
};

/// A value or an error; the member names are those of std::expected (C++23).
/// Reading the wrong alternative is a bug and is asserted.
template <typename T, typename E>
class [[nodiscard]] Expected {
 public:
  using value_type = T;
  using error_type = E;

  Expected(T value) : m_state(std::in_place_index<0>, std::move(value)) {}  // NOLINT: implicit
  template <typename G>
    requires std::is_convertible_v<G, E>
  Expected(Unexpected<G> error)  // NOLINT: implicit
      : m_state(std::in_place_index<1>, std::move(error).error()) {}

  bool has_value() const { return m_state.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& value() & {
    assert(has_value());
    return *std::get_if<0>(&m_state);
  }
  const T& value() const& {
    assert(has_value());
    return *std::get_if<0>(&m_state);
  }
  T&& value() && {
    assert(has_value());
    return std::move(*std::get_if<0>(&m_state));
  }
  E& error() & {
    assert(!has_value());
    return *std::get_if<1>(&m_state);
  }
  const E& error() const& {
    assert(!has_value());
    return *std::get_if<1>(&m_state);
  }
  E&& error() && {
    assert(!has_value());
    return std::move(*std::get_if<1>(&m_state));
  }

  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  template <typename U>
  T value_or(U&& other) const& {
    return has_value() ? value() : static_cast<T>(std::forward<U>(other));
  }

 private:
  std::variant<T, E> m_state;
};

/// Success without a value, or an error.
template <typename E>
class [[nodiscard]] Expected<void, E> {
 public:
  using value_type = void;
  using error_type = E;

  Expected() = default;
  template <typename G>
    requires std::is_convertible_v<G, E>
  Expected(Unexpected<G> error)  // NOLINT: implicit
      : m_state(std::in_place_index<1>, std::move(error).error()) {}

  bool has_value() const { return m_state.index() == 0; }
  explicit operator bool() const { return has_value(); }
  const E& error() const {
    assert(!has_value());
    return *std::get_if<1>(&m_state);
  }

 private:
  std::variant<std::monostate, E> m_state;
};

}  // namespace anchorlens::core
