// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/export/render_command.h"

#include "app/anchorlens/export/animation.h"
#include "app/anchorlens/export/export_kind.h"
#include "app/anchorlens/export/render_options.h"
#include "app/anchorlens/places.h"

#include <QFileInfo>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>

namespace anchorlens::app {

namespace {

constexpr int kBadUsage = 2;
constexpr int kFailed = 3;

int complain(const QString& text, int code) {
  for (const QString& line : text.split(QLatin1Char('\n')))
    std::fprintf(stderr, "anchorlens render: %s\n", line.toLocal8Bit().constData());
  return code;
}

/// The kind that the view means; never null: the option was checked.
const ExportKind* kindOf(const RenderOptions& options, const ExportOrder& order) {
  const auto& kinds = exportKinds();
  const QString view = QString::fromStdString(options.view);
  const auto found = std::find_if(kinds.begin(), kinds.end(), [&](const auto& kind) {
    return kind->view(order) == view && kind->isMeant(order, !options.head.empty());
  });
  return found == kinds.end() ? nullptr : found->get();
}

/// What of the files cannot be written; empty when all can.
QString suffixProblem(const ExportKind& kind, const std::vector<std::string>& files) {
  QStringList known = kind.suffixes();
  known.removeAll(kSeries);
  for (const std::string& file : files) {
    const QString name = QString::fromStdString(file);
    if (known.contains(QFileInfo(name).suffix().toLower()))
      continue;
    const QString last = known.takeLast();
    return QStringLiteral("%1: the suffix must be %2")
        .arg(name, known.isEmpty()
                       ? last
                       : known.join(QStringLiteral(", ")) + QStringLiteral(" or ") + last);
  }
  return {};
}

/// Why the view does not take so many steps; empty when it does.
QString atProblem(const ExportOrder& order) {
  using Steps = ExportKind::Steps;
  const Steps takes = order.kind->steps();
  const std::size_t most = takes == Steps::None ? 0 : 1;
  if (takes == Steps::Several || order.steps.size() <= most)
    return {};
  QStringList steps;
  for (const std::int64_t step : order.steps)
    steps << QString::number(step);
  const QString at = QStringLiteral("--at %1: ").arg(steps.join(QLatin1Char(',')));
  return at + (takes == Steps::None
                   ? QStringLiteral("%1 takes no step").arg(order.kind->view(order))
                   : QStringLiteral("this takes one step; --view attention without --head draws "
                                    "several, one beside the other"));
}

/// Why the frames that were asked for are none of these files'; empty when they are.
QString framesProblem(const CLI::App& app, const RenderOptions& options) {
  for (const char* option : {"--frames", "--fps"}) {
    const bool moves = std::any_of(
        options.files.begin(), options.files.end(),
        [](const std::string& file) { return isAnimation(QString::fromStdString(file)); });
    if (app.count(option) > 0 && !moves)
      return QStringLiteral("%1 is of animations: a .gif, or {step} in a .png's name")
          .arg(QString::fromLatin1(option));
  }
  return {};
}

/// What of an order its run does not have; empty when it has all.
QString runProblem(const ExportOrder& order, FigureMaterial& from) {
  if (order.kind->of() != ExportKind::Of::Run)
    return {};
  const auto probe = from.probe();
  if (!probe)
    return probe.error();
  const int shown = static_cast<int>((*probe)->shown.size());
  const int sequence = order.choice.sequence;
  if (!order.choice.mean && sequence > 0 && sequence >= shown)
    return QStringLiteral("--probe %1: the probe shows %2 sequence(s); expected 1 to %2, or mean")
        .arg(sequence + 1)
        .arg(shown);
  return order.kind->stepsProblem(order);
}

/// Why these heads cannot be taken away; empty when they can.
QString withoutProblem(const ExportOrder& order, FigureMaterial& from) {
  for (const core::HeadRef& head : order.without) {
    if (const auto why = core::whyNoSuchHead(from.spec().model, head))
      return QStringLiteral("--without: ") + QString::fromStdString(*why);
  }
  return {};
}

/// Reads the study that an order is of.
QString readStudy(ExportOrder& order, const RenderOptions& options) {
  const auto data = readStudyData(order.directory, order.thresholds);
  if (!data)
    return data.error();
  auto choice = studyChoice(*data, options.study,
                            options.at.empty() ? std::nullopt : std::optional(options.at.back()));
  if (!choice)
    return choice.error();
  order.study = std::move(*choice);
  return {};
}

/// What the order asks for and does not get, before anything is drawn.
QString orderProblem(const ExportOrder& order, FigureMaterial& from) {
  for (const auto& problemOf : {withoutProblem, runProblem}) {
    if (const QString problem = problemOf(order, from); !problem.isEmpty())
      return problem;
  }
  return order.kind->problem(order, from);
}

}  // namespace

int runRender(const QStringList& arguments) {
  CLI::App app("Draws what the window shows into files, without a display.", "anchorlens render");
  RenderOptions options;
  const ViewOptions own = declareRenderOptions(app, options);
  std::vector<std::string> words;
  for (qsizetype i = arguments.size(); i-- > 0;)
    words.push_back(arguments[i].toStdString());
  try {
    app.parse(words);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kBadUsage;
  }
  if (const QString foreign = own.problem(QString::fromStdString(options.view)); !foreign.isEmpty())
    return complain(foreign, kBadUsage);
  auto order = readOrder(options);
  if (!order)
    return complain(order.error(), kBadUsage);
  order->kind = kindOf(options, *order);
  for (const QString& problem : {suffixProblem(*order->kind, options.files), atProblem(*order),
                                 framesProblem(app, options)}) {
    if (!problem.isEmpty())
      return complain(problem, kBadUsage);
  }
  if (order->kind->of() == ExportKind::Of::Study) {
    if (const QString problem = readStudy(*order, options); !problem.isEmpty())
      return complain(problem, kBadUsage);
  }
  auto material = openMaterial(*order);
  if (!material)
    return complain(material.error(), kBadUsage);
  if (const QString problem = orderProblem(*order, **material); !problem.isEmpty())
    return complain(problem, kBadUsage);
  for (const std::string& file : options.files) {
    const QString problem = order->kind->write(*order, **material, QString::fromStdString(file));
    if (!problem.isEmpty())
      return complain(problem, kFailed);
  }
  return 0;
}

QString renderCommand(const ExportOrder& order, const QStringList& files) {
  QStringList words{QStringLiteral("anchorlens"), QStringLiteral("render"),
                    quoted(toText(order.directory)), QStringLiteral("--view"),
                    order.kind->view(order)};
  words += order.kind->words(order) + withoutWords(order.without);
  if (order.kind->isFigure())
    words += styleWords(order.style) + thresholdWords(order.thresholds);
  if (std::any_of(files.begin(), files.end(), isAnimation))
    words += frameRangeWords(order.frames);
  words << QStringLiteral("-o");
  for (const QString& file : files)
    words << quoted(file);
  return words.join(QLatin1Char(' '));
}

}  // namespace anchorlens::app
