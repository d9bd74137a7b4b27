//! What the session does for whoever looks at categories: pages of drawings, imports, cards.

mod common;

use std::path::Path;

use common::{ended, failure};
use denoodle::data::{Browsed, Folders, Imported, Portion, read_file, sketchbook};
use denoodle::session::{BrowseRequest, Cards, CardsRequest, Command, Event, ImportRequest, Outcome};
use denoodle::util::{Cancel, atomic};

fn folders(folder: &Path) -> Folders {
    Folders { drawings: folder.into(), subset: folder.join("subset") }
}

fn request(folder: &Path, category: &str, portion: Portion, first: usize) -> Command {
    let folders = folders(folder);
    Command::Browse(Box::new(BrowseRequest { category: category.into(), portion, first, count: 24, folders, threads: 2 }))
}

fn browsed(command: Command) -> Browsed {
    match ended(command) {
        Event::Finished(Outcome::Browsed(browsed)) => *browsed,
        other => panic!("ended with {other:?}"),
    }
}

#[test]
fn drawings_are_read_a_page_at_a_time_with_what_was_left_out() {
    let folder = tempfile::tempdir().expect("folder");
    let here = folder.path();
    sketchbook::write(here, 40, 1).expect("drawings");
    let path = here.join("rabbit.ndjson");
    let text = std::fs::read_to_string(&path).expect("the drawings") + "oops\n";
    atomic::write_bytes(&path, text.as_bytes()).expect("a bad line");
    let (drawings, _) = read_file(&path, 1, &Cancel::default(), &mut |_, _| {}).expect("readable");

    let all = browsed(request(here, "rabbit", Portion::All, 24));
    assert_eq!((all.category.as_str(), all.portion, all.first, all.total, all.in_file), ("rabbit", Portion::All, 24, 40, 40));
    assert_eq!(all.numbers, (24..40).collect::<Vec<_>>());
    assert_eq!(all.sketches[0], drawings.sketch(24));
    assert_eq!((all.left_out, all.notes.iter().any(|note| note.contains("line 41"))), (1, true));
    let strokes: Vec<_> = (0..40).map(|i| drawings.counts(i).0).collect();
    assert_eq!((all.strokes.most, all.strokes.least), (*strokes.iter().max().expect("40"), *strokes.iter().min().expect("40")));
    assert!((all.strokes.mean - strokes.iter().sum::<usize>() as f64 / 40.0).abs() < 1e-12 && all.points.median >= all.strokes.median);
    // Past the end is the last page.
    assert_eq!(browsed(request(here, "rabbit", Portion::All, 1000)), all);

    assert!(failure(request(here, "rabbit", Portion::Train, 0)).contains("no train/test split for 'rabbit'"));
    let split = r#"{"train": [5, 3, 9, 40], "test": [20, 21]}"#;
    atomic::write_bytes(&here.join("subset/rabbit/indices.json"), split.as_bytes()).expect("a split");
    let lists = [(Portion::Train, vec![5, 3, 9]), (Portion::Test, vec![20, 21]), (Portion::Both, vec![5, 3, 9, 20, 21])];
    for (portion, lines) in lists {
        let part = browsed(request(here, "rabbit", portion, 0));
        assert_eq!((part.total, part.numbers, part.in_file), (lines.len(), lines, 40));
    }
    assert!(failure(request(here, "owl", Portion::All, 0)).contains("there are no drawings of 'owl'"));
}

#[test]
fn files_are_imported_checked_and_never_replaced_unasked() {
    let (from, to) = (tempfile::tempdir().expect("folder"), tempfile::tempdir().expect("folder"));
    sketchbook::write(from.path(), 40, 1).expect("drawings");
    let import = |replace| {
        let files = vec![from.path().join("cat.ndjson"), from.path().join("bus.ndjson")];
        Command::Import(Box::new(ImportRequest { files, folders: folders(to.path()), replace, threads: 2 }))
    };
    let Event::Finished(Outcome::Imported(done)) = ended(import(false)) else { panic!("not imported") };
    let names: Vec<_> = done
        .iter()
        .map(|file| match file {
            Imported::Drawings { category, report, .. } => (category.as_str(), report.drawings),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(names, [("cat", 40), ("bus", 40)]);
    assert!(to.path().join("cat.ndjson").is_file() && folders(to.path()).split("cat").is_file(), "with a split");
    sketchbook::write(from.path(), 41, 2).expect("others");
    assert!(failure(import(false)).contains("not replaced unasked"));
    assert!(matches!(ended(import(true)), Event::Finished(Outcome::Imported(done)) if done.len() == 2));
}

#[test]
fn cards_show_the_first_drawing_or_one_by_the_base_and_who_knows_what() {
    let folder = tempfile::tempdir().expect("folder");
    sketchbook::write(folder.path(), 3, 1).expect("drawings");
    let categories = ["cat", "owl", "no such thing"].map(str::to_owned).to_vec();
    let models = vec!["cat".into(), "no/such/run".into()];
    let request = CardsRequest { categories, models, folders: folders(folder.path()), threads: 1 };
    let Event::Finished(Outcome::Cards(made)) = ended(Command::Cards(Box::new(request))) else { panic!("no cards") };
    let Cards { thumbnails, known } = *made;
    let (drawings, _) = read_file(&folder.path().join("cat.ndjson"), 1, &Cancel::default(), &mut |_, _| {}).expect("readable");
    assert_eq!((thumbnails[0].sketch.as_ref(), thumbnails[0].of_file), (Some(&drawings.sketch(0)), true));
    assert!(thumbnails[1].sketch.as_ref().is_some_and(|sketch| !sketch.strokes.is_empty()) && !thumbnails[1].of_file);
    assert_eq!((&thumbnails[2].sketch, thumbnails[2].of_file), (&None, false));
    assert_eq!(known, [("cat".into(), vec!["cat".to_owned()]), ("no/such/run".into(), vec![])]);
}
