// SPDX-License-Identifier: GPL-3.0-or-later
// Rows, groups and counts of answers, worked out by hand.
#include "engine/core/experiment_json.h"
#include "tests/widgets/made_run.h"
#include "widgets/colour_map.h"
#include "widgets/predictions/group_view.h"
#include "widgets/predictions/lens_view.h"
#include "widgets/predictions/prediction_data.h"
#include "widgets/predictions/probe_summary.h"

#include <QImage>
#include <QPainter>
#include <QTest>

#include <cmath>

using namespace anchorlens;
using namespace anchorlens::widgets;

namespace {

core::SequenceSet threeSequences() {
  core::SequenceSet set;
  set.seq_len = 2;
  set.tokens = {3, 4, 3, 5, 3, 6};
  set.roles = {0, 0, 0, 0, 0, 0};
  set.lengths = {2, 2, 2};
  set.targets = {4, 5, 6};
  set.groups = {0, 1, 0};
  set.forms = {0, 0, 0};
  return set;
}

core::GroupInfo group(const char* name, core::GroupInfo::Kind kind) {
  core::GroupInfo info;
  info.name = name;
  info.kind = kind;
  return info;
}

}  // namespace

class TestPredictionData : public QObject {
  Q_OBJECT

 private slots:
  void rowsHaveAnswerGroupAndMark() {
    ProbeContext probe;
    probe.shown = threeSequences();
    probe.shown.answer_offsets = {0, 2, 3, 4};
    probe.shown.answers = {{4, 0.8}, {5, 0.2}, {5, 1.0}, {6, 1.0}};
    probe.roles = {{core::RoleInfo::Kind::Noise, "noise", ""}};
    core::Frame frame;
    frame.step = 7;
    frame.predictions = {{{4, 5, 1, 2, 3}, {0.7F, 0.2F, 0.05F, 0.03F, 0.02F}},
                         {{9, 5, 1, 2, 3}, {0.6F, 0.3F, 0.05F, 0.03F, 0.02F}}};
    const std::vector<core::GroupInfo> groups{
        group("A=1 seen", core::GroupInfo::Kind::Seen),
        group("A=1 held_out", core::GroupInfo::Kind::HeldOutKeys)};
    const auto rows = predictionRows(frame, probe, groups);
    QCOMPARE(rows.size(), std::size_t(2));  // the frame keeps two
    QVERIFY(rows[0].is_right);
    QCOMPARE(rows[0].answers.size(), std::size_t(2));
    QCOMPARE(rows[0].probabilityOf(5), static_cast<double>(0.2F));
    QCOMPARE(rows[0].probabilityOf(100), -1.0);
    QCOMPARE(rows[0].group, QStringLiteral("A=1 seen"));
    QVERIFY(!rows[1].is_right);
    const NumberTable table = predictionNumbers(rows, 7);
    QCOMPARE(table.columns.size(), 15);
    QCOMPARE(std::get<QString>(table.rows[1][1]), QStringLiteral("3 5"));
    QCOMPARE(std::get<qint64>(table.rows[1][4]), 0);
    QCOMPARE(std::get<qint64>(table.rows[1][5]), 9);
  }

  void groupsAreAMatrix() {
    const std::vector<core::GroupInfo> groups{
        group("A=1 seen", core::GroupInfo::Kind::Seen),
        group("A=1 held_out", core::GroupInfo::Kind::HeldOutKeys),
        group("A=2 seen", core::GroupInfo::Kind::Seen),
        group("A=2 held_out", core::GroupInfo::Kind::HeldOutKeys)};
    core::Metrics metrics;
    metrics.step = 5;
    metrics.groups = {{0, 40, 0.9, 0.2}, {3, 12, 0.25, 1.5}};
    const GroupMatrix matrix = groupMatrix(groups, &metrics);
    QCOMPARE(matrix.rows, (QStringList{"A=1", "A=2"}));
    QCOMPARE(matrix.columns, (QStringList{"seen", "held-out keys"}));
    QCOMPARE(matrix.at(0, 0).n, 40);
    QCOMPARE(matrix.at(1, 1).accuracy, 0.25);
    QCOMPARE(matrix.at(0, 1).n, 0);  // no sequences, not accuracy 0
    QCOMPARE(matrix.at(0, 1).group, 1);
    QCOMPARE(groupNumbers(matrix, 5).rows.size(), std::size_t(2));
  }

  /// The composite preset: 16 pairs, two of their kinds each but for the pair that is held out.
  void thePresetsGroupsFillTheMatrix() {
    const auto task = core::Task::compile(core::preset("composite").task);
    QVERIFY(task);
    const GroupMatrix matrix = groupMatrix(task->groups(), nullptr);
    QCOMPARE(matrix.rows.size(), 16);
    QVERIFY(matrix.rows.contains(QStringLiteral("A=3 B=4")));
    int cells = 0;
    for (const auto& row : matrix.cells) {
      for (const GroupCell& cell : row) {
        cells += cell.group >= 0 ? 1 : 0;
      }
    }
    QCOMPARE(static_cast<std::size_t>(cells), task->groups().size());
  }

  void curvesKeepTheirExtremes() {
    std::vector<core::Metrics> metrics;
    for (int i = 0; i < 4000; ++i) {
      core::Metrics row;
      row.step = i;
      row.groups = {{0, 10, i == 1234 ? 1.0 : 0.5, i == 2345 ? 4.0 : 0.25}};
      metrics.push_back(row);
    }
    const auto curves = groupCurves(2, metrics, 240);
    QVERIFY(curves[0].accuracy.size() <= 240 && curves[0].loss.size() <= 240);
    const auto highest = [](const Series& series) {
      return *std::max_element(series.values.begin(), series.values.end());
    };
    QCOMPARE(highest(curves[0].accuracy), 1.0);
    QCOMPARE(highest(curves[0].loss), 4.0);
    QVERIFY(curves[1].accuracy.isEmpty() && curves[1].loss.isEmpty());
    QCOMPARE(*lossRange(curves), std::pair(0.25, 4.0));
    QVERIFY(!lossRange(groupCurves(2, {})));
  }

  /// Losses have a logarithmic height over what all groups span, and the colour of e^-loss.
  void groupsAreDrawnOverTime() {
    const std::vector<core::GroupInfo> groups{group("seen", core::GroupInfo::Kind::Seen)};
    std::vector<core::Metrics> metrics(3);
    for (std::size_t i = 0; i < 3; ++i) {
      metrics[i].step = static_cast<std::int64_t>(i) * 100;
      metrics[i].groups = {{0, 10, 1 - 0.5 * static_cast<double>(i),
                            i == 0   ? 10.0
                            : i == 1 ? 1.0
                                     : 0.1}};
    }
    const GroupMatrix matrix = groupMatrix(groups, &metrics[2]);
    const auto curves = groupCurves(1, metrics);
    for (const GroupValue value : {GroupValue::Accuracy, GroupValue::Loss}) {
      GroupPaintOptions options;
      options.value = value;
      QImage image(groupsSize(matrix, options.font_px).toSize() + QSize(4, 4),
                   QImage::Format_ARGB32_Premultiplied);
      image.fill(Qt::white);
      QPainter painter(&image);
      const Theme theme = Theme::light();
      paintGroups(painter, {0, 0}, matrix, curves, 0, options, theme);
      painter.end();
      const QRectF cell = groupCell(matrix, options.font_px, 0, 0);
      // Left of the text, inside the rounded square.
      QCOMPARE(image.pixel(static_cast<int>(cell.left()) + 3, static_cast<int>(cell.center().y())),
               colourAt(ColourMap::Viridis, value == GroupValue::Loss ? std::exp(-0.1) : 0.0));
      // A straight line from the upper left to the lower right: its middle is the plot's.
      const QRectF plot = cell.adjusted(options.font_px * 4, 2, 0, -2);
      const auto accent = [&](double x, double y) {
        const QColor colour = image.pixelColor(static_cast<int>(plot.left() + x * plot.width()),
                                               static_cast<int>(plot.top() + y * plot.height()));
        return std::abs(colour.red() - theme.accent.red()) +
                   std::abs(colour.green() - theme.accent.green()) +
                   std::abs(colour.blue() - theme.accent.blue()) <
               120;
      };
      QVERIFY(accent(0.5, 0.5));
      QVERIFY(!accent(0.5, 0.15) && !accent(0.5, 0.85));
    }
  }

  void theProbeIsCounted() {
    core::SequenceSet set = threeSequences();
    set.answer_offsets = {0, 2, 3, 4};
    set.answers = {{4, 0.8}, {5, 0.2}, {5, 1.0}, {6, 1.0}};
    // Softmax of the first row: e^2, e^1 against 6 others of e^0.
    std::vector<float> logits(3 * 8, 0.0F);
    logits[4] = 2;  // right
    logits[5] = 1;
    logits[8 + 7] = 3;   // 7 instead of 5
    logits[16 + 7] = 3;  // 7 instead of 6
    const ProbeSummary summary = summarise(set, logits, 8, 42);
    QCOMPARE(summary.n, 3);
    QCOMPARE(summary.n_right, 1);
    QCOMPARE(summary.deviations, (std::map<std::int32_t, std::int64_t>{{0, 1}, {1, 1}, {2, 1}}));
    QCOMPARE(summary.confusions, (std::vector<Confusion>{{5, 7, 1}, {6, 7, 1}}));
    QCOMPARE(summary.calibration.size(), std::size_t(2));
    const double sum = std::exp(2.0) + std::exp(1.0) + 6;
    QVERIFY(std::abs(summary.calibration[0].p_model - std::exp(2.0) / sum) < 1e-12);
    QVERIFY(std::abs(summary.calibration[1].p_model - std::exp(1.0) / sum) < 1e-12);
    QCOMPARE(summary.meanOfRank(0).second, 0.8);
    QVERIFY(std::isnan(summary.meanOfRank(5).first));
    QCOMPARE(deviationNumbers(summary).rows.size(), std::size_t(3));
    QCOMPARE(calibrationNumbers(summary).rows.size(), std::size_t(2));
    QCOMPARE(confusionNumbers(summary).rows.size(), std::size_t(2));
    const QList<QByteArray> lines = probeNumbers(summary).csv().trimmed().split('\n');
    QCOMPARE(lines.size(), 8);
    QCOMPARE(lines[0], "part,deviation,answer,predicted,n,most_probable,rank,p_true,p_model");
    QCOMPARE(lines[2], "deviation,1,,,1,,,,");
    QCOMPARE(lines[4], "wrong answer,,5,7,1,,,,");
    QVERIFY2(lines[6].startsWith("calibration,,4,,,4,0,0.8,"), lines[6].constData());
    QVERIFY2(lines[7].startsWith("calibration,,5,,,4,1,0.2,"), lines[7].constData());
  }

  void theLensIsATable() {
    LensData lens;
    lens.step = 3;
    lens.n_layers = 1;
    lens.length = 2;
    lens.tokens = {{QStringLiteral("3"), TokenRole::Anchor},
                   {QStringLiteral("46"), TokenRole::Key}};
    lens.cells.resize(4);
    lens.cells[3] = {{46, 45, 44, 43, 42}, {0.9F, 0.05F, 0.02F, 0.01F, 0.01F}};
    const NumberTable table = lensNumbers(lens);
    QCOMPARE(table.rows.size(), std::size_t(4));
    QCOMPARE(std::get<qint64>(table.rows[3][3]), 46);
    QCOMPARE(std::get<QString>(table.rows[3][2]), QStringLiteral("46"));
    QVERIFY(lensNumbers({}).rows.empty());
  }
};

QTEST_MAIN(TestPredictionData)
#include "tst_prediction_data.moc"
