//! The Categories workspace in every state that it can be in.

use std::path::PathBuf;

use denoodle::data::{Browsed, CategoryInfo, Portion, Spread};
use denoodle::session::{BrowseRequest, Cards, CardsRequest, Command, Event, Outcome, Thumbnail};
use denoodle::studio::action::CategoriesAction;
use denoodle::studio::engine::Job;
use denoodle::studio::state::Workspace;
use denoodle::studio::state::categories::words;
use denoodle::util::Reason;
use eframe::egui::{Key, Modifiers, Theme};
use egui_kittest::kittest::Queryable;

use crate::support::*;

pub fn selected(window: &mut Window) -> String {
    state(window).categories.selected.clone().unwrap_or_default()
}

/// A window that shows the cards of a disk with three categories.
pub fn looking(theme: Theme) -> Window {
    let mut window = Window::stocked(theme);
    window.press("Categories");
    window
}

/// The newest request to read drawings.
fn browse(window: &mut Window) -> BrowseRequest {
    let asked = window.asked();
    let request = asked.iter().rev().find_map(|asked| match asked {
        Asked::Start(Job::Browse, Command::Browse(request)) => Some((**request).clone()),
        _ => None,
    });
    request.unwrap_or_else(|| panic!("nothing was to be read but {asked:?}"))
}

pub fn cards(asked: &[Asked]) -> Option<CardsRequest> {
    asked.iter().find_map(|asked| match asked {
        Asked::Start(Job::Cards, Command::Cards(request)) => Some((**request).clone()),
        _ => None,
    })
}

/// A page of a category's drawings.
pub fn page(category: &str, portion: Portion, first: usize, total: usize) -> Event {
    let count = total.saturating_sub(first).min(24);
    Event::Finished(Outcome::Browsed(Box::new(Browsed {
        category: category.into(),
        portion,
        first,
        sketches: vec![sketch(); count],
        numbers: (first as u64..).take(count).collect(),
        total,
        in_file: 2937,
        strokes: Spread { least: 1, median: 6, mean: 7.21, most: 31 },
        points: Spread { least: 2, median: 40, mean: 44.5, most: 310 },
        left_out: 2,
        notes: vec!["cat.ndjson: 2 of 2939 lines were left out: 2 not JSON".into()],
    })))
}

pub fn thumbnails(request: &CardsRequest, known: &[(&str, &[&str])]) -> Event {
    let small = |category: &String| Thumbnail { category: category.clone(), sketch: Some(sketch()), of_file: category != "zigzag" };
    let knows = |(model, names): &(&str, &[&str])| (PathBuf::from(model), names.iter().map(|&name| name.to_owned()).collect());
    Event::Finished(Outcome::Cards(Box::new(Cards {
        thumbnails: request.categories.iter().map(small).collect(),
        known: known.iter().map(knows).collect(),
    })))
}

#[test]
fn an_empty_disk_says_how_to_fill_it() {
    for theme in THEMES {
        let mut window = Window::open(theme);
        window.press("Categories");
        assert!(window.says("Looking at the disk…"));
        window.tell(Job::Survey, Event::Finished(disk(&[], &[])));
        window.press("Categories");
        assert!(window.says("No drawings on this machine yet.") && window.can("Make a sketchbook"));
        assert!(window.can("Import a file…") && window.can("Import subset.zip…"));
        assert!(window.says("There are no drawings of it on this machine.") && !window.can("Train on this"));
        window.asked();
        window.press("Make a sketchbook");
        assert!(matches!(&window.asked()[..], [Asked::Start(Job::Import, Command::Sample(_))]) && !window.can("Make a sketchbook"));
        window.tell(Job::Import, Event::Finished(Outcome::Imported(Vec::new())));
        window.asked();
        window.press("Fetch zigzag");
        let asked = window.asked();
        assert!(matches!(&asked[..], [Asked::Start(Job::Fetch, Command::Fetch(request))] if request.categories == ["zigzag"]), "{asked:?}");
    }
}

#[test]
fn a_disk_that_cannot_be_read_says_why() {
    let mut window = Window::open(THEMES[1]);
    window.press("Categories");
    window.tell(Job::Survey, Event::Failed("cannot list the folder: permission denied".into()));
    assert!(window.says("permission denied") && window.can("Look again"));
}

#[test]
fn a_download_is_held_resumed_and_tried_again() {
    for theme in THEMES {
        let mut window = looking(theme);
        window.press("Category zigzag");
        window.press("Fetch zigzag");
        window.tell(Job::Fetch, Event::Progress { done: 5_000_000, total: Some(20_000_000), unit: "bytes" });
        assert!(window.says("Fetching zigzag: 5.0 MB of 20.0 MB"));
        window.asked();
        window.press("Pause fetching");
        assert!(matches!(window.asked()[..], [Asked::Stop(Job::Fetch, Reason::Stopped)]));
        window.tell(Job::Fetch, Event::Finished(Outcome::Cancelled));
        assert!(window.says("what came so far is kept"));
        window.asked();
        window.press("Resume fetching zigzag");
        assert!(matches!(&window.asked()[..], [Asked::Start(Job::Fetch, Command::Fetch(request))] if request.categories == ["zigzag"]));
        window.tell(Job::Fetch, Event::Failed("no connection\n  Try again later.".into()));
        assert!(window.says("No connection."));
        window.asked();
        window.press("Retry fetching zigzag");
        assert!(matches!(&window.asked()[..], [Asked::Start(Job::Fetch, _)]));
    }
}

#[test]
fn all_that_was_paused_goes_on_together() {
    let mut window = looking(THEMES[0]);
    let Outcome::Surveyed { mut categories, models } = disk(&["cat"], &[]) else { panic!("it is a survey") };
    let fetched = categories.iter().find(|category| category.file.is_none()).expect("one that is not here");
    categories.push(CategoryInfo { name: "owl".into(), ..fetched.clone() });
    window.tell(Job::Survey, Event::Finished(Outcome::Surveyed { categories, models }));
    for name in ["zigzag", "owl"] {
        window.press(&format!("Category {name}"));
        window.press(&format!("Fetch {name}"));
    }
    assert!(window.says("1 more to come.") && !window.has("Go on fetching"));
    window.press("Pause fetching");
    window.tell(Job::Fetch, Event::Finished(Outcome::Cancelled));
    window.asked();
    window.press("Go on fetching");
    assert!(matches!(&window.asked()[..], [Asked::Start(Job::Fetch, Command::Fetch(request))] if request.categories == ["owl"]));
    assert!(window.says("1 more to come.") && window.can("Pause fetching") && !window.has("Go on fetching"));
}

#[test]
fn cards_are_drawn_for_what_is_in_sight_and_kept() {
    for theme in THEMES {
        let mut window = looking(theme);
        let request = cards(&window.asked()).expect("drawings are asked for");
        assert_eq!(request.categories, ["bus", "cat", "rabbit", "zigzag"]);
        assert!(request.models.is_empty());
        assert_eq!(state(&mut window).categories.selected.as_deref(), Some("cat"), "what is chosen in the top bar");
        window.tell(Job::Cards, thumbnails(&request, &[]));
        let models = cards(&window.asked()).expect("then the models are looked at");
        assert_eq!((models.categories.len(), models.models.clone()), (0, vec![PathBuf::from("runs/cat-quick")]));
        window.tell(Job::Cards, thumbnails(&models, &[("runs/cat-quick", &["cat"])]));
        assert!(cards(&window.asked()).is_none(), "all is known");
        assert!(window.says("1 model knows it, 1 of yours") && window.says("no model knows it"));
        assert!(window.says("2 737 to train with, 200 to test with") && window.says("not fetched") && window.says("procedural"));
        assert!(window.says("Known by cat-quick."));
        // After another look at the disk only what has changed is drawn anew.
        window.tell(Job::Survey, Event::Finished(disk(&["bus", "cat", "rabbit", "owl"], &["runs/cat-quick"])));
        assert_eq!(cards(&window.asked()).expect("one more").categories, ["owl"]);
    }
}

#[test]
fn what_cannot_be_drawn_small_is_said_once_and_not_asked_for_again() {
    for theme in THEMES {
        let mut window = looking(theme);
        window.asked();
        window.tell(Job::Cards, Event::Failed("the model cannot be read".into()));
        assert!(window.says("Some categories cannot be drawn small"));
        let again = cards(&window.asked());
        assert!(again.is_none_or(|request| request.categories.is_empty()));
    }
}

#[test]
fn a_card_says_which_number_is_which_as_long_as_there_is_room() {
    let mut window = looking(THEMES[0]);
    let mut rabbit = state(&mut window).library.categories.iter().find(|info| info.name == "rabbit").cloned().expect("listed");
    let said = |window: &mut Window, info: &CategoryInfo| {
        let forms = words::card(state(window), info).drawings;
        forms.iter().map(|form| form.replace('\u{a0}', " ")).collect::<Vec<_>>()
    };
    let forms = [
        "procedural · 3.2 MB · 2 737 train, 200 test",
        "procedural · 2 737 train, 200 test",
        "procedural · 3.2 MB · 2 737 + 200",
        "procedural · 2 737 + 200",
    ];
    assert_eq!(said(&mut window, &rabbit), forms, "drawings that are made up are called so in each");
    rabbit.split = None;
    assert_eq!(said(&mut window, &rabbit), ["procedural · 3.2 MB · no split", "procedural · no split"]);
}

/// More categories than there is room for.
fn many() -> Outcome {
    let info = |number: usize| CategoryInfo {
        name: format!("thing {number:03}"),
        file: None,
        bytes: None,
        official_lines: None,
        split: None,
        procedural: false,
    };
    Outcome::Surveyed { categories: (0..345).map(info).collect(), models: vec!["runs/cat-quick".into()] }
}

#[test]
fn only_cards_in_sight_are_laid_out_and_arrows_reach_the_others() {
    let mut window = Window::open(THEMES[0]);
    window.tell(Job::Survey, Event::Finished(many()));
    window.press("Categories");
    let laid_out = window.harness.query_all_by_label_contains("Category thing").count();
    assert!((4..120).contains(&laid_out), "{laid_out}");
    assert_eq!(selected(&mut window), "thing 000");
    let request = cards(&window.asked()).expect("drawings are asked for");
    assert!(request.categories.len() <= 8 && request.categories[0] == "thing 000", "in small batches");
    let none = Modifiers::NONE;
    window.keys(none, Key::ArrowRight);
    assert_eq!(selected(&mut window), "thing 001");
    let columns = state(&mut window).categories.columns;
    assert!(columns > 1);
    window.keys(none, Key::ArrowDown);
    assert_eq!(selected(&mut window), format!("thing {:03}", columns + 1));
    window.keys(none, Key::ArrowUp);
    window.keys(none, Key::ArrowLeft);
    window.keys(none, Key::ArrowLeft);
    assert_eq!(selected(&mut window), "thing 000", "it ends at the first");
    window.keys(none, Key::End);
    assert_eq!(selected(&mut window), "thing 344");
    assert!(window.has("Category thing 344"), "it has come into sight");
    window.keys(none, Key::Home);
    assert!(selected(&mut window) == "thing 000" && window.has("Category thing 000"));
}

#[test]
fn a_category_is_found_by_a_part_of_its_name() {
    for theme in THEMES {
        let mut window = looking(theme);
        window.keys(CTRL, Key::F);
        window.harness.get_by_label("Search all categories").type_text("RABB");
        window.settle();
        assert!(window.has("Category rabbit") && !window.has("Category bus") && window.says("1 category"));
        window.keys(Modifiers::NONE, Key::Enter);
        assert_eq!(selected(&mut window), "rabbit");
        assert_eq!(state(&mut window).form.chosen.iter().collect::<Vec<_>>(), ["rabbit"], "the top bar follows");
        state(&mut window).categories.search = "xyzzy".into();
        window.settle();
        assert!(window.says("No category is called “xyzzy”."));
    }
}

#[test]
fn filters_leave_what_is_there() {
    let mut window = looking(THEMES[1]);
    assert!(window.has("Category zigzag"));
    window.press("On disk");
    assert!(!window.has("Category zigzag") && window.says("3 categories"));
    state(&mut window).library.categories[0].split = None;
    window.press("With a split");
    assert!(!window.has("Category bus") && window.has("Category cat"));
    window.press("With a model of mine");
    assert!(window.says("Looking at the models…"));
    let request = cards(&window.asked()).expect("cards are asked for");
    window.tell(Job::Cards, thumbnails(&request, &[("runs/cat-quick", &["rabbit"])]));
    assert!(window.has("Category rabbit") && !window.has("Category cat"));
    window.press("All categories");
    assert!(window.has("Category zigzag"));
}

#[test]
fn real_drawings_are_read_a_page_at_a_time() {
    for theme in THEMES {
        let mut window = looking(theme);
        let request = browse(&mut window);
        assert_eq!((request.category.as_str(), request.portion, request.first, request.count), ("cat", Portion::All, 0, 24));
        window.tell(Job::Browse, Event::Progress { done: 1_000_000, total: Some(3_200_000), unit: "bytes" });
        assert!(window.says("Reading the drawings… 1.0 MB of 3.2 MB"));
        window.tell(Job::Browse, page("cat", Portion::All, 0, 2937));
        assert!(window.says("Drawings 1 to 24 of 2 937") && window.has("Drawing on line 23"));
        assert!(window.says("Strokes a drawing: mean 7.2, median 6, longest 31"));
        assert!(window.says("Points a drawing: mean 44.5, median 40, longest 310"));
        assert!(window.says("2 lines were left out of the file:") && window.says("2 not JSON"));
        assert!(window.says("On this machine: 2 937 drawings, cat.ndjson, 3.2 MB."));
        window.asked();
        window.press("Test split");
        let request = browse(&mut window);
        assert_eq!((request.portion, request.first), (Portion::Test, 0));
        window.tell(Job::Browse, page("cat", Portion::Test, 0, 200));
        window.keys(Modifiers::NONE, Key::PageDown);
        assert_eq!(browse(&mut window).first, 24);
        window.tell(Job::Browse, page("cat", Portion::Test, 24, 200));
        assert!(window.says("Drawings 25 to 48 of 200"));
        window.press("Previous page");
        assert_eq!(browse(&mut window).first, 0);
        window.tell(Job::Browse, page("cat", Portion::Test, 0, 200));
        assert!(!window.can("Previous page") && window.can("Next page"));
    }
}

#[test]
fn another_category_takes_the_place_of_the_reading_that_goes_on() {
    let mut window = looking(THEMES[0]);
    window.asked();
    window.press("Category bus");
    assert!(window.asked().iter().any(|asked| matches!(asked, Asked::Stop(Job::Browse, Reason::Stopped))));
    window.tell(Job::Browse, Event::Finished(Outcome::Cancelled));
    assert_eq!(browse(&mut window).category, "bus");
    // What came for the former one is not shown under the new name.
    window.press("Category rabbit");
    window.tell(Job::Browse, page("bus", Portion::All, 0, 30));
    assert!(!window.says("Drawings 1 to 24 of 30"));
    assert_eq!(browse(&mut window).category, "rabbit");
    window.tell(Job::Browse, page("rabbit", Portion::All, 0, 30));
    assert!(window.says("Drawings 1 to 24 of 30") && window.says("made up by a program"));
    // Of what is not here there is nothing to read.
    window.asked();
    window.press("Category zigzag");
    assert!(!window.asked().iter().any(|asked| matches!(asked, Asked::Start(Job::Browse, _))));
    assert!(window.says("Fetch or import drawings to look at them here."));
}

#[test]
fn drawings_that_cannot_be_read_say_why_and_are_tried_again() {
    for theme in THEMES {
        let mut window = looking(theme);
        window.tell(Job::Browse, Event::Failed("the file is empty\n  Delete it and fetch it again.".into()));
        assert!(window.says("The file is empty.") && window.says("Delete it and fetch it again."));
        window.asked();
        window.press("Read again");
        assert_eq!(browse(&mut window).category, "cat");
    }
}

#[test]
fn a_category_without_a_split_has_no_lists() {
    for theme in THEMES {
        let mut window = looking(theme);
        window.tell(Job::Browse, page("cat", Portion::All, 0, 30));
        state(&mut window).library.categories[0].split = None;
        state(&mut window).categories.portion = Portion::Both;
        window.asked();
        window.press("Category bus");
        assert_eq!(browse(&mut window).portion, Portion::All);
        assert!(!window.can("Train split") && !window.can("Test split") && !window.can("Both") && window.can("All"));
    }
}

#[test]
fn what_is_selected_is_trained_on_or_drawn_by_the_base() {
    let mut window = looking(THEMES[0]);
    window.press("Category bus");
    window.press("Train on this");
    assert_eq!(state(&mut window).workspace, Workspace::Train);
    assert_eq!(state(&mut window).form.chosen.iter().collect::<Vec<_>>(), ["bus"]);
    // Several that are ticked stay ticked while others are looked at.
    state(&mut window).form.chosen.insert("cat".into());
    window.keys(CTRL, Key::Num1);
    window.press("Category rabbit");
    assert_eq!(state(&mut window).form.chosen.iter().collect::<Vec<_>>(), ["bus", "cat"]);
    state(&mut window).form.chosen.remove("bus");
    assert_eq!(state(&mut window).workspace, Workspace::Categories);
    window.press("Category zigzag");
    assert!(!window.can("Train on this"));
    window.asked();
    window.press("Draw with the base");
    assert_eq!(state(&mut window).workspace, Workspace::Play);
    let asked = window.asked();
    let drawn = asked.iter().find_map(|asked| match asked {
        Asked::Start(Job::Draw, Command::Draw(request)) => Some((request.model.clone(), request.category.clone())),
        _ => None,
    });
    assert_eq!(drawn, Some((PathBuf::from("base"), Some("zigzag".into()))));
}

#[test]
fn ctrl_enter_fetches_or_trains() {
    let mut window = looking(THEMES[0]);
    assert_eq!(state(&mut window).main_action(), CategoriesAction::Train.into());
    window.press("Category zigzag");
    window.asked();
    window.keys(CTRL, Key::Enter);
    assert!(window.asked().iter().any(|asked| matches!(asked, Asked::Start(Job::Fetch, _))));
}
