//! A drawing's way out of noise: it begins with noise, falls level by level, and ends with what is drawn without being followed.

mod common;

use candle_core::Device;
use common::{heads, set, small_latent, small_rnn_denoiser, trainer, writer_alone};
use denoodle::config::{DrawSettings, Preset, SamplerKind};
use denoodle::diffusion::noise_levels;
use denoodle::generate::{self, Artist, Job};
use denoodle::util::{Cancel, Kind, Reason};

/// An artist that has learnt a little, and a job for two groups of drawings that do not begin with the first one.
fn artist(preset: Preset, sampler: SamplerKind) -> (Box<dyn Artist>, Job) {
    let mut trainer = trainer(preset, set(heads(30), vec![]), 1, 2);
    for _ in 0..20 {
        trainer.step(Some(100)).expect("a step");
    }
    let file = trainer.averaged().expect("weights");
    let settings = DrawSettings { sampler, steps: 6, guidance: 1.5, ..file.info.preset.draw.clone() };
    let job = Job { category: 0, count: 10, first: 3, seed: 2, settings, start: None };
    (generate::of(&file, &Device::Cpu, 2).expect("an artist"), job)
}

#[test]
fn the_last_moment_is_what_is_drawn() {
    for preset in [small_rnn_denoiser(), small_latent()] {
        for sampler in [SamplerKind::Ddim, SamplerKind::Heun, SamplerKind::Ddpm] {
            let name = format!("{} by {sampler:?}", preset.name);
            let (artist, job) = artist(preset.clone(), sampler);
            assert!(artist.capabilities().canvas_trace);
            let drawn = artist.draw(&job, &Cancel::default(), &mut |_| {}).expect("drawings");
            let traces = artist.trace(&job, &Cancel::default()).expect("traces");
            assert_eq!(traces.iter().map(|trace| trace.sketch.clone()).collect::<Vec<_>>(), drawn, "{name}");
            for trace in &traces {
                let [part] = trace.parts.as_slice() else { panic!("{name}: {} parts", trace.parts.len()) };
                let sigmas: Vec<f64> = part.moments.iter().map(|moment| moment.sigma).collect();
                assert_eq!(sigmas, noise_levels(&job.settings), "{name}");
                let last = part.moments.last().expect("an end");
                assert_eq!((&last.x_t, &last.x0), (&trace.sketch, &trace.sketch), "{name}");
                for moment in &part.moments {
                    let points = moment.x0.points().count();
                    assert!(moment.lifted.is_empty() || moment.lifted.len() == points, "{name}: {} of {points}", moment.lifted.len());
                    assert!(moment.lifted.iter().all(|p| (0.0..=1.0).contains(p)), "{name}: {:?}", moment.lifted);
                    let all = moment.x_t.points().chain(moment.x0.points());
                    assert!(all.flatten().all(|v| (0.0..=255.0).contains(v)), "{name}: outside of the frame");
                }
                assert_ne!(part.moments[0].x_t, last.x_t, "{name}: it begins with its end");
            }
        }
    }
}

#[test]
fn the_pen_is_as_surely_lifted_as_its_guess_says() {
    let (artist, job) = artist(small_rnn_denoiser(), SamplerKind::Ddim);
    for trace in artist.trace(&job, &Cancel::default()).expect("traces") {
        for moment in &trace.parts[0].moments {
            // Strokes of the guess end where the pen is more likely lifted than not.
            let mut at = 0;
            for stroke in &moment.x0.strokes {
                at += stroke.points.len();
                assert!(moment.lifted[at - 1] > 0.5);
                assert!(moment.lifted[at - stroke.points.len()..at - 1].iter().all(|&p| p <= 0.5));
            }
        }
    }
}

#[test]
fn who_denoises_nothing_says_so_and_following_can_be_cancelled() {
    let (writer, job) = artist(writer_alone(), SamplerKind::Ddim);
    assert!(writer.trace(&job, &Cancel::default()).is_err());
    for preset in [small_rnn_denoiser(), small_latent()] {
        let (artist, job) = artist(preset, SamplerKind::Ddim);
        let cancel = Cancel::default();
        cancel.cancel(Reason::Stopped);
        assert_eq!(artist.trace(&job, &cancel).expect_err("cancelled").kind(), Kind::Cancelled);
    }
}
