// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <type_traits>
#include <vector>

namespace anchorlens::core {

static_assert(std::endian::native == std::endian::little, "the file formats are little-endian");

/// Appends plain values to a buffer, little-endian, without padding.
class ByteWriter {
 public:
  template <typename T>
  requires std::is_trivially_copyable_v<T>
  void put(T value) { append(&value, sizeof value); }
  template <typename T>
  requires std::is_trivially_copyable_v<T>
  void putAll(std::span<const T> values) { append(values.data(), values.size_bytes()); }
  /// Overwrites a value that was put at this offset.
  template <typename T>
  requires std::is_trivially_copyable_v<T>
  void set(std::size_t offset, T value) {
    std::memcpy(m_bytes.data() + offset, &value, sizeof value);
  }
  std::size_t size() const { return m_bytes.size(); }
  std::span<const std::byte> bytes() const { return m_bytes; }
  std::vector<std::byte> take() { return std::move(m_bytes); }

 private:
  void append(const void* data, std::size_t size) {
    const auto* from = static_cast<const std::byte*>(data);
    m_bytes.insert(m_bytes.end(), from, from + size);
  }
  std::vector<std::byte> m_bytes;
};

/// Takes plain values from a buffer; never reads past its end.
class ByteReader {
 public:
  explicit ByteReader(std::span<const std::byte> bytes) : m_bytes(bytes) {}

  template <typename T>
  requires std::is_trivially_copyable_v<T> std::optional<T> take() {
    if (m_bytes.size() < sizeof(T)) {
      return {};
    }
    T value;
    std::memcpy(&value, m_bytes.data(), sizeof value);
    m_bytes = m_bytes.subspan(sizeof value);
    return value;
  }
  std::optional<std::span<const std::byte>> take(std::size_t size) {
    if (m_bytes.size() < size) {
      return {};
    }
    const auto taken = m_bytes.first(size);
    m_bytes = m_bytes.subspan(size);
    return taken;
  }
  std::size_t left() const { return m_bytes.size(); }

 private:
  std::span<const std::byte> m_bytes;
};

}  // namespace anchorlens::core
