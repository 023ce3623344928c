// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/causal_series.h"

#include "app/anchorlens/export/causal_tables.h"
#include "app/anchorlens/keep_tests.h"

#include <QPointer>

#include <utility>

namespace anchorlens::app {

namespace {

using engine::CausalRecord;
using engine::Result;
using engine::RunSnapshot;
using Records = std::vector<CausalRecord>;

struct Tested {
  engine::TestSeries series;
  QString not_kept;  ///< why; empty: they are
};

Result<Tested> testAndKeep(const std::filesystem::path& run, const engine::CausalRequest& request,
                           const SessionFactory& sessions,
                           const std::function<void(const Records&, std::size_t)>& tell,
                           RunSnapshot& snapshot, const std::stop_token& stop) {
  const auto tests = engine::testsOf(
      request, snapshot, [&](std::int64_t step) { return sessions.snapshot(run, step); });
  if (!tests)
    return core::Unexpected(tests.error());
  tell({}, tests->size());
  Tested tested;
  tested.series = engine::runTests(
      *tests, request.sequences, snapshot,
      [&](const Records& done) {
        tell(done, tests->size());
        return true;
      },
      stop);
  if (const Records& made = tested.series.records; !made.empty())
    tested.not_kept = keepInRun(run, made, snapshot.task());
  return tested;
}

}  // namespace

CausalSeries::CausalSeries(Snapshots& snapshots, QString channel, QObject* parent)
    : QObject(parent), m_snapshots(snapshots), m_channel(std::move(channel)) {}

CausalSeries::~CausalSeries() {
  cancel();
  m_snapshots.cancel(keptChannel());
}

void CausalSeries::start(const SnapshotPlace& place, const engine::CausalRequest& request) {
  ++m_series;
  // The worker ends before Snapshots does, but perhaps after this.
  const auto tell = [snapshots = &m_snapshots, self = QPointer<CausalSeries>(this),
                     series = m_series](const Records& records, std::size_t total) {
    QMetaObject::invokeMethod(
        snapshots,
        [self, series, records, total] {
          if (self && series == self->m_series && self->isRunning())
            emit self->progressed(records, static_cast<int>(total));
        },
        Qt::QueuedConnection);
  };
  m_snapshots.ask<Tested>(
      m_channel, place,
      [run = place.run, request, sessions = m_snapshots.sessions(), tell](
          RunSnapshot& snapshot, const std::stop_token& stop) {
        return testAndKeep(run, request, sessions, tell, snapshot, stop);
      },
      [this](const Result<Tested>& tested) {
        if (!tested) {
          emit finished({}, QString::fromStdString(tested.error().message), {});
          return;
        }
        const auto& [records, error] = tested->series;
        emit finished(records, error ? QString::fromStdString(error->message) : QString(),
                      tested->not_kept);
      });
}

QString CausalSeries::problemText(const Records& records, const QString& problem,
                                  const QString& not_kept) {
  QStringList sentences;
  if (!problem.isEmpty())
    sentences << problem;
  if (!not_kept.isEmpty())
    sentences << tr("The results are not kept in the run: %1").arg(not_kept);
  else if (!problem.isEmpty() && !records.empty())
    sentences << tr("What was tested before is kept in the run.");
  return sentences.join(QLatin1Char(' '));
}

void CausalSeries::cancel() {
  m_snapshots.cancel(m_channel);
}

void CausalSeries::readKept(const std::filesystem::path& run,
                            const std::vector<core::GroupInfo>& groups) {
  m_snapshots.read<Records>(
      keptChannel(),
      [run, groups]() -> Result<Records> {
        return newestTests(engine::readCausalTests(run, groups));
      },
      [this, groups](const Result<Records>& records) { emit keptRead(*records, groups); });
}

}  // namespace anchorlens::app
