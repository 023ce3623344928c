// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/export/render_options.h"

#include "app/anchorlens/export/export_kind.h"

#include <CLI/CLI.hpp>
#include <algorithm>

namespace anchorlens::app {

namespace {

std::vector<std::string> viewNames() {
  std::vector<std::string> names;
  for (const auto& kind : exportKinds()) {
    const std::string view = kind->view({}).toStdString();
    if (std::find(names.begin(), names.end(), view) == names.end())
      names.push_back(view);
  }
  return names;
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
  style.markers = o.markers;
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

/// "1.0"
bool readHead(const std::string& text, int& layer, int& head) {
  const QStringList parts = QString::fromStdString(text).split(QLatin1Char('.'));
  bool is_layer = false;
  bool is_head = false;
  layer = parts.value(0).toInt(&is_layer);
  head = parts.value(1).toInt(&is_head);
  return parts.size() == 2 && is_layer && is_head;
}

/// "0:1500:2"; the third part may be left out.
bool readFrames(const std::string& text, FrameRange& range) {
  const QStringList parts = QString::fromStdString(text).split(QLatin1Char(':'));
  bool is_first = false;
  bool is_last = false;
  bool is_every = parts.size() == 2;
  range.first = parts.value(0).toLongLong(&is_first);
  range.last = parts.value(1).toLongLong(&is_last);
  if (parts.size() == 3)
    range.every = parts.value(2).toInt(&is_every);
  return is_first && is_last && is_every && range.first >= 0 && range.last >= range.first &&
         range.every >= 1;
}

/// "400:900"
bool readRange(const std::string& text, std::optional<widgets::StepRange>& range) {
  const QStringList parts = QString::fromStdString(text).split(QLatin1Char(':'));
  bool is_first = false;
  bool is_last = false;
  range.emplace();
  range->first = parts.value(0).toLongLong(&is_first);
  range->last = parts.value(1).toLongLong(&is_last);
  return parts.size() == 2 && is_first && is_last && range->first >= 0 &&
         range->last > range->first;
}

const QString kHeadForm = QStringLiteral("--head and --with are layer.head such as 1.0");

/// What of the weights is drawn; what is wrong with it, or empty.
QString readWeights(const RenderOptions& o, ExportOrder& order) {
  widgets::WeightsChoice& choice = order.weights;
  choice.page =
      o.view == "circuits" ? widgets::WeightsPage::Circuits : widgets::WeightsPage::Weights;
  choice.matrix = QString::fromStdString(o.matrix);
  choice.head = {order.layer, order.head};
  if (o.fold)
    choice.norm = core::analysis::NormChoice::Folded;
  if (o.read_embedding)
    choice.reading = core::analysis::Reading::Embedding;
  choice.all_tokens = !o.task_tokens;
  order.plot = QString::fromStdString(o.plot);
  if (o.with.empty())
    return {};
  if (!readHead(o.with, choice.other.layer, choice.other.head))
    return kHeadForm;
  return choice.other.layer == choice.head.layer
             ? QStringLiteral("--with %1: it is a head of another layer than --head %2.%3")
                   .arg(QString::fromStdString(o.with))
                   .arg(choice.head.layer)
                   .arg(choice.head.head)
             : QString();
}

}  // namespace

ViewOptions declareRenderOptions(CLI::App& app, RenderOptions& o) {
  ViewOptions own(app);
  app.add_option("run", o.run, "Run directory; of the study views a study's folder")->required();
  app.add_option("--view", o.view, "What to draw; of a study phase, study-curves or study-scores")
      ->check(CLI::IsMember(viewNames()));
  app.add_option("--at", o.at,
                 "Step, or several with commas (attention of all heads); the last "
                 "unless said")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_option("-o,--out", o.files,
                 "Files to write: .svg .pdf .png .csv .npz; tables .tex; animations .gif")
      ->required();
  app.add_option("--frames", o.frames,
                 "Animations (.gif, or {step} in a .png's name): FIRST:LAST[:EVERY]; all frames "
                 "unless said");
  app.add_option("--fps", o.fps, "Animations: frames per second")->check(CLI::Range(0.2, 50.0));
  own.add({"attention", "flow", "compare", "circuits"}, "--head", o.head,
          "one head, large: layer.head; of flow the one of --heads selected");
  own.add({"attention", "flow", "predictions", "probe", "lens"}, "--without", o.without,
          "heads whose output is 0, such as 1.0,0.2 (docs/causal_tests.md)")
      ->delimiter(',')
      ->allow_extra_args(false);
  own.add({"circuits"}, "--with", o.with, "the head of another layer that it is composed with");
  own.add({"weights"}, "--matrix", o.matrix, "layers.1.attn.q.0, embed, ... (docs/circuits.md)");
  own.add({"weights", "circuits"}, "--plot", o.plot, "one plot: pca, cosine, ov, ...");
  own.add({"circuits"}, "--fold", o.fold, "LayerNorm folded (pre-LN)");
  own.add({"circuits"}, "--read-embedding", o.read_embedding,
          "value paths read through the embedding");
  own.add({"circuits"}, "--task-tokens", o.task_tokens, "only tokens that the task uses");
  own.add({"attention", "flow", "compare", "lens"}, "--probe", o.probe,
          "stored sequence 1, 2, ... or mean (not lens)");
  std::vector<std::string> values;
  for (int i = 0; i < widgets::kHeadValues; ++i)
    values.push_back(valuesWord(static_cast<widgets::HeadValues>(i)).toStdString());
  own.add({"attention", "flow"}, "--show", o.show,
          "what the cells hold (docs/attention.md): attention, its difference "
          "to an untrained head, attention weighted by values, scores before softmax; of "
          "one head also means over heads. flow: what makes lines wide, attention or "
          "weighted")
      ->check(CLI::IsMember(values));
  own.add({"attention"}, "--type", o.typed, "a sequence of tokens instead of the probe's");
  own.add({"flow"}, "--hide-below", o.hide_below, "narrower edges are not drawn")
      ->check(CLI::Range(0.01, 1.0));
  own.add({"flow"}, "--heads", o.heads, "edges of all heads, of labelled ones, or of --head")
      ->check(CLI::IsMember({"all", "labelled", "selected"}));
  own.add({"flow"}, "--route", o.route, "the path to draw solid, by its name: '3 → 46 → output'");
  own.add({"compare", "compare-curves", "seeds"}, "--other", o.other,
          "the directory of the second run; of seeds again for each of the other runs")
      ->allow_extra_args(false);
  own.add({"compare", "compare-curves"}, "--match", o.match,
          "heads by position, pattern or weights")
      ->check(CLI::IsMember({"position", "pattern", "weights"}));
  own.add({"compare", "compare-curves"}, "--align", o.align, "steps by step, emergence or accuracy")
      ->check(CLI::IsMember({"step", "emergence", "accuracy"}));
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
  own.add({"curves", "scores", "compare-curves"}, "--range", o.range,
          "only the steps FIRST:LAST; all unless said");
  own.add({"curves", "compare-curves"}, "--smooth", o.smooth,
          "smoothing as of the Timeline, the raw lines behind it")
      ->check(CLI::IsMember({"off", "light", "strong"}));
  app.add_flag("--markers", o.markers,
               "Frames, checkpoints, interventions, bookmarks, spikes (curves and scores)");
  app.add_flag("--no-values", o.no_values, "No numbers in cells");
  app.add_flag("--no-tokens", o.no_tokens, "No token labels");
  app.add_flag("--no-outlines", o.no_outlines, "No outline of anchor and key");
  app.add_flag("--no-colour-bar", o.no_colour_bar, "No colour bar");
  app.add_flag("--no-letters", o.no_letters, "No panel letters");
  app.add_flag("--no-labels", o.no_labels, "No names over the heads");
  app.add_flag("--no-scores", o.no_scores, "No badges under the heads");
  app.add_flag("--no-provenance", o.no_provenance,
               "No line on run, step, seed and task in the picture; "
               "the file's metadata has it all the same");
  declareStudyOptions(own, o.study);
  app.footer(
      "Examples:\n"
      "  anchorlens render runs/run-001 --view attention --at 300,1500 -o heads.pdf\n"
      "  anchorlens render runs/run-001 --head 1.0 --frames 0:1500 --fps 20 -o head.gif\n"
      "  anchorlens render study --view phase --number 'accuracy Test' -o phase.svg phase.csv");
  return own;
}

Found<ExportOrder> readOrder(const RenderOptions& o) {
  ExportOrder order;
  order.directory = o.run;
  order.style = styleOf(o);
  order.steps = o.at;
  for (const std::int64_t step : o.at) {
    if (step < 0)
      return core::Unexpected(QStringLiteral("--at %1: steps are whole numbers from 0").arg(step));
  }
  order.choice.mean = o.probe == "mean";
  if (!order.choice.mean) {
    bool is_number = false;
    order.choice.sequence = QString::fromStdString(o.probe).toInt(&is_number) - 1;
    if (!is_number || order.choice.sequence < 0)
      return core::Unexpected(QStringLiteral("--probe is a number from 1 up or mean"));
  }
  for (int i = 0; i < widgets::kHeadValues; ++i) {
    const auto values = static_cast<widgets::HeadValues>(i);
    if (valuesWord(values).toStdString() == o.show)
      order.values = values;
  }
  order.typed = QString::fromStdString(o.typed);
  widgets::FlowOptions& flow = order.flow;
  flow.hide_below = o.hide_below;
  flow.heads = o.heads == "labelled"   ? widgets::FlowOptions::Heads::Labelled
               : o.heads == "selected" ? widgets::FlowOptions::Heads::Selected
                                       : widgets::FlowOptions::Heads::All;
  flow.width = order.values == widgets::HeadValues::Weighted
                   ? widgets::FlowOptions::Width::Weighted
                   : widgets::FlowOptions::Width::Attention;
  order.route = QString::fromStdString(o.route);
  order.thresholds = o.thresholds;
  order.frames.per_second = o.fps;
  if (!o.frames.empty() && !readFrames(o.frames, order.frames))
    return core::Unexpected(
        QStringLiteral("--frames is FIRST:LAST or FIRST:LAST:EVERY, such as 0:1500:2"));
  if (!o.range.empty() && !readRange(o.range, order.time.range))
    return core::Unexpected(
        QStringLiteral("--range %1: it is FIRST:LAST, two steps of which the second is larger, "
                       "such as 400:900")
            .arg(QString::fromStdString(o.range)));
  order.time.smoothing = o.smooth == "strong" ? 2 : o.smooth == "light" ? 1 : 0;
  order.compare.others.assign(o.other.begin(), o.other.end());
  order.compare.match = *core::headMatchNamed(o.match);
  order.compare.align = *core::alignByNamed(o.align);
  if (!o.head.empty()) {
    if (!readHead(o.head, order.layer, order.head))
      return core::Unexpected(kHeadForm);
    flow.layer = order.layer;
    flow.head = order.head;
  }
  for (const std::string& text : o.without) {
    const auto head = core::parseHead(text);
    if (!head)
      return core::Unexpected(
          QStringLiteral("--without %1: heads are layer.head, several with commas, such as 1.0,0.2")
              .arg(QString::fromStdString(text)));
    order.without.push_back(*head);
  }
  std::sort(order.without.begin(), order.without.end());
  order.without.erase(std::unique(order.without.begin(), order.without.end()), order.without.end());
  if (const QString problem = readWeights(o, order); !problem.isEmpty())
    return core::Unexpected(problem);
  return order;
}

QStringList styleWords(const widgets::FigureStyle& style) {
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
  add(style.markers, QStringLiteral("--markers"));
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

QStringList frameRangeWords(const FrameRange& range) {
  QStringList words;
  if (!(range == FrameRange{.per_second = range.per_second})) {
    words << QStringLiteral("--frames")
          << QStringLiteral("%1:%2:%3").arg(range.first).arg(range.last).arg(range.every);
  }
  if (range.per_second != FrameRange().per_second)
    words << QStringLiteral("--fps") << QString::number(range.per_second);
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

}  // namespace anchorlens::app
