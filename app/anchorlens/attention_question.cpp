// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/attention_question.h"

#include "engine/core/task/explain.h"
#include "engine/session/measure.h"

#include <QCoreApplication>

#include <algorithm>
#include <utility>

namespace anchorlens::app {

namespace {

QString tr(const char* text) {
  return QCoreApplication::translate("AttentionView", text);
}

core::Unexpected<engine::EngineError> problem(const QString& text) {
  return core::Unexpected(engine::EngineError{text.toStdString(), {}});
}

struct TypedSequence {
  core::SequenceSet set;
  QString verdict;
};

core::SequenceSet bareSequence(const std::vector<std::int32_t>& tokens) {
  core::SequenceSet set;
  set.seq_len = static_cast<int>(tokens.size());
  set.tokens = tokens;
  set.roles.assign(tokens.size(), 0);
  set.lengths = {set.seq_len};
  set.targets = {0};
  set.groups = {0};
  set.forms = {0};
  set.splits = {core::Split::Test};
  set.answers = {{0, 1.0}};
  set.answer_offsets = {0, 1};
  return set;
}

/// What the model has positions and embeddings for: more than the task's own lengths.
QString whyUnreadable(const std::vector<std::int32_t>& tokens, const core::ExperimentSpec& spec) {
  const int longest = spec.model.n_ctx;
  const int d_vocab = spec.task.d_vocab;
  if (tokens.empty())
    return tr("Type a sequence of up to %1 tokens, separated by spaces.").arg(longest);
  if (tokens.size() > static_cast<std::size_t>(longest))
    return tr("The model reads up to %1 tokens (n_ctx); these are %2.")
        .arg(longest)
        .arg(tokens.size());
  for (const std::int32_t token : tokens) {
    if (token < 0 || token >= d_vocab)
      return tr("Token %1 is not in the vocabulary, 0 to %2.").arg(token).arg(d_vocab - 1);
  }
  return {};
}

engine::Result<TypedSequence> readTyped(const engine::RunSnapshot& snapshot, const QString& text) {
  const auto tokens = core::readTokens(text.toStdString());
  if (!tokens)
    return problem(QString::fromStdString(tokens.error()));
  const QString why = whyUnreadable(*tokens, snapshot.spec());
  if (!why.isEmpty())
    return problem(why);
  TypedSequence typed{bareSequence(*tokens), {}};
  const auto explained = core::explain(snapshot.task(), *tokens);
  if (!explained) {
    typed.verdict = tr("Without roles: %1").arg(QString::fromStdString(explained.error()));
    return typed;
  }
  typed.set.roles = explained->judgement.roles;
  typed.set.forms = {static_cast<std::int16_t>(explained->judgement.form)};
  const auto& answers = explained->judgement.answers;
  if (!answers.empty()) {
    typed.set.targets = {answers.front().token};
    typed.set.answers = answers;
    typed.set.answer_offsets = {0, static_cast<std::uint32_t>(answers.size())};
  }
  typed.verdict = QString::fromStdString(explained->explanation.text());
  return typed;
}

/// The cells of one quantity of every head, cut to the real tokens, as those of a frame are.
std::vector<widgets::HeadMapData> mapsOf(const core::PatternBatch& batch, std::int64_t step,
                                         const widgets::ProbeContext& probe) {
  core::Frame frame;
  frame.step = step;
  frame.shown = batch;
  return widgets::makeHeadMaps(frame, probe, {});
}

}  // namespace

engine::Result<AttentionAnswer> answerAttention(engine::RunSnapshot& snapshot,
                                                const AttentionQuestion& question,
                                                const widgets::ProbeContext& probe) {
  AttentionAnswer answer;
  widgets::ProbeContext context = probe;
  if (question.is_typed) {
    auto typed = readTyped(snapshot, question.typed);
    if (!typed)
      return core::Unexpected(typed.error());
    context.shown = std::move(typed->set);
    answer.verdict = std::move(typed->verdict);
  } else {
    const auto first = static_cast<std::size_t>(std::max(question.sequence, 0));
    if (first >= snapshot.probe().size())
      return problem(tr("There is no such sequence in the probe."));
    context.shown = engine::subset(snapshot.probe(), first, 1);
  }
  engine::InspectRequest request;
  request.zeroed = question.ablated;
  request.want_patterns = true;
  request.want_weighted = question.values == widgets::HeadValues::Weighted;
  request.want_scores = question.values == widgets::HeadValues::Scores;
  auto output = snapshot.trainer().inspect(context.shown, request);
  if (!output)
    return core::Unexpected(output.error());
  auto heads = std::make_shared<widgets::EvaluatedHeads>();
  heads->values = question.values;
  heads->n_layers = output->n_layers;
  heads->n_heads = output->n_heads;
  heads->maps = mapsOf(output->patterns, snapshot.step(), context);
  if (widgets::needWeights(question.values)) {
    core::PatternBatch values = std::move(output->patterns);
    values.pattern = std::move(request.want_scores ? output->scores : output->weighted);
    for (auto& map : mapsOf(values, snapshot.step(), context))
      heads->cells.push_back(std::move(map.pattern));
  }
  answer.heads = std::move(heads);
  return answer;
}

}  // namespace anchorlens::app
