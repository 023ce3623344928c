// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/random.h"

#include <cstdint>
#include <string>
#include <vector>

/// What the tests with random inputs share. ANCHORLENS_LONG=1 asks for a million inputs,
/// ANCHORLENS_FUZZ_SEED=n for others than usual.
namespace anchorlens::test {

/// 10^6 in the long form.
std::int64_t fuzzInputs(std::int64_t short_form);
std::uint64_t fuzzSeed();

/// Lines of a file in tests/data/fuzz, `\xNN`, `\n` and `\\` undone; "#" begins a comment, and
/// `text * n` a text that is repeated n times.
std::vector<std::string> fuzzLines(const char* name);

/// Changes texts at random: bytes changed, removed and added, pieces doubled, pieces of others put
/// in. Few changes, so that much of the meaning survives.
class Mutator {
 public:
  Mutator(std::vector<std::string> corpus, std::string telling_bytes, core::Random& random);
  /// One of the corpus, changed.
  std::string next();
  /// Another text, changed.
  std::string changed(std::string text);

 private:
  std::size_t below(std::size_t bound);
  void change(std::string& text);

  std::vector<std::string> m_corpus;
  std::string m_telling;
  core::Random& m_random;
};

/// Watches the promise that no input costs more than a second of this thread's time, or 100 MB.
class CostWatch {
 public:
  CostWatch();
  /// Call after each input; false when the last one took too long.
  bool isQuick();
  double slowest() const { return m_slowest; }
  /// Growth of the process since the start, in MB: no single input took more.
  double peakGrowth() const;

 private:
  double m_last = 0;
  double m_slowest = 0;
  double m_start_memory = 0;
};

/// For a message: what is not printable ASCII is escaped, cut after 2000 bytes.
std::string shown(const std::string& text);

}  // namespace anchorlens::test

/// Fails a test whose inputs took 100 MB or more.
#ifdef __SANITIZE_ADDRESS__
#define JUDGE_MEMORY(watch)                                                       \
  qInfo("Memory is not judged (%.0f MB): AddressSanitizer keeps what was freed.", \
        (watch).peakGrowth())
#else
#define JUDGE_MEMORY(watch) \
  QVERIFY2((watch).peakGrowth() < 100, QByteArray::number((watch).peakGrowth()))
#endif
