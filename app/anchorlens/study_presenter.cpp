// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/study_presenter.h"

#include "app/anchorlens/places.h"

#include <QEvent>

#include <algorithm>

namespace anchorlens::app {

namespace {

/// Of a cell's runs no more are opened at once: the others are in the list beside it.
constexpr std::size_t kMostOpened = 12;

}  // namespace

StudyPresenter::StudyPresenter(StudyList& studies, Controller& controller, widgets::StudyView& view,
                               QObject* parent)
    : QObject(parent),
      m_studies(studies),
      m_controller(controller),
      m_view(view),
      m_thread(QStringLiteral("study numbers")) {
  connect(&studies, &StudyList::changed, this, &StudyPresenter::listChanged);
  connect(&studies, &StudyList::wasRead, this,
          [this](const std::shared_ptr<const StudyFacts>& facts) {
            if (facts->study_id == m_shown)
              read();
          });
  connect(m_thread.worker(), &StudyNumbers::wasRead, this,
          [this](quint64 id, const std::shared_ptr<const core::StudyData>& data) {
            if (id == m_shown)
              m_view.setStudy(data);
          });
  connect(&controller, &Controller::thresholdsChanged, m_thread.worker(),
          &StudyNumbers::setThresholds);
  connect(&view, &widgets::StudyView::studyChosen, this, &StudyPresenter::show);
  connect(&view, &widgets::StudyView::runsTaken, this, &StudyPresenter::openRuns);
  view.installEventFilter(this);
}

bool StudyPresenter::eventFilter(QObject* watched, QEvent* event) {
  if (watched == &m_view && event->type() == QEvent::Show)
    read();
  return QObject::eventFilter(watched, event);
}

void StudyPresenter::listChanged() {
  const auto names = m_studies.names();
  if (names == m_names)
    return;
  const bool was_there = !m_names.empty();
  // One more: that is what was opened last.
  const bool has_new = names.size() > m_names.size();
  m_names = names;
  const auto is_shown = [this](const auto& name) { return name.first == m_shown; };
  const bool is_gone = std::none_of(m_names.begin(), m_names.end(), is_shown);
  if (has_new || is_gone) {
    m_shown = 0;
    show(m_names.empty() ? 0 : m_names.back().first);
  }
  m_view.setStudies(m_names, m_shown);
  if (m_names.empty())
    m_view.setStudy(nullptr);
  if (was_there == m_names.empty())
    emit availabilityChanged(!m_names.empty());
}

void StudyPresenter::show(quint64 row) {
  const quint64 id = m_studies.studyOf(row);
  if (id == m_shown || (id != 0 && m_studies.factsOf(id) == nullptr))
    return;
  m_shown = id;
  m_asked.reset();
  m_view.setStudies(m_names, m_shown);
  m_view.setStudy(nullptr);
  follow();
  read();
}

void StudyPresenter::read() {
  const auto facts = m_studies.factsOf(m_shown);
  if (!facts || facts == m_asked || !m_view.isVisible())
    return;
  m_asked = facts;
  m_thread.post([facts](StudyNumbers& worker) { worker.read(facts); });
}

void StudyPresenter::follow() {
  const RunRecord* run = m_controller.shownRun();
  m_view.setTimeCursor(run != nullptr ? std::optional(m_controller.cursor().step()) : std::nullopt);
  const auto place = run != nullptr ? m_studies.placeOf(run->directory()) : StudyList::Place{};
  m_view.setShownMember(place.study == m_shown ? place.member : -1);
}

void StudyPresenter::openRuns(const std::vector<quint64>& members, quint64 shown) {
  const auto facts = m_studies.factsOf(m_shown);
  if (!facts || shown >= facts->members.size())
    return;
  const auto is_begun = [&](quint64 member) {
    return member < facts->members.size() &&
           facts->members[member].facts.state != core::MemberFacts::State::NotStarted;
  };
  m_studies.unfold(m_shown, members);
  std::size_t opened = 1;  // the one that is shown
  for (const quint64 member : members) {
    if (member == shown || !is_begun(member) || opened == kMostOpened)
      continue;
    ++opened;
    m_controller.library().open(facts->members[member].folder);
  }
  m_controller.markRunsChanged();
  if (!is_begun(shown)) {
    emit told(tr("%1 has not started.").arg(facts->members[shown].name));
    return;
  }
  m_controller.openRunHere(facts->members[shown].folder);
  const QString name = facts->members[shown].name;
  emit told(opened == 1 ? tr("%1 is shown: see Attention and the Timeline.").arg(name)
                        : tr("%1 runs are open; %2 is shown.").arg(opened).arg(name));
}

QString StudyPresenter::name() const {
  const auto facts = m_studies.factsOf(m_shown);
  return facts ? facts->name : QString();
}

std::filesystem::path StudyPresenter::folder() const {
  return toPath(m_studies.folderOf(m_shown));
}

StudyChoice StudyPresenter::figure() const {
  StudyChoice choice;
  if (m_shown == 0)
    return choice;
  choice.data = m_view.study();
  choice.phase = m_view.phaseChoice();
  choice.curves = m_view.curveChoice();
  choice.setting = m_view.setting();
  return choice;
}

QString StudyPresenter::kind() const {
  switch (m_view.page()) {
    case widgets::StudyView::Page::Phase:
      return QStringLiteral("phase");
    case widgets::StudyView::Page::Curves:
      return QStringLiteral("study-curves");
    case widgets::StudyView::Page::Heads:
      break;
  }
  return QStringLiteral("study-scores");
}

}  // namespace anchorlens::app
