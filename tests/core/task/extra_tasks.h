// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/task_specs.h"

/// Tasks at the edges of the language: what the presets do not use.
namespace anchorlens::test {

/// Noise and keys 1..30: the anchor 3 may be noise, keys may be 3.
inline core::TaskSpec overlappingNoise() {
  core::TaskSpec spec = identity();
  spec.noise = {{1, 30}};
  return spec;
}

/// The paper's first variant: keys s + position, remainder 7 as p counts from the key.
inline core::TaskSpec keyMinusPosition() {
  core::TaskSpec spec = identity();
  spec.keys = {{"x", {{19, 98}}}};
  spec.held_out = {core::ResidueRule{"x", core::ResidueRule::Of::KeyMinusPosition, 8, 7}};
  return spec;
}

inline core::TaskSpec shiftedAnswer() {
  core::TaskSpec spec = readingComprehension();
  spec.held_out = {core::ResidueRule{"answer", core::ResidueRule::Of::KeyMinusPosition, 8, 0}};
  return spec;
}

/// Two anchors with forms of their own, three to one, at two lengths.
inline core::TaskSpec twoForms() {
  core::TaskSpec spec = identity();
  spec.seq_len = {6, 9};
  spec.forms[0].weight = 3;
  spec.forms.push_back(form("* x 4 * -> x+1"));
  return spec;
}

/// The same tokens may fit both forms, with different answers.
inline core::TaskSpec rivalForms() {
  core::TaskSpec spec = identity();
  spec.noise = {{1, 12}};
  spec.forms.push_back(form("* x 4 * -> x+1"));
  return spec;
}

inline core::TaskSpec heldLength() {
  core::TaskSpec spec = composite();
  spec.seq_len = {6, 9, 12};
  spec.held_out.emplace_back(core::LengthRule{{12}});
  return spec;
}

/// Chains of two and three links; the longer ones are never trained.
inline core::TaskSpec heldChainLength() {
  core::TaskSpec spec;
  spec.seq_len = {5, 7};
  spec.forms = {form("{ a b | b c } a -> c"), form("{ a b | b c | c d } a -> d")};
  spec.held_out = {core::ResidueRule{"answer"}, core::LengthRule{{7}}};
  return spec;
}

/// Gaps inside, between and beside blocks.
inline core::TaskSpec gapsAtBlocks() {
  return task("* { 1 x * | _ 2 y } * 5 -> min(x, y)", "x", {}, 8);
}

inline core::TaskSpec nestedBlocks() {
  return task("{ { 1 x | 2 y } 3 | * 4 } -> x+y", "x", {}, 8);
}

/// Equal blocks: two orders are one placement.
inline core::TaskSpec equalBlocks() {
  return task("{ * 5 | 5 } 3 x -> x", "x", {}, 7);
}

/// Blocks whose order follows from the tokens only.
inline core::TaskSpec blocksWithAnchors() {
  core::TaskSpec spec = task("{ A x | B y } * Q -> match(Q; A:x, B:y)", "answer", {}, 7);
  spec.forms[0].anchors = {{"A", {1, 2}}, {"B", {3, 4}}, {"Q", {1, 2, 3, 4}}};
  return spec;
}

/// The reader is noise, a key, an anchor.
inline core::TaskSpec readerIsNoise() {
  return task("3 x * _ -> x", "x", {}, 5);
}
inline core::TaskSpec readerIsKey() {
  return task("* 3 _ x -> x", "x", {}, 6);
}
inline core::TaskSpec readerIsAnchor() {
  return task("* x A -> A(x)", "x", {{1, "x+1"}, {2, "abs(x - 60) + 20"}}, 4);
}

inline core::TaskSpec relabelled() {
  core::TaskSpec spec = composite();
  spec.held_out = {core::ResidueRule{"x"}, core::AnchorsRule{{{"A", 4}, {"B", 3}}}};
  spec.relabel = {{{{"A", 3}, {"B", 4}}, "50% x-6 | 50% x+6"}};
  return spec;
}

/// Random answers of random answers.
inline core::TaskSpec twiceStochastic() {
  return task("* x A B * -> B(A(x))", "x",
              {{1, "80% x | 20% x+1"}, {2, "50% x | 25% x+1 | 25% x+2"}});
}

inline core::TaskSpec tables() {
  core::TaskSpec spec =
      task("* A x y * -> A(x, y)", "x", {{1, "table 5"}, {2, "same as 1"}, {3, "same as 2"}});
  spec.noise = {{20, 25}, {30, 30}, {40, 50}};
  return spec;
}

inline core::TaskSpec appliedMatch() {
  core::TaskSpec spec = task("1 x * 2 y * Q A -> A(match(Q; 1:x, 2:y))", "answer",
                             {{1, "x"}, {2, "x"}, {6, "x+1"}, {7, "x+2"}});
  spec.forms[0].anchors = {{"Q", {1, 2}}, {"A", {6, 7}}};
  return spec;
}

/// Anchor tokens that are also keys and noise.
inline core::TaskSpec sharedTokens() {
  core::TaskSpec spec = task("* A x * -> A(x)", "x", {{20, "x+1"}, {30, "x+2"}});
  return spec;
}

/// Noise is always the cue.
inline core::TaskSpec onlyOneNoise() {
  core::TaskSpec spec = task("* m 3 n * m -> n", "n");
  spec.noise = {{20, 20}};
  spec.keys = {{"n", {{50, 60}}}};
  return spec;
}

inline std::vector<NamedTask> extraTasks() {
  return {{"overlapping-noise", overlappingNoise()},
          {"only-one-noise", onlyOneNoise()},
          {"key-minus-position", keyMinusPosition()},
          {"shifted-answer", shiftedAnswer()},
          {"two-forms", twoForms()},
          {"rival-forms", rivalForms()},
          {"held-length", heldLength()},
          {"held-chain-length", heldChainLength()},
          {"gaps-at-blocks", gapsAtBlocks()},
          {"nested-blocks", nestedBlocks()},
          {"equal-blocks", equalBlocks()},
          {"blocks-with-anchors", blocksWithAnchors()},
          {"reader-is-noise", readerIsNoise()},
          {"reader-is-key", readerIsKey()},
          {"reader-is-anchor", readerIsAnchor()},
          {"relabelled", relabelled()},
          {"twice-stochastic", twiceStochastic()},
          {"tables", tables()},
          {"applied-match", appliedMatch()},
          {"shared-tokens", sharedTokens()}};
}

}  // namespace anchorlens::test
