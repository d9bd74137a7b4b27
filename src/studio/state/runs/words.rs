//! Runs in words.

use crate::session::{RunFacts, RunInfo};
use crate::studio::state::form::subject;
use crate::studio::words::{self, bytes, count, counted, date, figure};

/// What a run learnt, and how far it came: "cat, Quick, 1 200 of 2 400 steps".
pub fn course(run: &RunInfo) -> String {
    let Ok(RunFacts { categories, preset, steps, planned, .. }) = &run.facts else { return "It cannot be read.".into() };
    let far = match (steps, planned) {
        (Some(steps), Some(planned)) => format!("{} of {}", count(*steps), counted(*planned, "step", "steps")),
        (Some(steps), None) => counted(*steps, "step", "steps"),
        (None, _) => "no checkpoint".into(),
    };
    format!("{}, {}, {far}", subject(categories), words::preset(&preset.name))
}

/// How well it did, how large it is, and when it was last written: "best 0.318 at step 1 200, 74.0 MB, 2026-01-31 17:03".
pub fn standing(run: &RunInfo) -> String {
    measured(run, run.changed.and_then(date))
}

/// The same with the day alone, for where there is little room.
pub fn standing_in_short(run: &RunInfo) -> String {
    let day = |date: String| date.split(' ').next().map(str::to_owned);
    measured(run, run.changed.and_then(date).and_then(day))
}

fn measured(run: &RunInfo, changed: Option<String>) -> String {
    let best = run.facts.as_ref().ok().and_then(|facts| facts.best);
    let best = best.map(|best| format!("best {} at step {}", figure(best.loss), count(best.step)));
    [best, Some(bytes(run.bytes)), changed].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// What is lost when it is deleted.
pub fn loss(run: &RunInfo) -> String {
    let what = match &run.facts {
        Ok(facts) => {
            format!("the model of {} with all its checkpoints and metrics, and every evaluation in its folder", subject(&facts.categories))
        }
        Err(_) => "a damaged run with all that is in its folder".into(),
    };
    format!("{} are freed. Lost is {what}; this cannot be undone.", bytes(run.bytes))
}
