// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/export/export_kind.h"
#include "app/anchorlens/export/export_text.h"
#include "widgets/weights/weights_figure.h"

namespace anchorlens::app {

namespace {

using widgets::WeightsPage;

QString pageWord(WeightsPage page) {
  return page == WeightsPage::Circuits ? QStringLiteral("circuits") : QStringLiteral("weights");
}

/// What differs from the first head and the usual matrix.
QStringList pageWords(const ExportOrder& order) {
  const widgets::WeightsChoice& choice = order.weights;
  const QStringList plot =
      order.plot.isEmpty() ? QStringList() : QStringList{QStringLiteral("--plot"), order.plot};
  QStringList words = stepWords(order);
  if (choice.page == WeightsPage::Weights) {
    if (!choice.matrix.isEmpty())
      words << QStringLiteral("--matrix") << choice.matrix;
    return words + plot;
  }
  words << QStringLiteral("--head") << headWord(choice.head.layer, choice.head.head);
  if (choice.other.layer != choice.head.layer)  // else there is one layer only
    words << QStringLiteral("--with") << headWord(choice.other.layer, choice.other.head);
  if (choice.norm == core::analysis::NormChoice::Folded)
    words << QStringLiteral("--fold");
  if (choice.reading == core::analysis::Reading::Embedding)
    words << QStringLiteral("--read-embedding");
  if (!choice.all_tokens)
    words << QStringLiteral("--task-tokens");
  return words + plot;
}

bool isThere(core::analysis::HeadPlace head, const core::ModelSpec& model) {
  return head.layer >= 0 && head.layer < model.n_layers && head.head >= 0 &&
         head.head < model.n_heads;
}

/// What of the weights was asked for and is not there.
QString pageProblem(const ExportOrder& order, const core::ModelSpec& model) {
  const widgets::WeightsChoice& wanted = order.weights;
  const widgets::WeightsChoice fitted = widgets::fittedChoice(wanted, model);
  if (wanted.norm != fitted.norm)
    return QStringLiteral("--fold: ") +
           QString::fromStdString(core::analysis::whyNotFoldable(model));
  if (!wanted.matrix.isEmpty() && wanted.matrix != fitted.matrix)
    return QStringLiteral("--matrix: this model has no %1").arg(wanted.matrix);
  const bool has_heads = model.kind == core::ModelSpec::Kind::Transformer;
  const QString heads = QStringLiteral("this model has layers 0 to %1 and heads 0 to %2")
                            .arg(model.n_layers - 1)
                            .arg(model.n_heads - 1);
  if (has_heads && !(wanted.head == fitted.head))
    return QStringLiteral("--head: ") + heads;
  if (has_heads && !isThere(wanted.other, model))
    return QStringLiteral("--with: ") + heads;
  const QStringList ids = widgets::plotIds(wanted.page);
  if (!order.plot.isEmpty() && !ids.contains(order.plot))
    return QStringLiteral("--plot: expected one of %1").arg(ids.join(QStringLiteral(", ")));
  return {};
}

/// A page of the Weights tab; of the command line also one plot of it.
class WeightsKind : public ExportKind {
 public:
  WeightsKind(Facts facts, WeightsPage page) : ExportKind(std::move(facts)), m_page(page) {}
  void fit(ExportOrder& order) const override {
    order.weights.page = m_page;
    order.plot.clear();
  }
  /// The file is named by the checkpoint that is drawn.
  QStringList stepNames(const ExportOrder& order) const override {
    return order.checkpoint ? QStringList{QString::number(*order.checkpoint)}
                            : ExportKind::stepNames(order);
  }
  QString problem(const ExportOrder& order, FigureMaterial& from) const override {
    return pageProblem(order, from.spec().model);
  }
  QStringList words(const ExportOrder& order) const override { return pageWords(order); }
  Found<std::vector<std::int64_t>> allSteps(FigureMaterial& from) const override {
    const auto history = from.history({});
    if (!history)
      return core::Unexpected(history.error());
    return (*history)->checkpoints();
  }
  Found<ContentPtr> content(const ExportOrder& order, FigureMaterial& from) const override {
    auto picture = from.weights(order);
    if (!picture)
      return core::Unexpected(picture.error());
    return ContentPtr(std::make_shared<widgets::WeightsFigure>(std::move(*picture),
                                                               order.weights.page, order.plot));
  }

 private:
  WeightsPage m_page = WeightsPage::Weights;
};

/// The plot that has the focus, of the page that is shown.
class PlotKind : public WeightsKind {
 public:
  using WeightsKind::WeightsKind;
  void fit(ExportOrder& /*order*/) const override {}
  QString view(const ExportOrder& order) const override { return pageWord(order.weights.page); }
  QString word(const ExportOrder& order) const override { return pageWord(order.weights.page); }
  bool isMeant(const ExportOrder& /*order*/, bool /*has_head*/) const override { return false; }
};

}  // namespace

void addWeightsKinds(ExportKinds& kinds) {
  using enum StyleOption;
  const StyleOptions options = StyleOptions(ColourBar) | Values;
  kinds.push_back(
      std::make_unique<WeightsKind>(ExportKind::Facts{.id = QStringLiteral("weights"),
                                                      .title = tr("Weights"),
                                                      .view = pageWord(WeightsPage::Weights),
                                                      .word = pageWord(WeightsPage::Weights),
                                                      .options = options | Letters,
                                                      .moves = true},
                                    WeightsPage::Weights));
  kinds.push_back(
      std::make_unique<WeightsKind>(ExportKind::Facts{.id = QStringLiteral("circuits"),
                                                      .title = tr("Circuits"),
                                                      .view = pageWord(WeightsPage::Circuits),
                                                      .word = pageWord(WeightsPage::Circuits),
                                                      .options = options | Letters,
                                                      .moves = true},
                                    WeightsPage::Circuits));
  kinds.push_back(std::make_unique<PlotKind>(ExportKind::Facts{.id = QStringLiteral("plot"),
                                                               .title = tr("Plot of Weights"),
                                                               .view = QString(),
                                                               .word = QString(),
                                                               .options = options,
                                                               .moves = true},
                                             WeightsPage::Weights));
}

}  // namespace anchorlens::app
