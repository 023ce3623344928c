// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/fuzz/fuzz.h"

#include "engine/core/thread_time.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sys/resource.h>
#include <utility>

namespace anchorlens::test {
namespace {

double peakMegabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

std::string unescaped(const std::string& line) {
  std::string text;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] != '\\' || i + 1 == line.size()) {
      text += line[i];
    } else if (line[i + 1] == 'x' && i + 3 < line.size()) {
      text += static_cast<char>(std::strtol(line.substr(i + 2, 2).c_str(), nullptr, 16));
      i += 3;
    } else {
      text += line[i + 1] == 'n' ? '\n' : line[i + 1];
      ++i;
    }
  }
  return text;
}

}  // namespace

std::int64_t fuzzInputs(std::int64_t short_form) {
  const char* is_long = std::getenv("ANCHORLENS_LONG");
  return is_long != nullptr && std::string(is_long) != "0" && *is_long != 0 ? 1'000'000
                                                                            : short_form;
}

std::uint64_t fuzzSeed() {
  const char* seed = std::getenv("ANCHORLENS_FUZZ_SEED");
  return seed == nullptr ? 1 : std::strtoull(seed, nullptr, 10);
}

std::vector<std::string> fuzzLines(const char* name) {
  std::ifstream file(std::string(ANCHORLENS_SOURCE_DIR "/tests/data/fuzz/") + name);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') {
      continue;
    }
    const std::size_t star = line.rfind(" * ");
    const bool is_repeated =
        star != line.npos && line.find_first_not_of("0123456789", star + 3) == line.npos;
    const std::string text = unescaped(is_repeated ? line.substr(0, star) : line);
    std::string all;
    for (int n = is_repeated ? std::atoi(line.c_str() + star + 3) : 1; n > 0; --n) {
      all += text;
    }
    lines.push_back(std::move(all));
  }
  return lines;
}

Mutator::Mutator(std::vector<std::string> corpus, std::string telling_bytes, core::Random& random)
    : m_corpus(std::move(corpus)), m_telling(std::move(telling_bytes)), m_random(random) {}

std::size_t Mutator::below(std::size_t bound) {
  return m_random.below(static_cast<std::uint32_t>(std::max<std::size_t>(bound, 1)));
}

std::string Mutator::next() {
  return changed(m_corpus[below(m_corpus.size())]);
}

std::string Mutator::changed(std::string text) {
  for (std::size_t edits = 1 + below(4); edits > 0; --edits) {
    change(text);
  }
  return text;
}

void Mutator::change(std::string& text) {
  const std::size_t at = below(text.size() + 1);
  switch (below(7)) {
    case 0:
      text.insert(at, 1, m_telling[below(m_telling.size())]);
      break;
    case 1:
      text.insert(at, 1, static_cast<char>(below(256)));
      break;
    case 2:
      text.erase(at, 1 + below(4));
      break;
    case 3:
      text.insert(at, text.substr(below(text.size() + 1), below(40)));
      break;
    case 4:
      text.erase(at, below(40));
      break;
    case 5:
      if (at < text.size()) {
        text[at] = m_telling[below(m_telling.size())];
      }
      break;
    default: {
      const std::string& other = m_corpus[below(m_corpus.size())];
      text.insert(at, other.substr(below(other.size() + 1), below(20)));
    }
  }
}

CostWatch::CostWatch() : m_last(core::threadMs()), m_start_memory(peakMegabytes()) {}

bool CostWatch::isQuick() {
  const double now = core::threadMs();
  const double took = (now - std::exchange(m_last, now)) / 1e3;
  m_slowest = std::max(m_slowest, took);
  return took <= 1.0;
}

double CostWatch::peakGrowth() const {
  return peakMegabytes() - m_start_memory;
}

std::string shown(const std::string& text) {
  std::string out;
  for (const char c : text.substr(0, 2000)) {
    char escape[8];
    const auto byte = static_cast<unsigned char>(c);
    std::snprintf(escape, sizeof escape, "\\x%02x", byte);
    out += byte >= 0x20 && byte < 0x7f ? std::string(1, c) : escape;
  }
  return out;
}

}  // namespace anchorlens::test
