// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/action_map.h"

#include <QString>

namespace anchorlens::app {

enum class HelpTopic {
  Composer,
  Attention,
  Compare,
  Flow,
  Weights,
  Predictions,
  Heads,
  Study,
  Timeline,
  Experiment,
  Runs,
  Inspector
};

/// What a view shows and which keys it takes, as rich text.
QString helpText(HelpTopic topic, const ActionMap& actions);
/// Not modal.
void showHelpDialog(HelpTopic topic, const ActionMap& actions, QWidget* parent);
void showAboutDialog(QWidget* parent);

}  // namespace anchorlens::app
