// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/graph_recorder.h"

#include <c10/util/Exception.h>

#include <cstdlib>
#include <dlfcn.h>
#include <string_view>
#include <system_error>

namespace anchorlens::engine {
namespace {

constexpr const char* kPluginName = "libanchorlens_cuda.so";

std::string dlErrorText() {
  const char* text = dlerror();  // NOLINT(concurrency-mt-unsafe): per thread in glibc
  return text != nullptr ? text : "no reason was given";
}

/// Where this code is: in the module, or in a program that links it.
std::filesystem::path ownFolder() {
  Dl_info info{};
  if (dladdr(reinterpret_cast<void*>(&openGraphPlugin), &info) == 0 || info.dli_fname == nullptr) {
    return {};
  }
  std::error_code ignored;
  return std::filesystem::weakly_canonical(info.dli_fname, ignored).parent_path();
}

}  // namespace

Graphs openGraphPlugin(const std::filesystem::path& file, int device) {
  // The plug-in needs symbols of LibTorch's CUDA library, which is open to everybody by now.
  void* handle = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    return {nullptr, file.string() + " could not be opened: " + dlErrorText()};
  }
  const auto make = reinterpret_cast<GraphPluginEntry>(dlsym(handle, kGraphPluginEntry));
  if (make == nullptr) {
    dlclose(handle);
    return {nullptr,
            file.string() + " is no plug-in for graphs: it has no function " + kGraphPluginEntry};
  }
  try {
    return {std::shared_ptr<GraphRecorder>(make(device)), {}};
  } catch (const c10::Error& error) {
    return {nullptr, error.what_without_backtrace()};
  }
}

Graphs graphsOf(at::Device device) {
  if (!device.is_cuda()) {
    return {};
  }
  const char* named = std::getenv("ANCHORLENS_CUDA_GRAPHS");  // NOLINT(concurrency-mt-unsafe)
  if (named != nullptr && std::string_view(named) == "off") {
    return {nullptr, "ANCHORLENS_CUDA_GRAPHS is off"};
  }
  if (named != nullptr && *named != '\0') {
    return openGraphPlugin(named, device.index());
  }
  const std::filesystem::path folder = ownFolder();
  for (const std::filesystem::path& file :
       {folder / kPluginName, folder / ".." / "lib" / kPluginName}) {
    std::error_code ignored;
    if (std::filesystem::exists(file, ignored)) {
      return openGraphPlugin(file.lexically_normal(), device.index());
    }
  }
  std::string why = kPluginName;
  why += " is not beside the engine";
  return {nullptr, why};
}

}  // namespace anchorlens::engine
