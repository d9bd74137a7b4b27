//! How exported files look: as usual until somebody changes it, and then as they wished.

use std::path::Path;

use denoodle::export::{Colours, Export, Gif, Look};
use denoodle::session::{Command, Event, Outcome};
use denoodle::studio::engine::Job;
use egui_kittest::kittest::Queryable;

use crate::play::playing;
use crate::support::*;

fn usual(path: &str) -> Export {
    Export::for_path(Path::new(path)).expect("a known ending")
}

/// What is asked for when the file of that name is exported.
fn exported(window: &mut Window, path: &str) -> Export {
    window.harness.state_mut().state_mut().export.path = path.into();
    window.settle();
    window.asked();
    window.press("Export");
    let form = match window.asked().pop() {
        Some(Asked::Start(Job::Export, Command::Export(request))) => request.form,
        other => panic!("nothing was exported but {other:?}"),
    };
    window.tell(Job::Export, Event::Finished(Outcome::Exported { path: path.into(), bytes: 1 }));
    form
}

#[test]
fn without_a_wish_files_look_as_usual() {
    for theme in THEMES {
        let mut window = playing(theme);
        assert!(!window.says("Usual size"), "it is closed");
        window.press("How it looks");
        for name in ["Usual size", "Usual line width", "Words in the picture", "Transparent ground"] {
            assert!(window.can(name), "{name}");
        }
        assert!(window.says("Black on white") && !window.can("Usual look"));
        for path in ["cat.gif", "cat.png", "cat.svg", "cat.ndjson"] {
            assert_eq!(exported(&mut window, path), usual(path));
        }
    }
}

#[test]
fn what_is_set_reaches_the_file() {
    for theme in THEMES {
        let mut window = playing(theme);
        window.press("How it looks");
        for name in ["Usual size", "Usual line width", "Words in the picture", "Transparent ground"] {
            window.press(name);
        }
        let look = &mut window.harness.state_mut().state_mut().export.look;
        // What was as usual begins with a GIF's own numbers.
        assert_eq!((look.side, look.line), (Some(256), Some(1.2)));
        (look.side, look.line, look.speed, look.colours) = (Some(512), Some(2.0), 3.0, Colours::Chalk);
        window.settle();
        for name in ["Size", "Line width", "GIF speed", "Colours of the file"] {
            assert!(window.harness.query_all_by_label(name).count() > 0, "{name}");
        }
        assert!(window.says("White on slate"));
        let wished = Look { side: Some(512), speed: 3.0, line: Some(2.0), colours: Colours::Chalk, label: false, transparent: true };
        match exported(&mut window, "cat.gif") {
            Export::Gif(Gif { side: 512, speed, line, paper, label: false, transparent: true, .. }) => {
                assert_eq!((speed, paper), (3.0, Colours::Chalk.paper()));
                assert!((line - 0.02).abs() < 1e-6);
            }
            other => panic!("{other:?}"),
        }
        for path in ["cat.png", "cat.svg", "cat.ndjson"] {
            assert_eq!(exported(&mut window, path), wished.on(usual(path)));
        }
        // Another drawing changes nothing; one button takes all of it back.
        window.press("Drawing 2");
        assert_eq!(exported(&mut window, "cat.png"), wished.on(usual("cat.png")));
        window.press("Usual look");
        assert_eq!(exported(&mut window, "cat.gif"), usual("cat.gif"));
    }
}
