// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/torch/step_memory.h"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace anchorlens::engine::fast {

/// A buffer that is allocated once, at a cache line's beginning: where a matrix lies decides how
/// the matrix library adds, so it must lie alike in every run.
template <typename Number>
class Buffer {
 public:
  Buffer() = default;
  explicit Buffer(std::int64_t count) {
    if (count > 0) {
      m_memory = allocateStepMemory(static_cast<std::size_t>(count) * sizeof(Number));
    }
  }
  Buffer(Buffer&&) = default;
  Buffer& operator=(Buffer&&) = default;

  Number* data() { return reinterpret_cast<Number*>(m_memory.get()); }
  const Number* data() const { return reinterpret_cast<const Number*>(m_memory.get()); }

 private:
  std::shared_ptr<std::byte> m_memory;
};

using Floats = Buffer<float>;

}  // namespace anchorlens::engine::fast
