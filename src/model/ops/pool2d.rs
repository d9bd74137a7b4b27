//! Windows of 3 x 3 pixels, of which the largest number or the mean is taken, channel by channel; forward only, as [`super::Conv2d`].

use std::ops::Range;

use candle_core::Result;

use super::map::Map;
use super::math::{add, wide};

/// What is taken of a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pool {
    /// The largest number of every second window, without padding.
    HalveMax,
    /// The largest number; windows at the edge are smaller.
    Max,
    /// The mean; windows at the edge are smaller, and divided by fewer.
    Mean,
}

impl Pool {
    /// Height, width and channels of what it gives.
    ///
    /// # Errors
    /// No room for a window.
    pub fn dims(self, [height, width, channels]: [usize; 3]) -> Result<[usize; 3]> {
        match self {
            Self::HalveMax if height < 3 || width < 3 => candle_core::bail!("a picture of {height} x {width} has no room for 3 x 3"),
            Self::HalveMax => Ok([(height - 3) / 2 + 1, (width - 3) / 2 + 1, channels]),
            Self::Max | Self::Mean => Ok([height, width, channels]),
        }
    }

    /// The result, with a border for the next convolution.
    ///
    /// # Errors
    /// As [`Pool::write`].
    pub fn forward(self, x: &Map, border: [usize; 2]) -> Result<Map> {
        let [height, width, channels] = self.dims(x.dims())?;
        let mut out = Map::any(height, width, channels, border);
        self.write(x, &mut out, 0)?;
        Ok(out)
    }

    /// The result, into the channels of `out` from `first` on.
    ///
    /// # Errors
    /// An `out` without a place for it.
    pub fn write(self, x: &Map, out: &mut Map, first: usize) -> Result<()> {
        let ([height, width, channels], [to_height, to_width, to_channels]) = (x.dims(), out.dims());
        if self.dims(x.dims())?[..2] != [to_height, to_width] || first + channels > to_channels {
            candle_core::bail!("{self:?}: {:?} into {:?} at {first}", x.dims(), out.dims());
        }
        let window = |i: usize, length: usize| match self {
            Self::HalveMax => 2 * i..2 * i + 3,
            Self::Max | Self::Mean => i.saturating_sub(1)..length.min(i + 2),
        };
        wide(
            #[inline(always)]
            || {
                for y in 0..to_height {
                    for at in 0..to_width {
                        let to = &mut out.pixel_mut(y, at)[first..first + channels];
                        self.window(x, window(y, height), window(at, width), to);
                    }
                }
            },
        );
        Ok(())
    }

    /// One window, channel by channel.
    #[inline(always)]
    fn window(self, x: &Map, rows: Range<usize>, columns: Range<usize>, to: &mut [f32]) {
        to.copy_from_slice(x.pixel(rows.start, columns.start));
        let count = rows.len() * columns.len();
        let others = rows.flat_map(|y| columns.clone().map(move |at| (y, at))).skip(1);
        for (y, at) in others {
            let from = x.pixel(y, at);
            match self {
                Self::Mean => add(to, from),
                Self::HalveMax | Self::Max => to.iter_mut().zip(from).for_each(|(to, from)| *to = to.max(*from)),
            }
        }
        if self == Self::Mean {
            let share = 1.0 / count as f32;
            to.iter_mut().for_each(|to| *to *= share);
        }
    }
}
