// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/import/import_plan.h"

#include "engine/core/experiment/document.h"
#include "engine/core/experiment_json.h"
#include "engine/core/import/import_logs.h"
#include "engine/core/import/import_shape.h"
#include "engine/core/import/paper_config.h"
#include "engine/core/store/checkpoint.h"

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

namespace anchorlens::core {
namespace fs = std::filesystem;
namespace {

constexpr const char* kImportName = "import.json";
constexpr const char* kPaperName = "config.json";

Unexpected<ImportErrors> failure(const fs::path& file, const std::string& message) {
  return Unexpected(ImportErrors{{file.string(), message}});
}

bool isThereFile(const fs::path& file) {
  std::error_code code;
  return fs::is_regular_file(file, code);
}

bool isWeights(const fs::path& file) {
  const std::string ending = file.extension().string();
  return ending == ".pt" || ending == ".pth" || ending == ".safetensors";
}

/// The digits at the end of a name: 300 of "model_300.pt".
std::optional<std::int64_t> numberOf(const fs::path& file) {
  const std::string name = file.stem().string();
  std::size_t first = name.size();
  while (first > 0 && name[first - 1] >= '0' && name[first - 1] <= '9') {
    --first;
  }
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(name.data() + first, name.data() + name.size(), number);
  if (error != std::errc{} || number > 1'000'000'000) {
    return std::nullopt;
  }
  return number;
}

std::vector<fs::path> weightsIn(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(folder, code)) {
    if (isThereFile(entry.path()) && isWeights(entry.path())) {
      files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::int64_t stepsPerEpoch(const ExperimentSpec& spec) {
  const std::int64_t batch = spec.training.batch_size;
  return std::max<std::int64_t>(1, (spec.data.n_train + batch - 1) / batch);
}

/// What the paper's code or an import file says, with --set; the experiment has to be right.
Expected<ImportPlan, ImportErrors> finished(ImportPlan plan, const ImportRequest& request,
                                            const fs::path& shape_file,
                                            const std::string& part = {}) {
  auto changed = setFields(plan.spec, request.assignments);
  if (!changed) {
    return Unexpected(toImportErrors("--set", changed.error()));
  }
  plan.spec = std::move(*changed);
  if (SpecErrors errors = checkExperiment(plan.spec); !errors.empty()) {
    for (SpecError& error : errors) {
      error.pointer.insert(0, part);
    }
    return Unexpected(toImportErrors(shape_file, errors));
  }
  std::sort(plan.checkpoints.begin(), plan.checkpoints.end(),
            [](const auto& a, const auto& b) { return a.step < b.step; });
  for (std::size_t i = 1; i < plan.checkpoints.size(); ++i) {
    if (plan.checkpoints[i].step == plan.checkpoints[i - 1].step) {
      return failure(plan.checkpoints[i].file,
                     "is of step " + std::to_string(plan.checkpoints[i].step) + ", as is " +
                         plan.checkpoints[i - 1].file.filename().string());
    }
  }
  return plan;
}

// --- the paper's code ---

/// model_300.pt is of the end of epoch 300, counted from 0; model_ini.pt is untrained.
std::vector<ImportCheckpoint> paperCheckpoints(const fs::path& run, std::int64_t per_epoch) {
  std::vector<ImportCheckpoint> checkpoints;
  for (const fs::path& folder : {run / "model", run}) {
    for (const fs::path& file : weightsIn(folder)) {
      const std::string name = file.stem().string();
      const auto epoch = numberOf(file);
      if (name == "model_ini") {
        checkpoints.push_back({0, file});
      } else if (name.starts_with("model_") && epoch) {
        checkpoints.push_back({(*epoch + 1) * per_epoch, file});
      }
    }
    if (!checkpoints.empty()) {
      break;
    }
  }
  return checkpoints;
}

Expected<ImportPlan, ImportErrors> planPaper(const ImportRequest& request,
                                             const std::string& text) {
  const fs::path file = request.source / kPaperName;
  const fs::path absolute = fs::absolute(request.source).lexically_normal();
  const std::string name =
      (absolute.has_filename() ? absolute : absolute.parent_path()).filename().string();
  auto config = parsePaperConfig(text, name);
  if (!config) {
    return Unexpected(toImportErrors(file, config.error()));
  }
  ImportPlan plan;
  plan.source = request.source;
  plan.kind = "a run of the paper's code";
  plan.spec = config->spec;
  plan.names.family = NameFamily::Paper;
  plan.notes = config->notes;
  if (request.shape) {
    const auto shape = readImportShape(*request.shape);
    if (!shape) {
      return Unexpected(toImportErrors(*request.shape, shape.error()));
    }
    plan.spec.task = shape->spec.task;
  } else if (!config->has_task) {
    return failure(file, "/target: \"" + config->target + "\" is a task that is not known here (" +
                             paperTargets() +
                             " are); --experiment FILE takes the task of an experiment file");
  }
  plan.spec = completed(plan.spec);
  plan.checkpoints = paperCheckpoints(request.source, stepsPerEpoch(plan.spec));
  if (plan.checkpoints.empty()) {
    return failure(request.source, "has no model/model_<epoch>.pt");
  }
  auto log = readPaperLogs(request.source, stepsPerEpoch(plan.spec));
  if (!log) {
    return Unexpected(ImportErrors{log.error()});
  }
  plan.log = std::move(*log);
  return finished(std::move(plan), request, file);
}

// --- state dicts ---

Expected<std::vector<ImportCheckpoint>, ImportErrors> listedCheckpoints(const ImportShape& shape,
                                                                        const fs::path& folder) {
  std::vector<ImportCheckpoint> checkpoints;
  for (const ImportShape::File& listed : shape.checkpoints) {
    // Names only: an import file names what lies beside it, nothing else of the machine.
    const fs::path name(listed.file);
    if (name.is_absolute() || std::find(name.begin(), name.end(), "..") != name.end()) {
      return failure(folder / kImportName,
                     "/checkpoints: " + listed.file + " is not beside this file");
    }
    if (!isThereFile(folder / name)) {
      return failure(folder / name, "There is no such file.");
    }
    checkpoints.push_back({listed.step, folder / name});
  }
  return checkpoints;
}

/// The step of a file that is imported alone: what is listed for it, or the number in its name.
std::int64_t stepOf(const fs::path& source, const ImportShape& shape, const fs::path& folder) {
  for (const ImportShape::File& listed : shape.checkpoints) {
    std::error_code code;
    if (fs::equivalent(folder / listed.file, source, code)) {
      return listed.step;
    }
  }
  return numberOf(source).value_or(0);
}

/// Files whose names end in a number, or the only one.
std::vector<ImportCheckpoint> foundCheckpoints(const fs::path& source) {
  const std::vector<fs::path> files = weightsIn(source);
  if (files.size() == 1) {
    return {{numberOf(files[0]).value_or(0), files[0]}};
  }
  std::vector<ImportCheckpoint> checkpoints;
  for (const fs::path& file : files) {
    if (const auto step = numberOf(file)) {
      checkpoints.push_back({*step, file});
    }
  }
  return checkpoints;
}

/// The run then ends where its last checkpoint is.
void setLastStep(ImportPlan& plan) {
  std::int64_t last = 1;
  for (const ImportCheckpoint& checkpoint : plan.checkpoints) {
    last = std::max(last, checkpoint.step);
  }
  plan.spec.training.steps = last;
  plan.spec.training.epochs.reset();
  plan.spec.training.stop_when.reset();
}

Expected<ImportPlan, ImportErrors> planStateDicts(const ImportRequest& request,
                                                  const fs::path& shape_file) {
  const auto shape = readImportShape(shape_file);
  if (!shape) {
    return Unexpected(toImportErrors(shape_file, shape.error()));
  }
  ImportPlan plan;
  plan.source = request.source;
  plan.kind = "a state dict";
  plan.spec = shape->spec;
  plan.names = shape->names;
  if (isThereFile(request.source)) {
    plan.checkpoints = {{stepOf(request.source, *shape, shape_file.parent_path()), request.source}};
  } else if (shape->checkpoints.empty()) {
    plan.checkpoints = foundCheckpoints(request.source);
  } else {
    auto listed = listedCheckpoints(*shape, request.source);
    if (!listed) {
      return Unexpected(listed.error());
    }
    plan.checkpoints = std::move(*listed);
  }
  if (plan.checkpoints.empty()) {
    return failure(request.source,
                   "has no .pt, .pth or .safetensors file whose name ends in its step");
  }
  setLastStep(plan);
  return finished(std::move(plan), request, shape_file, shape->part);
}

/// The file says its own experiment when Anchorlens exported it.
Expected<ImportPlan, ImportErrors> planExported(
    const ImportRequest& request, const std::map<std::string, std::string>& metadata) {
  auto spec = parseExperiment(metadata.at("experiment"));
  if (!spec) {
    return Unexpected(toImportErrors(request.source, spec.error()));
  }
  ImportPlan plan;
  plan.source = request.source;
  plan.kind = "weights that Anchorlens exported";
  plan.spec = std::move(*spec);
  // What was taken on the machine that trained it may not be here.
  plan.spec.training.device = "auto";
  plan.spec.training.kernel = "auto";
  std::int64_t step = 0;
  if (const auto found = metadata.find("step"); found != metadata.end()) {
    const std::string& text = found->second;
    std::from_chars(text.data(), text.data() + text.size(), step);
  }
  if (const auto names = metadata.find("names"); names != metadata.end()) {
    plan.names.family = nameFamilyOf(names->second);
  }
  plan.checkpoints = {{std::clamp<std::int64_t>(step, 0, 1'000'000'000), request.source}};
  setLastStep(plan);
  return finished(std::move(plan), request, request.source);
}

/// The import file beside a source, when there is one.
fs::path shapeBeside(const fs::path& source) {
  return isThereFile(source) ? fs::path(source).replace_extension(".json") : source / kImportName;
}

std::optional<std::string> paperText(const fs::path& source) {
  const auto text = readDocumentText(source / kPaperName, "settings");
  if (!text) {
    return std::nullopt;
  }
  SpecErrors ignored;
  const auto document = readJson(*text, ignored);
  return document && looksLikePaperConfig(*document) ? std::optional<std::string>(*text)
                                                     : std::nullopt;
}

}  // namespace

ImportErrors toImportErrors(const fs::path& file, const SpecErrors& errors) {
  ImportErrors result;
  for (const SpecError& error : errors) {
    result.push_back({file.string(), error.pointer.empty() ? error.message
                                                           : error.pointer + ": " + error.message});
  }
  return result;
}

Expected<ImportPlan, ImportErrors> planImport(const ImportRequest& request) {
  std::error_code code;
  if (!fs::exists(request.source, code)) {
    return failure(request.source, "There is no such file or folder.");
  }
  if (isThereFile(request.source / "experiment.json")) {
    return failure(request.source, "is a run of Anchorlens already; it can be opened as it is");
  }
  if (const auto text = paperText(request.source)) {
    return planPaper(request, *text);
  }
  const fs::path shape = request.shape.value_or(shapeBeside(request.source));
  if (request.shape || isThereFile(shape)) {
    return planStateDicts(request, shape);
  }
  if (request.source.extension() == ".safetensors") {
    const auto metadata = readSafetensorsMetadata(request.source);
    if (!metadata) {
      return Unexpected(ImportErrors{metadata.error()});
    }
    if (metadata->count("experiment") != 0) {
      return planExported(request, *metadata);
    }
  }
  return failure(shape,
                 "is missing: a file that says the model's shape and the names of its "
                 "tensors (docs/import.md), such as\n" +
                     importShapeExample());
}

bool looksImportable(const fs::path& source) {
  std::error_code code;
  if (fs::is_directory(source, code)) {
    return !isThereFile(source / "experiment.json") &&
           (isThereFile(source / kImportName) || isThereFile(source / kPaperName) ||
            !weightsIn(source).empty());
  }
  return isThereFile(source) && isWeights(source);
}

}  // namespace anchorlens::core
