//! What two-dimensional operations read and write: the channels of every pixel of one picture.

use candle_core::Result;

use super::buffer::Buffer;

/// A stride of bytes at which too many lines of the first cache fall into one set of it.
const CRITICAL: usize = 4096;

/// Numbers of one picture, channels last, row by row, with a border of zeros for the convolution that reads it.
#[derive(Debug)]
pub struct Map {
    values: Buffer,
    height: usize,
    width: usize,
    channels: usize,
    /// Numbers from one pixel to the next.
    pitch: usize,
    /// Zeros above and below, left and right.
    border: [usize; 2],
}

impl Map {
    /// One to be written: the border is zero, the pixels are of any value.
    pub(crate) fn any(height: usize, width: usize, channels: usize, border: [usize; 2]) -> Self {
        let mut map = Self { values: Buffer::default(), height, width, channels, pitch: channels, border };
        // So many channels without a border are read one pixel at a time: there a gap costs nothing.
        if border == [0, 0] && (channels * size_of::<f32>()).is_multiple_of(CRITICAL) {
            map.pitch += 16;
        }
        map.values = Buffer::any((height + 2 * border[0]) * map.row());
        if border != [0, 0] {
            let (row, start, inner) = (map.row(), map.at(0, 0), map.width * map.pitch);
            let behind = start + map.height.saturating_sub(1) * row + inner;
            map.values[..start].fill(0.0);
            map.values[behind..].fill(0.0);
            for y in 1..height {
                map.values[start + (y - 1) * row + inner..start + y * row].fill(0.0);
            }
        }
        map
    }

    /// A picture from its numbers: (height, width, channels) in memory order.
    ///
    /// # Errors
    /// Another number of them.
    pub fn new(values: &[f32], [height, width, channels]: [usize; 3], border: [usize; 2]) -> Result<Self> {
        if values.len() != height * width * channels || values.is_empty() {
            candle_core::bail!("a picture of {height} x {width} with {channels} channels does not have {} numbers", values.len());
        }
        let mut map = Self::any(height, width, channels, border);
        for (i, pixel) in values.chunks_exact(channels).enumerate() {
            map.pixel_mut(i / width, i % width).copy_from_slice(pixel);
        }
        Ok(map)
    }

    /// Height, width, channels.
    pub fn dims(&self) -> [usize; 3] {
        [self.height, self.width, self.channels]
    }

    /// Zeros above and below, left and right.
    pub fn border(&self) -> [usize; 2] {
        self.border
    }

    /// The numbers without the border: (height, width, channels).
    pub fn values(&self) -> Vec<f32> {
        let pixel = |i: usize| self.pixel(i / self.width, i % self.width).iter().copied();
        (0..self.height * self.width).flat_map(pixel).collect()
    }

    /// The mean of every channel: (channels).
    pub fn means(&self) -> Vec<f32> {
        let mut sums = vec![0.0; self.channels];
        for i in 0..self.height * self.width {
            super::math::add(&mut sums, self.pixel(i / self.width, i % self.width));
        }
        sums.iter().map(|sum| sum / (self.height * self.width) as f32).collect()
    }

    /// The channels of a pixel.
    pub(super) fn pixel(&self, y: usize, x: usize) -> &[f32] {
        let at = self.at(y, x);
        &self.values[at..at + self.channels]
    }

    /// The same to be written.
    pub(super) fn pixel_mut(&mut self, y: usize, x: usize) -> &mut [f32] {
        let at = self.at(y, x);
        &mut self.values[at..at + self.channels]
    }

    /// Everything, the border too.
    pub(super) fn raw(&self) -> &[f32] {
        &self.values
    }

    /// Everything, the border too.
    pub(super) fn raw_mut(&mut self) -> &mut [f32] {
        &mut self.values
    }

    /// Where in [`Map::raw`] a pixel begins.
    pub(super) fn at(&self, y: usize, x: usize) -> usize {
        (y + self.border[0]) * self.row() + (x + self.border[1]) * self.pitch
    }

    /// Numbers from one row to the next.
    pub(super) fn row(&self) -> usize {
        (self.width + 2 * self.border[1]) * self.pitch
    }

    /// Numbers from one pixel to the next.
    pub(super) fn pitch(&self) -> usize {
        self.pitch
    }
}
