// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/store/run_store.h"
#include "tests/core/store/run_fixture.h"

#include <QtGlobal>

#include <filesystem>
#include <memory>
#include <type_traits>
#include <utility>

/// Readers and writers of runs; null, with a word why, when they cannot be opened.
namespace run_fixture {

/// `opened`: a result with a unique_ptr.
template <typename Opened>
std::remove_cvref_t<decltype(*std::declval<Opened&>())> taken(Opened opened) {
  if (!opened) {
    qWarning("%s", opened.error().text().c_str());
    return nullptr;
  }
  return std::move(*opened);
}

inline std::unique_ptr<core::RunReader> openReader(const std::filesystem::path& run) {
  return taken(core::RunReader::open(run));
}

inline std::unique_ptr<core::RunWriter> createWriter(
    const std::filesystem::path& run, const core::ExperimentSpec& spec = makeSpec()) {
  return taken(core::RunWriter::create(run, spec, {{"version", "0.1.0"}, {"commit", "abc"}}));
}

inline std::unique_ptr<core::RunWriter> openWriter(const std::filesystem::path& run) {
  return taken(core::RunWriter::open(run));
}

}  // namespace run_fixture
