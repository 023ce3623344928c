// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment_json.h"
#include "widgets/model_drawing.h"
#include "widgets/panel_experiment.h"

#include <QAbstractButton>
#include <QLineEdit>
#include <QSignalSpy>
#include <QtTest>

#include <algorithm>
#include <set>

using namespace anchorlens;
using namespace anchorlens::widgets;

using core::ModelSpec;

namespace {

constexpr double kWidth = 220;
constexpr double kPx = 13;

ModelSpec demoModel() {
  return core::preset("demo").model;
}

QStringList keysOf(const ModelSpec& model) {
  QStringList keys;
  for (const ModelBlock& block : layoutModel(model, 201, 9, kWidth, kPx).blocks)
    keys.append(block.key);
  return keys;
}

const ModelBlock& blockOf(const ModelLayout& layout, const QString& key) {
  const auto found = std::find_if(layout.blocks.begin(), layout.blocks.end(),
                                  [&](const ModelBlock& block) { return block.key == key; });
  if (found == layout.blocks.end())
    qFatal("no block %s", qPrintable(key));
  return *found;
}

/// Boxes may lie inside each other (heads, chips), not across each other.
bool clash(const QRectF& a, const QRectF& b) {
  const QRectF both = a.intersected(b);
  const bool is_touching = both.width() < 0.5 || both.height() < 0.5;
  return !is_touching && !a.contains(b) && !b.contains(a);
}

}  // namespace

class TestModelDrawing : public QObject {
  Q_OBJECT

 private slots:
  void theDemoIsDrawnFromTheEmbeddingUp() {
    const QStringList expected{"embedding",
                               "positions",
                               "layer 0",
                               "layer 0/attention",
                               "layer 0/heads",
                               "layer 0/mask",
                               "layer 0/output",
                               "layer 0/attention/sum",
                               "layer 0/attention/norm",
                               "layer 0/mlp",
                               "layer 0/activation",
                               "layer 0/mlp/sum",
                               "layer 0/mlp/norm",
                               "layer 1",
                               "layer 1/attention",
                               "layer 1/heads",
                               "layer 1/mask",
                               "layer 1/output",
                               "layer 1/attention/sum",
                               "layer 1/attention/norm",
                               "layer 1/mlp",
                               "layer 1/activation",
                               "layer 1/mlp/sum",
                               "layer 1/mlp/norm",
                               "unembedding"};
    QCOMPARE(keysOf(demoModel()), expected);
    const auto layout = layoutModel(demoModel(), 201, 9, kWidth, kPx);
    QVERIFY(blockOf(layout, "layer 1/mlp").box.bottom() < blockOf(layout, "layer 0/mlp").box.top());
    QVERIFY(blockOf(layout, "unembedding").box.bottom() < blockOf(layout, "layer 1").box.top());
    QCOMPARE(blockOf(layout, "embedding").note, QStringLiteral("201 × 64"));
    QCOMPARE(blockOf(layout, "layer 0/mlp").note, QStringLiteral("64 → 256"));
  }

  void layerNormStandsWhereItIs() {
    ModelSpec model = demoModel();
    model.norm = ModelSpec::Norm::Pre;
    auto layout = layoutModel(model, 201, 9, kWidth, kPx);
    // On the branch into the block, before it; and once at the end.
    QVERIFY(blockOf(layout, "layer 0/mlp/norm").box.right() <=
            blockOf(layout, "layer 0/mlp").box.left());
    QVERIFY(blockOf(layout, "final/norm").box.bottom() < blockOf(layout, "layer 1").box.bottom());
    const QStringList keys = keysOf(model);
    QVERIFY(keys.indexOf("layer 0/mlp/norm") < keys.indexOf("layer 0/mlp"));
    model.norm = ModelSpec::Norm::Post;
    layout = layoutModel(model, 201, 9, kWidth, kPx);
    // On the stream, above the sum.
    const auto& norm = blockOf(layout, "layer 0/attention/norm").box;
    const auto& sum = blockOf(layout, "layer 0/attention/sum").box;
    QCOMPARE(norm.center().x(), sum.center().x());
    QVERIFY(norm.center().y() < sum.center().y());
    model.norm = ModelSpec::Norm::None;
    QVERIFY(keysOf(model).filter("norm").isEmpty());
  }

  void whatIsSwitchedOffIsDashedAndStillLeadsToItsSwitch() {
    ModelSpec model = demoModel();
    model.mlp = false;
    model.attention_output = false;
    model.positions = ModelSpec::Positions::None;
    const auto layout = layoutModel(model, 201, 9, kWidth, kPx);
    QVERIFY(blockOf(layout, "layer 0/mlp").is_off);
    QCOMPARE(blockOf(layout, "layer 0/mlp").pointer, QStringLiteral("/model/mlp"));
    QVERIFY(blockOf(layout, "layer 0/output").is_off);
    QVERIFY(blockOf(layout, "positions").is_off);
    QVERIFY(!blockOf(layout, "layer 0/attention").is_off);
  }

  void withoutResidualTheStreamGoesThroughTheBlocks() {
    ModelSpec model = demoModel();
    const auto with = layoutModel(model, 201, 9, kWidth, kPx);
    model.residual = false;
    const auto without = layoutModel(model, 201, 9, kWidth, kPx);
    QVERIFY(keysOf(model).filter("sum").isEmpty());
    // One piece of the stream less beside each of the four blocks.
    QCOMPARE(without.lines.size() + 4, with.lines.size());
  }

  void manyLayersAreOne() {
    ModelSpec model = demoModel();
    model.n_layers = 10;
    const auto layout = layoutModel(model, 201, 9, kWidth, kPx);
    QCOMPARE(layout.layers.size(), std::size_t{1});
    QCOMPARE(blockOf(layout, "layer 0").note, QStringLiteral("× 10"));
    QCOMPARE(blockOf(layout, "layer 0").text, QStringLiteral("Layers 0–9"));
  }

  void baselinesAreDrawnAsWhatTheyAre() {
    ModelSpec model = demoModel();
    model.kind = ModelSpec::Kind::Lstm;
    QCOMPARE(keysOf(model), (QStringList{"embedding", "layer 0", "layer 0/lstm", "layer 1",
                                         "layer 1/lstm", "unembedding"}));
    model.kind = ModelSpec::Kind::Mlp;
    model.mlp = false;  // means nothing here
    QCOMPARE(keysOf(model),
             (QStringList{"embedding", "input", "layer 0", "layer 0/mlp", "layer 0/activation",
                          "layer 0/mlp/norm", "layer 1", "layer 1/mlp", "layer 1/activation",
                          "layer 1/mlp/norm", "unembedding"}));
    QCOMPARE(blockOf(layoutModel(model, 201, 9, kWidth, kPx), "layer 0/mlp").note,
             QStringLiteral("64 → 256"));
  }

  void noTwoBoxesCross() {
    for (const auto kind :
         {ModelSpec::Kind::Transformer, ModelSpec::Kind::Lstm, ModelSpec::Kind::Mlp}) {
      for (const auto norm : {ModelSpec::Norm::Post, ModelSpec::Norm::Pre, ModelSpec::Norm::None}) {
        for (int bits = 0; bits < 16; ++bits) {
          for (const double width : {200.0, 330.0}) {
            ModelSpec model = demoModel();
            model.kind = kind;
            model.norm = norm;
            model.mlp = (bits & 1) != 0;
            model.attention_output = (bits & 2) != 0;
            model.residual = (bits & 4) != 0;
            model.n_layers = (bits & 8) != 0 ? 7 : 2;
            const auto layout = layoutModel(model, 201, 9, width, kPx);
            const QRectF page({0, 0}, layout.size);
            for (const ModelBlock& a : layout.blocks) {
              QVERIFY2(page.adjusted(-0.5, -0.5, 0.5, 0.5).contains(a.box), qPrintable(a.key));
              for (const ModelBlock& b : layout.blocks)
                QVERIFY2(!clash(a.box, b.box), qPrintable(a.key + " and " + b.key));
            }
          }
        }
      }
    }
  }

  void everyBlockLeadsToAFieldOfTheForm() {
    ExperimentPanel panel;
    for (const auto kind :
         {ModelSpec::Kind::Transformer, ModelSpec::Kind::Lstm, ModelSpec::Kind::Mlp}) {
      auto spec = core::preset("demo");
      spec.model.kind = kind;
      panel.showDraft(spec, {});
      for (const ModelBlock& block : layoutModel(spec.model, 201, 9, kWidth, kPx).blocks) {
        FormField* field = panel.field(block.pointer);
        QVERIFY2(field != nullptr, qPrintable(block.pointer));
        QVERIFY2(field->editor()->isEnabled(), qPrintable(block.pointer));
        QVERIFY(!block.name.isEmpty());
      }
    }
  }

  void aClickFocusesTheFieldAlsoOnAnotherTab() {
    ExperimentPanel panel;
    auto spec = core::preset("demo");
    panel.resize(252, 700);
    panel.showDraft(spec, {});
    panel.setCurrentTab(FormTab::Model);
    panel.show();
    QVERIFY(QTest::qWaitForWindowActive(&panel));
    auto* drawing = panel.findChild<ModelDrawing*>();
    QVERIFY(drawing != nullptr);
    QTest::mouseClick(drawing->block("layer 0/mlp"), Qt::LeftButton);
    QVERIFY(panel.field("/model/d_mlp")->editor()->hasFocus());
    // A part inside another one is in front.
    QTest::mouseClick(drawing->block("layer 1/mask"), Qt::LeftButton);
    QVERIFY(panel.field("/model/mask")->editor()->hasFocus());
    spec.model.kind = ModelSpec::Kind::Mlp;
    panel.showDraft(spec, {});
    QTest::mouseClick(drawing->block("input"), Qt::LeftButton);
    QCOMPARE(panel.currentTab(), FormTab::Task);
    QVERIFY(panel.field("/task/seq_len")->editor()->hasFocus());
  }

  void theKeyboardMovesAlongTheSequencesWay() {
    ModelDrawing drawing;
    drawing.resize(240, 10);
    drawing.setModel(demoModel(), 201, 9);
    drawing.show();
    QVERIFY(QTest::qWaitForWindowActive(&drawing));
    QSignalSpy activated(&drawing, &ModelDrawing::blockActivated);
    int stops = 0;
    for (const auto* button : drawing.findChildren<QAbstractButton*>())
      stops += (button->focusPolicy() & Qt::TabFocus) != 0 ? 1 : 0;
    QCOMPARE(stops, 1);
    drawing.block("embedding")->setFocus();
    QTest::keyClick(drawing.focusWidget(), Qt::Key_Up);
    QVERIFY(drawing.block("positions")->hasFocus());
    QTest::keyClick(drawing.focusWidget(), Qt::Key_Return);
    QTest::keyClick(drawing.focusWidget(), Qt::Key_Down);
    QTest::keyClick(drawing.focusWidget(), Qt::Key_Space);
    QTest::keyClick(drawing.focusWidget(), Qt::Key_Down);  // the lowest: stays
    QVERIFY(drawing.block("embedding")->hasFocus());
    QCOMPARE(activated.count(), 2);
    QCOMPARE(activated.at(0).at(0).toString(), QStringLiteral("/model/positions"));
    QCOMPARE(activated.at(1).at(0).toString(), QStringLiteral("/model/d_model"));
    QCOMPARE(drawing.block("layer 1/mask")->accessibleName(),
             QStringLiteral("Layer 1: causal mask"));
  }

  void focusStaysOnThePartWhenTheModelChanges() {
    ModelDrawing drawing;
    drawing.resize(240, 10);
    drawing.setModel(demoModel(), 201, 9);
    drawing.show();
    QVERIFY(QTest::qWaitForWindowActive(&drawing));
    drawing.block("unembedding")->setFocus();
    ModelSpec model = demoModel();
    model.norm = ModelSpec::Norm::None;  // fewer parts before it
    drawing.setModel(model, 201, 9);
    QVERIFY(drawing.block("unembedding")->hasFocus());
    QVERIFY(drawing.block("layer 0/attention/norm") == nullptr);
  }

  void aDraftWithMistakesIsDrawnToo() {
    ModelDrawing drawing;
    drawing.resize(240, 10);
    ModelSpec model = demoModel();
    for (const int value : {0, -1, 1'000'000'000}) {
      model.n_layers = value;
      model.n_heads = value;
      model.d_model = value;
      drawing.setModel(model, value, value);
      QVERIFY(!drawing.grab().isNull());
    }
  }
};

QTEST_MAIN(TestModelDrawing)
#include "tst_model_drawing.moc"
