// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/weights_control.h"

#include "widgets/weights/weights_view.h"

#include <QApplication>
#include <QClipboard>

#include <algorithm>
#include <utility>

namespace anchorlens::app {

namespace {

constexpr std::size_t kKeptBytes = 64U << 20U;

std::size_t bytesOf(const widgets::WeightsPicture& picture) {
  std::size_t bytes = 16U << 10U;
  for (const auto& plot : picture.plots) {
    if (const auto* matrix = plot->matrix())
      bytes += matrix->values.size() * (sizeof(float) + 1);
  }
  return bytes;
}

}  // namespace

WeightsControl::WeightsControl(widgets::WeightsView* view, QObject* parent)
    : QObject(parent), m_view(view), m_thread(QStringLiteral("weights")) {
  connect(view, &widgets::WeightsView::shown, this, &WeightsControl::update);
  connect(view, &widgets::WeightsView::choiceChanged, this, &WeightsControl::update);
  connect(m_thread.worker(), &WeightsWorker::answered, this,
          [this](quint64 number, const widgets::PicturePtr& picture) {
            if (number != m_number)
              return;
            if (picture->is_complete)
              keep(m_asked, picture);
            m_view->setPending(false);
            m_view->setEmptyText({});
            m_view->setPicture(picture);
          });
  connect(m_thread.worker(), &WeightsWorker::copied, this, [this](QMimeData* data) {
    QApplication::clipboard()->setMimeData(data);
    emit copied();
  });
  connect(m_thread.worker(), &WeightsWorker::refused, this,
          [this](quint64 number, const QString& problem) {
            if (number != m_number)
              return;
            m_view->setPending(false);
            m_view->setEmptyText(problem);
          });
}

void WeightsControl::copy(const widgets::Figure& figure) {
  m_thread.post([figure, owner = thread()](WeightsWorker& worker) { worker.copy(figure, owner); });
}

void WeightsControl::show(const Subject& subject) {
  const bool is_other = subject.run != m_subject.run;
  m_subject = subject;
  if (is_other) {
    m_stop.request_stop();
    ++m_number;
    m_asked = {};
    m_view->setPending(false);
    m_view->setEmptyText({});
    m_view->setPicture(nullptr);
  }
  m_view->setModel(subject.model);
  update();
}

void WeightsControl::update() {
  if (!m_view->isVisible())
    return;
  const auto& steps = m_subject.checkpoints;
  const auto after = std::upper_bound(steps.begin(), steps.end(), m_subject.step);
  if (m_subject.run.empty() || after == steps.begin()) {
    m_view->setEmptyText(m_subject.placeholder.isEmpty()
                             ? tr("Weights are shown at checkpoints: this run has none yet.")
                             : m_subject.placeholder);
    return;
  }
  Key key{m_subject.run, *std::prev(after), steps.back(), m_view->choice()};
  if (key.choice.page == widgets::WeightsPage::Circuits)
    key.newest = -1;
  if (key == m_asked)
    return;
  const auto kept = std::find_if(m_kept.begin(), m_kept.end(),
                                 [&key](const Kept& one) { return one.key == key; });
  if (kept == m_kept.end()) {
    ask(key);
    return;
  }
  m_stop.request_stop();
  ++m_number;
  m_asked = key;
  m_kept.splice(m_kept.begin(), m_kept, kept);
  m_view->setPending(false);
  m_view->setEmptyText({});
  m_view->setPicture(m_kept.front().picture);
}

void WeightsControl::ask(const Key& key) {
  m_stop.request_stop();
  m_stop = std::stop_source();
  m_asked = key;
  const WeightsWorker::Question question{
      ++m_number, key.run, key.step, m_subject.checkpoints.back(), key.choice, m_stop.get_token()};
  m_view->setPending(true);
  m_thread.post([question](WeightsWorker& worker) { worker.answer(question); });
}

void WeightsControl::keep(const Key& key, const widgets::PicturePtr& picture) {
  m_kept.push_front({key, picture, bytesOf(*picture)});
  m_kept_bytes += m_kept.front().bytes;
  while (m_kept_bytes > kKeptBytes && m_kept.size() > 1) {
    m_kept_bytes -= m_kept.back().bytes;
    m_kept.pop_back();
  }
}

}  // namespace anchorlens::app
