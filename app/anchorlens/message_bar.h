// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>

#include <functional>
#include <utility>
#include <vector>

class QVBoxLayout;

namespace anchorlens::app {

/// Lines above the centre that ask or warn without stopping anything. Each has a key: a new line of
/// the same key takes the old one's place.
class MessageBar : public QWidget {
  Q_OBJECT

 public:
  enum class Kind { Info, Warning, Problem };
  using Action = std::pair<QString, std::function<void()>>;

  explicit MessageBar(QWidget* parent = nullptr);
  /// Any button closes the line, and so does its ✕.
  void showMessage(const QString& key, Kind kind, const QString& text,
                   const std::vector<Action>& actions = {});
  void hideMessage(const QString& key);
  /// The focus to its first button: whoever asked by the keyboard answers by it.
  void focusAction(const QString& key);
  /// Empty when there is no line of that key.
  QString text(const QString& key) const;

 private:
  QVBoxLayout* m_layout = nullptr;
};

}  // namespace anchorlens::app
