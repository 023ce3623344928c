// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/session.h"
#include "engine/torch/torch_api.h"

#include <c10/util/Exception.h>

#include <exception>
#include <new>
#include <stdexcept>
#include <string>

namespace anchorlens::engine {

/// Settings of the calling thread: number of intra-op threads, denormals flushed (trained models
/// make denormal gradients, which are slow). Cheap when nothing changes. Trainers of different
/// thread counts may follow each other but not train at the same moment: the matrix library has
/// one number for the whole process.
void prepareThread(int threads);

/// Every step takes and frees the same megabytes: lets the C library keep up to 128 MB of them
/// instead of giving them back to the system and asking again (8 % of a demo step).
void keepFreedMemory();

/// A step that must not be taken: its loss or gradient is no finite number.
class NonFinite : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The library's error in words for people; want of memory is told apart by the library's text.
EngineError libraryError(const c10::Error& error);

/// "There is not enough memory: 4.3 GB were asked for at once.", and what may help. `problem`: the
/// first of it; `text`: the library's, which may say how much.
EngineError memoryError(const std::string& problem, const std::string& text);

/// Runs `work` (which returns a Result) on a prepared thread; what it throws becomes an error.
template <typename Work>
auto guarded(int threads, Work&& work) -> decltype(work()) {
  try {
    prepareThread(threads);
    return work();
  } catch (const NonFinite& error) {
    return core::Unexpected(EngineError{error.what(), {}, EngineError::Cause::Numbers});
  } catch (const c10::Error& error) {
    return core::Unexpected(libraryError(error));
  } catch (const std::bad_alloc& error) {
    return core::Unexpected(memoryError("There is not enough memory", error.what()));
  } catch (const std::exception& error) {
    return core::Unexpected(EngineError{error.what(), error.what()});
  }
}

}  // namespace anchorlens::engine
