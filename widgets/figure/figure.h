// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/expected.h"
#include "widgets/colour_map.h"
#include "widgets/number_table.h"

#include <QByteArray>
#include <QDateTime>
#include <QSizeF>
#include <QString>
#include <QStringList>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

class QImage;
class QMimeData;
class QPainter;

/// Figures: what the window shows, as files. Pure functions of the figure: the same figure gives
/// the same bytes, with or without a display. Needs a QGuiApplication (fonts).
namespace anchorlens::widgets {

struct FigureCanvas;
class NpzWriter;

enum class FigureFormat { Svg, Pdf, Png, Csv, Npz, Latex };

struct FigureStyle {
  double width_in = 6.75;
  double font_pt = 8;
  int dpi = 300;  ///< PNG only
  bool dark = false;
  ColourMap map = ColourMap::Viridis;
  bool per_head = false;
  bool values = true;  ///< numbers in cells
  bool tokens = true;  ///< one head: token labels
  bool outlines = true;
  bool colour_bar = true;
  bool panel_letters = true;    ///< several panels: (a), (b), ...
  bool head_labels = true;      ///< names over the tiles
  bool head_scores = true;      ///< badges under the tiles
  bool log_steps = false;       ///< curves, scores
  bool markers = false;         ///< curves, scores: what happened
  bool provenance_line = true;  ///< drawn; the files' metadata has it in any case
  bool operator==(const FigureStyle&) const = default;
};

/// Where the numbers came from. Everything that is dated or numbered in a file comes from here.
struct FigureSource {
  QString run;         ///< name of the run, or of the study
  QString task;        ///< its pattern
  QString experiment;  ///< spec hash
  qint64 seed = 0;
  QString without;  ///< heads that are taken away: "without L1 H0"; empty: the model as it is
  QString changed;  ///< what was changed in training and holds at the steps drawn: "L1 H0 ablated"
  QDateTime date;   ///< when the run started; UTC
  QString program;  ///< "Anchorlens 0.1.0"
};

/// What a figure shows: how it is painted, its numbers, and what these are of. Immutable, so that
/// it can be painted and written on any thread. A new figure is a new class; nothing here knows
/// them.
class FigureContent {
 public:
  virtual ~FigureContent() = default;
  virtual QString view() const = 0;  ///< a word for file names: "heads"
  /// Why it cannot be drawn (no patterns, no steps); empty when it can. Nothing below is called
  /// when it cannot.
  virtual QString problem() const { return {}; }
  /// Steps that are shown, for file names and provenance.
  virtual std::vector<std::int64_t> steps() const { return {}; }
  /// The same in words; "last" where it is not a number.
  virtual QStringList stepNames() const;
  /// What is shown, for the provenance line: "step 0 / 18 400", "seed 3".
  virtual QStringList provenance(const FigureSource& source) const;
  /// Draws from (0, top) over the canvas' width and returns the height it takes; without a painter
  /// nothing is drawn.
  virtual double paint(const FigureCanvas& canvas, double top) const = 0;
  virtual NumberTable numbers() const = 0;
  /// What NPZ holds: every column of the numbers as an array, unless there is something better.
  virtual void addArrays(NpzWriter& npz) const;
  /// As a LaTeX table; empty: it is none.
  virtual QString latex() const { return {}; }
};

struct Figure {
  FigureStyle style;
  FigureSource source;
  std::shared_ptr<const FigureContent> content;
};

/// "svg", "pdf", "png", "csv", "npz", "tex" (also with a dot or in capitals).
std::optional<FigureFormat> figureFormat(QStringView suffix);
QString figureSuffix(FigureFormat format);

/// Why this cannot be drawn; empty when it can.
QString figureProblem(const Figure& figure);

/// Size in inches; the height follows from the width.
QSizeF figureSize(const Figure& figure);

/// Draws into (0, 0, size in points): 1 unit = 1/72 in. For previews.
void paintFigure(QPainter& painter, const Figure& figure, bool text_as_paths = false);

/// "run7, step 18 400, seed 3, * 3 x * -> x, Anchorlens 0.1.0"; of a study "name, Accuracy, test,
/// last step, 94 of 96 runs finished, ...".
QString provenanceLine(const Figure& figure);

/// As pixels; null when it needs too much memory. The problem is asked for before.
QImage figureImage(const Figure& figure, double dpi);

/// The file's bytes.
core::Expected<QByteArray, core::IoError> renderFigure(const Figure& figure, FigureFormat format);

/// Renders by the file's suffix and writes atomically: a failure leaves no partial file.
core::Expected<void, core::IoError> exportFigure(const Figure& figure,
                                                 const std::filesystem::path& file);

/// What a file name can say of a figure.
struct FigureNames {
  QString run;
  QString view;
  QStringList steps;
  qint64 seed = 0;
};
FigureNames figureNames(const Figure& figure);

/// Puts `{run} {view} {step} {steps} {seed}` into a file name; other braces are left alone and
/// characters that a file name cannot have become "-".
QString figureFileName(const QString& pattern, const FigureNames& names);

/// PNG at twice the screen's size, SVG and the numbers as text.
QMimeData* figureMimeData(const Figure& figure);

}  // namespace anchorlens::widgets
