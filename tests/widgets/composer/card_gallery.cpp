// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of the Composer's Anchors and Held-out cards for looking at; not a test.
// card_gallery FOLDER writes CARD-TASK-WIDTH-THEME.png for every card.
#include "engine/core/experiment_json.h"
#include "engine/core/repair.h"
#include "widgets/completing_edit.h"
#include "widgets/composer/anchor_row.h"
#include "widgets/composer/anchors_card.h"
#include "widgets/composer/held_out_card.h"
#include "widgets/fonts.h"
#include "widgets/theme_controller.h"

#include <QApplication>
#include <QDir>
#include <QKeyEvent>
#include <QListWidget>
#include <QVBoxLayout>

#include <map>

using namespace anchorlens;
using namespace anchorlens::widgets;

namespace {

std::map<QString, core::ExperimentSpec> tasks() {
  std::map<QString, core::ExperimentSpec> all;
  for (const char* name : {"identity", "composite", "multi-anchor", "statistical", "synonym",
                           "classification", "memory-and-reasoning"})
    all[QString::fromLatin1(name)] = core::preset(name);
  auto full = core::preset("composite");
  full.task.relabel = {{{{"A", 4}, {"B", 3}}, "x-6"}};
  full.task.held_out.emplace_back(core::KeysRule{3, {{44, 51}, {70, 72}}});
  full.task.held_out.emplace_back(core::PredicateRule{"x mod 2"});
  full.task.held_out.emplace_back(core::LengthRule{{12}});
  full.task.held_out.emplace_back(core::AnchorsRule{{{"A", 2}}});
  full.task.seq_len = {9, 12};
  full.task.forms[0].distinct = {{"A", "B"}};
  all[QStringLiteral("full")] = full;
  auto broken = core::preset("composite");
  broken.task.anchors[1].operation = "x*3";
  broken.task.anchors[2].operation = "80% x | 10% x+1";
  broken.task.held_out.emplace_back(core::ResidueRule{"y"});
  broken.task.held_out.emplace_back(core::KeysRule{4, {{300, 310}}});
  all[QStringLiteral("broken")] = broken;
  return all;
}

ExperimentChecks checksOf(const core::ExperimentSpec& experiment) {
  ExperimentChecks checks;
  checks.problems = core::checkExperiment(experiment);
  checks.repairs = core::repairsOf(experiment, checks.problems);
  if (auto task = core::Task::compile(experiment.task))
    checks.task = std::move(*task);
  return checks;
}

void save(ComposerCard& card, const core::ExperimentSpec& experiment, int width, const Theme& theme,
          const QString& file) {
  QWidget page;
  page.setProperty("role", "window");
  auto* layout = new QVBoxLayout(&page);
  card.setParent(&page);
  layout->addWidget(&card);
  card.setTheme(theme);
  const auto checks = checksOf(experiment);
  page.setFixedWidth(width + 24);
  page.show();
  card.setExperiment(experiment, false);
  card.setChecks(checks);
  card.setProblems(checks.problems, checks.repairs);
  for (int i = 0; i < 4; ++i)
    QApplication::processEvents();
  page.resize(page.width(), page.minimumSizeHint().height());
  page.setMinimumHeight(layout->hasHeightForWidth() ? layout->heightForWidth(page.width())
                                                    : page.sizeHint().height());
  QApplication::processEvents();
  page.grab().save(file);
  card.setParent(nullptr);
}

/// What the operation of an anchor is offered on Ctrl+Space.
void saveCompletions(const Theme& theme, const QString& file) {
  AnchorsCard card;
  card.setTheme(theme);
  card.setExperiment(core::preset("composite"), false);
  card.show();
  auto* edit = qobject_cast<CompletingEdit*>(card.rows()[1]->cell(AnchorRow::Operation));
  edit->setText(QString());
  QKeyEvent key(QEvent::KeyPress, Qt::Key_Space, Qt::ControlModifier);
  QApplication::sendEvent(edit, &key);
  edit->list()->grab().save(file);
}

}  // namespace

int main(int argc, char** argv) {
  QApplication application(argc, argv);
  const QDir folder(argc > 1 ? QString::fromLocal8Bit(argv[1]) : QStringLiteral("."));
  ThemeController themes(application);
  for (const bool is_dark : {true, false}) {
    themes.setChoice(is_dark ? ThemeChoice::Dark : ThemeChoice::Light);
    saveCompletions(
        themes.theme(),
        folder.filePath(QStringLiteral("completions-%1.png").arg(is_dark ? "dark" : "light")));
    for (const auto& [name, experiment] : tasks()) {
      for (const int width : {420, 700}) {
        const QString rest =
            QStringLiteral("%1-%2-%3.png").arg(name).arg(width).arg(is_dark ? "dark" : "light");
        AnchorsCard anchors;
        save(anchors, experiment, width, themes.theme(), folder.filePath("anchors-" + rest));
        HeldOutCard held_out;
        save(held_out, experiment, width, themes.theme(), folder.filePath("held-" + rest));
      }
    }
  }
  return 0;
}
