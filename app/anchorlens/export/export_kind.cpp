// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/export/export_kind.h"

#include "app/anchorlens/export/animation.h"
#include "app/anchorlens/export/export_text.h"
#include "app/anchorlens/export/run_material.h"
#include "app/anchorlens/places.h"
#include "engine/core/store/checkpoint.h"
#include "widgets/number_format.h"

#include <algorithm>
#include <array>

namespace anchorlens::app {

namespace {

QString runWord(const ExportOrder& order) {
  if (order.directory.empty())
    return QString::fromStdString(order.spec.name);
  return toText(cleanPath(order.directory).filename());
}

/// The model without a head is not to replace the one as it is.
QString viewWord(const ExportOrder& order) {
  QString word = order.kind->word(order);
  for (const core::HeadRef& head : order.without)
    word += QStringLiteral("_without-") + headWord(head.layer, head.head);
  return word;
}

/// What holds at the steps that are drawn; said once where it is the same at all of them.
QString changedText(const std::vector<core::Intervention>& interventions,
                    const std::vector<std::int64_t>& steps) {
  QStringList texts;
  for (const std::int64_t step : steps)
    texts << QString::fromStdString(core::inEffectText(core::inEffect(interventions, step)));
  if (std::all_of(texts.begin(), texts.end(),
                  [&texts](const QString& text) { return text == texts.front(); }))
    return texts.value(0);
  QStringList parts;
  for (qsizetype i = 0; i < texts.size(); ++i) {
    if (!texts[i].isEmpty())
      parts << tr("at step %1 %2")
                   .arg(widgets::formatInteger(steps[static_cast<std::size_t>(i)]), texts[i]);
  }
  return parts.join(QStringLiteral(", "));
}

}  // namespace

const ExportKinds& exportKinds() {
  static const ExportKinds all = [] {
    ExportKinds kinds;
    addAttentionKinds(kinds);
    addTimeKinds(kinds);
    addFlowKinds(kinds);
    addCompareKinds(kinds);
    addSeedsKinds(kinds);
    addWeightsKinds(kinds);
    addPredictionKinds(kinds);
    addHeadKinds(kinds);
    addFileKinds(kinds);
    addStudyKinds(kinds);
    return kinds;
  }();
  return all;
}

const ExportKind* exportKind(const QString& id) {
  const auto& kinds = exportKinds();
  const auto found =
      std::find_if(kinds.begin(), kinds.end(), [&](const auto& kind) { return kind->id() == id; });
  return found == kinds.end() ? nullptr : found->get();
}

QStringList ExportKind::stepNames(const ExportOrder& order) const {
  QStringList names;
  for (const std::int64_t step : order.steps)
    names << QString::number(step);
  return names;
}

QString ExportKind::stepsProblem(const ExportOrder& order) const {
  return whyNoSuchSteps(order.directory, order.steps);
}

Found<ContentPtr> ExportKind::content(const ExportOrder& /*order*/,
                                      FigureMaterial& /*from*/) const {
  return core::Unexpected(tr("%1 has no picture.").arg(title()));
}

QStringList ExportKind::suffixes() const {
  return m_facts.moves ? m_facts.suffixes + QStringList{QStringLiteral("gif"), kSeries}
                       : m_facts.suffixes;
}

Found<std::vector<std::int64_t>> ExportKind::allSteps(FigureMaterial& from) const {
  const auto history = from.history({});
  if (!history)
    return core::Unexpected(history.error());
  return (*history)->frames();
}

QString ExportKind::write(const ExportOrder& order, FigureMaterial& from, const QString& file,
                          const WriteWatch& watch) const {
  if (isAnimation(file))
    return writeAnimation(order, from, file, watch);
  const auto figure = makeFigure(order, from);
  if (!figure)
    return figure.error();
  const auto written = widgets::exportFigure(*figure, toPath(file));
  return written ? QString() : QString::fromStdString(written.error().text());
}

Found<std::int64_t> stepOf(const ExportOrder& order, FigureMaterial& from) {
  if (order.steps.empty())
    return from.lastStep();
  return order.steps.front();
}

Found<widgets::Figure> makeFigure(const ExportOrder& order, FigureMaterial& from) {
  auto content = order.kind->content(order, from);
  if (!content)
    return core::Unexpected(content.error());
  widgets::Figure figure{order.style, from.source(), std::move(*content)};
  if (const QString problem = widgets::figureProblem(figure); !problem.isEmpty())
    return core::Unexpected(problem);
  figure.source.changed = changedText(from.interventions(), figure.content->steps());
  return figure;
}

QStringList exportFiles(const ExportOrder& order, const QString& pattern,
                        const QStringList& suffixes) {
  // The folder is taken as it is; only the name has braces.
  const qsizetype slash = pattern.lastIndexOf(QLatin1Char('/'));
  const widgets::FigureNames names{runWord(order), viewWord(order), order.kind->stepNames(order),
                                   static_cast<qint64>(order.spec.training.seed)};
  const QString name = widgets::figureFileName(pattern.mid(slash + 1), names);
  QStringList files;
  for (const QString& suffix : suffixes) {
    const QString file = pattern.left(slash + 1) + name;
    files.append(suffix == kSeries ? file + QStringLiteral("_frames/{step}.png")
                                   : file + QLatin1Char('.') + suffix);
  }
  return files;
}

QString writeBytes(const QString& file, const QByteArray& bytes) {
  const auto written = core::writeFileAtomically(
      toPath(file), {bytes.constData(), static_cast<std::size_t>(bytes.size())});
  return written ? QString() : QString::fromStdString(written.error().text());
}

QString headWord(int layer, int head) {
  return QStringLiteral("%1.%2").arg(layer).arg(head);
}

QStringList stepWords(const ExportOrder& order) {
  return order.steps.empty()
             ? QStringList()
             : QStringList{QStringLiteral("--at"), QString::number(order.steps.front())};
}

QStringList frameWords(const ExportOrder& order) {
  QStringList words;
  QStringList steps;
  for (const auto step : order.steps)
    steps.append(QString::number(step));
  if (!steps.isEmpty())
    words << QStringLiteral("--at") << steps.join(QLatin1Char(','));
  if (order.choice.mean)
    words << QStringLiteral("--probe") << QStringLiteral("mean");
  else if (order.choice.sequence > 0)
    words << QStringLiteral("--probe") << QString::number(order.choice.sequence + 1);
  return words;
}

QStringList withoutWords(const std::vector<core::HeadRef>& without) {
  QStringList heads;
  for (const core::HeadRef& head : without)
    heads << headWord(head.layer, head.head);
  return heads.isEmpty() ? QStringList()
                         : QStringList{QStringLiteral("--without"), heads.join(QLatin1Char(','))};
}

QString withoutText(const std::vector<core::HeadRef>& without) {
  QStringList heads;
  for (const core::HeadRef& head : without)
    heads << widgets::headName(head.layer, head.head);
  return heads.isEmpty() ? QString() : tr("without %1").arg(heads.join(QStringLiteral(" and ")));
}

QStringList timeWords(const widgets::TimeView& time) {
  QStringList words;
  if (time.range)
    words << QStringLiteral("--range")
          << QStringLiteral("%1:%2").arg(time.range->first).arg(time.range->last);
  if (time.smoothing > 0)
    words << QStringLiteral("--smooth")
          << (time.smoothing == 1 ? QStringLiteral("light") : QStringLiteral("strong"));
  return words;
}

QString valuesWord(widgets::HeadValues values) {
  static const std::array<const char*, widgets::kHeadValues> words{
      "attention", "difference", "weighted", "scores", "layer-mean", "all-mean"};
  return QString::fromLatin1(words[static_cast<std::size_t>(values)]);
}

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

}  // namespace anchorlens::app
