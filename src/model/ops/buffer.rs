//! Scratch memory that goes round: what one step of training gives back, the next one takes.

use std::cell::RefCell;
use std::ops::{Deref, DerefMut};

/// Numbers that a thread keeps for reuse, at most: 128 MiB.
const MOST: usize = 32 << 20;

/// Vectors that a thread keeps, at most: looking through them must cost nothing.
const MOST_VECTORS: usize = 256;
/// Fewer numbers than this are left to the allocator.
const LEAST: usize = 4096;

/// A thread's free vectors, and how many numbers they hold together.
struct Store {
    free: Vec<Vec<f32>>,
    numbers: usize,
}

thread_local! {
    static STORE: RefCell<Store> = const { RefCell::new(Store { free: Vec::new(), numbers: 0 }) };
}

/// Numbers in memory that returns to its thread's store when it is dropped.
#[derive(Debug, Default)]
pub(crate) struct Buffer {
    memory: Vec<f32>,
    used: usize,
}

impl Buffer {
    /// `n` numbers of any value: whoever takes them writes all of them.
    pub fn any(n: usize) -> Self {
        if n < LEAST {
            return Self { memory: vec![0.0; n], used: n };
        }
        let found = STORE.try_with(|store| {
            let store = &mut *store.borrow_mut();
            let near = |range: std::ops::Range<usize>| {
                let fits = store.free.iter().enumerate().filter(|(_, memory)| range.contains(&memory.len()));
                fits.min_by_key(|(_, memory)| memory.len()).map(|(at, _)| at)
            };
            let (large, small) = (near(n..n + n / 2 + 1), near(n - n / 3..n));
            let memory = store.free.swap_remove(large.or(small)?);
            store.numbers -= memory.len();
            // Batches differ a little in size: what is only just too small makes way, so that one of each does for all of them.
            large.is_some().then_some(memory)
        });
        Self { memory: found.ok().flatten().unwrap_or_else(|| vec![0.0; n]), used: n }
    }

    /// `n` zeros.
    pub fn zeros(n: usize) -> Self {
        let mut buffer = Self::any(n);
        buffer.fill(0.0);
        buffer
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        let memory = std::mem::take(&mut self.memory);
        if memory.len() < LEAST {
            return;
        }
        // While a thread ends its store may be gone already: then the memory is freed like any other.
        let _ = STORE.try_with(|store| {
            let store = &mut *store.borrow_mut();
            if store.numbers + memory.len() <= MOST && store.free.len() < MOST_VECTORS {
                store.numbers += memory.len();
                store.free.push(memory);
            }
        });
    }
}

impl Deref for Buffer {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        &self.memory[..self.used]
    }
}

impl DerefMut for Buffer {
    fn deref_mut(&mut self) -> &mut [f32] {
        &mut self.memory[..self.used]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_goes_round_and_zeros_are_zeros() {
        let mut first = Buffer::any(10_000);
        first.fill(7.0);
        let address = first.as_ptr();
        drop(first);
        let second = Buffer::zeros(9_900);
        assert_eq!(second.as_ptr(), address, "the same memory");
        assert!(second.len() == 9_900 && second.iter().all(|&v| v == 0.0));
        let other = Buffer::any(9_900);
        assert_ne!(other.as_ptr(), address, "it is taken");
        assert!(Buffer::any(0).is_empty());
    }

    #[test]
    fn what_is_kept_is_bounded_and_sizes_that_grow_replace_one_another() {
        let kept = || STORE.with(|store| (store.borrow().free.len(), store.borrow().numbers));
        for i in 0..100 {
            drop(Buffer::any(50_000 + 10 * i));
        }
        assert_eq!(kept().0, 1);
        let many: Vec<Buffer> = (0..2 * MOST_VECTORS).map(|_| Buffer::any(LEAST)).collect();
        drop(many);
        drop(Buffer::any(2 * MOST));
        assert!(kept().0 <= MOST_VECTORS && kept().1 <= MOST);
    }
}
