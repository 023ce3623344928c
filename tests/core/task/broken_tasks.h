// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/task_specs.h"

#include <functional>

/// Tasks that are wrong in one way each, with what is said of them.
namespace anchorlens::test {

struct BrokenTask {
  const char* name;
  core::TaskSpec spec;
  const char* pointer;
  const char* message;
  int column = 0;
  int column_length = 0;
};

inline core::TaskSpec changed(core::TaskSpec spec,
                              const std::function<void(core::TaskSpec&)>& change) {
  change(spec);
  return spec;
}

inline std::vector<BrokenTask> brokenTasks() {
  using core::TaskSpec;
  using Of = core::ResidueRule::Of;
  const auto id = [](const std::function<void(TaskSpec&)>& change) {
    return changed(identity(), change);
  };
  const auto comp = [](const std::function<void(TaskSpec&)>& change) {
    return changed(composite(), change);
  };
  return {
      // lengths, vocabulary, noise
      {"no length", id([](TaskSpec& s) { s.seq_len = {}; }), "/task/seq_len",
       "There is no length: give one such as 9."},
      {"length 0", id([](TaskSpec& s) { s.seq_len = {0}; }), "/task/seq_len",
       "Length 0 is not possible: expected 1 to 1024."},
      {"length too large", id([](TaskSpec& s) {
         s.seq_len = {9, 2000};
       }),
       "/task/seq_len/1", "Length 2000 is not possible: expected 1 to 1024."},
      {"length twice", id([](TaskSpec& s) {
         s.seq_len = {9, 9};
       }),
       "/task/seq_len/1", "Length 9 stands twice: all lengths are equally likely."},
      {"length that fits no form",
       changed(chains(),
               [](TaskSpec& s) {
                 s.seq_len = {7, 9};
               }),
       "/task/seq_len/1", "No pattern can be 9 tokens long."},
      {"vocabulary of 1", id([](TaskSpec& s) { s.d_vocab = 1; }), "/task/d_vocab",
       "A vocabulary of 1 is not possible: expected 2 to 65536 (token 0 is padding)."},
      {"noise beyond the vocabulary", id([](TaskSpec& s) { s.d_vocab = 81; }), "/task/noise/0",
       "Noise goes up to 100. Vocabulary ends at 80."},
      {"no noise", id([](TaskSpec& s) { s.noise = {}; }), "/task/noise",
       "Noise has no tokens: give an interval such as [20, 100]."},
      {"noise is padding", id([](TaskSpec& s) {
         s.noise = {{0, 100}};
       }),
       "/task/noise/0", "Noise starts at 0. Token 0 is padding: tokens start at 1."},
      {"noise reversed", id([](TaskSpec& s) {
         s.noise = {{20, 50}, {100, 60}};
       }),
       "/task/noise/1", "The interval [100, 60] is reversed: write [60, 100]."},
      // keys
      {"unknown key", id([](TaskSpec& s) {
         s.keys = {{"y", {{20, 100}}}};
       }),
       "/task/keys/y", "No pattern has a key y."},
      {"key reversed", id([](TaskSpec& s) {
         s.keys = {{"x", {{100, 20}}}};
       }),
       "/task/keys/x/0", "The interval [100, 20] is reversed: write [20, 100]."},
      {"key is empty", id([](TaskSpec& s) {
         s.keys = {{"x", {}}};
       }),
       "/task/keys/x", "Key x has no tokens: give an interval such as [20, 100]."},
      {"key beyond the vocabulary", id([](TaskSpec& s) {
         s.keys = {{"x", {{20, 201}}}};
       }),
       "/task/keys/x/0", "Key x goes up to 201. Vocabulary ends at 200."},
      {"key is negative", id([](TaskSpec& s) {
         s.keys = {{"x", {{-5, 20}}}};
       }),
       "/task/keys/x/0", "Key x starts at -5. Token 0 is padding: tokens start at 1."},
      // anchors
      {"anchor is padding", comp([](TaskSpec& s) { s.anchors[2].token = 0; }),
       "/task/anchors/2/token", "This anchor is 0. Token 0 is padding: tokens start at 1."},
      {"anchor twice", comp([](TaskSpec& s) {
         s.anchors.push_back({2, "x"});
       }),
       "/task/anchors/4/token", "Anchor 2 stands twice: one row an anchor."},
      {"anchor beyond the vocabulary", comp([](TaskSpec& s) {
         s.anchors.push_back({201, "x"});
       }),
       "/task/anchors/4/token", "This anchor is 201. Vocabulary ends at 200."},
      {"operation cut off", comp([](TaskSpec& s) { s.anchors[1].operation = "x+"; }),
       "/task/anchors/1/operation", "Expected a value after +.", 2, 1},
      {"percentages", comp([](TaskSpec& s) { s.anchors[1].operation = "80% x | 10% x+1"; }),
       "/task/anchors/1/operation", "Percentages add up to 90 %.", 0, 15},
      {"operation needs two keys", comp([](TaskSpec& s) { s.anchors[1].operation = "x+y"; }),
       "/task/anchors/1/operation", "x+y needs 2 keys, but B(A(x)) gives it 1."},
      {"synonym of nothing", comp([](TaskSpec& s) { s.anchors[1].operation = "same as 7"; }),
       "/task/anchors/1/operation",
       "7 has no row in anchors: a synonym needs an anchor to follow."},
      {"synonym of itself", comp([](TaskSpec& s) { s.anchors[1].operation = "same as 2"; }),
       "/task/anchors/1/operation",
       "The chain of synonyms from 2 runs in a circle: it must end at an operation."},
      {"synonyms in a circle", comp([](TaskSpec& s) {
         s.anchors[1].operation = "same as 3";
         s.anchors[2].operation = "same as 2";
       }),
       "/task/anchors/1/operation",
       "The chain of synonyms from 2 runs in a circle: it must end at an operation."},
      // ranges of results
      {"results beyond the vocabulary", comp([](TaskSpec& s) { s.anchors[1].operation = "x*3"; }),
       "/task/anchors/1/operation", "2 then 2 gives 9x, up to 900. Vocabulary ends at 200."},
      {"two anchors together go too far", comp([](TaskSpec& s) {
         s.anchors = {{1, "x+60"}, {2, "x+50"}};
         s.forms[0].anchors = {{"A", {1}}, {"B", {2}}};
         s.held_out.pop_back();
       }),
       "/task/forms/0/pattern", "1 then 2 gives x+110, up to 210. Vocabulary ends at 200.", 13, 7},
      {"only together", comp([](TaskSpec& s) {
         s.anchors = {{1, "x+90"}, {2, "x+95"}, {3, "x"}, {4, "x"}};
         s.d_vocab = 286;
       }),
       "/task/anchors/1/operation", "2 then 2 gives x+190, up to 290. Vocabulary ends at 285."},
      {"results below 1", comp([](TaskSpec& s) { s.anchors[3].operation = "x-15"; }),
       "/task/anchors/3/operation",
       "4 then 4 gives x-30, down to -10. Token 0 is padding: answers start at 1."},
      {"answer beyond the vocabulary",
       id([](TaskSpec& s) { s.forms[0].pattern = "* 3 x * -> x + 101"; }), "/task/forms/0/pattern",
       "The answer x+101 goes up to 201. Vocabulary ends at 200.", 11, 7},
      {"no value", id([](TaskSpec& s) { s.forms[0].pattern = "* 3 x * -> x mod (x - 30)"; }),
       "/task/forms/0/pattern",
       "The answer has no value for x = 20: mod needs a number above 0, and values stay within "
       "10^15.",
       11, 14},
      {"safe bound",
       changed(severalKeys(),
               [](TaskSpec& s) {
                 s.forms[0].pattern = "* 5 x y z * -> x + y + z";
                 s.noise = {{20, 140}};
                 s.held_out = {core::ResidueRule{"x"}};
               }),
       "/task/forms/0/pattern",
       "The answer may go up to 420 (a safe bound: there are too many combinations to try them "
       "all). Vocabulary ends at 200.",
       15, 9},
      {"relabelled out of the vocabulary", comp([](TaskSpec& s) {
         s.relabel = {{{{"A", 1}, {"B", 2}}, "x+150"}};
       }),
       "/task/relabel/0/operation", "This operation goes up to 250. Vocabulary ends at 200."},
      // forms
      {"no form", id([](TaskSpec& s) { s.forms = {}; }), "/task/forms",
       "There is no form: give one such as {\"pattern\": \"* 3 x * -> x\"}."},
      {"no arrow", id([](TaskSpec& s) { s.forms[0].pattern = "* 3 x *"; }), "/task/forms/0/pattern",
       "Expected -> and the answer after the sequence.", 7, 1},
      {"weight 0", id([](TaskSpec& s) { s.forms[0].weight = 0; }), "/task/forms/0/weight",
       "A weight is a number above 0; leave the form out if it is not wanted."},
      {"key not in the sequence", id([](TaskSpec& s) { s.forms[0].pattern = "* 3 x * -> y"; }),
       "/task/forms/0/pattern", "y is not in the sequence: its keys are x.", 11, 1},
      {"anchor not in the sequence",
       comp([](TaskSpec& s) { s.forms[0].pattern = "* x A B * -> C(A(x))"; }),
       "/task/forms/0/pattern", "C is not in the sequence: its anchors are A and B.", 13, 7},
      {"applied without a row", id([](TaskSpec& s) { s.forms[0].pattern = "* 3 x * -> 3(x)"; }),
       "/task/forms/0/pattern", "3 has no row in anchors, so there is nothing to apply.", 11, 4},
      {"variable without tokens", id([](TaskSpec& s) { s.forms[0].pattern = "* A x * -> x"; }),
       "/task/forms/0/pattern",
       "A has no token to take: add rows to anchors, or name its tokens in the form's anchors, "
       "such as {\"A\": [1, 2]}.",
       2, 1},
      {"token of a variable without a row", comp([](TaskSpec& s) {
         s.forms[0].anchors = {{"A", {1, 7}}};
       }),
       "/task/forms/0/anchors/A",
       "A may be 7, which has no row in anchors: add one, or take 7 away."},
      {"unknown variable in anchors", comp([](TaskSpec& s) {
         s.forms[0].anchors = {{"C", {1}}};
       }),
       "/task/forms/0/anchors/C", "The pattern has no C: its anchor variables are A and B."},
      {"variable with no tokens", comp([](TaskSpec& s) {
         s.forms[0].anchors = {{"A", {}}};
       }),
       "/task/forms/0/anchors/A",
       "A has no tokens: name at least one, or leave A out to allow every anchor."},
      {"token twice in a variable", comp([](TaskSpec& s) {
         s.forms[0].anchors = {{"A", {1, 1}}};
       }),
       "/task/forms/0/anchors/A/1", "1 stands twice in the tokens of A: all are equally likely."},
      {"variable beyond the vocabulary", comp([](TaskSpec& s) {
         s.forms[0].anchors = {{"A", {1, 300}}};
       }),
       "/task/forms/0/anchors/A/1", "A token of A is 300. Vocabulary ends at 200."},
      {"unknown variable in distinct", comp([](TaskSpec& s) {
         s.forms[0].distinct = {{"A", "Q"}};
       }),
       "/task/forms/0/distinct/0/1", "The pattern has no Q: its anchor variables are A and B."},
      {"distinct from itself", comp([](TaskSpec& s) {
         s.forms[0].distinct = {{"A", "A"}};
       }),
       "/task/forms/0/distinct/0/1", "A stands twice: it can't differ from itself."},
      {"distinct from nothing", comp([](TaskSpec& s) { s.forms[0].distinct = {{"A"}}; }),
       "/task/forms/0/distinct/0", "Two or more variables can differ from each other, not 1."},
      {"distinct with too few tokens", comp([](TaskSpec& s) {
         s.forms[0].anchors = {{"A", {1}}, {"B", {1}}};
         s.forms[0].distinct = {{"A", "B"}};
         s.held_out.pop_back();
       }),
       "/task/forms/0/pattern",
       "A may be 1, but no combination with it is distinct: more tokens are needed."},
      {"literal is padding", id([](TaskSpec& s) { s.forms[0].pattern = "* 0 x * -> x"; }),
       "/task/forms/0/pattern", "Token 0 is padding and can't stand in a sequence.", 2, 1},
      {"literal beyond the vocabulary",
       id([](TaskSpec& s) { s.forms[0].pattern = "* 300 x * -> x"; }), "/task/forms/0/pattern",
       "300 is not in the vocabulary, which ends at 200.", 2, 3},
      {"too short", id([](TaskSpec& s) { s.seq_len = {1}; }), "/task/forms/0/pattern",
       "Length 1 is too short: the pattern needs 2 tokens."},
      {"too long", changed(chains(), [](TaskSpec& s) { s.seq_len = {9}; }), "/task/forms/0/pattern",
       "Length 9 is too long: the pattern has no gap (*) and takes exactly 7 tokens."},
      {"too many orders",
       changed(chains(),
               [](TaskSpec& s) {
                 s.forms[0].pattern =
                     "{ a 1 | b 2 | c 3 | d 4 | e 5 | f 6 | g 7 | h 8 | i 9 } -> a";
                 s.seq_len = {18};
                 s.held_out = {core::ResidueRule{"a"}};
               }),
       "/task/forms/0/pattern",
       "The blocks have 362880 orders: at most 40320 are possible, those of eight blocks."},
      // determined
      {"a key that nothing points at", id([](TaskSpec& s) { s.forms[0].pattern = "* x * -> x"; }),
       "/task/forms/0/pattern",
       "The answer does not follow from the sequence: 74 44 52 31 97 24 92 98 91 can be read with "
       "x = 24 and with x = 74.",
       9, 1},
      {"a block that nothing points at", id([](TaskSpec& s) {
         s.forms[0].pattern = "{ x | y } -> x";
         s.seq_len = {2};
       }),
       "/task/forms/0/pattern",
       "The answer does not follow from the sequence: 52 68 can be read with x = 68 and with x = "
       "52.",
       13, 1},
      {"two forms with different answers",
       id([](TaskSpec& s) { s.forms.push_back(form("* 3 y * -> y+1")); }), "/task/forms/0/pattern",
       "The answer does not follow from the sequence: 73 30 98 3 61 57 88 79 23 can be read with "
       "form 0, x = 61 and with form 1, y = 61.",
       11, 1},
      {"the rule's key is lost in noise", id([](TaskSpec& s) {
         s.forms[0].pattern = "* 3 x * y * -> x";
         s.held_out = {core::ResidueRule{"y"}};
       }),
       "/task/held_out/0",
       "The sequence does not say which tokens this rule is about: noise can be read as its key. "
       "Let an anchor point at the key, or choose another key."},
      {"which anchor is which",
       changed(readingComprehension(),
               [](TaskSpec& s) {
                 s.forms[0].pattern = "{ A x | B y } * Q -> match(Q; A:x, B:y)";
                 s.forms[0].anchors = {{"A", {1, 2}}, {"B", {1, 2}}, {"Q", {1, 2}}};
                 s.forms[0].distinct = {{"A", "B"}};
               }),
       "/task/forms/0/pattern",
       "Which anchor or form it is does not follow from the sequence: 2 85 1 71 39 75 45 28 2 can "
       "be "
       "read as A=2 B=1 Q=2 and as A=1 B=2 Q=2. Give the anchors different tokens, or a fixed "
       "order.",
       21, 18},
      {"two arms for one anchor",
       changed(readingComprehension(),
               [](TaskSpec& s) {
                 s.forms[0].pattern = "A x * B y * Q -> match(Q; A:x, B:y)";
                 s.forms[0].anchors = {{"A", {1, 2}}, {"B", {1, 2}}, {"Q", {1, 2}}};
               }),
       "/task/forms/0/pattern",
       "The answer is ambiguous: A and B may all be 1, and match would have more than one key. Let "
       "them differ (distinct), or give them different tokens.",
       17, 18},
      {"no arm",
       changed(readingComprehension(),
               [](TaskSpec& s) {
                 s.forms[0].anchors = {{"Q", {1, 2, 3, 4}}};
               }),
       "/task/forms/0/pattern",
       "Q may be 4, but match has no arm for it: its arms are for 1, 2 and 3."},
      {"always a tie",
       changed(classification(),
               [](TaskSpec& s) {
                 for (const char* key : {"x", "y", "z", "w"}) {
                   s.keys[key] = {{50, 50}};
                 }
                 s.held_out = {core::ResidueRule{"w", Of::Key, 8, 2}};
               }),
       "/task/forms/0/pattern",
       "Of 1000 sequences of length 9 only 0 have one answer: in the others several are equally "
       "near. Give the keys more tokens.",
       23, 25},
      {"noise hides the anchor", id([](TaskSpec& s) {
         s.noise = {{3, 4}};
         s.keys = {{"x", {{3, 4}}}};
         s.seq_len = {40};
         s.held_out = {core::ResidueRule{"x", Of::Key, 2, 0}};
       }),
       "/task/forms/0/pattern",
       "Of 1000 sequences of length 40 only 0 have one answer: the others can be read with a "
       "second one. Let noise, keys and anchors share fewer tokens.",
       11, 1},
      // held out
      {"nothing held out", id([](TaskSpec& s) { s.held_out = {}; }), "/task/held_out",
       "Nothing is held out, so there is nothing to test on: add a rule such as {\"rule\": "
       "\"residue\", \"key\": \"answer\"}."},
      {"unknown key in a rule", id([](TaskSpec& s) { s.held_out = {core::ResidueRule{"z"}}; }),
       "/task/held_out/0/key",
       "No pattern has a key z: the keys are x; answer is the key that the answer selects."},
      {"answer of several keys",
       changed(severalKeys(), [](TaskSpec& s) { s.held_out = {core::ResidueRule{"answer"}}; }),
       "/task/held_out/0/key", "The answer of form 0 is made of several keys: name one of them."},
      {"modulus 0", id([](TaskSpec& s) {
         s.held_out = {core::ResidueRule{"x", Of::Key, 0, 0}};
       }),
       "/task/held_out/0/modulus", "The modulus is 0: expected 1 or more."},
      {"remainder too large", id([](TaskSpec& s) {
         s.held_out = {core::ResidueRule{"x", Of::Key, 8, 8}};
       }),
       "/task/held_out/0/remainder", "The remainder is 8: modulo 8 it is 0 to 7."},
      {"s + position beyond the vocabulary", id([](TaskSpec& s) {
         s.d_vocab = 107;
         s.held_out = {core::ResidueRule{"x", Of::KeyMinusPosition, 8, 7}};
       }),
       "/task/held_out/0/of",
       "Key x is drawn as s + position, up to 100 + 8 = 108. Vocabulary ends at 106."},
      {"everything held out", id([](TaskSpec& s) {
         s.held_out = {core::ResidueRule{"x", Of::Key, 1, 0}};
       }),
       "/task/held_out", "Nothing is left to train on: every key is held out."},
      {"all pairs held out", comp([](TaskSpec& s) {
         s.held_out.clear();
         for (int a = 1; a <= 4; ++a) {
           s.held_out.emplace_back(core::AnchorsRule{{{"A", a}}});
         }
       }),
       "/task/held_out", "Nothing is left to train on: all 16 pairs are held out."},
      {"all lengths held out", id([](TaskSpec& s) { s.held_out = {core::LengthRule{{9}}}; }),
       "/task/held_out", "Nothing is left to train on: every length is held out."},
      {"pairs and then every key", comp([](TaskSpec& s) {
         s.held_out = {core::AnchorsRule{{{"A", 1}}}, core::PredicateRule{"0*x"}};
       }),
       "/task/held_out",
       "Nothing is left to train on: 4 of 16 pairs, and every key of the others, are held out."},
      {"anchor of a rule is never applied", comp([](TaskSpec& s) {
         s.held_out = {core::KeysRule{7, {{20, 27}}}};
       }),
       "/task/held_out/0/anchor", "7 is applied to no key in any pattern."},
      {"intervals without keys", comp([](TaskSpec& s) {
         s.held_out = {core::KeysRule{1, {{120, 127}}}};
       }),
       "/task/held_out/0/intervals", "No key of anchor 1 lies in 120..127: its keys are 20..100."},
      {"intervals reversed", comp([](TaskSpec& s) {
         s.held_out = {core::KeysRule{1, {{27, 20}}}};
       }),
       "/task/held_out/0/intervals/0", "The interval [27, 20] is reversed: write [20, 27]."},
      {"predicate is no expression",
       id([](TaskSpec& s) { s.held_out = {core::PredicateRule{"x mod"}}; }),
       "/task/held_out/0/expression", "Expected a value after mod.", 5, 1},
      {"predicate on an unknown key",
       id([](TaskSpec& s) { s.held_out = {core::PredicateRule{"q mod 2"}}; }),
       "/task/held_out/0/expression", "No pattern has a key q: the keys are x.", 0, 7},
      {"predicate that never holds",
       id([](TaskSpec& s) { s.held_out = {core::PredicateRule{"x + 1"}}; }), "/task/held_out/0",
       "This rule holds nothing out: of 81 cases of anchors, keys and places none meets it."},
      {"rule without values", comp([](TaskSpec& s) { s.held_out = {core::AnchorsRule{}}; }),
       "/task/held_out/0/values",
       "The rule names no anchor: give values such as {\"A\": 3, \"B\": 4}."},
      {"unknown variable in a rule", comp([](TaskSpec& s) {
         s.held_out = {core::AnchorsRule{{{"C", 3}}}};
       }),
       "/task/held_out/0/values/C", "No pattern has an anchor variable C."},
      {"value that a variable never has", comp([](TaskSpec& s) {
         s.held_out = {core::AnchorsRule{{{"A", 3}, {"B", 7}}}};
       }),
       "/task/held_out/0/values/B", "B is never 7: its tokens are 1..4."},
      {"combination that is never drawn", comp([](TaskSpec& s) {
         s.forms[0].distinct = {{"A", "B"}};
         s.held_out = {core::AnchorsRule{{{"A", 3}, {"B", 3}}}};
       }),
       "/task/held_out/0/values", "No sequence has this combination of anchors."},
      {"length that is no length", id([](TaskSpec& s) { s.held_out = {core::LengthRule{{12}}}; }),
       "/task/held_out/0/lengths/0", "No sequence has length 12: seq_len is 9."},
      {"no lengths", id([](TaskSpec& s) { s.held_out = {core::LengthRule{}}; }),
       "/task/held_out/0/lengths", "The rule names no length: give one of seq_len."},
      // relabel
      {"relabelled and held out", comp([](TaskSpec& s) {
         s.relabel = {{{{"A", 3}, {"B", 4}}, "x-6"}};
       }),
       "/task/relabel/0/values",
       "This combination is held out, so it is never trained: relabelling it does nothing."},
      {"relabelled twice", comp([](TaskSpec& s) {
         s.relabel = {{{{"A", 1}}, "x"}, {{{"B", 2}}, "x+1"}};
       }),
       "/task/relabel/1/values", "A=1 B=2 is relabelled twice, here and by /task/relabel/0."},
      {"relabelled nothing", comp([](TaskSpec& s) {
         s.relabel = {{{}, "x"}};
       }),
       "/task/relabel/0/values", "This names no anchor: give values such as {\"A\": 3, \"B\": 4}."},
      {"relabelled unknown variable", comp([](TaskSpec& s) {
         s.relabel = {{{{"Z", 1}}, "x"}};
       }),
       "/task/relabel/0/values/Z", "No pattern has an anchor variable Z."},
      {"relabelled with a wrong operation", comp([](TaskSpec& s) {
         s.relabel = {{{{"A", 1}}, "x+q"}};
       }),
       "/task/relabel/0/operation",
       "q is unknown: an operation knows its keys by the names x, y and z.", 2, 1},
      {"relabelled with two keys", comp([](TaskSpec& s) {
         s.relabel = {{{{"A", 1}}, "x+y"}};
       }),
       "/task/relabel/0/operation", "x+y needs 2 keys, but the answer uses 1."},
      {"relabelled as nothing", comp([](TaskSpec& s) {
         s.relabel = {{{{"A", 1}}, "same as 8"}};
       }),
       "/task/relabel/0/operation", "8 has no row in anchors."},
  };
}

}  // namespace anchorlens::test
