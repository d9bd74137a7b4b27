//! Training of the sketch features.

use super::train::read;
use crate::data;
use crate::model::Accuracy;
use crate::session::handle::Reporter;
use crate::session::{Event, FeaturesRequest, Outcome};
use crate::train::sketch_net::{SketchPlan, SketchRecipe, SketchStep, SketchTrainer, SketchWatcher, train as run};
use crate::util::clock::{Clock, SystemClock};
use crate::util::{Error, Result, clock};

/// Trains until the plan is fulfilled or somebody stops it.
pub(super) fn train(request: &FeaturesRequest, reporter: &Reporter) -> Result<Outcome> {
    let mut categories = request.categories.clone();
    if categories.is_empty() {
        categories = data::complete(&request.folders)?;
    }
    if categories.len() < 2 {
        return Err(Error::usage(format!(
            "sketch features tell categories apart, and there are drawings and splits of {}",
            categories.len()
        ))
        .at(&request.folders.drawings)
        .advise("`denoodle data list` shows what there is; `denoodle data fetch` gets more."));
    }
    let set = read(&categories, &request.folders, request.threads, reporter)?;
    reporter.must(Event::Stage("preparing".into()));
    let recipe = SketchRecipe::default();
    let steps = (request.epochs * set.train.len() as f64 / recipe.batch as f64).ceil().max(1.0) as u64;
    let mut trainer = SketchTrainer::new(recipe.clone(), set, steps, request.seed, request.threads)?;
    let (train, test) = trainer.drawings_there();
    let weights = trainer.parameters() as f64 / 1e6;
    let numbers = format!("{train} training and {test} test drawings of {} categories, {weights:.2} million weights", categories.len());
    reporter.must(Event::Message(numbers));
    reporter.must(Event::Stage("training sketch features".into()));
    let mut watcher = Watcher { reporter, clock: SystemClock::default(), batch: recipe.batch, loss: 0.0, right: 0.0 };
    let plan = SketchPlan { folder: request.out.clone(), resume: request.resume };
    let (model, complete) = run(&mut trainer, &plan, &reporter.cancel, &mut watcher)?;
    Ok(Outcome::Trained { steps: trainer.steps().0, model, complete })
}

struct Watcher<'a> {
    reporter: &'a Reporter,
    clock: SystemClock,
    batch: usize,
    /// Of the last hundred steps or so.
    loss: f64,
    right: f64,
}

impl SketchWatcher for Watcher<'_> {
    fn step(&mut self, step: u64, steps: u64, report: &SketchStep) -> Result<()> {
        let keep = if self.loss == 0.0 { 0.0 } else { 0.99 };
        self.loss = keep * self.loss + (1.0 - keep) * report.loss;
        self.right = keep * self.right + (1.0 - keep) * report.right;
        self.reporter.fact(Event::Progress { done: step, total: Some(steps), unit: "steps" });
        self.reporter.wait_while_paused();
        Ok(())
    }

    fn tested(&mut self, step: u64, accuracy: &Accuracy) {
        let Accuracy { drawings, top1, top5, loss } = accuracy;
        let after = clock::words(self.clock.now());
        self.reporter.must(Event::Message(format!(
            "step {step} ({} drawings seen, {after}): loss {:.3}, {:.1} % right; of {drawings} test drawings {:.2} % right, {:.2} % among five, cross-entropy {loss:.3}",
            step * self.batch as u64,
            self.loss,
            100.0 * self.right,
            100.0 * top1,
            100.0 * top5,
        )));
    }
}
