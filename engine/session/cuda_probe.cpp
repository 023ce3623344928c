// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/cuda_probe.h"

#include "engine/session.h"

#include <dlfcn.h>
#include <utility>

namespace anchorlens::engine {
namespace {

/// LibTorch 2.11's CUDA backend is built for CUDA 13.0.
constexpr int kNeededVersion = 13000;
/// What its libtorch_cuda.so has code for (`strings`: "arch=compute_75" is the first): Turing on.
constexpr CudaCapability kNeededCapability{7, 5};

std::string versionText(int version) {
  return std::to_string(version / 1000) + "." + std::to_string(version % 1000 / 10);
}

/// A function of the driver; 0 is its word for success.
template <typename... Arguments>
bool callDriver(void* driver, const char* name, Arguments... arguments) {
  using Function = int (*)(Arguments...);
  const auto function = reinterpret_cast<Function>(dlsym(driver, name));
  return function != nullptr && function(arguments...) == 0;
}

std::optional<CudaCapability> askCapability(void* driver, int index) {
  constexpr int kMajor = 75;  // CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR
  constexpr int kMinor = 76;
  int device = 0;
  CudaCapability capability;
  const bool is_told =
      callDriver(driver, "cuInit", 0U) && callDriver(driver, "cuDeviceGet", &device, index) &&
      callDriver(driver, "cuDeviceGetAttribute", &capability.major, kMajor, device) &&
      callDriver(driver, "cuDeviceGetAttribute", &capability.minor, kMinor, device);
  return is_told ? std::optional(capability) : std::nullopt;
}

std::string capabilityText(const CudaCapability& capability) {
  return std::to_string(capability.major) + "." + std::to_string(capability.minor);
}

std::optional<std::string> askWhyTooOld(void* driver, int index) {
  const auto capability = askCapability(driver, index);
  if (!capability || std::pair(capability->major, capability->minor) >=
                         std::pair(kNeededCapability.major, kNeededCapability.minor)) {
    return std::nullopt;
  }
  return "its compute capability is " + capabilityText(*capability) + ", and LibTorch needs " +
         capabilityText(kNeededCapability);
}

std::optional<std::string> askDriver(void* driver) {
  int version = 0;
  if (!callDriver(driver, "cuDriverGetVersion", &version)) {
    return "The NVIDIA driver does not answer.";
  }
  if (version < kNeededVersion) {
    return "The NVIDIA driver is for CUDA " + versionText(version) + "; CUDA " +
           versionText(kNeededVersion) + " is needed: install driver 580 or newer.";
  }
  int devices = 0;
  if (!callDriver(driver, "cuInit", 0U) || !callDriver(driver, "cuDeviceGetCount", &devices)) {
    return "The NVIDIA driver is here, but it could not be started.";
  }
  if (devices == 0) {
    return "The NVIDIA driver is here, but no GPU is.";
  }
  if (const auto why = askWhyTooOld(driver, 0)) {
    return "The GPU is too old: " + *why + ".";
  }
  return std::nullopt;
}

/// Opens the driver for one question; `missing` where there is none.
template <typename Answer, typename Ask>
Answer withDriver(Answer missing, const Ask& ask) {
  void* driver = dlopen("libcuda.so.1", RTLD_LAZY | RTLD_LOCAL);
  if (driver == nullptr) {
    return missing;
  }
  Answer answer = ask(driver);
  dlclose(driver);
  return answer;
}

}  // namespace

std::optional<std::string> whyNoCuda() {
  return withDriver(
      std::optional<std::string>("No NVIDIA driver is here (libcuda.so.1 is missing)."), askDriver);
}

std::optional<CudaCapability> cudaCapability(int index) {
  return withDriver(std::optional<CudaCapability>(),
                    [index](void* driver) { return askCapability(driver, index); });
}

std::optional<std::string> whyTooOld(int index) {
  return withDriver(std::optional<std::string>(),
                    [index](void* driver) { return askWhyTooOld(driver, index); });
}

}  // namespace anchorlens::engine
