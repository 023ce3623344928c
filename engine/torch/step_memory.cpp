// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/step_memory.h"

#include <cstdlib>
#include <mutex>
#include <new>
#include <string>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace anchorlens::engine {
namespace {

constexpr std::size_t kLine = 64;
constexpr std::size_t kHugePage = std::size_t{2} << 20;
/// Small buffers share a block, so that they share pages.
constexpr std::size_t kBlock = 2 * kHugePage;

std::size_t roundedUp(std::size_t bytes, std::size_t unit) {
  return (bytes + unit - 1) / unit * unit;
}

/// Says what was asked for as LibTorch's allocator does.
class NoMemory final : public std::bad_alloc {
 public:
  explicit NoMemory(std::size_t bytes)
      : m_text("tried to allocate " + std::to_string(bytes) + " bytes") {}
  const char* what() const noexcept override { return m_text.c_str(); }

 private:
  std::string m_text;
};

struct Free {
  void operator()(std::byte* data) const { std::free(data); }
};

std::shared_ptr<std::byte> allocate(std::size_t alignment, std::size_t bytes) {
  auto* data = static_cast<std::byte*>(std::aligned_alloc(alignment, bytes));
  if (data == nullptr) {
    throw NoMemory(bytes);
  }
  return {data, Free{}};
}

#ifndef __SANITIZE_ADDRESS__

/// The block that the next small buffers are taken from.
class Blocks {
 public:
  std::shared_ptr<std::byte> take(std::size_t bytes) {
    const std::lock_guard lock(m_mutex);
    std::shared_ptr<std::byte> block = m_block.lock();
    if (block == nullptr || m_size - m_used < bytes) {
      m_size = roundedUp(bytes, kBlock);
      m_used = 0;
      block = allocate(kHugePage, m_size);
#ifdef __linux__
      // Advice: where it is not taken, the pages are small ones.
      madvise(block.get(), m_size, MADV_HUGEPAGE);
#endif
      m_block = block;
    }
    std::byte* data = block.get() + m_used;
    m_used += bytes;
    return {std::move(block), data};
  }

 private:
  std::mutex m_mutex;
  std::weak_ptr<std::byte> m_block;
  std::size_t m_size = 0;
  std::size_t m_used = 0;
};

#endif

}  // namespace

std::shared_ptr<std::byte> allocateStepMemory(std::size_t bytes) {
  const std::size_t lines = roundedUp(bytes, kLine);
#ifdef __SANITIZE_ADDRESS__
  // Each buffer by itself, so that a write past its end is seen.
  return allocate(kLine, lines);
#else
  static Blocks blocks;
  return blocks.take(lines);
#endif
}

}  // namespace anchorlens::engine
