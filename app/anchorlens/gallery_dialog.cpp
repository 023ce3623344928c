// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/gallery_dialog.h"

#include "engine/core/step_schedule.h"
#include "engine/session.h"
#include "widgets/number_format.h"

#include <QVBoxLayout>

#include <algorithm>
#include <array>
#include <utility>

namespace anchorlens::app {

namespace {

using Kind = widgets::PresetEntry::Kind;

constexpr QSize kSize{1060, 720};
const std::string kFastPreset = "demo";

/// What each preset and example shows, in a sentence.
QString showsText(const QString& name) {
  static const std::array<std::pair<const char*, const char*>, 18> texts{{
      {"demo", QT_TR_NOOP("The fast settings: both mechanisms emerge within seconds.")},
      {"identity", QT_TR_NOOP("The simplest anchor: the answer is the token after it.")},
      {"reading-comprehension",
       QT_TR_NOOP("Three facts and a question: the key behind the anchor asked for.")},
      {"classification", QT_TR_NOOP("The anchor whose key is nearest to the last token.")},
      {"composite", QT_TR_NOOP("Two operations in turn; one pair of anchors is never trained.")},
      {"working-memory",
       QT_TR_NOOP("As composite, with noise in between: the steps have to be carried along.")},
      {"synonym", QT_TR_NOOP("Anchor 9 does what 3 does; it is held out in two of its pairs.")},
      {"recitation-forward", QT_TR_NOOP("Recite what followed.")},
      {"recitation-reverse", QT_TR_NOOP("Recite what came before.")},
      {"multi-anchor", QT_TR_NOOP("Ten anchors, each of which never sees some of the keys.")},
      {"statistical", QT_TR_NOOP("The answer is random: x with 80 %, x+1 with 20 %.")},
      {"longer-anchor", QT_TR_NOOP("An anchor of two tokens.")},
      {"distant-anchor", QT_TR_NOOP("The key stands three places behind its anchor.")},
      {"middle-word", QT_TR_NOOP("The key in the middle between two anchors.")},
      {"several-keys", QT_TR_NOOP("An operation of two keys.")},
      {"chain-in-random-order", QT_TR_NOOP("Links of a chain in any order: follow them.")},
      {"memory-and-reasoning",
       QT_TR_NOOP("Anchors that are learned by heart beside anchors with a rule.")},
      {"induction", QT_TR_NOOP("No anchor at all: what followed the last time.")},
  }};
  for (const auto& [known, text] : texts) {
    if (name == QLatin1String(known))
      return GalleryDialog::tr(text);
  }
  return {};
}

QString titleOf(const QString& name) {
  QString title = name;
  title.replace(QLatin1Char('-'), QLatin1Char(' '));
  title[0] = title[0].toUpper();
  return title;
}

QString numbersOf(const core::ExperimentSpec& spec) {
  const int seq_len = *std::max_element(spec.task.seq_len.begin(), spec.task.seq_len.end());
  const auto parameters = engine::countParameters(spec.model, spec.task.d_vocab, seq_len);
  return GalleryDialog::tr("%1 parameters, %2 steps")
      .arg(widgets::formatInteger(parameters), widgets::formatInteger(core::totalSteps(spec)));
}

widgets::PresetEntry entryOf(Kind kind, const QString& name, const core::ExperimentSpec& spec) {
  widgets::PresetEntry entry;
  entry.kind = kind;
  entry.name = name;
  entry.title = kind == Kind::Own ? name : titleOf(name);
  entry.shows = kind == Kind::Own ? QString() : showsText(name);
  for (const auto& form : spec.task.forms)
    entry.patterns.append(QString::fromStdString(form.pattern));
  if (kind == Kind::Own || name.toStdString() != kFastPreset)
    entry.own_numbers = numbersOf(spec);
  entry.fast_numbers = numbersOf(core::withFastSettings(spec));
  return entry;
}

widgets::PresetEntry damagedEntry(const OwnPresets::Entry& own) {
  widgets::PresetEntry damaged;
  damaged.kind = Kind::Own;
  damaged.name = own.name;
  damaged.title = own.name;
  QStringList reasons;
  for (const core::SpecError& error : own.spec.error()) {
    const QString message = QString::fromStdString(error.message);
    reasons.append(error.pointer.empty() ? message
                                         : QStringLiteral("%1: %2").arg(
                                               QString::fromStdString(error.pointer), message));
  }
  constexpr qsizetype kMostReasons = 3;
  damaged.problem = reasons.mid(0, kMostReasons).join(QLatin1Char('\n'));
  return damaged;
}

}  // namespace

GalleryDialog::GalleryDialog(OwnPresets presets, Draft draft, QWidget* parent)
    : QDialog(parent), m_presets(std::move(presets)), m_draft(std::move(draft)) {
  setWindowTitle(tr("Presets and examples"));
  auto* layout = new QVBoxLayout(this);
  m_gallery = new widgets::PresetGallery(this);
  layout->addWidget(m_gallery);
  resize(kSize);
  connect(m_gallery, &widgets::PresetGallery::chosen, this, &GalleryDialog::choose);
  connect(m_gallery, &widgets::PresetGallery::saveRequested, this,
          [this](const QString& name) { refresh(m_presets.save(name, m_draft())); });
  connect(m_gallery, &widgets::PresetGallery::renameRequested, this,
          [this](const QString& name, const QString& new_name) {
            refresh(m_presets.rename(name, new_name));
          });
  connect(m_gallery, &widgets::PresetGallery::removeRequested, this,
          [this](const QString& name) { refresh(m_presets.remove(name)); });
  refresh({});
}

void GalleryDialog::refresh(const QString& problem) {
  showEntries(m_presets.list());
  m_gallery->setProblem(problem);
  emit ownChanged();
}

void GalleryDialog::reread() {
  const auto is_same = [](const OwnPresets::Entry& a, const OwnPresets::Entry& b) {
    return a.name == b.name && a.spec.has_value() == b.spec.has_value() &&
           (!a.spec || *a.spec == *b.spec);
  };
  const auto own = m_presets.list();
  if (!std::equal(own.begin(), own.end(), m_own.begin(), m_own.end(), is_same))
    showEntries(own);
}

void GalleryDialog::showEntries(const std::vector<OwnPresets::Entry>& own) {
  m_own = own;
  std::vector<widgets::PresetEntry> entries;
  for (const OwnPresets::Entry& entry : own)
    entries.push_back(entry.spec ? entryOf(Kind::Own, entry.name, *entry.spec)
                                 : damagedEntry(entry));
  for (const std::string& name : core::presetNames())
    entries.push_back(entryOf(Kind::Preset, QString::fromStdString(name), core::preset(name)));
  for (const std::string& name : core::exampleNames())
    entries.push_back(entryOf(Kind::Example, QString::fromStdString(name), core::preset(name)));
  m_gallery->setEntries(entries);
}

void GalleryDialog::choose(Kind kind, const QString& name, bool is_fast) {
  core::ExperimentSpec spec;
  if (kind == Kind::Own) {
    const auto all = m_presets.list();
    const auto own =
        std::find_if(all.begin(), all.end(), [&](const auto& entry) { return entry.name == name; });
    if (own == all.end() || !own->spec) {
      refresh(tr("The preset “%1” cannot be read any more.").arg(name));
      return;
    }
    spec = *own->spec;
  } else {
    spec = core::preset(name.toStdString());
  }
  emit chosen(is_fast ? core::withFastSettings(spec) : spec, name);
  accept();
}

}  // namespace anchorlens::app
