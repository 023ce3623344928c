// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/language/complete.h"
#include "widgets/panel_pattern.h"

#include <QListWidget>

#include <vector>

namespace anchorlens::widgets {

/// The pattern line with completion: a list under the cursor while a word of two letters or more
/// can become something longer, or on Ctrl+Space. Tab and Return take the marked entry, Up and Down
/// mark another, Escape closes.
class PatternLine : public PatternEdit {
  Q_OBJECT

 public:
  explicit PatternLine(QWidget* parent = nullptr);
  ~PatternLine() override;

  void setAnchorTokens(const std::vector<int>& tokens) { m_anchor_tokens = tokens; }
  bool isCompleting() const { return m_list->isVisible(); }
  QStringList completions() const;

 signals:
  /// A whole experiment was pasted, not a pattern.
  void documentPasted(const QString& text);

 protected:
  bool event(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;
  void insertFromMimeData(const QMimeData* source) override;

 private:
  void complete(bool on_request);
  void accept();
  bool keyInList(int key);

  QListWidget* m_list = nullptr;
  core::Completions m_completions;
  std::vector<int> m_anchor_tokens;
};

}  // namespace anchorlens::widgets
