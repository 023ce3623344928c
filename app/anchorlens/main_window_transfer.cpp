// SPDX-License-Identifier: GPL-3.0-or-later
// Weights out, and other people's runs in.
#include "app/anchorlens/main_window.h"
#include "app/anchorlens/message_bar.h"
#include "app/anchorlens/places.h"
#include "app/anchorlens/transfer_worker.h"
#include "app/anchorlens/worker_thread.h"
#include "engine/core/archive/run_archive.h"

#include <QDir>
#include <QFileInfo>
#include <QStatusBar>

#include <utility>

namespace anchorlens::app {

namespace {

/// A settings file stands for its folder.
QString sourceOf(const QString& path) {
  const QFileInfo info(path);
  const bool is_settings = info.fileName() == QLatin1String("config.json") ||
                           info.fileName() == QLatin1String("import.json");
  return is_settings ? info.absolutePath() : info.absoluteFilePath();
}

/// A folder for the run of a source that is not in use yet.
QString freeFolder(const QString& folder, const QString& source) {
  const QFileInfo info(source);
  const QString name = info.isDir() ? QDir(source).dirName() : info.completeBaseName();
  QString free = QDir(folder).filePath(name);
  for (int number = 2; QFileInfo::exists(free); ++number)
    free = QDir(folder).filePath(QStringLiteral("%1-%2").arg(name).arg(number));
  return free;
}

}  // namespace

void MainWindow::buildTransfer() {
  m_transfer = std::make_unique<WorkerThread<TransferWorker>>(QStringLiteral("transfer"));
  const TransferWorker* worker = m_transfer->worker();
  connect(worker, &TransferWorker::exported, this,
          [this](const QString& text) { statusBar()->showMessage(text); });
  connect(worker, &TransferWorker::exportFailed, this, [this](const QString& text) {
    m_messages->showMessage(QStringLiteral("weights"), MessageBar::Kind::Problem, text);
  });
  connect(worker, &TransferWorker::importProgressed, this, [this](int done, int total) {
    statusBar()->showMessage(tr("Importing: %1 of %2 checkpoints.").arg(done).arg(total));
  });
  connect(worker, &TransferWorker::imported, this,
          [this](const QString& folder, const QString& text) {
            m_messages->showMessage(QStringLiteral("import"), MessageBar::Kind::Info, text);
            statusBar()->clearMessage();
            openRunFolder(folder, std::exchange(m_ticks_import, false));
          });
  connect(worker, &TransferWorker::importFailed, this, [this](const QString& text) {
    m_messages->showMessage(QStringLiteral("import"), MessageBar::Kind::Problem, text);
    statusBar()->clearMessage();
  });
}

void MainWindow::buildTransferActions() {
  ActionMap& a = *m_actions;
  a.add(QStringLiteral("import"), tr("&Import…"), {}, [this] {
    const QString file = m_parts.dialogs.openFile(
        this, tr("Import other people's run"),
        tr("Checkpoints, settings and packed runs (*.pt *.pth *.safetensors config.json "
           "import.json *.anchorrun)"));
    if (!file.isEmpty())
      importRun(sourceOf(file));
  });
  const auto add = [&](const char* id, const QString& text, core::NameFamily names) {
    a.add(QString::fromLatin1(id), text, {}, [this, names] { exportWeights(names); });
  };
  add("weights-native", tr("Weights with &native names…"), core::NameFamily::Native);
  add("weights-pytorch", tr("Weights for &PyTorch…"), core::NameFamily::PyTorch);
  add("weights-lens", tr("Weights for &TransformerLens…"), core::NameFamily::TransformerLens);
}

void MainWindow::exportWeights(core::NameFamily names) {
  const RunRecord* run = m_controller.shownRun();
  if (run == nullptr || !run->isLoaded() || run->history().checkpoints().empty()) {
    statusBar()->showMessage(tr("Weights are taken from a run: none with checkpoints is shown."));
    return;
  }
  WeightsOrder order;
  order.run = run->directory();
  order.step = m_controller.cursor().step();
  order.names = names;
  const QString proposal =
      QStringLiteral("%1-step-%2.safetensors").arg(run->name()).arg(order.step);
  order.file =
      m_parts.dialogs.askFile(this, tr("Export weights"), proposal, QStringLiteral("safetensors"),
                              tr("Safetensors (*.safetensors)"));
  if (order.file.isEmpty())
    return;
  statusBar()->showMessage(tr("Writing the weights of step %1…").arg(order.step));
  m_messages->hideMessage(QStringLiteral("weights"));
  m_transfer->post([order](TransferWorker& worker) { worker.exportWeights(order); });
}

void MainWindow::importRun(const QString& source, bool ticks) {
  m_ticks_import = ticks;
  ImportOrder order;
  order.source = source;
  order.folder = freeFolder(m_controller.runFolder(), source);
  m_import_stop = std::stop_source();
  m_messages->showMessage(
      QStringLiteral("import"), MessageBar::Kind::Info,
      (core::looksLikeRunArchive(toPath(source))
           ? tr("Unpacking %1.")
           : tr("Importing %1: each checkpoint is evaluated."))
          .arg(QFileInfo(source).fileName()),
      {{tr("Cancel"), [stop = m_import_stop]() mutable { stop.request_stop(); }}});
  m_transfer->post([order, stop = m_import_stop.get_token()](TransferWorker& worker) {
    worker.importRun(order, stop);
  });
}

}  // namespace anchorlens::app
