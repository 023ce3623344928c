// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/time_cursor.h"

#include <algorithm>
#include <utility>

namespace anchorlens::app {

namespace {
/// The frame whose step is nearest; the earlier one of two equally near ones.
std::size_t nearestIndex(const std::vector<std::int64_t>& frames, std::int64_t step) {
  const auto after = std::lower_bound(frames.begin(), frames.end(), step);
  if (after == frames.begin())
    return 0;
  if (after == frames.end())
    return frames.size() - 1;
  const auto before = std::prev(after);
  const auto chosen = (*after - step) < (step - *before) ? after : before;
  return static_cast<std::size_t>(chosen - frames.begin());
}
}  // namespace

void TimeCursor::start(std::vector<std::int64_t> frames, bool is_live) {
  m_frames = std::move(frames);
  m_live_step.reset();
  m_is_live = is_live;
  m_is_following = true;
  m_step = m_frames.empty() ? 0 : m_frames.back();
}

void TimeCursor::selectRun(std::vector<std::int64_t> frames, bool is_live) {
  const std::int64_t wanted = step();
  const bool follows = m_is_following && is_live;
  m_frames = std::move(frames);
  m_live_step.reset();
  m_is_live = is_live;
  m_is_following = follows;
  m_step = m_frames.empty() ? 0 : m_frames[nearestIndex(m_frames, wanted)];
}

void TimeCursor::restore(std::vector<std::int64_t> frames, std::int64_t step, bool following,
                         bool is_live) {
  start(std::move(frames), is_live);
  m_is_following = following;
  if (!following && !m_frames.empty())
    m_step = m_frames[nearestIndex(m_frames, step)];
}

void TimeCursor::appendFrame(std::int64_t step) {
  if (m_frames.empty() || m_frames.back() < step)
    m_frames.push_back(step);
}

void TimeCursor::setFrames(std::vector<std::int64_t> frames) {
  m_frames = std::move(frames);
  m_live_step.reset();
  if (m_frames.empty())
    m_step = 0;
  else if (!m_is_following)
    m_step = m_frames[nearestIndex(m_frames, m_step)];
}

void TimeCursor::setLiveStep(std::int64_t step) {
  if (!m_live_step || *m_live_step < step)
    m_live_step = step;
}

void TimeCursor::place(std::size_t index) {
  m_is_following = false;
  m_step = m_frames[index];
}

void TimeCursor::moveTo(std::int64_t step) {
  if (m_frames.empty())
    return;
  place(indexAtOrBefore(step).value_or(0));
}

void TimeCursor::moveToNearest(std::int64_t step) {
  if (!m_frames.empty())
    place(nearestIndex(m_frames, step));
}

void TimeCursor::moveBy(int frames) {
  const auto index = frameIndex();
  if (!index)
    return;
  const auto last = static_cast<std::int64_t>(m_frames.size()) - 1;
  // A live snapshot lies after its frame: one step back first lands on that frame.
  const std::int64_t back_to_frame = frames < 0 && showsLive() && m_frames[*index] < step() ? 1 : 0;
  const std::int64_t wanted = static_cast<std::int64_t>(*index) + frames + back_to_frame;
  place(static_cast<std::size_t>(std::clamp<std::int64_t>(wanted, 0, last)));
}

void TimeCursor::first() {
  if (!m_frames.empty())
    place(0);
}

void TimeCursor::newest() {
  if (m_frames.empty())
    return;
  if (isAtNewest())
    m_is_following = true;
  else
    place(m_frames.size() - 1);
}

void TimeCursor::moveAmong(const std::vector<std::int64_t>& steps, int direction) {
  const std::int64_t from = step();
  if (direction > 0) {
    const auto next = std::upper_bound(steps.begin(), steps.end(), from);
    if (next != steps.end())
      moveToNearest(*next);
  } else {
    const auto next = std::lower_bound(steps.begin(), steps.end(), from);
    if (next != steps.begin())
      moveToNearest(*std::prev(next));
  }
}

void TimeCursor::setFollowing(bool following) {
  if (following) {
    goLive();
  } else if (m_is_following) {
    if (const auto index = frameIndex())
      m_step = m_frames[*index];
    m_is_following = false;
  }
}

std::int64_t TimeCursor::liveEnd() const {
  const std::int64_t newest_frame = m_frames.empty() ? 0 : m_frames.back();
  return m_live_step ? std::max(*m_live_step, newest_frame) : newest_frame;
}

std::int64_t TimeCursor::step() const {
  return m_is_following ? liveEnd() : m_step;
}

bool TimeCursor::showsLive() const {
  return m_is_following && m_live_step && (m_frames.empty() || *m_live_step >= m_frames.back());
}

std::optional<std::size_t> TimeCursor::indexAtOrBefore(std::int64_t step) const {
  const auto after = std::upper_bound(m_frames.begin(), m_frames.end(), step);
  if (after == m_frames.begin())
    return std::nullopt;
  return static_cast<std::size_t>(after - m_frames.begin()) - 1;
}

std::optional<std::size_t> TimeCursor::frameIndex() const {
  return indexAtOrBefore(step());
}

bool TimeCursor::isAtNewest() const {
  return !m_frames.empty() && step() >= m_frames.back();
}

std::int64_t TimeCursor::behindLive() const {
  return m_is_following ? 0 : std::max<std::int64_t>(0, liveEnd() - m_step);
}

}  // namespace anchorlens::app
