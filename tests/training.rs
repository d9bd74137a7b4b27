//! What training promises: every weight learns, one drawing is learnt by heart, a run can be repeated and resumed bit for bit,
//! and a loss that is not a number does not ruin it.

mod common;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use common::{
    Ticks, head, heads, mean_seq2seq, set, small, small_dit, small_dit_pen, small_history_dit, small_latent, small_rnn_denoiser,
    small_seq2seq, small_sketch_rnn, small_unet1d, systems, trainer, writer_alone,
};
use denoodle::config::{DeviceChoice, DrawSettings, Preset, SamplerKind};
use denoodle::generate::{self, Artist, Job};
use denoodle::model::ModelFile;
use denoodle::sketch::{Sketch, distance, resample};
use denoodle::train::{End, Losses, Observer, Progress, RunPlan, RunRecord, StepReport, TrainSet, Trainer, newest, run};
use denoodle::util::{Cancel, Reason, Result};

/// Collects what it sees; can stop the run after a number of steps.
#[derive(Default)]
struct Watch {
    losses: Vec<Losses>,
    tests: Vec<f64>,
    messages: Vec<String>,
    stop: Option<(u64, Cancel)>,
}

impl Observer for Watch {
    fn step(&mut self, _: &Trainer, report: &StepReport, progress: &Progress, _: f64) -> Result<Duration> {
        self.losses.push(report.losses);
        if let Some((after, cancel)) = &self.stop
            && progress.step == *after
        {
            cancel.cancel(Reason::Interrupted);
        }
        Ok(Duration::ZERO)
    }

    fn tested(&mut self, _: u64, losses: &Losses, _: bool) {
        self.tests.push(losses.main);
    }

    fn saved(&mut self, _: u64) {}

    fn message(&mut self, text: String) {
        self.messages.push(text);
    }
}

fn record(preset: &Preset, seed: u64) -> RunRecord {
    RunRecord {
        program: "test".into(),
        started: String::new(),
        categories: vec!["head".into()],
        seed,
        steps: None,
        device: DeviceChoice::Cpu,
        threads: 2,
        drawings: "drawings".into(),
        subset: "subset".into(),
        sources: Vec::new(),
        from: None,
        preset: preset.clone(),
    }
}

/// Trains to `steps` steps in the folder, or is interrupted after `stop`.
fn go(folder: &Path, preset: &Preset, seed: u64, threads: usize, steps: u64, stop: Option<u64>, resume: bool) -> (Watch, Result<End>) {
    let (cancel, mut record) = (Cancel::default(), record(preset, seed));
    let mut watch = Watch { stop: stop.map(|after| (after, cancel.clone())), ..Watch::default() };
    let mut trainer = trainer(preset.clone(), set(heads(30), heads(6)), seed, threads);
    let plan = RunPlan { folder: folder.to_path_buf(), steps: (!resume).then_some(steps), seconds: None, resume };
    let end = run(&mut trainer, &plan, &mut record, &Ticks::default(), &cancel, &mut watch);
    (watch, end)
}

/// Every tensor of a checkpoint as bits, and its progress without times.
fn bits(folder: &Path) -> (BTreeMap<String, Vec<u32>>, Progress) {
    let file = ModelFile::read(&newest(folder)).expect("a checkpoint");
    let all = file
        .weights
        .iter()
        .map(|(name, tensor)| (format!("average.{name}"), tensor))
        .chain(file.others.iter().map(|(n, t)| (n.clone(), t)));
    let flat = |t: &candle_core::Tensor| t.flatten_all().and_then(|t| t.to_vec1::<f32>()).expect("f32");
    let bits = all.map(|(name, t)| (name, flat(t).into_iter().map(f32::to_bits).collect())).collect();
    (bits, Progress { elapsed_secs: 0.0, ..Progress::of(&file).expect("progress") })
}

#[test]
fn twenty_steps_are_ten_and_a_kill_and_ten_bit_for_bit() {
    systems().iter().for_each(resumes);
}

fn resumes(preset: &Preset) {
    let (whole, parts) = (tempfile::tempdir().expect("folder"), tempfile::tempdir().expect("folder"));
    let (unbroken, end) = go(whole.path(), preset, 1, 2, 20, None, false);
    assert!(end.expect("trains").complete);
    let (first, end) = go(parts.path(), preset, 1, 2, 20, Some(10), false);
    assert_eq!(end.expect("trains").steps, 10);
    // What a kill leaves: metrics beyond the checkpoint.
    let metrics = parts.path().join("metrics.jsonl");
    let lines = std::fs::read_to_string(&metrics).expect("metrics");
    denoodle::util::atomic::write_bytes(&metrics, format!("{lines}{{\"kind\":\"train\",\"step\":11}}\n{{\"kind\":\"tr").as_bytes())
        .expect("writes");
    let (second, end) = go(parts.path(), preset, 1, 2, 20, None, true);
    assert!(end.expect("trains").complete);
    let names: Vec<&str> = unbroken.losses[0].names.iter().copied().chain(unbroken.losses[0].figure.map(|figure| figure.name)).collect();
    assert_eq!(unbroken.losses, [first.losses, second.losses].concat(), "{}", preset.name);
    assert_eq!(unbroken.tests, [first.tests, second.tests].concat(), "{}", preset.name);
    assert_eq!(bits(whole.path()), bits(parts.path()), "{}", preset.name);
    let steps = |folder: &Path| {
        let text = std::fs::read_to_string(folder.join("metrics.jsonl")).expect("metrics");
        let value = |line: &str| serde_json::from_str::<serde_json::Value>(line).expect("whole lines");
        let losses = |v: serde_json::Value| {
            (v["kind"].to_string(), v["step"].as_u64(), names.iter().map(|&name| v[name].as_f64()).collect::<Vec<_>>())
        };
        text.lines().map(value).map(losses).collect::<Vec<_>>()
    };
    assert_eq!(steps(whole.path()), steps(parts.path()));
    assert!(steps(whole.path()).iter().all(|(_, _, losses)| losses.iter().all(Option::is_some)), "losses are told by their names");
}

#[test]
fn a_seed_repeats_whatever_the_threads_and_another_seed_differs() {
    for preset in systems() {
        let folders: Vec<_> = (0..3).map(|_| tempfile::tempdir().expect("folder")).collect();
        for (folder, (seed, threads)) in folders.iter().zip([(1, 1), (1, 3), (2, 1)]) {
            go(folder.path(), &preset, seed, threads, 6, None, false).1.expect("trains");
        }
        assert_eq!(bits(folders[0].path()), bits(folders[1].path()), "{}", preset.name);
        assert_ne!(bits(folders[0].path()), bits(folders[2].path()), "{}", preset.name);
    }
}

#[test]
fn every_weight_gets_a_gradient_that_is_not_zero() {
    for mut preset in systems() {
        // Decay would move a weight that gets no gradient.
        preset.train.weight_decay = 0.0;
        let system = preset.name.clone();
        let mut trainer = trainer(preset, set(heads(30), vec![]), 1, 2);
        let before = trainer.averaged().expect("weights").weights;
        // Blocks that start as the identity pass nothing on until their gates have opened: a few steps.
        for _ in 0..4 {
            trainer.step(Some(100)).expect("a step");
        }
        let after = trainer.averaged().expect("weights").weights;
        for (name, tensor) in &before {
            let moved = (tensor - &after[name]).and_then(|d| d.abs()?.max_all()?.to_scalar::<f32>()).expect("same shape");
            assert!(moved > 0.0, "{system}: {name} did not move");
        }
    }
}

#[test]
fn a_loss_may_weigh_nothing() {
    for mut preset in systems() {
        preset.train.stop_weight = 0.0;
        preset.train.pen_weight = 0.0;
        preset.train.kl_weight = 0.0;
        preset.train.weight_decay = 0.0;
        let (system, stroke_by_stroke) = (preset.name.clone(), preset.model == small().model);
        let mut trainer = trainer(preset, set(heads(12), vec![]), 1, 1);
        let before = trainer.averaged().expect("weights").weights;
        for _ in 0..2 {
            assert!(trainer.step(Some(10)).expect("a step").losses.finite(), "{system}");
        }
        if stroke_by_stroke {
            let after = trainer.averaged().expect("weights").weights;
            let stop = |weights: &std::collections::BTreeMap<String, candle_core::Tensor>| {
                weights["history.stop.weight"].flatten_all().and_then(|t| t.to_vec1::<f32>()).expect("numbers")
            };
            assert_eq!(stop(&before), stop(&after), "the decision to stop is left as it was");
        }
    }
}

#[test]
fn one_drawing_is_learnt_by_heart() {
    let mut preset = small();
    preset.train.noise_draws = 4;
    preset.train.learning_rate = 3e-3;
    by_heart(preset, 1000, DrawSettings { guidance: 1.0, history_noise: 0.0, ..small().draw }, 5.0);
}

#[test]
fn one_drawing_is_learnt_by_heart_by_the_unet() {
    let mut preset = small_unet1d();
    preset.train.learning_rate = 4e-3;
    preset.train.batch = 16;
    by_heart(preset, 1600, DrawSettings { guidance: 1.0, ..small_unet1d().draw }, 12.0);
}

#[test]
fn one_drawing_is_learnt_by_heart_by_sketch_rnn() {
    // The writer alone: with a reader a drawing comes back from its latent vector, below.
    let mut preset = writer_alone();
    preset.train.learning_rate = 1e-2;
    preset.train.clip_norm = 10.0;
    preset.train.dropout = 0.0;
    preset.train.batch = 2;
    by_heart(preset, 1400, DrawSettings { temperature: 0.05, ..small_sketch_rnn().draw }, 8.0);
}

#[test]
fn one_drawing_is_learnt_by_heart_by_seq2seq() {
    for (mut preset, within) in [(small_seq2seq(), 16.0), (mean_seq2seq(), 16.0)] {
        // At twice the rate, and for fewer steps, it depends on the processor's rounding whether the mixture settles.
        preset.train.learning_rate = 5e-3;
        preset.train.clip_norm = 10.0;
        preset.train.dropout = 0.0;
        preset.train.batch = 4;
        by_heart(preset, 3000, DrawSettings { temperature: 0.05, ..small_seq2seq().draw }, within);
    }
}

/// Every step to draw counts, since a wrong movement moves all that follow.
fn drawn(steps: usize, preset: Preset) -> DrawSettings {
    DrawSettings { guidance: 1.0, history_noise: 0.0, sampler: SamplerKind::Ddim, steps, ..preset.draw }
}

#[test]
fn one_drawing_is_learnt_by_heart_by_the_transformers() {
    for mut preset in [small_dit(), small_dit_pen()] {
        preset.train.learning_rate = 4e-3;
        preset.train.batch = 16;
        let draw = drawn(50, preset.clone());
        by_heart(preset, 1600, draw, 12.0);
    }
}

#[test]
fn one_drawing_is_learnt_by_heart_by_the_transformer_with_a_history() {
    let mut preset = small_history_dit();
    preset.train.learning_rate = 4e-3;
    preset.train.batch = 16;
    preset.train.history_noise = 0.1;
    let draw = drawn(50, preset.clone());
    by_heart(preset, 1600, draw, 12.0);
}

#[test]
fn one_drawing_is_learnt_by_heart_by_the_recurrent_denoiser() {
    let mut preset = small_rnn_denoiser();
    preset.train.learning_rate = 4e-3;
    preset.train.batch = 16;
    by_heart(preset, 1200, DrawSettings { guidance: 1.0, ..small_rnn_denoiser().draw }, 8.0);
}

#[test]
fn one_drawing_is_learnt_by_heart_by_diffusion_over_a_latent_vector() {
    let mut preset = small_latent();
    preset.train.learning_rate = 1e-2;
    preset.train.clip_norm = 10.0;
    preset.train.dropout = 0.0;
    preset.train.batch = 2;
    by_heart(preset, 1400, DrawSettings { temperature: 0.05, ..small_latent().draw }, 16.0);
}

#[test]
fn one_drawing_is_read_and_comes_back_from_its_latent_vector() {
    let mut preset = small_sketch_rnn();
    preset.train.learning_rate = 1e-2;
    preset.train.clip_norm = 10.0;
    preset.train.dropout = 0.0;
    preset.train.batch = 2;
    let (artist, losses) = learnt(preset, 1600);
    let latent = artist.encode(&[head()]).expect("latent vectors").remove(0);
    let job = six(DrawSettings { temperature: 0.05, ..small_sketch_rnn().draw });
    let latents = vec![latent; job.count];
    let drawn = artist.decode(&latents, &job, &Cancel::default()).expect("drawings");
    near(&drawn, 16.0, losses);
}

/// Learns one drawing, and draws it within so much of 255, on average; none of the drawings is more than twice as far off.
fn by_heart(preset: Preset, steps: u64, settings: DrawSettings, within: f32) {
    let (artist, losses) = learnt(preset, steps);
    let drawn = artist.draw(&six(settings), &Cancel::default(), &mut |_| {}).expect("drawings");
    near(&drawn, within, losses);
}

/// Who knows nothing but one drawing, and the losses of the last step.
fn learnt(mut preset: Preset, steps: u64) -> (Box<dyn Artist>, Option<Losses>) {
    preset.train.augment = denoodle::config::Augment { flip: false, rotate_degrees: 0.0, stretch: 0.0 };
    preset.train.ema_decay = 0.98;
    preset.train.shards = 2;
    let mut trainer = trainer(preset, set(vec![(0, head())], vec![]), 1, 2);
    let mut losses = None;
    for _ in 0..steps {
        losses = Some(trainer.step(Some(steps)).expect("a step").losses);
    }
    let file = trainer.averaged().expect("weights");
    (generate::of(&file, &candle_core::Device::Cpu, 2).expect("an artist"), losses)
}

/// Six drawings.
fn six(settings: DrawSettings) -> Job {
    Job { category: 0, count: 6, first: 0, seed: 5, settings, start: None }
}

/// Drawings are as near to the one that was learnt as [`by_heart`] says.
fn near(drawn: &[Sketch], within: f32, losses: Option<Losses>) {
    let target = head().to_data_frame();
    let strokes: Vec<usize> = drawn.iter().map(|d| d.strokes.len()).collect();
    assert!(strokes.iter().all(|&n| n == target.strokes.len()), "{losses:?}: {strokes:?} strokes were drawn");
    let off: Vec<f32> = drawn.iter().map(|drawn| apart(drawn, &target)).collect();
    let mean = off.iter().sum::<f32>() / off.len() as f32;
    assert!(
        mean < within && off.iter().all(|&off| off < 2.0 * within),
        "{losses:?}: points are {off:?} of 255 away from the drawing that was learnt"
    );
}

/// Mean distance of points of equal arc length, stroke by stroke.
fn apart(a: &Sketch, b: &Sketch) -> f32 {
    let line = |s: &Sketch| -> Vec<[f32; 2]> { s.strokes.iter().flat_map(|s| resample(&s.points, 32)).collect() };
    let (a, b) = (line(a), line(b));
    a.iter().zip(&b).map(|(&a, &b)| distance(a, b)).sum::<f32>() / a.len() as f32
}

#[test]
fn a_loss_that_is_not_a_number_goes_back_and_gives_up_after_three_times() {
    let folder = tempfile::tempdir().expect("folder");
    let mut train = heads(40);
    // The end of a stroke, which no simplification leaves out.
    train[17].1.strokes[0].points[0][0] = f32::NAN;
    let preset = small();
    let mut trainer = trainer(preset.clone(), set(train, vec![]), 1, 1);
    let mut watch = Watch::default();
    let plan = RunPlan { folder: folder.path().into(), steps: Some(50), seconds: None, resume: false };
    let error = run(&mut trainer, &plan, &mut record(&preset, 1), &Ticks::default(), &Cancel::default(), &mut watch);
    assert!(error.expect_err("it cannot be learnt").to_string().contains("diverged"));
    assert_eq!(watch.messages.len(), 3);
    assert!(watch.messages[2].contains("0.125 of the learning rate"), "{}", watch.messages[2]);
    let (all, _) = bits(folder.path());
    assert!(all.values().flatten().all(|&b| f32::from_bits(b).is_finite()), "the last good state is kept");
}

#[test]
fn minutes_become_a_number_of_steps_that_is_written_down() {
    let folder = tempfile::tempdir().expect("folder");
    let preset = small();
    let mut trainer = trainer(preset.clone(), set(heads(10), vec![]), 1, 1);
    let plan = RunPlan { folder: folder.path().into(), steps: None, seconds: Some(40.0), resume: false };
    let mut record = record(&preset, 1);
    let end = run(&mut trainer, &plan, &mut record, &Ticks::default(), &Cancel::default(), &mut Watch::default()).expect("trains");
    assert!(end.complete && (38..=41).contains(&end.steps), "{end:?}");
    assert_eq!(RunRecord::read(folder.path()).ok().and_then(|r| r.steps), Some(end.steps));
}

#[test]
fn a_model_goes_on_with_other_categories_but_not_as_another_system() {
    for preset in systems() {
        let file = trainer(preset.clone(), set(heads(12), vec![]), 1, 1).averaged().expect("weights");
        let categories = vec!["face".into(), "head".into()];
        let wider = TrainSet { categories, mirror: vec![true; 2], ..set(heads(12), vec![]) };
        let from = |preset| Trainer::new(preset, wider.clone(), 1, Some(&file), candle_core::Device::Cpu, 1);
        let (mut trainer, _) = from(preset.clone()).expect("a head is a beginning for faces");
        assert!(trainer.step(Some(10)).expect("a step").losses.finite(), "{}", preset.name);
        assert_eq!(trainer.averaged().expect("weights").info.categories.len(), 2);
        let other = if preset.name == small().name { small_unet1d() } else { small() };
        assert!(from(other).is_err_and(|error| error.to_string().contains("another system")), "{}", preset.name);
    }
}

#[test]
fn a_folder_with_a_run_is_not_overwritten() {
    let folder = tempfile::tempdir().expect("folder");
    go(folder.path(), &small(), 1, 1, 2, None, false).1.expect("trains");
    let error = go(folder.path(), &small(), 1, 1, 2, None, false).1.expect_err("must refuse");
    assert!(error.to_string().contains("--resume"));
    let error = go(folder.path(), &small(), 2, 1, 2, None, true).1.expect_err("another seed");
    assert!(error.to_string().contains("seed 1"));
}
