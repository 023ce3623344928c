// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/render_command.h"

#include "app/anchorlens/places.h"
#include "app/anchorlens/study_figures.h"

#include <QFileInfo>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>
#include <vector>

namespace anchorlens::app {

namespace {

constexpr int kBadUsage = 2;
constexpr int kFailed = 3;

/// Options as they stand on the command line, with the dialog's defaults.
struct RenderOptions {
  std::string run;
  std::string view = "attention";
  std::vector<std::int64_t> at;
  std::vector<std::string> files;
  std::string head;
  std::string with;
  std::string matrix;
  std::string plot;
  bool fold = false;
  bool read_embedding = false;
  bool task_tokens = false;
  std::string probe = "1";
  double hide_below = widgets::FlowOptions().hide_below;
  std::string heads = "all";
  std::string route;
  core::LabelThresholds thresholds;
  double width = 6.75;
  double font = 8;
  int dpi = 300;
  std::string map = "viridis";
  bool dark = false;
  bool per_head = false;
  bool log_time = false;
  bool no_values = false;
  bool no_tokens = false;
  bool no_outlines = false;
  bool no_colour_bar = false;
  bool no_letters = false;
  bool no_labels = false;
  bool no_scores = false;
  bool no_provenance = false;
  StudyOptions study;
};

void declare(CLI::App& app, RenderOptions& o) {
  app.add_option("run", o.run, "Run directory; of the study views a study's folder")->required();
  app.add_option("--view", o.view,
                 "attention, flow, curves, scores, weights, circuits, checkpoint or experiment; of "
                 "a study phase, study-curves or study-scores")
      ->check(CLI::IsMember({"attention", "flow", "curves", "scores", "weights", "circuits",
                             "checkpoint", "experiment", "phase", "study-curves", "study-scores"}));
  app.add_option("--at", o.at, "Step, or several with commas (attention); the last unless said")
      ->delimiter(',');
  app.add_option("-o,--out", o.files, "Files to write: .svg .pdf .png .csv .npz")->required();
  app.add_option("--head", o.head, "One head, large: layer.head; the head of circuits");
  app.add_option("--with", o.with, "circuits: the head of another layer that it is composed with");
  app.add_option("--matrix", o.matrix, "weights: layers.1.attn.q.0, embed, ... (docs/circuits.md)");
  app.add_option("--plot", o.plot, "weights, circuits: one plot: pca, cosine, ov, ...");
  app.add_flag("--fold", o.fold, "circuits: LayerNorm folded (pre-LN)");
  app.add_flag("--read-embedding", o.read_embedding,
               "circuits: value paths read through the embedding");
  app.add_flag("--task-tokens", o.task_tokens, "circuits: only tokens that the task uses");
  app.add_option("--probe", o.probe, "Stored sequence 1, 2, ... or mean");
  app.add_option("--hide-below", o.hide_below, "flow: edges with less attention are not drawn")
      ->check(CLI::Range(0.01, 1.0));
  app.add_option("--heads", o.heads, "flow: edges of all heads, of labelled ones, or of --head")
      ->check(CLI::IsMember({"all", "labelled", "selected"}));
  app.add_option("--route", o.route,
                 "flow: the path to draw solid, by its name: '3 → 46 → output'");
  const CLI::Range share(0.0, 1.0);
  app.add_option("--label-from", o.thresholds.enter, "Lift from which a head has a label")
      ->check(share);
  app.add_option("--forming-from", o.thresholds.forming, "Lift from which a label is forming")
      ->check(share);
  app.add_option("--coverage", o.thresholds.coverage, "Coverage that a broadcast needs")
      ->check(share);
  app.add_option("--tracking", o.thresholds.tracking, "Tracking that a broadcast needs")
      ->check(share);
  app.add_option("--width", o.width, "Width in inches")->check(CLI::Range(0.5, 40.0));
  app.add_option("--font", o.font, "Font size in points")->check(CLI::Range(4.0, 40.0));
  app.add_option("--dpi", o.dpi, "Resolution of PNG")->check(CLI::Range(36, 2400));
  app.add_option("--map", o.map, "Colour map")
      ->check(CLI::IsMember({"viridis", "cividis", "grey"}));
  app.add_flag("--dark", o.dark, "The window's dark theme instead of print");
  app.add_flag("--per-head", o.per_head, "Colour scale of each head by its own maximum");
  app.add_flag("--log-time", o.log_time, "Logarithmic steps");
  app.add_flag("--no-values", o.no_values, "No numbers in cells");
  app.add_flag("--no-tokens", o.no_tokens, "No token labels");
  app.add_flag("--no-outlines", o.no_outlines, "No outline of anchor and key");
  app.add_flag("--no-colour-bar", o.no_colour_bar, "No colour bar");
  app.add_flag("--no-letters", o.no_letters, "No panel letters");
  app.add_flag("--no-labels", o.no_labels, "No names over the heads");
  app.add_flag("--no-scores", o.no_scores, "No badges under the heads");
  app.add_flag("--no-provenance", o.no_provenance, "No line on run, step, seed and task");
  declareStudyOptions(app, o.study);
  app.footer(
      "Examples:\n"
      "  anchorlens render runs/run-001 --view attention --at 300,1500 -o heads.pdf\n"
      "  anchorlens render study --view phase --number 'accuracy Test' -o phase.svg phase.csv");
}

widgets::FigureStyle styleOf(const RenderOptions& o) {
  widgets::FigureStyle style;
  style.width_in = o.width;
  style.font_pt = o.font;
  style.dpi = o.dpi;
  style.dark = o.dark;
  style.map = o.map == "cividis" ? widgets::ColourMap::Cividis
              : o.map == "grey"  ? widgets::ColourMap::Grey
                                 : widgets::ColourMap::Viridis;
  style.per_head = o.per_head;
  style.log_steps = o.log_time;
  style.values = !o.no_values;
  style.tokens = !o.no_tokens;
  style.outlines = !o.no_outlines;
  style.colour_bar = !o.no_colour_bar;
  style.panel_letters = !o.no_letters;
  style.head_labels = !o.no_labels;
  style.head_scores = !o.no_scores;
  style.provenance_line = !o.no_provenance;
  return style;
}

int complain(const QString& text, int code) {
  std::fprintf(stderr, "anchorlens render: %s\n", text.toLocal8Bit().constData());
  return code;
}

ExportItem itemOf(const RenderOptions& o) {
  if (o.view == "curves")
    return ExportItem::Curves;
  if (o.view == "scores")
    return ExportItem::Scores;
  if (o.view == "flow")
    return ExportItem::Flow;
  if (o.view == "weights")
    return ExportItem::Weights;
  if (o.view == "circuits")
    return ExportItem::Circuits;
  if (o.view == "checkpoint")
    return ExportItem::Checkpoint;
  if (o.view == "experiment")
    return ExportItem::Experiment;
  if (o.view == "phase")
    return ExportItem::Phase;
  if (o.view == "study-curves")
    return ExportItem::StudyCurves;
  if (o.view == "study-scores")
    return ExportItem::StudyScores;
  if (!o.head.empty())
    return ExportItem::SelectedHead;
  return o.at.size() > 1 ? ExportItem::AllHeadsOverTime : ExportItem::AllHeads;
}

/// "1.0"
bool readHead(const std::string& text, int& layer, int& head) {
  const QStringList parts = QString::fromStdString(text).split(QLatin1Char('.'));
  bool is_layer = false;
  bool is_head = false;
  layer = parts.value(0).toInt(&is_layer);
  head = parts.value(1).toInt(&is_head);
  return parts.size() == 2 && is_layer && is_head;
}

/// What of the weights is drawn; false when a head cannot be read.
bool readWeights(const RenderOptions& o, FigureOrder& figure) {
  widgets::WeightsChoice& choice = figure.weights;
  choice.page =
      o.view == "circuits" ? widgets::WeightsPage::Circuits : widgets::WeightsPage::Weights;
  choice.matrix = QString::fromStdString(o.matrix);
  choice.head = {figure.layer, figure.head};
  if (o.fold)
    choice.norm = core::analysis::NormChoice::Folded;
  if (o.read_embedding)
    choice.reading = core::analysis::Reading::Embedding;
  choice.all_tokens = !o.task_tokens;
  figure.plot = QString::fromStdString(o.plot);
  return o.with.empty() || readHead(o.with, choice.other.layer, choice.other.head);
}

/// Empty when the option cannot be read.
std::optional<ExportOrder> orderOf(const RenderOptions& o) {
  ExportOrder order;
  order.directory = o.run;
  order.item = itemOf(o);
  order.figure.item = figureItem(order.item);
  order.figure.style = styleOf(o);
  order.figure.steps = o.at;
  order.figure.choice.mean = o.probe == "mean";
  if (!order.figure.choice.mean) {
    bool is_number = false;
    order.figure.choice.sequence = QString::fromStdString(o.probe).toInt(&is_number) - 1;
    if (!is_number || order.figure.choice.sequence < 0)
      return std::nullopt;
  }
  widgets::FlowOptions& flow = order.figure.flow;
  flow.hide_below = o.hide_below;
  flow.heads = o.heads == "labelled"   ? widgets::FlowOptions::Heads::Labelled
               : o.heads == "selected" ? widgets::FlowOptions::Heads::Selected
                                       : widgets::FlowOptions::Heads::All;
  order.figure.route = QString::fromStdString(o.route);
  order.figure.thresholds = o.thresholds;
  if (!o.head.empty()) {
    if (!readHead(o.head, order.figure.layer, order.figure.head))
      return std::nullopt;
    flow.layer = order.figure.layer;
    flow.head = order.figure.head;
  }
  if (!readWeights(o, order.figure))
    return std::nullopt;
  return order;
}

/// Reads a study and writes its figure; the exit code.
int renderStudy(ExportOrder& order, const RenderOptions& options) {
  const auto data = readStudyData(order.directory);
  if (!data)
    return complain(data.error(), kBadUsage);
  const auto figure = studyFigure(
      *data, options.study, options.at.empty() ? std::nullopt : std::optional(options.at.back()));
  if (!figure)
    return complain(figure.error(), kBadUsage);
  order.study = *figure;
  order.study_folder = order.directory;
  for (const std::string& file : options.files) {
    const QString problem = exportStudyItem(order, QString::fromStdString(file));
    if (!problem.isEmpty())
      return complain(problem, kFailed);
  }
  return 0;
}

/// What of the weights was asked for and is not there.
QString weightsProblem(const ExportOrder& order, const core::ModelSpec& model) {
  const widgets::WeightsChoice& wanted = order.figure.weights;
  const widgets::WeightsChoice fitted = widgets::fittedChoice(wanted, model);
  if (wanted.norm != fitted.norm)
    return QStringLiteral("--fold: ") +
           QString::fromStdString(core::analysis::whyNotFoldable(model));
  if (!wanted.matrix.isEmpty() && wanted.matrix != fitted.matrix)
    return QStringLiteral("--matrix: this model has no %1").arg(wanted.matrix);
  if (model.kind == core::ModelSpec::Kind::Transformer && !(wanted.head == fitted.head))
    return QStringLiteral("--head: this model has layers 0 to %1 and heads 0 to %2")
        .arg(model.n_layers - 1)
        .arg(model.n_heads - 1);
  const QStringList ids = widgets::plotIds(wanted.page);
  if (!order.figure.plot.isEmpty() && !ids.contains(order.figure.plot))
    return QStringLiteral("--plot: expected one of %1").arg(ids.join(QStringLiteral(", ")));
  return {};
}

}  // namespace

int runRender(const QStringList& arguments) {
  CLI::App app("Draws what the window shows into files, without a display.", "anchorlens render");
  RenderOptions options;
  declare(app, options);
  std::vector<std::string> words;
  for (qsizetype i = arguments.size(); i-- > 0;)
    words.push_back(arguments[i].toStdString());
  try {
    app.parse(words);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kBadUsage;
  }
  auto order = orderOf(options);
  if (!order)
    return complain(QStringLiteral("--probe is a number from 1 up or mean, --head and --with are "
                                   "layer.head such as 1.0"),
                    kBadUsage);
  for (const std::string& file : options.files) {
    const QString suffix = QFileInfo(QString::fromStdString(file)).suffix();
    if (isFigure(order->item) && !widgets::figureFormat(suffix))
      return complain(QStringLiteral("%1: the suffix must be svg, pdf, png, csv or npz")
                          .arg(QString::fromStdString(file)),
                      kBadUsage);
  }
  if (isOfStudy(order->item))
    return renderStudy(*order, options);
  auto run = RunFigures::open(order->directory);
  if (!run)
    return complain(run.error(), kBadUsage);
  const auto& model = (*run)->spec().model;
  if (order->item == ExportItem::SelectedHead &&
      (order->figure.layer < 0 || order->figure.layer >= model.n_layers || order->figure.head < 0 ||
       order->figure.head >= model.n_heads))
    return complain(QStringLiteral("--head %1: this model has layers 0 to %2 and heads 0 to %3")
                        .arg(QString::fromStdString(options.head))
                        .arg(model.n_layers - 1)
                        .arg(model.n_heads - 1),
                    kBadUsage);
  if (isOfWeights(order->item)) {
    const QString problem = weightsProblem(*order, model);
    if (!problem.isEmpty())
      return complain(problem, kBadUsage);
  }
  order->step = options.at.empty() ? (*run)->lastStep() : options.at.back();
  for (const std::string& file : options.files) {
    const QString problem = exportItem(**run, *order, QString::fromStdString(file));
    if (!problem.isEmpty())
      return complain(problem, kFailed);
  }
  return 0;
}

namespace {

QString quoted(const QString& word) {
  static const QString plain = QStringLiteral(
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
      "0123456789_-./,+=:@%");
  const bool is_plain = !word.isEmpty() && std::all_of(word.begin(), word.end(),
                                                       [](QChar c) { return plain.contains(c); });
  if (is_plain)
    return word;
  return QLatin1Char('\'') + QString(word).replace(QLatin1Char('\''), QStringLiteral("'\\''")) +
         QLatin1Char('\'');
}

QStringList styleWords(const ExportOrder& order) {
  const widgets::FigureStyle& style = order.figure.style;
  const widgets::FigureStyle usual;
  QStringList words;
  const auto add = [&words](bool differs, const QString& option, const QString& value = {}) {
    if (differs)
      words << option << (value.isEmpty() ? QStringList() : QStringList{value});
  };
  add(style.width_in != usual.width_in, QStringLiteral("--width"), QString::number(style.width_in));
  add(style.font_pt != usual.font_pt, QStringLiteral("--font"), QString::number(style.font_pt));
  add(style.dpi != usual.dpi, QStringLiteral("--dpi"), QString::number(style.dpi));
  add(style.map != usual.map, QStringLiteral("--map"),
      style.map == widgets::ColourMap::Cividis ? QStringLiteral("cividis")
                                               : QStringLiteral("grey"));
  add(style.dark, QStringLiteral("--dark"));
  add(style.per_head, QStringLiteral("--per-head"));
  add(style.log_steps, QStringLiteral("--log-time"));
  add(!style.values, QStringLiteral("--no-values"));
  add(!style.tokens, QStringLiteral("--no-tokens"));
  add(!style.outlines, QStringLiteral("--no-outlines"));
  add(!style.colour_bar, QStringLiteral("--no-colour-bar"));
  add(!style.panel_letters, QStringLiteral("--no-letters"));
  add(!style.head_labels, QStringLiteral("--no-labels"));
  add(!style.head_scores, QStringLiteral("--no-scores"));
  add(!style.provenance_line, QStringLiteral("--no-provenance"));
  return words;
}

QStringList thresholdWords(const core::LabelThresholds& thresholds) {
  const core::LabelThresholds usual;
  QStringList words;
  const auto add = [&words](double value, double of, const QString& option) {
    if (value != of)
      words << option << QString::number(value);
  };
  add(thresholds.enter, usual.enter, QStringLiteral("--label-from"));
  add(thresholds.forming, usual.forming, QStringLiteral("--forming-from"));
  add(thresholds.coverage, usual.coverage, QStringLiteral("--coverage"));
  add(thresholds.tracking, usual.tracking, QStringLiteral("--tracking"));
  return words;
}

QStringList flowWords(const FigureOrder& figure) {
  const widgets::FlowOptions usual;
  QStringList words;
  if (figure.flow.hide_below != usual.hide_below)
    words << QStringLiteral("--hide-below") << QString::number(figure.flow.hide_below);
  if (figure.flow.heads != usual.heads) {
    words << QStringLiteral("--heads")
          << (figure.flow.heads == widgets::FlowOptions::Heads::Labelled
                  ? QStringLiteral("labelled")
                  : QStringLiteral("selected"));
  }
  if (!figure.route.isEmpty())
    words << QStringLiteral("--route") << quoted(figure.route);
  return words;
}

QString viewName(const ExportOrder& order) {
  switch (order.item) {
    case ExportItem::WeightsPlot:
      return order.figure.item == widgets::FigureItem::Circuits ? QStringLiteral("circuits")
                                                                : QStringLiteral("weights");
    case ExportItem::Curves:
      return QStringLiteral("curves");
    case ExportItem::Scores:
      return QStringLiteral("scores");
    case ExportItem::Flow:
      return QStringLiteral("flow");
    case ExportItem::Weights:
      return QStringLiteral("weights");
    case ExportItem::Circuits:
      return QStringLiteral("circuits");
    case ExportItem::Checkpoint:
      return QStringLiteral("checkpoint");
    case ExportItem::Experiment:
      return QStringLiteral("experiment");
    case ExportItem::Phase:
      return QStringLiteral("phase");
    case ExportItem::StudyCurves:
      return QStringLiteral("study-curves");
    case ExportItem::StudyScores:
      return QStringLiteral("study-scores");
    default:
      return QStringLiteral("attention");
  }
}

QString headWord(core::analysis::HeadPlace head) {
  return QStringLiteral("%1.%2").arg(head.layer).arg(head.head);
}

/// What differs from the first head and the usual matrix.
QStringList weightsWords(const ExportOrder& order) {
  const widgets::WeightsChoice& choice = order.figure.weights;
  QStringList words{QStringLiteral("--at"), QString::number(order.step)};
  if (order.figure.item == widgets::FigureItem::Weights) {
    if (!choice.matrix.isEmpty())
      words << QStringLiteral("--matrix") << choice.matrix;
  } else {
    words << QStringLiteral("--head") << headWord(choice.head) << QStringLiteral("--with")
          << headWord(choice.other);
    if (choice.norm == core::analysis::NormChoice::Folded)
      words << QStringLiteral("--fold");
    if (choice.reading == core::analysis::Reading::Embedding)
      words << QStringLiteral("--read-embedding");
    if (!choice.all_tokens)
      words << QStringLiteral("--task-tokens");
  }
  if (!order.figure.plot.isEmpty())
    words << QStringLiteral("--plot") << order.figure.plot;
  return words;
}

}  // namespace

QString renderCommand(const ExportOrder& order, const QStringList& files) {
  const bool is_study = isOfStudy(order.item);
  QStringList words{QStringLiteral("anchorlens"), QStringLiteral("render"),
                    quoted(toText(is_study ? order.study_folder : order.directory)),
                    QStringLiteral("--view"), viewName(order)};
  if (is_study) {
    for (const QString& word : studyWords(order.study, order.figure.item))
      words << quoted(word);
  }
  const bool has_steps = isOfHeads(order.item) || order.item == ExportItem::Flow;
  QStringList steps;
  for (const auto step : order.figure.steps)
    steps.append(QString::number(step));
  if (has_steps && !steps.isEmpty())
    words << QStringLiteral("--at") << steps.join(QLatin1Char(','));
  if (isOfWeights(order.item))
    words += weightsWords(order);
  if (order.item == ExportItem::Checkpoint)
    words << QStringLiteral("--at") << QString::number(order.step);
  const bool is_of_head = order.item == ExportItem::Flow &&
                          order.figure.flow.heads == widgets::FlowOptions::Heads::Selected;
  if (order.item == ExportItem::SelectedHead || is_of_head)
    words << QStringLiteral("--head")
          << QStringLiteral("%1.%2").arg(order.figure.layer).arg(order.figure.head);
  if (order.item == ExportItem::Flow)
    words += flowWords(order.figure);
  if (has_steps && order.figure.choice.mean)
    words << QStringLiteral("--probe") << QStringLiteral("mean");
  else if (has_steps && order.figure.choice.sequence > 0)
    words << QStringLiteral("--probe") << QString::number(order.figure.choice.sequence + 1);
  if (isFigure(order.item))
    words += styleWords(order);
  if (isFigure(order.item))
    words += thresholdWords(order.figure.thresholds);
  words << QStringLiteral("-o");
  for (const QString& file : files)
    words << quoted(file);
  return words.join(QLatin1Char(' '));
}

}  // namespace anchorlens::app
