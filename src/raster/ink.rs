//! Colours of paper and ink.

/// Red, green, blue in sRGB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rgb(pub u8, pub u8, pub u8);

impl Rgb {
    /// Black ink.
    pub const BLACK: Self = Self(0, 0, 0);
    /// White paper.
    pub const WHITE: Self = Self(255, 255, 255);

    /// `part` (0..1) of the way to another colour.
    pub fn mix(self, other: Self, part: f32) -> Self {
        let channel = |a: u8, b: u8| (f32::from(a) + (f32::from(b) - f32::from(a)) * part.clamp(0.0, 1.0)).round() as u8;
        Self(channel(self.0, other.0), channel(self.1, other.1), channel(self.2, other.2))
    }

    /// "#rrggbb".
    pub fn hex(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }

    /// Relative luminance after WCAG 2, 0 (black) to 1 (white).
    pub fn luminance(self) -> f32 {
        let linear = |v: u8| {
            let v = f32::from(v) / 255.0;
            if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }
}

impl From<Rgb> for tiny_skia::Color {
    fn from(c: Rgb) -> Self {
        Self::from_rgba8(c.0, c.1, c.2, 255)
    }
}

/// Colours of the first to the last stroke on light paper.
///
/// Lightness rises all the way while the hue goes from blue by violet to orange, so the order survives grey printing and
/// every common kind of colour blindness; the lightest still has a contrast of 3 to 1 with white.
pub const ORDER_ON_LIGHT: [Rgb; 5] = [Rgb(15, 32, 88), Rgb(86, 44, 140), Rgb(158, 50, 128), Rgb(204, 76, 82), Rgb(216, 116, 20)];

/// The same idea on dark paper: every colour at least 4.5 to 1 on a slate ground.
pub const ORDER_ON_DARK: [Rgb; 5] = [Rgb(122, 140, 240), Rgb(190, 140, 250), Rgb(244, 150, 214), Rgb(255, 180, 160), Rgb(255, 224, 130)];

/// What strokes are drawn with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// All strokes alike.
    One(Rgb),
    /// Coloured by their order, along these stops.
    ByOrder([Rgb; 5]),
}

impl Ink {
    /// The colour of stroke `index` of `count`, both counted from 0.
    pub fn colour(&self, index: usize, count: usize) -> Rgb {
        match self {
            Self::One(colour) => *colour,
            Self::ByOrder(stops) => {
                let last = stops.len() - 1;
                let at = index as f32 / count.saturating_sub(1).max(1) as f32 * last as f32;
                let stop = (at as usize).min(last - 1);
                stops[stop].mix(stops[stop + 1], at - stop as f32)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contrast(a: Rgb, b: Rgb) -> f32 {
        let (a, b) = (a.luminance(), b.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn colours_by_order_are_legible_and_rise_in_lightness() {
        for (stops, ground, least) in [(ORDER_ON_LIGHT, Rgb::WHITE, 3.0), (ORDER_ON_DARK, Rgb(32, 36, 44), 4.5)] {
            let ink = Ink::ByOrder(stops);
            let colours: Vec<Rgb> = (0..24).map(|i| ink.colour(i, 24)).collect();
            for colour in &colours {
                assert!(contrast(*colour, ground) >= least, "{} has {}", colour.hex(), contrast(*colour, ground));
            }
            assert!(colours.windows(2).all(|pair| pair[0].luminance() < pair[1].luminance()));
        }
    }

    #[test]
    fn the_ends_are_the_first_and_last_stop() {
        let ink = Ink::ByOrder(ORDER_ON_LIGHT);
        assert_eq!((ink.colour(0, 7), ink.colour(6, 7), ink.colour(0, 1)), (ORDER_ON_LIGHT[0], ORDER_ON_LIGHT[4], ORDER_ON_LIGHT[0]));
        assert_eq!(ink.colour(9, 3), ORDER_ON_LIGHT[4]);
    }
}
