//! The Interpolate workspace in every state that it can be in.

use std::path::PathBuf;
use std::time::Duration;

use denoodle::config::load;
use denoodle::session::{Between, Capabilities, Command, End, Event, InterpolateRequest, Interpolated, Outcome};
use denoodle::sketch::{Sketch, Stroke};
use denoodle::studio::action::{Action, InterpolateAction};
use denoodle::studio::engine::Job;
use denoodle::studio::state::Workspace;
use denoodle::studio::state::interpolate::{Interpolate, STEPS};
use denoodle::util::Reason;
use eframe::egui::{Key, Modifiers, Theme};
use egui_kittest::kittest::{NodeT, Queryable};

use crate::support::*;

fn interpolate(window: &mut Window) -> &mut Interpolate {
    &mut state(window).interpolate
}

/// A line that says which drawing it is.
fn line(shift: f32) -> Sketch {
    Sketch { strokes: vec![Stroke::new(vec![[0.0, shift], [100.0, 100.0], [255.0, 20.0]])] }
}

/// What a model reports that has drawn at so many places.
fn way(places: usize) -> Event {
    let drawings = (0..places).map(|place| line(place as f32)).collect();
    let pair = |shift: f32| [line(shift), line(shift + 1.0)];
    let between = Between { originals: pair(200.0), reconstructions: pair(0.0), drawings };
    reported(Capabilities { latent: true, temperature: true, ..Capabilities::default() }, Some(between))
}

fn reported(capabilities: Capabilities, between: Option<Between>) -> Event {
    let own = load("sketch_rnn_small").expect("built in").draw;
    let took = Duration::from_millis(40);
    Event::Finished(Outcome::Interpolated(Box::new(Interpolated { capabilities, category: "cat".into(), own, between, took })))
}

fn asked_of(window: &mut Window, job: Job) -> InterpolateRequest {
    match window.asked().pop() {
        Some(Asked::Start(of, Command::Interpolate(request))) if of == job => *request,
        other => panic!("{job:?} was not to be started but {other:?}"),
    }
}

fn opened(theme: Theme) -> Window {
    let mut window = Window::stocked(theme);
    window.asked();
    window.press("Interpolate");
    window
}

/// A window with a way of nine drawings.
pub fn drawn(theme: Theme) -> Window {
    let mut window = opened(theme);
    window.tell(Job::Interpolate, way(9));
    window.asked();
    window
}

#[test]
fn without_a_model_it_says_so_and_leads_to_training() {
    for theme in THEMES {
        let mut window = Window::open(theme);
        window.tell(Job::Survey, Event::Finished(disk(&["cat"], &[])));
        window.press("Interpolate");
        assert!(window.has("No model yet") && window.asked().iter().all(|asked| !matches!(asked, Asked::Start(Job::Interpolate, _))));
        assert!(!window.can("Next two drawings"));
    }
}

#[test]
fn whoever_comes_here_sees_what_lies_between_two_drawings() {
    for theme in THEMES {
        let mut window = opened(theme);
        let request = asked_of(&mut window, Job::Interpolate);
        assert_eq!((request.model, request.category, request.temperature), (PathBuf::from("runs/cat-quick"), None, None));
        assert_eq!(request.ends, [End::Drawn { seed: 1, number: 0 }, End::Drawn { seed: 1, number: 1 }]);
        assert_eq!((request.shares.len(), request.shares[0], request.shares[4], request.shares[8]), (9, 0.0, 0.5, 1.0));
        window.tell(Job::Interpolate, Event::Stage("drawing cat, from one to the other".into()));
        window.tell(Job::Interpolate, Event::Progress { done: 3, total: Some(11), unit: "drawings" });
        assert!(window.has("Drawing…") && window.says("3 of 11 drawings.") && window.says("drawing between two drawings"));
        window.tell(Job::Interpolate, way(9));
        for name in ["The first drawing's original", "The first drawing's reconstruction", "The second drawing's original"] {
            assert!(window.has(name), "{name}");
        }
        assert!(window.says("50 % of the way") && window.says("Drawing at 50 % of the way") && window.says("great circle"));
        assert!(window.says("At 0 %") && window.says("At 12.5 %") && window.says("At 100 %"));
        // Coming again asks for nothing more.
        window.press("Play");
        window.press("Interpolate");
        assert!(window.asked().is_empty());
    }
}

#[test]
fn keys_and_buttons_move_on_the_way() {
    let mut window = drawn(THEMES[0]);
    let cases = [
        (Modifiers::SHIFT, Key::ArrowRight, 25),
        (Modifiers::SHIFT, Key::ArrowLeft, 20),
        (Modifiers::NONE, Key::End, STEPS),
        (Modifiers::NONE, Key::ArrowRight, STEPS),
        (Modifiers::NONE, Key::ArrowLeft, STEPS - 1),
        (Modifiers::SHIFT, Key::ArrowLeft, 35),
        (Modifiers::NONE, Key::Home, 0),
        (Modifiers::NONE, Key::ArrowRight, 1),
        (Modifiers::SHIFT, Key::ArrowLeft, 0),
    ];
    for (modifiers, key, expected) in cases {
        window.keys(modifiers, key);
        assert_eq!(interpolate(&mut window).at, expected, "{modifiers:?} {key:?}");
    }
    assert!(window.says("The first drawing's reconstruction: what the model makes"));
    for (name, expected) in [("A little on", 1), ("Next drawing between", 5), ("A little back", 4), ("Previous drawing between", 0)] {
        window.press(name);
        assert_eq!(interpolate(&mut window).at, expected, "{name}");
    }
    let bar = window.harness.get_by_label("Share of the way");
    assert_eq!(bar.accesskit_node().numeric_value(), Some(0.0));
    bar.increment_accesskit();
    window.settle();
    assert_eq!(interpolate(&mut window).at, 1);
}

#[test]
fn a_place_without_a_drawing_is_drawn_and_the_newest_wins() {
    let mut window = drawn(THEMES[1]);
    window.keys(Modifiers::NONE, Key::ArrowRight);
    let request = asked_of(&mut window, Job::Between);
    assert_eq!(request.shares, [Interpolate::share(21)]);
    assert!(window.says("drawing…"), "the nearest one is shown meanwhile");
    assert_eq!(interpolate(&mut window).current().map(|(place, _)| place), Some(20));
    // Moved on before it came: only the place where we are then is asked for.
    window.keys(Modifiers::NONE, Key::ArrowRight);
    window.keys(Modifiers::NONE, Key::ArrowRight);
    assert!(window.asked().is_empty(), "one at a time");
    window.tell(Job::Between, way(1));
    assert_eq!(asked_of(&mut window, Job::Between).shares, [Interpolate::share(23)]);
    window.tell(Job::Between, way(1));
    assert_eq!(interpolate(&mut window).current().map(|(place, _)| place), Some(23));
    // What is there is not drawn again.
    window.keys(Modifiers::NONE, Key::ArrowLeft);
    window.keys(Modifiers::NONE, Key::ArrowLeft);
    window.asked();
    window.tell(Job::Between, Event::Failed("the model drew something that is not a number".into()));
    window.keys(Modifiers::NONE, Key::ArrowRight);
    assert!(interpolate(&mut window).at == 22 && window.asked().is_empty(), "it does not try by itself");
    assert!(window.says("Nothing was drawn at this place: The model drew something that is not a number."));
}

#[test]
fn ends_and_temperature_can_be_chosen() {
    for theme in THEMES {
        let mut window = drawn(theme);
        window.press("Second: a real one");
        let request = asked_of(&mut window, Job::Interpolate);
        assert!(matches!(request.ends, [End::Drawn { number: 0, .. }, End::Real { number: 1, .. }]));
        assert!(window.says("drawing…"), "the former way stays meanwhile");
        window.tell(Job::Interpolate, way(9));
        assert!(window.says("seed 1, drawing 1 to real drawing 2"));
        interpolate(&mut window).temper.as_mut().expect("known").now = 0.2;
        assert_eq!(state(&mut window).act(InterpolateAction::Settle.into()).len(), 1);
        interpolate(&mut window).seed = 7;
        assert!(state(&mut window).act(InterpolateAction::Settle.into()).is_empty(), "one at a time");
        window.tell(Job::Interpolate, way(9));
        let request = asked_of(&mut window, Job::Interpolate);
        assert_eq!((request.temperature, request.seed), (Some(0.2), 7));
        window.tell(Job::Interpolate, way(9));
        window.press("Swap ends");
        assert!(matches!(asked_of(&mut window, Job::Interpolate).ends, [End::Real { .. }, End::Drawn { .. }]));
        window.tell(Job::Interpolate, way(9));
        window.press("Next two drawings");
        let ends = asked_of(&mut window, Job::Interpolate).ends;
        assert!(matches!(ends, [End::Real { number: 3, .. }, End::Drawn { number: 2, .. }]), "{ends:?}");
    }
}

#[test]
fn real_drawings_must_be_on_the_machine() {
    let mut window = Window::open(THEMES[0]);
    window.tell(Job::Survey, Event::Finished(disk(&[], &["runs/cat-quick"])));
    window.press("Interpolate");
    window.tell(Job::Interpolate, way(9));
    assert!(!window.can("First: a real one") && window.can("First: the model's"));
}

#[test]
fn a_model_without_a_latent_vector_says_so_and_names_what_has_one() {
    for theme in THEMES {
        let mut window = opened(theme);
        window.tell(Job::Interpolate, reported(Capabilities { stroke_trace: true, ..Capabilities::default() }, None));
        assert!(window.has("No latent vector") && window.says("Cat-quick has no latent vector"));
        assert!(window.says("presets: Sketch-RNN, small; Sketch-RNN; Latent diffusion, small; Latent diffusion."));
        assert!(!window.says("Seq2seq") && !window.has("Share of the way"));
        window.asked();
        let effects = state(&mut window).act(Action::UseModel("runs/rnn".into()));
        assert_eq!(effects.len(), 1, "another model is tried at once");
        assert!(window.can("cat-latent (shipped)"), "one is always here");
        state(&mut window).act(InterpolateAction::Train.into());
        window.settle();
        assert!(window.says("Sketch-RNN fit for two cores") && window.can("Start training"), "with a preset of one that can");
    }
}

#[test]
fn a_failure_is_said_in_its_own_words_and_tried_again_when_asked() {
    for theme in THEMES {
        let mut window = opened(theme);
        window.tell(Job::Interpolate, Event::Failed("cannot read the model\n  in runs/cat-quick\n  Train it again.".into()));
        assert!(window.has("Nothing was drawn between them") && window.says("Cannot read the model.") && window.says("Train it again."));
        window.asked();
        window.settle();
        assert!(window.asked().is_empty(), "it does not try by itself");
        window.press("Draw the way");
        asked_of(&mut window, Job::Interpolate);
        window.keys(CTRL, Key::Enter);
        assert!(matches!(window.asked()[..], [Asked::Stop(Job::Interpolate, Reason::Stopped)]));
        window.tell(Job::Interpolate, Event::Finished(Outcome::Cancelled));
        assert!(window.has("Stopped"));
        window.press("Draw the way");
        window.tell(Job::Interpolate, way(9));
        assert!(window.says("50 % of the way"));
    }
}

#[test]
fn the_tabs_have_their_keys_in_their_order() {
    let mut window = Window::stocked(THEMES[0]);
    let keys = [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::Num6, Key::Num7, Key::Num8];
    for (workspace, key) in Workspace::ALL.into_iter().zip(keys) {
        window.keys(CTRL, key);
        assert_eq!(state(&mut window).workspace, workspace);
    }
}
