// SPDX-License-Identifier: GPL-3.0-or-later
// The first way through the window: Help > Tour.
#include "app/anchorlens/first_start_card.h"
#include "app/anchorlens/main_toolbar.h"
#include "app/anchorlens/main_window.h"
#include "app/anchorlens/tour.h"
#include "widgets/attention_view.h"
#include "widgets/flow/flow_view.h"
#include "widgets/timeline.h"

#include <QDockWidget>
#include <QPushButton>
#include <QStackedWidget>
#include <QTabBar>
#include <QTabWidget>

namespace anchorlens::app {

void MainWindow::startTour() {
  if (m_tour)
    m_tour->leave();
  const auto timeline = [this]() -> QWidget* {
    m_docks[TimelineDock]->show();
    return m_timeline_pages;
  };
  const auto strips = [this](const QWidget& pages) {
    const QRect lanes = m_timeline->isVisible() ? m_timeline->lanesRect() : QRect();
    return lanes.isEmpty() ? pages.rect() : lanes;
  };
  const auto ruler = [this](const QWidget& pages) {
    const QRect rect = m_timeline->isVisible() ? m_timeline->rulerRect() : QRect();
    return rect.isEmpty() ? pages.rect() : rect;
  };
  const auto key = [this](const char* id) { return m_actions->keyOrName(QString::fromLatin1(id)); };
  std::vector<Tour::Stop> stops;
  stops.push_back({tr("Train. %1, or this button, trains what the Experiment dock describes, and "
                      "pauses it. The demo takes less than a minute.")
                       .arg(key("run")),
                   [this]() -> QWidget* { return m_toolbar->runButton(); },
                   {}});
  stops.push_back(
      {tr("Watch. Every head has a strip that fills as it learns a pattern: yellow when "
          "it shifts, violet when it broadcasts. A triangle marks the step at which a "
          "head got its label."),
       timeline, strips});
  stops.push_back(
      {tr("Look back. Drag the cursor along the ruler, or press %1 and %2: all views show that "
          "step. %3 replays; %4 follows the training again.")
           .arg(key("frame-back"), key("frame-on"), key("replay"), key("follow")),
       timeline, ruler});
  stops.push_back(
      {tr("Ask why. Select a head and press %1: all views show the model without it. "
          "The tab Flow (%2) draws the way from anchor and key to the output.")
           .arg(key("ablate"), key("tab-flow")),
       [this]() -> QWidget* {
         m_tabs->setCurrentWidget(m_attention);
         return m_tabs->tabBar();
       },
       [this](const QWidget&) { return m_tabs->tabBar()->tabRect(m_tabs->indexOf(m_flow)); }});
  stops.push_back({tr("Take it along. Export (%1) writes what you see as figures and numbers. %2 "
                      "explains the view in front of you, %3 finds every action.")
                       .arg(key("export"), key("help"), key("find-action")),
                   [this]() -> QWidget* { return m_toolbar->exportButton(); },
                   {}});
  m_tour = new Tour(std::move(stops), m_parts.themes.theme(), this);
  m_tour->start();
}

Tour* MainWindow::tour() const {
  return m_tour;
}

void MainWindow::wireTour() {
  connect(m_card, &FirstStartCard::tourPressed, this, &MainWindow::startTour);
}

}  // namespace anchorlens::app
