// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/npz.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace anchorlens::widgets;

namespace {

QByteArray made() {
  NpzWriter npz;
  npz.add(QStringLiteral("f"), {2, 1, 2}, std::vector<float>{1, 2, 3, 0.5F});
  npz.add(QStringLiteral("d"), {}, std::vector<double>{0.1});
  npz.add(QStringLiteral("i"), {3}, std::vector<std::int64_t>{-1, 0, 1LL << 40});
  npz.add(QStringLiteral("s"), {2}, QStringList{QStringLiteral("key"), QStringLiteral("→")});
  npz.add(QStringLiteral("none"), {0}, std::vector<double>{});
  return npz.bytes();
}

/// The distribution's Python first: it has the package that packaging/setup installs.
QString pythonWithNumpy() {
  for (const QString& python : {QStringLiteral("/usr/bin/python3"), QStringLiteral("python3")}) {
    QProcess probe;
    probe.start(python, {QStringLiteral("-c"), QStringLiteral("import numpy")});
    if (probe.waitForFinished() && probe.exitCode() == 0) {
      return python;
    }
  }
  return {};
}

}  // namespace

class TestNpz : public QObject {
  Q_OBJECT

 private slots:
  void headersAreAligned() {
    const QByteArray bytes = made();
    const qsizetype at = bytes.indexOf("\x93NUMPY");
    QVERIFY(at > 0);
    QCOMPARE(bytes.mid(at + 6, 2), QByteArray("\x01\x00", 2));
    const int length =
        static_cast<unsigned char>(bytes[at + 8]) + 256 * static_cast<unsigned char>(bytes[at + 9]);
    QCOMPARE((10 + length) % 64, 0);
    QCOMPARE(bytes[at + 10 + length - 1], '\n');
    QVERIFY(bytes.mid(at + 10, length)
                .startsWith("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1, 2, ), }"));
  }

  void equalArraysGiveEqualBytes() { QCOMPARE(made(), made()); }

  void numpyReadsIt() {
    const QString python = pythonWithNumpy();
    if (python.isEmpty()) {
      QSKIP("needs python3 with NumPy (packaging/setup --tests)");
    }
    const QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("a.npz")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(made());
    file.close();
    QProcess reader;
    reader.start(python, {QStringLiteral("-c"),
                          QStringLiteral("import sys, zipfile, numpy as np\n"
                                         "assert zipfile.ZipFile(sys.argv[1]).testzip() is None\n"
                                         "a = np.load(sys.argv[1])\n"
                                         "assert a['f'].tolist() == [[[1, 2]], [[3, 0.5]]]\n"
                                         "assert a['d'].shape == () and a['d'] == 0.1\n"
                                         "assert a['i'].tolist() == [-1, 0, 1 << 40]\n"
                                         "assert a['s'].tolist() == ['key', chr(0x2192)]\n"
                                         "assert a['none'].shape == (0,)\n"
                                         "print('read')\n"),
                          file.fileName()});
    QVERIFY(reader.waitForFinished());
    QCOMPARE(reader.readAllStandardError(), QByteArray());
    QCOMPARE(reader.readAllStandardOutput().trimmed(), QByteArray("read"));
  }
};

QTEST_GUILESS_MAIN(TestNpz)
#include "tst_npz.moc"
