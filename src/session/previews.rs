//! The preview sheets of a run from its first to its newest, in bounded memory.

use std::sync::Arc;

use super::Preview;

/// Sheets of a run that are kept.
pub const MOST_SHEETS: usize = 96;

/// The sheets, in the order of their steps; travels through a latest-wins slot, whole, so that none is missed by a slow reader.
///
/// When there are too many, one goes whose neighbours are closest. So every second of the older ones goes, one at a time, and what is
/// left lies evenly over the whole of the training; the first and the newest stay.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Previews(Vec<Arc<Preview>>);

impl Previews {
    /// All of them.
    pub fn sheets(&self) -> &[Arc<Preview>] {
        &self.0
    }

    /// The newest one.
    pub fn newest(&self) -> Option<&Arc<Preview>> {
        self.0.last()
    }

    /// Adds a sheet. Those of its step and of later ones go: training went back since.
    pub fn push(&mut self, sheet: Preview) {
        self.0.retain(|old| old.step < sheet.step);
        self.0.push(Arc::new(sheet));
        while self.0.len() > MOST_SHEETS {
            let gaps = self.0.windows(3).map(|three| three[2].step - three[0].step);
            let Some((before, _)) = gaps.enumerate().min_by_key(|&(_, gap)| gap) else { return };
            self.0.remove(before + 1);
        }
    }

    /// Forgets the sheets of later steps: training went back to this one.
    pub fn forget_after(&mut self, step: u64) {
        self.0.retain(|sheet| sheet.step <= step);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn steps(previews: &Previews) -> Vec<u64> {
        previews.sheets().iter().map(|sheet| sheet.step).collect()
    }

    fn push(previews: &mut Previews, step: u64) {
        previews.push(Preview { step, sketches: Vec::new() });
    }

    proptest! {
        #[test]
        fn the_first_and_the_newest_stay_and_the_rest_is_bounded_in_order_and_even(gaps in prop::collection::vec(1u64..50, 1..600)) {
            let mut previews = Previews::default();
            let (mut step, mut first) = (0u64, None);
            for (pushed, gap) in gaps.iter().enumerate() {
                step += *gap;
                first.get_or_insert(step);
                push(&mut previews, step);
                let steps = steps(&previews);
                prop_assert_eq!(steps.len(), (pushed + 1).min(MOST_SHEETS));
                prop_assert_eq!((steps.first().copied(), steps.last().copied()), (first, Some(step)));
                prop_assert!(steps.windows(2).all(|pair| pair[0] < pair[1]));
            }
            // Of all pairs of neighbouring gaps, the one that is joined is no longer than their mean.
            let steps = steps(&previews);
            let longest = steps.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or_default();
            let even = (step - first.unwrap_or_default()) / (MOST_SHEETS as u64 / 2);
            prop_assert!(longest <= even.max(gaps.iter().copied().max().unwrap_or_default()), "{longest} in {steps:?}");
        }

        #[test]
        fn going_back_forgets_what_came_after(made in 1u64..400, to in 0u64..400) {
            let mut previews = Previews::default();
            (1..=made).for_each(|step| push(&mut previews, step));
            let before = steps(&previews);
            previews.forget_after(to);
            let kept: Vec<u64> = before.into_iter().filter(|step| *step <= to).collect();
            prop_assert_eq!(steps(&previews), kept.clone());
            push(&mut previews, to + 1);
            let (now, all): (Vec<u64>, Vec<u64>) = (steps(&previews), kept.into_iter().chain([to + 1]).collect());
            // One of them goes if they are one too many.
            prop_assert_eq!((now.len(), now.last()), (all.len().min(MOST_SHEETS), all.last()));
            prop_assert!(now.windows(2).all(|pair| pair[0] < pair[1]) && now.iter().all(|step| all.contains(step)));
        }
    }

    #[test]
    fn a_sheet_takes_the_place_of_those_of_its_step_and_later_ones() {
        let mut previews = Previews::default();
        [10, 20, 30, 20].into_iter().for_each(|step| push(&mut previews, step));
        assert_eq!(steps(&previews), [10, 20]);
    }
}
