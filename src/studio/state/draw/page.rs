//! The page: strokes, and what was on it before.

use crate::sketch::{DATA_SIDE, Point, Sketch, Stroke, distance};

/// Pages before this many changes are forgotten.
const DEEPEST: usize = 500;

/// Points nearer to the last one than this are not kept, in the data frame: finer than the data set's own, coarser than a trembling hand.
const NEAREST: f32 = 1.5;

/// Strokes on a page, with every page before and, after an undo, behind it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Page {
    now: Sketch,
    before: Vec<Sketch>,
    after: Vec<Sketch>,
}

impl Page {
    /// What is on it, in the data frame.
    pub fn sketch(&self) -> &Sketch {
        &self.now
    }

    /// Nothing is on it.
    pub fn is_empty(&self) -> bool {
        self.now.strokes.is_empty()
    }

    /// A pen has moved on it: a dot alone has no rhythm.
    pub fn has_rhythm(&self) -> bool {
        self.now.points().nth(1).is_some()
    }

    /// Something can be taken back.
    pub fn can_undo(&self) -> bool {
        !self.before.is_empty()
    }

    /// Something was taken back.
    pub fn can_redo(&self) -> bool {
        !self.after.is_empty()
    }

    fn change(&mut self, next: Sketch) {
        if self.before.len() == DEEPEST {
            self.before.remove(0);
        }
        self.before.push(std::mem::replace(&mut self.now, next));
        self.after.clear();
    }

    /// Adds strokes; one change, however many they are.
    pub fn add(&mut self, strokes: impl IntoIterator<Item = Stroke>) {
        let mut next = self.now.clone();
        next.strokes.extend(strokes.into_iter().filter(|stroke| !stroke.points.is_empty()));
        if next.strokes.len() > self.now.strokes.len() {
            self.change(next);
        }
    }

    /// Lays strokes in the place of all that is on it; one change.
    pub fn replace(&mut self, strokes: impl IntoIterator<Item = Stroke>) {
        let next = Sketch { strokes: strokes.into_iter().filter(|stroke| !stroke.points.is_empty()).collect() };
        if next != self.now {
            self.change(next);
        }
    }

    /// Takes everything off; can be undone like any change.
    pub fn clear(&mut self) {
        if !self.is_empty() {
            self.change(Sketch::default());
        }
    }

    /// The page before the last change.
    pub fn undo(&mut self) {
        if let Some(before) = self.before.pop() {
            self.after.push(std::mem::replace(&mut self.now, before));
        }
    }

    /// The page that was undone last.
    pub fn redo(&mut self) {
        if let Some(after) = self.after.pop() {
            self.before.push(std::mem::replace(&mut self.now, after));
        }
    }
}

/// The stroke that is being drawn.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pen {
    points: Vec<Point>,
    /// Where the pen is, if it is nearer to the last point than points are kept.
    tip: Option<Point>,
}

impl Pen {
    /// The pen is on the page.
    pub fn is_down(&self) -> bool {
        !self.points.is_empty()
    }

    /// The line so far, up to where the pen is.
    pub fn line(&self) -> impl Iterator<Item = Point> {
        self.points.iter().copied().chain(self.tip)
    }

    /// Puts it down, or moves it; the page ends at its edges.
    pub fn to(&mut self, point: Point) {
        if !point.iter().all(|v| v.is_finite()) {
            return;
        }
        let point = point.map(|v| v.clamp(0.0, DATA_SIDE));
        if self.points.last().is_none_or(|&last| distance(last, point) >= NEAREST) {
            self.points.push(point);
            self.tip = None;
        } else {
            self.tip = (self.points.last() != Some(&point)).then_some(point);
        }
    }

    /// Lifts it: the stroke, if there is one. A press that hardly moved is a dot.
    pub fn lift(&mut self) -> Option<Stroke> {
        let Self { mut points, tip } = std::mem::take(self);
        // A line ends where the pen was lifted.
        if points.len() > 1 {
            points.extend(tip);
        }
        (!points.is_empty()).then(|| Stroke::new(points))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stroke(x: f32) -> Stroke {
        Stroke::new(vec![[x, 0.0], [x, 9.0]])
    }

    fn firsts(page: &Page) -> Vec<f32> {
        page.sketch().strokes.iter().map(|stroke| stroke.points[0][0]).collect()
    }

    #[test]
    fn every_change_can_be_undone_and_redone() {
        let mut page = Page::default();
        page.undo();
        page.redo();
        page.clear();
        assert!(!page.can_undo() && !page.can_redo());
        page.add([stroke(1.0)]);
        page.add([stroke(2.0), stroke(3.0)]);
        page.clear();
        assert!(page.is_empty());
        page.undo();
        assert_eq!(firsts(&page), [1.0, 2.0, 3.0]);
        page.undo();
        assert_eq!(firsts(&page), [1.0], "two strokes at once are one change");
        page.redo();
        page.redo();
        assert!(page.is_empty() && !page.can_redo());
        page.undo();
        page.undo();
        page.add([stroke(4.0)]);
        assert_eq!(firsts(&page), [1.0, 4.0]);
        assert!(!page.can_redo(), "what was undone is gone once something else is drawn");
    }

    #[test]
    fn a_page_laid_over_another_is_one_change_and_a_dot_has_no_rhythm() {
        let mut page = Page::default();
        assert!(!page.has_rhythm());
        page.add([Stroke::new(vec![[5.0, 5.0]])]);
        assert!(!page.has_rhythm());
        page.replace([stroke(1.0), Stroke::default(), stroke(2.0)]);
        assert!(page.has_rhythm());
        assert_eq!(firsts(&page), [1.0, 2.0]);
        page.replace([stroke(1.0), stroke(2.0)]);
        page.undo();
        assert_eq!(firsts(&page), [5.0], "the same again is no change");
    }

    #[test]
    fn nothing_added_is_no_change_and_old_pages_are_forgotten() {
        let mut page = Page::default();
        page.add([Stroke::default()]);
        page.add([]);
        assert!(!page.can_undo());
        (0..DEEPEST + 20).for_each(|i| page.add([stroke(i as f32)]));
        assert_eq!(page.before.len(), DEEPEST);
        (0..DEEPEST + 20).for_each(|_| page.undo());
        assert_eq!(page.sketch().strokes.len(), 20);
    }

    #[test]
    fn a_pen_keeps_points_apart_and_ends_where_it_is_lifted() {
        let mut pen = Pen::default();
        assert!(pen.lift().is_none() && !pen.is_down());
        for x in [10.0, 10.5, 11.0, 12.0, 12.4, 300.0, f32::NAN, 299.0] {
            pen.to([x, 20.0]);
        }
        assert_eq!(pen.lift().map(|stroke| stroke.points), Some(vec![[10.0, 20.0], [12.0, 20.0], [255.0, 20.0]]));
        [[5.0, 5.0], [5.2, 5.0]].into_iter().for_each(|point| pen.to(point));
        assert_eq!(pen.line().count(), 2);
        assert_eq!(pen.lift().map(|stroke| stroke.points.len()), Some(1), "a dot");
        [[5.0, 5.0], [9.0, 5.0], [9.5, 5.0]].into_iter().for_each(|point| pen.to(point));
        assert_eq!(pen.lift().map(|stroke| stroke.points), Some(vec![[5.0, 5.0], [9.0, 5.0], [9.5, 5.0]]));
    }
}
