//! What is around the workspaces: tabs, theme, status line, messages, closing.

use denoodle::session::{Event, Outcome};
use denoodle::studio::action::Action;
use denoodle::studio::engine::Job;
use denoodle::studio::state::{Closing, Workspace};
use denoodle::util::Reason;
use eframe::egui::{Key, Modifiers, Theme, ViewportCommand, ViewportEvent};

use crate::support::*;

fn wish_to_close(window: &mut Window) -> Vec<ViewportCommand> {
    let id = eframe::egui::ViewportId::ROOT;
    window.harness.input_mut().viewports.entry(id).or_default().events.push(ViewportEvent::Close);
    window.harness.step();
    window.harness.input_mut().viewports.entry(id).or_default().events.clear();
    let commands = window.harness.output().viewport_output.get(&id).map(|output| output.commands.clone());
    window.settle();
    commands.unwrap_or_default()
}

#[test]
fn tabs_and_keys_change_the_workspace() {
    let mut window = Window::stocked(Theme::Light);
    window.press("Play");
    assert_eq!(window.harness.state().state().workspace, Workspace::Play);
    window.keys(CTRL, Key::Num2);
    assert_eq!(window.harness.state().state().workspace, Workspace::Train);
    window.keys(CTRL, Key::Num4);
    assert_eq!(window.harness.state().state().workspace, Workspace::Play);
}

#[test]
fn about_says_whom_to_thank_and_closes() {
    for theme in THEMES {
        let mut window = Window::stocked(theme);
        window.press("About");
        assert!(window.says("Quick, Draw! Dataset") && window.says("Creative Commons") && window.says("Model 'rabbit'"));
        assert!(window.has("Computes on") && window.says("CPU (2 threads)"));
        assert!(window.has("Licence") && window.says("BSD 3-Clause: tiny-skia"));
        window.press("Close");
        assert!(!window.says("Creative Commons"));
    }
}

#[test]
fn the_theme_is_switched_there_and_back() {
    for theme in THEMES {
        let mut window = Window::stocked(theme);
        assert_eq!(theme_of(&window), theme);
        window.press("Switch theme");
        assert_ne!(theme_of(&window), theme);
        window.press("Switch theme");
        assert_eq!(theme_of(&window), theme);
    }
}

#[test]
fn the_status_line_leads_to_what_runs() {
    let mut window = Window::stocked(Theme::Light);
    assert!(window.says("Nothing is running."));
    window.press("Start training");
    window.tell(Job::Train, step(7, Some(20), 0.5));
    window.press("Play");
    let line = "training cat: step 7 of 20   256 drawings/s   13 s left   loss 0.500";
    window.press(line);
    assert_eq!(window.harness.state().state().workspace, Workspace::Train);
}

#[test]
fn the_title_says_what_runs() {
    let mut window = Window::stocked(Theme::Light);
    let title = |window: &mut Window, job: Job, event: Event| {
        window.harness.state_mut().state_mut().apply(job, event);
        window.harness.step();
        let output = &window.harness.output().viewport_output[&eframe::egui::ViewportId::ROOT];
        output
            .commands
            .iter()
            .rev()
            .find_map(|command| if let ViewportCommand::Title(title) = command { Some(title.clone()) } else { None })
    };
    window.press("Start training");
    assert_eq!(title(&mut window, Job::Train, step(15, Some(20), 0.5)).as_deref(), Some("Denoodle: training cat, 75 %"));
    let end = Event::Finished(Outcome::Trained { steps: 20, model: "runs/x".into(), complete: true });
    assert_eq!(title(&mut window, Job::Train, end).as_deref(), Some("Denoodle"));
    window.harness.state_mut().state_mut().act(Action::Show(Workspace::Denoise));
    let begun = Event::Stage("reading the model".into());
    assert_eq!(title(&mut window, Job::Trace, begun).as_deref(), Some("Denoodle: following a drawing"));
    assert_eq!(title(&mut window, Job::Trace, Event::Finished(Outcome::Cancelled)).as_deref(), Some("Denoodle"));
}

#[test]
fn messages_are_counted_kept_and_cleared() {
    let mut window = Window::stocked(Theme::Dark);
    assert!(window.has("no messages"));
    window.tell_all(Job::Train, [Event::Message("first".into()), Event::Message("second".into())]);
    assert!(window.says("2 messages, 2 new") && window.says("second"));
    window.keys(CTRL, Key::M);
    assert!(window.has("Messages") && window.says("first") && window.says("2 messages"));
    window.press("Clear messages");
    assert!(window.says("Nothing was said yet."));
    window.press("Hide");
    assert!(window.has("no messages"));
}

#[test]
fn closing_without_training_needs_no_question() {
    let mut window = Window::stocked(Theme::Light);
    assert!(!wish_to_close(&mut window).contains(&ViewportCommand::CancelClose));
    let mut window = Window::stocked(Theme::Light);
    window.keys(CTRL, Key::Q);
    assert_eq!(window.harness.state().state().closing, Closing::Yes);
}

#[test]
fn closing_while_training_asks_saves_and_only_then_closes() {
    for theme in THEMES {
        let mut window = Window::stocked(theme);
        window.press("Start training");
        window.tell(Job::Train, step(1, Some(20), 0.5));
        window.asked();
        assert!(wish_to_close(&mut window).contains(&ViewportCommand::CancelClose));
        assert!(window.has("cat is still being trained"));
        window.press("Keep training");
        assert!(!window.has("Save and close") && window.asked().is_empty());
        assert!(wish_to_close(&mut window).contains(&ViewportCommand::CancelClose));
        window.press("Save and close");
        assert!(matches!(window.asked()[..], [Asked::Stop(Job::Train, Reason::Stopped)]));
        assert!(window.says("the window closes when it is"));
        assert_eq!(window.harness.state().state().closing, Closing::Saving);
        assert!(wish_to_close(&mut window).contains(&ViewportCommand::CancelClose), "not before it is saved");
        window.tell(Job::Train, Event::Finished(Outcome::Trained { steps: 1, model: "runs/x".into(), complete: false }));
        assert_eq!(window.harness.state().state().closing, Closing::Yes);
    }
}

#[test]
fn the_question_answers_to_the_keyboard() {
    let mut window = Window::stocked(Theme::Light);
    window.press("Start training");
    window.keys(CTRL, Key::Q);
    window.keys(Modifiers::NONE, Key::Escape);
    assert_eq!(window.harness.state().state().closing, Closing::No);
    window.asked();
    window.keys(CTRL, Key::Q);
    window.keys(Modifiers::NONE, Key::Enter);
    assert_eq!(window.harness.state().state().closing, Closing::Saving);
    assert!(matches!(window.asked()[..], [Asked::Stop(Job::Train, Reason::Stopped)]));
}

#[test]
fn if_saving_fails_the_window_stays_and_says_why() {
    for theme in THEMES {
        let mut window = Window::stocked(theme);
        window.press("Start training");
        window.keys(CTRL, Key::Q);
        window.press("Save and close");
        window.tell(Job::Train, Event::Failed("the disk is full".into()));
        assert_eq!(window.harness.state().state().closing, Closing::No);
        assert!(window.has("Training failed") && window.says("The disk is full."));
    }
}

#[test]
fn training_that_ends_while_asked_takes_the_question_back() {
    let mut window = Window::stocked(Theme::Light);
    window.press("Start training");
    window.keys(CTRL, Key::Q);
    assert!(window.has("Save and close"));
    window.tell(Job::Train, Event::Finished(Outcome::Trained { steps: 20, model: "runs/x".into(), complete: true }));
    assert!(!window.has("Save and close") && window.has("Finished"));
    assert_eq!(window.harness.state().state().closing, Closing::No);
}

#[test]
fn closing_asks_if_anything_would_be_lost_and_says_what() {
    let closing = |window: &Window| window.harness.state().state().closing;
    for theme in THEMES {
        let mut window = Window::stocked(theme);
        window.harness.state_mut().state_mut().draw.page.add(sketch().strokes);
        assert!(wish_to_close(&mut window).contains(&ViewportCommand::CancelClose));
        assert!(window.has("Close the window?") && window.says("This would be lost: the page in Draw, which is not kept."));
        // Neither enter nor escape loses anything.
        for key in [Key::Enter, Key::Escape] {
            window.keys(CTRL, Key::Q);
            window.keys(Modifiers::NONE, key);
            assert_eq!(closing(&window), Closing::No);
        }
        window.press("Evaluate");
        window.press("Run evaluation");
        window.keys(CTRL, Key::Q);
        assert!(window.says("This would be lost: the evaluation that runs, and the page in Draw, which is not kept."));
        window.press("Close and lose it");
        assert_eq!(closing(&window), Closing::Yes);
    }
}

#[test]
fn work_that_ends_while_asked_takes_the_question_back() {
    let mut window = Window::stocked(Theme::Light);
    window.press("Evaluate");
    window.press("Run evaluation");
    window.keys(CTRL, Key::Q);
    assert!(window.says("This would be lost: the evaluation that runs."));
    window.tell(Job::Evaluate, Event::Finished(Outcome::Cancelled));
    assert!(!window.has("Close the window?"));
    assert_eq!(window.harness.state().state().closing, Closing::No);
}

#[test]
fn training_is_saved_even_if_something_else_is_lost() {
    let mut window = Window::stocked(Theme::Light);
    window.press("Start training");
    window.harness.state_mut().state_mut().draw.page.add(sketch().strokes);
    window.keys(CTRL, Key::Q);
    assert!(window.has("cat is still being trained") && window.says("but this would be lost: the page in Draw, which is not kept."));
    window.asked();
    window.keys(Modifiers::NONE, Key::Enter);
    assert!(window.asked().is_empty(), "enter loses nothing");
    window.keys(CTRL, Key::Q);
    window.press("Save and close");
    assert!(matches!(window.asked()[..], [Asked::Stop(Job::Train, Reason::Stopped)]));
    assert_eq!(window.harness.state().state().closing, Closing::Saving);
}
