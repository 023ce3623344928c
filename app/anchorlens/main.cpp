// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/application.h"
#include "app/anchorlens/export/render_command.h"
#include "app/common/file_limit.h"
#include "engine/session/version.h"
#include "widgets/fonts.h"

#include <QApplication>
#include <QHashSeed>

#include <cstdio>
#include <cstring>

namespace {

constexpr const char* kUsage =
    "anchorlens [FILE|RUN ...]    open the window, with experiments or runs\n"
    "anchorlens render RUN ...    draw figures of a run without a display (--help)\n"
    "anchorlens --version\n";

bool isWord(int argc, char** argv, const char* word) {
  return argc > 1 && std::strcmp(argv[1], word) == 0;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace anchorlens;
  if (isWord(argc, argv, "--version")) {
    std::printf("anchorlens %s\n", engine::versionText().c_str());
    return 0;
  }
  if (isWord(argc, argv, "--help") || isWord(argc, argv, "-h")) {
    std::fputs(kUsage, stdout);
    return 0;
  }
  // Qt orders a PDF's fonts by a hash: the same figure must give the same bytes in every process.
  QHashSeed::setDeterministicGlobalSeed();
  if (isWord(argc, argv, "render")) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
    const QGuiApplication application(argc, argv);
    widgets::loadFonts();
    return app::runRender(QGuiApplication::arguments().mid(2));
  }
  app::raiseFileLimit();
  QApplication application(argc, argv);
  QApplication::setApplicationName(QStringLiteral("Anchorlens"));
  QApplication::setDesktopFileName(QStringLiteral("anchorlens"));
  QApplication::setWindowIcon(QIcon(QStringLiteral(":/anchorlens/icons/anchorlens.svg")));
  return app::runWindow(application, QApplication::arguments().mid(1));
}
