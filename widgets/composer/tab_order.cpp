// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/composer/tab_order.h"

#include <QLayout>
#include <QScrollArea>
#include <QWidget>

#include <vector>

namespace anchorlens::widgets {

namespace {

void collect(QLayout* layout, std::vector<QWidget*>& widgets);

void collect(QWidget* widget, std::vector<QWidget*>& widgets) {
  if (widget->focusPolicy() & Qt::TabFocus)
    widgets.push_back(widget);
  if (auto* scroll = qobject_cast<QScrollArea*>(widget); scroll != nullptr && scroll->widget())
    collect(scroll->widget(), widgets);
  if (widget->layout() != nullptr)
    collect(widget->layout(), widgets);
}

void collect(QLayout* layout, std::vector<QWidget*>& widgets) {
  for (int i = 0; i < layout->count(); ++i) {
    QLayoutItem* item = layout->itemAt(i);
    if (item->widget() != nullptr)
      collect(item->widget(), widgets);
    else if (item->layout() != nullptr)
      collect(item->layout(), widgets);
  }
}

}  // namespace

void orderTabs(QWidget& root) {
  std::vector<QWidget*> widgets;
  if (root.layout() != nullptr)
    collect(root.layout(), widgets);
  for (std::size_t i = 1; i < widgets.size(); ++i)
    QWidget::setTabOrder(widgets[i - 1], widgets[i]);
}

}  // namespace anchorlens::widgets
