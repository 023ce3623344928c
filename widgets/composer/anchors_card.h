// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/composer/composer_card.h"

class QLabel;

namespace anchorlens::widgets {

/// What each anchor does to its keys.
class AnchorsCard : public ComposerCard {
  Q_OBJECT

 public:
  explicit AnchorsCard(QWidget* parent = nullptr);

  void setExperiment(const core::ExperimentSpec& experiment, bool read_only) override;

 private:
  QLabel* m_list = nullptr;
};

}  // namespace anchorlens::widgets
