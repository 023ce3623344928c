// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/transfer_worker.h"

#include "app/anchorlens/places.h"
#include "engine/core/archive/run_archive.h"
#include "engine/core/import/import_plan.h"
#include "engine/session/import_run.h"
#include "engine/session/run_session.h"
#include "engine/session/weights_out.h"
#include "widgets/number_format.h"

#include <QElapsedTimer>
#include <QStringList>

#include <cmath>
#include <exception>

namespace anchorlens::app {

namespace {

constexpr qint64 kProgressMs = 100;

QString text(const std::string& message) {
  return QString::fromStdString(message);
}

QString summaryOf(const engine::ImportedRun& run) {
  const QString count = run.checkpoints == 1
                            ? TransferWorker::tr("1 checkpoint")
                            : TransferWorker::tr("%1 checkpoints").arg(run.checkpoints);
  QString summary = TransferWorker::tr("Imported %1, up to step %2.")
                        .arg(count, widgets::formatInteger(run.last_step));
  const auto percent = [](double share) { return QString::number(100 * share, 'f', 1); };
  if (std::isfinite(run.test_accuracy)) {
    summary += TransferWorker::tr(" Test accuracy %1 % on sequences drawn here")
                   .arg(percent(run.test_accuracy));
    summary +=
        std::isfinite(run.logged_test_accuracy)
            ? TransferWorker::tr(", %1 % in its own log.").arg(percent(run.logged_test_accuracy))
            : QStringLiteral(".");
  }
  for (const std::string& note : run.notes)
    summary += QLatin1Char('\n') + text(note);
  return summary;
}

}  // namespace

void TransferWorker::exportWeights(const WeightsOrder& order) {
  try {
    auto snapshot = engine::RunSnapshot::open(order.run, order.step);
    if (!snapshot) {
      emit exportFailed(text(snapshot.error().message));
      return;
    }
    const auto written = engine::writeWeights(**snapshot, toPath(order.file), order.names);
    if (!written) {
      emit exportFailed(text(written.error().message));
      return;
    }
    emit exported(tr("The weights of step %1 are in %2.")
                      .arg(widgets::formatInteger((*snapshot)->step()), order.file));
  } catch (const std::exception& error) {
    emit exportFailed(text(error.what()));
  }
}

void TransferWorker::importRun(const ImportOrder& order, std::stop_token stop) {
  try {
    if (core::looksLikeRunArchive(toPath(order.source))) {
      core::ArchiveWatch watch;
      watch.is_stopped = [&stop] { return stop.stop_requested(); };
      const auto made = core::unpackRun(toPath(order.source), toPath(order.folder), watch);
      if (made)
        emit imported(order.folder, tr("%1 is unpacked.").arg(order.source));
      else
        emit importFailed(text(made.error().text()));
      return;
    }
    const auto plan = core::planImport({toPath(order.source), {}, {}});
    if (!plan) {
      QStringList lines;
      for (const core::IoError& error : plan.error())
        lines.append(text(error.text()));
      emit importFailed(lines.join(QLatin1Char('\n')));
      return;
    }
    QElapsedTimer since;
    since.start();
    engine::ImportOptions options;
    options.is_stopped = [&stop] { return stop.stop_requested(); };
    options.progress = [&](std::size_t done, std::size_t total) {
      if (since.elapsed() < kProgressMs)
        return;
      since.restart();
      emit importProgressed(static_cast<int>(done), static_cast<int>(total));
    };
    const auto run = engine::importRun(*plan, toPath(order.folder), options);
    if (run)
      emit imported(order.folder, summaryOf(*run));
    else
      emit importFailed(text(run.error().message));
  } catch (const std::exception& error) {
    emit importFailed(text(error.what()));
  }
}

}  // namespace anchorlens::app
