//! What a person had set in the workspaces' forms, and how they like to look.

use std::path::{Path, PathBuf};

use eframe::egui::{Context, Id};
use serde::{Deserialize, Serialize};

use super::{keep, within};
use crate::session::Protocol;
use crate::studio::state::State;
use crate::studio::state::categories::Filter;
use crate::studio::state::evaluate::Chosen;
use crate::studio::state::form::{LengthKind, StartFrom};
use crate::studio::state::runs::Side;
use crate::studio::words;

/// All of it. A version with other fields is not understood, and everything is as usual then.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Kept {
    train: Train,
    evaluate: Scoring,
    compare: Scoring,
    subjects: Subjects,
    compared: Compared,
    denoise: Denoise,
    draw: (f64, u64),
    interpolate: u64,
    /// Of Play: strokes in colours, all drawings at once, all of them on one sheet.
    play: [bool; 3],
    /// The place of what Categories lists.
    categories: usize,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Train {
    /// Settings that differ from the preset's, by their names.
    changed: Vec<(String, f64)>,
    flip: bool,
    /// Places in [`LENGTHS`] and [`STARTS`].
    length: usize,
    start: usize,
    steps: u64,
    minutes: f64,
    /// If it is another number than what the program was started with.
    threads: Option<u64>,
    preview: bool,
    /// The list of runs is shown.
    runs: bool,
    /// Folders of those on the plot, and of the run that was trained.
    plotted: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Scoring {
    protocol: String,
    count: f64,
    repetitions: f64,
    seed: u64,
}

/// What Evaluate scores.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Subjects {
    /// Paths, and the categories that were chosen for them.
    chosen: Vec<(String, String)>,
    copying: Option<bool>,
    write: bool,
}

/// What Compare sets side by side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Compared {
    /// Paths.
    chosen: Vec<String>,
    category: String,
    out: String,
    shown: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Denoise {
    number: u64,
    speed: f32,
    /// Other settings beside, attention, arrows.
    shows: [bool; 3],
}

const LENGTHS: [LengthKind; 3] = [LengthKind::Preset, LengthKind::Steps, LengthKind::Minutes];
/// A model or a run to begin with is a choice for once.
const STARTS: [StartFrom; 2] = [StartFrom::Scratch, StartFrom::Base];

fn id() -> Id {
    Id::unique("denoodle forms")
}

/// As long as those of the last time are not back on the plot, they are not forgotten.
fn plotted(state: &State) -> Vec<String> {
    let runs = &state.runs;
    let own = state.run.folder();
    let all = runs.remembered.iter().chain(runs.plotted.iter().map(|plotted| &plotted.folder)).map(PathBuf::as_path).chain(own);
    let mut names: Vec<String> = Vec::new();
    for name in all.map(|folder| folder.display().to_string()) {
        // Twice is off the plot again.
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

fn of(state: &State) -> Kept {
    let (form, evaluate, compare) = (&state.form, &state.evaluation.form, &state.compare.form);
    let scoring = |protocol: Protocol, count, repetitions, seed| Scoring { protocol: protocol.to_string(), count, repetitions, seed };
    // A lesson's settings are the lesson's.
    let denoise = state.denoise.own_looks();
    Kept {
        train: Train {
            changed: form.settings.changes().map(|(field, value)| (field.to_owned(), value)).collect(),
            flip: form.settings.flip,
            length: LENGTHS.iter().position(|kind| *kind == form.length).unwrap_or(0),
            start: STARTS.iter().position(|start| *start == form.start).unwrap_or(0),
            steps: form.steps,
            minutes: form.minutes,
            threads: Some(form.threads).filter(|threads| *threads != state.options.threads as u64),
            preview: form.preview,
            runs: state.runs.side == Side::Runs,
            plotted: plotted(state),
        },
        evaluate: scoring(evaluate.protocol, evaluate.count, evaluate.repetitions, evaluate.seed),
        compare: scoring(compare.protocol, compare.count, compare.repetitions, compare.seed),
        subjects: Subjects {
            chosen: match &evaluate.chosen[..] {
                // Chosen by itself: tomorrow another one may be the newest.
                [one] if one.category.is_empty() && state.library.models.first() == Some(&one.path) => Vec::new(),
                all => all.iter().map(|one| (one.path.display().to_string(), one.category.clone())).collect(),
            },
            copying: evaluate.copying,
            write: evaluate.write,
        },
        compared: Compared {
            chosen: compare.chosen.iter().map(|path| path.display().to_string()).collect(),
            category: compare.category.clone(),
            out: compare.out.clone(),
            shown: compare.shown,
        },
        denoise: Denoise {
            number: denoise.number,
            speed: denoise.speed,
            shows: [state.denoise.compare, denoise.attention, denoise.arrows],
        },
        draw: (state.draw.count, state.draw.seed),
        interpolate: state.interpolate.seed,
        play: [state.play.colours, state.play.all, state.export.all],
        categories: Filter::ALL.iter().position(|filter| *filter == state.categories.filter).unwrap_or(0),
    }
}

/// Takes over what was remembered, but for what lies outside its limits. The preset must be at hand already.
pub(super) fn recall(ctx: &Context, state: &mut State) {
    let Some(kept) = ctx.data_mut(|data| data.get_persisted::<Kept>(id())) else { return };
    let Train { changed, flip, length, start, steps, minutes, threads, preview, runs, plotted } = kept.train;
    state.runs.remembered = plotted.into_iter().map(PathBuf::from).collect();
    let form = &mut state.form;
    for (field, value) in changed.into_iter().filter(|(field, value)| within(field, *value)) {
        if let Some((_, now)) = form.settings.row(&field) {
            *now = value;
        }
    }
    form.settings.flip = flip;
    form.length = LENGTHS.get(length).copied().unwrap_or(form.length);
    form.start = STARTS.get(start).copied().unwrap_or(form.start);
    if within("train.steps", steps as f64) {
        form.steps = steps;
    }
    if within("call.minutes", minutes) {
        form.minutes = minutes;
    }
    form.threads = threads.filter(|threads| within("call.threads", *threads as f64)).unwrap_or(form.threads);
    form.preview = preview;
    state.runs.side = if runs { Side::Runs } else { Side::Categories };
    let evaluate = &mut state.evaluation.form;
    score(kept.evaluate, &mut evaluate.protocol, [&mut evaluate.count, &mut evaluate.repetitions], &mut evaluate.seed);
    let Subjects { chosen, copying, write } = kept.subjects;
    let chosen = chosen.into_iter().map(|(path, category)| Chosen { path: path.into(), category });
    evaluate.chosen = chosen.filter(|one| is_there(&one.path)).collect();
    (evaluate.copying, evaluate.write) = (copying, write);
    let compare = &mut state.compare.form;
    score(kept.compare, &mut compare.protocol, [&mut compare.count, &mut compare.repetitions], &mut compare.seed);
    let Compared { chosen, category, out, shown } = kept.compared;
    chosen.into_iter().map(PathBuf::from).filter(|path| is_there(path)).for_each(|path| compare.add(path));
    (compare.category, compare.out) = (category, out);
    take("call.shown", shown, &mut compare.shown);
    let denoise = &mut state.denoise;
    denoise.number = kept.denoise.number;
    [denoise.compare, denoise.attention, denoise.arrows] = kept.denoise.shows;
    if kept.denoise.speed.is_finite() && kept.denoise.speed > 0.0 {
        denoise.position.speed = kept.denoise.speed;
    }
    take("call.continuations", kept.draw.0, &mut state.draw.count);
    (state.draw.seed, state.interpolate.seed) = (kept.draw.1, kept.interpolate);
    [state.play.colours, state.play.all, state.export.all] = kept.play;
    state.categories.filter = Filter::ALL.get(kept.categories).copied().unwrap_or_default();
}

/// What was thrown away meanwhile is not asked for again.
fn is_there(path: &Path) -> bool {
    words::is_shipped(path) || path.exists()
}

fn score(kept: Scoring, protocol: &mut Protocol, [count, repetitions]: [&mut f64; 2], seed: &mut u64) {
    *protocol = Protocol::ALL.into_iter().find(|known| known.to_string() == kept.protocol).unwrap_or_default();
    take("call.scored", kept.count, count);
    take("call.seeds", kept.repetitions, repetitions);
    *seed = kept.seed;
}

fn take(field: &str, kept: f64, now: &mut f64) {
    if within(field, kept) {
        *now = kept;
    }
}

/// Remembers it.
pub(super) fn remember(ctx: &Context, state: &State) {
    keep(ctx, id(), of(state));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::load;
    use crate::session::{Command, Event, Outcome, RunFacts, RunInfo};
    use crate::studio::action::DenoiseAction;
    use crate::studio::engine::Job;
    use crate::studio::remembered::tests::fresh;
    use crate::studio::state::Effect;

    #[test]
    fn forms_come_back() {
        let ctx = Context::default();
        let mut state = fresh();
        recall(&ctx, &mut state);
        assert_eq!(of(&state), of(&fresh()));
        let form = &mut state.form;
        *form.settings.row("train.batch").expect("a row").1 = 48.0;
        (form.settings.flip, form.length, form.start, form.steps, form.minutes) = (false, LengthKind::Minutes, StartFrom::Base, 77, 12.5);
        (form.preview, state.runs.side) = (false, Side::Runs);
        state.runs.remembered = vec!["runs/cat-quick".into()];
        let evaluate = &mut state.evaluation.form;
        (evaluate.protocol, evaluate.count, evaluate.repetitions, evaluate.seed) = (Protocol::CleanFid, 100.0, 5.0, 9);
        evaluate.chosen = vec![Chosen { path: "cat".into(), category: "cat".into() }];
        (evaluate.copying, evaluate.write) = (Some(false), false);
        let compare = &mut state.compare.form;
        (compare.count, compare.shown, compare.category, compare.out) = (300.0, 20.0, "bus".into(), "side".into());
        ["base", "bus"].into_iter().for_each(|name| compare.add(name.into()));
        (state.form.threads, state.export.all) = (3, !state.export.all);
        (state.denoise.number, state.denoise.position.speed, state.denoise.attention) = (4, 0.25, true);
        (state.draw.count, state.draw.seed, state.interpolate.seed) = (2.0, 8, 6);
        (state.play.colours, state.play.all) = (!state.play.colours, true);
        state.categories.filter = Filter::Mine;
        let set = of(&state);
        assert_ne!(set, of(&fresh()));
        remember(&ctx, &state);
        let mut next = fresh();
        recall(&ctx, &mut next);
        assert_eq!(of(&next), set);
        assert_eq!(next.form.settings.preset(), state.form.settings.preset());
    }

    #[test]
    fn models_that_are_gone_are_not_asked_for_again() {
        let ctx = Context::default();
        let mut state = fresh();
        state.evaluation.form.chosen = vec![Chosen { path: "runs/gone".into(), category: String::new() }];
        ["cat", "runs/gone"].into_iter().for_each(|name| state.compare.form.add(name.into()));
        remember(&ctx, &state);
        let mut next = fresh();
        recall(&ctx, &mut next);
        assert!(next.evaluation.form.chosen.is_empty());
        assert_eq!(next.compare.form.chosen, [PathBuf::from("cat")]);
        // In the library it is offered once.
        let library = [PathBuf::from("cat")];
        assert_eq!(next.compare.form.offered(&library).count(), 1);
    }

    #[test]
    fn a_lesson_does_not_become_a_habit() {
        let ctx = Context::default();
        let mut state = fresh();
        state.play.model = "cat".into();
        (state.denoise.position.speed, state.denoise.attention, state.denoise.arrows) = (0.25, true, false);
        let set = of(&state);
        state.act(DenoiseAction::Lesson(true).into());
        assert!(state.denoise.lesson.is_some());
        (state.denoise.position.speed, state.denoise.attention, state.denoise.arrows) = (3.0, false, true);
        remember(&ctx, &state);
        let mut next = fresh();
        recall(&ctx, &mut next);
        assert_eq!(of(&next).denoise, set.denoise);
    }

    #[test]
    fn what_was_on_the_plot_is_read_again_if_it_is_still_there() {
        let ctx = Context::default();
        let mut state = fresh();
        state.runs.remembered = ["runs/gone", "runs/cat-quick", "runs/cat-quick"].map(PathBuf::from).into();
        remember(&ctx, &state);
        let mut next = fresh();
        recall(&ctx, &mut next);
        assert!(next.begin().iter().any(|effect| matches!(effect, Effect::Start(Job::Runs, _))));
        let run = RunInfo {
            folder: "runs/cat-quick".into(),
            name: "cat-quick".into(),
            bytes: 1,
            changed: None,
            note: String::new(),
            facts: Ok(RunFacts {
                categories: vec!["cat".into()],
                preset: load("quick").expect("built in"),
                steps: None,
                planned: None,
                best: None,
            }),
        };
        // Closed at once, it is not forgotten.
        assert_eq!(plotted(&next), ["runs/gone", "runs/cat-quick"]);
        let effects = next.apply(Job::Runs, Event::Finished(Outcome::Runs(vec![run])));
        assert!(
            matches!(&effects[..], [Effect::Start(Job::Curves, Command::Curves(folder))] if folder.ends_with("cat-quick")),
            "{effects:?}"
        );
        assert_eq!(plotted(&next), ["runs/cat-quick"]);
    }

    #[test]
    fn what_cannot_be_is_as_usual() {
        let ctx = Context::default();
        let mut kept = of(&fresh());
        kept.train.changed = vec![("train.batch".into(), -1.0), ("gone".into(), 3.0), ("train.learning_rate".into(), f64::NAN)];
        (kept.train.length, kept.train.start, kept.train.minutes, kept.categories) = (9, 9, f64::INFINITY, 9);
        (kept.evaluate.protocol, kept.evaluate.count, kept.denoise.speed) = ("gone".into(), 0.0, f32::NAN);
        keep(&ctx, id(), kept);
        let mut state = fresh();
        recall(&ctx, &mut state);
        assert_eq!(of(&state), of(&fresh()));
    }
}
