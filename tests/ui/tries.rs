//! What a newcomer is offered under the first drawing.

use std::path::Path;

use denoodle::session::{Command, Event};
use denoodle::studio::action::Action;
use denoodle::studio::engine::Job;
use denoodle::studio::state::Workspace;
use denoodle::studio::state::tries::Try;
use eframe::egui::{Key, Modifiers, Theme, vec2};
use egui_kittest::kittest::Queryable;

use crate::support::*;

const HEADING: &str = "Three things to try";

/// A window that was never opened before, with its first drawing on its way.
fn opened(theme: Theme) -> Window {
    let mut window = Window::open(theme);
    window.tell(Job::Survey, Event::Finished(disk(&["cat"], &["cat", "bus", "base"])));
    window
}

/// The same with its first drawings.
fn drawn_first(theme: Theme) -> Window {
    let mut window = opened(theme);
    window.tell(Job::Draw, drawn(12));
    window.asked();
    window
}

fn offers_all(window: &Window) -> bool {
    window.has(HEADING) && Try::ALL.into_iter().all(|what| window.can(what.name()) && window.has(what.says()))
}

#[test]
fn they_wait_for_the_first_drawing_and_stay_until_they_are_put_off() {
    for theme in THEMES {
        let mut window = opened(theme);
        assert!(!window.says(HEADING), "nothing stands in front of the first drawing");
        window.tell(Job::Draw, drawn(12));
        assert!(offers_all(&window) && window.says("Drawing 1 of 12"));
        window.press("Train");
        assert!(!window.says(HEADING));
        window.press("Play");
        assert!(offers_all(&window));
        window.keys(Modifiers::NONE, Key::F5);
        assert!(!window.says(HEADING), "a class has come for the drawing");
        window.keys(Modifiers::NONE, Key::F5);
        window.press("Not now");
        assert!(!window.says(HEADING) && window.says("Drawing 1 of 12"));
        window.tell(Job::Survey, Event::Finished(disk(&["cat"], &["cat", "bus", "base"])));
        assert!(!window.says(HEADING));
    }
}

#[test]
fn the_drawing_and_its_transport_stay_in_sight_beside_them() {
    for theme in THEMES {
        let mut window = drawn_first(theme);
        for size in [vec2(1440.0, 900.0), vec2(1100.0, 700.0)] {
            window.harness.set_size(size);
            window.settle();
            let rect = |name: &str| window.harness.get_by_label(name).rect();
            let (drawing, bar, heading) = (rect("Drawing 1 on the paper"), rect("Scrub by point"), rect(HEADING));
            assert!(drawing.height() > 120.0, "{drawing:?} at {size:?}");
            assert!(drawing.bottom() <= bar.top() && bar.bottom() <= heading.top(), "{drawing:?}, {bar:?}, {heading:?} at {size:?}");
            let last = rect(Try::Train.says());
            assert!(last.bottom() < size.y && offers_all(&window), "{last:?} at {size:?}");
        }
    }
}

#[test]
fn each_leads_to_its_place_and_closes_them() {
    for theme in THEMES {
        let mut window = drawn_first(theme);
        state(&mut window).act(Action::UseModel("bus".into()));
        window.asked();
        window.press("Draw together");
        assert_eq!((state(&mut window).workspace, state(&mut window).play.model.as_str()), (Workspace::Draw, "cat"));
        let describes = |asked: &Asked| matches!(asked, Asked::Start(Job::Describe, Command::Describe(model)) if model == Path::new("cat"));
        assert!(window.asked().iter().any(describes));

        let mut again = drawn_first(theme);
        again.press("See how noise becomes a line");
        assert_eq!(state(&mut again).workspace, Workspace::Denoise);
        assert!(state(&mut again).denoise.lesson.is_some());
        let traces = again.asked().iter().filter(|asked| matches!(asked, Asked::Start(Job::Trace, _))).count();
        assert_eq!(traces, 1, "the drawing is followed once");

        let mut last = drawn_first(theme);
        last.press("Train your own");
        assert_eq!(state(&mut last).workspace, Workspace::Train);
        for mut window in [window, again, last] {
            window.keys(CTRL, Key::Num4);
            assert!(state(&mut window).workspace == Workspace::Play && !window.says(HEADING));
        }
    }
}

#[test]
fn who_has_a_model_is_not_asked_and_anyone_can_ask_for_them() {
    for theme in THEMES {
        let mut window = Window::stocked(theme);
        window.press("Play");
        assert!(!window.says(HEADING) && state(&mut window).tries.is_none());
        window.press("Train");
        window.keys(CTRL, Key::K);
        window.harness.get_by_label("Find a command").type_text("things try");
        window.settle();
        window.keys(Modifiers::NONE, Key::Enter);
        assert_eq!(state(&mut window).workspace, Workspace::Play);
        assert!(offers_all(&window) && window.says("Nothing drawn yet"));
    }
}

#[test]
fn those_that_were_left_open_are_there_again_with_a_model_of_ones_own() {
    let mut window = Window::stocked(THEMES[1]);
    // As it is remembered.
    state(&mut window).tries = Some(true);
    window.press("Play");
    assert!(offers_all(&window));
    window.press("Draw");
    assert!(!window.says(HEADING), "the first drawing is on its way");
    window.tell(Job::Draw, drawn(2));
    assert!(offers_all(&window));
}
