// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/language/complete.h"
#include "widgets/panel_pattern.h"

#include <functional>
#include <string>

class QListWidget;

namespace anchorlens::widgets {

/// What could be typed at a byte of a text.
using Completer = std::function<core::Completions(const std::string& text, int column)>;

/// A line with completion: a list under the cursor while a word of two letters or more can become
/// something longer, or on Ctrl+Space; behind each entry what it means, where the completer says
/// so. Tab and Return take the marked entry, Up and Down mark another, Escape closes.
class CompletingEdit : public PatternEdit {
  Q_OBJECT

 public:
  explicit CompletingEdit(Completer completer, QWidget* parent = nullptr);
  ~CompletingEdit() override;

  bool isCompleting() const;
  QStringList completions() const;
  QListWidget* list() const { return m_list; }

 protected:
  bool event(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;

 private:
  void complete(bool on_request);
  void showList();
  void accept();
  bool keyInList(int key);

  Completer m_completer;
  QListWidget* m_list = nullptr;
  core::Completions m_completions;
};

}  // namespace anchorlens::widgets
