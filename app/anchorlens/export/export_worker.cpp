// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/export/export_worker.h"

#include <exception>
#include <utility>

namespace anchorlens::app {

void ExportWorker::guard(quint64 number, const std::function<void()>& work) {
  try {
    work();
  } catch (const std::exception& error) {
    emit done(number, 0, QString::fromStdString(error.what()));
  }
}

void ExportWorker::prepare(std::uint64_t number, const ExportOrder& order) {
  guard(number, [&] {
    // Read anew each time: a run in training has grown since.
    auto material = openMaterial(order);
    auto figure = material ? makeFigure(order, **material)
                           : Found<widgets::Figure>(core::Unexpected(material.error()));
    if (figure)
      emit prepared(number, std::make_shared<const widgets::Figure>(std::move(*figure)));
    else
      emit refused(number, figure.error());
  });
}

void ExportWorker::write(std::uint64_t number, const std::vector<ExportTask>& tasks,
                         std::stop_token stop) {
  guard(number, [&] {
    int written = 0;
    int tried = 0;
    QString first_problem;
    for (const ExportTask& task : tasks) {
      auto material = openMaterial(task.order);
      QString problem = material ? QString() : material.error();
      for (const QString& file : task.files) {
        const WriteWatch watch{
            stop, [this, number, tried](double share) { emit progressed(number, tried + share); }};
        if (stop.stop_requested()) {
          emit done(number, written, tr("Cancelled."));
          return;
        }
        if (problem.isEmpty())
          problem = task.order.kind->write(task.order, **material, file, watch);
        emit progressed(number, ++tried);
        if (problem.isEmpty())
          emit wrote(number, ++written, file);
      }
      // What cannot be had does not keep the rest from being written.
      if (first_problem.isEmpty() && !problem.isEmpty())
        first_problem = problem;
    }
    emit done(number, written, first_problem);
  });
}

}  // namespace anchorlens::app
