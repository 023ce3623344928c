// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment_json.h"
#include "tests/widgets/made_run.h"
#include "widgets/head_map_data.h"

#include <QTest>

using namespace anchorlens;
using namespace anchorlens::widgets;

namespace {

/// Two sequences of length 4 and 3 in a batch of 4 positions; 1 layer, 2 heads; every cell differs.
core::Frame madeFrame() {
  core::Frame frame;
  frame.step = 700;
  frame.shown.n = 2;
  frame.shown.n_layers = 1;
  frame.shown.n_heads = 2;
  frame.shown.seq_len = 4;
  for (int i = 0; i < 2 * 2 * 16; ++i) {
    frame.shown.pattern.push_back(static_cast<float>(i) / 100);
  }
  return frame;
}

ProbeContext madeProbe() {
  ProbeContext probe;
  using Kind = core::RoleInfo::Kind;
  probe.roles = {
      {Kind::Noise, "noise", ""}, {Kind::Anchor, "anchor:3", "3"}, {Kind::Key, "key:x", "x"}};
  probe.pairs = {{0, 1, 2}};
  probe.shown.seq_len = 4;
  probe.shown.tokens = {57, 3, 46, 91, 3, 50, 60, 0};
  probe.shown.roles = {0, 1, 2, 0, 1, 2, 0, 0};
  probe.shown.lengths = {4, 3};
  probe.shown.forms = {0, 0};
  return probe;
}

}  // namespace

class TestHeadMapData : public QObject {
  Q_OBJECT

 private slots:
  void takesTheRightCells() {
    const core::Frame frame = madeFrame();
    const HeadMapData map = makeHeadMap(frame, madeProbe(), {false, 1}, 0, 1);
    QCOMPARE(map.step, 700);
    QCOMPARE(map.length, 3);  // padding is left out
    const auto cells = frame.shown.of(1, 0, 1);
    for (int q = 0; q < 3; ++q) {
      for (int k = 0; k < 3; ++k) {
        QCOMPARE(map.at({q, k}), cells[static_cast<std::size_t>(q * 4 + k)]);
      }
    }
    QCOMPARE(map.tokens.at(0).text, QStringLiteral("3"));
    QCOMPARE(map.tokens.at(0).role, TokenRole::Anchor);
    QCOMPARE(map.tokens.at(1).role, TokenRole::Key);
  }

  void outlinesSayWhereThePatternShouldBe() {
    const HeadMapData map = makeHeadMap(madeFrame(), madeProbe(), {false, 0}, 0, 0);
    // `57 3 46 91`: the key's row reads the anchor; later rows read the key.
    const std::vector<MapOutline> expected{{{2, 1}, {2, 1}, TokenRole::Anchor},
                                           {{2, 2}, {3, 2}, TokenRole::Key}};
    QCOMPARE(map.outlines, expected);
  }

  void outlinesOfATaskWithoutAnchorAreItsKeys() {
    ProbeContext probe = madeProbe();
    probe.pairs.clear();
    probe.roles[1].kind = core::RoleInfo::Kind::Key;
    const HeadMapData map = makeHeadMap(madeFrame(), probe, {false, 0}, 0, 0);
    const std::vector<MapOutline> expected{{{1, 1}, {3, 1}, TokenRole::Key},
                                           {{2, 2}, {3, 2}, TokenRole::Key}};
    QCOMPARE(map.outlines, expected);
  }

  void meanHasPositionsForTokens() {
    core::Frame frame = madeFrame();
    QVERIFY(makeHeadMap(frame, madeProbe(), {true, 0}, 0, 0).isEmpty());  // lengths differ: no mean
    frame.mean = frame.shown;
    frame.mean.n = 1;
    frame.mean.pattern.resize(32);
    const HeadMapData map = makeHeadMap(frame, madeProbe(), {true, 0}, 0, 1);
    QCOMPARE(map.length, 4);
    QCOMPARE(map.tokens.at(3).text, QStringLiteral("3"));
    QVERIFY(map.outlines.empty());
    QCOMPARE(map.at({0, 1}), 0.17F);
    // The sequence of full length also carries the mean, the shorter one cannot.
    QVERIFY(!makeHeadMap(frame, madeProbe(), {false, 0}, 0, 0).mean.empty());
    QVERIFY(makeHeadMap(frame, madeProbe(), {false, 1}, 0, 0).mean.empty());
  }

  void whatIsNotThereIsEmpty() {
    const core::Frame frame = madeFrame();
    const ProbeContext probe = madeProbe();
    QVERIFY(makeHeadMap(frame, probe, {false, 2}, 0, 0).isEmpty());
    QVERIFY(makeHeadMap(frame, probe, {false, -1}, 0, 0).isEmpty());
    QVERIFY(makeHeadMap(frame, probe, {false, 0}, 1, 0).isEmpty());
    QVERIFY(makeHeadMap(frame, probe, {false, 0}, 0, 2).isEmpty());
    QVERIFY(makeHeadMap({}, probe, {false, 0}, 0, 0).isEmpty());
    QVERIFY(makeHeadMaps({}, probe, {}).empty());
    core::Frame broken = frame;
    broken.shown.pattern.resize(5);
    QVERIFY(makeHeadMap(broken, probe, {false, 0}, 0, 0).isEmpty());
  }

  void textsForPeople() {
    core::Frame frame = madeFrame();
    frame.shown.pattern.assign(64, 0.91F);
    frame.mean = frame.shown;
    frame.mean.n = 1;
    frame.mean.pattern.assign(32, 0.89F);
    ProbeContext probe = madeProbe();
    probe.probe_size = 512;
    const HeadMapData map = makeHeadMap(frame, probe, {false, 0}, 0, 1);
    QCOMPARE(cellDescription(map, {3, 2}),
             QStringLiteral("Layer 0 head 1. Reader 3, token 91. Source 2, token 46, key. "
                            "Attention 0.91, untrained 0.25."));
    QVERIFY(cellDescription(map, {1, 2}).endsWith(QStringLiteral("Not allowed.")));
    const CellTip tip = cellTip(map, {3, 2});
    QCOMPARE(tip.title, QStringLiteral("Position 3 reads 46 at position 2"));
    QCOMPARE(tip.lines, (QStringList{QStringLiteral("Attention 0.91, untrained head 0.25"),
                                     QStringLiteral("Mean over 512 sequences 0.89")}));
    QCOMPARE(cellTip(map, {1, 2}).lines.size(), 1);
    QVERIFY(cellTip(map, {9, 9}).title.isEmpty());
    QCOMPARE(headName(1, 0), QStringLiteral("L1 H0"));
  }

  void numbersAreTheVisibleCells() {
    const HeadMapData map = makeHeadMap(madeFrame(), madeProbe(), {false, 0}, 0, 1);
    const NumberTable table = headMapNumbers(map);
    QCOMPARE(table.rows.size(), std::size_t(10));  // the triangle of 4
    QCOMPARE(table.columns.size(), qsizetype(table.rows.front().size()));
    QCOMPARE(std::get<qint64>(table.rows.back()[3]), 3);
    QCOMPARE(std::get<double>(table.rows.back()[7]), static_cast<double>(map.at({3, 3})));
  }

  void contextOfARealTask() {
    const auto spec = core::preset("demo");
    const auto task = core::Task::compile(spec.task);
    QVERIFY(task.has_value());
    const auto probe = core::makeProbe(*task, spec.probe);
    QVERIFY(probe.has_value());
    const ProbeContext context = makeProbeContext(*task, *probe, 16, true);
    QCOMPARE(context.shown.size(), std::size_t(16));
    QCOMPARE(context.probe_size, 512);
    for (int i = 0; i < 16; ++i) {
      const auto tokens = tokensOf(context, i);
      QCOMPARE(tokens.size(), std::size_t(9));
      const auto anchor = std::find(tokens.begin(), tokens.end(),
                                    TokenText{QStringLiteral("3"), TokenRole::Anchor});
      QVERIFY(anchor != tokens.end());
      QCOMPARE((anchor + 1)->role, TokenRole::Key);
    }
  }
};

QTEST_MAIN(TestHeadMapData)
#include "tst_head_map_data.moc"
