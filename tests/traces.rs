//! How a drawing came out of noise: what a trace says, and that it ends in what is drawn.

mod common;

use candle_core::Device;
use common::{head, heads, set, small_history_dit, small_rnn_denoiser, systems, trainer};
use denoodle::config::{DrawSettings, ModelSettings, Preset, SamplerKind};
use denoodle::generate::{self, Artist, Job, Trace};
use denoodle::sketch::Sketch;
use denoodle::util::{Cancel, Kind, Reason};

/// An artist that has learnt a little, and a job for it.
fn artist(preset: Preset) -> (Box<dyn Artist>, Job) {
    learnt(preset, 3, 10)
}

/// The same after so many steps of so many that are planned.
fn learnt(preset: Preset, steps: usize, planned: u64) -> (Box<dyn Artist>, Job) {
    let mut trainer = trainer(preset, set(heads(12), vec![]), 1, 1);
    for _ in 0..steps {
        trainer.step(Some(planned)).expect("a step");
    }
    let file = trainer.averaged().expect("weights");
    let job = Job { category: 0, count: 11, first: 3, seed: 3, settings: file.info.preset.draw.clone(), start: None };
    (generate::of(&file, &Device::Cpu, 2).expect("an artist"), job)
}

/// The traces, which must be of the very drawings that are drawn.
fn traced(artist: &dyn Artist, job: &Job) -> Vec<Trace> {
    let traces = artist.trace(job, &Cancel::default()).expect("traces");
    let drawn = artist.draw(job, &Cancel::default(), &mut |_| {}).expect("drawings");
    assert_eq!(traces.iter().map(|trace| &trace.sketch).collect::<Vec<_>>(), drawn.iter().collect::<Vec<_>>());
    traces
}

/// Levels fall from the largest to 0; every moment has something to show.
fn falls(artist: &dyn Artist, part: &generate::Part, job: &Job, name: &str) {
    assert_eq!(part.moments.len(), job.settings.steps + 1, "{name}");
    assert!((part.moments[0].sigma / job.settings.sigma_max - 1.0).abs() < 1e-6, "{name}");
    assert!(part.moments.windows(2).all(|pair| pair[0].sigma > pair[1].sigma), "{name}");
    for moment in &part.moments {
        let count = |sketch: &Sketch| sketch.points().count();
        // What is written anew from a latent vector at every level may come out longer or shorter.
        assert!(count(&moment.x0) > 0 && (artist.capabilities().latent || count(&moment.x_t) == count(&moment.x0)), "{name}");
        assert!(moment.lifted.is_empty() || moment.lifted.len() == count(&moment.x0), "{name}");
        assert!(moment.lifted.iter().chain(&moment.over).all(|p| (0.0..=1.0).contains(p)), "{name}");
        // Where the end is denoised too, every point that might be the last one is asked, those that are drawn among them.
        assert!(moment.sigma == 0.0 || moment.over.len() == part.moments[0].over.len(), "{name}");
        assert!(moment.over.is_empty() || moment.over.len() >= moment.lifted.len(), "{name}");
        assert!(moment.x0.points().chain(moment.x_t.points()).flatten().all(|v| v.is_finite()), "{name}");
    }
}

#[test]
fn a_canvas_is_followed_to_what_is_drawn() {
    let mut seen = 0;
    for preset in systems() {
        for sampler in [SamplerKind::Ddim, SamplerKind::Heun, SamplerKind::Ddpm] {
            let (artist, mut job) = artist(preset.clone());
            if !artist.capabilities().canvas_trace {
                break;
            }
            seen += 1;
            (job.settings.sampler, job.settings.steps) = (sampler, 6);
            for trace in traced(&*artist, &job) {
                let [part] = &trace.parts[..] else { panic!("{}: {} parts", preset.name, trace.parts.len()) };
                falls(&*artist, part, &job, &preset.name);
                assert!(part.stop.is_none() && part.attention.is_empty());
                let last = part.moments.last().expect("moments");
                assert_eq!((last.sigma, &last.x0, &last.x_t), (0.0, &trace.sketch, &trace.sketch), "{}", preset.name);
                // Where a stroke ends, and nowhere else, the pen is lifted; of a latent vector there is no pen.
                let ends =
                    trace.sketch.strokes.iter().flat_map(|stroke| (1..=stroke.points.len()).map(|i| f32::from(i == stroke.points.len())));
                let ends = ends.filter(|_| !artist.capabilities().latent).collect::<Vec<_>>();
                assert_eq!(last.lifted, ends, "{}", preset.name);
                let said = matches!(preset.model, ModelSettings::Unet1d(_) | ModelSettings::Dit(_));
                assert_eq!(!last.over.is_empty(), said, "{}: only these say where the drawing is over", preset.name);
                let over = (1..=last.over.len()).map(|i| f32::from(i >= last.lifted.len())).collect::<Vec<_>>();
                assert_eq!(last.over, over, "{}", preset.name);
            }
        }
    }
    assert_eq!(seen, 15, "the U-Net, both transformers, the recurrent denoiser and the latent one, by three samplers");
}

#[test]
fn strokes_of_points_are_followed_one_by_one() {
    let (artist, job) = artist(small_history_dit());
    assert!(artist.capabilities().stroke_trace);
    let given = Sketch { strokes: head().strokes[..2].to_vec() };
    for start in [None, Some(given)] {
        let fixed = start.as_ref().map_or(0, |start| start.strokes.len());
        let job = Job { start, ..job.clone() };
        let traces = traced(&*artist, &job);
        assert!(traces.iter().any(|trace| trace.parts.len() > 1), "drawings of more than a stroke");
        for trace in &traces {
            assert_eq!(trace.parts.len() + fixed, trace.sketch.strokes.len());
            assert!(trace.end.is_none_or(|end| (0.0..=1.0).contains(&end)));
            for (k, part) in trace.parts.iter().enumerate() {
                falls(&*artist, part, &job, "history_dit");
                let last = part.moments.last().expect("moments");
                assert_eq!(last.x0.strokes, [trace.sketch.strokes[fixed + k].clone()]);
                // Before the simplification at the end, the line already lay where it lies now.
                let near = part.moments[part.moments.len() - 2].x0.bounds().zip(last.x0.bounds());
                assert!(near.is_some_and(|(a, b)| (a.centre()[0] - b.centre()[0]).abs() < 128.0), "{near:?}");
                assert!(trace.stop_before(k).is_some_and(|stop| (0.0..=1.0).contains(&stop)));
                assert_eq!(part.attention.len(), fixed + k, "a share for each stroke before it");
                let sum: f32 = part.attention.iter().sum();
                assert!(sum < 1.0 && part.attention.iter().all(|&share| share >= 0.0), "{:?}", part.attention);
            }
        }
    }
}

#[test]
fn other_settings_beside_strokes_of_points_begin_with_the_same_noise_behind_the_same_strokes() {
    let (artist, job) = learnt(small_history_dit(), 20, 100);
    let beside = |job: &Job, other: &DrawSettings| artist.trace_beside(job, other, &Cancel::default()).expect("pairs of traces");
    let given = Sketch { strokes: head().strokes[..2].to_vec() };
    for start in [None, Some(given)] {
        let job = Job { start, ..job.clone() };
        let alone = traced(&*artist, &job);
        let other = DrawSettings { guidance: job.settings.guidance + 2.0, steps: 9, ..job.settings.clone() };
        let mut changed = 0;
        for (alone, ([_, twin], [trace, beside])) in alone.iter().zip(beside(&job, &job.settings).iter().zip(&beside(&job, &other))) {
            assert_eq!(alone, trace, "what is tried beside it leaves no trace");
            assert_eq!((&twin.parts, &twin.sketch), (&alone.parts, &alone.sketch), "the same settings make the same strokes");
            assert_eq!((beside.parts.len(), beside.sketch.strokes.len()), (trace.parts.len(), trace.sketch.strokes.len()));
            for (now, other) in trace.parts.iter().zip(&beside.parts) {
                assert_eq!(other.moments.len(), 10);
                assert_eq!(now.moments[0].x_t, other.moments[0].x_t, "the very same noise");
                assert_eq!(now.stop, other.stop, "the very same history");
                changed += usize::from(now.moments[0].x0 != other.moments[0].x0);
            }
        }
        assert!(changed > 0, "guidance has no effect");
    }
}

#[test]
fn noise_is_added_as_it_is_taken_away_or_it_is_said_that_none_can_be() {
    let clean = head().to_data_frame();
    for preset in systems() {
        let (artist, job) = artist(preset.clone());
        let (name, capable) = (&preset.name, artist.capabilities());
        let noised = |sketch: &Sketch, seed| artist.noised(sketch, &job.settings, seed);
        let lines = capable.stroke_trace || capable.canvas_trace && !capable.latent;
        assert_eq!(capable.forward, lines, "{name}");
        if !capable.forward {
            let error = noised(&clean, 7).expect_err("no lines to take noise from").to_string();
            assert!(error.contains("takes no noise from lines"), "{name}: {error}");
            continue;
        }
        let trace = noised(&clean, 7).expect("a way into noise");
        let parts = if capable.stroke_trace { clean.strokes.len() } else { 1 };
        assert_eq!((trace.parts.len(), &trace.sketch), (parts, &clean), "{name}");
        for part in &trace.parts {
            falls(&*artist, part, &job, name);
            let last = part.moments.last().expect("moments");
            assert_eq!(last.x_t, last.x0, "{name}");
            assert!(capable.stroke_trace || last.x0 == clean, "{name}: the drawing is another one");
            assert!(part.moments.iter().all(|of| of.x0 == last.x0 && of.lifted == last.lifted), "{name}: x0 stays all the way");
            let off = |at: usize| -> f32 {
                let pairs = part.moments[at].x_t.points().zip(last.x0.points());
                pairs.map(|(p, q)| (p[0] - q[0]).hypot(p[1] - q[1])).sum()
            };
            assert!(off(job.settings.steps - 1) < off(0), "{name}: {} and {}", off(job.settings.steps - 1), off(0));
        }
        assert_eq!(noised(&clean, 7).expect("the same"), trace, "{name}: the same seed adds the same noise");
        assert_ne!(noised(&clean, 8).expect("another one"), trace, "{name}");
        let error = noised(&Sketch::default(), 7).expect_err("nothing to add noise to").to_string();
        assert!(error.contains("empty"), "{name}: {error}");
    }
}

#[test]
fn noise_in_strokes_of_points_begins_where_the_pen_was_lifted() {
    let (artist, job) = artist(small_history_dit());
    let trace = artist.noised(&head(), &job.settings, 7).expect("a way into noise");
    for (k, (part, stroke)) in trace.parts.iter().zip(&head().strokes).enumerate() {
        let apart = |p: &[f32; 2], q: &[f32; 2]| (p[0] - q[0]).hypot(p[1] - q[1]);
        let near = |p: &[f32; 2]| stroke.points.iter().map(|q| apart(p, q)).fold(f32::MAX, f32::min);
        let first = &part.moments[0];
        assert!(first.x0.points().all(|p| near(p) < 0.1), "stroke {k} lies elsewhere");
        // To the first point of a drawing there is no movement; to the others there is, and it is noised.
        let (noisy, clean) = (first.x_t.points().next(), first.x0.points().next());
        assert_eq!(noisy == clean, k == 0, "stroke {k}");
    }
}

#[test]
fn who_denoises_nothing_says_so_and_cancelling_ends_a_trace() {
    for preset in systems() {
        let (artist, job) = artist(preset);
        let capable = artist.capabilities();
        if !capable.canvas_trace && !capable.stroke_trace {
            let error = artist.trace(&job, &Cancel::default()).expect_err("nothing to follow");
            assert!(error.to_string().contains("nothing to follow"), "{error}");
        }
        if capable.canvas_trace {
            let cancel = Cancel::default();
            cancel.cancel(Reason::Stopped);
            assert_eq!(artist.trace(&job, &cancel).expect_err("cancelled").kind(), Kind::Cancelled);
        }
    }
}

#[test]
fn the_pen_is_as_surely_lifted_as_its_guess_says() {
    let (artist, job) = artist(small_rnn_denoiser());
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
