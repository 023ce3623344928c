// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/sample_exporter.h"

#include "app/anchorlens/places.h"
#include "widgets/number_format.h"

#include <QElapsedTimer>

#include <exception>

namespace anchorlens::app {

namespace {

constexpr qint64 kProgressMs = 50;

QString problemsOf(const core::SpecErrors& errors) {
  const core::SpecError& first = errors.front();
  return SampleExporter::tr("The task has a problem, at %1: %2")
      .arg(QString::fromStdString(first.pointer), QString::fromStdString(first.message));
}

}  // namespace

void SampleExporter::write(const SampleOrder& order, std::stop_token stop) {
  try {
    const auto task = core::Task::compile(order.task);
    if (!task) {
      emit finished(Outcome::Failed, problemsOf(task.error()));
      return;
    }
    QElapsedTimer since;
    since.start();
    const auto tell = [&](std::int64_t done) {
      if (since.elapsed() < kProgressMs)
        return;
      since.restart();
      emit progressed(done);
    };
    const auto written =
        core::writeSamples(*task, order.request, order.format, toPath(order.file), tell, stop);
    if (!written)
      emit finished(Outcome::Failed, QString::fromStdString(written.error().text()));
    else if (!*written)
      emit finished(Outcome::Cancelled, tr("Cancelled: no file was written."));
    else
      emit finished(Outcome::Written,
                    tr("%1 sequences are in %2.")
                        .arg(widgets::formatInteger(order.request.total()), order.file));
  } catch (const std::exception& error) {
    emit finished(Outcome::Failed, QString::fromStdString(error.what()));
  }
}

}  // namespace anchorlens::app
