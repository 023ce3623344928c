// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/store/run_store.h"
#include "tests/core/store/run_fixture.h"

#include <QtGlobal>

#include <filesystem>
#include <memory>

/// Readers and writers of runs; null, with a word why, when they cannot be opened.
namespace run_fixture {

inline std::unique_ptr<core::RunReader> openReader(const std::filesystem::path& run) {
  auto reader = core::RunReader::open(run);
  if (!reader) {
    qWarning("%s", reader.error().text().c_str());
    return nullptr;
  }
  return std::move(*reader);
}

inline std::unique_ptr<core::RunWriter> createWriter(
    const std::filesystem::path& run, const core::ExperimentSpec& spec = makeSpec()) {
  auto writer = core::RunWriter::create(run, spec, {{"version", "0.1.0"}, {"commit", "abc"}});
  if (!writer) {
    qWarning("%s", writer.error().text().c_str());
    return nullptr;
  }
  return std::move(*writer);
}

inline std::unique_ptr<core::RunWriter> openWriter(const std::filesystem::path& run) {
  auto writer = core::RunWriter::open(run);
  if (!writer) {
    qWarning("%s", writer.error().text().c_str());
    return nullptr;
  }
  return std::move(*writer);
}

}  // namespace run_fixture
