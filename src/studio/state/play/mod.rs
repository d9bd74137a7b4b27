//! Drawing with a model, and playing what it drew.

mod actions;
mod guess;

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use guess::{Guesses, MOST, Standing, Told};

use super::Effect;
use super::going::Going;
use super::messages::Messages;
use super::settings::Settings;
use crate::config::{DeviceChoice, Preset};
use crate::session::{Command, DrawRequest, Event, Failure, Outcome};
use crate::sketch::Sketch;
use crate::studio::Options;
use crate::studio::engine::Job;
use crate::studio::playback::{Playback, Shown, Timeline};
use crate::studio::words;

/// Speeds of the pen that can be chosen; 1 is normal.
pub const SPEEDS: [f32; 5] = [0.25, 0.5, 1.0, 2.0, 4.0];

/// Where the drawing is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Phase {
    /// Nothing is asked for.
    #[default]
    Idle,
    /// At work.
    Drawing,
    /// It was stopped.
    Stopped,
    /// Broke off: the error's text.
    Failed(String),
}

/// What was drawn, with what made it.
#[derive(Debug, Clone)]
pub struct Drawn {
    /// In the order of their numbers.
    pub sketches: Vec<Sketch>,
    /// Of what.
    pub category: String,
    /// Computing time.
    pub took: Duration,
    /// The seed they were drawn with.
    pub seed: u64,
    /// By which model.
    pub model: PathBuf,
}

/// Settings that are tried instead of the model's own.
#[derive(Debug, Clone)]
pub struct Tried {
    /// Whose: they begin as its own, and another model's mean nothing.
    pub model: PathBuf,
    /// Those of its system.
    pub settings: Settings,
}

/// The Play workspace.
#[derive(Debug)]
pub struct Play {
    /// A path: a model file or a run folder.
    pub model: String,
    /// Empty for the model's own.
    pub category: String,
    /// Drawings wanted.
    pub count: f64,
    /// Decides all randomness.
    pub seed: u64,
    /// Where to compute.
    pub device: Option<DeviceChoice>,
    /// Draw as the model's preset says.
    pub own_settings: bool,
    /// Otherwise draw so, once the model's own are known.
    pub tried: Option<Tried>,
    /// Where it is.
    pub phase: Phase,
    /// What goes on.
    pub going: Going,
    /// The newest message: where it is computed.
    pub said: Option<String>,
    /// What there is of the first of those that are being drawn, from models that draw one stroke or point after another; shown, and
    /// played, until it is finished or something else is chosen.
    pub growing: Option<Sketch>,
    /// The newest drawings.
    pub drawn: Option<Drawn>,
    /// Which is shown.
    pub selected: usize,
    /// It must come into sight in the list.
    pub reveal: bool,
    /// Rows of the list in sight.
    pub rows: Range<usize>,
    /// The player.
    pub playback: Playback,
    /// Colour strokes by their order.
    pub colours: bool,
    /// Show all drawings, each at the same share of its own time.
    pub all: bool,
    /// What a classifier takes them for.
    pub guesses: Guesses,
    asked: Option<(u64, PathBuf)>,
    /// Nothing else was chosen since drawing began.
    watching: bool,
}

impl Play {
    pub(in crate::studio::state) fn new() -> Self {
        Self {
            model: String::new(),
            category: String::new(),
            count: 12.0,
            seed: 1,
            device: None,
            own_settings: true,
            tried: None,
            phase: Phase::Idle,
            going: Going::default(),
            said: None,
            growing: None,
            drawn: None,
            selected: 0,
            reveal: false,
            rows: 0..0,
            playback: Playback::default(),
            colours: true,
            all: false,
            guesses: Guesses::default(),
            asked: None,
            watching: false,
        }
    }

    /// At work.
    pub fn is_drawing(&self) -> bool {
        self.phase == Phase::Drawing
    }

    /// What can be shown.
    pub fn sketches(&self) -> &[Sketch] {
        self.drawn.as_ref().map_or(&[], |drawn| &drawn.sketches)
    }

    /// What is shown.
    pub fn current(&self) -> Option<&Sketch> {
        self.sketches().get(self.selected)
    }

    /// A drawing, and what of it is on the paper after the share of its own time that has passed of the shown one's.
    pub fn so_far(&self, index: usize) -> Option<(&Sketch, Shown)> {
        let sketch = self.sketches().get(index)?;
        Some((sketch, Timeline::new(sketch).at_share(self.playback.share())?))
    }

    /// What keeps it from drawing.
    pub fn complaint(&self) -> Option<String> {
        if self.is_drawing() {
            return Some("It is drawing already.".into());
        }
        if self.model.trim().is_empty() {
            return Some("Choose a model first, or train one.".into());
        }
        self.trying().and_then(|settings| settings.preset().err())
    }

    /// What is tried on the model at hand; nothing while its own settings are wanted, or are not known yet.
    pub fn trying(&self) -> Option<&Settings> {
        let model = Path::new(self.model.trim());
        let tried = self.tried.as_ref().filter(|tried| !self.own_settings && tried.model == model);
        tried.map(|tried| &tried.settings)
    }

    /// A model's own settings are known; what was tried on it already stays.
    pub(super) fn learn(&mut self, model: &Path, preset: &Preset) {
        if self.tried.as_ref().is_none_or(|tried| tried.model != model) {
            self.tried = Some(Tried { model: model.to_path_buf(), settings: Settings::of(preset.clone()) });
        }
    }

    /// The model's name, short.
    pub fn model_name(&self) -> String {
        if self.model.trim().is_empty() { "no model".into() } else { words::model_name(Path::new(self.model.trim())) }
    }

    /// The first of the drawings that are being drawn has come so far.
    pub fn grew(&mut self, sketch: Sketch) {
        if self.is_drawing() && self.watching {
            self.playback.grow(&sketch);
            self.growing = Some(sketch);
        }
    }

    /// Shows what is there already.
    pub(super) fn look_away(&mut self) {
        (self.growing, self.watching) = (None, false);
    }

    pub(super) fn select(&mut self, index: usize) {
        self.look_away();
        (self.selected, self.reveal) = (index, true);
        let sketch = self.current().cloned().unwrap_or_default();
        self.playback.load(&sketch);
    }

    /// All at once follow the shown drawing's time: if that has none, the first that has any is shown.
    pub(super) fn lead(&mut self) {
        if self.all && self.playback.timeline().times().is_empty() {
            let some = self.sketches().iter().position(|sketch| sketch.points().next().is_some());
            some.into_iter().for_each(|index| self.select(index));
        }
    }

    pub(super) fn draw(&mut self, options: &Options) -> Vec<Effect> {
        let settings = self.trying().and_then(|settings| settings.preset().ok()).map(|preset| preset.draw);
        let model = PathBuf::from(self.model.trim());
        self.phase = Phase::Drawing;
        self.going = Going::default();
        self.said = None;
        self.watching = true;
        self.asked = Some((self.seed, model.clone()));
        let category = self.category.trim();
        let request = DrawRequest {
            model,
            category: (!category.is_empty()).then(|| category.to_owned()),
            count: self.count as usize,
            first: 0,
            seed: self.seed,
            settings,
            start: None,
            device: self.device.unwrap_or(options.device),
            threads: options.threads,
        };
        vec![Effect::Start(Job::Draw, Command::Draw(Box::new(request)))]
    }

    pub(super) fn apply(&mut self, event: Event, messages: &mut Messages, now: Duration) {
        let ended = matches!(event, Event::Finished(_) | Event::Failed(_));
        let grew = ended && self.growing.is_some();
        if ended {
            self.look_away();
        }
        match event {
            Event::Stage(_) | Event::Progress { .. } => self.going.hear(event),
            Event::Message(text) => self.said = Some(text),
            Event::Finished(Outcome::Drawn { sketches, category, took }) => {
                let many = words::counted(sketches.len() as u64, "drawing", "drawings");
                let said = self.said.take().map_or(String::new(), |said| format!(" {}", words::sentence(&said)));
                messages.done(now, Job::Draw, format!("Drew {many} of {category} in {:.1} s.{said}", took.as_secs_f64()));
                let (seed, model) = self.asked.take().unwrap_or_default();
                self.drawn = Some(Drawn { sketches, category, took, seed, model });
                self.phase = Phase::Idle;
                self.guesses.reset(self.sketches().len());
                self.selected = 0;
                self.playback.finish(&self.current().cloned().unwrap_or_default());
                self.lead();
                return;
            }
            Event::Finished(_) => self.phase = Phase::Stopped,
            Event::Failed(Failure { window: text, .. }) => {
                messages.error(now, Job::Draw, format!("Drawing failed: {text}"));
                self.phase = Phase::Failed(text);
            }
            _ => {}
        }
        // What grew comes to nothing: back to the drawing that was shown before.
        if grew {
            self.select(self.selected);
        }
    }
}
