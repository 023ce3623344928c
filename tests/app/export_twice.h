// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/export/export_dialog.h"
#include "app/anchorlens/export/render_command.h"

#include <QBuffer>
#include <QFile>
#include <QImageReader>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

namespace anchorlens::tests {

inline QByteArray contentOf(const QString& name) {
  QFile file(name);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// To the byte; of pixels, the edges of letters differ by some levels between threads.
inline bool isSame(const QByteArray& one, const QByteArray& other) {
  if (one == other)
    return true;
  const bool has_pixels = one.startsWith("\x89PNG") || one.startsWith("GIF8");
  if (!has_pixels)
    return false;
  QBuffer first;
  QBuffer second;
  first.setData(one);
  second.setData(other);
  QImageReader a(&first);
  QImageReader b(&second);
  constexpr double kMostMean = 1;  // of 255 levels
  int frames = 0;
  for (; a.canRead() && b.canRead(); ++frames) {
    const QImage left = a.read().convertToFormat(QImage::Format_RGB32);
    const QImage right = b.read().convertToFormat(QImage::Format_RGB32);
    if (left.isNull() || left.size() != right.size())
      return false;
    qint64 sum = 0;
    for (int y = 0; y < left.height(); ++y) {
      for (int x = 0; x < left.width(); ++x)
        sum += std::abs(qGreen(left.pixel(x, y)) - qGreen(right.pixel(x, y)));
    }
    if (static_cast<double>(sum) > kMostMean * left.width() * left.height())
      return false;
  }
  return frames > 0 && !a.canRead() && !b.canRead();
}

/// What the dialog shows, written by its button and by the commands that it names: the files stay,
/// and both are the same. No word may have blanks. Returns the commands.
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
      QVERIFY2(isSame(contentOf(files[i]), written[i]), qPrintable(files[i]));
  }();
  return commands;
}

}  // namespace anchorlens::tests
