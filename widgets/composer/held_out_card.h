// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/composer/composer_card.h"

class QLabel;

namespace anchorlens::widgets {

/// What is never trained: the rules that make the test split.
class HeldOutCard : public ComposerCard {
  Q_OBJECT

 public:
  explicit HeldOutCard(QWidget* parent = nullptr);

  void setExperiment(const core::ExperimentSpec& experiment, bool read_only) override;

 private:
  QLabel* m_list = nullptr;
};

}  // namespace anchorlens::widgets
