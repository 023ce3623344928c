// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/own_presets.h"
#include "widgets/preset_gallery.h"

#include <QDialog>

#include <functional>

namespace anchorlens::app {

/// Presets, examples and one's own presets as cards. Choosing one tells the experiment and closes.
class GalleryDialog : public QDialog {
  Q_OBJECT

 public:
  using Draft = std::function<core::ExperimentSpec()>;

  /// `draft` gives what is saved as a preset.
  GalleryDialog(OwnPresets presets, Draft draft, QWidget* parent = nullptr);

  widgets::PresetGallery* gallery() const { return m_gallery; }
  /// Another window may have saved or removed presets: these are shown, and no more is done.
  void reread();
  void setTheme(const widgets::Theme& theme) { m_gallery->setTheme(theme); }

 signals:
  /// One's own presets are others now, or have been read anew.
  void ownChanged();
  void chosen(const anchorlens::core::ExperimentSpec& spec, const QString& title);

 private:
  void refresh(const QString& problem);
  void showEntries(const std::vector<OwnPresets::Entry>& own);
  void choose(widgets::PresetEntry::Kind kind, const QString& name, bool is_fast);

  OwnPresets m_presets;
  Draft m_draft;
  widgets::PresetGallery* m_gallery = nullptr;
  std::vector<OwnPresets::Entry> m_own;  ///< as they are shown
};

}  // namespace anchorlens::app
