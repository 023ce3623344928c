// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/weights_worker.h"

#include <exception>

namespace anchorlens::app {

void WeightsWorker::answer(const Question& question) {
  try {
    read(question);
  } catch (const std::exception& error) {
    emit refused(question.number, QString::fromStdString(error.what()));
  }
}

void WeightsWorker::copy(const widgets::Figure& figure, QThread* owner) {
  QMimeData* data = widgets::figureMimeData(figure);
  data->moveToThread(owner);
  emit copied(data);
}

void WeightsWorker::read(const Question& question) {
  if (question.stop.stop_requested())
    return;
  if (!m_run || m_run->directory() != question.run) {
    auto opened = core::analysis::RunWeights::open(question.run);
    if (!opened) {
      emit refused(question.number, QString::fromStdString(opened.error().text()));
      return;
    }
    m_run = std::move(*opened);
  } else if (m_run->steps().empty() || m_run->steps().back() != question.newest) {
    m_run->refresh();
  }
  const auto step = m_run->stepAt(question.step);
  if (!step) {
    emit refused(question.number, tr("There is no checkpoint at or before this step."));
    return;
  }
  if (tell(question, *step, false))
    tell(question, *step, true);
}

bool WeightsWorker::tell(const Question& question, std::int64_t step, bool all) {
  const auto picture =
      widgets::makeWeightsPicture(*m_run, step, question.choice, all, question.stop);
  if (!picture) {
    // Checkpoints that were written by time alone are removed again: look anew.
    m_run->refresh();
    emit refused(question.number, QString::fromStdString(picture.error().text()));
    return false;
  }
  if (*picture == nullptr || question.stop.stop_requested())
    return false;
  emit answered(question.number, *picture);
  return !(*picture)->is_complete;
}

}  // namespace anchorlens::app
