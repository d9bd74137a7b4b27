//! What pictures cost: a thumbnail, a sheet of forty, a GIF of one cat.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use denoodle::data::sketchbook;
use denoodle::export::{Gif, Sheet};
use denoodle::raster::{Renderer, Studio};
use denoodle::sketch::Sketch;
use denoodle::util::Cancel;

fn pictures(c: &mut Criterion) {
    let cats: Vec<Sketch> = (0..40).filter_map(|index| sketchbook::drawing("cat", 1, index)).collect();
    let cancel = Cancel::default();
    c.bench_function("studio 256 x 256", |b| b.iter(|| black_box(Studio::square(256).render(&cats[0]))));
    c.bench_function("sheet of 40 as PNG", |b| b.iter(|| black_box(Sheet { cell: 150, ..Sheet::default() }.bytes(&cats, "cat", &cancel))));
    c.bench_function("gif 256 x 256", |b| b.iter(|| black_box(Gif::default().bytes(&cats[..1], "cat", &cancel))));
    c.bench_function("sketchbook cat", |b| b.iter(|| black_box(sketchbook::drawing("cat", 1, black_box(3)))));
}

criterion_group!(benches, pictures);
criterion_main!(benches);
