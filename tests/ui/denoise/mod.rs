//! The Denoise workspace in every state that it can be in.

pub mod lesson;
pub mod made_up;

use std::path::PathBuf;

use denoodle::config::NoiseSchedule;
use denoodle::session::{Capabilities, Clean, Command, DrawRequest, Event, NoiseRequest, Outcome, TraceRequest};
use denoodle::studio::action::{Action, DenoiseAction};
use denoodle::studio::engine::Job;
use denoodle::studio::state::Workspace;
use denoodle::studio::state::denoise::{Denoise, Phase};
use denoodle::util::Reason;
use eframe::egui::{Key, Modifiers, Theme};
use egui_kittest::kittest::{NodeT, Queryable};
use made_up::{STEPS, STROKES, noised, traced, unable, whole, whole_of};

use crate::support::*;

fn denoise(window: &mut Window) -> &mut Denoise {
    &mut state(window).denoise
}

fn followed(window: &mut Window) -> TraceRequest {
    match window.asked().pop() {
        Some(Asked::Start(Job::Trace, Command::Trace(request))) => *request,
        other => panic!("nothing was to be followed but {other:?}"),
    }
}

fn noise(window: &mut Window) -> NoiseRequest {
    match window.asked().pop() {
        Some(Asked::Start(Job::Noise, Command::Noise(request))) => *request,
        other => panic!("no noise was to be added but {other:?}"),
    }
}

/// A window that follows a drawing of three strokes, and holds.
pub fn following(theme: Theme) -> Window {
    let mut window = Window::stocked(theme);
    window.press("Denoise");
    window.asked();
    window.tell(Job::Trace, traced(STROKES, STEPS, None));
    window.press("Hold");
    window.keys(Modifiers::NONE, Key::Home);
    window
}

#[test]
fn the_list_of_commands_goes_there_and_follows_once() {
    let mut window = Window::stocked(THEMES[0]);
    window.asked();
    window.keys(CTRL, Key::K);
    window.harness.get_by_label("Find a command").type_text("denoise: follow");
    window.settle();
    window.keys(Modifiers::NONE, Key::Enter);
    assert_eq!(state(&mut window).workspace, Workspace::Denoise);
    assert!(matches!(window.asked()[..], [Asked::Start(Job::Trace, _)]));
    assert!(state(&mut window).why_not(&DenoiseAction::Follow.into()).is_some(), "it is under way");
    window.tell(Job::Trace, traced(STROKES, STEPS, None));
    assert!(window.asked().is_empty() && denoise(&mut window).trace().is_some());
}

#[test]
fn without_a_model_it_says_so_and_leads_to_training() {
    for theme in THEMES {
        let mut window = Window::open(theme);
        window.tell(Job::Survey, Event::Finished(disk(&["cat"], &[])));
        window.press("Denoise");
        assert!(window.has("No model yet") && window.asked().iter().all(|asked| !matches!(asked, Asked::Start(Job::Trace, _))));
        assert!(!window.can("Next drawing"));
    }
}

#[test]
fn whoever_comes_here_sees_a_drawing_come_out_of_noise() {
    for theme in THEMES {
        let mut window = Window::stocked(theme);
        window.asked();
        window.keys(CTRL, Key::Num3);
        assert_eq!(state(&mut window).workspace, Workspace::Denoise);
        let request = followed(&mut window);
        assert_eq!((request.draw.model, request.draw.count, request.draw.first), (PathBuf::from("runs/cat-quick"), 1, 0));
        assert!(request.draw.settings.is_none() && request.beside.is_none(), "the model's own");
        window.tell(Job::Trace, Event::Stage("reading the model".into()));
        assert!(window.has("Drawing…") && window.says("Reading the model.") && window.says("following a drawing"));
        window.tell(Job::Trace, traced(STROKES, STEPS, None));
        assert!(window.says("Stroke 1 of 3") && window.says("First stroke, pure noise"));
        assert!(window.has("Hold"), "it plays");
        for pane in ["Strokes so far", "Noisy line", "Predicted line", "Noise schedule", "Stroke 1 at this noise level"] {
            assert!(window.harness.query_all_by_label(pane).count() > 0, "{pane}");
        }
        // Coming again asks for nothing more.
        window.press("Play");
        window.press("Denoise");
        assert!(window.asked().is_empty());
    }
}

#[test]
fn it_plays_stroke_after_stroke_to_the_end() {
    let mut window = following(THEMES[0]);
    window.keys(Modifiers::NONE, Key::Space);
    window.wait(0.5);
    let at = denoise(&mut window).position.at;
    assert!(at > 1.0 && at < 4.0, "{at}");
    window.wait(8.0);
    let position = denoise(&mut window).position.clone();
    assert_eq!((position.part, position.at, position.playing), (STROKES - 1, STEPS as f32, false));
    assert!(window.says("Third stroke, finished") && window.says("90 %"));
    // From the end it begins anew.
    window.press("Play steps");
    assert_eq!(denoise(&mut window).position.part, 0);
    // In slow motion it takes five times as long.
    denoise(&mut window).position.speed = 0.2;
    let before = denoise(&mut window).position.at;
    window.wait(0.5);
    assert!(denoise(&mut window).position.at - before < 1.0);
}

#[test]
fn buttons_and_keys_step_noise_and_strokes() {
    let mut window = following(THEMES[1]);
    let at = |window: &mut Window| (denoise(window).position.part, denoise(window).position.at);
    let cases = [
        (Modifiers::NONE, Key::ArrowRight, (0, 1.0)),
        (Modifiers::SHIFT, Key::ArrowRight, (1, 1.0)),
        (Modifiers::NONE, Key::End, (1, 4.0)),
        (Modifiers::NONE, Key::ArrowRight, (1, 4.0)),
        (Modifiers::NONE, Key::ArrowLeft, (1, 3.0)),
        (Modifiers::SHIFT, Key::ArrowRight, (2, 3.0)),
        (Modifiers::SHIFT, Key::ArrowRight, (2, 3.0)),
        (Modifiers::SHIFT, Key::ArrowLeft, (1, 3.0)),
        (Modifiers::NONE, Key::Home, (1, 0.0)),
    ];
    for (modifiers, key, expected) in cases {
        window.keys(modifiers, key);
        assert_eq!(at(&mut window), expected, "{modifiers:?} {key:?}");
    }
    for (name, expected) in [
        ("Next step", (1, 1.0)),
        ("Next stroke", (2, 1.0)),
        ("Previous step", (2, 0.0)),
        ("Previous stroke", (1, 0.0)),
        ("Stroke 3", (2, 0.0)),
    ] {
        window.press(name);
        assert_eq!(at(&mut window), expected, "{name}");
    }
}

#[test]
fn the_bar_is_a_slider_by_steps() {
    let mut window = following(THEMES[0]);
    let bar = window.harness.get_by_label("Noise level");
    assert_eq!(bar.accesskit_node().numeric_value(), Some(0.0));
    bar.increment_accesskit();
    window.settle();
    assert_eq!(denoise(&mut window).position.at, 1.0);
    let middle = window.harness.get_by_label("Noise level").rect().center();
    window.harness.drag_at(middle);
    window.harness.step();
    window.harness.drop_at(middle);
    window.settle();
    assert_eq!(denoise(&mut window).position.at, 2.0, "it stands on a step");
}

#[test]
fn the_numbers_of_a_step_are_said_and_explained() {
    let mut window = following(THEMES[0]);
    for (step, says) in [(1.0, ["1 of 4", "0.2", "0.25"]), (2.0, ["2 of 4", "0.962", "25"]), (4.0, ["4 of 4", "no noise", "1"])] {
        state(&mut window).act(DenoiseAction::Noise(step).into());
        window.settle();
        assert!(says.into_iter().all(|part| window.says(part)), "step {step}: {says:?}");
    }
    // What stands behind this stroke, not before it.
    assert!(window.says("2 %"));
    window.press("In formulas");
    window.settle();
    assert!(window.says("x t equals x 0 plus sigma epsilon") && window.says("alpha bar equals 1 over 1 plus sigma squared"));
    assert!(window.says("SNR equals alpha bar over 1 minus alpha bar") && window.says("Karras et al. 2022, equation 5"));
    assert!(window.says("D equals D none, plus w c times D cat minus D none") && window.says("Brooks et al. 2023"));
    assert!(window.says("softmax of q times k transposed over the root of d"));
}

#[test]
fn formulas_are_those_of_the_model_at_hand() {
    for theme in THEMES {
        let mut window = Window::stocked(theme);
        window.press("Denoise");
        window.tell(Job::Trace, whole());
        window.press("In formulas");
        window.settle();
        assert!(window.says("x 0 is about D of x t, sigma, category") && window.says("plus w times D cat minus D none"));
        assert!(!window.says("sigma, strokes so far") && !window.says("softmax") && !window.says("D hist cat"));
        for (schedule, says) in [(NoiseSchedule::Cosine, "Nichol & Dhariwal 2021"), (NoiseSchedule::Linear, "Ho et al. 2020")] {
            let followed = denoise(&mut window).followed.as_mut().expect("followed");
            followed.traced.own.schedule = schedule;
            window.settle();
            assert!(window.says(says) && !window.says("Karras et al. 2022, equation 5"), "{schedule:?}");
        }
    }
}

#[test]
fn attention_is_a_switch_and_is_told() {
    let mut window = following(THEMES[0]);
    window.press("Show attention");
    assert!(denoise(&mut window).attention);
    window.keys(Modifiers::NONE, Key::A);
    assert!(!denoise(&mut window).attention);
    window.press("Stroke 3");
    window.keys(Modifiers::NONE, Key::ArrowRight);
    assert!(window.says("it attended most to the second stroke (30 %)"));
}

#[test]
fn settings_are_followed_and_compared_on_the_same_drawing() {
    for theme in THEMES {
        let mut window = following(theme);
        assert!(window.says("Guidance") && window.says("Denoising steps") && !window.says("compared"));
        window.press("Stroke 2");
        window.keys(Modifiers::NONE, Key::ArrowRight);
        window.asked();
        window.press("Compare settings");
        let request = followed(&mut window);
        assert!(request.draw.settings.is_none(), "as before");
        let beside = request.beside.expect("compared");
        assert_eq!((beside.guidance, beside.category_guidance, beside.steps), (1.0, 1.0, STEPS));
        window.tell(Job::Trace, traced(STROKES, STEPS, Some(8)));
        for name in ["Guidance compared", "Category guidance compared"] {
            assert!(window.harness.query_all_by_label(name).count() > 0, "{name}");
        }
        let denoise_now = denoise(&mut window);
        assert_eq!((denoise_now.position.part, denoise_now.position.at), (1, 1.0), "the place is kept");
        // Beside it is the same noise level, whatever the number of steps.
        let (now, beside) = (denoise_now.sight().expect("seen"), denoise_now.sight_beside().expect("seen"));
        assert!(beside.sigma >= now.sigma * 0.99, "{} and {}", now.sigma, beside.sigma);
        // Other settings ask again, and a third time when they were changed meanwhile.
        let ways = denoise(&mut window).ways.as_mut().expect("known");
        (ways.now.guidance, ways.now.steps) = (3.0, 12.0);
        let effects = state(&mut window).act(DenoiseAction::Settle.into());
        assert_eq!(effects.len(), 1);
        denoise(&mut window).ways.as_mut().expect("known").now.steps = 20.0;
        assert!(state(&mut window).act(DenoiseAction::Settle.into()).is_empty(), "one at a time");
        window.tell(Job::Trace, traced(STROKES, 12, Some(4)));
        let settings = followed(&mut window).draw.settings.expect("changed");
        assert_eq!((settings.guidance, settings.category_guidance, settings.steps), (3.0, 2.5, 20), "one guidance moves by itself");
        assert_eq!(denoise(&mut window).position.at, 3.0, "the same share of the way");
    }
}

#[test]
fn next_drawings_start_at_the_beginning_and_play() {
    let mut window = following(THEMES[0]);
    window.press("Stroke 3");
    window.asked();
    window.press("Next drawing");
    assert_eq!(followed(&mut window).draw.first, 1);
    assert!(window.says("drawing…"), "the former one stays meanwhile");
    assert!(!window.asked().iter().any(|asked| matches!(asked, Asked::Start(Job::Trace, _))));
    window.tell(Job::Trace, traced(2, STEPS, None));
    assert!(window.says("Stroke 1 of 2") && window.says("drawing 2") && window.has("Hold"));
    window.keys(CTRL, Key::Enter);
    assert_eq!(followed(&mut window).draw.first, 2);
    window.keys(CTRL, Key::Enter);
    assert!(matches!(window.asked()[..], [Asked::Stop(Job::Trace, Reason::Stopped)]));
    window.tell(Job::Trace, Event::Finished(Outcome::Cancelled));
    assert!(window.says("Stroke 1 of 2"), "what was there stays");
}

#[test]
fn another_model_is_followed_at_once_with_its_own_settings() {
    let mut window = following(THEMES[0]);
    denoise(&mut window).ways.as_mut().expect("known").now.guidance = 3.5;
    window.asked();
    let effects = state(&mut window).act(Action::UseModel("base".into()));
    let [denoodle::studio::state::Effect::Start(Job::Trace, Command::Trace(request))] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!((request.draw.model.as_path(), request.draw.category.as_deref()), (std::path::Path::new("base"), Some("owl")));
    assert!(request.draw.settings.is_none());
}

#[test]
fn four_other_ways_begin_with_the_same_strokes() {
    let mut window = following(THEMES[1]);
    window.press("Stroke 3");
    window.asked();
    window.press("Other ways on");
    let request: DrawRequest = match window.asked().pop() {
        Some(Asked::Start(Job::Continue, Command::Draw(request))) => *request,
        other => panic!("nothing was gone on with but {other:?}"),
    };
    assert_eq!((request.count, request.first, request.start.map(|start| start.strokes.len())), (4, 1, Some(2)));
    assert!(!window.can("Other ways on"));
    window.tell(Job::Continue, drawn(4));
    assert!(window.says("begin with the same 2 strokes"));
    for way in 1..=4 {
        assert!(window.has(&format!("Other way {way}")));
    }
    window.press("Other ways on");
    window.tell(Job::Continue, Event::Failed("the drawing to go on with has 24 strokes".into()));
    assert!(window.says("The drawing to go on with has 24 strokes.") && window.can("Other ways on"));
}

#[test]
fn noise_is_added_to_the_drawing_and_to_real_ones() {
    for theme in THEMES {
        let mut window = following(theme);
        window.asked();
        window.press("Add noise");
        let request = noise(&mut window);
        assert!(matches!(request.what, Clean::Given(sketch) if sketch.strokes.len() == STROKES));
        assert!(window.has("Adding noise…") || window.says("Adding noise…"));
        window.tell(Job::Noise, noised(STROKES));
        assert!(window.says("as it was drawn") && !window.says("Compare settings"));
        assert_eq!(denoise(&mut window).position.at, STEPS as f32, "it begins with the line");
        window.press("Play steps");
        window.wait(3.0);
        assert_eq!((denoise(&mut window).position.at, denoise(&mut window).position.playing), (0.0, false));
        assert!(window.says("pure noise: nothing of the line can be told any more"));
        window.asked();
        window.press("A real drawing");
        let request = noise(&mut window);
        assert!(matches!(&request.what, Clean::Real { category, number: 0, .. } if category == "cat"));
        window.tell(Job::Noise, Event::Failed("cannot read the drawings\n  in drawings/cat.ndjson".into()));
        assert!(window.has("No noise was added") && window.says("Cannot read the drawings."));
        window.press("The model's drawing");
        window.tell(Job::Noise, noised(STROKES));
        window.press("Take noise away");
        assert!(window.says("Compare settings"));
    }
}

#[test]
fn real_drawings_that_are_not_here_are_not_offered() {
    for theme in THEMES {
        let mut window = Window::open(theme);
        window.tell(Job::Survey, Event::Finished(disk(&[], &["runs/cat-quick"])));
        window.press("Denoise");
        window.tell(Job::Trace, traced(STROKES, STEPS, None));
        window.press("Add noise");
        window.tell(Job::Noise, noised(STROKES));
        assert!(!window.can("A real drawing"));
    }
}

#[test]
fn a_whole_canvas_is_one_part_with_no_strokes_to_choose() {
    for theme in THEMES {
        let mut window = Window::stocked(theme);
        window.press("Denoise");
        window.tell(Job::Trace, whole());
        assert!(window.has("The whole canvas") && window.has("The canvas at this noise level"));
        assert!(window.says("All lines of the canvas at once, as pure noise"));
        for absent in ["Next stroke", "Stroke 1", "Show attention", "Other ways on"] {
            assert!(window.harness.query_all_by_label(absent).count() == 0, "{absent}");
        }
        window.keys(Modifiers::NONE, Key::ArrowRight);
        assert!(window.says("dots mark where the pen will be lifted"));
        assert!(window.has("The pen behind each point") && window.says("Pen: lifted behind 1 of 3 points, undecided behind 1"));
        assert!(window.says("ends behind point 3: 60 % sure"));
        assert!(window.has("pen lifted") && !window.has("earlier strokes"));
        window.keys(Modifiers::NONE, Key::End);
        assert!(window.says("The whole drawing stands"));
    }
}

#[test]
fn what_is_denoised_as_a_whole_is_told_as_it_is() {
    let canvas = Capabilities { canvas_trace: true, ..Capabilities::default() };
    let said = |capabilities, absent: &str, says: [&str; 3]| {
        let mut window = Window::stocked(THEMES[0]);
        window.press("Denoise");
        window.tell(Job::Trace, whole_of(capabilities));
        for (key, says) in [Key::Home, Key::ArrowRight, Key::End].into_iter().zip(says) {
            window.keys(Modifiers::NONE, key);
            assert!(window.says(says) && !window.says(absent), "{says}");
        }
    };
    let forward = Capabilities { forward: true, ..canvas };
    said(forward, "given beforehand", ["lifted is a first guess", "will be lifted", "The whole drawing stands"]);
    let rhythm = Capabilities { rhythm: true, ..forward };
    said(rhythm, "will be lifted", ["lifted was given beforehand", "which was given beforehand", "The whole drawing stands"]);
    let latent = Capabilities { latent: true, ..canvas };
    said(latent, "movement of the pen", ["there are no noisy lines", "Both drawings are whole ones", "The latent vector is settled"]);
}

#[test]
fn noise_is_added_to_a_whole_canvas_and_not_offered_where_it_cannot_be() {
    let mut window = Window::stocked(THEMES[0]);
    window.press("Denoise");
    window.tell(Job::Trace, whole());
    window.asked();
    window.press("Add noise");
    noise(&mut window);
    window.tell(Job::Noise, noised(1));
    assert!(window.says("The whole canvas, as it was drawn."));
    window.keys(Modifiers::NONE, Key::Home);
    assert!(window.says("nothing of the drawing can be told any more"));
    // Another model, of which a latent vector is denoised.
    let model = state(&mut window).act(Action::UseModel("base".into()));
    assert!(matches!(&model[..], [denoodle::studio::state::Effect::Start(Job::Trace, _)]), "{model:?}");
    window.asked();
    window.tell(Job::Trace, whole_of(Capabilities { canvas_trace: true, latent: true, ..Capabilities::default() }));
    assert!(!denoise(&mut window).adding && !window.can("Add noise"));
    assert!(!window.asked().iter().any(|asked| matches!(asked, Asked::Start(Job::Noise, _))));
    let why = state(&mut window).why_not(&DenoiseAction::Add(true).into());
    assert!(why.is_some_and(|why| why.contains("takes no noise from lines")));
}

#[test]
fn a_model_that_denoises_nothing_says_so_and_names_those_that_do() {
    for theme in THEMES {
        let mut window = Window::open(theme);
        window.tell(Job::Survey, Event::Finished(disk(&["cat"], &["runs/rnn", "cat", "bus"])));
        window.press("Denoise");
        window.tell(Job::Trace, unable());
        assert!(window.has("Nothing to follow here") && window.says("Rnn does not draw by taking away noise."));
        window.asked();
        window.press("bus (shipped)");
        assert_eq!(followed(&mut window).draw.model, PathBuf::from("bus"));
    }
}

#[test]
fn a_failure_is_said_in_its_own_words_and_tried_again_when_asked() {
    for theme in THEMES {
        let mut window = Window::stocked(theme);
        window.press("Denoise");
        window.tell(Job::Trace, Event::Failed("cannot read the model\n  in runs/cat-quick\n  Train it again.".into()));
        assert!(window.has("The drawing could not be followed") && window.says("Cannot read the model.") && window.says("Train it again."));
        window.asked();
        assert!(window.asked().is_empty(), "it does not try by itself");
        window.press("Follow");
        followed(&mut window);
        window.tell(Job::Trace, Event::Finished(Outcome::Cancelled));
        assert!(window.has("Stopped"));
        assert_eq!(denoise(&mut window).phase, Phase::Stopped);
        window.press("Follow");
        window.tell(Job::Trace, traced(STROKES, STEPS, None));
        assert!(window.says("Stroke 1 of 3"));
    }
}
