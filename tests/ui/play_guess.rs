//! What a classifier takes a drawing for while it is played: told, failed, absent; and asked for no more often than needed.

use std::time::Duration;

use denoodle::session::{Command, Event, Guess, GuessRequest, Outcome};
use denoodle::sketch::{Sketch, Stroke};
use denoodle::studio::engine::Job;
use eframe::egui::{Key, vec2};

use crate::play::playing;
use crate::support::*;

const LOOKING: &str = "A classifier is looking at the drawing…";

fn guesses_asked(window: &mut Window) -> Vec<GuessRequest> {
    let guess = |asked| match asked {
        Asked::Start(Job::Guess, Command::Guess(request)) => Some(*request),
        _ => None,
    };
    window.asked().into_iter().filter_map(guess).collect()
}

fn after(guesses: [(&str, f64); 3]) -> Vec<Guess> {
    guesses.map(|(category, probability)| Guess { category: category.into(), probability }).into()
}

/// After the first stroke a circle, after the second a cat.
fn told() -> Event {
    let guesses =
        vec![after([("circle", 0.5), ("moon", 0.3), ("sun", 0.1)]), after([("cat", 0.61), ("hot air balloon", 0.2), ("lion", 0.004)])];
    Event::Finished(Outcome::Guessed(guesses))
}

/// Drawings of one stroke, two strokes, and so on; the last one has none.
fn various(count: usize) -> Event {
    let stroke = |row: usize| Stroke::new(vec![[0.0, row as f32 * 10.0], [100.0, row as f32 * 10.0]]);
    let drawing = |strokes: usize| Sketch { strokes: (0..strokes).map(stroke).collect() };
    let sketches = (1..count).map(drawing).chain([Sketch::default()]).collect();
    Event::Finished(Outcome::Drawn { sketches, category: "cat".into(), took: Duration::from_millis(1500) })
}

/// Strokes of the drawings that are to be guessed.
fn strokes_asked(window: &mut Window) -> Vec<usize> {
    guesses_asked(window).iter().map(|request| request.sketch.strokes.len()).collect()
}

#[test]
fn guesses_follow_the_pen() {
    for theme in THEMES {
        let mut window = playing(theme);
        let asked = guesses_asked(&mut window);
        assert_eq!(asked, [GuessRequest { sketch: sketch(), most: 3, threads: 2 }]);
        assert!(window.says(LOOKING));
        window.tell(Job::Guess, told());
        window.press("To the start");
        assert!(window.says("too early to guess") && !window.says(LOOKING));
        window.press("Next stroke");
        assert!(window.says("After 1 stroke:") && window.says("circle 50 %") && window.says("moon 30 %") && !window.says("cat 61 %"));
        window.press("To the end");
        assert!(window.says("After 2 strokes:") && window.says("cat 61 %") && window.says("hot air balloon 20 %"));
        assert!(window.says("lion under 1 %") && window.has("How sure it is of cat"));
        // The smallest window has room for it too.
        window.harness.set_size(vec2(1100.0, 700.0));
        window.settle();
        assert!(window.says("cat 61 %") && window.says("lion under 1 %"));
    }
}

#[test]
fn every_drawing_is_looked_at_once_and_the_shown_one_next() {
    let mut window = playing(THEMES[0]);
    window.tell(Job::Guess, told());
    window.asked();
    window.tell(Job::Draw, various(9));
    assert_eq!(strokes_asked(&mut window), [1]);
    // While one is looked at, others are passed by.
    for name in ["Drawing 3", "Drawing 4", "Drawing 5"] {
        window.press(name);
    }
    assert!(window.says(LOOKING) && strokes_asked(&mut window).is_empty());
    window.tell(Job::Guess, told());
    assert!(window.says(LOOKING), "that was about the first one");
    assert_eq!(strokes_asked(&mut window), [5]);
    window.tell(Job::Guess, told());
    assert!(!window.says(LOOKING));
    window.press("Drawing 1");
    assert!(!window.says(LOOKING) && strokes_asked(&mut window).is_empty(), "it is known");
    window.press("Drawing 3");
    assert_eq!(strokes_asked(&mut window), [3]);
    // What is said of drawings that are gone is not said of those in their place.
    window.tell(Job::Draw, various(4));
    assert!(strokes_asked(&mut window).is_empty());
    window.tell(Job::Guess, told());
    assert!(window.says(LOOKING));
    assert_eq!(strokes_asked(&mut window), [1]);
}

#[test]
fn a_failure_says_why_and_can_be_tried_again() {
    for theme in THEMES {
        let mut window = playing(theme);
        window.asked();
        window.tell(Job::Guess, Event::Failed("the weights of the classifier cannot be read".into()));
        assert!(window.says("No guess what it is: the weights of the classifier cannot be read"));
        assert!(guesses_asked(&mut window).is_empty(), "not again and again");
        window.press("Drawing 1");
        assert_eq!(guesses_asked(&mut window).len(), 1);
        window.tell(Job::Guess, told());
        window.press("To the end");
        assert!(window.says("cat 61 %") && !window.says("No guess"));
        window.press("Drawing 2");
        window.tell(Job::Guess, Event::Finished(Outcome::Cancelled));
        assert!(window.says("No guess what it is: it was stopped"));
    }
}

#[test]
fn where_nothing_was_drawn_nothing_is_guessed() {
    for theme in THEMES {
        let mut window = playing(theme);
        window.tell(Job::Guess, told());
        window.asked();
        window.tell(Job::Draw, various(1));
        assert!(guesses_asked(&mut window).is_empty());
        for words in [LOOKING, "No guess", "too early", "After "] {
            assert!(!window.says(words), "{words}");
        }
    }
}

#[test]
fn nobody_guesses_what_nobody_sees() {
    let mut window = Window::stocked(THEMES[0]);
    window.press("Play");
    window.press("Draw");
    window.press("Train");
    window.asked();
    window.tell(Job::Draw, drawn(3));
    assert!(guesses_asked(&mut window).is_empty());
    window.keys(CTRL, Key::Num4);
    assert_eq!(guesses_asked(&mut window).len(), 1);
}
