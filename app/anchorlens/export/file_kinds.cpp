// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/export/export_kind.h"
#include "app/anchorlens/export/export_text.h"
#include "app/anchorlens/places.h"
#include "engine/core/archive/run_archive.h"
#include "engine/core/experiment_json.h"
#include "engine/session/run_facts.h"

#include <QFile>

#include <optional>
#include <vector>

namespace anchorlens::app {

namespace {

using Checkpoints = std::vector<core::CheckpointInfo>;

class CheckpointKind : public ExportKind {
 public:
  using ExportKind::ExportKind;
  QStringList words(const ExportOrder& order) const override { return stepWords(order); }
  /// The file is named by the checkpoint that is written.
  QStringList stepNames(const ExportOrder& order) const override {
    const auto facts = engine::readRunFacts(order.directory);
    std::optional<std::int64_t> newest;
    for (const core::CheckpointInfo& info : facts ? facts->checkpoints : Checkpoints()) {
      if (order.steps.empty() || info.step <= order.steps.back())
        newest = info.step;
    }
    return newest ? QStringList{QString::number(*newest)} : ExportKind::stepNames(order);
  }
  QString write(const ExportOrder& order, FigureMaterial& from, const QString& file,
                const WriteWatch& /*watch*/) const override {
    // The last checkpoint may be of a later step than the last frame.
    const auto checkpoint = from.checkpoint(order.steps.empty() ? kNewestStep : order.steps.back());
    if (!checkpoint)
      return checkpoint.error();
    QFile source(toText(checkpoint->file));
    const QByteArray bytes = source.open(QIODevice::ReadOnly) ? source.readAll() : QByteArray();
    if (source.error() != QFileDevice::NoError)
      return source.fileName() + QStringLiteral(": ") + source.errorString();
    return writeBytes(file, bytes);
  }
};

class RunKind : public ExportKind {
 public:
  using ExportKind::ExportKind;
  QString write(const ExportOrder& order, FigureMaterial& /*from*/, const QString& file,
                const WriteWatch& watch) const override {
    core::ArchiveWatch archive;
    archive.is_stopped = [&watch] { return watch.stop.stop_requested(); };
    archive.progress = watch.progress;
    const auto packed = core::packRun(order.directory, toPath(file), archive);
    return packed ? QString() : QString::fromStdString(packed.error().text());
  }
};

class ExperimentKind : public ExportKind {
 public:
  using ExportKind::ExportKind;
  QString write(const ExportOrder& /*order*/, FigureMaterial& from, const QString& file,
                const WriteWatch& /*watch*/) const override {
    return writeBytes(file, QByteArray::fromStdString(core::writeExperiment(from.spec())));
  }
};

}  // namespace

void addFileKinds(ExportKinds& kinds) {
  kinds.push_back(std::make_unique<CheckpointKind>(ExportKind::Facts{
      .id = QStringLiteral("checkpoint"),
      .title = tr("Checkpoint"),
      .view = QStringLiteral("checkpoint"),
      .word = QStringLiteral("checkpoint"),
      .suffixes = {QStringLiteral("safetensors")},
      .description = tr("The weights of the newest checkpoint at or before the cursor, as "
                        "safetensors with the names of docs/format.md.")}));
  kinds.push_back(std::make_unique<RunKind>(ExportKind::Facts{
      .id = QStringLiteral("run"),
      .title = tr("Run as one file"),
      .view = QStringLiteral("run"),
      .word = QStringLiteral("run"),
      .steps = ExportKind::Steps::None,
      .suffixes = {QStringLiteral("anchorrun")},
      .description = tr("The whole run in one file, to be sent or kept: open it or drop it on the "
                        "window and it is a run again.")}));
  kinds.push_back(std::make_unique<ExperimentKind>(ExportKind::Facts{
      .id = QStringLiteral("experiment"),
      .title = tr("Experiment"),
      .view = QStringLiteral("experiment"),
      .word = QStringLiteral("experiment"),
      .of = ExportKind::Of::Draft,
      .steps = ExportKind::Steps::None,
      .suffixes = {QStringLiteral("json")},
      .description = tr("The complete experiment as JSON: open it, change it, train it.")}));
}

}  // namespace anchorlens::app
