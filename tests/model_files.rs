//! Model files: what is written comes back, what is damaged is refused in words, and nothing makes the reader panic.

mod common;

use common::{heads, set, small, systems, trainer};
use denoodle::config::Preset;
use denoodle::generate::{self, Capabilities, Job};
use denoodle::model::ModelFile;
use denoodle::util::Cancel;
use proptest::prelude::*;

fn file() -> ModelFile {
    file_of(small())
}

fn file_of(preset: Preset) -> ModelFile {
    let mut trainer = trainer(preset, set(heads(12), vec![]), 1, 1);
    trainer.step(Some(10)).expect("a step");
    trainer.averaged().expect("weights")
}

fn job(file: &ModelFile, count: usize, first: u64) -> Job {
    Job { category: 0, count, first, seed: 3, settings: file.info.preset.draw.clone(), start: None }
}

#[test]
fn a_file_comes_back_as_it_was() {
    systems().into_iter().for_each(|preset| comes_back(&file_of(preset)));
}

fn comes_back(file: &ModelFile) {
    let back = ModelFile::parse(&file.bytes(false).expect("bytes")).expect("reads");
    assert_eq!((&back.info, &back.coding), (&file.info, &file.coding));
    let bits = |f: &ModelFile| {
        f.weights.iter().map(|(n, t)| (n.clone(), t.flatten_all().and_then(|t| t.to_vec1::<f32>()).expect("f32"))).collect::<Vec<_>>()
    };
    assert_eq!(bits(&back), bits(file));
    let half = file.bytes(true).expect("bytes");
    assert!(half.len() < file.bytes(false).expect("bytes").len() * 3 / 5);
    let close = bits(&ModelFile::parse(&half).expect("reads"))
        .iter()
        .zip(&bits(file))
        .all(|(a, b)| a.1.iter().zip(&b.1).all(|(a, b)| (a - b).abs() <= b.abs() * 1e-3 + 1e-6));
    assert!(close, "f16 weights are off by more than rounding");
}

#[test]
fn the_same_seed_draws_the_same_whatever_the_threads_the_count_and_the_start() {
    systems().into_iter().for_each(|preset| draws_the_same(&file_of(preset)));
}

fn draws_the_same(file: &ModelFile) {
    let draw = |threads, count, first| {
        let artist = generate::of(file, &candle_core::Device::Cpu, threads).expect("an artist");
        artist.draw(&job(file, count, first), &Cancel::default(), &mut |_| {}).expect("drawings")
    };
    let all = draw(2, 70, 0);
    assert_eq!(all.len(), 70);
    assert_eq!(all, draw(1, 70, 0));
    assert_eq!(all[..5], draw(1, 5, 0));
    assert_eq!(all[40..43], draw(2, 3, 40));
    assert!(all.iter().any(|drawing| drawing != &all[0]), "every drawing is the same");
}

#[test]
fn cancelling_ends_the_drawing() {
    for file in systems().into_iter().map(file_of) {
        let artist = generate::of(&file, &candle_core::Device::Cpu, 1).expect("an artist");
        let cancel = Cancel::default();
        cancel.cancel(denoodle::util::Reason::Stopped);
        let error = artist.draw(&job(&file, 3, 0), &cancel, &mut |_| {}).expect_err("cancelled");
        assert_eq!(error.kind(), denoodle::util::Kind::Cancelled);
    }
}

#[test]
fn strokes_to_begin_with_are_refused_by_those_who_cannot_go_on() {
    for file in systems().into_iter().map(file_of) {
        let artist = generate::of(&file, &candle_core::Device::Cpu, 1).expect("an artist");
        let job = Job { start: Some(common::head()), ..job(&file, 1, 0) };
        let drawn = artist.draw(&job, &Cancel::default(), &mut |_| {});
        let Capabilities { completion, rhythm, .. } = artist.capabilities();
        assert!(!(completion && rhythm), "{}: what is given is either gone on with or a rhythm", file.info.preset.name);
        assert_eq!(drawn.is_ok(), completion || rhythm, "{}", file.info.preset.name);
    }
}

#[test]
fn a_category_that_the_model_does_not_know_is_told() {
    let file = file();
    let error = generate::category(&file.info, Some("dragon")).expect_err("unknown");
    assert!(error.to_string().contains("'dragon'") && error.to_string().contains("head"), "{error}");
    assert_eq!(generate::category(&file.info, None).ok(), Some(0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn damaged_files_are_refused_or_read_but_never_panic(cut in 0usize..40_000, place in 0usize..40_000, byte in any::<u8>()) {
        static BYTES: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
        let whole = BYTES.get_or_init(|| file().bytes(true).expect("bytes"));
        prop_assert!(ModelFile::parse(&whole[..cut.min(whole.len() - 1)]).is_err());
        let mut changed = whole.clone();
        changed[place % whole.len()] = byte;
        if let Ok(read) = ModelFile::parse(&changed) {
            let _ = generate::of(&read, &candle_core::Device::Cpu, 1);
        }
    }

    #[test]
    fn other_files_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(ModelFile::parse(&bytes).is_err());
    }
}
