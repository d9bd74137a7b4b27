//! The list of runs in Train, what can be done with one, and other runs on the plot.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use denoodle::config::load;
use denoodle::session::{Best, ChangeRunRequest, Command, Event, Outcome, Preview, RunChange, RunChanged, RunCurves, RunFacts, RunInfo};
use denoodle::studio::action::{CategoriesAction, RunsAction, TrainAction};
use denoodle::studio::engine::Job;
use denoodle::studio::state::form::StartFrom;
use denoodle::studio::state::runs::MOST_PLOTTED;
use denoodle::studio::state::{State, Workspace};
use eframe::egui::{Key, Modifiers, Theme};
use egui_kittest::kittest::Queryable;

use crate::support::*;

/// A run that made half of its steps.
fn made(name: &str, preset: &str) -> RunInfo {
    let best = Some(Best { loss: 0.325, step: 1000 });
    RunInfo {
        folder: Path::new("runs").join(name),
        name: name.into(),
        bytes: 74_000_000,
        changed: Some(SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_049_600)),
        note: String::new(),
        facts: Ok(RunFacts {
            categories: vec!["cat".into()],
            preset: load(preset).expect("built in"),
            steps: Some(1200),
            planned: Some(2400),
            best,
        }),
    }
}

fn damaged(name: &str) -> RunInfo {
    RunInfo { facts: Err("the run's record cannot be read: expected ')'".into()), ..made(name, "quick") }
}

pub fn three() -> Vec<RunInfo> {
    vec![made("cat-quick", "quick"), made("cat-rnn", "sketch_rnn_small"), damaged("broken")]
}

/// A window that has just been asked for the list.
fn opened(theme: Theme) -> Window {
    let mut window = Window::stocked(theme);
    window.asked();
    window.press("List of runs");
    window
}

/// A window that shows these.
pub fn listing(theme: Theme, runs: Vec<RunInfo>) -> Window {
    let mut window = opened(theme);
    window.tell(Job::Runs, Event::Finished(Outcome::Runs(runs)));
    window.asked();
    window
}

/// The newest request to change a run.
fn change(window: &mut Window) -> ChangeRunRequest {
    match window.asked().pop() {
        Some(Asked::Start(Job::ChangeRun, Command::ChangeRun(request))) => *request,
        other => panic!("nothing was to be changed but {other:?}"),
    }
}

fn changed(from: &str, to: Option<&str>) -> Event {
    let runs = Path::new("runs");
    Event::Finished(Outcome::RunChanged(RunChanged { from: runs.join(from), to: to.map(|name| runs.join(name)) }))
}

/// Losses of a run that are read.
fn losses() -> Event {
    let mut curves = RunCurves::default();
    for step in 1..=100 {
        curves.train.push(f64::from(step), 1.0 / f64::from(step));
    }
    curves.test.push(100.0, 0.02);
    Event::Finished(Outcome::Curves(Box::new(curves)))
}

#[test]
fn the_list_says_how_it_stands_whatever_the_disk_holds() {
    for theme in THEMES {
        let mut window = opened(theme);
        assert!(matches!(&window.asked()[..], [Asked::Start(Job::Runs, Command::Runs(runs))] if runs == Path::new("runs")));
        assert!(window.says("Looking at the runs") && !window.can("Look for runs again"));
        window.tell(Job::Runs, Event::Finished(Outcome::Runs(Vec::new())));
        assert!(window.says("No runs yet.") && window.says("kept in runs"));
        assert!(!window.has("Note of this run"));
        window.press("Look for runs again");
        assert!(matches!(window.asked()[..], [Asked::Start(Job::Runs, _)]));
        window.tell(Job::Runs, Event::Failed("cannot list the runs: permission denied".into()));
        assert!(window.says("The runs cannot be listed: cannot list the runs: permission denied"));
        assert!(window.can("Look for runs again"));
        window.press("List of categories");
        assert!(window.can("Look again") && window.has("Search categories"));
    }
}

#[test]
fn a_run_says_how_far_it_came_and_a_damaged_one_what_is_wrong() {
    for theme in THEMES {
        let mut window = listing(theme, three());
        for name in ["cat-quick", "cat-rnn", "broken"] {
            assert!(window.can(name), "{name}");
        }
        assert!(window.says("cat-quick: cat, Quick, 1 200 of 2 400 steps") && window.says("best 0.325 at step 1 000, 74.0 MB"));
        assert!(window.says("cat-rnn: cat, Sketch-RNN, small"));
        // The newest is looked at first.
        for name in ["Continue this run", "Draw with it", "On the plot", "Delete…"] {
            assert!(window.can(name), "{name}");
        }
        window.press("broken");
        assert!(window.says("The run's record cannot be read: expected ')'."));
        for name in ["Continue this run", "Draw with it", "On the plot"] {
            assert!(!window.can(name), "{name}");
        }
        assert!(window.can("Delete…"), "what is damaged can be deleted");
    }
}

#[test]
fn arrows_go_from_run_to_run_and_stay_within_the_list() {
    let mut window = listing(THEMES[0], three());
    let mut after = |key| {
        window.keys(Modifiers::NONE, key);
        state(&mut window).runs.chosen().map(|run| run.name.clone()).expect("one is looked at")
    };
    assert_eq!([Key::ArrowDown, Key::ArrowDown, Key::ArrowDown].map(&mut after), ["cat-rnn", "broken", "broken"]);
    assert_eq!([Key::ArrowUp, Key::ArrowUp, Key::ArrowUp].map(&mut after), ["cat-rnn", "cat-quick", "cat-quick"]);
}

#[test]
fn a_note_is_saved_by_its_button_and_before_another_run_is_looked_at() {
    let mut window = listing(THEMES[0], three());
    assert!(!window.can("Save note"), "there is nothing to save");
    window.harness.get_by_label("Note of this run").focus();
    window.harness.get_by_label("Note of this run").type_text("with whiskers");
    window.settle();
    window.press("Save note");
    let request = change(&mut window);
    assert_eq!((request.runs, request.folder, request.active), (PathBuf::from("runs"), PathBuf::from("runs/cat-quick"), None));
    assert_eq!(request.change, RunChange::Note("with whiskers".into()));
    window.tell(Job::ChangeRun, changed("cat-quick", Some("cat-quick")));
    assert!(matches!(window.asked()[..], [Asked::Start(Job::Runs, _)]));
    let mut runs = three();
    runs[0].note = "with whiskers".into();
    window.tell(Job::Runs, Event::Finished(Outcome::Runs(runs)));
    assert!(window.says("with whiskers") && !window.can("Save note"));

    state(&mut window).runs.note = "without".into();
    window.press("cat-rnn");
    assert_eq!(change(&mut window).change, RunChange::Note("without".into()));
    assert!(state(&mut window).runs.note.is_empty(), "the other run's note is another");
    window.tell(Job::ChangeRun, Event::Failed("the disk is full".into()));
    assert!(window.says("The note was not saved: the disk is full"));
}

#[test]
fn whatever_names_a_run_follows_its_new_name() {
    let mut window = listing(THEMES[0], three());
    window.press("On the plot");
    window.press("Continue this run");
    assert_eq!(state(&mut window).evaluation.form.chosen[0].path, Path::new("runs/cat-quick"));
    window.asked();
    let why_not = |window: &mut Window, name: &str| {
        state(window).runs.name = name.into();
        state(window).why_not(&RunsAction::Rename.into())
    };
    for (name, says) in [("cat-quick", "called so"), ("cat-rnn", "already"), ("a/b", "'/'"), (" ", "needs a name"), ("base", "shipped")] {
        let why = why_not(&mut window, name);
        assert!(why.as_ref().is_some_and(|why| why.contains(says)), "{name}: {why:?}");
    }
    assert_eq!(why_not(&mut window, "whiskers"), None);
    window.settle();
    window.press("Rename");
    assert_eq!(change(&mut window).change, RunChange::Rename("whiskers".into()));
    assert!(!window.can("Rename"), "one change at a time");
    window.tell(Job::ChangeRun, changed("cat-quick", Some("whiskers")));
    let asked = window.asked();
    assert!(matches!(asked[..], [Asked::Start(Job::Survey, _), Asked::Start(Job::Runs, _)]), "{asked:?}");
    let state = state(&mut window);
    assert_eq!((state.play.model.as_str(), state.form.from.as_str()), ("runs/whiskers", "runs/whiskers"));
    assert_eq!(state.runs.chosen().map(|run| run.name.as_str()), Some("whiskers"));
    assert!(state.runs.plotted(Path::new("runs/whiskers")).is_some());
    assert_eq!(state.evaluation.form.chosen[0].path, Path::new("runs/whiskers"));
    state.runs.note = "half a note".into();
    assert!(window.says("Renamed cat-quick to whiskers."));
    // What was written and not saved is not lost unasked.
    window.keys(CTRL, Key::Q);
    assert!(window.says("This would be lost: the note of a run, which is not saved."));
}

#[test]
fn a_run_is_deleted_only_after_a_question_that_says_what_is_lost() {
    for theme in THEMES {
        let mut window = listing(theme, three());
        window.press("Delete…");
        assert!(window.has("Delete the run cat-quick?") && window.says("74.0 MB are freed") && window.says("cannot be undone"));
        // Nothing behind the question hears a key.
        window.keys(CTRL, Key::K);
        assert!(!window.says("Find a command"));
        window.keys(Modifiers::NONE, Key::Escape);
        assert!(!window.has("Delete the run cat-quick?") && window.asked().is_empty());
        window.press("Delete…");
        window.press("Keep it");
        assert!(window.asked().is_empty());
        window.press("Delete…");
        window.press("Delete this run");
        let request = change(&mut window);
        assert_eq!((request.folder, request.change), (PathBuf::from("runs/cat-quick"), RunChange::Delete));
        window.tell(Job::ChangeRun, changed("cat-quick", None));
        assert!(window.says("Deleted the run cat-quick: 74.0 MB are free."));
        let asked = window.asked();
        assert!(matches!(asked[..], [Asked::Start(Job::Survey, _), Asked::Start(Job::Runs, _)]), "{asked:?}");
        assert_ne!(state(&mut window).play.model, "runs/cat-quick");
        window.tell(Job::Runs, Event::Finished(Outcome::Runs(three().split_off(1))));
        assert_eq!(state(&mut window).runs.chosen().map(|run| run.name.clone()).as_deref(), Some("cat-rnn"));
    }
}

#[test]
fn the_run_that_is_trained_is_neither_renamed_nor_deleted() {
    for theme in THEMES {
        let mut window = listing(theme, three());
        window.press("Start training");
        let folder = state(&mut window).active_folder().expect("it trains").to_path_buf();
        let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
        window.tell(Job::Train, step(1, Some(100), 1.0));
        window.press("Look for runs again");
        let mut runs = three();
        runs[0] = RunInfo { folder, ..made(&name, "quick") };
        window.tell(Job::Runs, Event::Finished(Outcome::Runs(runs)));
        window.press(&name);
        assert!(window.says("being trained: cat, Quick"));
        assert!(!window.can("Delete…") && !window.can("Continue this run") && !window.can("On the plot"));
        state(&mut window).runs.name = "other".into();
        window.settle();
        assert!(!window.can("Rename"));
        window.press("cat-rnn");
        assert!(window.can("Delete…") && window.can("On the plot"));
    }
}

#[test]
fn other_runs_are_drawn_beside_and_named() {
    for theme in THEMES {
        let mut window = listing(theme, three());
        window.press("On the plot");
        assert!(matches!(&window.asked()[..], [Asked::Start(Job::Curves, Command::Curves(run))] if run == Path::new("runs/cat-quick")));
        assert!(window.says("cat-quick (reading…)") && !window.says("Tick a category on the left"), "the plot, not the guide");
        window.press("cat-rnn");
        window.press("On the plot");
        assert!(window.asked().is_empty(), "one is read after the other");
        window.tell(Job::Curves, losses());
        assert!(matches!(&window.asked()[..], [Asked::Start(Job::Curves, Command::Curves(run))] if run == Path::new("runs/cat-rnn")));
        assert!(window.has("Loss over steps") && !window.says("cat-quick (reading…)"));
        assert!(window.says("Not to be compared, being of another system or codec: cat-rnn."));
        window.tell(Job::Curves, Event::Failed("cannot read the metrics of this run: entity not found".into()));
        assert!(window.says("cat-rnn (cannot be read)") && window.says("The losses of cat-rnn cannot be read"));
        window.press("Take cat-rnn off the plot");
        assert!(!window.says("Not to be compared") && !window.says("cat-rnn (cannot be read)"));

        // Beside a training, too.
        window.press("Start training");
        window.asked();
        window.tell_all(Job::Train, [step(1, Some(100), 1.0), step(2, Some(100), 0.9)]);
        assert!(window.has("Loss over steps") && window.has("Take cat-quick off the plot"));
        window.press("Take cat-quick off the plot");
        assert!(window.has("Loss over steps") && !window.has("Take cat-quick off the plot"));
    }
}

#[test]
fn a_run_on_the_plot_shows_its_preview_sheets_while_it_is_looked_at() {
    let previewed = |steps: [u64; 3]| {
        let mut curves = RunCurves::default();
        (1..=40).for_each(|step| curves.train.push(f64::from(step), 0.5));
        steps.into_iter().for_each(|step| curves.previews.push(Preview { step, sketches: vec![sketch(); 4] }));
        Event::Finished(Outcome::Curves(Box::new(curves)))
    };
    for theme in THEMES {
        let mut window = listing(theme, three());
        window.press("cat-rnn");
        window.press("On the plot");
        window.tell(Job::Curves, previewed([10, 20, 30]));
        assert!(window.has("Preview of cat-rnn") && window.says("after step 30, always the same seeds"));
        assert!(window.has("Loss over steps") && window.has("Preview drawing 4"));
        state(&mut window).act(TrainAction::StepSheet(false).into());
        window.settle();
        assert!(window.says("after step 20, always the same seeds"));
        assert!(window.says("The preview sheet shown was drawn after step 20"));
        // Another one without sheets, and the list of categories: nothing is shown that is not looked at.
        window.press("broken");
        assert!(!window.says("always the same seeds"));
        assert!(state(&mut window).why_not(&TrainAction::StepSheet(false).into()).is_some());
        window.press("cat-rnn");
        assert!(window.says("after step 20, always the same seeds"), "each keeps its place");
        window.press("List of categories");
        assert!(!window.says("always the same seeds"));
        // Beside a training with sheets of its own.
        window.press("Start training");
        window.tell_all(Job::Train, [step(1, Some(100), 1.0), step(2, Some(100), 0.9)]);
        window.hand_over(Preview { step: 2, sketches: vec![sketch(); 2] });
        assert!(window.has("Preview") && window.says("after step 2, always the same seeds"));
        window.press("List of runs");
        assert!(window.has("Preview of cat-rnn") && window.says("after step 20, always the same seeds"));
        window.press("On the plot");
        assert!(window.has("Preview") && window.says("after step 2, always the same seeds"));
    }
}

#[test]
fn there_is_a_colour_for_each_run_on_the_plot_and_no_more_runs_than_colours() {
    let names: Vec<String> = (0..=MOST_PLOTTED).map(|number| format!("run {number}")).collect();
    let mut window = listing(THEMES[0], names.iter().map(|name| made(name, "quick")).collect());
    let plot = |name: &String| RunsAction::Plot(Path::new("runs").join(name));
    let colours = |state: &State| {
        let mut colours: Vec<_> = state.runs.plotted.iter().map(|plotted| plotted.colour).collect();
        colours.sort_unstable();
        colours
    };
    let state = state(&mut window);
    for name in &names[..MOST_PLOTTED] {
        state.act(plot(name).into());
    }
    assert_eq!(colours(state), (0..MOST_PLOTTED).collect::<Vec<_>>());
    let last = plot(&names[MOST_PLOTTED]);
    assert!(state.why_not(&last.clone().into()).is_some_and(|why| why.contains("take one off first")));
    // One that goes leaves its colour to the next; the others keep theirs.
    let kept = state.runs.plotted(Path::new("runs/run 3")).map(|plotted| plotted.colour);
    state.act(plot(&names[1]).into());
    state.act(last.into());
    assert_eq!(colours(state), (0..MOST_PLOTTED).collect::<Vec<_>>());
    assert_eq!(state.runs.plotted(Path::new("runs/run 3")).map(|plotted| plotted.colour), kept);
}

#[test]
fn what_is_gone_is_taken_off_the_plot() {
    let mut window = listing(THEMES[1], three());
    window.press("On the plot");
    window.press("Look for runs again");
    window.tell(Job::Runs, Event::Finished(Outcome::Runs(three().split_off(1))));
    assert!(state(&mut window).runs.plotted.is_empty());
    // What was being read of it comes too late, and harms nobody.
    window.asked();
    window.tell(Job::Curves, losses());
    assert!(window.asked().is_empty() && !window.has("Take cat-quick off the plot"));
}

#[test]
fn a_run_is_gone_on_with_and_drawn_with() {
    let mut window = listing(THEMES[0], three());
    window.press("cat-rnn");
    window.press("Continue this run");
    assert!(window.says("Goes on with the chosen run, in its own folder."));
    let form = &state(&mut window).form;
    assert_eq!((form.start, form.from.as_str()), (StartFrom::Run, "runs/cat-rnn"));
    window.press("Draw with it");
    let state = state(&mut window);
    assert_eq!((state.workspace, state.play.model.as_str()), (Workspace::Play, "runs/cat-rnn"));
    // Another category is for a new run.
    state.categories.selected = Some("rabbit".into());
    state.act(CategoriesAction::Train.into());
    assert_eq!((state.form.start, state.form.subject().as_str()), (StartFrom::Scratch, "rabbit"));
}

#[test]
fn a_run_that_is_complete_goes_on_with_more_steps() {
    let mut complete = made("cat-quick", "quick");
    if let Ok(facts) = &mut complete.facts {
        facts.steps = facts.planned;
    }
    let mut window = listing(THEMES[0], vec![complete]);
    window.press("Continue this run");
    assert_eq!(state(&mut window).form.steps, 4800);
    assert!(window.says("the form asks for as many again"));
}

#[test]
fn the_list_is_looked_at_anew_when_a_training_has_ended() {
    let mut window = listing(THEMES[0], three());
    window.press("Start training");
    window.asked();
    let model = PathBuf::from("runs/cat-quick/best.safetensors");
    window.tell(Job::Train, Event::Finished(Outcome::Trained { steps: 100, model, complete: true }));
    let asked = window.asked();
    assert!(matches!(asked[..], [Asked::Start(Job::Survey, _), Asked::Start(Job::Runs, _)]), "{asked:?}");
}
