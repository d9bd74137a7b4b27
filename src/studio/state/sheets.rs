//! The preview sheets of a run, and which of them is looked at.

use std::sync::Arc;

use crate::session::{Preview, Previews};

/// The newest sheet is shown, and the next one when it comes, until an earlier one is chosen.
#[derive(Debug, Default)]
pub struct Sheets {
    all: Previews,
    /// The chosen one. It stays what it is, even if it is not among those that are kept any more.
    back: Option<Arc<Preview>>,
}

impl Sheets {
    /// Takes in what there is now.
    pub fn take(&mut self, all: Previews) {
        // Training may have gone back behind the chosen one.
        self.back = self.back.take().filter(|chosen| all.newest().is_some_and(|newest| chosen.step < newest.step));
        self.all = all;
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.sheets().len()
    }

    /// True before the first one.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// True if there are earlier ones to look back at.
    pub fn has_past(&self) -> bool {
        self.len() > 1
    }

    /// The chosen sheet, if it is not the newest.
    pub fn back(&self) -> Option<&Preview> {
        self.back.as_deref()
    }

    /// The sheet to be shown.
    pub fn shown(&self) -> Option<&Preview> {
        self.back().or(self.all.newest().map(Arc::as_ref))
    }

    /// Its place among all, counted from 0.
    pub fn place(&self) -> usize {
        self.back().map_or(self.len().saturating_sub(1), |chosen| self.before(chosen.step))
    }

    /// So many are of earlier steps.
    fn before(&self, step: u64) -> usize {
        self.all.sheets().partition_point(|sheet| sheet.step < step)
    }

    /// To the sheet at this place; at the last one, the newest is followed again.
    pub(super) fn go(&mut self, place: usize) {
        self.back = self.all.sheets().get(place).filter(|_| place + 1 < self.len()).cloned();
    }

    /// To the next sheet, or the one before.
    pub(super) fn step(&mut self, forward: bool) {
        let Some(shown) = self.shown().map(|sheet| sheet.step) else { return };
        self.go(if forward { self.before(shown.saturating_add(1)) } else { self.before(shown).saturating_sub(1) });
    }

    /// Back to the newest.
    pub(super) fn follow(&mut self) {
        self.back = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheets(steps: impl IntoIterator<Item = u64>) -> Previews {
        let mut all = Previews::default();
        steps.into_iter().for_each(|step| all.push(Preview { step, sketches: Vec::new() }));
        all
    }

    fn shown(sheets: &Sheets) -> Option<u64> {
        sheets.shown().map(|sheet| sheet.step)
    }

    #[test]
    fn a_chosen_sheet_stays_whatever_comes_even_when_it_is_not_kept_any_more() {
        let mut looked = Sheets::default();
        looked.take(sheets([1, 2, 3]));
        assert_eq!((shown(&looked), looked.place()), (Some(3), 2));
        looked.step(false);
        looked.take(sheets([1, 2, 3, 4]));
        assert_eq!((shown(&looked), looked.place()), (Some(2), 1));
        looked.take(sheets([1, 3, 4, 5]));
        assert_eq!((shown(&looked), looked.place()), (Some(2), 1), "where it would be");
        looked.step(true);
        assert_eq!(shown(&looked), Some(3));
        looked.go(1);
        looked.take(sheets([1, 4, 5]));
        looked.step(false);
        assert_eq!(shown(&looked), Some(1));
        looked.step(false);
        assert_eq!(shown(&looked), Some(1), "there is none before");
    }

    #[test]
    fn at_the_last_place_the_newest_is_followed_again() {
        let mut looked = Sheets::default();
        looked.take(sheets([1, 2, 3]));
        for place in [2, 7] {
            looked.go(0);
            looked.go(place);
            assert!(looked.back().is_none());
        }
        looked.go(1);
        looked.step(true);
        looked.take(sheets([1, 2, 3, 4]));
        assert_eq!(shown(&looked), Some(4));
        looked.go(1);
        looked.follow();
        assert_eq!(shown(&looked), Some(4));
    }

    #[test]
    fn training_that_went_back_behind_the_chosen_sheet_is_followed() {
        let mut looked = Sheets::default();
        looked.take(sheets([10, 20, 30, 40]));
        looked.go(2);
        looked.take(sheets([10, 20, 25]));
        assert_eq!((shown(&looked), looked.back()), (Some(25), None));
    }

    #[test]
    fn without_sheets_there_is_nowhere_to_go() {
        let mut looked = Sheets::default();
        looked.step(true);
        looked.step(false);
        looked.go(3);
        assert_eq!((shown(&looked), looked.place(), looked.has_past()), (None, 0, false));
    }
}
