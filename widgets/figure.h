// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/expected.h"
#include "widgets/badge.h"
#include "widgets/flow/flow_graph.h"
#include "widgets/head_map.h"
#include "widgets/run_history.h"
#include "widgets/study_text.h"

#include <QByteArray>
#include <QDateTime>
#include <QSizeF>
#include <QString>

#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

class QMimeData;
class QPainter;

/// Figures: what the window shows, as files. Pure functions of the request: the same request gives
/// the same bytes, with or without a display. Needs a QGuiApplication (fonts).
namespace anchorlens::widgets {

struct WeightsPicture;

enum class FigureItem {
  SelectedHead,
  AllHeads,
  AllHeadsOverTime,
  Curves,
  Scores,
  Flow,
  Weights,  ///< pages of the Weights tab, or one plot of them
  Circuits,
  Phase,  ///< the last three: of a study
  StudyCurves,
  StudyScores,
};
inline bool isOfStudy(FigureItem item) {
  return item >= FigureItem::Phase;
}
enum class FigureFormat { Svg, Pdf, Png, Csv, Npz };

struct FigureStyle {
  double width_in = 6.75;
  double font_pt = 8;
  int dpi = 300;  ///< PNG only
  bool dark = false;
  ColourMap map = ColourMap::Viridis;
  bool per_head = false;
  bool values = true;  ///< selected head
  bool tokens = true;  ///< selected head: token labels
  bool outlines = true;
  bool colour_bar = true;
  bool panel_letters = true;  ///< over time: (a), (b), ...
  bool head_labels = true;    ///< names over the tiles
  bool head_scores = true;    ///< badges under the tiles
  bool log_steps = false;     ///< curves, scores
  bool provenance_line = true;
  bool operator==(const FigureStyle&) const = default;
};

/// Where the numbers came from. Everything that is dated or numbered in a file comes from here.
struct FigureSource {
  QString run;         ///< name of the run
  QString task;        ///< its pattern
  QString experiment;  ///< spec hash
  qint64 seed = 0;
  QDateTime date;   ///< when the run started; UTC
  QString program;  ///< "Anchorlens 0.1.0"
};

/// All heads at one step.
struct FigureHeads {
  std::int64_t step = 0;
  int n_layers = 0;
  int n_heads = 0;
  std::vector<HeadMapData> maps;  ///< [layer * n_heads + head]
  std::vector<BadgeInfo> badges;  ///< the same, or empty
};

/// What a figure shows of a study.
struct StudyFigure {
  std::shared_ptr<const core::StudyData> data;
  core::PhaseChoice phase;
  CurveChoice curves;
  std::size_t setting = 0;  ///< StudyScores
};

struct FigureRequest {
  FigureItem item = FigureItem::AllHeads;
  FigureStyle style;
  FigureSource source;
  std::vector<FigureHeads> heads;  ///< one; several for AllHeadsOverTime
  int layer = 0;                   ///< SelectedHead
  int head = 0;
  std::shared_ptr<const RunHistory> history;      ///< Curves, Scores
  std::shared_ptr<const FlowGraph> flow;          ///< Flow
  int route = 0;                                  ///< Flow: index into its routes
  std::shared_ptr<const WeightsPicture> weights;  ///< Weights, Circuits
  QString plot;                                   ///< id of the only plot; empty: the whole page
  StudyFigure study;                              ///< Phase, StudyCurves, StudyScores
};

/// Maps and badges of one frame.
FigureHeads figureHeads(const core::Frame& frame, const std::vector<core::HeadLabel>& labels,
                        const ProbeContext& probe, ProbeChoice choice);

/// "svg", "pdf", "png", "csv", "npz" (also with a dot or in capitals).
std::optional<FigureFormat> figureFormat(QStringView suffix);
QString figureSuffix(FigureFormat format);

/// Why this cannot be drawn (no patterns, no steps); empty when it can.
QString figureProblem(const FigureRequest& request);

/// Size in inches; the height follows from the width.
QSizeF figureSize(const FigureRequest& request);

/// Draws into (0, 0, size in points): 1 unit = 1/72 in. For previews.
void paintFigure(QPainter& painter, const FigureRequest& request, bool text_as_paths = false);

/// "run7, step 18 400, seed 3, * 3 x * -> x, Anchorlens 0.1.0"; of a study "name, Accuracy, test,
/// last step, 94 of 96 runs finished, ...".
QString provenanceLine(const FigureRequest& request);

/// The file's bytes.
core::Expected<QByteArray, core::IoError> renderFigure(const FigureRequest& request,
                                                       FigureFormat format);

/// Renders by the file's suffix and writes atomically: a failure leaves no partial file.
core::Expected<void, core::IoError> exportFigure(const FigureRequest& request,
                                                 const std::filesystem::path& file);

/// Puts `{run} {view} {step} {steps} {seed}` into a file name; other braces are left alone and
/// characters that a file name cannot have become "-".
QString figureFileName(const QString& pattern, const FigureRequest& request);

/// PNG at twice the screen's size, SVG and the numbers as text.
QMimeData* figureMimeData(const FigureRequest& request);

}  // namespace anchorlens::widgets
