// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/study_reader.h"

#include <QStringList>

#include <algorithm>
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

}  // namespace

bool StudyFacts::isOver() const {
  return is_plan || !problem.isEmpty() ||
         std::all_of(members.begin(), members.end(),
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
  const auto known = m_studies.find(study_id);
  StudyFacts& facts = known != m_studies.end()
                          ? known->second
                          : m_studies.emplace(study_id, open(study_id, path)).first->second;
  for (StudyFacts::Member& member : facts.members) {
    if (facts.is_plan || app::isOver(member.facts))
      continue;
    member.facts = core::readMember(member.folder);
    ++facts.reads;
  }
  emit wasRead(std::make_shared<const StudyFacts>(facts));
}

}  // namespace anchorlens::app
