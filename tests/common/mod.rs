//! What several tests need: a small preset, a few drawings, a trainer.
#![allow(dead_code, reason = "each test file uses its own part of this")]

pub mod network;

use candle_core::Device;
use denoodle::config::{
    CodecSettings, DitSettings, HistoryDitSettings, LatentSettings, ModelSettings, Preset, RnnDenoiserSettings, Seq2seqSettings,
    SketchRnnSettings, StrokeDiffusionSettings, Unet1dSettings, load,
};
use denoodle::session::{Command, Event, Handle};
use denoodle::sketch::{Sketch, Stroke};
use denoodle::train::{TrainSet, Trainer};
use denoodle::util::clock::Clock;
use denoodle::util::rng::{Stream, stream, uniform};

/// The last thing that a session reports of a command.
pub fn ended(command: Command) -> Event {
    let handle = Handle::start(command, || {}).expect("starts");
    let events: Vec<_> = std::iter::from_fn(|| handle.next_event(std::time::Duration::from_secs(60))).collect();
    events.into_iter().last().expect("an end")
}

/// The words of a command's failure.
pub fn failure(command: Command) -> String {
    match ended(command) {
        Event::Failed(why) => why.text,
        other => panic!("ended with {other:?}"),
    }
}

/// A network that trains in milliseconds.
pub fn small() -> Preset {
    let mut preset = load("quick").expect("built in");
    preset.model = ModelSettings::StrokeDiffusion(StrokeDiffusionSettings {
        width: 32,
        layers: 2,
        heads: 2,
        denoiser_width: 128,
        denoiser_blocks: 2,
        max_strokes: 12,
    });
    quickly(preset)
}

/// The U-Net, as small.
pub fn small_unet1d() -> Preset {
    let mut preset = load("unet1d_small").expect("built in");
    preset.codec = CodecSettings::Deltas { most_points: 48, simplify: 2.0 };
    preset.model = ModelSettings::Unet1d(Unet1dSettings { base: 16, levels: 2, blocks: 1, heads: 2 });
    quickly(preset)
}

/// Sketch-RNN, as small.
pub fn small_sketch_rnn() -> Preset {
    let mut preset = load("sketch_rnn_small").expect("built in");
    preset.model = ModelSettings::SketchRnn(SketchRnnSettings { encoder: 16, decoder: 96, latent: 8, mixtures: 4 });
    quickly(preset)
}

/// Its writer alone.
pub fn writer_alone() -> Preset {
    let mut preset = small_sketch_rnn();
    preset.name = "writer alone".into();
    preset.model = ModelSettings::SketchRnn(SketchRnnSettings { encoder: 0, decoder: 96, latent: 8, mixtures: 4 });
    preset
}

/// The recurrent denoiser, as small.
pub fn small_rnn_denoiser() -> Preset {
    let mut preset = load("rnn_denoiser_small").expect("built in");
    preset.model = ModelSettings::RnnDenoiser(RnnDenoiserSettings { hidden: 32, layers: 2 });
    quickly(preset)
}

/// Diffusion over Sketch-RNN's latent vector, as small.
pub fn small_latent() -> Preset {
    let mut preset = load("latent_small").expect("built in");
    preset.model =
        ModelSettings::Latent(LatentSettings { encoder: 16, decoder: 96, latent: 8, mixtures: 4, denoiser_width: 32, denoiser_blocks: 2 });
    quickly(preset)
}

/// The sequence-to-sequence network, as small.
pub fn small_seq2seq() -> Preset {
    let mut preset = load("seq2seq_small").expect("built in");
    preset.model = ModelSettings::Seq2seq(Seq2seqSettings { encoder: 32, decoder: 64, mixtures: 4 });
    quickly(preset)
}

/// The same with one point instead of a mixture.
pub fn mean_seq2seq() -> Preset {
    let mut preset = small_seq2seq();
    preset.name = "seq2seq by mean squared error".into();
    preset.model = ModelSettings::Seq2seq(Seq2seqSettings { encoder: 32, decoder: 64, mixtures: 0 });
    preset
}

/// The diffusion transformer, as small.
pub fn small_dit() -> Preset {
    let mut preset = load("dit_small").expect("built in");
    preset.model = ModelSettings::Dit(small_transformer());
    transformer(preset)
}

/// The one that is told what the pen does, as small.
pub fn small_dit_pen() -> Preset {
    let mut preset = load("dit_pen_small").expect("built in");
    preset.model = ModelSettings::DitPen(small_transformer());
    transformer(preset)
}

fn small_transformer() -> DitSettings {
    DitSettings { width: 32, layers: 2, heads: 2 }
}

/// Few steps to draw, as for the other systems.
fn transformer(mut preset: Preset) -> Preset {
    preset.draw.steps = 12;
    quickly(preset)
}

/// The diffusion transformer that draws stroke by stroke, as small.
pub fn small_history_dit() -> Preset {
    let mut preset = load("history_dit_small").expect("built in");
    // Fewer points than some strokes of a head have.
    let sizes = HistoryDitSettings { width: 32, layers: 2, heads: 2, reader: 16, stroke_points: 12, max_strokes: 12 };
    preset.model = ModelSettings::HistoryDit(sizes);
    preset.train.history_noise = 0.2;
    transformer(preset)
}

/// All systems, as small: what is promised of one is promised of all.
pub fn systems() -> Vec<Preset> {
    vec![
        small(),
        small_unet1d(),
        small_sketch_rnn(),
        writer_alone(),
        small_seq2seq(),
        mean_seq2seq(),
        small_dit(),
        small_dit_pen(),
        small_history_dit(),
        small_rnn_denoiser(),
        small_latent(),
    ]
}

fn quickly(mut preset: Preset) -> Preset {
    preset.train.batch = 8;
    preset.train.shards = 3;
    preset.train.warmup_steps = 5;
    preset.train.evaluate_every = 5;
    preset.train.save_every = 5;
    preset
}

/// A head with ears, eyes and a few whiskers: nothing of the data set's.
pub fn head() -> Sketch {
    let arc = |cx: f32, cy: f32, r: f32, from: f32, to: f32| {
        let at = |i: usize| from + (to - from) * i as f32 / 15.0;
        Stroke::new((0..16).map(at).map(|a| [cx + r * a.cos(), cy + r * a.sin()]).collect())
    };
    let line = |points: &[[f32; 2]]| Stroke::new(points.to_vec());
    Sketch {
        strokes: vec![
            arc(127.0, 145.0, 110.0, 0.0, 6.3),
            line(&[[45.0, 70.0], [30.0, 5.0], [95.0, 40.0]]),
            line(&[[160.0, 40.0], [225.0, 5.0], [210.0, 70.0]]),
            arc(90.0, 120.0, 12.0, 0.0, 6.3),
            line(&[[70.0, 180.0], [5.0, 170.0]]),
        ],
    }
}

/// Heads of many shapes.
pub fn heads(count: usize) -> Vec<(u32, Sketch)> {
    let mut random = stream(9, Stream::Sketchbook, 0);
    let mut head = || {
        let [x, y, drop] = [0.6, 0.6, 0.0].map(|low| uniform(&mut random, low, 1.0));
        let mut sketch = head().map(|p| [p[0] * x, p[1] * y]);
        sketch.strokes.truncate(5 - (drop * 3.0) as usize);
        (0, sketch)
    };
    (0..count).map(|_| head()).collect()
}

/// One category of such drawings.
pub fn set(train: Vec<(u32, Sketch)>, test: Vec<(u32, Sketch)>) -> TrainSet {
    TrainSet { categories: vec!["head".into()], mirror: vec![true], train, test, sources: vec!["head: made up".into()] }
}

/// A trainer on the CPU.
pub fn trainer(preset: Preset, set: TrainSet, seed: u64, threads: usize) -> Trainer {
    Trainer::new(preset, set, seed, None, Device::Cpu, threads).expect("a valid set").0
}

/// A clock that moves on by a second with every look.
#[derive(Default)]
pub struct Ticks(std::sync::atomic::AtomicU64);

impl Clock for Ticks {
    fn now(&self) -> std::time::Duration {
        std::time::Duration::from_secs(self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed))
    }
}

/// The first drawings of a category, where the real ones lie beside the repository; without them it says aloud that the test is skipped.
pub fn real_drawings(category: &str, count: usize) -> Option<Vec<Sketch>> {
    use std::io::{Read as _, Write as _};
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../shared/quickdraw/simplified/{category}.ndjson.gz"));
    let Ok(file) = std::fs::File::open(&path) else {
        // Past the capture of passing tests: a skip must be seen.
        let _ = writeln!(std::io::stderr(), "skipped: no real drawings at {}", path.display());
        return None;
    };
    let mut text = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).expect("a whole file");
    let drawing = |line: &str| {
        let json: serde_json::Value = serde_json::from_str(line).expect("a drawing");
        let axes: Vec<[Vec<f32>; 2]> = serde_json::from_value(json["drawing"].clone()).expect("strokes");
        Sketch { strokes: axes.iter().map(|[x, y]| Stroke::new(x.iter().zip(y).map(|(&x, &y)| [x, y]).collect())).collect() }
    };
    Some(text.lines().take(count).map(drawing).collect())
}
