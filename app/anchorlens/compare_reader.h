// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/live_data.h"
#include "engine/core/compare/weights_at.h"

#include <QObject>
#include <QString>

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace anchorlens::app {

/// A recorded frame that is not in memory.
struct FrameWish {
  RunId run_id = 0;
  std::filesystem::path run;
  std::int64_t step = 0;
  bool operator==(const FrameWish&) const = default;
};

/// Which heads belong together, at one moment of both runs.
struct MatchQuestion {
  core::HeadMatch by = core::HeadMatch::Position;
  core::RunMoment first;
  core::RunMoment second;
  bool is_causal = true;
  /// Frames of these moments that are in memory; null: read.
  FramePtr first_frame;
  FramePtr second_frame;

  bool isSame(const MatchQuestion& other) const {
    return by == other.by && first == other.first && second == other.second;
  }
};

/// What the comparison of two runs waits for.
struct CompareQuestion {
  std::vector<FrameWish> frames;
  std::optional<MatchQuestion> match;
};

struct MatchAnswer {
  MatchQuestion question;
  core::HeadDistances distances;
  /// Whose weights were compared.
  std::int64_t first_step = 0;
  std::int64_t second_step = 0;
  QString problem;  ///< why there are none, a sentence; empty: there are
};

struct CompareAnswer {
  struct Frame {
    FrameWish wish;
    FramePtr frame;   ///< null: it could not be read
    QString problem;  ///< why
  };
  std::vector<Frame> frames;
  std::optional<MatchAnswer> match;
};

/// Reads frames and weights of two runs and matches their heads, on its own thread.
class CompareReader : public QObject {
  Q_OBJECT

 public:
  void answer(const CompareQuestion& question);

 signals:
  void answered(std::shared_ptr<const anchorlens::app::CompareAnswer> answer);

 private:
  core::Expected<FramePtr, core::IoError> read(const std::filesystem::path& run, std::int64_t step);
  MatchAnswer match(const MatchQuestion& question);
  QString matchPatterns(const MatchQuestion& question, MatchAnswer& answer);

  std::map<std::filesystem::path, std::unique_ptr<core::RunReader>> m_runs;  ///< a few
};

}  // namespace anchorlens::app
