// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/session/run_session.h"
#include "tests/session/fake_engine.h"

#include <QtGlobal>

#include <chrono>
#include <filesystem>
#include <limits>
#include <memory>
#include <string>
#include <vector>

/// Sessions over the fake engine, and what their runs have on the disk.
namespace anchorlens::tests {

using Steps = std::vector<std::int64_t>;

constexpr auto kLong = std::chrono::hours(1);
constexpr std::int64_t kAll = std::numeric_limits<std::int64_t>::max();

inline engine::RunSession::Options with(FakeEngine& fake) {
  engine::RunSession::Options options;
  options.engine = &fake;
  return options;
}

template <typename T>
std::unique_ptr<T> mustBe(engine::Result<std::unique_ptr<T>> made) {
  if (!made) {
    qFatal("%s", made.error().message.c_str());
  }
  return std::move(*made);
}

inline std::unique_ptr<core::RunReader> reader(const std::filesystem::path& run) {
  auto opened = core::RunReader::open(run);
  if (!opened) {
    qFatal("%s", opened.error().text().c_str());
  }
  return std::move(*opened);
}

inline Steps stepsOf(const std::vector<core::StepMetrics>& rows) {
  Steps steps;
  for (const auto& row : rows) {
    steps.push_back(row.step);
  }
  return steps;
}

inline Steps checkpointSteps(const core::RunReader& run) {
  Steps steps;
  const auto checkpoints = *run.checkpoints();
  for (const auto& info : checkpoints) {
    steps.push_back(info.step);
  }
  return steps;
}

inline Steps range(std::int64_t first, std::int64_t last) {
  Steps steps;
  for (std::int64_t step = first; step <= last; ++step) {
    steps.push_back(step);
  }
  return steps;
}

}  // namespace anchorlens::tests
