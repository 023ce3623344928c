// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/dock_title.h"

#include "widgets/icons.h"

#include <QDockWidget>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

namespace anchorlens::app {

DockTitle::DockTitle(QDockWidget* dock) : QWidget(dock) {
  setProperty("role", "panel");
  setAttribute(Qt::WA_StyledBackground);
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(12, 6, 8, 4);
  layout->setSpacing(2);
  auto* title = new QLabel(dock->windowTitle(), this);
  title->setProperty("role", "title");
  layout->addWidget(title, 1);
  const auto button = [&](const QString& name) {
    auto* tool = new QToolButton(this);
    tool->setProperty("role", "flat");
    tool->setFocusPolicy(Qt::TabFocus);
    tool->setAccessibleName(name.arg(dock->windowTitle()));
    tool->setToolTip(tool->accessibleName());
    layout->addWidget(tool);
    return tool;
  };
  m_float = button(tr("Float %1"));
  m_close = button(tr("Close %1"));
  connect(m_float, &QToolButton::clicked, dock, [dock] { dock->setFloating(!dock->isFloating()); });
  connect(m_close, &QToolButton::clicked, dock, &QDockWidget::close);
}

void DockTitle::setTheme(const widgets::Theme& theme) {
  m_float->setIcon(widgets::icon(QStringLiteral("float"), theme.text_second));
  m_close->setIcon(widgets::icon(QStringLiteral("close"), theme.text_second));
}

}  // namespace anchorlens::app
