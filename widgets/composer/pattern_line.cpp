// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/composer/pattern_line.h"

#include <QJsonDocument>
#include <QMimeData>

namespace anchorlens::widgets {

PatternLine::PatternLine(QWidget* parent)
    : CompletingEdit(
          [this](const std::string& text, int column) {
            return core::completionsAt(text, column, m_anchor_tokens);
          },
          parent) {
  setUndoRedoEnabled(false);  // the window's undo covers it
}

void PatternLine::insertFromMimeData(const QMimeData* source) {
  const QByteArray json = source->text().toUtf8();
  if (QJsonDocument::fromJson(json).isObject())
    emit documentPasted(source->text());
  else
    CompletingEdit::insertFromMimeData(source);
}

}  // namespace anchorlens::widgets
