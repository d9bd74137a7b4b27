//! The Compare workspace in every state that it can be in.

use std::path::PathBuf;
use std::time::Duration;

use denoodle::eval::ScoreKind;
use denoodle::session::{
    Against, Command, CompareRequest, Compared, Comparison, Evaluating, Event, Failure, Outcome, Protocol, Scores, Stage, TrainingTime,
    WeightsRequest,
};
use denoodle::studio::action::{Action, CompareAction};
use denoodle::studio::engine::Job;
use denoodle::studio::state::Workspace;
use denoodle::studio::state::compare::Phase;
use denoodle::util::{Kind, Reason};
use eframe::egui::Theme;
use egui_kittest::kittest::Queryable;

use crate::evaluate::made_up::scores;
use crate::support::*;

/// A window with a run and two shipped models, at Compare.
fn opened(theme: Theme) -> Window {
    let mut window = Window::open(theme);
    window.tell(Job::Survey, Event::Finished(disk(&["bus", "cat"], &["runs/cat-quick", "cat", "base"])));
    window.press("Compare");
    // Whatever is on this machine.
    state(&mut window).compare.form.protocols = vec![Protocol::Sketch];
    window.settle();
    window.asked();
    window
}

/// A window that compares two models.
pub fn running(theme: Theme) -> Window {
    let mut window = opened(theme);
    window.press("cat-quick");
    window.press("cat (shipped)");
    window.press("Run comparison");
    window
}

fn compare_asked(window: &mut Window) -> CompareRequest {
    match window.asked().pop() {
        Some(Asked::Start(Job::Compare, Command::Compare(request))) => *request,
        other => panic!("nothing was to be compared but {other:?}"),
    }
}

/// A model with made-up scores; they grow with `shift`.
fn model(name: &str, shift: f64) -> Compared {
    Compared {
        name: name.into(),
        system: "StrokeDiffusion".into(),
        preset: "quick".into(),
        parameters: 3_100_000,
        steps: 5000,
        drawings: 640_000,
        training: (name == "cat-quick").then_some(TrainingTime { secs: 1200.0, threads: 2 }),
        alone_ms: 12.34 + shift,
        together_ms: 3.21 + shift,
        scores: Scores { without_shared: None, ..scores("cat", 1, false, shift) },
    }
}

fn comparison() -> Comparison {
    let models = vec![model("cat-quick", 0.2), model("cat", 0.0)];
    Comparison::new("a made-up processor".into(), 2, models).expect("scores of one basis")
}

/// What came of it.
pub fn finished() -> Event {
    let files = ["comparison.json", "comparison.md"].map(|name| PathBuf::from("runs/comparison-sketch").join(name)).into();
    let drawings = vec![vec![sketch(); 12]; 2];
    Event::Finished(Outcome::Compared { comparison: Box::new(comparison()), drawings, files, took: Duration::from_secs(83) })
}

fn evaluating(subject: usize, stage: Stage, number: usize) -> [Event; 2] {
    let at = Evaluating { category: "cat".into(), subject, subjects: 2, stage, number, of: 7 };
    [Event::Stage(stage.words("cat")), Event::Evaluating(at)]
}

#[test]
fn without_a_model_it_leads_to_training() {
    for theme in THEMES {
        let mut window = Window::open(theme);
        window.tell(Job::Survey, Event::Finished(disk(&["cat"], &[])));
        window.press("Compare");
        assert!(window.has("No model yet") && !window.can("Run comparison"));
        assert!(window.says("Tick two models or more to compare them."));
    }
}

#[test]
fn what_is_ticked_is_asked_for() {
    for theme in THEMES {
        let mut window = opened(theme);
        assert!(window.has("Which model is better, and at what price?") && window.says("the best of a row is marked"));
        assert!(window.says("Inception needs weights that are not on this machine"));
        window.press("cat-quick");
        assert!(!window.can("Run comparison") && window.says("Tick one more model"));
        window.press("base (shipped)");
        window.press("cat (shipped)");
        window.press("base (shipped)");
        let form = &mut state(&mut window).compare.form;
        (form.count, form.repetitions, form.seed, form.shown, form.category) = (200.0, 2.0, 9, 6.0, "cat".into());
        window.settle();
        assert!(window.says("2 models, 400 drawings each.") && window.says("comparison-cat-sketch"));
        window.press("Run comparison");
        let request = compare_asked(&mut window);
        assert_eq!(request.models, [PathBuf::from("runs/cat-quick"), "cat".into()]);
        assert_eq!((request.category.as_deref(), request.protocol), (Some("cat"), Protocol::Sketch));
        assert_eq!((request.count, request.repetitions, request.seed, request.shown), (200, 2, 9, 6));
        assert_eq!((request.out, request.replace), (PathBuf::from("runs/comparison-cat-sketch"), false));
    }
}

#[test]
fn what_there_is_nothing_to_score_against_is_said_before_the_press() {
    let mut window = opened(Theme::Light);
    window.press("cat-quick");
    window.press("cat (shipped)");
    state(&mut window).compare.form.category = "owl".into();
    window.settle();
    assert!(!window.can("Run comparison") && window.says("There are no drawings of owl on this machine"));
}

#[test]
fn models_of_different_things_are_refused_before_the_press() {
    let mut window = opened(Theme::Light);
    let known = [("runs/cat-quick", vec!["cat"]), ("cat", vec!["cat"]), ("base", vec!["bus", "cat"])];
    let known = known.map(|(model, names)| (model.into(), names.into_iter().map(String::from).collect())).to_vec();
    let cards = denoodle::session::Cards { thumbnails: Vec::new(), known };
    window.tell(Job::Cards, Event::Finished(Outcome::Cards(Box::new(cards))));
    window.press("cat-quick");
    window.press("cat (shipped)");
    assert!(window.can("Run comparison"));
    window.press("base (shipped)");
    let why = |window: &mut Window| state(window).why_not(&CompareAction::Run.into()).unwrap_or_default();
    assert!(!window.can("Run comparison") && why(&mut window).contains("base (shipped) draws several categories"));
    for (category, refused) in [("cat", ""), ("bus", "cat-quick does not draw bus")] {
        state(&mut window).compare.form.category = category.into();
        window.settle();
        assert!(why(&mut window).contains(refused) && window.can("Run comparison") == refused.is_empty(), "{category}");
    }
}

#[test]
fn a_model_from_elsewhere_is_added_by_its_path_and_files_go_where_one_likes() {
    let mut window = opened(THEMES[0]);
    assert!(!window.can("Add"));
    state(&mut window).compare.form.path = "elsewhere/mine.safetensors".into();
    window.settle();
    window.press("Add");
    assert!(window.has("elsewhere, mine"));
    window.press("cat (shipped)");
    state(&mut window).compare.form.out = "tables/here".into();
    window.settle();
    window.press("Run comparison");
    let request = compare_asked(&mut window);
    assert_eq!(request.models, [PathBuf::from("elsewhere/mine.safetensors"), "cat".into()]);
    assert_eq!((request.category, request.out), (None, PathBuf::from("tables/here")));
}

#[test]
fn a_running_comparison_says_where_it_is_and_is_cancelled_at_once() {
    for theme in THEMES {
        let mut window = running(theme);
        assert!(window.has("Comparing 2 models") || window.says("Comparing 2 models"));
        window.tell_all(Job::Compare, evaluating(0, Stage::TestFeatures, 1));
        window.tell(Job::Compare, Event::Progress { done: 120, total: Some(200), unit: "drawings" });
        assert!(window.says("Comparing 2 models of cat") && window.says("120 of 200 drawings."));
        assert!(window.says("drawing with cat-quick and scoring it") && window.says("at hand") && window.says("to come"));
        assert!(window.says("comparing: looking at the test drawings of cat, 120 of 200 drawings"), "the status line");
        let before = state(&mut window).compare.share().expect("known");
        window.tell(Job::Compare, Event::Scored(Box::new(scores("cat", 1, false, 0.0))));
        window.tell_all(Job::Compare, evaluating(1, Stage::Drawing(Some(1)), 4));
        assert!(window.says("done") && state(&mut window).compare.share().expect("known") > before);
        window.asked();
        window.press("Cancel");
        assert!(matches!(window.asked()[..], [Asked::Stop(Job::Compare, Reason::Stopped)]));
        assert!(window.has("Cancelling") && !window.can("Cancel"));
        window.tell(Job::Compare, Event::Finished(Outcome::Cancelled));
        assert!(window.has("Cancelled") && window.says("Nothing was written.") && window.can("Run comparison"));
    }
}

#[test]
fn a_failure_is_said_in_its_own_words() {
    for theme in THEMES {
        let mut window = running(theme);
        window.tell(Job::Compare, Event::Failed("this model draws 345 categories: say which\n  in base".into()));
        assert!(window.has("The comparison failed") && window.says("This model draws 345 categories: say which."));
        assert!(window.says("then run again") && window.can("Run comparison"));
        assert!(matches!(state(&mut window).compare.scoring.phase, Phase::Failed(_)));
    }
}

/// The worker reports something, whatever weights are on this machine.
fn tell_without_weights(window: &mut Window, job: Job, event: Event) {
    window.tell(job, event);
    state(window).compare.form.protocols = vec![Protocol::Sketch];
    window.settle();
}

#[test]
fn weights_that_are_absent_are_fetched_or_taken_over_here() {
    for theme in THEMES {
        let mut window = opened(theme);
        assert!(window.says("95.6 MB from https://") && window.can("Import file…") && !window.can("Import"));
        window.press("Fetch weights");
        assert!(matches!(window.asked()[..], [Asked::Start(Job::Weights, Command::Weights(WeightsRequest::Fetch { address: None, .. }))]));
        let far = Event::Progress { done: 40_000_000, total: Some(95_628_359), unit: "bytes" };
        tell_without_weights(&mut window, Job::Weights, far);
        assert!(window.says("40.0 MB of 95.6 MB"));
        window.press("Stop fetching");
        assert!(matches!(window.asked()[..], [Asked::Stop(Job::Weights, Reason::Stopped)]));
        tell_without_weights(&mut window, Job::Weights, Event::Finished(Outcome::Cancelled));
        state(&mut window).weights.path = "copies/inception.pth".into();
        window.settle();
        window.press("Import");
        assert!(matches!(window.asked()[..], [Asked::Start(Job::Weights, Command::Weights(WeightsRequest::Import { .. }))]));
        tell_without_weights(&mut window, Job::Weights, Event::Failed("this is another file".into()));
        assert!(window.says("This is another file.") && window.can("Fetch weights"));
        assert_eq!(state(&mut window).workspace, Workspace::Compare);
    }
}

#[test]
fn a_comparison_that_finds_no_weights_says_where_to_get_them() {
    for theme in THEMES {
        let mut window = running(theme);
        let failure = Failure { kind: Kind::WeightsAbsent, ..Failure::from("the Inception weights are absent\n  Get them.") };
        tell_without_weights(&mut window, Job::Compare, Event::Failed(failure));
        assert!(window.has("Weights are missing") && window.says("The Inception weights are absent. Nothing was written."));
        assert!(window.can("Fetch weights") && window.can("Run comparison"));
        assert!(matches!(state(&mut window).compare.scoring.phase, Phase::WeightsAbsent(_)));
    }
}

#[test]
fn models_stand_side_by_side_with_floors_and_the_best_marked() {
    for theme in THEMES {
        let mut window = running(theme);
        window.tell(Job::Compare, finished());
        assert!(window.says("2 models of cat side by side") && window.says("1 234 drawings of each against 200 real test drawings"));
        assert!(window.says("a made-up processor") && window.says("2 files in runs/comparison-sketch"));
        for fact in ["3.1 M", "Stroke diffusion", "5 000", "640 000", "2 threads", "12.3 ms", "3.21 ms"] {
            assert!(window.says(fact), "{fact}");
        }
        assert!(window.says("floor 0.055"), "that of FID");
        // FID is the lower the better, precision the higher.
        assert!(window.says("FID of cat, the best") && !window.says("FID of cat-quick, the best"));
        assert!(window.says("precision of cat-quick, the best") && !window.says("precision of cat, the best"));
        assert!(window.has("cat-quick, drawing 1") && window.has("cat, drawing 12") && window.says("none left out"));
        assert!(window.can("Open folder"));
    }
}

#[test]
fn the_best_is_the_nearest_to_what_is_wanted_and_nobody_where_all_are_level() {
    let comparison = comparison();
    let best = |kind| comparison.best(kind, Against::AsGiven);
    assert_eq!((best(ScoreKind::Fid), best(ScoreKind::Precision)), (vec![1], vec![0]));
    // Absent for both.
    assert!(best(ScoreKind::Kid).is_empty());
    let level = Comparison::new("somewhere".into(), 1, vec![model("a", 0.1), model("b", 0.1)]).expect("of one basis");
    assert!(level.best(ScoreKind::Fid, Against::AsGiven).is_empty());
    assert!(level.best(ScoreKind::Fid, Against::WithoutShared).is_empty());
}

#[test]
fn training_evaluating_and_comparing_do_not_run_at_once() {
    for theme in THEMES {
        let mut window = running(theme);
        window.press("Evaluate");
        assert!(!window.can("Run evaluation") && window.says("A comparison is running and needs the processor."));
        window.press("Train");
        assert!(!window.can("Start training") && window.says("A comparison is running and needs the processor."));
        window.tell(Job::Compare, finished());
        assert!(window.can("Start training"));
        window.press("Evaluate");
        window.press("Run evaluation");
        let why = state(&mut window).why_not(&Action::from(CompareAction::Run));
        assert!(why.is_some_and(|why| why.contains("An evaluation is running")));
        assert!(window.harness.query_all_by_label("Compare").count() > 0);
    }
}
