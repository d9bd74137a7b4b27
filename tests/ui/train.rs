//! The Train workspace in every state that it can be in.

use std::path::PathBuf;

use denoodle::config::DeviceChoice;
use denoodle::session::{Command, Event, Figure, Length, Losses, Outcome, Preview, TestLoss, TrainProgress, TrainRequest};
use denoodle::studio::action::TrainAction;
use denoodle::studio::engine::Job;
use denoodle::studio::state::form::StartFrom;
use denoodle::util::Reason;
use denoodle::util::series::{BUCKETS, RECENT};
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT, Queryable};

use crate::support::*;

fn started(window: &mut Window) -> TrainRequest {
    let mut asked = window.asked();
    match asked.pop() {
        Some(Asked::Start(Job::Train, Command::Train(request))) => *request,
        other => panic!("no training was started but {other:?}"),
    }
}

/// A window that trains.
pub fn training(theme: eframe::egui::Theme) -> Window {
    let mut window = Window::stocked(theme);
    window.press("Start training");
    window.asked();
    window.tell_all(Job::Train, [Event::Stage("training cat".into()), step(1, Some(100), 1.0), step(2, Some(100), 0.9)]);
    window
}

#[test]
fn an_empty_disk_says_what_to_do_and_does_it() {
    for theme in THEMES {
        let mut window = Window::open(theme);
        assert!(window.says("Looking at the disk"));
        window.asked();
        window.tell(Job::Survey, Event::Finished(disk(&[], &[])));
        assert!(window.says("No drawings on this machine yet."));
        assert!(window.says("drawings"), "it names the folder");
        assert!(window.can("Make a sketchbook"), "there is a way without a network");
        assert!(!window.can("Start training"));
        assert!(window.says("Choose a category on the left first."));
        window.press("Fetch zigzag");
        let asked = window.asked();
        assert!(matches!(&asked[..], [Asked::Start(Job::Fetch, Command::Fetch(request))] if request.categories == ["zigzag"]), "{asked:?}");
        window.tell(Job::Fetch, Event::Progress { done: 5_000_000, total: Some(20_000_000), unit: "bytes" });
        assert!(window.says("Fetching zigzag: 5.0 MB of 20.0 MB"));
        assert!(window.says("fetching zigzag"), "the status line says so too");
        window.tell(Job::Fetch, Event::Finished(Outcome::Fetched(vec!["drawings/zigzag.ndjson".into()])));
        assert!(matches!(window.asked()[..], [Asked::Start(Job::Survey, _)]), "it looks at the disk again");
        assert!(window.says("Fetched zigzag."));
    }
}

#[test]
fn a_fetch_that_fails_says_why_and_can_be_tried_again() {
    for theme in THEMES {
        let mut window = Window::stocked(theme);
        window.press("Fetch zigzag");
        assert!(!window.can("Fetch zigzag"), "not twice at once");
        window.tell(Job::Fetch, Event::Failed("no connection\n  Try again later.".into()));
        assert!(window.says("Fetching zigzag failed: no connection"));
        window.tell(Job::Survey, Event::Finished(disk(&["cat"], &[])));
        assert!(window.can("Fetch zigzag"));
    }
}

#[test]
fn a_disk_that_cannot_be_read_says_why() {
    let mut window = Window::open(THEMES[1]);
    window.tell(Job::Survey, Event::Failed("cannot list the drawings: permission denied".into()));
    assert!(window.says("permission denied"));
    assert!(window.can("Look again"));
}

#[test]
fn a_newcomer_can_start_at_once_and_everything_chosen_arrives() {
    for theme in THEMES {
        let mut window = Window::stocked(theme);
        assert!(window.says("Nothing is training"));
        assert!(window.says("procedural"), "made-up drawings are labelled");
        assert!(window.can("Start training"));
        window.press("bus");
        window.press("Standard");
        window.asked();
        window.press("Start training");
        let request = started(&mut window);
        assert_eq!(request.categories, ["bus", "cat"]);
        assert_eq!(request.preset.name, "standard");
        assert_eq!((request.length, request.seed, request.resume), (Length::Preset, 1, false));
        assert_eq!((request.out, request.threads), (PathBuf::from("runs/bus-cat-standard"), 2));
        assert!(request.preview.is_some() && request.from.is_none());
    }
}

#[test]
fn a_training_can_begin_with_the_base_with_a_model_or_with_nothing() {
    let mut window = Window::stocked(THEMES[0]);
    // The preset that is made for it chooses the base; the next one does not keep it.
    window.press("Finetune");
    window.asked();
    window.press("Start training");
    let request = started(&mut window);
    assert_eq!((request.preset.name.as_str(), request.from), ("finetune", Some(PathBuf::from("base"))));
    let mut window = Window::stocked(THEMES[0]);
    window.press("Finetune");
    window.press("Quick");
    window.asked();
    window.press("Start training");
    assert_eq!(started(&mut window).from, None);
    let mut window = Window::stocked(THEMES[0]);
    window.press("the base");
    window.asked();
    window.press("Start training");
    assert_eq!(started(&mut window).from, Some(PathBuf::from("base")));
}

#[test]
fn settings_come_from_the_limits_table_and_reach_the_run() {
    let mut window = Window::stocked(THEMES[0]);
    window.press("Advanced");
    let quick = denoodle::config::load("quick").expect("built in");
    // Another codec has other settings.
    let fields: Vec<String> = denoodle::config::preset::numbers(&quick).into_iter().map(|(field, _)| field).collect();
    for limit in denoodle::config::LIMITS.iter().filter(|limit| fields.iter().any(|field| field == limit.field)) {
        // Names may repeat (steps of training and of drawing), but none is missing.
        assert!(window.harness.query_all_by_label(limit.label).count() > 0, "{} has no control", limit.field);
    }
    let batch = window.harness.get_all_by_label("Batch").find(|node| node.accesskit_node().role() == eframe::egui::Role::SpinButton);
    batch.expect("a number to change").set_value_accesskit(64.0);
    window.settle();
    window.press("Mirror");
    assert!(window.can("Reset to preset"));
    window.asked();
    window.press("Start training");
    let request = started(&mut window);
    assert_eq!(request.preset.train.batch, 64);
    assert!(!request.preset.train.augment.flip);
}

#[test]
fn the_device_is_the_best_there_is_or_the_one_that_was_chosen() {
    let mut window = Window::stocked(THEMES[0]);
    window.press("Start training");
    assert_eq!(started(&mut window).device, DeviceChoice::Auto);
    let mut window = Window::stocked(THEMES[0]);
    window.press("Device");
    assert!(window.can("Best there is"));
    assert_eq!(window.can("NVIDIA card"), cfg!(feature = "cuda"));
    assert_eq!(window.can("Apple GPU"), cfg!(feature = "metal"));
    window.press("Processor");
    window.asked();
    window.press("Start training");
    assert_eq!(started(&mut window).device, DeviceChoice::Cpu);
}

#[test]
fn what_does_not_fit_together_cannot_be_started() {
    for theme in THEMES {
        let mut window = Window::stocked(theme);
        *window.harness.state_mut().state_mut().form.settings.row("model.heads").expect("a row").1 = 7.0;
        window.settle();
        assert!(!window.can("Start training"));
        assert!(window.says("model.heads is 7"));
        window.press("Reset to preset");
        assert!(window.can("Start training"));
    }
}

#[test]
fn the_base_is_offered_to_presets_of_its_own_system_alone() {
    for theme in THEMES {
        let mut window = Window::stocked(theme);
        assert!(window.can("the base"));
        state(&mut window).form.start = StartFrom::Base;
        state(&mut window).act(TrainAction::UsePreset("unet1d_small".into()).into());
        window.settle();
        assert!(!window.can("the base") && window.can("Start training"), "it begins from scratch then");
        state(&mut window).form.start = StartFrom::Base;
        window.settle();
        assert!(!window.can("Start training") && window.says("The base is of another system than this preset"));
    }
}

#[test]
fn changes_that_a_preset_took_the_place_of_come_back() {
    let mut window = Window::stocked(THEMES[0]);
    let batch = |window: &mut Window, to: f64| {
        *window.harness.state_mut().state_mut().form.settings.row("train.batch").expect("a row").1 = to;
        window.settle();
    };
    window.press("Standard");
    assert!(!window.has("Bring my changes back"), "nothing was changed, so nothing is lost");
    batch(&mut window, 48.0);
    for way in ["Reset to preset", "Quick"] {
        window.press(way);
        assert_ne!(window.harness.state().state().form.settings.get("train.batch"), Some(48.0));
        window.press("Bring my changes back");
        let form = &window.harness.state().state().form;
        assert_eq!((form.settings.base().name.as_str(), form.settings.get("train.batch")), ("standard", Some(48.0)), "{way}");
    }
    // The other way round as well: what gives way to them is kept in turn.
    window.press("Quick");
    batch(&mut window, 32.0);
    window.press("Bring my changes back");
    window.press("Bring my changes back");
    let form = &window.harness.state().state().form;
    assert_eq!((form.settings.base().name.as_str(), form.settings.get("train.batch")), ("quick", Some(32.0)));
}

#[test]
fn a_running_training_shows_how_it_goes() {
    for theme in THEMES {
        let mut window = training(theme);
        window.tell_all(Job::Train, [tested(2, 0.8), Event::Saved(2), Event::Message("9 drawings are left out".into())]);
        assert!(window.says("Training cat"));
        assert!(window.says("Step 2 of 100, 1 min 38 s left."));
        assert!(window.says("2.000"), "steps a second: 256 drawings a second in batches of 128");
        assert_eq!(window.harness.query_all_by_label("/s").count(), 2, "steps and drawings");
        assert!(window.says("0.00120") && window.says("0.750"), "learning rate and gradient norm");
        assert!(window.has("512") && window.has("MB"), "memory");
        window.harness.get_by_label("Memory").hover();
        window.harness.run_steps(8);
        assert!(window.says("at most 640 MB so far"));
        assert!(window.says("9 drawings are left out"));
        assert!(window.says("training cat: step 2 of 100   256 drawings/s"), "the status line");
        assert!(window.has("Loss over steps") && window.says("checkpoint"));
        assert!(window.says("step 2\nEvery step (pale blue): 0.900"), "told to those who cannot see it");
        for switch in ["Every step", "Smoothed", "Test", "Stop loss", "Logarithmic"] {
            let before = window.harness.get_by_label(switch).accesskit_node().toggled();
            window.press(switch);
            assert_ne!(window.harness.get_by_label(switch).accesskit_node().toggled(), before, "{switch}");
        }
        assert!(window.can("Pause") && window.can("Stop"));
        assert!(!window.has("Start training"), "one training at a time");
        assert!(!window.can("cat"), "the choice is fixed while it runs");
        window.hand_over(Preview { step: 2, sketches: vec![sketch(); 12] });
        assert!(window.says("after step 2, always the same seeds"));
        assert!(window.has("Preview drawing 12"));
    }
}

#[test]
fn the_plot_tells_the_values_of_the_step_under_the_pointer() {
    for theme in THEMES {
        let mut window = training(theme);
        window.tell_all(Job::Train, [tested(2, 0.8), Event::Saved(1)]);
        // From step 0 to step 2: the first step lies in the middle.
        let middle = window.harness.get_by_label("Loss over steps").rect().center();
        window.harness.hover_at(middle);
        window.settle();
        for told in ["Every step (pale blue): 1.000", "Smoothed (blue): 1.000", "Test (orange): 0.800 at step 2", "checkpoint of step 1"] {
            assert!(window.says(told), "{told}");
        }
        assert!(!window.says("Stop loss ("), "it is not shown");
    }
}

/// The bar below the preview sheet.
const SCRUB: &str = "Scrub through training";

/// A training with these preview sheets, and curves as far.
pub fn previewed(theme: eframe::egui::Theme, sheets: &[u64]) -> Window {
    let mut window = training(theme);
    for &sheet in sheets {
        window.tell(Job::Train, step(sheet + 1, Some(9_000), 0.5));
        window.hand_over(Preview { step: sheet, sketches: vec![sketch(); 12] });
    }
    window
}

/// True if the sheet of this step is shown, and whether the newest is followed.
fn shows(window: &Window, step: &str, newest: bool) -> bool {
    // While it is looked back, its place is marked on the curves.
    let marked = window.says(&format!("The preview sheet shown was drawn after step {step}"));
    let named = window.says(&format!("after step {step}, always the same seeds"));
    named && window.has("· newest") == newest && marked != newest && window.can("Newest") != newest
}

#[test]
fn an_earlier_preview_stays_in_view_until_the_newest_is_asked_for() {
    for theme in THEMES {
        let window = previewed(theme, &[100]);
        assert!(window.says("after step 100") && !window.has(SCRUB) && !window.has("Newest"), "one sheet has no past");
        let mut window = previewed(theme, &[100, 1_200, 1_300]);
        assert!(shows(&window, "1 300", true));
        assert_eq!(window.harness.get_by_label(SCRUB).accesskit_node().numeric_value(), Some(2.0));
        window.harness.state_mut().state_mut().act(TrainAction::ShowSheet(0).into());
        window.settle();
        assert!(shows(&window, "100", false));
        assert!(window.says("After step 100. The same seeds each time, so that what changes is the model."), "the bar says it");
        window.harness.get_by_label(SCRUB).increment_accesskit();
        window.settle();
        assert!(shows(&window, "1 200", false) && window.has("Preview drawing 12"));
        window.hand_over(Preview { step: 1_400, sketches: vec![sketch(); 7] });
        assert!(shows(&window, "1 200", false) && window.has("Preview drawing 12"));
        assert_eq!(window.harness.get_by_label(SCRUB).accesskit_node().numeric_value(), Some(1.0));
        window.press("Newest");
        assert!(shows(&window, "1 400", true) && window.has("Preview drawing 7") && !window.has("Preview drawing 8"));
        window.hand_over(Preview { step: 1_500, sketches: vec![sketch(); 12] });
        assert!(shows(&window, "1 500", true), "it is followed again");
    }
}

#[test]
fn previews_are_scrubbed_by_keys_and_by_dragging() {
    let mut window = previewed(THEMES[0], &[10, 20, 30, 40, 50]);
    window.harness.get_by_label(SCRUB).focus();
    window.settle();
    for (key, step, newest) in [
        (Key::ArrowLeft, "40", false),
        (Key::ArrowLeft, "30", false),
        (Key::ArrowRight, "40", false),
        (Key::ArrowRight, "50", true),
        (Key::ArrowRight, "50", true),
        (Key::ArrowLeft, "40", false),
    ] {
        window.keys(Modifiers::NONE, key);
        assert!(shows(&window, step, newest), "{key:?} to {step}");
    }
    let middle = window.harness.get_by_label(SCRUB).rect().center();
    window.harness.drag_at(middle);
    window.harness.step();
    window.harness.drop_at(middle);
    window.settle();
    assert!(shows(&window, "30", false));
    window.keys(Modifiers::NONE, Key::ArrowLeft);
    assert!(shows(&window, "20", false), "whoever dragged it can go on with the keys");
}

#[test]
fn another_training_has_previews_of_its_own() {
    let mut window = previewed(THEMES[1], &[10, 20]);
    let model = "runs/cat-quick/best.safetensors".into();
    window.tell(Job::Train, Event::Finished(Outcome::Trained { steps: 30, model, complete: true }));
    assert!(shows(&window, "20", true), "what was drawn can be looked at when all is done");
    window.press("Start training");
    assert!(!window.has(SCRUB) && !window.says("after step 20"));
}

#[test]
fn pause_resume_and_stop_reach_the_worker() {
    for theme in THEMES {
        let mut window = training(theme);
        window.press("Pause");
        assert!(matches!(window.asked()[..], [Asked::Pause(Job::Train, true)]));
        assert!(window.has("Paused") && window.says("Nothing is computed until you resume."));
        window.press("Resume");
        assert!(matches!(window.asked()[..], [Asked::Pause(Job::Train, false)]));
        window.press("Stop");
        assert!(matches!(window.asked()[..], [Asked::Stop(Job::Train, Reason::Stopped)]));
        assert!(window.has("Stopping") && !window.can("Stop") && !window.can("Pause"));
        window.tell(
            Job::Train,
            Event::Finished(Outcome::Trained { steps: 2, model: "runs/cat-quick/newest.safetensors".into(), complete: false }),
        );
        assert!(window.has("Stopped") && window.says("Saved after 2 steps"));
        window.asked();
        window.press("Continue");
        let request = started(&mut window);
        assert!(request.resume && request.length == Length::Steps(100), "goes on to the planned steps: {:?}", request.length);
    }
}

#[test]
fn memory_is_a_dash_where_the_system_does_not_tell() {
    let mut window = training(THEMES[1]);
    let dashes = |window: &Window| window.harness.query_all_by_label("–").count();
    let before = dashes(&window);
    let Event::Step(last) = step(3, Some(100), 0.8) else { panic!("a step") };
    window.tell(Job::Train, Event::Step(TrainProgress { memory: None, ..last }));
    assert!(window.has("Memory") && !window.has("MB"));
    assert_eq!(dashes(&window), before + 1);
}

#[test]
fn what_a_system_tells_beside_its_losses_is_shown() {
    let mut window = training(THEMES[0]);
    assert!(!window.says("Pen accuracy"), "most systems tell nothing");
    let mut with = |event, value| {
        let figure = Some(Figure { name: "pen_accuracy", value });
        let event = match event {
            Event::Step(step) => Event::Step(TrainProgress { losses: Losses { figure, ..step.losses }, ..step }),
            Event::Tested(test) => Event::Tested(TestLoss { losses: Losses { figure, ..test.losses }, ..test }),
            other => other,
        };
        window.tell(Job::Train, event);
        window.has("Pen accuracy") && window.says(&format!("{:.1}", 100.0 * value))
    };
    assert!(with(step(3, Some(100), 0.4), 0.875));
    // Test drawings count for more.
    assert!(with(tested(3, 0.5), 0.921));
}

#[test]
fn a_finished_training_leads_to_its_model() {
    for theme in THEMES {
        let mut window = training(theme);
        window.tell(
            Job::Train,
            Event::Finished(Outcome::Trained { steps: 100, model: "runs/cat-quick/best.safetensors".into(), complete: true }),
        );
        assert!(window.has("Finished") && window.says("All 100 steps are made"));
        assert!(matches!(window.asked()[..], [Asked::Start(Job::Survey, _)]));
        assert!(window.can("Start training") && !window.has("Continue"));
        window.press("Draw with this model");
        assert!(window.has("Nothing drawn yet"));
        assert_eq!(window.harness.state().state().play.model, "runs/cat-quick");
    }
}

#[test]
fn a_failure_is_said_in_its_own_words_with_what_to_do() {
    for theme in THEMES {
        let mut window = training(theme);
        window
            .tell(Job::Train, Event::Failed("cannot read the drawings: truncated\n  in cat.ndjson.gz, line 7\n  Fetch them again.".into()));
        assert!(window.has("Training failed"));
        for part in ["Cannot read the drawings: truncated", "in cat.ndjson.gz, line 7", "Fetch them again.", "Nothing was saved."] {
            assert!(window.says(part), "{part}");
        }
        assert!(window.can("Start training") && !window.has("Continue"));
        let mut window = training(theme);
        window.tell_all(Job::Train, [Event::Saved(2), Event::Failed("the disk is full".into())]);
        assert!(window.says("The checkpoint after step 2 is safe") && window.can("Continue"));
    }
}

#[test]
fn a_roll_back_is_said_and_the_curve_goes_back() {
    for theme in THEMES {
        let mut window = training(theme);
        window.tell_all(Job::Train, (3..=50).map(|i| step(i, Some(100), 0.5)));
        window.tell_all(Job::Train, [Event::Message("step 51: the loss is NaN".into()), step(41, Some(100), 0.5)]);
        assert!(window.says("Rolled back from step 50 to step 40."));
        assert!(window.says("step 51: the loss is NaN"));
        let curves = &window.harness.state().state().run.curves;
        let last = curves.train.pieces(0.0, 1e9, 1000).concat().last().copied();
        assert_eq!(last, Some([41.0, 0.5]));
    }
}

#[test]
fn a_stopped_run_can_be_gone_on_with_later() {
    for theme in THEMES {
        let mut window = Window::stocked(theme);
        window.press("a stopped run");
        assert!(!window.can("Start training") && window.says("Choose the run to go on with."));
        window.harness.state_mut().state_mut().form.from = "there/is/none".into();
        window.settle();
        window.asked();
        window.press("Start training");
        assert!(window.has("Training failed") && window.says("This folder holds no run"));
        assert!(window.asked().is_empty());
    }
}

#[test]
fn a_long_run_with_holes_needs_bounded_memory() {
    let mut window = training(THEMES[1]);
    let loss = |i: u64| if i.is_multiple_of(1000) { f64::NAN } else { 0.3 };
    window.tell_all(Job::Train, (3..40_000).map(|i| step(i, None, loss(i))));
    let curves = &window.harness.state().state().run.curves;
    for series in [&curves.train, &curves.smooth, &curves.side] {
        assert!(series.held() <= RECENT + 2 * BUCKETS);
    }
    assert!(window.says("Step 39 999."), "without a plan there is no total and no time left");
}

#[test]
fn searching_narrows_the_list() {
    let mut window = Window::stocked(THEMES[0]);
    window.harness.get_by_label("Search categories").focus();
    window.harness.get_by_label("Search categories").type_text("zig");
    window.settle();
    assert!(window.says("zigzag") && window.has("Fetch zigzag"));
    assert!(!window.has("rabbit"));
    window.harness.get_by_label("Search categories").type_text("qqq");
    window.settle();
    assert!(window.says("No category is called “zigqqq”."));
}

#[test]
fn control_enter_starts_and_stops() {
    let mut window = Window::stocked(THEMES[0]);
    window.asked();
    window.keys(CTRL, Key::Enter);
    assert!(matches!(window.asked()[..], [Asked::Start(Job::Train, _)]));
    window.keys(CTRL, Key::P);
    assert!(matches!(window.asked()[..], [Asked::Pause(Job::Train, true)]));
    window.keys(CTRL, Key::P);
    window.asked();
    window.keys(CTRL, Key::Enter);
    assert!(matches!(window.asked()[..], [Asked::Stop(Job::Train, _)]));
}
