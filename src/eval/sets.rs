//! Which real drawings stand on which side of a score.
//!
//! Every drawing is looked at once, however often a list repeats it: a side is a list of rows of those features.

use std::collections::{HashMap, HashSet};

use crate::data::{Divided, shown_in};
use crate::sketch::Sketch;
use crate::util::rng::{Stream, permutation, stream};

/// The real drawings of an evaluation.
#[derive(Debug, Clone)]
pub struct Sets {
    /// The drawings and their split.
    pub divided: Divided,
    /// Different test drawings, in the order in which the list first names them: numbers of drawings.
    pub test: Vec<usize>,
    /// The test list as given: rows of `test`.
    pub as_given: Vec<usize>,
    /// The same without indices that are in the train list too; `None` where nothing is shared.
    pub without_shared: Option<Vec<usize>>,
    /// Different training drawings, in the order in which the list first names them: numbers of drawings.
    pub train: Vec<usize>,
    /// The floor's drawings: rows of `train`.
    pub floor: Vec<usize>,
}

impl Sets {
    /// With a floor of `count` training drawings, or as many as there are, chosen by the seed. None of them is in the test list, has the
    /// key of a test drawing, or has its very strokes.
    pub fn new(divided: Divided, count: usize, seed: u64) -> Self {
        let (test, as_given) = unique(&divided.test);
        let (train, _) = unique(&divided.train);
        let trained: HashSet<usize> = train.iter().copied().collect();
        let unshared: Vec<usize> = as_given.iter().copied().filter(|&row| !trained.contains(&test[row])).collect();
        let without_shared = (unshared.len() < as_given.len()).then_some(unshared);
        let tested: HashSet<usize> = test.iter().copied().collect();
        let shown = shown_in(&divided.drawings, &tested);
        let order = permutation(&mut stream(seed, Stream::Floor, 0), train.len());
        let fresh = |&row: &usize| {
            let number = train[row];
            let drawings = &divided.drawings;
            !tested.contains(&number)
                && !shown.keys.contains(&drawings.key(number))
                && !shown.strokes.contains(&drawings.fingerprint(number))
        };
        let floor = order.into_iter().map(|row| row as usize).filter(fresh).take(count).collect();
        Self { divided, test, as_given, without_shared, train, floor }
    }

    /// Lines in the file of drawings with these numbers.
    pub fn lines(&self, numbers: &[usize]) -> Vec<u64> {
        numbers.iter().map(|&i| self.divided.drawings.line(i).map_or(u64::MAX, u64::from)).collect()
    }

    /// The drawings with these numbers.
    pub fn sketches(&self, numbers: &[usize]) -> Vec<Sketch> {
        numbers.iter().map(|&i| self.divided.drawings.sketch(i)).collect()
    }

    /// Numbers of the floor's drawings.
    pub fn floor_numbers(&self) -> Vec<usize> {
        self.floor.iter().map(|&row| self.train[row]).collect()
    }
}

/// Different entries in the order in which they first come, and for every entry its place among them.
fn unique(list: &[usize]) -> (Vec<usize>, Vec<usize>) {
    let (mut places, mut different) = (HashMap::new(), Vec::new());
    let place = |&entry: &usize| {
        *places.entry(entry).or_insert_with(|| {
            different.push(entry);
            different.len() - 1
        })
    };
    let rows = list.iter().map(place).collect();
    (different, rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_lead_back_to_the_list() {
        let list = [7, 3, 7, 9, 3];
        let (different, rows) = unique(&list);
        assert_eq!(different, [7, 3, 9]);
        assert_eq!(rows.iter().map(|&row| different[row]).collect::<Vec<_>>(), list);
    }
}
