//! Guidance is what its two scales say, and the fused form of it is the plain one's.

mod common;

use candle_core::Device;
use common::{heads, set, small, trainer};
use denoodle::model::StrokeDiffusion;
use denoodle::model::ops::use_plain;
use denoodle::model::stroke_diffusion::{Denoising, Guidance, Reader};
use denoodle::util::Result;

/// The prediction for two noisy strokes behind empty pages.
fn predicted(network: &StrokeDiffusion, guidance: f64, category_guidance: f64) -> Result<Vec<f32>> {
    predicted_at(network, guidance, category_guidance, 0)
}

/// The same at one of two levels, of which only the first has guidance.
fn predicted_at(network: &StrokeDiffusion, history: f64, category: f64, level: usize) -> Result<Vec<f32>> {
    predicted_by(network, &Guidance { history, category, place: 1.0, size: 1.0, from: 3.0, to: 1.0 }, level)
}

fn predicted_by(network: &StrokeDiffusion, guidance: &Guidance, level: usize) -> Result<Vec<f32>> {
    let width = network.stroke_width();
    let (_, states) = Reader::begin(network, &[0, 0], &[0.1, 0.1])?;
    let denoising = Denoising::new(network, &[2.0, 0.5], 0, guidance)?;
    let x: Vec<f32> = (0..2 * width).map(|i| (i as f32 * 0.7).sin()).collect();
    let mut x0 = vec![0.0; x.len()];
    denoising.stroke(&states)?.predict(&x, level, &mut x0)?;
    Ok(x0)
}

#[test]
fn predictions_add_up_as_the_scales_say_whichever_form_computes() -> Result<()> {
    let mut trainer = trainer(small(), set(heads(30), vec![]), 1, 1);
    for _ in 0..20 {
        trainer.step(Some(100))?;
    }
    let network = trainer.averaged()?.network(&Device::Cpu)?;
    let (nothing, category, all) = (predicted(&network, 0.0, 0.0)?, predicted(&network, 0.0, 1.0)?, predicted(&network, 1.0, 1.0)?);
    assert!(nothing != category && category != all, "something is not heard");
    for (guidance, by_category) in [(1.5, 1.5), (2.0, 1.0), (1.0, 3.0), (2.0, 3.0)] {
        let guided = predicted(&network, guidance, by_category)?;
        for i in 0..guided.len() {
            let (n, c, a) = (f64::from(nothing[i]), f64::from(category[i]), f64::from(all[i]));
            let expected = n + by_category * (c - n) + guidance * (a - c);
            assert!((f64::from(guided[i]) - expected).abs() < 1e-4, "{guidance} {by_category}: {} and {expected}", guided[i]);
        }
        // Half of it for places is half the way there, a quarter for sizes a quarter, and shapes are as they were.
        let halved = Guidance { history: guidance, category: by_category, place: 0.5, size: 0.25, from: 3.0, to: 1.0 };
        let halved = predicted_by(&network, &halved, 0)?;
        for (i, (halved, (guided, all))) in halved.iter().zip(guided.iter().zip(&all)).enumerate() {
            let share = [0.5, 0.5, 0.25].get(i % network.stroke_width()).copied().unwrap_or(1.0);
            let expected = all + share * (guided - all);
            assert!((halved - expected).abs() < 1e-4, "{guidance} {by_category}: {halved} and {expected}");
        }
        use_plain(true);
        let plain = predicted(&network, guidance, by_category);
        use_plain(false);
        let apart = plain?.iter().zip(&guided).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(apart < 1e-4, "{guidance} {by_category}: {apart} apart");
        // Outside of its interval there is none, in either form.
        let without = predicted_at(&network, 1.0, 1.0, 1)?;
        assert_eq!(predicted_at(&network, guidance, by_category, 1)?, without);
        use_plain(true);
        let plain = predicted_at(&network, guidance, by_category, 1);
        use_plain(false);
        let apart = plain?.iter().zip(&without).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(apart < 1e-4, "{guidance} {by_category}: {apart} apart where there is no guidance");
    }
    Ok(())
}
