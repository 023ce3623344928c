// SPDX-License-Identifier: GPL-3.0-or-later
// The plug-in libanchorlens_cuda.so: recordings are CUDA graphs. It is linked to nothing of CUDA;
// what it needs is there when it is opened (cuda_backend.h). Streams and memory are asked for by
// LibTorch's interfaces for any device, so at::cuda::CUDAGraph is all that is CUDA's own.
#include "engine/torch/graph_recorder.h"

#include <ATen/cuda/CUDAGraph.h>
#include <c10/core/CachingDeviceAllocator.h>
#include <c10/core/Event.h>
#include <c10/core/StreamGuard.h>

namespace anchorlens::engine {
namespace {

/// What comes later on `later` waits for what has been asked of `earlier`.
void order(const c10::Stream& earlier, const c10::Stream& later) {
  c10::Event event(earlier.device_type());
  event.record(earlier);
  event.block(later);
}

class CudaRecording final : public Recording {
 public:
  void repeat() override { m_graph.replay(); }

  /// On the current stream, which is not the default one.
  void record(const std::function<void()>& work) {
    // Members of a fleet look at their models meanwhile: what their threads ask of CUDA is none of
    // this thread's business. The backward pass only adds to the stream.
    m_graph.capture_begin({0, 0}, cudaStreamCaptureModeThreadLocal);  // memory of its own
    try {
      work();
    } catch (...) {
      giveUp();
      throw;
    }
    m_graph.capture_end();
  }

 private:
  /// The stream records no longer. That this failed is known already.
  void giveUp() noexcept {
    try {
      m_graph.capture_end();
    } catch (const std::exception&) {
    }
  }

  at::cuda::CUDAGraph m_graph;
};

class CudaGraphRecorder final : public GraphRecorder {
 public:
  explicit CudaGraphRecorder(c10::Device device)
      : m_device(device), m_side(m_cuda.getStreamFromGlobalPool(device)) {}

  std::unique_ptr<Recording> record(const std::function<void()>& work,
                                    const std::vector<at::Tensor>& /*fixed*/) override {
    auto recording = std::make_unique<CudaRecording>();
    const c10::Stream own = m_cuda.getStream(m_device);
    order(own, m_side);
    try {
      const c10::StreamGuard on_side(m_side);
      for (int i = 0; i < kWarmUps; ++i) {
        work();
      }
      m_cuda.synchronizeStream(m_side);
      // The recording has memory of its own; what the calls before it took is free for it.
      at::getDeviceAllocator(m_device.type())->emptyCache();
      recording->record(work);
    } catch (...) {
      order(m_side, own);  // what was asked of it until then still writes to `fixed`
      throw;
    }
    order(m_side, own);
    return recording;
  }

 private:
  static constexpr int kWarmUps = 3;
  c10::Device m_device;
  c10::impl::VirtualGuardImpl m_cuda{c10::DeviceType::CUDA};
  c10::Stream m_side;
};

}  // namespace
}  // namespace anchorlens::engine

extern "C" __attribute__((visibility("default"))) anchorlens::engine::GraphRecorder*
anchorlens_make_graph_recorder(int device) {
  return new anchorlens::engine::CudaGraphRecorder(
      c10::Device(c10::DeviceType::CUDA, static_cast<c10::DeviceIndex>(device)));
}
