//! The training that runs, or the last one: what is known of it, and its curves in bounded memory.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Effect;
use super::form::subject;
use super::going::{self, Going};
use super::messages::{Messages, Tone};
use super::sheets::Sheets;
use crate::session::{Command, Event, Failure, Length, Outcome, TestLoss, TrainProgress, TrainRequest};
use crate::studio::engine::Job;
use crate::studio::words;
use crate::util::series::{Series, Smooth};
use crate::util::{Error, Reason, clock};

/// Marks of checkpoints and roll-backs that are kept; of more, every other one goes.
const MARKS: usize = 400;

/// Where the training is.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Phase {
    /// Never started.
    #[default]
    Idle,
    /// At work.
    Running,
    /// Held.
    Paused,
    /// Asked to save and end.
    Stopping,
    /// Over, and saved.
    Ended {
        /// Steps made.
        steps: u64,
        /// The model.
        model: PathBuf,
        /// All planned steps were made.
        complete: bool,
    },
    /// Ended before there was anything to save.
    Cancelled,
    /// Broke off: the error's text.
    Failed(String),
}

/// Losses over steps.
#[derive(Debug, Default)]
pub struct Curves {
    /// Main loss of every step.
    pub train: Series,
    /// The same, smoothed.
    pub smooth: Series,
    /// Side loss of every step, smoothed.
    pub side: Series,
    /// Main loss on the test drawings.
    pub test: Series,
    /// Side loss on the test drawings.
    pub test_side: Series,
    smoothing: (Smooth, Smooth),
}

/// A going back: from a step to an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RollBack {
    /// The last step made before.
    pub from: u64,
    /// The checkpoint's step.
    pub to: u64,
}

/// What is shown of the curves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shows {
    /// Every step.
    pub raw: bool,
    /// The average.
    pub smooth: bool,
    /// The test drawings.
    pub test: bool,
    /// The side loss.
    pub side: bool,
    /// Logarithmic scale.
    pub log: bool,
}

/// A training run.
#[derive(Debug)]
pub struct Run {
    /// Where it is.
    pub phase: Phase,
    /// What it was started with.
    pub request: Option<Box<TrainRequest>>,
    /// What goes on apart from steps.
    pub going: Going,
    /// The newest step.
    pub last: Option<TrainProgress>,
    /// The newest look at the test drawings.
    pub tested: Option<TestLoss>,
    /// The best one.
    pub best: Option<TestLoss>,
    /// The curves.
    pub curves: Curves,
    /// Steps at which a checkpoint was written.
    pub saves: Vec<u64>,
    /// Every going back.
    pub roll_backs: Vec<RollBack>,
    /// The preview sheets.
    pub sheets: Sheets,
    /// The newest message of this run.
    pub said: Option<String>,
    /// What of the curves is shown.
    pub shows: Shows,
}

impl Default for Run {
    fn default() -> Self {
        Self {
            phase: Phase::Idle,
            request: None,
            going: Going::default(),
            last: None,
            tested: None,
            best: None,
            curves: Curves::default(),
            saves: Vec::new(),
            roll_backs: Vec::new(),
            sheets: Sheets::default(),
            said: None,
            shows: Shows { raw: true, smooth: true, test: true, side: false, log: false },
        }
    }
}

/// A heading and a sentence about the run, with its tone.
#[derive(Debug, Clone, PartialEq)]
pub struct Words {
    /// How it goes; `None` for neither good nor bad.
    pub tone: Option<Tone>,
    /// Two or three words.
    pub heading: String,
    /// One or two sentences.
    pub detail: String,
}

impl Run {
    /// At work, held, or being saved.
    pub fn is_active(&self) -> bool {
        matches!(self.phase, Phase::Running | Phase::Paused | Phase::Stopping)
    }

    /// At work.
    pub fn is_running(&self) -> bool {
        self.phase == Phase::Running
    }

    /// Held.
    pub fn is_paused(&self) -> bool {
        self.phase == Phase::Paused
    }

    /// Broke off.
    pub fn has_failed(&self) -> bool {
        matches!(self.phase, Phase::Failed(_))
    }

    /// True if there is a checkpoint to go on from.
    pub fn can_continue(&self) -> bool {
        match self.phase {
            Phase::Ended { complete, .. } => !complete,
            Phase::Failed(_) => !self.saves.is_empty(),
            _ => false,
        }
    }

    /// The model that this run made.
    pub fn model(&self) -> Option<&Path> {
        match &self.phase {
            Phase::Ended { model, .. } => Some(model),
            _ => None,
        }
    }

    /// What is being learned, in words.
    pub fn subject(&self) -> String {
        self.request.as_ref().map_or_else(|| subject(&[]), |request| subject(&request.categories))
    }

    /// The run folder.
    pub fn folder(&self) -> Option<&Path> {
        self.request.as_ref().map(|request| request.out.as_path())
    }

    /// Steps a second.
    pub fn steps_per_sec(&self) -> Option<f64> {
        let (last, request) = (self.last.as_ref()?, self.request.as_ref()?);
        Some(last.drawings_per_sec / request.preset.train.batch.max(1) as f64)
    }

    /// Share that is done: of the planned steps, or of what goes on apart from them.
    pub fn share(&self) -> Option<f32> {
        if self.going.progress.is_some() {
            return self.going.share();
        }
        let last = self.last.as_ref()?;
        going::share(last.step, last.steps)
    }

    pub(super) fn cannot_start(&mut self, error: &Error, messages: &mut Messages, now: Duration) {
        let why = error.for_window();
        messages.error(now, Job::Train, format!("Training cannot be started: {why}"));
        *self = Self { phase: Phase::Failed(why), shows: self.shows, ..Self::default() };
    }

    /// Its folder is gone: there is nothing to tell of it any more.
    pub(super) fn forget(&mut self) {
        *self = Self { shows: self.shows, ..Self::default() };
    }

    pub(super) fn start(&mut self, request: TrainRequest) -> Vec<Effect> {
        let (going, kept) = (Going::at("starting"), Some(Box::new(request.clone())));
        *self = Self { phase: Phase::Running, request: kept, going, shows: self.shows, ..Self::default() };
        vec![Effect::Start(Job::Train, Command::Train(Box::new(request)))]
    }

    pub(super) fn go_on(&mut self) -> Vec<Effect> {
        let Some(request) = &mut self.request else { return Vec::new() };
        request.resume = true;
        request.from = None;
        // The steps that were planned, not as many minutes or steps once more.
        if let Some(steps) = self.last.and_then(|last| last.steps) {
            request.length = Length::Steps(steps);
        }
        let request = request.clone();
        self.phase = Phase::Running;
        self.going = Going::at("reading the newest checkpoint");
        vec![Effect::Start(Job::Train, Command::Train(request))]
    }

    pub(super) fn pause(&mut self, paused: bool) -> Vec<Effect> {
        self.phase = if paused { Phase::Paused } else { Phase::Running };
        vec![Effect::Pause(Job::Train, paused)]
    }

    pub(super) fn stop(&mut self) -> Vec<Effect> {
        self.phase = Phase::Stopping;
        vec![Effect::Stop(Job::Train, Reason::Stopped)]
    }

    pub(super) fn apply(&mut self, event: Event, messages: &mut Messages, now: Duration) {
        match event {
            Event::Stage(_) | Event::Progress { .. } => self.going.hear(event),
            Event::Step(step) => self.step(step),
            Event::Tested(test) => {
                self.curves.test.push(test.step as f64, test.losses.main);
                self.curves.test_side.push(test.step as f64, test.losses.side);
                self.tested = Some(test);
                if test.best {
                    self.best = Some(test);
                }
            }
            Event::Saved(step) => {
                self.saves.retain(|&saved| saved < step);
                self.saves.push(step);
                if self.saves.len() > MARKS {
                    let mut nth = 0;
                    self.saves.retain(|&saved| {
                        nth += 1;
                        nth % 2 == 0 || saved == step
                    });
                }
            }
            Event::Message(text) => self.said = Some(text),
            // Of an evaluation: a run has none.
            Event::Evaluating(_) | Event::Scored(_) => {}
            Event::Finished(Outcome::Trained { steps, model, complete }) => {
                let what = if complete { "Trained" } else { "Stopped training" };
                let steps_made = words::counted(steps, "step", "steps");
                messages.done(now, Job::Train, format!("{what} {}: {steps_made}, saved.", self.subject()));
                self.phase = Phase::Ended { steps, model, complete };
                self.going = Going::default();
            }
            Event::Finished(_) => {
                messages.note(now, Job::Train, format!("Training {} was stopped before its first step.", self.subject()));
                self.phase = Phase::Cancelled;
            }
            Event::Failed(Failure { window: text, .. }) => {
                messages.error(now, Job::Train, format!("Training {} failed: {text}", self.subject()));
                self.phase = Phase::Failed(text);
            }
        }
    }

    fn step(&mut self, step: TrainProgress) {
        self.going = Going::default();
        let at = step.step as f64;
        // A step that is not a later one: the run went back to a checkpoint.
        if let Some(before) = self.last.map(|last| last.step).filter(|&before| step.step <= before) {
            let to = step.step.saturating_sub(1);
            let curves = &mut self.curves;
            for series in [&mut curves.train, &mut curves.smooth, &mut curves.side, &mut curves.test, &mut curves.test_side] {
                series.forget_after(to as f64);
            }
            if self.roll_backs.len() < MARKS {
                self.roll_backs.push(RollBack { from: before, to });
            }
        }
        let curves = &mut self.curves;
        curves.train.push(at, step.losses.main);
        curves.smooth.push(at, curves.smoothing.0.push(step.losses.main));
        curves.side.push(at, curves.smoothing.1.push(step.losses.side));
        self.last = Some(step);
    }

    /// The run in words, whatever state it is in.
    pub fn words(&self) -> Words {
        let say = |tone, heading: &str, detail: String| Words { tone, heading: heading.into(), detail };
        let saved = self.saves.last().map(|&step| words::count(step));
        match &self.phase {
            Phase::Idle => {
                say(None, "Nothing is training", "Choose a category on the left, look at the settings on the right, then start.".into())
            }
            Phase::Running => {
                let stage = if self.going.stage.is_empty() { String::new() } else { words::sentence(&self.going.stage) + " " };
                say(None, &format!("Training {}", self.subject()), format!("{stage}{}", self.far().unwrap_or_default()))
            }
            Phase::Paused => {
                let far = self.far().unwrap_or_default();
                say(None, "Paused", format!("{far} Nothing is computed until you resume.").trim().to_owned())
            }
            Phase::Stopping => say(None, "Stopping", "The model is being saved.".into()),
            Phase::Ended { steps, complete: true, .. } => {
                let steps = words::counted(*steps, "step", "steps");
                say(Some(Tone::Done), "Finished", format!("All {steps} are made and the model is saved. {}", self.place()))
            }
            Phase::Ended { steps, .. } => {
                let steps = words::counted(*steps, "step", "steps");
                say(Some(Tone::Done), "Stopped", format!("Saved after {steps}; Continue goes on from there. {}", self.place()))
            }
            Phase::Cancelled => say(None, "Stopped", "It was stopped before its first step; there is nothing to save.".into()),
            Phase::Failed(text) => {
                let next = match saved {
                    Some(step) => format!("The checkpoint after step {step} is safe: Continue goes on from there."),
                    None => "Nothing was saved. Mend what the message names, then start again.".into(),
                };
                say(Some(Tone::Error), "Training failed", format!("{}\n{next}", words::sentence(text)))
            }
        }
    }

    /// "Step 4 210 of 12 000, 22 min 10 s left."
    fn far(&self) -> Option<String> {
        if let Some(far) = self.going.far() {
            return Some(far + ".");
        }
        let last = self.last.as_ref()?;
        let of = last.steps.map_or_else(String::new, |steps| format!(" of {}", words::count(steps)));
        let left = last.left.map_or_else(String::new, |left| format!(", {} left", clock::words(left)));
        Some(format!("Step {}{of}{left}.", words::count(last.step)))
    }

    fn place(&self) -> String {
        self.folder().map_or_else(String::new, |folder| format!("It is in {}.", folder.display()))
    }

    /// The newest going back, in words.
    pub fn rolled_back(&self) -> Option<String> {
        let RollBack { from, to } = self.roll_backs.last()?;
        let times = match self.roll_backs.len() {
            1 => String::new(),
            n => format!(" ({n} times so far)"),
        };
        Some(format!("Rolled back from step {} to step {}{times}.", words::count(*from), words::count(*to)))
    }
}
