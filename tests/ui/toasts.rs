//! What finished or failed is said for a moment in a corner, and is in nobody's way.

use std::time::Duration;

use denoodle::studio::action::Action;
use denoodle::studio::engine::Job;
use denoodle::studio::state::Workspace;
use denoodle::studio::state::messages::Tone;
use eframe::egui::{Key, Modifiers, Rect, ViewportId};
use egui_kittest::kittest::Queryable;

use crate::play::playing;
use crate::support::*;

/// Something is said, as work does when it ends.
fn say(window: &mut Window, tone: Tone, text: &str) {
    let state = state(window);
    let now = state.now;
    match tone {
        Tone::Note => state.messages.note(now, Job::Export, text.into()),
        Tone::Done => state.messages.done(now, Job::Export, text.into()),
        Tone::Error => state.messages.error(now, Job::Export, text.into()),
    }
    window.settle();
}

fn rect(window: &Window, name: &str) -> Rect {
    window.harness.get_by_label(name).rect()
}

#[test]
fn what_went_well_ends_after_a_moment_and_what_failed_stays_longer() {
    for theme in THEMES {
        let mut window = Window::stocked(theme);
        say(&mut window, Tone::Note, "Good to know.");
        assert!(!window.says("Message: "));
        say(&mut window, Tone::Done, "Wrote cat.gif.");
        say(&mut window, Tone::Error, "It failed: no room\n  in /full\n  Delete something.");
        assert!(window.has("Message: Wrote cat.gif.") && window.has("Message: It failed: no room") && window.says("Delete something."));
        window.skip(5.9);
        assert!(window.has("Message: Wrote cat.gif."));
        window.skip(0.2);
        assert!(!window.has("Message: Wrote cat.gif.") && window.has("Message: It failed: no room"));
        window.skip(13.8);
        assert!(window.has("Message: It failed: no room"));
        window.skip(0.2);
        assert!(!window.says("Message: ") && window.says("3 messages"), "the list keeps all");
    }
}

#[test]
fn the_window_wakes_up_when_one_ends() {
    let mut window = Window::stocked(THEMES[0]);
    let delay = |window: &Window| window.harness.output().viewport_output[&ViewportId::ROOT].repaint_delay;
    assert!(delay(&window) > Duration::from_secs(20), "nothing is awaited");
    say(&mut window, Tone::Done, "Wrote cat.gif.");
    assert!((Duration::from_secs(5)..=Duration::from_secs(6)).contains(&delay(&window)), "{:?}", delay(&window));
    window.skip(4.0);
    assert!((Duration::from_secs(1)..=Duration::from_secs(2)).contains(&delay(&window)), "{:?}", delay(&window));
}

#[test]
fn the_newest_three_are_shown_the_newest_lowest_and_each_can_be_closed() {
    for theme in THEMES {
        let mut window = Window::stocked(theme);
        for text in ["First.", "Second.", "Third.", "Fourth."] {
            say(&mut window, Tone::Done, text);
        }
        assert!(!window.has("Message: First."));
        let places = ["Second.", "Third.", "Fourth."].map(|text| rect(&window, &format!("Message: {text}")));
        assert!(places.windows(2).all(|pair| pair[0].bottom() < pair[1].top()), "{places:?}");
        window.press("Dismiss “Third.”");
        assert!(window.has("Message: Second.") && !window.has("Message: Third.") && window.has("Message: Fourth."));
        assert_eq!(state(&mut window).messages.list().len(), 4);
    }
}

#[test]
fn a_press_shows_the_list_and_nothing_is_said_beside_it() {
    for theme in THEMES {
        let mut window = Window::stocked(theme);
        say(&mut window, Tone::Error, "It failed: no room");
        window.press("Message: It failed: no room");
        assert!(state(&mut window).messages.is_open() && !window.says("Message: "));
        say(&mut window, Tone::Done, "Wrote cat.gif.");
        assert!(window.says("Wrote cat.gif.") && !window.says("Message: "));
        window.press("Hide");
        assert!(!window.says("Message: "), "it was read");
        say(&mut window, Tone::Done, "Wrote bus.gif.");
        assert!(window.has("Message: Wrote bus.gif."));
    }
}

#[test]
fn a_class_sees_none() {
    let mut window = playing(THEMES[0]);
    window.keys(Modifiers::NONE, Key::F5);
    say(&mut window, Tone::Error, "It failed: no room");
    assert!(!window.says("Message: "));
    window.keys(Modifiers::NONE, Key::F5);
    assert!(window.has("Message: It failed: no room"));
}

#[test]
fn status_line_transport_and_page_are_not_covered() {
    for theme in THEMES {
        let mut window = playing(theme);
        window.skip(7.0);
        say(&mut window, Tone::Done, "Wrote cat.gif.");
        let toast = rect(&window, "Message: Wrote cat.gif.");
        assert!(toast.bottom() <= rect(&window, "Scrub by point").top(), "{toast:?}");
        state(&mut window).act(Action::Show(Workspace::Train));
        window.settle();
        let toast = rect(&window, "Message: Wrote cat.gif.");
        assert!(toast.bottom() <= rect(&window, "Nothing is running.").top(), "{toast:?}");
        assert!(!toast.intersects(rect(&window, "Start training")), "{toast:?}");
        state(&mut window).act(Action::Show(Workspace::Draw));
        window.settle();
        let toast = rect(&window, "Message: Wrote cat.gif.");
        assert!(!toast.intersects(rect(&window, "Page to draw on")), "{toast:?}");
    }
}
