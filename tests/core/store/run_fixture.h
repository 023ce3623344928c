// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment.h"
#include "engine/core/frame.h"
#include "engine/core/store/checkpoint.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

/// Made-up content of runs, each number by a formula of its place, so that a wrong one is seen.
namespace run_fixture {

namespace core = anchorlens::core;

/// Identity with 2 layers of `n_heads` heads.
core::ExperimentSpec makeSpec(int n_heads = 1);

core::StepMetrics makeStep(std::int64_t step);
core::Metrics makeMetrics(std::int64_t step);
/// Causal patterns as a softmax would make them, scores, predictions.
core::Frame makeFrame(std::int64_t step, int n_layers = 2, int n_heads = 1, int n_shown = 16,
                      int seq_len = 9);
core::HeadScores makeScores(double seed, std::size_t n_rows = 1, std::size_t n_broadcasts = 2);
/// Two weights and, if wanted, their moments.
core::Checkpoint makeCheckpoint(std::int64_t step, bool with_optimizer, std::size_t n = 64);

bool sameFrame(const core::Frame& a, const core::Frame& b);
bool sameScores(const core::HeadScores& a, const core::HeadScores& b);
bool sameScores(const std::vector<core::HeadScores>& a, const std::vector<core::HeadScores>& b);
bool sameMetrics(const core::Metrics& a, const core::Metrics& b);
bool sameStep(const core::StepMetrics& a, const core::StepMetrics& b);

/// Names and contents of every file below a folder.
std::map<std::string, std::string> contentsOf(const std::filesystem::path& folder);
std::string readFile(const std::filesystem::path& file);
void overwrite(const std::filesystem::path& file, const std::string& bytes);
/// Turns one bit of a file over, in place.
void flipBit(const std::filesystem::path& file, std::size_t bit);

/// Runs `body` in a child process and returns its exit code, -signal when it was killed. Exceptions
/// give 99. The child must not use Qt Test's checks.
template <typename Body>
int inChild(const Body& body);

}  // namespace run_fixture

#include <sys/wait.h>
#include <unistd.h>

template <typename Body>
int run_fixture::inChild(const Body& body) {
  const pid_t child = ::fork();
  if (child == 0) {
    int code = 99;
    try {
      code = body();
    } catch (...) {
    }
    ::_exit(code);
  }
  int status = 0;
  if (child < 0 || ::waitpid(child, &status, 0) != child) {
    return 98;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}
