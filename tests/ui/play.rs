//! The Play workspace in every state that it can be in.

use std::path::{Path, PathBuf};

use denoodle::config::{DrawSettings, load};
use denoodle::session::{Command, DrawRequest, Event, ExportRequest, Outcome};
use denoodle::sketch::Sketch;
use denoodle::studio::action::{Action, PlayAction};
use denoodle::studio::engine::Job;
use denoodle::studio::state::{Effect, Workspace};
use denoodle::util::Reason;
use eframe::egui::{Key, Modifiers, Theme};
use egui_kittest::kittest::{NodeT, Queryable};

use crate::support::*;

/// A window with twelve drawings.
pub fn playing(theme: Theme) -> Window {
    let mut window = Window::stocked(theme);
    window.keys(CTRL, Key::Num4);
    window.press("Draw");
    window.asked();
    window.tell(Job::Draw, drawn(12));
    window
}

fn drawing_asked(window: &mut Window) -> DrawRequest {
    match window.asked().pop() {
        Some(Asked::Start(Job::Draw, Command::Draw(request))) => *request,
        other => panic!("nothing was to be drawn but {other:?}"),
    }
}

fn has_any(window: &Window, name: &str) -> bool {
    window.harness.query_all_by_label(name).count() > 0
}

/// A setting that is tried.
fn setting<'a>(window: &'a mut Window, field: &str) -> &'a mut f64 {
    let tried = window.harness.state_mut().state_mut().play.tried.as_mut().expect("the model is known");
    tried.settings.row(field).expect("a row").1
}

#[test]
fn without_a_model_it_says_so_and_leads_to_training() {
    for theme in THEMES {
        let mut window = Window::open(theme);
        window.tell(Job::Survey, Event::Finished(disk(&["cat"], &[])));
        window.press("Play");
        assert!(window.has("No model yet"));
        assert!(!window.can("Draw") && !window.can("Export GIF…") && !window.can("Export picture…"));
        assert!(window.says("Choose a model first, or train one."));
    }
}

#[test]
fn who_has_no_model_sees_a_shipped_one_draw_at_once() {
    for theme in THEMES {
        let mut window = Window::open(theme);
        window.tell(Job::Survey, Event::Finished(disk(&[], &["cat", "base"])));
        assert_eq!(window.harness.state().state().workspace, Workspace::Play);
        assert_eq!(drawing_asked(&mut window).model, PathBuf::from("cat"));
        window.tell(Job::Draw, drawn(12));
        assert!(window.says("cat (shipped)"));
        // Looking at the disk again draws nothing more.
        window.asked();
        window.tell(Job::Survey, Event::Finished(disk(&[], &["cat", "base"])));
        assert!(window.asked().is_empty());
    }
    // Of a model of many categories one is shown first; a model of one needs none.
    let mut window = Window::open(THEMES[0]);
    window.tell(Job::Survey, Event::Finished(disk(&[], &["cat", "base"])));
    window.tell(Job::Draw, drawn(12));
    window.asked();
    for (model, category) in [("base", Some("owl".to_owned())), ("cat", None)] {
        window.harness.state_mut().state_mut().act(Action::UseModel(model.into()));
        window.settle();
        window.press("Draw");
        let request = drawing_asked(&mut window);
        assert_eq!((request.model, request.category), (PathBuf::from(model), category));
        window.tell(Job::Draw, drawn(12));
    }
    // Who has trained a model goes on with that.
    let mut window = Window::open(THEMES[0]);
    window.tell(Job::Survey, Event::Finished(disk(&[], &["runs/cat-quick", "cat"])));
    assert_eq!(window.harness.state().state().workspace, Workspace::Train);
    assert!(!window.asked().iter().any(|asked| matches!(asked, Asked::Start(Job::Draw, _))));
}

#[test]
fn a_model_draws_what_is_asked_for() {
    let mut window = Window::stocked(THEMES[0]);
    window.press("Play");
    assert!(window.has("Nothing drawn yet"));
    window.press("Next seed");
    window.asked();
    window.keys(CTRL, Key::Enter);
    let request = drawing_asked(&mut window);
    assert_eq!((request.model, request.category, request.count, request.seed), (PathBuf::from("runs/cat-quick"), None, 12, 2));
    assert!(request.settings.is_none(), "the model's own");
    window.tell_all(Job::Draw, [Event::Stage("drawing cat".into()), Event::Progress { done: 3, total: Some(12), unit: "drawings" }]);
    assert!(window.says("So far 3 of 12 drawings.") && window.says("drawing: 3 of 12"));
    window.keys(CTRL, Key::Enter);
    assert!(matches!(window.asked()[..], [Asked::Stop(Job::Draw, Reason::Stopped)]));
    window.tell(Job::Draw, Event::Finished(Outcome::Cancelled));
    assert!(window.has("Stopped"));
}

#[test]
fn own_settings_reach_the_model() {
    let mut window = Window::stocked(THEMES[1]);
    window.press("Play");
    window.asked();
    window.press("The model's own settings");
    assert!(window.says("Reading the model…") && !has_any(&window, "Guidance"));
    assert!(matches!(&window.asked()[..], [Asked::Start(Job::Describe, Command::Describe(model))] if model.ends_with("cat-quick")));
    window.tell(Job::Describe, met("standard", true, &["cat"]));
    for name in ["Guidance", "Denoising steps", "Sampler", "Largest noise"] {
        assert!(has_any(&window, name), "{name}");
    }
    assert!(!has_any(&window, "Temperature"));
    *setting(&mut window, "draw.guidance") = 2.5;
    window.keys(CTRL, Key::Enter);
    let own = load("standard").expect("built in").draw;
    assert_eq!(drawing_asked(&mut window).settings, Some(DrawSettings { guidance: 2.5, ..own }));
}

#[test]
fn only_what_the_models_system_has_is_offered() {
    let mut window = Window::stocked(THEMES[0]);
    window.press("Play");
    window.press("The model's own settings");
    window.tell(Job::Describe, met("sketch_rnn_small", false, &["cat"]));
    let own = load("sketch_rnn_small").expect("built in").draw.temperature;
    assert!(has_any(&window, "Temperature") && *setting(&mut window, "draw.temperature") == own);
    for name in ["Guidance", "Denoising steps", "Sampler", "Largest noise"] {
        assert!(!has_any(&window, name), "{name}");
    }
    // Another model's settings are not this one's: it is asked for its own, and draws by them until they are known.
    *setting(&mut window, "draw.temperature") = 0.3;
    window.asked();
    window.harness.state_mut().state_mut().act(Action::UseModel("cat".into()));
    window.settle();
    assert!(!has_any(&window, "Temperature"));
    assert!(matches!(&window.asked()[..], [Asked::Start(Job::Describe, Command::Describe(model))] if model == Path::new("cat")));
    window.keys(CTRL, Key::Enter);
    assert_eq!(drawing_asked(&mut window).settings, None);
    window.tell(Job::Describe, Event::Failed("cannot read the model".into()));
    assert!(window.says("The model's own settings are not known."));
    window.asked();
    window.settle();
    assert!(window.asked().is_empty(), "it does not try by itself");
}

#[test]
fn the_list_of_categories_is_the_models() {
    let mut window = Window::stocked(THEMES[0]);
    window.press("Play");
    window.asked();
    window.press("Category");
    assert!(window.has("zigzag"), "all, as long as nobody knows");
    assert!(matches!(&window.asked()[..], [Asked::Start(Job::Describe, Command::Describe(model))] if model.ends_with("cat-quick")));
    window.tell(Job::Describe, met("quick", true, &["bus", "owl"]));
    assert!(window.has("bus") && window.has("owl") && !has_any(&window, "zigzag"));
    window.press("owl");
    assert_eq!(window.harness.state().state().play.category, "owl");
}

#[test]
fn a_drawing_is_seen_growing_until_it_is_finished_or_another_is_chosen() {
    const GROWING: &str = "The first drawing, as it comes";
    for theme in THEMES {
        let mut window = Window::stocked(theme);
        window.press("Play");
        window.keys(CTRL, Key::Enter);
        window.tell(Job::Draw, Event::Stage("drawing cat".into()));
        assert!(!window.has(GROWING) && window.says("Drawing…"));
        window.grow(Sketch { strokes: sketch().strokes[..1].to_vec() });
        window.tell(Job::Draw, Event::Progress { done: 3, total: Some(12), unit: "drawings" });
        assert!(window.has(GROWING) && window.says("Drawing…") && window.says("So far 3 of 12 drawings."));
        window.tell(Job::Draw, drawn(12));
        assert!(!window.has(GROWING) && window.has("Drawing 1 on the paper"));
        // It comes before those that were there, unless one of them is chosen meanwhile.
        window.press("Draw");
        window.grow(sketch());
        assert!(window.has(GROWING) && !window.has("Drawing 1 on the paper") && !window.has("Next point"));
        window.press("Drawing 7");
        window.grow(sketch());
        assert!(!window.has(GROWING) && window.has("Drawing 7 on the paper") && window.has("Next point"));
        window.tell(Job::Draw, Event::Finished(Outcome::Cancelled));
        window.press("Draw");
        window.grow(sketch());
        window.tell(Job::Draw, Event::Failed("no room left".into()));
        window.grow(sketch());
        assert!(!window.has(GROWING) && window.has("Drawing failed"));
    }
}

#[test]
fn a_failure_is_said_in_its_own_words() {
    for theme in THEMES {
        let mut window = Window::stocked(theme);
        window.press("Play");
        window.keys(CTRL, Key::Enter);
        window.tell(Job::Draw, Event::Failed("cannot read the model\n  in runs/cat-quick\n  Train it again.".into()));
        assert!(window.has("Drawing failed") && window.says("Cannot read the model.") && window.says("Train it again."));
        assert!(window.can("Draw"));
    }
}

#[test]
fn drawings_are_listed_and_played() {
    for theme in THEMES {
        let mut window = playing(theme);
        assert!(window.says("Drawing 1 of 12") && window.says("2 strokes, 5 points"));
        assert!(window.says("12 drawings of cat by cat-quick, seed 1, in 1.5 s"));
        let end = window.harness.state().state().play.playback.timeline().length();
        window.wait(f64::from(end) / 2.0);
        let half = window.harness.state().state().play.playback.at();
        assert!(half > 0.3 * end && half < 0.7 * end, "{half} of {end}");
        window.press("Hold");
        window.wait(0.5);
        assert_eq!(window.harness.state().state().play.playback.at(), half, "held");
        window.press("Drawing 7");
        assert!(window.says("Drawing 7 of 12"));
        assert!(window.harness.state().state().play.playback.at() < 0.2, "from the start");
    }
}

#[test]
fn buttons_and_keys_step_by_points_and_strokes() {
    let mut window = playing(THEMES[0]);
    window.press("To the start");
    assert!(window.says("stroke 1 of 2, point 1 of 5"));
    window.press("Next point");
    assert!(window.says("stroke 1 of 2, point 2 of 5"));
    window.press("Next stroke");
    assert!(window.says("stroke 2 of 2, point 4 of 5"));
    window.press("Previous stroke");
    assert!(window.says("stroke 1 of 2, point 1 of 5"));
    window.press("To the end");
    assert!(window.says("stroke 2 of 2, point 5 of 5"));
    window.press("Previous point");
    assert!(window.says("point 4 of 5"));
    let cases = [
        (Modifiers::NONE, Key::Home, "point 1 of 5"),
        (Modifiers::NONE, Key::ArrowRight, "point 2 of 5"),
        (Modifiers::SHIFT, Key::ArrowRight, "point 4 of 5"),
        (Modifiers::SHIFT, Key::ArrowLeft, "point 1 of 5"),
        (Modifiers::NONE, Key::End, "point 5 of 5"),
        (Modifiers::NONE, Key::ArrowLeft, "point 4 of 5"),
        (Modifiers::NONE, Key::ArrowDown, "Drawing 2 of 12"),
        (Modifiers::NONE, Key::ArrowUp, "Drawing 1 of 12"),
    ];
    for (modifiers, key, says) in cases {
        window.keys(modifiers, key);
        assert!(window.says(says), "{key:?} does not lead to '{says}'");
    }
    assert!(window.has("Hold"), "a drawing that was just chosen plays");
    window.keys(Modifiers::NONE, Key::Space);
    assert!(window.has("Play drawing"), "space holds");
    window.keys(Modifiers::NONE, Key::Space);
    assert!(window.has("Hold"), "space plays");
}

#[test]
fn the_scrub_bar_is_a_slider_by_points() {
    let mut window = playing(THEMES[0]);
    window.press("To the start");
    let bar = window.harness.get_by_label("Scrub by point");
    assert_eq!(bar.accesskit_node().numeric_value(), Some(1.0));
    bar.increment_accesskit();
    window.settle();
    let bar = window.harness.get_by_label("Scrub by point");
    assert_eq!(bar.accesskit_node().numeric_value(), Some(2.0));
    let middle = bar.rect().center();
    window.harness.drag_at(middle);
    window.harness.step();
    window.harness.drop_at(middle);
    window.settle();
    let playback = &window.harness.state().state().play.playback;
    let at = playback.at();
    assert!(playback.timeline().times().contains(&at), "it stands on a point: {at}");
    assert!(at > 0.2 * playback.timeline().length() && at < 0.8 * playback.timeline().length());
}

#[test]
fn speed_loop_and_colours_are_switches() {
    let mut window = playing(THEMES[0]);
    window.press("Loop");
    window.press("Colours");
    let play = &window.harness.state().state().play;
    assert!(!play.playback.looping && !play.colours);
    window.wait(30.0);
    assert!(window.has("Play drawing"), "it ends without the loop");
}

#[test]
fn speed_loop_colours_and_a_path_to_type_are_reached_by_keys() {
    let mut window = playing(THEMES[0]);
    let play = |window: &Window| {
        let play = &window.harness.state().state().play;
        (play.colours, play.playback.looping, play.playback.speed)
    };
    let (colours, looping, _) = play(&window);
    for key in [Key::C, Key::L, Key::CloseBracket] {
        window.keys(Modifiers::NONE, key);
    }
    assert_eq!(play(&window), (!colours, !looping, 2.0));
    for (key, ends) in [(Key::CloseBracket, 4.0), (Key::OpenBracket, 0.25)] {
        (0..9).for_each(|_| window.keys(Modifiers::NONE, key));
        assert_eq!(play(&window).2, ends, "and no further");
    }
    window.keys(CTRL.plus(Modifiers::SHIFT), Key::E);
    window.settle();
    let field = window.harness.get_by_label("Path of the file to write");
    assert!(field.accesskit_node().is_focused());
    field.type_text("cat.gif");
    window.settle();
    assert_eq!(window.harness.state().state().export.path, "cat.gif");
}

#[test]
fn typing_in_a_field_does_not_play() {
    let mut window = playing(THEMES[0]);
    window.press("Hold");
    window.harness.get_by_label("Path of the file to write").focus();
    window.settle();
    window.keys(Modifiers::NONE, Key::Space);
    assert!(window.has("Play drawing"), "space belongs to the field");
}

#[test]
fn a_dialog_writes_what_it_was_opened_for() {
    let mut window = playing(THEMES[0]);
    let effects = state(&mut window).act(PlayAction::ExportGif.into());
    let [Effect::Ask(ask)] = &effects[..] else { panic!("{effects:?}") };
    let shown = state(&mut window).play.current().cloned();
    // The window goes on meanwhile.
    state(&mut window).play.drawn = None;
    let effects = state(&mut window).answer(ask, Some("cat.gif".into()));
    let [Effect::Start(Job::Export, Command::Export(request))] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!((request.sketches.first(), request.sketches.len(), request.word.as_str()), (shown.as_ref(), 1, "cat"));
    assert!(state(&mut window).answer(ask, Some("again.gif".into())).is_empty(), "a dialog is answered once");
}

#[test]
fn exports_take_the_form_from_the_ending() {
    for theme in THEMES {
        let mut window = playing(theme);
        assert!(window.can("Export GIF…") && window.can("Export picture…"));
        assert!(!window.can("Export"), "no path yet");
        for (path, all, sketches) in [("out/cat.gif", true, 1), ("out/cat.png", true, 12), ("out/cat.svg", false, 1)] {
            let state = window.harness.state_mut().state_mut();
            (state.export.path, state.export.all) = (path.into(), all);
            window.settle();
            window.asked();
            window.press("Export");
            match window.asked().pop() {
                Some(Asked::Start(Job::Export, Command::Export(request))) => {
                    assert_eq!((request.path.as_path(), request.sketches.len(), request.word.as_str()), (Path::new(path), sketches, "cat"));
                }
                other => panic!("nothing was exported but {other:?}"),
            }
            assert!(window.says("Writing…") && !window.can("Export"));
            window.tell(Job::Export, Event::Finished(Outcome::Exported { path: path.into(), bytes: 74_000 }));
            assert!(window.says(&format!("Wrote {path} (74 kB).")));
        }
        window.harness.state_mut().state_mut().export.path = "cat.docx".into();
        window.settle();
        window.press("Export");
        assert!(window.says("Export failed: cannot write .docx files") && window.asked().is_empty());
    }
}

#[test]
fn a_file_that_is_there_is_replaced_only_if_so_wished() {
    for theme in THEMES {
        let mut window = playing(theme);
        window.harness.state_mut().state_mut().export.path = "out/cat.gif".into();
        window.settle();
        let exported = |window: &mut Window| match window.asked().pop() {
            Some(Asked::Start(Job::Export, Command::Export(request))) => request,
            other => panic!("nothing was exported but {other:?}"),
        };
        for yes in [false, true] {
            window.asked();
            window.press("Export");
            let request = exported(&mut window);
            assert!(!request.replace);
            let again = Box::new(Command::Export(ExportRequest { replace: true, ..request.clone() }));
            window.tell(Job::Export, Event::Finished(Outcome::Exists { path: request.path.clone(), again }));
            assert!(window.has("Replace cat.gif?") && !window.says("Writing…"));
            if yes {
                window.press("Replace");
                let again = exported(&mut window);
                assert_eq!((again.path, again.sketches, again.replace), (request.path, request.sketches, true));
                assert!(!window.has("Replace cat.gif?") && window.says("Writing…"));
                window.tell(Job::Export, Event::Finished(Outcome::Exported { path: "out/cat.gif".into(), bytes: 74_000 }));
                assert!(window.says("Wrote out/cat.gif (74 kB)."));
            } else {
                window.keys(Modifiers::NONE, Key::Enter);
                assert!(!window.has("Replace cat.gif?") && window.asked().is_empty() && window.can("Export"));
            }
        }
    }
}

#[test]
fn a_file_that_cannot_be_written_is_said() {
    let mut window = playing(THEMES[1]);
    window.harness.state_mut().state_mut().export.path = "/no/where.gif".into();
    window.settle();
    window.press("Export");
    window.tell(Job::Export, Event::Failed("cannot make the folder: permission denied\n  in /no".into()));
    assert!(window.says("Export failed: cannot make the folder: permission denied"));
    assert!(window.can("Export"));
}
