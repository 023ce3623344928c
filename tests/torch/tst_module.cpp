// SPDX-License-Identifier: GPL-3.0-or-later
// The module as programs open it: through the door, without linking anything of Torch.
#include "engine/session.h"
#include "tests/support/engine_fixtures.h"

#include <dlfcn.h>

using namespace anchorlens;

class TestModule : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void opensOnceAndTrains() {
    const auto module = engine::openEngine();
    QVERIFY2(module, module ? "" : module.error().message.c_str());
    const auto again = engine::openEngine();
    QVERIFY(again && *again == *module);
    const engine::EngineInfo& info = (*module)->info();
    QVERIFY(info.torch_version.starts_with("2."));
    QVERIFY(!info.cpu_capability.empty());
    QCOMPARE(info.devices[0].id, std::string("cpu"));
    QVERIFY2(info.cuda_reason.find("too late") == std::string::npos, info.cuda_reason.c_str());
    qInfo("CUDA: %s", info.cuda_reason.empty() ? "yes" : info.cuda_reason.c_str());

    const core::ExperimentSpec spec = test::tinyExperiment();
    const auto trainer = (*module)->createTrainer(test::inputOf(spec));
    QVERIFY2(trainer, trainer ? "" : trainer.error().message.c_str());
    const auto step = (*trainer)->trainStep();
    QVERIFY(step);
    QCOMPARE(step->step, std::int64_t{1});
    QCOMPARE((*trainer)->parameterCount(),
             engine::countParameters(spec.model, spec.task.d_vocab, spec.task.seq_len[0]));
  }

  /// Core is in the program and in the module: neither may take the other's.
  void onlyTheEntryPointLeavesTheModule() {
    void* module = dlopen(ANCHORLENS_ENGINE_FILE, RTLD_NOW | RTLD_NOLOAD);
    QVERIFY(module != nullptr);
    QVERIFY(dlsym(module, "anchorlens_engine_module") != nullptr);
    // core::labelName, as the linker calls it.
    QVERIFY(dlsym(module, "_ZN10anchorlens4core9labelNameENS0_5LabelE") == nullptr);
    // core::Task::compile
    QVERIFY(dlsym(module, "_ZN10anchorlens4core4Task7compileERKNS0_8TaskSpecE") == nullptr);
    dlclose(module);
  }
};

QTEST_GUILESS_MAIN(TestModule)
#include "tst_module.moc"
