// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/theme.h"

#include <QString>
#include <QWidget>

namespace anchorlens::widgets {

/// A token in its box, as in the views; for reading only.
class TokenChip : public QWidget {
  Q_OBJECT

 public:
  TokenChip(int token, QWidget* parent = nullptr);
  TokenChip(const QString& text, TokenRole role, QWidget* parent = nullptr);

  void setTheme(const Theme& theme);
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override { return sizeHint(); }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QString m_text;
  TokenRole m_role = TokenRole::Anchor;
  Theme m_theme = Theme::dark();
};

}  // namespace anchorlens::widgets
