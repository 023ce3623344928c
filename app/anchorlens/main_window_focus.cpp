// SPDX-License-Identifier: GPL-3.0-or-later
// Where Tab and F6 go.
#include "app/anchorlens/focus_place.h"
#include "app/anchorlens/main_toolbar.h"
#include "app/anchorlens/main_window.h"
#include "widgets/composer/tab_order.h"

#include <QApplication>
#include <QDockWidget>
#include <QTabWidget>

#include <algorithm>

namespace anchorlens::app {

namespace {

bool isIn(const QWidget* region, const QWidget* widget) {
  return widget != nullptr && (region == widget || region->isAncestorOf(widget));
}

/// Gives it the focus; false for one that cannot take it.
bool giveFocus(QWidget* widget, Qt::FocusReason reason) {
  if (widget == nullptr || !widget->isVisible() || !widget->isEnabled())
    return false;
  widget->setFocus(reason);
  return isIn(widget, QApplication::focusWidget());
}

}  // namespace

/// In reading order.
std::vector<QWidget*> MainWindow::regions() const {
  return {m_toolbar,         m_docks[ExperimentDock], centralWidget(), m_docks[TimelineDock],
          m_docks[RunsDock], m_docks[InspectorDock]};
}

/// Regions in their order, inside each as it is laid out: rows that were made later come where they
/// stand. Docks that float are windows of their own.
bool MainWindow::focusNextPrevChild(bool next) {
  std::vector<QWidget*> stops;
  for (QWidget* region : regions()) {
    if (region->isVisible() && !region->isWindow()) {
      const auto inside = widgets::tabStops(*region);
      stops.insert(stops.end(), inside.begin(), inside.end());
    }
  }
  QWidget* at = QApplication::focusWidget();
  while (at != nullptr && std::find(stops.begin(), stops.end(), at) == stops.end())
    at = at->parentWidget();
  if (!next)
    std::reverse(stops.begin(), stops.end());
  const auto current = std::find(stops.begin(), stops.end(), at);
  if (current != stops.end())
    std::rotate(stops.begin(), current + 1, stops.end());
  const auto reason = next ? Qt::TabFocusReason : Qt::BacktabFocusReason;
  return std::any_of(stops.begin(), stops.end(),
                     [reason](QWidget* stop) { return giveFocus(stop, reason); });
}

/// To the control of the next region that had the focus last, or its first.
void MainWindow::moveRegion(int by) {
  const auto all = regions();
  const int n = static_cast<int>(all.size());
  QWidget* focus = focusOf(this);
  int current = -1;
  for (int i = 0; i < n; ++i) {
    if (isIn(all[static_cast<std::size_t>(i)], focus)) {
      current = i;
      m_last_focus[all[static_cast<std::size_t>(i)]] = focus;
    }
  }
  for (int tries = 1; tries <= n; ++tries) {
    QWidget* region = all[static_cast<std::size_t>(((current + by * tries) % n + n) % n)];
    if (!region->isVisible())
      continue;
    auto stops = widgets::tabStops(*region);
    stops.insert(stops.begin(), m_last_focus.value(region));
    if (std::any_of(stops.begin(), stops.end(),
                    [](QWidget* stop) { return giveFocus(stop, Qt::TabFocusReason); }))
      return;
  }
}

}  // namespace anchorlens::app
