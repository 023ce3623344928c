// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/open_engine.h"

#include "engine/session/version.h"

#include <cstdlib>
#include <dlfcn.h>
#include <mutex>
#include <optional>
#include <system_error>
#include <utility>

namespace anchorlens::engine {
namespace {

constexpr const char* kModuleName = "libanchorlens_engine.so";
constexpr const char* kEntry = "anchorlens_engine_module";
constexpr const char* kInterface = "anchorlens_engine_interface";

std::string dlErrorText() {
  const char* text = dlerror();  // NOLINT(concurrency-mt-unsafe): per thread in glibc
  return text != nullptr ? text : "no reason was given";
}

template <typename Answer>
auto function(void* handle, const char* name) {
  return reinterpret_cast<Answer (*)()>(dlsym(handle, name));
}

/// An engine of other headers has its objects laid out otherwise: using it would end in a crash.
std::optional<EngineError> whyNotOurs(void* engine, const std::filesystem::path& file) {
  const auto interface = function<const char*>(engine, kInterface);
  const std::string theirs = interface != nullptr ? interface() : "unknown";
  if (theirs == interfaceHash()) {
    return std::nullopt;
  }
  return EngineError{
      "The training engine " + file.string() +
          " was built from other sources than this program: build or install both together.",
      "headers of the engine " + theirs + ", of the program " + interfaceHash()};
}

Result<EngineModule*> openModule(const std::filesystem::path& file) {
  void* handle = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    return core::Unexpected(EngineError{
        "The training engine " + file.string() + " could not be opened: " + dlErrorText(),
        "LibTorch has to lie where it was when Anchorlens was built; packaging/setup puts it "
        "there."});
  }
  const auto entry = function<EngineModule*>(handle, kEntry);
  if (entry == nullptr) {
    const std::string reason = dlErrorText();
    dlclose(handle);
    return core::Unexpected(EngineError{
        file.string() + " is not a training engine: it has no function " + kEntry + ".", reason});
  }
  if (auto refusal = whyNotOurs(handle, file)) {
    return core::Unexpected(std::move(*refusal));
  }
  EngineModule* module = entry();
  if (module == nullptr) {
    return core::Unexpected(
        EngineError{"The training engine " + file.string() + " could not be started.", {}});
  }
  return module;
}

std::string environmentOverride() {
  const char* value = std::getenv("ANCHORLENS_ENGINE");  // NOLINT(concurrency-mt-unsafe)
  return value != nullptr ? value : "";
}

}  // namespace

std::vector<std::filesystem::path> engineCandidates(const std::filesystem::path& program,
                                                    const std::string& override_path) {
  if (!override_path.empty()) {
    return {override_path};
  }
  const std::filesystem::path folder = program.parent_path();
  return {
      (folder / ".." / "lib" / kModuleName).lexically_normal(),
      (folder / kModuleName).lexically_normal(),
      (folder / ".." / ANCHORLENS_LIBDIR / "anchorlens" / kModuleName).lexically_normal(),
      (folder / ".." / "lib" / "anchorlens" / kModuleName).lexically_normal(),
  };
}

Result<EngineModule*> openEngineAt(const std::vector<std::filesystem::path>& candidates) {
  std::string looked;
  for (const std::filesystem::path& file : candidates) {
    std::error_code ignored;
    if (std::filesystem::exists(file, ignored)) {
      return openModule(file);
    }
    looked += (looked.empty() ? "" : ", ") + file.string();
  }
  return core::Unexpected(EngineError{"The training engine was not found. Looked for: " + looked +
                                          ". ANCHORLENS_ENGINE=FILE says where it is.",
                                      {}});
}

Result<EngineModule*> openEngine() {
  static std::mutex mutex;
  static EngineModule* opened = nullptr;
  const std::lock_guard lock(mutex);
  if (opened == nullptr) {
    std::error_code ignored;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", ignored);
    auto module = openEngineAt(engineCandidates(program, environmentOverride()));
    if (!module) {
      return core::Unexpected(module.error());
    }
    opened = *module;
  }
  return opened;
}

Result<std::unique_ptr<TrainerFleet>> EngineModule::createFleet(
    const core::ExperimentSpec& /*spec*/, int /*seats*/) {
  return core::Unexpected(EngineError{"This engine trains every run alone.", {}});
}

}  // namespace anchorlens::engine
