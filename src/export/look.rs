//! What a person may choose of a picture, whatever its form.

use super::{Export, Gif, Sheet, Svg};
use crate::raster::{Ink, ORDER_ON_DARK, ORDER_ON_LIGHT, Rgb};
use crate::sketch::DATA_SIDE;

/// Ground and strokes that go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Colours {
    /// Black on white.
    #[default]
    Ink,
    /// White on slate.
    Chalk,
    /// Coloured by the order of the strokes, on white.
    Order,
    /// The same on slate.
    OrderOnSlate,
}

/// Dark paper, as the window's dark theme has it.
const SLATE: Rgb = Rgb(27, 32, 38);

impl Colours {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Ink, Self::Chalk, Self::Order, Self::OrderOnSlate];

    /// Its name where it is typed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ink => "ink",
            Self::Chalk => "chalk",
            Self::Order => "order",
            Self::OrderOnSlate => "order-on-slate",
        }
    }

    /// Its name where it is read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Ink => "Black on white",
            Self::Chalk => "White on slate",
            Self::Order => "By order, on white",
            Self::OrderOnSlate => "By order, on slate",
        }
    }

    /// The ground.
    pub fn paper(self) -> Rgb {
        match self {
            Self::Ink | Self::Order => Rgb::WHITE,
            Self::Chalk | Self::OrderOnSlate => SLATE,
        }
    }

    /// The strokes.
    pub fn ink(self) -> Ink {
        match self {
            Self::Ink => Ink::One(Rgb::BLACK),
            Self::Chalk => Ink::One(Rgb::WHITE),
            Self::Order => Ink::ByOrder(ORDER_ON_LIGHT),
            Self::OrderOnSlate => Ink::ByOrder(ORDER_ON_DARK),
        }
    }
}

/// How a picture looks. What is `None` is as usual for its form.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// Side in pixels of a GIF, of a drawing alone, or of every drawing in a sheet (`call.side`). An SVG has no pixels.
    pub side: Option<u32>,
    /// How much faster than usual a GIF is drawn (`call.speed`).
    pub speed: f64,
    /// Line width in percent of a drawing's side (`call.line`).
    pub line: Option<f64>,
    /// Ground and strokes.
    pub colours: Colours,
    /// Words: the stroke's number in a GIF of one drawing, the category above a sheet.
    pub label: bool,
    /// No ground. The edges of lines still fade into the colour of the ground that is left out, in a GIF.
    pub transparent: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self { side: None, speed: 1.0, line: None, colours: Colours::default(), label: true, transparent: false }
    }
}

impl Look {
    /// Gives a form this look; strokes for other programs (ndjson) have none.
    pub fn on(&self, form: Export) -> Export {
        let (paper, ink, transparent) = (self.colours.paper(), self.colours.ink(), self.transparent);
        let line = |usual: f32| self.line.map_or(usual, |percent| percent as f32 / 100.0);
        match form {
            Export::Ndjson => Export::Ndjson,
            Export::Svg(svg) => {
                let line = self.line.map_or(svg.line, |percent| percent as f32 / 100.0 * DATA_SIDE);
                Export::Svg(Svg { line, paper, ink, transparent, title: self.label, ..svg })
            }
            Export::Png(sheet) => {
                let (cell, alone) = (self.side.unwrap_or(sheet.cell), self.side.unwrap_or(sheet.alone));
                Export::Png(Sheet { cell, alone, line: line(sheet.line), paper, ink, transparent, title: self.label, ..sheet })
            }
            Export::Gif(gif) => {
                let (side, speed) = (self.side.unwrap_or(gif.side), self.speed);
                Export::Gif(Gif { side, speed, line: line(gif.line), paper, ink, transparent, label: self.label, ..gif })
            }
        }
    }
}
