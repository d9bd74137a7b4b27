//! Many drawings in few flat arrays.
//!
//! A drawing of the data set is some forty points; a hundred thousand of them as nested vectors would be millions of small
//! allocations. Here they are six arrays, which also is the form of the cache. Coordinates are fixed-point numbers of 1/256
//! of a unit in the data frame: exact for the data set's whole numbers, off by at most 0.002 for others.

use crate::sketch::{Sketch, Stroke};

/// One unit of the data frame in fixed-point steps.
pub(super) const UNIT: f32 = 256.0;

/// Drawings in the data frame, in the order of their file's lines.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Drawings {
    /// x and y in steps of 1/256.
    pub(super) points: Vec<[u16; 2]>,
    /// Milliseconds, one a point, or nothing at all; not a number where only other drawings have times.
    pub(super) times: Vec<f32>,
    /// Where each stroke ends in `points`.
    pub(super) stroke_ends: Vec<u32>,
    /// Where each drawing ends in `stroke_ends`.
    pub(super) drawing_ends: Vec<u32>,
    /// Zero-based line of each drawing in its file.
    pub(super) lines: Vec<u32>,
    /// The source's own key of each drawing; 0 where it had none.
    pub(super) keys: Vec<u64>,
    /// Whether the game recognised the drawing.
    pub(super) recognized: Vec<bool>,
}

/// What a line says beside the strokes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Label {
    pub key: u64,
    pub recognized: bool,
}

impl Drawings {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.drawing_ends.len()
    }

    /// True if there is none.
    pub fn is_empty(&self) -> bool {
        self.drawing_ends.is_empty()
    }

    /// Drawing `i`, in the data frame; an empty one if there are not so many.
    pub fn sketch(&self, i: usize) -> Sketch {
        let strokes = self.strokes_of(i).map(|(first, last)| {
            let points = &self.points[first..last];
            let times = self.times.get(first..last).filter(|times| !times.iter().any(|t| t.is_nan()));
            Stroke {
                points: points.iter().map(|&[x, y]| [f32::from(x) / UNIT, f32::from(y) / UNIT]).collect(),
                times: times.map(<[f32]>::to_vec),
            }
        });
        Sketch { strokes: strokes.collect() }
    }

    /// The zero-based line of the file that drawing `i` stands on, bad lines counted: what a split's numbers mean.
    pub fn line(&self, i: usize) -> Option<u32> {
        self.lines.get(i).copied()
    }

    /// The drawing that stands on this zero-based line, unless that line is bad or not there.
    pub fn on_line(&self, line: u64) -> Option<usize> {
        self.lines.binary_search(&u32::try_from(line).ok()?).ok()
    }

    /// The source's own key of drawing `i` (the data set's `key_id`); 0 where it had none.
    pub fn key(&self, i: usize) -> u64 {
        self.keys.get(i).copied().unwrap_or(0)
    }

    /// Whether the game recognised drawing `i`.
    pub fn recognized(&self, i: usize) -> bool {
        self.recognized.get(i).copied().unwrap_or(false)
    }

    /// A number that drawings with the very same strokes share, times not counted, and others do not.
    pub fn fingerprint(&self, i: usize) -> u64 {
        use std::hash::{DefaultHasher, Hash, Hasher};
        let mut hasher = DefaultHasher::new();
        self.strokes_of(i).for_each(|(first, last)| self.points[first..last].hash(&mut hasher));
        hasher.finish()
    }

    /// Strokes and points of drawing `i`.
    pub fn counts(&self, i: usize) -> (usize, usize) {
        self.strokes_of(i).fold((0, 0), |(strokes, points), (first, last)| (strokes + 1, points + last - first))
    }

    /// True if at least one drawing knows when its points were drawn.
    pub fn has_times(&self) -> bool {
        !self.times.is_empty()
    }

    /// First and past-the-last point of each stroke of drawing `i`.
    fn strokes_of(&self, i: usize) -> impl Iterator<Item = (usize, usize)> + '_ {
        let end_before = |ends: &[u32], i: usize| i.checked_sub(1).map_or(0, |before| ends[before] as usize);
        let strokes = match self.drawing_ends.get(i) {
            Some(&end) => end_before(&self.drawing_ends, i)..end as usize,
            None => 0..0,
        };
        strokes.map(move |s| (end_before(&self.stroke_ends, s), self.stroke_ends[s] as usize))
    }

    /// Ends the drawing whose strokes were just added.
    pub(super) fn close(&mut self, line: u32, label: Label) {
        self.drawing_ends.push(self.stroke_ends.len() as u32);
        self.lines.push(line);
        self.keys.push(label.key);
        self.recognized.push(label.recognized);
    }

    /// Adds a drawing in the data frame.
    pub(super) fn push(&mut self, sketch: &Sketch, line: u32, label: Label) {
        let timed = sketch.strokes.iter().any(|stroke| stroke.times.is_some());
        if timed && self.times.is_empty() {
            self.times.resize(self.points.len(), f32::NAN);
        }
        for stroke in &sketch.strokes {
            self.points.extend(stroke.points.iter().map(|p| p.map(|v| (v * UNIT).round().clamp(0.0, 65_535.0) as u16)));
            if let Some(times) = &stroke.times {
                self.times.extend(times);
            }
            self.stroke_ends.push(self.points.len() as u32);
        }
        if !self.times.is_empty() {
            self.times.resize(self.points.len(), f32::NAN);
        }
        self.close(line, label);
    }

    /// Adds the drawings of a later part of the same file, which begins on line `first_line`.
    /// False, and nothing added, if there are more points than can be numbered (2^32).
    pub(super) fn append(&mut self, part: &Self, first_line: u32) -> bool {
        let (points, strokes) = (self.points.len(), self.stroke_ends.len());
        if u32::try_from(points + part.points.len()).is_err() || u32::try_from(strokes + part.stroke_ends.len()).is_err() {
            return false;
        }
        if !part.times.is_empty() || !self.times.is_empty() {
            self.times.resize(points, f32::NAN);
            self.times.extend(&part.times);
            self.times.resize(points + part.points.len(), f32::NAN);
        }
        self.points.extend(&part.points);
        self.stroke_ends.extend(part.stroke_ends.iter().map(|end| end + points as u32));
        self.drawing_ends.extend(part.drawing_ends.iter().map(|end| end + strokes as u32));
        self.lines.extend(part.lines.iter().map(|line| line + first_line));
        self.keys.extend(&part.keys);
        self.recognized.extend(&part.recognized);
        true
    }

    /// True if the arrays fit together: what must hold before anything that came from a file is believed.
    pub(super) fn is_sound(&self) -> bool {
        let rising = |ends: &[u32], last: usize| {
            ends.windows(2).all(|w| w[0] < w[1]) && ends.first().is_none_or(|&e| e > 0) && ends.last().map_or(0, |&e| e as usize) == last
        };
        rising(&self.stroke_ends, self.points.len())
            && rising(&self.drawing_ends, self.stroke_ends.len())
            && self.lines.windows(2).all(|w| w[0] < w[1])
            && [self.lines.len(), self.keys.len(), self.recognized.len()].iter().all(|&n| n == self.len())
            && (self.times.is_empty() || self.times.len() == self.points.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn timed(x: f32, times: Option<Vec<f32>>) -> Sketch {
        Sketch { strokes: vec![Stroke { points: vec![[x, 0.0], [255.0, 7.0]], times }, Stroke::new(vec![[1.0, 2.0]])] }
    }

    #[test]
    fn what_is_put_in_comes_out_also_across_parts() {
        let sketches = [timed(0.0, None), timed(3.0, Some(vec![0.0, 40.0])), timed(4.0, None)];
        for cut in 0..=3 {
            let (mut first, mut second) = (Drawings::default(), Drawings::default());
            for (i, sketch) in sketches.iter().enumerate() {
                let label = Label { key: i as u64 + 1, recognized: i == 1 };
                if i < cut { first.push(sketch, 2 * i as u32, label) } else { second.push(sketch, 2 * (i - cut) as u32, label) }
            }
            assert!(first.append(&second, 2 * cut as u32) && first.is_sound());
            for (i, sketch) in sketches.iter().enumerate() {
                assert_eq!(first.sketch(i), *sketch);
                assert_eq!((first.line(i), first.on_line(2 * i as u64)), (Some(2 * i as u32), Some(i)));
                assert_eq!((first.key(i), first.recognized(i), first.counts(i)), (i as u64 + 1, i == 1, (2, 3)));
            }
            assert_eq!(first.on_line(1), None);
            assert_eq!(first.sketch(3), Sketch::default());
        }
    }

    #[test]
    fn arrays_that_do_not_fit_together_are_noticed() {
        let mut good = Drawings::default();
        good.push(&timed(0.0, None), 0, Label::default());
        assert!(good.is_sound());
        let spoil: [fn(&mut Drawings); 5] =
            [|d| d.points.truncate(1), |d| d.stroke_ends[0] = 9, |d| d.drawing_ends.push(2), |d| d.lines.clear(), |d| d.times.push(0.0)];
        for change in spoil {
            let mut bad = good.clone();
            change(&mut bad);
            assert!(!bad.is_sound());
        }
    }
}
