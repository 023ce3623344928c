// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/provenance.h"

#include "engine/core/experiment/choices.h"
#include "engine/session/version.h"

#include <fstream>

namespace anchorlens::engine {

std::string cpuName() {
  std::ifstream file("/proc/cpuinfo");
  std::string line;
  while (std::getline(file, line)) {
    if (line.rfind("model name", 0) == 0) {
      const std::size_t colon = line.find(": ");
      if (colon != std::string::npos) {
        return line.substr(colon + 2);
      }
    }
  }
  return "unknown";
}

core::Provenance provenanceOf(const core::ExperimentSpec& spec, const EngineInfo& engine,
                              const Trainer& trainer) {
  std::string device_name;
  for (const DeviceInfo& device : engine.devices) {
    if (device.id == trainer.device()) {
      device_name = device.name;
    }
  }
  return {
      {"version", std::string(version())},
      {"commit", std::string(commit())},
      {"torch_version", engine.torch_version},
      {"cpu", cpuName()},
      {"cpu_capability", engine.cpu_capability},
      {"device", trainer.device()},
      {"device_name", device_name},
      {"kernel", trainer.kernel()},
      {"precision", std::string(core::choiceName(core::kPrecisions, spec.training.precision))},
      {"threads", std::to_string(spec.training.threads)},
      {"data_seed", std::to_string(spec.data.seed)},
      {"probe_seed", std::to_string(spec.probe.seed)},
      {"training_seed", std::to_string(spec.training.seed)},
      {"parameters", std::to_string(trainer.parameterCount())},
  };
}

}  // namespace anchorlens::engine
