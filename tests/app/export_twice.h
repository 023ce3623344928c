// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/export/export_dialog.h"
#include "app/anchorlens/export/render_command.h"

#include <QFile>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

namespace anchorlens::tests {

inline QByteArray contentOf(const QString& name) {
  QFile file(name);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// What the dialog shows, written by its button and by the commands that it names: the files stay,
/// and both are the same to the byte. No word may have blanks. Returns the commands.
inline QString exportTwice(app::ExportDialog& dialog) {
  constexpr int kWrittenMs = 60'000;
  const QString commands = dialog.commandLine();
  const QStringList files = dialog.files();
  [&] {
    QVERIFY(!files.isEmpty());
    QSignalSpy finished(&dialog, &app::ExportDialog::finished);
    QTRY_VERIFY_WITH_TIMEOUT(dialog.exportButton()->isEnabled(), kWrittenMs);
    QTest::mouseClick(dialog.exportButton(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, kWrittenMs);
    QList<QByteArray> written;
    for (const QString& file : files) {
      written << contentOf(file);
      QVERIFY2(written.back().size() > 100, qPrintable(finished.last().at(0).toString()));
      QVERIFY(QFile::remove(file));
    }
    for (const QString& command : commands.split(QLatin1Char('\n')))
      QCOMPARE(app::runRender(command.split(QLatin1Char(' ')).mid(2)), 0);
    for (qsizetype i = 0; i < files.size(); ++i)
      QVERIFY2(contentOf(files[i]) == written[i], qPrintable(files[i]));
  }();
  return commands;
}

}  // namespace anchorlens::tests
