//! What a classifier takes the shown drawing for while it is drawn.

use super::Play;
use crate::session::{Command, Event, Failure, Guess, GuessRequest, Outcome};
use crate::studio::engine::Job;
use crate::studio::state::{Effect, State, Workspace};

/// Guesses shown at a time.
pub const MOST: usize = 3;

/// What was said of a drawing.
#[derive(Debug, Clone, PartialEq)]
pub enum Told {
    /// After each stroke its guesses, the likeliest first.
    Guesses(Vec<Vec<Guess>>),
    /// Why there are none.
    Failed(String),
}

/// The guesses about the newest drawings, each asked for once it is shown.
#[derive(Debug, Default)]
pub struct Guesses {
    /// One a drawing, as far as they were told.
    told: Vec<Option<Told>>,
    running: bool,
    /// The drawing that is being looked at; `None` once there are others in its place.
    looked_at: Option<usize>,
}

impl Guesses {
    /// Other drawings are there now.
    pub(super) fn reset(&mut self, count: usize) {
        self.told = vec![None; count];
        self.looked_at = None;
    }

    /// What was said of a drawing; `None` while it is not known.
    pub fn of(&self, index: usize) -> Option<&Told> {
        self.told.get(index)?.as_ref()
    }

    /// Lets a drawing be asked about again if that failed.
    pub(super) fn retry(&mut self, index: usize) {
        if let Some(told) = self.told.get_mut(index) {
            told.take_if(|told| matches!(told, Told::Failed(_)));
        }
    }
}

/// How the guessing about the shown drawing stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Standing<'a> {
    /// There is nothing to guess from.
    Nothing,
    /// It is being looked at, or soon will be.
    Waiting,
    /// After so many finished strokes, the likeliest first; none before the first is finished.
    After(usize, &'a [Guess]),
    /// Why nothing was guessed.
    Failed(&'a str),
}

impl Play {
    /// How the guessing about the shown drawing stands, where its playback is.
    pub fn guess(&self) -> Standing<'_> {
        if self.current().is_none_or(|sketch| sketch.points().next().is_none()) {
            return Standing::Nothing;
        }
        match self.guesses.of(self.selected) {
            None => Standing::Waiting,
            Some(Told::Failed(why)) => Standing::Failed(why),
            Some(Told::Guesses(all)) => {
                let finished = self.playback.finished();
                let now = finished.checked_sub(1).and_then(|last| all.get(last)).map_or(&[][..], Vec::as_slice);
                Standing::After(finished, now)
            }
        }
    }

    /// What to look at next: the shown drawing, unless that is known or another is being looked at.
    fn to_guess(&self) -> Option<usize> {
        let wanted = !self.guesses.running && !self.all && self.guess() == Standing::Waiting;
        wanted.then_some(self.selected)
    }
}

impl State {
    /// Asks what the shown drawing is, if nobody knows; what is being looked at is followed by this again.
    pub(in crate::studio::state) fn settle_play(&mut self) -> Vec<Effect> {
        if self.workspace != Workspace::Play {
            return Vec::new();
        }
        let (Some(index), Some(sketch)) = (self.play.to_guess(), self.play.current().cloned()) else { return Vec::new() };
        (self.play.guesses.running, self.play.guesses.looked_at) = (true, Some(index));
        let request = GuessRequest { sketch, most: MOST, threads: self.options.threads };
        vec![Effect::Start(Job::Guess, Command::Guess(Box::new(request)))]
    }

    pub(in crate::studio::state) fn guessed(&mut self, event: Event) -> Vec<Effect> {
        let told = match event {
            Event::Finished(Outcome::Guessed(guesses)) => Told::Guesses(guesses),
            Event::Finished(_) => Told::Failed("it was stopped".into()),
            Event::Failed(Failure { window: text, .. }) => Told::Failed(text),
            _ => return Vec::new(),
        };
        let guesses = &mut self.play.guesses;
        guesses.running = false;
        if let Some(place) = guesses.looked_at.take().and_then(|index| guesses.told.get_mut(index)) {
            *place = Some(told);
        }
        self.settle_play()
    }
}
