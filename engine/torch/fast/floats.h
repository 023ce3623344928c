// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>

namespace anchorlens::engine::fast {

/// A buffer that is allocated once, at a cache line's beginning: where a matrix lies decides how
/// the matrix library adds, so it must lie alike in every run.
template <typename Number>
class Buffer {
 public:
  Buffer() = default;
  explicit Buffer(std::int64_t count) {
    if (count == 0) {
      return;
    }
    constexpr std::size_t kLine = 64;
    const std::size_t bytes =
        (static_cast<std::size_t>(count) * sizeof(Number) + kLine - 1) / kLine * kLine;
    m_data.reset(static_cast<Number*>(std::aligned_alloc(kLine, bytes)));
    if (m_data == nullptr) {
      throw std::bad_alloc();
    }
  }
  Number* data() { return m_data.get(); }
  const Number* data() const { return m_data.get(); }

 private:
  struct Free {
    void operator()(Number* data) const { std::free(data); }
  };
  std::unique_ptr<Number, Free> m_data;
};

using Floats = Buffer<float>;

}  // namespace anchorlens::engine::fast
