// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/preview.h"

#include "engine/session/measure.h"

#include <utility>

namespace anchorlens::app {

namespace {

engine::EngineError firstOf(const core::SpecErrors& errors) {
  return {errors.empty() ? "The draft has a problem." : errors.front().message, {}};
}

}  // namespace

engine::Result<Preview> makePreview(const SessionFactory& factory, RunId id,
                                    const core::ExperimentSpec& spec) {
  auto opened = factory.open_engine();
  if (!opened)
    return core::Unexpected(opened.error());
  auto task = core::Task::compile(spec.task);
  if (!task)
    return core::Unexpected(firstOf(task.error()));
  auto probe = core::makeProbe(*task, spec.probe);
  if (!probe)
    return core::Unexpected(firstOf(probe.error()));

  // Nothing is trained: streaming data spares drawing the training set.
  core::ExperimentSpec untrained = spec;
  untrained.data.mode = core::DataSpec::Mode::Streaming;
  auto trainer = (*opened)->createTrainer({untrained, *task, nullptr});
  if (!trainer)
    return core::Unexpected(trainer.error());
  auto frame = engine::makeFrame(**trainer, *task, *probe, spec.probe.shown, {},
                                 spec.model.mask == core::ModelSpec::Mask::Causal, id);
  if (!frame)
    return core::Unexpected(frame.error());

  Preview preview;
  preview.facts = {id, {}, spec, std::move(*task), nullptr, 0, (*trainer)->totalSteps()};
  preview.facts.probe = std::make_shared<const core::SequenceSet>(std::move(*probe));
  preview.frame = std::move(*frame);
  return preview;
}

}  // namespace anchorlens::app
