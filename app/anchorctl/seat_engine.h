// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/session.h"

#include <memory>
#include <string>
#include <utility>

namespace anchorlens::ctl {

/// The engine as members of a fleet see it: their trainers are the fleet's.
class SeatEngine final : public engine::EngineModule {
 public:
  SeatEngine(engine::EngineModule& engine, engine::TrainerFleet& fleet)
      : m_engine(engine), m_fleet(fleet) {}
  const engine::EngineInfo& info() const override { return m_engine.info(); }
  engine::Result<std::unique_ptr<engine::Trainer>> createTrainer(
      engine::TrainerInput input) override {
    return m_fleet.createTrainer(std::move(input));
  }
  engine::Result<double> gemmPeak(const std::string& device, int threads) override {
    return m_engine.gemmPeak(device, threads);
  }

 private:
  engine::EngineModule& m_engine;
  engine::TrainerFleet& m_fleet;
};

}  // namespace anchorlens::ctl
