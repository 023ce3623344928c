// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/study_list.h"

#include "app/anchorlens/places.h"
#include "engine/core/study/spread.h"
#include "widgets/number_format.h"

#include <QFileInfo>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace anchorlens::app {

namespace {

using State = core::MemberFacts::State;
using widgets::RunRow;

/// Ids of studies and of their runs that are not open; those of runs never come so far.
constexpr quint64 kStudyIds = quint64{1} << 62;
constexpr int kMemberBits = 20;
static_assert(core::kMaxStudyRuns < (std::size_t{1} << kMemberBits));

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
  row.problem = QString::fromStdString(member.facts.reason);
  row.test_accuracy = testAccuracy(member.facts);
  row.folder = toText(member.folder);
  return row;
}

QString spreadText(const core::Spread& spread) {
  const QString low = widgets::formatAccuracy(spread.min);
  const QString high = widgets::formatAccuracy(spread.max);
  return low == high ? QString() : QObject::tr("%1 to %2").arg(low, high);
}

}  // namespace

StudyList::StudyList(RunList& runs, QObject* parent)
    : QObject(parent), m_runs(runs), m_reader(QStringLiteral("study files")) {
  connect(m_reader.worker(), &StudyReader::wasRead, this, &StudyList::take);
  m_poll.setInterval(kPollMs);
  connect(&m_poll, &QTimer::timeout, this, &StudyList::poll);
  m_poll.start();
}

bool StudyList::looksLikeStudy(const QString& folder) {
  return QFileInfo(folder + '/' + QLatin1String(core::kStudyFile)).isFile();
}

quint64 StudyList::open(const QString& folder) {
  const auto path = cleanPath(toPath(folder));
  for (const Study& study : m_studies) {
    if (study.folder == path)
      return study.id;
  }
  Study study;
  study.id = kStudyIds | (m_next_number++ << kMemberBits);
  study.folder = path;
  for (const auto& run : m_runs.all())
    study.after = std::max(study.after, run->id());
  m_studies.push_back(std::move(study));
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
  if (Study* study = find(id)) {
    study->is_folded = !study->is_folded;
    emit changed();
  }
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
    if (study.id == id)
      return toText(study.folder);
    for (std::size_t i = 0; study.facts && i < study.facts->members.size(); ++i) {
      if (memberId(study, i) == id)
        return toText(study.facts->members[i].folder);
    }
  }
  return {};
}

QStringList StudyList::folders() const {
  QStringList folders;
  for (const Study& study : m_studies)
    folders.append(toText(study.folder));
  return folders;
}

void StudyList::poll() {
  for (Study& study : m_studies) {
    if (study.is_reading || (study.facts && study.facts->isOver()))
      continue;
    study.is_reading = true;
    m_reader.post(
        [id = study.id, folder = study.folder](StudyReader& reader) { reader.read(id, folder); });
  }
}

void StudyList::take(const std::shared_ptr<const StudyFacts>& facts) {
  Study* study = find(facts->study_id);
  if (study == nullptr)
    return;
  study->is_reading = false;
  study->facts = facts;
  if (!facts->problem.isEmpty()) {
    const QString folder = toText(study->folder);
    close(study->id);
    emit failed(folder, facts->problem);
    return;
  }
  emit changed();
}

quint64 StudyList::memberId(const Study& study, std::size_t member) {
  return study.id | (static_cast<quint64>(member) + 1);
}

RunRow StudyList::headOf(const Study& study) {
  RunRow row;
  row.kind = RunRow::Kind::Study;
  row.id = study.id;
  row.is_folded = study.is_folded;
  row.folder = toText(study.folder);
  row.name = toText(study.folder.filename());
  row.status = tr("reading…");
  if (!study.facts)
    return row;
  row.name = study.facts->name;
  std::map<State, int> counts;
  std::vector<double> accuracies;
  for (const StudyFacts::Member& member : study.facts->members) {
    const State state = member.facts.state;
    ++counts[state];
    if (state == State::Finished)
      accuracies.push_back(testAccuracy(member.facts).value_or(NAN));
  }
  const auto runs = static_cast<qint64>(study.facts->members.size());
  row.status =
      tr("%1 of %2 done")
          .arg(widgets::formatInteger(counts[State::Finished]), widgets::formatInteger(runs));
  if (counts[State::Failed] > 0)
    row.status += tr(", %1 failed").arg(widgets::formatInteger(counts[State::Failed]));
  if (counts[State::Held] > 0)
    row.state = core::RunState::Training;
  else if (counts[State::Failed] > 0)
    row.state = core::RunState::Failed;
  else if (counts[State::Finished] == runs)
    row.state = core::RunState::Finished;
  else if (counts[State::NotStarted] < runs)
    row.state = core::RunState::Stopped;
  if (const auto spread = core::spreadOf(accuracies)) {
    row.test_accuracy = spread->median;
    row.difference = spreadText(*spread);
  }
  return row;
}

void StudyList::addRows(const Study& study, const std::map<QString, RunRow>& open_runs,
                        std::vector<RunRow>& rows) {
  rows.push_back(headOf(study));
  if (study.is_folded || !study.facts)
    return;
  for (std::size_t i = 0; i < study.facts->members.size(); ++i) {
    const StudyFacts::Member& member = study.facts->members[i];
    const auto open = open_runs.find(toText(member.folder));
    RunRow row = open != open_runs.end() ? open->second : memberRow(member);
    const bool has_own_name = row.is_open && row.name != toText(member.folder.filename());
    row.id = row.is_open ? row.id : memberId(study, i);
    row.kind = RunRow::Kind::Member;
    row.name = has_own_name ? row.name : member.name;
    row.difference = member.differences;
    rows.push_back(std::move(row));
  }
}

std::vector<RunRow> StudyList::rows() const {
  const std::vector<RunRow> runs = m_runs.rows();
  if (m_studies.empty())
    return runs;
  std::vector<RunRow> own;
  std::map<QString, RunRow> open_runs;  // of studies, by folder
  for (const RunRow& row : runs) {
    const auto folder = cleanPath(toPath(row.folder));
    const bool is_of_study =
        std::any_of(m_studies.begin(), m_studies.end(),
                    [&](const Study& study) { return study.folder == folder.parent_path(); });
    if (is_of_study)
      open_runs.emplace(toText(folder), row);
    else
      own.push_back(row);
  }
  std::vector<RunRow> rows;
  auto next = m_studies.rbegin();
  for (RunRow& row : own) {
    for (; next != m_studies.rend() && row.id <= next->after; ++next)
      addRows(*next, open_runs, rows);
    rows.push_back(std::move(row));
  }
  for (; next != m_studies.rend(); ++next)
    addRows(*next, open_runs, rows);
  return rows;
}

}  // namespace anchorlens::app
