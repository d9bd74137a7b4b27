//! The list of all commands: found by typing, chosen by keys, and honest about what cannot be done.

use denoodle::studio::action::Action;
use denoodle::studio::engine::Job;
use denoodle::studio::state::{State, Workspace};
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;

use crate::support::*;

fn state(window: &Window) -> &State {
    window.harness.state().state()
}

fn open_with(window: &mut Window, query: &str) {
    window.keys(CTRL, Key::K);
    window.harness.get_by_label("Find a command").type_text(query);
    window.settle();
}

#[test]
fn it_opens_and_closes_by_key_and_button() {
    for theme in THEMES {
        let mut window = Window::stocked(theme);
        window.keys(CTRL, Key::K);
        assert!(window.says("Find a command") && window.says("Train: Start training"));
        window.keys(CTRL, Key::K);
        assert!(!window.says("Find a command"));
        window.press("Commands");
        assert!(window.says("Find a command"));
        window.keys(Modifiers::NONE, Key::Escape);
        assert!(!window.says("Find a command"));
    }
}

#[test]
fn typing_filters_and_enter_does_it_where_it_belongs() {
    let mut window = Window::stocked(THEMES[0]);
    open_with(&mut window, "evaluation run");
    assert!(window.says("Evaluate: Run evaluation") && !window.says("Train: Start training"));
    window.asked();
    window.keys(Modifiers::NONE, Key::Enter);
    assert_eq!(state(&window).workspace, Workspace::Evaluate);
    assert!(matches!(window.asked()[..], [Asked::Start(Job::Evaluate, _)]));
    assert!(state(&window).commands.is_none(), "it closes");
}

#[test]
fn arrows_choose_and_stay_within_the_list() {
    let mut window = Window::stocked(THEMES[1]);
    open_with(&mut window, "go to");
    let found: Vec<Action> = state(&window).found_commands().into_iter().map(|command| command.action).collect();
    let places = Workspace::ALL.into_iter().filter(|place| *place != Workspace::Train);
    assert!(found.starts_with(&places.map(Action::Show).collect::<Vec<_>>()));
    window.keys(Modifiers::NONE, Key::ArrowUp);
    assert_eq!(state(&window).commands.as_ref().map(|commands| commands.selected), Some(0));
    (0..found.len() + 3).for_each(|_| window.keys(Modifiers::NONE, Key::ArrowDown));
    assert_eq!(state(&window).commands.as_ref().map(|commands| commands.selected), Some(found.len() - 1));
    (0..found.len() - 3).for_each(|_| window.keys(Modifiers::NONE, Key::ArrowUp));
    window.keys(Modifiers::NONE, Key::Enter);
    assert_eq!(state(&window).workspace, Workspace::Play);
}

#[test]
fn what_cannot_be_done_says_why_and_is_not_done() {
    for theme in THEMES {
        let mut window = Window::stocked(theme);
        open_with(&mut window, "pause");
        assert!(window.says("Train: Pause") && window.says("Not now: Nothing is being trained."));
        assert!(!window.can("Train: Pause"));
        window.asked();
        window.keys(Modifiers::NONE, Key::Enter);
        assert!(window.asked().is_empty() && state(&window).commands.is_some(), "the list stays, with its reason");
        window.press("Train: Pause");
        assert!(window.asked().is_empty());
    }
}

#[test]
fn what_can_be_done_comes_first_and_nothing_found_is_said() {
    let mut window = Window::stocked(THEMES[0]);
    window.keys(CTRL, Key::K);
    let found = state(&window).found_commands();
    let cannot = found.iter().position(|command| command.why_not.is_some()).expect("something cannot be done");
    assert!(found[cannot..].iter().all(|command| command.why_not.is_some()));
    window.harness.get_by_label("Find a command").type_text("xyzzy");
    window.settle();
    assert!(window.says("Nothing is called so."));
    window.keys(Modifiers::NONE, Key::Enter);
    assert!(state(&window).commands.is_some());
}

#[test]
fn the_list_is_as_high_after_a_search_as_before() {
    let mut window = Window::stocked(THEMES[0]);
    window.keys(CTRL, Key::K);
    // Of rows out of sight only the name is there.
    let in_sight = |window: &Window| {
        let found = state(window).found_commands().into_iter().filter(|command| command.why_not.is_none());
        found.filter(|command| window.says(command.action.told())).count()
    };
    let before = in_sight(&window);
    assert!(before > 4, "{before} rows");
    window.harness.get_by_label("Find a command").type_text("evaluation run");
    window.settle();
    assert!(in_sight(&window) < before);
    "evaluation run".chars().for_each(|_| window.keys(Modifiers::NONE, Key::Backspace));
    assert_eq!(in_sight(&window), before);
}

#[test]
fn every_command_has_a_name_of_its_own_and_an_explanation() {
    let mut window = Window::stocked(THEMES[0]);
    for workspace in Workspace::ALL {
        window.harness.state_mut().state_mut().act(Action::Show(workspace));
        let listed = Action::listed(state(&window));
        let mut names: Vec<String> = listed.iter().map(Action::command).collect();
        assert!(listed.iter().all(|action| !action.told().is_empty()), "{:?}", listed.iter().find(|action| action.told().is_empty()));
        names.sort();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count, "two commands of one name in {workspace:?}");
    }
}

#[test]
fn other_keys_wait_while_it_is_open() {
    let mut window = Window::stocked(THEMES[0]);
    window.keys(CTRL, Key::K);
    window.asked();
    window.keys(CTRL, Key::Enter);
    window.keys(CTRL, Key::Num3);
    assert!(window.asked().is_empty());
    assert_eq!(state(&window).workspace, Workspace::Train);
}

#[test]
fn a_model_is_chosen_by_its_name() {
    let mut window = Window::stocked(THEMES[0]);
    open_with(&mut window, "cat-quick");
    window.keys(Modifiers::NONE, Key::Enter);
    assert_eq!(state(&window).play.model, "runs/cat-quick");
}
