//! What the sketch features promise: the network learns to tell drawings apart, a run resumes bit for bit whatever the threads, and an
//! extractor gives the same numbers for a picture whatever lies beside it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use denoodle::data::sketchbook;
use denoodle::eval::extractor::{Extractor, SketchFeatures, extract};
use denoodle::model::file::newest;
use denoodle::model::{Accuracy, Picture, SketchFile, SketchNetSettings};
use denoodle::raster::{Renderer, Studio};
use denoodle::sketch::Sketch;
use denoodle::train::TrainSet;
use denoodle::train::sketch_net::{SketchPlan, SketchRecipe, SketchStep, SketchTrainer, SketchWatcher, train};
use denoodle::util::{Cancel, Reason, Result};

/// Made-up drawings of three categories: so many to learn from, and as many again to be tested with.
fn set(each: u64) -> TrainSet {
    let categories: Vec<String> = sketchbook::CATEGORIES.iter().map(|&name| name.to_owned()).collect();
    let drawings = |first: u64| -> Vec<(u32, Sketch)> {
        let of = |(class, name): (usize, &String)| {
            (first..first + each).filter_map(|i| Some((class as u32, sketchbook::drawing(name, 4, i)?))).collect::<Vec<_>>()
        };
        categories.iter().enumerate().flat_map(of).collect()
    };
    let (train, test) = (drawings(0), drawings(each));
    TrainSet { mirror: vec![true; 3], train, test, sources: categories.clone(), categories }
}

/// A network that trains in seconds.
fn recipe() -> SketchRecipe {
    SketchRecipe {
        network: SketchNetSettings { widths: vec![8, 16, 24], blocks: vec![1, 1, 1], expansion: 2 },
        picture: Picture { side: 32, margin: 0.06, line: 0.03 },
        sides: vec![(0.5, 16), (1.0, 32)],
        batch: 24,
        shards: 3,
        warmup_steps: 10,
        ema_decay: 0.9,
        ..SketchRecipe::default()
    }
}

#[derive(Default)]
struct Watch {
    losses: Vec<f64>,
    tested: Option<Accuracy>,
    stop: Option<(u64, Cancel)>,
}

impl SketchWatcher for Watch {
    fn step(&mut self, step: u64, _: u64, report: &SketchStep) -> Result<()> {
        self.losses.push(report.loss);
        if let Some((after, cancel)) = &self.stop
            && step == *after
        {
            cancel.cancel(Reason::Interrupted);
        }
        Ok(())
    }

    fn tested(&mut self, _: u64, accuracy: &Accuracy) {
        self.tested = Some(*accuracy);
    }
}

fn go(folder: &Path, steps: u64, threads: usize, stop: Option<u64>, resume: bool) -> Result<(Watch, (PathBuf, bool))> {
    let cancel = Cancel::default();
    let mut watch = Watch { stop: stop.map(|after| (after, cancel.clone())), ..Watch::default() };
    let mut trainer = SketchTrainer::new(recipe(), set(20), steps, 1, threads)?;
    let end = train(&mut trainer, &SketchPlan { folder: folder.to_path_buf(), resume }, &cancel, &mut watch)?;
    Ok((watch, end))
}

/// Every tensor of a checkpoint as bits.
fn bits(folder: &Path) -> BTreeMap<String, Vec<u32>> {
    let file = SketchFile::read(&newest(folder)).expect("a checkpoint");
    let flat = |t: &candle_core::Tensor| t.flatten_all().and_then(|t| t.to_vec1::<f32>()).expect("f32");
    let bits = |t| flat(t).into_iter().map(f32::to_bits).collect();
    let averages = file.weights.iter().map(|(name, t)| (format!("average.{name}"), bits(t)));
    averages.chain(file.others.iter().map(|(name, t)| (name.clone(), bits(t)))).collect()
}

#[test]
fn it_learns_to_tell_made_up_drawings_apart() {
    let mut trainer = SketchTrainer::new(recipe(), set(60), 300, 1, 2).expect("a trainer");
    let before = trainer.test(usize::MAX).expect("a test").expect("test drawings");
    for _ in 0..300 {
        assert!(trainer.step().expect("a step").loss.is_finite());
    }
    let after = trainer.test(usize::MAX).expect("a test").expect("test drawings");
    assert_eq!((after.drawings, after.top5), (180, 1.0));
    assert!(after.top1 > 0.9 && after.top1 > before.top1, "{before:?} before, {after:?} after");
}

#[test]
fn every_weight_moves() {
    let mut trainer = SketchTrainer::new(SketchRecipe { weight_decay: 0.0, ..recipe() }, set(20), 10, 1, 2).expect("a trainer");
    let before = trainer.averaged().expect("weights").weights;
    trainer.step().expect("a step");
    let after = trainer.averaged().expect("weights").weights;
    for (name, tensor) in &before {
        let moved = (tensor - &after[name]).and_then(|d| d.abs()?.max_all()?.to_scalar::<f32>()).expect("same shape");
        assert!(moved > 0.0, "{name} did not move");
    }
}

#[test]
fn a_stopped_run_goes_on_bit_for_bit_whatever_the_threads() -> Result<()> {
    let (whole, parts) = (tempfile::tempdir().expect("folder"), tempfile::tempdir().expect("folder"));
    let (unbroken, (_, complete)) = go(whole.path(), 12, 1, None, false)?;
    assert!(complete);
    let (first, (_, complete)) = go(parts.path(), 12, 2, Some(5), false)?;
    assert!(!complete);
    let (second, (model, complete)) = go(parts.path(), 12, 3, None, true)?;
    assert!(complete && model.exists());
    assert_eq!(unbroken.losses, [first.losses, second.losses].concat());
    assert_eq!(unbroken.tested, second.tested);
    assert_eq!(bits(whole.path()), bits(parts.path()));
    // A folder with a run in it is not begun anew.
    assert!(go(parts.path(), 12, 1, None, false).is_err());
    Ok(())
}

#[test]
fn features_of_a_picture_do_not_depend_on_what_lies_beside_it() -> Result<()> {
    let folder = tempfile::tempdir().expect("folder");
    let (_, (model, _)) = go(folder.path(), 3, 2, None, false)?;
    let extractor = SketchFeatures::open(&model)?;
    assert_eq!((extractor.width(), extractor.id().sha256.len()), (24, 64));
    let sketches: Vec<Sketch> = set(20).test.into_iter().map(|(_, sketch)| sketch).collect();
    let all = extract(&extractor, &sketches, &Cancel::default(), &|_| {})?;
    assert_eq!((all.count(), all.width()), (60, 24));
    for i in [0, 17, 59] {
        let alone = extract(&extractor, &sketches[i..=i], &Cancel::default(), &|_| {})?;
        assert_eq!(alone.rows().next(), all.rows().nth(i), "drawing {i}");
    }
    let classifier = extractor.classifier().expect("it tells categories apart");
    assert_eq!((classifier.classes().len(), classifier.logits(all.rows().next().expect("a row")).len()), (3, 3));
    let wrong = Studio::square(64).render(&sketches[0])?;
    assert!(extractor.features(&[wrong]).is_err());
    let cancel = Cancel::default();
    cancel.cancel(Reason::Interrupted);
    assert!(extract(&extractor, &sketches, &cancel, &|_| {}).is_err());
    assert!(extract(&extractor, &[], &Cancel::default(), &|_| {}).is_err());
    Ok(())
}

#[test]
fn what_is_no_such_file_is_refused_in_words() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("features.safetensors");
    let told = |path: &Path| SketchFeatures::open(path).map(|_| ()).expect_err("refused").to_string();
    assert!(told(&path).contains("cannot read the sketch features"));
    denoodle::util::atomic::write_bytes(&path, b"not a file of ours").expect("writes");
    assert!(told(&path).contains("this is not a model file"), "{}", told(&path));
    let few = SketchTrainer::new(recipe(), TrainSet { categories: vec!["cat".into()], ..set(20) }, 1, 1, 1);
    assert!(few.map(|_| ()).expect_err("refused").to_string().contains("at least two categories"));
}
