//! The Draw workspace in every state that it can be in.

use std::path::PathBuf;
use std::time::Duration;

use denoodle::session::{Capabilities, Command, DrawRequest, Event, Outcome};
use denoodle::sketch::{Sketch, Stroke};
use denoodle::studio::action::{Action, DrawAction};
use denoodle::studio::engine::Job;
use denoodle::studio::state::Workspace;
use denoodle::studio::state::draw::{Draw, Phase};
use denoodle::util::Reason;
use eframe::egui::{Key, Modifiers, Pos2, Theme, vec2};
use egui_kittest::kittest::Queryable;

use crate::support::*;

const PAGE: &str = "Page to draw on";
/// Longer than the model waits after a stroke.
const PAUSE: f64 = 0.4;

pub fn draw(window: &mut Window) -> &mut Draw {
    &mut state(window).draw
}

pub fn strokes(window: &mut Window) -> usize {
    draw(window).page.sketch().strokes.len()
}

/// What a model says of itself.
pub fn described(completion: bool, categories: &[&str]) -> Event {
    met("quick", completion, categories)
}

/// Continuations of so many strokes, to three strokes more.
fn continued(given: usize, count: usize) -> Event {
    let stroke = |i: usize, way: usize| Stroke::new(vec![[10.0 * i as f32, 20.0 + way as f32], [200.0, 30.0 * i as f32]]);
    let sketches = (0..count).map(|way| Sketch { strokes: (0..given + 3).map(|i| stroke(i, way)).collect() }).collect();
    Event::Finished(Outcome::Drawn { sketches, category: "cat".into(), took: Duration::from_millis(30) })
}

/// A place on the page, in shares of it.
fn on_page(window: &Window, x: f32, y: f32) -> Pos2 {
    let rect = window.harness.get_by_label(PAGE).rect();
    rect.min + rect.size() * vec2(x, y)
}

/// A stroke from the left to the right, by the pointer.
pub fn stroke(window: &mut Window, y: f32) {
    let (from, to) = (on_page(window, 0.2, y), on_page(window, 0.8, y));
    window.harness.hover_at(from);
    window.harness.drag_at(from);
    window.harness.step();
    for i in 1..=6 {
        window.harness.hover_at(from.lerp(to, i as f32 / 6.0));
        window.harness.step();
    }
    window.harness.drop_at(to);
    window.settle();
}

/// A window in Draw, with a model of cats that can go on.
pub fn at_the_page(theme: Theme) -> Window {
    let mut window = Window::stocked(theme);
    window.asked();
    window.press("Draw");
    match &window.asked()[..] {
        [Asked::Start(Job::Describe, Command::Describe(model))] => assert_eq!(*model, PathBuf::from("runs/cat-quick")),
        other => panic!("the model was not asked but {other:?}"),
    }
    window.tell(Job::Describe, described(true, &["cat"]));
    window
}

/// The same after a stroke and with four continuations.
pub fn with_continuations(theme: Theme) -> Window {
    let mut window = at_the_page(theme);
    stroke(&mut window, 0.5);
    window.wait(PAUSE);
    window.asked();
    window.tell(Job::Complete, continued(1, 4));
    window
}

fn request(window: &mut Window) -> DrawRequest {
    match window.asked().pop() {
        Some(Asked::Start(Job::Complete, Command::Draw(request))) => *request,
        other => panic!("nothing was gone on with but {other:?}"),
    }
}

#[test]
fn without_a_model_one_can_draw_alone() {
    for theme in THEMES {
        let mut window = Window::open(theme);
        window.tell(Job::Survey, Event::Finished(disk(&["cat"], &[])));
        window.press("Draw");
        assert_eq!(state(&mut window).workspace, Workspace::Draw);
        assert!(window.says("No model yet") && window.says("No model is chosen: you draw alone."));
        assert!(!window.can("Continue") && !window.can("Accept next stroke") && !window.can("Keep this drawing"));
        window.asked();
        stroke(&mut window, 0.4);
        window.wait(PAUSE);
        assert_eq!(strokes(&mut window), 1);
        assert!(window.asked().is_empty() && !draw(&mut window).waits());
    }
}

#[test]
fn the_pointer_draws_and_the_model_goes_on_from_there() {
    for theme in THEMES {
        let mut window = at_the_page(theme);
        assert!(window.says("Draw a stroke, and the model goes on from there."));
        stroke(&mut window, 0.5);
        assert_eq!(strokes(&mut window), 1);
        assert!(window.says("1 stroke,") && window.asked().is_empty(), "it waits a moment");
        let points = draw(&mut window).page.sketch().strokes[0].points.clone();
        assert!(points.len() >= 3 && points.iter().all(|p| (p[1] - 127.5).abs() < 2.0), "{points:?}");
        assert!(points[0][0] < 60.0 && points[points.len() - 1][0] > 195.0, "{points:?}");
        window.wait(PAUSE);
        let asked = request(&mut window);
        assert_eq!((asked.model, asked.category, asked.count), (PathBuf::from("runs/cat-quick"), None, 4));
        assert_eq!(asked.start.as_ref(), Some(draw(&mut window).page.sketch()));
        window.tell(Job::Complete, Event::Stage("drawing cat".into()));
        assert!(window.says("Drawing cat…") && window.says("going on with your drawing") && window.has("Stop"));
        window.tell(Job::Complete, continued(1, 4));
        for way in 1..=4 {
            assert!(window.has(&format!("Continuation {way}")), "{way}");
        }
        window.press("Continuation 3");
        assert_eq!(draw(&mut window).selected, 2);
        assert!(window.can("Accept next stroke") && window.can("Accept whole"));
        window.wait(PAUSE);
        assert!(window.asked().is_empty(), "the same page is thought about once");
    }
}

#[test]
fn a_press_is_a_dot_and_the_page_ends_at_its_edges() {
    let mut window = at_the_page(THEMES[0]);
    let at = on_page(&window, 0.5, 0.5);
    window.harness.drag_at(at);
    window.harness.step();
    window.harness.drop_at(at);
    window.settle();
    assert_eq!(draw(&mut window).page.sketch().strokes[0].points.len(), 1);
    window.harness.drag_at(at);
    window.harness.step();
    window.harness.hover_at(on_page(&window, 0.5, -0.3));
    window.harness.step();
    window.harness.drop_at(on_page(&window, 0.5, -0.3));
    window.settle();
    let stroke = draw(&mut window).page.sketch().strokes[1].clone();
    assert_eq!(stroke.points.last().map(|point| point[1]), Some(0.0), "{stroke:?}");
}

#[test]
fn keys_accept_undo_redo_and_clear() {
    let mut window = with_continuations(THEMES[1]);
    let before = draw(&mut window).page.sketch().clone();
    window.keys(Modifiers::NONE, Key::ArrowDown);
    assert_eq!(draw(&mut window).selected, 1);
    window.keys(Modifiers::NONE, Key::Enter);
    assert_eq!(strokes(&mut window), 2);
    assert_eq!(draw(&mut window).page.sketch().strokes[1].points[0], [10.0, 21.0], "the second continuation's");
    // What it draws next stays to be seen, and can be accepted at once.
    window.keys(Modifiers::NONE, Key::ArrowRight);
    assert_eq!(draw(&mut window).page.sketch().strokes[2].points[0], [20.0, 21.0]);
    window.wait(PAUSE);
    assert_eq!(request(&mut window).start.map(|start| start.strokes.len()), Some(3));
    window.tell(Job::Complete, continued(3, 4));
    window.keys(Modifiers::SHIFT, Key::Enter);
    assert_eq!(strokes(&mut window), 6);
    window.wait(PAUSE);
    assert!(window.asked().is_empty(), "it is finished");
    for expected in [3, 2, 1] {
        window.keys(CTRL, Key::Z);
        assert_eq!(strokes(&mut window), expected);
    }
    assert_eq!(*draw(&mut window).page.sketch(), before);
    window.keys(CTRL.plus(Modifiers::SHIFT), Key::Z);
    window.keys(CTRL, Key::Y);
    assert_eq!(strokes(&mut window), 3);
    window.keys(CTRL, Key::Delete);
    assert_eq!(strokes(&mut window), 0);
    assert!(window.says("an empty page") && !window.can("Clear"));
    window.press("Undo");
    assert_eq!(strokes(&mut window), 3);
    window.press("Redo");
    assert!(!window.can("Redo") && window.can("Undo"));
    window.keys(CTRL, Key::Z);
    window.press("Clear");
    assert_eq!(strokes(&mut window), 0);
}

#[test]
fn the_latest_page_wins_and_old_work_is_stopped() {
    let mut window = at_the_page(THEMES[0]);
    stroke(&mut window, 0.3);
    window.wait(PAUSE);
    assert_eq!(request(&mut window).start.map(|start| start.strokes.len()), Some(1));
    stroke(&mut window, 0.5);
    stroke(&mut window, 0.7);
    assert!(matches!(window.asked()[..], [Asked::Stop(Job::Complete, Reason::Abandoned)]), "told once");
    window.wait(PAUSE);
    assert!(window.asked().is_empty(), "one at a time");
    // It may have been finished just then.
    window.tell(Job::Complete, continued(1, 4));
    assert!(draw(&mut window).continuations.is_none(), "it fits no more");
    assert_eq!(request(&mut window).start.map(|start| start.strokes.len()), Some(3));
    window.keys(CTRL, Key::Z);
    assert!(matches!(window.asked()[..], [Asked::Stop(Job::Complete, Reason::Abandoned)]));
    window.tell(Job::Complete, Event::Finished(Outcome::Cancelled));
    window.wait(PAUSE);
    assert_eq!(request(&mut window).start.map(|start| start.strokes.len()), Some(2));
}

#[test]
fn it_goes_on_only_when_asked_if_so_wished() {
    let mut window = at_the_page(THEMES[0]);
    window.press("Continue after every stroke");
    assert!(!draw(&mut window).live);
    stroke(&mut window, 0.5);
    window.wait(PAUSE);
    assert!(window.asked().is_empty() && window.says("It waits until it is asked."));
    window.keys(CTRL, Key::Enter);
    assert_eq!(request(&mut window).seed, 1);
    window.keys(CTRL, Key::Enter);
    assert!(matches!(window.asked()[..], [Asked::Stop(Job::Complete, Reason::Stopped)]));
    window.tell(Job::Complete, Event::Finished(Outcome::Cancelled));
    assert!(window.says("Stopped."));
    window.press("Continue");
    request(&mut window);
    window.tell(Job::Complete, continued(1, 4));
    window.press("Other continuations");
    assert_eq!(request(&mut window).seed, 2);
    window.tell(Job::Complete, continued(1, 4));
    window.keys(Modifiers::NONE, Key::L);
    assert!(draw(&mut window).live && window.asked().is_empty());
    draw(&mut window).count = 8.0;
    state(&mut window).act(DrawAction::Settle.into());
    window.wait(PAUSE);
    assert_eq!(request(&mut window).count, 8);
}

#[test]
fn a_model_of_several_categories_is_told_which() {
    let mut window = Window::open(THEMES[0]);
    window.tell(Job::Survey, Event::Finished(disk(&["cat"], &["runs/all", "base"])));
    window.press("Draw");
    window.tell(Job::Describe, described(true, &["cat", "owl"]));
    stroke(&mut window, 0.5);
    window.wait(PAUSE);
    window.asked();
    assert!(window.says("Choose first what is being drawn.") && !window.can("Continue"));
    state(&mut window).play.category = "owl".into();
    let effects = state(&mut window).act(DrawAction::Settle.into());
    assert!(effects.is_empty());
    window.wait(PAUSE);
    assert_eq!(request(&mut window).category.as_deref(), Some("owl"));
    window.tell(Job::Complete, continued(1, 4));
    // Another model: it is asked first, then the page is gone on with.
    state(&mut window).act(Action::UseModel("base".into()));
    assert!(draw(&mut window).continuations.is_none());
}

#[test]
fn a_model_that_cannot_go_on_says_so_and_names_those_that_can() {
    for theme in THEMES {
        let mut window = Window::open(theme);
        window.tell(Job::Survey, Event::Finished(disk(&["cat"], &["runs/unet", "cat", "bus"])));
        window.press("Draw");
        window.tell(Job::Describe, described(false, &["cat"]));
        assert!(window.has("This model cannot go on with your strokes"));
        assert!(window.says("Models that draw one stroke after another can go on with yours,") && !window.can("Continue"));
        assert!(window.says("those that are given what the pen does make other drawings of your pen rhythm"));
        window.asked();
        stroke(&mut window, 0.5);
        window.wait(PAUSE);
        assert!(window.asked().is_empty() && strokes(&mut window) == 1 && !draw(&mut window).waits());
        window.press("bus (shipped)");
        assert!(matches!(&window.asked()[..], [Asked::Start(Job::Describe, Command::Describe(model))] if model.ends_with("bus")));
        window.tell(Job::Describe, described(true, &["bus"]));
        window.wait(PAUSE);
        assert_eq!(request(&mut window).model, PathBuf::from("bus"));
    }
}

#[test]
fn a_model_that_is_told_the_rhythm_makes_other_drawings_with_yours() {
    for theme in THEMES {
        let mut window = Window::stocked(theme);
        window.press("Draw");
        window.tell(Job::Describe, capable("dit_pen", Capabilities { rhythm: true, ..Capabilities::default() }, &["cat"]));
        assert!(window.has("Same pen rhythm, other drawing") && !window.has("This model cannot go on with your strokes"));
        assert!(window.says("makes other drawings with your pen rhythm.") && !window.says("The model goes on"));
        window.asked();
        // A dot alone has no rhythm.
        let at = on_page(&window, 0.5, 0.8);
        window.harness.drag_at(at);
        window.harness.step();
        window.harness.drop_at(at);
        window.settle();
        window.wait(PAUSE);
        assert!(window.asked().is_empty() && !window.can("Continue") && window.says("Draw a line first"));
        stroke(&mut window, 0.5);
        window.wait(PAUSE);
        let asked = request(&mut window);
        assert_eq!((asked.count, asked.start.as_ref()), (4, Some(draw(&mut window).page.sketch())));
        window.tell(Job::Complete, Event::Stage("drawing cat".into()));
        assert!(window.says("drawing with your pen rhythm"));
        window.tell(Job::Complete, continued(0, 4));
        for way in 1..=4 {
            assert!(window.has(&format!("Other drawing {way}")) && !window.has(&format!("Continuation {way}")), "{way}");
        }
        window.press("Other drawing 2");
        assert!(!window.has("Accept next stroke") && window.can("Accept whole"));
        window.keys(Modifiers::NONE, Key::Enter);
        assert_eq!(strokes(&mut window), 2, "nothing of it follows");
        window.press("Accept whole");
        let page = draw(&mut window).page.sketch().clone();
        assert_eq!((page.strokes.len(), page.strokes[0].points[0]), (3, [0.0, 21.0]), "the second one, in the place of what was there");
        window.wait(PAUSE);
        assert!(window.asked().is_empty(), "it is finished");
        window.keys(CTRL, Key::Z);
        assert_eq!(Some(draw(&mut window).page.sketch()), asked.start.as_ref());
        window.wait(PAUSE);
        request(&mut window);
        window.tell(Job::Complete, Event::Failed("the drawing whose rhythm is to be drawn has 120 points".into()));
        assert!(window.has("The model could not draw") && window.says("The drawing whose rhythm is to be drawn has 120 points."));
    }
}

#[test]
fn failures_are_said_in_their_own_words_and_tried_again_when_asked() {
    for theme in THEMES {
        let mut window = Window::stocked(theme);
        window.press("Draw");
        window.tell(Job::Describe, Event::Failed("cannot read the model\n  in runs/cat-quick\n  Train it again.".into()));
        assert!(window.has("The model could not be read") && window.says("Cannot read the model.") && window.says("Train it again."));
        window.asked();
        window.wait(PAUSE);
        assert!(window.asked().is_empty(), "it does not try by itself");
        window.keys(CTRL, Key::Enter);
        assert!(matches!(window.asked()[..], [Asked::Start(Job::Describe, _)]));
        window.tell(Job::Describe, described(true, &["cat"]));
        assert!(request(&mut window).start.is_none(), "from the empty page, since that was asked for");
        window.tell(Job::Complete, Event::Failed("the drawing to go on with has 24 strokes".into()));
        assert!(window.has("The model could not go on") && window.says("The drawing to go on with has 24 strokes."));
        assert_eq!(draw(&mut window).phase, Phase::Failed("the drawing to go on with has 24 strokes".into()));
        stroke(&mut window, 0.5);
        window.wait(PAUSE);
        request(&mut window);
        window.tell(Job::Complete, continued(1, 4));
        assert!(window.has("Continuation 1") && !window.has("The model could not go on"));
    }
}

#[test]
fn a_continuation_that_adds_nothing_cannot_be_accepted() {
    let mut window = at_the_page(THEMES[0]);
    stroke(&mut window, 0.5);
    window.wait(PAUSE);
    let only = vec![draw(&mut window).page.sketch().clone()];
    let over = Outcome::Drawn { sketches: only, category: "cat".into(), took: Duration::ZERO };
    window.tell(Job::Complete, Event::Finished(over));
    assert!(!window.can("Accept next stroke") && !window.can("Accept whole"));
    window.keys(Modifiers::NONE, Key::Enter);
    assert_eq!(strokes(&mut window), 1);
}

#[test]
fn on_a_projector_there_is_the_page_and_it_is_drawn_on() {
    for theme in THEMES {
        let mut window = Window::stocked(theme);
        window.press("Draw");
        window.keys(Modifiers::NONE, Key::F5);
        assert!(state(&mut window).is_presenting() && window.has(PAGE));
        let there = |window: &Window, label: &str| window.harness.query_all_by_label(label).next().is_some();
        assert!(!there(&window, "Clear page") && !there(&window, "A collection of your own") && !there(&window, "Continuations"));
        stroke(&mut window, 0.5);
        assert_eq!(strokes(&mut window), 1);
        window.keys(Modifiers::NONE, Key::Escape);
        assert!(!state(&mut window).is_presenting() && there(&window, "A collection of your own"));
    }
}
