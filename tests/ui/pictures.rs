//! Pictures of the window, painted by Mesa's software Vulkan driver (Debian: `mesa-vulkan-drivers`).
//!
//! The main ones are compared with those in `tests/snapshots`. After a change that was meant, `UPDATE_SNAPSHOTS=true cargo test --test ui
//! pictures` puts the new ones there, to be looked at. `DENOODLE_PICTURES=some/folder cargo test --test ui pictures -- --ignored` writes every
//! state in two sizes.

use std::path::Path;

use denoodle::session::{Event, Portion};
use denoodle::studio::engine::Job;
use eframe::egui::{Key, Modifiers, Rect, Theme, vec2};
use egui_kittest::SnapshotResults;
use egui_kittest::kittest::NodeT as _;

use crate::denoise::made_up::{noised, traced, whole};
use crate::support::*;
use crate::{categories, compare, denoise, draw, evaluate, interpolate, play, runs, train};

/// The smallest size that the window takes, and the one it opens with.
const SIZES: [(f32, f32); 2] = [(1100.0, 700.0), (1440.0, 900.0)];

/// One workspace each, at work.
const MAIN: &[Scene] = &[
    ("categories", |theme| {
        let mut window = categories::looking(theme);
        let cards = categories::cards(&window.asked());
        if let Some(request) = cards {
            window.tell(Job::Cards, categories::thumbnails(&request, &[]));
        }
        let category = categories::selected(&mut window);
        window.tell(Job::Browse, categories::page(&category, Portion::All, 0, 60));
        window
    }),
    ("train", |theme| {
        let mut window = train::training(theme);
        // A curve as curves are: steep, then flat, never smooth.
        let loss = |i: u64| 0.4 + 0.6 / (1.0 + i as f64 / 30.0) + 0.03 * ((i * 7919 % 100) as f64 / 100.0 - 0.5);
        window.tell_all(Job::Train, (3..400).map(|i| step(i, Some(1000), loss(i))));
        window.tell_all(Job::Train, (1..8).map(|i| tested(i * 50, loss(i * 50) + 0.02)));
        window
    }),
    ("denoise", denoise::following),
    ("play", play::playing),
    ("draw", draw::with_continuations),
    ("interpolate", interpolate::drawn),
    ("evaluate", |theme| {
        let mut window = evaluate::states::of("evaluate-done")(theme);
        window.harness.state_mut().state_mut().evaluation.explained = None;
        window.settle();
        window
    }),
    ("compare", |theme| {
        let mut window = compare::running(theme);
        window.tell(Job::Compare, compare::finished());
        window
    }),
];

/// States that are not workspaces at work: nothing yet, running, failed, and what lies over a workspace or in its place.
const STATES: &[Scene] = &[
    ("nothing-yet", Window::open),
    ("train-previewed", |theme| train::previewed(theme, &[100, 200, 300])),
    ("train-failed", |theme| {
        let mut window = train::training(theme);
        window.tell_all(
            Job::Train,
            [Event::Saved(2), Event::Failed("the disk is full\n  in runs/cat-quick\n  Make room, then continue.".into())],
        );
        window
    }),
    ("runs", |theme| runs::listing(theme, runs::three())),
    ("lesson", denoise::lesson::lesson),
    ("denoise-whole", |theme| {
        let mut window = Window::stocked(theme);
        window.press("Denoise");
        window.tell(Job::Trace, whole());
        window.keys(Modifiers::NONE, Key::ArrowRight);
        window
    }),
    ("presented", |theme| {
        let mut window = denoise::following(theme);
        window.keys(Modifiers::NONE, Key::F5);
        window
    }),
    ("commands", |theme| {
        let mut window = play::playing(theme);
        window.keys(CTRL, Key::K);
        window
    }),
    ("evaluate-running", |theme| evaluate::states::of("evaluate-running")(theme)),
    ("compare-running", compare::running),
];

/// What else a person may come to see.
const OTHERS: &[Scene] = &[
    ("denoise-beside", |theme| {
        let mut window = denoise::following(theme);
        window.press("Compare settings");
        window.tell(Job::Trace, traced(3, 8, Some(8)));
        window
    }),
    ("denoise-noise", |theme| {
        let mut window = denoise::following(theme);
        window.press("Add noise");
        window.tell(Job::Noise, noised(3));
        window
    }),
    ("messages", |theme| {
        let mut window = play::playing(theme);
        window.keys(CTRL, Key::M);
        window
    }),
];

/// Whether the driver is there; says so if it is not.
fn painter() -> bool {
    let folders = ["/usr/share/vulkan/icd.d", "/etc/vulkan/icd.d"].map(Path::new);
    let drivers = folders.into_iter().filter_map(|folder| folder.read_dir().ok()).flatten().flatten();
    let there = drivers.into_iter().any(|driver| driver.file_name().to_string_lossy().starts_with("lvp"));
    if !there {
        // Past the capture of passing tests: a skip must be seen.
        use std::io::Write as _;
        let _ =
            writeln!(std::io::stderr(), "skipped: no software Vulkan driver (Debian: mesa-vulkan-drivers), so that nothing can be painted");
    }
    there
}

fn tone(theme: Theme) -> &'static str {
    if theme == Theme::Dark { "dark" } else { "light" }
}

#[test]
fn every_workspace_looks_as_it_did() {
    if !painter() {
        return;
    }
    // All of them are looked at before any difference is told.
    let mut results = SnapshotResults::new();
    for theme in THEMES {
        for (name, make) in MAIN.iter().chain(STATES) {
            let mut window = make(theme);
            window.harness.set_size(SIZES[0].into());
            window.settle();
            window.harness.snapshot(format!("{name}-{}", tone(theme)));
            results.extend_harness(&mut window.harness);
        }
    }
}

#[test]
fn twice_the_resolution_looks_the_same() {
    if !painter() {
        return;
    }
    let mut window = play::playing(Theme::Light);
    window.harness.set_pixels_per_point(2.0);
    window.settle();
    window.harness.set_size(SIZES[0].into());
    window.settle();
    let large = window.harness.render().expect("painted");
    assert_eq!((large.width(), large.height()), (2200, 1400));
    window.harness.snapshot("play-light-2x");
}

/// Where everything lies that has a name, in points.
fn places(window: &Window) -> Vec<(String, Rect)> {
    let named = |node: egui_kittest::Node<'_>| {
        node.accesskit_node().raw_bounds()?;
        Some((node.accesskit_node().label()?, node.rect()))
    };
    window.harness.root().children_recursive().filter_map(named).collect()
}

#[test]
fn every_workspace_is_laid_out_alike_at_twice_the_resolution() {
    for (name, make) in MAIN {
        let mut window = make(Theme::Light);
        window.harness.set_size(SIZES[0].into());
        window.settle();
        let once = places(&window);
        // Twice as large before, so that it never is half as large: panels would stay narrower.
        window.harness.set_size(vec2(2.0 * SIZES[0].0, 2.0 * SIZES[0].1));
        window.settle();
        window.harness.set_pixels_per_point(2.0);
        window.settle();
        window.harness.set_size(SIZES[0].into());
        window.settle();
        let twice = places(&window);
        assert_eq!(once.len(), twice.len(), "{name}");
        for ((label, here), (other, there)) in once.iter().zip(&twice) {
            assert_eq!(label, other, "{name}");
            // Letters are a little wider or narrower where they meet other pixels, and numbers have other decimals.
            assert!(
                (here.min - there.min).length() < 16.0 && (here.size() - there.size()).length() < 16.0,
                "{name}: {label}: {here} {there}"
            );
        }
    }
}

/// A window manager may make it so, whatever was asked of it.
#[test]
fn a_window_that_is_far_too_small_is_no_fault() {
    for (name, make) in MAIN.iter().chain(STATES).chain(OTHERS).chain(evaluate::states::STATES) {
        let mut window = make(Theme::Light);
        for size in [(550.0, 350.0), (240.0, 120.0), (40.0, 30.0), SIZES[0]] {
            window.harness.set_size(size.into());
            window.settle();
        }
        assert!(!places(&window).is_empty(), "{name}");
    }
}

#[test]
#[ignore = "writes pictures for people to look at"]
fn pictures_of_every_state() {
    let folder = std::env::var("DENOODLE_PICTURES").expect("DENOODLE_PICTURES names a folder");
    let only = std::env::var("DENOODLE_STATE").unwrap_or_default();
    std::fs::create_dir_all(&folder).expect("a folder");
    let all = MAIN.iter().chain(STATES).chain(OTHERS).chain(evaluate::states::STATES);
    for (name, make) in all.filter(|(name, _)| name.contains(&only)) {
        for theme in THEMES {
            let mut window = make(theme);
            for (width, height) in SIZES {
                window.harness.set_size(vec2(width, height));
                window.settle();
                let picture = window.harness.render().expect("painted");
                picture.save(Path::new(&folder).join(format!("{name}-{}-{width}x{height}.png", tone(theme)))).expect("a picture");
            }
        }
    }
}
