// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/module.h"

#include "engine/core/experiment/choices.h"
#include "engine/session/cuda_probe.h"
#include "engine/session/precision.h"
#include "engine/session/provenance.h"
#include "engine/torch/cuda_backend.h"
#include "engine/torch/guard.h"
#include "engine/torch/torch_trainer.h"

#include <ATen/Version.h>
#include <ATen/cpu/Utils.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <torch/headeronly/version.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>

namespace anchorlens::engine {
namespace {

/// GPUs in their order, up to the first that LibTorch cannot compute on.
int usableGpus() {
  const int count = at::hasCUDA() ? static_cast<int>(at::getNumGPUs()) : 0;
  int usable = 0;
  while (usable < count && !whyTooOld(usable)) {
    ++usable;
  }
  return usable;
}

EngineInfo gatherInfo() {
  const CudaBackend& cuda = openCudaBackend();
  beforeFirstUseOfAten();
  EngineInfo info;
  info.torch_version = TORCH_VERSION;
  info.cpu_capability = at::get_cpu_capability();
  info.devices.push_back({"cpu", cpuName()});
  info.cuda_reason = cuda.reason;
  if (cuda.is_open) {
    const int count = usableGpus();
    for (int i = 0; i < count; ++i) {
      info.devices.push_back({"cuda:" + std::to_string(i), cudaDeviceName(i)});
    }
    if (!at::detail::getCUDAHooks().hasCUDART()) {
      info.cuda_reason =
          "LibTorch's CUDA library was opened too late to be seen: please report it.";
    } else if (count == 0) {
      info.cuda_reason = "The NVIDIA driver is here, but it shows no GPU that LibTorch can use.";
    }
  }
  return info;
}

/// "auto", "cpu", "cuda", "cuda:1" to a device that exists.
Result<at::Device> chooseDevice(const std::string& wanted, const EngineInfo& info) {
  std::string id = wanted == "cuda" ? "cuda:0" : wanted;
  if (wanted == "auto") {
    id = info.devices.size() > 1 ? info.devices[1].id : "cpu";
  }
  for (const DeviceInfo& device : info.devices) {
    if (device.id == id) {
      return at::Device(id);
    }
  }
  std::string message = "There is no device '" + wanted + "' here.";
  if (!info.cuda_reason.empty()) {
    message += " " + info.cuda_reason;
  } else if (const auto why =
                 id.rfind("cuda:", 0) == 0 ? whyTooOld(std::atoi(id.c_str() + 5)) : std::nullopt) {
    message += " That GPU is too old: " + *why + ".";
  }
  std::string known;
  for (const DeviceInfo& device : info.devices) {
    known += (known.empty() ? "" : ", ") + device.id;
  }
  return core::Unexpected(EngineError{message + " Devices: " + known + ".", {}});
}

/// Same bits every time, and float32 that is float32.
void useExactCuda() {
  at::globalContext().setDeterministicAlgorithms(true, /*warn_only=*/true);
  at::globalContext().setDeterministicFillUninitializedMemory(false);
  // cuDNN would complain about an LSTM's weights, which lie among the others, at every step.
  at::globalContext().setUserEnabledCuDNN(false);
  at::globalContext().setAllowBF16ReductionCuBLAS(false);  // sums of bfloat16 products
}

class TorchFleet final : public TrainerFleet {
 public:
  explicit TorchFleet(std::shared_ptr<Fleet> fleet) : m_fleet(std::move(fleet)) {}
  Result<std::unique_ptr<Trainer>> createTrainer(TrainerInput input) override {
    const int threads = input.spec.training.threads;
    return guarded(threads, [&]() -> Result<std::unique_ptr<Trainer>> {
      auto member = std::make_unique<FleetKernel>(m_fleet, input.spec);
      return std::unique_ptr<Trainer>(
          std::make_unique<TorchTrainer>(std::move(input), m_fleet->device(), std::move(member)));
    });
  }

 private:
  std::shared_ptr<Fleet> m_fleet;
};

class TorchModule final : public EngineModule {
 public:
  TorchModule() : m_info(gatherInfo()) {
    keepFreedMemory();
    if (cpuBFloat16().amx) {
      at::cpu::init_amx();  // asks the system for the tiles' registers
    }
  }
  const EngineInfo& info() const override { return m_info; }
  Result<std::unique_ptr<Trainer>> createTrainer(TrainerInput input) override;
  Result<std::unique_ptr<TrainerFleet>> createFleet(const core::ExperimentSpec& spec,
                                                    int seats) override;
  Result<double> gemmPeak(const std::string& device, int threads) override;

 private:
  EngineInfo m_info;
};

std::optional<std::string> whyNotTrainable(const core::ExperimentSpec& spec) {
  const core::TrainingSpec& training = spec.training;
  if (training.precision != core::TrainingSpec::Precision::Float32 &&
      spec.model.kind == core::ModelSpec::Kind::Lstm) {
    return "Precision " + std::string(core::choiceName(core::kPrecisions, training.precision)) +
           " does not train an LSTM; float32 does.";
  }
  const auto& known = core::kKernels;
  if (std::find(known.begin(), known.end(), training.kernel) == known.end()) {
    return "There is no kernel '" + training.kernel + "'. Kernels: auto, fast, fleet, autograd.";
  }
  return std::nullopt;
}

/// The device of a training that this version can do, ready for it.
Result<at::Device> deviceFor(const core::ExperimentSpec& spec, const EngineInfo& info) {
  if (const auto reason = whyNotTrainable(spec)) {
    return core::Unexpected(EngineError{*reason, {}});
  }
  auto device = chooseDevice(spec.training.device, info);
  if (device && device->is_cuda()) {
    useExactCuda();
  }
  return device;
}

Result<std::unique_ptr<Trainer>> TorchModule::createTrainer(TrainerInput input) {
  const auto device = deviceFor(input.spec, m_info);
  if (!device) {
    return core::Unexpected(device.error());
  }
  const int threads = input.spec.training.threads;
  return guarded(threads, [&]() -> Result<std::unique_ptr<Trainer>> {
    return std::unique_ptr<Trainer>(std::make_unique<TorchTrainer>(std::move(input), *device));
  });
}

Result<std::unique_ptr<TrainerFleet>> TorchModule::createFleet(const core::ExperimentSpec& spec,
                                                               int seats) {
  const auto device = deviceFor(spec, m_info);
  if (!device) {
    return core::Unexpected(device.error());
  }
  return guarded(spec.training.threads, [&]() -> Result<std::unique_ptr<TrainerFleet>> {
    return std::unique_ptr<TrainerFleet>(
        std::make_unique<TorchFleet>(std::make_shared<Fleet>(spec, seats, *device)));
  });
}

Result<double> TorchModule::gemmPeak(const std::string& device, int threads) {
  return guarded(threads, [&]() -> Result<double> {
    constexpr std::int64_t kSize = 1024;
    constexpr int kTimes = 15;
    const at::NoGradGuard no_grad;
    const at::NoTF32Guard exact;
    const auto options = at::TensorOptions().dtype(at::kFloat).device(at::Device(device));
    const at::Tensor a = at::ones({kSize, kSize}, options);
    at::Tensor c = at::empty({kSize, kSize}, options);
    double best = 0;
    for (int i = 0; i < kTimes; ++i) {
      const auto start = std::chrono::steady_clock::now();
      at::mm_out(c, a, a);
      c[0][0].item<float>();  // a GPU has finished
      const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
      best = std::max(best, 2.0 * kSize * kSize * kSize / passed.count() / 1e9);
    }
    return best;
  });
}

}  // namespace

EngineModule& torchModule() {
  static TorchModule module;
  return module;
}

}  // namespace anchorlens::engine
