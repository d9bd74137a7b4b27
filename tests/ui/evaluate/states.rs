//! Every state that the workspace can be in.

use denoodle::session::{Event, Failure, Outcome, ScoreKind, Stage};
use denoodle::studio::engine::Job;
use denoodle::util::Kind;
use eframe::egui::Theme;

use super::made_up::{evaluated, finished, scores};
use super::{evaluating, opened, running};
use crate::support::*;

/// The state of that name.
pub fn of(name: &str) -> fn(Theme) -> Window {
    STATES.iter().find(|(its, _)| *its == name).expect("a state").1
}

/// Their names, and how to get there.
pub const STATES: &[Scene] = &[
    ("evaluate-none", |theme| {
        let mut window = Window::open(theme);
        window.tell(Job::Survey, Event::Finished(disk(&["cat"], &[])));
        window.press("Evaluate");
        window
    }),
    ("evaluate-empty", opened),
    ("evaluate-running", |theme| {
        let mut window = running(theme);
        window.tell_all(Job::Evaluate, evaluating(Stage::Drawing(Some(2)), 7));
        window.tell(Job::Evaluate, Event::Progress { done: 412, total: Some(2000), unit: "drawings" });
        window
    }),
    ("evaluate-failed", |theme| {
        let mut window = running(theme);
        window
            .tell(Job::Evaluate, Event::Failed("cannot read the drawings: truncated\n  in cat.ndjson, line 7\n  Fetch them again.".into()));
        window
    }),
    ("evaluate-cancelled", |theme| {
        let mut window = running(theme);
        window.tell(Job::Evaluate, Event::Scored(Box::new(scores("cat", 3, false, 0.0))));
        window.tell(Job::Evaluate, Event::Finished(Outcome::Cancelled));
        window
    }),
    ("evaluate-weights", absent),
    ("evaluate-fetching", |theme| {
        let mut window = absent(theme);
        window.press("Fetch weights");
        window.tell(Job::Weights, Event::Progress { done: 40_000_000, total: Some(95_628_359), unit: "bytes" });
        window
    }),
    ("evaluate-done", |theme| {
        let mut window = running(theme);
        window.tell(Job::Evaluate, finished(vec![evaluated("cat", 3, true, 0.0)], &["runs/cat-quick/evaluation-sketch/scores.json"]));
        window.harness.state_mut().state_mut().evaluation.explained = Some(ScoreKind::Fid);
        window
    }),
    ("evaluate-table", |theme| {
        let mut window = running(theme);
        let results = ["cat", "bus", "rabbit"].iter().enumerate().map(|(i, name)| evaluated(name, 1, false, 0.1 * i as f64)).collect();
        window.tell(Job::Evaluate, finished(results, &[]));
        window.press("Scores of bus, row 2");
        window
    }),
    ("evaluate-training", |theme| {
        let mut window = Window::stocked(theme);
        window.press("Start training");
        window.tell(Job::Train, step(1, Some(20), 0.5));
        window.press("Evaluate");
        window
    }),
];

fn absent(theme: Theme) -> Window {
    let mut window = opened(theme);
    window.press("Inception, as pytorch-fid");
    window.press("Run evaluation");
    let text = "the weights of the Inception network are not on this machine";
    window.tell(Job::Evaluate, Event::Failed(Failure { kind: Kind::WeightsAbsent, ..Failure::from(text) }));
    window
}
