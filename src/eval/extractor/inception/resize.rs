//! What is done to a picture before Inception sees it. It matters: scores under different protocols must not be compared
//! (Parmar et al. 2022).

use std::fmt;

use crate::model::inception::SIDE;
use crate::raster::Pixmap;

/// How a picture is brought to 299 x 299 pixels, and its bytes to numbers about from -1 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Resizing {
    /// As the package `pytorch-fid` 0.3: bytes / 255, bilinear without antialiasing, corners not aligned, then 2x - 1.
    PytorchFid,
    /// As the package `clean-fid` 0.1 in its mode `clean`: Pillow's bicubic filter (a = -0.5), antialiased where it shrinks, on floats
    /// that are cut off at 0 and 255 but not rounded, then (x - 128) / 128.
    CleanFid,
}

impl fmt::Display for Resizing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PytorchFid => "bilinear 299 (pytorch-fid)",
            Self::CleanFid => "bicubic 299 (clean-fid)",
        })
    }
}

/// The pixels that an output sees: the first one, and how much each counts.
type Taps = (usize, Vec<f64>);

impl Resizing {
    /// What the network sees of an opaque picture: (299, 299, 3).
    pub fn prepare(self, picture: &Pixmap) -> Vec<f32> {
        let bytes = picture.data();
        // Drawings are grey: then one channel does for all.
        let grey = bytes.chunks_exact(4).all(|rgba| rgba[0] == rgba[1] && rgba[1] == rgba[2]);
        let [width, height] = [picture.width() as usize, picture.height() as usize];
        let taps = [width, height].map(|length| (0..SIDE).map(|i| self.taps(i, length)).collect::<Vec<Taps>>());
        let mut out = vec![0.0; SIDE * SIDE * 3];
        for channel in 0..if grey { 1 } else { 3 } {
            let values: Vec<f32> = bytes.iter().skip(channel).step_by(4).map(|&byte| self.number(byte)).collect();
            for (to, value) in out.chunks_exact_mut(3).zip(resample(&values, width, &taps)) {
                to[channel] = self.seen(value);
                if grey {
                    to.fill(to[0]);
                }
            }
        }
        out
    }

    /// A byte as it is resized.
    fn number(self, byte: u8) -> f32 {
        match self {
            Self::PytorchFid => f32::from(byte) / 255.0,
            Self::CleanFid => f32::from(byte),
        }
    }

    /// What the network sees of a resized number.
    fn seen(self, value: f32) -> f32 {
        match self {
            Self::PytorchFid => 2.0 * value - 1.0,
            Self::CleanFid => (value.clamp(0.0, 255.0) - 128.0) / 128.0,
        }
    }

    /// What output `i` of a line sees of `length` pixels.
    fn taps(self, i: usize, length: usize) -> Taps {
        let scale = length as f64 / SIDE as f64;
        let centre = (i as f64 + 0.5) * scale;
        match self {
            Self::PytorchFid => {
                // In single precision, as PyTorch does it.
                let at = (length as f32 / SIDE as f32 * (i as f32 + 0.5) - 0.5).max(0.0);
                let first = (at as usize).min(length - 1);
                let part = f64::from(at - first as f32);
                if first + 1 < length { (first, vec![1.0 - part, part]) } else { (first, vec![1.0]) }
            }
            Self::CleanFid => {
                // Where a picture shrinks, the filter becomes wider.
                let wide = scale.max(1.0);
                let first = (centre - 2.0 * wide + 0.5).max(0.0) as usize;
                let end = ((centre + 2.0 * wide + 0.5) as usize).min(length);
                let taps: Vec<f64> = (first..end).map(|x| bicubic((x as f64 - centre + 0.5) / wide)).collect();
                let sum: f64 = taps.iter().sum();
                (first, taps.iter().map(|tap| tap / sum).collect())
            }
        }
    }
}

/// Keys' filter (1981) with a = -0.5.
fn bicubic(x: f64) -> f64 {
    const A: f64 = -0.5;
    let x = x.abs();
    match x {
        ..1.0 => ((A + 2.0) * x - (A + 3.0)) * x * x + 1.0,
        ..2.0 => (((x - 5.0) * x + 8.0) * x - 4.0) * A,
        _ => 0.0,
    }
}

/// Rows first, then columns, as Pillow does: `values` (height, width) -> (299, 299)
fn resample(values: &[f32], width: usize, [across, down]: &[Vec<Taps>; 2]) -> Vec<f32> {
    let dot = |(first, taps): &Taps, at: &dyn Fn(usize) -> f32| {
        taps.iter().enumerate().map(|(i, tap)| tap * f64::from(at(first + i))).sum::<f64>() as f32
    };
    let narrow: Vec<f32> = values.chunks_exact(width).flat_map(|row| across.iter().map(move |taps| dot(taps, &|x| row[x]))).collect(); // (height, 299)
    let narrow = &narrow;
    down.iter().flat_map(|taps| (0..SIDE).map(move |x| dot(taps, &|y| narrow[y * SIDE + x]))).collect() // (299, 299)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_even_stays_even_and_white_is_one() {
        for (resizing, white) in [(Resizing::PytorchFid, 1.0), (Resizing::CleanFid, 127.0 / 128.0)] {
            for (width, height) in [(256, 256), (1, 1), (400, 7), (299, 299)] {
                let mut picture = Pixmap::new(width, height).expect("a picture");
                picture.data_mut().fill(255);
                let seen = resizing.prepare(&picture);
                assert!(seen.len() == SIDE * SIDE * 3 && seen.iter().all(|v| (v - white).abs() < 1e-6), "{resizing}, {width} x {height}");
            }
        }
    }

    #[test]
    fn grey_is_what_three_equal_channels_give_and_its_own_size_is_left_alone() {
        let mut picture = Pixmap::new(SIDE as u32, SIDE as u32).expect("a picture");
        picture.data_mut().chunks_exact_mut(4).enumerate().for_each(|(i, rgba)| rgba.fill((i * i % 251) as u8));
        picture.data_mut().chunks_exact_mut(4).for_each(|rgba| rgba[3] = 255);
        let grey = Resizing::CleanFid.prepare(&picture);
        let expected = |i: usize| ((i * i % 251) as f32 - 128.0) / 128.0;
        assert!(grey.chunks_exact(3).enumerate().all(|(i, rgb)| rgb.iter().all(|v| (v - expected(i)).abs() < 1e-6)));
        // One pixel that is not grey: the others are as before.
        picture.data_mut()[0] ^= 1;
        let coloured = Resizing::CleanFid.prepare(&picture);
        assert!(grey[3..] == coloured[3..] && grey[0] != coloured[0] && grey[1] == coloured[1]);
    }
}
