// SPDX-License-Identifier: GPL-3.0-or-later
// Where bfloat16 and tf32 are trained in. What a GPU has is in tests/torch/tst_cuda_backend.cpp.
#include "engine/session/precision.h"

#include <QFile>
#include <QtTest>

using namespace anchorlens;

class TestPrecision : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void theProcessorIsAskedRight() {
    QFile file("/proc/cpuinfo");
    if (!file.open(QIODevice::ReadOnly)) {
      QSKIP("the system does not list what its processor has");
    }
    const QByteArray text = file.readAll();
    const qsizetype begin = text.indexOf("flags");
    const auto flags = text.mid(begin, text.indexOf('\n', begin) - begin).split(' ');
    const engine::CpuBFloat16 has = engine::cpuBFloat16();
    QCOMPARE(has.avx512, flags.contains("avx512_bf16"));
    QCOMPARE(has.amx, flags.contains("amx_bf16") && flags.contains("amx_tile"));
  }

  void theProblemIsAtTheField() {
    core::TrainingSpec training;
    training.device = "cpu";
    QVERIFY(!engine::precisionProblem(training));
    training.precision = core::TrainingSpec::Precision::BFloat16;
    const engine::CpuBFloat16 has = engine::cpuBFloat16();
    const auto problem = engine::precisionProblem(training);
    QCOMPARE(problem.has_value(), !has.avx512 && !has.amx);
    if (problem) {
      QCOMPARE(problem->pointer, std::string("/training/precision"));
      QVERIFY(problem->message.find("AVX512_BF16") != std::string::npos);
      QVERIFY(problem->message.ends_with("expected \"float32\""));
    }
    training.precision = core::TrainingSpec::Precision::Tf32;
    const auto tf32 = engine::precisionProblem(training);
    QVERIFY(tf32);
    QCOMPARE(tf32->pointer, std::string("/training/precision"));
    QCOMPARE(
        tf32->message,
        std::string("\"tf32\" cannot be used here: it needs an NVIDIA GPU of compute capability "
                    "8.0 or more, and the CPU would train; expected \"float32\""));
  }
};

QTEST_GUILESS_MAIN(TestPrecision)
#include "tst_precision.moc"
