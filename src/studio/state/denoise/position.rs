//! Where on the way from noise to line we are, and how it moves.

use super::Sight;
use crate::session::Part;
use crate::sketch::Sketch;

/// Speeds that can be chosen, and what they are called.
pub const SPEEDS: [(f32, &str); 4] = [(0.2, "Slow motion"), (0.5, "Half speed"), (1.0, "Normal"), (3.0, "Fast")];
/// Steps a second at normal speed.
const STEPS_PER_SEC: f32 = 5.0;
/// A finished line is looked at for so long, in seconds, before the next begins.
const REST_SECS: f32 = 0.8;

/// A place on the way.
#[derive(Debug, Clone, PartialEq)]
pub struct Position {
    /// Which part, from 0.
    pub part: usize,
    /// How far it is, in steps: 0 is pure noise. Whole but while it plays.
    pub at: f32,
    /// Moving.
    pub playing: bool,
    /// 1 is normal.
    pub speed: f32,
    /// Begin again at the part's end instead of going on to the next one.
    pub repeat: bool,
    pub(super) rest: f32,
}

impl Default for Position {
    fn default() -> Self {
        Self { part: 0, at: 0.0, playing: false, speed: 1.0, repeat: false, rest: 0.0 }
    }
}

impl Position {
    /// The last whole step.
    pub fn step(&self) -> usize {
        // A hair more, for what was added up of many frames.
        (self.at + 1e-4).max(0.0) as usize
    }

    /// The same place, not moving.
    pub(super) fn held(&self) -> Self {
        Self { playing: false, ..self.clone() }
    }

    /// To a place of this part, and holds.
    pub(super) fn seek(&mut self, at: f32, steps: usize) {
        self.at = at.clamp(0.0, steps as f32);
        (self.playing, self.rest) = (false, 0.0);
    }

    /// One step on, or back, and holds.
    pub(super) fn step_by(&mut self, forward: bool, steps: usize) {
        let at = if forward { self.step() as f32 + 1.0 } else { (self.at - 1e-4).ceil() - 1.0 };
        self.seek(at, steps);
    }

    /// To a part, at the end where the way begins.
    pub(super) fn go_to_part(&mut self, part: usize, at: f32) {
        (self.part, self.at, self.rest) = (part, at, 0.0);
    }

    /// Time passes. `steps` is of this part, `parts` are all of them; with `back`, it goes from line to noise.
    pub fn advance(&mut self, secs: f32, steps: usize, parts: usize, back: bool) {
        if !self.playing {
            return;
        }
        let way = secs.max(0.0) * self.speed * STEPS_PER_SEC;
        let end = if back { 0.0 } else { steps as f32 };
        let before = self.at;
        self.at = (if back { before - way } else { before + way }).clamp(0.0, steps as f32);
        if self.at != end || before != end {
            return;
        }
        self.rest += secs.max(0.0);
        if self.rest < REST_SECS {
            return;
        }
        self.rest = 0.0;
        match (self.repeat, back) {
            (true, _) => self.at = if back { steps as f32 } else { 0.0 },
            (false, false) if self.part + 1 < parts => self.go_to_part(self.part + 1, 0.0),
            (false, _) => self.playing = false,
        }
    }
}

/// The noise level at a place, between the steps along the logarithm; the step to 0 is straight.
pub(super) fn level(part: &Part, at: f32) -> Option<f64> {
    let moments = &part.moments;
    let last = moments.len().checked_sub(1)?;
    let whole = (at.max(0.0) as usize).min(last);
    let (now, share) = (moments[whole].sigma, f64::from(at.max(0.0)) - whole as f64);
    let Some(next) = moments.get(whole + 1).map(|moment| moment.sigma).filter(|_| share > 0.0) else { return Some(now) };
    Some(if next > 0.0 { now.powf(1.0 - share) * next.powf(share) } else { now * (1.0 - share) })
}

/// The place of a noise level: the inverse of [`level`].
pub(super) fn at_level(part: &Part, sigma: f64) -> f32 {
    let sigmas: Vec<f64> = part.moments.iter().map(|moment| moment.sigma).collect();
    let Some(after) = sigmas.iter().position(|&level| level <= sigma) else { return sigmas.len().saturating_sub(1) as f32 };
    let Some(before) = after.checked_sub(1) else { return 0.0 };
    let (high, low) = (sigmas[before], sigmas[after]);
    let share = if low > 0.0 { (high / sigma).ln() / (high / low).ln() } else { 1.0 - sigma / high };
    before as f32 + share.clamp(0.0, 1.0) as f32
}

/// What is on the paper at a place of a part; `None` for a part without moments.
pub(super) fn sight(part: &Part, at: f32) -> Option<Sight> {
    let moments = &part.moments;
    let last = moments.len().checked_sub(1)?;
    let whole = ((at + 1e-4).max(0.0) as usize).min(last);
    let (now, next) = (&moments[whole], &moments[(whole + 1).min(last)]);
    let share = (at - whole as f32).clamp(0.0, 1.0);
    Some(Sight {
        sigma: now.sigma,
        x_t: between(&now.x_t, &next.x_t, share),
        x0: between(&now.x0, &next.x0, share),
        next: next.x_t.clone(),
        lifted: now.lifted.clone(),
        over: now.over.clone(),
    })
}

/// Lines on their way from one form to another; those that do not answer to one another stay as they were.
fn between(a: &Sketch, b: &Sketch, share: f32) -> Sketch {
    let alike = a.strokes.len() == b.strokes.len() && a.strokes.iter().zip(&b.strokes).all(|(a, b)| a.points.len() == b.points.len());
    let mut out = a.clone();
    if share <= 0.0 || !alike {
        return out;
    }
    for (stroke, other) in out.strokes.iter_mut().zip(&b.strokes) {
        for (p, q) in stroke.points.iter_mut().zip(&other.points) {
            *p = [p[0] + share * (q[0] - p[0]), p[1] + share * (q[1] - p[1])];
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::Moment;
    use crate::sketch::Stroke;

    fn part(sigmas: &[f64]) -> Part {
        let line = |x: f64| Sketch { strokes: vec![Stroke::new(vec![[x as f32, 0.0], [10.0, 0.0]])] };
        let moment = |&sigma: &f64| Moment { sigma, x_t: line(sigma), x0: line(0.0), ..Moment::default() };
        Part { moments: sigmas.iter().map(moment).collect(), ..Part::default() }
    }

    #[test]
    fn a_level_s_place_is_the_place_s_level() {
        let part = part(&[20.0, 3.0, 0.5, 0.01, 0.0]);
        for at in [0.0, 0.4, 1.0, 2.5, 2.9, 3.0, 3.5, 4.0] {
            let sigma = level(&part, at).expect("moments");
            assert!((at_level(&part, sigma) - at).abs() < 1e-3, "{at}: {sigma}");
        }
        // Of another number of steps, the nearest place there is.
        assert_eq!((at_level(&part, 99.0), at_level(&part, 0.0)), (0.0, 4.0));
        assert_eq!(level(&Part::default(), 1.0), None);
    }

    #[test]
    fn between_steps_lines_are_between_their_forms() {
        let part = part(&[8.0, 4.0, 0.0]);
        let x = |at| sight(&part, at).expect("moments").x_t.strokes[0].points[0][0];
        assert_eq!((x(0.0), x(0.5), x(1.0), x(2.0), x(7.0)), (8.0, 6.0, 4.0, 0.0, 0.0));
        assert_eq!(sight(&part, 0.0).expect("moments").next, part.moments[1].x_t);
    }

    #[test]
    fn it_plays_part_after_part_and_holds_at_the_end() {
        let mut position = Position { playing: true, ..Position::default() };
        let mut parts = Vec::new();
        for _ in 0..1000 {
            position.advance(0.05, 10, 3, false);
            parts.push(position.part);
        }
        assert_eq!((position.part, position.at, position.playing), (2, 10.0, false));
        assert!(parts.windows(2).all(|pair| pair[1] == pair[0] || pair[1] == pair[0] + 1), "no part is left out");
        let mut position = Position { playing: true, repeat: true, ..Position::default() };
        (0..1000).for_each(|_| position.advance(0.05, 10, 3, false));
        assert!(position.playing && position.part == 0, "it stays with its part");
    }

    #[test]
    fn going_back_ends_in_noise() {
        let mut position = Position { playing: true, at: 4.0, ..Position::default() };
        (0..1000).for_each(|_| position.advance(0.05, 4, 3, true));
        assert_eq!((position.part, position.at, position.playing), (0, 0.0, false));
    }

    #[test]
    fn steps_are_whole_wherever_they_start() {
        let mut position = Position { at: 2.4, playing: true, ..Position::default() };
        position.step_by(true, 10);
        assert_eq!((position.at, position.playing), (3.0, false));
        position.at = 2.4;
        position.step_by(false, 10);
        assert_eq!(position.at, 2.0);
        position.step_by(false, 10);
        assert_eq!(position.at, 1.0);
        position.seek(f32::INFINITY, 10);
        position.step_by(true, 10);
        assert_eq!(position.at, 10.0);
    }
}
