//! The loop that draws takes no memory: however many denoising steps a stroke has, the allocations are the same. An allocator that counts
//! is the process's, so this file has one test.

mod common;

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use candle_core::{Device, Tensor};
use common::{heads, set, small, trainer};
use denoodle::config::{DrawSettings, SamplerKind};
use denoodle::generate::{self, Job};
use denoodle::util::Cancel;

struct Counting;

static TAKEN: AtomicUsize = AtomicUsize::new(0);

// SAFETY: everything is the system allocator's; only a number is added.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        TAKEN.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise is passed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[test]
fn more_denoising_steps_take_no_more_memory() {
    let mut file = trainer(small(), set(heads(12), vec![]), 1, 1).averaged().expect("weights");
    // Never finished: every drawing has as many strokes as there may be.
    file.weights.insert("history.stop.bias".into(), Tensor::new(&[-30.0f32], &Device::Cpu).expect("a bias"));
    let artist = generate::of(&file, &Device::Cpu, 1).expect("an artist");
    let taken = |sampler: SamplerKind, steps: usize, guidance: f64| {
        let settings = DrawSettings { sampler, steps, guidance, ..file.info.preset.draw.clone() };
        let job = Job { category: 0, count: 3, first: 0, seed: 1, settings, start: None };
        let draw = || artist.draw(&job, &Cancel::default(), &mut |_| {}).expect("drawings");
        draw();
        let before = TAKEN.load(Ordering::Relaxed);
        draw();
        TAKEN.load(Ordering::Relaxed) - before
    };
    for sampler in [SamplerKind::Heun, SamplerKind::Ddim, SamplerKind::Ddpm] {
        for guidance in [1.0, 1.5] {
            let (few, many) = (taken(sampler, 8, guidance), taken(sampler, 64, guidance));
            println!("{sampler:?}, guidance {guidance}: {few} allocations with 8 steps a stroke, {many} with 64");
            // 3 drawings of 12 strokes have 672 steps more: what differs are points that a drawing's simplification keeps.
            assert!(many.abs_diff(few) < 60, "{sampler:?}, guidance {guidance}: {few} allocations with 8 steps, {many} with 64");
        }
    }
}
