// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/session.h"
#include "engine/session/run_session.h"

#include <functional>

namespace anchorlens::app {

/// Where the worker gets its sessions: the engine, or what a test puts in its place.
struct SessionFactory {
  using Session = engine::Result<std::unique_ptr<engine::RunSession>>;
  std::function<engine::Result<engine::EngineModule*>()> open_engine = &engine::openEngine;
  std::function<Session(const core::ExperimentSpec&, const std::filesystem::path&,
                        engine::RunSession::Options)>
      create = [](const core::ExperimentSpec& spec, const std::filesystem::path& run,
                  engine::RunSession::Options options) {
        return engine::RunSession::create(spec, run, std::move(options));
      };
  std::function<Session(const std::filesystem::path&, engine::RunSession::Options,
                        std::optional<std::int64_t>)>
      resume = [](const std::filesystem::path& run, engine::RunSession::Options options,
                  std::optional<std::int64_t> more_steps) {
        return engine::RunSession::resume(run, std::move(options), more_steps);
      };
  std::function<Session(const std::filesystem::path&, std::int64_t, const core::ExperimentSpec&,
                        const std::filesystem::path&, engine::RunSession::Options)>
      fork = [](const std::filesystem::path& parent, std::int64_t step,
                const core::ExperimentSpec& spec, const std::filesystem::path& run,
                engine::RunSession::Options options) {
        return engine::RunSession::fork(parent, step, spec, run, std::move(options));
      };
  std::function<engine::Result<std::unique_ptr<engine::RunSnapshot>>(const std::filesystem::path&,
                                                                     std::int64_t)>
      snapshot = [](const std::filesystem::path& run, std::int64_t step) {
        return engine::RunSnapshot::open(run, step);
      };
};

}  // namespace anchorlens::app
