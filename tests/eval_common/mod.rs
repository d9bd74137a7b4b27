//! An extractor for tests: a fixed random projection of pixels. Scores that rest on it mean nothing.
#![allow(dead_code, reason = "each test file uses its own part of this")]

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use denoodle::data::{Cache, Divided, Folders, divided, sketchbook};
use denoodle::eval::extractor::{Classifier, Extractor, ExtractorId};
use denoodle::eval::reference::FeatureCache;
use denoodle::eval::sets::Sets;
use denoodle::eval::{Means, Origin, Plan, Protocol, Scored, Stage, Watch, evaluate};
use denoodle::raster::{Pixmap, Renderer, Studio};
use denoodle::sketch::Sketch;
use denoodle::util::rng::{Stream, normal, stream};
use denoodle::util::{Cancel, Result, threads};

pub const SIDE: u32 = 32;

/// Sums of pixels with random signs, and a classifier by the largest of the first features.
pub struct Projection {
    pub id: ExtractorId,
    pub renderer: Studio,
    weights: Vec<f32>,
    width: usize,
    classes: Vec<String>,
    /// Pictures that were looked at.
    pub looked: AtomicUsize,
}

impl Projection {
    pub fn new(width: usize) -> Self {
        Self {
            id: ExtractorId { name: "a random projection, for tests".into(), sha256: "0".repeat(64) },
            renderer: Studio { line: 0.05, ..Studio::square(SIDE) },
            weights: normal(&mut stream(1, Stream::Init, 0), width * (SIDE * SIDE) as usize),
            width,
            classes: ["cat", "bus", "rabbit", "sun", "leaf", "cloud", "line"].map(str::to_owned).to_vec(),
            looked: AtomicUsize::new(0),
        }
    }
}

impl Extractor for Projection {
    fn id(&self) -> &ExtractorId {
        &self.id
    }

    fn width(&self) -> usize {
        self.width
    }

    fn renderer(&self) -> &(dyn Renderer + Sync) {
        &self.renderer
    }

    fn features(&self, pictures: &[Pixmap]) -> Result<Vec<f32>> {
        self.looked.fetch_add(pictures.len(), Ordering::Relaxed);
        let picture = |picture: &Pixmap| {
            let ink: Vec<f32> = picture.data().chunks_exact(4).map(|rgba| 1.0 - f32::from(rgba[0]) / 255.0).collect();
            let feature = |row: &[f32]| row.iter().zip(&ink).map(|(w, v)| w * v).sum::<f32>() / SIDE as f32;
            self.weights.chunks_exact(ink.len()).map(feature).collect::<Vec<f32>>()
        };
        Ok(pictures.iter().flat_map(picture).collect())
    }

    fn classifier(&self) -> Option<&dyn Classifier> {
        Some(self)
    }
}

impl Classifier for Projection {
    fn classes(&self) -> &[String] {
        &self.classes
    }

    fn logits(&self, features: &[f64]) -> Vec<f64> {
        features[..self.classes.len()].to_vec()
    }
}

/// Hears everything, and may be told to cancel at a stage.
#[derive(Default)]
pub struct Ears {
    pub cancel: Cancel,
    pub cancel_at: Option<Stage>,
    pub heard: std::sync::Mutex<Vec<String>>,
    pub stages: std::sync::Mutex<Vec<Stage>>,
}

impl Watch for Ears {
    fn stage(&self, stage: Stage) {
        self.stages.lock().expect("no panic").push(stage);
        if self.cancel_at == Some(stage) {
            self.cancel.cancel(denoodle::util::Reason::Stopped);
        }
    }

    fn progress(&self, done: usize, total: usize) {
        assert!(done <= total);
    }

    fn message(&self, text: String) {
        self.heard.lock().expect("no panic").push(text);
    }
}

/// Made-up cats on the disk with this split.
pub fn cats(folder: &Path, count: usize, train: &[u64], test: &[u64]) -> Divided {
    sketchbook::write(folder, count, 1).expect("drawings");
    load(folder, train, test)
}

/// What lies there, with this split.
pub fn load(folder: &Path, train: &[u64], test: &[u64]) -> Divided {
    let list = |numbers: &[u64]| serde_json::to_string(numbers).expect("numbers");
    let split = format!("{{\"train\": {}, \"test\": {}}}", list(train), list(test));
    denoodle::util::atomic::write_bytes(&folder.join("subset/cat/indices.json"), split.as_bytes()).expect("a split");
    let folders = Folders { drawings: folder.into(), subset: folder.join("subset") };
    divided(&folders, "cat", &Cache::none(), 1, &Cancel::default(), &mut |_, _| {}).expect("drawings")
}

/// Cats of another seed: what a good model would draw.
pub fn drawn(seed: u64, count: usize) -> Vec<Sketch> {
    (0..count as u64).filter_map(|i| sketchbook::drawing("cat", 1000 + seed, i)).collect()
}

pub fn plan(seeds: &[u64]) -> Plan {
    Plan { protocol: Protocol::Sketch, seed: 1, seeds: seeds.iter().copied().map(Some).collect(), copying: true }
}

pub fn origin() -> Origin {
    Origin::Model { file: "runs/cat/best.safetensors".into(), sha256: "1".repeat(64), steps: 12 }
}

/// Scores with everything as usual.
pub fn scored(
    sets: &Sets,
    plan: &Plan,
    threads: usize,
    eye: &Projection,
    draw: &mut dyn FnMut(Option<u64>) -> Result<Vec<Sketch>>,
) -> Result<Scored> {
    let (ears, cache) = (Ears::default(), FeatureCache::none());
    let pool = threads::pool(threads)?;
    let means = Means { extractor: eye, cache: &cache, pool: &pool, watch: &ears, cancel: &ears.cancel };
    evaluate(sets, origin(), plan, &means, draw)
}
