//! Work going on outside the window: one command of each kind at a time.

use eframe::egui;

use crate::session::{Command, Event, Handle, Previews};
use crate::sketch::Sketch;
use crate::util::{Reason, Result};

/// The kinds of work. Each has its own thread, so that drawing need not wait for training.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Job {
    /// Looking at what is on the disk.
    Survey,
    /// Downloading.
    Fetch,
    /// Training.
    Train,
    /// Drawing.
    Draw,
    /// Following a drawing out of noise.
    Trace,
    /// Adding noise to a drawing.
    Noise,
    /// Going on with a drawing in other ways.
    Continue,
    /// Guessing what a drawing is.
    Guess,
    /// Drawing the way from one drawing to another.
    Interpolate,
    /// Drawing at a place of that way.
    Between,
    /// Going on with what a person draws.
    Complete,
    /// Asking a model what it can do.
    Describe,
    /// Keeping a drawing.
    Keep,
    /// Counting what was kept before.
    Collections,
    /// Writing a file.
    Export,
    /// Scoring drawings.
    Evaluate,
    /// Writing scores to a file.
    SaveScores,
    /// Setting models side by side.
    Compare,
    /// Fetching or taking over the weights that scores need.
    Weights,
    /// Taking over files of drawings and splits.
    Import,
    /// Reading drawings to look at.
    Browse,
    /// Making what the cards of categories show.
    Cards,
    /// Listing runs.
    Runs,
    /// Changing a run.
    ChangeRun,
    /// Reading a run's losses.
    Curves,
}

impl Job {
    /// All of them.
    pub const ALL: [Self; 25] = [
        Self::Survey,
        Self::Fetch,
        Self::Train,
        Self::Draw,
        Self::Trace,
        Self::Noise,
        Self::Continue,
        Self::Guess,
        Self::Interpolate,
        Self::Between,
        Self::Complete,
        Self::Describe,
        Self::Keep,
        Self::Collections,
        Self::Export,
        Self::Evaluate,
        Self::SaveScores,
        Self::Compare,
        Self::Weights,
        Self::Import,
        Self::Browse,
        Self::Cards,
        Self::Runs,
        Self::ChangeRun,
        Self::Curves,
    ];

    /// Short work that follows what a person sets: what it says in passing is not worth keeping.
    pub fn is_passing(self) -> bool {
        matches!(
            self,
            Self::Trace
                | Self::Noise
                | Self::Continue
                | Self::Guess
                | Self::Interpolate
                | Self::Between
                | Self::Complete
                | Self::Describe
                | Self::Browse
                | Self::Cards
                | Self::Runs
                | Self::Curves
        )
    }
}

/// Where the window's commands go. Tests put a recorder here.
pub trait Engine {
    /// Starts work; the window makes sure that no other work of this kind runs.
    fn start(&mut self, job: Job, command: Command) -> Result<()>;
    /// Holds work, or lets it go on.
    fn pause(&mut self, job: Job, paused: bool);
    /// Asks work to stop; its last event still comes.
    fn stop(&mut self, job: Job, reason: Reason);
    /// What was reported since, without waiting.
    fn poll(&mut self) -> Vec<(Job, Event)>;
    /// The preview sheets of the training, if they changed.
    fn previews(&mut self) -> Option<Previews>;
    /// What there is of the first drawing that is being drawn, in the data frame's units, if it grew.
    fn growing(&mut self) -> Option<Sketch>;
}

/// The session's worker threads.
pub struct Workers {
    ctx: egui::Context,
    running: Vec<(Job, Handle)>,
    /// Have said their last word; their threads may need a moment to end, which nobody should wait for.
    ending: Vec<Handle>,
}

impl Workers {
    /// No work yet. `ctx` is woken whenever there is something to read.
    pub fn new(ctx: egui::Context) -> Self {
        Self { ctx, running: Vec::new(), ending: Vec::new() }
    }

    fn handle(&self, job: Job) -> Option<&Handle> {
        self.running.iter().find(|(kind, _)| *kind == job).map(|(_, handle)| handle)
    }
}

impl Engine for Workers {
    fn start(&mut self, job: Job, command: Command) -> Result<()> {
        let ctx = self.ctx.clone();
        let handle = Handle::start(command, move || ctx.request_repaint())?;
        self.running.push((job, handle));
        Ok(())
    }

    fn pause(&mut self, job: Job, paused: bool) {
        if let Some(handle) = self.handle(job) {
            handle.pause(paused);
        }
    }

    fn stop(&mut self, job: Job, reason: Reason) {
        if let Some(handle) = self.handle(job) {
            handle.stop(reason);
        }
    }

    fn poll(&mut self) -> Vec<(Job, Event)> {
        self.ending.retain(Handle::is_running);
        let mut events = Vec::new();
        let mut still = Vec::with_capacity(self.running.len());
        for (job, handle) in self.running.drain(..) {
            // Asked before reading: a thread that has ended has nothing more to add.
            let ended = !handle.is_running();
            let mut done = false;
            for event in handle.events() {
                done |= matches!(event, Event::Finished(_) | Event::Failed(_));
                events.push((job, event));
            }
            if ended && !done {
                events.push((job, Event::Failed("the work ended without saying why, which is a fault in Denoodle".into())));
            }
            if done || ended {
                self.ending.push(handle);
            } else {
                still.push((job, handle));
            }
        }
        self.running = still;
        events
    }

    fn previews(&mut self) -> Option<Previews> {
        self.handle(Job::Train).or(self.ending.last()).and_then(Handle::previews)
    }

    fn growing(&mut self) -> Option<Sketch> {
        self.handle(Job::Draw).and_then(Handle::growing)
    }
}
