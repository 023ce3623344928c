// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/run_library.h"

namespace anchorlens::app {

RunLibrary::RunLibrary(RunList& runs, QObject* parent)
    : QObject(parent), m_runs(runs), m_thread(QStringLiteral("run files")) {
  const auto* loader = m_thread.worker();
  connect(loader, &RunLoader::opened, this,
          [this](const RunFacts& facts, const std::shared_ptr<RunRows>& rows) {
            RunRecord* run = m_runs.find(facts.run_id);
            if (run == nullptr)
              return;
            if (!run->isOurs())
              run->setFacts(facts);
            run->setProblem({});
            run->add(*rows);
            const QString problem = rows->bookmarks_problem;
            giveBack(*rows);
            emit loaded(facts.run_id);
            if (!problem.isEmpty())
              emit told(tr("%1 The run's bookmarks are not shown.").arg(problem));
          });
  connect(loader, &RunLoader::failed, this, [this](RunId run_id, const QString& message) {
    m_open.erase(run_id);
    if (RunRecord* run = m_runs.find(run_id))
      run->setProblem(message);
    emit loaded(run_id);
  });
  connect(loader, &RunLoader::polled, this, [this](const std::shared_ptr<RunRows>& rows) {
    RunRecord* run = m_runs.find(rows->run_id);
    if (run == nullptr || run->isOurs())
      return;
    // Where another process went back to its last checkpoint, it trains the same steps again, to
    // the bit: the rows that are known stay true.
    run->add(*rows);
    emit updated(rows->run_id);
  });
  connect(loader, &RunLoader::frameRead, this, [this](RunId run_id, const FramePtr& frame) {
    m_asked.reset();
    if (RunRecord* run = m_runs.find(run_id)) {
      run->cacheFrame(frame);
      emit frameReady(run_id, frame->step);
    }
    askNext();
  });
  connect(loader, &RunLoader::frameFailed, this,
          [this](RunId run_id, qint64 step, const QString& message) {
            m_asked.reset();
            emit frameMissing(run_id, step, message);
            askNext();
          });
  m_poll.setInterval(kPollMs);
  connect(&m_poll, &QTimer::timeout, this, &RunLibrary::poll);
  m_poll.start();
}

RunRecord& RunLibrary::open(const std::filesystem::path& directory, const QString& name,
                            int colour) {
  if (RunRecord* known = m_runs.find(directory))
    return *known;
  RunRecord& run = m_runs.add(directory, name.isEmpty() ? runNameOf(directory) : name, colour);
  load(run.id());
  return run;
}

void RunLibrary::load(RunId run_id) {
  const RunRecord* run = m_runs.find(run_id);
  if (run == nullptr)
    return;
  m_open.insert(run_id);
  m_thread.post([run_id, directory = run->directory(), thresholds = m_runs.thresholds()](
                    RunLoader& loader) { loader.open(run_id, directory, thresholds); });
}

/// A hundred thousand rows take a while to be freed: not here.
void RunLibrary::giveBack(RunRows& rows) {
  m_thread.post([left = std::make_shared<RunRows>(std::move(rows))](RunLoader&) {});
}

void RunLibrary::close(RunId run_id) {
  m_open.erase(run_id);
  m_thread.post([run_id](RunLoader& loader) { loader.close(run_id); });
}

void RunLibrary::wantFrame(RunId run_id, std::int64_t step) {
  if (m_asked == Wish{run_id, step})
    return;
  m_wish = Wish{run_id, step};
  askNext();
}

void RunLibrary::askNext() {
  if (m_asked || !m_wish)
    return;
  m_asked = std::exchange(m_wish, std::nullopt);
  const auto [run_id, step] = *m_asked;
  if (!m_open.contains(run_id))
    load(run_id);
  m_thread.post([id = run_id, at = step](RunLoader& loader) { loader.readFrame(id, at); });
}

void RunLibrary::poll() {
  for (const auto& run : m_runs.all()) {
    const bool is_followed = !run->isOurs() && run->isLoaded() && m_open.contains(run->id()) &&
                             (run->status().held || run->state() == core::RunState::Training);
    if (is_followed)
      m_thread.post([id = run->id()](RunLoader& loader) { loader.poll(id); });
  }
}

}  // namespace anchorlens::app
