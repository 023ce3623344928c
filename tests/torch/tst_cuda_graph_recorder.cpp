// SPDX-License-Identifier: GPL-3.0-or-later
// The plug-in's own code over a CUDA that a test made: what it asks for, in which order, and that a
// failure leaves nothing recording. That a GPU does it is tested in tst_graphs.cpp, with a GPU.
#include "engine/torch/graph_recorder.h"

#include <ATen/cuda/CUDAGraph.h>
#include <c10/core/CachingDeviceAllocator.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>

#include <QtTest>

#include <algorithm>
#include <string>
#include <vector>

using namespace anchorlens;

extern "C" engine::GraphRecorder* anchorlens_make_graph_recorder(int device);

namespace {

constexpr c10::StreamId kSide = 7;

std::vector<std::string> g_calls;
c10::StreamId g_stream = 0;  ///< the current one
bool g_is_recording = false;
bool g_capture_fails = false;

std::string streamName(c10::StreamId id) {
  return id == 0 ? "own" : "side";
}

/// Streams and events of one device.
class FakeCuda final : public c10::impl::DeviceGuardImplInterface {
 public:
  explicit FakeCuda(c10::DeviceType /*type*/ = c10::DeviceType::CUDA) {}
  c10::DeviceType type() const override { return c10::DeviceType::CUDA; }
  c10::Device exchangeDevice(c10::Device /*device*/) const override { return getDevice(); }
  c10::Device getDevice() const override { return {c10::DeviceType::CUDA, 0}; }
  void setDevice(c10::Device /*device*/) const override {}
  void uncheckedSetDevice(c10::Device /*device*/) const noexcept override {}
  c10::Stream getStream(c10::Device device) const override {
    return c10::Stream(c10::Stream::UNSAFE, device, g_stream);
  }
  c10::Stream getStreamFromGlobalPool(c10::Device device, bool /*high*/) const override {
    return c10::Stream(c10::Stream::UNSAFE, device, kSide);
  }
  c10::Stream exchangeStream(c10::Stream stream) const override {
    const c10::Stream before(c10::Stream::UNSAFE, stream.device(), g_stream);
    g_stream = stream.id();
    return before;
  }
  c10::DeviceIndex deviceCount() const noexcept override { return 1; }
  void record(void** event, const c10::Stream& stream, const c10::DeviceIndex /*index*/,
              const c10::EventFlag /*flag*/) const override {
    *event = this_event;
    g_calls.push_back("event of " + streamName(stream.id()));
  }
  void block(void* /*event*/, const c10::Stream& stream) const override {
    g_calls.push_back(streamName(stream.id()) + " waits");
  }
  void destroyEvent(void* /*event*/, const c10::DeviceIndex /*index*/) const noexcept override {}
  void synchronizeStream(const c10::Stream& stream) const override {
    g_calls.push_back("host waits for " + streamName(stream.id()));
  }

 private:
  static inline char event_place = 0;
  static inline void* this_event = &event_place;
};

C10_REGISTER_GUARD_IMPL(CUDA, FakeCuda)

class FakeMemory final : public c10::DeviceAllocator {
 public:
  c10::DataPtr allocate(std::size_t /*bytes*/) override { return {}; }
  void copy_data(void* /*to*/, const void* /*from*/, std::size_t /*bytes*/) const override {}
  bool initialized() override { return true; }
  void emptyCache(c10::MempoolId_t /*pool*/) override { g_calls.emplace_back("cache emptied"); }
  void recordStream(const c10::DataPtr& /*data*/, c10::Stream /*stream*/) override {}
  c10::CachingDeviceAllocator::DeviceStats getDeviceStats(c10::DeviceIndex /*index*/) override {
    return {};
  }
  void resetAccumulatedStats(c10::DeviceIndex /*index*/) override {}
  void resetPeakStats(c10::DeviceIndex /*index*/) override {}
};

}  // namespace

// What libtorch_cuda.so defines of CUDAGraph.
namespace at {
struct CUDAGeneratorState : c10::intrusive_ptr_target {};
}  // namespace at
namespace at::cuda {

CUDAGraph::CUDAGraph(bool keep_graph)
    : capture_stream_(CUDAStream::UNCHECKED,
                      c10::Stream(c10::Stream::DEFAULT, c10::Device("cuda:0"))),
      keep_graph_(keep_graph) {}
CUDAGraph::~CUDAGraph() {
  g_calls.emplace_back("graph gone");
}
void CUDAGraph::capture_begin(MempoolId_t pool, cudaStreamCaptureMode mode) {
  const bool is_own = pool.first == 0 && pool.second == 0;
  g_calls.push_back("begin on " + streamName(g_stream) +
                    (mode == cudaStreamCaptureModeThreadLocal ? ", this thread" : "") +
                    (is_own ? "" : ", others' memory"));
  TORCH_CHECK(g_stream != 0, "the default stream cannot be captured");
  g_is_recording = true;
}
void CUDAGraph::capture_end() {
  g_calls.emplace_back("end");
  g_is_recording = false;
  TORCH_CHECK(!g_capture_fails, "operation failed due to a previous error during capture");
}
void CUDAGraph::replay() {
  g_calls.push_back("replay on " + streamName(g_stream));
}

}  // namespace at::cuda

class TestCudaGraphRecorder : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { c10::SetAllocator(c10::DeviceType::CUDA, &m_memory); }
  void init() {
    g_calls.clear();
    g_capture_fails = false;
    m_recorder.reset(anchorlens_make_graph_recorder(0));
  }

  void warmsUpBesideAndRecordsOnce() {
    const auto recording = m_recorder->record([] { work(); }, {});
    const std::vector<std::string> expected{"event of own",  "side waits",
                                            "work",          "work",
                                            "work",          "host waits for side",
                                            "cache emptied", "begin on side, this thread",
                                            "recorded work", "end",
                                            "event of side", "own waits"};
    QCOMPARE(g_calls, expected);
    QCOMPARE(g_stream, c10::StreamId{0});
    g_calls.clear();
    recording->repeat();
    recording->repeat();
    QCOMPARE(g_calls, (std::vector<std::string>{"replay on own", "replay on own"}));
  }

  void whatFailsWhileItIsRecordedEndsTheRecording() {
    g_capture_fails = true;  // as CUDA says after it
    QVERIFY_THROWS_EXCEPTION(c10::Error, m_recorder->record(
                                             [] {
                                               work();
                                               TORCH_CHECK(!g_is_recording, "not permitted");
                                             },
                                             {}));
    QVERIFY(!g_is_recording);
    QCOMPARE(g_stream, c10::StreamId{0});
    QCOMPARE(g_calls.back(), std::string("graph gone"));
    QVERIFY(ownWaits());
  }

  void whatFailsBeforeRecordsNothing() {
    QVERIFY_THROWS_EXCEPTION(c10::Error,
                             m_recorder->record([] { TORCH_CHECK(false, "no memory"); }, {}));
    QCOMPARE(g_stream, c10::StreamId{0});
    for (const std::string& call : g_calls) {
      QVERIFY(!call.starts_with("begin"));
    }
    QVERIFY(ownWaits());  // for what was begun
  }

 private:
  static bool ownWaits() {
    return std::find(g_calls.begin(), g_calls.end(), "own waits") != g_calls.end();
  }
  static void work() {
    QCOMPARE(g_stream, kSide);
    g_calls.emplace_back(g_is_recording ? "recorded work" : "work");
  }

  FakeMemory m_memory;
  std::unique_ptr<engine::GraphRecorder> m_recorder;
};

QTEST_GUILESS_MAIN(TestCudaGraphRecorder)
#include "tst_cuda_graph_recorder.moc"
