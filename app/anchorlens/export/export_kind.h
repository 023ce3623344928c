// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/export/figure_material.h"

#include <QFlags>
#include <QStringList>

#include <functional>
#include <memory>
#include <stop_token>
#include <vector>

namespace anchorlens::app {

/// What of a figure's style a kind heeds, beside size, font, theme and provenance.
enum class StyleOption {
  Letters = 1,
  Labels = 2,
  ColourBar = 4,
  Tokens = 8,
  Outlines = 16,
  Scores = 32,
  Values = 64,
  Markers = 128,
  Map = 256,
  Scale = 512,
};
Q_DECLARE_FLAGS(StyleOptions, StyleOption)
Q_DECLARE_OPERATORS_FOR_FLAGS(StyleOptions)

/// Who waits for a file: may stop it, and is told how far it is (0 to 1).
struct WriteWatch {
  std::stop_token stop;
  std::function<void(double share)> progress;
};

inline const QString kSeries = QStringLiteral("pngs");

using ContentPtr = std::shared_ptr<const widgets::FigureContent>;

/// Something that can be taken away: a figure, numbers, a file. Everything that is particular about
/// it is in its class; a new kind is a new class in exportKinds().
class ExportKind {
 public:
  enum class Of { Run, Study, Draft };      ///< what must be open; Draft: a run has it, too
  enum class Steps { None, One, Several };  ///< that it shows; several side by side
  struct Facts {
    QString id;     ///< unique
    QString title;  ///< in the dialog
    QString view;   ///< of `anchorlens render --view`
    QString word;   ///< {view} in file names
    StyleOptions options = {};
    Of of = Of::Run;
    Steps steps = Steps::One;
    bool moves = false;  ///< a picture of one step: can be animated
    /// Looks into the model: heads can be taken away.
    bool takes_without = false;
    QStringList suffixes{QStringLiteral("svg"), QStringLiteral("pdf"), QStringLiteral("png"),
                         QStringLiteral("csv"), QStringLiteral("npz")};
    QString description = {};  ///< of what is no figure: in place of a preview
  };

  explicit ExportKind(Facts facts) : m_facts(std::move(facts)) {}
  virtual ~ExportKind() = default;

  const QString& id() const { return m_facts.id; }
  const QString& title() const { return m_facts.title; }
  StyleOptions options() const { return m_facts.options; }
  Of of() const { return m_facts.of; }
  Steps steps() const { return m_facts.steps; }
  bool takesSteps() const { return m_facts.steps == Steps::Several; }
  /// Of files that it is written as; kSeries: a folder of numbered PNGs.
  QStringList suffixes() const;
  bool moves() const { return m_facts.moves; }
  bool takesWithout() const { return m_facts.takes_without; }
  const QString& description() const { return m_facts.description; }
  bool isFigure() const { return m_facts.description.isEmpty(); }

  virtual QString view(const ExportOrder& /*order*/) const { return m_facts.view; }
  virtual QString word(const ExportOrder& /*order*/) const { return m_facts.word; }
  /// Why the window cannot give this now, beside what must be open; empty when it can.
  virtual QString missing(const ExportOrder& /*order*/) const { return {}; }
  /// Drops what the views chose and this kind does not take.
  virtual void fit(ExportOrder& /*order*/) const {}
  /// {steps} in file names, before anything is read.
  virtual QStringList stepNames(const ExportOrder& order) const;
  /// Of several kinds with one view: whether the command line means this one.
  virtual bool isMeant(const ExportOrder& /*order*/, bool /*has_head*/) const { return true; }
  /// What of an order a run cannot give; empty: nothing. Mistakes of a command line.
  virtual QString problem(const ExportOrder& /*order*/, FigureMaterial& /*from*/) const {
    return {};
  }
  /// Why the run has not been at the steps of an order; empty: it has.
  virtual QString stepsProblem(const ExportOrder& order) const;
  /// Words of the command line, between the view and the style.
  virtual QStringList words(const ExportOrder& /*order*/) const { return {}; }

  virtual Found<ContentPtr> content(const ExportOrder& order, FigureMaterial& from) const;
  /// Steps that an animation goes through: of the frames, unless there is something better.
  virtual Found<std::vector<std::int64_t>> allSteps(FigureMaterial& from) const;
  /// Writes one file; returns what went wrong, or nothing.
  virtual QString write(const ExportOrder& order, FigureMaterial& from, const QString& file,
                        const WriteWatch& watch = {}) const;

 private:
  Facts m_facts;
};

/// All kinds in the order of the dialog. They live as long as the program.
const std::vector<std::unique_ptr<const ExportKind>>& exportKinds();
/// Null when there is none.
const ExportKind* exportKind(const QString& id);

/// The step that a kind of one step shows: the first that was asked for, or the last frame's.
Found<std::int64_t> stepOf(const ExportOrder& order, FigureMaterial& from);
/// A figure that can be drawn, or why it cannot.
Found<widgets::Figure> makeFigure(const ExportOrder& order, FigureMaterial& from);
/// The files of an order, by a name with braces and the suffixes.
QStringList exportFiles(const ExportOrder& order, const QString& pattern,
                        const QStringList& suffixes);
/// Writes bytes atomically; returns what went wrong, or nothing.
QString writeBytes(const QString& file, const QByteArray& bytes);

/// "1.0"
QString headWord(int layer, int head);
/// --at with the first step of an order; nothing when it names none.
QStringList stepWords(const ExportOrder& order);
/// --at with all steps of an order, and --probe; for kinds that show frames.
QStringList frameWords(const ExportOrder& order);
/// --without; nothing of the model as it is.
QStringList withoutWords(const std::vector<core::HeadRef>& without);
/// "without L1 H0"; empty of the model as it is.
QString withoutText(const std::vector<core::HeadRef>& without);
/// --range and --smooth; nothing of all time, as it is.
QStringList timeWords(const widgets::TimeView& time);
/// "difference", "weighted", ...: of --show
QString valuesWord(widgets::HeadValues values);
/// A word as a shell takes it.
QString quoted(const QString& word);

using ExportKinds = std::vector<std::unique_ptr<const ExportKind>>;
void addAttentionKinds(ExportKinds& kinds);
void addCompareKinds(ExportKinds& kinds);
void addSeedsKinds(ExportKinds& kinds);
void addTimeKinds(ExportKinds& kinds);
void addFlowKinds(ExportKinds& kinds);
void addWeightsKinds(ExportKinds& kinds);
void addPredictionKinds(ExportKinds& kinds);
void addHeadKinds(ExportKinds& kinds);
void addFileKinds(ExportKinds& kinds);
void addStudyKinds(ExportKinds& kinds);

}  // namespace anchorlens::app
