// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/completing_edit.h"

#include <vector>

namespace anchorlens::widgets {

/// The pattern line of the Composer: completed, and open to whole experiments from the clipboard.
class PatternLine : public CompletingEdit {
  Q_OBJECT

 public:
  explicit PatternLine(QWidget* parent = nullptr);

  void setAnchorTokens(const std::vector<int>& tokens) { m_anchor_tokens = tokens; }

 signals:
  /// A whole experiment was pasted, not a pattern.
  void documentPasted(const QString& text);

 protected:
  void insertFromMimeData(const QMimeData* source) override;

 private:
  std::vector<int> m_anchor_tokens;
};

}  // namespace anchorlens::widgets
