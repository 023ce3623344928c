// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/study_list.h"

#include "app/anchorlens/places.h"
#include "app/anchorlens/run_summary.h"
#include "widgets/number_format.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

namespace anchorlens::app {

namespace {

using State = core::MemberFacts::State;
using widgets::RunRow;

/// Ids of studies and of their runs that are not open; those of runs never come so far.
constexpr quint64 kStudyIds = quint64{1} << 62;
constexpr int kMemberBits = 20;
constexpr quint64 kSettingIds = quint64{1} << (kMemberBits - 1);  ///< behind those of the runs
static_assert(core::kMaxStudyRuns < kSettingIds);

std::optional<double> testAccuracy(const core::MemberFacts& facts) {
  if (facts.metrics.groups.empty() || !std::isfinite(facts.metrics.test_accuracy))
    return std::nullopt;
  return facts.metrics.test_accuracy;
}

/// A run of a study that is only known by its summary.
RunRow memberRow(const StudyFacts::Member& member) {
  RunRow row;
  row.is_open = false;
  row.state = member.facts.run_state;
  row.status = member.facts.state == State::NotStarted
                   ? QObject::tr("not started")
                   : widgets::runStatusText(row.state, member.facts.step);
  if (member.facts.state != State::NotStarted)
    row.step = member.facts.step;
  row.problem = QString::fromStdString(member.facts.reason);
  row.test_accuracy = testAccuracy(member.facts);
  return row;
}

RunSummary summaryOf(std::span<const StudyFacts::Member> members) {
  RunSummary summary;
  for (const StudyFacts::Member& member : members)
    summary.add(member.facts.state, testAccuracy(member.facts));
  return summary;
}

/// Settings are rows where they fold something: several settings, and several runs of some.
bool hasSettingRows(const StudyFacts& facts) {
  return facts.settings.size() > 1 && facts.members.size() > facts.settings.size();
}

}  // namespace

StudyList::StudyList(RunList& runs, QObject* parent)
    : QObject(parent), m_runs(runs), m_reader(QStringLiteral("study files")) {
  connect(m_reader.worker(), &StudyReader::wasRead, this, &StudyList::take);
  connect(m_reader.worker(), &StudyReader::unchanged, this, [this](quint64 id) {
    if (Study* study = find(id))
      study->is_reading = false;
  });
  m_poll.setInterval(kPollMs);
  connect(&m_poll, &QTimer::timeout, this, &StudyList::poll);
}

bool StudyList::looksLikeStudy(const QString& folder) {
  return QFileInfo(folder + '/' + QLatin1String(core::kStudyFile)).isFile();
}

bool StudyList::isStudyFile(const QString& name) {
  QFile file(name);
  return file.open(QIODevice::ReadOnly) &&
         QJsonDocument::fromJson(file.readAll()).object().value(QLatin1String("format")) ==
             QLatin1String("anchorlens-study");
}

quint64 StudyList::open(const QString& text) {
  const auto path = cleanPath(toPath(text));
  for (const Study& study : m_studies) {
    if (study.path == path)
      return study.id;
  }
  Study study;
  study.id = kStudyIds | (m_next_number++ << kMemberBits);
  study.path = path;
  for (const auto& run : m_runs.all())
    study.after = std::max(study.after, run->id());
  m_studies.push_back(std::move(study));
  m_poll.start();
  poll();
  emit changed();
  return m_studies.back().id;
}

void StudyList::close(quint64 id) {
  std::erase_if(m_studies, [id](const Study& study) { return study.id == id; });
  m_reader.post([id](StudyReader& reader) { reader.close(id); });
  emit changed();
}

void StudyList::toggleFold(quint64 id) {
  if (m_seeds.toggle(id)) {
    emit changed();
    return;
  }
  Study* study = find(id);
  if (study != nullptr) {
    study->is_folded = !study->is_folded;
    emit changed();
    return;
  }
  const quint64 in_study = (quint64{1} << kMemberBits) - 1;
  study = find(id & ~in_study);
  if (study == nullptr || (id & kSettingIds) == 0)
    return;
  const auto setting = static_cast<std::size_t>(id & (kSettingIds - 1));
  if (study->unfolded.erase(setting) == 0)
    study->unfolded.insert(setting);
  emit changed();
}

StudyList::Study* StudyList::find(quint64 id) {
  return const_cast<Study*>(std::as_const(*this).find(id));
}

const StudyList::Study* StudyList::find(quint64 id) const {
  const auto found = std::find_if(m_studies.begin(), m_studies.end(),
                                  [id](const Study& study) { return study.id == id; });
  return found == m_studies.end() ? nullptr : &*found;
}

QString StudyList::folderOf(quint64 id) const {
  for (const Study& study : m_studies) {
    const bool is_plan = study.facts && study.facts->is_plan;
    const QString own = toText(is_plan ? study.path.parent_path() : study.path);
    if (study.id == id)
      return own;
    for (std::size_t i = 0; study.facts && i < study.facts->members.size(); ++i) {
      if (memberId(study, i) == id)
        return is_plan ? own : toText(study.facts->members[i].folder);
    }
  }
  return {};
}

QStringList StudyList::paths() const {
  QStringList paths;
  for (const Study& study : m_studies)
    paths.append(toText(study.path));
  return paths;
}

/// A study that is over is looked at more seldom: a run of it may be gone on with by hand.
void StudyList::poll() {
  bool is_any = false;
  ++m_polls;
  for (Study& study : m_studies) {
    if (study.isFixed())
      continue;
    is_any = true;
    if (study.isOver() && m_polls % kOverEvery != 0)
      continue;
    if (std::exchange(study.is_reading, true))
      continue;
    m_reader.post(
        [id = study.id, path = study.path](StudyReader& reader) { reader.read(id, path); });
  }
  if (!is_any)
    m_poll.stop();
}

void StudyList::take(const std::shared_ptr<const StudyFacts>& facts) {
  Study* study = find(facts->study_id);
  if (study == nullptr)
    return;
  study->is_reading = false;
  study->facts = facts;
  if (!facts->problem.isEmpty()) {
    const QString path = toText(study->path);
    close(study->id);
    emit failed(path, facts->problem);
    return;
  }
  emit changed();
  if (!facts->is_plan)
    emit wasRead(facts);
}

quint64 StudyList::studyOf(quint64 id) const {
  constexpr quint64 kInStudy = (quint64{1} << kMemberBits) - 1;
  return id >= kStudyIds && isStudy(id & ~kInStudy) ? id & ~kInStudy : 0;
}

StudyList::Place StudyList::placeOf(const std::filesystem::path& run) const {
  const auto path = cleanPath(run);
  for (const Study& study : m_studies) {
    if (!study.facts || study.path != path.parent_path())
      continue;
    const auto& members = study.facts->members;
    const auto found = std::find_if(members.begin(), members.end(), [&](const auto& member) {
      return member.folder.filename() == path.filename();
    });
    if (found != members.end())
      return {study.id, static_cast<int>(found - members.begin())};
  }
  return {};
}

std::vector<std::pair<quint64, QString>> StudyList::names() const {
  std::vector<std::pair<quint64, QString>> names;
  for (const Study& study : m_studies) {
    if (study.facts && !study.facts->is_plan)
      names.emplace_back(study.id, study.facts->name);
  }
  return names;
}

std::shared_ptr<const StudyFacts> StudyList::factsOf(quint64 id) const {
  const Study* study = find(id);
  return study == nullptr || !study->facts || study->facts->is_plan ? nullptr : study->facts;
}

void StudyList::unfold(quint64 id, const std::vector<quint64>& members) {
  Study* study = find(id);
  if (study == nullptr || !study->facts)
    return;
  study->is_folded = false;
  for (const quint64 member : members) {
    if (member < study->facts->members.size())
      study->unfolded.insert(study->facts->members[member].setting);
  }
  emit changed();
}

quint64 StudyList::memberId(const Study& study, std::size_t member) {
  return study.id | (static_cast<quint64>(member) + 1);
}

quint64 StudyList::settingId(const Study& study, std::size_t setting) {
  return study.id | kSettingIds | static_cast<quint64>(setting);
}

RunRow StudyList::headOf(const Study& study) {
  RunRow row;
  row.kind = RunRow::Kind::Study;
  row.id = study.id;
  row.is_folded = study.is_folded;
  row.folder = toText(study.path);
  row.name = toText(study.path.filename());
  row.status = tr("reading…");
  if (!study.facts)
    return row;
  row.name = study.facts->name;
  summaryOf(study.facts->members).fill(row);
  if (study.facts->is_plan) {
    row.status = row.n_runs == 1
                     ? tr("1 run, not started")
                     : tr("%1 runs, not started").arg(widgets::formatInteger(row.n_runs));
  }
  return row;
}

/// Of the setting that begins with the run `first`: seeds vary fastest, its runs stand together.
RunRow StudyList::settingOf(const Study& study, std::size_t first) {
  const auto& members = study.facts->members;
  const std::size_t setting = members[first].setting;
  std::size_t end = first;
  while (end < members.size() && members[end].setting == setting)
    ++end;
  RunRow row;
  row.kind = RunRow::Kind::Setting;
  row.id = settingId(study, setting);
  row.depth = 1;
  row.is_folded = !study.unfolded.contains(setting);
  row.name = study.facts->settings[setting];
  summaryOf(std::span(members).subspan(first, end - first)).fill(row);
  return row;
}

void StudyList::addRows(const Study& study, const OpenRuns& open_runs, bool below_folded,
                        std::vector<RunRow>& rows) {
  rows.push_back(headOf(study));
  if (!study.facts || (study.is_folded && !below_folded))
    return;
  const bool has_settings = hasSettingRows(*study.facts);
  for (std::size_t i = 0; i < study.facts->members.size(); ++i) {
    const StudyFacts::Member& member = study.facts->members[i];
    if (has_settings && (i == 0 || member.setting != study.facts->members[i - 1].setting))
      rows.push_back(settingOf(study, i));
    if (has_settings && !below_folded && !study.unfolded.contains(member.setting))
      continue;
    const auto open = open_runs.find(member.folder.string());
    RunRow row = open != open_runs.end() ? open->second : memberRow(member);
    const bool has_own_name = row.is_open && row.name != toText(member.folder.filename());
    row.id = row.is_open ? row.id : memberId(study, i);
    row.kind = RunRow::Kind::Member;
    row.depth = has_settings ? 2 : 1;
    if (!has_own_name)
      row.name = has_settings ? member.seed : member.name;
    row.difference = member.differences;
    if (!study.facts->is_plan)
      row.folder = toText(member.folder);
    rows.push_back(std::move(row));
  }
}

std::vector<RunRow> StudyList::rows(const RowsWanted& wanted) {
  return m_seeds.fold(withStudies(m_runs.rows(), wanted.below_folded), m_runs, wanted);
}

std::vector<RunRow> StudyList::withStudies(std::vector<RunRow> runs, bool below_folded) const {
  if (m_studies.empty())
    return runs;
  std::set<std::string> folders;
  for (const Study& study : m_studies)
    folders.insert(study.path.string());
  std::unordered_map<RunId, const std::string*> locations;
  for (const auto& run : m_runs.all())
    locations.emplace(run->id(), &run->location());
  std::vector<RunRow> own;
  OpenRuns open_runs;
  int gone = -1;  // depth of a run whose forks stand by themselves
  for (RunRow& row : runs) {
    const std::string& folder = *locations.at(row.id);
    const bool is_of_study = folders.contains(folder.substr(0, folder.rfind('/')));
    if (gone >= 0 && row.depth > gone)
      row.depth -= gone + 1;
    else
      gone = is_of_study ? row.depth : -1;
    if (is_of_study)
      open_runs.emplace(folder, std::move(row));
    else
      own.push_back(std::move(row));
  }
  std::vector<RunRow> rows;
  auto next = m_studies.rbegin();
  for (RunRow& row : own) {
    // A fork stands below its parent, also where it was opened before.
    for (; row.depth == 0 && next != m_studies.rend() && row.id <= next->after; ++next)
      addRows(*next, open_runs, below_folded, rows);
    rows.push_back(std::move(row));
  }
  for (; next != m_studies.rend(); ++next)
    addRows(*next, open_runs, below_folded, rows);
  return rows;
}

}  // namespace anchorlens::app
