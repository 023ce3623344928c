// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace anchorlens::core {

/// An .npz made in memory; see npz_parts.h.
class NpzWriter {
 public:
  using Shape = std::vector<std::int64_t>;  ///< its product is the number of values
  void add(const std::string& name, const Shape& shape, const std::vector<float>& values);
  void add(const std::string& name, const Shape& shape, const std::vector<double>& values);
  void add(const std::string& name, const Shape& shape, const std::vector<std::int64_t>& values);
  /// Unicode strings, dtype <U(longest).
  void add(const std::string& name, const Shape& shape, const std::vector<std::string>& values);

  /// Of all arrays; bytes() has a little more, and is right below 4 GiB.
  std::uint64_t size() const;
  std::string bytes() const;

 private:
  struct Entry {
    std::string name;
    std::string data;
  };
  void addArray(const std::string& name, std::string_view descriptor, const Shape& shape,
                std::string_view values);
  std::vector<Entry> m_entries;
};

}  // namespace anchorlens::core
