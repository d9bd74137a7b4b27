//! Files are taken over: asked for, dropped onto the window, and what came of it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use denoodle::data::{Imported, ReadReport};
use denoodle::session::{Command, Event, Outcome};
use denoodle::studio::action::{Action, CategoriesAction};
use denoodle::studio::dialog::Ask;
use denoodle::studio::engine::Job;
use denoodle::studio::state::{Effect, Workspace};
use denoodle::util::Reason;
use eframe::egui;

use crate::categories::{looking, selected};
use crate::support::*;

/// What was imported: files, and whether they may replace others.
fn import(window: &mut Window) -> (Vec<PathBuf>, bool) {
    let asked = window.asked();
    let request = asked.iter().find_map(|asked| match asked {
        Asked::Start(Job::Import, Command::Import(request)) => Some((request.files.clone(), request.replace)),
        _ => None,
    });
    request.unwrap_or_else(|| panic!("nothing was to be imported but {asked:?}"))
}

#[test]
fn dialogs_ask_for_files_and_their_answers_are_imported() {
    let mut window = looking(THEMES[0]);
    for (action, ask) in [(CategoriesAction::Import, Ask::Drawings), (CategoriesAction::ImportSplits, Ask::Splits)] {
        let effects = state(&mut window).act(Action::from(action));
        assert!(matches!(&effects[..], [Effect::Ask(asked)] if *asked == ask), "{effects:?}");
        assert!(state(&mut window).answer(&ask, None).is_empty());
        let effects = state(&mut window).answer(&ask, Some("mine.ndjson".into()));
        assert!(matches!(&effects[0], Effect::Start(Job::Import, Command::Import(request)) if request.files == [Path::new("mine.ndjson")]));
        state(&mut window).apply(Job::Import, Event::Finished(Outcome::Cancelled));
    }
    assert!(
        window.says("No file was chosen.") || state(&mut window).messages.list().iter().any(|m| m.text.starts_with("No file was chosen."))
    );
}

#[test]
fn a_path_can_be_typed() {
    let mut window = looking(THEMES[1]);
    state(&mut window).categories.path = " subset.zip ".into();
    window.settle();
    window.asked();
    window.press("Import");
    assert_eq!(import(&mut window), (vec!["subset.zip".into()], false));
}

#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }
    fn bytes(&self) -> Result<Vec<u8>, String> {
        Err("nobody reads it here".into())
    }
}

fn drop_files(window: &mut Window, names: &[&str]) {
    for name in names {
        window.harness.input_mut().dropped_files.push(Arc::new(Dropped(PathBuf::from(name))));
    }
    window.settle();
}

#[test]
fn files_that_are_dropped_are_imported_and_told() {
    for theme in THEMES {
        let mut window = Window::stocked(theme);
        window.asked();
        drop_files(&mut window, &["holiday.jpg"]);
        assert!(window.asked().is_empty(), "not a file of drawings");
        state(&mut window).categories.replace = true;
        drop_files(&mut window, &["zigzag.ndjson", "subset.zip", "holiday.jpg"]);
        assert_eq!(state(&mut window).workspace, Workspace::Categories);
        assert_eq!(import(&mut window), (vec!["zigzag.ndjson".into(), "subset.zip".into()], true));
        assert!(!state(&mut window).categories.replace, "it was said of these files, not of the next ones");
        window.tell(Job::Import, Event::Stage("reading zigzag.ndjson".into()));
        assert!(window.says("Reading zigzag.ndjson.") && window.says("importing files") && !window.can("Import a file…"));
        let report = ReadReport { drawings: 30, lines: 31, left_out: vec![(denoodle::data::Problem::NotJson, 1)], ..Default::default() };
        let done = vec![
            Imported::Drawings { category: "zigzag".into(), path: "drawings/zigzag.ndjson".into(), report: Box::new(report) },
            Imported::Split { category: "cat".into(), path: "subset/cat/indices.json".into(), sizes: (10_000, 2_000) },
            Imported::Ignored("README".into()),
        ];
        window.asked();
        window.tell(Job::Import, Event::Finished(Outcome::Imported(done)));
        assert!(window.asked().iter().any(|asked| matches!(asked, Asked::Start(Job::Survey, _))), "it looks at the disk again");
        assert!(window.says("Imported 30 drawings of zigzag. 1 line was left out."));
        assert!(window.says("Imported the split of cat: 10 000 to train, 2 000 to test with.") && window.says("Left alone: README"));
        assert_eq!(selected(&mut window), "zigzag");
    }
}

/// Files are dragged over the window; with none they are gone again.
fn hover_files(window: &mut Window, names: &[&str]) {
    let hovered = |name: &&str| egui::HoveredFile { path: Some(PathBuf::from(name)), ..Default::default() };
    window.harness.input_mut().hovered_files = names.iter().map(hovered).collect();
    window.settle();
}

#[test]
fn files_over_the_window_are_told_whether_they_can_be_dropped() {
    const SIGN: &str = "Drop drawings here";
    for theme in THEMES {
        let mut window = Window::stocked(theme);
        for workspace in Workspace::ALL {
            state(&mut window).act(Action::Show(workspace));
            window.settle();
            assert!(!window.says(SIGN));
            hover_files(&mut window, &["cat.ndjson", "bus.NDJSON.gz"]);
            assert!(window.has(SIGN) && window.says(".ndjson.gz, archives of splits in .zip"), "{workspace:?}");
            hover_files(&mut window, &[]);
            assert!(!window.says(SIGN), "{workspace:?}");
        }
        hover_files(&mut window, &["cat.ndjson", "holiday.jpg"]);
        assert!(window.has(SIGN) && window.says("Other files among them are left alone."));
        hover_files(&mut window, &["holiday.jpg"]);
        assert!(!window.says(SIGN) && window.has("These files cannot be taken over"));
        drop_files(&mut window, &["bus.ndjson"]);
        hover_files(&mut window, &["cat.ndjson"]);
        assert!(!window.says(SIGN) && window.has("Not now") && window.says("Files are being imported already."));
    }
}

#[test]
fn an_import_that_fails_says_why_and_one_that_is_stopped_too() {
    let mut window = looking(THEMES[1]);
    drop_files(&mut window, &["cat.ndjson"]);
    window.tell(Job::Import, Event::Failed("something else is here already, and is not replaced unasked".into()));
    assert!(window.says("not replaced unasked") && window.says("tick the box above"));
    window.press("Replace what is there already");
    window.asked();
    drop_files(&mut window, &["cat.ndjson"]);
    assert!(import(&mut window).1);
    window.press("Stop importing");
    assert!(window.asked().iter().any(|asked| matches!(asked, Asked::Stop(Job::Import, Reason::Stopped))));
    window.tell(Job::Import, Event::Finished(Outcome::Cancelled));
    assert!(window.says("The import was stopped."));
}
