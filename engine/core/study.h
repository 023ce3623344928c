// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/expected.h"
#include "engine/core/experiment.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

/// The study file (docs/format_study.md): many runs from one base experiment. Names of fields are
/// the JSON keys.
namespace anchorlens::core {

/// Most runs of one study.
inline constexpr std::size_t kMaxStudyRuns = 10'000;
inline constexpr std::size_t kMaxStudyAxes = 3;

/// Numbers from..to, `step` apart or `count` of them. Rounded to integers where the field is one.
struct StudyRange {
  enum class Spacing { Linear, Log };
  double from = 0;
  double to = 0;
  std::optional<double> step;  ///< exactly one of step and count has a value
  std::optional<int> count;
  Spacing spacing = Spacing::Linear;  ///< log: count only, both ends above 0
  bool operator==(const StudyRange&) const = default;
};

/// A field of the experiment and the values that it takes, as a list or a range.
struct StudyAxis {
  std::string pointer;  ///< "/training/batch_size"
  /// JSON texts, as after the "=" of --set. Exactly one of values and range has a value.
  std::optional<std::vector<std::string>> values;
  std::optional<StudyRange> range;
  bool operator==(const StudyAxis&) const = default;
};

/// Every combination of the axes is run once with each seed.
struct StudySeeds {
  enum class Sets { Training, TrainingAndData };
  std::optional<std::vector<std::uint64_t>> values;  ///< exactly one of values and count is there
  std::uint64_t first = 1;                           ///< of `count` seeds, one after the other
  std::optional<int> count;
  Sets sets = Sets::Training;  ///< training.seed, or that and data.seed
  std::vector<std::uint64_t> list() const;
  bool operator==(const StudySeeds&) const = default;
};

struct StudySpec {
  std::string name = "untitled";
  ExperimentSpec base;
  std::vector<StudyAxis> axes;      ///< up to kMaxStudyAxes
  std::optional<StudySeeds> seeds;  ///< none: the base's own
  bool operator==(const StudySpec&) const = default;
};

/// Base and values in the form in which they are written.
StudySpec completed(StudySpec study);

/// As parseExperiment: strict, all errors at once, older versions of study and base are migrated.
/// Checks form only; whether the runs can be trained is found by planStudy.
Expected<StudySpec, SpecErrors> parseStudy(std::string_view json_text);
Expected<StudySpec, SpecErrors> readStudy(const std::filesystem::path& file);

/// Complete and canonical; parseStudy(writeStudy(study)) == completed(study).
std::string writeStudy(const StudySpec& study);

/// One run of a study.
struct StudyMember {
  std::string folder;       ///< "07_n_layers-2_seed-3": its run directory in the study's folder
  std::string name;         ///< of its experiment
  std::string differences;  ///< from the base: "n_layers 4 → 2, seed 1 → 3"; empty: none
  std::size_t setting = 0;  ///< index into StudyPlan::settings
  std::optional<std::uint64_t> seed;
};

/// A study, expanded: the runs in their order. The last axis varies fastest, seeds faster still.
struct StudyPlan {
  StudySpec study;                  ///< completed
  std::vector<std::string> labels;  ///< of the axes, short and different: "n_layers"
  /// Of each axis its values, as JSON texts.
  std::vector<std::vector<std::string>> values;
  /// Of each combination the index of each axis' value.
  std::vector<std::vector<std::size_t>> settings;
  std::vector<StudyMember> members;

  /// "n_layers 2, batch_size 50"; empty without axes.
  std::string settingText(std::size_t setting) const;
  /// The complete experiment of a member; what anchorctl train is given.
  ExperimentSpec experiment(std::size_t member) const;
};

/// Expands the study and checks every run as checkExperiment would. Errors say which run, why, and
/// where: pointers are those of the study file. `stop` gives it up, with an error that says so.
Expected<StudyPlan, SpecErrors> planStudy(const StudySpec& study, std::stop_token stop = {});

/// The field of an axis or of the seeds that is `pointer`, a part of it or has it as a part; empty
/// when all runs have what the base says there.
std::string variedField(const StudySpec& study, std::string_view pointer);

/// The numbers of a range as JSON texts; `is_integer` rounds them.
std::vector<std::string> rangeValues(const StudyRange& range, bool is_integer);

/// For forms: the pointers of all fields of an experiment that an axis may vary, in the order of
/// the file; and what a field has, as JSON text ("" when there is no such field).
std::vector<std::string> studyFields(const ExperimentSpec& base);
std::string fieldText(const ExperimentSpec& base, const std::string& pointer);
/// What a person types as a list: "1, 2, 4" or "adam, sgd", or JSON values. Commas inside brackets
/// and quotes do not part values. Empty parts are left out.
std::vector<std::string> splitValues(std::string_view typed);

/// The studies that ship, built into the program: names, and the JSON text of one (empty when there
/// is none of that name). resources/studies/README.md says what each asks.
std::vector<std::string> studyNames();
std::string_view studyText(std::string_view name);

/// The study's file in its folder.
inline constexpr const char* kStudyFile = "study.json";

}  // namespace anchorlens::core
