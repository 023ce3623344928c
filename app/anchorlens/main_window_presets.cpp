// SPDX-License-Identifier: GPL-3.0-or-later
// Where a draft can begin and what it differs from: gallery, comparison, measured speed.
#include "app/anchorlens/difference_dialog.h"
#include "app/anchorlens/folder_watch.h"
#include "app/anchorlens/gallery_dialog.h"
#include "app/anchorlens/main_window.h"
#include "app/anchorlens/places.h"
#include "engine/core/experiment_json.h"
#include "widgets/composer/composer_view.h"
#include "widgets/panel_experiment.h"
#include "widgets/preset_box.h"

#include <QStatusBar>

namespace anchorlens::app {

void MainWindow::wirePresets() {
  connect(m_experiment, &widgets::ExperimentPanel::galleryRequested, this,
          &MainWindow::showGallery);
  connect(m_experiment, &widgets::ExperimentPanel::compareRequested, this,
          &MainWindow::showDifferences);
  // How fast the draft trains is told on that tab: measured while it is looked at.
  connect(m_experiment, &widgets::ExperimentPanel::tabChanged, this, [this](widgets::FormTab tab) {
    m_controller.setSpeedWanted(tab == widgets::FormTab::Training);
  });
  connect(&m_parts.themes, &widgets::ThemeController::changed, this,
          [this](const widgets::Theme& theme) {
            if (m_gallery != nullptr)
              m_gallery->setTheme(theme);
          });
  auto* watch = new FolderWatch(presetFolder(), this);
  connect(watch, &FolderWatch::changed, this, [this] {
    if (m_gallery != nullptr)
      m_gallery->reread();
    showOwnPresets();
  });
  showOwnPresets();
}

/// One's own are those in the folder now; what cannot be read the gallery tells.
void MainWindow::showOwnPresets() {
  std::vector<widgets::OwnPreset> presets;
  for (const OwnPresets::Entry& own : OwnPresets(toPath(presetFolder())).list()) {
    if (own.spec)
      presets.push_back({own.name, *own.spec});
  }
  m_experiment->setOwnPresets(presets);
  m_composer->setOwnPresets(presets);
}

void MainWindow::choosePreset(const QString& name) {
  if (widgets::isShippedPreset(name)) {
    m_controller.choosePreset(name);
    return;
  }
  for (const OwnPresets::Entry& own : OwnPresets(toPath(presetFolder())).list()) {
    if (own.name == name && own.spec) {
      m_controller.replaceDraft(*own.spec, tr("choose preset %1").arg(name));
      return;
    }
  }
  statusBar()->showMessage(tr("The preset “%1” cannot be read any more.").arg(name));
  showOwnPresets();
}

void MainWindow::showGallery() {
  if (m_gallery == nullptr) {
    m_gallery = new GalleryDialog(
        OwnPresets(toPath(presetFolder())), [this] { return m_controller.draft().spec(); }, this);
    m_gallery->setAttribute(Qt::WA_DeleteOnClose);
    connect(m_gallery, &GalleryDialog::ownChanged, this, &MainWindow::showOwnPresets);
    connect(m_gallery, &GalleryDialog::chosen, this,
            [this](const core::ExperimentSpec& spec, const QString& title) {
              m_controller.replaceDraft(spec, tr("choose preset %1").arg(title));
            });
  }
  m_gallery->setTheme(m_parts.themes.theme());
  m_gallery->show();
  m_gallery->raise();
  m_gallery->activateWindow();
}

void MainWindow::showDifferences() {
  std::vector<DifferenceDialog::Source> sources;
  for (const auto& run : m_controller.runs().all()) {
    if (run->isLoaded())
      sources.push_back({run->name(), run->facts().spec});
  }
  for (const OwnPresets::Entry& own : OwnPresets(toPath(presetFolder())).list()) {
    if (own.spec)
      sources.push_back({own.name, *own.spec});
  }
  for (const auto& names : {core::presetNames(), core::exampleNames()}) {
    for (const std::string& name : names)
      sources.push_back({QString::fromStdString(name), core::preset(name)});
  }
  auto* dialog = new DifferenceDialog(m_controller.draft().spec(), std::move(sources), this);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->open();
}

}  // namespace anchorlens::app
