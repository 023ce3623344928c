// SPDX-License-Identifier: GPL-3.0-or-later
// The Attention tab: what it shows that no frame holds, computed from the weights at the cursor.
#include "app/anchorlens/main_window.h"
#include "widgets/attention_view.h"

namespace anchorlens::app {

void MainWindow::wireAttention() {
  connect(m_attention, &widgets::AttentionView::evaluationWanted, this, &MainWindow::askAttention);
  connect(&m_controller.snapshots(), &Snapshots::slow, this,
          [this](const QString& channel, bool is_slow) {
            if (channel == kAttentionChannel)
              m_attention->setProgress(is_slow ? tr("evaluating…") : QString());
          });
}

/// Why values of one sequence cannot be computed from the weights; empty when they can.
QString MainWindow::weightsProblem(widgets::HeadValues values, bool is_mean) const {
  if (m_controller.isDraftShown())
    return tr("A draft has no weights to compute this from: run it.");
  if (!m_controller.shownPlace() || !m_controller.probe())
    return m_controller.frame() ? tr("There are no weights on disk to compute this from yet.")
                                : m_controller.framePlaceholder();
  if (is_mean)
    return tr("%1 is computed of one sequence: choose one.").arg(widgets::headValuesName(values));
  return {};
}

/// Asks once for what is shown; may be called at any time.
void MainWindow::askAttention() {
  const auto forget = [this](const QString& problem) {
    m_controller.snapshots().cancel(kAttentionChannel);
    m_attention_asked.reset();
    m_attention->setProgress({});
    m_attention->setProblem(problem);
  };
  if (!m_attention->needsEvaluation())
    return forget({});
  if (!m_attention->isVisible()) {
    if (!m_attention->evaluated())
      forget({});  // let go, or not yet there: asked for anew when it is looked at
    return;
  }
  const auto options = m_attention->options();
  const bool is_mean = !options.is_typed && options.probe.mean;
  if (const QString problem = weightsProblem(options.shown, is_mean); !problem.isEmpty())
    return forget(problem);
  const bool follows = m_controller.followsTraining();
  if (follows && m_attention_asked) {
    // Every step of a run in training would be trained again for a picture of a moment.
    m_attention->setProgress(tr("waits until the run pauses or the cursor stays"));
    return;
  }
  if (follows)
    return forget(tr("Computed when the run pauses or the cursor stays."));
  const AttentionQuestion question{
      *m_controller.shownPlace(), options.shown, options.probe.sequence,
      options.is_typed,           options.typed, m_ablated};
  if (m_attention_asked == question)
    return;
  m_attention_asked = question;
  m_attention->setProgress({});
  m_controller.snapshots().ask<AttentionAnswer>(
      kAttentionChannel, question.place,
      [question, probe = m_controller.probe()](engine::RunSnapshot& snapshot,
                                               const std::stop_token&) {
        return answerAttention(snapshot, question, *probe);
      },
      [this](const engine::Result<AttentionAnswer>& answer) {
        m_attention->setVerdict(answer ? answer->verdict : QString());
        if (answer)
          m_attention->setEvaluated(answer->heads);
        else
          m_attention->setProblem(QString::fromStdString(answer.error().message));
      });
}

}  // namespace anchorlens::app
