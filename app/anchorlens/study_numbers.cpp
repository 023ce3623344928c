// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/study_numbers.h"

#include <QElapsedTimer>

namespace anchorlens::app {

void StudyNumbers::read(const std::shared_ptr<const StudyFacts>& facts) {
  if (!facts->plan || facts->members.empty()) {
    return;
  }
  const bool is_new = !m_reader || m_study != facts->study_id;
  if (is_new) {
    m_reader.emplace(facts->plan, facts->members.front().folder.parent_path());
    m_reader->setThresholds(m_thresholds);
    m_study = facts->study_id;
  }
  bool has_news = is_new;
  QElapsedTimer since;
  since.start();
  for (std::size_t i = 0; i < facts->members.size(); ++i) {
    if (!m_reader->isOld(i, facts->members[i].facts))
      continue;
    m_reader->read(i);
    has_news = true;
    if (since.elapsed() >= kPartMs) {
      tell();
      since.restart();
    }
  }
  if (has_news)
    tell();
}

void StudyNumbers::setThresholds(const core::LabelThresholds& thresholds) {
  m_thresholds = thresholds;
  if (!m_reader)
    return;
  m_reader->setThresholds(thresholds);
  tell();
}

void StudyNumbers::tell() {
  emit wasRead(m_study, std::make_shared<const core::StudyData>(m_reader->data()));
}

}  // namespace anchorlens::app
