//! The Evaluate workspace in every state that it can be in.

pub mod made_up;
pub mod states;

use std::path::PathBuf;
use std::time::Duration;

use denoodle::session::{
    Command, EvaluateRequest, Evaluating, Event, Failure, Handle, Outcome, Protocol, ScoreKind, Source, Stage, Subject, WeightsRequest,
};
use denoodle::studio::engine::Job;
use denoodle::util::{Kind, Reason};
use eframe::egui::{Key, Modifiers, Theme};
use egui_kittest::kittest::Queryable;

use crate::support::*;
use made_up::{evaluated, finished, scores};

fn opened(theme: Theme) -> Window {
    let mut window = Window::stocked(theme);
    window.press("Evaluate");
    window.asked();
    window
}

fn running(theme: Theme) -> Window {
    let mut window = opened(theme);
    window.press("Run evaluation");
    window
}

fn done(theme: Theme) -> Window {
    let mut window = running(theme);
    window.asked();
    window.tell(Job::Evaluate, finished(vec![evaluated("cat", 3, true, 0.0)], &["runs/cat-quick/evaluation-sketch/scores.json"]));
    window
}

fn evaluating(stage: Stage, number: usize) -> [Event; 2] {
    let at = Evaluating { category: "cat".into(), subject: 0, subjects: 1, stage, number, of: 13 };
    [Event::Stage(stage.words("cat")), Event::Evaluating(at)]
}

fn evaluation_asked(window: &mut Window) -> EvaluateRequest {
    match window.asked().pop() {
        Some(Asked::Start(Job::Evaluate, Command::Evaluate(request))) => *request,
        other => panic!("nothing was to be evaluated but {other:?}"),
    }
}

#[test]
fn without_a_model_it_leads_to_training() {
    for theme in THEMES {
        let mut window = Window::open(theme);
        window.tell(Job::Survey, Event::Finished(disk(&["cat"], &[])));
        window.press("Evaluate");
        assert!(window.has("No model yet") && !window.can("Run evaluation"));
        assert!(window.says("Choose a model to evaluate first."));
    }
}

#[test]
fn what_is_chosen_is_asked_for() {
    for theme in THEMES {
        let mut window = opened(theme);
        assert!(window.has("How good are the drawings?") && window.says("what real drawings get"));
        for protocol in [Protocol::PytorchFid, Protocol::CleanFid, Protocol::Sketch] {
            window.harness.state_mut().state_mut().evaluation.form.protocol = protocol;
            window.settle();
            assert!(window.says(protocol.explain()));
        }
        window.press("Inception, as clean-fid");
        let form = &mut window.harness.state_mut().state_mut().evaluation.form;
        (form.count, form.repetitions, form.seed) = (500.0, 2.0, 9);
        window.press("Look for copies");
        assert!(window.says("Scores 1 000 drawings.") && window.says("evaluation-clean-fid"));
        window.press("Run evaluation");
        let request = evaluation_asked(&mut window);
        assert_eq!(request.subjects, [Subject { source: Source::Model("runs/cat-quick".into()), category: None }]);
        assert_eq!((request.protocol, request.count, request.repetitions, request.seed), (Protocol::CleanFid, 500, 2, 9));
        assert_eq!((request.copying, request.replace), (Some(true), false));
        assert_eq!(request.out, Some(PathBuf::from("runs/cat-quick/evaluation-clean-fid")));
    }
}

#[test]
fn scores_of_a_shipped_model_lie_beside_the_runs() {
    let mut window = opened(THEMES[0]);
    let form = &mut window.harness.state_mut().state_mut().evaluation.form;
    form.chosen[0].path = "cat".into();
    window.settle();
    window.press("Run evaluation");
    assert_eq!(evaluation_asked(&mut window).out, Some(PathBuf::from("runs/evaluation-cat-sketch")));
}

#[test]
fn what_there_is_nothing_to_score_against_is_said_before_the_press() {
    let mut window = opened(THEMES[0]);
    window.harness.state_mut().state_mut().evaluation.form.chosen[0].category = "owl".into();
    window.settle();
    assert!(!window.can("Run evaluation") && window.says("There are no drawings of owl on this machine") && window.says("in Categories"));
    window.harness.state_mut().state_mut().evaluation.form.chosen[0].category = "cat".into();
    window.settle();
    assert!(window.can("Run evaluation"));
}

#[test]
fn several_models_and_files_of_drawings_are_scored_in_turn() {
    let mut window = opened(THEMES[0]);
    window.harness.state_mut().state_mut().evaluation.form.path = "elsewhere/cats.ndjson".into();
    window.settle();
    window.press("Add");
    assert!(!window.can("Run evaluation") && window.says("Say which category cats.ndjson should show."));
    window.harness.state_mut().state_mut().evaluation.form.chosen[1].category = "cat".into();
    window.settle();
    window.press("Run evaluation");
    let request = evaluation_asked(&mut window);
    assert_eq!(request.subjects[1], Subject { source: Source::Drawings("elsewhere/cats.ndjson".into()), category: Some("cat".into()) });
    assert_eq!(request.out, Some(PathBuf::from("runs/evaluation-sketch")), "no run's own");
    let mut window = opened(THEMES[0]);
    window.press("Remove cat-quick");
    assert!(!window.can("Run evaluation"));
}

#[test]
fn a_running_evaluation_says_where_it_is_and_is_cancelled_at_once() {
    for theme in THEMES {
        let mut window = running(theme);
        assert!(window.says("starting"));
        window.tell_all(Job::Evaluate, evaluating(Stage::TestFeatures, 1));
        window.tell(Job::Evaluate, Event::Progress { done: 120, total: Some(200), unit: "drawings" });
        assert!(window.has("Evaluating cat") && window.says("120 of 200 drawings."));
        assert!(window.says("reading cat") && window.says("scoring the floor of cat") && window.says("writing the scores"));
        assert!(window.says("drawing, looking at and scoring cat, seed 3") && window.says("at hand"));
        assert!(window.says("evaluating cat: looking at the test drawings of cat, 120 of 200 drawings"), "the status line");
        window.tell_all(Job::Evaluate, evaluating(Stage::Drawing(Some(2)), 7));
        assert!(window.says("drawing cat, seed 2"));
        window.asked();
        window.keys(CTRL, Key::Enter);
        assert!(matches!(window.asked()[..], [Asked::Stop(Job::Evaluate, Reason::Stopped)]));
        assert!(window.has("Cancelling") && window.says("The request is sent") && !window.can("Cancel"));
        window.tell(Job::Evaluate, Event::Finished(Outcome::Cancelled));
        assert!(window.has("Cancelled") && window.says("Nothing was scored.") && window.can("Run evaluation"));
    }
}

#[test]
fn what_was_scored_before_a_cancel_stays() {
    let mut window = running(THEMES[1]);
    window.tell(Job::Evaluate, Event::Scored(Box::new(scores("cat", 3, false, 0.0))));
    window.tell(Job::Evaluate, Event::Finished(Outcome::Cancelled));
    assert!(window.says("Cat was scored before and is shown below.") || window.says("cat was scored before and is shown below."));
    assert!(window.has("Scores of cat") && window.says("FID 0.110, floor 0.055"));
}

#[test]
fn a_failure_is_said_in_its_own_words() {
    for theme in THEMES {
        let mut window = running(theme);
        window
            .tell(Job::Evaluate, Event::Failed("cannot read the drawings: truncated\n  in cat.ndjson, line 7\n  Fetch them again.".into()));
        assert!(window.has("The evaluation failed") && window.says("Cannot read the drawings: truncated."));
        assert!(window.says("Fetch them again.") && window.says("then run again") && window.can("Run evaluation"));
    }
}

#[test]
fn absent_weights_are_fetched_or_taken_over() {
    for theme in THEMES {
        let mut window = opened(theme);
        window.press("Inception, as pytorch-fid");
        window.press("Run evaluation");
        let failure = Failure { kind: Kind::WeightsAbsent, ..Failure::from("the Inception weights are absent\n  Get them.") };
        window.tell(Job::Evaluate, Event::Failed(failure));
        assert!(window.has("Weights are missing") && window.says("The Inception weights are absent."));
        assert!(window.says("95.6 MB from https://") && window.can("Import file…") && !window.can("Import"));
        window.asked();
        window.press("Fetch weights");
        assert!(matches!(window.asked()[..], [Asked::Start(Job::Weights, Command::Weights(WeightsRequest::Fetch { address: None, .. }))]));
        assert!(!window.can("Run evaluation"));
        window.tell(Job::Weights, Event::Progress { done: 40_000_000, total: Some(95_628_359), unit: "bytes" });
        assert!(window.says("40.0 MB of 95.6 MB"));
        window.press("Stop fetching");
        assert!(matches!(window.asked()[..], [Asked::Stop(Job::Weights, Reason::Stopped)]));
        window.tell(Job::Weights, Event::Finished(Outcome::Cancelled));
        window.harness.state_mut().state_mut().weights.path = "copies/inception.pth".into();
        window.settle();
        window.press("Import");
        match window.asked().pop() {
            Some(Asked::Start(Job::Weights, Command::Weights(WeightsRequest::Import { from, .. }))) => {
                assert_eq!(from, PathBuf::from("copies/inception.pth"));
            }
            other => panic!("nothing was imported but {other:?}"),
        }
        window.tell(Job::Weights, Event::Failed("this is another file".into()));
        assert!(window.says("This is another file.") && window.can("Fetch weights"));
        window.press("Fetch weights");
        window.tell(Job::Weights, Event::Finished(Outcome::Fetched(vec!["weights".into()])));
        assert!(window.has("The weights are here") && window.can("Run evaluation"));
    }
}

#[test]
fn scores_stand_beside_their_floor_with_what_they_rest_on() {
    for theme in THEMES {
        let mut window = done(theme);
        assert!(window.has("Evaluated cat") && window.says("1 234 drawings with each of 3 seeds against 200 real test drawings"));
        assert!(window.says("FID 0.110, floor 0.055") && window.says("± 0.010") && window.says("2.000 times the floor"));
        assert!(window.says("recognised, first guess 0.210, floor 0.105, real 0.500"));
        assert!(window.says("Fewer drawings than features"));
        assert!(window.says("No score: made up to be absent."));
        assert!(window.says("200 real, 3 × 1 234 generated"));
        for part in ["made-up-network", "made-up-renderer", "seeds 1, 2, 3", "the test list as given", "abcdefabcdef…"] {
            assert!(window.says(part), "{part}");
        }
        assert!(window.says("These numbers are made up."));
        assert!(window.says("memory"), "a copying ratio of 0.24 or 0.44 is told");
        assert!(window.has("Real drawing 20") && window.has("Generated drawing 20"));
        assert!(window.says("Strokes a drawing: distance 1.000 ± 0.100, floor 0.500; mean 10.00 real, 11.00 generated"));
        window.press("Without shared indices");
        assert!(window.says("FID 0.310, floor 0.155") && window.says("the test list without shared indices"));
        assert!(!window.says("density 0.37"));
        window.press("More scores");
        assert!(window.says("density 0.370"));
    }
}

#[test]
fn what_a_number_means_is_one_press_away_for_the_keyboard_too() {
    let mut window = done(THEMES[0]);
    for kind in [ScoreKind::Fid, ScoreKind::Kid, ScoreKind::Coverage, ScoreKind::Copying] {
        let says = kind.explained().says;
        assert!(!window.has(says), "{kind:?}, before");
        window.harness.get_by_label(&format!("What does {} mean?", kind.name())).focus();
        window.settle();
        window.keys(Modifiers::NONE, Key::Enter);
        assert!(window.has(says) && window.says(&kind.explained().source[1..]), "{kind:?}");
        window.press(&format!("What does {} mean?", kind.name()));
        assert!(!window.has(says));
    }
    window.press("What does recall mean?");
    window.press("Close");
    assert_eq!(window.harness.state().state().evaluation.explained, None);
}

#[test]
fn several_categories_make_a_table_and_each_can_be_looked_at() {
    for theme in THEMES {
        let mut window = running(theme);
        let results = ["cat", "bus", "rabbit"].iter().enumerate().map(|(i, name)| evaluated(name, 3, false, i as f64)).collect();
        window.tell(Job::Evaluate, finished(results, &[]));
        assert!(window.says("Evaluated cat, bus and rabbit"));
        assert!(window.says("2.110") && window.says("floor 1.055"), "FID of rabbits, in its cell");
        assert!(window.has("Scores of cat") && !window.has("Scores of rabbit"));
        window.press("Scores of rabbit, row 3");
        assert!(window.has("Scores of rabbit") && window.says("FID 2.110, floor 1.055"));
        window.keys(Modifiers::NONE, Key::Escape);
        window.harness.ctx.memory_mut(|memory| memory.stop_text_input());
        assert!(!window.has("Without shared indices"), "there is only one list");
    }
}

#[test]
fn training_and_evaluating_do_not_run_at_once() {
    for theme in THEMES {
        let mut window = Window::stocked(theme);
        window.press("Start training");
        window.tell(Job::Train, step(1, Some(20), 0.5));
        window.press("Evaluate");
        assert!(!window.can("Run evaluation") && window.says("A model is being trained and needs the processor."));
        window.asked();
        window.press("Pause training");
        assert!(matches!(window.asked()[..], [Asked::Pause(Job::Train, true)]));
        assert!(window.can("Run evaluation"), "a training that is held leaves the processor free");
        window.press("Run evaluation");
        window.press("Train");
        assert!(!window.can("Resume"));
        let mut window = running(theme);
        window.press("Train");
        assert!(!window.can("Start training") && window.says("An evaluation is running and needs the processor."));
        window.tell(Job::Evaluate, Event::Finished(Outcome::Cancelled));
        assert!(window.can("Start training"));
    }
}

#[test]
fn scores_are_saved_where_one_likes() {
    let mut window = done(THEMES[1]);
    assert!(window.can("Open folder") && window.can("Save as…") && window.says("1 file in runs/cat-quick/evaluation-sketch"));
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("mine.json");
    let state = window.harness.state_mut().state_mut();
    state.evaluation.save_path = path.display().to_string();
    window.settle();
    let save = |window: &mut Window, word: &str| {
        window.asked();
        window.press(word);
        let Some(Asked::Start(Job::SaveScores, command)) = window.asked().pop() else { panic!("nothing is saved") };
        assert!(!window.can("Save"), "once at a time");
        // Done for real, as the window's worker would.
        let handle = Handle::start(command, || {}).expect("a worker");
        window.tell(Job::SaveScores, handle.next_event(Duration::from_secs(60)).expect("how it went"));
    };
    save(&mut window, "Save");
    assert!(window.says("mine.json"));
    let text = std::fs::read_to_string(&path).expect("written");
    assert_eq!(denoodle::session::Scores::from_json(&text).expect("scores").category, "cat");
    // What is there already is replaced only if so wished.
    denoodle::util::atomic::write_bytes(&path, b"precious").expect("written");
    save(&mut window, "Save");
    assert!(window.has("Replace mine.json?"));
    window.press("Keep the old file");
    assert_eq!(std::fs::read(&path).expect("there"), b"precious");
    save(&mut window, "Save");
    save(&mut window, "Replace");
    assert_eq!(std::fs::read_to_string(&path).expect("written"), text);
    assert!(!window.has("Replace mine.json?"));
}
