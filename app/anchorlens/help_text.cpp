// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/help_text.h"

#include "engine/session/version.h"

#include <QCoreApplication>
#include <QDialog>
#include <QPushButton>
#include <QTextBrowser>
#include <QVBoxLayout>

namespace anchorlens::app {

namespace {

QString tr(const char* text) {
  return QCoreApplication::translate("Help", text);
}

struct Topic {
  QString title;
  QString text;
  QStringList actions;
};

Topic topicOf(HelpTopic topic) {
  switch (topic) {
    case HelpTopic::Composer:
      return {
          tr("Composer"),
          tr("A task is composed here, and every card shows at once what it means. The pattern "
             "is a line of text and a row of chips, two views of the same thing. In the line, and "
             "in the operation of an anchor, Ctrl+Space offers what could stand there. Chips are "
             "dragged to another place; a "
             "double click or F2 edits one, Delete removes it, Insert or + adds one; Left and "
             "Right select, Alt+Left and Alt+Right move. Problems stand where they are, with "
             "repairs where there are any; Escape brings back what stood in a field before a text "
             "that means nothing. Under the samples, a sequence of your own is answered step by "
             "step; Export writes samples for other programs, and the task for a paper. A pattern "
             "or a task can be pasted, and a task file "
             "dropped; all of it can be undone."),
          {"samples", "export-task", "undo", "redo", "copy", "paste", "run"}};
    case HelpTopic::Attention:
      return {
          tr("Attention"),
          tr("The grid has a tile for every head: layers down, heads across. Rows of a map are "
             "readers, columns are sources; cells above the diagonal are hatched, as a reader "
             "cannot see what comes later. The outline marks where the task says the pattern "
             "should be. A head is labelled once its score passes the threshold in use (tab "
             "Heads); 0 is "
             "an untrained head and 1 is perfect. In the large head the arrow keys move a cell, "
             "and its text "
             "compares it with an untrained head and with the mean over the probe, and gives the "
             "entropy of the reader's row in bits: 0 reads one source, log2 of the number of "
             "sources reads all alike. The Show box chooses what the cells hold: the difference "
             "to an untrained head, A - 1 / (sources that the row sees); value-weighted, A times "
             "the length of the source's value after the output projection, which is the size "
             "of what the edge moves; the scaled scores before softmax; or the mean attention "
             "of a layer or of all heads as the large head. What no frame holds is computed of "
             "one sequence from the weights at the cursor, also of one that is typed (last "
             "entry of the Probe box). Pictures, exports, T and Copy numbers have what is shown. "
             "Dragged with Alt, any view's picture goes to another program, as PNG and SVG."),
          {"head-next", "sequence-next", "values", "outlines", "lines", "cut-edge", "table",
           "copy"}};
    case HelpTopic::Compare:
      return {
          tr("Compare"),
          tr("Two ticked runs at one moment: the first, the second, and second minus first, from "
             "-1 "
             "to +1 whatever the scale of the others. One cell is marked in all three; the arrow "
             "keys move it. Under each map are all heads. Seeds permute the heads of a layer: "
             "Match heads shows beside each head of the first run the one that is most alike in "
             "its layer, by the mean pattern of the newest frames or by the circuits of the newest "
             "checkpoints, with the least sum over the layer. Align by shows the first broadcast, "
             "or the first test accuracy of 90 %, of both at the same time; before the event time "
             "is stretched, after it steps are equal. The time cursor drives both. All seeds has "
             "the runs of the same set-up that are open or in the same study: when shift and "
             "broadcast emerged, test accuracy and the scores of every head, with median and "
             "range; Up and Down take a number, Left and Right a run, Enter shows it."),
          {"compare", "tick", "head-next", "sequence-next", "values", "table", "copy"}};
    case HelpTopic::Flow:
      return {
          tr("Flow"),
          tr("Dots are positions before and after each layer, the embedding at the bottom. A line "
             "is what a head moves from one position to a later one, as wide as the attention "
             "or, by Width, as the attention times the size of what is moved; "
             "its hue is the label of the head. The solid line is the way of the task's tokens "
             "to the output, as arXiv 2401.08309 describes it: the later of anchor and key reads "
             "the earlier one, then the output "
             "reads the later. Its strength is the product of its attentions (Viterbi: the "
             "strongest head of each layer, or staying in the residual stream); it is drawn "
             "dashed where a way around those tokens is stronger, or an edge has less than a "
             "quarter of the attention beyond an untrained head's 1 / (readers' sources). Up and "
             "Down go from edge to edge by strength, Escape lets go; the Inspector lists the "
             "path and what is left of the accuracy on the whole probe when its edges are cut, "
             "beside random edges of equal weight. Knock out edge cuts the selected one, found in "
             "every sequence by what stands at its ends, and keeps the result in the run."),
          {"cut-edge", "sequence-next", "head-next", "table", "copy"}};
    case HelpTopic::Predictions:
      return {
          tr("Predictions"),
          tr("What the model answers. Sequences: the five most probable tokens of each shown "
             "sequence, the right answer in green; beside them the accuracy of every group at the "
             "last evaluation before the cursor, and over time. Whole probe: predicted minus right "
             "answer (0 is right), the most frequent wrong answers, and for stochastic tasks the "
             "probability that the model gives each possible answer against the true one. Logit "
             "lens: what the unembedding would answer from the residual stream after each layer "
             "and "
             "at each position (nostalgebraist 2020), through the final norm where the model has "
             "one; "
             "the right answer is framed. The last two are computed from the weights of the "
             "cursor's "
             "step, or of the nearest earlier checkpoint, which is named."),
          {"sequence-next", "table", "copy-numbers"}};
    case HelpTopic::Heads:
      return {
          tr("Heads"),
          tr("Which head is what, and when. All is a lift over an untrained causal head, (s - c) / "
             "(1 - "
             "c) of an attention s and its chance c (docs/scores.md). Shift: a row reads the one a "
             "fixed number of places before it, or the anchor its key; the names are those of "
             "arXiv "
             "2401.08309, the numbers ours. Broadcast: the output row reads one role wherever it "
             "stands. Self: each row reads itself. Sink: all read position 0 (arXiv 2410.10781). "
             "Duplicate: a token that came before reads its earlier place; induction: the place "
             "after that (Olsson et al. 2022). A ribbon is a head over time: yellow where it "
             "shifts, "
             "violet where it broadcasts, grey with its name for other labels, pale while a label "
             "is forming. A click moves the time cursor and selects the head. The table has all "
             "scores at the cursor, and when the label in the row emerged; a column's title sorts "
             "it. A label is entered when its lift "
             "reaches the first threshold and left 0.1 below; a broadcast also needs coverage and "
             "tracking. Other thresholds can be tried: what they would change is counted, and Use "
             "everywhere makes badges, strips, emergence and exports go by them."),
          {"head-next", "table", "copy-numbers"}};
    case HelpTopic::Study:
      return {
          tr("Study"),
          tr("Many runs at once. The phase diagram has a cell for every combination of two axes "
             "of the study: its colour and number are the median over its runs, the line below "
             "tells the range and how many there are. Last step takes runs that finished, Time "
             "cursor those that came as far as the step under the cursor. A hatched cell has no "
             "such run yet. A grey one has not fitted what it was trained on: its median training "
             "accuracy is below the limit. Inferential and symmetric are shares of the answers to "
             "a pair that is never trained, where the frames kept them. The arrow keys move a "
             "cell; Enter or a click opens its runs and shows the one nearest to the median, at "
             "the same step. Curves and head scores show median, range and every seed; a click on "
             "a line opens its run. In the lists Enter opens a run, and Space ticks a setting."),
          {"tab-study", "tab-attention", "table", "copy", "copy-numbers", "export"}};
    case HelpTopic::Weights:
      return {
          tr("Weights and circuits"),
          tr("What can be read from the weights alone, at the last checkpoint at or before the "
             "cursor. Weights: the principal components of the token embedding; the cosines of "
             "the rows of a matrix, in the order of average-linkage clustering at the last "
             "checkpoint; its singular values, with those of the first checkpoint behind; "
             "stable rank, the sum of squares over the largest square, and condensation, the "
             "share of pairs of rows with |cos| of at least 0.8. Circuits, after Elhage et al. "
             "2021, \u201cA Mathematical Framework for Transformer Circuits\u201d, and arXiv "
             "2401.08309: QK, the score that a reader's token (or position) gives a source's; "
             "OV, what a source's token adds to each logit when a head reads it, alone and "
             "through two layers; composition, how much of what an earlier head writes a later "
             "one reads by its queries, keys or values, 1 being all of it. LayerNorm is left "
             "out, or, with pre-LN, folded into the next matrix. A wedge marks anchors. The "
             "arrow keys walk over cells, points and lines; Enter makes a small plot large. All "
             "definitions: docs/circuits.md; the same numbers: anchorctl circuits."),
          {"head-next", "head-back", "checkpoint-back", "checkpoint-on", "table", "copy",
           "export"}};
    case HelpTopic::Timeline:
      return {
          tr("Timeline"),
          tr("One cursor goes through all lanes, and every view shows the step under it. Moving "
             "it turns Follow live off. A triangle on a strip is the step from which a head has "
             "its label, one at the top of the loss a spike: a loss over twice the median of the "
             "50 "
             "steps before it and six robust deviations above. Ticks are frames, diamonds "
             "checkpoints, amber flags interventions, ribbons bookmarks. The wheel zooms at the "
             "pointer, dragging pans, a double click shows all time. Shift and a drag on the ruler "
             "marks a loop, which the replay repeats; a right click sets a bookmark. A strip is a "
             "lift: 0 is an untrained head, 1 is perfect."),
          {"follow", "replay", "replay-slower", "replay-faster", "loop-from", "loop-to",
           "loop-clear", "bookmark", "bookmark-next", "emergence-next", "spike-next",
           "intervention-next", "frame-back", "frame-on", "checkpoint-back", "marker-on", "first",
           "newest", "zoom-fit"}};
    case HelpTopic::Experiment:
      return {
          tr("Experiment"),
          tr("A draft can be edited; the settings of a run cannot, so that there is never doubt "
             "about which settings made a picture. In a pattern, lower case is a key, upper case "
             "an anchor, a number that token, * any number of noise tokens, and the answer "
             "stands after the arrow: * 3 x * -> x. Errors stand under the field they concern."),
          {"new", "open", "save", "samples", "undo", "run"}};
    case HelpTopic::Runs:
      return {
          tr("Runs"),
          tr("Every run is a folder of its own with its experiment, metrics, frames and "
             "checkpoints. The menu of a run (right click, or the menu key) continues it, forks "
             "it at the cursor, or copies its settings to the draft. A fork asks where it begins, "
             "with which settings, and what is changed from there on; it stands under the run it "
             "was forked from. Three seeds or more of one set-up stand under a row with their "
             "median and range, which folds. From 8 runs on, words above the list filter it and "
             "a box sorts it. Removing a run from the list leaves its files alone."),
          {"open-run", "fork", "rename", "tick", "table", "copy-numbers"}};
    case HelpTopic::Inspector:
      return {
          tr("Inspector"),
          tr("The scores of the selected head, defined in docs/scores.md. Shift: a row reads a "
             "fixed "
             "number of places back; broadcast: the output row, or all later rows, read one role "
             "wherever it stands (both of arXiv 2401.08309). Lifts: 0 is an untrained causal "
             "head, 1 is perfect; the tick shows where an untrained head is. Raw attention is the "
             "mean "
             "before that. Coverage is the share of readers with at least 0.5 on the source, "
             "tracking how much better a moving column explains the head than a fixed one. "
             "The causal test says what the model can do without the head: its output is set "
             "to 0 before the output projection. Necessity is the share of the accuracy above "
             "chance that is lost; a random head's beside it is the control. Causal test takes "
             "away several "
             "heads, a label or edges, or patches heads, by group of sequences. From now on "
             "changes the training itself, at its next step, and is written to the run's "
             "history: ablate keeps the head's output at 0, freeze leaves its weights as they "
             "are, clamp holds its attention at its mean over the probe, release takes back "
             "what holds."),
          {"head-next", "head-back", "ablate", "test-head", "test-all-heads", "causal-test",
           "now-ablate", "now-freeze", "now-clamp", "now-release", "now-numbers"}};
  }
  return {};
}

}  // namespace

QString helpText(HelpTopic topic, const ActionMap& actions) {
  const Topic help = topicOf(topic);
  QString html =
      QStringLiteral("<h3 style=\"font-weight:600\">%1</h3><p>%2</p><table cellspacing=\"6\">")
          .arg(help.title, help.text.toHtmlEscaped());
  for (const QString& id : help.actions) {
    if (const QAction* action = actions[id]) {
      html +=
          QStringLiteral("<tr><td><span style=\"font-weight:600\">%1</span></td><td>%2</td></tr>")
              .arg(QKeySequence::listToString(action->shortcuts(), QKeySequence::NativeText)
                       .toHtmlEscaped(),
                   QString(action->text()).remove(QLatin1Char('&')).toHtmlEscaped());
    }
  }
  return html + QStringLiteral("</table>");
}

namespace {

void showText(const QString& title, const QString& html, QWidget* parent) {
  auto* dialog = new QDialog(parent);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setWindowTitle(title);
  auto* text = new QTextBrowser(dialog);
  text->setOpenExternalLinks(true);
  text->setHtml(html);
  auto* close = new QPushButton(tr("Close"), dialog);
  QObject::connect(close, &QPushButton::clicked, dialog, &QDialog::close);
  auto* layout = new QVBoxLayout(dialog);
  layout->addWidget(text, 1);
  layout->addWidget(close, 0, Qt::AlignRight);
  dialog->resize(520, 400);
  dialog->show();
}

}  // namespace

void showHelpDialog(HelpTopic topic, const ActionMap& actions, QWidget* parent) {
  showText(tr("Help"), helpText(topic, actions), parent);
}

void showAboutDialog(QWidget* parent) {
  const QString version = QString::fromStdString(engine::versionText());
  showText(
      tr("About Anchorlens"),
      tr("<h3 style=\"font-weight:600\">Anchorlens %1</h3><p>A workbench for anchor functions: "
         "train small transformers and "
         "watch their heads.</p><p>Free software under the GNU General Public License, version 3 "
         "or "
         "later. It uses Qt, QCustomPlot, LibTorch, SQLite, nlohmann/json, CLI11, Eigen and "
         "Zstandard; "
         "the "
         "fonts are Inter and JetBrains Mono (SIL Open Font Licence).</p>")
          .arg(version.toHtmlEscaped()),
      parent);
}

}  // namespace anchorlens::app
