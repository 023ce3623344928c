// SPDX-License-Identifier: GPL-3.0-or-later
// The first way through the window: Help > Tour.
#include "app/anchorlens/first_start_card.h"
#include "app/anchorlens/main_toolbar.h"
#include "app/anchorlens/main_window.h"
#include "app/anchorlens/tour.h"
#include "widgets/attention_view.h"
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
  std::vector<Tour::Stop> stops;
  stops.push_back(
      {tr("Train. Space, or this button, trains what the Experiment dock describes, and "
          "pauses it. The demo takes less than a minute."),
       [this]() -> QWidget* { return m_toolbar->runButton(); },
       {}});
  stops.push_back(
      {tr("Watch. Every head has a strip that fills as it learns a pattern: yellow when "
          "it shifts, violet when it broadcasts. A triangle marks the step at which a "
          "head got its label."),
       timeline, strips});
  stops.push_back(
      {tr("Look back. Drag the cursor along the ruler, or press Left and Right: all views "
          "show that step. P replays; F follows the training again."),
       timeline, ruler});
  stops.push_back({tr("Ask why. Select a head and press A: all views show the model without it. "
                      "The tab Flow (Ctrl+3) draws the way from anchor and key to the output."),
                   [this]() -> QWidget* {
                     m_tabs->setCurrentWidget(m_attention);
                     return m_tabs->tabBar();
                   },
                   [this](const QWidget&) {
                     return m_tabs->tabBar()->tabRect(m_tabs->indexOf(m_attention) + 1);
                   }});
  stops.push_back(
      {tr("Take it along. Export (Ctrl+E) writes what you see as figures and numbers. F1 "
          "explains the view in front of you, Ctrl+Shift+P finds every action."),
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
