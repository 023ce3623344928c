// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/causal_series.h"

#include <QObject>
#include <QPointer>

namespace anchorlens::app {

class CausalDialog;
class CausalTestDialog;
class Controller;

/// The dialogs of causal tests over the run and the step that the window shows. GUI thread.
class CausalControl : public QObject {
  Q_OBJECT

 public:
  /// `window` is the dialogs' parent.
  CausalControl(Controller& controller, QWidget& window);

  /// Each head and each label of what is shown, with the table that fills.
  void testAll();
  /// `head` is proposed where no heads are named yet.
  void showTest(const core::HeadRef& head);
  /// Run or step may be other ones.
  void follow();

  /// Null until they were asked for.
  CausalDialog* allHeads() const;
  CausalTestDialog* dialog() const;

 private:
  void makeDialog();
  QString whyNot() const;

  Controller& m_controller;
  QWidget& m_window;
  CausalSeries m_all;
  CausalSeries m_asked;
  QPointer<CausalDialog> m_all_heads;
  QPointer<CausalTestDialog> m_dialog;
};

}  // namespace anchorlens::app
