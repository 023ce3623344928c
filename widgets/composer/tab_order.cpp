// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/composer/tab_order.h"

#include <QDockWidget>
#include <QLayout>
#include <QTabBar>
#include <QTabWidget>
#include <QWidget>

#include <algorithm>

namespace anchorlens::widgets {

namespace {

void collect(QLayout& layout, std::vector<QWidget*>& stops);

/// The widget, what its layout holds, then children without a layout: editors in place, cards,
/// tab bars and pages.
void collect(QWidget& widget, std::vector<QWidget*>& stops) {
  if (std::find(stops.begin(), stops.end(), &widget) != stops.end())
    return;
  stops.push_back(&widget);
  // Bars and titles are later children than what they stand above.
  if (auto* tabs = qobject_cast<QTabWidget*>(&widget))
    collect(*tabs->tabBar(), stops);
  if (auto* dock = qobject_cast<QDockWidget*>(&widget); dock && dock->titleBarWidget())
    collect(*dock->titleBarWidget(), stops);
  if (widget.layout() != nullptr)
    collect(*widget.layout(), stops);
  for (QObject* child : widget.children()) {
    auto* inner = qobject_cast<QWidget*>(child);
    if (inner != nullptr && !inner->isWindow())
      collect(*inner, stops);
  }
}

void collect(QLayout& layout, std::vector<QWidget*>& stops) {
  for (int i = 0; i < layout.count(); ++i) {
    QLayoutItem* item = layout.itemAt(i);
    if (item->widget() != nullptr)
      collect(*item->widget(), stops);
    else if (item->layout() != nullptr)
      collect(*item->layout(), stops);
  }
}

}  // namespace

std::vector<QWidget*> tabStops(QWidget& root) {
  std::vector<QWidget*> stops;
  collect(root, stops);
  std::erase_if(stops, [](const QWidget* widget) {
    return (widget->focusPolicy() & Qt::TabFocus) == 0 || widget->focusProxy() != nullptr;
  });
  return stops;
}

void orderTabs(QWidget& root) {
  const auto stops = tabStops(root);
  for (std::size_t i = 1; i < stops.size(); ++i)
    QWidget::setTabOrder(stops[i - 1], stops[i]);
}

}  // namespace anchorlens::widgets
