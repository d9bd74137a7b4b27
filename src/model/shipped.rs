//! Models that the program is shipped with. This project trained them; each has its card beside it in `assets/models/`.
//!
//! They are part of the program, so that a first drawing needs neither a network nor a training.

use super::ModelFile;
use crate::util::{Context, Result};

/// One of them.
#[derive(Debug, PartialEq, Eq)]
pub struct Shipped {
    /// By which it is called in every place that takes a model.
    pub name: &'static str,
    /// What it draws, in one sentence.
    pub about: &'static str,
    /// Of a model of many categories, the one to show first.
    pub first: Option<&'static str>,
    /// It draws one stroke after another: it can be followed so, and goes on with strokes that somebody has drawn.
    pub strokes: bool,
    /// It has a latent vector, so that there is something between two drawings.
    pub latent: bool,
    bytes: &'static [u8],
}

macro_rules! shipped {
    ($name:literal, $first:expr, latent: $latent:literal, $about:literal) => {
        Shipped {
            name: $name,
            about: $about,
            first: $first,
            strokes: !$latent,
            latent: $latent,
            bytes: include_bytes!(concat!("../../assets/models/", $name, ".safetensors")),
        }
    };
}

/// The one that knows all categories.
pub const BASE: &str = "base";

/// All of them; the first is what a newcomer sees.
pub const SHIPPED: &[Shipped] = &[
    shipped!("cat", None, latent: false, "Draws cats: the base, trained on with cats alone."),
    shipped!("bus", None, latent: false, "Draws buses: the base, trained on with buses alone."),
    shipped!("rabbit", None, latent: false, "Draws rabbits: the base, trained on with rabbits alone."),
    shipped!("base", Some("owl"), latent: false, "Draws all 345 categories, and is what a training of one's own begins with."),
    shipped!("cat-latent", None, latent: true, "Draws cats by latent diffusion, with a latent vector for each: for Interpolate, and to be compared."),
];

/// The one of that name.
pub fn shipped(name: &str) -> Option<&'static Shipped> {
    SHIPPED.iter().find(|model| model.name == name)
}

impl Shipped {
    /// The file, as it lies in `assets/models/`.
    pub fn bytes(&self) -> &'static [u8] {
        self.bytes
    }

    /// The model in it.
    pub fn read(&self) -> Result<ModelFile> {
        ModelFile::parse(self.bytes).context(format!("the shipped model '{}' cannot be read", self.name))
    }
}
