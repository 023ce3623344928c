// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment/edit_held_out.h"
#include "engine/core/experiment_json.h"
#include "widgets/composer/held_out_card.h"
#include "widgets/composer/key_section.h"
#include "widgets/composer/pair_section.h"
#include "widgets/composer/residue_row.h"

#include <QtTest>

namespace anchorlens::tests {

using namespace widgets;
using State = core::CombinationState;

/// The card with a document that takes every edit, as the Composer does.
struct Bench {
  explicit Bench(core::ExperimentSpec first) : spec(std::move(first)) {
    QObject::connect(
        &card, &ComposerCard::edited, &card,
        [this](const core::ExperimentSpec& next, const QString& text, const QString& key) {
          spec = next;
          texts << text;
          keys << key;
          card.setExperiment(spec, false);
        });
    card.resize(700, 900);
    card.show();
    card.setExperiment(spec, false);
    card.setProblems(core::checkExperiment(spec), {});
    QVERIFY(QTest::qWaitForWindowActive(&card));
  }

  PairMatrix& matrix() { return *card.findChild<PairMatrix*>(); }
  PairSection& pairs() { return *card.findChild<PairSection*>(); }
  KeySection& keysOf() { return *card.findChild<KeySection*>(); }
  ResidueRow& residue() { return *card.findChild<ResidueRow*>(); }
  QWidget* field(const QString& pointer) {
    for (FormField* field : card.findChildren<FormField*>()) {
      if (field->spec().pointer == pointer && field->isVisible())
        return field->editor();
    }
    return nullptr;
  }
  QPoint centre(int row, int column) { return matrix().cellRect(row, column).center(); }
  State state(int a, int b) const {
    return core::combinationInfo(spec.task, {{"A", a}, {"B", b}}).state;
  }
  /// Steps of undo: runs of the same non-empty key are one.
  int undoSteps() const {
    int n = 0;
    for (int i = 0; i < keys.size(); ++i)
      n += i == 0 || keys[i].isEmpty() || keys[i] != keys[i - 1];
    return n;
  }

  core::ExperimentSpec spec;
  HeldOutCard card;
  QStringList texts;
  QStringList keys;
};

inline void retype(QWidget* editor, const QString& text) {
  editor->setFocus();
  QTest::keyClick(editor, Qt::Key_A, Qt::ControlModifier);
  QTest::keyClicks(editor, text);
}

}  // namespace anchorlens::tests
