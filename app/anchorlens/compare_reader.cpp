// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/compare_reader.h"

#include <utility>

namespace anchorlens::app {

namespace {

constexpr std::size_t kMostOpen = 4;

QString sentence(const core::IoError& error) {
  return QString::fromStdString(error.text()) + QLatin1Char('.');
}

}  // namespace

core::Expected<FramePtr, core::IoError> CompareReader::read(const std::filesystem::path& run,
                                                            std::int64_t step) {
  auto found = m_runs.find(run);
  if (found == m_runs.end()) {
    auto reader = core::RunReader::open(run);
    if (!reader)
      return core::Unexpected(reader.error());
    if (m_runs.size() >= kMostOpen)
      m_runs.clear();
    found = m_runs.emplace(run, std::move(*reader)).first;
  }
  return found->second->frame(step);
}

QString CompareReader::matchPatterns(const MatchQuestion& question, MatchAnswer& answer) {
  FramePtr frames[]{question.first_frame, question.second_frame};
  const core::RunMoment moments[]{question.first, question.second};
  for (const int side : {0, 1}) {
    if (frames[side])
      continue;
    auto frame = read(moments[side].run, moments[side].step);
    if (!frame)
      return sentence(frame.error());
    frames[side] = std::move(*frame);
  }
  const auto first = core::meanPattern(*frames[0]);
  const auto second = core::meanPattern(*frames[1]);
  if (first.n == 0 || second.n == 0)
    return tr("A run kept no attention patterns to match heads by.");
  if (first.seq_len != second.seq_len)
    return tr("The runs have other lengths.");
  answer.distances = core::patternDistances(first, second, question.is_causal);
  return {};
}

MatchAnswer CompareReader::match(const MatchQuestion& question) {
  MatchAnswer answer;
  answer.question = question;
  answer.first_step = question.first.step;
  answer.second_step = question.second.step;
  if (question.by == core::HeadMatch::Pattern)
    answer.problem = matchPatterns(question, answer);
  if (question.by != core::HeadMatch::Weights)
    return answer;
  auto weights = core::compareWeights(question.first, question.second);
  if (!weights) {
    answer.problem = sentence(weights.error());
    return answer;
  }
  answer.distances = std::move(weights->distances);
  answer.first_step = weights->first_step;
  answer.second_step = weights->second_step;
  return answer;
}

void CompareReader::answer(const CompareQuestion& question) {
  CompareAnswer told;
  for (const FrameWish& wish : question.frames) {
    auto frame = read(wish.run, wish.step);
    told.frames.push_back(
        {wish, frame ? std::move(*frame) : nullptr, frame ? QString() : sentence(frame.error())});
  }
  if (question.match)
    told.match = match(*question.match);
  emit answered(std::make_shared<const CompareAnswer>(std::move(told)));
}

}  // namespace anchorlens::app
