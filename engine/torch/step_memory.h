// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>

/// Memory for what every step goes through: parameters, moments, the kernel's buffers. It lies in
/// huge pages where the system has them (on Linux by madvise); with pages of 4 KB a step touches
/// more of them than the processor remembers the addresses of.
namespace anchorlens::engine {

/// Of undefined content, from a cache line's beginning on. Freed with the last copy of the pointer
/// and of those that share its block. Any thread. Throws std::bad_alloc.
std::shared_ptr<std::byte> allocateStepMemory(std::size_t bytes);

}  // namespace anchorlens::engine
