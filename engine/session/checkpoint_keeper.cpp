// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/checkpoint_keeper.h"

#include <algorithm>
#include <system_error>

namespace anchorlens::engine {

void CheckpointKeeper::adopt(const std::vector<core::CheckpointInfo>& checkpoints,
                             std::int64_t step) {
  m_entries.clear();
  for (const core::CheckpointInfo& info : checkpoints) {
    if (info.step > step) {
      break;
    }
    const auto metadata = core::readSafetensorsMetadata(info.file);
    const bool is_latest =
        metadata && metadata->count(kKey) > 0 && metadata->at(kKey) == text(Kept::Latest);
    m_entries.push_back({info.step, is_latest ? Kept::Latest : Kept::Always});
  }
}

void CheckpointKeeper::written(const std::filesystem::path& run, std::int64_t step, Kept kept) {
  std::erase_if(m_entries, [step](const Entry& entry) { return entry.step >= step; });
  m_entries.push_back({step, kept});
  for (std::size_t i = 0; i + kLatest < m_entries.size();) {
    std::error_code error;
    if (m_entries[i].kept == Kept::Latest) {
      std::filesystem::remove(core::checkpointFile(run, m_entries[i].step), error);
      m_entries.erase(m_entries.begin() + static_cast<std::ptrdiff_t>(i));
    } else {
      ++i;
    }
  }
}

bool CheckpointKeeper::stays(std::int64_t step) const {
  return std::any_of(m_entries.begin(), m_entries.end(), [step](const Entry& entry) {
    return entry.step == step && entry.kept == Kept::Always;
  });
}

std::vector<std::int64_t> CheckpointKeeper::steps() const {
  std::vector<std::int64_t> steps;
  for (const Entry& entry : m_entries) {
    steps.push_back(entry.step);
  }
  return steps;
}

}  // namespace anchorlens::engine
