//! Keeping what was drawn, and collections of it, in the Draw workspace.

use std::path::{Path, PathBuf};

use denoodle::data::{CategoryInfo, Kept};
use denoodle::session::{Command, Event, KeepRequest, Outcome};
use denoodle::studio::action::{Action, DrawAction};
use denoodle::studio::engine::Job;
use denoodle::studio::state::Workspace;
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;

use crate::draw::{at_the_page, described, draw, stroke, strokes, with_continuations};
use crate::support::*;

fn kept(window: &mut Window) -> KeepRequest {
    match window.asked().pop() {
        Some(Asked::Start(Job::Keep, Command::Keep(request))) => *request,
        other => panic!("nothing was kept but {other:?}"),
    }
}

#[test]
fn the_page_is_kept_under_a_word_and_the_collection_is_told() {
    for theme in THEMES {
        let mut window = with_continuations(theme);
        assert!(window.says("Drawings that you keep gather in the folder mine."));
        window.asked();
        window.press("Keep this drawing");
        let request = kept(&mut window);
        assert_eq!((request.word.as_str(), request.folders.drawings), ("cat", PathBuf::from("mine")));
        assert_eq!(request.sketch, *draw(&mut window).page.sketch());
        assert!(!window.can("Keep this drawing"));
        let so_far = |count, split| {
            let (path, folder) = ("mine/cat.ndjson".into(), "mine".into());
            Event::Finished(Outcome::Kept(Kept { word: "cat".into(), path, folder, count, split }))
        };
        window.tell(Job::Keep, so_far(1, None));
        assert!(window.says("1 drawing of cat in mine/cat.ndjson. From 12 on they can be trained on."));
        window.keys(CTRL, Key::S);
        kept(&mut window);
        window.tell(Job::Keep, so_far(12, Some((10, 2))));
        assert!(window.says("12 drawings of cat") && window.can("Train on these"));
        window.press("Keep this drawing");
        window.tell(Job::Keep, Event::Failed("this drawing of 'cat' is kept already".into()));
        assert!(window.says("It was not kept: This drawing of 'cat' is kept already.") && window.can("Keep this drawing"));
    }
}

/// What is kept of a word.
fn collection(word: &str, count: usize, split: Option<(usize, usize)>) -> Kept {
    Kept { word: word.into(), path: format!("mine/{word}.ndjson").into(), folder: "mine".into(), count, split }
}

#[test]
fn what_was_kept_before_is_told_at_once_of_the_word_at_hand() {
    for theme in THEMES {
        let mut window = Window::open(theme);
        let counts =
            |asked: &Asked| matches!(asked, Asked::Start(Job::Collections, Command::Collections(own)) if own.drawings == Path::new("mine"));
        assert!(window.asked().iter().any(counts), "they are counted when the window opens");
        window.tell(Job::Survey, Event::Finished(disk(&["cat"], &["runs/cat-quick"])));
        let before = vec![collection("cat", 14, Some((12, 2))), collection("owl", 3, None)];
        window.tell(Job::Collections, Event::Finished(Outcome::Collections(before)));
        window.press("Draw");
        assert!(window.says("Kept so far: 14 drawings of cat, 3 drawings of owl, in mine."));
        window.tell(Job::Describe, described(true, &["cat"]));
        assert!(window.says("14 drawings of cat in mine/cat.ndjson.") && window.can("Train on these"));
        draw(&mut window).word = "owl".into();
        window.settle();
        assert!(window.says("3 drawings of owl in mine/owl.ndjson. From 12 on they can be trained on."));
        assert!(!window.can("Train on these"));
        window.tell(Job::Keep, Event::Finished(Outcome::Kept(collection("owl", 4, None))));
        assert!(window.says("4 drawings of owl in mine/owl.ndjson."));
        draw(&mut window).word = "hat".into();
        window.settle();
        assert!(window.says("Kept so far: 14 drawings of cat, 4 drawings of owl, in mine."));
    }
}

#[test]
fn what_was_kept_is_a_category_that_train_opens_with() {
    for theme in THEMES {
        let mut window = at_the_page(theme);
        window.tell(Job::Collections, Event::Finished(Outcome::Collections(vec![collection("cat", 14, Some((12, 2)))])));
        window.press("Train on these");
        assert_eq!(state(&mut window).workspace, Workspace::Train);
        let chosen: Vec<_> = state(&mut window).form.chosen.iter().cloned().collect();
        assert_eq!(chosen, ["mine: cat"]);
        window.tell(Job::Survey, Event::Finished(with_own(&[("cat", Some((12, 2))), ("owl", None)])));
        assert!(window.says("Chosen: mine: cat") && window.can("Start training"));
        window.asked();
        window.press("Start training");
        match window.asked().pop() {
            Some(Asked::Start(Job::Train, Command::Train(request))) => {
                assert_eq!((request.categories, request.folders.drawings), (vec!["mine: cat".to_owned()], PathBuf::from("drawings")));
            }
            other => panic!("nothing was trained but {other:?}"),
        }
    }
}

#[test]
fn too_few_drawings_of_ones_own_are_not_trained_on() {
    let mut window = Window::open(THEMES[0]);
    window.tell(Job::Survey, Event::Finished(with_own(&[("owl", None)])));
    state(&mut window).form.chosen = ["mine: owl".to_owned()].into();
    window.press("Train");
    assert!(!window.can("Start training") && window.says("Too few drawings of owl are kept"));
    window.keys(CTRL, Key::Num1);
    window.press("Category mine: owl");
    assert!(window.says("from 12 on they can be trained on.") && !window.can("Train on this"));
}

/// A disk with these collections of one's own.
fn with_own(own: &[(&str, Option<(usize, usize)>)]) -> Outcome {
    let Outcome::Surveyed { categories: others, models } = disk(&["cat"], &["runs/cat-quick"]) else { panic!("a disk") };
    let mine = |&(word, split): &(&str, Option<(usize, usize)>)| CategoryInfo {
        name: format!("mine: {word}"),
        file: Some(format!("mine/{word}.ndjson").into()),
        bytes: Some(9_000),
        official_lines: None,
        split,
        procedural: false,
    };
    Outcome::Surveyed { categories: own.iter().map(mine).chain(others).collect(), models }
}

#[test]
fn the_drawing_kept_last_is_taken_back() {
    for theme in THEMES {
        let mut window = with_continuations(theme);
        assert!(!window.can("Take back"), "nothing was kept yet");
        assert!(Action::listed(state(&mut window)).contains(&DrawAction::TakeBack.into()));
        window.asked();
        window.press("Keep this drawing");
        let request = kept(&mut window);
        assert!(!window.can("Take back"), "it is not kept yet");
        window.tell(Job::Keep, Event::Finished(Outcome::Kept(collection("cat", 1, None))));
        assert!(window.says("1 drawing of cat in mine/cat.ndjson."));
        assert!(matches!(window.asked().pop(), Some(Asked::Start(Job::Survey, _))), "it is a category now");
        window.press("Take back");
        match window.asked().pop() {
            Some(Asked::Start(Job::Keep, Command::TakeBack(asked))) => assert_eq!(*asked, request),
            other => panic!("nothing was taken back but {other:?}"),
        }
        assert!(!window.can("Take back") && !window.can("Keep this drawing"));
        window.tell(Job::Keep, Event::Failed("the disk is full".into()));
        assert!(window.says("It was not taken back: The disk is full.") && window.can("Take back"));
        window.press("Take back");
        window.tell(Job::Keep, Event::Finished(Outcome::TakenBack(collection("cat", 0, None))));
        assert!(window.says("Drawings that you keep gather in the folder mine.") && !window.can("Take back"));
        assert!(strokes(&mut window) == 1 && window.can("Keep this drawing"), "the page is as it was");
    }
}

#[test]
fn a_model_of_ones_own_drawings_keeps_under_their_word() {
    let mut window = Window::stocked(THEMES[0]);
    window.press("Draw");
    window.tell(Job::Describe, described(true, &["mine: owl"]));
    stroke(&mut window, 0.5);
    window.asked();
    window.press("Keep this drawing");
    assert_eq!(kept(&mut window).word, "owl");
}

#[test]
fn what_is_kept_while_they_are_counted_is_newer_and_a_failure_is_said() {
    for theme in THEMES {
        let mut window = at_the_page(theme);
        window.tell(Job::Keep, Event::Finished(Outcome::Kept(collection("cat", 5, None))));
        window.tell(Job::Collections, Event::Finished(Outcome::Collections(vec![collection("cat", 4, None)])));
        assert!(window.says("5 drawings of cat in mine/cat.ndjson."));
        let mut window = at_the_page(THEMES[1]);
        window.tell(Job::Collections, Event::Failed("permission denied".into()));
        assert!(window.says("could not be counted: permission denied") && window.says("Drawings that you keep gather in the folder mine."));
    }
}

#[test]
fn words_that_are_no_names_and_empty_pages_are_refused() {
    let mut window = at_the_page(THEMES[0]);
    assert!(!window.can("Keep this drawing"));
    stroke(&mut window, 0.5);
    assert!(window.can("Keep this drawing"));
    draw(&mut window).word = "../cat".into();
    window.settle();
    assert!(!window.can("Keep this drawing") && window.says("cannot be the name of a category"));
    draw(&mut window).word = " ice cream ".into();
    window.settle();
    window.asked();
    window.press("Keep this drawing");
    assert_eq!(kept(&mut window).word, "ice cream");
}

#[test]
fn typing_a_word_leaves_the_page_alone() {
    let mut window = with_continuations(THEMES[0]);
    window.harness.get_by_label("What your drawing is of").focus();
    window.settle();
    for (modifiers, key) in [(CTRL, Key::Z), (Modifiers::NONE, Key::ArrowRight), (Modifiers::NONE, Key::L)] {
        window.keys(modifiers, key);
    }
    assert_eq!((strokes(&mut window), draw(&mut window).live), (1, true));
}
