//! All drawings at once.

use std::time::Duration;

use denoodle::session::{Event, Outcome};
use denoodle::sketch::{Sketch, Stroke};
use denoodle::studio::engine::Job;
use denoodle::studio::state::play::Play;
use eframe::egui::{Key, Modifiers, vec2};
use egui_kittest::kittest::Queryable;

use crate::play::playing;
use crate::support::*;

fn play(window: &Window) -> &Play {
    &window.harness.state().state().play
}

/// A short drawing, a long one, and one of nothing.
fn unlike() -> Event {
    let short = Sketch { strokes: vec![Stroke::new(vec![[0., 0.], [50., 0.]])] };
    let sketches = vec![sketch(), short, Sketch::default()];
    Event::Finished(Outcome::Drawn { sketches, category: "cat".into(), took: Duration::from_millis(1500) })
}

#[test]
fn a_switch_shows_all_and_a_press_shows_one() {
    for theme in THEMES {
        let mut window = playing(theme);
        window.press("All at once");
        assert!(window.says("12 drawings at once") && !window.says("Drawing 1 of 12"));
        assert!((1..=12).all(|number| window.can(&format!("Show drawing {number} alone"))));
        window.harness.set_size(vec2(1100.0, 700.0));
        window.settle();
        assert!((1..=12).all(|number| window.can(&format!("Show drawing {number} alone"))));
        window.press("Show drawing 7 alone");
        assert!(window.says("Drawing 7 of 12") && !window.says("at once ·") && !play(&window).all);
        window.keys(Modifiers::NONE, Key::G);
        assert!(window.says("12 drawings at once"));
        window.keys(Modifiers::NONE, Key::G);
        assert!(window.says("Drawing 7 of 12"));
    }
}

#[test]
fn each_is_played_by_the_share_of_its_own_time() {
    let mut window = playing(THEMES[0]);
    window.tell(Job::Draw, unlike());
    window.press("All at once");
    window.press("To the start");
    assert!(window.says("0 % of each drawing") && play(&window).playback.share() == 0.0);
    let points = |window: &Window, index: usize| play(window).so_far(index).map(|(_, shown)| shown.reached);
    assert_eq!([0, 1, 2].map(|index| points(&window, index)), [Some(1), Some(1), None]);
    window.keys(Modifiers::NONE, Key::Space);
    let end = play(&window).playback.timeline().length();
    window.wait(f64::from(end) / 2.0);
    let share = play(&window).playback.share();
    assert!(share > 0.3 && share < 0.7, "{share}");
    let (_, short) = play(&window).so_far(1).expect("it has points");
    assert!(short.part > 0.3 && short.part < 0.7, "the short one is half done as well: {short:?}");
    window.press("To the end");
    assert!(window.says("100 % of each drawing"));
    assert_eq!([0, 1, 2].map(|index| points(&window, index)), [Some(5), Some(2), None]);
    // Speed holds for all: four times as fast, and a quarter of the time is enough.
    window.harness.state_mut().state_mut().play.playback.speed = 4.0;
    window.press("To the start");
    window.keys(Modifiers::NONE, Key::Space);
    window.wait(f64::from(end) / 8.0);
    let share = play(&window).playback.share();
    assert!(share > 0.3 && share < 0.7, "{share}");
}

#[test]
fn a_drawing_of_nothing_does_not_hold_the_others_up() {
    let mut window = playing(THEMES[1]);
    let with_nothing_first =
        Outcome::Drawn { sketches: vec![Sketch::default(), sketch()], category: "cat".into(), took: Duration::from_millis(1500) };
    window.tell(Job::Draw, Event::Finished(with_nothing_first));
    window.press("All at once");
    assert_eq!((play(&window).selected, play(&window).playback.playing), (1, true));
    // What is drawn while all are shown is shown so, too.
    window.tell(
        Job::Draw,
        Event::Finished(Outcome::Drawn { sketches: vec![Sketch::default()], category: "cat".into(), took: Duration::ZERO }),
    );
    assert!(window.says("1 drawing at once") && !play(&window).playback.playing);
}

#[test]
fn where_there_are_too_many_they_scroll() {
    let mut window = playing(THEMES[1]);
    window.tell(Job::Draw, drawn(400));
    window.press("All at once");
    assert!(window.says("400 drawings at once") && window.can("Show drawing 1 alone"));
    assert_eq!(window.harness.query_all_by_label("Show drawing 400 alone").count(), 0, "it is not painted before it is seen");
}

#[test]
fn without_drawings_there_is_no_switch_and_no_key() {
    let mut window = Window::stocked(THEMES[0]);
    window.press("Play");
    window.keys(Modifiers::NONE, Key::G);
    assert!(!play(&window).all && window.has("Nothing drawn yet"));
}
