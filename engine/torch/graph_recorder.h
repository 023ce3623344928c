// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace anchorlens::engine {

/// Work of a device that is repeated without the host: the same operations on the same memory.
class Recording {
 public:
  virtual ~Recording() = default;
  /// Computes what the work computes, from what its inputs hold now.
  virtual void repeat() = 0;
};

/// Records work. Implemented over CUDA graphs by a plug-in of its own (cuda/), whose libraries are
/// opened after the engine; tests have a twin that needs no GPU.
class GraphRecorder {
 public:
  virtual ~GraphRecorder() = default;
  /// Calls `work` a few times, so that whatever is set up once is there, and records it. It reads
  /// and writes `fixed` and what else stays where it is, waits for nothing, and leaves nothing else
  /// behind. Throws c10::Error where that cannot be recorded; the device is as it was then.
  virtual std::unique_ptr<Recording> record(const std::function<void()>& work,
                                            const std::vector<at::Tensor>& fixed) = 0;
};

/// A recorder for a device, or why there is none.
struct Graphs {
  std::shared_ptr<GraphRecorder> recorder;
  std::string why_none;  ///< half a sentence; empty on the CPU, which has nothing to record
};

/// Opens the plug-in beside the engine; ANCHORLENS_CUDA_GRAPHS=FILE names another one, "off" none.
Graphs graphsOf(at::Device device);

/// The plug-in's only function.
constexpr const char* kGraphPluginEntry = "anchorlens_make_graph_recorder";
using GraphPluginEntry = GraphRecorder* (*)(int device);
Graphs openGraphPlugin(const std::filesystem::path& file, int device);

}  // namespace anchorlens::engine
