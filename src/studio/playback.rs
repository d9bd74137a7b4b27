//! A drawing as it is drawn: where the pen is at what time.
//!
//! Simplified strokes have few points and long straight pieces, so time follows the length of the ink and not the number
//! of points; lifting the pen takes a moment too. The times are made up for showing (the data set's simplified form has
//! none).

use crate::sketch::{Point, Sketch};

/// Ink a second at normal speed, in the data frame's units (a drawing is at most 255 wide).
const INK_PER_SEC: f32 = 320.0;
/// Movement of the lifted pen a second.
const LIFTED_PER_SEC: f32 = 1200.0;
/// At least this long between two strokes, in seconds.
const LIFT_SECS: f32 = 0.12;
/// Two points in one place still take this long, in seconds.
const LEAST_SECS: f32 = 0.01;
/// A looping drawing stands finished for so long, in seconds.
const REST_SECS: f32 = 1.0;

/// The next faster or slower one of some speeds that rise, if there is one.
pub fn next_speed(speeds: impl DoubleEndedIterator<Item = f32>, now: f32, faster: bool) -> Option<f32> {
    let mut speeds = speeds;
    if faster { speeds.find(|speed| *speed > now) } else { speeds.rfind(|speed| *speed < now) }
}

/// When the pen reaches each point of a drawing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Timeline {
    /// Seconds from the start at normal speed, one a point, rising.
    times: Vec<f32>,
    /// Index of the first point of each stroke.
    starts: Vec<usize>,
}

/// How much of a drawing is on the paper.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Shown {
    /// The stroke under the pen.
    pub stroke: usize,
    /// Points of it that the pen has reached: at least 1.
    pub points: usize,
    /// How far the pen is on its way to the next point of this stroke: 0 to 1.
    pub part: f32,
    /// Points reached in all.
    pub reached: usize,
}

impl Timeline {
    /// The timeline of a drawing in the data frame.
    pub fn new(sketch: &Sketch) -> Self {
        let (mut times, mut starts, mut at) = (Vec::new(), Vec::new(), 0.0);
        let mut pen: Option<Point> = None;
        for stroke in sketch.strokes.iter().filter(|stroke| !stroke.points.is_empty()) {
            starts.push(times.len());
            for (i, &point) in stroke.points.iter().enumerate() {
                if let Some(from) = pen {
                    let way = (point[0] - from[0]).hypot(point[1] - from[1]);
                    let way = if way.is_finite() { way } else { 0.0 };
                    at += if i == 0 { LIFT_SECS + way / LIFTED_PER_SEC } else { (way / INK_PER_SEC).max(LEAST_SECS) };
                }
                times.push(at);
                pen = Some(point);
            }
        }
        Self { times, starts }
    }

    /// Seconds at normal speed.
    pub fn length(&self) -> f32 {
        self.times.last().copied().unwrap_or(0.0)
    }

    /// When each point is reached, in seconds.
    pub fn times(&self) -> &[f32] {
        &self.times
    }

    /// When each stroke begins, in seconds.
    pub fn stroke_times(&self) -> impl Iterator<Item = f32> + '_ {
        self.starts.iter().map(|&i| self.times[i])
    }

    /// Strokes that have points.
    pub fn strokes(&self) -> usize {
        self.starts.len()
    }

    /// What is on the paper at a time; `None` for a drawing without points.
    pub fn at(&self, secs: f32) -> Option<Shown> {
        let reached = self.times.partition_point(|&time| time <= secs).max(1);
        let last = reached - 1;
        let &now = self.times.get(last)?;
        let stroke = self.starts.partition_point(|&start| start <= last).checked_sub(1)?;
        let start = self.starts[stroke];
        let next = self.times.get(reached).filter(|_| self.starts.get(stroke + 1).is_none_or(|&start| start > reached));
        let part = next.map_or(0.0, |&next| ((secs - now) / (next - now)).clamp(0.0, 1.0));
        Some(Shown { stroke, points: reached - start, part, reached })
    }

    /// What is on the paper after a share of the drawing's time, 0 to 1; `None` for a drawing without points.
    pub fn at_share(&self, share: f32) -> Option<Shown> {
        // The last moment must not be missed by rounding.
        self.at(if share >= 1.0 { f32::INFINITY } else { share * self.length() })
    }

    /// Strokes whose last point is reached at a time.
    pub fn finished(&self, secs: f32) -> usize {
        let ends = self.starts.iter().skip(1).copied().chain([self.times.len()]);
        ends.filter_map(|end| self.times.get(end.checked_sub(1)?)).take_while(|&&last| last <= secs).count()
    }

    /// The time in `other`, a timeline of the same strokes with other points or with more strokes behind them, at which as much is on the
    /// paper as here at `secs`.
    fn carried(&self, secs: f32, other: &Self) -> f32 {
        let stroke = self.stroke_times().take_while(|&time| time <= secs).count().saturating_sub(1);
        match (self.lasts(stroke), other.lasts(stroke)) {
            (Some((from, end)), Some((start, stop))) => {
                let share = if end > from { ((secs - from) / (end - from)).min(1.0) } else { 1.0 };
                start + share * (stop - start)
            }
            _ => other.length(),
        }
    }

    /// When a stroke begins and when its last point is reached.
    fn lasts(&self, stroke: usize) -> Option<(f32, f32)> {
        let (&start, end) = (self.starts.get(stroke)?, self.starts.get(stroke + 1).copied().unwrap_or(self.times.len()));
        Some((self.times[start], *self.times.get(end.checked_sub(1)?)?))
    }

    /// The time of the point nearest to a time.
    pub fn nearest(&self, secs: f32) -> f32 {
        let after = self.times.partition_point(|&time| time < secs);
        let near = [after.checked_sub(1), Some(after)].into_iter().flatten().filter_map(|i| self.times.get(i).copied());
        near.min_by(|a, b| (a - secs).abs().total_cmp(&(b - secs).abs())).unwrap_or(0.0)
    }
}

/// The player's state.
#[derive(Debug, Clone, PartialEq)]
pub struct Playback {
    timeline: Timeline,
    at: f32,
    rest: f32,
    /// More of the drawing may come.
    open: bool,
    /// Moving.
    pub playing: bool,
    /// Begin again at the end.
    pub looping: bool,
    /// 1 is normal.
    pub speed: f32,
}

impl Default for Playback {
    fn default() -> Self {
        Self { timeline: Timeline::default(), at: 0.0, rest: 0.0, open: false, playing: false, looping: true, speed: 1.0 }
    }
}

impl Playback {
    /// Puts another drawing in, at its start; it plays if anything is in it.
    pub fn load(&mut self, sketch: &Sketch) {
        self.timeline = Timeline::new(sketch);
        (self.at, self.rest, self.open) = (0.0, 0.0, false);
        self.playing = !self.timeline.times.is_empty();
    }

    /// Puts a drawing in to which more will come: the pen waits at its end. If it is the one that was put in so before, grown, the pen stays
    /// where it is.
    pub fn grow(&mut self, sketch: &Sketch) {
        if self.open {
            self.exchange(sketch);
        } else {
            self.load(sketch);
            self.open = true;
        }
    }

    /// What grew is finished: the pen goes on from where it is. What did not grow begins.
    pub fn finish(&mut self, sketch: &Sketch) {
        if std::mem::take(&mut self.open) {
            self.exchange(sketch);
        } else {
            self.load(sketch);
        }
    }

    fn exchange(&mut self, sketch: &Sketch) {
        let timeline = Timeline::new(sketch);
        self.at = self.timeline.carried(self.at, &timeline);
        self.timeline = timeline;
        self.playing = !self.timeline.times.is_empty();
    }

    /// Something changes as time passes.
    pub fn is_moving(&self) -> bool {
        self.playing && !(self.open && self.at >= self.timeline.length())
    }

    /// The drawing's timeline.
    pub fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    /// Seconds from the start at normal speed.
    pub fn at(&self) -> f32 {
        self.at
    }

    /// What is on the paper now.
    pub fn shown(&self) -> Option<Shown> {
        self.timeline.at(self.at)
    }

    /// The share of the drawing's time that has passed; a drawing that takes none is finished.
    pub fn share(&self) -> f32 {
        let length = self.timeline.length();
        if length > 0.0 { self.at / length } else { 1.0 }
    }

    /// Strokes that are on the paper to their last point.
    pub fn finished(&self) -> usize {
        self.timeline.finished(self.at)
    }

    /// Time passes.
    pub fn advance(&mut self, secs: f32) {
        if !self.playing {
            return;
        }
        let end = self.timeline.length();
        self.at += secs.max(0.0) * self.speed;
        if self.at < end {
            return;
        }
        self.at = end;
        if self.open {
            return;
        }
        if !self.looping {
            self.playing = false;
            return;
        }
        self.rest += secs.max(0.0);
        if self.rest >= REST_SECS {
            (self.at, self.rest) = (0.0, 0.0);
        }
    }

    /// Plays or holds; from the start if it is at the end.
    pub fn toggle(&mut self) {
        self.playing = !self.playing && !self.timeline.times.is_empty();
        if self.playing && self.at >= self.timeline.length() {
            self.at = 0.0;
        }
        self.rest = 0.0;
    }

    /// Jumps to a time and holds.
    pub fn seek(&mut self, secs: f32) {
        self.at = secs.clamp(0.0, self.timeline.length());
        self.rest = 0.0;
        self.playing = false;
    }

    /// To the next or the previous point, and holds.
    pub fn step_point(&mut self, forward: bool) {
        self.step(forward, self.timeline.times.clone());
    }

    /// To the next or the previous beginning of a stroke, or the drawing's end, and holds.
    pub fn step_stroke(&mut self, forward: bool) {
        let marks = self.timeline.stroke_times().chain([self.timeline.length()]).collect();
        self.step(forward, marks);
    }

    fn step(&mut self, forward: bool, marks: Vec<f32>) {
        // Half a hair, so that standing on a mark counts as being there.
        let hair = LEAST_SECS / 4.0;
        let next = if forward {
            marks.into_iter().find(|&mark| mark > self.at + hair)
        } else {
            marks.into_iter().rev().find(|&mark| mark < self.at - hair)
        };
        self.seek(next.unwrap_or(if forward { self.timeline.length() } else { 0.0 }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sketch::Stroke;

    fn sketch() -> Sketch {
        let line = |points: &[Point]| Stroke::new(points.to_vec());
        Sketch { strokes: vec![line(&[[0., 0.], [100., 0.], [100., 50.]]), line(&[[20., 20.]]), line(&[[0., 255.], [255., 255.]])] }
    }

    #[test]
    fn every_point_is_reached_once_and_in_order() {
        let timeline = Timeline::new(&sketch());
        assert_eq!((timeline.times().len(), timeline.strokes()), (6, 3));
        assert!(timeline.times().windows(2).all(|pair| pair[0] < pair[1]));
        for (i, &time) in timeline.times().iter().enumerate() {
            let shown = timeline.at(time).expect("has points");
            assert_eq!((shown.reached, shown.part), (i + 1, 0.0));
        }
        let end = timeline.at(1e9).expect("has points");
        assert_eq!((end.stroke, end.points, end.reached), (2, 2, 6));
    }

    #[test]
    fn the_pen_moves_within_a_stroke_and_not_between_strokes() {
        let timeline = Timeline::new(&sketch());
        let [a, b, c, d] = [0, 1, 2, 3].map(|i| timeline.times()[i]);
        let half = timeline.at((a + b) / 2.0).expect("has points");
        assert_eq!((half.stroke, half.points), (0, 1));
        assert!((half.part - 0.5).abs() < 1e-4);
        let lifted = timeline.at((c + d) / 2.0).expect("has points");
        assert_eq!((lifted.stroke, lifted.points, lifted.part), (0, 3, 0.0));
    }

    #[test]
    fn strokes_are_finished_with_their_last_point() {
        let timeline = Timeline::new(&sketch());
        let times = timeline.times();
        let finished: Vec<usize> = times.iter().map(|&time| timeline.finished(time)).collect();
        assert_eq!(finished, [0, 0, 1, 2, 2, 3]);
        assert_eq!((timeline.finished(times[2] - 1e-3), Timeline::default().finished(9.0)), (0, 0));
    }

    #[test]
    fn every_drawing_is_done_at_the_end_of_its_own_time() {
        let mut playback = Playback::default();
        assert_eq!(playback.share(), 1.0, "nothing to wait for");
        playback.load(&sketch());
        assert_eq!(playback.share(), 0.0);
        let short = Timeline::new(&Sketch { strokes: vec![Stroke::new(vec![[0., 0.], [10., 0.]])] });
        assert_eq!(short.at_share(0.5).map(|shown| (shown.points, (shown.part * 10.0).round())), Some((1, 5.0)));
        playback.seek(f32::INFINITY);
        assert_eq!(short.at_share(playback.share()).map(|shown| shown.points), Some(2));
        assert_eq!(Timeline::default().at_share(0.3), None);
    }

    #[test]
    fn stepping_there_and_back_returns() {
        let mut playback = Playback::default();
        playback.load(&sketch());
        assert!(playback.playing);
        let mut seen = Vec::new();
        for _ in 0..5 {
            seen.push(playback.at());
            playback.step_point(true);
        }
        assert!(!playback.playing, "stepping holds");
        for &before in seen.iter().rev() {
            playback.step_point(false);
            assert!((playback.at() - before).abs() < 1e-6);
        }
        playback.step_stroke(true);
        assert_eq!(playback.shown().map(|s| (s.stroke, s.points)), Some((1, 1)));
    }

    #[test]
    fn the_pen_waits_for_more_and_goes_on_where_it_is() {
        let whole = sketch();
        let part = |strokes: usize| Sketch { strokes: whole.strokes[..strokes].to_vec() };
        let mut playback = Playback { looping: false, ..Playback::default() };
        playback.grow(&part(1));
        assert!(playback.is_moving() && playback.at() == 0.0);
        playback.advance(1e3);
        let end = playback.timeline().length();
        assert!(playback.at() == end && playback.playing && !playback.is_moving(), "it waits, and does not begin again");
        playback.grow(&part(2));
        assert!(playback.is_moving() && playback.shown().is_some_and(|shown| shown.stroke == 0 && shown.reached >= 3));
        playback.advance(0.01);
        // The same strokes at half their size: as much is on the paper.
        let before = playback.shown().expect("points");
        playback.finish(&whole.map(|point| [point[0] / 2.0, point[1] / 2.0]));
        let after = playback.shown().expect("points");
        assert_eq!((after.stroke, after.points), (before.stroke, before.points));
        playback.advance(1e3);
        assert_eq!(playback.shown().map(|shown| shown.reached), Some(6), "now it is whole");
        playback.load(&whole);
        playback.advance(0.1);
        playback.finish(&whole);
        assert_eq!(playback.at(), 0.0, "what did not grow begins");
    }

    #[test]
    fn it_ends_or_loops_after_a_rest() {
        let mut playback = Playback::default();
        playback.load(&sketch());
        playback.looping = false;
        playback.advance(1e6);
        assert!(!playback.playing && playback.at() == playback.timeline().length());
        playback.looping = true;
        playback.toggle();
        assert_eq!(playback.at(), 0.0);
        playback.advance(1e3);
        assert_eq!(playback.at(), 0.0, "a whole rest has passed: back at the start");
        playback.load(&Sketch::default());
        playback.toggle();
        playback.advance(1.0);
        assert!(!playback.playing && playback.shown().is_none(), "nothing to play is no panic");
    }
}
