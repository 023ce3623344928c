// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment/sha256.h"

#include <QtTest>

#include <string>

using anchorlens::core::sha256Hex;

class TestSha256 : public QObject {
  Q_OBJECT

 private slots:
  void knownDigests_data();
  void knownDigests();
  void everyLengthAroundABlock();
};

// The examples of FIPS 180-4's companion document; the empty text and the million from NIST's
// test vectors.
void TestSha256::knownDigests_data() {
  QTest::addColumn<QByteArray>("text");
  QTest::addColumn<QByteArray>("digest");
  QTest::newRow("empty") << QByteArray()
                         << QByteArray(
                                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  QTest::newRow("abc") << QByteArray("abc")
                       << QByteArray(
                              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  QTest::newRow("two blocks")
      << QByteArray("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
      << QByteArray("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  QTest::newRow("a million")
      << QByteArray(1000000, 'a')
      << QByteArray("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

void TestSha256::knownDigests() {
  QFETCH(QByteArray, text);
  QFETCH(QByteArray, digest);
  QCOMPARE(QByteArray::fromStdString(sha256Hex(text.toStdString())), digest);
}

void TestSha256::everyLengthAroundABlock() {
  // Padding has its corner cases between 55 and 65 bytes; Qt's implementation is another one.
  for (int length = 0; length <= 200; ++length) {
    QByteArray text;
    for (int i = 0; i < length; ++i)
      text.append(static_cast<char>(i * 7 + length));
    QCOMPARE(QByteArray::fromStdString(sha256Hex(text.toStdString())),
             QCryptographicHash::hash(text, QCryptographicHash::Sha256).toHex());
  }
}

QTEST_GUILESS_MAIN(TestSha256)
#include "tst_sha256.moc"
