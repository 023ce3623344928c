// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>

namespace anchorlens::engine::fast {

/// A buffer of floats that is allocated once, at a cache line's beginning: where a matrix lies
/// decides how the matrix library adds, so it must lie alike in every run.
class Floats {
 public:
  Floats() = default;
  explicit Floats(std::int64_t count) {
    if (count == 0) {
      return;
    }
    constexpr std::size_t kLine = 64;
    const std::size_t bytes =
        (static_cast<std::size_t>(count) * sizeof(float) + kLine - 1) / kLine * kLine;
    m_data.reset(static_cast<float*>(std::aligned_alloc(kLine, bytes)));
    if (m_data == nullptr) {
      throw std::bad_alloc();
    }
  }
  float* data() { return m_data.get(); }
  const float* data() const { return m_data.get(); }

 private:
  struct Free {
    void operator()(float* data) const { std::free(data); }
  };
  std::unique_ptr<float, Free> m_data;
};

}  // namespace anchorlens::engine::fast
