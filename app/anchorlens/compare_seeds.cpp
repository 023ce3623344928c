// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/compare_seeds.h"

#include "app/anchorlens/places.h"

#include <algorithm>
#include <utility>

namespace anchorlens::app {

namespace {

/// A fork and a run that was changed are of no set-up: they stand alone.
bool isOfOneSetUp(const RunRecord& run, const RunRecord& other) {
  return &run == &other || (!run.setUp().isEmpty() && run.setUp() == other.setUp());
}

}  // namespace

CompareSeeds::CompareSeeds(Controller& controller, StudyList& studies, QObject* parent)
    : QObject(parent),
      m_controller(controller),
      m_studies(studies),
      m_thread(QStringLiteral("seed numbers")) {
  connect(m_thread.worker(), &StudyNumbers::wasRead, this,
          [this](quint64 study_id, const std::shared_ptr<const core::StudyData>& data) {
            if (study_id != m_asked->study_id)
              return;  // of the study that was looked at before
            m_data = data;
            emit changed();
          });
  connect(&controller, &Controller::thresholdsChanged, m_thread.worker(),
          &StudyNumbers::setThresholds);
}

/// A run keeps its number, whether it is open or not.
quint64 CompareSeeds::idOf(const std::filesystem::path& folder) {
  const auto known = std::find(m_folders.begin(), m_folders.end(), folder);
  const auto place = known - m_folders.begin();
  if (known == m_folders.end())
    m_folders.push_back(folder);
  return static_cast<quint64>(place) + 1;
}

void CompareSeeds::addOpenRuns(const RunRecord& run, const std::vector<RunId>& compared,
                               widgets::SeedSet& set) {
  for (const auto& other : m_controller.runs().all()) {
    if (!other->isLoaded() || !isOfOneSetUp(run, *other))
      continue;
    widgets::SeedRun seed;
    seed.id = idOf(cleanPath(other->directory()));
    seed.name = tr("%1, seed %2").arg(other->name()).arg(other->facts().spec.training.seed);
    seed.colour = other->colour();
    seed.is_compared = std::count(compared.begin(), compared.end(), other->id()) > 0;
    seed.numbers = std::make_shared<const core::RunNumbers>(widgets::seedNumbers(other->history()));
    set.runs.push_back(std::move(seed));
  }
}

void CompareSeeds::addMembers(const RunRecord& run, widgets::SeedSet& set) {
  const auto place = m_studies.placeOf(run.directory());
  const auto facts = place.study != 0 ? m_studies.factsOf(place.study) : nullptr;
  if (!facts || place.member < 0 || run.setUp().isEmpty())
    return;
  if (facts != m_asked) {
    if (m_asked && m_asked->study_id != facts->study_id)
      m_data = nullptr;
    m_asked = facts;
    m_thread.post([facts](StudyNumbers& numbers) { numbers.read(facts); });
  }
  const std::size_t setting = facts->members[static_cast<std::size_t>(place.member)].setting;
  for (std::size_t i = 0; i < facts->members.size(); ++i) {
    const auto& member = facts->members[i];
    if (member.setting != setting || member.facts.is_changed || !m_data ||
        i >= m_data->runs.size() || !m_data->runs[i])
      continue;
    const quint64 id = idOf(cleanPath(member.folder));
    const bool is_open =
        std::any_of(set.runs.begin(), set.runs.end(),
                    [id](const widgets::SeedRun& known) { return known.id == id; });
    if (is_open)
      continue;
    widgets::SeedRun seed;
    seed.id = id;
    seed.name = member.name;
    seed.colour = static_cast<int>(set.runs.size());
    seed.numbers = m_data->runs[i];
    set.runs.push_back(std::move(seed));
  }
}

widgets::SeedSet CompareSeeds::seedsOf(const RunRecord& run, const std::vector<RunId>& compared,
                                       std::optional<std::int64_t> step) {
  widgets::SeedSet set;
  set.step = step;
  addOpenRuns(run, compared, set);
  addMembers(run, set);
  set.title =
      tr("%1 runs of %2").arg(set.runs.size()).arg(QString::fromStdString(run.facts().spec.name));
  return set;
}

std::vector<std::filesystem::path> CompareSeeds::foldersOf(const RunRecord& run) const {
  std::vector<std::filesystem::path> folders;
  const auto own = cleanPath(run.directory());
  const auto add_other = [&](const std::filesystem::path& folder) {
    if (folder != own && std::count(folders.begin(), folders.end(), folder) == 0)
      folders.push_back(folder);
  };
  for (const auto& other : m_controller.runs().all()) {
    if (other->isLoaded() && isOfOneSetUp(run, *other))
      add_other(cleanPath(other->directory()));
  }
  const auto place = m_studies.placeOf(run.directory());
  const auto facts = place.study != 0 ? m_studies.factsOf(place.study) : nullptr;
  if (!facts || place.member < 0 || run.setUp().isEmpty())
    return folders;
  const std::size_t setting = facts->members[static_cast<std::size_t>(place.member)].setting;
  for (const auto& member : facts->members) {
    if (member.setting == setting && !member.facts.is_changed &&
        member.facts.state != core::MemberFacts::State::NotStarted)
      add_other(cleanPath(member.folder));
  }
  return folders;
}

std::filesystem::path CompareSeeds::folderOf(quint64 id) const {
  return id >= 1 && id <= m_folders.size() ? m_folders[static_cast<std::size_t>(id - 1)]
                                           : std::filesystem::path();
}

}  // namespace anchorlens::app
