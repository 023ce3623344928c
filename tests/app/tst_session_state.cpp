// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/places.h"
#include "app/anchorlens/session_state.h"
#include "app/anchorlens/settings.h"
#include "engine/core/experiment_json.h"
#include "tests/app/app_fixture.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

using namespace anchorlens;
using app::SessionState;

class TestSessionState : public QObject {
  Q_OBJECT

  tests::TemporaryHome m_home;

 private slots:
  void everythingComesBack() {
    SessionState state;
    state.draft = core::preset("composite");
    state.valid_draft = core::preset("identity");
    state.draft_file = QStringLiteral("/x/ä.json");
    state.is_draft_modified = true;
    state.runs = {{QStringLiteral("/runs/run-001"),
                   QStringLiteral("Mine"),
                   2,
                   true,
                   {{400, false, "shift begins"}, {600, true, {}}},
                   true},
                  {QStringLiteral("/runs/run-002"), QStringLiteral("Run 2"), 0, false, {}, false}};
    state.run_choices = {QStringLiteral("lr seed"), widgets::RunSort::Accuracy};
    state.folded_seeds = {{QStringLiteral("0123456789abcdef"), true}, {QStringLiteral("f"), false}};
    state.shown_run = QStringLiteral("/runs/run-001");
    state.step = 18400;
    state.is_following = false;
    state.pace = 30;
    state.time_range = std::pair(1000.0, 18000.5);
    state.loop = std::pair(4000.0, 8000.0);
    state.replay_rate = 64;
    state.weights.page = widgets::WeightsPage::Circuits;
    state.weights.matrix = QStringLiteral("layers.0.mlp.in");
    state.weights.head = {1, 2};
    state.weights.other = {0, 3};
    state.weights.norm = core::analysis::NormChoice::Folded;
    state.weights.reading = core::analysis::Reading::Embedding;
    state.weights.all_tokens = false;
    state.flow_route = QStringLiteral("3 → 46 → output");
    state.predictions_page = 2;
    state.predictions_filter = QStringLiteral("A=3 held_out");
    state.study_page = 1;
    state.study = {QStringLiteral("loss Test"),
                   true,
                   QStringLiteral("n_layers"),
                   QStringLiteral("seed"),
                   QStringLiteral("0.1"),
                   false,
                   75,
                   QStringLiteral("Test")};
    state.compare_all_seeds = true;
    state.compare_seeds_at_cursor = true;
    state.steps = {{{QStringLiteral("change seed"), "[]"}}, {{QStringLiteral("change"), "[{}]"}}};
    state.compare_match = core::HeadMatch::Weights;
    state.compare_align = core::AlignBy::Accuracy;
    state.attention.probe = {true, 3};
    state.attention.mode = widgets::HeadView::Mode::Lines;
    state.attention.values = false;
    state.attention.outlines = false;
    state.attention.map = widgets::ColourMap::Grey;
    state.attention.per_head = true;
    state.attention.layer = 1;
    state.attention.head = 2;
    state.attention.shown = widgets::HeadValues::Scores;
    state.attention.is_typed = true;
    state.attention.typed = QStringLiteral("20 3 25");
    state.reader = 8;
    state.source = 3;
    state.head_order = {3, true};
    state.is_unfolded = true;
    state.is_log_time = true;
    state.smoothing = 2;
    state.experiment_tab = 3;
    state.geometry = QByteArray("\0\1\2", 3);
    state.docks = QByteArray("\3\4", 2);
    state.recent = {QStringLiteral("/a"), QStringLiteral("/b")};
    const auto back = app::parseSession(app::writeSession(state));
    QVERIFY(back);
    QVERIFY(*back == state);
  }

  void anUnfinishedDraftComesBackAsItWas() {
    SessionState state;
    state.draft = core::preset("demo");
    state.valid_draft = state.draft;
    state.draft.training.batch_size = -3;
    state.draft.task.forms[0].pattern = "* 3 x * ->";
    state.centre_tab = QStringLiteral("composer");
    const auto back = app::parseSession(app::writeSession(state));
    QVERIFY(back);
    QCOMPARE(back->draft, state.draft);
    QCOMPARE(back->centre_tab, QStringLiteral("composer"));
  }

  void aDamagedDraftFallsBackToItsLastValidState() {
    SessionState state;
    state.draft = core::preset("composite");
    state.valid_draft = core::preset("demo");
    QJsonObject json = QJsonDocument::fromJson(app::writeSession(state)).object();
    json[QStringLiteral("draft")] = json[QStringLiteral("draft")].toString().left(100);
    const auto back = app::parseSession(QJsonDocument(json).toJson());
    QVERIFY(back);
    QCOMPARE(back->draft, core::preset("demo"));
  }

  void damagedSessionsAreNoSessions() {
    QVERIFY(!app::parseSession({}));
    QVERIFY(!app::parseSession("not json"));
    QVERIFY(!app::parseSession("{\"format\": \"something\"}"));
    const QByteArray text = app::writeSession({});
    QVERIFY(!app::parseSession(text.left(text.size() / 2)));
    QByteArray newer = text;
    newer.replace("\"format_version\": 1", "\"format_version\": 99");
    QVERIFY(!app::parseSession(newer));
  }

  void settingsComeBack() {
    app::Settings settings;
    settings.theme = widgets::ThemeChoice::Dark;
    settings.font_scale = 130;
    settings.run_folder = QStringLiteral("/data/runs");
    settings.shortcuts[QStringLiteral("run")] = {QKeySequence(QStringLiteral("Ctrl+R")),
                                                 QKeySequence(Qt::Key_F5)};
    settings.shortcuts[QStringLiteral("stop")] = {};
    settings.has_seen_emergence = true;
    settings.thresholds.enter = 0.65;
    settings.thresholds.tracking = 0.2;
    const QString file = app::settingsFile();
    QVERIFY(app::writeSettings(file, settings));
    QVERIFY(app::readSettings(file) == settings);
    QVERIFY(app::readSettings(m_home.path(QStringLiteral("none.ini"))) == app::Settings());
  }

  void runsAreNumberedOnwards() {
    const QString folder = m_home.path(QStringLiteral("numbered"));
    QCOMPARE(app::nextRunNumber(folder), 1);
    QDir().mkpath(folder + QStringLiteral("/run-001"));
    QDir().mkpath(folder + QStringLiteral("/run-041"));
    QDir().mkpath(folder + QStringLiteral("/run-x"));
    QCOMPARE(app::nextRunNumber(folder), 42);
    QCOMPARE(app::runDirectoryName(42), QStringLiteral("run-042"));
  }

  void placesFollowTheEnvironment() {
    QVERIFY(app::sessionFile().startsWith(m_home.path()));
    QVERIFY(app::settingsFile().startsWith(m_home.path()));
    QVERIFY(app::defaultRunFolder().endsWith(QStringLiteral("/anchorlens/runs")));
  }
};

QTEST_GUILESS_MAIN(TestSessionState)
#include "tst_session_state.moc"
