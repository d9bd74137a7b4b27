//! A fixed palette of paper, inks and the shades between: no quantiser, the same colours in every frame.

use crate::raster::Rgb;

/// Colours of a GIF; the last index is kept for "as before" (transparent).
#[derive(Debug, Clone)]
pub(super) struct Palette {
    colours: Vec<Rgb>,
    /// The pixel looked up last: neighbours are mostly equal.
    last: (Rgb, u8),
}

impl Palette {
    /// Paper, and for each ink the shades up to it. At most 255 colours: one ink has 14 shades besides paper (16 entries, so
    /// that a pixel costs four bits at most), several share what there is.
    pub fn new(paper: Rgb, inks: &[Rgb]) -> Self {
        let mut inks = inks.to_vec();
        inks.dedup();
        inks.truncate(127);
        let shades = if inks.len() < 2 { 14 } else { (254 / inks.len()).clamp(2, 12) };
        let mut colours = vec![paper];
        for ink in &inks {
            colours.extend((1..=shades).map(|i| paper.mix(*ink, i as f32 / shades as f32)));
        }
        Self { colours, last: (paper, 0) }
    }

    /// Red, green, blue of every entry, as the file has them; the transparent one repeats the paper.
    pub fn bytes(&self) -> Vec<u8> {
        self.colours.iter().chain(self.colours.first()).flat_map(|c| [c.0, c.1, c.2]).collect()
    }

    /// The index that leaves a pixel as it is.
    pub fn transparent(&self) -> u8 {
        self.colours.len() as u8
    }

    /// The entry nearest to a colour.
    pub fn nearest(&mut self, colour: Rgb) -> u8 {
        if self.last.0 != colour {
            let far = |c: &Rgb| {
                let d = |a: u8, b: u8| (i32::from(a) - i32::from(b)).pow(2);
                2 * d(c.0, colour.0) + 4 * d(c.1, colour.1) + 3 * d(c.2, colour.2)
            };
            let nearest = self.colours.iter().enumerate().min_by_key(|(_, c)| far(c)).map_or(0, |(i, _)| i as u8);
            self.last = (colour, nearest);
        }
        self.last.1
    }
}
