// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/seed_folds.h"

#include "app/anchorlens/run_summary.h"

#include <QObject>

#include <algorithm>
#include <set>
#include <unordered_map>
#include <utility>

namespace anchorlens::app {

namespace {

using widgets::RunRow;

/// Behind those of studies.
constexpr quint64 kSeedIds = quint64{1} << 63;

/// A row and those below it.
std::size_t treeSize(const std::vector<RunRow>& rows, std::size_t first) {
  std::size_t end = first + 1;
  while (end < rows.size() && rows[end].depth > rows[first].depth)
    ++end;
  return end - first;
}

template <typename Is>
bool hasOne(const std::vector<RunRow>& rows, std::size_t first, Is is) {
  const auto begin = rows.begin() + static_cast<std::ptrdiff_t>(first);
  return std::any_of(begin, begin + static_cast<std::ptrdiff_t>(treeSize(rows, first)), is);
}

void addTree(const std::vector<RunRow>& rows, std::size_t first, int deeper,
             std::vector<RunRow>& to) {
  const std::size_t end = first + treeSize(rows, first);
  for (std::size_t i = first; i < end; ++i) {
    to.push_back(rows[i]);
    to.back().depth += deeper;
  }
}

bool isTraining(const RunRow& row) {
  return row.state == core::RunState::Training ||
         (row.is_ours && row.state == core::RunState::Created);
}

RunSummary::State stateOf(const RunRow& row) {
  using State = RunSummary::State;
  if (isTraining(row))
    return State::Held;
  if (row.state == core::RunState::Finished)
    return State::Finished;
  return row.state == core::RunState::Failed ? State::Failed : State::Unfinished;
}

/// Of the training and of the data.
using Seeds = std::pair<std::uint64_t, std::uint64_t>;

std::vector<Seeds> seedsOf(const std::vector<const RunRecord*>& runs) {
  std::vector<Seeds> seeds;
  for (const RunRecord* run : runs)
    seeds.emplace_back(run->facts().spec.training.seed, run->facts().spec.data.seed);
  return seeds;
}

std::size_t countSeeds(const std::vector<Seeds>& seeds) {
  return std::set<Seeds>(seeds.begin(), seeds.end()).size();
}

/// Which of the two seeds tell the runs apart.
struct SeedText {
  bool of_training = false;
  bool of_data = false;

  explicit SeedText(const std::vector<Seeds>& all) {
    for (const Seeds& seeds : all) {
      of_training |= seeds.first != all.front().first;
      of_data |= seeds.second != all.front().second;
    }
  }
  /// "seed 3", "data seed 3", or both
  QString of(const Seeds& seeds) const {
    QStringList parts;
    if (of_training)
      parts.append(QObject::tr("seed %1").arg(seeds.first));
    if (of_data)
      parts.append(QObject::tr("data seed %1").arg(seeds.second));
    return parts.join(QStringLiteral(", "));
  }
};

}  // namespace

SeedFolds::SetUps SeedFolds::setUpsOf(const std::vector<RunRow>& rows, const RunList& runs) {
  std::unordered_map<RunId, const RunRecord*> records;
  for (const auto& run : runs.all())
    records.emplace(run->id(), run.get());
  SetUps set_ups;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto record = records.find(rows[i].id);
    if (rows[i].depth > 0 || record == records.end() || record->second->setUp().isEmpty())
      continue;
    SetUp& set_up = set_ups[record->second->setUp()];
    set_up.places.push_back(i);
    set_up.runs.push_back(record->second);
  }
  std::erase_if(set_ups, [](const auto& set_up) {
    return countSeeds(seedsOf(set_up.second.runs)) < kLeastSeeds;
  });
  return set_ups;
}

RunRow SeedFolds::headOf(const QString& name, const SetUp& set_up, const std::vector<RunRow>& rows,
                         const RunList& runs) {
  const auto id = m_ids.emplace(name, kSeedIds | (m_ids.size() + 1)).first->second;
  RunRow row;
  row.kind = RunRow::Kind::Seeds;
  row.id = id;
  row.is_folded = m_is_folded.at(name);
  row.name = QObject::tr("%1, %2 seeds")
                 .arg(QString::fromStdString(set_up.runs.front()->facts().spec.name))
                 .arg(countSeeds(seedsOf(set_up.runs)));
  RunSummary summary;
  for (const std::size_t place : set_up.places)
    summary.add(stateOf(rows[place]), rows[place].test_accuracy);
  summary.fill(row);
  const QString difference = runs.setUpDifference(*set_up.runs.back());
  if (!difference.isEmpty())
    row.difference += (row.difference.isEmpty() ? QString() : QStringLiteral(", ")) + difference;
  return row;
}

/// States of set-ups that are gone; not while runs are read, of which nobody knows yet.
void SeedFolds::forget(const SetUps& set_ups, const RunList& runs) {
  const bool is_read = std::all_of(runs.all().begin(), runs.all().end(), [](const auto& run) {
    return run->isLoaded() || !run->problem().isEmpty();
  });
  if (is_read && !runs.isEmpty())
    std::erase_if(m_is_folded, [&](const auto& state) { return !set_ups.contains(state.first); });
}

void SeedFolds::addSetUp(const QString& name, const SetUp& set_up, std::vector<RunRow>& rows,
                         const RunList& runs, const RowsWanted& wanted,
                         std::vector<RunRow>& folded) {
  const auto is_live = [&wanted](const RunRow& row) {
    return row.id == wanted.shown || isTraining(row);
  };
  const auto stays = [&, newest = runs.all().back()->id()](const RunRow& row) {
    return is_live(row) || row.id == newest;
  };
  m_is_folded.emplace(name, std::none_of(set_up.places.begin(), set_up.places.end(),
                                         [&](auto place) { return hasOne(rows, place, is_live); }));
  folded.push_back(headOf(name, set_up, rows, runs));
  const bool hides = folded.back().is_folded && !wanted.below_folded;
  const auto seeds = seedsOf(set_up.runs);
  const SeedText text(seeds);
  for (std::size_t i = 0; i < set_up.places.size(); ++i) {
    const std::size_t place = set_up.places[i];
    if (hides && !hasOne(rows, place, stays))
      continue;
    rows[place].kind = RunRow::Kind::Member;
    rows[place].difference = text.of(seeds[i]);
    addTree(rows, place, 1, folded);
  }
}

std::vector<RunRow> SeedFolds::fold(std::vector<RunRow> rows, const RunList& runs,
                                    const RowsWanted& wanted) {
  const SetUps set_ups = setUpsOf(rows, runs);
  forget(set_ups, runs);
  if (set_ups.empty())
    return rows;
  std::unordered_map<std::size_t, SetUps::const_iterator> by_place;
  for (auto set_up = set_ups.begin(); set_up != set_ups.end(); ++set_up) {
    for (const std::size_t place : set_up->second.places)
      by_place.emplace(place, set_up);
  }
  std::vector<RunRow> folded;
  for (std::size_t i = 0; i < rows.size(); i += treeSize(rows, i)) {
    const auto found = by_place.find(i);
    if (found == by_place.end())
      addTree(rows, i, 0, folded);
    else if (const auto& [name, set_up] = *found->second; set_up.places.front() == i)
      addSetUp(name, set_up, rows, runs, wanted, folded);
  }
  return folded;
}

bool SeedFolds::toggle(quint64 row) {
  const auto found = std::find_if(m_ids.begin(), m_ids.end(),
                                  [row](const auto& known) { return known.second == row; });
  if (found == m_ids.end())
    return false;
  bool& is_folded = m_is_folded[found->first];
  is_folded = !is_folded;
  return true;
}

}  // namespace anchorlens::app
