// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/badge.h"
#include "widgets/head_map_data.h"
#include "widgets/theme.h"

#include <QFrame>

class QPushButton;

class QLabel;

namespace anchorlens::app {

/// A small attention map with its badge: what to look for.
class PatternPicture : public QWidget {
  Q_OBJECT

 public:
  PatternPicture(widgets::HeadMapData map, widgets::BadgeInfo badge, QWidget* parent = nullptr);
  void setTheme(const widgets::Theme& theme);
  QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  widgets::HeadMapData m_map;
  widgets::BadgeInfo m_badge;
  widgets::Theme m_theme = widgets::Theme::dark();
};

/// Under the large head until the first run: what to press, and what will be seen.
class FirstStartCard : public QFrame {
  Q_OBJECT

 public:
  explicit FirstStartCard(QWidget* parent = nullptr);
  void setTheme(const widgets::Theme& theme);
  /// Narrow windows have no room for the pictures.
  void setCompact(bool compact);
  /// The shortcut that trains; empty: there is none but the button.
  void setRunKey(const QString& key);

 signals:
  void runPressed();
  void composePressed();
  void openPressed();
  void tourPressed();

 private:
  QLabel* m_title = nullptr;
  PatternPicture* m_shift = nullptr;
  PatternPicture* m_broadcast = nullptr;
};

/// The picture of a head that looks one position back, and of one that looks at `key`.
widgets::HeadMapData shiftPicture(int length);
widgets::HeadMapData broadcastPicture(int length, int key);

}  // namespace anchorlens::app
