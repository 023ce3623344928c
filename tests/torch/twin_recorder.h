// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/torch/graph_recorder.h"
#include "engine/torch/torch_api.h"

#include <c10/core/Allocator.h>
#include <c10/util/ThreadLocalDebugInfo.h>

#include <cmath>
#include <string>

/// What a CUDA graph does and demands, without a GPU: the work is called again, and what a graph
/// would not forgive is noted.
namespace anchorlens::test {

/// Bytes of host memory that this thread has taken and not given back.
class MemoryBalance final : public c10::MemoryReportingInfoBase {
 public:
  void reportMemoryUsage(void* /*ptr*/, std::int64_t alloc_size, std::size_t /*total_allocated*/,
                         std::size_t /*total_reserved*/, c10::Device /*device*/) override {
    m_bytes += alloc_size;
    m_calls += 1;
  }
  bool memoryProfilingEnabled() const override { return true; }
  std::int64_t bytes() const { return m_bytes; }
  std::int64_t calls() const { return m_calls; }

 private:
  std::int64_t m_bytes = 0;
  std::int64_t m_calls = 0;
};

class TwinRecorder final : public engine::GraphRecorder {
 public:
  enum class Mood {
    Right,
    Refuses,     ///< as where something cannot be captured
    KeepsInput,  ///< repeats with what the input held when it was recorded
    HasNoRoom,   ///< records, and memory is full then
  };
  explicit TwinRecorder(Mood mood = Mood::Right) : m_mood(mood) {}

  int recorded = 0;
  int repeated = 0;
  std::string broken;  ///< the first thing that a graph would not have forgiven

  /// fixed: the input first, then what is written
  std::unique_ptr<engine::Recording> record(const std::function<void()>& work,
                                            const std::vector<at::Tensor>& fixed) override {
    TORCH_CHECK(m_mood != Mood::Refuses, "the twin records nothing");
    for (int i = 0; i < 3; ++i) {
      work();
    }
    ++recorded;
    return std::make_unique<Twin>(*this, work, fixed);
  }

 private:
  class Twin final : public engine::Recording {
   public:
    Twin(TwinRecorder& owner, std::function<void()> work, std::vector<at::Tensor> fixed)
        : m_owner(owner),
          m_work(std::move(work)),
          m_fixed(std::move(fixed)),
          m_kept_input(m_fixed[0].clone()) {
      for (const at::Tensor& tensor : m_fixed) {
        m_places.push_back(tensor.data_ptr());
      }
    }

    void repeat() override {
      ++m_owner.repeated;
      if (m_owner.m_mood == Mood::HasNoRoom) {
        C10_THROW_ERROR(OutOfMemoryError, "CUDA out of memory. Tried to allocate 20.00 MiB.");
      }
      for (std::size_t i = 0; i < m_fixed.size(); ++i) {
        note(m_fixed[i].data_ptr() == m_places[i], "a buffer has moved");
      }
      const at::NoGradGuard no_grad;
      const at::Tensor input = m_fixed[0].clone();
      if (m_owner.m_mood == Mood::KeepsInput) {
        m_fixed[0].copy_(m_kept_input);
      }
      // What is not written again would be NaN: nothing may be added to what was there.
      m_fixed[1].fill_(NAN);
      m_fixed[3].fill_(NAN);
      const auto balance = std::make_shared<MemoryBalance>();
      {
        const c10::DebugInfoGuard watched(c10::DebugInfoKind::PROFILER_STATE, balance);
        m_work();
      }
      note(balance->calls() > 0, "the memory was not watched");
      note(balance->bytes() == 0, "something outlives the step");
      m_fixed[0].copy_(input);
    }

   private:
    void note(bool is_right, const char* what) {
      if (!is_right && m_owner.broken.empty()) {
        m_owner.broken = what;
      }
    }

    TwinRecorder& m_owner;
    std::function<void()> m_work;
    std::vector<at::Tensor> m_fixed;
    at::Tensor m_kept_input;
    std::vector<void*> m_places;
  };

  Mood m_mood;
};

}  // namespace anchorlens::test
