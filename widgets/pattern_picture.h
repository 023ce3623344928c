// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/head_map.h"
#include "widgets/theme.h"

#include <QStringList>
#include <QWidget>

#include <vector>

namespace anchorlens::widgets {

/// A pattern as a row of tokens by role: what stands in a sequence, an arrow, the answer. Brackets
/// and bars are plain. A text that is no pattern is one plain token.
std::vector<TokenText> patternTokens(const QString& pattern);

/// One or several patterns drawn as tokens; a long one goes on in the next line.
class PatternPicture : public QWidget {
  Q_OBJECT

 public:
  explicit PatternPicture(QWidget* parent = nullptr);

  void setPatterns(const QStringList& patterns);
  void setTheme(const Theme& theme);

  bool hasHeightForWidth() const override { return true; }
  int heightForWidth(int width) const override;
  QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  struct Placed {
    QRectF box;
    TokenText token;
  };
  std::vector<Placed> place(double width) const;

  std::vector<std::vector<TokenText>> m_rows;
  Theme m_theme = Theme::dark();
};

}  // namespace anchorlens::widgets
