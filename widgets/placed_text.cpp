// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/placed_text.h"

#include <QHelpEvent>
#include <QTextDocument>
#include <QToolTip>

#include <algorithm>

namespace anchorlens::widgets {

namespace {

/// A name with "<s>" in it is not HTML.
QString asWritten(const QString& text) {
  return Qt::mightBeRichText(text) ? QStringLiteral("<qt>%1</qt>").arg(text.toHtmlEscaped()) : text;
}

}  // namespace

void tellTextUnder(const QHelpEvent& event, const std::vector<PlacedText>& texts, QWidget& over,
                   QPointF scrolled) {
  const QPointF point = QPointF(event.pos()) + scrolled;
  const auto found = std::find_if(texts.begin(), texts.end(), [point](const PlacedText& text) {
    return text.box.contains(point);
  });
  if (found == texts.end()) {
    QToolTip::hideText();
    return;
  }
  QToolTip::showText(event.globalPos(), asWritten(found->text), &over,
                     found->box.translated(-scrolled).toAlignedRect());
}

QString titleText(const QString& name, const QString& rest) {
  return rest.isEmpty() ? name : name + QStringLiteral(", ") + rest;
}

}  // namespace anchorlens::widgets
