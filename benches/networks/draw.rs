//! Drawing with the flagship, untrained and never finished: every drawing has as many strokes as there may be, so that both sides
//! do the same work.

use std::time::Instant;

use candle_core::{Device, Tensor};
use denoodle::data::sketchbook;
use denoodle::generate::{self, Job};
use denoodle::train::{TrainSet, Trainer};
use denoodle::util::{Cancel, Result};

use super::{Options, report};

pub fn draw(options: &Options) -> Result<()> {
    let cats = (0..100).filter_map(|i| sketchbook::drawing("cat", 1, i)).map(|sketch| (0, sketch)).collect();
    let set = TrainSet { categories: vec!["cat".into()], mirror: vec![true], train: cats, test: vec![], sources: vec![] };
    let mut file = Trainer::new(super::preset(&options.network), set, 1, None, Device::Cpu, 1)?.0.averaged()?;
    file.weights.insert("history.stop.bias".into(), Tensor::new(&[-30.0f32], &Device::Cpu)?);
    file.write(&options.dump.join(format!("draw-{}.safetensors", options.network)), false)?;
    let artist = generate::of(&file, &Device::Cpu, options.threads)?;
    let job = Job { category: 0, count: options.count, first: 0, seed: 1, settings: file.info.preset.draw.clone(), start: None };
    let mut times = Vec::new();
    for round in 0..=options.steps {
        let begun = Instant::now();
        let drawn = artist.draw(&job, &Cancel::default(), &mut |_| {})?;
        assert_eq!(drawn.len(), options.count);
        if round > 0 {
            times.push(begun.elapsed().as_secs_f64() * 1000.0);
        }
    }
    report(options, &times, &[("count", options.count as f64)]);
    Ok(())
}
