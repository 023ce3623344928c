// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/study_reader.h"

#include "engine/core/store/run_place.h"

#include <QStringList>

#include <algorithm>
#include <string>
#include <system_error>
#include <utility>

namespace anchorlens::app {

namespace {

using State = core::MemberFacts::State;

bool isOver(const core::MemberFacts& facts) {
  return facts.state == State::Finished || facts.state == State::Failed;
}

QString seedName(const core::StudyMember& member) {
  return member.seed ? StudyReader::tr("seed %1").arg(*member.seed) : QString();
}

/// The part of a member's name that is not the base's.
QString shortName(const core::StudyPlan& plan, const core::StudyMember& member) {
  QStringList parts{QString::fromStdString(plan.settingText(member.setting)), seedName(member)};
  parts.removeAll(QString());
  return parts.isEmpty() ? QString::fromStdString(member.folder) : parts.join(QStringLiteral(", "));
}

QString errorText(const core::SpecErrors& errors) {
  const core::SpecError& first = errors.front();
  return QString::fromStdString(first.pointer.empty() ? first.message
                                                      : first.pointer + ": " + first.message);
}

/// Of the files in which a run grows; those of one that is not there are as old as can be.
std::filesystem::file_time_type lastWritten(const std::filesystem::path& run) {
  auto latest = std::filesystem::file_time_type::min();
  for (const char* end : {"", "-wal"}) {
    std::error_code none;
    const auto at =
        std::filesystem::last_write_time(run / (std::string(core::kDatabaseName) + end), none);
    if (!none)
      latest = std::max(latest, at);
  }
  return latest;
}

}  // namespace

bool StudyFacts::isOver() const {
  return isFixed() || std::all_of(members.begin(), members.end(),
                                  [](const auto& member) { return app::isOver(member.facts); });
}

StudyFacts StudyReader::open(quint64 study_id, const std::filesystem::path& path) {
  std::error_code no_folder;
  const bool is_folder = std::filesystem::is_directory(path, no_folder);
  const auto folder = is_folder ? path : path.parent_path();
  StudyFacts facts;
  facts.study_id = study_id;
  facts.is_plan = !is_folder;
  const auto study = core::readStudy(is_folder ? path / core::kStudyFile : path);
  if (!study) {
    facts.problem = errorText(study.error());
    return facts;
  }
  facts.name = QString::fromStdString(study->name);
  auto plan = core::planStudy(*study);
  if (!plan) {
    facts.problem = errorText(plan.error());
    return facts;
  }
  for (std::size_t i = 0; i < plan->settings.size(); ++i)
    facts.settings.push_back(QString::fromStdString(plan->settingText(i)));
  for (const core::StudyMember& member : plan->members) {
    facts.members.push_back({folder / member.folder,
                             shortName(*plan, member),
                             seedName(member),
                             QString::fromStdString(member.differences),
                             member.setting,
                             {}});
  }
  facts.plan = std::make_shared<const core::StudyPlan>(std::move(*plan));
  return facts;
}

void StudyReader::read(quint64 study_id, const std::filesystem::path& path) {
  auto known = m_followed.find(study_id);
  bool has_news = known == m_followed.end();
  if (has_news) {
    known = m_followed.emplace(study_id, Followed{open(study_id, path), {}}).first;
    known->second.written.resize(known->second.facts.members.size());
  }
  StudyFacts& facts = known->second.facts;
  has_news = has_news || !facts.isOver();
  for (std::size_t i = 0; i < facts.members.size() && !facts.is_plan; ++i) {
    StudyFacts::Member& member = facts.members[i];
    const auto written = lastWritten(member.folder);
    if (app::isOver(member.facts) && written == known->second.written[i])
      continue;
    known->second.written[i] = written;
    member.facts = core::readMember(*facts.plan, i, member.folder.parent_path());
    ++facts.reads;
    has_news = true;
  }
  if (has_news)
    emit wasRead(std::make_shared<const StudyFacts>(facts));
  else
    emit unchanged(study_id);
}

}  // namespace anchorlens::app
