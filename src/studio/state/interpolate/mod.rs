//! Going from one drawing to another: which two, how, and where on the way we are.

mod actions;
mod events;
mod wanted;
mod words;

pub use super::denoise::{Phase, Source};
use super::going::Going;
use crate::config::{DeviceChoice, PRESETS, load};
use crate::sketch::Sketch;
use crate::studio::Options;
use wanted::Wanted;
pub use wanted::{Chosen, Temper};

/// Places on the way, but for its beginning.
pub const STEPS: usize = 40;
/// So many places lie from one drawing of the strip to the next: it has nine.
pub const STRIDE: usize = 5;

/// A way from one drawing to another, with what made it.
#[derive(Debug, Clone)]
pub struct Way {
    /// Of what.
    pub category: String,
    /// The drawings at its ends.
    pub originals: [Sketch; 2],
    /// What the model makes of their latent vectors.
    pub reconstructions: [Sketch; 2],
    /// One a place; `None` where none was drawn yet.
    pub drawings: Vec<Option<Sketch>>,
    /// Which drawings the ends are.
    pub ends: [Chosen; 2],
    wanted: Wanted,
}

/// The Interpolate workspace.
#[derive(Debug)]
pub struct Interpolate {
    /// Which drawings to go from and to.
    pub ends: [Chosen; 2],
    /// Decides the random numbers that all drawings on the way share.
    pub seed: u64,
    /// How calmly it is drawn, once the model's own is known.
    pub temper: Option<Temper>,
    /// The place on the way, 0 to [`STEPS`].
    pub at: usize,
    /// Where it is.
    pub phase: Phase,
    /// What goes on.
    pub going: Going,
    /// The way that was drawn last.
    pub way: Option<Way>,
    /// A drawing between those of the strip is being made.
    pub filling: bool,
    /// A place at which nothing could be drawn, and why.
    pub unfilled: Option<(usize, String)>,
    /// Presets of models that have latent vectors.
    pub able: Vec<&'static str>,
    device: DeviceChoice,
    threads: usize,
    asked: Option<Wanted>,
    place_asked: Option<(Wanted, usize)>,
}

impl Interpolate {
    pub(in crate::studio::state) fn new(options: &Options) -> Self {
        let able = |name: &&str| load(name).is_ok_and(|preset| preset.model.has_latent());
        Self {
            ends: [Chosen::drawn(0), Chosen::drawn(1)],
            seed: 1,
            temper: None,
            at: STEPS / 2,
            phase: Phase::Idle,
            going: Going::default(),
            way: None,
            filling: false,
            unfilled: None,
            able: PRESETS.iter().map(|(name, _)| *name).filter(able).collect(),
            device: options.device,
            threads: options.threads,
            asked: None,
            place_asked: None,
        }
    }

    /// At work on a whole way.
    pub fn is_running(&self) -> bool {
        self.phase == Phase::Running
    }

    /// Places that are drawn at once: those of the strip.
    pub fn strip() -> impl Iterator<Item = usize> {
        (0..=STEPS).step_by(STRIDE)
    }

    /// The share of the way at a place, 0 to 1.
    pub fn share(place: usize) -> f32 {
        place as f32 / STEPS as f32
    }

    /// The drawing at our place, or else the one nearest to it, with its place.
    pub fn current(&self) -> Option<(usize, &Sketch)> {
        let drawings = &self.way.as_ref()?.drawings;
        let there = drawings.iter().enumerate().filter_map(|(place, drawing)| Some((place, drawing.as_ref()?)));
        there.min_by_key(|(place, _)| place.abs_diff(self.at))
    }

    /// What was chosen is not what is shown.
    pub fn is_behind(&self) -> bool {
        self.is_running() && self.way.is_some()
    }
}
