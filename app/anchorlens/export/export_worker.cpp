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
    for (const ExportTask& task : tasks) {
      auto material = openMaterial(task.order);
      QString problem = material ? QString() : material.error();
      for (const QString& file : task.files) {
        if (stop.stop_requested())
          problem = tr("Cancelled.");
        if (problem.isEmpty())
          problem = task.order.kind->write(task.order, **material, file);
        if (!problem.isEmpty()) {
          emit done(number, written, problem);
          return;
        }
        emit wrote(number, ++written, file);
      }
    }
    emit done(number, written, {});
  });
}

}  // namespace anchorlens::app
