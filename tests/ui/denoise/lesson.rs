//! The guided lesson and presentation: every page, what it asks for, what is put back.

use denoodle::session::{Clean, Command, Event};
use denoodle::studio::action::{Action, DenoiseAction};
use denoodle::studio::engine::Job;
use denoodle::studio::state::Workspace;
use denoodle::studio::state::denoise::lesson::{Control, NOT_BY_A_PERSON, PAGES};
use denoodle::studio::state::denoise::{Phase, Source};
use eframe::egui::{Key, Modifiers, Theme};
use egui_kittest::kittest::Queryable;

use super::made_up::{STEPS, STROKES, noised, traced, whole};
use super::{denoise, following, noise, state};
use crate::support::*;

/// A window with the lesson open on its first page, which has its drawing.
pub fn lesson(theme: Theme) -> Window {
    let mut window = following(theme);
    window.asked();
    window.press("Lesson");
    noise(&mut window);
    window.tell(Job::Noise, noised(STROKES));
    window
}

fn page(window: &mut Window) -> usize {
    denoise(window).lesson.as_ref().expect("open").page
}

fn there(window: &Window, name: &str) -> bool {
    window.harness.query_all_by_label(name).count() > 0
}

#[test]
fn every_page_shows_its_title_its_words_and_its_controls() {
    for theme in THEMES {
        let mut window = lesson(theme);
        for (at, shown) in PAGES.iter().enumerate() {
            assert_eq!(page(&mut window), at);
            assert!(there(&window, shown.title) && there(&window, shown.question), "{}", shown.title);
            assert!(shown.sentences.iter().all(|sentence| there(&window, sentence)), "{}", shown.title);
            let controls = [
                (Control::Pen, "The drawing under its pen"),
                (Control::Strip, "Stroke 2"),
                (Control::Levels, "Noise level"),
                (Control::Panes, "Noisy line"),
                (Control::Arrows, "Show the next step"),
                (Control::Attention, "Show attention"),
                (Control::Others, "Other ways on"),
                (Control::Onwards, "Train a model"),
            ];
            for (control, name) in controls {
                assert_eq!(there(&window, name), shown.has(control), "{}: {name}", shown.title);
            }
            assert_eq!(window.says("Stop after stroke 1"), shown.has(Control::Stops), "{}", shown.title);
            assert!(there(&window, "In formulas") && !there(&window, "Compare settings"));
            window.keys(Modifiers::NONE, Key::PageDown);
        }
    }
}

#[test]
fn pages_are_turned_by_keys_buttons_and_steps_and_end_at_both_ends() {
    let mut window = lesson(THEMES[0]);
    assert!(!window.can("Back") && window.can("Next"));
    window.keys(Modifiers::NONE, Key::PageUp);
    assert_eq!(page(&mut window), 0);
    window.keys(Modifiers::NONE, Key::PageDown);
    window.press("Next");
    assert_eq!(page(&mut window), 2);
    window.press("Back");
    window.keys(Modifiers::NONE, Key::PageUp);
    assert_eq!(page(&mut window), 0);
    window.press("Page 6: A whole drawing");
    assert_eq!(page(&mut window), PAGES.len() - 1);
    assert!(!window.can("Next"));
    window.keys(Modifiers::NONE, Key::PageDown);
    assert_eq!(page(&mut window), PAGES.len() - 1);
}

#[test]
fn each_page_asks_for_what_it_needs_and_no_more() {
    let mut window = following(THEMES[0]);
    window.asked();
    window.press("Lesson");
    // A drawing by a person.
    let request = noise(&mut window);
    assert!(matches!(&request.what, Clean::Real { category, .. } if category == "cat"));
    window.tell(Job::Noise, noised(STROKES));
    assert!(denoise(&mut window).pen().is_some_and(|pen| pen.playing));
    assert!(window.says("drawn by a person"));
    // The same one is spoiled.
    window.asked();
    window.press("Next");
    assert!(window.asked().is_empty());
    assert_eq!(denoise(&mut window).position.at, STEPS as f32, "it begins with the line");
    window.press("Next");
    assert!(window.asked().is_empty());
    let now = denoise(&mut window);
    assert_eq!((now.adding, now.position.part, now.position.at, now.arrows), (false, 0, 0.0, true));
    // What came before: other ways on behind the same strokes.
    window.press("Next");
    let asked = window.asked();
    let [Asked::Start(Job::Continue, Command::Draw(request))] = &asked[..] else { panic!("{asked:?}") };
    assert_eq!(request.start.as_ref().map(|start| start.strokes.len()), Some(STROKES / 2));
    assert!(denoise(&mut window).attention);
    window.tell(Job::Continue, drawn(4));
    assert!(window.has("Other way 4"));
    window.press("Next");
    assert!(window.says("Stop after stroke 3: 90 %") && window.says("the dice said so"));
    window.press("Next");
    assert!(window.asked().is_empty());
    let position = denoise(&mut window).position.clone();
    assert!(position.playing && position.part == 0 && position.speed > 1.0);
    // Those that are known are not asked for again.
    window.press("Page 4: What came before");
    assert!(window.asked().is_empty());
}

#[test]
fn the_pen_follows_keys_like_noise_does() {
    let mut window = lesson(THEMES[1]);
    let at = |window: &mut Window| denoise(window).pen().expect("a pen").at();
    window.keys(Modifiers::NONE, Key::Space);
    assert!(!denoise(&mut window).is_moving());
    window.keys(Modifiers::NONE, Key::End);
    let end = at(&mut window);
    window.keys(Modifiers::NONE, Key::ArrowLeft);
    assert!(at(&mut window) < end);
    window.keys(Modifiers::NONE, Key::Home);
    assert_eq!(at(&mut window), 0.0);
    window.press("Play drawing");
    window.wait(0.4);
    assert!(at(&mut window) > 0.0);
}

#[test]
fn without_drawings_by_people_it_takes_the_model_s_and_says_so() {
    for theme in THEMES {
        let mut window = Window::open(theme);
        window.tell(Job::Survey, Event::Finished(disk(&[], &["runs/cat-quick"])));
        state(&mut window).library.categories[0].name = "cat".into();
        window.press("Denoise");
        window.tell(Job::Trace, traced(STROKES, STEPS, None));
        window.asked();
        window.press("Lesson");
        assert!(matches!(noise(&mut window).what, Clean::Given(_)));
        window.tell(Job::Noise, noised(STROKES));
        assert!(there(&window, NOT_BY_A_PERSON) && window.says("drawn by the model"));
        window.asked();
        window.press("Fetch cat");
        assert!(matches!(window.asked()[..], [Asked::Start(Job::Fetch, _)]), "real ones are one press away");
    }
}

#[test]
fn real_drawings_that_cannot_be_read_are_replaced() {
    for theme in THEMES {
        let mut window = following(theme);
        window.asked();
        window.press("Lesson");
        noise(&mut window);
        window.tell(Job::Noise, Event::Failed("cannot read the drawings".into()));
        assert!(matches!(noise(&mut window).what, Clean::Given(_)));
        window.tell(Job::Noise, noised(STROKES));
        assert!(there(&window, NOT_BY_A_PERSON) && denoise(&mut window).pen().is_some_and(|pen| pen.shown().is_some()));
    }
}

#[test]
fn leaving_puts_back_what_was_set() {
    let mut window = following(THEMES[0]);
    window.press("Show attention");
    window.press("Show the next step");
    window.press("Stroke 2");
    window.keys(Modifiers::NONE, Key::ArrowRight);
    let before = denoise(&mut window).position.clone();
    window.asked();
    window.press("Lesson");
    noise(&mut window);
    window.tell(Job::Noise, noised(STROKES));
    (1..PAGES.len()).for_each(|_| window.keys(Modifiers::NONE, Key::PageDown));
    window.tell(Job::Continue, drawn(4));
    window.asked();
    window.press("Leave the lesson");
    let now = denoise(&mut window);
    assert!(now.lesson.is_none() && now.attention && !now.arrows && !now.adding);
    assert_eq!((now.source, now.noising.clone()), (Source::Drawn, Phase::Idle));
    assert_eq!(now.position, before);
    assert!(window.asked().is_empty(), "what was followed is still here");
    assert!(window.says("Guidance") && there(&window, "Lesson"));
}

#[test]
fn it_waits_for_a_drawing_that_is_on_its_way() {
    let mut window = Window::stocked(THEMES[0]);
    window.press("Denoise");
    window.press("Lesson");
    assert!(window.has("Drawing…") && there(&window, PAGES[0].title));
    window.asked();
    window.tell(Job::Trace, traced(STROKES, STEPS, None));
    assert!(matches!(noise(&mut window).what, Clean::Real { .. }));
}

#[test]
fn where_it_cannot_be_given_it_says_why() {
    for theme in THEMES {
        let mut window = Window::open(theme);
        window.tell(Job::Survey, Event::Finished(disk(&["cat"], &[])));
        window.press("Denoise");
        assert!(!window.can("Lesson"));
        let lesson = Action::from(DenoiseAction::Lesson(true));
        assert!(state(&mut window).why_not(&lesson).is_some_and(|why| why.contains("needs a model")));
        let mut window = Window::stocked(theme);
        window.press("Denoise");
        window.tell(Job::Trace, whole());
        assert!(!window.can("Lesson"));
        assert!(state(&mut window).why_not(&lesson).is_some_and(|why| why.contains("stroke by stroke")));
    }
}

#[test]
fn presentation_hides_what_is_around_and_makes_type_larger() {
    for theme in THEMES {
        let mut window = lesson(theme);
        let sentence = PAGES[0].sentences[0];
        let height = |window: &Window| window.harness.get_by_label(sentence).rect().height();
        let small = height(&window);
        assert!(there(&window, "Switch theme") && window.says("Denoodle"));
        window.keys(Modifiers::NONE, Key::F5);
        assert!(state(&mut window).is_presenting());
        assert!(height(&window) > 1.3 * small, "{} and {small}", height(&window));
        for absent in ["Switch theme", "Current model", "Messages", "Seed"] {
            assert!(!there(&window, absent), "{absent}");
        }
        // The lesson goes on.
        window.keys(Modifiers::NONE, Key::PageDown);
        assert!(there(&window, PAGES[1].title));
        window.keys(Modifiers::NONE, Key::Escape);
        assert!(!state(&mut window).is_presenting() && there(&window, "Switch theme"));
        window.keys(Modifiers::NONE, Key::PageUp);
        assert_eq!(height(&window), small);
    }
}

#[test]
fn one_drawing_is_presented_with_what_is_seen() {
    let mut window = following(THEMES[0]);
    window.press("Present");
    assert!(window.says("First stroke, pure noise") && there(&window, "Noise level") && there(&window, "Stroke 3"));
    for absent in ["Lesson", "Compare settings", "Noisy line", "Guidance"] {
        assert!(!there(&window, absent), "{absent}");
    }
    window.press("Leave presentation");
    assert!(there(&window, "Compare settings"));
}

#[test]
fn play_presents_the_drawing_and_its_timeline_alone() {
    for theme in THEMES {
        let mut window = Window::stocked(theme);
        assert!(state(&mut window).why_not(&Action::Present(true)).is_some_and(|why| why.contains("Denoise, Play or Draw")));
        window.keys(CTRL, Key::Num4);
        window.tell(Job::Draw, drawn(2));
        window.keys(Modifiers::NONE, Key::F5);
        assert!(there(&window, "Scrub by point") && there(&window, "Drawing 1 on the paper"));
        assert!(!there(&window, "Path of a model") && !there(&window, "Export GIF…"));
        // The list of commands closes first.
        window.keys(CTRL, Key::K);
        window.keys(Modifiers::NONE, Key::Escape);
        assert!(state(&mut window).is_presenting());
        // Elsewhere nothing is presented, but it is remembered.
        window.keys(CTRL, Key::Num2);
        assert!(there(&window, "Switch theme"));
        window.keys(CTRL, Key::Num4);
        assert!(state(&mut window).is_presenting() && state(&mut window).workspace == Workspace::Play);
        window.keys(Modifiers::NONE, Key::F5);
        assert!(there(&window, "Path of a model"));
    }
}
