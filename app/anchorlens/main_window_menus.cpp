// SPDX-License-Identifier: GPL-3.0-or-later
// Menus where things are: of a head.
#include "app/anchorlens/main_window.h"
#include "widgets/attention_view.h"

#include <QMenu>

namespace anchorlens::app {

void MainWindow::wireHeadMenu() {
  connect(m_attention->grid(), &widgets::HeadGrid::menuRequested, this,
          [this](const QPoint& global) {
            static const QStringList kIds{
                "ablate",     "test-head",  "causal-test", "cut-edge",    "",
                "now-freeze", "now-ablate", "now-clamp",   "now-release", "",
                "fork",       "",           "export",      "copy",        "copy-numbers"};
            auto* menu = new QMenu(this);
            menu->setAttribute(Qt::WA_DeleteOnClose);
            menu->setObjectName(QStringLiteral("head menu"));
            for (const QString& id : kIds)
              id.isEmpty() ? menu->addSeparator() : (menu->addAction((*m_actions)[id]), nullptr);
            menu->popup(global);
          });
}

}  // namespace anchorlens::app
